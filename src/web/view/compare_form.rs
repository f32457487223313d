//! What is to be compared: one setting changed, or any other link.

use leptos::html;
use leptos::prelude::*;

use super::study_progress::{refusal, seed_choice};
use crate::i18n::{fill, say, t};
use crate::store::Store;
use crate::studies::running;
use retailq::agent::parameters::{applies, learner_parameters};
use retailq::config::Experiment;
use retailq::invalid::Invalid;
use retailq::parameter::{Kind, Parameter};
use retailq::share::from_text;
use retailq::study::compare::with_value;

/// The entry that asks for a link.
const LINK: &str = "link";

/// Learner's settings that make a comparison: neither the seed, which both sides share, nor what both are measured by.
fn settings(algorithm: &str) -> Vec<Parameter> {
    let fits = |parameter: &Parameter| !["seed", "discount"].contains(&parameter.key) && applies(parameter.key, algorithm);
    learner_parameters().into_iter().filter(fits).collect()
}

/// A value other than the present one, to begin with.
fn other_value(experiment: &Experiment, key: &str) -> String {
    let own = experiment.value(key).map(retailq::parameter::Value::to_text).unwrap_or_default();
    let parameter = learner_parameters().into_iter().find(|parameter| parameter.key == key);
    let tried: Vec<&str> = match (key, parameter.as_ref().map(|parameter| &parameter.kind)) {
        (_, Some(Kind::Choice(options))) => options.iter().map(|(option, _)| *option).collect(),
        ("gamma", _) => vec!["0", ".9"],
        ("alpha", _) => vec![".1", ".5"],
        ("epsilon", _) => vec![".1", "0"],
        _ => vec![&own],
    };
    tried.into_iter().find(|value| *value != own).unwrap_or(&own).to_owned()
}

/// The form; `chosen` gets the other experiment.
pub fn form(store: Store) -> AnyView {
    let (key, seeds) = (RwSignal::new("gamma".to_owned()), RwSignal::new(10));
    let value = RwSignal::new(String::new());
    let fault = RwSignal::new(None::<Vec<Invalid>>);
    let pasted = NodeRef::<html::Input>::new();
    let algorithm = Memo::new(move |_| store.experiment.get().map_or_else(String::new, |running| running.settings.algorithm.clone()));
    // Another setting, or another experiment, has another value to begin with.
    Effect::new(move |_| {
        store.experiment.track();
        let known = key.with(|key| key == LINK || settings(&algorithm.get()).iter().any(|parameter| parameter.key == key));
        if !known {
            key.set("gamma".to_owned());
        }
        if let Ok(experiment) = running(store) {
            value.set(key.with_untracked(|key| other_value(&experiment, key)));
        }
        fault.set(None);
    });
    let other = move || -> Result<Experiment, Vec<Invalid>> {
        if key.get_untracked() == LINK {
            let text = pasted.get_untracked().map(|input| input.value()).unwrap_or_default();
            if text.trim().is_empty() {
                let missing = words!("paste the link of the other run here", "请在此粘贴另一次运行的链接");
                return Err(vec![Invalid::new("", "", missing)]);
            }
            return from_text(&text).map(|shared| shared.experiment);
        }
        let experiment = running(store).map_err(|error| vec![error])?;
        with_value(&experiment, &key.get_untracked(), &value.get_untracked()).map_err(|error| vec![error])
    };
    let begin = move || {
        let begun = other().and_then(|other| store.studies.compare(store, &other, seeds.get_untracked()).map_err(|error| vec![error]));
        fault.set(begun.err());
    };
    let options = move || {
        let option = |parameter: Parameter| {
            let own = parameter.key;
            view! { <option value=own prop:selected=move || key.get() == own>{move || say(store, &parameter.name)}</option> }
        };
        settings(&algorithm.get()).into_iter().map(option).collect_view()
    };
    let said = move || {
        // The first is enough to go on with.
        fault.get().and_then(|errors| errors.first().map(|error| refusal(store, store.studies.comparison, error)))
    };
    let about = move || {
        let name = own_name(store, &algorithm.get());
        let values = [("algorithm", name.as_str())];
        if key.get() == LINK { fill(store, "compare.about_link", &values) } else { fill(store, "compare.about", &values) }
    };
    view! {
        <form class="study-form" on:submit=move |event| { event.prevent_default(); begin(); }>
            <label>
                <span class="caption">{move || t(store, "compare.change")}</span>
                <select id="compare-key" on:change=move |ev| key.set(event_target_value(&ev))>
                    {options}
                    <option value=LINK>{move || t(store, "compare.other_link")}</option>
                </select>
            </label>
            <label hidden=move || key.get() == LINK>
                <span class="caption">{move || t(store, "compare.to")}</span>
                {move || editor(store, &key.get(), value)}
            </label>
            <label class="grow" hidden=move || key.get() != LINK>
                <span class="caption">{move || t(store, "compare.link")}</span>
                <input id="compare-link" node_ref=pasted type="text" autocomplete="off" spellcheck="false"/>
            </label>
            {seed_choice(store, "compare-seeds", seeds)}
            <button id="compare" type="submit" disabled=move || store.facts.with(Option::is_none)>{move || t(store, "compare.begin")}</button>
            <p class="fault" role="alert">{said}</p>
        </form>
        <p class="faint">{about}</p>
    }
    .into_any()
}

fn own_name(store: Store, algorithm: &str) -> String {
    retailq::agent::algorithm(algorithm).map(|algorithm| say(store, &algorithm.name)).unwrap_or_default()
}

fn editor(store: Store, key: &str, value: RwSignal<String>) -> AnyView {
    let parameter = learner_parameters().into_iter().find(|parameter| parameter.key == key);
    if let Some(Parameter { kind: Kind::Choice(options), .. }) = parameter {
        let option = |(option, name): (&'static str, retailq::words::Words)| {
            view! { <option value=option prop:selected=move || value.get() == option>{move || say(store, &name)}</option> }
        };
        let options = options.into_iter().map(option).collect_view();
        return view! { <select id="compare-value" on:change=move |ev| value.set(event_target_value(&ev))>{options}</select> }.into_any();
    }
    view! {
        <input id="compare-value" type="text" autocomplete="off" spellcheck="false" prop:value=move || value.get()
            on:input=move |ev| value.set(event_target_value(&ev))/>
    }
    .into_any()
}
