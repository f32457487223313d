//! The command line, as a script calls it.

#![allow(clippy::unwrap_used)]

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
fn nonsense_is_refused_with_a_reason() {
    for arguments in [vec!["evaluate"], vec!["evaluate", "--episodes", "1", "1&p=puterman"], vec!["evaluate", "--weeks", "1&p=puterman"]] {
        let error = retailq(&arguments).unwrap_err();
        assert!(error["error"].is_string() && error["usage"].is_string(), "{error}");
    }
    let error = retailq(&["evaluate", "1&p=nowhere"]).unwrap_err();
    assert_eq!(error["errors"][0]["field"], "preset");
}
