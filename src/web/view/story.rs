//! The story of a value: what it is, what it should be, and the updates that made it, each a moment to go to.

use leptos::prelude::*;

use super::FOCUSABLE;
use super::moment::{amount, signed};
use super::verdict_words::rule;
use crate::curve::path;
use crate::dialog::Dialog;
use crate::i18n::{fill, t};
use crate::standing::moment_text;
use crate::store::Store;
use retailq::chart::{figure, whole};
use retailq::mdp::{Action, State};
use retailq::story::{Report, Revision};

/// The dialog; it is open while a story is told.
#[component]
pub fn StoryDialog() -> impl IntoView {
    let store = Store::get();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(store.questions.told.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && store.questions.told.with_untracked(Option::is_some) {
            store.stop_telling();
            store.questions.told.set(None);
        }
    });
    let about = move || {
        let (state, action) = store.questions.told.get()?;
        let running = store.experiment.get()?;
        let (environment, language) = (&running.environment, store.language.get());
        let state = environment.describe(State(state), language);
        let action = environment.action_text(Action(action), language);
        Some(view! { <p class="finding">{state}<br/>{action}</p> })
    };
    let answer = move || store.questions.story.with(|report| report.as_ref().map(|report| told(store, report, open)));
    let share = move || {
        let report = store.questions.story.get();
        report.map_or(0.0, |report| (report.first.len() + report.last.len()) as f64 / f64::from(report.wanted.max(1)))
    };
    view! {
        <Dialog id="story-dialog" title=|store| t(store, "view.story.title") open>
            {about}
            <div class="row working" hidden=move || !store.questions.telling.get()>
                <progress max="1" prop:value=share aria-label=move || t(store, "view.story.searching")></progress>
                <span class="faint">{move || t(store, "view.story.searching")}</span>
                <button id="stop-story" class="small" type="button" on:click=move |_| store.stop_telling()>{move || t(store, "standing.cancel")}</button>
            </div>
            {answer}
        </Dialog>
    }
    .into_any()
}

fn told(store: Store, report: &Report, open: RwSignal<bool>) -> AnyView {
    let numbers = [figure(report.value, 5), figure(report.optimal, 5), whole(f64::from(report.visits))];
    let moment = fill(store, "view.story.moment", &[("moment", &moment_text(store, report.position))]);
    let note = match (rule(store).is_some_and(|rule| rule.is_table()), report.visits) {
        (false, _) => Some(t(store, "view.story.network")),
        (true, 0) => Some(t(store, "view.story.never")),
        _ if report.last.is_empty() && report.done => Some(t(store, "view.story.never")),
        _ => None,
    };
    let both =
        (rule(store).is_some_and(|rule| rule.tables == 2)).then(|| view! { <p class="faint">{t(store, "view.story.two_tables")}</p> });
    let between = report.last.first().map_or(0, |first| first.number as usize - 1).saturating_sub(report.first.len());
    let updates = (!report.last.is_empty()).then(|| {
        let gap = (between > 0).then(|| {
            let text = fill(store, "view.story.between", &[("n", &whole(between as f64))]);
            view! { <tr><td class="between" colspan="7">{text}</td></tr> }
        });
        let row = |revision: &Revision| row(store, *revision, open);
        let first: Vec<_> = report.first.iter().rev().map(row).collect();
        let last: Vec<_> = report.last.iter().rev().map(row).collect();
        view! {
            {spark(store, report)}
            <div class="scroll story-scroll" prop:tabIndex=FOCUSABLE role="region" aria-label=t(store, "view.story.updates")>
                <table class="numbers revisions">
                    <thead><tr>
                        <th scope="col">{t(store, "view.story.number")}</th>
                        <th scope="col">{t(store, "view.story.at")}</th>
                        <th scope="col">{t(store, "view.moment.reward")}</th>
                        <th scope="col">{t(store, "view.story.target")}</th>
                        <th scope="col">"δ"</th>
                        <th scope="col">"α"</th>
                        <th scope="col">{t(store, "view.story.after")}</th>
                    </tr></thead>
                    <tbody>{last}{gap}{first}</tbody>
                </table>
            </div>
            <p class="faint">{t(store, "view.story.formula")}</p>
        }
    });
    let [value, optimal, visits] = numbers;
    view! {
        <dl class="facts">
            <div><dt>"Q"</dt><dd id="story-value">{value}</dd></div>
            <div><dt>"Q*"</dt><dd class="optimal-key">{optimal}</dd></div>
            <div><dt>{t(store, "view.story.visits")}</dt><dd id="story-visits">{visits}</dd></div>
        </dl>
        <p class="faint">{moment}</p>
        {note.map(|note| view! { <p>{note}</p> })}
        {updates}
        {both}
    }
    .into_any()
}

fn row(store: Store, revision: Revision, open: RwSignal<bool>) -> AnyView {
    let moment = moment_text(store, revision.position);
    let label = fill(store, "view.story.go", &[("moment", &moment)]);
    let go = move |_| {
        open.set(false);
        store.seek(revision.position);
    };
    let cells =
        [amount(revision.reward), amount(revision.target), signed(revision.error), figure(revision.alpha, 3), amount(revision.after)];
    let cells: Vec<_> = cells.into_iter().map(|text| view! { <td>{text}</td> }).collect();
    view! {
        <tr>
            <th scope="row">{whole(f64::from(revision.number))}</th>
            <td><button class="link" type="button" aria-label=label.clone() title=label on:click=go>{moment}</button></td>
            {cells}
        </tr>
    }
    .into_any()
}

/// The value after each update that is told, and where it should go.
fn spark(store: Store, report: &Report) -> AnyView {
    const WIDTH: f64 = 300.0;
    const HEIGHT: f64 = 46.0;
    let values = || report.first.iter().chain(&report.last).map(|revision| revision.after);
    let low = values().fold(report.optimal, f64::min);
    let high = values().fold(report.optimal, f64::max);
    let y = |value: f64| if high > low { 3.0 + (HEIGHT - 6.0) * (high - value) / (high - low) } else { HEIGHT / 2.0 };
    // Between the first and the last updates the others are left out: two places of the axis.
    let skipped = if report.first.is_empty() { 0.0 } else { 2.0 };
    let places = (report.first.len() + report.last.len()).saturating_sub(1) as f64 + skipped;
    let x = |place: f64| if places > 0.0 { 4.0 + (WIDTH - 8.0) * place / places } else { WIDTH / 2.0 };
    let head: Vec<(f64, f64)> = report.first.iter().zip(0..).map(|(it, place)| (x(f64::from(place)), y(it.after))).collect();
    let from = report.first.len() as f64 + skipped;
    let tail: Vec<(f64, f64)> = report.last.iter().zip(0..).map(|(it, place)| (x(from + f64::from(place)), y(it.after))).collect();
    let bridge: Vec<(f64, f64)> = head.last().into_iter().chain(tail.first()).copied().collect();
    // Strokes of no length with round ends: circles would be stretched.
    let dots: String = head.iter().chain(&tail).map(|(x, y)| format!("M{x:.1} {y:.1}h0")).collect();
    let goal = path([(0.0, y(report.optimal)), (WIDTH, y(report.optimal))].into_iter());
    let label = fill(store, "view.story.spark", &[("value", &figure(report.value, 5)), ("optimal", &figure(report.optimal, 5))]);
    view! {
        <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
            <path class="goal" d=goal></path>
            <path class="bridge" d=path(bridge.into_iter())></path>
            <path class="trace" d=path(head.iter().copied())></path>
            <path class="trace" d=path(tail.iter().copied())></path>
            <path class="dots-made" d=dots></path>
        </svg>
        <p class="legend"><span class="key greedy-key">"●"</span>" "{t(store, "view.story.after")}" "<span class="key optimal-key">"┄"</span>" Q*"</p>
    }
    .into_any()
}
