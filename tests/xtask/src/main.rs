//! The project's commands: `cargo xtask serve | test | dist | bench`.
//!
//! It has next to no dependencies, so that it is ready in seconds on a fresh machine, where it then installs what is missing.

mod check;
mod finish;
mod offline;
mod one_file;
mod step;
mod tools;

use std::process::ExitCode;

use step::{Failure, Steps, cargo};
use tools::trunk;

const USAGE: &str = "\
cargo xtask serve    build the page, serve it at http://127.0.0.1:8080 and rebuild on every change
                     (add --dev for quick, slower-running builds; further arguments go to trunk)
cargo xtask test     format, lints, every test on the host and in a headless browser, size of the download
cargo xtask dist     build the page into dist/, ready for any static host
cargo xtask bench    speed of the engine, native and in the browser (further arguments go to criterion)

Each installs what it misses, below target/ wherever possible, and says so.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let result = match (arguments.first().map(String::as_str), rest.as_slice()) {
        (Some("serve"), rest) => serve(rest),
        (Some("test"), []) => check::test(),
        (Some("dist"), []) => dist(&mut Steps::default()),
        (Some("bench"), rest) => bench(rest),
        (Some("finish"), []) => finish::finish(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: &[&str]) -> Result<(), Failure> {
    let mut steps = Steps::default();
    tools::for_building(&mut steps)?;
    let (dev, rest): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|argument| **argument == "--dev");
    step::say("building the page, then serving it; 5 minutes the first time, seconds after a change");
    let profile: &[&str] = if dev.is_empty() { &["--release"] } else { &[] };
    // Not into dist/, since the served page also holds Trunk's reloading script.
    steps.run("serve", trunk("serve").arg("--dist").arg(step::target().join("serve")).args(profile).args(rest))
}

/// Builds `dist/` as a host would serve it.
fn dist(steps: &mut Steps) -> Result<(), Failure> {
    tools::for_building(steps)?;
    tools::for_small_files(steps)?;
    steps.run("page", trunk("build").arg("--release").env(finish::PUBLISH, "1"))
}

fn bench(arguments: &[&str]) -> Result<(), Failure> {
    let mut steps = Steps::default();
    dist(&mut steps)?;
    let chromium = tools::for_driving(&mut steps)?;
    steps.run("native speed", cargo(&["bench", "--package", "retailq-bench", "--"]).args(arguments))?;
    let mut speed = cargo(&["run", "--quiet", "--package", "retailq-browser-tests", "--bin", "speed"]);
    steps.run("speed in Chromium", speed.env("RETAILQ_CHROMIUM", chromium))
}
