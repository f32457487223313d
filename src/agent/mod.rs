//! The learners: one file a rule, one line in [`learners!`].
//!
//! An agent is two verbs, [`act`](Agent::act) and [`learn`](Agent::learn), and read-only values. It never sees the environment: only
//! states, slots (see [`crate::model`]) and rewards.

pub mod exploration;
pub mod q_learning;
pub mod q_table;

use crate::mdp::State;
use crate::random::Stream;
use crate::words::Words;

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
    fn values(&self) -> &[f64];
    /// Updates of each pair so far.
    fn visits(&self) -> &[u32];
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
            /// The learner with this key, knowing nothing yet; `None` if there is none.
            pub fn new(key: &str, model: &crate::model::Model, initial_value: f64) -> Option<Self> {
                $(if key == <$agent>::ALGORITHM.key { return Some(Self::$variant(<$agent>::new(model, initial_value))); })+
                None
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
}
