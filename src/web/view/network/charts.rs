//! Loss, estimate beside truth, and gradient, over the episodes.

use leptos::prelude::*;

use crate::store::Store;
use crate::view::charts::one;
use retailq::chart::Chart;
use retailq::chart::lessons::Course;
use retailq::config::Settings;

/// The charts of the network, in step with each other.
pub fn charts() -> AnyView {
    let cursor = RwSignal::new(None::<f64>);
    view! { <div class="chart-grid">{one(loss, "chart", cursor, ("loss", None))}{one(estimate, "chart", cursor, ("estimate", None))}{one(gradient, "chart", cursor, ("gradient", None))}</div> }
        .into_any()
}

fn loss(store: Store) -> Option<Chart> {
    draw(store, |course, _| course.loss())
}

fn estimate(store: Store) -> Option<Chart> {
    draw(store, |course, _| course.estimate())
}

fn gradient(store: Store) -> Option<Chart> {
    draw(store, |course, settings| course.gradient(settings.options.number("clip").unwrap_or(0.0)))
}

fn draw(store: Store, chart: impl FnOnce(&Course, &Settings) -> Chart) -> Option<Chart> {
    let settings = store.network()?;
    let copy_every = settings.options.integer("target_every").map_or(0, i32::unsigned_abs);
    store.records.with(|records| {
        Some(chart(&Course { rows: &records.buckets, copy_every: copy_every.into(), planned: settings.episodes }, &settings))
    })
}
