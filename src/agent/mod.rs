//! The learners: one file a rule, one line in [`learners!`].
//!
//! An agent is two verbs, [`act`](Agent::act) and [`learn`](Agent::learn), and read-only values. It never steps the environment: it sees
//! states, slots (see [`crate::model`]) and rewards. Before the run it may look at a [`Blueprint`], where a network finds the factors of
//! the states.

pub mod double_q;
pub mod dqn;
pub mod expected_sarsa;
pub mod exploration;
pub mod parameters;
pub mod q_learning;
pub mod q_table;
pub mod sarsa;

use std::borrow::Cow;

use xxhash_rust::xxh64::Xxh64;

use self::dqn::{Dqn, saved::Saved};
use crate::invalid::Invalid;
use crate::mdp::{Environment, State};
use crate::model::Model;
use crate::parameter::{Parameter, Values};
use crate::planner::Policy;
use crate::random::Stream;
use crate::words::Words;

/// What a learner is made from.
#[derive(Clone, Copy)]
pub struct Blueprint<'a> {
    /// The problem, for the factors of its states; a learner never asks it for outcomes.
    pub environment: &'a dyn Environment,
    /// The compiled problem, for the actions of each state.
    pub model: &'a Model,
    /// Values of the parameters of every learner.
    pub options: &'a Values,
    /// What every action is believed to be worth before any is tried.
    pub initial_value: f64,
    /// A saved network to begin with.
    pub network: Option<&'a Saved>,
    /// Seed of all streams.
    pub seed: u32,
}

/// What an agent did in a state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The slot of the action taken.
    pub slot: u32,
    /// Whether it was drawn at random rather than the best known.
    pub explored: bool,
}

/// A step as an agent sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Experience {
    /// State before.
    pub state: State,
    /// Slot of the action taken.
    pub slot: u32,
    /// Reward received.
    pub reward: f64,
    /// State after.
    pub next: State,
    /// Whether the state after is terminal: nothing follows, so nothing is bootstrapped.
    /// An episode cut for its length is not terminated.
    pub terminated: bool,
}

/// The learning rate in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepSize {
    /// The same for all pairs.
    Rate(f64),
    /// `1 / (1 + n)^exponent` for a pair updated `n` times before.
    Visits(f64),
}

impl StepSize {
    /// The rate after so many updates.
    pub fn after(self, updates: f64) -> f64 {
        match self {
            Self::Rate(rate) => rate,
            Self::Visits(exponent) => libm::pow(1.0 + updates, -exponent),
        }
    }
}

/// The rates of an episode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Learning rate.
    pub alpha: StepSize,
    /// Discount.
    pub gamma: f64,
    /// Chance of exploring.
    pub epsilon: f64,
}

/// One update, term by term: `value += alpha [reward + gamma next_value - value]`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Update {
    /// Value of the pair before.
    pub before: f64,
    /// What the next state was taken to be worth; zero after a terminal step.
    pub next_value: f64,
    /// The target: reward plus discounted next value.
    pub target: f64,
    /// Target less value before: the temporal-difference error.
    pub error: f64,
    /// The learning rate used.
    pub alpha: f64,
    /// Value of the pair after.
    pub after: f64,
}

/// A learner.
pub trait Agent {
    /// Chooses a slot in a state that offers `slots` of them.
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice;
    /// Learns from a step.
    fn learn(&mut self, step: &Experience, rates: &Rates, exploration: &mut Stream) -> Update;
    /// Current action values over all pairs; padding holds negative infinity.
    fn values(&self) -> Cow<'_, [f64]>;
    /// The same, where only some states are in question: the others' values may be anything.
    fn values_of(&self, _wanted: &dyn Fn(State) -> bool) -> Cow<'_, [f64]> {
        self.values()
    }
    /// The same with the greedy policy; a state's row has `stride` slots.
    fn greedy(&self, stride: usize) -> (Cow<'_, [f64]>, Policy) {
        let values = self.values();
        let policy = greedy_policy(&values, stride);
        (values, policy)
    }
    /// Current action values of one state, padding included.
    fn row(&self, state: State) -> Cow<'_, [f64]>;
    /// Updates of each pair so far.
    fn visits(&self) -> &[u32];

    /// Feeds a hash with everything that later learning depends on.
    fn fingerprint(&self, hash: &mut Xxh64) {
        hash_numbers(hash, &self.values());
        hash_words(hash, self.visits());
    }

    /// Memory a checkpoint of the learner takes, in bytes.
    fn bytes(&self) -> usize;

    /// Steps that are learned in some hundredths of a second: the distance of the first checkpoints.
    fn spacing(&self) -> u64 {
        200_000
    }

    /// Steps next to which a measurement takes little time.
    fn checkup_cost(&self, model: &Model) -> u64 {
        model.checkup_cost()
    }

    /// The network, which has more to tell than other learners; `None` for tables.
    fn network(&self) -> Option<&Dqn> {
        None
    }

    /// The same, to be changed.
    fn network_mut(&mut self) -> Option<&mut Dqn> {
        None
    }

    /// What was believed of the state of the last step before it was learned from, padding included. In a table nothing has changed since
    /// but the value of the action taken, which the update tells.
    fn believed(&self, state: State, slot: u32, update: &Update) -> Vec<f64> {
        let mut believed = self.row(state).into_owned();
        believed[slot as usize] = update.before;
        believed
    }

    /// What was believed of the next state when the step was learned from, padding included.
    fn next_believed(&self, step: &Experience, update: &Update) -> Vec<f64> {
        if step.next == step.state { self.believed(step.state, step.slot, update) } else { self.row(step.next).into_owned() }
    }

    /// The slot of the next state whose value stands in the target of the last step, where it is that of a single one that is still known.
    fn followed(&self, _step: &Experience, _update: &Update) -> Option<u32> {
        None
    }

    /// The best value of the next state and the mean over its actions, where the target of the last step mixes them by the chance of exploring.
    fn mixed(&self, _step: &Experience, _update: &Update) -> Option<[f64; 2]> {
        None
    }
}

/// The best slot of each row, the first among equals.
fn greedy_policy(values: &[f64], stride: usize) -> Policy {
    Policy::Fixed(values.chunks_exact(stride).map(|row| q_table::arg_max(row).0).collect())
}

/// What to tell the visitor when learning has diverged.
pub const DIVERGED: Words = words!(
    "The loss grew beyond all numbers, so learning stopped; the run up to there is kept. A smaller learning rate α, gradient clipping or \
     a target network help.",
    "损失超出了数值范围，学习已停止；此前的训练都已保留。可减小学习率 α、启用梯度裁剪或目标网络。"
);

fn hash_numbers(hash: &mut Xxh64, numbers: &[f64]) {
    for number in numbers {
        hash.update(&number.to_bits().to_le_bytes());
    }
}

fn hash_words(hash: &mut Xxh64, words: &[u32]) {
    for word in words {
        hash.update(&word.to_le_bytes());
    }
}

/// Something to do with a learner whose kind is known only at run time.
pub trait Task {
    /// Does it.
    fn run<A: Agent>(self, agent: &mut A);
}

/// How a learner is called.
pub struct Algorithm {
    /// Name in links and files.
    pub key: &'static str,
    /// Name on the page.
    pub name: Words,
    /// The update rule in the field's notation.
    pub rule: &'static str,
    /// What can be changed about this learner alone.
    pub parameters: fn() -> Vec<Parameter>,
    /// Refuses values that it cannot learn with on this problem, before the problem is compiled.
    pub check: fn(&dyn Environment, &Values, Option<&Saved>) -> Result<(), Invalid>,
    /// How the rule writes the value it moves and what the next state is taken to be worth.
    pub terms: [&'static str; 2],
    /// Whether it learns what the policy it follows is worth, exploration included, and not what the best one would be.
    pub on_policy: bool,
    /// How many tables it keeps, to act on their mean; a network keeps none.
    pub tables: u32,
    /// What a preset's schedules become when this learner is chosen, written as in a link; tables take them as they are.
    pub draft: &'static str,
}

impl Algorithm {
    /// How most tables are listed: nothing to change but the common parameters.
    const fn table(key: &'static str, name: Words, rule: &'static str, terms: [&'static str; 2]) -> Self {
        Self { key, name, rule, parameters: Vec::new, check: anything_goes, terms, on_policy: false, tables: 1, draft: "" }
    }

    /// The same of a learner that learns what the policy it follows is worth.
    const fn on_policy(mut self) -> Self {
        self.on_policy = true;
        self
    }

    /// The same of a learner with so many tables.
    const fn tables(mut self, tables: u32) -> Self {
        self.tables = tables;
        self
    }

    /// Whether each value is made by the updates of its own pair, and may have a learning rate by its visits; a network's are all made
    /// together.
    pub fn is_table(&self) -> bool {
        self.tables > 0
    }
}

/// A table learns any problem that can be compiled.
fn anything_goes(_: &dyn Environment, _: &Values, _: Option<&Saved>) -> Result<(), Invalid> {
    Ok(())
}

/// The learner with this key.
pub fn algorithm(key: &str) -> Option<&'static Algorithm> {
    ALGORITHMS.iter().find(|algorithm| algorithm.key == key).copied()
}

/// Lists every learner once: the registry, the choice by key and the dispatch all come from here.
macro_rules! learners {
    ($($variant:ident($agent:path)),+ $(,)?) => {
        /// Every learner, in the order of the page.
        pub static ALGORITHMS: &[&Algorithm] = &[$(&<$agent>::ALGORITHM),+];

        /// A learner of any kind.
        #[derive(Clone, Debug)]
        pub enum Learner {
            $(#[doc = "See the module of the learner."] $variant($agent)),+
        }

        impl Learner {
            /// The learner with this key, knowing nothing yet.
            pub fn new(key: &str, blueprint: &Blueprint) -> Result<Self, Invalid> {
                $(if key == <$agent>::ALGORITHM.key { return Ok(Self::$variant(<$agent>::new(blueprint)?)); })+
                Err(Invalid::new("algorithm", key, words!("no such algorithm", "没有这个算法")))
            }

            /// The learner as an agent.
            pub fn agent(&self) -> &dyn Agent {
                match self { $(Self::$variant(agent) => agent),+ }
            }

            /// Does a task with whichever learner it is, compiled for each: the hot loop has no indirect calls.
            pub fn with(&mut self, task: impl Task) {
                match self { $(Self::$variant(agent) => task.run(agent)),+ }
            }
        }
    };
}

learners! {
    QLearning(q_learning::QLearning),
    Sarsa(sarsa::Sarsa),
    ExpectedSarsa(expected_sarsa::ExpectedSarsa),
    DoubleQ(double_q::DoubleQ),
    Dqn(dqn::Dqn),
}

#[cfg(test)]
pub(crate) mod workbench {
    //! Puterman's shop, to try learners on.

    use super::*;
    use crate::environment::puterman;

    pub const RATES: Rates = Rates { alpha: StepSize::Rate(0.5), gamma: 0.9, epsilon: 0.0 };

    /// A step that sells for 5 and ends with an empty shelf.
    pub const STEP: Experience = Experience { state: State(1), slot: 0, reward: 5.0, next: State(0), terminated: false };

    /// A learner of the shop, its options changed from their defaults.
    pub fn shop<A>(initial_value: f64, options: &[(&str, &str)], make: impl Fn(&Blueprint) -> A) -> A {
        let environment = puterman::SCENARIO.instance(&[]).unwrap();
        let model = Model::compile(environment.as_ref(), &[1.0; 4]);
        let parameters: Vec<Parameter> = ALGORITHMS.iter().flat_map(|algorithm| (algorithm.parameters)()).collect();
        let mut values = Values::defaults(&parameters).unwrap();
        for (key, text) in options {
            let parameter = parameters.iter().find(|parameter| parameter.key == *key).unwrap();
            values.set(key, parameter.kind.parse(key, text).unwrap()).unwrap();
        }
        make(&Blueprint { environment: environment.as_ref(), model: &model, options: &values, initial_value, network: None, seed: 1 })
    }
}
