//! The learner's greedy policy among the policies it is to be compared with: exact values at the start.

use leptos::prelude::*;

use super::calm::pulse;
use super::{card, color};
use crate::i18n::{fill, say, sentences, t};
use crate::store::Store;
use retailq::chart::{Role, figure, share_text, whole};
use retailq::evaluate::{OPTIMAL, nothing_to_learn, share_of_optimum};
use retailq::order::sort;
use retailq::protocol::{BaselineValue, Facts};
use retailq::records::CheckupRow;
use retailq::rollout::MYOPIC;
use retailq::verdict::in_percent;
use retailq::verdict::strongest;
use retailq::words::Words;

/// Digits of a value.
const DIGITS: u32 = 4;

#[derive(Clone, PartialEq)]
struct Entry {
    name: String,
    role: Role,
    value: f64,
}

/// The one other policy that sentences and charts set beside the learner.
pub struct Rival {
    /// Its name.
    pub name: Words,
    /// Exact value at the start.
    pub value: f64,
    /// Expected return of an episode.
    pub episode_return: f64,
}

/// The strongest rival measured so far.
pub fn rival(store: Store, facts: &Facts) -> Rival {
    let of_trade = |it: &BaselineValue| Rival { name: it.name.clone(), value: it.value, episode_return: it.episode_return };
    let myopic = Rival { name: MYOPIC, value: facts.myopic, episode_return: facts.episode_myopic };
    store.baselines.with(|baselines| strongest(baselines.iter().map(of_trade), myopic, |rival| rival.value))
}

/// All policies with their worth, best first, and what that means for the learner.
#[component]
pub fn Yardsticks() -> impl IntoView {
    let store = Store::get();
    let tick = pulse(
        move || {
            store.records.track();
            store.facts.track();
        },
        250,
    );
    let content = move || {
        tick.track();
        let facts = store.facts.get_untracked()?;
        let learned = untrack(|| measured(store)).map(|checkup| checkup.value);
        let entries = entries(store, &facts, learned);
        let sentence = verdict(store, &facts, learned);
        let rows: Vec<_> = entries.into_iter().map(|entry| row(store, &facts, entry)).collect();
        let view = view! {
            <p class="verdict">{sentence.clone()}</p>
            {table(store, rows)}
            <p class="faint">{note(store, &facts, &sentence)}</p>
        };
        Some(view.into_any())
    };
    card("yardsticks", move || t(store, "view.yardstick.title"), content.into_any())
}

/// What the values are; where episodes are cut so early that it shows, that these are not.
fn note(store: Store, facts: &Facts, sentence: &str) -> String {
    let percent = if sentence.contains('%') { t(store, "view.yardstick.percent") } else { "" };
    let note = sentences(store, t(store, "view.yardstick.note").to_owned(), percent.to_owned());
    let steps = whole(f64::from(facts.steps));
    let uncut = facts.is_cut().then(|| fill(store, "view.yardstick.uncut", &[("steps", &steps)]));
    sentences(store, note, uncut.unwrap_or_default())
}

/// The sentence about the learner as it is now, and how far it has come from random choice (0) to the optimum (1).
pub fn verdict_now(store: Store) -> Option<(String, f64)> {
    let facts = store.facts.get()?;
    let checkup = measured(store)?;
    let learned = Some(checkup.value);
    Some((verdict(store, &facts, learned), checkup.share))
}

/// The last measurement of what was learned.
fn measured(store: Store) -> Option<CheckupRow> {
    let last = store.records.with(|records| records.checkups.last().copied());
    last.filter(|checkup| store.has_learned(checkup.episode))
}

/// That there is no such measurement.
pub fn not_measured(store: Store) -> &'static str {
    let has_begun = store.progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.steps > 0.0));
    if has_begun { t(store, "view.yardstick.not_yet") } else { t(store, "view.yardstick.not_begun") }
}

/// The learner among the policies that say most, for paper.
pub fn in_short(store: Store, facts: &Facts) -> AnyView {
    let rival = say(store, &rival(store, facts).name);
    let says_most = |entry: &Entry| entry.role != Role::Baseline || entry.name == rival;
    let entries = entries(store, facts, measured(store).map(|checkup| checkup.value));
    let rows: Vec<_> = entries.into_iter().filter(says_most).map(|entry| row(store, facts, entry)).collect();
    table(store, rows)
}

fn table(store: Store, rows: Vec<AnyView>) -> AnyView {
    view! {
        <table class="numbers yardstick" aria-label=t(store, "view.yardstick.title")>
            <thead><tr>
                <th scope="col">{t(store, "view.yardstick.policy")}</th>
                <th scope="col">{t(store, "view.yardstick.value")}</th>
                <th scope="col" colspan="2">{t(store, "view.yardstick.share")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn entries(store: Store, facts: &Facts, learned: Option<f64>) -> Vec<Entry> {
    let entry = |name: &str, role, value| Entry { name: name.to_owned(), role, value };
    let language = store.language.get();
    let mut entries = vec![
        entry(t(store, "view.yardstick.optimum"), Role::Optimum, facts.optimum),
        entry(MYOPIC.get(language), Role::Baseline, facts.myopic),
        entry(t(store, "view.yardstick.random"), Role::Random, facts.random),
    ];
    entries.extend(learned.map(|value| entry(t(store, "view.yardstick.learner"), Role::Learner, value)));
    store.baselines.with(|baselines| {
        entries.extend(baselines.iter().map(|baseline| Entry {
            name: baseline.name.get(language).to_owned(),
            role: Role::Baseline,
            value: baseline.value,
        }));
    });
    // The optimum stays on top of those that equal it.
    let rest = |entry: &Entry| entry.role != Role::Optimum;
    sort(&mut entries, |a, b| rest(a).cmp(&rest(b)).then(b.value.total_cmp(&a.value)));
    entries
}

fn row(store: Store, facts: &Facts, entry: Entry) -> AnyView {
    let share = share_of_optimum(entry.value, facts.random, facts.optimum);
    let text = if nothing_to_learn(facts.random, facts.optimum) { "–".to_owned() } else { share_text(share) };
    let length = format!("{:.1}%", 100.0 * share.clamp(0.0, 1.0));
    let worse = (share < 0.0).then(|| t(store, "view.yardstick.below"));
    view! {
        <tr class:learner=entry.role == Role::Learner>
            <th scope="row"><span class="swatch" style:background=color(entry.role)></span>{entry.name}</th>
            <td>{figure(entry.value, DIGITS)}</td>
            <td>{text}</td>
            <td class="track-cell">
                <span class="track"><span class="bar" style:width=length style:background=color(entry.role)></span></span>{worse}
            </td>
        </tr>
    }
    .into_any()
}

/// Whether nobody sees a value fall short of the optimum.
pub fn looks_optimal(facts: &Facts, value: f64) -> bool {
    figure(value, DIGITS) == figure(facts.optimum, DIGITS)
}

/// One plain sentence, which may well be unkind to the learner.
fn verdict(store: Store, facts: &Facts, learned: Option<f64>) -> String {
    if nothing_to_learn(facts.random, facts.optimum) {
        return fill(store, "view.yardstick.flat", &[("value", &figure(facts.optimum, 4))]);
    }
    let Some(value) = learned else { return untrack(|| not_measured(store)).to_owned() };
    let share = share_of_optimum(value, facts.random, facts.optimum);
    let text = figure(value, DIGITS);
    // Where random choice is far off, what counts as optimal may still be seen to be less.
    if share >= OPTIMAL && looks_optimal(facts, value) {
        return fill(store, "view.yardstick.optimal", &[("value", &text)]);
    }
    let short = percent(facts.optimum - value, facts.optimum);
    let rival = rival(store, facts);
    let apart = value - rival.value;
    let (gap, name) = (percent(apart, rival.value), say(store, &rival.name));
    let values = [("value", text.as_str()), ("rival", &name), ("gap", &gap), ("short", &short)];
    if apart.abs() <= 1e-6 * (1.0 + value.abs()) {
        fill(store, "view.yardstick.equal", &values)
    } else if apart > 0.0 {
        fill(store, "view.yardstick.better", &values)
    } else {
        fill(store, "view.yardstick.worse", &values)
    }
}

/// A difference in percent of what it is compared with; as an amount where percents mean nothing.
fn percent(difference: f64, reference: f64) -> String {
    match in_percent(difference, reference) {
        Some(percent) => [&figure(percent, 2), "\u{a0}%"].concat(),
        None => figure(difference.abs(), 3),
    }
}
