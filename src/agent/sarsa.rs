//! SARSA (Rummery and Niranjan 1994): `Q(s,a) += alpha [r + gamma Q(s',a') - Q(s,a)]` with the action taken next.
//!
//! On-policy: it learns the value of what it does, exploring included. Sutton & Barto, section 6.4.

use xxhash_rust::xxh64::Xxh64;

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::random::Stream;

use super::exploration::epsilon_greedy;
use super::q_table::{QTable, told_by_table};
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, Update, hash_numbers, hash_words};

/// Tabular SARSA.
#[derive(Clone, Debug)]
pub struct Sarsa {
    table: QTable,
    /// The action chosen for the target, which is then the one taken.
    next: Option<(State, Choice)>,
}

impl Sarsa {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm =
        Algorithm::table("sarsa", words!("SARSA"), "Q(s,a) ← Q(s,a) + α [r + γ Q(s′,a′) − Q(s,a)]", ["Q(s,a)", "Q(s′,a′)"]).on_policy();

    /// A learner that knows nothing yet.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        Ok(Self { table: QTable::new(blueprint.model, blueprint.initial_value), next: None })
    }

    #[inline(always)]
    fn choose(&self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        epsilon_greedy(slots, epsilon, exploration, || self.table.best(state))
    }
}

impl Agent for Sarsa {
    #[inline(always)]
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        match self.next.take() {
            Some((chosen_for, choice)) if chosen_for == state => choice,
            // An episode begins, unless it does so in the very state the last one was cut in: then the choice still stands.
            _ => self.choose(state, slots, epsilon, exploration),
        }
    }

    #[inline(always)]
    fn learn(&mut self, step: &Experience, rates: &Rates, exploration: &mut Stream) -> Update {
        let mut next_value = 0.0;
        self.next = None;
        if !step.terminated {
            let choice = self.choose(step.next, self.table.slots(step.next), rates.epsilon, exploration);
            next_value = self.table.value(step.next, choice.slot);
            self.next = Some((step.next, choice));
        }
        self.table.update(step.state, step.slot, next_value, step.reward + rates.gamma * next_value, rates.alpha)
    }

    fn followed(&self, _step: &Experience, _update: &Update) -> Option<u32> {
        self.next.map(|(_, choice)| choice.slot)
    }

    told_by_table!();

    fn fingerprint(&self, hash: &mut Xxh64) {
        hash_numbers(hash, self.table.values());
        hash_words(hash, self.table.visits());
        // The action already chosen is part of the run.
        let next = self.next.map_or([u32::MAX; 3], |(state, choice)| [state.0, choice.slot, u32::from(choice.explored)]);
        hash_words(hash, &next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::workbench::{RATES, STEP, shop};
    use crate::random::Purpose;

    #[test]
    fn the_target_is_the_action_that_is_then_taken() {
        let mut agent = shop(2.0, &[], Sarsa::new).unwrap();
        let mut stream = Stream::new(1, Purpose::Exploration);
        let always_explore = Rates { epsilon: 1.0, ..RATES };
        agent.learn(&Experience { state: State(0), slot: 2, terminated: true, ..STEP }, &RATES, &mut stream);
        assert_eq!(agent.table.value(State(0), 2), 3.5);
        for _ in 0..20 {
            let update = agent.learn(&STEP, &always_explore, &mut stream);
            let told = agent.followed(&STEP, &update);
            let choice = agent.act(State(0), 4, 0.0, &mut stream);
            assert_eq!(told, Some(choice.slot));
            assert_eq!(update.next_value, if choice.slot == 2 { 3.5 } else { 2.0 });
            assert_eq!(update.target, 5.0 + 0.9 * update.next_value);
        }
        assert_eq!(agent.learn(&Experience { terminated: true, ..STEP }, &RATES, &mut stream).target, 5.0);
    }
}
