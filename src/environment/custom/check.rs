//! What can be wrong with a table although every single row is right.

use std::collections::{BTreeMap, BTreeSet};

use crate::mdp::State;
use crate::order::sort;
use crate::text::{alike, exact_sum};
use crate::transitions::{RowFault, TransitionRow};
use crate::words::{Language, Words};

use super::Table;

/// How far from 1 probabilities may sum.
const TOLERANCE: f64 = 1e-9;
/// Most faults of a kind that are looked for.
const MOST_FAULTS: usize = 100;

/// Fields by their place.
const STATE: usize = 0;
const PROBABILITY: usize = 2;
const NEXT: usize = 3;

/// Rows with their numbers on the page, those that declare ends left out.
fn numbered(rows: &[TransitionRow]) -> impl Iterator<Item = (u32, &TransitionRow)> {
    (1..).zip(rows).filter(|(_, row)| !row.is_end())
}

fn fault(row: u32, field: usize, value: impl ToString, fault: Words) -> RowFault {
    RowFault { row, field, value: value.to_string(), fault }
}

/// A name in English and in Chinese.
fn both(name: &str) -> [String; 2] {
    let words = Words::parse(name);
    Language::ALL.map(|language| words.get(language).to_owned())
}

/// Everything wrong with rows that are right one by one: no decision at all, contradictory ends, repeated rows, probabilities that do not
/// sum to 1, and likely typing errors.
pub(super) fn rows(rows: &[TransitionRow]) -> Vec<RowFault> {
    // Collecting would sort first, for which the page would carry another sorting routine.
    let (mut deciding, mut declared) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        if row.is_end() { &mut declared } else { &mut deciding }.insert(row.state.as_str());
    }
    if deciding.is_empty() {
        return vec![fault(1, 1, "", words!("there is no row with an action", "没有任何带动作的行"))];
    }
    let contradictory = numbered(rows).filter(|(_, row)| declared.contains(row.state.as_str())).take(MOST_FAULTS).map(|(number, row)| {
        let said = words!("another row says that the episode ends in this state", "另有一行声明回合在此状态结束");
        fault(number, STATE, &row.state, said)
    });
    let faults = contradictory.collect::<Vec<_>>().into_iter().chain(repeated(rows)).chain(sums(rows));
    faults.chain(mistyped(rows, &deciding, &declared)).collect()
}

/// Ends that nobody declared and that are spelled almost like a state with rows.
fn mistyped(rows: &[TransitionRow], deciding: &BTreeSet<&str>, declared: &BTreeSet<&str>) -> Vec<RowFault> {
    /// Comparisons of names that take no noticeable time.
    const AFFORDABLE: usize = 1_000_000;
    let mut ends = BTreeMap::new();
    for (number, row) in numbered(rows).filter(|(_, row)| !deciding.contains(row.next.as_str()) && !declared.contains(row.next.as_str())) {
        ends.entry(row.next.as_str()).or_insert(number);
    }
    if ends.len() * deciding.len() > AFFORDABLE {
        return Vec::new();
    }
    let slips = ends.iter().filter_map(|(name, number)| Some((name, number, deciding.iter().find(|known| alike(known, name))?)));
    let faults = slips.take(MOST_FAULTS).map(|(name, number, known)| {
        let [en, zh] = both(known);
        let said = Words::owned(
            format!("no row begins in this state, but some do in ‘{en}’: a typing error? If the episode ends here, add a row with this name alone"),
            format!("没有以此状态开头的行，却有以“{zh}”开头的行：是否笔误？若回合在此结束，请加一行只写此名称"),
        );
        fault(*number, NEXT, name, said)
    });
    faults.collect()
}

fn repeated(rows: &[TransitionRow]) -> Vec<RowFault> {
    let mut seen = BTreeMap::new();
    let again = numbered(rows).filter_map(|(number, row)| {
        let first = *seen.entry((&row.state, &row.action, &row.next, row.reward.to_bits())).or_insert(number);
        let said = || phrase!("repeats row {first}; add their probabilities in one row", "与第 {first} 行重复；请合并为一行并把概率相加");
        (first != number).then(|| fault(number, NEXT, &row.next, said()))
    });
    again.take(MOST_FAULTS).collect()
}

/// Whether probabilities with this sum are all there are.
pub(super) fn sums_to_one(sum: f64) -> bool {
    (sum - 1.0).abs() <= TOLERANCE
}

fn sums(rows: &[TransitionRow]) -> Vec<RowFault> {
    let mut sums: BTreeMap<(&str, &str), (u32, f64)> = BTreeMap::new();
    for (number, row) in numbered(rows) {
        let sum = sums.entry((&row.state, &row.action)).or_insert((number, 0.0));
        sum.1 += row.probability;
    }
    let wrong = sums.into_iter().filter(|(_, (_, sum))| !sums_to_one(*sum));
    let mut faults: Vec<RowFault> = wrong
        .map(|((state, action), (number, sum))| {
            let ([en, zh], [action_en, action_zh]) = (both(state), both(action));
            let said = Words::owned(
                format!("the probabilities of ‘{action_en}’ in ‘{en}’ must sum to 1"),
                format!("“{zh}”中“{action_zh}”的概率之和应为 1"),
            );
            fault(number, PROBABILITY, exact_sum(sum), said)
        })
        .collect();
    sort(&mut faults, |a, b| a.row.cmp(&b.row));
    faults.truncate(MOST_FAULTS);
    faults
}

/// States that no episode reaches.
pub(super) fn unreachable(rows: &[TransitionRow], table: &Table) -> Vec<RowFault> {
    let mut reached = vec![false; table.names.len()];
    let mut open: Vec<State> = table.start.iter().map(|(state, _)| *state).collect();
    while let Some(state) = open.pop() {
        if !std::mem::replace(&mut reached[state.index()], true) {
            let outcomes = table.options[state.index()].iter().flat_map(|option| &option.1);
            open.extend(outcomes.filter(|outcome| outcome.probability > 0.0).map(|outcome| outcome.next));
        }
    }
    let missed = table.keys.iter().filter(|(_, index)| !reached[**index as usize]).map(|(name, _)| name.as_str());
    let mut missed: BTreeSet<&str> = missed.collect();
    let mut faults = Vec::new();
    for (number, row) in (1..).zip(rows) {
        for (field, name) in [(STATE, row.state.as_str()), (NEXT, row.next.as_str())] {
            if faults.len() < MOST_FAULTS && missed.remove(name) {
                let said = words!(
                    "no episode comes to this state from the first state that acts; add a way there, or let episodes start in any state",
                    "从第一个有动作的状态出发无法到达此状态；请补充到达它的行，或让回合从任一状态开始"
                );
                faults.push(fault(number, field, name, said));
            }
        }
    }
    faults
}
