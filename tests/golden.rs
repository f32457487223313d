//! The same link is the same run, bit for bit: in debug and release here, and in WebAssembly in `tests/browser`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::rc::Rc;

use retailq::config::Position;
use retailq::evaluate::Yardstick;
use retailq::share::{from_link, to_link};
use retailq::trainer::{Limit, Trainer};

fn golden() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("golden.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split_once(' ').unwrap())
}

fn fingerprint(link: &str) -> String {
    let shared = from_link(link).unwrap_or_else(|errors| panic!("{link}: {errors:?}"));
    let setup = Rc::new(shared.experiment.compile().unwrap());
    let yardstick = Rc::new(Yardstick::new(&setup));
    let mut trainer = Trainer::new(setup, yardstick).unwrap();
    let Position { episode, step } = shared.position;
    trainer.advance(Limit { steps: u64::MAX, episode });
    trainer.advance(Limit { steps: trainer.steps() + u64::from(step), episode: u32::MAX });
    assert_eq!(trainer.position(), shared.position, "{link}");
    format!("{:016x}", trainer.fingerprint())
}

#[test]
fn runs_repeat_bit_for_bit() {
    let mut lines = 0;
    let wrong: Vec<String> = golden()
        .inspect(|_| lines += 1)
        .filter_map(|(expected, link)| {
            let found = fingerprint(link);
            (found != expected).then(|| format!("{found} {link}"))
        })
        .collect();
    assert!(wrong.is_empty(), "these runs are not the recorded ones:\n{}", wrong.join("\n"));
    assert!(lines >= 6);
}

/// Links once given out must open for ever, and mean what they meant.
#[test]
fn golden_links_open_and_read_the_same() {
    for (_, link) in golden() {
        let shared = from_link(link).unwrap_or_else(|errors| panic!("{link}: {errors:?}"));
        let again = from_link(&to_link(&shared.experiment, shared.position)).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(to_link(&again.experiment, again.position), to_link(&shared.experiment, shared.position), "{link}");
    }
}

#[test]
fn a_preset_with_six_changes_fits_in_120_characters() {
    let link = "1&p=zipkin_l2_p4&holding=2&shortage=9&demand=poisson:4:18&gamma=exp:.2:.95:100&epsilon=.1&seed=7&at=120.5";
    let shared = from_link(link).unwrap_or_else(|errors| panic!("{errors:?}"));
    let made = to_link(&shared.experiment, shared.position);
    assert!(made.len() < 120, "{} characters: {made}", made.len());
}
