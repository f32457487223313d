//! The table of one's own problem, as lines that a spreadsheet copies and pastes.

use leptos::html;
use leptos::prelude::*;

use crate::i18n::say;
use crate::store::Store;
use crate::transitions::{from_csv, parse, to_csv, to_text};
use crate::words::Words;

/// A text area of lines `state,action,probability,next,reward`; cells pasted with tabs are read too.
#[component]
pub fn Transitions(
    id: String,
    described: String,
    name: Words,
    value: Signal<String>,
    restored: RwSignal<u32>,
    edit: Callback<String>,
) -> impl IntoView {
    const KEY: &str = "transitions";
    let store = Store::get();
    let node = NodeRef::<html::Textarea>::new();
    let fault = RwSignal::new(None);
    Effect::new(move |seen: Option<u32>| {
        let (lines, count) = (parse(KEY, &value.get()).map(|rows| to_csv(&rows)).unwrap_or_default(), restored.get());
        let Some(area) = node.get() else { return count };
        let focused = document().active_element().is_some_and(|active| active.is_same_node(Some(&area)));
        if (!focused || seen != Some(count)) && area.value() != lines {
            area.set_value(&lines);
        }
        count
    });
    let input = move |ev| match from_csv(KEY, &event_target_value(&ev)) {
        Ok(rows) => {
            fault.set(None);
            edit.run(to_text(&rows));
        }
        Err(error) => fault.set(Some(error)),
    };
    view! {
        <textarea id=id node_ref=node class="lines" rows="12" wrap="off" spellcheck="false" aria-describedby=described aria-label=move || say(store, &name)
            on:input=input on:focus=move |_| store.mark_discrete()></textarea>
        <p class="fault" role="alert">{move || fault.get().map(|fault| say(store, &fault.fault))}</p>
    }
    .into_any()
}
