//! Customer-service scenarios against published numbers and against small computations of their own.

#![allow(clippy::unwrap_used)]

mod common;

use retailq::environment::clarify;
use retailq::mdp::State;
use retailq::model::Model;
use retailq::planner::{Policy, evaluate, greedy, policy_iteration, solve, value_iteration};
use retailq::words::Language;

use common::{close, instance, naive_values, rule_values};

fn dialogue_state(most: u32, first: u32, second: u32) -> State {
    State((0..first).map(|row| most + 1 - row).sum::<u32>() + second)
}

fn at_start(model: &Model, policy: &Policy, discount: f64) -> f64 {
    model.at_start(&evaluate(model, policy, discount, 1e-10))
}

fn rule_value(values: &[(String, f64)], label: &str) -> f64 {
    values.iter().find(|(name, _)| name == label).unwrap().1
}

#[test]
fn williams_and_young_is_the_instance() {
    let (environment, model) = instance(&clarify::SCENARIO, &[]);
    assert_eq!((model.states(), model.pair_count()), (231, 672));
    let optimum = solve(&model, 0.95, 1e-10);
    close(model.at_start(&optimum.values), 3.4619517994932028, 1e-9);
    close(at_start(&model, &Policy::Uniform, 0.95), -83.33333333555811, 1e-8);
    let myopic = greedy(&model, 0.0, &vec![0.0; model.states() as usize]);
    close(at_start(&model, &Policy::Fixed(myopic), 0.95), -4.999999999999996, 1e-9);
    let never = rule_values(environment.as_ref(), &model, "never_ask", 0.95);
    close(rule_value(&never, "act on ‘where is my order’"), -4.999999999999996, 1e-9);
    close(rule_value(&never, "act on ‘refund’"), -224.9999999999998, 1e-9);
    let exactly = rule_values(environment.as_ref(), &model, "ask_exactly", 0.95);
    for (count, value) in [(1, -8.551282051282042), (2, -3.0890008764241887), (3, -5.320136123184744), (4, -6.572130845930581)] {
        close(rule_value(&exactly, &format!("{count} questions")), value, 1e-9);
    }
    let until = rule_values(environment.as_ref(), &model, "ask_until", 0.95);
    for (percent, value) in [(70, 2.394132181236109), (80, 2.850409316040342), (90, -1.402205603973469), (95, -4.711443230087066)] {
        close(rule_value(&until, &format!("{percent} % sure")), value, 1e-9);
    }
    for (a, b) in value_iteration(&model, 0.95, 1e-10).values.iter().zip(&policy_iteration(&model, 0.95, 1e-10).values) {
        close(*a, *b, 1e-8);
    }
}

#[test]
fn more_questions_approach_the_published_value() {
    for (most, value) in [("10", 3.45907731), ("20", 3.46195180), ("30", 3.46195276)] {
        let (_, model) = instance(&clarify::SCENARIO, &[("hints", most)]);
        close(model.at_start(&solve(&model, 0.95, 1e-10).values), value, 5e-9);
    }
}

/// The trace that the published SARSOP policy prints: actions, beliefs and, as far as SARSOP converged, values.
#[test]
fn the_published_trace() {
    let (environment, model) = instance(&clarify::SCENARIO, &[("hints", "30")]);
    let optimum = solve(&model, 0.95, 1e-11);
    let trace = [
        ((0, 0), "ask back", "65 % where is my order", 3.461953),
        ((0, 1), "ask back", "65 % refund", 2.910021),
        ((1, 1), "ask back", "59 % where is my order", 3.134538),
        ((2, 1), "act on ‘where is my order’", "79 % where is my order", 5.146337),
    ];
    for ((first, second), action, belief, value) in trace {
        let state = dialogue_state(30, first, second);
        assert_eq!(environment.levels(state), [first, second]);
        assert_eq!(environment.action_name(model.action(state, optimum.policy[state.index()])).get(Language::English), action);
        assert!(environment.describe(state, Language::English).ends_with(belief), "{}", environment.describe(state, Language::English));
        close(optimum.values[state.index()], value, 1e-6);
    }
    // Serving the first intent is right with the probability printed as the belief.
    for ((first, second), belief) in [((0, 0), 0.65), ((0, 1), 0.347), ((1, 1), 0.586), ((2, 1), 0.79)] {
        let state = dialogue_state(30, first, second);
        let (right, _) = model.successors(model.pair(state, 1)).next().unwrap();
        close(right, belief, 5e-4);
    }
}

#[test]
fn asking_becomes_worthwhile_between_discounts_of_4_and_5_tenths() {
    let (environment, model) = instance(&clarify::SCENARIO, &[]);
    let first_action = |discount: f64| {
        let slot = solve(&model, discount, 1e-10).policy[0];
        environment.action_name(model.action(State(0), slot)).get(Language::English).to_owned()
    };
    assert_eq!(first_action(0.0), "act on ‘where is my order’");
    assert_eq!(first_action(0.4), "act on ‘where is my order’");
    assert_eq!(first_action(0.5), "ask back");
}

#[test]
fn tiger() {
    let preset = retailq::environment::preset("tiger").unwrap().1;
    let changes: Vec<(&str, &str)> = preset.draft.split('&').filter_map(|entry| entry.split_once('=')).take(4).collect();
    let (_, model) = instance(&clarify::SCENARIO, &changes);
    let optimum = solve(&model, 0.95, 1e-11);
    close(model.at_start(&optimum.values), 19.37136831, 1e-8);
    let slot = |first, second| optimum.policy[dialogue_state(30, first, second).index()];
    assert_eq!([slot(0, 0), slot(1, 0), slot(2, 0), slot(0, 2), slot(2, 1), slot(3, 1)], [0, 0, 1, 2, 0, 1]);
}

#[test]
fn always_human_is_a_perpetuity() {
    let (environment, model) = instance(&clarify::SCENARIO, &[("human", "yes"), ("human_reward", "-2")]);
    let always = rule_values(environment.as_ref(), &model, "always_human", 0.95);
    close(always[0].1, -2.0 / (1.0 - 0.95), 1e-8);
}

/// Nobody's numbers, by plain value iteration over beliefs computed from the definition.
#[test]
fn another_dialogue_agrees_with_a_plain_computation() {
    let changes = [
        ("prior", ".4"),
        ("obs", "size:.9,.1;colour:.25,.75"),
        ("ask", "-.7"),
        ("route", "3,-6;-15,8"),
        ("hints", "8"),
        ("human", "yes"),
        ("human_reward", ".5"),
    ];
    let (_, model) = instance(&clarify::SCENARIO, &changes);
    let counts: Vec<(u32, u32)> = (0..=8).flat_map(|first| (0..=8 - first).map(move |second| (first, second))).collect();
    let index = |first, second| counts.iter().position(|pair| *pair == (first, second)).unwrap();
    let options = |state: usize| {
        let (first, second) = counts[state];
        let weight = |prior: f64, p: f64| prior * p.powi(first as i32) * (1.0 - p).powi(second as i32);
        let (a, b) = (weight(0.4, 0.9), weight(0.6, 0.25));
        let belief = a / (a + b);
        let home = vec![(1.0, index(0, 0))];
        let mut options =
            vec![(3.0 * belief - 6.0 * (1.0 - belief), home.clone()), (-15.0 * belief + 8.0 * (1.0 - belief), home.clone()), (0.5, home)];
        if first + second < 8 {
            let hint = 0.9 * belief + 0.25 * (1.0 - belief);
            options.push((-0.7, vec![(hint, index(first + 1, second)), (1.0 - hint, index(first, second + 1))]));
        }
        options
    };
    let values = naive_values(counts.len(), 0.9, options);
    for (value, naive) in solve(&model, 0.9, 1e-10).values.iter().zip(&values) {
        close(*value, *naive, 1e-8);
    }
}

#[test]
fn certain_hints_leave_no_nonsense() {
    let (_, model) = instance(&clarify::SCENARIO, &[("obs", "a:1;b:0")]);
    let optimum = solve(&model, 0.95, 1e-10);
    assert!(optimum.values.iter().all(|value| value.is_finite()));
    // One question tells all: -1 + .95 x 5 for two steps of each customer.
    close(model.at_start(&optimum.values), (-1.0 + 0.95 * 5.0) / (1.0 - 0.95 * 0.95), 1e-8);
}

#[test]
fn impossible_dialogues_are_refused() {
    let refused = |changes: &[(&str, &str)]| clarify::SCENARIO.instance(changes).err().unwrap();
    assert_eq!(refused(&[("obs", "a:.8,.1;b:.3,.7")]).key, "obs");
    assert_eq!(refused(&[("obs", "a:.8")]).key, "obs");
    assert_eq!(refused(&[("prior", "1.2")]).key, "prior");
    assert_eq!(refused(&[("route", "5;5")]).key, "route");
    assert!(refused(&[("obs", "a:.8,.1;b:.3,.7")]).message(Language::English).contains("sum to 1"));
}
