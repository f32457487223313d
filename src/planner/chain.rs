//! What a policy makes of a model, and how its values are found.

use crate::model::Model;

use super::Policy;

/// The Markov chain, with rewards, of a policy: one line a state that acts, in the order of the sweeps, so that memory is read from
/// front to back. In the model the lines of a policy lie far apart, and a sweep over a large one would wait for each.
pub struct Chain {
    states: Vec<u32>,
    rewards: Vec<f64>,
    /// Where the successors of each line end.
    ends: Vec<u32>,
    next: Vec<(f64, u32)>,
}

impl Chain {
    /// The chain of a policy.
    pub fn new(model: &Model, policy: &Policy) -> Self {
        let acting = model.sweep_order().iter().copied().filter(|state| !model.is_terminal(*state));
        let count = model.states() as usize;
        let mut chain = Self { states: Vec::with_capacity(count), rewards: Vec::with_capacity(count), ends: Vec::new(), next: Vec::new() };
        for state in acting {
            let mut reward = 0.0;
            for (slot, chance) in policy.chances(model, state) {
                let pair = model.pair(state, slot);
                reward += chance * model.expected_reward(pair);
                chain.next.extend(model.successors(pair).map(|(probability, next)| (chance * probability, next.0)));
            }
            chain.states.push(state.0);
            chain.rewards.push(reward);
            chain.ends.push(chain.next.len() as u32);
        }
        chain
    }

    /// State, reward and successors, line by line.
    #[inline(always)]
    fn lines(&self) -> impl Iterator<Item = (usize, f64, &[(f64, u32)])> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let lines = self.states.iter().zip(&self.rewards).zip(starts.zip(&self.ends));
        lines.map(|((state, reward), (start, end))| (*state as usize, *reward, &self.next[start as usize..*end as usize]))
    }

    /// Replaces every value in turn by what a step is worth by those so far; terminal states keep theirs.
    pub fn sweep(&self, discount: f64, values: &mut [f64]) -> Changes {
        // Where something ends, its value never changes.
        let ends = self.states.len() < values.len();
        let mut changes = if ends { Changes { low: 0.0, high: 0.0 } } else { Changes { low: f64::INFINITY, high: f64::NEG_INFINITY } };
        for (state, reward, next) in self.lines() {
            let value = worth(reward, next, discount, values);
            let change = value - values[state];
            changes.low = if change < changes.low { change } else { changes.low };
            changes.high = if change > changes.high { change } else { changes.high };
            values[state] = value;
        }
        changes
    }

    /// What a step is worth in every state, by given values; nothing in terminal states.
    pub fn step(&self, discount: f64, values: &[f64]) -> Vec<f64> {
        let mut longer = vec![0.0; values.len()];
        for (state, reward, next) in self.lines() {
            longer[state] = worth(reward, next, discount, values);
        }
        longer
    }
}

#[inline(always)]
fn worth(reward: f64, next: &[(f64, u32)], discount: f64, values: &[f64]) -> f64 {
    reward + discount * next.iter().map(|(probability, next)| probability * values[*next as usize]).sum::<f64>()
}

/// Smallest and largest change of a value in a sweep.
#[derive(Clone, Copy)]
pub struct Changes {
    low: f64,
    high: f64,
}

impl Changes {
    /// The largest change either way.
    pub fn largest(self) -> f64 {
        self.high.max(-self.low)
    }
}

/// How evaluation gets along. Where nothing ends, the values soon move all alike, a little less with each sweep, and so they would for
/// hundreds of sweeps: as soon as that is seen, the rest of the way is taken at once (Puterman, section 6.6, on such bounds). Where it
/// leads is judged by the sweeps that follow: who leaps too far, as may happen with a discount near 1, must first have come half as near again
/// before leaping once more. So a leap may be in vain, but the sweeps converge as they do without.
#[derive(Default)]
pub struct Pace {
    before: Option<f64>,
    /// The largest change at the last leap.
    leapt_at: Option<f64>,
}

impl Pace {
    /// Takes the rest of the way, if the values have come to move alike.
    pub fn leap(&mut self, changes: Changes, discount: f64, values: &mut [f64]) {
        const ALIKE: f64 = 0.2;
        const NEARER: f64 = 0.5;
        let middle = (changes.low + changes.high) / 2.0;
        let alike = changes.high - changes.low < ALIKE * middle.abs();
        let ratio = self.before.map_or(0.0, |before| middle / before);
        self.before = alike.then_some(middle);
        // No sweep leaves more of a common error than the discount; it may look so while the values are still settling.
        let ratio = ratio.min(discount);
        let nearer = self.leapt_at.is_none_or(|change| changes.largest() <= NEARER * change);
        if alike && nearer && ratio > 0.0 && ratio < 1.0 {
            let rest = middle * ratio / (1.0 - ratio);
            values.iter_mut().for_each(|value| *value += rest);
            (self.before, self.leapt_at) = (None, Some(changes.largest()));
        }
    }
}

/// Largest change of a sweep after which every value is within `tolerance` of its limit.
pub fn allowed_change(discount: f64, tolerance: f64, values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let contraction = if discount < 1.0 { tolerance * (1.0 - discount) / discount.max(1e-3) } else { tolerance * 1e-3 };
    contraction.max(4.0 * f64::EPSILON * largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_error_is_gone_at_one_leap() {
        // Each sweep leaves nine tenths of the error, which is the same everywhere.
        let (mut pace, mut values) = (Pace::default(), [0.0; 3]);
        for sweeps in 1..=2 {
            let change = 0.9_f64.powi(sweeps - 1);
            values.iter_mut().for_each(|value| *value += change);
            pace.leap(Changes { low: change, high: change }, 0.95, &mut values);
        }
        assert!(values.iter().all(|value| (value - 10.0).abs() < 1e-12), "{values:?}");
    }

    #[test]
    fn values_that_move_apart_or_seem_to_speed_up_are_not_carried_away() {
        let mut values = [0.0; 3];
        for changes in [[(1.0, 2.0), (0.5, 1.9)], [(0.0, 1.0), (0.0, 0.9)], [(1.0, 1.0), (-0.9, -0.9)]] {
            let mut pace = Pace::default();
            changes.into_iter().for_each(|(low, high)| pace.leap(Changes { low, high }, 0.95, &mut values));
            assert_eq!(values, [0.0; 3]);
        }
        let mut pace = Pace::default();
        [1.0, 2.0].into_iter().for_each(|change| pace.leap(Changes { low: change, high: change }, 0.5, &mut values));
        assert_eq!(values, [2.0; 3]);
    }
}
