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
use super::q_table::QTable;
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, Update, hash_numbers, hash_words};

/// Tabular Double Q-learning.
#[derive(Clone, Debug)]
pub struct DoubleQ {
    tables: [QTable; 2],
    /// What it acts on: the mean of both tables, with the updates of a pair in either.
    mean: QTable,
    /// That of the last pair before its update.
    before: f64,
}

impl DoubleQ {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm = Algorithm::table(
        "double_q",
        words!("Double Q-learning", "双 Q 学习"),
        "Q₁(s,a) ← Q₁(s,a) + α [r + γ Q₂(s′, argmax Q₁(s′,·)) − Q₁(s,a)], 1 ⇄ 2",
    );

    /// A learner that knows nothing yet.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        let table = QTable::new(blueprint.model, blueprint.initial_value);
        Ok(Self { tables: [table.clone(), table.clone()], mean: table, before: 0.0 })
    }
}

impl Agent for DoubleQ {
    #[inline(always)]
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        epsilon_greedy(slots, epsilon, exploration, || self.mean.best(state))
    }

    #[inline(always)]
    fn learn(&mut self, step: &Experience, rates: &Rates, exploration: &mut Stream) -> Update {
        let heads = exploration.bits() >> 63 == 0;
        let [first, second] = &mut self.tables;
        let (learning, judging) = if heads { (first, second) } else { (second, first) };
        let next_value = if step.terminated { 0.0 } else { judging.value(step.next, learning.best(step.next)) };
        let update = learning.update(step.state, step.slot, next_value, step.reward + rates.gamma * next_value, rates.alpha);
        let mean = (self.tables[0].value(step.state, step.slot) + self.tables[1].value(step.state, step.slot)) / 2.0;
        self.before = self.mean.value(step.state, step.slot);
        self.mean.set(step.state, step.slot, mean);
        update
    }

    fn values(&self) -> Cow<'_, [f64]> {
        self.mean.values().into()
    }

    fn row(&self, state: State) -> Cow<'_, [f64]> {
        self.mean.row(state).into()
    }

    fn visits(&self) -> &[u32] {
        self.mean.visits()
    }

    fn believed(&self, state: State, slot: u32, _update: &Update) -> Vec<f64> {
        let mut believed = self.mean.row(state).to_vec();
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
        3 * self.mean.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::q_table::arg_max;
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
        assert_eq!(agent.visits()[agent.mean.pair(State(0), 2)], 21);
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
