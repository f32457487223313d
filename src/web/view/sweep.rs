//! Two settings varied at once: which two, over which values, with how many seeds.

use leptos::prelude::*;

use super::card;
use super::study_progress::{progress, refusal, seed_choice};
use super::sweep_grid::{grid, swept};
use crate::i18n::{say, t};
use crate::store::Store;
use crate::studies::running;
use retailq::invalid::Invalid;
use retailq::parameter::Parameter;
use retailq::study::sweep::{Axis, offered, suggested};

/// An axis as the form has it.
#[derive(Clone, Copy)]
struct Choice {
    key: RwSignal<String>,
    values: RwSignal<String>,
}

impl Choice {
    fn new(key: &str, swept: Option<&Axis>) -> Self {
        let key = swept.map_or(key, |axis| axis.key.as_str());
        Self { key: RwSignal::new(key.to_owned()), values: RwSignal::new(swept.map(|axis| axis.values.join(", ")).unwrap_or_default()) }
    }
}

/// The tab.
#[component]
pub fn SweepTab() -> impl IntoView {
    let store = Store::get();
    let study = store.studies.sweep;
    let [down, across] = study.result.with_untracked(|sweep| {
        let axis = |index: usize| sweep.as_ref().map(|sweep| &sweep.axes[index]);
        [Choice::new("alpha", axis(0)), Choice::new("gamma", axis(1))]
    });
    let seeds = RwSignal::new(3);
    let fault = RwSignal::new(None::<Invalid>);
    for choice in [down, across] {
        suggest(store, choice);
    }
    let begin = move || {
        let axes = [down, across].map(|choice| (choice.key.get_untracked(), choice.values.get_untracked()));
        let axes = axes.each_ref().map(|(key, values)| (key.as_str(), values.as_str()));
        fault.set(store.studies.sweep(store, axes, seeds.get_untracked()).err());
    };
    let said = move || fault.get().map(|error| refusal(store, study, &error));
    let content = view! {
        <form class="study-form" on:submit=move |event| { event.prevent_default(); begin(); }>
            {axis(store, "sweep-down", |store| t(store, "sweep.down"), down)}
            {axis(store, "sweep-across", |store| t(store, "sweep.across"), across)}
            {seed_choice(store, "sweep-seeds", seeds)}
            <button id="sweep" type="submit" disabled=move || store.facts.with(Option::is_none)>{move || t(store, "sweep.begin")}</button>
            <p class="fault" role="alert">{said}</p>
        </form>
        <p class="faint">{move || t(store, "sweep.about")}</p>
        {progress(store, study, |_| &[], swept, "sweep")}
        {grid(store)}
    };
    card("sweep", move || t(store, "sweep.title"), content.into_any())
}

/// Another setting, or another problem, begins with values worth trying; a setting that the experiment does not have gives way to one that
/// every learner has.
fn suggest(store: Store, choice: Choice) {
    let problem = Memo::new(move |_| {
        let running = store.experiment.get()?;
        Some((running.experiment.preset.key, running.settings.algorithm.clone()))
    });
    Effect::new(move |seen: Option<Option<(&'static str, String)>>| {
        let (key, preset) = (choice.key.get(), problem.get()?.0);
        let experiment = running(store).ok()?;
        if !offered(&experiment).iter().any(|parameter| parameter.key == key) {
            choice.key.set("epsilon".to_owned());
            return seen.flatten();
        }
        let now = (preset, key);
        let filled_in = !choice.values.with_untracked(String::is_empty);
        let kept = seen.flatten().map_or(filled_in, |seen| seen == now);
        if !kept {
            choice.values.set(suggested(&experiment, &now.1));
        }
        Some(now)
    });
}

fn axis(store: Store, id: &'static str, label: fn(Store) -> &'static str, choice: Choice) -> AnyView {
    let options = move || {
        store.experiment.track();
        let option = |parameter: Parameter| {
            let key = parameter.key;
            view! { <option value=key prop:selected=move || choice.key.get() == key>{move || say(store, &parameter.name)}</option> }
        };
        running(store).map(|experiment| offered(&experiment).into_iter().map(option).collect_view()).ok()
    };
    let values_id = [id, "-values"].concat();
    view! {
        <div class="axis">
            <label>
                <span class="caption">{move || label(store)}</span>
                <select id=id on:change=move |ev| choice.key.set(event_target_value(&ev))>{options}</select>
            </label>
            <label>
                <span class="caption">{move || t(store, "sweep.values")}</span>
                <input id=values_id type="text" aria-label=move || [label(store), ": ", t(store, "sweep.values")].concat() autocomplete="off" spellcheck="false" prop:value=move || choice.values.get()
                    on:input=move |ev| choice.values.set(event_target_value(&ev))/>
            </label>
        </div>
    }
    .into_any()
}
