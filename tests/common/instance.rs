//! An instance with its discount, solved exactly.

use retailq::environment::{self, scenario};
use retailq::mdp::{Action, Environment, Rule, State};
use retailq::model::Model;
use retailq::planner::{Policy, Solution, evaluate, solve};
use retailq::words::{Language, Words};

use super::{compile, english, myopic, policy, policy_iteration};

const TOLERANCE: f64 = 1e-11;

/// Fails unless two vectors are within a tolerance, entry by entry.
#[track_caller]
pub fn all_close(values: &[f64], expected: &[f64], tolerance: f64) {
    assert!(values.len() >= expected.len(), "{} values", values.len());
    for (index, (value, expected)) in values.iter().zip(expected).enumerate() {
        assert!((value - expected).abs() <= tolerance, "entry {index}: {value} is not {expected} to within {tolerance}");
    }
}

/// Why a scenario refuses some changes.
#[track_caller]
pub fn refusal(key: &str, changes: &[(&str, &str)]) -> (String, String) {
    let error = scenario(key).unwrap().instance(changes).err().unwrap();
    (error.key.clone(), error.message(Language::English))
}

pub struct Instance {
    pub environment: Box<dyn Environment>,
    pub model: Model,
    pub discount: f64,
    pub solution: Solution,
}

impl Instance {
    /// A scenario with some parameters changed; the planner and policy iteration must agree on it.
    pub fn new(key: &str, changes: &[(&str, &str)], discount: f64) -> Self {
        Self::of(scenario(key).unwrap().instance(changes).unwrap(), discount)
    }

    /// A preset with its own discount.
    pub fn preset(key: &str) -> Self {
        let (_, preset) = environment::preset(key).unwrap();
        let discount = preset.draft.split('&').find_map(|entry| entry.strip_prefix("discount="));
        Self::of(super::preset(key), discount.map_or(0.95, |text| text.parse().unwrap()))
    }

    fn of(environment: Box<dyn Environment>, discount: f64) -> Self {
        let model = compile(environment.as_ref());
        let solution = solve(&model, discount, TOLERANCE);
        all_close(&policy_iteration(&model, discount), &solution.values, 1e-8);
        Self { environment, model, discount, solution }
    }

    /// Largest value at the start.
    pub fn optimum(&self) -> f64 {
        self.model.at_start(&self.solution.values)
    }

    /// Values of a policy.
    pub fn values(&self, policy: &Policy) -> Vec<f64> {
        evaluate(&self.model, policy, self.discount, TOLERANCE)
    }

    /// Values of taking the action a function names in every state that is not terminal.
    pub fn values_of(&self, choose: impl Fn(State) -> u32 + Send + 'static) -> Vec<f64> {
        self.values(&self.policy(choose))
    }

    /// The policy that takes the action a function names in every state that is not terminal.
    pub fn policy(&self, choose: impl Fn(State) -> u32 + Send + 'static) -> Policy {
        policy(&self.model, &Rule { label: Words::NONE, choose: Box::new(move |state| Action(choose(state))), nearby: None })
    }

    pub fn myopic_value(&self) -> f64 {
        self.model.at_start(&self.values(&myopic(&self.model)))
    }

    pub fn random_value(&self) -> f64 {
        self.model.at_start(&self.values(&Policy::Uniform))
    }

    /// English label and value at the start of every rule of a baseline.
    pub fn rules(&self, key: &str) -> Vec<(String, f64)> {
        let baseline = self.environment.baselines().into_iter().find(|baseline| baseline.key == key).unwrap();
        let value = |rule| self.model.at_start(&self.values(&policy(&self.model, rule)));
        baseline.rules.iter().map(|rule| (english(&rule.label), value(rule))).collect()
    }

    /// Value at the start of the best rule of a baseline.
    pub fn baseline(&self, key: &str) -> f64 {
        self.rules(key).into_iter().map(|(_, value)| value).fold(f64::NEG_INFINITY, f64::max)
    }

    /// English names of the optimal actions, state by state, terminal states left out.
    pub fn decisions(&self) -> Vec<String> {
        let states = (0..self.model.states()).map(State).filter(|state| !self.model.is_terminal(*state));
        let action = |state: State| self.model.action(state, self.solution.policy[state.index()]);
        states.map(|state| english(&self.environment.action_name(action(state)))).collect()
    }

    /// The action and the reward of each step, where everything is certain.
    pub fn path(&self, policy: &[u32], steps: u32) -> Vec<(u32, f64)> {
        let mut state = self.model.start()[0].0;
        let mut path = Vec::new();
        for _ in 0..steps {
            let slot = policy[state.index()];
            let pair = self.model.pair(state, slot);
            path.push((self.model.action(state, slot).0, self.model.expected_reward(pair)));
            state = self.model.successors(pair).find(|(probability, _)| *probability == 1.0).unwrap().1;
        }
        path
    }
}
