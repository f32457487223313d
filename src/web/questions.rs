//! Questions about the run that take time: asked a part at a time, in turn with whatever else is wanted of the worker.

use leptos::prelude::*;

use super::driver::Driver;
use super::store::Store;
use super::tabs::open_tab;
use retailq::budget::Budget;
use retailq::config::Position;
use retailq::protocol::Command;
use retailq::records::ActionValues;
use retailq::rollout::{Player, Rollout};
use retailq::{story, verdict};

/// State and action, by index.
pub type Pair = (u32, u32);

/// Action values of some states: for the state at place `i` of the list and slot `j`, entry `i * stride + j`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slice {
    /// Which states.
    pub states: Vec<u32>,
    /// Slots a row has; a state uses as many of them as it has actions, in the order of `Environment::available`.
    pub stride: u32,
    /// Learned values.
    pub learned: Vec<f64>,
    /// Optimal values.
    pub optimal: Vec<f64>,
    /// Updates of each pair.
    pub visits: Vec<f64>,
}

/// Answers so far; copied around with the store.
#[derive(Clone, Copy, Default)]
pub struct Questions {
    /// The verdict.
    pub verdict: RwSignal<Option<verdict::Report>>,
    /// The moment of the run that the verdict is about.
    pub judged_at: RwSignal<Position>,
    /// Whether the verdict is being reached.
    pub judging: RwSignal<bool>,
    /// The pair whose story is told; none while nobody asks.
    pub told: RwSignal<Option<Pair>>,
    /// The story.
    pub story: RwSignal<Option<story::Report>>,
    /// Whether the story is being found.
    pub telling: RwSignal<bool>,
    /// The values last asked for by [`Store::request_rows`].
    pub slice: RwSignal<Option<Slice>>,
    /// The episode last asked for by [`Store::request_rollouts`]: as the learner plays it, and as another does.
    pub rollouts: RwSignal<Option<[Rollout; 2]>>,
    /// A cell of the Q-table that is to be shown.
    pub revealed: RwSignal<Option<Pair>>,
}

impl Questions {
    /// Another experiment runs.
    pub(super) fn clear(self) {
        self.verdict.set(None);
        self.judging.set(false);
        self.told.set(None);
        self.story.set(None);
        self.telling.set(false);
        self.slice.set(None);
        self.rollouts.set(None);
        self.revealed.set(None);
    }
}

/// What is still to be asked.
#[derive(Default)]
pub struct Pending {
    /// States whose action values are wanted.
    pub rows: Option<Vec<u32>>,
    /// The episode that is wanted, and who plays it beside the learner.
    pub rollouts: Option<(Player, u32)>,
    verdict: Option<Part<u32>>,
    story: Option<Part<Pair>>,
    /// Steps a part of an answer takes.
    budget: Budget,
    /// Whether the last command was a question's.
    had_turn: bool,
}

struct Part<T> {
    what: T,
    begun: bool,
}

impl Store {
    /// Puts the learner as it is now to the test, or lets all go on to more episodes.
    pub fn judge(self, episodes: u32, anew: bool) {
        self.driver.update_value(|driver| driver.pending.verdict = Some(Part { what: episodes, begun: !anew }));
        self.questions.judging.set(true);
        self.pump();
    }

    /// Leaves the verdict as it is.
    pub fn stop_judging(self) {
        self.driver.update_value(|driver| driver.pending.verdict = None);
        self.questions.judging.set(false);
    }

    /// Asks for the updates that made a value.
    pub fn tell(self, pair: Pair) {
        self.driver.update_value(|driver| driver.pending.story = Some(Part { what: pair, begun: false }));
        self.questions.story.set(None);
        self.questions.told.set(Some(pair));
        self.questions.telling.set(true);
        self.pump();
    }

    /// Leaves the story as it is.
    pub fn stop_telling(self) {
        self.driver.update_value(|driver| driver.pending.story = None);
        self.questions.telling.set(false);
    }

    /// Asks for the action values of some states; they arrive in [`Questions::slice`]. Cheap to repeat: only the last wish counts.
    pub fn request_rows(self, states: Vec<u32>) {
        self.driver.update_value(|driver| driver.pending.rows = Some(states));
        self.pump();
    }

    /// Asks for an episode as the learner would play it, and as another; it arrives in [`Questions::rollouts`].
    pub fn request_rollouts(self, rival: Player, episode: u32) {
        self.driver.update_value(|driver| driver.pending.rollouts = Some((rival, episode)));
        self.pump();
    }

    /// Shows a cell of the Q-table.
    pub fn reveal(self, pair: Pair) {
        open_tab(self, "policy");
        self.questions.revealed.set(Some(pair));
    }

    /// A part of a question, if it is its turn: where `others` wait too, every other command.
    pub(super) fn turn(self, driver: &mut Driver, others: bool) -> Option<Command> {
        let waits = std::mem::take(&mut driver.pending.had_turn) && others;
        if waits { None } else { self.next_part(driver) }
    }

    /// The next part of a question.
    pub(super) fn next_part(self, driver: &mut Driver) -> Option<Command> {
        let pending = &mut driver.pending;
        let budget = pending.budget.steps();
        let command = if let Some(part) = &mut pending.story {
            let begin = !std::mem::replace(&mut part.begun, true);
            let (state, action) = part.what;
            Command::Story { begin, state, action, budget }
        } else {
            let part = pending.verdict.as_mut()?;
            let begin = !std::mem::replace(&mut part.begun, true);
            if begin {
                self.questions.judged_at.set(untrack(|| self.position()));
            }
            Command::Verdict { begin, episodes: part.what, budget }
        };
        pending.had_turn = true;
        Some(command)
    }

    pub(super) fn judged(self, report: Option<Box<verdict::Report>>) {
        let asked = self.driver.try_update_value(|driver| {
            driver.pending.budget.suit(js_sys::Date::now() - driver.asked_at);
            // A new test, or a longer one, may have been asked for meanwhile.
            let pending = &mut driver.pending.verdict;
            let asked = pending.as_ref().is_none_or(|part| part.begun);
            let enough = |part: &Part<u32>| report.as_ref().is_none_or(|report| report.episodes >= part.what);
            if asked && pending.as_ref().is_some_and(enough) {
                *pending = None;
            }
            (asked, pending.is_none())
        });
        // What was asked before the present question is no answer to it.
        if let Some((true, done)) = asked {
            self.questions.judging.set(!done);
            self.questions.verdict.set(report.map(|report| *report));
        }
    }

    pub(super) fn told(self, report: Option<Box<story::Report>>) {
        let asked = self.driver.try_update_value(|driver| {
            driver.pending.budget.suit(js_sys::Date::now() - driver.asked_at);
            let pending = &mut driver.pending.story;
            let asked = pending.as_ref().is_some_and(|part| part.begun);
            if asked && report.as_ref().is_none_or(|report| report.done) {
                *pending = None;
            }
            (asked, pending.is_none())
        });
        // What was asked before the present question is no answer to it.
        if let Some((true, done)) = asked {
            self.questions.telling.set(!done);
            self.questions.story.set(report.map(|report| *report));
        }
    }

    pub(super) fn show_rows(self, states: Vec<u32>, numbers: &[f64]) {
        let stride = self.facts.with_untracked(|facts| facts.as_ref().map_or(0, |facts| facts.stride));
        let ActionValues { learned, optimal, visits, .. } = ActionValues::of(stride, states.len(), numbers);
        self.questions.slice.set(Some(Slice { states, stride, learned, optimal, visits }));
    }
}
