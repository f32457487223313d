//! Double Q-learning (van Hasselt 2010): two tables, one picks the action, the other says what it is worth.
//!
//! `Q1(s,a) += alpha [r + gamma Q2(s', argmax Q1(s',.)) - Q1(s,a)]`, or with 1 and 2 exchanged, by the toss of a coin. A single table's
//! maximum over noisy values is too high on average; here the noise of the choice is not the noise of the value. Sutton & Barto, section 6.7.

use std::borrow::Cow;

use xxhash_rust::xxh64::Xxh64;

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::random::Stream;

use super::exploration::epsilon_greedy;
use super::q_table::{QTable, arg_max};
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, Update, hash_numbers, hash_words};

/// Tabular Double Q-learning.
#[derive(Clone, Debug)]
pub struct DoubleQ {
    tables: [QTable; 2],
    /// Updates of a pair in either table.
    visits: Vec<u32>,
    /// The mean of both tables: what it acts on. The next step looks for the best of its row, which is seldom the one just written to, and
    /// so need not wait for that.
    mean: Vec<f64>,
    /// That of the last pair before its update.
    before: f64,
    stride: usize,
}

impl DoubleQ {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm = Algorithm::table(
        "double_q",
        words!("Double Q-learning", "双 Q 学习"),
        "Q₁(s,a) ← Q₁(s,a) + α [r + γ Q₂(s′, argmax Q₁(s′,·)) − Q₁(s,a)], 1 ⇄ 2",
        ["Q₁(s,a)", "Q₂(s′, argmax Q₁(s′,·))"],
    )
    .tables(2);

    /// A learner that knows nothing yet.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        let table = QTable::new(blueprint.model, blueprint.initial_value);
        let (visits, mean) = (table.visits().to_vec(), table.values().to_vec());
        Ok(Self { tables: [table.clone(), table], visits, mean, before: 0.0, stride: blueprint.model.stride() })
    }

    /// The mean of both tables in a state, padding included.
    #[inline(always)]
    fn mean(&self, state: State) -> &[f64] {
        &self.mean[state.index() * self.stride..][..self.stride]
    }
}

impl Agent for DoubleQ {
    #[inline(always)]
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        epsilon_greedy(slots, epsilon, exploration, || arg_max(self.mean(state)).0)
    }

    #[inline(always)]
    fn learn(&mut self, step: &Experience, rates: &Rates, exploration: &mut Stream) -> Update {
        let heads = exploration.bits() >> 63 == 0;
        let [first, second] = &mut self.tables;
        let (learning, judging) = if heads { (first, second) } else { (second, first) };
        let next_value = if step.terminated { 0.0 } else { judging.value(step.next, learning.best(step.next)) };
        let pair = learning.pair(step.state, step.slot);
        let update = learning.update(step.state, step.slot, next_value, step.reward + rates.gamma * next_value, rates.alpha);
        self.visits[pair] = self.visits[pair].saturating_add(1);
        self.before = self.mean[pair];
        self.mean[pair] = (self.tables[0].values()[pair] + self.tables[1].values()[pair]) / 2.0;
        update
    }

    fn values(&self) -> Cow<'_, [f64]> {
        self.mean.as_slice().into()
    }

    fn row(&self, state: State) -> Cow<'_, [f64]> {
        self.mean(state).into()
    }

    fn visits(&self) -> &[u32] {
        &self.visits
    }

    fn believed(&self, state: State, slot: u32, _update: &Update) -> Vec<f64> {
        let mut believed = self.mean(state).to_vec();
        believed[slot as usize] = self.before;
        believed
    }

    fn fingerprint(&self, hash: &mut Xxh64) {
        for table in &self.tables {
            hash_numbers(hash, table.values());
            hash_words(hash, table.visits());
        }
    }

    fn bytes(&self) -> usize {
        2 * self.tables[0].bytes() + size_of_val(self.visits()) + size_of_val(self.mean.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::workbench::{RATES, STEP, shop};
    use crate::random::Purpose;

    #[test]
    fn one_table_picks_and_the_other_judges() {
        let mut agent = shop(2.0, &[], DoubleQ::new).unwrap();
        let mut stream = Stream::new(1, Purpose::Exploration);
        let praise = Experience { state: State(0), slot: 2, reward: 10.0, terminated: true, ..STEP };
        let first = agent.learn(&praise, &RATES, &mut stream);
        assert_eq!((first.before, first.after), (2.0, 6.0));
        // Only one table knows that slot 2 is worth 6: each asks the other about its own favourite, and hears 2.
        assert_eq!(agent.learn(&STEP, &RATES, &mut stream).next_value, 2.0);
        assert_eq!(agent.row(State(0))[2], 4.0);
        assert_eq!(agent.act(State(0), 4, 0.0, &mut stream).slot, 2);
        for _ in 0..20 {
            agent.learn(&praise, &RATES, &mut stream);
        }
        assert!(agent.learn(&STEP, &RATES, &mut stream).next_value > 9.0);
        assert_eq!(agent.visits()[agent.tables[0].pair(State(0), 2)], 21);
    }

    #[test]
    fn what_was_believed_is_what_it_acted_on() {
        let mut agent = shop(2.0, &[], DoubleQ::new).unwrap();
        let mut stream = Stream::new(1, Purpose::Exploration);
        let praise = Experience { state: State(0), slot: 2, reward: 10.0, terminated: true, ..STEP };
        let mut apart = 0;
        for _ in 0..20 {
            let choice = agent.act(State(0), 4, 0.0, &mut stream);
            let row = agent.row(State(0)).to_vec();
            let update = agent.learn(&praise, &RATES, &mut stream);
            let believed = agent.believed(State(0), 2, &update);
            assert_eq!((&believed, arg_max(&believed).0), (&row, choice.slot));
            // The table that learned had a value of its own.
            apart += u32::from(believed[2] != update.before);
        }
        assert!(apart > 10, "{apart}");
    }
}
