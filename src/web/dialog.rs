//! A modal dialog; the browser gives it focus, Escape and the backdrop.

use leptos::html;
use leptos::prelude::*;

use super::i18n::t;
use super::store::Store;

/// A dialog that is open while `open` holds.
#[component]
pub fn Dialog(id: &'static str, title: fn(Store) -> &'static str, open: RwSignal<bool>, children: Children) -> impl IntoView {
    let store = Store::get();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open.get() {
            dialog.close();
        }
    });
    let title_id = [id, "-title"].concat();
    let labelled_by = title_id.clone();
    view! {
        <dialog id=id node_ref=node aria-labelledby=labelled_by on:close=move |_| open.set(false)>
            <div class="dialog-head">
                <h2 id=title_id>{move || title(store)}</h2>
                <button class="icon" type="button" aria-label=move || t(store, "dialog.close") on:click=move |_| open.set(false)>"×"</button>
            </div>
            {children()}
        </dialog>
    }
    .into_any()
}
