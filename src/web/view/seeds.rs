//! Other seeds beside the run: asked for, waited for, and put away again.

use leptos::prelude::*;

use super::study_progress::{progress, seed_choice};
use crate::focus::go_on_from;
use crate::i18n::{fill, t};
use crate::store::Store;

/// The row above the charts.
#[component]
pub fn SeedsBar() -> impl IntoView {
    let store = Store::get();
    let study = store.studies.seeds;
    let count = RwSignal::new(10);
    let unable = move || store.facts.with(Option::is_none);
    let idle = Memo::new(move |_| study.headway.with(Option::is_none));
    // Nothing runs where the button is disabled, so there is nothing to refuse.
    let add = move |_| drop(store.studies.add_seeds(store, count.get_untracked()));
    let there = Memo::new(move |_| study.result.with(Option::is_some));
    let said = Memo::new(move |_| found(store));
    let legend = move || {
        said.get().map(|text| view! { <p class="seeds-legend faint"><span class="seeds-swatch" aria-hidden="true"></span>{text}</p> })
    };
    view! {
        <div class="seeds-bar">
            <div class="seeds-ask">
                {seed_choice(store, "seed-count", count)}
                <button id="add-seeds" class="small" type="button" disabled=unable title=move || t(store, "seeds.help") on:click=add>
                    {move || t(store, "seeds.add")}
                </button>
                <button id="remove-seeds" class="small" type="button" hidden=move || !idle.get() || !there.get()
                    on:click=move |event| {
                        study.forget(store);
                        go_on_from(&event, "add-seeds");
                    }>{move || t(store, "seeds.remove")}</button>
            </div>
            {progress(store, study, |seeds| &seeds.faults, found, "add-seeds")}
        </div>
        {legend}
    }
    .into_any()
}

/// Which runs stand beside the visitor's own.
fn found(store: Store) -> Option<String> {
    let (first, runs) = store.studies.seeds.result.with(|seeds| seeds.as_ref().map(|seeds| (seeds.first, seeds.finished())))?;
    let texts = [runs, first, first.wrapping_add(runs.saturating_sub(1))].map(|number| number.to_string());
    (runs > 0).then(|| fill(store, "seeds.legend", &[("n", &texts[0]), ("from", &texts[1]), ("to", &texts[2])]))
}
