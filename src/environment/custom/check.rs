//! What can be wrong with a table although every single row is right.

use std::collections::{BTreeMap, BTreeSet};

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::text::exact_number;
use crate::transitions::{TransitionRow, refuse_row};
use crate::words::Words;

use super::Table;

const KEY: &str = "rows";
/// How far from 1 probabilities may sum.
const TOLERANCE: f64 = 1e-9;

/// Rows with their numbers on the page, those that declare ends left out.
fn numbered(rows: &[TransitionRow]) -> impl Iterator<Item = (u32, &TransitionRow)> {
    (1..).zip(rows).filter(|(_, row)| !row.is_end())
}

/// Refuses tables without a decision, contradictory ends, repeated rows, probabilities that do not sum to 1, and likely typing errors.
pub(super) fn rows(rows: &[TransitionRow]) -> Result<(), Invalid> {
    // Collecting would sort first, for which the page would carry another sorting routine.
    let (mut deciding, mut declared) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        if row.is_end() { &mut declared } else { &mut deciding }.insert(row.state.as_str());
    }
    if deciding.is_empty() {
        return Err(Invalid::new(KEY, "", words!("there is no row with an action", "没有任何带动作的行")));
    }
    if let Some((number, row)) = numbered(rows).find(|(_, row)| declared.contains(row.state.as_str())) {
        let fault = words!("another row says that the episode ends in this state", "另有一行声明回合在此状态结束");
        return Err(refuse_row(KEY, number, "state", &row.state, fault));
    }
    repeated(rows)?;
    sums(rows)?;
    mistyped(rows, &deciding, &declared)
}

/// Refuses an end that nobody declared and that is spelled almost like a state with rows.
fn mistyped(rows: &[TransitionRow], deciding: &BTreeSet<&str>, declared: &BTreeSet<&str>) -> Result<(), Invalid> {
    /// Comparisons of names that take no noticeable time.
    const AFFORDABLE: usize = 1_000_000;
    let mut ends = BTreeMap::new();
    for (number, row) in numbered(rows).filter(|(_, row)| !deciding.contains(row.next.as_str()) && !declared.contains(row.next.as_str())) {
        ends.entry(row.next.as_str()).or_insert(number);
    }
    if ends.len() * deciding.len() > AFFORDABLE {
        return Ok(());
    }
    let slip = ends.iter().find_map(|(name, number)| Some((name, number, deciding.iter().find(|known| alike(known, name))?)));
    if let Some((name, number, known)) = slip {
        let fault = phrase!(
            "no row begins in this state, but some do in ‘{known}’: a typing error? If the episode ends here, add a row with this name alone",
            "没有以此状态开头的行，却有以“{known}”开头的行：是否笔误？若回合在此结束，请加一行只写此名称"
        );
        return Err(refuse_row(KEY, *number, "next", name, fault));
    }
    Ok(())
}

fn repeated(rows: &[TransitionRow]) -> Result<(), Invalid> {
    let mut seen = BTreeMap::new();
    for (number, row) in numbered(rows) {
        if let Some(first) = seen.insert((&row.state, &row.action, &row.next, row.reward.to_bits()), number) {
            let fault = phrase!("repeats row {first}; add their probabilities in one row", "与第 {first} 行重复；请合并为一行并把概率相加");
            return Err(refuse_row(KEY, number, "next", &row.next, fault));
        }
    }
    Ok(())
}

fn sums(rows: &[TransitionRow]) -> Result<(), Invalid> {
    let mut sums: BTreeMap<(&str, &str), (u32, f64)> = BTreeMap::new();
    for (number, row) in numbered(rows) {
        let sum = sums.entry((&row.state, &row.action)).or_insert((number, 0.0));
        sum.1 += row.probability;
    }
    let wrong = sums.iter().filter(|(_, (_, sum))| (sum - 1.0).abs() > TOLERANCE).min_by_key(|(_, (number, _))| *number);
    let Some(((state, action), (number, sum))) = wrong else { return Ok(()) };
    let fault = phrase!(
        "the probabilities of ‘{action}’ in ‘{state}’ must sum to 1 (within 1e-9)",
        "“{state}”中“{action}”的概率之和应为 1（误差 1e-9 以内）"
    );
    Err(refuse_row(KEY, *number, "probability", exact_number(*sum), fault))
}

/// Refuses states that no episode can come to.
pub(super) fn reachable(rows: &[TransitionRow], table: &Table) -> Result<(), Invalid> {
    let mut reached = vec![false; table.names.len()];
    let mut open: Vec<State> = table.start.iter().map(|(state, _)| *state).collect();
    while let Some(state) = open.pop() {
        if !std::mem::replace(&mut reached[state.index()], true) {
            let outcomes = table.options[state.index()].iter().flat_map(|option| &option.1);
            open.extend(outcomes.filter(|outcome| outcome.probability > 0.0).map(|outcome| outcome.next));
        }
    }
    let Some(missed) = reached.iter().position(|reached| !reached) else { return Ok(()) };
    let is_missed = |name: &str| Words::parse(name) == table.names[missed];
    let place = (1..).zip(rows).find(|(_, row)| is_missed(&row.state) || is_missed(&row.next));
    let fault: Words = words!(
        "no episode comes to this state from the first row's state; add a way there, or let episodes start in any state",
        "从第一行的状态出发无法到达此状态；请补充到达它的行，或让回合从任一状态开始"
    );
    Err(match place {
        Some((number, row)) if is_missed(&row.state) => refuse_row(KEY, number, "state", &row.state, fault),
        Some((number, row)) => refuse_row(KEY, number, "next", &row.next, fault),
        None => Invalid::new(KEY, "", fault),
    })
}

/// Whether two names differ only as typing errors do: in case, spacing or punctuation, or by one letter missing or two swapped.
fn alike(known: &str, name: &str) -> bool {
    let letters = |name: &str| name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
    let (a, b) = (letters(known), letters(name));
    if a == b {
        return true;
    }
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (rest_short, rest_long) = (&short[same..], &long[same..]);
    // Short names and numbers differ by little on purpose.
    if short.len() < 4 || rest_long.first().is_none_or(|c| c.is_numeric()) {
        return false;
    }
    match long.len() - short.len() {
        0 => rest_short.len() >= 2 && rest_short[0] == rest_long[1] && rest_short[1] == rest_long[0] && rest_short[2..] == rest_long[2..],
        1 => *rest_short == rest_long[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_told_from_names() {
        for (known, name) in [("low stock", "Low_Stock"), ("low stock", "low stok"), ("low stock", "low stcok"), ("basket", "baskets")] {
            assert!(alike(known, name), "{known} {name}");
        }
        for (known, name) in
            [("week 1", "week 2"), ("week 1", "week 11"), ("A", "B"), ("low", "slow"), ("state A", "state B"), ("库存低", "库存高")]
        {
            assert!(!alike(known, name), "{known} {name}");
        }
    }
}
