//! A network as a value that can be kept: what a file holds of it, and what the next run begins with.
//!
//! Weights are written as they are counted in the field, `[input][output]` and then the biases, layer by layer, without the padding that
//! the arithmetic wants: 32-bit floating-point numbers, least significant byte first, in base64 (RFC 4648). What outputs mean (their
//! mean and deviation, see [`Scale`](super::scale::Scale)) belongs to the network; replay memory and the optimiser's memory do not.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh64::xxh64;

use crate::base64;
use crate::invalid::Invalid;
use crate::text::exact_number;
use crate::words::Words;

/// The only version so far.
const VERSION: u32 = 1;
/// What starts the key of every field, in error messages.
const FIELD: &str = "network";
/// Largest number a file may hold as a weight, mean or deviation; none that was learned is near it.
const LARGEST: f64 = 1e18;
/// Fewest and most layers, inputs and outputs among them.
const LAYERS: [usize; 2] = [2, 6];
/// Most units of a layer: there are no more actions.
const MOST_UNITS: u64 = 1 << 16;

/// A saved network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Version of this format.
    pub version: u32,
    /// Key of what the network sees.
    pub encoding: String,
    /// Inputs, units of each hidden layer, outputs.
    pub shape: Vec<u32>,
    /// What an output of zero is worth.
    pub mean: f64,
    /// What one unit of output is worth.
    pub deviation: f64,
    /// The weights.
    pub values: String,
}

impl Saved {
    /// Writes weights down.
    pub fn new(encoding: &str, widths: &[usize], scale: (f64, f64), weights: &[f32]) -> Self {
        let bytes: Vec<u8> = weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
        let shape = widths.iter().map(|width| *width as u32).collect();
        Self { version: VERSION, encoding: encoding.to_owned(), shape, mean: scale.0, deviation: scale.1, values: encode(&bytes) }
    }

    /// A short mark that tells networks apart.
    pub fn mark(&self) -> String {
        let seed = self.mean.to_bits() ^ self.deviation.to_bits().rotate_left(32);
        format!("{:08x}", xxh64(self.values.as_bytes(), seed) >> 32)
    }

    /// Reads a network from the `network` field of a file.
    pub fn from_json(json: &serde_json::Value) -> Result<Self, Invalid> {
        // The version first: what else a file of another version holds is not known.
        check_version(json.get("version").unwrap_or(&serde_json::Value::Null))?;
        check_shape(json.get("shape").unwrap_or(&serde_json::Value::Null))?;
        let saved: Self = serde_json::from_value(json.clone()).map_err(|error| {
            let fault = words!(
                "is not a saved network; it has the fields version, encoding, shape, mean, deviation and values",
                "不是保存的网络；应有字段 version、encoding、shape、mean、deviation 和 values"
            );
            Invalid::new(FIELD, error, fault)
        })?;
        saved.weights()?;
        Ok(saved)
    }

    /// The weights of a network that must see and compute just so.
    pub fn fit(&self, encoding: &str, widths: &[usize]) -> Result<Vec<f32>, Invalid> {
        check_version(&self.version.into())?;
        if self.encoding != encoding {
            let fault = phrase!("the experiment's network sees “{encoding}”", "该实验的网络输入是“{encoding}”");
            return Err(wrong("encoding", &self.encoding, fault));
        }
        if !self.shape.iter().map(|width| *width as usize).eq(widths.iter().copied()) {
            let wanted = listed(widths.iter());
            let fault = phrase!(
                "the experiment's network is {wanted} (inputs, hidden layers, outputs)",
                "该实验的网络是 {wanted}（输入、各隐藏层、输出）"
            );
            return Err(wrong("shape", listed(self.shape.iter()), fault));
        }
        self.weights()
    }

    /// The weights, checked.
    fn weights(&self) -> Result<Vec<f32>, Invalid> {
        let expected: u64 = self.shape.windows(2).map(|pair| (u64::from(pair[0]) + 1) * u64::from(pair[1])).fold(0, u64::saturating_add);
        if !(-LARGEST..=LARGEST).contains(&self.mean) {
            return Err(wrong("mean", exact_number(self.mean), allowed()));
        }
        if !(f64::MIN_POSITIVE..=LARGEST).contains(&self.deviation) {
            let fault = phrase!("must be a number above 0, at most {LARGEST:e}", "应为大于 0 且不超过 {LARGEST:e} 的数");
            return Err(wrong("deviation", exact_number(self.deviation), fault));
        }
        let bytes = decode(&self.values).ok_or_else(|| wrong("values", &self.values, words!("is not base64", "不是 base64 编码")))?;
        let (found, (numbers, rest)) = (bytes.len(), bytes.as_chunks::<4>());
        if !rest.is_empty() || numbers.len() as u64 != expected {
            let fault = phrase!(
                "holds {found} bytes; a network of this shape has {expected} weights of 4 bytes, so the file may be cut",
                "有 {found} 字节；这种形状的网络有 {expected} 个权重，每个 4 字节，文件可能被截断"
            );
            return Err(wrong("values", &self.values, fault));
        }
        let weights: Vec<f32> = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
        match weights.iter().position(|weight| !weight.is_finite() || f64::from(weight.abs()) > LARGEST) {
            None => Ok(weights),
            Some(place) => {
                let fault = Words::each(|language| {
                    let weight = phrase!("weight {} ", "第 {} 个权重", place + 1);
                    [weight.get(language), allowed().get(language)].concat()
                });
                Err(wrong("values", format!("{:e}", weights[place]), fault))
            }
        }
    }
}

fn check_version(version: &serde_json::Value) -> Result<(), Invalid> {
    if *version == VERSION {
        return Ok(());
    }
    Err(wrong(
        "version",
        version,
        words!("this is not a version this page can read; it reads version 1", "本页面无法识别这个版本；可识别的是版本 1"),
    ))
}

/// What is allowed as a weight and as a mean.
fn allowed() -> Words {
    phrase!("must be a number from -{LARGEST:e} to {LARGEST:e}", "应为 -{LARGEST:e} 到 {LARGEST:e} 的数")
}

fn check_shape(shape: &serde_json::Value) -> Result<(), Invalid> {
    let is_layer = |units: &serde_json::Value| units.as_u64().is_some_and(|units| (1..=MOST_UNITS).contains(&units));
    let [least, most] = LAYERS;
    if shape.as_array().is_some_and(|layers| (least..=most).contains(&layers.len()) && layers.iter().all(is_layer)) {
        return Ok(());
    }
    let fault = phrase!(
        "must be {least} to {most} whole numbers from 1 to {MOST_UNITS}: inputs, hidden layers, outputs",
        "应为 {least} 到 {most} 个 1 到 {MOST_UNITS} 的整数：输入、各隐藏层、输出"
    );
    Err(wrong("shape", shape, fault))
}

fn wrong(field: &str, value: impl ToString, fault: Words) -> Invalid {
    Invalid::new(format!("{FIELD}.{field}"), value, fault)
}

fn listed(numbers: impl Iterator<Item = impl ToString>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}

/// Base64 with the padding of the standard.
fn encode(bytes: &[u8]) -> String {
    let text = base64::encode(bytes, base64::STANDARD);
    let padding = "=".repeat(text.len().next_multiple_of(4) - text.len());
    text + &padding
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim_end_matches('=');
    let is_whole = text.len().is_multiple_of(4) && text.len() - plain.len() <= 2;
    is_whole.then(|| base64::decode(plain, base64::STANDARD)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()));
        }
        for text in ["Zg=", "Z", "Z===", "Zg==Zg==", "Zm9*", "Zm9v\n"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_that_is_damaged_says_where() {
        let weights = [1.0, -2.5, 3e-8, f32::MIN_POSITIVE, 0.0, 7.0];
        let saved = Saved::new("scaled", &[1, 3], (2.0, 0.5), &weights);
        let json = serde_json::to_value(&saved).unwrap();
        assert_eq!(Saved::from_json(&json).unwrap(), saved);
        assert_eq!(saved.fit("scaled", &[1, 3]).unwrap(), weights);
        let nan = Saved::new("scaled", &[1, 3], (2.0, 0.5), &[f32::NAN; 6]).values;
        let cut = &saved.values[..saved.values.len() - 4];
        let damages = [
            ("version", json!(2), "network.version"),
            ("version", json!("1"), "network.version"),
            ("values", json!(cut), "network.values"),
            ("values", json!(format!("{cut}????")), "network.values"),
            ("values", json!(nan), "network.values"),
            ("values", json!(3), "network"),
            ("shape", json!([1, 4]), "network.values"),
            ("shape", json!([4_294_967_295_u32, 4_294_967_295_u32]), "network.shape"),
            ("shape", json!([-1, 4]), "network.shape"),
            ("shape", json!([1.5, 4]), "network.shape"),
            ("shape", json!([4]), "network.shape"),
            ("shape", json!("1,3"), "network.shape"),
            ("deviation", json!(0), "network.deviation"),
            ("mean", json!(1e300), "network.mean"),
            ("colour", json!("red"), "network"),
        ];
        for (field, value, key) in damages {
            let mut damaged = json.clone();
            damaged[field] = value;
            assert_eq!(Saved::from_json(&damaged).err().map(|error| error.key), Some(key.to_owned()), "{field}");
        }
        let said = |field: &str, value| {
            let mut damaged = json.clone();
            damaged[field] = value;
            Saved::from_json(&damaged).unwrap_err().message(crate::words::Language::English)
        };
        let huge = Saved::new("scaled", &[1, 3], (2.0, 0.5), &[1.0, 3e38, 0.0, 0.0, 0.0, 0.0]).values;
        assert_eq!(said("values", json!(huge)), "network.values = 3e38: weight 2 must be a number from -1e18 to 1e18");
        assert_eq!(said("mean", json!(1e308)), "network.mean = 1e308: must be a number from -1e18 to 1e18");
        assert_eq!(said("deviation", json!(3e38)), "network.deviation = 3e38: must be a number above 0, at most 1e18");
        assert_eq!(
            said("shape", json!([3, 4_294_967_295_u32])),
            "network.shape = [3,4294967295]: must be 2 to 6 whole numbers from 1 to 65536: inputs, hidden layers, outputs"
        );
        assert_eq!(saved.fit("one_hot", &[1, 3]).err().map(|error| error.key), Some("network.encoding".to_owned()));
        assert_eq!(saved.fit("scaled", &[1, 2, 3]).err().map(|error| error.key), Some("network.shape".to_owned()));
        assert_eq!(Saved::from_json(&json!(7)).err().map(|error| error.key), Some("network.version".to_owned()));
    }
}
