//! The one error of everything a visitor can type, paste, open or send: which field, what was given, what is allowed.

use serde::{Deserialize, Serialize};

use crate::text::plain_signs;
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
        Words::owned(self.message(Language::English), self.message(Language::Chinese))
    }

    /// The refusal as a sentence that says what to do.
    pub fn message(&self, language: Language) -> String {
        let fault = self.fault.get(language);
        let colon = if language == Language::Chinese { "：" } else { ": " };
        let given = if self.value.is_empty() { "" } else { " = " };
        [&self.key, given, &self.value, colon, fault].concat()
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

/// Parses a finite number as it is typed.
pub fn parse_number(key: &str, text: &str) -> Result<f64, Invalid> {
    let refused = || Invalid::new(key, text, comma_in(text).unwrap_or(words!("not a number", "不是数字")));
    crate::text::parse_number(plain_signs(text).trim()).ok_or_else(refused)
}

/// Parses numbers separated by commas.
pub fn parse_list(key: &str, text: &str) -> Result<Vec<f64>, Invalid> {
    plain_signs(text).split(',').map(|item| parse_number(key, item)).collect()
}

/// What to write for a number with a comma, which some put before decimals and others between thousands; `None` if there is no such number.
pub fn comma_in(text: &str) -> Option<Words> {
    let text = plain_signs(text);
    let (before, after) = text.trim().split_once(',')?;
    let point = [before, ".", after].concat();
    let is_number = |text: &str| crate::text::parse_number(text).is_some();
    let thousands = text.trim().replace(',', "");
    let in_threes = after.split(',').all(|group| group.split('.').next().is_some_and(|digits| digits.len() == 3));
    match (is_number(&point), is_number(&thousands) && in_threes && !matches!(before, "0" | "-0" | "")) {
        (true, true) => Some(phrase!(
            "without a comma: {thousands} if it divides thousands, {point} if decimals follow",
            "请不用逗号：若为千位分隔写 {thousands}，若为小数点写 {point}"
        )),
        (true, false) => Some(phrase!("write decimals with a point: {point}", "小数请用小数点：{point}")),
        (false, true) => Some(phrase!("write thousands without commas: {thousands}", "千位请不加逗号：{thousands}")),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_asked_about_where_it_may_mean_two_things() {
        let said = |text| comma_in(text).map(|words| words.get(Language::English).to_owned()).unwrap_or_default();
        assert_eq!(said("0,5"), "write decimals with a point: 0.5");
        assert_eq!(said("−2,50"), "write decimals with a point: -2.50");
        assert_eq!(said("1,200"), "without a comma: 1200 if it divides thousands, 1.200 if decimals follow");
        assert_eq!(said("1,200,000.5"), "write thousands without commas: 1200000.5");
        for text in ["1,comment", "$1,200", "1.200,50 €", "half", ","] {
            assert_eq!(said(text), "", "{text}");
        }
    }

    #[test]
    fn numbers_are_read_from_any_keyboard() {
        assert_eq!(parse_number("x", " −０．５ "), Ok(-0.5));
        assert_eq!(parse_list("x", "1，２,3"), Ok(vec![1.0, 2.0, 3.0]));
        assert_eq!(parse_number("x", "0,9").unwrap_err().message(Language::English), "x = 0,9: write decimals with a point: 0.9");
    }
}
