//! The grid of a sweep: a table whose cells are links, coloured by what was reached there.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::calm::pulse;
use crate::address::whole;
use crate::files::save_text;
use crate::i18n::{fill, say, sentences, t};
use crate::share_dialog::write_clipboard;
use crate::store::Store;
use retailq::chart::scale::grouped;
use retailq::chart::{figure, share_text, whole as count};
use retailq::config::Position;
use retailq::share::to_link;
use retailq::study::Sweep;
use retailq::study::difference::short_name;
use retailq::study::sweep::Cell;

/// Milliseconds between two looks at a grid that fills.
const REFRESH: u64 = 250;
/// The strongest colour of a cell, in percent: text must read on it.
const STRONGEST: f64 = 47.0;
/// The weakest: a cell is still seen to be one.
const WEAKEST: f64 = 6.0;
/// Differences of shares that no colour shows.
const NOTHING: f64 = 0.005;

/// The sentence, the grid and the ways to take it away.
pub fn grid(store: Store) -> impl Fn() -> Option<AnyView> {
    let study = store.studies.sweep;
    let tick = pulse(
        move || {
            study.result.track();
            study.headway.track();
            store.experiment.track();
        },
        REFRESH,
    );
    let copied = RwSignal::new(None::<bool>);
    move || {
        tick.track();
        let present = store.experiment.with_untracked(|running| {
            running.as_ref().map(|running| to_link(&running.experiment, Position::default())).unwrap_or_default()
        });
        let sentence = untrack(|| swept(store));
        study.result.with_untracked(|sweep| {
            let sweep = sweep.as_ref()?;
            let view = view! {
                <p class="verdict">{sentence}</p>
                {table(store, sweep, &present)}
                {legend(store, sweep, &present)}
                {exports(store, copied)}
            };
            Some(view.into_any())
        })
    }
}

fn table(store: Store, sweep: &Sweep, present: &str) -> AnyView {
    let [down, across] = &sweep.axes;
    let (down_name, across_name) = (say(store, &down.name), say(store, &across.name));
    let [down_short, across_short] = [down, across].map(|axis| say(store, &short_name(&axis.key, &axis.name)));
    let range = sweep.range().unwrap_or((0.0, 1.0));
    // Where no share differs, none is the best.
    let best = if range.1 - range.0 < NOTHING { Vec::new() } else { sweep.best() };
    let is_worth = sweep.varies_problem();
    let heads: Vec<_> = (0..across.values.len()).map(|column| view! { <th scope="col">{across.shown(column)}</th> }).collect();
    let row = |row: usize| {
        let cell = |column: usize| {
            let name = place(store, sweep, (row, column)).join(", ");
            cell(store, &name, sweep.cell(row, column), range, best.contains(&(row, column)), present, is_worth)
        };
        let cells: Vec<_> = (0..across.values.len()).map(cell).collect();
        view! { <tr><th scope="row">{down.shown(row)}</th>{cells}</tr> }
    };
    let rows: Vec<_> = (0..down.values.len()).map(row).collect();
    let seeds = sweep.seeds.to_string();
    let values = [("down", down_name.as_str()), ("across", &across_name), ("n", &seeds)];
    let (done, of) = sweep.runs();
    let caption = if done < of { fill(store, "sweep.caption_part", &values) } else { fill(store, "sweep.caption", &values) };
    view! {
        <div class="scroll">
            <table class="sweep-grid">
                <caption>{caption}</caption>
                <thead>
                    <tr><td></td><th scope="colgroup" colspan=across.values.len().to_string()>{across_short}" →"</th></tr>
                    <tr><th scope="col">{down_short}" ↓"</th>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What both settings are in a cell: `α = .1` and `γ = .9`.
fn place(store: Store, sweep: &Sweep, (row, column): (usize, usize)) -> [String; 2] {
    let [down, across] = &sweep.axes;
    [(down, row), (across, column)].map(|(axis, at)| [&say(store, &short_name(&axis.key, &axis.name)), " = ", &*axis.shown(at)].concat())
}

/// What was reached; where problems differ, also what that is worth.
fn cell(store: Store, name: &str, cell: Option<&Cell>, (low, high): (f64, f64), is_best: bool, present: &str, is_worth: bool) -> AnyView {
    let Some(cell) = cell else { return view! { <td></td> }.into_any() };
    let fault = cell.fault.as_ref().map(|fault| say(store, fault));
    let Some(mean) = cell.mean() else {
        let text = if fault.is_some() { "×" } else { "…" };
        let said = fault.unwrap_or_else(|| t(store, "sweep.waiting").to_owned());
        let title = said.clone();
        return view! { <td class="empty" title=title><span aria-hidden="true">{text}</span><span class="hidden">{said}</span></td> }
            .into_any();
    };
    let across = if high - low > NOTHING { ((mean - low) / (high - low)).clamp(0.0, 1.0) } else { 1.0 };
    let strength = WEAKEST + (STRONGEST - WEAKEST) * across;
    let background = format!("color-mix(in srgb, var(--learner) {strength:.0}%, var(--surface))");
    let seeds = cell.shares.len().to_string();
    let extreme = |pick: fn(f64, f64) -> f64| cell.shares.iter().copied().reduce(pick).map(share_text).unwrap_or_default();
    let value = cell.value().map(|value| figure(value, 4)).unwrap_or_default();
    let values = [("n", seeds.as_str()), ("low", &extreme(f64::min)), ("high", &extreme(f64::max)), ("value", &value)];
    let worth = is_worth.then(|| view! { <small>{value.clone()}</small> });
    let detail = [fill(store, "sweep.cell", &values), fault.unwrap_or_default()].join(" ").trim_end().to_owned();
    let is_present = cell.link == present;
    let named = [name, ": ", &share_text(mean), " ", if is_worth { &value } else { "" }].concat();
    let here = is_present.then(|| view! { <span class="hidden">{t(store, "sweep.present")}</span> });
    view! {
        <td class:best=is_best class:present=is_present style:background=background title=detail>
            <a href=whole(&cell.end) aria-label=named.trim_end().to_owned()>{share_text(mean)}{worth}</a>{here}
        </td>
    }
    .into_any()
}

/// What the colours run between.
fn legend(store: Store, sweep: &Sweep, present: &str) -> Option<AnyView> {
    let (low, high) = sweep.range().filter(|(low, high)| high - low >= NOTHING)?;
    let values = [("low", share_text(low)), ("high", share_text(high))];
    let text = fill(store, "sweep.legend", &values.each_ref().map(|(name, value)| (*name, value.as_str())));
    let is_there = sweep.cells.iter().any(|cell| cell.link == present && !cell.shares.is_empty());
    let present = is_there.then(|| view! { <span class="present-key"></span>{t(store, "sweep.present")} });
    let best = if sweep.is_astray() { t(store, "sweep.least_bad_key") } else { t(store, "sweep.best_key") };
    Some(view! { <p class="legend">{text}" "<span class="best-key"></span>{best}" "{present}</p> }.into_any())
}

/// What a sweep has found, once it is over.
pub fn swept(store: Store) -> Option<String> {
    store.studies.sweep.found(|sweep| sentence(store, sweep))
}

/// Which setting matters more, and where the best place is.
fn sentence(store: Store, sweep: &Sweep) -> String {
    let Some((low, high)) = sweep.range() else { return String::new() };
    let best = sweep.best();
    let Some((row, column)) = best.first().copied() else { return String::new() };
    let names = sweep.axes.each_ref().map(|axis| say(store, &short_name(&axis.key, &axis.name)));
    let first = place(store, sweep, (row, column));
    let (lowest, highest) = (share_text(low), share_text(high));
    let values = [("down", first[0].as_str()), ("across", &first[1]), ("share", &highest), ("worst", &lowest)];
    let (done, of) = sweep.runs();
    if done < of {
        return fill(store, "sweep.stopped", &[("done", &count(done as f64)), ("of", &count(of as f64))]);
    }
    if sweep.is_astray() {
        return fill(store, "sweep.astray", &values);
    }
    let of_problem = sweep.varies_problem();
    if high - low < NOTHING {
        let flat = if of_problem { fill(store, "sweep.flat_problems", &values) } else { fill(store, "sweep.flat", &values) };
        return if of_problem { sentences(store, flat, t(store, "sweep.problems").to_owned()) } else { flat };
    }
    // Where there is nothing to learn, all has been learned: of several such combinations none is named.
    let main = match (of_problem, best.len()) {
        (true, 1) => fill(store, "sweep.learned_best", &values),
        (true, many) => fill(store, "sweep.learned_many", &[("n", &many.to_string()), ("share", &highest), ("worst", &lowest)]),
        (false, _) => fill(store, "sweep.best", &values),
    };
    if of_problem {
        return sentences(store, main, t(store, "sweep.problems").to_owned());
    }
    let main = match best.len() - 1 {
        0 => main,
        others => sentences(store, main, fill(store, "sweep.tied", &[("n", &others.to_string())])),
    };
    let main = match sweep.rivals() {
        0 => main,
        rivals => sentences(store, main, fill(store, "sweep.rivals", &[("n", &rivals.to_string()), ("seeds", &sweep.seeds.to_string())])),
    };
    let Some(effects) = sweep.effects() else { return main };
    let more = usize::from(effects[1] > effects[0]);
    let points = effects.map(points);
    let values = [("more", names[more].as_str()), ("less", &names[1 - more]), ("large", &points[more]), ("small", &points[1 - more])];
    let effects = if points[0] == points[1] { fill(store, "sweep.alike", &values) } else { fill(store, "sweep.effects", &values) };
    sentences(store, main, effects)
}

/// A span of shares, all to the same place: `88`, `0.4`.
fn points(span: f64) -> String {
    let text = grouped(100.0 * span, 1);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn exports(store: Store, copied: RwSignal<Option<bool>>) -> AnyView {
    let csv = move || {
        let page = whole("");
        let page = page.trim_end_matches('#');
        store.studies.sweep.result.with_untracked(|sweep| sweep.as_ref().map(|sweep| sweep.to_csv(page))).unwrap_or_default()
    };
    let copy = move |_| {
        let text = csv();
        spawn_local(async move { copied.set(Some(write_clipboard(&text).await)) });
    };
    let answer = move || match copied.get() {
        Some(true) => t(store, "share.copied"),
        Some(false) => t(store, "sweep.not_copied"),
        None => "",
    };
    view! {
        <div class="row">
            <button id="sweep-copy" class="small" type="button" on:click=copy>{t(store, "sweep.copy")}</button>
            <button id="sweep-save" class="small" type="button"
                on:click=move |_| save_text(&csv(), "text/csv;charset=utf-8", "retailq-sweep.csv")>{t(store, "sweep.save")}</button>
            <span class="answer" role="status">{answer}</span>
        </div>
    }
    .into_any()
}
