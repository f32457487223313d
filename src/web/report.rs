//! One page of paper: what was asked, what was learned, how good it is, and how to see it again.
//!
//! It stands in the document only while it is printed; the style sheet then hides everything else.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

use super::caption::{address, changes, claim, run, source, title};
use super::i18n::{fill, gap, say, t};
use super::qr::qr;
use super::store::{Running, Store};
use super::view::{compared, in_short, main_chart, not_measured, tested, verdict_now};
use retailq::chart::plate::PAPER;
use retailq::chart::{Plate, figure, share_text, whole};
use retailq::csv;
use retailq::export::{POLICY_COLUMNS, Sheet};
use retailq::protocol::Facts;

/// More rows of the policy than ever fit; the style sheet cuts off what has no room.
const ROWS: u32 = 30;

/// What the page has to be asked for before it is printed.
#[derive(Clone, Default)]
pub struct Sheaf {
    /// Header and most visited states of the policy: state in words, then [`POLICY_COLUMNS`] columns.
    policy: Vec<Vec<String>>,
}

/// Stops the run, waits for its fingerprint and its policy, and prints.
pub fn print(store: Store) {
    store.halt();
    store.sheaf.set(None);
    store.want_sheet(Sheet::Usual, Some(ROWS), move |part| {
        if store.sheaf.with_untracked(Option::is_some) {
            return;
        }
        // Another run may have taken the place of the one to be printed.
        let Some(part) = part else { return };
        let policy = rows(&part.text);
        store.sheaf.set(Some(Sheaf { policy }));
        store.drop_sheet();
        // The document is up to date when this runs.
        set_timeout(|| drop(window().print()), Duration::from_millis(50));
    });
}

/// State in words and what to do there: the last columns of each row.
fn rows(text: &str) -> Vec<Vec<String>> {
    let records = csv::read(text).unwrap_or_default();
    records.into_iter().map(|record| record.cells.into_iter().rev().take(POLICY_COLUMNS + 1).rev().collect()).collect()
}

/// Listens for printing, however it was begun, and puts the report into the document meanwhile.
#[component]
pub fn Report() -> impl IntoView {
    let store = Store::get();
    let before = window_event_listener(ev::beforeprint, move |_| {
        if store.sheaf.with_untracked(Option::is_none) {
            store.sheaf.set(Some(Sheaf::default()));
        }
    });
    let after = window_event_listener(ev::afterprint, move |_| store.sheaf.set(None));
    on_cleanup(move || {
        before.remove();
        after.remove();
    });
    move || {
        let sheaf = store.sheaf.get()?;
        untrack(|| Some(report(store, &*store.experiment.get()?, &store.facts.get()?, &sheaf)))
    }
}

fn report(store: Store, running: &Running, facts: &Facts, sheaf: &Sheaf) -> AnyView {
    let (scenario, preset) = (running.experiment.scenario, running.experiment.preset);
    let source = source(store, scenario, preset);
    let chart = main_chart(store).map(|chart| Plate::new(&chart, &[], store.language.get(), PAPER).svg());
    let verdict = verdict_now(store);
    let share = verdict.as_ref().map(|(_, share)| fill(store, "report.share", &[("share", &share_text(*share))]));
    let sentence = verdict.map_or_else(|| not_measured(store).to_owned(), |(sentence, _)| sentence);
    let address = address(store);
    let code = qr(&address, t(store, "share.qr_label").to_owned());
    let print = store.fingerprint.get().unwrap_or_else(|| t(store, "report.moving").to_owned());
    view! {
        <article class="report">
            <h1>{title(store, scenario, preset)}</h1>
            {claim(store, &running.experiment).map(|claim| view! { <p class="claim">{claim}</p> })}
            <p>{say(store, &scenario.summary)}</p>
            {source.into_iter().map(|line| view! { <p class="faint">{line}</p> }).collect_view()}
            {settings(store, running)}
            <figure inner_html=chart.unwrap_or_default()></figure>
            <p class="verdict">{share} {gap(store)} {sentence}</p>
            {in_short(store, facts)}
            {tested(store).map(|[found, how]| view! { <p><b>{found}</b> {gap(store)} {how}</p> })}
            {compared(store).filter(|found| !found.is_empty()).map(|found| view! { <p><b>{found}</b></p> })}
            {policy(store, facts, sheaf)}
            <footer>
                {code}
                <div>
                    <p>{fill(store, "caption.fingerprint", &[("fingerprint", &print)])}</p>
                    <p class="faint">{t(store, "report.again")}</p>
                    <p class="address">{address}</p>
                </div>
            </footer>
        </article>
    }
    .into_any()
}

/// The learner, and what differs from the preset.
fn settings(store: Store, running: &Running) -> AnyView {
    let changes = changes(store, running);
    let row = |(name, value): (String, String)| view! { <li><b>{name}</b> " " {value}</li> };
    let list = match changes.is_empty() {
        true => view! { <p>{t(store, "caption.unchanged")}</p> }.into_any(),
        false => view! { <p>{t(store, "report.changes")}</p><ul>{changes.into_iter().map(row).collect_view()}</ul> }.into_any(),
    };
    view! { <section class="report-settings"><p>{run(store, running)}</p>{list}</section> }.into_any()
}

/// The decision table in the states visited most. Where the browser prints by itself, there is no time to ask for them.
fn policy(store: Store, facts: &Facts, sheaf: &Sheaf) -> Option<AnyView> {
    let (header, rows) = sheaf.policy.split_first()?;
    let head = header.iter().take(POLICY_COLUMNS).map(|name| view! { <th scope="col">{name.clone()}</th> }).collect_view();
    let cell = |(column, text): (usize, &String)| match (column, text.parse()) {
        (2 | 5, Ok(value)) => view! { <td>{figure(value, 4)}</td> }.into_any(),
        (3, Ok(visits)) => view! { <td>{whole(visits)}</td> }.into_any(),
        _ => view! { <td class="words">{text.strip_prefix('\'').unwrap_or(text).to_owned()}</td> }.into_any(),
    };
    let row = |cells: &Vec<String>| {
        let differs = cells.last().is_some_and(|flag| flag == "0");
        view! { <tr class:differs=differs>{cells.iter().take(POLICY_COLUMNS).enumerate().map(cell).collect_view()}</tr> }
    };
    let caption = fill(store, "report.policy", &[("states", &whole(f64::from(facts.states)))]);
    let table = view! {
        <div class="report-policy">
            <table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows.iter().map(row).collect_view()}</tbody></table>
        </div>
    };
    Some(table.into_any())
}
