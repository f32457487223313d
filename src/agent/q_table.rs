//! A table of action values with the visits of each pair.

use std::rc::Rc;

use wide::{f64x2, f64x4};

use crate::mdp::State;
use crate::model::{LANES, Model};

use super::{StepSize, Update};

/// Most step sizes by visits that are kept ready; later ones are computed when needed.
const READY: usize = 1 << 18;

/// Action values Q(s, a), one padded row a state.
#[derive(Clone, Debug)]
pub struct QTable {
    stride: usize,
    /// Available actions by state.
    slots: Rc<[u32]>,
    values: Vec<f64>,
    visits: Vec<u32>,
    /// The best slot of each state, kept up to date: the next step waits for it, and would wait longer for a scan.
    best: Vec<u32>,
    /// Step sizes by visits, as far as they were needed. Copies share them: a run keeps many, and these never change.
    step_sizes: Rc<[f64]>,
    exponent: f64,
}

impl QTable {
    /// Every available pair at the initial value; padding at negative infinity, so that no scan ever picks it.
    pub fn new(model: &Model, initial_value: f64) -> Self {
        let stride = model.stride();
        let slots: Rc<[u32]> = (0..model.states()).map(|state| model.slots(State(state))).collect();
        let mut values = vec![f64::NEG_INFINITY; slots.len() * stride];
        for (row, slots) in values.chunks_exact_mut(stride).zip(slots.iter()) {
            row[..*slots as usize].fill(initial_value);
        }
        let visits = vec![0; values.len()];
        let best = vec![0; slots.len()];
        Self { stride, slots, values, visits, best, step_sizes: Rc::from([]), exponent: 0.0 }
    }

    /// Memory that a copy takes, in bytes, without what it shares.
    pub fn bytes(&self) -> usize {
        size_of_val(self.values()) + size_of_val(self.visits()) + size_of_val(self.best.as_slice())
    }

    /// Number of actions available in a state.
    #[inline(always)]
    pub fn slots(&self, state: State) -> u32 {
        self.slots[state.index()]
    }

    /// All values.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All visit counts.
    pub fn visits(&self) -> &[u32] {
        &self.visits
    }

    /// Index of a pair.
    #[inline(always)]
    pub fn pair(&self, state: State, slot: u32) -> usize {
        state.index() * self.stride + slot as usize
    }

    /// The values of a state, padding included.
    #[inline(always)]
    pub fn row(&self, state: State) -> &[f64] {
        let first = state.index() * self.stride;
        &self.values[first..first + self.stride]
    }

    /// One value.
    #[inline(always)]
    pub fn value(&self, state: State, slot: u32) -> f64 {
        self.values[self.pair(state, slot)]
    }

    /// The best slot of a state, the lowest among equals.
    #[inline(always)]
    pub fn best(&self, state: State) -> u32 {
        self.best[state.index()]
    }

    /// Value of the best slot of a state.
    #[inline(always)]
    pub fn best_value(&self, state: State) -> f64 {
        self.value(state, self.best(state))
    }

    /// Moves a pair towards a target and counts the visit.
    #[inline(always)]
    pub fn update(&mut self, state: State, slot: u32, next_value: f64, target: f64, step_size: StepSize) -> Update {
        let pair = self.pair(state, slot);
        let alpha = match step_size {
            StepSize::Rate(alpha) => alpha,
            StepSize::Visits(exponent) => self.step_size(self.visits[pair], exponent),
        };
        let before = self.values[pair];
        let error = target - before;
        let after = before + alpha * error;
        self.values[pair] = after;
        self.best[state.index()] = arg_max(self.row(state)).0;
        self.visits[pair] = self.visits[pair].saturating_add(1);
        Update { before, next_value, target, error, alpha, after }
    }

    /// Apart from the loop, so that constant rates do not pay for it.
    #[inline(never)]
    fn step_size(&mut self, visits: u32, exponent: f64) -> f64 {
        if self.exponent != exponent {
            self.exponent = exponent;
            self.step_sizes = Rc::from([]);
        }
        let index = visits as usize;
        if index >= self.step_sizes.len() && index < READY {
            let ready = &self.step_sizes;
            let more = (index + 1).next_power_of_two().max(256) as u32;
            self.step_sizes = ready.iter().copied().chain((ready.len() as u32..more).map(|n| power_step(n, exponent))).collect();
        }
        self.step_sizes.get(index).copied().unwrap_or_else(|| power_step(visits, exponent))
    }
}

fn power_step(visits: u32, exponent: f64) -> f64 {
    StepSize::Visits(exponent).after(f64::from(visits))
}

/// What a learner says of itself if all it knows is in one `table`: these methods of [`Agent`](super::Agent) are the table's.
macro_rules! told_by_table {
    () => {
        fn values(&self) -> std::borrow::Cow<'_, [f64]> {
            self.table.values().into()
        }

        fn row(&self, state: State) -> std::borrow::Cow<'_, [f64]> {
            self.table.row(state).into()
        }

        fn visits(&self) -> &[u32] {
            self.table.visits()
        }

        fn bytes(&self) -> usize {
            self.table.bytes()
        }
    };
}
pub(super) use told_by_table;

/// Index and value of the largest entry of a padded row, the first among equals.
#[inline(always)]
pub fn arg_max(row: &[f64]) -> (u32, f64) {
    let (chunks, _) = row.as_chunks::<LANES>();
    // Rows of a known length compile to straight vector code.
    let index = match chunks.len() {
        1 => scan::<1>(chunks),
        2 => scan::<2>(chunks),
        3 => scan::<3>(chunks),
        4 => scan::<4>(chunks),
        6 => scan::<6>(chunks),
        _ => None,
    };
    let index = index.unwrap_or_else(|| scan_any(chunks));
    // The value is read back, so that it does not depend on which of +0 and -0 a vector unit keeps.
    (index as u32, row.get(index).copied().unwrap_or(f64::NEG_INFINITY))
}

#[inline(always)]
fn scan<const CHUNKS: usize>(chunks: &[[f64; LANES]]) -> Option<usize> {
    let chunks: &[[f64; LANES]; CHUNKS] = chunks.try_into().ok()?;
    let most = f64x4::splat(largest(chunks));
    let mut equal = 0;
    for (position, chunk) in chunks.iter().enumerate() {
        equal |= f64x4::from(*chunk).simd_eq(most).to_bitmask() << (LANES * position);
    }
    // Where nothing equals the largest, as in rows that are not numbers, it is the first; the remainder costs less than a branch.
    Some(equal.trailing_zeros() as usize % u32::BITS as usize)
}

fn scan_any(chunks: &[[f64; LANES]]) -> usize {
    let most = largest(chunks);
    chunks.iter().flatten().position(|value| *value == most).unwrap_or(0)
}

#[inline(always)]
fn largest(chunks: &[[f64; LANES]]) -> f64 {
    let most = chunks.iter().fold(f64x4::splat(f64::NEG_INFINITY), |most, chunk| most.fast_max(f64x4::from(*chunk)));
    // In vectors to the end: a choice between two numbers is a jump in WebAssembly, and nobody can foresee these.
    let [a, b, c, d] = most.to_array();
    let pair = f64x2::from([a, b]).fast_max(f64x2::from([c, d]));
    let [a, b] = pair.to_array();
    pair.fast_max(f64x2::from([b, a])).to_array()[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::puterman;

    #[test]
    fn the_first_of_the_largest_wins_and_padding_never() {
        let none = f64::NEG_INFINITY;
        assert_eq!(arg_max(&[1.0, 3.0, 3.0, none]), (1, 3.0));
        assert_eq!(arg_max(&[-5.0, none, none, none]), (0, -5.0));
        assert_eq!(arg_max(&[0.0, 1.0, 2.0, 3.0, 9.0, 9.0, none, none]), (4, 9.0));
        for lanes in (LANES..=8 * LANES).step_by(LANES) {
            assert_eq!(arg_max(&vec![f64::NAN; lanes]).0, 0);
        }
    }

    #[test]
    fn copies_share_step_sizes_and_grow_them_apart() {
        let shop = puterman::SCENARIO.instance(&[]).unwrap();
        let mut table = QTable::new(&Model::compile(shop.as_ref(), &[1.0; 4]), 0.0);
        let visit = |table: &mut QTable, times: u32| {
            for _ in 0..times {
                let n = table.visits()[0];
                assert_eq!(table.update(State(0), 0, 0.0, 1.0, StepSize::Visits(0.7)).alpha, power_step(n, 0.7));
            }
        };
        visit(&mut table, 1000);
        let mut copy = table.clone();
        assert!(Rc::ptr_eq(&copy.step_sizes, &table.step_sizes) && Rc::ptr_eq(&copy.slots, &table.slots));
        // What a copy has to itself: four rows of four values, their visits, the best of each.
        assert_eq!(copy.bytes(), 16 * (8 + 4) + 4 * 4);
        visit(&mut copy, 1000);
        assert_eq!((table.step_sizes.len(), copy.step_sizes.len()), (1024, 2048));
        visit(&mut table, 500);
        assert_eq!(copy.update(State(0), 1, 0.0, 1.0, StepSize::Visits(0.5)).alpha, 1.0);
        assert_eq!(copy.update(State(0), 1, 0.0, 1.0, StepSize::Visits(0.5)).alpha, power_step(1, 0.5));
        assert_eq!(copy.bytes(), table.bytes());
    }

    #[test]
    fn step_sizes_by_visits_are_the_stated_power() {
        for n in [0, 1, 7, 4095, 4096, 1_000_000] {
            let expected = 1.0 / (1.0 + f64::from(n)).powf(0.7);
            assert!((power_step(n, 0.7) - expected).abs() < 1e-15);
        }
    }
}
