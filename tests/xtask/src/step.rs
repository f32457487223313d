//! Running commands one after another: each is announced and timed, and the first that fails ends it all.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The step that failed, and why.
pub struct Failure {
    step: String,
    reason: String,
}

impl Failure {
    /// A failure of the step of this name.
    pub fn new(step: &str, reason: impl fmt::Display) -> Self {
        Self { step: step.to_owned(), reason: reason.to_string() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "step `{}` failed: {}", self.step, self.reason)
    }
}

/// What was run so far.
#[derive(Default)]
pub struct Steps {
    finished: Vec<(String, Duration)>,
    passed: u32,
}

impl Steps {
    /// Runs a command to its end, its output going straight to the terminal.
    pub fn run(&mut self, name: &str, command: &mut Command) -> Result<(), Failure> {
        let start = announce(name, command);
        let status = command.status().map_err(|error| not_started(name, command, error))?;
        self.finish(name, start, status)
    }

    /// Runs a command made of tests, and counts those that pass.
    pub fn run_tests(&mut self, name: &str, command: &mut Command) -> Result<(), Failure> {
        let start = announce(name, command);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(name, command, error))?;
        let output = child.stdout.take().ok_or_else(|| Failure::new(name, "no output"))?;
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(|error| Failure::new(name, error))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            self.passed += passed(&line);
        }
        let status = child.wait().map_err(|error| Failure::new(name, error))?;
        self.finish(name, start, status)
    }

    fn finish(&mut self, name: &str, start: Instant, status: std::process::ExitStatus) -> Result<(), Failure> {
        if !status.success() {
            return Err(Failure::new(name, status));
        }
        self.finished.push((name.to_owned(), start.elapsed()));
        Ok(())
    }

    /// The closing table; its last line reads like that of one test run.
    pub fn print_table(&self) {
        println!("\n{:<32} {:>8}", "step", "seconds");
        for (name, time) in &self.finished {
            println!("{name:<32} {:>8.1}", time.as_secs_f64());
        }
        let total: Duration = self.finished.iter().map(|(_, time)| *time).sum();
        let (passed, steps) = (self.passed, self.finished.len());
        println!("\ntest result: ok. {passed} passed; 0 failed; {steps} steps; finished in {:.0}s", total.as_secs_f64());
    }
}

/// Tests that a closing line of the test harness (`test result: ok. 13 passed; …`) reports.
fn passed(line: &str) -> u32 {
    let count = line.strip_prefix("test result: ok. ").and_then(|rest| rest.split(' ').next());
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn announce(name: &str, command: &Command) -> Instant {
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    say(&format!("{name}: {} {}", command.get_program().to_string_lossy(), arguments.join(" ")));
    Instant::now()
}

fn not_started(name: &str, command: &Command, error: std::io::Error) -> Failure {
    Failure::new(name, format!("cannot start {}: {error}", command.get_program().to_string_lossy()))
}

/// Tells the user what happens next.
pub fn say(text: &str) {
    println!("\n== {text}");
    let _ = std::io::stdout().flush();
}

/// The project's directory.
pub fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).map(PathBuf::from).unwrap_or(own)
}

/// Where everything built or installed goes.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |path| root().join(path))
}

/// A cargo command in the project's directory.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root()).args(arguments);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_are_counted() {
        assert_eq!(passed("test result: ok. 13 passed; 0 failed; 0 ignored"), 13);
        assert_eq!(passed("test words ... ok"), 0);
    }
}
