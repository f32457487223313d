//! Links and files that are broken in every way we could think of: each is refused in words that name the field, in both languages.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use retailq::invalid::Invalid;
use retailq::protocol::{Command, Event, Goal, Seen};
use retailq::session::Session;
use retailq::share::{from_link, from_text};
use retailq::words::Language;

const LINKS: &[(&str, &str)] = &[
    ("", "link"),
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
    ("1&p=puterman&p=menu", "p"),
    ("1&p=puterman&s=clearance", "scenario"),
    ("1&p=puterman&at=1&at=2", "at"),
    ("1&p=puterman&price=~", "price"),
    ("1&p=puterman&price=1e-400x", "price"),
    ("1&p=puterman&price=１２元", "price"),
    ("1&p=puterman&price=%00", "price"),
    ("1&p=puterman&a%62=3", "a%62"),
    ("1&p=cart&rows=~AAAA", "rows"),
    ("1&p=cart&rows=~____________", "rows"),
    ("1&p=cart&rows=~Lbl65JQkFWI6ohqYRtHi", "rows"),
    ("1&p=cart&rows=;;;;", "rows"),
    ("1&p=cart&rows=a,x,.5,b,1", "rows"),
    ("1&p=cart&rows=a,x,1,b,1e12", "rows"),
    ("1&p=cart&rows=a,x,NaN,b,1", "rows"),
    ("1&p=cart&rows=a,x,1,a,1;b,x,1,a,1", "rows"),
    ("1&p=zheng_10&fill_min=100", "fill_min"),
    ("1&p=segments&segment_phi=1;2;3", "segment_phi"),
    ("1&p=seasons&demand_by_class=.5,.5", "demand_by_class"),
    ("1&p=seasons&demand_by_class=.5,.5;.5,.6;1", "demand_by_class"),
    ("1&p=seasons&demand_by_class=.5,.5;.5,.6;1,0", "demand_by_class"),
    ("1&p=seasons&demand_max=0", "demand_max"),
    ("1&p=seasons&classes=a:3,.5,.6;b:4,.5,.5", "classes"),
    ("1&p=troubleshoot&solve=.5,.6", "solve"),
    ("1&p=clarify&obs=.8,.3;.3,.7", "obs"),
    ("1&p=gvr_clearance&units=500&periods=5000", "periods"),
    ("1&p=calvano_tft&prices=126", "prices"),
    ("1&p=chain&oh_max=100&q1_max=100&q2_max=100", "oh_max"),
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
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"preset\": \"menu\"}", "preset"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"scenario\": \"clearance\"}", "scenario"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": 3, \"capacity\": 4}}", "capacity"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"seed\": 3}, \"learner\": {\"seed\": 4}}", "seed"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": 1e400}}", "file"),
    ("{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {\"capacity\": NaN}}", "file"),
    ("{\"retailq\": 1, \"preset\": \"cart\", \"parameters\": {\"rows\": [{\"state\": \"a\", \"colour\": 1}]}}", "rows"),
    (
        "{\"retailq\": 1, \"preset\": \"cart\", \"parameters\": {\"rows\": [{\"state\": \"a\", \"action\": \"x\", \"probability\": 0.9, \"next\": \"a\", \"reward\": 1}]}}",
        "rows",
    ),
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
            for language in Language::ALL {
                assert!(error.message(language).len() > error.key.len() + 5, "{text}: {error:?}");
            }
        }
    }
}

#[test]
fn every_cut_of_a_link_opens_or_is_explained() {
    let link = "1&p=warlop&phi=Action:3.4,.24,-1.2;Comedy%20%26:3.6,.66,-3.48&memory=3&epsilon=lin:1:.05:200&seed=7&at=12.3";
    for end in (0..link.len()).filter(|end| link.is_char_boundary(*end)) {
        let errors = refused(&link[..end]);
        let said = |error: &Invalid| Language::ALL.map(|language| error.message(language));
        assert!(errors.iter().flat_map(said).all(|text| !text.is_empty()), "{}: {errors:?}", &link[..end]);
        assert!(!errors.is_empty() || from_link(&link[..end]).is_ok(), "{}", &link[..end]);
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

#[test]
fn nesting_and_length_are_bounded() {
    for text in ["[".repeat(300_000), "{\"a\":".repeat(300_000), format!("1&p=puterman&price={}", "1".repeat(5_000_000))] {
        assert_eq!(refused(&text).len(), 1, "{}", &text[..20]);
    }
}

/// A command line of its own for each text: whatever is wrong, it answers with errors as JSON and an exit code that says so.
#[test]
fn the_command_refuses_in_json() {
    let run = |text: &str| std::process::Command::new(env!("CARGO_BIN_EXE_retailq")).args(["solve", text]).output().unwrap();
    for (text, field) in
        [("#1&p=puterman&capacity=0", "capacity"), ("{\"retailq\": 1, \"preset\": \"nothing\"}", "preset"), ("/no/such/file", "file")]
    {
        let output = run(text);
        assert_eq!(output.status.code(), Some(1), "{text}");
        let answer: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(answer["errors"][0]["field"], field, "{text}");
        assert!(output.stdout.is_empty());
    }
    let answer: serde_json::Value = serde_json::from_slice(&run("#1&p=puterman").stdout).unwrap();
    assert!((answer["value"].as_f64().unwrap() - 39.702_325_85).abs() < 1e-7);
    assert_eq!(answer["policy"].as_array().unwrap().len(), 4);
}
