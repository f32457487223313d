//! The page as a whole.

use leptos::prelude::*;

use super::caption::{claim, title};
use super::embed::Embedded;
use super::files::DropTarget;
use super::focus::focus;
use super::gallery::{Gallery, GalleryButton};
use super::i18n::t;
use super::keys::KeysDialog;
use super::learner::LearnerRegion;
use super::notices::{Announcer, Notices};
use super::preferences::{self, Preferences};
use super::problem::ProblemRegion;
use super::report::Report;
use super::share_dialog::ShareDialog;
use super::store::Store;
use super::tabs::Tabs;
use super::transport::Transport;
use super::view::{Charts, Foresight, Moment, Scene, StoryDialog, Yardsticks};
use super::{address, keys};

/// Puts the page into the document.
pub fn mount() {
    mount_to_body(App);
}

/// All regions, and what holds them together.
#[component]
fn App() -> impl IntoView {
    let store = Store::default();
    provide_context(store);
    let (share, help, gallery) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    preferences::set_up(store);
    keys::set_up(store, share, help);
    store.start_worker();
    address::set_up(store);
    if store.embedded {
        return view! { <Embedded/> }.into_any();
    }
    store.studies.set_up(store);
    view! {
        <a class="skip" href="#play" on:click=|event| skip(&event, "play")>{move || t(store, "page.skip")}</a>
        <header>
            <h1>"RetailQ"</h1>
            <p class="tagline">{move || t(store, "page.tagline")}</p>
            <div class="tools">
                <GalleryButton open=gallery/>
                <button id="share" class="quiet" type="button" on:click=move |_| share.set(true)>{move || t(store, "share.button")}</button>
                <button id="keys" class="quiet" type="button" on:click=move |_| help.set(true)>{move || t(store, "keys.button")}</button>
                <Preferences/>
            </div>
        </header>
        <Notices/>
        <Places/>
        <main hidden=move || store.draft.with(Option::is_none)>
            <p class="lead">{move || store.draft.with(|draft| draft.as_ref().and_then(|draft| claim(store, draft)))}</p>
            <div class="column run"><Transport/><Charts/><Tabs/></div>
            <div class="column insight" role="group" tabindex="0" aria-label=move || t(store, "page.insight")>
                <Scene/><Moment/><Yardsticks/><Foresight/>
            </div>
            <div class="column set-up"><ProblemRegion/><LearnerRegion/></div>
        </main>
        <Announcer/>
        <ShareDialog open=share/>
        <KeysDialog open=help/>
        <Gallery open=gallery/>
        <DropTarget/>
        <Report/>
        <StoryDialog/>
    }
    .into_any()
}

/// Where the regions stand below each other: the name of the problem, which leads to its editors, and the way back to the run.
#[component]
fn Places() -> impl IntoView {
    let store = Store::get();
    let name = move || store.draft.with(|draft| draft.as_ref().map(|draft| title(store, draft.scenario, draft.preset)));
    view! {
        <nav class="places" aria-label=move || t(store, "page.places")>
            <a href="#scenario" on:click=|event| skip(&event, "scenario")>{name}</a>
            <a href="#play" on:click=|event| skip(&event, "play")>{move || t(store, "transport.title")}</a>
        </nav>
    }
    .into_any()
}

/// The address belongs to the run, so links within the page move the focus and leave the address alone.
fn skip(event: &leptos::ev::MouseEvent, id: &str) {
    event.prevent_default();
    focus(id);
}
