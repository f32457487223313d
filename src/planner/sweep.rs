//! Sweeps over all values, and how many of them can be saved.

use crate::mdp::State;
use crate::model::Model;

/// Replaces every value in turn by what `backup` makes of those so far; terminal states keep theirs.
#[inline(always)]
pub fn sweep(model: &Model, values: &mut [f64], backup: impl Fn(State, &[f64]) -> f64) -> Changes {
    let mut changes = Changes { low: f64::INFINITY, high: f64::NEG_INFINITY };
    for state in model.sweep_order() {
        let before = values[state.index()];
        let value = if model.is_terminal(*state) { before } else { backup(*state, values) };
        let change = value - before;
        changes = Changes {
            low: if change < changes.low { change } else { changes.low },
            high: if change > changes.high { change } else { changes.high },
        };
        values[state.index()] = value;
    }
    changes
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
/// leads is judged by the sweeps that follow, so that the accuracy does not hang on it.
#[derive(Default)]
pub struct Pace {
    before: Option<f64>,
}

impl Pace {
    /// Takes the rest of the way, if the values have come to move alike.
    pub fn leap(&mut self, changes: Changes, discount: f64, values: &mut [f64]) {
        const ALIKE: f64 = 0.2;
        let middle = (changes.low + changes.high) / 2.0;
        let alike = changes.high - changes.low < ALIKE * middle.abs();
        let ratio = self.before.map_or(0.0, |before| middle / before);
        self.before = alike.then_some(middle);
        // No sweep leaves more of a common error than the discount; it may look so while the values are still settling.
        let ratio = ratio.min(discount);
        if alike && ratio > 0.0 && ratio < 1.0 {
            let rest = middle * ratio / (1.0 - ratio);
            values.iter_mut().for_each(|value| *value += rest);
            self.before = None;
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
