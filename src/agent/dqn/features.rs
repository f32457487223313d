//! What the network sees of a state: its factors, scaled to 0..1, as one input for each level, or both.

use retailq_kernels::{LANES, Lane, ZERO};

use crate::invalid::Invalid;
use crate::mdp::{Environment, Levels, State};

use super::portrait::Input;
use super::senses::{Senses, View};

/// Most inputs of a network.
pub const MAX_INPUTS: usize = 1024;

/// How numbers are written; names have no order, so they are always one-hot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Scaled to 0..1: neighbours look alike.
    Scaled,
    /// One input a level: every level can be told apart.
    OneHot,
    /// Both, side by side.
    Both,
}

/// What a network sees.
#[derive(Debug)]
pub enum Inputs {
    /// The factors of the state.
    Factors(Features),
    /// Pictures or words in place of the state.
    Raw(Senses),
}

impl Inputs {
    /// The inputs of an encoding, by its key.
    pub fn new(environment: &dyn Environment, encoding: &str) -> Result<Self, Invalid> {
        match Numbers::named(encoding) {
            Some(numbers) => Features::new(environment, numbers).map(Self::Factors),
            None => Senses::new(environment, encoding).map(Self::Raw),
        }
    }

    /// How many inputs an encoding has, without a look at the states.
    pub fn count(environment: &dyn Environment, encoding: &str) -> Result<usize, Invalid> {
        match Numbers::named(encoding) {
            Some(numbers) => Features::layout(environment, numbers).map(|(_, inputs)| inputs),
            None => Senses::new(environment, encoding).map(|senses| senses.inputs()),
        }
    }

    /// What each input stands for.
    pub fn labels(&self) -> Vec<Input> {
        match self {
            Self::Factors(features) => features.labels(),
            Self::Raw(senses) => senses.labels(),
        }
    }

    /// Writes views into the rows of a network's inputs; further rows are zero.
    pub fn write(&self, views: impl Iterator<Item = View>, inputs: &mut [Lane], rows: usize) {
        match self {
            Self::Factors(features) => features.write(views.map(|view| view.state), inputs, rows),
            Self::Raw(senses) => senses.write(views, inputs, rows),
        }
    }

    /// The senses, where it has any.
    pub fn senses(&self) -> Option<&Senses> {
        match self {
            Self::Factors(_) => None,
            Self::Raw(senses) => Some(senses),
        }
    }
}

/// The factors of every state, ready to be written into a network.
#[derive(Clone, Debug)]
pub struct Features {
    encodings: Vec<Encoding>,
    inputs: usize,
    /// Level of each factor, state by state: a few bytes a state, where ready inputs would take hundreds.
    levels: Vec<u32>,
}

/// How a factor is written.
#[derive(Clone, Debug)]
struct Encoding {
    /// An input with its value by level.
    scaled: Option<(usize, Vec<f32>)>,
    /// The first of one input a level, 1 at the level and 0 elsewhere.
    one_hot: Option<usize>,
    /// Number of levels.
    levels: u32,
}

impl Numbers {
    /// Those of an encoding, by its key; `None` for raw observations.
    fn named(key: &str) -> Option<Self> {
        [Self::Scaled, Self::OneHot, Self::Both].into_iter().find(|numbers| numbers.key() == key)
    }

    /// Name in links and files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Scaled => "scaled",
            Self::OneHot => "one_hot",
            Self::Both => "both",
        }
    }
}

impl Features {
    /// Looks at every state of an environment once.
    pub fn new(environment: &dyn Environment, numbers: Numbers) -> Result<Self, Invalid> {
        let (encodings, inputs) = Self::layout(environment, numbers)?;
        let levels = (0..environment.state_count()).flat_map(|state| environment.levels(State(state))).collect();
        Ok(Self { encodings, inputs, levels })
    }

    /// How each factor is written, and how many inputs that makes.
    fn layout(environment: &dyn Environment, numbers: Numbers) -> Result<(Vec<Encoding>, usize), Invalid> {
        let (mut encodings, mut inputs) = (Vec::new(), 0);
        for factor in environment.factors() {
            let levels = &factor.levels;
            let named = matches!(levels, Levels::Named(_));
            let mut encoding = Encoding { scaled: None, one_hot: None, levels: levels.count() };
            if !named && numbers != Numbers::OneHot {
                encoding.scaled = Some((inputs, scaled(levels)));
                inputs += 1;
            }
            if named || numbers != Numbers::Scaled {
                encoding.one_hot = Some(inputs);
                inputs += levels.count() as usize;
            }
            encodings.push(encoding);
        }
        if inputs > MAX_INPUTS {
            let fault = phrase!("makes {inputs} inputs here; at most {MAX_INPUTS}", "在这里需要 {inputs} 个输入；最多 {MAX_INPUTS} 个");
            return Err(Invalid::new("encoding", numbers.key(), fault));
        }
        Ok((encodings, inputs))
    }

    /// What each input stands for.
    fn labels(&self) -> Vec<Input> {
        let mut labels = Vec::with_capacity(self.inputs);
        for (factor, encoding) in (0u32..).zip(&self.encodings) {
            if encoding.scaled.is_some() {
                labels.push(Input::Factor(factor));
            }
            if encoding.one_hot.is_some() {
                labels.extend((0..encoding.levels).map(|level| Input::Level { factor, level }));
            }
        }
        labels
    }

    /// Writes states into the rows of a network's inputs; further rows are zero.
    fn write(&self, states: impl Iterator<Item = State>, inputs: &mut [Lane], rows: usize) {
        inputs.fill(ZERO);
        let factors = self.encodings.len();
        for (row, state) in states.enumerate() {
            let levels = &self.levels[state.index() * factors..][..factors];
            for (encoding, level) in self.encodings.iter().zip(levels) {
                let mut set = |input: usize, value| inputs[input / LANES * rows + row][input % LANES] = value;
                if let Some((input, values)) = &encoding.scaled {
                    set(*input, values[*level as usize]);
                }
                if let Some(first) = encoding.one_hot {
                    set(first + *level as usize, 1.0);
                }
            }
        }
    }
}

/// The values of all levels on a scale from 0 to 1.
fn scaled(levels: &Levels) -> Vec<f32> {
    let values: Vec<f64> = (0..levels.count()).map(|level| levels.value(level)).collect();
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if most > least { most - least } else { 1.0 };
    values.iter().map(|value| ((value - least) / span) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::scenario;

    #[test]
    fn factors_are_scaled_or_one_hot_or_both() {
        let shop = scenario("puterman").unwrap().instance(&[]).unwrap();
        let mut row = [ZERO];
        let scaled = Features::new(shop.as_ref(), Numbers::Scaled).unwrap();
        scaled.write([State(2)].into_iter(), &mut row, 1);
        assert_eq!((scaled.inputs, row[0][..2].to_vec()), (1, vec![2.0 / 3.0, 0.0]));
        let one_hot = Features::new(shop.as_ref(), Numbers::OneHot).unwrap();
        one_hot.write([State(2)].into_iter(), &mut row, 1);
        assert_eq!((one_hot.inputs, row[0][..4].to_vec()), (4, vec![0.0, 0.0, 1.0, 0.0]));
        let random = scenario("garnet").unwrap().instance(&[]).unwrap();
        assert_eq!(Features::new(random.as_ref(), Numbers::Both).unwrap().inputs, 1001);
    }
}
