//! The run as a link to copy, or as a file to save and open.

use js_sys::{Array, Reflect};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, Url};

use super::address::{link, whole};
use super::dialog::Dialog;
use super::i18n::{fill, t};
use super::store::Store;
use crate::share::{MAX_LINK, to_file};

/// The dialog.
#[component]
pub fn ShareDialog(open: RwSignal<bool>) -> impl IntoView {
    let store = Store::get();
    let field = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(None::<bool>);
    let address = Memo::new(move |_| if open.get() { link(store).map(|link| whole(&link)) } else { None });
    Effect::new(move |_| {
        address.track();
        copied.set(None);
    });
    let copy = move |_| {
        let Some(input) = field.get_untracked() else { return };
        input.select();
        spawn_local(async move { copied.set(Some(write_clipboard(&input.value()).await)) });
    };
    let answer = move || match copied.get() {
        Some(true) => t(store, "share.copied"),
        Some(false) => t(store, "share.not_copied"),
        None => "",
    };
    let most = MAX_LINK.to_string();
    view! {
        <Dialog id="share-dialog" title=|store| t(store, "share.title") open>
            <p>{move || t(store, "share.about")}</p>
            <div class="joined" hidden=move || address.get().is_none()>
                <input id="share-link" node_ref=field type="text" readonly aria-label=move || t(store, "share.link")
                    prop:value=move || address.get().unwrap_or_default()/>
                <button id="copy" class="primary" type="button" on:click=copy>{move || t(store, "share.copy")}</button>
            </div>
            <p class="fault" hidden=move || address.get().is_some()>{move || fill(store, "share.too_long", &[("most", &most)])}</p>
            <p class="answer" role="status">{answer}</p>
            <p>{move || t(store, "share.file_about")}</p>
            <div class="row">
                <button id="download" type="button" on:click=move |_| download(store)>{move || t(store, "share.download")}</button>
                <label class="button">
                    {move || t(store, "share.open")}
                    <input id="open-file" class="hidden" type="file" accept=".json,application/json" on:change=move |ev| open_file(store, open, &ev)/>
                </label>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Whether the browser let us.
pub(super) async fn write_clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    let there = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| !clipboard.is_undefined());
    there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

fn download(store: Store) {
    let Some(running) = store.experiment.get_untracked() else { return };
    let text = to_file(&running.experiment, untrack(|| store.position()));
    let name = ["retailq-", running.experiment.preset.key, ".json"].concat();
    save_text(&text, "application/json", &name);
}

/// Saves a text; a browser that refuses says so itself.
pub(super) fn save_text(text: &str, kind: &str, name: &str) {
    let _ = save(text, kind, name);
}

fn save(text: &str, kind: &str, name: &str) -> Result<(), wasm_bindgen::JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&url)
}

fn open_file(store: Store, open: RwSignal<bool>, event: &ev::Event) {
    let input: HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    input.set_value("");
    spawn_local(async move {
        if let Ok(text) = JsFuture::from(file.text()).await {
            open.set(false);
            store.mark_discrete();
            store.open_text(&text.as_string().unwrap_or_default());
        }
    });
}
