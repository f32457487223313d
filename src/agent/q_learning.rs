//! Q-learning (Watkins 1989): `Q(s,a) += alpha [r + gamma max Q(s',.) - Q(s,a)]`.
//!
//! Off-policy: it learns the value of acting greedily, whatever it does to explore. Sutton & Barto, section 6.5.

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::random::Stream;

use super::exploration::epsilon_greedy;
use super::q_table::{QTable, arg_max, told_by_table};
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, Update};

/// Tabular Q-learning.
#[derive(Clone, Debug)]
pub struct QLearning {
    table: QTable,
}

impl QLearning {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm = Algorithm::table(
        "q_learning",
        words!("Q-learning", "Q 学习"),
        "Q(s,a) ← Q(s,a) + α [r + γ max Q(s′,·) − Q(s,a)]",
        ["Q(s,a)", "max Q(s′,·)"],
    );

    /// A learner that knows nothing yet.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        Ok(Self { table: QTable::new(blueprint.model, blueprint.initial_value) })
    }
}

impl Agent for QLearning {
    #[inline(always)]
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        epsilon_greedy(slots, epsilon, exploration, || self.table.best(state))
    }

    #[inline(always)]
    fn learn(&mut self, step: &Experience, rates: &Rates, _exploration: &mut Stream) -> Update {
        let next_value = if step.terminated { 0.0 } else { self.table.best_value(step.next) };
        self.table.update(step.state, step.slot, next_value, step.reward + rates.gamma * next_value, rates.alpha)
    }

    fn followed(&self, step: &Experience, update: &Update) -> Option<u32> {
        (!step.terminated).then(|| arg_max(&self.next_believed(step, update)).0)
    }

    told_by_table!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::workbench::{RATES, STEP, shop};
    use crate::random::{Purpose, below};

    #[test]
    fn an_update_is_the_textbook_one_and_stops_at_terminal_states() {
        let mut agent = shop(2.0, &[], QLearning::new).unwrap();
        let mut stream = Stream::new(1, Purpose::Exploration);
        let update = agent.learn(&STEP, &RATES, &mut stream);
        assert_eq!((update.target, update.error, update.after), (6.8, 4.8, 4.4));
        // The first among equals, as they were before the update.
        assert_eq!(agent.followed(&STEP, &update), Some(0));
        assert_eq!(agent.followed(&Experience { terminated: true, ..STEP }, &update), None);
        let update = agent.learn(&Experience { terminated: true, ..STEP }, &RATES, &mut stream);
        assert_eq!((update.next_value, update.target), (0.0, 5.0));
        assert_eq!(agent.visits()[agent.table.pair(State(1), 0)], 2);
    }

    #[test]
    fn the_best_slot_is_known_after_every_update() {
        let mut agent = shop(0.0, &[], QLearning::new).unwrap();
        let mut stream = Stream::new(1, Purpose::Exploration);
        for _ in 0..1000 {
            let mut draw = |count| below((stream.bits() >> 32) as u32, count);
            let (state, next) = (draw(4), draw(4));
            let slot = draw(agent.row(State(state)).iter().filter(|value| value.is_finite()).count() as u32);
            let step = Experience { state: State(state), slot, reward: stream.normal(), next: State(next), terminated: false };
            agent.learn(&step, &RATES, &mut stream.clone());
            let row = agent.row(State(state)).to_vec();
            assert_eq!(agent.table.best(State(state)), arg_max(&row).0, "{row:?}");
        }
    }
}
