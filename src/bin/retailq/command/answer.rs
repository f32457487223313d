//! What the answers of several commands have in common.

use std::io::{BufWriter, Write};

use retailq::config::Setup;
use retailq::invalid::Invalid;
use retailq::mdp::{Environment, Factor, Levels, State};
use retailq::share::{Shared, to_link};
use retailq::words::Language::English;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

/// Writes a report as it is made: a large policy never stands in memory as a whole.
pub fn print(report: &impl Serialize, compact: bool) -> Result<(), Vec<Invalid>> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = if compact { serde_json::to_writer(&mut out, report) } else { serde_json::to_writer_pretty(&mut out, report) };
    let finished = written.map_err(std::io::Error::from).and_then(|()| writeln!(out)).and_then(|()| out.flush());
    finished.map_err(|error| vec![Invalid::new("output", error, retailq::words!("cannot be written", "无法写出"))])
}

pub fn compile(shared: &Shared) -> Result<Setup, Vec<Invalid>> {
    shared.experiment.compile().map_err(|error| vec![error])
}

pub fn head(shared: &Shared, setup: &Setup) -> Map<String, Json> {
    let fields = json!({
        "scenario": shared.experiment.scenario.key,
        "preset": shared.experiment.preset.key,
        "link": format!("#{}", to_link(&shared.experiment, shared.position)),
        "states": setup.model.states(),
        "state_actions": setup.model.pair_count(),
        "outcomes": setup.model.outcome_count(),
        "discount": setup.settings.discount,
    });
    match fields {
        Json::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// States factor by factor. The factors are asked for once: a table of one's own names every state anew each time.
pub struct Told<'a> {
    environment: &'a dyn Environment,
    factors: Vec<Factor>,
}

impl<'a> Told<'a> {
    pub fn new(environment: &'a dyn Environment) -> Self {
        Self { environment, factors: environment.factors() }
    }

    pub fn state(&self, state: State) -> Json {
        let fields = self.factors.iter().zip(self.environment.levels(state));
        Json::Object(fields.map(|(factor, level)| (factor.key.to_owned(), level_value(&factor.levels, level))).collect())
    }
}

pub fn level_value(levels: &Levels, level: u32) -> Json {
    match levels {
        Levels::Integers { min, .. } => json!(min + level as i32),
        Levels::Numbers(_) => json!(levels.value(level)),
        Levels::Named(_) => json!(levels.label(level, English)),
    }
}
