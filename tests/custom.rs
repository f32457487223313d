//! The visitor's own problem: textbook values, files, and everything that must be refused.
#![allow(clippy::unwrap_used)]

mod common;

use retailq::environment::{custom, preset, puterman};
use retailq::mdp::State;
use retailq::parameter::{Kind, Value};
use retailq::planner::{Policy, average_reward, check_discount, evaluate, greedy, solve};
use retailq::transitions::{TransitionRow, from_csv, to_csv, to_text};
use retailq::words::Language;

use common::{close, instance, naive_values, rule_values};

fn refused(rows: &str) -> String {
    custom::SCENARIO.instance(&[("rows", rows)]).err().unwrap().message(Language::English)
}

fn toymaker() -> &'static str {
    let draft = preset("own_toymaker").unwrap().1.draft;
    draft.split('&').find_map(|entry| entry.strip_prefix("rows=")).unwrap()
}

#[test]
fn howards_toymaker() {
    let (_, model) = instance(&custom::SCENARIO, &[("rows", toymaker())]);
    assert_eq!((model.states(), model.pair_count()), (2, 4));
    let optimum = solve(&model, 0.9, 1e-11);
    close(optimum.values[0], 22.19780220, 1e-8);
    close(optimum.values[1], 12.30769231, 1e-8);
    assert_eq!(optimum.policy, [1, 1]);
    let gain = average_reward(&model, None, 1e-11).unwrap();
    close(gain.gain, 2.0, 1e-10);
    close(gain.relative[0] - gain.relative[1], 10.0, 1e-8);
    let myopic = evaluate(&model, &Policy::Fixed(greedy(&model, 0.0, &[0.0; 2])), 0.9, 1e-10);
    close(myopic[0], 15.494505, 1e-6);
    close(myopic[1], 5.604396, 1e-6);
    assert!(check_discount(&model, 1.0).is_err());
}

#[test]
fn the_abandoned_cart_is_as_computed_by_hand() {
    let (environment, model) = instance(&custom::SCENARIO, &[]);
    assert_eq!((model.states(), model.pair_count()), (5, 8));
    assert!(check_discount(&model, 1.0).is_ok());
    let optimum = solve(&model, 1.0, 1e-12);
    // Filled F = .65 x 25 + .25 L, left L = -.2 + .5 F, browsing B = -.2 + .45 F + .3 B.
    let filled = (0.65 * 25.0 - 0.25 * 0.2) / (1.0 - 0.125);
    close(optimum.values[1], filled, 1e-10);
    close(optimum.values[2], 0.5 * filled - 0.2, 1e-10);
    close(model.at_start(&optimum.values), (0.45 * filled - 0.2) / 0.7, 1e-10);
    let left = State(2);
    let action = |policy: &[u32]| environment.action_name(model.action(left, policy[2])).get(Language::English).to_owned();
    assert_eq!((action(&optimum.policy), action(&greedy(&model, 0.0, &[0.0; 5]))), ("remind".to_owned(), "coupon".to_owned()));
    assert_eq!(environment.describe(State(3), Language::English), "bought (end)");
    assert_eq!(rule_values(environment.as_ref(), &model, "same_action", 1.0).len(), 5);
}

/// Any other scenario, written out as a table, is the same problem.
#[test]
fn another_scenario_as_a_table_has_the_same_values() {
    let (shop, model) = instance(&puterman::SCENARIO, &[("capacity", "6"), ("demand", "poisson:2:8")]);
    let mut rows = Vec::new();
    let (mut actions, mut outcomes) = (Vec::new(), Vec::new());
    for state in (0..shop.state_count()).map(State) {
        actions.clear();
        shop.available(state, &mut actions);
        for action in &actions {
            outcomes.clear();
            shop.outcomes(state, *action, &mut outcomes);
            rows.extend(outcomes.iter().map(|outcome| TransitionRow {
                state: format!("stock {}", state.0),
                action: shop.action_name(*action).get(Language::English).to_owned(),
                probability: outcome.probability,
                next: format!("stock {}", outcome.next.0),
                reward: outcome.parts.iter().sum(),
            }));
        }
    }
    // Where all demands beyond the stock lead to the same place at the same reward, their chances are one row.
    let mut merged: Vec<TransitionRow> = Vec::new();
    for row in rows {
        let same = |other: &&mut TransitionRow| TransitionRow { probability: row.probability, ..(**other).clone() } == row;
        match merged.iter_mut().find(same) {
            Some(other) => other.probability += row.probability,
            None => merged.push(row),
        }
    }
    let (_, table) = instance(&custom::SCENARIO, &[("rows", &to_text(&merged)), ("start", "any")]);
    for (value, expected) in solve(&table, 0.95, 1e-10).values.iter().zip(&solve(&model, 0.95, 1e-10).values) {
        close(*value, *expected, 1e-8);
    }
}

#[test]
fn a_table_of_nobodys_agrees_with_a_plain_computation() {
    let rows = "a,x,1/3,b,2;a,x,2/3,a,-1;a,y,.25,c,0;a,y,.75,b,.5;b,x,.9,a,1;b,x,.1,end,10;c,y,1,c,.3;c,z,.5,end,0;c,z,.5,a,1.5";
    let (_, model) = instance(&custom::SCENARIO, &[("rows", rows), ("start", "any")]);
    let options = |state: usize| match state {
        0 => vec![(1.0 / 3.0 * 2.0 - 2.0 / 3.0, vec![(1.0 / 3.0, 1), (2.0 / 3.0, 0)]), (0.375, vec![(0.25, 2), (0.75, 1)])],
        1 => vec![(1.9, vec![(0.9, 0), (0.1, 3)])],
        2 => vec![(0.3, vec![(1.0, 2)]), (0.75, vec![(0.5, 3), (0.5, 0)])],
        _ => Vec::new(),
    };
    let values = naive_values(4, 0.9, options);
    let optimum = solve(&model, 0.9, 1e-11);
    for (value, naive) in optimum.values.iter().zip(&values) {
        close(*value, *naive, 1e-9);
    }
    close(model.at_start(&optimum.values), values[..3].iter().sum::<f64>() / 3.0, 1e-9);
}

#[test]
fn text_json_and_spreadsheet_say_the_same() {
    let rows = Kind::Transitions.parse("rows", (custom::SCENARIO.parameters)().first().unwrap().default).unwrap();
    assert_eq!(Kind::Transitions.parse("rows", &rows.to_text()).unwrap(), rows);
    assert_eq!(Kind::Transitions.from_json("rows", &rows.to_json()).unwrap(), rows);
    let Value::Transitions(list) = &rows else { panic!("not a table") };
    assert_eq!(&from_csv("rows", &to_csv(list)).unwrap(), list);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_row() {
    for (rows, parts) in [
        ("a,x,.5,b,1;a,x,.4,a,1", ["= .9", "row 1, probability", "sum to 1"]),
        ("a,x,1,a,1;b,x,1,a,1", ["= b", "row 2, state", "no episode comes to this state"]),
        ("a,x,1,b,1;b;c", ["= c", "row 3, state", "no episode"]),
        ("low stock,x,1,Low stok,1", ["= Low stok", "row 1, next", "‘low stock’"]),
        ("a,x,.5,b,1;a,x,.5,b,1", ["= b", "row 2, next", "repeats row 1"]),
        ("a,x,1,b,1;a", ["= a", "row 1, state", "episode ends in this state"]),
        ("a;b", ["rows", "no row", "action"]),
        ("a,x,-1,b,1", ["= -1", "row 1, probability", "from 0 to 1"]),
        ("a,x,1,b,inf", ["= inf", "row 1, reward", "from -1000000000 to 1000000000"]),
        ("a,x,1,b", ["row 1", "reward", "must not be empty"]),
    ] {
        let message = refused(rows);
        assert!(parts.iter().all(|part| message.contains(part)), "{rows}: {message}");
    }
    // The same next state at another reward is another result, and a name alone declares an end however it is spelled.
    assert!(custom::SCENARIO.instance(&[("rows", "a,x,.5,b,1;a,x,.5,b,2")]).is_ok());
    assert!(custom::SCENARIO.instance(&[("rows", "low stock,x,1,low stok,1;low stok")]).is_ok());
    assert!(custom::SCENARIO.instance(&[("rows", "a,x,1,a,1;b,x,1,a,1"), ("start", "any")]).is_ok());
}

#[test]
fn ten_thousand_state_actions_are_the_most() {
    let rows = |count: usize| {
        (0..count).map(|i| format!("s{},go {},1,s{},1", i / 10, i % 10, (i / 10 + 1) % count.div_ceil(10))).collect::<Vec<_>>()
    };
    let (_, model) = instance(&custom::SCENARIO, &[("rows", &rows(10_000).join(";"))]);
    assert_eq!(model.pair_count(), 10_000);
    close(model.at_start(&solve(&model, 0.9, 1e-9).values), 10.0, 1e-8);
    assert!(refused(&rows(10_010).join(";")).contains("10010 state-action pairs; at most 10000"));
}
