//! Q-learning (Watkins 1989): `Q(s,a) += alpha [r + gamma max Q(s',.) - Q(s,a)]`.
//!
//! Off-policy: it learns the value of acting greedily, whatever it does to explore. Sutton & Barto, section 6.5.

use std::borrow::Cow;

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::random::Stream;

use super::exploration::epsilon_greedy;
use super::q_table::QTable;
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, Update};

/// Tabular Q-learning.
#[derive(Clone, Debug)]
pub struct QLearning {
    table: QTable,
    /// The greedy slot found for the target also serves the next choice: one scan a step.
    greedy: Option<(State, u32)>,
}

impl QLearning {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm =
        Algorithm::table("q_learning", words!("Q-learning", "Q 学习"), "Q(s,a) ← Q(s,a) + α [r + γ max Q(s′,·) − Q(s,a)]");

    /// A learner that knows nothing yet.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        Ok(Self { table: QTable::new(blueprint.model, blueprint.initial_value), greedy: None })
    }

    /// The greedy slot where it is not known yet; apart from the loop, which seldom needs it.
    #[cold]
    #[inline(never)]
    fn look_up(&self, state: State) -> u32 {
        self.table.best(state).0
    }
}

impl Agent for QLearning {
    #[inline(always)]
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        epsilon_greedy(slots, epsilon, exploration, || match self.greedy {
            Some((known, slot)) if known == state => slot,
            _ => self.look_up(state),
        })
    }

    #[inline(always)]
    fn learn(&mut self, step: &Experience, rates: &Rates, _exploration: &mut Stream) -> Update {
        let (slot, value) = self.table.best(step.next);
        let next_value = if step.terminated { 0.0 } else { value };
        let pair = self.table.pair(step.state, step.slot);
        let update = self.table.update(pair, next_value, step.reward + rates.gamma * next_value, rates.alpha);
        // The update may have changed which action is best where the state did not change.
        self.greedy = (step.next != step.state).then_some((step.next, slot));
        update
    }

    fn values(&self) -> Cow<'_, [f64]> {
        self.table.values().into()
    }

    fn row(&self, state: State) -> Cow<'_, [f64]> {
        self.table.row(state).into()
    }

    fn visits(&self) -> &[u32] {
        self.table.visits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::workbench::{RATES, STEP, shop};
    use crate::random::Purpose;

    #[test]
    fn an_update_is_the_textbook_one_and_stops_at_terminal_states() {
        let mut agent = shop(2.0, &[], QLearning::new).unwrap();
        let mut stream = Stream::new(1, Purpose::Exploration);
        let update = agent.learn(&STEP, &RATES, &mut stream);
        assert_eq!((update.target, update.error, update.after), (6.8, 4.8, 4.4));
        let update = agent.learn(&Experience { terminated: true, ..STEP }, &RATES, &mut stream);
        assert_eq!((update.next_value, update.target), (0.0, 5.0));
        assert_eq!(agent.visits()[agent.table.pair(State(1), 0)], 2);
    }
}
