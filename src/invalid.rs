//! The one error of everything a visitor can type, paste, open or send: which field, what was given, what is allowed.

use serde::{Deserialize, Serialize};

use crate::text::shortened;
use crate::words::{Language, Words};

/// Why a value was refused: which field, what was given, and what is allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invalid {
    /// Key of the field, as in links and files, shortened.
    pub key: String,
    /// What was given, shortened.
    pub value: String,
    /// What is wrong and what is allowed.
    pub fault: Words,
}

impl Invalid {
    /// A refusal of `value` for the field `key`.
    pub fn new(key: impl Into<String>, value: impl ToString, fault: Words) -> Self {
        Self { key: shorten(&key.into()), value: shorten(&value.to_string()), fault }
    }

    /// The refusal as a sentence in both languages.
    pub fn words(&self) -> Words {
        Words::each(|language| self.message(language))
    }

    /// The refusal as a sentence that says what to do.
    pub fn message(&self, language: Language) -> String {
        let given = if self.value.is_empty() { "" } else { " = " };
        [&self.key, given, &self.value, Words::COLON.get(language), self.fault.get(language)].concat()
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for Invalid {}

/// That an object of a file has no such field, and which it has.
pub fn no_such_field(known: &[&str]) -> Words {
    phrase!("no such field; there are {}", "没有这个字段；可用的有 {}", known.join(", "))
}

/// A text as it is quoted: at most sixty characters.
pub fn shorten(text: &str) -> String {
    shortened(text, 60)
}
