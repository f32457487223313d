//! An environment compiled to flat arrays: what everything hot runs on.
//!
//! The actions available in a state are numbered by *slot*, `0..slots(state)`; every state has room for [`Model::stride`] slots, so
//! that `pair = state * stride + slot` indexes every table over states and actions, the learner's Q-table among them.
//! Outcomes are sampled with the alias method (Walker 1977; Vose 1991): one random number an outcome, whatever their number.

use crate::mdp::{Action, Environment, Outcome, State};
use crate::random::{Stream, below};

/// Slots are padded to a multiple of this, so that rows can be scanned in vectors.
pub const LANES: usize = 4;

/// A compiled environment with the reward parts weighed into one number.
#[derive(Clone, Debug)]
pub struct Model {
    states: u32,
    stride: u32,
    parts: usize,
    slots: Vec<u32>,
    actions: Vec<u16>,
    /// Outcomes of a pair: `offsets[pair]..offsets[pair + 1]`.
    offsets: Vec<u32>,
    probability: Vec<f64>,
    next: Vec<u32>,
    cells: Vec<Cell>,
    /// Weighed parts of each outcome; empty where there is but one.
    part_values: Vec<f64>,
    expected_reward: Vec<f64>,
    start: Vec<(State, f64)>,
    noise: f64,
    order: Vec<State>,
}

/// A column of the alias table with both outcomes it can yield: one cache line a sample.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Cell {
    threshold: u32,
    other: u32,
    next: [u32; 2],
    reward: [f64; 2],
}

/// A sampled step of the environment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transition {
    /// Reward with noise, if the environment has noise.
    pub reward: f64,
    /// The state that follows.
    pub next: State,
    /// Which outcome it was, counted over the whole model.
    pub outcome: u32,
}

impl Model {
    /// Compiles an environment; `weights` has a factor for each reward part.
    pub fn compile(environment: &dyn Environment, weights: &[f64]) -> Self {
        let states = environment.state_count();
        let mut available = Vec::new();
        let widest = (0..states).map(|state| actions_of(environment, State(state), &mut available)).max().unwrap_or(0);
        let stride = widest.max(1).div_ceil(LANES) * LANES;
        let pairs = states as usize * stride;
        let parts = environment.reward_parts().len();
        let mut model = Self {
            states,
            stride: stride as u32,
            parts,
            slots: Vec::with_capacity(states as usize),
            actions: vec![0; pairs],
            offsets: Vec::with_capacity(pairs + 1),
            probability: Vec::new(),
            next: Vec::new(),
            cells: Vec::new(),
            part_values: Vec::new(),
            expected_reward: vec![0.0; pairs],
            start: environment.start(),
            noise: environment.reward_noise(),
            order: Vec::new(),
        };
        let mut outcomes = Vec::new();
        for state in 0..states {
            let count = actions_of(environment, State(state), &mut available);
            model.slots.push(count as u32);
            for slot in 0..stride {
                model.offsets.push(model.next.len() as u32);
                let Some(action) = available.get(slot) else { continue };
                let pair = state as usize * stride + slot;
                model.actions[pair] = action.0 as u16;
                outcomes.clear();
                environment.outcomes(State(state), *action, &mut outcomes);
                model.expected_reward[pair] = model.push_outcomes(&outcomes, weights);
            }
        }
        model.offsets.push(model.next.len() as u32);
        model.order = model.successors_first();
        model
    }

    /// Depth-first post-order over the graph of outcomes.
    fn successors_first(&self) -> Vec<State> {
        let outcomes = |state: u32| self.offsets[self.pair(State(state), 0)]..self.offsets[self.pair(State(state), 0) + self.stride()];
        let mut order = Vec::with_capacity(self.states as usize);
        let mut seen = vec![false; self.states as usize];
        let mut stack = Vec::new();
        for root in 0..self.states {
            if !std::mem::replace(&mut seen[root as usize], true) {
                stack.push((root, outcomes(root)));
            }
            while let Some((state, rest)) = stack.last_mut() {
                match rest.next().map(|outcome| self.next[outcome as usize]) {
                    Some(next) if !std::mem::replace(&mut seen[next as usize], true) => stack.push((next, outcomes(next))),
                    Some(_) => {}
                    None => {
                        order.push(State(*state));
                        stack.pop();
                    }
                }
            }
        }
        order
    }

    /// Whether each state is reachable from a start by some policy.
    pub fn reachable(&self) -> Vec<bool> {
        let mut reached = vec![false; self.states as usize];
        let mut waiting: Vec<State> = self.start.iter().filter(|(_, chance)| *chance > 0.0).map(|(state, _)| *state).collect();
        waiting.iter().for_each(|state| reached[state.index()] = true);
        while let Some(state) = waiting.pop() {
            for slot in 0..self.slots(state) {
                for (_, next) in self.successors(self.pair(state, slot)).filter(|(chance, _)| *chance > 0.0) {
                    if !std::mem::replace(&mut reached[next.index()], true) {
                        waiting.push(next);
                    }
                }
            }
        }
        reached
    }

    /// All states, successors before predecessors as far as cycles allow: on acyclic problems one sweep in this order is exact.
    pub fn sweep_order(&self) -> &[State] {
        &self.order
    }

    /// Whether no state can come back; then one sweep in [that order](Self::sweep_order) is exact.
    pub fn is_acyclic(&self) -> bool {
        let mut passed = vec![false; self.states as usize];
        self.order.iter().all(|state| {
            let mut pairs = (0..self.slots(*state)).map(|slot| self.pair(*state, slot));
            let leads_on = pairs.all(|pair| self.successors(pair).all(|(chance, next)| chance == 0.0 || passed[next.index()]));
            passed[state.index()] = true;
            leads_on
        })
    }

    fn push_outcomes(&mut self, outcomes: &[Outcome], weights: &[f64]) -> f64 {
        let rewards: Vec<f64> =
            outcomes.iter().map(|outcome| outcome.parts.iter().zip(weights).map(|(part, weight)| part * weight).sum()).collect();
        let first = self.next.len() as u32;
        self.probability.extend(outcomes.iter().map(|outcome| outcome.probability));
        self.next.extend(outcomes.iter().map(|outcome| outcome.next.0));
        self.cells.extend(alias_table(outcomes).into_iter().zip(0..).map(|((threshold, other), own): (_, usize)| Cell {
            threshold,
            other: first + other as u32,
            next: [outcomes[own].next.0, outcomes[other].next.0],
            reward: [rewards[own], rewards[other]],
        }));
        if self.parts > 1 {
            let weighed =
                outcomes.iter().flat_map(|outcome| outcome.parts.iter().take(self.parts).zip(weights).map(|(part, weight)| part * weight));
            self.part_values.extend(weighed);
        }
        outcomes.iter().zip(&rewards).map(|(outcome, reward)| outcome.probability * reward).sum()
    }

    /// Number of states.
    pub fn states(&self) -> u32 {
        self.states
    }

    /// Slots reserved for each state, a multiple of [`LANES`].
    pub fn stride(&self) -> usize {
        self.stride as usize
    }

    /// Number of actions available in a state; none in a terminal state.
    #[inline(always)]
    pub fn slots(&self, state: State) -> u32 {
        self.slots[state.index()]
    }

    /// Whether the episode ends on reaching a state.
    #[inline(always)]
    pub fn is_terminal(&self, state: State) -> bool {
        self.slots(state) == 0
    }

    /// Index of a state and slot in tables over pairs.
    #[inline(always)]
    pub fn pair(&self, state: State, slot: u32) -> usize {
        (state.0 * self.stride + slot) as usize
    }

    /// The action in a slot of a state.
    pub fn action(&self, state: State, slot: u32) -> Action {
        Action(u32::from(self.actions[self.pair(state, slot)]))
    }

    /// The slot of an action, if it is available in the state.
    pub fn slot(&self, state: State, action: Action) -> Option<u32> {
        (0..self.slots(state)).find(|slot| self.action(state, *slot) == action)
    }

    /// Number of available state-action pairs.
    pub fn pair_count(&self) -> u32 {
        self.slots.iter().sum()
    }

    /// Number of outcomes.
    pub fn outcome_count(&self) -> usize {
        self.next.len()
    }

    /// Cost of measuring a policy exactly, in equivalent tabular updates: a look at every pair, and some tens of sweeps over the outcomes of
    /// one pair a state.
    pub fn checkup_cost(&self) -> u64 {
        let pairs = self.pair_count() as u64;
        64 * (self.outcome_count() as u64 * u64::from(self.states()) / pairs.max(1)) + 2 * pairs
    }

    /// Where episodes begin.
    pub fn start(&self) -> &[(State, f64)] {
        &self.start
    }

    /// Mean over the start states of a value by state.
    pub fn at_start(&self, values: &[f64]) -> f64 {
        self.start.iter().map(|(state, probability)| probability * values[state.index()]).sum()
    }

    /// Expected immediate reward of a pair.
    #[inline(always)]
    pub fn expected_reward(&self, pair: usize) -> f64 {
        self.expected_reward[pair]
    }

    /// Outcomes of a pair: probability and next state.
    #[inline(always)]
    pub fn successors(&self, pair: usize) -> impl Iterator<Item = (f64, State)> + '_ {
        let range = self.offsets[pair] as usize..self.offsets[pair + 1] as usize;
        self.probability[range.clone()].iter().zip(&self.next[range]).map(|(p, next)| (*p, State(*next)))
    }

    /// Expected value of the state that follows a pair.
    #[inline(always)]
    pub fn expected_next(&self, pair: usize, values: &[f64]) -> f64 {
        self.successors(pair).map(|(p, next)| p * values[next.index()]).sum()
    }

    /// Draws a start state.
    pub fn sample_start(&self, stream: &mut Stream) -> State {
        let mut u = stream.uniform();
        for (state, probability) in &self.start {
            u -= probability;
            if u < 0.0 {
                return *state;
            }
        }
        self.start.last().map_or(State(0), |(state, _)| *state)
    }

    /// Draws what follows a pair; one random number, two more for noise where there is noise.
    #[inline(always)]
    pub fn sample(&self, pair: usize, stream: &mut Stream) -> Transition {
        let bits = stream.bits();
        let first = self.offsets[pair];
        let column = first + below((bits >> 32) as u32, self.offsets[pair + 1] - first);
        let cell = &self.cells[column as usize];
        let other = bits as u32 >= cell.threshold;
        let noise = if self.noise > 0.0 { self.noise * stream.normal() } else { 0.0 };
        Transition {
            reward: cell.reward[usize::from(other)] + noise,
            next: State(cell.next[usize::from(other)]),
            outcome: if other { cell.other } else { column },
        }
    }

    /// What follows a pair for a chance from 0 to 1, found by running through its outcomes in their order: slower than
    /// [`sample`](Self::sample), but the chance that brings many customers to one pair brings many to another, so that policies can be
    /// compared on the same customers. The noise of observation is left out: no policy can help it.
    pub fn follow(&self, pair: usize, chance: f64) -> Transition {
        let (first, end) = (self.offsets[pair], self.offsets[pair + 1]);
        let mut left = chance;
        let mut outcome = first;
        for (index, probability) in (first..end).zip(&self.probability[first as usize..end as usize]) {
            if *probability > 0.0 {
                outcome = index;
                left -= probability;
            }
            if left < 0.0 {
                break;
            }
        }
        Transition { reward: self.cells[outcome as usize].reward[0], next: State(self.next[outcome as usize]), outcome }
    }

    /// Weighed reward parts of an outcome, in the environment's order; empty where there is but one, the reward itself.
    #[inline(always)]
    pub fn parts(&self, outcome: u32) -> &[f64] {
        let first = outcome as usize * self.parts;
        self.part_values.get(first..first + self.parts).unwrap_or_default()
    }

    /// Number of reward parts.
    pub fn part_count(&self) -> usize {
        self.parts
    }

    /// Position of an outcome among those of its pair.
    pub fn outcome_in_pair(&self, pair: usize, outcome: u32) -> u32 {
        outcome - self.offsets[pair]
    }
}

fn actions_of(environment: &dyn Environment, state: State, available: &mut Vec<Action>) -> usize {
    available.clear();
    environment.available(state, available);
    available.len()
}

/// Vose's construction: for each column the threshold below which it yields itself, and what it yields otherwise.
fn alias_table(outcomes: &[Outcome]) -> Vec<(u32, usize)> {
    let count = outcomes.len();
    let mut share: Vec<f64> = outcomes.iter().map(|outcome| outcome.probability * count as f64).collect();
    let mut table: Vec<(u32, usize)> = (0..count).map(|own| (u32::MAX, own)).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..count).partition(|i| share[*i] < 1.0);
    while let (Some(poor), Some(rich)) = (small.pop(), large.last().copied()) {
        table[poor] = ((share[poor] * 4_294_967_296.0) as u32, rich);
        share[rich] -= 1.0 - share[poor];
        if share[rich] < 1.0 {
            large.pop();
            small.push(rich);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    #[test]
    fn sampling_agrees_with_the_probabilities() {
        let outcome = |p, next| Outcome::new(p, State(next), [0.0]);
        let outcomes = [outcome(0.05, 0), outcome(0.6, 1), outcome(0.0, 2), outcome(0.35, 3)];
        let table = alias_table(&outcomes);
        let mut stream = Stream::new(1, Purpose::Environment);
        let mut counts = [0.0; 4];
        for _ in 0..200_000 {
            let bits = stream.bits();
            let column = below((bits >> 32) as u32, 4) as usize;
            let (threshold, other) = table[column];
            counts[if (bits as u32) < threshold { column } else { other }] += 1.0 / 200_000.0;
        }
        for (outcome, count) in outcomes.iter().zip(counts) {
            assert!((outcome.probability - count).abs() < 0.004, "{counts:?}");
        }
        assert_eq!(counts[2], 0.0);
    }
}
