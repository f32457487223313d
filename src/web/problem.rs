//! The first region: which problem, and every number of it.

use leptos::prelude::*;

use super::caption::{claim, source};
use super::focus::go_on_from;
use super::form::{Field, FieldView};
use super::i18n::{fill, gap, say, t};
use super::store::{Status, Store};
use retailq::chart::{figure, whole};
use retailq::config::{WEIGHT, WEIGHTS};
use retailq::environment::{Problem, SCENARIOS, Scenario, preset, scenario};
use retailq::mdp::RewardPart;
use retailq::parameter::Group;
use retailq::words::Words;

/// Pickers, what the problem claims, and its editors.
#[component]
pub fn ProblemRegion() -> impl IntoView {
    let store = Store::get();
    let chosen = Memo::new(move |_| store.draft.with(|draft| draft.as_ref().map(|draft| draft.scenario.key)));
    view! {
        <section class="card problem" aria-labelledby="problem-title">
            <h2 id="problem-title">{move || t(store, "problem.title")}</h2>
            <ScenarioPicker/>
            <PresetPicker/>
            <About/>
            <Misfits/>
            {move || chosen.get().and_then(scenario).map(|scenario| view! { <Editors scenario/> })}
        </section>
    }
    .into_any()
}

#[component]
fn ScenarioPicker() -> impl IntoView {
    let store = Store::get();
    let current = move || store.draft.with(|draft| draft.as_ref().map(|draft| draft.scenario.key));
    let choose = move |ev| {
        if let Some(first) = scenario(&event_target_value(&ev)).and_then(|scenario| scenario.presets.first()) {
            store.mark_discrete();
            store.open_preset(first.key);
        }
    };
    let option = move |scenario: &'static Scenario| {
        view! { <option value=scenario.key prop:selected=move || current() == Some(scenario.key)>{move || say(store, &scenario.name)}</option> }
    };
    let group = |problem: Problem| {
        let models: Vec<_> = SCENARIOS.iter().filter(|scenario| scenario.problem == problem).copied().map(option).collect();
        let name = problem.name();
        (!models.is_empty()).then(|| view! { <optgroup label=move || say(store, &name)>{models}</optgroup> })
    };
    view! {
        <div class="picker">
            <label for="scenario">{move || t(store, "problem.scenario")}</label>
            <select id="scenario" on:change=choose>{Problem::ALL.into_iter().filter_map(group).collect_view()}</select>
        </div>
    }
    .into_any()
}

#[component]
fn PresetPicker() -> impl IntoView {
    let store = Store::get();
    let current = Memo::new(move |_| store.draft.with(|draft| draft.as_ref().map(|draft| draft.preset.key)));
    let choose = move |ev| {
        store.mark_discrete();
        store.open_preset(&event_target_value(&ev));
    };
    let options = move || {
        let presets = current.get().and_then(preset).map(|(scenario, _)| scenario.presets).unwrap_or_default();
        let option = |preset: &'static retailq::environment::Preset| {
            view! { <option value=preset.key prop:selected=move || current.get() == Some(preset.key)>{say(store, &preset.name)}</option> }
        };
        presets.iter().map(option).collect_view()
    };
    let changes = move || store.draft.with(|draft| draft.as_ref().map_or(0, |draft| draft.changes().len()));
    let restore = move |event| {
        if let Some(key) = current.get_untracked() {
            store.mark_discrete();
            store.open_preset(key);
            go_on_from(&event, "preset");
        }
    };
    view! {
        <div class="picker">
            <label for="preset">{move || t(store, "problem.preset")}</label>
            <select id="preset" on:change=choose>{options}</select>
        </div>
        <p class="changes" hidden=move || changes() == 0>
            {move || fill(store, "problem.changes", &[("count", &changes().to_string())])} {move || gap(store)}
            <button class="link" type="button" on:click=restore>{move || t(store, "problem.restore")}</button>
        </p>
    }
    .into_any()
}

/// What the preset claims, where it comes from, and how large the problem is.
#[component]
fn About() -> impl IntoView {
    let store = Store::get();
    let current = Memo::new(move |_| store.draft.with(|draft| draft.as_ref().map(|draft| draft.preset.key)));
    let about = move || {
        let (scenario, preset) = current.get().and_then(preset)?;
        Some(view! {
            <p class="summary">{say(store, &scenario.summary)}</p>
            {source(store, scenario, preset).into_iter().map(|line| view! { <p class="source">{line}</p> }).collect_view()}
        })
    };
    let size = move || {
        if store.status.get() == Status::Solving {
            return t(store, "problem.solving").to_owned();
        }
        let Some(facts) = store.facts.get() else { return String::new() };
        let counts = [("states", facts.states), ("pairs", facts.pairs), ("outcomes", facts.outcomes)];
        let counts: Vec<_> =
            counts.map(|(name, count)| (name, whole(count.into()))).into_iter().chain([("optimum", figure(facts.optimum, 4))]).collect();
        let counts: Vec<_> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
        let cut = facts.is_cut().then(|| {
            let values = [whole(facts.steps.into()), figure(facts.episode_optimum, 4)];
            fill(store, "problem.cut", &[("steps", &values[0]), ("optimum", &values[1])])
        });
        [fill(store, "problem.size", &counts), cut.unwrap_or_default()].concat()
    };
    let claim = move || {
        store.draft.with(|draft| {
            // What was said of a sample says nothing of a table of one's own.
            let draft = draft.as_ref().filter(|draft| draft.changes().iter().all(|(key, _)| key != "rows"))?;
            let earlier = || fill(store, "caption.claim", &[("claim", &say(store, &draft.preset.claim))]);
            Some(match claim(store, draft) {
                Some(claim) => view! { <p class="claim">{claim}</p> }.into_any(),
                None => view! { <p class="claim changed">{earlier()}</p> }.into_any(),
            })
        })
    };
    view! { {claim} {about} <p class="size">{size}</p> }.into_any()
}

/// Refusals that belong to no field of the form.
#[component]
fn Misfits() -> impl IntoView {
    let store = Store::get();
    let lines = move || {
        let known =
            |key: &str| store.draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.value(key).is_some())) || key.starts_with(WEIGHT);
        let other = store.refused.get().into_iter().filter(|error| !known(&error.key));
        other.map(|error| view! { <p class="fault">{error.message(store.language.get())}</p> }).collect_view()
    };
    view! { <div role="alert">{lines}</div> }.into_any()
}

#[component]
fn Editors(scenario: &'static Scenario) -> impl IntoView {
    let store = Store::get();
    let mut parameters = (scenario.parameters)();
    let mut group = |group: Group| -> Vec<Field> {
        let (these, others) = std::mem::take(&mut parameters).into_iter().partition(|parameter| parameter.group == group);
        parameters = others;
        let these: Vec<retailq::parameter::Parameter> = these;
        these.into_iter().map(Field::from).collect()
    };
    let (states, actions, rewards, transitions) =
        (group(Group::State), group(Group::Action), group(Group::Reward), group(Group::Transition));
    let fields = |fields: Vec<Field>| fields.into_iter().map(|field| view! { <FieldView field/> }).collect_view();
    let section = |heading: fn(Store) -> &'static str, these: Vec<Field>| {
        (!these.is_empty()).then(|| view! { <fieldset><legend>{move || heading(store)}</legend>{fields(these)}</fieldset> })
    };
    view! {
        {section(|store| t(store, "group.state"), states)}
        {section(|store| t(store, "group.action"), actions)}
        <fieldset>
            <legend>{move || t(store, "group.reward")}</legend>
            {fields(rewards)}
            <Weights/>
        </fieldset>
        {section(|store| t(store, "group.transition"), transitions)}
    }
    .into_any()
}

/// How much each part of the reward counts.
#[component]
fn Weights() -> impl IntoView {
    let store = Store::get();
    let parts = Memo::new(move |_| {
        let parts = |running: &std::rc::Rc<super::store::Running>| running.environment.reward_parts();
        store.experiment.with(|running| running.as_ref().map(parts).unwrap_or_default())
    });
    let field = |RewardPart { key, name }: RewardPart| Field {
        key: [WEIGHT, key].concat(),
        name,
        help: words!("How much this part counts; 1 as published, 0 leaves it out.", "该分量的权重；1 为原值，0 表示不计。"),
        unit: Words::same("×"),
        kind: WEIGHTS,
    };
    let rows = move || parts.get().into_iter().map(field).map(|field| view! { <FieldView field/> }).collect_view();
    view! {
        <details class="weights">
            <summary>{move || t(store, "group.weights")}</summary>
            {rows}
        </details>
    }
    .into_any()
}
