//! The keyboard, and the list of its keys.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use super::dialog::Dialog;
use super::i18n::t;
use super::report::print;
use super::store::Store;

/// Listens to the whole window.
pub fn set_up(store: Store, share: RwSignal<bool>, help: RwSignal<bool>) {
    let listener = window_event_listener(ev::keydown, move |event| press(store, share, help, &event));
    // A button that had focus is not pressed by Space as well: some browsers press it when the key is let go.
    let release = window_event_listener(ev::keyup, move |event| {
        if event.key() == " " && target(&event).is_some_and(|target| target.tag_name() == "BUTTON") && !in_dialog() {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        listener.remove();
        release.remove();
    });
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

fn in_dialog() -> bool {
    document().query_selector("dialog:modal").ok().flatten().is_some()
}

/// What has the focus and uses keys itself: text fields all of them, sliders only the arrows.
fn takes(element: &Element, key: &str) -> bool {
    match element.tag_name().as_str() {
        "INPUT" => match element.unchecked_ref::<HtmlInputElement>().type_().as_str() {
            "range" => key.starts_with("Arrow"),
            "checkbox" | "file" => key == " ",
            _ => true,
        },
        "SELECT" | "TEXTAREA" => true,
        "SUMMARY" | "A" => key == " ",
        _ => element.get_attribute("role").is_some_and(|role| role == "grid" || role == "tab") && key.starts_with("Arrow"),
    }
}

fn press(store: Store, share: RwSignal<bool>, help: RwSignal<bool>, event: &KeyboardEvent) {
    let key = event.key();
    if key == "p"
        && (event.ctrl_key() || event.meta_key())
        && !event.shift_key()
        && !store.embedded
        && store.facts.with_untracked(Option::is_some)
    {
        event.prevent_default();
        return print(store);
    }
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    if modified || event.default_prevented() || in_dialog() || target(event).is_some_and(|element| takes(&element, &key)) {
        return;
    }
    match (key.as_str(), event.shift_key()) {
        (" ", false) => {
            if !event.repeat() {
                store.toggle();
            }
        }
        ("ArrowRight", false) => store.step(true),
        ("ArrowLeft", false) => store.step(false),
        ("ArrowRight", true) => store.run_episodes(1),
        (letter, _) if store.letter_keys.get_untracked() => match letter {
            "r" | "R" => store.reset(),
            "c" | "C" => store.run_to_convergence(),
            "s" | "S" => share.set(true),
            "?" => help.set(true),
            _ => return,
        },
        _ => return,
    }
    event.prevent_default();
}

/// Keys pressed together, and what they do.
type KeyLine = (&'static [&'static str], fn(Store) -> &'static str);

/// The list of keys.
#[component]
pub fn KeysDialog(open: RwSignal<bool>) -> impl IntoView {
    let store = Store::get();
    let rows: [KeyLine; 11] = [
        (&["Space"], |store| t(store, "keys.play")),
        (&["→"], |store| t(store, "keys.step")),
        (&["←"], |store| t(store, "keys.back")),
        (&["Shift", "→"], |store| t(store, "keys.episode")),
        (&["C"], |store| t(store, "transport.converge")),
        (&["R"], |store| t(store, "keys.reset")),
        (&["S"], |store| t(store, "keys.share")),
        (&["Ctrl", "P"], |store| t(store, "report.print")),
        (&["?"], |store| t(store, "keys.help")),
        (&["Enter"], |store| t(store, "keys.story")),
        (&["Esc"], |store| t(store, "keys.close")),
    ];
    let row = move |(keys, text): KeyLine| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{move || text(store)}</dd></div> }
    };
    let switch = move |ev| store.letter_keys.set(event_target_checked(&ev));
    view! {
        <Dialog id="keys-dialog" title=|store| t(store, "keys.title") open>
            <dl class="keys">{rows.map(row).into_iter().collect_view()}</dl>
            <label class="check">
                <input id="letter-keys" type="checkbox" prop:checked=move || store.letter_keys.get() on:change=switch/>
                {move || t(store, "keys.letters")}
            </label>
        </Dialog>
    }
    .into_any()
}
