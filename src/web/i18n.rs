//! Every text of the page comes from two files, `www/en.txt` and `www/zh.txt`, one line a text: `key = text`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use leptos::prelude::*;

use super::store::Store;
use retailq::config::Experiment;
use retailq::invalid::Invalid;
use retailq::text::filled;
use retailq::words::{Language, Words};

type Texts = BTreeMap<&'static str, String>;

static ENGLISH: OnceLock<Texts> = OnceLock::new();
static CHINESE: OnceLock<Texts> = OnceLock::new();

fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => ENGLISH.get_or_init(|| read(include_str!("../../www/en.txt"))),
        Language::Chinese => CHINESE.get_or_init(|| read(include_str!("../../www/zh.txt"))),
    }
}

fn read(file: &'static str) -> Texts {
    let entry = |line: &'static str| line.split_once('=').map(|(key, text)| (key.trim(), kept_together(text.trim())));
    let mut texts = Texts::new();
    texts.extend(file.lines().filter(|line| !line.starts_with('#')).filter_map(entry));
    texts
}

/// With numbers that never part from their sign of percent.
fn kept_together(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}

/// The text with this key in the visitor's language; follows a change of language. A test refuses keys that are missing.
pub fn t(store: Store, key: &'static str) -> &'static str {
    texts(store.language.get()).get(key).map_or(key, String::as_str)
}

/// The text with its `{placeholders}` filled. `[n|state|states]` is one of the two words, as suits what stands for `{n}`.
pub fn fill(store: Store, key: &'static str, values: &[(&str, &str)]) -> String {
    let mut template = t(store, key).to_owned();
    for (name, value) in values {
        template = counted(template, name, *value == "1");
    }
    filled(&template, |name| values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
}

fn counted(mut text: String, name: &str, is_one: bool) -> String {
    let mark = ["[", name, "|"].concat();
    while let Some((before, rest)) = text.split_once(&mark)
        && let Some((words, after)) = rest.split_once(']')
        && let Some((one, many)) = words.split_once('|')
    {
        text = [before, if is_one { one } else { many }, after].concat();
    }
    text
}

/// Words of the engine in the visitor's language.
pub fn say(store: Store, words: &Words) -> String {
    kept_together(words.get(store.language.get()))
}

/// What stands between two sentences: Chinese ones follow each other without a space.
pub fn gap(store: Store) -> &'static str {
    if store.language.get() == Language::Chinese { "" } else { " " }
}

/// Two sentences in a row.
pub fn sentences(store: Store, first: String, second: String) -> String {
    let between = if second.is_empty() { "" } else { gap(store) };
    [&first, between, &second].concat()
}

/// Clauses in a row, divided as the language divides them.
pub fn clauses(language: Language, clauses: &[String]) -> String {
    clauses.join(if language == Language::Chinese { "；" } else { "; " })
}

/// What is wrong with a field of the form, which is called as it is there.
pub fn told(store: Store, error: &Invalid) -> String {
    let name = store.draft.with(|draft| draft.as_ref().and_then(|draft| field_name(store, draft, &error.key)));
    Invalid { key: name.unwrap_or_else(|| error.key.clone()), ..error.clone() }.message(store.language.get())
}

/// What a field is called on the page; `None` where no field has the key.
pub fn field_name(store: Store, experiment: &Experiment, key: &str) -> Option<String> {
    experiment.parameters().into_iter().find(|parameter| parameter.key == key).map(|found| say(store, &found.name))
}

/// What is wrong with a value; of an empty one there is nothing to quote.
pub fn fault(store: Store, value: &str, fault: &Words) -> String {
    let said = say(store, fault);
    if value.is_empty() { said } else { fill(store, "field.fault", &[("value", value), ("fault", &said)]) }
}
