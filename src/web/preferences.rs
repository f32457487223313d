//! Language, theme and keys: the visitor's choice, else that of browser and system.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::MediaQueryList;

use super::i18n::t;
use super::store::{Store, Theme};
use super::{address, storage};
use retailq::words::Language;

const LANGUAGE: &str = "retailq.language";
const THEME: &str = "retailq.theme";
const LETTER_KEYS: &str = "retailq.keys";

/// Reads what was remembered, and keeps document and memory in step with every later choice.
pub fn set_up(store: Store) {
    let remembered = || match storage::read(LANGUAGE).or_else(|| window().navigator().language()) {
        Some(code) if code.starts_with("zh") => Language::Chinese,
        _ => Language::English,
    };
    store.language.set(address::language().unwrap_or_else(remembered));
    store.theme.set(storage::read(THEME).as_deref().map(theme_named).unwrap_or_default());
    store.letter_keys.set(storage::read(LETTER_KEYS).as_deref() != Some("off"));
    Effect::new(move |previous: Option<()>| {
        let language = store.language.get();
        set_attribute("lang", if language == Language::Chinese { "zh-Hans" } else { "en" });
        document().set_title(t(store, "page.title"));
        if previous.is_some() {
            storage::write(LANGUAGE, language.code());
        }
    });
    Effect::new(move |previous: Option<()>| {
        let theme = store.theme.get();
        if previous.is_some() {
            storage::write(THEME, theme_name(theme));
        }
    });
    Effect::new(move |previous: Option<()>| {
        let state = if store.letter_keys.get() { "on" } else { "off" };
        if previous.is_some() {
            storage::write(LETTER_KEYS, state);
        }
    });
    follow_system(store);
}

fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

fn theme_named(name: &str) -> Theme {
    [Theme::Light, Theme::Dark].into_iter().find(|theme| theme_name(*theme) == name).unwrap_or_default()
}

fn set_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, value);
    }
}

/// Knows at every moment whether the page is dark.
fn follow_system(store: Store) {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let system_dark = RwSignal::new(query.as_ref().is_some_and(MediaQueryList::matches));
    Effect::new(move |_| {
        let dark = match store.theme.get() {
            Theme::System => system_dark.get(),
            theme => theme == Theme::Dark,
        };
        store.dark.set(dark);
        set_attribute("data-theme", if dark { "dark" } else { "light" });
    });
    let Some(query) = query else { return };
    let watched = query.clone();
    let listener = Closure::<dyn Fn()>::new(move || system_dark.set(watched.matches()));
    query.set_onchange(Some(listener.as_ref().unchecked_ref()));
    let kept = StoredValue::new_local((query, listener));
    on_cleanup(move || kept.with_value(|(query, _)| query.set_onchange(None)));
}

/// The switches in the head of the page.
#[component]
pub fn Preferences() -> impl IntoView {
    let store = Store::get();
    let theme = move |ev: ev::Event| store.theme.set(theme_named(&event_target_value(&ev)));
    let other = move || match store.language.get() {
        Language::English => ("zh-Hans", "中文"),
        Language::Chinese => ("en", "English"),
    };
    let switch = move |_| {
        store.language.update(|language| {
            *language = if *language == Language::English { Language::Chinese } else { Language::English };
        });
    };
    let option = |theme: Theme, label: fn(Store) -> &'static str| {
        view! { <option value=theme_name(theme) prop:selected=move || store.theme.get() == theme>{move || label(store)}</option> }
    };
    view! {
        <button id="language" class="quiet" type="button" lang=move || other().0 on:click=switch>{move || other().1}</button>
        <select id="theme" class="quiet" aria-label=move || t(store, "theme.label") on:change=theme>
            {option(Theme::System, |store| t(store, "theme.system"))}
            {option(Theme::Light, |store| t(store, "theme.light"))}
            {option(Theme::Dark, |store| t(store, "theme.dark"))}
        </select>
    }
    .into_any()
}
