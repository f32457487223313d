//! What a run was made with, in words: for the captions of pictures, the names of files and the printed report.

use leptos::prelude::*;

use super::address::{link, whole};
use super::i18n::{clauses, fill, say, t};
use super::standing::episode_text;
use super::store::{Running, Store};
use retailq::agent::algorithm;
use retailq::config::{Experiment, WEIGHT};
use retailq::environment::{Preset, Scenario};
use retailq::share::position_text;
use retailq::study::difference::in_words;
use retailq::text::{plain_number, shortened};
use retailq::words::Words;

/// Most letters of a value: a whole table would bury everything else.
const MOST_LETTERS: usize = 60;

/// Model and preset.
pub fn title(store: Store, scenario: &Scenario, preset: &Preset) -> String {
    fill(store, "caption.title", &[("scenario", &say(store, &scenario.name)), ("preset", &say(store, &preset.name))])
}

/// Where a preset was published, or that it was not, and whose model it is then; and what is printed there.
pub fn source(store: Store, scenario: &Scenario, preset: &Preset) -> Vec<String> {
    let source = match &preset.source {
        Some(source) => fill(store, "problem.source", &[("source", &say(store, source))]),
        None => fill(store, "problem.own", &[("source", &say(store, &scenario.source))]),
    };
    let printed = preset.printed.as_ref().map(|printed| fill(store, "problem.printed", &[("printed", &say(store, printed))]));
    [source].into_iter().chain(printed).collect()
}

/// What the preset claims, unless problem or learner were changed: then it may not hold.
pub fn claim(store: Store, experiment: &Experiment) -> Option<String> {
    experiment.changes().is_empty().then(|| say(store, &experiment.preset.claim))
}

/// What differs from the preset: names and values in words.
pub fn changes(store: Store, running: &Running) -> Vec<(String, String)> {
    let experiment = &running.experiment;
    let parameters = experiment.parameters();
    let named = |(key, text): (String, String)| {
        if let Some(part) = key.strip_prefix(WEIGHT) {
            let parts = running.environment.reward_parts();
            let name = parts.into_iter().find(|known| known.key == part).map_or_else(|| Words::same(part), |part| part.name);
            return (fill(store, "caption.weight", &[("part", &say(store, &name))]), plain_number(experiment.weight(part)));
        }
        let Some(parameter) = parameters.iter().find(|parameter| parameter.key == key) else { return (key, text) };
        // A seed is a name rather than a number.
        let value = match experiment.value(&key) {
            Some(value) if key != "seed" => say(store, &in_words(&parameter.kind, value)),
            _ => text,
        };
        let unit = say(store, &parameter.unit);
        (say(store, &parameter.name), [value.as_str(), if unit.is_empty() { "" } else { " " }, &unit].concat())
    };
    experiment.changes().into_iter().map(named).map(|(name, value)| (name, shortened(&value, MOST_LETTERS))).collect()
}

/// What differs from the preset, in a line.
pub fn settings(store: Store, running: &Running) -> String {
    let changes: Vec<String> = changes(store, running).into_iter().map(|(name, value)| [&name, " = ", &value].concat()).collect();
    if changes.is_empty() {
        return t(store, "caption.unchanged").to_owned();
    }
    fill(store, "caption.changed", &[("changes", &clauses(store.language.get(), &changes))])
}

/// Learner, seed and moment.
pub fn run(store: Store, running: &Running) -> String {
    let learner = algorithm(&running.settings.algorithm).map_or_else(String::new, |it| say(store, &it.name));
    let values = [episode_text(store), store.position().step.to_string(), running.settings.seed.to_string()];
    let names = ["episode", "step", "seed"];
    let values: Vec<_> = names.into_iter().zip(values.iter().map(String::as_str)).chain([("learner", learner.as_str())]).collect();
    fill(store, "caption.run", &values)
}

/// The whole address of the run, or why there is none.
pub fn address(store: Store) -> String {
    link(store).map_or_else(|| t(store, "caption.no_link").to_owned(), |link| whole(&link))
}

/// The lines below a picture.
pub fn lines(store: Store) -> Vec<String> {
    untrack(|| {
        let Some(running) = store.experiment.get() else { return Vec::new() };
        let print = store.fingerprint.get().map(|print| fill(store, "caption.fingerprint", &[("fingerprint", &print)]));
        let run = [run(store, &running)].into_iter().chain(print).collect::<Vec<_>>().join(" · ");
        vec![title(store, running.experiment.scenario, running.experiment.preset), run, settings(store, &running), address(store)]
    })
}

/// Name of a file: preset and position, what it is, and its kind.
pub fn file_name(store: Store, what: &str, kind: &str) -> String {
    untrack(|| {
        let preset = store.experiment.with(|running| running.as_ref().map_or("", |running| running.experiment.preset.key));
        ["retailq-", preset, "-at-", &position_text(store.position()), "-", what, ".", kind].concat()
    })
}
