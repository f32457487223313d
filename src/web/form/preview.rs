//! Small pictures beside a field: a distribution as bars, a schedule as a curve over the planned episodes.

use leptos::prelude::*;

use crate::curve::path;
use crate::store::Store;
use retailq::demand::Demand;
use retailq::schedule::Schedule;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 32.0;
/// Bars beyond which the tail is left out of the picture.
const MOST_BARS: usize = 60;

/// The picture of a value.
#[component]
pub fn Preview(value: Signal<String>, demand: bool) -> impl IntoView {
    let store = Store::get();
    let outline = move || {
        if demand {
            value.with(|text| Demand::parse("", text).map(|demand| bars(&demand)).unwrap_or_default())
        } else {
            let episodes = store.draft.with(|draft| draft.as_ref().and_then(|draft| draft.settings().ok()).map_or(1, |set| set.episodes));
            value.with(|text| Schedule::parse("", text, true).map(|schedule| curve(schedule, episodes)).unwrap_or_default())
        }
    };
    view! {
        <svg class="preview" class:bars=demand viewBox="0 0 120 32" preserveAspectRatio="none" aria-hidden="true">
            <path d="M0 31.5H120" class="axis"/>
            <path d=outline class="shape"/>
        </svg>
    }
    .into_any()
}

fn bars(demand: &Demand) -> String {
    let probabilities = demand.probabilities();
    let last = probabilities.iter().rposition(|p| *p > 0.001).unwrap_or(0).min(MOST_BARS);
    let shown = &probabilities[..=last];
    let highest = shown.iter().copied().fold(0.0, f64::max).max(1e-9);
    let step = WIDTH / shown.len() as f64;
    let width = (step * 0.8).min(18.0);
    let bar = |(index, p): (usize, &f64)| {
        let (x, height) = (index as f64 * step + (step - width) / 2.0, p / highest * (HEIGHT - 3.0));
        format!("M{x:.1} 31.5v-{height:.1}h{width:.1}v{height:.1}z")
    };
    shown.iter().enumerate().map(bar).collect()
}

/// Rates lie between 0 and 1, and so does the picture. A rate by visits is drawn over the first fifty of them.
fn curve(schedule: Schedule, episodes: u32) -> String {
    const POINTS: u32 = 48;
    path((0..=POINTS).map(|point| {
        let share = f64::from(point) / f64::from(POINTS);
        let rate = match schedule {
            Schedule::Visits { exponent } => libm::pow(1.0 / (1.0 + 50.0 * share), exponent),
            schedule => schedule.at((share * f64::from(episodes)) as u32),
        };
        (share * WIDTH, (1.0 - rate) * (HEIGHT - 3.0) + 1.5)
    }))
}
