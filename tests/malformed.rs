//! Links and files that are broken in every way we could think of: each is refused in words that name the field, in both languages.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use retailq::invalid::Invalid;
use retailq::protocol::{Command, Event, Goal, Seen};
use retailq::session::Session;
use retailq::share::from_text;
use retailq::words::Language;

const LINKS: &[(&str, &str)] = &[
    ("", "version"),
    ("0&p=puterman", "version"),
    ("9&p=puterman", "version"),
    ("p=puterman", "version"),
    ("NaN", "version"),
    ("1", "p"),
    ("1&", "p"),
    ("1&p", "p"),
    ("1&p=", "preset"),
    ("1&p=nothing", "preset"),
    ("1&p=PUTERMAN", "preset"),
    ("1&p=%FF%FE", "p"),
    ("1&s=nothing", "scenario"),
    ("1&p=puterman&capacity", "capacity"),
    ("1&p=puterman&capacity=", "capacity"),
    ("1&p=puterman&capacity=x", "capacity"),
    ("1&p=puterman&capacity=NaN", "capacity"),
    ("1&p=puterman&capacity=inf", "capacity"),
    ("1&p=puterman&capacity=-1", "capacity"),
    ("1&p=puterman&capacity=0", "capacity"),
    ("1&p=puterman&capacity=2.5", "capacity"),
    ("1&p=puterman&capacity=1e9", "capacity"),
    ("1&p=puterman&capacity=999999999999999999999", "capacity"),
    ("1&p=puterman&capacity=3&capacity=4", "capacity"),
    ("1&p=puterman&Capacity=3", "Capacity"),
    ("1&p=puterman&price=-1", "price"),
    ("1&p=puterman&price=1e400", "price"),
    ("1&p=puterman&price=1,2", "price"),
    ("1&p=puterman&price=0x10", "price"),
    ("1&p=puterman&demand=", "demand"),
    ("1&p=puterman&demand=.5", "demand"),
    ("1&p=puterman&demand=.5,.6", "demand"),
    ("1&p=puterman&demand=1,-1,1", "demand"),
    ("1&p=puterman&demand=NaN,1", "demand"),
    ("1&p=puterman&demand=poisson", "demand"),
    ("1&p=puterman&demand=poisson:", "demand"),
    ("1&p=puterman&demand=poisson:-5", "demand"),
    ("1&p=puterman&demand=poisson:1e9", "demand"),
    ("1&p=puterman&demand=poisson:5:1000000000", "demand"),
    ("1&p=puterman&demand=poisson:5:2.5", "demand"),
    ("1&p=puterman&demand=uniform:5:1", "demand"),
    ("1&p=puterman&demand=uniform:0:99999", "demand"),
    ("1&p=puterman&demand=normal:1:2", "demand"),
    ("1&p=puterman&discount=1.5", "discount"),
    ("1&p=puterman&discount=-.1", "discount"),
    ("1&p=puterman&discount=1", "discount"),
    ("1&p=puterman&alpha=2", "alpha"),
    ("1&p=puterman&alpha=visits:0", "alpha"),
    ("1&p=puterman&alpha=visits:2", "alpha"),
    ("1&p=puterman&gamma=lin:.2", "gamma"),
    ("1&p=puterman&gamma=lin:.2:.9:0", "gamma"),
    ("1&p=puterman&epsilon=visits:.5", "epsilon"),
    ("1&p=puterman&epsilon=exp:1:0:1e12", "epsilon"),
    ("1&p=puterman&epsilon=sometimes", "epsilon"),
    ("1&p=puterman&q0=1e300", "q0"),
    ("1&p=puterman&episodes=0", "episodes"),
    ("1&p=puterman&episodes=1e18", "episodes"),
    ("1&p=puterman&steps=0", "steps"),
    ("1&p=puterman&steps=1000000000", "steps"),
    ("1&p=puterman&seed=-1", "seed"),
    ("1&p=puterman&seed=4294967296", "seed"),
    ("1&p=puterman&seed=1.5", "seed"),
    ("1&p=puterman&algorithm=magic", "algorithm"),
    ("1&p=puterman&w.holding=NaN", "w.holding"),
    ("1&p=puterman&w.holding=1e99", "w.holding"),
    ("1&p=puterman&w.postage=1", "w.postage"),
    ("1&p=puterman&at=-1", "at"),
    ("1&p=puterman&at=1.2.3", "at"),
    ("1&p=puterman&at=99999999999", "at"),
    ("1&p=puterman&at=soon", "at"),
    ("1&p=zipkin_l2_p4&lead=9", "lead"),
    ("1&p=zipkin_l3_p4&capacity=400&order_max=400", "capacity"),
    ("1&p=warlop&phi=", "phi"),
    ("1&p=warlop&phi=A:1,2;B:1", "phi"),
    ("1&p=warlop&phi=A:x", "phi"),
    ("1&p=warlop_ten&memory=8", "memory"),
    ("1&p=garnet&size=1000000000", "size"),
    ("1&p=garnet&size=100000&choices=100", "size"),
    ("1&p=garnet&size=100000&choices=20&branches=50", "size"),
];

const FILES: &[(&str, &str)] = &[
    ("{", "file"),
    ("[]", "file"),
    ("{\"retailq\": 1", "file"),
    ("{}", "version"),
    ("{\"retailq\": 2, \"preset\": \"puterman\"}", "version"),
    ("{\"retailq\": \"1\", \"preset\": \"puterman\"}", "version"),
    ("{\"retailq\": 1}", "p"),
    ("{\"retailq\": 1, \"preset\": 7}", "preset"),
    ("{\"retailq\": 1, \"preset\": \"nothing\"}", "preset"),
    ("{\"retailq\": 1, \"scenario\": \"nothing\"}", "scenario"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"colour\": 1}", "colour"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": []}", "parameters"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": null}}", "capacity"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": {}}}", "capacity"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": [3]}}", "capacity"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": 1e300}}", "capacity"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"demand\": [0.5, 0.6]}}", "demand"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"demand\": [\"a\"]}}", "demand"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"demand\": 5}}", "demand"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"learner\": {\"alpha\": true}}", "alpha"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"learner\": {\"momentum\": 1}}", "momentum"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"weights\": {\"holding\": \"a\"}}", "w.holding"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"at\": 5}", "at"),
    ("{\"retailq\": 1, \"preset\": \"warlop\", \"parameters\": {\"phi\": [{\"name\": 5, \"values\": [1]}]}}", "phi"),
];

/// Everything that is said of a text: errors of reading, or else of loading.
fn refused(text: &str) -> Vec<Invalid> {
    from_text(text).map_or_else(|errors| errors, |shared| shared.experiment.compile().err().into_iter().collect())
}

#[test]
fn a_hundred_malformed_links_and_files_name_the_field() {
    assert!(LINKS.len() + FILES.len() >= 100);
    for (text, field) in LINKS.iter().chain(FILES) {
        let errors = refused(text);
        assert!(errors.iter().any(|error| error.key == *field), "{text}: expected {field}, found {errors:?}");
        for error in errors {
            for language in [Language::English, Language::Chinese] {
                assert!(error.message(language).len() > error.key.len() + 5, "{text}: {error:?}");
            }
        }
    }
}

#[test]
fn every_cut_of_a_link_opens_or_is_explained() {
    let link = "1&p=warlop&phi=Action:3.4,.24,-1.2;Comedy%20%26:3.6,.66,-3.48&memory=3&epsilon=lin:1:.05:200&seed=7&at=12.3";
    for end in (0..link.len()).filter(|end| link.is_char_boundary(*end)) {
        let _ = refused(&link[..end]);
    }
    assert!(refused(link).is_empty(), "{:?}", refused(link));
}

#[test]
fn a_refused_link_leaves_the_running_problem_as_it_was() {
    let mut session = Session::default();
    session.handle(&Command::Load { link: "1&p=puterman".to_owned() });
    let look = Command::Advance { goal: Goal::Steps(500.0), budget: 500, seen: Seen::default() };
    let before = session.handle(&look);
    for (text, field) in LINKS.iter() {
        let reply = session.handle(&Command::Load { link: (*text).to_owned() });
        let Event::Refused(errors) = reply.event else { panic!("{text} was accepted") };
        assert!(errors.iter().any(|error| error.key == *field), "{text}: {errors:?}");
    }
    assert_eq!(session.handle(&look), before);
}
