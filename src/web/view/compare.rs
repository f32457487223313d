//! Two learners or two settings side by side, with the same customers: who learned better, by how much, and why.

use leptos::prelude::*;

use super::charts::one;
use super::compare_form::form;
use super::study_progress::progress;
use super::{FOCUSABLE, card, color};
use crate::address::whole;
use crate::i18n::{fill, say, sentences, t};
use crate::store::{Running, Store};
use retailq::agent::algorithm;
use retailq::chart::bundle::side_by_side;
use retailq::chart::scale::grouped;
use retailq::chart::series::{SHARE, episode_optimum, optimum};
use retailq::chart::{Bundle, Chart, Level, Role, Unit, figure, share_text, whole as count};
use retailq::config::{Experiment, Position};
use retailq::mdp::{Action, Environment};
use retailq::share::to_link;
use retailq::study::Comparison;
use retailq::study::compare::{Disagreement, Finding, Measure, Row};
use retailq::study::paired::Interval;
use retailq::study::seeds::Bundles;
use retailq::words::Words;

/// States named as examples of different decisions.
const EXAMPLES: usize = 6;
/// Values that are none: what solvers leave of a zero.
const NOTHING: f64 = 1e-6;

/// The tab.
#[component]
pub fn CompareTab() -> impl IntoView {
    let store = Store::get();
    let study = store.studies.comparison;
    let there = Memo::new(move |_| study.result.with(Option::is_some));
    let pairs = Memo::new(move |_| study.result.with(|comparison| comparison.as_ref().map_or(0, Comparison::pairs)));
    let cursor = RwSignal::new(None);
    let differences = move || {
        study.round.track();
        if !there.get() {
            return None;
        }
        study.result.with_untracked(|comparison| comparison.as_ref().map(|comparison| settings(store, comparison)))
    };
    // The charts stay while more pairs come: only whether there are any matters to them.
    let any = Memo::new(move |_| pairs.get() > 0);
    let same_problem = Memo::new(move |_| study.result.with(|comparison| comparison.as_ref().is_some_and(|it| it.same_problem)));
    let charts = move || {
        any.get().then(|| {
            // Returns of different problems in one picture would say what is not so.
            let returns = same_problem.get().then(|| one(returns, "chart", cursor, ("compared-returns", None)));
            view! { <div class="chart-grid">{returns}{one(share, "chart", cursor, ("compared-share", None))}</div> }
        })
    };
    let found = move || {
        let _ = pairs.get();
        study.result.with_untracked(|comparison| comparison.as_ref().filter(|it| it.pairs() > 0).map(|comparison| found(store, comparison)))
    };
    let decisions = move || {
        let _ = (study.round.get(), pairs.get());
        study.result.with_untracked(|comparison| decisions(store, comparison.as_ref()?))
    };
    let content = view! {
        {form(store)}
        {progress(store, study, |comparison| &comparison.faults, compared, "compare")}
        {differences}
        {found}
        {charts}
        {decisions}
    };
    card("compare", move || t(store, "compare.title"), content.into_any())
}

/// The two sides, and every setting in which they differ.
fn settings(store: Store, comparison: &Comparison) -> AnyView {
    let [a, b] = comparison.labels();
    let sides = [(a, Role::Learner), (b, Role::Beside)].into_iter().zip(&comparison.sides);
    let sides = sides.zip(["A", "B"]).map(|(((label, role), side), letter)| {
        // Links hold no weights: where a side begins with some, none leads to it.
        let link = side.network.is_none().then(|| whole(&to_link(side, Position::default())));
        let letter_view = match link {
            Some(link) => view! { <a href=link>{letter}</a> }.into_any(),
            None => letter.into_any(),
        };
        view! { <span class="side"><span class="swatch" style:background=color(role)></span>{letter_view}" "{side_label(store, &label, letter)}</span> }
    });
    let sides: Vec<_> = sides.collect();
    let differences: Vec<_> = comparison
        .differences
        .iter()
        .map(|it| {
            let values = [("name", say(store, &it.name)), ("a", say(store, &it.values[0])), ("b", say(store, &it.values[1]))];
            view! { <li>{fill(store, "compare.difference", &values.each_ref().map(|(name, value)| (*name, value.as_str())))}</li> }
        })
        .collect();
    view! {
        <p class="sides">{sides}</p>
        <ul class="differences">{differences}</ul>
    }
    .into_any()
}

/// A side that has no name but its letter needs it only once.
fn side_label(store: Store, label: &Words, letter: &str) -> String {
    let label = say(store, label);
    if label == letter { String::new() } else { label }
}

fn returns(store: Store) -> Option<Chart> {
    let optimum = |comparison: &Comparison| comparison.facts().map(episode_optimum);
    let title = words!("Return per episode, smoothed", "每回合回报（平滑）");
    store.studies.comparison.result.with(|comparison| {
        let comparison = comparison.as_ref()?;
        Some(chart(comparison, title, Unit::Reward, optimum(comparison), |bundles| &bundles.returns))
    })
}

fn share(store: Store) -> Option<Chart> {
    store.studies.comparison.result.with(|comparison| {
        let comparison = comparison.as_ref()?;
        Some(chart(comparison, SHARE, Unit::Share, Some(optimum(1.0)), |bundles| &bundles.share))
    })
}

fn chart(comparison: &Comparison, title: Words, unit: Unit, optimum: Option<Level>, of: fn(&Bundles) -> &Bundle) -> Chart {
    // The table beside it has means.
    let median = |name: Words| Words::concat(&[&name, &words!(", median", "，中位数")]);
    let [first, second] = comparison.labels().map(median);
    side_by_side(title, unit, optimum, [(of(comparison.bundles(0)), first), (of(comparison.bundles(1)), second)])
}

/// What a comparison has found, once it is over.
pub fn compared(store: Store) -> Option<String> {
    store.studies.comparison.found(|comparison| sentence(store, comparison))
}

/// The sentence and the table.
fn found(store: Store, comparison: &Comparison) -> AnyView {
    let [a, b] = comparison.labels().map(|label| say(store, &label));
    let rows: Vec<_> = comparison.rows().iter().map(|row| line(store, row)).collect();
    view! {
        <p class="verdict">{sentence(store, comparison)}</p>
        <div class="scroll" prop:tabIndex=FOCUSABLE role="group" aria-label=t(store, "compare.table")>
            <table class="numbers comparison">
                <thead><tr>
                    <th scope="col">{fill(store, "compare.means", &[("n", &comparison.pairs().to_string())])}</th>
                    <th scope="col">{a}</th><th scope="col">{b}</th><th scope="col">{t(store, "compare.gap")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="faint">{note(store, comparison)}</p>
    }
    .into_any()
}

/// What the numbers are; of learners that learn what exploring is worth, why one of them stays.
fn note(store: Store, comparison: &Comparison) -> String {
    let explores =
        |side: &Experiment| side.learner.choice("algorithm").ok().and_then(algorithm).is_some_and(|algorithm| algorithm.on_policy);
    let paired = if comparison.same_problem { t(store, "compare.note_pairs").to_owned() } else { String::new() };
    let resolution = fill(store, "compare.note_reach", &[("n", &count(comparison.resolution()))]);
    let note = sentences(store, sentences(store, t(store, "compare.note").to_owned(), resolution), paired);
    let sarsa = if comparison.sides.iter().any(explores) { t(store, "compare.note_sarsa").to_owned() } else { String::new() };
    sentences(store, note, sarsa)
}

fn line(store: Store, row: &Row) -> AnyView {
    let (name, is_share) = match row.measure {
        Measure::Value => (t(store, "compare.value"), false),
        Measure::Share => (t(store, "compare.share"), true),
        Measure::Reach => (t(store, "compare.reach"), false),
        Measure::Distance => (t(store, "compare.distance"), false),
        Measure::Wrong => (t(store, "compare.wrong"), false),
    };
    let number = |value: f64| match row.measure {
        _ if is_share => share_text(value),
        Measure::Reach => count(value),
        Measure::Wrong => {
            if value.fract() == 0.0 {
                count(value)
            } else {
                grouped(value, 1)
            }
        }
        _ if value.abs() < NOTHING => "0".to_owned(),
        _ => figure(value, 4),
    };
    let cell = |value: Option<f64>| value.map_or_else(|| t(store, "compare.never").to_owned(), number);
    let gap = row.difference.map_or_else(|| "–".to_owned(), |gap| interval(store, &gap, is_share));
    let [a, b] = row.sides.map(cell);
    view! { <tr><th scope="row">{name}</th><td>{a}</td><td>{b}</td><td>{gap}</td></tr> }.into_any()
}

/// A difference with its interval; of shares in points of percent.
fn interval(store: Store, gap: &Interval, is_share: bool) -> String {
    let text = |value: f64| if is_share { points(value) } else { signed(value) };
    let (mean, low, high) = (text(gap.mean), text(gap.low), text(gap.high));
    let mean = if is_share { fill(store, "compare.points", &[("n", &mean)]) } else { mean };
    // A single pair has no interval, and where no chance is involved it is no more than a point.
    if gap.pairs < 2 || low == high {
        return mean;
    }
    fill(store, "compare.interval", &[("mean", &mean), ("low", &low), ("high", &high)])
}

fn signed(value: f64) -> String {
    if value.abs() < NOTHING { "0".to_owned() } else { [if value > 0.0 { "+" } else { "" }, &figure(value, 3)].concat() }
}

fn points(share: f64) -> String {
    signed(if share.abs() < 5e-5 { 0.0 } else { 100.0 * share })
}

/// Who learned better, in one plain sentence, and who was faster if both came to the optimum.
fn sentence(store: Store, comparison: &Comparison) -> String {
    let (rows, labels) = (comparison.rows(), comparison.labels().map(|label| say(store, &label)));
    let find = |measure: Measure| rows.iter().find(|row| row.measure == measure);
    let (Some(share), Some(reach), Some(finding)) = (find(Measure::Share), find(Measure::Reach), comparison.finding()) else {
        return String::new();
    };
    let shares = share.sides.map(|side| side.map(share_text).unwrap_or_default());
    let gap = share.difference.unwrap_or(Interval { mean: 0.0, low: 0.0, high: 0.0, pairs: 0 });
    let better = match finding {
        // Different problems stay in their order.
        Finding::Apart => 0,
        Finding::Better(side) => side,
        _ => usize::from(gap.mean > 0.0),
    };
    // As seen from the better side.
    let (low, high) = if better == 1 { (gap.low, gap.high) } else { (-gap.high, -gap.low) };
    let texts = [
        ("better", labels[better].clone()),
        ("worse", labels[1 - better].clone()),
        ("more", shares[better].clone()),
        ("less", shares[1 - better].clone()),
        ("gap", figure(100.0 * gap.mean.abs(), 3)),
        ("low", figure(100.0 * low, 3)),
        ("high", figure(100.0 * high, 3)),
        ("n", comparison.pairs().to_string()),
    ];
    let values = texts.each_ref().map(|(name, value)| (*name, value.as_str()));
    let main = match finding {
        Finding::Apart => fill(store, "compare.apart", &values),
        Finding::BothOptimal => fill(store, "compare.both_optimal", &values),
        Finding::Same => fill(store, "compare.same", &values),
        // Where no chance is involved there is nothing to be uncertain about.
        Finding::Better(_) if figure(low, 3) == figure(high, 3) => fill(store, "compare.always_better", &values),
        Finding::Better(_) => fill(store, "compare.better", &values),
        Finding::Unclear => fill(store, "compare.unclear", &values),
        Finding::OnePair => fill(store, "compare.one_pair", &values),
    };
    let faster = comparison.faster().filter(|_| !matches!(finding, Finding::Better(_))).map_or_else(String::new, |side| {
        let [sooner, later] = [side, 1 - side].map(|side| reach.sides[side].map_or_else(String::new, count));
        fill(store, "compare.faster", &[("faster", &labels[side]), ("sooner", &sooner), ("later", &later)])
    });
    sentences(store, main, faster)
}

/// Where the two act differently, with some examples in words.
fn decisions(store: Store, comparison: &Comparison) -> Option<AnyView> {
    let running = Running::new(comparison.sides[0].clone()).ok()?;
    let environment = running.environment.as_ref();
    let (found, of) = comparison.disagreements(environment)?;
    let [a, b] = comparison.labels().map(|label| say(store, &label));
    let (different, of) = (count(found.len() as f64), count(f64::from(of)));
    let head = match found.is_empty() {
        true => fill(store, "compare.agree", &[("of", &of)]),
        false => fill(store, "compare.disagree", &[("n", &different), ("of", &of)]),
    };
    let action = |it: &Disagreement, side: usize| decision(store, environment, it.actions[side], it.optimal[side]);
    let example = |it: &Disagreement| {
        let state = environment.describe(it.state, store.language.get());
        view! { <tr><th scope="row">{state}</th><td>{action(it, 0)}</td><td>{action(it, 1)}</td></tr> }
    };
    let rows: Vec<_> = found.iter().take(EXAMPLES).map(example).collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <div class="scroll" prop:tabIndex=FOCUSABLE role="group" aria-label=t(store, "compare.decisions")>
                <table class="numbers decisions">
                    <thead><tr><th scope="col">{t(store, "view.policy.state")}</th><th scope="col">{a}</th><th scope="col">{b}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    Some(view! { <h3 class="decisions-head">{t(store, "compare.decisions")}</h3><p class="faint">{head}</p>{table} }.into_any())
}

fn decision(store: Store, environment: &dyn Environment, action: Action, is_optimal: bool) -> String {
    let name = say(store, &environment.action_name(action));
    if is_optimal { fill(store, "compare.optimal_action", &[("action", &name)]) } else { name }
}
