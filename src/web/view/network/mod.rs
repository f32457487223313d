//! The network: what it sees, believes and learns from, and the two switches that keep it steady.

mod batch;
mod charts;
mod drawing;
mod gauges;
mod switches;
mod weights;

use leptos::prelude::*;

use super::calm::pulse;
use super::card;
use crate::i18n::t;
use crate::store::Store;

/// Milliseconds between two looks at the network while the run goes on.
const REFRESH: u64 = 300;

/// Everything that is seen of a deep learner.
#[component]
pub fn Network() -> impl IntoView {
    let store = Store::get();
    let refresh = pulse(
        move || {
            store.progress.track();
            store.facts.track();
        },
        REFRESH,
    );
    Effect::new(move |_| {
        refresh.track();
        if store.facts.with_untracked(Option::is_some) {
            store.request_portrait();
        }
    });
    let shown = move || {
        let (portrait, running) = (store.portrait.get()?, store.experiment.get()?);
        let states = running.environment.state_count();
        // For a moment after a change the portrait may be of another problem.
        (portrait.state < states).then_some((portrait, running))
    };
    let picture = move || shown().map(|(portrait, running)| drawing::drawing(store, &running, &portrait));
    let batch = move || shown().map(|(portrait, running)| batch::table(store, &running, &portrait));
    let content = view! {
        {switches::switches(store)}
        {gauges::gauges(store)}
        {picture}
        {charts::charts()}
        <h3>{move || t(store, "view.network.batch")}</h3>
        {batch}
        {weights::weights(store)}
    };
    card("network", move || t(store, "view.network.title"), content.into_any())
}
