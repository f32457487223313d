//! What the worker is asked next: one command at a time, the most urgent first.
//!
//! The page pulls. To pause is to ask no further; how much is asked at once adapts, so that an answer comes about every frame.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::heading::Pace;
use super::questions::Pending;
use super::sheets::Wish;
use super::store::{Running, Status, Store};
use super::worker_link::WorkerLink;
use retailq::agent::dqn::saved::Saved;
use retailq::budget::{Budget, FRAME};
use retailq::config::{Experiment, Position};
use retailq::invalid::Invalid;
use retailq::protocol::{Command, Event, Goal, Progress, Reply};
use retailq::share::to_link;
use retailq::words::Words;

/// How long the next experiment waits for what the worker is at.
const PATIENCE: Duration = Duration::from_millis(400);
/// Crashes since the visitor's last choice, and since the run last came where it was to go, after which the worker is not restarted by
/// itself.
const MOST_CRASHES: u32 = 2;
/// While the run goes on, one answer in so many is a baseline's, until all are measured.
const BASELINE_EVERY: u32 = 20;

/// What is said of a problem with which the worker crashed.
const TOO_MUCH: Words = words!(
    "the engine stopped while solving it, probably for want of memory. Choose a smaller one",
    "求解时引擎停止了，可能是内存不足。请缩小问题的规模"
);

/// What is wanted of the worker, and what was asked.
#[derive(Default)]
pub struct Driver {
    link: Option<WorkerLink>,
    ready: bool,
    /// Whether the worker holds an experiment; a fresh one holds none.
    holds: bool,
    /// The command that waits for its answer.
    asked: Option<Command>,
    /// An experiment to load, and where to go in its run.
    load: Option<(Rc<Running>, Position)>,
    /// Whether it is the visitor's choice, rather than put back after a crash or a refusal.
    pub(super) chosen: bool,
    /// The experiment the worker is loading.
    loading: Option<(Rc<Running>, Position)>,
    /// The network which the experiment just loaded is to begin with.
    begin: Option<Arc<Saved>>,
    /// Whether the fingerprint of a run that was paused is still to be asked for.
    pub(super) settle: bool,
    /// Whether the network is to be drawn.
    pub(super) portrait: bool,
    /// Whether the network is wanted, to be saved.
    pub(super) network: bool,
    /// A table to take away.
    pub(super) sheet: Option<Wish>,
    /// Whether a part of it was asked for last.
    pub(super) sheet_asked: bool,
    pub(super) pending: Pending,
    next_baseline: u32,
    /// The next discount to plan with; `None` when all are done.
    next_foresight: Option<u32>,
    since_baseline: u32,
    budget: Budget,
    pub(super) asked_at: f64,
    /// Steps that the chosen speed allows by now.
    owed: f64,
    owed_at: f64,
    waiting: bool,
    crashes: u32,
}

impl Driver {
    /// The experiment that is to take the place of the one that runs, and where it is to stand.
    pub(super) fn upcoming(&self) -> Option<(Rc<Running>, Position)> {
        self.load.clone().or_else(|| self.loading.clone())
    }

    /// Loads again what runs, unless the visitor has chosen another experiment.
    fn put_back(&mut self, running: Rc<Running>, position: Position) {
        if self.load.is_none() {
            (self.load, self.chosen) = (Some((running, position)), false);
        }
    }

    /// The run goes on from now.
    pub(super) fn set_off(&mut self) {
        self.settle = false;
        (self.owed, self.owed_at) = (1.0, js_sys::Date::now());
    }
}

impl Store {
    /// Starts the worker.
    pub fn start_worker(self) {
        let link = WorkerLink::start(move |reply| match reply {
            Ok(reply) => self.receive(reply),
            Err(message) => self.crashed(message),
        });
        self.status.set(Status::Starting);
        match link {
            Ok(link) => self
                .driver
                .update_value(|driver| (driver.link, driver.ready, driver.holds, driver.asked) = (Some(link), false, false, None)),
            Err(message) => self.status.set(Status::Crashed(message)),
        }
    }

    /// Loads an experiment and goes to a position of its run.
    pub fn load(self, running: Rc<Running>, position: Position) {
        self.driver.update_value(|driver| (driver.load, driver.chosen, driver.crashes) = (Some((running, position)), true, 0));
        // Who opens a moment of a run wants to see that.
        if position != Position::default() {
            self.heading.set(None);
        }
        self.forget_jump();
        self.pump();
        let asked_at = self.driver.with_value(|driver| driver.asked_at);
        set_timeout(move || self.give_up(asked_at), PATIENCE);
    }

    /// Ends a worker that is still at what it was asked at a moment, when another experiment waits: a large problem takes long to solve.
    fn give_up(self, asked_at: f64) {
        let stuck = |driver: &Driver| driver.load.is_some() && driver.asked.is_some() && driver.asked_at == asked_at;
        if self.driver.try_with_value(stuck) == Some(true) {
            self.start_worker();
        }
    }

    /// Asks the worker for whatever is most urgent, unless an answer is still to come.
    pub(super) fn pump(self) {
        let Some(command) = self.driver.try_update_value(|driver| self.next_command(driver)).flatten() else { return };
        let sent = self.driver.try_update_value(|driver| {
            let sent = driver.link.as_ref().map(|link| link.send(&command));
            (driver.asked, driver.asked_at) = (Some(command), js_sys::Date::now());
            sent
        });
        if let Some(Some(Err(message))) = sent {
            self.crashed(message);
        }
    }

    fn next_command(self, driver: &mut Driver) -> Option<Command> {
        if !driver.ready || driver.asked.is_some() {
            return None;
        }
        if let Some(network) = driver.begin.take() {
            return Some(Command::Begin { network: Saved::clone(&network) });
        }
        if let Some((running, position)) = driver.load.take() {
            self.status.set(Status::Solving);
            let link = to_link(&running.experiment, Position::default());
            driver.loading = Some((running, position));
            return Some(Command::Load { link });
        }
        if !driver.holds {
            return None;
        }
        let baselines = self.facts.with_untracked(|facts| facts.as_ref().map(|facts| facts.baselines))?;
        if let Some(states) = driver.pending.rows.take() {
            return Some(Command::Rows { states });
        }
        if let Some((rival, episode)) = driver.pending.rollouts.take() {
            return Some(Command::Rollouts { rival, episode });
        }
        if std::mem::take(&mut driver.portrait) {
            return Some(Command::Portrait);
        }
        if std::mem::take(&mut driver.network) {
            return Some(Command::Network);
        }
        let seen = self.records.with_untracked(|records| records.seen());
        if driver.settle {
            driver.settle = false;
            let steps = self.progress.with_untracked(|progress| progress.as_ref().map_or(0.0, |progress| progress.steps));
            return Some(Command::Advance { goal: Goal::Steps(steps), budget: 0, seen });
        }
        if let Some(command) = self.sheet_command(driver) {
            return Some(command);
        }
        let heading = self.heading.get_untracked();
        let others = heading.is_some() || driver.next_baseline < baselines;
        if let Some(part) = self.turn(driver, others) {
            return Some(part);
        }
        if heading.is_none() && self.is_unmeasured() {
            return Some(Command::Measure);
        }
        if driver.next_baseline < baselines && (heading.is_none() || driver.since_baseline >= BASELINE_EVERY) {
            driver.since_baseline = 0;
            return Some(Command::Baseline { index: driver.next_baseline });
        }
        if let Some(heading) = heading {
            let budget = if heading.pace == Pace::Chosen { self.allowance(driver) } else { Some(driver.budget.steps()) };
            // While nothing is due yet, a question can be gone on with.
            let Some(budget) = budget else { return self.next_part(driver) };
            driver.since_baseline += 1;
            return Some(Command::Advance { goal: heading.goal, budget, seen });
        }
        driver.next_foresight.map(|index| Command::Foresight { index })
    }

    /// Whether the run stands where it was not measured; where single steps are taken, nobody is to wait for that.
    fn is_unmeasured(self) -> bool {
        let is = |progress: &Progress| progress.reached && !progress.measured && progress.position.step == 0;
        self.progress.with_untracked(|progress| progress.as_ref().is_some_and(is))
    }

    /// Steps that the chosen speed allows now; where there are none yet, comes back when there are.
    fn allowance(self, driver: &mut Driver) -> Option<u32> {
        let (speed, now) = (self.speed.get_untracked(), js_sys::Date::now());
        if speed.is_infinite() {
            return Some(driver.budget.steps());
        }
        driver.owed += (now - driver.owed_at).max(0.0) * speed / 1000.0;
        driver.owed_at = now;
        let wait = ((1.0 - driver.owed) / speed * 1000.0).max(FRAME - (now - driver.asked_at));
        if wait > 1.0 {
            if !driver.waiting {
                driver.waiting = true;
                // Not too long, so that a new speed is felt at once.
                let wait = Duration::from_millis(wait.min(100.0) as u64);
                set_timeout(
                    move || {
                        self.driver.update_value(|driver| driver.waiting = false);
                        self.pump();
                    },
                    wait,
                );
            }
            return None;
        }
        // What a slow machine could not do is forgotten rather than made up for.
        let steps = driver.owed.floor().min(f64::from(driver.budget.steps())).max(1.0);
        driver.owed = (driver.owed - steps).min(speed / 4.0);
        Some(steps as u32)
    }

    fn receive(self, reply: Reply) {
        let asked = self.driver.try_update_value(|driver| driver.asked.take()).flatten();
        match reply.event {
            Event::Ready => {
                self.status.set(Status::Ready);
                self.driver.update_value(|driver| (driver.ready, driver.budget) = (true, Budget::default()));
            }
            Event::Loaded(facts) => {
                // Links hold no weights: an experiment with a saved network is loaded first, and then begins anew with it.
                if let Some(Command::Load { .. }) = asked {
                    self.driver.update_value(|driver| {
                        driver.begin = driver.loading.as_ref().and_then(|loading| loading.0.experiment.network.clone())
                    });
                    if self.driver.with_value(|driver| driver.begin.is_some()) {
                        return self.pump();
                    }
                }
                let stand = self.driver.try_update_value(|driver| {
                    (driver.holds, driver.next_baseline, driver.since_baseline) = (true, 0, 0);
                    driver.pending = Pending::default();
                    driver.next_foresight = Some(0);
                    driver.loading.take()
                });
                if let Some(Some((running, position))) = stand {
                    self.begin(running, facts, position);
                }
            }
            Event::Refused(errors) => {
                let loading = self.driver.try_update_value(|driver| driver.loading.take()).flatten();
                self.status.set(Status::Ready);
                self.forget_jump();
                if untrack(|| self.is_playing()) {
                    self.play();
                }
                // An experiment that does not go with its network is already in the worker: back to what is shown.
                if let Some(Command::Begin { .. }) = asked {
                    self.broken.set(errors.clone());
                    self.restore();
                } else if !self.driver.with_value(|driver| driver.holds) {
                    self.restore();
                }
                self.cannot_load(loading, errors);
            }
            Event::Advanced(progress) => self.moved(*progress, &reply.numbers, asked),
            Event::Baseline(baseline) => {
                self.driver.update_value(|driver| driver.next_baseline += 1);
                if let Some(baseline) = baseline {
                    self.baselines.update(|baselines| baselines.push(baseline));
                }
            }
            Event::Foresight(point) => {
                self.driver.update_value(|driver| {
                    driver.next_foresight = driver.next_foresight.filter(|_| point.is_some()).map(|index| index + 1)
                });
                self.foresight.update(|points| points.extend(point));
            }
            Event::Portrait(portrait) => self.portrait.set(portrait.map(Rc::from)),
            Event::Network(network) => self.save_network(network.map(|network| *network)),
            Event::Sheet(part) => self.take_part(part),
            Event::Rows { states } => self.show_rows(states, &reply.numbers),
            Event::Rollouts(rollouts) => self.questions.rollouts.set(rollouts.map(|rollouts| *rollouts)),
            Event::Verdict(report) => self.judged(report),
            Event::Story(report) => self.told(report),
            Event::Measured => {
                self.records.update(|records| records.measure(&reply.numbers));
                self.progress.update(|progress| {
                    if let Some(progress) = progress {
                        progress.measured = true;
                    }
                });
            }
            // The page's own worker is asked for rows.
            Event::Table { .. } => {}
            Event::NothingLoaded => self.drop_sheet(),
        }
        self.pump();
    }

    /// The worker stands at the beginning of an experiment.
    fn begin(self, running: Rc<Running>, facts: retailq::protocol::Facts, position: Position) {
        self.status.set(Status::Ready);
        self.drop_sheet();
        if !self.speed_chosen.get_value() {
            self.speed.set(suitable_speed(&running));
        }
        self.experiment.set(Some(running));
        self.facts.set(Some(facts));
        self.progress.set(None);
        self.fingerprint.set(None);
        self.portrait.set(None);
        self.records.update(|records| *records = Default::default());
        self.baselines.update(Vec::clear);
        self.foresight.update(Vec::clear);
        self.questions.clear();
        // Another one waits already: where that is to go is its own affair.
        if self.driver.with_value(|driver| driver.load.is_some()) {
            return;
        }
        let playing = untrack(|| self.is_playing());
        match self.heading.get_untracked() {
            // What was wanted meanwhile was counted from where the run is to stand.
            Some(_) if !playing => {}
            _ if position != Position::default() => self.go(Goal::Position(position), Pace::Rebuilding { play: playing }),
            Some(_) => self.play_from(0),
            None => self.driver.update_value(|driver| driver.settle = true),
        }
    }

    /// Says why an experiment cannot run, if the form still shows it.
    fn cannot_load(self, loading: Option<(Rc<Running>, Position)>, errors: Vec<Invalid>) {
        let link = |experiment: &Experiment| to_link(experiment, Position::default());
        let shown = self.draft.with_untracked(|draft| draft.as_ref().map(link));
        if loading.is_some_and(|(running, _)| shown == Some(link(&running.experiment))) {
            self.refuse(errors);
        }
    }

    fn moved(self, progress: Progress, numbers: &[f64], asked: Option<Command>) {
        self.records.update(|records| records.absorb(progress.news, numbers));
        let heading = self.heading.get_untracked();
        let done = self.driver.try_update_value(|driver| {
            let took = js_sys::Date::now() - driver.asked_at;
            let Some(Command::Advance { goal, budget, .. }) = asked else { return false };
            // Only a budget that was used up says how long steps take.
            if !progress.reached && budget >= driver.budget.steps() {
                driver.budget.suit(took);
            }
            let done = progress.reached && heading.is_some_and(|heading| heading.goal == goal);
            if done {
                driver.crashes = 0;
            }
            done
        });
        let reached = heading.filter(|_| done == Some(true));
        if reached.is_some() {
            self.heading.set(None);
        }
        self.fingerprint.set(progress.fingerprint.clone());
        self.progress.set(Some(progress));
        if reached.is_some_and(|heading| heading.pace == Pace::Rebuilding { play: true }) {
            self.play();
        }
    }

    /// Loads again what the page shows, and replays it to where it stood.
    fn restore(self) {
        let position = untrack(|| self.position());
        if let Some(running) = self.experiment.get_untracked() {
            self.driver.update_value(|driver| driver.put_back(running, position));
        }
    }

    /// Says that the worker is gone, and brings it back to where it was.
    fn crashed(self, message: String) {
        // A run that was being rebuilt is to come to where it was to be.
        let position = match untrack(|| (self.is_rebuilding(), self.goal())) {
            (true, Some(Goal::Position(position))) => position,
            _ => untrack(|| self.position()),
        };
        let running = self.experiment.get_untracked();
        let loading = self.driver.try_update_value(|driver| driver.loading.take()).flatten();
        let crashes = self.driver.try_update_value(|driver| {
            (driver.link, driver.ready, driver.asked) = (None, false, None);
            (driver.settle, driver.pending) = (false, Pending::default());
            driver.crashes += 1;
            if let Some(running) = running {
                driver.put_back(running, position);
            }
            driver.crashes
        });
        self.drop_sheet();
        self.heading.set(None);
        self.questions.clear();
        self.cannot_load(loading, vec![Invalid::new("scenario", "", TOO_MUCH)]);
        if crashes.unwrap_or_default() > MOST_CRASHES {
            self.restarted.set(false);
            self.status.set(Status::Crashed(message));
        } else {
            self.restarted.set(self.experiment.with_untracked(Option::is_some));
            self.start_worker();
        }
    }
}

/// Steps a second at which the planned run takes some seconds, in powers of ten; a long run goes as fast as it can.
fn suitable_speed(running: &Running) -> f64 {
    const SECONDS: f64 = 4.0;
    let steps = f64::from(running.settings.episodes) * f64::from(running.settings.steps);
    let speed = libm::exp10(libm::round(libm::log10((steps / SECONDS).max(10.0))));
    if speed > 1e6 { f64::INFINITY } else { speed }
}
