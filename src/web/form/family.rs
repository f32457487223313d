//! Editor of values written `family:number:number…`: distributions of demand and schedules.

use leptos::prelude::*;

use super::Binding;
use super::input::Text;
use super::preview::Preview;
use crate::i18n::{fill, say, t};
use crate::store::Store;
use retailq::demand::{self, Demand};
use retailq::schedule::{self, Schedule};
use retailq::text::{exact_number, join_numbers};
use retailq::words::Words;

/// A family of values: its prefix, what it and its numbers are called, and how to get there from a value of another family.
pub struct Member {
    prefix: &'static str,
    name: fn(Store) -> &'static str,
    numbers: &'static [Words],
    convert: fn(&str) -> String,
}

/// Families of demand.
pub static DEMAND: &[Member] = &[
    Member {
        prefix: "poisson",
        name: |store| t(store, "demand.poisson"),
        numbers: &demand::UNBOUNDED,
        convert: |text| ["poisson:", &exact_number(mean(text).max(0.1))].concat(),
    },
    Member {
        prefix: "geometric",
        name: |store| t(store, "demand.geometric"),
        numbers: &demand::UNBOUNDED,
        convert: |text| ["geometric:", &exact_number(mean(text).max(0.1))].concat(),
    },
    Member {
        prefix: "uniform",
        name: |store| t(store, "demand.uniform"),
        numbers: &demand::UNIFORM,
        convert: |text| ["uniform:0:", &exact_number(libm::round(2.0 * mean(text)))].concat(),
    },
    Member { prefix: "", name: |store| t(store, "demand.table"), numbers: &demand::LISTED, convert: tabulate },
];

/// Schedules of discount and exploration.
pub static SCHEDULE: &[Member] = LEARNING_RATE.split_at(3).0;

/// Schedules of the learning rate.
pub static LEARNING_RATE: &[Member] = &[
    Member {
        prefix: "",
        name: |store| t(store, "schedule.constant"),
        numbers: &schedule::CONSTANT,
        convert: |text| exact_number(ends(text).1),
    },
    Member {
        prefix: "lin",
        name: |store| t(store, "schedule.linear"),
        numbers: &schedule::LINEAR,
        convert: |text| slope("lin", text, 200),
    },
    Member {
        prefix: "exp",
        name: |store| t(store, "schedule.exponential"),
        numbers: &schedule::EXPONENTIAL,
        convert: |text| slope("exp", text, 50),
    },
    Member { prefix: "visits", name: |store| t(store, "schedule.visits"), numbers: &schedule::VISITS, convert: |_| "visits:.7".to_owned() },
];

fn mean(text: &str) -> f64 {
    let mean = Demand::parse("", text).map_or(1.0, |demand| demand.mean());
    libm::round(mean * 1000.0) / 1000.0
}

/// Probabilities rounded to four places that still sum to 1.
fn tabulate(text: &str) -> String {
    let Ok(demand) = Demand::parse("", text) else { return "1".to_owned() };
    let mut units: Vec<i64> = demand.probabilities().iter().map(|p| libm::round(p * 10_000.0) as i64).collect();
    while units.len() > 1 && units.last() == Some(&0) {
        units.pop();
    }
    let missing = 10_000 - units.iter().sum::<i64>();
    if let Some(largest) = (0..units.len()).max_by_key(|index| units[*index]) {
        units[largest] += missing;
    }
    join_numbers(&units.iter().map(|unit| *unit as f64 / 10_000.0).collect::<Vec<_>>())
}

/// First and last rate of a schedule.
fn ends(text: &str) -> (f64, f64) {
    match Schedule::parse("", text, true) {
        Ok(Schedule::Visits { .. }) | Err(_) => (0.5, 0.1),
        Ok(rates) => (rates.at(0), rates.at(schedule::MAX_EPISODES)),
    }
}

fn slope(family: &str, text: &str, episodes: u32) -> String {
    let (mut from, to) = ends(text);
    if from == to {
        from = if to < 0.5 { 1.0 } else { 0.1 };
    }
    [family, ":", &exact_number(from), ":", &exact_number(to), ":", &episodes.to_string()].concat()
}

fn prefix(text: &str) -> &str {
    text.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn numbers(text: &str) -> Vec<String> {
    text.split_once(':').map_or(text, |(_, rest)| rest).split(':').map(str::to_owned).collect()
}

/// The editor: family, its numbers, and a small picture of what they mean.
#[component]
pub fn Family(binding: Binding, name: Words, families: &'static [Member]) -> impl IntoView {
    let Binding { store, value, restored, .. } = binding;
    let current = Memo::new(move |_| value.with(|text| families.iter().position(|family| family.prefix == prefix(text))).unwrap_or(0));
    // What stands in the inputs, readable or not.
    let typed = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| {
        restored.track();
        typed.set(value.with(|text| numbers(text)));
    });
    let choose = move |ev| {
        let chosen = families.iter().find(|family| family.prefix == event_target_value(&ev));
        if let Some(family) = chosen {
            store.mark_discrete();
            binding.edit(&(family.convert)(&value.get_untracked()));
        }
    };
    let options = families
        .iter()
        .enumerate()
        .map(|(index, family)| {
            view! { <option value=family.prefix prop:selected=move || current.get() == index>{move || (family.name)(store)}</option> }
        })
        .collect_view();
    let legend = name.clone();
    let inputs = move || {
        let family = &families[current.get()];
        let write = move |place: usize, text: String| {
            typed.update(|typed| {
                typed.resize(family.numbers.len().max(typed.len()), String::new());
                typed[place] = text;
            });
            let numbers = typed.with_untracked(|typed| typed.join(":"));
            binding.edit(&if family.prefix.is_empty() { numbers } else { [family.prefix, ":", &numbers].concat() });
        };
        let long = family.prefix.is_empty() && family.numbers.len() == 1;
        let inputs = family.numbers.iter().enumerate().map(|(place, label)| {
            let shown = Signal::derive(move || value.with(|text| numbers(text).get(place).cloned().unwrap_or_default()));
            let name = name.clone();
            let full = Signal::derive(move || fill(store, "field.part", &[("name", &say(store, &name)), ("part", &say(store, label))]));
            let id = [&binding.id(), "-", &place.to_string()].concat();
            view! {
                <span class="part">
                    <span class="part-name" aria-hidden="true">{move || say(store, label)}</span>
                    <Text id label=full value=shown restored numeric=true edit=Callback::new(move |text| write(place, text))/>
                </span>
            }
        });
        view! { <div class="parts" class:long=long>{inputs.collect_view()}</div> }.into_any()
    };
    view! {
        <div class="family" role="group" aria-labelledby=binding.label_id()>
            <div class="family-head">
                <select id=binding.id() aria-label=move || fill(store, "field.family", &[("name", &say(store, &legend))]) on:change=choose>{options}</select>
                <Preview value demand=std::ptr::eq(families, DEMAND)/>
            </div>
            {inputs}
        </div>
    }
    .into_any()
}
