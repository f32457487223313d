//! The vocabulary of Markov decision processes that every other module speaks.
//!
//! A retail problem is defined once, as an [`Environment`]: labelled state factors, labelled actions that may depend on the
//! state, and for every state and action the possible [`Outcome`]s with their probability, next state and *named reward parts*.
//! Simulation, the exact optimum, features, editors and words are all derived from that one definition, so that the learner
//! and its yardstick can never disagree about the problem.

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;
use crate::text::{short_number, typeset};
use crate::words::{Language, Words};

/// Index of a state, `0..Environment::state_count()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct State(pub u32);

/// Index of an action, `0..Environment::action_count()`; the same index means the same action in every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Action(pub u32);

impl State {
    /// The state as an index into an array over states.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Action {
    /// The action as an index into an array over actions.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Most reward parts one environment can name.
pub const MAX_PARTS: usize = 6;

/// One possible result of taking an action in a state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Chance of this result; over all outcomes of a state and action they sum to 1.
    pub probability: f64,
    /// The state that follows.
    pub next: State,
    /// Reward by part, in the order of [`Environment::reward_parts`]; unused places are zero. Costs are negative.
    pub parts: [f64; MAX_PARTS],
}

impl Outcome {
    /// An outcome from the parts an environment has, in their order.
    pub fn new<const N: usize>(probability: f64, next: State, parts: [f64; N]) -> Self {
        const { assert!(N <= MAX_PARTS) };
        let mut all = [0.0; MAX_PARTS];
        all[..N].copy_from_slice(&parts);
        Self { probability, next, parts: all }
    }
}

/// Most state-action pairs of a problem.
pub const MAX_PAIRS: u64 = 2_000_000;
/// Most outcomes of a problem, over all state-action pairs.
pub const MAX_OUTCOMES: u64 = 20_000_000;

/// Refuses a problem that is too large, before anything is allocated; `key` names the field to make smaller.
pub fn check_size(key: &str, value: impl ToString, pairs: u64, outcomes: u64) -> Result<(), Invalid> {
    if pairs <= MAX_PAIRS && outcomes <= MAX_OUTCOMES {
        return Ok(());
    }
    let fault = phrase!(
        "makes the problem too large ({pairs} state-action pairs, {outcomes} outcomes); at most {MAX_PAIRS} and {MAX_OUTCOMES}",
        "使问题过大（{pairs} 个状态-动作对，{outcomes} 个结果）；最多 {MAX_PAIRS} 和 {MAX_OUTCOMES}"
    );
    Err(Invalid::new(key, value, fault))
}

/// A labelled coordinate of the state, such as the stock on hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Name in files: short, lower case, unique within the environment.
    pub key: &'static str,
    /// Name on the page.
    pub name: Words,
    /// Unit of the levels, empty where they have none.
    pub unit: Words,
    /// What the levels are.
    pub levels: Levels,
}

impl Factor {
    /// The unit beside a level: of one there is but one.
    pub fn unit_of(&self, label: &str, language: Language) -> &str {
        let unit = self.unit.get(language);
        unit.strip_suffix('s').filter(|_| label == "1").unwrap_or(unit)
    }
}

/// The levels a factor can take, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Levels {
    /// Every whole number from `min` to `max`.
    Integers {
        /// First level.
        min: i32,
        /// Last level.
        max: i32,
    },
    /// Quantities that are not consecutive whole numbers, such as prices.
    Numbers(Vec<f64>),
    /// Categories.
    Named(Vec<Words>),
}

impl Levels {
    /// Number of levels.
    pub fn count(&self) -> u32 {
        match self {
            Levels::Integers { min, max } => (max - min + 1).max(0) as u32,
            Levels::Numbers(values) => values.len() as u32,
            Levels::Named(names) => names.len() as u32,
        }
    }

    /// The quantity a level stands for; a category stands for its index.
    pub fn value(&self, level: u32) -> f64 {
        match self {
            Levels::Integers { min, .. } => f64::from(*min) + f64::from(level),
            Levels::Numbers(values) => values.get(level as usize).copied().unwrap_or(f64::NAN),
            Levels::Named(_) => f64::from(level),
        }
    }

    /// The level in words.
    pub fn label(&self, level: u32, language: Language) -> String {
        match self {
            Levels::Integers { min, .. } => typeset(&(min + level as i32).to_string()),
            Levels::Numbers(_) => typeset(&short_number(self.value(level))),
            Levels::Named(names) => names.get(level as usize).map_or_else(String::new, |name| name.get(language).to_owned()),
        }
    }
}

/// A named component of the reward, such as revenue or holding cost: so much a step in the unit of the reward, mostly money, and negative
/// where it costs. [`Outcome::parts`] holds what the problem says; a compiled model has it multiplied by the weights of the experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct RewardPart {
    /// Name in files and links.
    pub key: &'static str,
    /// Name on the page.
    pub name: Words,
}

/// A decision rule of the trade: what to do in each state.
pub struct Rule {
    /// What tells this rule from the others of its family, such as "S = 16".
    pub label: Words,
    /// The action in a state; always one that is available there.
    pub choose: Box<dyn Fn(State) -> Action + Send>,
    /// Where its family is too large to be listed whole: the rules whose numbers are so far from this one's.
    pub nearby: Option<Nearby>,
}

/// Gives the rules of a family that are so far from one.
pub type Nearby = Box<dyn Fn(u32) -> Vec<Rule> + Send>;

/// What a learner is shown in place of a state: raw input, from which it has to find out the state as far as it can.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Observation {
    /// A grey picture, row by row from the top left; 0 is black and 255 white.
    Pixels {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// Brightness of each pixel.
        grey: Vec<u8>,
    },
    /// What a customer said, in order. The learner reads it as it was said; the other language is a translation for whoever looks on.
    Text {
        /// The language it was said in.
        language: Language,
        /// Line by line.
        lines: Vec<Words>,
    },
}

/// Everything that chance decides about an observation: state and glimpse together give the observation again, to the last pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glimpse(pub u64);

/// The kind of raw input a state can be seen through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Pictures, always of the same size.
    Pixels {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// A customer's words.
    Text,
}

/// How the states of a problem look or sound, to a learner that is not told them.
///
/// Observations never steer the problem: who sees badly meets the same customers. They depend on nothing but the state, chance and, where
/// they go on from one step to the next (a conversation), what was seen before.
pub trait Sensor {
    /// The kind of observation.
    fn medium(&self) -> Medium;
    /// A look at a state, made of 64 random bits; `before` is the look at the state the last step started from, if the episode goes on.
    fn glimpse(&self, before: Option<(State, Glimpse)>, state: State, chance: u64) -> Glimpse;
    /// What is seen.
    fn observe(&self, state: State, glimpse: Glimpse) -> Observation;
}

/// A policy a practitioner would use without learning: a family of rules of which the best is shown.
pub struct Baseline {
    /// Name in files.
    pub key: &'static str,
    /// Name on the page.
    pub name: Words,
    /// The candidates; the one with the highest value at the start is the baseline, or one found from it by [`Rule::nearby`].
    pub rules: Vec<Rule>,
}

/// A retail problem with all its numbers chosen: immutable, and the single definition of the problem.
///
/// States without available actions are terminal: the episode ends there and their value is zero.
pub trait Environment: Send {
    /// The coordinates that make up a state.
    fn factors(&self) -> Vec<Factor>;
    /// Number of states, terminal ones included.
    fn state_count(&self) -> u32;
    /// Level of each factor in a state, in the order of [`factors`](Self::factors).
    fn levels(&self, state: State) -> Vec<u32>;
    /// Number of actions over all states.
    fn action_count(&self) -> u32;
    /// The action in words.
    fn action_name(&self, action: Action) -> Words;
    /// Appends the actions available in a state, lowest index first; none means the state is terminal.
    fn available(&self, state: State, actions: &mut Vec<Action>);
    /// Appends every outcome of an available action.
    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>);
    /// The components of the reward, at most [`MAX_PARTS`].
    fn reward_parts(&self) -> Vec<RewardPart>;
    /// Where an episode begins: states with probabilities that sum to 1.
    fn start(&self) -> Vec<(State, f64)>;
    /// The policies of the trade, on this same model.
    fn baselines(&self) -> Vec<Baseline>;

    /// The action in the words of a language.
    fn action_text(&self, action: Action, language: Language) -> String {
        self.action_name(action).get(language).to_owned()
    }

    /// The state in the words of a retailer.
    fn describe(&self, state: State, language: Language) -> String {
        let levels = self.levels(state);
        let parts: Vec<String> =
            self.factors().iter().zip(levels).map(|(factor, level)| describe_factor(factor, level, language)).collect();
        parts.join(Words::COMMA.get(language))
    }

    /// What happened, in the words of a retailer: outcome number `outcome` of a state and action. Empty where the next state says it all.
    fn event(&self, _state: State, _action: Action, _outcome: u32, _language: Language) -> String {
        String::new()
    }

    /// How states can be observed raw instead of being told; `None` where they cannot.
    fn sensor(&self) -> Option<Box<dyn Sensor>> {
        None
    }

    /// Standard deviation of Gaussian noise on the observed reward; the exact solvers see its mean, zero.
    fn reward_noise(&self) -> f64 {
        0.0
    }
}

fn describe_factor(factor: &Factor, level: u32, language: Language) -> String {
    let label = factor.levels.label(level, language);
    let unit = factor.unit_of(&label, language);
    let space = if unit.is_empty() || language == Language::Chinese { "" } else { " " };
    match language {
        Language::English => format!("{} {label}{space}{unit}", factor.name.get(language)),
        Language::Chinese => format!("{}{label}{space}{unit}", factor.name.get(language)),
    }
}
