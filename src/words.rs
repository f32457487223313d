//! Text in the two languages the page speaks.
//!
//! A label always carries both languages, so nothing can be added in one and forgotten in the other.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A language a visitor can read the page in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

/// One piece of text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    en: Cow<'static, str>,
    zh: Cow<'static, str>,
}

impl Words {
    /// Fixed text, English first.
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), zh: Cow::Borrowed(zh) }
    }

    /// Text made at run time; the macro [`phrase!`](crate::phrase!) is the short way.
    pub fn owned(en: String, zh: String) -> Self {
        Self { en: Cow::Owned(en), zh: Cow::Owned(zh) }
    }

    /// A name that reads the same in both languages: a number, or what a visitor typed.
    pub fn same(text: impl ToString) -> Self {
        Self::owned(text.to_string(), text.to_string())
    }

    /// Reads a name as visitors write it: one text for both languages, or `English|中文`.
    pub fn parse(text: &str) -> Self {
        match text.trim().split_once('|') {
            Some((en, zh)) => Self::owned(en.to_owned(), zh.to_owned()),
            None => Self::same(text.trim()),
        }
    }

    /// The name that [`parse`](Self::parse) reads back.
    pub fn to_text(&self) -> String {
        if self.en == self.zh { self.en.to_string() } else { format!("{}|{}", self.en, self.zh) }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

/// Fixed text in both languages: `words!("state", "状态")`.
#[macro_export]
macro_rules! words {
    ($en:literal, $zh:literal) => {
        $crate::words::Words::new($en, $zh)
    };
}

/// Formats one text per language with the same values: `phrase!("order {quantity}", "订 {quantity} 件")`.
#[macro_export]
macro_rules! phrase {
    ($en:literal, $zh:literal $(, $argument:expr)* $(,)?) => {
        $crate::words::Words::owned(format!($en $(, $argument)*), format!($zh $(, $argument)*))
    };
}
