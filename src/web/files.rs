//! Files out and in: what is saved, and what is chosen or dropped onto the page.

use js_sys::{Array, Uint8Array};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, File, HtmlAnchorElement, HtmlCanvasElement, TextDecoder, TextDecoderOptions, Url};

use super::caption::{file_name, lines};
use super::i18n::t;
use super::store::Store;
use retailq::chart::plate::SCREEN;
use retailq::chart::{Chart, Plate, Plotter};
use retailq::export::Sheet;
use retailq::invalid::Invalid;

/// Largest file that is read at all, in bytes.
const MOST_BYTES: f64 = 16e6;
/// Pixels of a picture in a CSS pixel.
const SHARPNESS: f64 = 2.0;
/// How long the browser may take to fetch what it is to save, in milliseconds.
const FETCH: u64 = 20_000;

/// Saves a text; a browser that refuses says so itself.
pub fn save_text(text: &str, kind: &str, name: &str) {
    let _ = save_parts(&Array::of1(&text.into()), kind, name);
}

fn save_parts(parts: &Array, kind: &str, name: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    save(&Blob::new_with_str_sequence_and_options(parts, &options)?, name)
}

fn save(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    set_timeout(move || drop(Url::revoke_object_url(&url)), std::time::Duration::from_millis(FETCH));
    Ok(())
}

/// Saves a chart as SVG.
pub fn save_svg(store: Store, chart: &Chart, what: &str) {
    let svg = Plate::new(chart, &lines(store), store.language.get_untracked(), SCREEN).svg();
    save_text(&svg, "image/svg+xml", &file_name(store, what, "svg"));
}

/// Saves a chart as PNG, drawn anew at twice the size.
pub fn save_png(store: Store, chart: &Chart, what: &str) {
    let name = file_name(store, what, "png");
    let _ = draw(store, chart).and_then(|canvas| {
        let keep = move |blob: JsValue| {
            let _ = blob.dyn_into::<Blob>().and_then(|blob| save(&blob, &name));
        };
        canvas.to_blob(Closure::once_into_js(keep).unchecked_ref())
    });
}

fn draw(store: Store, chart: &Chart) -> Result<HtmlCanvasElement, JsValue> {
    let plate = Plate::new(chart, &lines(store), store.language.get_untracked(), SCREEN);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    let (width, height) = plate.size();
    canvas.set_width((f64::from(width) * SHARPNESS) as u32);
    canvas.set_height((f64::from(height) * SHARPNESS) as u32);
    let mut backend = CanvasBackend::with_canvas_object(canvas.clone()).ok_or(JsValue::NULL)?;
    plate.draw(&mut Plotter { backend: &mut backend, font_factor: 1.0 }, SHARPNESS);
    Ok(canvas)
}

/// How far a table to save is: its kind and share, or the name it was saved by.
#[derive(Clone, Debug, PartialEq)]
pub enum Saving {
    /// Being written.
    Under(f64),
    /// Saved under this name.
    Done(String),
    /// Given up.
    Dropped,
}

/// Saves a table, and says how far it is.
pub fn save_sheet(store: Store, sheet: Sheet, saving: RwSignal<Option<Saving>>) {
    let name = file_name(store, sheet.key(), "csv");
    let parts = Array::new();
    saving.set(Some(Saving::Under(0.0)));
    store.want_sheet(sheet, None, move |part| {
        let Some(part) = part else { return saving.set(Some(Saving::Dropped)) };
        parts.push(&part.text.into());
        saving.set(Some(if part.last {
            let _ = save_parts(&parts, "text/csv;charset=utf-8", &name);
            Saving::Done(name.clone())
        } else {
            Saving::Under(part.share)
        }));
    });
}

/// The text of a file of the visitor's, in UTF-8, in UTF-16 with its mark, or in GB 18030, as spreadsheets in Chinese write it.
pub async fn text_of(file: &File) -> Result<String, Invalid> {
    let refused = |fault| Invalid::new("file", file.name(), fault);
    if file.size() > MOST_BYTES {
        return Err(refused(phrase!("is too large; at most {} MB", "过大；最多 {} MB", MOST_BYTES / 1e6)));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| refused(words!("cannot be read", "无法读取")))?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let encodings: &[&str] = match bytes.as_slice() {
        [0xff, 0xfe, ..] => &["utf-16le"],
        [0xfe, 0xff, ..] => &["utf-16be"],
        _ => &["utf-8", "gb18030"],
    };
    let options = TextDecoderOptions::new();
    options.set_fatal(true);
    let decode = |encoding: &&str| TextDecoder::new_with_label_and_options(encoding, &options).ok()?.decode_with_u8_array(&bytes).ok();
    let text = encodings.iter().find_map(decode);
    // No text holds what fills the gaps of programs and pictures.
    let text = text.filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| refused(words!("is not a text; save it as UTF-8", "不是文本；请另存为 UTF-8")))?;
    if text.trim().is_empty() { Err(refused(words!("is empty", "是空的"))) } else { Ok(text) }
}

/// Opens a file of the visitor's. Whatever is wrong with it is said, and what runs goes on.
pub fn open(store: Store, file: File, opened: impl Fn() + 'static) {
    spawn_local(async move {
        match text_of(&file).await {
            Ok(text) => {
                store.mark_discrete();
                store.open_text(&text);
            }
            Err(error) => store.broken.set(vec![error]),
        }
        opened();
    });
}

/// A file dropped anywhere onto the page is opened; while one hovers, the page says so.
#[component]
pub fn DropTarget() -> impl IntoView {
    let store = Store::get();
    let hovering = RwSignal::new(false);
    let files = |event: &DragEvent| event.data_transfer().filter(|data| data.types().includes(&"Files".into(), 0));
    let over = window_event_listener(ev::dragover, move |event| {
        if files(&event).is_some() {
            event.prevent_default();
            hovering.set(true);
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event| {
        // Only what leaves the window has nowhere to go.
        if event.related_target().is_none() {
            hovering.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        let Some(data) = files(&event) else { return };
        event.prevent_default();
        hovering.set(false);
        if let Some(file) = data.files().and_then(|files| files.get(0)) {
            open(store, file, || ());
        }
    });
    on_cleanup(move || [over, leave, drop].into_iter().for_each(|listener| listener.remove()));
    view! { <div class="drop" hidden=move || !hovering.get()><p>{move || t(store, "file.drop")}</p></div> }.into_any()
}
