//! Short ways to declare what many scenarios have: numbers, amounts of money, names of rows, and rules of the trade.

use crate::mdp::{Action, Rule, State};
use crate::parameter::{Group, Kind, Parameter, Row};
use crate::words::{Language, Words};

/// A number without a unit.
pub fn number(key: &'static str, name: Words, help: Words, group: Group, range: (f64, f64), default: &'static str) -> Parameter {
    let kind = Kind::Number { min: range.0, max: range.1 };
    Parameter { key, name, help, unit: Words::NONE, group, kind, default }
}

/// A whole number of something.
pub fn whole(
    key: &'static str,
    name: Words,
    help: Words,
    unit: Words,
    group: Group,
    range: (i64, i64),
    default: &'static str,
) -> Parameter {
    Parameter { key, name, help, unit, group, kind: Kind::Integer { min: range.0, max: range.1 }, default }
}

/// An amount of money that is part of the reward.
pub fn money(key: &'static str, name: Words, help: Words, default: &'static str) -> Parameter {
    Parameter { unit: words!("$", "元"), ..number(key, name, help, Group::Reward, (0.0, 1e6), default) }
}

/// The name of a row of a table, or another where the visitor left it empty.
pub fn row_name(row: &Row, otherwise: Words) -> Words {
    if row.name.get(Language::English).is_empty() { otherwise } else { row.name.clone() }
}

/// The place in a list of the number nearest to another; the first among equals.
pub fn nearest(list: &[f64], number: f64) -> u32 {
    let distances = (0..).zip(list).map(|(place, listed)| (place, (listed - number).abs()));
    distances.fold((0, f64::INFINITY), |best, this| if this.1 < best.1 { this } else { best }).0
}

/// Places of a list, at most so many, spread evenly from its first to its last.
pub fn spread(count: u32, most: u32) -> impl Iterator<Item = u32> {
    let shown = count.min(most);
    (0..shown).map(move |i| i * (count - 1) / (shown - 1).max(1))
}

/// A decision rule of the trade.
pub fn rule(label: Words, choose: impl Fn(State) -> Action + Send + 'static) -> Rule {
    Rule { label, choose: Box::new(choose), nearby: None }
}

/// The rule that never looks at the state.
pub fn always(label: Words, action: Action) -> Rule {
    rule(label, move |_| action)
}
