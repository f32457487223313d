//! What the page shows, as signals.

use std::rc::Rc;

use leptos::prelude::*;

use super::driver::Driver;
use super::heading::Heading;
use super::questions::Questions;
use super::report::Sheaf;
use super::studies::Studies;
use super::view::Outlook;
use retailq::agent::dqn::{Dqn, Portrait};
use retailq::config::{Experiment, Settings};
use retailq::environment::custom::Earlier;
use retailq::invalid::Invalid;
use retailq::mdp::Environment;
use retailq::protocol::{BaselineValue, Facts, Progress};
use retailq::records::Records;
use retailq::words::Language;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// An experiment with its settings read and its problem built: the page's source of words.
pub struct Running {
    /// What runs.
    pub experiment: Experiment,
    /// The learner's values, typed.
    pub settings: Settings,
    /// The same problem as in the worker.
    pub environment: Rc<dyn Environment>,
}

impl Running {
    /// Reads the settings and builds the problem, unless something in them does not fit together.
    pub fn new(experiment: Experiment) -> Result<Self, Invalid> {
        let (settings, environment) = (experiment.settings()?, Rc::from(experiment.build()?));
        Ok(Self { experiment, settings, environment })
    }
}

/// Whether the worker can be asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Status {
    /// The worker is loading.
    #[default]
    Starting,
    /// A problem is being compiled and solved.
    Solving,
    /// It answers.
    Ready,
    /// It has stopped, and does not come back by itself; with the browser's message.
    Crashed(String),
}

/// The state of the page; a handle that is copied around and found by `expect_context`.
#[derive(Clone, Copy)]
pub struct Store {
    /// Whether the page stands in a frame of another one: compact, and without a memory.
    pub embedded: bool,
    /// Language of every text.
    pub language: RwSignal<Language>,
    /// The visitor's choice of theme.
    pub theme: RwSignal<Theme>,
    /// Whether the page is dark now, by choice or by system.
    pub dark: RwSignal<bool>,
    /// Whether single letters are keys.
    pub letter_keys: RwSignal<bool>,
    /// What the form shows: every value readable, not necessarily a problem that fits together.
    pub draft: RwSignal<Option<Experiment>, LocalStorage>,
    /// Counts what was opened: a field then shows its value, whatever was written in it.
    pub opened: RwSignal<u32>,
    /// What runs; always the problem that facts, progress and records belong to.
    pub experiment: RwSignal<Option<Rc<Running>>, LocalStorage>,
    /// Exact facts of the problem.
    pub facts: RwSignal<Option<Facts>>,
    /// Where the run stands; nothing before the first step.
    pub progress: RwSignal<Option<Progress>>,
    /// Fingerprint of the run where it last stood still.
    pub fingerprint: RwSignal<Option<String>>,
    /// The series of the run.
    pub records: RwSignal<Records>,
    /// What planning ahead buys: discounts with the value of the policy that is optimal for each.
    pub foresight: RwSignal<Vec<(f64, f64)>>,
    /// Baselines, as they get measured.
    pub baselines: RwSignal<Vec<BaselineValue>>,
    /// What takes time to answer: the verdict, the story of a value, a map.
    pub questions: Questions,
    /// How the visitor looks at what was learned.
    pub outlook: Outlook,
    /// The tab that was opened last, by index.
    pub tab: RwSignal<usize>,
    /// The network as last drawn.
    pub portrait: RwSignal<Option<Rc<Portrait>>, LocalStorage>,
    /// Where the run is going; nowhere while it stands.
    pub heading: RwSignal<Option<Heading>>,
    /// Steps a second; infinite for everything the machine has.
    pub speed: RwSignal<f64>,
    /// Whether the visitor chose the speed; until then it suits the problem.
    pub speed_chosen: StoredValue<bool>,
    /// Whether the worker can be asked.
    pub status: RwSignal<Status>,
    /// Whether the worker had to be restarted.
    pub restarted: RwSignal<bool>,
    /// Tables of one's own as they were before each change.
    pub tables: RwSignal<Earlier>,
    /// Fields that cannot be read; the problem goes on without them.
    pub errors: RwSignal<Vec<Invalid>>,
    /// Values that do not fit together, as the problem or the worker says.
    pub refused: RwSignal<Vec<Invalid>>,
    /// What is wrong with the link or the file just opened.
    pub broken: RwSignal<Vec<Invalid>>,
    /// What is being printed, if anything is.
    pub sheaf: RwSignal<Option<Sheaf>>,
    /// Questions that take several runs.
    pub studies: Studies,
    /// Whether the last change was a choice rather than a step of a drag: Back then returns to what was before.
    discrete: StoredValue<bool>,
    /// The worker's counterpart.
    pub(super) driver: StoredValue<Driver, LocalStorage>,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            embedded: super::address::is_embedded(),
            language: RwSignal::default(),
            theme: RwSignal::default(),
            dark: RwSignal::default(),
            letter_keys: RwSignal::new(true),
            draft: RwSignal::new_local(None),
            opened: RwSignal::default(),
            experiment: RwSignal::new_local(None),
            facts: RwSignal::default(),
            progress: RwSignal::default(),
            fingerprint: RwSignal::default(),
            records: RwSignal::default(),
            baselines: RwSignal::default(),
            foresight: RwSignal::default(),
            questions: Questions::default(),
            outlook: Outlook::default(),
            tab: RwSignal::default(),
            portrait: RwSignal::new_local(None),
            heading: RwSignal::default(),
            speed: RwSignal::new(30_000.0),
            speed_chosen: StoredValue::new(false),
            status: RwSignal::default(),
            restarted: RwSignal::default(),
            tables: RwSignal::default(),
            errors: RwSignal::default(),
            refused: RwSignal::default(),
            broken: RwSignal::default(),
            sheaf: RwSignal::default(),
            studies: Studies::default(),
            discrete: StoredValue::new(false),
            driver: StoredValue::new_local(Driver::default()),
        }
    }
}

impl Store {
    /// The store of the page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Marks the change about to be made as one that Back undoes.
    pub fn mark_discrete(self) {
        super::address::keep(self);
        self.discrete.set_value(true);
    }

    /// Whether the change was one that Back undoes; asked once.
    pub fn take_discrete(self) -> bool {
        self.discrete.try_update_value(std::mem::take).unwrap_or_default()
    }

    /// Asks for a drawing of the network at the present state; it arrives in [`portrait`](Self::portrait).
    pub fn request_portrait(self) {
        self.driver.update_value(|driver| driver.portrait = true);
        self.pump();
    }

    /// Whether the run began with an opened network.
    pub fn begins_with_network(self) -> bool {
        self.experiment.with(|running| running.as_ref().is_some_and(|running| running.experiment.network.is_some()))
    }

    /// Whether there was anything to learn from by an episode: before the first, only an opened network has learned.
    pub fn has_learned(self, episode: f64) -> bool {
        episode > 0.0 || self.begins_with_network()
    }

    /// The learner's values, if a network runs.
    pub fn network(self) -> Option<Settings> {
        let settings = self.experiment.with(|running| running.as_ref().map(|running| running.settings.clone()))?;
        (settings.algorithm == Dqn::ALGORITHM.key).then_some(settings)
    }
}
