//! What a visitor can do to the run and to the experiment.

use std::rc::Rc;

use leptos::prelude::*;

use super::driver::Driver;
use super::heading::Pace;
use super::store::{Running, Status, Store};
use retailq::config::{Experiment, Position, Raw};
use retailq::invalid::Invalid;
use retailq::protocol::Goal;
use retailq::schedule::MAX_EPISODES;
use retailq::share::{Shared, from_text};

impl Store {
    /// Where the run stands.
    pub fn position(self) -> Position {
        self.progress.with(|progress| progress.as_ref().map(|progress| progress.position)).unwrap_or_default()
    }

    /// Where the run is told to go on from, with its steps so far: where one that is still being loaded is to stand, after steps that
    /// nobody knows yet unless that is its beginning.
    fn stand(self) -> (Position, Option<f64>) {
        if let Some((_, position)) = self.driver.with_value(Driver::upcoming) {
            return (position, (position == Position::default()).then_some(0.0));
        }
        let (position, steps) = self
            .progress
            .with_untracked(|progress| progress.as_ref().map_or_else(Default::default, |progress| (progress.position, progress.steps)));
        (position, Some(steps))
    }

    /// Planned episodes of the running experiment.
    pub fn planned_episodes(self) -> u32 {
        self.experiment.with(|running| running.as_deref().map_or(1, |running| running.settings.episodes))
    }

    /// Goes on at the chosen speed until the planned episodes are over; after that, for as many again.
    pub fn play(self) {
        self.play_from(self.stand().0.episode);
    }

    /// The same of a run that stands after so many episodes.
    pub(super) fn play_from(self, episode: u32) {
        self.go(Goal::Position(Position { episode: self.next_end(episode), step: 0 }), Pace::Chosen);
    }

    /// The end of the planned episodes, or of as many again.
    fn next_end(self, current: u32) -> u32 {
        let upcoming = self.driver.with_value(Driver::upcoming).map(|(running, _)| running);
        let planned = upcoming.or_else(|| self.experiment.get_untracked()).map_or(1, |running| running.settings.episodes);
        (current / planned).saturating_add(1).saturating_mul(planned).min(MAX_EPISODES)
    }

    /// Plays, or stops whatever is under way.
    pub fn toggle(self) {
        if self.heading.with_untracked(Option::is_some) { self.halt() } else { self.play() }
    }

    /// One step on, or back.
    pub fn step(self, forward: bool) {
        let current = match untrack(|| self.goal()) {
            Some(Goal::Steps(steps)) => Some(steps),
            _ => self.stand().1,
        };
        let Some(current) = current else { return };
        self.go(Goal::Steps((current + if forward { 1.0 } else { -1.0 }).max(0.0)), Pace::Full);
    }

    /// To the end of some episodes, counted from the one under way.
    pub fn run_episodes(self, count: u32) {
        let current = match untrack(|| self.jump()) {
            Some(Goal::Position(position)) => position.episode,
            _ => self.stand().0.episode,
        };
        self.seek(Position { episode: current.saturating_add(count), step: 0 });
    }

    /// To a position, earlier or later.
    pub fn seek(self, position: Position) {
        let episode = position.episode.min(MAX_EPISODES);
        self.go(Goal::Position(Position { episode, ..position }), Pace::Full);
    }

    /// Until the greedy policy stays as good as the optimum, or the planned episodes are over; after that, for as many again.
    pub fn run_to_convergence(self) {
        self.go(Goal::Convergence { before: self.next_end(self.stand().0.episode) }, Pace::Full);
    }

    /// Back to the beginning.
    pub fn reset(self) {
        self.seek(Position::default());
    }

    /// After a crash that the page did not survive by itself.
    pub fn restart_worker(self) {
        if matches!(self.status.get_untracked(), Status::Crashed(_)) {
            self.start_worker();
        }
    }

    /// Shows an experiment in the form and loads it, if it fits together; whatever runs goes on otherwise.
    pub fn open(self, shared: Shared) {
        self.show(shared.experiment.clone());
        self.try_load(shared.experiment, shared.position);
    }

    /// Shows in the form what runs, whatever was written there.
    pub fn show_running(self) {
        self.refused.update(Vec::clear);
        if let Some(running) = self.experiment.get_untracked() {
            self.show(running.experiment.clone());
        }
    }

    fn show(self, experiment: Experiment) {
        self.errors.update(Vec::clear);
        self.broken.update(Vec::clear);
        self.draft.set(Some(experiment));
        self.opened.update(|count| *count += 1);
    }

    /// Changes one value. A value that cannot be read is named beside its field and changes nothing.
    pub fn edit(self, key: &str, text: &str) {
        let Some(mut draft) = self.draft.get_untracked() else { return };
        let fault = draft.set(key, &Raw::Text(text.to_owned())).err();
        let is_readable = fault.is_none();
        self.set_fault(key, fault);
        if !is_readable {
            return;
        }
        self.broken.update(Vec::clear);
        let is_same = self.draft.with_untracked(|before| before.as_ref().and_then(|before| before.text(key))) == draft.text(key);
        // Who writes what stands there already loses no run.
        if !is_same {
            self.draft.set(Some(draft.clone()));
            self.try_load(draft, Position::default());
        }
    }

    /// Says of a field what is wrong with it, or that nothing is.
    pub fn set_fault(self, key: &str, fault: Option<Invalid>) {
        self.errors.update(|errors| {
            errors.retain(|error| error.key != key);
            errors.extend(fault);
        });
    }

    /// A preset as published.
    pub fn open_preset(self, key: &str) {
        match Experiment::from_draft(Some(key), None, &[]) {
            Ok(experiment) => self.open(Shared { experiment, position: Position::default() }),
            Err(errors) => self.broken.set(errors),
        }
    }

    /// A preset as published, playing from its beginning.
    pub fn show_preset(self, key: &str) {
        self.halt();
        self.open_preset(key);
        self.play_from(0);
    }

    /// Whether something runs that is not what the form shows, because that cannot run.
    pub fn is_behind(self) -> bool {
        let is_any = |errors: RwSignal<Vec<Invalid>>| errors.with(|errors| !errors.is_empty());
        self.experiment.with(Option::is_some) && (is_any(self.errors) || is_any(self.refused))
    }

    /// What is wrong with a field, if anything.
    pub fn fault(self, key: &str) -> Option<Invalid> {
        let find = |errors: &Vec<Invalid>| errors.iter().find(|error| error.key == key).cloned();
        self.errors.with(find).or_else(|| self.refused.with(find))
    }

    fn try_load(self, experiment: Experiment, position: Position) {
        match Running::new(experiment) {
            Ok(running) => {
                self.refused.update(Vec::clear);
                self.load(Rc::new(running), position);
            }
            Err(error) => self.refuse(vec![error]),
        }
    }

    /// Says what cannot run: where something does, beside the form that asked for it; else as of a link that opens nothing.
    pub fn refuse(self, errors: Vec<Invalid>) {
        if self.experiment.with_untracked(Option::is_some) {
            self.refused.set(errors);
        } else {
            self.draft.set(None);
            self.broken.set(errors);
        }
    }

    /// A text read as a link or a file. What is wrong with it is said, and nothing opens in its place.
    pub fn open_text(self, text: &str) {
        match from_text(text) {
            Ok(shared) => self.open(shared),
            Err(errors) => self.broken.set(errors),
        }
    }
}
