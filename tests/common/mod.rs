//! What the tests of scenarios share.
#![allow(dead_code, clippy::unwrap_used)]

use retailq::environment::Scenario;
use retailq::mdp::{Environment, State};
use retailq::model::Model;
use retailq::planner::{Policy, evaluate};

fn compile(environment: &dyn Environment) -> Model {
    Model::compile(environment, &vec![1.0; environment.reward_parts().len()])
}

pub fn instance(scenario: &Scenario, changes: &[(&str, &str)]) -> (Box<dyn Environment>, Model) {
    let environment = scenario.instance(changes).unwrap();
    let model = compile(environment.as_ref());
    (environment, model)
}

pub fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() < tolerance, "{value} is not {expected}");
}

/// Value at the start of each rule of a baseline, with its English label.
pub fn rule_values(environment: &dyn Environment, model: &Model, key: &str, discount: f64) -> Vec<(String, f64)> {
    let baseline = environment.baselines().into_iter().find(|baseline| baseline.key == key).unwrap();
    baseline
        .rules
        .iter()
        .map(|rule| {
            let slots = (0..model.states()).map(|state| model.slot(State(state), (rule.choose)(State(state))).unwrap_or(0)).collect();
            let value = model.at_start(&evaluate(model, &Policy::Fixed(slots), discount, 1e-10));
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
        values = updated;
        if change < 1e-13 {
            break;
        }
    }
    values
}
