//! Numbers as text, short enough to read and exact where they must be read back; and what people type for either.

/// A number that reads back to the same value, without a needless leading zero: `.95`, `-3`, `1e-7`.
pub fn exact_number(value: f64) -> String {
    let text = if value != 0.0 && (value.abs() < 1e-5 || value.abs() >= 1e15) { format!("{value:e}") } else { format!("{value}") };
    match text.strip_prefix("0.") {
        Some(rest) => format!(".{rest}"),
        None => text.strip_prefix("-0.").map_or(text.clone(), |rest| format!("-.{rest}")),
    }
}

/// A sum without what rounding adds in its last places: `.9`, not `.9000000000000001`.
pub fn exact_sum(sum: f64) -> String {
    exact_number(libm::round(sum * 1e12) / 1e12)
}

/// A number for the eye: at most three decimals, no trailing zeros.
pub fn short_number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A number for the eye, to its last digit: `0.95`, `12,000`.
pub fn plain_number(value: f64) -> String {
    let text = exact_number(value);
    if text.contains('e') { text.replace('-', "−") } else { typeset(&text) }
}

/// A decimal number as it is printed: with the sign of typography, a digit before the point, and thousands apart.
pub fn typeset(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |digits| ("−", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = sign.to_owned();
    for (i, digit) in if whole.is_empty() { "0" } else { whole }.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// Numbers separated by commas, exact.
pub fn join_numbers(list: &[f64]) -> String {
    list.iter().map(|x| exact_number(*x)).collect::<Vec<_>>().join(",")
}

/// Reads a finite number as written by hand or by [`exact_number`], to the nearest `f64`: `-3`, `.95`, `1e-7`. A `-0` is 0, so that nothing
/// has two texts.
///
/// The standard library reads the same, faster, but brings ten kilobytes of tables, which no page could compress.
pub fn parse_number(text: &str) -> Option<f64> {
    let (negative, text) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || digits.len() > MOST_DIGITS || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let magnitude = nearest(digits.trim_start_matches('0'), exponent.saturating_sub(fraction.len() as i32));
    magnitude.is_finite().then_some(if negative && magnitude > 0.0 { -magnitude } else { magnitude })
}

/// The beginning of a text of more letters than so many.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => [&text[..end], "…"].concat(),
        None => text.to_owned(),
    }
}

/// Whether two names differ only as typing errors do: in case, spacing or punctuation, or by one letter missing or two swapped.
pub fn alike(known: &str, name: &str) -> bool {
    let letters = |name: &str| name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
    let (a, b) = (letters(known), letters(name));
    if a == b {
        return true;
    }
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (rest_short, rest_long) = (&short[same..], &long[same..]);
    // Short names and numbers differ by little on purpose.
    if short.len() < 4 || rest_long.first().is_none_or(|c| c.is_numeric()) {
        return false;
    }
    match long.len() - short.len() {
        0 => rest_short.len() >= 2 && rest_short[0] == rest_long[1] && rest_short[1] == rest_long[0] && rest_short[2..] == rest_long[2..],
        1 => *rest_short == rest_long[1..],
        _ => false,
    }
}

/// The names, at most three, that differ from another by the fewest letters missing, added or replaced: at most a third of them.
pub fn nearest_names<'a>(known: &[&'a str], name: &str) -> Vec<&'a str> {
    const MOST: usize = 3;
    const LONGEST: usize = 60;
    let letters: Vec<char> = name.to_lowercase().chars().take(LONGEST).collect();
    let distance = |known: &str| {
        let mut row: Vec<usize> = (0..=letters.len()).collect();
        for letter in known.chars() {
            let mut diagonal = row[0];
            row[0] += 1;
            for place in 1..row.len() {
                let replaced = diagonal + usize::from(letters[place - 1] != letter);
                diagonal = row[place];
                row[place] = replaced.min(row[place] + 1).min(row[place - 1] + 1);
            }
        }
        row[letters.len()]
    };
    let mut near: Vec<(usize, &str)> = known.iter().map(|known| (distance(known), *known)).collect();
    near.retain(|(distance, known)| distance * 3 <= known.len().min(letters.len()));
    let least = near.iter().map(|(distance, _)| *distance).min();
    near.into_iter().filter(|(distance, _)| Some(*distance) == least).map(|(_, known)| known).take(MOST).collect()
}

/// A text with the signs of East Asian keyboards and the typographer's minus as the plain ones they stand for: `－０．５％` is `-0.5%`.
pub fn plain_signs(text: &str) -> String {
    let plain = |sign: char| match sign {
        '−' => '-',
        '\u{3000}' => ' ',
        // The block repeats the printable signs of ASCII in their order.
        '！'..='～' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        _ => sign,
    };
    text.chars().map(plain).collect()
}

/// Longest mantissa that is read; no `f64` needs more to be told from its neighbours.
const MOST_DIGITS: usize = 800;

/// The `f64` nearest to `digits * 10^exponent`: a long division of whole numbers, as far as a rounded result needs.
fn nearest(digits: &str, exponent: i32) -> f64 {
    let size = exponent.saturating_add(digits.len() as i32);
    if digits.is_empty() || size < -340 {
        return 0.0;
    }
    if digits.len() <= 15 && (-22..=22).contains(&exponent) {
        // Both are exact, so that one division or multiplication rounds as it should; nearly every number comes this way.
        let whole = digits.bytes().fold(0_u64, |whole, digit| whole * 10 + u64::from(digit - b'0')) as f64;
        let power = (0..exponent.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
        return if exponent < 0 { whole / power } else { whole * power };
    }
    if size > 310 {
        return f64::INFINITY;
    }
    let mut numerator = Natural(Vec::new());
    for digit in digits.bytes() {
        numerator.multiply_add(10, u32::from(digit - b'0'));
    }
    let mut denominator = Natural(vec![1]);
    let scaled = if exponent < 0 { &mut denominator } else { &mut numerator };
    for _ in 0..exponent.unsigned_abs() {
        scaled.multiply_add(10, 0);
    }
    // Two bits more than an `f64` holds, and a last one for whatever remains: enough to round as the exact quotient would.
    let shift = denominator.bits() - numerator.bits() + 55;
    let shifted = if shift < 0 { &mut denominator } else { &mut numerator };
    for _ in 0..shift.unsigned_abs() {
        shifted.multiply_add(2, 0);
    }
    let mut quotient = 0_u64;
    let mut places = vec![denominator];
    while let Some(last) = places.last().filter(|last| **last <= numerator) {
        let mut doubled = last.clone();
        doubled.multiply_add(2, 0);
        places.push(doubled);
    }
    for place in places.iter().rev() {
        quotient <<= 1;
        if *place <= numerator {
            numerator.subtract(place);
            quotient |= 1;
        }
    }
    let inexact = u64::from(numerator.bits() > 0);
    libm::scalbn((quotient | inexact) as f64, -shift)
}

/// A whole number of any size, its last digits to the base 2^32 first, without leading zeros.
#[derive(Clone, PartialEq, Eq)]
struct Natural(Vec<u32>);

impl Natural {
    fn multiply_add(&mut self, factor: u32, mut carry: u32) {
        for digit in &mut self.0 {
            let product = u64::from(*digit) * u64::from(factor) + u64::from(carry);
            (*digit, carry) = (product as u32, (product >> 32) as u32);
        }
        if carry > 0 {
            self.0.push(carry);
        }
    }

    /// Takes away a number that is not larger.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = 0;
        for (digit, taken) in self.0.iter_mut().zip(other.0.iter().copied().chain(std::iter::repeat(0))) {
            let difference = i64::from(*digit) - i64::from(taken) - borrow;
            (*digit, borrow) = (difference as u32, i64::from(difference < 0));
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn bits(&self) -> i32 {
        self.0.last().map_or(0, |first| self.0.len() as i32 * 32 - first.leading_zeros() as i32)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let digits = |number: &'_ Self| number.0.len();
        Some(digits(self).cmp(&digits(other)).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())))
    }
}

/// A text with its `{gaps}` filled, in one go, so that braces in what fills them stay as they are; a gap that nothing fills stays too.
pub fn filled<'a>(template: &str, gap: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}').and_then(|(name, rest)| Some((gap(name)?, rest))) {
            Some((value, rest)) => text.extend([value, rest]),
            None => text.extend(["{", part]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    #[test]
    fn gaps_are_filled_once() {
        let gap = |name: &str| ["a", "b"].contains(&name).then_some("{b}");
        assert_eq!(filled("{a}: {b}, {c} {", gap), "{b}: {b}, {c} {");
        assert_eq!(filled("", gap), "");
    }

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        let mut stream = Stream::new(1, Purpose::Environment);
        for _ in 0..20_000 {
            let value = f64::from_bits(stream.bits());
            // Below that the rounding of the last bits is another matter, and no parameter of a problem.
            if value.is_finite() && value.abs() > 1e-300 {
                for text in [format!("{value}"), format!("{value:e}"), format!("{value:.17e}"), format!("{value:.3e}")] {
                    assert_eq!(parse_number(&text), text.parse().ok(), "{text}");
                }
            }
            let text = format!("{}.{}e{}", stream.bits() % 1000, stream.bits(), stream.bits() % 40);
            assert_eq!(parse_number(&text), text.parse().ok(), "{text}");
        }
        // Halfway between two neighbours, and just beside that.
        for text in ["9007199254740993", "9007199254740992.99999", "9007199254740993.00001", "9007199254740995", "0", ".5", "5.", "+1E2"] {
            assert_eq!(parse_number(text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{text}");
        }
        for text in ["", ".", "-", "e5", "1e", "1e5.5", "inf", "NaN", "1e999", "1_000", " 1", "--1", "٣", "1e-99999999999"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        for text in ["1e-400", "-1e-400", "-0", "-0.0", "-0e5"] {
            assert_eq!(parse_number(text).map(f64::to_bits), Some(0), "{text}");
        }
    }

    #[test]
    fn signs_of_other_keyboards_are_plain_ones() {
        assert_eq!(plain_signs("−3"), "-3");
        assert_eq!(plain_signs("－０．５％，１／３　Ａ～库存"), "-0.5%,1/3 A~库存");
    }

    #[test]
    fn typing_errors_are_told_from_names() {
        for (known, name) in [("low stock", "Low_Stock"), ("low stock", "low stok"), ("low stock", "low stcok"), ("basket", "baskets")] {
            assert!(alike(known, name), "{known} {name}");
        }
        for (known, name) in
            [("week 1", "week 2"), ("week 1", "week 11"), ("A", "B"), ("low", "slow"), ("state A", "state B"), ("库存低", "库存高")]
        {
            assert!(!alike(known, name), "{known} {name}");
        }
    }

    #[test]
    fn the_nearest_names_are_found() {
        let known = ["puterman", "zipkin_l1_p4", "zipkin_l2_p4", "zipkin_l2_p9", "menu"];
        assert_eq!(nearest_names(&known, "zipkin_l3_p4"), ["zipkin_l1_p4", "zipkin_l2_p4"]);
        assert_eq!(nearest_names(&known, "Puterman2"), ["puterman"]);
        for name in ["", "x", "nowhere", &"menu".repeat(1000)] {
            assert!(nearest_names(&known, name).is_empty(), "{name}");
        }
    }

    #[test]
    fn exact_numbers_read_back() {
        for value in [0.95, -0.25, 3.0, 1e-7, 5.0 / 6.0, 1e20, -1.5, 0.0] {
            assert_eq!(exact_number(value).parse::<f64>().unwrap(), value);
        }
        assert_eq!(exact_number(0.95), ".95");
        assert_eq!(exact_number(-0.5), "-.5");
    }

    #[test]
    fn plain_numbers_are_exact_and_typeset() {
        for (value, text) in [(0.95, "0.95"), (-0.5, "−0.5"), (12_000.0, "12,000"), (-1234.5, "−1,234.5"), (0.0, "0"), (1e-7, "1e−7")]
        {
            assert_eq!(plain_number(value), text);
        }
    }

    #[test]
    fn only_long_texts_are_shortened() {
        for (text, short) in [("", ""), ("货架上", "货架上"), ("货架上有", "货架上…"), ("shelf", "she…")] {
            assert_eq!(shortened(text, 3), short);
        }
    }

    #[test]
    fn short_numbers_drop_noise() {
        assert_eq!(short_number(2.0), "2");
        assert_eq!(short_number(-0.0001), "0");
        assert_eq!(short_number(1.4277), "1.428");
    }
}
