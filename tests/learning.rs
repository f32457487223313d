//! Whoever just presses play sees success: every preset but those that show a failure, with its own settings, comes as near to the optimum as plain tabular
//! Q-learning is known to. The gap is (optimum − greedy policy) / (optimum − random choice), both exact, at the start.
#![allow(clippy::unwrap_used)]

use std::rc::Rc;

use retailq::environment::SCENARIOS;
use retailq::evaluate::Yardstick;
use retailq::share::from_link;
use retailq::trainer::{Limit, Trainer};

/// Largest mean gap of a finished run, in percent: twice what a plain implementation reached with as many steps, where that is known;
/// elsewhere what a visitor would still call success.
const MOST: &[(&str, f64)] = &[
    ("warlop", 2.0),
    ("pfeifer", 2.0),
    ("menu", 10.0),
    ("puterman", 0.1),
    ("zipkin_l1_p4", 5.2),
    ("zipkin_l2_p4", 2.0),
    ("chain", 5.0),
    ("clarify", 1.0),
    ("troubleshoot", 1.5),
    ("calvano_tft", 1.0),
    ("gvr_clearance", 14.0),
];
const OTHERWISE: f64 = 6.0;
/// Presets that run too long to be repeated here, or are there to show what goes wrong; of all but `warlop_ten`, whose run nothing repeats
/// to its end, see `tests/deep.rs`.
const LEFT_OUT: &[&str] = &["warlop_ten", "ten_network", "puterman_no_target", "calvano_no_memory"];

/// Mean gap of some seeds in percent, and the steps of a run.
fn gap(preset: &str, seeds: u32) -> (f64, u64) {
    let experiment = from_link(&format!("1&p={preset}")).unwrap_or_else(|errors| panic!("{errors:?}")).experiment;
    let yardstick = Rc::new(Yardstick::new(&experiment.compile().unwrap()));
    let (mut total, mut steps) = (0.0, 0);
    for seed in 1..=seeds {
        let mut setup = experiment.compile().unwrap();
        setup.settings.seed = seed;
        let episode = setup.settings.episodes;
        let mut trainer = Trainer::new(Rc::new(setup), Rc::clone(&yardstick)).unwrap();
        trainer.advance(Limit { steps: u64::MAX, episode });
        total += 100.0 * (1.0 - trainer.measure().share);
        steps = trainer.steps();
    }
    (total / f64::from(seeds), steps)
}

fn most(preset: &str) -> f64 {
    MOST.iter().find(|(key, _)| *key == preset).map_or(OTHERWISE, |(_, most)| *most)
}

#[test]
fn the_small_presets_are_learned() {
    for preset in ["toy_b", "pfeifer", "catalogue", "toymaker", "puterman", "zipkin_l1_p4", "clarify", "own_toymaker"] {
        let (mean, steps) = gap(preset, 2);
        assert!(mean <= most(preset), "{preset}: {mean:.2} % after {steps} steps");
    }
}

/// `cargo test --release --test learning -- --ignored --nocapture`: the table of all presets.
#[test]
#[ignore = "takes minutes"]
fn every_preset_is_learned() {
    let presets = SCENARIOS.iter().flat_map(|scenario| scenario.presets).map(|preset| preset.key);
    let mut failed = Vec::new();
    for preset in presets.filter(|preset| !LEFT_OUT.contains(preset)) {
        let (mean, steps) = gap(preset, 5);
        println!("{preset:20} {mean:8.3} %  {steps:>9} steps (at most {} %)", most(preset));
        if mean > most(preset) {
            failed.push(preset);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
