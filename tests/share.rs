//! Links once given out must open for ever, mean what they meant, and stay short.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use retailq::environment::SCENARIOS;
use retailq::share::{MAX_LINK, from_file, from_link, to_file, to_link};

fn golden_links() -> impl Iterator<Item = &'static str> {
    include_str!("golden.txt").lines().filter_map(|line| line.split(' ').nth(2))
}

#[test]
fn golden_links_open_and_read_the_same() {
    for link in golden_links() {
        let shared = from_link(link).unwrap_or_else(|errors| panic!("{link}: {errors:?}"));
        let made = to_link(&shared.experiment, shared.position);
        let again = from_link(&made).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(to_link(&again.experiment, again.position), made);
        let filed = from_file(&to_file(&shared.experiment, shared.position)).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(to_link(&filed.experiment, filed.position), made);
    }
}

#[test]
fn a_preset_with_six_changes_fits_in_120_characters() {
    let link = "1&p=zipkin_l2_p4&holding=2&shortage=9&demand=poisson:4:18&gamma=exp:.2:.95:100&epsilon=.1&seed=7&at=120.5";
    let shared = from_link(link).unwrap_or_else(|errors| panic!("{errors:?}"));
    let made = to_link(&shared.experiment, shared.position);
    assert!(made.len() < 120, "{} characters: {made}", made.len());
}

#[test]
fn a_preset_alone_makes_the_shortest_link() {
    for preset in SCENARIOS.iter().flat_map(|scenario| scenario.presets) {
        let link = format!("1&p={}", preset.key);
        let shared = from_link(&link).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(to_link(&shared.experiment, shared.position), link);
        assert!(link.len() <= MAX_LINK);
    }
}
