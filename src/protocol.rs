//! Every message between page and worker.
//!
//! The page pulls: it keeps at most one command outstanding, and pausing means that it stops asking. Words stay with the page, which
//! builds the same environment from the same link; only numbers cross. Long lists of numbers travel beside the event as one typed array.

use serde::{Deserialize, Serialize};

use crate::agent::dqn::saved::Saved;
use crate::agent::dqn::{Lesson, Portrait};
use crate::config::Position;
use crate::export::{Part, Sheet};
use crate::invalid::Invalid;
use crate::mdp::Observation;
use crate::rollout::{Player, Rollout};
use crate::words::{Language, Words};
use crate::{story, verdict};

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Check, compile and solve the experiment of a link. The running one goes on if it is refused.
    Load {
        /// The link's fragment.
        link: String,
    },
    /// Go towards a goal, at most so many steps; back in time too, by checkpoint and replay.
    Advance {
        /// Where to.
        goal: Goal,
        /// Most steps before replying.
        budget: u32,
        /// What the page already has of the series.
        seen: Seen,
    },
    /// Begin the loaded experiment anew, with a saved network. The running one goes on if it is refused.
    Begin {
        /// The network.
        network: Saved,
    },
    /// The network as it is now, to be saved.
    Network,
    /// The value of the baseline with this index.
    Baseline {
        /// Position among the environment's baselines.
        index: u32,
    },
    /// What planning with one of several discounts is worth.
    Foresight {
        /// Position among [`crate::evaluate::foresight_discounts`].
        index: u32,
    },
    /// Measures the learner exactly where it stands.
    Measure,
    /// Learned and optimal action values of some states.
    Table {
        /// First state.
        first: u32,
        /// Number of states.
        count: u32,
    },
    /// The network as it looks at the present state.
    Portrait,
    /// The next part of a table to take away.
    Sheet {
        /// Which table.
        sheet: Sheet,
        /// Language of its header and words.
        language: Language,
        /// Whether to begin anew, with the run as it is now.
        begin: bool,
        /// Most rows of the part.
        rows: u32,
    },
    /// The same of single states.
    Rows {
        /// Which.
        states: Vec<u32>,
    },
    /// An episode as the learner would play it now, without exploring, and as somebody else would.
    Rollouts {
        /// Who else.
        rival: Player,
        /// Which episode, of those that the verdict plays.
        episode: u32,
    },
    /// Learner, baselines and optimum on the same unseen customers; each call does a part of the work.
    Verdict {
        /// Whether to put the learner as it is now to the test, rather than to go on with the last verdict.
        begin: bool,
        /// Episodes to be played in all.
        episodes: u32,
        /// Most steps before replying.
        budget: u32,
    },
    /// The updates that made a value; each call does a part of the work.
    Story {
        /// Whether to begin with this pair and moment, rather than to go on with the last story.
        begin: bool,
        /// The state.
        state: u32,
        /// Index of the action.
        action: u32,
        /// Most steps before replying.
        budget: u32,
    },
}

/// Where a run should go.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Goal {
    /// A number of steps of the whole run, earlier or later.
    Steps(f64),
    /// A position, earlier or later.
    Position(Position),
    /// The greedy policy has been as good as the optimum for a while, or so many episodes are over.
    Convergence {
        /// Episodes after which it is given up.
        before: u32,
    },
}

/// How much of the series the page has, so that only what is new crosses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Episodes a bucket held.
    pub width: u32,
    /// Complete buckets.
    pub buckets: u32,
    /// Checkups.
    pub checkups: u32,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker is there.
    Ready,
    /// The experiment is loaded; the run stands at its beginning.
    Loaded(Facts),
    /// The experiment is refused; whatever ran before still does.
    Refused(Vec<Invalid>),
    /// The run has moved.
    Advanced(Box<Progress>),
    /// A baseline was measured; `None` where there is none with that index.
    Baseline(Option<BaselineValue>),
    /// A discount and what planning with it is worth; `None` past the last, or where the problem is too large.
    Foresight(Option<(f64, f64)>),
    /// The learner was measured: beside the event stand the numbers of one [`CheckupRow`](crate::records::CheckupRow).
    Measured,
    /// Beside the event stand the numbers of [`ActionValues`](crate::records::ActionValues), reachability included.
    Table {
        /// First state.
        first: u32,
        /// Number of states.
        count: u32,
    },
    /// The network at the present state; `None` for tables.
    Portrait(Option<Box<Portrait>>),
    /// The network as it is now; `None` where the learner has none.
    Network(Option<Box<Saved>>),
    /// A part of a table to take away.
    Sheet(Part),
    /// The same of single states; those that do not exist are left out.
    Rows {
        /// Which.
        states: Vec<u32>,
    },
    /// The learner's episode, then the other's; `None` where there is no such policy.
    Rollouts(Option<Box<[Rollout; 2]>>),
    /// The verdict so far; `None` where none was begun.
    Verdict(Option<Box<verdict::Report>>),
    /// The story so far; `None` where none was begun, or the state does not offer the action.
    Story(Option<Box<story::Report>>),
    /// A command came before any experiment was loaded.
    NothingLoaded,
}

/// The exact facts of a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// States.
    pub states: u32,
    /// Those of them that are reachable from a start.
    pub reachable: u32,
    /// Slots a row of the table has; see [`crate::model`].
    pub stride: u32,
    /// Available state-action pairs.
    pub pairs: u32,
    /// Outcomes over all pairs.
    pub outcomes: u32,
    /// Optimal value at the start.
    pub optimum: f64,
    /// Value of random choice.
    pub random: f64,
    /// Value of short-sighted choice.
    pub myopic: f64,
    /// Expected return of an episode under the optimal policy: the line that the learner's returns approach.
    pub episode_optimum: f64,
    /// The same under short-sighted choice.
    pub episode_myopic: f64,
    /// Steps after which an episode is cut.
    pub steps: u32,
    /// Number of baselines.
    pub baselines: u32,
}

impl Facts {
    /// Whether cutting episodes for their length shows in what the optimum earns.
    pub fn is_cut(&self) -> bool {
        (self.optimum - self.episode_optimum).abs() > 1e-4 * (1.0 + self.optimum.abs())
    }
}

/// A baseline with its worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineValue {
    /// Position among the environment's baselines.
    pub index: u32,
    /// Name, with the best parameters of its family.
    pub name: Words,
    /// Exact value at the start.
    pub value: f64,
    /// Expected return of an episode.
    pub episode_return: f64,
}

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Episodes completed and steps into the next.
    pub position: Position,
    /// Steps of the whole run.
    pub steps: f64,
    /// Whether the goal is reached.
    pub reached: bool,
    /// Whether the greedy policy has been as good as the optimum for a while; see [`crate::session`].
    pub converged: bool,
    /// Whether learning stopped because its numbers left all bounds; [`DIVERGED`](crate::agent::DIVERGED) has the words.
    pub diverged: bool,
    /// Whether the last checkup is of the learner as it is now.
    pub measured: bool,
    /// The network's last lesson; `None` for tables and during the warm-up.
    pub lesson: Option<Lesson>,
    /// The state the next step starts from.
    pub state: u32,
    /// Exploration rate in force.
    pub epsilon: f64,
    /// Learning rate in force; `None` where it depends on the visits of a pair.
    pub alpha: Option<f64>,
    /// Discount in force.
    pub gamma: f64,
    /// The last step.
    pub moment: Option<Moment>,
    /// Sixteen hexadecimal digits that two runs share only if they are the same; only at a goal.
    pub fingerprint: Option<String>,
    /// What the numbers beside the event hold: first buckets, then checkups.
    pub news: News,
}

/// Layout of the numbers beside [`Event::Advanced`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Episodes a bucket holds.
    pub width: u32,
    /// Index of the first bucket sent: those from here on are replaced.
    pub first_bucket: u32,
    /// Buckets sent, each as a [`BucketRow`](crate::records::BucketRow).
    pub buckets: u32,
    /// Index of the first checkup sent: those from here on are replaced.
    pub first_checkup: u32,
    /// Checkups sent, each as a [`CheckupRow`](crate::records::CheckupRow); of where the run stands, the last.
    pub checkups: u32,
}

/// The last step, in numbers; the page has the words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// State before.
    pub state: u32,
    /// Index of the action taken.
    pub action: u32,
    /// Its slot.
    pub slot: u32,
    /// Whether it was drawn at random.
    pub explored: bool,
    /// Believed value of each available action before the update, by slot.
    pub believed: Vec<f64>,
    /// Actions of the slots.
    pub actions: Vec<u32>,
    /// Index of the outcome among those of state and action.
    pub outcome: u32,
    /// State after.
    pub next: u32,
    /// Reward received.
    pub reward: f64,
    /// The reward part by part, weighed.
    pub parts: Vec<f64>,
    /// Value of the pair before.
    pub before: f64,
    /// Value of the next state that the target uses; zero after a terminal step.
    pub next_value: f64,
    /// Reward plus discounted next value.
    pub target: f64,
    /// Temporal-difference error.
    pub error: f64,
    /// Learning rate used.
    pub alpha: f64,
    /// Discount used.
    pub gamma: f64,
    /// Exploration rate when the action was chosen.
    pub epsilon: f64,
    /// Value of the pair after.
    pub after: f64,
    /// Updates of this pair so far, this one included.
    pub visits: u32,
    /// The action of the next state whose value stands in the target, by index, where it is that of a single one that is still known.
    pub followed: Option<u32>,
    /// Where the target mixes them by the exploration rate: best value of the next state, and mean over its actions.
    pub mixed: Option<[f64; 2]>,
    /// Whether the episode ended in a terminal state.
    pub terminated: bool,
    /// Whether the episode was cut for its length.
    pub truncated: bool,
    /// What the learner was shown of the state before, where it sees pictures or words in place of the state.
    pub observation: Option<Observation>,
}

/// An event with the numbers that belong to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The event.
    pub event: Event,
    /// Its numbers, laid out as the event says.
    pub numbers: Vec<f64>,
}

impl From<Event> for Reply {
    fn from(event: Event) -> Self {
        Self { event, numbers: Vec::new() }
    }
}
