//! Differences of pairs: the same seed on both sides, so that luck counts for both alike.

use crate::verdict::student;

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
    let count = differences.len();
    let n = count as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let half = match count {
        0 => return None,
        1 => f64::INFINITY,
        _ => {
            let variance = differences.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
            student(count as u32 - 1) * (variance / n).sqrt()
        }
    };
    Some(Interval { mean, low: mean - half, high: mean + half, pairs: count as u32 })
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
    fn an_interval_is_the_textbook_one() {
        let found = interval(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        // 3 ± 2.776 × sqrt(2.5 / 5).
        assert!((found.mean, found.pairs, found.sign()) == (3.0, 5, 1));
        assert!((found.low - 1.0371).abs() < 1e-3 && (found.high - 4.9629).abs() < 1e-3, "{found:?}");
        assert_eq!(interval(&[-1.0, 1.0, 0.5]).unwrap().sign(), 0);
        assert_eq!(interval(&[-1.0, -1.1, -1.05]).unwrap().sign(), -1);
        assert_eq!(interval(&[7.0]).unwrap().sign(), 0);
        assert_eq!(interval(&[]), None);
    }
}
