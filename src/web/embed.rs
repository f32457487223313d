//! The page in a frame of another one: the run, its main chart and the step just taken, and the way to everything else.

use leptos::prelude::*;

use super::address::{link, whole};
use super::caption::claim;
use super::i18n::{say, t};
use super::notices::{Announcer, Notices};
use super::store::Store;
use super::transport::Transport;
use super::view::{MainChart, Summary};

/// The compact page.
#[component]
pub fn Embedded() -> impl IntoView {
    let store = Store::get();
    let preset = move || store.experiment.with(|running| running.as_ref().map(|running| running.experiment.preset));
    let name = move || preset().map_or_else(|| "RetailQ".to_owned(), |preset| say(store, &preset.name));
    let claim = move || store.experiment.with(|running| running.as_ref().and_then(|running| claim(store, &running.experiment)));
    let full = move || link(store).map_or_else(|| whole("").trim_end_matches('#').to_owned(), |link| whole(&link));
    view! {
        <div class="embedded">
            <header>
                <h1>{name}</h1>
                <a id="open-full" target="_blank" rel="noopener" href=full>{move || t(store, "embed.open")}</a>
                <p class="tagline">{claim}</p>
            </header>
            <Notices/>
            <main hidden=move || store.draft.with(Option::is_none)><Transport/><div class="card"><MainChart/><Summary/></div></main>
            <Announcer/>
        </div>
    }
    .into_any()
}
