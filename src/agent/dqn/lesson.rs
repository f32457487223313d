//! What a network can tell of its learning: the last gradient step, what it learned from, and the sums of many.

use serde::{Deserialize, Serialize};

use super::Dqn;

/// The last gradient step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// Gradient steps so far.
    pub updates: f64,
    /// Gradient steps until the target network follows; `None` without one.
    pub until_copy: Option<f64>,
    /// Transitions remembered.
    pub remembered: u32,
    /// Transitions there is room for.
    pub capacity: u32,
    /// Mean loss over the mini-batch, in the units the network computes in.
    pub loss: f64,
    /// Length of the gradient before clipping.
    pub gradient: f64,
    /// Mean over the mini-batch of what the next states were taken to be worth.
    pub estimate: f64,
}

/// A transition of the mini-batch with what it taught.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replayed {
    /// State before.
    pub state: u32,
    /// Slot of the action taken.
    pub slot: u32,
    /// Reward received.
    pub reward: f64,
    /// State after.
    pub next: u32,
    /// Whether the state after is terminal.
    pub terminated: bool,
    /// What the network said the pair was worth.
    pub before: f64,
    /// What it was told.
    pub target: f64,
}

/// Gradient steps summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GradientSteps {
    /// Their number.
    pub count: f64,
    /// Sum of their losses.
    pub loss: f64,
    /// Sum of the lengths of their gradients.
    pub gradient: f64,
}

impl GradientSteps {
    /// Adds others.
    pub fn absorb(&mut self, other: &GradientSteps) {
        self.count += other.count;
        self.loss += other.loss;
        self.gradient += other.gradient;
    }
}

impl Dqn {
    /// What the last lesson was; `None` before the first.
    pub fn lesson(&self) -> Option<Lesson> {
        let (workspace, every) = (&self.workspace, self.plan.options.target_every);
        (self.updates > 0).then(|| Lesson {
            updates: self.updates as f64,
            until_copy: (every > 0).then(|| (every - self.updates % every) as f64),
            remembered: self.replay.filled(),
            capacity: self.replay.capacity(),
            loss: workspace.loss,
            gradient: workspace.length,
            estimate: workspace.estimate,
        })
    }

    /// The gradient steps since this was last asked, at the end of an episode.
    pub fn gradient_steps(&mut self) -> GradientSteps {
        std::mem::take(&mut self.workspace.gradient_steps)
    }

    /// The last mini-batch with what it taught; empty before the first.
    pub(super) fn replayed(&self) -> Vec<Replayed> {
        let workspace = &self.workspace;
        let replayed = workspace.batch.iter().zip(&workspace.before).zip(&workspace.targets).map(|((memory, before), target)| Replayed {
            state: memory.before.state.0,
            slot: memory.slot,
            reward: f64::from(memory.reward),
            next: memory.next.state.0,
            terminated: memory.terminated,
            before: *before,
            target: *target,
        });
        if self.updates > 0 { replayed.collect() } else { Vec::new() }
    }
}
