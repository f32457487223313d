//! The command line, as a script calls it.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

fn retailq(arguments: &[&str]) -> Result<Json, Json> {
    let output = Command::new(env!("CARGO_BIN_EXE_retailq")).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)));
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_else(|| panic!("{json} is no number"))
}

#[test]
fn evaluate_gives_the_verdict_exactly_and_simulated() {
    let link = "1&p=puterman&at=2";
    let report = retailq(&["evaluate", "--episodes", "400", link]).unwrap();
    let trained = retailq(&["train", link]).unwrap();
    assert_eq!(report["learner"]["fingerprint"], trained["fingerprint"]);
    assert_eq!(report["learner"]["value"], trained["greedy_value"]);
    let simulated = &report["simulated"];
    assert_eq!((number(&simulated["episodes"]), number(&simulated["steps"])), (400.0, 100.0));
    let policies = simulated["policies"].as_array().unwrap();
    let names: Vec<&str> = policies.iter().map(|policy| policy["policy"].as_str().unwrap()).collect();
    assert_eq!((names[..2].to_vec(), names[names.len() - 2..].to_vec()), (vec!["learner", "optimum"], vec!["myopic", "random"]));
    assert_eq!(names.len(), 4 + report["baselines"].as_array().unwrap().len());
    for policy in policies {
        let (earned, exact) = (&policy["earned"], number(&policy["exact"]));
        assert!((number(&earned["mean"]) - exact).abs() <= 4.0 * number(&earned["standard_error"]) + 1e-9, "{policy}");
        let ahead = number(&policy["more_than_learner"]["mean"]);
        assert!((ahead - (number(&earned["mean"]) - number(&policies[0]["earned"]["mean"]))).abs() < 1e-9, "{policy}");
    }
    // What the mistakes cost is what the learner is short of the optimum.
    let gap = number(&report["value"]) - number(&report["learner"]["value"]);
    assert!((number(&report["mistakes"]["cost"]) - gap).abs() < 1e-4 * (1.0 + gap), "{}", report["mistakes"]);
}

#[test]
fn compare_names_the_difference_and_pairs_the_runs_of_each_seed() {
    let (near, far) = ("1&p=puterman&episodes=50&gamma=0", "1&p=puterman&episodes=50");
    let report = retailq(&["compare", "--seeds", "3", far, near]).unwrap();
    assert_eq!((&report["verdict"], &report["better"], number(&report["seeds"])), (&"better".into(), &"first".into(), 3.0));
    assert_eq!(report["differences"][0]["key"], "gamma");
    let value = |link: &str, seed: u32| number(&retailq(&["train", &format!("{link}&seed={seed}")]).unwrap()["greedy_value"]);
    let pairs: Vec<(f64, f64)> = (1..=3).map(|seed| (value(far, seed), value(near, seed))).collect();
    let measured = &report["measures"]["greedy_value"];
    let mean = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).sum::<f64>() / 3.0;
    assert!((number(&measured["first"]) - mean(|pair| pair.0)).abs() < 1e-9, "{measured} {pairs:?}");
    let difference = &measured["second_less_first"];
    assert!((number(&difference["mean"]) - mean(|pair| pair.1 - pair.0)).abs() < 1e-9, "{difference} {pairs:?}");
    // Looking one day ahead never orders from an empty shelf, where planning orders three.
    assert_eq!((&report["decisions"]["examples"][0]["state"]["stock"], number(&report["decisions"]["different"])), (&0.into(), 1.0));
    assert_eq!(report["decisions"]["examples"][0]["actions"], serde_json::json!(["order 3", "order nothing"]));
}

#[test]
fn each_command_takes_the_options_that_the_usage_gives_it_and_no_other() {
    const OPTIONS: [&[&str]; 4] = [&["--seeds", "2"], &["--episodes", "9"], &["--save", "x"], &["--compact"]];
    let usage = retailq(&[]).unwrap_err()["usage"].as_str().unwrap().to_owned();
    let lines: Vec<&str> = usage.lines().filter_map(|line| line.split_once("retailq ").map(|(_, rest)| rest)).take(5).collect();
    assert_eq!(lines.iter().map(|line| line.matches("[--").count()).sum::<usize>(), 1 + 3 + 2 + 2 + 1);
    for line in lines {
        let command = line.split(' ').next().unwrap();
        for option in OPTIONS {
            let links = if command == "compare" { 2 } else { 1 };
            let error = retailq(&[&[command], option, &vec!["1&p=nowhere"; links]].concat()).unwrap_err();
            // Whoever gets as far as the preset has taken the option.
            let is_taken = error["errors"].is_array();
            assert_eq!(is_taken, line.contains(option[0]), "{command} {option:?}: {error}");
            assert!(is_taken || error["error"].as_str().unwrap().contains(option[0]), "{error}");
        }
    }
}

#[test]
fn seeds_follow_one_another() {
    let link = "1&p=puterman&episodes=20";
    let report = retailq(&["train", "--seeds", "3", link]).unwrap();
    let fingerprint = |seed: u64| retailq(&["train", &format!("{link}&seed={seed}")]).unwrap()["fingerprint"].clone();
    let runs = report["runs"].as_array().unwrap().iter().map(|run| (run["seed"].as_u64().unwrap(), run["fingerprint"].clone()));
    assert_eq!(runs.collect::<Vec<_>>(), [1, 2, 3].map(|seed| (seed, fingerprint(seed))));
}

/// Runs that would take years, had they begun.
#[test]
fn what_cannot_be_saved_is_refused_before_training() {
    let file = std::env::temp_dir().join(format!("retailq-{}.json", std::process::id()));
    let nowhere = file.join("shop.json");
    for (learner, path) in [("q_learning", &file), ("dqn", &nowhere)] {
        let link = format!("1&p=puterman&algorithm={learner}&episodes=1000000&steps=100000");
        let error = retailq(&["train", "--save", path.to_str().unwrap(), &link]).unwrap_err();
        assert_eq!(error["errors"][0]["field"], "save", "{error}");
        assert!(!path.exists());
    }
    let link = "1&p=puterman&algorithm=dqn&episodes=1000000&steps=100000";
    let mut running = Command::new(env!("CARGO_BIN_EXE_retailq")).args(["train", "--save", file.to_str().unwrap(), link]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(beginning_with(&file), Vec::<PathBuf>::new());
}

/// The files in the directory of a file whose names begin with its.
fn beginning_with(file: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.to_str().unwrap().starts_with(file.to_str().unwrap())).collect()
}

#[test]
fn a_saved_network_takes_the_place_of_the_file_that_was_there() {
    let file = std::env::temp_dir().join(format!("retailq-saved-{}.json", std::process::id()));
    let path = file.to_str().unwrap();
    std::fs::write(&file, "something else ".repeat(10_000)).unwrap();
    let first = retailq(&["train", "--save", path, "1&p=puterman&algorithm=dqn&hidden=4&episodes=2"]).unwrap();
    assert_eq!(beginning_with(&file), [Path::new(path)]);
    let second = retailq(&["train", path]).unwrap();
    assert_ne!(first["fingerprint"], second["fingerprint"]);
    std::fs::remove_file(&file).unwrap();
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_stays_a_link() {
    let file = std::env::temp_dir().join(format!("retailq-behind-{}.json", std::process::id()));
    let link = file.with_extension("link");
    std::fs::write(&file, "before").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    retailq(&["train", "--save", link.to_str().unwrap(), "1&p=puterman&algorithm=dqn&hidden=4&episodes=2"]).unwrap();
    let (is_link, behind) = (std::fs::symlink_metadata(&link).unwrap().is_symlink(), std::fs::read_to_string(&file).unwrap());
    [&link, &file].into_iter().for_each(|path| std::fs::remove_file(path).unwrap());
    assert!(is_link && behind.contains("network"), "{behind}");
}

#[test]
fn a_file_is_a_file_whatever_its_name() {
    let file = std::env::temp_dir().join(format!("retailq-{} #1&p=warlop.json", std::process::id()));
    std::fs::write(&file, r#"{ "retailq": 1, "preset": "puterman" }"#).unwrap();
    let solved = retailq(&["solve", file.to_str().unwrap()]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(solved.unwrap()["preset"], "puterman");
}

#[test]
fn a_single_preset_is_listed_with_all_its_actions() {
    let listed = |arguments: &[&str]| retailq(arguments).unwrap()["scenarios"][0].clone();
    let preset = listed(&["list", "chain_poisson"]);
    let names = |scenario: &Json| scenario["actions"].as_array().unwrap().len();
    assert_eq!((names(&preset), number(&preset["action_count"])), (441, 441.0));
    let solved = retailq(&["solve", "1&p=puterman"]).unwrap();
    let actions = listed(&["list", "puterman"])["actions"].clone();
    for decision in solved["policy"].as_array().unwrap() {
        assert_eq!(actions[decision["action_index"].as_u64().unwrap() as usize], decision["action"]);
    }
}

#[test]
fn nonsense_is_refused_with_a_reason() {
    for arguments in [vec!["evaluate"], vec!["evaluate", "--episodes", "1", "1&p=puterman"], vec!["evaluate", "--weeks", "1&p=puterman"]] {
        let error = retailq(&arguments).unwrap_err();
        assert!(error["error"].is_string() && error["usage"].is_string(), "{error}");
    }
    let error = retailq(&["evaluate", "1&p=nowhere"]).unwrap_err();
    assert_eq!(error["errors"][0]["field"], "preset");
}
