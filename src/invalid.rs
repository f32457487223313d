//! The one error of everything a visitor can type, paste, open or send: which field, what was given, what is allowed.

use serde::{Deserialize, Serialize};

use crate::words::{Language, Words};

/// Why a value was refused: which field, what was given, and what is allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invalid {
    /// Key of the field, as in links and files.
    pub key: String,
    /// What was given, shortened.
    pub value: String,
    /// What is wrong and what is allowed.
    pub fault: Words,
}

impl Invalid {
    /// A refusal of `value` for the field `key`.
    pub fn new(key: impl Into<String>, value: impl ToString, fault: Words) -> Self {
        Self { key: key.into(), value: shorten(&value.to_string()), fault }
    }

    /// The refusal as a sentence that says what to do.
    pub fn message(&self, language: Language) -> String {
        let fault = self.fault.get(language);
        match language {
            Language::English => format!("{} = {}: {fault}", self.key, self.value),
            Language::Chinese => format!("{} = {}：{fault}", self.key, self.value),
        }
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message(Language::English))
    }
}

impl std::error::Error for Invalid {}

fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

/// Most state-action pairs of a problem.
pub const MAX_PAIRS: u64 = 2_000_000;
/// Most outcomes of a problem, over all state-action pairs.
pub const MAX_OUTCOMES: u64 = 20_000_000;

/// Refuses a problem that is too large, before anything is allocated; `key` names the field to make smaller.
pub fn check_size(key: &str, value: impl ToString, pairs: u64, outcomes: u64) -> Result<(), Invalid> {
    if pairs <= MAX_PAIRS && outcomes <= MAX_OUTCOMES {
        return Ok(());
    }
    let fault = phrase!(
        "makes the problem too large ({pairs} state-action pairs, {outcomes} outcomes); at most {MAX_PAIRS} and {MAX_OUTCOMES}",
        "使问题过大（{pairs} 个状态-动作对，{outcomes} 个结果）；最多 {MAX_PAIRS} 和 {MAX_OUTCOMES}"
    );
    Err(Invalid::new(key, value, fault))
}

/// Parses a finite number.
pub fn parse_number(key: &str, text: &str) -> Result<f64, Invalid> {
    crate::text::parse_number(text.trim()).ok_or_else(|| Invalid::new(key, text, words!("not a number", "不是数字")))
}

/// Parses numbers separated by commas.
pub fn parse_list(key: &str, text: &str) -> Result<Vec<f64>, Invalid> {
    text.split(',').map(|item| parse_number(key, item)).collect()
}
