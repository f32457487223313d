//! `cargo xtask test`: everything that must hold before a change is good.

use crate::step::{Failure, Steps, cargo, root, say};
use crate::tools;

/// Runs every check and closes with a table of times.
pub fn test() -> Result<(), Failure> {
    let steps = &mut Steps::default();
    steps.run("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    tools::for_building(steps)?;
    let browser = tools::for_page_tests(steps)?;

    let lints = ["--locked", "--", "-D", "warnings"];
    steps.run("lints on the host", cargo(&["clippy", "--workspace", "--all-targets"]).args(lints))?;
    steps.run("lints on wasm32", cargo(&["clippy", "--target", tools::WASM, "--lib", "--bins"]).args(lints))?;

    steps.run_tests("task runner", &mut cargo(&["test", "--package", "retailq-xtask"]))?;
    steps.run_tests("host", &mut cargo(&["test", "--lib", "--bins", "--tests"]))?;
    steps.run_tests("documentation", &mut cargo(&["test", "--doc"]))?;
    steps.run_tests("golden digest, release", &mut cargo(&["test", "--release", "--test", "golden"]))?;

    crate::dist(steps)?;
    // One browser at a time: several at once would disturb what is timed.
    let mut page = cargo(&["test", "--package", "retailq-browser-tests", "--", "--test-threads=1"]);
    page.env("RETAILQ_DIST", root().join("dist")).env("RETAILQ_CHROMIUM", browser.chromium);
    page.env("RETAILQ_AXE", browser.axe).env("RETAILQ_LIGHTHOUSE", browser.lighthouse);
    steps.run_tests("page in headless Chromium", &mut page)?;
    match tools::firefox() {
        Some(firefox) => {
            let mut runs = cargo(&["test", "--package", "retailq-browser-tests", "--", "--ignored", "firefox"]);
            steps.run_tests("runs in Firefox", runs.env("RETAILQ_DIST", root().join("dist")).env("RETAILQ_FIREFOX", firefox))?;
        }
        None => say("no Firefox was found: that it repeats the same runs is not tested here"),
    }
    steps.run("size of the download", &mut cargo(&["run", "--quiet", "--package", "retailq-browser-tests", "--bin", "size"]))?;
    steps.print_table();
    Ok(())
}
