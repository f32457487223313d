//! Where the run is going, and how fast.

use leptos::prelude::*;

use super::store::Store;
use retailq::protocol::Goal;

/// A goal that is under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heading {
    /// Where the run stops.
    pub goal: Goal,
    /// How it goes there.
    pub pace: Pace,
}

/// How the run goes to its goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It is played, at the speed that the visitor chose.
    Chosen,
    /// As fast as possible.
    Full,
    /// As fast as possible, to rebuild a run up to a moment; `play` says whether it is then played on.
    Rebuilding {
        /// Whether it is then played on.
        play: bool,
    },
}

impl Store {
    /// Whether the run goes on by itself, at the chosen speed.
    pub fn is_playing(self) -> bool {
        self.heading.with(|heading| heading.is_some_and(|heading| heading.pace == Pace::Chosen))
    }

    /// Whether the run is going on, by itself or towards a goal.
    pub fn is_moving(self) -> bool {
        self.heading.with(Option::is_some)
    }

    /// Whether the run of a link is being rebuilt.
    pub fn is_rebuilding(self) -> bool {
        self.heading.with(|heading| heading.is_some_and(|heading| matches!(heading.pace, Pace::Rebuilding { .. })))
    }

    /// The goal of a jump under way.
    pub fn jump(self) -> Option<Goal> {
        self.heading.with(|heading| heading.filter(|heading| heading.pace != Pace::Chosen).map(|heading| heading.goal))
    }

    /// The goal under way.
    pub fn goal(self) -> Option<Goal> {
        self.heading.with(|heading| heading.map(|heading| heading.goal))
    }

    /// Goes towards a goal.
    pub fn go(self, goal: Goal, pace: Pace) {
        self.driver.update_value(|driver| driver.set_off());
        self.heading.set(Some(Heading { goal, pace }));
        self.pump();
    }

    /// Stops where the run stands.
    pub fn halt(self) {
        let moves = self.heading.with_untracked(Option::is_some);
        self.driver.update_value(|driver| driver.settle = moves);
        self.heading.set(None);
        self.pump();
    }

    /// Gives up a jump: its goal was counted in another run. Who plays, or is to once the run is rebuilt, goes on playing.
    pub(super) fn forget_jump(self) {
        let playing = |heading: &Heading| matches!(heading.pace, Pace::Chosen | Pace::Rebuilding { play: true });
        self.heading.update(|heading| *heading = heading.filter(playing).map(|heading| Heading { pace: Pace::Chosen, ..heading }));
    }
}
