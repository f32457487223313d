//! What can be taken away of a chart: the picture in two forms, and its numbers.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, Node};

use crate::files::{Saving, save_png, save_sheet, save_svg};
use crate::i18n::{fill, t};
use crate::store::Store;
use retailq::chart::Chart;
use retailq::export::Sheet;

/// A small menu; `files` has the chart's name in files, and the table with its numbers, where there is one.
pub fn menu(store: Store, build: fn(Store) -> Option<Chart>, files: (&'static str, Option<Sheet>)) -> AnyView {
    let (name, sheet) = files;
    let node = NodeRef::<html::Details>::new();
    let saving = RwSignal::new(None::<Saving>);
    let close = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let with_chart = move |save: fn(Store, &Chart, &str)| {
        if let Some(chart) = untrack(|| build(store)) {
            save(store, &chart, name);
        }
        close();
    };
    let take_table = move |sheet| {
        save_sheet(store, sheet, saving);
        close();
    };
    let table = sheet.map(|sheet| {
        view! { <button type="button" on:click=move |_| take_table(sheet)>{move || t(store, "view.download.csv")}</button> }
    });
    // Closed by Escape, and when the focus goes elsewhere.
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            let summary = node.get_untracked().and_then(|details| details.first_element_child());
            if let Some(summary) = summary {
                let _ = summary.unchecked_into::<HtmlElement>().focus();
            }
        }
    };
    let leave = move |event: FocusEvent| {
        let to = event.related_target().map(|target| target.unchecked_into::<Node>());
        if !node.get_untracked().is_some_and(|details| details.contains(to.as_ref())) {
            close();
        }
    };
    let title = move || {
        store.facts.track();
        match untrack(|| build(store)) {
            Some(chart) => fill(store, "view.download.of", &[("chart", chart.title.get(store.language.get()))]),
            None => t(store, "view.download.title").to_owned(),
        }
    };
    view! {
        <details class="menu" node_ref=node on:keydown=escape on:focusout=leave>
            <summary aria-label=title>{move || t(store, "view.download.title")}</summary>
            <div class="menu-list">
                <button type="button" on:click=move |_| with_chart(save_png)>{move || t(store, "view.download.png")}</button>
                <button type="button" on:click=move |_| with_chart(save_svg)>{move || t(store, "view.download.svg")}</button>
                {table}
            </div>
        </details>
    }
    .into_any()
}
