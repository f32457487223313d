//! What the auditor Lighthouse says of the page as it opens.

use std::process::Command;

use retailq_browser_tests::Browser;
use serde_json::Value;

#[test]
fn lighthouse_grades_its_accessibility_100() {
    let browser = Browser::start();
    let program = std::env::var_os("RETAILQ_LIGHTHOUSE").expect("RETAILQ_LIGHTHOUSE must name Lighthouse: `cargo xtask test` sets it");
    let mut command = Command::new("node");
    command.arg(program).arg(browser.site()).args(["--only-categories=accessibility", "--output=json", "--quiet"]);
    let output = command.arg(format!("--port={}", browser.port())).output().expect("node");
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("no report: {error}: {}", String::from_utf8_lossy(&output.stderr)));
    let audits = report["audits"].as_object().into_iter().flatten();
    let failed: Vec<_> =
        audits.filter(|(_, audit)| audit["score"].as_f64().is_some_and(|score| score < 1.0)).map(|(name, _)| name).collect();
    println!("Lighthouse accessibility: {} of 1", report["categories"]["accessibility"]["score"]);
    assert_eq!(failed, Vec::<&String>::new());
    assert_eq!(report["categories"]["accessibility"]["score"], 1);
}
