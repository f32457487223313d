//! JSON as people write it by hand: a name that stands twice in an object is refused rather than the last one taken.

use std::fmt::{Formatter, Result as Written};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::invalid::Invalid;

/// Reads a JSON text for the field `key`.
pub fn read(key: &str, text: &str) -> Result<Value, Invalid> {
    let strict: Result<Strict, _> = serde_json::from_str(text);
    strict.map(|strict| strict.0).map_err(|error| match error.to_string().split_once(TWICE) {
        Some((name, place)) => Invalid::new(name, place.trim(), words!("stands twice in the file", "在文件中重复出现")),
        None if error.is_eof() => {
            Invalid::new(key, "", words!("is no whole JSON; the end seems to be missing", "不是完整的 JSON，结尾似乎缺失"))
        }
        None => {
            let (line, column) = (error.line(), error.column());
            Invalid::new(key, "", phrase!("is not JSON, from line {line}, column {column} on", "从第 {line} 行第 {column} 列起不是 JSON"))
        }
    })
}

/// What tells the refusal of a repeated name from any other.
const TWICE: &str = "\u{1}";

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Strict)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("{name}{TWICE}")));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_and_repeated_names_are_refused() {
        let text = r#"{"a": [1, -2, 2.5, null, true, "x"], "b": {"a": {}}}"#;
        assert_eq!(read("file", text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        let error = read("file", "{\"a\": 1, \"b\": {\"c\": 1,\n \"c\": 2}}").unwrap_err();
        assert_eq!((error.key.as_str(), error.value.as_str()), ("c", "at line 2 column 8"));
        assert_eq!(read("file", "{\"a\": NaN}").unwrap_err().key, "file");
        assert_eq!(read("file", &"[".repeat(100_000)).unwrap_err().key, "file");
    }
}
