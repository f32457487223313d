//! Convergence: what the learner earns, how far it is from the optimum, and the rates it learns with.

use leptos::html::Canvas;
use leptos::prelude::*;

use super::calm::pulse;
use super::canvas::{Drawn, keep_drawn};
use super::download::menu;
use super::seeds::SeedsBar;
use super::yardstick::{Rival, rival};
use super::{card, color};
use crate::i18n::{fill, t};
use crate::store::Store;
use retailq::chart::series;
use retailq::chart::{Bundle, Chart, Level, Role, whole};
use retailq::evaluate::share_of_optimum;
use retailq::export::Sheet;
use retailq::protocol::Facts;
use retailq::records::Records;
use retailq::study::seeds::Bundles;
use retailq::words::Language;

/// Rows of a data table.
const ROWS: usize = 24;

/// Every chart of the run.
#[component]
pub fn Charts() -> impl IntoView {
    let store = Store::get();
    // Episode under the pointer, shared by all charts.
    let cursor = RwSignal::new(None::<f64>);
    let content = view! {
        <SeedsBar/>
        <div class="chart-grid">
            {one(returns, "chart chart-main", cursor, ("returns", Some(Sheet::Episodes)))}
            {one(share, "chart", cursor, ("share", Some(Sheet::Checkups)))}
            {one(distance, "chart", cursor, ("distance", Some(Sheet::Checkups)))}
            {one(rates, "chart", cursor, ("rates", Some(Sheet::Episodes)))}
            {one(error, "chart", cursor, ("error", Some(Sheet::Episodes)))}
        </div>
    };
    card("charts", move || t(store, "view.charts.title"), content.into_any())
}

/// The chart that says most, alone.
#[component]
pub fn MainChart() -> impl IntoView {
    one(returns, "chart chart-main", RwSignal::new(None), ("returns", Some(Sheet::Episodes)))
}

/// What it shows.
pub fn main_chart(store: Store) -> Option<Chart> {
    returns(store)
}

/// The rival's line.
fn level(store: Store, facts: &Facts, of: impl Fn(&Rival) -> f64) -> Level {
    let rival = rival(store, facts);
    Level { value: of(&rival), name: rival.name, role: Role::Baseline }
}

fn returns(store: Store) -> Option<Chart> {
    let facts = store.facts.get()?;
    let compared = vec![series::episode_optimum(&facts), level(store, &facts, |rival| rival.episode_return)];
    let mut chart = store.records.with(|records| series::returns(&records.buckets, compared, store.planned_episodes()));
    // Values are those of episodes without end.
    if !facts.is_cut() {
        let mut values = store.records.with(|records| records.measured(|row| row.value));
        values.retain(|(episode, _)| store.has_learned(*episode));
        series::add_unexploring(&mut chart, values);
    }
    Some(with_seeds(store, chart, |bundles| &bundles.returns))
}

fn share(store: Store) -> Option<Chart> {
    let facts = store.facts.get()?;
    let compared = vec![level(store, &facts, |rival| share_of_optimum(rival.value, facts.random, facts.optimum))];
    let points = store.records.with(|records| records.measured(|row| row.share));
    Some(with_seeds(store, series::share(points, compared, store.planned_episodes()), |bundles| &bundles.share))
}

fn distance(store: Store) -> Option<Chart> {
    let points = store.records.with(|records| records.measured(|row| row.distance));
    Some(with_seeds(store, series::distance(points, store.planned_episodes()), |bundles| &bundles.distance))
}

fn error(store: Store) -> Option<Chart> {
    let points = store.records.with(Records::errors);
    Some(with_seeds(store, series::error(points, store.planned_episodes()), |bundles| &bundles.error))
}

/// What a chart of the run shows, for those who have not seen its like.
fn about(store: Store, name: &str) -> Option<String> {
    let text = match name {
        "returns" => {
            let steps = store.facts.with(|facts| facts.as_ref().map(|facts| whole(f64::from(facts.steps))))?;
            return Some(fill(store, "view.about.returns", &[("steps", &steps)]));
        }
        "share" => t(store, "view.about.share"),
        "distance" => t(store, "view.about.distance"),
        "rates" => t(store, "view.about.rates"),
        "error" => t(store, "view.about.error"),
        _ => return None,
    };
    Some(text.to_owned())
}

/// The chart with what other seeds gave, if they were asked for.
fn with_seeds(store: Store, mut chart: Chart, of: fn(&Bundles) -> &Bundle) -> Chart {
    store.studies.seeds.result.with(|seeds| {
        if let Some(seeds) = seeds {
            of(seeds.bundles()).lay_under(&mut chart);
        }
    });
    chart
}

fn rates(store: Store) -> Option<Chart> {
    let running = store.experiment.get()?;
    Some(series::rates(&running.settings, f64::from(store.position().episode)))
}

/// A chart that is kept up to date, with its crosshair and its data table; `files` has its name in files, and the table with its numbers.
pub(super) fn one(
    build: fn(Store) -> Option<Chart>,
    class: &'static str,
    cursor: RwSignal<Option<f64>>,
    files: (&'static str, Option<Sheet>),
) -> AnyView {
    let store = Store::get();
    let canvas = NodeRef::<Canvas>::new();
    let drawn = RwSignal::new(Drawn::default());
    keep_drawn(store, canvas, build, drawn);
    // Texts change at leisure: nobody reads sixty a second, least of all a screen reader.
    let slow = pulse(move || drawn.track(), 1500);
    let title = move || drawn.with(|drawn| drawn.chart.as_ref().map(|chart| chart.title.get(store.language.get()).to_owned()));
    let title = Memo::new(move |_| title());
    let note = move || {
        let language = store.language.get();
        drawn.with(|drawn| {
            let note = drawn.chart.as_ref()?.note.as_ref().filter(|_| !drawn.frame.noted)?;
            Some(note.words.get(language).to_owned())
        })
    };
    let note = Memo::new(move |_| note());
    let summary = move || {
        slow.track();
        let text = drawn.with_untracked(|drawn| drawn.chart.as_ref().map(|chart| chart.summary(store.language.get())));
        let stop = if store.language.get() == Language::Chinese { "。" } else { ". " };
        let text = text.map(|text| [text, about(store, files.0).map_or_else(String::new, |about| [stop, &about].concat())].concat());
        // A picture needs a name even before the first summary is due, and where no problem is open.
        text.or_else(|| title.get()).unwrap_or_else(|| t(store, "view.charts.title").to_owned())
    };
    let point = move |event: web_sys::PointerEvent| {
        let left = f64::from(event.offset_x());
        cursor.set(drawn.with_untracked(|drawn| drawn.episode(left)));
    };
    view! {
        <figure class=class>
            <figcaption title=move || about(store, files.0)>{title}" "<span class="chart-note">{note}</span></figcaption>
            <div class="chart-frame" on:pointermove=point on:pointerdown=point on:pointerleave=move |_| cursor.set(None)>
                <canvas node_ref=canvas role="img" aria-label=summary></canvas>
                {move || crosshair(store, drawn, cursor)}
            </div>
            <div class="chart-foot">{data_table(store, title, drawn, slow)}{menu(store, build, files)}</div>
        </figure>
    }
    .into_any()
}

/// A line at the episode under the pointer, and what every curve is there.
fn crosshair(store: Store, drawn: RwSignal<Drawn>, cursor: RwSignal<Option<f64>>) -> Option<AnyView> {
    let episode = cursor.get()?;
    let (left, right_half, readings) = drawn.with(|drawn| {
        let left = drawn.left(episode)?;
        let middle = 0.5 * (drawn.frame.left + drawn.frame.right) / drawn.ratio;
        Some((left, left > middle, drawn.chart.as_ref()?.read(episode, store.language.get())))
    })?;
    let episode = fill(store, "view.chart.episode", &[("n", &whole(episode))]);
    let row = |reading: retailq::chart::Reading| {
        view! { <div><span class="swatch" style:background=color(reading.role)></span>{reading.name}" "<b>{reading.value}</b></div> }
    };
    let rows: Vec<_> = readings.into_iter().map(row).collect();
    let view = view! {
        <div class="crosshair" class:flipped=right_half style:left=format!("{left}px") aria-hidden="true">
            <div class="readout"><div class="faint">{episode}</div>{rows}</div>
        </div>
    };
    Some(view.into_any())
}

fn data_table(store: Store, title: Memo<Option<String>>, drawn: RwSignal<Drawn>, slow: Trigger) -> AnyView {
    let open = RwSignal::new(false);
    let table = move || {
        slow.track();
        open.get().then(|| drawn.with_untracked(|drawn| drawn.chart.as_ref().map(|chart| numbers(store, chart))))
    };
    view! {
        <details class="data-table" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>{move || t(store, "view.chart.table")}<span class="hidden">": "{title}</span></summary>
            {table}
        </details>
    }
    .into_any()
}

fn numbers(store: Store, chart: &Chart) -> AnyView {
    let language = store.language.get();
    let heads: Vec<_> = chart.heads(language).into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect();
    let episodes = chart.sample(ROWS);
    let reach = episodes.windows(2).map(|pair| 0.5 * (pair[1] - pair[0])).fold(0.5, f64::max);
    let row = |episode: f64| {
        let cells: Vec<_> = chart.row(episode, reach).into_iter().map(|cell| view! { <td>{cell}</td> }).collect();
        view! { <tr><th scope="row">{whole(episode)}</th>{cells}</tr> }
    };
    let rows: Vec<_> = episodes.iter().copied().map(row).collect();
    view! {
        <table class="numbers">
            <thead><tr><th scope="col">{t(store, "view.chart.episodes")}</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
