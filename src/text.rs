//! Numbers as text: short enough to read, and exact where they must be read back.

/// A number that reads back to the same value, without a needless leading zero: `.95`, `-3`, `1e-7`.
pub fn exact_number(value: f64) -> String {
    let text = if value != 0.0 && (value.abs() < 1e-5 || value.abs() >= 1e15) { format!("{value:e}") } else { format!("{value}") };
    match text.strip_prefix("0.") {
        Some(rest) => format!(".{rest}"),
        None => text.strip_prefix("-0.").map_or(text.clone(), |rest| format!("-.{rest}")),
    }
}

/// A number for the eye: at most three decimals, no trailing zeros.
pub fn short_number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Numbers separated by commas, exact.
pub fn join_numbers(list: &[f64]) -> String {
    list.iter().map(|x| exact_number(*x)).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_read_back() {
        for value in [0.95, -0.25, 3.0, 1e-7, 5.0 / 6.0, 1e20, -1.5, 0.0] {
            assert_eq!(exact_number(value).parse::<f64>().unwrap(), value);
        }
        assert_eq!(exact_number(0.95), ".95");
        assert_eq!(exact_number(-0.5), "-.5");
    }

    #[test]
    fn short_numbers_drop_noise() {
        assert_eq!(short_number(2.0), "2");
        assert_eq!(short_number(-0.0001), "0");
        assert_eq!(short_number(1.4277), "1.428");
    }
}
