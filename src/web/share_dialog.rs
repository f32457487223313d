//! The run as a link to copy, to scan or to embed, and as files to save and open.

use js_sys::Reflect;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::address::{embedded, link, whole};
use super::caption::file_name;
use super::dialog::Dialog;
use super::files::{self, Saving, save_png, save_sheet, save_svg, save_text};
use super::i18n::{fill, say, t};
use super::qr::qr;
use super::report::print;
use super::store::Store;
use super::view::main_chart;
use retailq::chart::Chart;
use retailq::export::Sheet;
use retailq::share::{MAX_LINK, to_file};

/// The dialog.
#[component]
pub fn ShareDialog(open: RwSignal<bool>) -> impl IntoView {
    let store = Store::get();
    let fragment = Memo::new(move |_| if open.get() { link(store) } else { None });
    let without = move || match store.experiment.with(Option::is_some) {
        true => fill(store, "share.too_long", &[("most", &MAX_LINK.to_string())]),
        false => t(store, "share.nothing").to_owned(),
    };
    let about = move || if store.begins_with_network() { t(store, "view.network.begun") } else { t(store, "share.about") };
    view! {
        <Dialog id="share-dialog" title=|store| t(store, "share.title") open>
            <p hidden=move || fragment.get().is_none()>{about}</p>
            <p id="share-behind" class="fault" hidden=move || !store.is_behind()>{move || t(store, "share.behind")}</p>
            <div class="share-links" hidden=move || fragment.get().is_none()><Links fragment/></div>
            <p class="fault" hidden=move || fragment.get().is_some()>{without}</p>
            <Files open/>
        </Dialog>
    }
    .into_any()
}

/// The link, its code, and the frame around it.
#[component]
fn Links(fragment: Memo<Option<String>>) -> impl IntoView {
    let store = Store::get();
    let (link_field, frame_field) = (NodeRef::<html::Input>::new(), NodeRef::<html::Textarea>::new());
    let copied = RwSignal::new(None::<bool>);
    Effect::new(move |_| {
        fragment.track();
        copied.set(None);
    });
    let address = move || fragment.with(|fragment| fragment.as_deref().map(whole).unwrap_or_default());
    let frame = move || fragment.with(|fragment| fragment.as_deref().map(|link| frame(store, link)).unwrap_or_default());
    let copy = move |text: String| spawn_local(async move { copied.set(Some(write_clipboard(&text).await)) });
    let copy_link = move |_| {
        if let Some(field) = link_field.get_untracked() {
            field.select();
            copy(field.value());
        }
    };
    let copy_frame = move |_| {
        if let Some(field) = frame_field.get_untracked() {
            field.select();
            copy(field.value());
        }
    };
    let answer = move || match copied.get() {
        Some(true) => t(store, "share.copied"),
        Some(false) => t(store, "share.not_copied"),
        None => "",
    };
    let show_code = RwSignal::new(false);
    let code = move || {
        let view = show_code.get().then(|| qr(&address(), t(store, "share.qr_label").to_owned()))?;
        Some(view.unwrap_or_else(|| view! { <p class="fault">{t(store, "share.qr_too_long")}</p> }.into_any()))
    };
    view! {
        <div class="joined">
            <input id="share-link" node_ref=link_field type="text" readonly aria-label=move || t(store, "share.link") prop:value=address/>
            <button id="copy" class="primary" type="button" on:click=copy_link>{move || t(store, "share.copy")}</button>
        </div>
        <p class="answer" role="status">{answer}</p>
        <details id="share-qr" on:toggle=move |_| show_code.update(|shown| *shown = !*shown)>
            <summary>{move || t(store, "share.qr")}</summary>
            {code}
        </details>
        <details id="share-embed">
            <summary>{move || t(store, "share.embed")}</summary>
            <p>{move || t(store, "share.embed_about")}</p>
            <textarea id="embed-code" node_ref=frame_field readonly rows="4" aria-label=move || t(store, "share.embed_code") prop:value=frame></textarea>
            <button id="copy-embed" type="button" on:click=copy_frame>{move || t(store, "share.copy_embed")}</button>
        </details>
    }
    .into_any()
}

/// HTML of a frame that shows a run in another page.
fn frame(store: Store, link: &str) -> String {
    let name = store.experiment.with(|running| running.as_ref().map(|running| say(store, &running.experiment.preset.name)));
    let quoted = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let (address, title) = (quoted(&embedded(link)), quoted(&fill(store, "share.embed_title", &[("name", &name.unwrap_or_default())])));
    format!(r#"<iframe src="{address}" title="{title}" loading="lazy" style="width:100%;height:600px;border:1px solid #ccc"></iframe>"#)
}

/// The whole page in one file, beside it on the host.
const ONE_FILE: &str = "retailq.html";

/// Whether this is that file already, here or on somebody's disk.
fn is_one_file() -> bool {
    let location = window().location();
    let is_saved = location.protocol().is_ok_and(|protocol| protocol == "file:");
    is_saved || location.pathname().is_ok_and(|path| path.ends_with(ONE_FILE))
}

/// A table and its name on the page.
type Named = (Sheet, fn(Store) -> &'static str);

/// What can be saved, and what can be opened.
#[component]
fn Files(open: RwSignal<bool>) -> impl IntoView {
    let store = Store::get();
    let saving = RwSignal::new(None::<Saving>);
    Effect::new(move |_| {
        open.track();
        saving.set(None);
    });
    let unable = move || store.facts.with(Option::is_none);
    let experiment = move |_| {
        let Some(running) = store.experiment.get_untracked() else { return };
        let name = file_name(store, "experiment", "json");
        save_text(&to_file(&running.experiment, untrack(|| store.position())), "application/json", &name);
        saving.set(Some(Saving::Done(name)));
    };
    let picture = move |save: fn(Store, &Chart, &str), kind: &'static str| {
        if let Some(chart) = untrack(|| main_chart(store)) {
            save(store, &chart, "returns");
            saving.set(Some(Saving::Done(file_name(store, "returns", kind))));
        }
    };
    let table = move |(sheet, name): Named| {
        let id = ["save-", sheet.key()].concat();
        view! { <button id=id type="button" disabled=unable on:click=move |_| save_sheet(store, sheet, saving)>{move || name(store)}</button> }
    };
    let tables: [Named; 5] = [
        (Sheet::Episodes, |store| t(store, "file.episodes")),
        (Sheet::Checkups, |store| t(store, "file.checkups")),
        (Sheet::Steps, |store| t(store, "file.steps")),
        (Sheet::Table, |store| t(store, "file.table")),
        (Sheet::Policy, |store| t(store, "file.policy")),
    ];
    let answer = move || match saving.get() {
        Some(Saving::Under(share)) => fill(store, "file.saving", &[("percent", &format!("{:.0}", 100.0 * share))]),
        Some(Saving::Done(name)) => fill(store, "file.saved", &[("name", &name)]),
        Some(Saving::Dropped) => t(store, "file.dropped").to_owned(),
        None => String::new(),
    };
    let chosen = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        files::open(store, file, move || open.set(false));
    };
    let report = move |_| {
        open.set(false);
        print(store);
    };
    view! {
        <h3>{move || t(store, "file.title")}</h3>
        <div class="row">
            <button id="download" type="button" disabled=unable on:click=experiment>{move || t(store, "share.download")}</button>
            <button id="save-png" type="button" disabled=unable on:click=move |_| picture(save_png, "png")>{move || t(store, "file.png")}</button>
            <button id="save-svg" type="button" disabled=unable on:click=move |_| picture(save_svg, "svg")>{move || t(store, "file.svg")}</button>
            <button id="print" type="button" disabled=unable on:click=report>{move || t(store, "report.print")}</button>
        </div>
        <p class="faint">{move || t(store, "file.tables")}</p>
        <div class="row">{tables.map(table).into_iter().collect_view()}</div>
        <div class="row saving">
            <p class="answer" role="status">{answer}</p>
            <button id="drop-sheet" class="small" type="button" hidden=move || !matches!(saving.get(), Some(Saving::Under(_)))
                on:click=move |_| store.drop_sheet()>{move || t(store, "standing.cancel")}</button>
        </div>
        <div class="row">
            <label class="button">
                {move || t(store, "share.open")}
                <input id="open-file" class="hidden" type="file" accept=".json,application/json" on:change=chosen/>
            </label>
            <p class="faint">{move || t(store, "file.open_about")}</p>
        </div>
        {(!is_one_file()).then(|| view! {
            <p><a id="one-file" href=ONE_FILE download=ONE_FILE>{move || t(store, "file.one")}</a></p>
        })}
    }
    .into_any()
}

/// Whether the browser let us.
pub(super) async fn write_clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    let there = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| !clipboard.is_undefined());
    there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
