//! The table as a file: CSV or JSON, in and out.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::Work;
use crate::csv::MARK;
use crate::environment::custom::Sheet;
use crate::files::save_text;
use crate::i18n::t;
use crate::invalid::Invalid;
use crate::json;
use crate::transitions::{TransitionRow, from_csv, from_json, parse, to_json};
use crate::words::Words;

/// Largest file that is read at all, in bytes.
const MOST_BYTES: f64 = 16e6;

/// The buttons.
#[component]
pub fn Files(work: Work) -> impl IntoView {
    let store = work.store;
    let save_csv =
        move |_| work.sheet.with_untracked(|sheet| save_text(&format!("{MARK}{}", sheet.to_csv()), "text/csv", "retailq-table.csv"));
    let save_json = move |_| {
        let rows = work.given.with_value(|text| parse("", text).unwrap_or_default());
        save_text(&format!("{:#}\n", to_json(&rows)), "application/json", "retailq-table.json");
    };
    view! {
        <label class="button small">
            {move || t(store, "grid.open")}
            <input id="open-table" class="hidden" type="file" accept=".csv,.tsv,.txt,.json,text/csv,application/json" on:change=move |ev| open(work, &ev)/>
        </label>
        <button class="small" type="button" on:click=save_csv>{move || t(store, "grid.csv")}</button>
        <button class="small" type="button" on:click=save_json>{move || t(store, "grid.json")}</button>
        <button class="small" type="button" on:click=move |_| work.rearrange(|sheet| *sheet = Sheet::default())>{move || t(store, "grid.empty")}</button>
    }
    .into_any()
}

fn open(work: Work, event: &ev::Event) {
    let input: HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    input.set_value("");
    if file.size() > MOST_BYTES {
        return work.misread.set(Some(phrase!("the file is too large; at most {} MB", "文件过大；最多 {} MB", MOST_BYTES / 1e6)));
    }
    spawn_local(async move {
        let Ok(text) = JsFuture::from(file.text()).await else { return };
        let text = text.as_string().unwrap_or_default();
        if text.trim_start().starts_with('{') {
            return work.store.open_text(&text);
        }
        match read(&text) {
            Ok(rows) => work.rearrange(|sheet| *sheet = Sheet::new(&rows)),
            Err(error) => work
                .misread
                .set(Some(Words::owned(error.message(crate::words::Language::English), error.message(crate::words::Language::Chinese)))),
        }
    });
}

fn read(text: &str) -> Result<Vec<TransitionRow>, Invalid> {
    const KEY: &str = "file";
    if !text.trim_start().starts_with('[') {
        return from_csv(KEY, text);
    }
    from_json(KEY, &json::read(KEY, text)?)
}
