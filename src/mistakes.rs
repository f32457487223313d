//! Where a policy is still wrong, and what each mistake costs.
//!
//! What a policy gives away, `V*(start) - V(start)`, is the sum over all states of how often it comes there, each visit discounted by its
//! time, times the loss of its action there, `V*(s) - Q*(s, a)` (the performance difference lemma, Kakade and Langford 2002). So the bill can be
//! itemised by state, and a state the policy never reaches costs nothing, however wrong its action.

use serde::{Deserialize, Serialize};

use crate::evaluate::Yardstick;
use crate::mdp::State;
use crate::model::Model;
use crate::order::sort;
use crate::planner::Policy;

/// Most mistakes listed.
pub const MOST_LISTED: usize = 12;

/// A state in which the action taken is not optimal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    /// The state.
    pub state: u32,
    /// Index of the action the policy takes.
    pub taken: u32,
    /// Index of an optimal action.
    pub best: u32,
    /// What it costs each time, on average: optimal value less the value of the action taken.
    pub loss: f64,
    /// Share of its discounted time that the policy spends in the state.
    pub share: f64,
    /// What it costs in all, at the start.
    pub cost: f64,
}

/// All mistakes of a policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mistakes {
    /// States in which it is wrong.
    pub wrong: u32,
    /// Those of them that it never comes to.
    pub unreached: u32,
    /// What all mistakes cost together, at the start.
    pub cost: f64,
    /// The costliest, first the worst; those it never comes to are not among them.
    pub worst: Vec<Mistake>,
}

/// How often a policy comes to each state, being counted.
pub struct Visits {
    policy: Policy,
    discount: f64,
    /// Discounted chance of being in a state now.
    now: Vec<f64>,
    /// The same summed over time.
    total: Vec<f64>,
    done: bool,
}

impl Visits {
    /// Those of a policy.
    pub fn new(model: &Model, policy: Policy, discount: f64) -> Self {
        let mut now = vec![0.0; model.states() as usize];
        for (state, probability) in model.start() {
            now[state.index()] += probability;
        }
        Self { policy, discount, total: vec![0.0; now.len()], now, done: false }
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether what is left to come weighs nothing.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Follows the policy one step further, and says how many outcomes that took.
    pub fn advance(&mut self, model: &Model) -> u64 {
        const NEGLIGIBLE: f64 = 1e-8;
        let mut next = vec![0.0; self.now.len()];
        let (mut left, mut work) = (0.0, self.now.len() as u64);
        for state in (0..model.states()).map(State) {
            let chance = self.now[state.index()];
            if chance == 0.0 {
                continue;
            }
            self.total[state.index()] += chance;
            if model.is_terminal(state) {
                continue;
            }
            left += chance;
            for (slot, share) in self.policy.chances(model, state) {
                for (probability, follower) in model.successors(model.pair(state, slot)) {
                    next[follower.index()] += self.discount * chance * share * probability;
                    work += 1;
                }
            }
        }
        self.now = next;
        self.done = left < NEGLIGIBLE;
        work
    }

    /// The bill, as far as it is counted.
    pub fn mistakes(&self, model: &Model, yardstick: &Yardstick) -> Mistakes {
        let decisions: f64 =
            (0..model.states()).map(State).filter(|state| !model.is_terminal(*state)).map(|state| self.total[state.index()]).sum();
        let mut list = Mistakes::default();
        for state in yardstick.wrong(model, &self.policy) {
            let (best, visits) = (yardstick.optimum.values[state.index()], self.total[state.index()]);
            let wrong = || self.policy.chances(model, state).filter(|(slot, _)| !yardstick.is_optimal(model, state, *slot));
            let loss = |slot: u32| best - yardstick.action_values[model.pair(state, slot)];
            // A policy that cannot tell states apart is wrong some of the time; its costliest action stands for the others.
            let Some((slot, _)) = wrong().max_by(|a, b| (a.1 * loss(a.0)).total_cmp(&(b.1 * loss(b.0)))) else { continue };
            let loss: f64 = wrong().map(|(slot, share)| share * loss(slot)).sum();
            list.wrong += 1;
            list.unreached += u32::from(visits == 0.0);
            list.cost += visits * loss;
            if visits == 0.0 {
                continue;
            }
            list.worst.push(Mistake {
                state: state.0,
                taken: model.action(state, slot).0,
                best: model.action(state, yardstick.optimum.policy[state.index()]).0,
                loss,
                share: visits / decisions,
                cost: visits * loss,
            });
        }
        sort(&mut list.worst, |a, b| b.cost.total_cmp(&a.cost));
        list.worst.truncate(MOST_LISTED);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Setup;
    use crate::planner::evaluate;
    use crate::share::from_link;

    fn setup(link: &str) -> Setup {
        from_link(link).unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap()
    }

    fn count(setup: &Setup, policy: &[u32]) -> Visits {
        let mut visits = Visits::new(&setup.model, Policy::Fixed(policy.to_vec()), setup.settings.discount);
        while !visits.is_done() {
            visits.advance(&setup.model);
        }
        visits
    }

    #[test]
    fn the_items_of_the_bill_add_up_to_what_the_policy_gives_away() {
        for link in ["1&p=puterman", "1&p=zipkin_l2_p4", "1&p=garnet", "1&p=warlop", "1&p=cart"] {
            let setup = setup(link);
            let (model, discount) = (&setup.model, setup.settings.discount);
            let yardstick = Yardstick::new(&setup);
            for wrong_every in [1, 3] {
                let policy: Vec<u32> = (0..model.states())
                    .map(|state| {
                        let slots = model.slots(State(state));
                        if state % wrong_every == 0 && slots > 0 { state * 7 % slots } else { yardstick.optimum.policy[state as usize] }
                    })
                    .collect();
                let value = model.at_start(&evaluate(model, &Policy::Fixed(policy.clone()), discount, 1e-10));
                let mistakes = count(&setup, &policy).mistakes(model, &yardstick);
                let gap = yardstick.value - value;
                assert!((mistakes.cost - gap).abs() < 1e-5 * (1.0 + gap.abs()), "{link}: {} is not {gap}", mistakes.cost);
                assert!(mistakes.wrong > 0 && mistakes.worst[0].cost > 0.0, "{link}");
                assert!(mistakes.worst.windows(2).all(|pair| pair[0].cost >= pair[1].cost));
                assert!(mistakes.worst.iter().all(|mistake| mistake.loss > 0.0 && mistake.taken != mistake.best));
            }
        }
    }

    #[test]
    fn an_optimal_policy_makes_none() {
        let setup = setup("1&p=puterman");
        let yardstick = Yardstick::new(&setup);
        let mistakes = count(&setup, &yardstick.optimum.policy).mistakes(&setup.model, &yardstick);
        assert_eq!(mistakes, Mistakes::default());
    }

    #[test]
    fn a_mistake_where_nobody_comes_costs_nothing() {
        // From an empty shelf whose owner never orders, no other state is reached.
        let setup = setup("1&p=puterman");
        let yardstick = Yardstick::new(&setup);
        let mistakes = count(&setup, &[0, 2, 1, 0]).mistakes(&setup.model, &yardstick);
        assert_eq!((mistakes.wrong, mistakes.unreached), (3, 2));
        assert_eq!(mistakes.worst.len(), 1);
        assert_eq!((mistakes.worst[0].state, mistakes.worst[0].share), (0, 1.0));
        assert!((mistakes.cost - yardstick.value).abs() < 1e-5);
    }
}
