//! Below its source a preset says what is printed there. Here every number of that is computed.

#![allow(clippy::unwrap_used)] // a test may fail where it stands

mod common;

use common::instance::Instance;
use common::{anchor_adjust, english, numbers, policy};
use retailq::environment::SCENARIOS;
use retailq::planner::{self, Policy};
use retailq::theory::beer_game::{Board, Policy as StagePolicy, play};
use retailq::words::Language::{Chinese, English};

/// What a period costs in the long run: under the optimum, and under the best rule of some families, with its label.
fn long_run_costs(preset: &str, families: &[&str]) -> (f64, Vec<(f64, String)>) {
    let environment = common::preset(preset);
    let model = common::compile(environment.as_ref());
    let cost = |policy: Option<&Policy>| -planner::average_reward(&model, policy, 1e-7).unwrap().gain;
    let baselines = environment.baselines();
    let best = |key: &&str| {
        let family = baselines.iter().find(|baseline| baseline.key == *key).unwrap();
        let costs = family.rules.iter().map(|rule| (cost(Some(&policy(&model, rule))), english(&rule.label)));
        costs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
    };
    (cost(None), families.iter().map(best).collect())
}

fn zheng(preset: &str) -> Vec<String> {
    let (optimum, rules) = long_run_costs(preset, &["reorder_point"]);
    let (cost, rule) = &rules[0];
    assert!((cost - optimum).abs() < 1e-6, "{preset}: {cost} {optimum}");
    vec![rule.clone(), format!("{optimum:.3}")]
}

fn zipkin(preset: &str, families: &[&str]) -> Vec<String> {
    let (optimum, rules) = long_run_costs(preset, families);
    [optimum].into_iter().chain(rules.into_iter().map(|(cost, _)| cost)).map(|cost| format!("{cost:.2}")).collect()
}

fn warlop() -> Vec<String> {
    vec![format!("{:.3}", -long_run_costs("warlop", &[]).0)]
}

fn pfeifer() -> Vec<String> {
    let customer = Instance::preset("pfeifer");
    assert_eq!(customer.decisions(), ["mail", "mail", "mail", "send nothing"]);
    [customer.baseline("mail_everybody"), customer.optimum()].map(|value| format!("{value:.3}")).into()
}

fn toymaker() -> Vec<String> {
    let values = Instance::preset("toymaker").solution.values;
    let week = -long_run_costs("toymaker", &[]).0;
    vec![format!("{:.1}", values[0]), format!("{:.1}", values[1]), format!("{week:.0}")]
}

/// Three periods, backwards.
fn puterman() -> Vec<String> {
    let model = common::model("puterman", &[]);
    let best = |worth: &[f64], state| (0..model.slots(state)).map(|slot| worth[model.pair(state, slot)]).fold(f64::MIN, f64::max);
    let values = (0..3).fold(vec![0.0; 4], |values, _| {
        let worth = planner::action_values(&model, 1.0, &values);
        (0..4).map(|state| best(&worth, retailq::mdp::State(state))).collect()
    });
    vec![format!("{}/16", 16.0 * values[0])]
}

/// Hints for the second intent, the first and the first again: how likely the first is, and that all but the last are asked about.
fn clarify() -> Vec<String> {
    let dialogue = Instance::preset("clarify");
    let model = &dialogue.model;
    let (ask, serve_first) = (0, 1);
    let mut state = model.start()[0].0;
    let mut beliefs = Vec::new();
    for hint in [Some(1), Some(0), Some(0), None] {
        let (right, _) = model.successors(model.pair(state, serve_first)).next().unwrap();
        beliefs.push(right);
        let decided = if hint.is_some() { ask } else { serve_first };
        assert_eq!(dialogue.solution.policy[state.index()], decided);
        if let Some(hint) = hint {
            state = model.successors(model.pair(state, ask)).nth(hint).unwrap().1;
        }
    }
    beliefs.iter().map(|belief| format!("{belief:.3}")).collect()
}

fn beer() -> Vec<String> {
    let (stage, factory) = (anchor_adjust(28.0), anchor_adjust(20.0));
    let stage: StagePolicy = &|view| stage.order(view);
    let records = play(&Board::default(), [stage, stage, stage, &|view| factory.order(view)]);
    let total: f64 = records.iter().map(|record| record.cost).sum();
    vec![total.to_string(), records[3].cost.to_string()]
}

/// Every number of what a preset says to be printed, in that order.
fn computed(preset: &str) -> Vec<String> {
    match preset {
        "zheng_10" | "zheng_15" | "zheng_20" => zheng(preset),
        "zipkin_l1_p4" | "zipkin_l2_p4" => zipkin(preset, &["base_stock", "constant"]),
        // The best base-stock there orders more at once than may be ordered here.
        "zipkin_l3_p4" => zipkin(preset, &["constant"]),
        "zipkin_l2_p9" | "zipkin_geometric" => zipkin(preset, &[]),
        "warlop" => warlop(),
        "pfeifer" => pfeifer(),
        "toymaker" => toymaker(),
        "puterman" => puterman(),
        "clarify" => clarify(),
        "beer" => beer(),
        _ => Vec::new(),
    }
}

#[test]
fn every_number_said_to_be_printed_is_computed() {
    let mut faults = Vec::new();
    for preset in SCENARIOS.iter().flat_map(|scenario| scenario.presets) {
        let Some(printed) = &preset.printed else { continue };
        let computed = computed(preset.key);
        let found: Vec<f64> = computed.iter().flat_map(|text| numbers(text)).collect();
        println!("{}: {computed:?}", preset.key);
        let said = [English, Chinese].map(|language| numbers(printed.get(language)));
        faults.extend(said.into_iter().filter(|said| *said != found).map(|said| format!("{}: {said:?} {computed:?}", preset.key)));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
