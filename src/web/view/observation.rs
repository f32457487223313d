//! What a network is shown in place of the state: a picture, pixel by pixel, or a customer's words.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::i18n::{fill, t};
use crate::store::Store;
use retailq::mdp::Observation;
use retailq::words::{Language, Words};

/// The observation as the network gets it, and what it is in words.
pub fn observation(store: Store, observation: &Observation) -> AnyView {
    match observation {
        Observation::Pixels { width, height, grey } => picture(store, *width, *height, grey),
        Observation::Text { language, lines } => {
            let lines: Vec<_> = lines.iter().map(|line| bubble(store, *language, line)).collect();
            view! { <p class="faint">{t(store, "view.observation.words")}</p><ul class="said">{lines}</ul> }.into_any()
        }
    }
}

/// One pixel of the picture is one pixel of the canvas; the style sheet enlarges it without smoothing.
fn picture(store: Store, width: u32, height: u32, grey: &[u8]) -> AnyView {
    let canvas = NodeRef::<Canvas>::new();
    let pixels: Vec<u8> = grey.iter().flat_map(|value| [*value, *value, *value, u8::MAX]).collect();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            // A browser without canvas shows the words alone.
            let _ = paint(&canvas, &pixels, width);
        }
    });
    let about = fill(store, "view.observation.picture", &[("width", &width.to_string()), ("height", &height.to_string())]);
    view! {
        <p class="faint">{about.clone()}</p>
        <canvas class="pixels" node_ref=canvas width=width height=height role="img" aria-label=about></canvas>
    }
    .into_any()
}

fn paint(canvas: &HtmlCanvasElement, pixels: &[u8], width: u32) -> Option<()> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let image = ImageData::new_with_u8_clamped_array(Clamped(pixels), width).ok()?;
    context.put_image_data(&image, 0.0, 0.0).ok()
}

/// As it was said; for whoever reads another language, with its translation.
fn bubble(store: Store, said_in: Language, line: &Words) -> AnyView {
    let language = store.language.get();
    let (said, read) = (line.get(said_in).to_owned(), line.get(language).to_owned());
    let tag = if said_in == Language::Chinese { "zh-Hans" } else { "en" };
    let translation = (said_in != language && said != read).then(|| view! { <div class="faint">{read}</div> });
    view! { <li><span lang=tag>{said}</span>{translation}</li> }.into_any()
}
