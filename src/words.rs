//! Text in the two languages the page speaks.
//!
//! A label always carries both languages, so nothing can be added in one and forgotten in the other.

use std::sync::Arc;

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

impl Language {
    /// Both, in the order of texts.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its name in links and in the visitor's memory.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// The language with this name.
    pub fn with_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// One piece of text in both languages. There are thousands, so each is but a reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Pair", into = "Pair")]
pub struct Words(Text);

#[derive(Clone, Debug)]
enum Text {
    Fixed(&'static [&'static str; 2]),
    Made(Arc<[String; 2]>),
}

/// How words travel.
#[derive(Serialize, Deserialize)]
struct Pair {
    en: String,
    zh: String,
}

impl From<Pair> for Words {
    fn from(pair: Pair) -> Self {
        Self::owned(pair.en, pair.zh)
    }
}

impl From<Words> for Pair {
    fn from(words: Words) -> Self {
        let [en, zh] = Language::ALL.map(|language| words.get(language).to_owned());
        Self { en, zh }
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        Language::ALL.iter().all(|language| self.get(*language) == other.get(*language))
    }
}

impl Eq for Words {}

impl Words {
    /// No text.
    pub const NONE: Self = Self::fixed(&["", ""]);
    /// Between parts of a sentence; the items of a list have 、 in Chinese.
    pub const COMMA: Self = Self::fixed(&[", ", "，"]);
    /// Between clauses that could stand alone.
    pub const SEMICOLON: Self = Self::fixed(&["; ", "；"]);
    /// Between what is spoken of and what is said of it.
    pub const COLON: Self = Self::fixed(&[": ", "："]);

    /// Fixed text, English first; the macro [`words!`](crate::words!) is the short way.
    pub const fn fixed(texts: &'static [&'static str; 2]) -> Self {
        Self(Text::Fixed(texts))
    }

    /// Text made at run time; the macro [`phrase!`](crate::phrase!) is the short way.
    pub fn owned(en: String, zh: String) -> Self {
        Self(Text::Made(Arc::new([en, zh])))
    }

    /// Text made in the same way for each language.
    pub fn each(make: impl Fn(Language) -> String) -> Self {
        Self::owned(make(Language::English), make(Language::Chinese))
    }

    /// Texts one after the other, without anything between them.
    pub fn concat(parts: &[&Self]) -> Self {
        Self::each(|language| parts.iter().map(|part| part.get(language)).collect())
    }

    /// A name that reads the same in both languages: a number, or what a visitor typed.
    pub fn same(text: impl ToString) -> Self {
        Self::owned(text.to_string(), text.to_string())
    }

    /// Reads a name as visitors write it: one text for both languages, or `English|中文`; what is written on one side only is for both.
    pub fn parse(text: &str) -> Self {
        match text.trim().split_once('|') {
            Some((name, "") | ("", name)) => Self::same(name),
            Some((en, zh)) => Self::owned(en.to_owned(), zh.to_owned()),
            None => Self::same(text.trim()),
        }
    }

    /// The name that [`parse`](Self::parse) reads back.
    pub fn to_text(&self) -> String {
        let [en, zh] = Language::ALL.map(|language| self.get(language));
        if en == zh { en.to_owned() } else { format!("{en}|{zh}") }
    }

    /// Whether two names cannot be told apart in one of the languages.
    pub fn reads_like(&self, other: &Self) -> bool {
        Language::ALL.iter().any(|language| {
            let name = self.get(*language);
            !name.is_empty() && name == other.get(*language)
        })
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match &self.0 {
            Text::Fixed(texts) => texts[language as usize],
            Text::Made(texts) => &texts[language as usize],
        }
    }
}

/// Fixed text in both languages: `words!("state", "状态")`; one text for both where it is the same, as names of papers are.
#[macro_export]
macro_rules! words {
    ($same:literal) => {
        $crate::words::Words::fixed(&[$same, $same])
    };
    ($en:literal, $zh:literal) => {
        $crate::words::Words::fixed(&[$en, $zh])
    };
}

/// Formats one text per language with the same values: `phrase!("order {quantity}", "订 {quantity} 件")`.
#[macro_export]
macro_rules! phrase {
    ($en:literal, $zh:literal $(, $argument:expr)* $(,)?) => {
        $crate::words::Words::owned(format!($en $(, $argument)*), format!($zh $(, $argument)*))
    };
}
