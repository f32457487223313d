//! Two switches: learning without a memory, and without a target network.

use leptos::prelude::*;

use crate::i18n::t;
use crate::store::Store;
use retailq::config::{Experiment, learner_parameters};

/// What is pressed is left out of the learner; the run starts anew.
pub fn switches(store: Store) -> AnyView {
    let replay = switch(store, "replay", |store| t(store, "view.network.no_replay"));
    let target = switch(store, "target_every", |store| t(store, "view.network.no_target"));
    view! {
        <div class="row" role="group" aria-label=move || t(store, "view.network.without")>{replay}{target}</div>
        <p class="faint">{move || t(store, "view.network.switches")}</p>
    }
    .into_any()
}

fn switch(store: Store, key: &'static str, name: fn(Store) -> &'static str) -> AnyView {
    let off =
        Memo::new(move |_| store.draft.with(|draft| draft.as_ref().and_then(|draft| draft.value(key).map(|value| value.to_text() == "0"))));
    let press = move |_| {
        let to = if off.get_untracked() == Some(true) {
            store.draft.with_untracked(|draft| standard(draft.as_ref(), key))
        } else {
            "0".to_owned()
        };
        store.mark_discrete();
        store.edit(key, &to);
    };
    let pressed = move || (off.get() == Some(true)).to_string();
    view! {
        <button id=["without-", key].concat() class="toggle" type="button" aria-pressed=pressed on:click=press>{move || name(store)}</button>
    }
    .into_any()
}

/// The value of the preset, or the usual one where the preset leaves it out too.
fn standard(draft: Option<&Experiment>, key: &str) -> String {
    let of_preset = draft.and_then(|draft| {
        let preset = Experiment::from_preset(draft.scenario, draft.preset).ok()?;
        preset.value(key).map(retailq::parameter::Value::to_text).filter(|text| text != "0")
    });
    let usual = || learner_parameters().into_iter().find(|parameter| parameter.key == key).map(|parameter| parameter.default.to_owned());
    of_preset.or_else(usual).unwrap_or_default()
}
