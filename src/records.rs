//! The series of a run as whoever asks for it keeps it, brought up to date by what is new in each reply.

use crate::mdp::MAX_PARTS;
use crate::protocol::{BUCKET, CHECKUP, News, Seen};

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
    pub hope: f64,
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
    /// max |Q - Q*| over the states that can be come to.
    pub distance: f64,
    /// States that can be come to and whose greedy action is not optimal.
    pub wrong: f64,
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
        self.buckets.extend(buckets.as_chunks::<BUCKET>().0.iter().map(bucket));
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

impl CheckupRow {
    /// From the numbers that cross.
    pub fn of(&[episode, value, share, distance, wrong]: &[f64; CHECKUP]) -> Self {
        Self { episode, value, share, distance, wrong }
    }
}

fn bucket(&[count, min, max, mean, error, updates, loss, gradient, hope, truth, ref parts @ ..]: &[f64; BUCKET]) -> BucketRow {
    BucketRow { count: count as u32, min, max, mean, error, updates, loss, gradient, hope, truth, parts: *parts }
}
