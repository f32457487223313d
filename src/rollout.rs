//! A policy at work: what it does step after step, with customers that training never saw.
//!
//! Episode `i` draws from fork `i` of the evaluation stream, one number for the start and one a step, for whoever plays it: all policies
//! meet the same customers (common random numbers).

use serde::{Deserialize, Serialize};

use crate::config::Setup;
use crate::evaluate::{Baselines, Yardstick, myopic_policy};
use crate::mdp::State;
use crate::model::{Model, Transition};
use crate::planner::Policy;
use crate::random::{Purpose, Stream, below};
use crate::words::Words;

/// What short-sighted choice is called.
pub const MYOPIC: Words = words!("myopic (best next reward only)", "短视（只看下一步奖励）");

/// Steps told of an episode, at most.
pub const TOLD: u32 = 60;

/// Who plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Player {
    /// The learner's greedy policy.
    Learner,
    /// The exact optimum.
    Optimum,
    /// A policy of the trade, by index.
    Baseline(u32),
    /// Always the largest expected reward of the next step.
    Myopic,
    /// Uniformly random choice.
    Random,
}

impl Player {
    /// What the player does. `None` for a policy of the trade that does not exist.
    pub fn policy(
        self,
        learned: impl FnOnce() -> Policy,
        setup: &Setup,
        yardstick: &Yardstick,
        baselines: &mut Baselines,
    ) -> Option<Policy> {
        Some(match self {
            Player::Learner => learned(),
            Player::Optimum => Policy::Fixed(yardstick.optimum.policy.clone()),
            Player::Baseline(index) => Policy::Fixed(baselines.get(index as usize)?.policy.clone()),
            Player::Myopic => Policy::Fixed(myopic_policy(&setup.model)),
            Player::Random => Policy::Uniform,
        })
    }
}

/// The customers of all episodes of a seed; those of one are a fork.
pub fn customers(seed: u32) -> Stream {
    Stream::new(seed, Purpose::Evaluation)
}

/// An episode as a policy plays it: states, slots taken and what followed, without end unless the problem has one.
pub fn play<'a>(model: &'a Model, policy: &'a Policy, mut customers: Stream) -> impl Iterator<Item = (State, u32, Transition)> + 'a {
    // Random choice has chance of its own, and leaves the customers as they are.
    let mut whims = customers.fork(0);
    let mut state = model.sample_start(&mut customers);
    std::iter::from_fn(move || {
        if model.is_terminal(state) {
            return None;
        }
        let slot = match policy {
            Policy::Fixed(slots) => slots[state.index()],
            Policy::Uniform => below((whims.bits() >> 32) as u32, model.slots(state)),
            Policy::Mixed(_) => drawn(policy.chances(model, state), whims.uniform()),
        };
        let transition = model.follow(model.pair(state, slot), customers.uniform());
        let from = std::mem::replace(&mut state, transition.next);
        Some((from, slot, transition))
    })
}

/// The slot that a number from 0 to 1 falls on.
fn drawn(chances: impl Iterator<Item = (u32, f64)>, mut number: f64) -> u32 {
    let mut last = 0;
    for (slot, chance) in chances {
        (last, number) = (slot, number - chance);
        if number < 0.0 {
            break;
        }
    }
    last
}

/// A step of an episode told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The state.
    pub state: u32,
    /// The action, by index.
    pub action: u32,
    /// The optimal action there, if the action is not optimal.
    pub better: Option<u32>,
    /// The reward.
    pub reward: f64,
}

/// The steps that come back for ever: each has but one successor, and the last leads to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// Index of the first of them.
    pub first: u32,
    /// How many they are.
    pub length: u32,
}

/// An episode told, or its first steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rollout {
    /// Who plays.
    pub player: Player,
    /// The steps, [`TOLD`] at most.
    pub steps: Vec<Step>,
    /// Whether the problem ends there.
    pub ended: bool,
    /// What it comes to do for ever, where chance has no part in it.
    pub cycle: Option<Cycle>,
}

impl Rollout {
    /// Plays episode `episode` of the experiment.
    pub fn new(setup: &Setup, yardstick: &Yardstick, player: Player, policy: &Policy, episode: u32) -> Self {
        let (model, settings) = (&setup.model, &setup.settings);
        let (mut steps, mut certain, mut last) = (Vec::new(), Vec::new(), None);
        for (state, slot, transition) in play(model, policy, customers(settings.seed).fork(episode)).take(settings.steps.min(TOLD) as usize)
        {
            let best = model.action(state, yardstick.optimum.policy[state.index()]).0;
            let better = (!yardstick.is_optimal(model, state, slot)).then_some(best);
            steps.push(Step { state: state.0, action: model.action(state, slot).0, better, reward: transition.reward });
            let mut successors = model.successors(model.pair(state, slot)).filter(|(probability, _)| *probability > 0.0);
            certain.push(matches!(policy, Policy::Fixed(_)) && successors.all(|(_, next)| next == transition.next));
            last = Some(transition.next);
        }
        let ended = last.is_some_and(|state| model.is_terminal(state));
        let cycle = cycle(&steps, &certain, last);
        Self { player, steps, ended, cycle }
    }

    /// The actions of the cycle.
    pub fn cycled(&self) -> &[Step] {
        let range = self.cycle.map_or(0..0, |cycle| cycle.first as usize..(cycle.first + cycle.length) as usize);
        self.steps.get(range).unwrap_or_default()
    }
}

/// The first steps that lead back to where they begin by necessity; `last` is the state after all.
fn cycle(steps: &[Step], certain: &[bool], last: Option<State>) -> Option<Cycle> {
    let states: Vec<u32> = steps.iter().map(|step| step.state).chain(last.map(|state| state.0)).collect();
    (1..states.len()).find_map(|end| {
        let first = states[..end].iter().rposition(|state| *state == states[end])?;
        certain[first..end].iter().all(|certain| *certain).then_some(Cycle { first: first as u32, length: (end - first) as u32 })
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::mdp::Action;
    use crate::share::from_link;
    use crate::words::Language;

    fn rollout(link: &str, player: Player, episode: u32) -> (Setup, Rollout) {
        let setup = Rc::new(from_link(link).unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap());
        let yardstick = Yardstick::new(&setup);
        let mut baselines = Baselines::new(Rc::clone(&setup));
        let policy = player.policy(|| Policy::Uniform, &setup, &yardstick, &mut baselines).unwrap();
        let rollout = Rollout::new(&setup, &yardstick, player, &policy, episode);
        drop(baselines);
        (Rc::into_inner(setup).unwrap(), rollout)
    }

    #[test]
    fn the_rhythm_of_three_genres_is_found() {
        let (setup, rollout) = rollout("1&p=warlop", Player::Optimum, 0);
        let cycle = rollout.cycle.unwrap();
        assert_eq!(cycle.length, 3);
        let name = |step: &Step| setup.environment.action_text(Action(step.action), Language::English);
        let mut names: Vec<String> = rollout.cycled().iter().map(name).collect();
        names.sort();
        assert_eq!(names, ["recommend Action", "recommend Comedy", "recommend Thriller"]);
        for (index, step) in rollout.steps.iter().enumerate().skip(cycle.first as usize) {
            assert_eq!(step.action, rollout.cycled()[(index - cycle.first as usize) % 3].action, "step {index}");
        }
    }

    #[test]
    fn where_chance_decides_nothing_is_said_to_come_back() {
        let (_, shop) = rollout("1&p=puterman", Player::Optimum, 0);
        assert_eq!((shop.steps.len() as u32, shop.ended, shop.cycle), (TOLD, false, None));
        // Nor where the policy itself is chance, though the model is not.
        assert_eq!(rollout("1&p=warlop", Player::Random, 0).1.cycle, None);
    }

    #[test]
    fn all_meet_the_same_customers_step_by_step_whatever_they_do() {
        // Where customers wait, what was on the shelf after delivery less what is there next is what they wanted.
        let optimum = rollout("1&p=zheng_10&backlog=200", Player::Optimum, 3).1;
        let demand = |rollout: &Rollout| -> Vec<u32> {
            // An order is named by the level that it fills up to.
            let after = |step: &Step| if step.action == 0 { step.state } else { step.action };
            rollout.steps.windows(2).map(|pair| after(&pair[0]) - pair[1].state).collect()
        };
        let met = demand(&optimum);
        assert!(met.len() as u32 == TOLD - 1 && met.iter().any(|demand| *demand != met[0]), "{met:?}");
        for player in [Player::Random, Player::Myopic, Player::Baseline(1)] {
            let other = rollout("1&p=zheng_10&backlog=200", player, 3).1;
            assert!(other.steps.iter().zip(&optimum.steps).any(|(a, b)| a.action != b.action), "{player:?} does what the optimum does");
            assert_eq!(demand(&other), met, "{player:?}");
        }
        assert_ne!(demand(&rollout("1&p=zheng_10&backlog=200", Player::Optimum, 4).1), met);
    }

    #[test]
    fn an_episode_comes_to_the_same_again_and_another_to_something_else() {
        let optimum = rollout("1&p=puterman", Player::Optimum, 3).1;
        assert!(optimum.steps.iter().all(|step| step.better.is_none()));
        assert_eq!(optimum, rollout("1&p=puterman", Player::Optimum, 3).1);
        assert_ne!(optimum.steps, rollout("1&p=puterman", Player::Optimum, 4).1.steps);
        let (_, random) = rollout("1&p=puterman", Player::Random, 3);
        assert_eq!(random.steps[0].state, optimum.steps[0].state);
        assert!(random.steps.iter().any(|step| step.better.is_some()));
    }

    #[test]
    fn an_episode_that_ends_is_told_to_its_end() {
        let (setup, rollout) = rollout("1&p=gvr_clearance", Player::Baseline(0), 1);
        assert!(rollout.ended && rollout.steps.len() as u32 <= setup.settings.steps, "{rollout:?}");
        assert_eq!(rollout.cycle, None);
    }
}
