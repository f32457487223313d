//! Inputs that show a value without disturbing who is typing another.

use leptos::html;
use leptos::prelude::*;

use super::Binding;
use crate::store::Store;
use retailq::text::parse_number;

/// Shows a value in an input, except while the visitor writes in it.
fn show(node: NodeRef<html::Input>, value: Signal<String>, restored: RwSignal<u32>) {
    Effect::new(move |seen: Option<u32>| {
        let (text, count) = (value.get(), restored.get());
        let Some(input) = node.get() else { return count };
        let focused = document().active_element().is_some_and(|active| active.is_same_node(Some(&input)));
        if (!focused || seen != Some(count)) && input.value() != text {
            input.set_value(&text);
        }
        count
    });
}

/// Tells assistive technology whether what an input holds is wrong.
pub fn mark(id: String, wrong: impl Fn() -> bool + 'static) {
    Effect::new(move |_| {
        let wrong = if wrong() { "true" } else { "false" };
        if let Some(input) = document().get_element_by_id(&id) {
            // The name of an attribute that is spelled right is never refused.
            let _ = input.set_attribute("aria-invalid", wrong);
        }
    });
}

/// A line of text.
#[component]
pub fn Text(
    id: String,
    #[prop(optional)] described: String,
    #[prop(optional, into)] label: Option<Signal<String>>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    value: Signal<String>,
    restored: RwSignal<u32>,
    edit: Callback<String>,
    #[prop(optional)] numeric: bool,
) -> impl IntoView {
    let store = Store::get();
    let node = NodeRef::<html::Input>::new();
    show(node, value, restored);
    view! {
        <input id=id node_ref=node type="text" autocomplete="off" spellcheck="false" class:number=numeric
            inputmode=if numeric { "decimal" } else { "text" }
            aria-describedby=(!described.is_empty()).then_some(described)
            aria-label=move || label.map(|label| label.get()) placeholder=move || placeholder.map(|text| text.get())
            on:input=move |ev| edit.run(event_target_value(&ev)) on:focus=move |_| store.mark_discrete()/>
    }
    .into_any()
}

/// A number, with a slider where its range is short enough to slide over.
#[component]
pub fn Number(binding: Binding, described: String, range: (f64, f64), whole: bool) -> impl IntoView {
    let Binding { store, value, restored, .. } = binding;
    let (min, max) = range;
    let node = NodeRef::<html::Input>::new();
    show(node, value, restored);
    let slides = (min >= 0.0 && max <= 1.0) || (whole && max - min <= 200.0);
    let slider = slides.then(|| {
        let handle = NodeRef::<html::Input>::new();
        let position = Signal::derive(move || parse_number(&value.get()).map(|x| x.to_string()).unwrap_or_default());
        Effect::new(move |_| {
            if let (text, Some(slider)) = (position.get(), handle.get()) {
                slider.set_value(&text);
            }
        });
        let slide = move |ev| binding.replace(&event_target_value(&ev));
        view! {
            <input node_ref=handle type="range" min=min.to_string() max=max.to_string() step=if whole { "1" } else { "0.01" } tabindex="-1"
                aria-hidden="true" on:input=slide on:pointerdown=move |_| store.mark_discrete()/>
        }
    });
    view! {
        <div class="number-row">
            {slider}
            <input id=binding.id() node_ref=node class="number" type=if whole { "number" } else { "text" } inputmode="decimal" autocomplete="off"
                min=whole.then(|| min.to_string()) max=whole.then(|| max.to_string()) aria-describedby=described
                on:input=move |ev| binding.edit(&event_target_value(&ev)) on:focus=move |_| store.mark_discrete()/>
        </div>
    }
    .into_any()
}
