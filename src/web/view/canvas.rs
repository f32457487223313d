//! A chart on a canvas: as sharp as the screen, drawn at most once a frame, and only when there is something new.

use leptos::html::Canvas;
use leptos::prelude::*;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ResizeObserver};

use crate::store::Store;
use retailq::chart::{Chart, Frame, Palette, Plotter, draw};
use retailq::text::parse_number;
use retailq::words::Language;

/// Font size of the page in CSS pixels where the visitor asked the browser for no other.
const TEXT_SIZE: f64 = 14.0;

/// What a canvas shows.
#[derive(Clone, Default, PartialEq)]
pub struct Drawn {
    /// The chart.
    pub chart: Option<Chart>,
    /// Where its plot lies, in pixels of the backing store.
    pub frame: Frame,
    /// Those pixels in a CSS pixel.
    pub ratio: f64,
    look: Look,
}

/// Everything but the data.
#[derive(Clone, Copy, Default, PartialEq)]
struct Look {
    width: u32,
    height: u32,
    /// Text size in hundredths of the page's own.
    text: u32,
    dark: bool,
    language: Language,
}

impl Drawn {
    /// Distance of an episode from the left edge of the canvas, in CSS pixels.
    pub fn left(&self, episode: f64) -> Option<f64> {
        let chart = self.chart.as_ref()?;
        let across = episode / chart.episodes.max(1.0);
        (0.0..=1.0).contains(&across).then(|| (self.frame.left + across * (self.frame.right - self.frame.left)) / self.ratio)
    }

    /// The episode with data that is nearest to a distance from the left edge of the canvas.
    pub fn episode(&self, left: f64) -> Option<f64> {
        let chart = self.chart.as_ref()?;
        let across = (left * self.ratio - self.frame.left) / (self.frame.right - self.frame.left);
        chart.nearest(across.clamp(0.0, 1.0) * chart.episodes)
    }
}

/// Keeps a canvas up to date with a chart, built once a frame at most and only when one of the signals below has changed: a chart that reads
/// another one adds it there.
pub fn keep_drawn(store: Store, canvas: NodeRef<Canvas>, build: fn(Store) -> Option<Chart>, drawn: RwSignal<Drawn>) {
    let size = RwSignal::new(());
    let resize = StoredValue::new_local(None::<Resize>);
    let frame = StoredValue::new_local(None::<AnimationFrameRequestHandle>);
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            resize.set_value(Resize::watch(&canvas, move || size.set(())));
        }
    });
    Effect::new(move |_| {
        store.records.track();
        store.progress.track();
        store.facts.track();
        store.baselines.track();
        store.experiment.track();
        store.studies.seeds.result.track();
        store.studies.comparison.result.track();
        store.language.track();
        store.dark.track();
        size.track();
        if frame.with_value(Option::is_some) {
            return;
        }
        let redraw = move || {
            if frame.try_set_value(None).is_none()
                && let Some(canvas) = canvas.get_untracked()
            {
                untrack(|| redraw(store, &canvas, build, drawn));
            }
        };
        frame.set_value(request_animation_frame_with_handle(redraw).ok());
    });
    on_cleanup(move || {
        if let Some(Some(frame)) = frame.try_get_value() {
            frame.cancel();
        }
    });
}

fn redraw(store: Store, canvas: &HtmlCanvasElement, build: fn(Store) -> Option<Chart>, drawn: RwSignal<Drawn>) {
    let ratio = window().device_pixel_ratio().clamp(1.0, 4.0);
    let pixels = |css: i32| (f64::from(css) * ratio).round().max(0.0) as u32;
    let look = Look {
        width: pixels(canvas.client_width()),
        height: pixels(canvas.client_height()),
        text: (100.0 * text_scale()).round() as u32,
        dark: store.dark.get_untracked(),
        language: store.language.get_untracked(),
    };
    let chart = build(store);
    let same = drawn.with_untracked(|drawn| drawn.look == look && drawn.chart == chart);
    if same || look.width < 40 || look.height < 40 {
        return;
    }
    let frame = chart.as_ref().and_then(|chart| paint(canvas, chart, look, ratio)).unwrap_or_default();
    drawn.set(Drawn { chart, frame, ratio, look });
}

/// How much larger than the page's own the text is that the visitor asked the browser for.
fn text_scale() -> f64 {
    let size = || {
        let style = window().get_computed_style(&document().document_element()?).ok()??;
        parse_number(style.get_property_value("font-size").ok()?.trim_end_matches("px"))
    };
    size().map_or(1.0, |size| (size / TEXT_SIZE).clamp(0.75, 3.0))
}

fn paint(canvas: &HtmlCanvasElement, chart: &Chart, look: Look, ratio: f64) -> Option<Frame> {
    if (canvas.width(), canvas.height()) != (look.width, look.height) {
        canvas.set_width(look.width);
        canvas.set_height(look.height);
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_line_join("round");
    let mut backend = CanvasBackend::with_canvas_object(canvas.clone())?;
    let palette = if look.dark { &Palette::DARK } else { &Palette::LIGHT };
    let scale = ratio * f64::from(look.text) / 100.0;
    Some(draw(chart, &mut Plotter { backend: &mut backend, font_factor: 1.0 }, palette, look.language, scale))
}

/// Watches the size of an element for as long as it lives.
struct Resize {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Resize {
    fn watch(element: &Element, changed: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(changed);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
