//! A run that is wanted, as the queue hands it on.

use std::sync::Arc;

use crate::agent::dqn::saved::Saved;
use crate::config::{Experiment, Position};
use crate::invalid::Invalid;
use crate::mdp::Environment;
use crate::protocol::Goal;
use crate::share::to_link;

/// A run that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The experiment, without a position.
    pub link: String,
    /// The weights it begins with; links hold none.
    pub network: Option<Arc<Saved>>,
    /// How far to go.
    pub goal: Goal,
    /// Whether the action values at the end are wanted.
    pub table: bool,
    /// State-action pairs of its problem; see [`size`].
    pub size: u32,
}

/// State-action pairs of a problem before it is compiled: an upper bound, as a table has room for.
pub fn size(environment: &dyn Environment) -> u32 {
    environment.state_count().saturating_mul(environment.action_count())
}

impl Job {
    /// A run through the planned episodes, of a problem of so many state-action pairs.
    pub fn planned(experiment: &Experiment, size: u32) -> Result<Self, Invalid> {
        let episode = experiment.settings()?.episodes;
        let goal = Goal::Position(Position { episode, step: 0 });
        let network = experiment.network.clone();
        Ok(Self { link: to_link(experiment, Position::default()), network, goal, table: false, size })
    }
}
