//! What the worker tells in numbers, and the series of a run as whoever asks for it keeps it, brought up to date by what is new in each
//! reply. The layout of the numbers is known here alone.

use crate::mdp::MAX_PARTS;
use crate::metrics::{Bucket, Checkup};
use crate::protocol::{News, Seen};

/// Numbers a bucket takes.
pub const BUCKET: usize = 10 + MAX_PARTS;
/// Numbers a checkup takes.
pub const CHECKUP: usize = 5;

/// Some consecutive episodes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BucketRow {
    /// Episodes in it.
    pub count: u32,
    /// Smallest return.
    pub min: f64,
    /// Largest return.
    pub max: f64,
    /// Mean return.
    pub mean: f64,
    /// Mean absolute temporal-difference error.
    pub error: f64,
    /// Gradient steps of a network.
    pub updates: f64,
    /// Their mean loss.
    pub loss: f64,
    /// Mean length of their gradients.
    pub gradient: f64,
    /// Mean of what a network took the next states to be worth.
    pub estimate: f64,
    /// What those are worth under the optimal policy.
    pub truth: f64,
    /// Mean of each reward part.
    pub parts: [f64; MAX_PARTS],
}

/// The learner at one moment, measured exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CheckupRow {
    /// Episodes completed.
    pub episode: f64,
    /// Value of the greedy policy at the start.
    pub value: f64,
    /// How far that has come from random choice (0) to the optimum (1).
    pub share: f64,
    /// max |Q - Q*| over reachable states.
    pub distance: f64,
    /// Reachable states whose greedy action is not optimal.
    pub wrong: f64,
}

/// Action values of some states, all learned ones first: for the state at place `i` of the list and slot `j`, entry `i * stride + j`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActionValues {
    /// Slots a row has; see [`crate::model`].
    pub stride: u32,
    /// Learned values.
    pub learned: Vec<f64>,
    /// Optimal values.
    pub optimal: Vec<f64>,
    /// Updates of each pair.
    pub visits: Vec<f64>,
    /// Whether each state is reachable; empty where that was not asked.
    pub reachable: Vec<bool>,
}

/// All series of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Episodes a bucket holds; only the last may hold fewer.
    pub width: u32,
    /// Returns by episode.
    pub buckets: Vec<BucketRow>,
    /// Exact measurements.
    pub checkups: Vec<CheckupRow>,
}

impl Records {
    /// What the worker need not send again.
    pub fn seen(&self) -> Seen {
        Seen { width: self.width, buckets: self.buckets.len() as u32, checkups: self.checkups.len() as u32 }
    }

    /// Replaces everything from the first new row on.
    pub fn absorb(&mut self, news: News, numbers: &[f64]) {
        let (buckets, checkups) = numbers.split_at((news.buckets as usize * BUCKET).min(numbers.len()));
        self.width = news.width;
        self.buckets.truncate(news.first_bucket as usize);
        self.buckets.extend(buckets.as_chunks::<BUCKET>().0.iter().map(BucketRow::of));
        self.checkups.truncate(news.first_checkup as usize);
        self.measure(checkups);
    }

    /// Adds measurements.
    pub fn measure(&mut self, numbers: &[f64]) {
        self.checkups.extend(numbers.as_chunks::<CHECKUP>().0.iter().map(CheckupRow::of));
    }

    /// One number of every checkup, by episode.
    pub fn measured(&self, of: impl Fn(&CheckupRow) -> f64) -> Vec<(f64, f64)> {
        self.checkups.iter().map(|row| (row.episode, of(row))).collect()
    }

    /// Mean absolute temporal-difference error, by episode.
    pub fn errors(&self) -> Vec<(f64, f64)> {
        let ends = self.buckets.iter().scan(0.0, |done, row| {
            *done += f64::from(row.count);
            Some((*done, row.error))
        });
        ends.collect()
    }
}

impl BucketRow {
    /// From the numbers that cross.
    pub fn of(&[count, min, max, mean, error, updates, loss, gradient, estimate, truth, ref parts @ ..]: &[f64; BUCKET]) -> Self {
        Self { count: count as u32, min, max, mean, error, updates, loss, gradient, estimate, truth, parts: *parts }
    }

    /// The numbers that cross.
    pub fn numbers(self) -> Vec<f64> {
        let returns = [f64::from(self.count), self.min, self.max, self.mean, self.error];
        let network = [self.updates, self.loss, self.gradient, self.estimate, self.truth];
        [&returns[..], &network, &self.parts].concat()
    }
}

impl From<&Bucket> for BucketRow {
    fn from(&Bucket { count, min, max, sum }: &Bucket) -> Self {
        let mean = |sum: f64| sum / f64::from(count);
        let steps = sum.gradient_steps;
        let each = |sum: f64| sum / steps.count.max(1.0);
        Self {
            count,
            min,
            max,
            mean: mean(sum.total),
            error: mean(sum.error),
            updates: steps.count,
            loss: each(steps.loss),
            gradient: each(steps.gradient),
            estimate: mean(sum.estimate),
            truth: mean(sum.truth),
            parts: sum.parts.map(mean),
        }
    }
}

impl CheckupRow {
    /// From the numbers that cross.
    pub fn of(&[episode, value, share, distance, wrong]: &[f64; CHECKUP]) -> Self {
        Self { episode, value, share, distance, wrong }
    }

    /// The numbers that cross.
    pub fn numbers(self) -> [f64; CHECKUP] {
        [self.episode, self.value, self.share, self.distance, self.wrong]
    }
}

impl From<&Checkup> for CheckupRow {
    fn from(&Checkup { episode, value, share, distance, wrong }: &Checkup) -> Self {
        Self { episode: episode.into(), value, share, distance, wrong: wrong.into() }
    }
}

impl ActionValues {
    /// From the numbers that cross, of so many states.
    pub fn of(stride: u32, states: usize, mut numbers: &[f64]) -> Self {
        let size = stride as usize * states;
        let mut next = || numbers.split_off(..size.min(numbers.len())).unwrap_or_default().to_vec();
        let [learned, optimal, visits] = [next(), next(), next()];
        Self { stride, learned, optimal, visits, reachable: numbers.iter().map(|number| *number == 1.0).collect() }
    }

    /// Learned and optimal values of the state at a place of the list, padding included.
    pub fn row(&self, place: usize) -> Option<[&[f64]; 2]> {
        let stride = self.stride as usize;
        let row = place * stride..(place + 1) * stride;
        Some([self.learned.get(row.clone())?, self.optimal.get(row)?])
    }

    /// The numbers that cross.
    pub fn numbers(self) -> Vec<f64> {
        let reachable = self.reachable.iter().map(|reachable| f64::from(u8::from(*reachable))).collect();
        [self.learned, self.optimal, self.visits, reachable].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_crosses_is_what_was_sent_and_too_few_numbers_harm_nothing() {
        let [learned, optimal, visits] = [1.0, 2.0, 3.0].map(|value| vec![value; 8]);
        let values = ActionValues { stride: 4, learned, optimal, visits, reachable: vec![true, false] };
        let numbers = values.clone().numbers();
        assert_eq!((numbers.len(), ActionValues::of(4, 2, &numbers)), (26, values));
        let short = ActionValues::of(4, 2, &numbers[..9]);
        assert_eq!((short.learned.len(), short.row(0), short.reachable.len()), (8, None, 0));
        let row = BucketRow { count: 3, error: 2.0, truth: 5.0, parts: [7.0; MAX_PARTS], ..BucketRow::default() };
        assert_eq!(row.numbers().first_chunk().map(BucketRow::of), Some(row));
    }
}
