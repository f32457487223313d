//! The studies of the running experiment: what they have found, how far they are, and their end when another experiment comes.

use std::rc::Rc;

use leptos::prelude::*;

use super::pool::{Customer, Pool};
use super::store::Store;
use retailq::config::Experiment;
use retailq::invalid::Invalid;
use retailq::study::sweep::Axis;
use retailq::study::{Comparison, Headway, Job, Outcome, Seeds, Sweep, Ticket, identity};

/// A kind of study; there is at most one of each.
pub struct Study<T: 'static> {
    /// What is known so far.
    pub result: RwSignal<Option<T>, LocalStorage>,
    /// How far it is; `None` when nothing is under way.
    pub headway: RwSignal<Option<Headway>>,
    /// Runs that had to be begun anew.
    pub repeated: RwSignal<u32>,
    /// Whether the last one of the kind went with the problem that it was about.
    pub dropped: RwSignal<bool>,
    /// How many of the kind were begun: when it changes, all that was known is about another study.
    pub round: RwSignal<u32>,
    ticket: StoredValue<Option<Ticket>>,
    take: fn(&mut T, u32, Outcome),
}

impl<T> Clone for Study<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Study<T> {}

impl<T> Customer for Study<T> {
    fn take(&self, index: u32, outcome: Outcome) {
        let take = self.take;
        self.result.update(|study| {
            if let Some(study) = study {
                take(study, index, outcome);
            }
        });
    }

    fn stand(&self, headway: Option<Headway>) {
        if let Some(headway) = headway {
            self.repeated.set(headway.repeated);
        }
        self.headway.set(headway);
    }
}

impl<T> Study<T> {
    /// What is to be told of the result once nothing is under way any more.
    pub fn found(self, tell: impl FnOnce(&T) -> String) -> Option<String> {
        let over = self.headway.with(Option::is_none);
        self.result.with(|result| result.as_ref().filter(|_| over).map(tell))
    }

    fn new(take: fn(&mut T, u32, Outcome)) -> Self {
        Self {
            result: RwSignal::new_local(None),
            headway: RwSignal::default(),
            repeated: RwSignal::default(),
            dropped: RwSignal::default(),
            round: RwSignal::default(),
            ticket: StoredValue::new(None),
            take,
        }
    }

    /// Begins a study, in place of the last one of its kind.
    pub fn begin(self, store: Store, (study, jobs): (T, Vec<Job>)) {
        self.cancel(store);
        self.repeated.set(0);
        self.dropped.set(false);
        self.result.set(Some(study));
        self.round.update(|round| *round += 1);
        self.headway.set((!jobs.is_empty()).then(Headway::default));
        self.ticket.set_value(store.submit(jobs, Rc::new(self)));
    }

    /// Ends the study; what it has found stays.
    pub fn cancel(self, store: Store) {
        if let Some(ticket) = self.ticket.get_value() {
            store.withdraw(ticket);
        }
        self.ticket.set_value(None);
        self.headway.set(None);
    }

    /// Ends the study and forgets it.
    pub fn forget(self, store: Store) {
        self.cancel(store);
        if self.result.with_untracked(Option::is_some) {
            self.result.set(None);
        }
    }

    fn forget_unless(self, store: Store, belongs: impl FnOnce(&T) -> bool) {
        if !self.result.with_untracked(|study| study.as_ref().is_none_or(belongs)) {
            self.forget(store);
            self.dropped.set(true);
        }
    }
}

/// All kinds, and the workers they share.
#[derive(Clone, Copy)]
pub struct Studies {
    /// Several seeds, on the charts.
    pub seeds: Study<Seeds>,
    /// Two experiments side by side.
    pub comparison: Study<Comparison>,
    /// A grid of two settings.
    pub sweep: Study<Sweep>,
    pub(super) pool: StoredValue<Pool, LocalStorage>,
}

impl Default for Studies {
    fn default() -> Self {
        Self {
            seeds: Study::new(|seeds, _, outcome| seeds.take(&outcome)),
            comparison: Study::new(Comparison::take),
            sweep: Study::new(|sweep, index, outcome| sweep.take(index, &outcome)),
            pool: StoredValue::new_local(Pool::default()),
        }
    }
}

impl Studies {
    /// Ends what does not belong to the experiment that runs now. To look at one side of a comparison or at a cell of a sweep ends neither.
    pub fn set_up(self, store: Store) {
        Effect::new(move |_| {
            let Some(running) = store.experiment.get() else { return };
            let present = identity(&running.experiment);
            self.seeds.forget_unless(store, |seeds| seeds.base == present);
            self.comparison.forget_unless(store, |comparison| comparison.sides.iter().any(|side| identity(side) == present));
            self.sweep.forget_unless(store, |sweep| sweep.includes(&present));
        });
    }

    /// Runs the present experiment with several seeds.
    pub fn add_seeds(self, store: Store, count: u32) -> Result<(), Invalid> {
        self.seeds.begin(store, Seeds::plan(&running(store)?, count)?);
        Ok(())
    }

    /// Sets another experiment beside the present one.
    pub fn compare(self, store: Store, other: &Experiment, seeds: u32) -> Result<(), Invalid> {
        self.comparison.begin(store, Comparison::plan(&running(store)?, other, seeds)?);
        Ok(())
    }

    /// Varies two settings of the present experiment.
    pub fn sweep(self, store: Store, axes: [(&str, &str); 2], seeds: u32) -> Result<(), Invalid> {
        let experiment = running(store)?;
        let [down, across] = axes.map(|(key, values)| Axis::read(&experiment, key, values));
        self.sweep.begin(store, Sweep::plan(&experiment, [down?, across?], seeds)?);
        Ok(())
    }
}

/// The experiment that runs.
pub fn running(store: Store) -> Result<Experiment, Invalid> {
    let running = store.experiment.get_untracked();
    let none = || Invalid::new("p", "", words!("no experiment runs", "没有正在运行的实验"));
    running.map(|running| running.experiment.clone()).ok_or_else(none)
}
