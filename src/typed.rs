//! Numbers as people type them: on any keyboard, and where a comma may mean two things, asked about.

use crate::invalid::Invalid;
use crate::text::{parse_number, plain_signs};
use crate::words::Words;

/// Reads a finite number.
pub fn read(text: &str) -> Option<f64> {
    parse_number(plain_signs(text).trim())
}

/// Reads a finite number of any size.
pub fn number(key: &str, text: &str) -> Result<f64, Invalid> {
    read(text).ok_or_else(|| Invalid::new(key, text, comma_in(text).unwrap_or(words!("not a number", "不是数字"))))
}

/// What is wrong with a text that is no number: what is allowed, and before that how to write it, if its comma is to blame.
pub fn unread(text: &str, allowed: &Words) -> Words {
    comma_in(text).map_or_else(|| allowed.clone(), |comma| Words::concat(&[&comma, &Words::SEMICOLON, allowed]))
}

/// Reads a number that is allowed, or says what is.
pub fn fitting(text: &str, allowed: &Words, fits: impl Fn(f64) -> bool) -> Result<f64, Words> {
    let number = read(text);
    number.filter(|number| fits(*number)).ok_or_else(|| if number.is_some() { allowed.clone() } else { unread(text, allowed) })
}

/// Reads one of the numbers that make up a value, such as the mean of a demand. What is wrong with it is said of it alone, by its name.
pub fn part(key: &str, name: &Words, text: &str, allowed: &Words, fits: impl Fn(f64) -> bool) -> Result<f64, Invalid> {
    fitting(text, allowed, fits).map_err(|fault| {
        let said = Words::each(|language| Invalid::new(name.get(language), text.trim(), fault.clone()).message(language));
        Invalid::new(key, "", said)
    })
}

/// The same of a whole number in a range.
pub fn whole_part(key: &str, name: &Words, text: &str, (least, most): (u32, u32)) -> Result<u32, Invalid> {
    let allowed = phrase!("a whole number from {least} to {most}", "应为 {least} 到 {most} 的整数");
    let fits = |x: f64| x.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&x);
    part(key, name, text, &allowed, fits).map(|x| x as u32)
}

/// What is allowed as a probability or a rate.
pub const FROM_0_TO_1: Words = words!("a number from 0 to 1", "应为 0 到 1 的数");

/// A number as people write it in a table: `.25`, `1/3`, `25%`, `$5`.
pub fn amount(text: &str) -> Option<f64> {
    let typed = plain_amount(text);
    let plain = |text: &str| parse_number(text.trim());
    match (typed.split_once('/'), typed.strip_suffix('%')) {
        (Some((above, below)), _) => {
            // 0/-2 is 0 too.
            plain(above).zip(plain(below)).map(|(above, below)| above / below + 0.0).filter(|x| x.is_finite())
        }
        (None, Some(percent)) => plain(percent).map(|percent| percent / 100.0),
        (None, None) => plain(&typed),
    }
}

/// The items of a list, set apart by semicolons or tabs, by commas, or by spaces alone, on any keyboard. Beside semicolons and tabs a comma is
/// a decimal sign where it can only be that.
pub fn list(text: &str) -> Vec<String> {
    let text = plain_signs(text).trim().replace(" %", "%").replace('、', ",").replace(['\t', '\n'], ";");
    match (text.contains(';'), text.contains(',')) {
        (true, _) => text.split(';').map(|item| decimal(item).unwrap_or_else(|| item.to_owned())).collect(),
        (false, true) => text.split(',').map(str::to_owned).collect(),
        (false, false) => text.split_whitespace().map(str::to_owned).collect(),
    }
}

/// A text in plain signs, without that of a currency.
fn plain_amount(text: &str) -> String {
    let typed = plain_signs(text);
    let (sign, digits) = typed.trim().strip_prefix('-').map_or(("", typed.trim()), |digits| ("-", digits.trim_start()));
    [sign, digits.trim_start_matches(['$', '€', '£', '¥', '￥']).trim_start()].concat()
}

/// A number with a comma, written with a point where the comma may stand before decimals, and without it where it may divide thousands.
fn readings(text: &str) -> [Option<String>; 2] {
    if !text.contains([',', '，']) {
        return [None, None];
    }
    let text = plain_amount(text);
    let Some((before, after)) = text.trim().split_once(',') else { return [None, None] };
    let number = |text: String| parse_number(&text).is_some().then_some(text);
    let in_threes = after.split(',').all(|group| group.split('.').next().is_some_and(|digits| digits.len() == 3));
    let divides = in_threes && !matches!(before, "0" | "-0" | "");
    [number([before, ".", after].concat()), number(text.trim().replace(',', "")).filter(|_| divides)]
}

/// A number whose comma can only stand before decimals, with a point.
pub fn decimal(text: &str) -> Option<String> {
    match readings(text) {
        [point, None] => point,
        _ => None,
    }
}

/// Writes numbers that stand together with points, if every comma among them may stand before decimals, and one can only do so.
pub fn write_points(cells: &mut [&mut String]) {
    let mut is_certain = false;
    for cell in cells.iter() {
        match readings(cell) {
            [None, Some(_)] => return,
            [Some(_), None] => is_certain = true,
            _ => {}
        }
    }
    for cell in cells.iter_mut().filter(|_| is_certain) {
        if let [Some(point), _] = readings(cell) {
            **cell = point;
        }
    }
}

/// What to write for a number with a comma, which some put before decimals and others between thousands; `None` if there is no such number.
pub fn comma_in(text: &str) -> Option<Words> {
    match readings(text) {
        [Some(point), Some(thousands)] => Some(phrase!(
            "without a comma: {thousands} if it divides thousands, {point} if decimals follow",
            "请不用逗号：若为千位分隔写 {thousands}，若为小数点写 {point}"
        )),
        [Some(point), None] => Some(phrase!("write decimals with a point: {point}", "小数请用小数点：{point}")),
        [None, Some(thousands)] => Some(phrase!("write thousands without commas: {thousands}", "千位请不加逗号：{thousands}")),
        [None, None] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_comma_is_asked_about_where_it_may_mean_two_things() {
        let said = |text| comma_in(text).map(|words| words.get(Language::English).to_owned()).unwrap_or_default();
        assert_eq!(said("0,5"), "write decimals with a point: 0.5");
        assert_eq!(said("−2,50"), "write decimals with a point: -2.50");
        assert_eq!(said("1,200"), "without a comma: 1200 if it divides thousands, 1.200 if decimals follow");
        assert_eq!(said("$1,200"), said("1,200"));
        assert_eq!(said("1,200,000.5"), "write thousands without commas: 1200000.5");
        for text in ["1,comment", "1.200,50 €", "half", ","] {
            assert_eq!(said(text), "", "{text}");
        }
    }

    #[test]
    fn commas_among_numbers_are_decimal_where_one_must_be() {
        for (cells, expected) in [
            (["0,3", "10,5", "1,200"], ["0.3", "10.5", "1.200"]),
            (["low, wait", "−€2,50", "3"], ["low, wait", "-2.50", "3"]),
            (["1,200", "2,500", "3"], ["1,200", "2,500", "3"]),
            (["0,5", "1,200,000", "3"], ["0,5", "1,200,000", "3"]),
        ] {
            let mut cells = cells.map(str::to_owned);
            write_points(&mut cells.iter_mut().collect::<Vec<_>>());
            assert_eq!(cells, expected);
        }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, value) in [("25%", 0.25), ("１/4", 0.25), ("$5", 5.0), ("-€ 5", -5.0), ("¥-5", -5.0), ("￥.5", 0.5), ("− 3", -3.0)]
        {
            assert_eq!(amount(text), Some(value), "{text}");
        }
        for text in ["", "$", "1/0", "5 apples", "$$"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_from_any_keyboard() {
        assert_eq!(number("x", " −０．５ "), Ok(-0.5));
        assert_eq!(number("x", "0,9").unwrap_err().message(Language::English), "x = 0,9: write decimals with a point: 0.9");
    }
}
