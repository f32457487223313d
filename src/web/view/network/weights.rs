//! The network as a file: kept together with its experiment, and opened as where a run begins.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::files::{self, save_text};
use crate::i18n::t;
use crate::store::Store;
use retailq::agent::dqn::saved::Saved;
use retailq::config::{Experiment, Position};
use retailq::share::{Shared, to_file};

/// Buttons to save and to open; where the run began with an opened network, that is said, with the way back.
pub fn weights(store: Store) -> AnyView {
    let begun = Memo::new(move |_| store.draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.network.is_some())));
    let forget = move |_| {
        let Some(draft) = store.draft.get_untracked() else { return };
        store.mark_discrete();
        store.open(Shared { experiment: Experiment { network: None, ..draft }, position: Position::default() });
    };
    let unable = move || store.facts.with(Option::is_none);
    let chosen = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        files::open(store, file, || ());
    };
    view! {
        <div class="row network-file">
            <button id="save-network" type="button" disabled=unable on:click=move |_| store.request_network()>{move || t(store, "view.network.save")}</button>
            <label class="button">
                {move || t(store, "view.network.open")}
                <input id="open-network" class="hidden" type="file" accept=".json,application/json" on:change=chosen/>
            </label>
        </div>
        <p class="faint" hidden=move || begun.get()>{move || t(store, "view.network.file")}</p>
        <p id="begun" hidden=move || !begun.get()>
            {move || t(store, "view.network.begun")} " "
            <button class="link" type="button" on:click=forget>{move || t(store, "view.network.forget")}</button>
        </p>
    }
    .into_any()
}

impl Store {
    /// Asks for the network as it is now; it is saved when it arrives.
    fn request_network(self) {
        self.driver.update_value(|driver| driver.network = true);
        self.pump();
    }

    /// Saves the experiment with a network in it: a file that any run can begin with.
    pub fn save_network(self, network: Option<Saved>) {
        let (Some(network), Some(running)) = (network, self.experiment.get_untracked()) else { return };
        let experiment = Experiment { network: Some(Arc::new(network)), ..running.experiment.clone() };
        let name = ["retailq-", experiment.preset.key, "-network.json"].concat();
        save_text(&to_file(&experiment, Position::default()), "application/json", &name);
    }
}
