//! Expected SARSA (van Seijen et al. 2009): the target averages over what exploration may do next.
//!
//! `Q(s,a) += alpha [r + gamma sum_a' pi(a'|s') Q(s',a') - Q(s,a)]` with the epsilon-greedy policy `pi`. Sutton & Barto, section 6.6.

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::random::Stream;

use super::exploration::epsilon_greedy;
use super::q_table::{QTable, arg_max, told_by_table};
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, Update};

/// Tabular Expected SARSA.
#[derive(Clone, Debug)]
pub struct ExpectedSarsa {
    table: QTable,
}

impl ExpectedSarsa {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm = Algorithm::table(
        "expected_sarsa",
        words!("Expected SARSA", "期望 SARSA"),
        "Q(s,a) ← Q(s,a) + α [r + γ Σ π(a′|s′) Q(s′,a′) − Q(s,a)]",
        ["Q(s,a)", "Σ π(a′|s′) Q(s′,a′)"],
    )
    .on_policy();

    /// A learner that knows nothing yet.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        Ok(Self { table: QTable::new(blueprint.model, blueprint.initial_value) })
    }

    /// What a state is worth to who chooses epsilon-greedily.
    #[inline(always)]
    fn expected(&self, state: State, epsilon: f64) -> f64 {
        let (best, mean) = (self.table.best_value(state), self.mean(self.table.row(state), state));
        best + epsilon * (mean - best)
    }

    /// The mean of the values in the row of a state.
    #[inline(always)]
    fn mean(&self, row: &[f64], state: State) -> f64 {
        let slots = self.table.slots(state);
        row[..slots as usize].iter().sum::<f64>() / f64::from(slots)
    }
}

impl Agent for ExpectedSarsa {
    #[inline(always)]
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        epsilon_greedy(slots, epsilon, exploration, || self.table.best(state))
    }

    #[inline(always)]
    fn learn(&mut self, step: &Experience, rates: &Rates, _exploration: &mut Stream) -> Update {
        let next_value = if step.terminated { 0.0 } else { self.expected(step.next, rates.epsilon) };
        self.table.update(step.state, step.slot, next_value, step.reward + rates.gamma * next_value, rates.alpha)
    }

    fn mixed(&self, step: &Experience, update: &Update) -> Option<[f64; 2]> {
        let next = self.next_believed(step, update);
        (!step.terminated).then(|| [arg_max(&next).1, self.mean(&next, step.next)])
    }

    told_by_table!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::workbench::{RATES, STEP, shop};
    use crate::random::Purpose;

    #[test]
    fn the_target_weighs_the_best_action_and_all_alike() {
        let mut agent = shop(2.0, &[], ExpectedSarsa::new).unwrap();
        let mut stream = Stream::new(1, Purpose::Exploration);
        agent.learn(&Experience { state: State(0), slot: 2, reward: 10.0, terminated: true, ..STEP }, &RATES, &mut stream);
        // The empty shop's four actions are now worth 2, 2, 6, 2: their mean is 3.
        let update = agent.learn(&STEP, &Rates { epsilon: 0.5, ..RATES }, &mut stream);
        assert_eq!((update.next_value, update.target), (4.5, 5.0 + 0.9 * 4.5));
        // As they were before the update, also where the step came back to its own state.
        assert_eq!(agent.mixed(&STEP, &update), Some([6.0, 3.0]));
        assert_eq!(agent.mixed(&Experience { terminated: true, ..STEP }, &update), None);
        let greedy = agent.learn(&STEP, &RATES, &mut stream);
        assert_eq!(greedy.next_value, 6.0);
    }
}
