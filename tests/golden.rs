//! The same link gives the same run, bit for bit, in every build: debug, release, and in the browser, where
//! `tests/browser/tests/page/golden.rs` compares with the same file.

#![allow(clippy::unwrap_used)]

use retailq::environment::SCENARIOS;
use retailq::protocol::{Command, Event, Goal, Seen};
use retailq::session::Session;
use retailq::share::from_link;

/// On each line the run's fingerprint, the bits of the optimal value at the start, and a link with a position.
const GOLDEN: &str = include_str!("golden.txt");

fn links() -> Vec<&'static str> {
    GOLDEN.lines().filter_map(|line| line.split(' ').nth(2)).collect()
}

/// The line that belongs to a link.
fn measure(link: &str) -> String {
    let position = from_link(link).unwrap_or_else(|errors| panic!("{link}: {errors:?}")).position;
    let mut session = Session::default();
    let Event::Loaded(facts) = session.handle(&Command::Load { link: link.to_owned() }).event else { panic!("{link} is refused") };
    let advance = Command::Advance { goal: Goal::Position(position), budget: u32::MAX, seen: Seen::default() };
    let Event::Advanced(progress) = session.handle(&advance).event else { panic!("{link} does not run") };
    format!("{} {:016x} {link}", progress.fingerprint.unwrap(), facts.optimum.to_bits())
}

#[test]
fn runs_are_the_recorded_ones() {
    let measured: Vec<String> = links().into_iter().map(measure).collect();
    let recorded: Vec<&str> = GOLDEN.lines().collect();
    assert_eq!(measured, recorded, "\nif the change is meant, tests/golden.txt becomes\n{}\n", measured.join("\n"));
}

#[test]
fn every_preset_is_recorded() {
    let presets = SCENARIOS.iter().flat_map(|scenario| scenario.presets);
    let is_recorded = |key: &str| links().iter().any(|link| link.split('&').any(|part| part.strip_prefix("p=") == Some(key)));
    let missing: Vec<String> =
        presets.filter(|preset| !is_recorded(preset.key)).map(|preset| measure(&format!("1&p={}&at=100.0", preset.key))).collect();
    assert!(missing.is_empty(), "\nadd to tests/golden.txt\n{}\n", missing.join("\n"));
}
