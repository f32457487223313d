//! Garnet: a random Markov decision process, the neutral test bed of the reinforcement-learning literature.
//!
//! **Description.** No story: a problem of any size with random successors and rewards, to see how learning scales and to measure speed.
//!
//! **States** (`size`): numbered. **Actions** (`choices`): numbered, all available everywhere.
//! **Dynamics**: from each state and action `branches` successors, drawn at random, with random probabilities.
//! **Rewards**: one uniform number in [0, 1) for each state and action.
//! **Episode end**: none.
//! **Source**: T. Archibald, K. McKinnon, L. Thomas, *On the generation of Markov decision processes*, J. Oper. Res. Soc. 46:354-361, 1995.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State, check_size};
use crate::parameter::{Group, Parameter, Values};
use crate::random::{Purpose, Stream, below};
use crate::words::{Language, Words};

use super::shared::field::whole;
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "garnet",
    problem: Problem::Custom,
    name: words!("Random problem (Garnet)", "随机问题（Garnet）"),
    summary: words!(
        "A random problem of any size, without a story: to see how learning scales.",
        "任意规模、没有情节的随机问题：用来观察学习如何随规模变化。"
    ),
    source: words!("Archibald, McKinnon & Thomas, J. Oper. Res. Soc. 46:354-361, 1995"),
    parameters,
    presets: &[Preset {
        key: "garnet",
        name: words!("1,000 states, 10 actions", "1000 个状态，10 个动作"),
        claim: words!("Ten thousand values learned from two million steps", "用两百万步学会一万个数值"),
        source: None,
        printed: None,
        draft: "episodes=20000&steps=100&alpha=.1&epsilon=.1&q0=20\
                &dqn.encoding=one_hot&dqn.hidden=64&dqn.episodes=1000&dqn.alpha=lin:.001:.0001:1000&dqn.epsilon=lin:1:.1:500",
    }],
    build,
};

fn parameters() -> Vec<Parameter> {
    let integer = |key, group, name, help, range, default| whole(key, name, help, Words::NONE, group, range, default);
    let size = words!("How many states there are.", "状态的数量。");
    let choices = words!("How many actions each state offers.", "每个状态可选的动作数。");
    let branches =
        words!("How many states can follow an action. Fewer is more predictable.", "一个动作之后可能出现的状态数。越少越可预测。");
    let draw = words!("Another number draws another problem.", "换一个数就换一个问题。");
    vec![
        integer("size", Group::State, words!("States", "状态数"), size, (2, 100_000), "1000"),
        integer("choices", Group::Action, words!("Actions", "动作数"), choices, (1, 100), "10"),
        integer("branches", Group::Transition, words!("Successors", "后继状态数"), branches, (1, 50), "4"),
        integer("draw", Group::Transition, words!("Draw", "抽样编号"), draw, (0, 1_000_000), "1"),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let count = |key| values.integer(key).map(|x| x as u32);
    let garnet = Garnet { size: count("size")?, choices: count("choices")?, branches: count("branches")?, draw: count("draw")? };
    let pairs = u64::from(garnet.size) * u64::from(garnet.choices);
    check_size("size", garnet.size, pairs, pairs * u64::from(garnet.branches))?;
    Ok(Box::new(garnet))
}

struct Garnet {
    size: u32,
    choices: u32,
    branches: u32,
    draw: u32,
}

impl Environment for Garnet {
    fn factors(&self) -> Vec<Factor> {
        vec![Factor {
            key: "state",
            name: words!("state", "状态"),
            unit: Words::NONE,
            levels: Levels::Integers { min: 0, max: self.size as i32 - 1 },
        }]
    }

    fn state_count(&self) -> u32 {
        self.size
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        self.choices
    }

    fn action_name(&self, action: Action) -> Words {
        phrase!("action {}", "动作 {}", action.0)
    }

    fn available(&self, _state: State, actions: &mut Vec<Action>) {
        actions.extend((0..self.choices).map(Action));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        // Each pair has a stream of its own, so that outcomes need not be stored.
        let pair = state.0 * self.choices + action.0;
        let mut stream = Stream::new(self.draw, Purpose::Initialisation).fork(pair);
        let reward = stream.uniform();
        let shares: Vec<f64> = (0..self.branches).map(|_| stream.uniform() + 1e-3).collect();
        let total: f64 = shares.iter().sum();
        outcomes.extend(shares.into_iter().map(|share| {
            let next = State(below(stream.bits() as u32, self.size));
            Outcome::new(share / total, next, [reward])
        }));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![RewardPart { key: "reward", name: words!("reward", "奖励") }]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(State(0), 1.0)]
    }

    fn baselines(&self) -> Vec<Baseline> {
        Vec::new()
    }

    fn describe(&self, state: State, language: Language) -> String {
        phrase!("state {}", "状态 {}", state.0).get(language).to_owned()
    }
}
