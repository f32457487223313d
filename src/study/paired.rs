//! Differences of pairs: the same seed on both sides, so that luck counts for both alike.

use crate::sample::Sample;

/// A mean with the interval in which the true one lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Mean of the differences.
    pub mean: f64,
    /// Lower end; below all bounds for a single pair.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Number of pairs.
    pub pairs: u32,
}

/// The mean of differences, by Student's distribution; `None` of none.
pub fn interval(differences: &[f64]) -> Option<Interval> {
    let mut sample = Sample::default();
    differences.iter().for_each(|difference| sample.add(*difference));
    let estimate = sample.estimate();
    let (low, high) = estimate.interval();
    (!differences.is_empty()).then_some(Interval { mean: estimate.mean, low, high, pairs: differences.len() as u32 })
}

impl Interval {
    /// Which way the difference goes, beyond what chance explains; zero where that cannot be told.
    pub fn sign(&self) -> i32 {
        i32::from(self.low > 0.0) - i32::from(self.high < 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_chance_does_not_explain_has_a_sign() {
        let found = interval(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!((found.mean, found.pairs, found.sign()), (3.0, 5, 1));
        assert_eq!(interval(&[-1.0, 1.0, 0.5]).unwrap().sign(), 0);
        assert_eq!(interval(&[-1.0, -1.1, -1.05]).unwrap().sign(), -1);
        assert_eq!(interval(&[7.0]).unwrap().sign(), 0);
        assert_eq!(interval(&[]), None);
    }
}
