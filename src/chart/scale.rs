//! Axes: which values are shown, where the ticks are, and numbers as text.

use crate::order::sort;
use crate::text::typeset;

/// How values become heights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Lowest value shown.
    pub low: f64,
    /// Highest value shown.
    pub high: f64,
    /// Whether equal ratios, not equal differences, are equally far apart.
    pub log: bool,
}

impl Scale {
    /// From lowest to highest, with a share of their difference as room above and below. What differs by rounding only is one value.
    pub fn padded((low, high): (f64, f64), share: f64) -> Self {
        let pad = if high - low > 1e-6 * high.abs().max(low.abs()) { share * (high - low) } else { 0.1 * high.abs().max(1.0) };
        Self { low: low - pad, high: high + pad, log: false }
    }

    /// Where a value lies, from 0 at the low end to 1 at the high one; outside for values that are not shown.
    pub fn place(&self, value: f64) -> f64 {
        if self.log {
            let (low, high) = (libm::log10(self.low), libm::log10(self.high));
            return (libm::log10(value.max(self.low * 1e-3)) - low) / (high - low);
        }
        (value - self.low) / (self.high - self.low)
    }

    /// The same, made wide enough for some more values; they get no more room above and below than the others have in all.
    pub fn widened(&self, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = match self.log {
            true => (self.low * 1e-2, self.high * 1e2),
            false => (2.0 * self.low - self.high, 2.0 * self.high - self.low),
        };
        values.filter(|value| value.is_finite()).fold(*self, |scale, value| {
            let value = value.clamp(low, high);
            Self { low: scale.low.min(value), high: scale.high.max(value), ..scale }
        })
    }

    /// Round values for ticks, about `wanted` of them.
    pub fn ticks(&self, wanted: usize) -> Vec<f64> {
        if self.log {
            return decades(self.low, self.high, wanted);
        }
        let step = nice_step((self.high - self.low) / wanted.max(1) as f64);
        let first = (self.low / step - 1e-9).ceil();
        let count = ((self.high / step + 1e-9).floor() - first).clamp(-1.0, 50.0) as i32;
        (0..=count).map(|i| (first + f64::from(i)) * step).collect()
    }

    /// The ticks as text, all with the same number of decimals.
    pub fn labels(&self, ticks: &[f64]) -> Vec<String> {
        if self.log {
            return ticks.iter().map(|tick| figure(*tick, 1)).collect();
        }
        let step = ticks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
        let decimals = (-(libm::log10(step.abs().max(1e-12)) + 1e-9).floor()).clamp(0.0, 9.0) as usize;
        ticks.iter().map(|tick| axis_number(*tick, step, decimals)).collect()
    }
}

fn decades(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let (first, last) = ((libm::log10(low) - 1e-9).ceil() as i32, (libm::log10(high) + 1e-9).floor() as i32);
    let every = ((last - first + 1).max(1) as usize).div_ceil(wanted.max(1)).max(1);
    (first..=last).step_by(every).map(|exponent| libm::pow(10.0, f64::from(exponent))).collect()
}

/// The round number of 1, 2 or 5 times a power of ten at or above a step.
pub fn nice_step(rough: f64) -> f64 {
    if !rough.is_finite() || rough <= 0.0 {
        return 1.0;
    }
    let unit = libm::pow(10.0, libm::log10(rough).floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * unit >= rough * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * unit
}

fn axis_number(value: f64, step: f64, decimals: usize) -> String {
    let value = if value.abs() < step.abs() * 1e-6 { 0.0 } else { value };
    let (size, step) = (value.abs(), step.abs());
    let scaled = |unit: f64, letter: &str| {
        let decimals = usize::from(step < unit * 0.999) + usize::from(step < unit * 0.0999);
        format!("{}{letter}", minus(format!("{:.decimals$}", value / unit)))
    };
    match size {
        _ if size >= 1e6 && step >= 1e4 => scaled(1e6, "M"),
        _ if size >= 1e4 && step >= 100.0 => scaled(1e3, "k"),
        _ => grouped(value, decimals),
    }
}

/// A number with so many significant digits, and thousands apart: `-1,234`, `20.08`, `0.0031`.
pub fn figure(value: f64, digits: u32) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e9).contains(&size) {
        return minus(format!("{value:.1e}"));
    }
    grouped(value, decimals(value, digits) as usize)
}

/// Decimals that show so many digits of a number.
fn decimals(value: f64, digits: u32) -> i32 {
    (digits as i32 - 1 - magnitude(value)).clamp(0, 8)
}

/// The power of ten of the first digit.
pub fn magnitude(value: f64) -> i32 {
    if value == 0.0 { 0 } else { libm::floor(libm::log10(value.abs())) as i32 }
}

/// Numbers that stand below each other, all to the same place: the largest has so many significant digits, or up to two more where the two
/// highest would otherwise look alike.
pub fn column(values: &[f64], digits: u32) -> Vec<String> {
    let largest = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, |most: f64, value| most.max(value.abs()));
    let mut ranked = values.to_vec();
    sort(&mut ranked, |a, b| b.total_cmp(a));
    let apart = match ranked[..] {
        [first, second, ..] if first > second => -magnitude(first - second),
        _ => 0,
    };
    let least = if values.iter().all(|value| value.fract() == 0.0) { 0 } else { decimals(largest, digits) };
    let decimals = apart.clamp(least, least + 2) as usize;
    values.iter().map(|value| if value.is_finite() { grouped(*value, decimals) } else { "–".to_owned() }).collect()
}

/// A whole number with thousands apart.
pub fn whole(value: f64) -> String {
    grouped(value, 0)
}

/// A number with so many decimals, and thousands apart.
pub fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = !text.chars().any(|letter| ('1'..='9').contains(&letter));
    typeset(if zero { text.trim_start_matches('-') } else { &text })
}

/// With the sign of typography.
fn minus(text: String) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_one_place_and_shows_which_is_highest() {
        assert_eq!(column(&[0.0, -0.4744, 0.0314, 0.449], 3), ["0.000", "−0.474", "0.031", "0.449"]);
        assert_eq!(column(&[36.38, 1036.25, 38.1], 4), ["36", "1,036", "38"]);
        assert_eq!(column(&[71.5696, 71.5701, 3.0], 4), ["71.5696", "71.5701", "3.0000"]);
        assert_eq!(column(&[1.0, 1.0 + 1e-12, 0.5], 4), ["1.00000", "1.00000", "0.50000"]);
        assert_eq!(column(&[0.0, 5.0, 12.0], 4), ["0", "5", "12"]);
        assert_eq!(column(&[0.0, 0.0], 4), ["0", "0"]);
        assert_eq!(column(&[f64::NAN, 2.5], 2), ["–", "2.5"]);
        assert!(column(&[], 4).is_empty());
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale { low: -13.2, high: 27.0, log: false };
        assert_eq!(scale.labels(&scale.ticks(4)), ["0", "20"]);
        assert_eq!(scale.labels(&scale.ticks(5)), ["−10", "0", "10", "20"]);
        let scale = Scale { low: 0.02, high: 300.0, log: true };
        assert_eq!(scale.labels(&scale.ticks(5)), ["0.1", "1", "10", "100"]);
        let scale = Scale { low: 0.0, high: 250_000.0, log: false };
        assert_eq!(scale.labels(&scale.ticks(5)), ["0", "50k", "100k", "150k", "200k", "250k"]);
        let scale = Scale { low: 0.0, high: 1.0, log: false };
        assert_eq!(scale.labels(&scale.ticks(2)), ["0.0", "0.5", "1.0"]);
    }

    #[test]
    fn figures_are_short() {
        assert_eq!(figure(20.0834, 4), "20.08");
        assert_eq!(figure(-1234.5, 4), "−1,234");
        assert_eq!(figure(0.00312, 2), "0.0031");
        assert_eq!(figure(-0.00001e-9, 3), "−1.0e−14");
        assert_eq!(figure(0.0, 3), "0.00");
        assert_eq!(figure(f64::NAN, 3), "–");
    }
}
