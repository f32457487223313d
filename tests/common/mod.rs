//! What the scenario tests share: instances, exact values and the baselines' values.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses its part

use retailq::environment::{self, Preset, Scenario, scenario};
use retailq::mdp::{Environment, Rule, State};
use retailq::model::Model;
use retailq::planner::{self, Policy};
use retailq::theory::beer_game::AnchorAdjust;
use retailq::words::{Language, Words};

pub mod instance;

/// Fails unless two numbers are within a tolerance.
#[track_caller]
pub fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected} to within {tolerance}");
}

/// Fails unless a text keeps to the marks of the page: full-width ones beside Chinese letters, and a space before the sign of percent; and
/// unless one thing is no plural.
#[track_caller]
pub fn typeset(text: &str, what: &str) {
    let is_chinese = |letter: char| ('\u{3400}'..='\u{9fff}').contains(&letter);
    let letters: Vec<char> = text.chars().collect();
    for pair in letters.windows(2) {
        assert!(!(is_chinese(pair[0]) && ",;:!?".contains(pair[1])), "{what}: half-width {} in {text}", pair[1]);
        assert!(!(pair[1] == '%' && (pair[0].is_ascii_digit() || pair[0] == '}')), "{what}: no space before % in {text}");
    }
    for triple in letters.windows(3) {
        assert!(!(",;:!?".contains(triple[0]) && triple[1] == ' ' && is_chinese(triple[2])), "{what}: half-width {} in {text}", triple[0]);
    }
    let words: Vec<&str> = text.split(' ').collect();
    for pair in words.windows(2) {
        let is_plural =
            ["units", "cases", "days", "weeks", "periods", "questions", "customers"].iter().any(|many| pair[1].starts_with(many));
        assert!(!(pair[0] == "1" && is_plural), "{what}: one of many in {text}");
    }
}

/// The rule of Sterman's board by which every stage but its target orders alike.
pub fn anchor_adjust(target: f64) -> AnchorAdjust {
    AnchorAdjust { forecast: 4.0, stock_adjustment: 1.0, supply_line_weight: 1.0, target }
}

/// The numbers in a text.
pub fn numbers(text: &str) -> Vec<f64> {
    let pieces = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    pieces.filter_map(|piece| piece.trim_end_matches('.').parse().ok()).collect()
}

pub fn english(words: &Words) -> String {
    words.get(Language::English).to_owned()
}

/// The scenario parameters of a preset; the learner's settings are not the environment's business.
pub fn preset_changes(scenario: &Scenario, preset: &'static Preset) -> Vec<(&'static str, &'static str)> {
    let pairs = preset.draft.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
    pairs.filter(|(key, _)| (scenario.parameters)().iter().any(|parameter| parameter.key == *key)).collect()
}

/// The environment of a preset.
pub fn preset(key: &str) -> Box<dyn Environment> {
    let (scenario, preset) = environment::preset(key).unwrap();
    scenario.instance(&preset_changes(scenario, preset)).unwrap()
}

pub fn compile(environment: &dyn Environment) -> Model {
    Model::compile(environment, &vec![1.0; environment.reward_parts().len()])
}

/// A scenario with some parameters changed, compiled.
pub fn model(key: &str, changes: &[(&str, &str)]) -> Model {
    compile(scenario(key).unwrap().instance(changes).unwrap().as_ref())
}

/// A rule as a policy of the planner.
pub fn policy(model: &Model, rule: &Rule) -> Policy {
    let slot = |state| if model.is_terminal(state) { 0 } else { model.slot(state, (rule.choose)(state)).unwrap() };
    Policy::Fixed((0..model.states()).map(State).map(slot).collect())
}

/// The policy that looks at the expected immediate reward alone.
pub fn myopic(model: &Model) -> Policy {
    Policy::Fixed(planner::greedy(model, 0.0, &vec![0.0; model.states() as usize]))
}

pub fn start_value(model: &Model, values: &[f64]) -> f64 {
    model.at_start(values)
}

/// The figures of an instance, as `instances.json` lists them.
pub struct Solved {
    pub states: u32,
    pub pairs: u32,
    pub optimum: f64,
    pub myopic: f64,
    pub random: f64,
    pub first_action: u32,
    environment: Box<dyn Environment>,
    model: Model,
    discount: f64,
}

impl Solved {
    pub fn new(key: &str, changes: &[(&str, &str)], discount: f64) -> Self {
        Self::of(scenario(key).unwrap().instance(changes).unwrap(), discount)
    }

    pub fn of(environment: Box<dyn Environment>, discount: f64) -> Self {
        let model = compile(environment.as_ref());
        let value = |policy: &Policy| model.at_start(&planner::evaluate(&model, policy, discount, 1e-10));
        let solution = planner::solve(&model, discount, 1e-10);
        let start = model.start()[0].0;
        Self {
            states: model.states(),
            pairs: model.pair_count(),
            optimum: model.at_start(&solution.values),
            myopic: value(&myopic(&model)),
            random: value(&Policy::Uniform),
            first_action: model.action(start, solution.policy[start.index()]).0,
            environment,
            model,
            discount,
        }
    }

    /// Value and label of each rule of a baseline.
    pub fn rules(&self, key: &str, tolerance: f64) -> Vec<(f64, String)> {
        let baseline = self.environment.baselines().into_iter().find(|baseline| baseline.key == key).unwrap();
        let value = |rule| planner::evaluate(&self.model, &policy(&self.model, rule), self.discount, tolerance);
        baseline.rules.iter().map(|rule| (self.model.at_start(&value(rule)), english(&rule.label))).collect()
    }

    /// Value and label of a baseline: its best rule.
    pub fn baseline(&self, key: &str) -> (f64, String) {
        self.rules(key, 1e-8).into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
    }
}

/// A scenario with some parameters changed, and the same compiled.
pub fn instance(scenario: &Scenario, changes: &[(&str, &str)]) -> (Box<dyn Environment>, Model) {
    let environment = scenario.instance(changes).unwrap();
    let model = compile(environment.as_ref());
    (environment, model)
}

/// Value at the start of each rule of a baseline, with its English label.
pub fn rule_values(environment: &dyn Environment, model: &Model, key: &str, discount: f64) -> Vec<(String, f64)> {
    let baseline = environment.baselines().into_iter().find(|baseline| baseline.key == key).unwrap();
    baseline
        .rules
        .iter()
        .map(|rule| {
            let value = model.at_start(&planner::evaluate(model, &policy(model, rule), discount, 1e-10));
            (rule.label.get(Default::default()).to_owned(), value)
        })
        .collect()
}

pub fn best_rule(environment: &dyn Environment, model: &Model, key: &str, discount: f64) -> (String, f64) {
    let values = rule_values(environment, model, key, discount);
    values.into_iter().reduce(|best, rule| if rule.1 > best.1 + 1e-9 { rule } else { best }).unwrap()
}

/// Optimal values by plain value iteration; each option is an expected reward with its successors. No options: terminal.
pub fn naive_values<Options>(states: usize, discount: f64, options: Options) -> Vec<f64>
where
    Options: Fn(usize) -> Vec<(f64, Vec<(f64, usize)>)>,
{
    let table: Vec<_> = (0..states).map(options).collect();
    let mut values = vec![0.0; states];
    for _ in 0..20_000 {
        let worth = |(reward, next): &(f64, Vec<(f64, usize)>), values: &[f64]| {
            reward + discount * next.iter().map(|(p, state)| p * values[*state]).sum::<f64>()
        };
        let best = |options: &Vec<_>| options.iter().map(|option| worth(option, &values)).reduce(f64::max).unwrap_or(0.0);
        let updated: Vec<f64> = table.iter().map(best).collect();
        let change = updated.iter().zip(&values).map(|(new, old)| (new - old).abs()).fold(0.0, f64::max);
        let largest = updated.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
        values = updated;
        if change < 1e-13 * largest {
            break;
        }
    }
    values
}

/// Optimal values by value iteration, which the planner is held against.
pub fn value_iteration(model: &Model, discount: f64) -> Vec<f64> {
    naive_values(model.states() as usize, discount, |state| {
        let state = State(state as u32);
        let pairs = (0..model.slots(state)).map(|slot| model.pair(state, slot));
        let next = |pair| model.successors(pair).map(|(probability, next)| (probability, next.index())).collect();
        pairs.map(|pair| (model.expected_reward(pair), next(pair))).collect()
    })
}

/// Optimal values by policy iteration: exact evaluation, then improvement, until no action is better.
pub fn policy_iteration(model: &Model, discount: f64) -> Vec<f64> {
    let mut policy = planner::greedy(model, 0.0, &vec![0.0; model.states() as usize]);
    loop {
        let values = planner::evaluate(model, &Policy::Fixed(policy.clone()), discount, 1e-11);
        let worth = planner::action_values(model, discount, &values);
        let mut is_improved = false;
        for (state, best) in (0..).map(State).zip(planner::greedy(model, discount, &values)) {
            let current = &mut policy[state.index()];
            let [better, before] = [best, *current].map(|slot| worth[model.pair(state, slot)]);
            if better > before + 1e-9 * (1.0 + before.abs()) {
                (*current, is_improved) = (best, true);
            }
        }
        if !is_improved {
            return values;
        }
    }
}
