//! How far a study is, the way out of it, and what went wrong in it.

use leptos::prelude::*;

use crate::focus::go_on_from;
use crate::i18n::{self, fill, say, t};
use crate::store::Store;
use crate::studies::{Study, running};
use retailq::chart::whole;
use retailq::invalid::Invalid;
use retailq::words::Words;

/// Numbers of seeds to choose from.
pub const SEEDS: [u32; 4] = [3, 5, 10, 20];

/// A choice of the number of seeds.
pub fn seed_choice(store: Store, id: &'static str, count: RwSignal<u32>) -> AnyView {
    let option = move |number: u32| {
        let name = move || fill(store, "study.seeds", &[("n", &number.to_string())]);
        view! { <option value=number.to_string() selected=count.get_untracked() == number>{name}</option> }
    };
    let change = move |ev| count.set(event_target_value(&ev).parse().unwrap_or(SEEDS[0]));
    view! {
        <select id=id aria-label=move || t(store, "study.seed_count") on:change=change>
            {SEEDS.into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

/// What is wrong with what was entered, the field by the name that the visitor sees; where a result is left of what was asked before, that
/// it is not what was asked for last.
pub fn refusal<T: 'static>(store: Store, study: Study<T>, error: &Invalid) -> String {
    let name = running(store).ok().and_then(|experiment| i18n::field_name(store, &experiment, &error.key));
    let fault = i18n::fault(store, &error.value, &error.fault);
    let said = match name {
        Some(name) => fill(store, "study.refused", &[("name", &name), ("fault", &fault)]),
        None if error.key.is_empty() => fault,
        None => error.message(store.language.get()),
    };
    if study.result.with(Option::is_none) {
        return said;
    }
    // A fault is a phrase, so that another can follow.
    i18n::clauses(store.language.get(), &[said, t(store, "study.kept").to_owned()])
}

/// A bar while the study is under way; runs that were begun anew or failed; and for those who hear the page, its beginning, its end, and what
/// it found. `begin` is the button that asked for it.
pub fn progress<T>(
    store: Store,
    study: Study<T>,
    faults: fn(&T) -> &[Words],
    found: fn(Store) -> Option<String>,
    begin: &'static str,
) -> AnyView {
    let count = Memo::new(move |_| study.headway.get().map(|headway| (headway.done, headway.of)));
    let bar = move || {
        let under_way = count.with(Option::is_some);
        under_way.then(|| {
            let text = move || {
                let (done, of) = count.get().unwrap_or_default();
                fill(store, "study.progress", &[("done", &whole(done.into())), ("of", &whole(of.into()))])
            };
            let share = move || study.headway.get().map_or(1.0, |headway| headway.share);
            view! {
                <div class="study-progress">
                    <progress max="1" value=share aria-label=move || t(store, "standing.jump")></progress>
                    <span>{text}</span>
                    <button class="small cancel" type="button" on:click=move |event| {
                        study.cancel(store);
                        go_on_from(&event, begin);
                    }>{move || t(store, "standing.cancel")}</button>
                </div>
            }
        })
    };
    let under_way = Memo::new(move |_| count.with(Option::is_some));
    let ever = Memo::new(move |seen: Option<&bool>| seen == Some(&true) || under_way.get());
    let spoken = move || match (under_way.get(), ever.get()) {
        (true, _) => t(store, "study.running").to_owned(),
        (false, true) => i18n::sentences(store, t(store, "study.over").to_owned(), found(store).unwrap_or_default()),
        (false, false) => String::new(),
    };
    let repeated = move || {
        let runs = study.repeated.get();
        let is_shown = runs > 0 && (under_way.get() || study.result.with(Option::is_some));
        is_shown.then(|| view! { <p class="faint">{fill(store, "study.repeated", &[("n", &runs.to_string())])}</p> })
    };
    let failed = move || {
        let first = study.result.with(|study| study.as_ref().map(faults).and_then(|faults| Some((faults.len(), faults.first()?.clone()))));
        first.map(|(runs, fault)| {
            let values = [("n", runs.to_string()), ("fault", say(store, &fault))];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            view! { <p class="fault">{fill(store, "study.failed", &values)}</p> }
        })
    };
    let dropped = move || study.dropped.get().then(|| view! { <p class="faint">{t(store, "study.dropped")}</p> });
    view! {
        {bar}
        {dropped}
        <p class="hidden" role="status">{spoken}</p>
        {repeated}
        {failed}
    }
    .into_any()
}
