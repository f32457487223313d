//! What a sample says: its mean with the interval in which the true one lies with 95 % confidence, its median and other quantiles.

use serde::{Deserialize, Serialize};

use crate::order::sort;

/// The mean of a sample, and how certain it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean; infinite of a single value, as is the interval.
    pub error: f64,
    /// Half the length of the 95 % interval, by Student's t.
    pub half: f64,
}

impl Estimate {
    /// The ends of the 95 % interval.
    pub fn interval(&self) -> (f64, f64) {
        (self.mean - self.half, self.mean + self.half)
    }

    /// Whether zero lies within the interval.
    pub fn may_be_zero(&self) -> bool {
        self.mean.abs() <= self.half
    }

    /// Whether all of the sample was the same, up to rounding.
    pub fn is_certain(&self) -> bool {
        self.half <= 1e-9 * (1.0 + self.mean.abs())
    }
}

/// Running mean and variance of a sample (Welford 1962).
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    count: u32,
    mean: f64,
    squares: f64,
}

impl Sample {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / f64::from(self.count);
        self.squares += before * (value - self.mean);
    }

    /// What is known of its mean. A single value says nothing of chance.
    pub fn estimate(&self) -> Estimate {
        if self.count < 2 {
            return Estimate { mean: self.mean, error: f64::INFINITY, half: f64::INFINITY };
        }
        let error = libm::sqrt(self.squares / f64::from(self.count - 1) / f64::from(self.count));
        Estimate { mean: self.mean, error, half: error * student(self.count - 1) }
    }
}

/// The 97.5 % quantile of Student's distribution; beyond the table the expansion of Abramowitz and Stegun 26.7.5, good to 0.0002 there.
fn student(degrees: u32) -> f64 {
    const TABLE: [f64; 20] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101,
        2.093, 2.086,
    ];
    const NORMAL: f64 = 1.959_963_984_540_054;
    let z2 = NORMAL * NORMAL;
    let first = NORMAL * (z2 + 1.0) / 4.0;
    let second = NORMAL * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = NORMAL * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let freedom = f64::from(degrees);
    TABLE
        .get(degrees.saturating_sub(1) as usize)
        .copied()
        .unwrap_or_else(|| NORMAL + (first + (second + third / freedom) / freedom) / freedom)
}

/// The middle value, or the mean of the two in the middle; zero of none.
pub fn median(values: &mut [f64]) -> f64 {
    sort(values, f64::total_cmp);
    match values.len() {
        0 => 0.0,
        count if count % 2 == 1 => values[count / 2],
        count => 0.5 * (values[count / 2 - 1] + values[count / 2]),
    }
}

/// The value below which a share of the numbers lies; zero of none.
pub fn quantile(numbers: &[f64], share: f64) -> f64 {
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|number| number.is_finite()).collect();
    sort(&mut sorted, f64::total_cmp);
    let index = (share * sorted.len().saturating_sub(1) as f64).round() as usize;
    sorted.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(values: &[f64]) -> Estimate {
        let mut sample = Sample::default();
        values.iter().for_each(|value| sample.add(*value));
        sample.estimate()
    }

    #[test]
    fn an_interval_is_the_textbook_one() {
        let found = estimate(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        // 3 ± 2.776 × sqrt(2.5 / 5).
        assert!((found.mean - 3.0).abs() < 1e-12 && (found.half - 1.9629).abs() < 1e-3 && (found.error - 0.5_f64.sqrt()).abs() < 1e-12);
        assert!(!found.may_be_zero() && !found.is_certain());
        assert!(estimate(&[-1.0, 1.0, 0.5]).may_be_zero());
        assert!(estimate(&[7.0, 7.0]).is_certain());
    }

    #[test]
    fn a_single_value_is_certain_of_nothing() {
        let found = estimate(&[7.0]);
        assert_eq!((found.mean, found.interval()), (7.0, (f64::NEG_INFINITY, f64::INFINITY)));
        assert!(found.may_be_zero() && !found.is_certain());
    }

    #[test]
    fn student_is_the_published_one() {
        for (degrees, published) in
            [(1, 12.706), (20, 2.0860), (21, 2.0796), (30, 2.0423), (100, 1.9840), (1000, 1.9623), (u32::MAX, 1.9600)]
        {
            assert!((student(degrees) - published).abs() < 2e-4, "{degrees}: {}", student(degrees));
        }
    }

    #[test]
    fn the_middle_of_an_even_number_lies_between_two() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0, 10.0]), 2.5);
        assert_eq!((quantile(&[4.0, 1.0, f64::NAN, 2.0], 1.0), quantile(&[], 0.5)), (4.0, 0.0));
    }
}
