//! Records of a run, kept within bounds however long it is. Metrics observe; they never steer.

use crate::agent::dqn::GradientSteps;
use crate::mdp::MAX_PARTS;

/// Most buckets of a series; a power of two.
pub const MOST_BUCKETS: usize = 1024;

/// What is remembered of an episode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Episode {
    /// Discounted return.
    pub total: f64,
    /// Mean absolute temporal-difference error.
    pub error: f64,
    /// Its gradient steps.
    pub gradient_steps: GradientSteps,
    /// Mean over its steps of what a network took the next state to be worth.
    pub estimate: f64,
    /// What those next states are worth under the optimal policy.
    pub truth: f64,
    /// Discounted return by reward part; they sum to `total` up to noise.
    pub parts: [f64; MAX_PARTS],
}

/// Consecutive episodes, summed up with their extremes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Episodes in it.
    pub count: u32,
    /// Smallest return.
    pub min: f64,
    /// Largest return.
    pub max: f64,
    /// Sums over its episodes.
    pub sum: Episode,
}

impl Bucket {
    fn of(episode: Episode) -> Self {
        Self { count: 1, min: episode.total, max: episode.total, sum: episode }
    }

    fn absorb(&mut self, other: &Bucket) {
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum.total += other.sum.total;
        self.sum.error += other.sum.error;
        self.sum.gradient_steps.absorb(&other.sum.gradient_steps);
        self.sum.estimate += other.sum.estimate;
        self.sum.truth += other.sum.truth;
        for (sum, part) in self.sum.parts.iter_mut().zip(other.sum.parts) {
            *sum += part;
        }
    }
}

/// Returns by episode, in at most [`MOST_BUCKETS`] buckets of equal width: when they are full, neighbours are merged.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    width: u32,
    buckets: Vec<Bucket>,
}

impl Default for Series {
    fn default() -> Self {
        Self { width: 1, buckets: Vec::new() }
    }
}

impl Series {
    /// Adds the next episode.
    pub fn push(&mut self, episode: Episode) {
        let bucket = Bucket::of(episode);
        match self.buckets.last_mut() {
            Some(last) if last.count < self.width => last.absorb(&bucket),
            _ => {
                if self.buckets.len() == MOST_BUCKETS {
                    self.merge();
                }
                self.buckets.push(bucket);
            }
        }
    }

    fn merge(&mut self) {
        let (pairs, _) = self.buckets.as_chunks::<2>();
        let merged = pairs.iter().map(|[first, second]| {
            let mut both = *first;
            both.absorb(second);
            both
        });
        self.buckets = merged.collect();
        self.width *= 2;
    }

    /// Episodes a bucket holds; only the last may hold fewer.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The buckets so far.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }
}

/// The learner at one moment of the run, measured exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checkup {
    /// Episodes completed.
    pub episode: u32,
    /// Exact value of the greedy policy at the start; of a learner that sees raw observations, that of the mixture of actions it takes over
    /// a fixed sample of them in each state.
    pub value: f64,
    /// How far that has come from random choice (0) to the optimum (1).
    pub share: f64,
    /// max |Q - Q*| over reachable states.
    pub distance: f64,
    /// Reachable states whose greedy action is not optimal, or not always.
    pub wrong: u32,
}

/// When to measure: often at first, then at intervals that grow with the run, so that the number of measurements grows with the logarithm
/// of its length. `cost` is the number of steps next to which a measurement takes little time.
pub fn next_checkup(steps: u64, cost: u64) -> u64 {
    let growth = steps / 24;
    steps + growth.max(cost).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_series_stays_short_and_keeps_extremes_and_means() {
        let mut series = Series::default();
        for i in 0..100_000 {
            let total = if i == 77_777 { 1e6 } else { f64::from(i % 10) };
            series.push(Episode { total, ..Episode::default() });
        }
        assert!(series.buckets().len() <= MOST_BUCKETS);
        assert_eq!(series.buckets().iter().map(|bucket| bucket.count).sum::<u32>(), 100_000);
        assert_eq!(series.buckets().iter().map(|bucket| bucket.max).fold(0.0, f64::max), 1e6);
        assert!(series.buckets().iter().rev().skip(1).all(|bucket| bucket.count == series.width()));
    }

    #[test]
    fn checkups_of_a_long_run_are_few() {
        let (mut steps, mut count) = (0, 0);
        while steps < 100_000_000_000 {
            steps = next_checkup(steps, 160);
            count += 1;
        }
        assert!(count < 600, "{count}");
    }
}
