//! The verdict: all policies on the same unseen customers, what that means in a sentence, and where the learner is still wrong.

use leptos::prelude::*;

use super::verdict_plot::{numbers, plot};
use super::verdict_words::sentences;
use super::wrong::wrong;
use super::{FOCUSABLE, card};
use crate::i18n::{self, fill, t};
use crate::standing::moment_text;
use crate::store::Store;
use retailq::chart::whole;
use retailq::verdict::Report;

/// Episodes of a first test.
const EPISODES: u32 = 1000;
/// Factor by which a longer test is longer.
const LONGER: u32 = 10;
/// Most episodes of a test.
const MOST_EPISODES: u32 = 1_000_000;

/// The test, its picture and its findings.
#[component]
pub fn Verdicts() -> impl IntoView {
    let store = Store::get();
    let questions = store.questions;
    let differences = RwSignal::new(false);
    // Who opens the tab on a run that stands wants to know.
    Effect::new(move |_| {
        let stands = store.heading.with_untracked(Option::is_none);
        let learned = store.progress.with_untracked(|progress| progress.as_ref().is_some_and(|progress| progress.steps > 0.0));
        if stands && learned && questions.verdict.with_untracked(Option::is_none) {
            store.judge(EPISODES, true);
        }
    });
    let of = move |show: fn(Store, &Report, bool) -> Option<AnyView>| {
        move || questions.verdict.with(|report| report.as_ref().and_then(|report| show(store, report, differences.get())))
    };
    let unknown = move || questions.verdict.with(|report| report.as_ref().is_none_or(|report| report.episodes < 2));
    let finding = move || questions.verdict.with(|report| report.as_ref().and_then(|report| sentences(store, report)));
    let content = view! {
        <Test/>
        <p id="finding" class="finding" aria-live="polite" aria-busy=move || questions.judging.get().to_string()>{finding}</p>
        <div hidden=unknown>
            <div class="policy-controls">{choice(store, differences)}</div>
            {of(|store, report, differences| (report.episodes > 1).then(|| plot(store, report, differences)))}
            <details class="data-table">
                <summary>{move || t(store, "view.chart.table")}</summary>
                <div class="scroll" prop:tabIndex=FOCUSABLE role="region" aria-label=move || t(store, "view.chart.table")>
                    {of(|store, report, _| (report.episodes > 1).then(|| numbers(store, report)))}
                </div>
            </details>
        </div>
        {of(|store, report, _| wrong(store, report))}
    };
    card("judgement", move || t(store, "view.verdict.title"), content.into_any())
}

/// Returns, or differences to the learner.
fn choice(store: Store, differences: RwSignal<bool>) -> AnyView {
    let choice = |name: fn(Store) -> &'static str, kind: bool| {
        let pressed = move || if differences.get() == kind { "true" } else { "false" };
        view! { <button type="button" aria-pressed=pressed on:click=move |_| differences.set(kind)>{move || name(store)}</button> }
    };
    let returns = choice(|store| t(store, "view.verdict.returns"), false);
    let ahead = choice(|store| t(store, "view.verdict.differences"), true);
    view! { <div class="choice" role="group" aria-label=move || t(store, "view.verdict.shown")>{returns}{ahead}</div> }.into_any()
}

/// Buttons, progress, and what exactly is tested.
#[component]
fn Test() -> impl IntoView {
    let store = Store::get();
    let questions = store.questions;
    // The buttons keep the focus while the test is under way.
    let unable = move || store.facts.with(Option::is_none) || questions.judging.get();
    let begin_anew = move |episodes: u32, anew: bool| {
        if !untrack(unable) {
            store.judge(episodes, anew);
        }
    };
    let more =
        move || questions.verdict.with(|report| report.as_ref().map(|report| report.episodes.saturating_mul(LONGER).min(MOST_EPISODES)));
    let more = Memo::new(move |_| more().filter(|more| *more > EPISODES));
    let moved = move || questions.verdict.with(Option::is_some) && questions.judged_at.get() != store.position();
    let share = move || {
        questions.verdict.with(|report| report.as_ref().map_or(0.0, |report| f64::from(report.episodes) / f64::from(report.wanted.max(1))))
    };
    let begin = move || fill(store, "view.verdict.begin", &[("n", &whole(f64::from(EPISODES)))]);
    let about = move || {
        questions.verdict.with(|report| match report {
            Some(report) => i18n::sentences(store, about(store, report), t(store, "view.verdict.other_seeds").to_owned()),
            None => t(store, "view.verdict.about").to_owned(),
        })
    };
    view! {
        <p class="faint">{about}</p>
        <div class="row working">
            <button id="judge" type="button" aria-disabled=move || unable().to_string() on:click=move |_| begin_anew(EPISODES, true)>{begin}</button>
            <button id="judge-longer" type="button" hidden=move || more.get().is_none() aria-disabled=move || unable().to_string()
                on:click=move |_| begin_anew(more.get_untracked().unwrap_or(EPISODES), false)>
                {move || fill(store, "view.verdict.longer", &[("n", &whole(f64::from(more.get().unwrap_or_default())))])}
            </button>
            <span class="working" hidden=move || !questions.judging.get()>
                <progress max="1" prop:value=share aria-label=move || t(store, "standing.jump")></progress>
                <button id="stop-judging" class="small" type="button" on:click=move |_| store.stop_judging()>{move || t(store, "standing.cancel")}</button>
            </span>
        </div>
        <p class="faint" hidden=move || !moved()>{move || t(store, "view.verdict.moved")}</p>
    }
    .into_any()
}

/// What was found when the learner was put to the test where the run stands now, and how; nothing where it was not.
pub fn tested(store: Store) -> Option<[String; 2]> {
    let here = store.questions.judged_at.get() == store.position();
    store.questions.verdict.with(|report| {
        let report = report.as_ref().filter(|_| here)?;
        Some([sentences(store, report)?, about(store, report)])
    })
}

fn about(store: Store, report: &Report) -> String {
    let seed = store.experiment.with(|running| running.as_ref().map(|running| running.settings.seed));
    let texts = [
        whole(f64::from(report.episodes)),
        whole(f64::from(report.steps)),
        moment_text(store, store.questions.judged_at.get()),
        seed.unwrap_or_default().to_string(),
    ];
    fill(store, "view.verdict.done", &[("n", &texts[0]), ("steps", &texts[1]), ("moment", &texts[2]), ("seed", &texts[3])])
}
