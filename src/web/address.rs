//! The page's address: read at the start and when the visitor goes back, kept in step with what runs.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlDialogElement;

use super::driver::Driver;
use super::store::Store;
use retailq::config::{Experiment, Position};
use retailq::share::{EMBED, LANGUAGE, MAX_LINK, Shared, asks_for_language, asks_to_embed, from_link, to_file, to_link};
use retailq::words::Language;

/// How often the address follows a run that moves.
const LIVE: Duration = Duration::from_secs(2);

/// Opens what the address says, and follows both ways from then on.
pub fn set_up(store: Store) {
    open(store);
    Effect::new(move |shown: Option<Option<String>>| write(store, shown.flatten()));
    // Also fired when another fragment is typed over the address.
    let back = window_event_listener(ev::popstate, move |_| follow(store));
    let live = set_interval_with_handle(move || keep(store), LIVE);
    on_cleanup(move || {
        back.remove();
        live.into_iter().for_each(|live| live.clear());
    });
}

/// The problem a newcomer sees.
pub fn open_first(store: Store) {
    match Experiment::first() {
        Ok(experiment) => store.open(Shared { experiment, position: Position::default() }),
        Err(errors) => store.broken.set(errors),
    }
}

/// The link of what runs, with its position; `None` where nothing runs or the link would be too long.
pub fn link(store: Store) -> Option<String> {
    let position = store.position();
    let link = store.experiment.with(|running| running.as_ref().map(|running| to_link(&running.experiment, position)))?;
    (link.len() <= MAX_LINK).then_some(link)
}

/// The whole address for a link.
pub fn whole(link: &str) -> String {
    let address = window().location().href().unwrap_or_default();
    let page = address.split('#').next().unwrap_or_default();
    [page, "#", link].concat()
}

/// Whether the page stands in a frame of another one, as its address says.
pub fn is_embedded() -> bool {
    asks_to_embed(&fragment())
}

/// The address of a link, for a frame in another page.
pub fn embedded(link: &str) -> String {
    [&whole(link), "&", EMBED].concat()
}

/// The language the address asks for.
pub fn language() -> Option<Language> {
    asks_for_language(&fragment())
}

/// What the address says after its `#` while a link is shown: how it was asked to be shown, it goes on being.
fn shown_as(store: Store, link: &str) -> String {
    let embed = if store.embedded { ["&", EMBED].concat() } else { String::new() };
    let asked = language().filter(|asked| store.language.get_untracked() == *asked);
    let language = asked.map_or_else(String::new, |language| ["&", LANGUAGE, language.code()].concat());
    [link, &embed, &language].concat()
}

fn fragment() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// What the address is to say of a run, nothing where the link would be too long; and what a link cannot hold, kept beside it in the
/// browser's history, as a file: tables too long for it, and the weights of a network.
type Entry = (String, Option<String>);

fn entry(store: Store, experiment: &Experiment, position: Position) -> Entry {
    let link = to_link(experiment, position);
    let is_long = link.len() > MAX_LINK;
    let kept = (is_long || experiment.network.is_some()).then(|| to_file(experiment, position));
    (if is_long { String::new() } else { shown_as(store, &link) }, kept)
}

/// The same of what runs, where it stands; `None` where nothing runs.
fn present(store: Store) -> Option<Entry> {
    let position = store.position();
    store.experiment.with(|running| running.as_ref().map(|running| entry(store, &running.experiment, position)))
}

/// What was kept with the address that the browser has come to.
fn found() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

/// Opens what the address says, with what was kept beside it.
fn open(store: Store) {
    let fragment = fragment();
    match found() {
        Some(file) => store.open_text(&file),
        None if fragment.is_empty() => open_first(store),
        None => store.open_text(&fragment),
    }
}

/// Back, forward, or a link typed over the address.
fn follow(store: Store) {
    if let Some(language) = language() {
        store.language.set(language);
    }
    // Dialogs speak of the run that is left.
    let modal = || document().query_selector("dialog:modal").ok()??.dyn_into::<HtmlDialogElement>().ok();
    while let Some(dialog) = modal() {
        dialog.close();
    }
    let is_here = || present(store) == Some((fragment(), found()));
    if store.driver.with_value(Driver::upcoming).is_none() && untrack(is_here) {
        // What was wrong with the address or the form that is left is of no interest any more.
        return store.show_running();
    }
    // What was about to become a place to come back to is left, and what was about to be played.
    store.take_discrete();
    store.halt();
    open(store);
}

/// While another experiment is on its way, or a broken link is still to be read, the address rests; while the run moves, [`keep`] writes it.
/// Gives the link of the experiment shown, its beginning.
fn write(store: Store, shown: Option<String>) -> Option<String> {
    let moving = store.is_moving();
    let is_own = || shown.as_ref().is_some_and(|shown| fragment().starts_with(shown.as_str())) && from_link(&fragment()).is_ok();
    let broken = store.broken.with(|errors| !errors.is_empty()) && !is_own();
    store.status.track();
    let running = store.experiment.get();
    if let Some((upcoming, position)) = store.driver.with_value(Driver::upcoming) {
        // What was chosen is a place from now on, so that Back leads to what was left for it.
        let chosen = store.driver.with_value(|driver| driver.chosen);
        let is_choice = chosen && running.is_some() && !broken && store.take_discrete() && !store.embedded;
        return if is_choice {
            put(entry(store, &upcoming.experiment, position), true);
            Some(to_link(&upcoming.experiment, Position::default()))
        } else {
            shown
        };
    }
    let (false, Some(running)) = (broken, running) else { return shown };
    let beginning = Some(to_link(&running.experiment, Position::default()));
    if moving && (shown.is_none() || shown == beginning || untrack(|| store.is_rebuilding())) {
        return shown;
    }
    // Only another experiment is a place to come back to; a step of the run is not.
    let is_choice = shown.is_some() && shown != beginning && store.take_discrete() && !store.embedded;
    let Some(entry) = present(store) else { return shown };
    if entry == (fragment(), found()) {
        // The address was here first: what is changed next is a place of its own.
        if shown.is_some() && shown != beginning {
            store.mark_discrete();
        }
        return beginning;
    }
    put(entry, is_choice);
    beginning
}

/// While the run moves, its place is written now and then: who leaves comes back to it, and so does who reloads.
pub fn keep(store: Store) {
    let (moving, rebuilding) = untrack(|| (store.is_moving(), store.is_rebuilding()));
    let solving = store.driver.with_value(Driver::upcoming).is_some();
    let broken = store.broken.with_untracked(|errors| !errors.is_empty());
    if moving
        && !rebuilding
        && !solving
        && !broken
        && let Some(entry) = untrack(|| present(store))
    {
        put(entry, false);
    }
}

/// Writes an address, and what is kept beside it, over the present one or as a place of its own.
fn put((link, kept): Entry, is_choice: bool) {
    let address = whole(&link);
    let address = address.trim_end_matches('#');
    // Where a sandbox forbids it the address simply stays; what is larger than a browser keeps is not kept.
    if let Ok(history) = window().history() {
        let put = |state: &JsValue| match is_choice {
            true => history.push_state_with_url(state, "", Some(address)),
            false => history.replace_state_with_url(state, "", Some(address)),
        };
        if put(&kept.as_deref().map_or(JsValue::NULL, JsValue::from_str)).is_err() {
            let _ = put(&JsValue::NULL);
        }
    }
}
