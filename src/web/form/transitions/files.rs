//! The table as a file: CSV or JSON, in and out.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::Work;
use crate::files::{save_text, text_of};
use crate::i18n::t;
use retailq::csv::MARK;
use retailq::environment::custom::Sheet;
use retailq::invalid::Invalid;
use retailq::json;
use retailq::transitions::{TransitionRow, from_csv, from_json, parse, to_json};

/// The buttons.
#[component]
pub fn Files(work: Work) -> impl IntoView {
    let store = work.binding.store;
    let save_csv =
        move |_| work.sheet.with_untracked(|sheet| save_text(&format!("{MARK}{}", sheet.to_csv()), "text/csv", "retailq-table.csv"));
    let save_json = move |_| {
        if work.faults.with_untracked(|faults| !faults.is_empty()) {
            return work.misread.set(Some(words!(
                "Not saved: JSON holds tables that make sense. Put right what is marked, or save the table as CSV, as it is.",
                "未保存：JSON 只存放有效的表格。请先改正标出之处，或将表格原样存为 CSV。"
            )));
        }
        let rows = work.given.with_value(|text| parse("", text).unwrap_or_default());
        save_text(&format!("{:#}\n", to_json(&rows)), "application/json", "retailq-table.json");
    };
    let untouched = move || work.sheet.with(|sheet| store.tables.with(|tables| tables.is_empty(sheet)));
    view! {
        <label class="button small">
            {move || t(store, "grid.open")}
            <input id="open-table" class="hidden" type="file" accept=".csv,.tsv,.txt,.json,text/csv,application/json" on:change=move |ev| open(work, &ev)/>
        </label>
        <button class="small" type="button" on:click=save_csv>{move || t(store, "grid.csv")}</button>
        <button class="small" type="button" on:click=save_json>{move || t(store, "grid.json")}</button>
        <button class="small" type="button" on:click=move |_| work.rearrange(|sheet| *sheet = Sheet::default())>{move || t(store, "grid.empty")}</button>
        <button id="grid-undo" class="small" type="button" aria-disabled=move || untouched().to_string() on:click=move |_| work.undo()>{move || t(store, "grid.undo")}</button>
    }
    .into_any()
}

fn open(work: Work, event: &ev::Event) {
    let input: HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    input.set_value("");
    spawn_local(async move {
        let text = text_of(&file).await;
        // Meanwhile the editor may have gone.
        if work.sheet.is_disposed() {
            return;
        }
        let text = match text {
            Ok(text) => text,
            Err(error) => return work.misread.set(Some(error.words())),
        };
        if text.trim_start().starts_with('{') {
            return work.binding.store.open_text(&text);
        }
        match read(&text) {
            Ok(rows) => work.rearrange(|sheet| *sheet = Sheet::new(&rows)),
            Err(error) => work.misread.set(Some(error.words())),
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
