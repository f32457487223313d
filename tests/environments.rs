//! The contract every scenario keeps: checked over the whole registry, at the defaults, at every preset and at extreme values.
#![allow(clippy::unwrap_used)] // a test may fail where it stands

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{compile, policy_iteration, preset_changes, typeset, value_iteration};
use retailq::agent::algorithm;
use retailq::agent::parameters::learner_parameters;
use retailq::environment::{SCENARIOS, Scenario};
use retailq::mdp::{Action, Environment, Levels, MAX_PARTS, Outcome, Rule, State};
use retailq::model::Model;
use retailq::parameter::{Kind, Parameter, Values};
use retailq::planner::{self, Policy};
use retailq::words::{Language, Words};

/// Keys that links use for other things than scenario parameters.
const RESERVED: &[&str] =
    &["p", "s", "v", "at", "seed", "alpha", "gamma", "epsilon", "q0", "episodes", "steps", "discount", "algorithm", "weights"];
/// Presets (or scenarios, for their defaults) with states that no policy reaches, and how many.
#[rustfmt::skip]
const UNREACHABLE: &[(&str, usize)] = &[
    // Positions that the first weeks are too short to build up or run down to.
    ("beer_factory", 260),
    ("beer", 260),
    // A scripted rival never posts some prices.
    ("calvano_best_reply", 135),
    ("calvano_undercut", 30),
    ("calvano_grim", 195),
    // At most one unit is sold a day.
    ("clearance", 15),
    ("gvr_clearance", 15),
    ("clearance_short", 6),
];
/// States looked at one by one in a large instance.
const MOST_STATES: u32 = 3_000;
/// Pairs up to which value iteration and policy iteration are compared.
const MOST_SOLVED_PAIRS: u32 = 30_000;

/// The defaults and presets of the whole registry, by key.
fn instances() -> Vec<(&'static str, Box<dyn Environment>)> {
    let of = |scenario: &'static Scenario| {
        let presets = scenario.presets.iter().map(|preset| (preset.key, scenario.instance(&preset_changes(scenario, preset)).unwrap()));
        std::iter::once((scenario.key, scenario.instance(&[]).unwrap())).chain(presets).collect::<Vec<_>>()
    };
    SCENARIOS.iter().flat_map(|scenario| of(scenario)).collect()
}

fn states(environment: &dyn Environment) -> impl Iterator<Item = State> {
    let count = environment.state_count();
    (0..count).step_by((count / MOST_STATES).max(1) as usize).map(State)
}

fn available(environment: &dyn Environment, state: State) -> Vec<Action> {
    let mut actions = Vec::new();
    environment.available(state, &mut actions);
    actions
}

fn outcomes(environment: &dyn Environment, state: State, action: Action) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    environment.outcomes(state, action, &mut outcomes);
    outcomes
}

#[track_caller]
fn said(words: &Words, what: &str) {
    for language in Language::ALL {
        assert!(!words.get(language).trim().is_empty(), "{what}: nothing in {language:?}");
        typeset(words.get(language), what);
    }
}

/// Prose must be translated, not repeated.
#[track_caller]
fn translated(words: &Words, what: &str) {
    said(words, what);
    assert!(!words.get(Language::Chinese).is_ascii(), "{what}: {}", words.get(Language::Chinese));
    let chinese = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    assert!(!words.get(Language::English).contains(chinese), "{what}: {}", words.get(Language::English));
}

fn check_dynamics(name: &str, environment: &dyn Environment) {
    let (state_count, parts) = (environment.state_count(), environment.reward_parts().len());
    assert!(state_count > 0 && (1..=MAX_PARTS).contains(&parts), "{name}");
    for state in states(environment) {
        let actions = available(environment, state);
        assert!(actions.is_sorted_by(|a, b| a < b), "{name}: {state:?} offers {actions:?}");
        for action in actions {
            assert!(action.0 < environment.action_count(), "{name}: {state:?} offers {action:?}");
            let outcomes = outcomes(environment, state, action);
            let sum: f64 = outcomes.iter().map(|outcome| outcome.probability).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{name}: {state:?} {action:?} has probability {sum}");
            for outcome in outcomes {
                assert!((0.0..=1.0).contains(&outcome.probability), "{name}: {state:?} {action:?} {outcome:?}");
                assert!(outcome.next.0 < state_count, "{name}: {state:?} {action:?} {outcome:?}");
                assert!(outcome.parts.iter().all(|part| part.is_finite()), "{name}: {state:?} {action:?} {outcome:?}");
                assert!(outcome.parts[parts..].iter().all(|part| *part == 0.0), "{name}: {state:?} {action:?} {outcome:?}");
            }
        }
    }
    let start: f64 = environment.start().iter().map(|(_, probability)| probability).sum();
    assert!((start - 1.0).abs() < 1e-12 && environment.start().iter().all(|(state, _)| state.0 < state_count), "{name}");
    assert!(environment.reward_noise() >= 0.0);
}

fn check_levels(name: &str, environment: &dyn Environment) {
    let factors = environment.factors();
    let keys: BTreeSet<&str> = factors.iter().map(|factor| factor.key).collect();
    assert_eq!(keys.len(), factors.len(), "{name}: factor keys repeat");
    let mut seen = BTreeMap::new();
    for state in states(environment) {
        let levels = environment.levels(state);
        assert_eq!(levels.len(), factors.len(), "{name}: {state:?}");
        assert!(factors.iter().zip(&levels).all(|(factor, level)| *level < factor.levels.count()), "{name}: {state:?} has {levels:?}");
        if let Some(other) = seen.insert(levels, state) {
            panic!("{name}: {state:?} and {other:?} have the same levels");
        }
    }
}

fn check_baselines(name: &str, environment: &dyn Environment) {
    for baseline in environment.baselines() {
        assert!(!baseline.rules.is_empty(), "{name}: {} has no rules", baseline.key);
        let every = (baseline.rules.len() / 12).max(1);
        for rule in baseline.rules.iter().step_by(every) {
            for state in states(environment) {
                let (actions, chosen) = (available(environment, state), (rule.choose)(state));
                let label = rule.label.get(Language::English);
                assert!(
                    actions.is_empty() || actions.contains(&chosen),
                    "{name}: {} {label} chooses {chosen:?} in {state:?}",
                    baseline.key
                );
            }
        }
    }
}

#[test]
fn dynamics_are_those_of_a_decision_process() {
    for (name, environment) in instances() {
        check_dynamics(name, environment.as_ref());
    }
}

#[test]
fn states_have_levels_of_their_own() {
    for (name, environment) in instances() {
        check_levels(name, environment.as_ref());
    }
}

#[test]
fn baselines_choose_available_actions() {
    for (name, environment) in instances() {
        check_baselines(name, environment.as_ref());
    }
}

#[test]
fn every_state_can_be_reached_or_is_known_not_to_be() {
    for (name, environment) in instances() {
        let model = compile(environment.as_ref());
        let mut reached = vec![false; model.states() as usize];
        let mut open: Vec<State> = model.start().iter().filter(|(_, probability)| *probability > 0.0).map(|(state, _)| *state).collect();
        while let Some(state) = open.pop() {
            if !std::mem::replace(&mut reached[state.index()], true) {
                let pairs = (0..model.slots(state)).map(|slot| model.pair(state, slot));
                let next = pairs.flat_map(|pair| model.successors(pair)).filter(|(probability, _)| *probability > 0.0);
                open.extend(next.map(|(_, next)| next).filter(|next| !reached[next.index()]));
            }
        }
        let missed = reached.iter().filter(|reached| !**reached).count();
        let known = UNREACHABLE.iter().find(|(key, _)| *key == name).map_or(0, |(_, count)| *count);
        assert_eq!(missed, known, "{name}: states without a way to them");
    }
}

#[test]
fn value_iteration_and_policy_iteration_agree() {
    for (name, environment) in instances() {
        let model = compile(environment.as_ref());
        if model.pair_count() > MOST_SOLVED_PAIRS {
            continue;
        }
        let discount = if planner::check_discount(&model, 1.0).is_ok() { 1.0 } else { 0.95 };
        let (by_values, by_policies) = (value_iteration(&model, discount), policy_iteration(&model, discount));
        let mixed = planner::solve(&model, discount, 1e-9);
        for ((a, b), c) in by_values.iter().zip(&by_policies).zip(&mixed.values) {
            let tolerance = 1e-8 * a.abs().max(1.0);
            assert!((a - b).abs() <= tolerance && (a - c).abs() <= tolerance, "{name}: {a} {b} {c}");
        }
    }
}

#[test]
fn values_are_exact_however_patient_the_objective() {
    let mut checked = 0;
    for (name, environment) in instances() {
        let model = compile(environment.as_ref());
        if model.outcome_count() > 20_000 {
            continue;
        }
        for discount in [0.99, 0.995, 0.999] {
            let optimum = planner::solve(&model, discount, 1e-9);
            let size = optimum.values.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
            let bound = optimum.error_bound.unwrap();
            assert!(bound <= 1e-9 * size, "{name} {discount}: {bound}");
            let policies = [Policy::Fixed(optimum.policy), Policy::Uniform, Policy::Fixed(planner::greedy(&model, 0.0, &optimum.values))];
            for policy in policies {
                let values = planner::evaluate(&model, &policy, discount, 1e-9);
                let size = values.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
                // One step more changes nothing: by the contraction the values are then within residual / (1 - discount) of the truth.
                for state in (0..model.states()).map(State).filter(|state| !model.is_terminal(*state)) {
                    let worth = |slot| {
                        let pair = model.pair(state, slot);
                        model.expected_reward(pair) + discount * model.expected_next(pair, &values)
                    };
                    let step: f64 = policy.chances(&model, state).map(|(slot, chance)| chance * worth(slot)).sum();
                    let value = values[state.index()];
                    assert!((value - step).abs() <= 1e-12 * size, "{name} {discount}: {value} {step}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 100_000, "{checked}");
}

#[test]
fn baselines_do_not_beat_the_optimum() {
    for scenario in SCENARIOS {
        let environment = scenario.instance(&[]).unwrap();
        let model = compile(environment.as_ref());
        let discount = if planner::check_discount(&model, 1.0).is_ok() { 1.0 } else { 0.95 };
        let optimum = model.at_start(&planner::solve(&model, discount, 1e-9).values);
        for rule in environment.baselines().iter().flat_map(|baseline| &baseline.rules) {
            let value = model.at_start(&planner::evaluate(&model, &common::policy(&model, rule), discount, 1e-6));
            assert!(value <= optimum + 1e-5, "{}: {} is worth {value}", scenario.key, rule.label.get(Language::English));
        }
    }
}

#[test]
fn everything_is_said_in_both_languages() {
    for scenario in SCENARIOS {
        translated(&scenario.name, scenario.key);
        translated(&scenario.summary, scenario.key);
        translated(&scenario.problem.name(), scenario.key);
        assert!(!scenario.source.get(Language::English).is_empty());
        for parameter in (scenario.parameters)() {
            check_parameter_words(scenario, &parameter);
        }
        for preset in scenario.presets {
            translated(&preset.name, preset.key);
            translated(&preset.claim, preset.key);
            preset.printed.iter().for_each(|printed| translated(printed, preset.key));
        }
    }
    for (name, environment) in instances() {
        check_words(name, environment.as_ref());
    }
}

fn check_parameter_words(scenario: &Scenario, parameter: &Parameter) {
    let name = format!("{}.{}", scenario.key, parameter.key);
    translated(&parameter.name, &name);
    translated(&parameter.help, &name);
    let [en, zh] = Language::ALL.map(|language| parameter.unit.get(language).is_empty());
    assert_eq!(en, zh, "{name}: unit");
    // What is expected shows the marks of links, which are the same in both languages.
    let expected = parameter.kind.expected();
    assert!(Language::ALL.iter().all(|language| !expected.get(*language).trim().is_empty()), "{name}: expected");
    match &parameter.kind {
        Kind::Choice(options) => options.iter().for_each(|(_, words)| said(words, &name)),
        Kind::Table { columns, .. } => columns.iter().for_each(|column| said(&column.name, &name)),
        _ => {}
    }
}

fn check_words(name: &str, environment: &dyn Environment) {
    for factor in environment.factors() {
        translated(&factor.name, name);
        assert!(
            !factor.unit_of("1", Language::English).ends_with('s')
                && factor.unit_of("2", Language::English) == factor.unit.get(Language::English)
        );
        for (language, level) in
            Language::ALL.into_iter().flat_map(|language| (0..factor.levels.count()).map(move |level| (language, level)))
        {
            assert!(!factor.levels.label(level, language).is_empty(), "{name}: {} {level}", factor.key);
        }
    }
    environment.reward_parts().iter().for_each(|part| translated(&part.name, name));
    (0..environment.action_count()).for_each(|action| said(&environment.action_name(Action(action)), name));
    for baseline in environment.baselines() {
        translated(&baseline.name, name);
        // A family of one needs no name for its member.
        let named = |rule: &&Rule| baseline.rules.len() > 1 || !rule.label.get(Language::English).is_empty();
        baseline.rules.iter().filter(named).for_each(|rule| said(&rule.label, name));
    }
    for state in states(environment).step_by(7) {
        let [en, zh] = Language::ALL.map(|language| environment.describe(state, language));
        assert!(!en.is_empty() && !zh.is_ascii(), "{name}: {state:?} is {en}, {zh}");
        [&en, &zh].into_iter().for_each(|text| typeset(text, name));
        for action in available(environment, state).into_iter().take(2) {
            for outcome in 0..outcomes(environment, state, action).len() as u32 {
                let [en, zh] = Language::ALL.map(|language| environment.event(state, action, outcome, language));
                assert_eq!(en.is_empty(), zh.is_empty(), "{name}: event {outcome} of {state:?} {action:?}");
                [&en, &zh].into_iter().for_each(|text| typeset(text, name));
            }
        }
    }
}

/// A table in its textual form without the names of its rows.
fn nameless(table: &str) -> String {
    table.split(';').map(|row| row.rsplit_once(':').map_or(row, |(_, numbers)| numbers)).collect::<Vec<_>>().join(";")
}

#[test]
fn rows_without_names_are_told_apart() {
    for (scenario, preset) in SCENARIOS.iter().flat_map(|scenario| scenario.presets.iter().map(move |preset| (scenario, preset))) {
        let changes = preset_changes(scenario, preset);
        let value =
            |parameter: &Parameter| changes.iter().find(|(key, _)| *key == parameter.key).map_or(parameter.default, |(_, text)| text);
        let tables: Vec<(&str, String)> = (scenario.parameters)()
            .iter()
            .filter(|parameter| matches!(parameter.kind, Kind::Table { named: Some(_), .. }))
            .map(|parameter| (parameter.key, nameless(value(parameter))))
            .collect();
        let others = changes.iter().copied().filter(|(key, _)| tables.iter().all(|(table, _)| table != key));
        let changed: Vec<(&str, &str)> = others.chain(tables.iter().map(|(key, text)| (*key, text.as_str()))).collect();
        if tables.is_empty() {
            continue;
        }
        let environment = scenario.instance(&changed).unwrap();
        check_words(preset.key, environment.as_ref());
        for language in Language::ALL {
            let actions = (0..environment.action_count()).map(|action| environment.action_name(Action(action)).get(language).to_owned());
            assert_eq!(actions.collect::<BTreeSet<_>>().len(), environment.action_count() as usize, "{}: actions", preset.key);
            let named = environment.factors().into_iter().filter(|factor| matches!(factor.levels, Levels::Named(_)));
            for factor in named {
                let labels: BTreeSet<String> = (0..factor.levels.count()).map(|level| factor.levels.label(level, language)).collect();
                assert_eq!(labels.len(), factor.levels.count() as usize, "{}: {labels:?}", preset.key);
            }
            let described: BTreeSet<String> =
                (0..20.min(environment.state_count())).map(|state| environment.describe(State(state), language)).collect();
            assert_eq!(described.len(), 20.min(environment.state_count()) as usize, "{}: {described:?}", preset.key);
        }
    }
}

#[test]
fn keys_are_short_unique_and_free() {
    let fits =
        |key: &str| !key.is_empty() && key.len() <= 24 && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let mut presets = BTreeSet::new();
    let mut scenarios = BTreeSet::new();
    for scenario in SCENARIOS {
        assert!(fits(scenario.key) && scenarios.insert(scenario.key), "{}", scenario.key);
        assert!(!scenario.presets.is_empty(), "{} has no preset", scenario.key);
        for preset in scenario.presets {
            assert!(fits(preset.key) && presets.insert(preset.key), "{}", preset.key);
        }
        let mut parameters = BTreeSet::new();
        for parameter in (scenario.parameters)() {
            assert!(fits(parameter.key) && parameters.insert(parameter.key), "{}: {}", scenario.key, parameter.key);
            assert!(!RESERVED.contains(&parameter.key), "{}: {} is taken", scenario.key, parameter.key);
        }
    }
}

#[test]
fn presets_change_what_exists() {
    let learner: Vec<&str> = learner_parameters().iter().map(|parameter| parameter.key).collect();
    for scenario in SCENARIOS {
        let parameters = (scenario.parameters)();
        for preset in scenario.presets {
            let keys: Vec<&str> = preset.draft.split('&').map(|pair| pair.split_once('=').unwrap().0.trim()).collect();
            for key in &keys {
                // An entry for one learner alone is written `dqn.episodes`.
                let own = key.split_once('.').filter(|(owner, _)| algorithm(owner).is_some());
                let key = own.map_or(*key, |(_, key)| key);
                assert!(learner.contains(&key) || parameters.iter().any(|parameter| parameter.key == key), "{}: {key}", preset.key);
            }
            assert_eq!(keys.len(), keys.iter().collect::<BTreeSet<_>>().len(), "{}: a key repeats", preset.key);
        }
    }
}

#[test]
fn parameters_round_trip_as_text_and_json() {
    for scenario in SCENARIOS {
        let parameters = (scenario.parameters)();
        let defaults = Values::defaults(&parameters).unwrap();
        for (parameter, (key, value)) in parameters.iter().zip(defaults.iter()) {
            assert_eq!(parameter.key, key);
            assert_eq!(parameter.kind.parse(key, &value.to_text()).unwrap(), *value, "{}.{key}", scenario.key);
            assert_eq!(parameter.kind.from_json(key, &value.to_json()).unwrap(), *value, "{}.{key}", scenario.key);
        }
    }
}

/// The ends of a parameter's range, as far as they can be listed.
fn extremes(parameter: &Parameter) -> Vec<String> {
    match &parameter.kind {
        Kind::Integer { min, max } => vec![min.to_string(), max.to_string()],
        Kind::Number { min, max } => vec![min.to_string(), max.to_string()],
        Kind::Choice(options) => options.iter().map(|(key, _)| (*key).to_owned()).collect(),
        Kind::List { min_count, max_count, min, max } => {
            let list = |count: u32, x: f64| vec![x.to_string(); count as usize].join(",");
            vec![list(*min_count, *min), list(*max_count, *max)]
        }
        Kind::Transitions => ["a,x,1,a,0", "a,x,1,b,-1e9", "a,x,0,b,1;a,x,1,c,1e9"].map(str::to_owned).to_vec(),
        Kind::Schedule { .. } => ["0", "1", "lin:1:0:1"].map(str::to_owned).to_vec(),
        Kind::Demand => ["1", "0,1", "uniform:0:400", "poisson:100", "geometric:.1:1"].map(str::to_owned).to_vec(),
        Kind::Table { columns, min_columns, min_rows, max_rows, .. } => {
            let table = |rows: u32, row: Vec<String>| vec![row.join(","); rows as usize].join(";");
            let widest = columns.iter().map(|column| column.max.to_string()).collect();
            let narrowest = columns.iter().take(*min_columns as usize).map(|column| column.min.to_string()).collect();
            vec![table(*min_rows, narrowest), table(*max_rows, widest)]
        }
    }
}

#[test]
fn extreme_values_are_answered_or_refused_in_words() {
    const SMALL: u64 = 40_000;
    for scenario in SCENARIOS {
        for parameter in (scenario.parameters)() {
            for text in extremes(&parameter) {
                let name = format!("{} {}={text}", scenario.key, parameter.key);
                match scenario.instance(&[(parameter.key, &text)]) {
                    Ok(environment) => {
                        assert!(environment.state_count() > 0, "{name}");
                        if u64::from(environment.state_count()) * u64::from(environment.action_count()) <= SMALL {
                            check_dynamics(&name, environment.as_ref());
                            check_levels(&name, environment.as_ref());
                            check_baselines(&name, environment.as_ref());
                        }
                    }
                    Err(invalid) => said(&invalid.fault, &name),
                }
            }
        }
    }
}

#[test]
fn compiled_models_keep_the_expected_rewards() {
    for scenario in SCENARIOS {
        let environment = scenario.instance(&[]).unwrap();
        let weights: Vec<f64> = (1..=environment.reward_parts().len()).map(|weight| weight as f64).collect();
        let model = Model::compile(environment.as_ref(), &weights);
        for state in states(environment.as_ref()) {
            for (slot, action) in (0..).zip(available(environment.as_ref(), state)) {
                assert_eq!(model.slot(state, action), Some(slot));
                let weighed = |outcome: &Outcome| outcome.parts.iter().zip(&weights).map(|(part, weight)| part * weight).sum::<f64>();
                let expected: f64 =
                    outcomes(environment.as_ref(), state, action).iter().map(|outcome| outcome.probability * weighed(outcome)).sum();
                common::close(model.expected_reward(model.pair(state, slot)), expected, 1e-9 * expected.abs().max(1.0));
            }
        }
    }
}
