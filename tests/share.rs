//! Links once given out must open for ever, mean what they meant, and stay short.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use retailq::environment::SCENARIOS;
use retailq::invalid::Invalid;
use retailq::pack::pack;
use retailq::share::{MAX_LINK, asks_for_language, asks_to_embed, from_file, from_link, from_text, position_text, to_file, to_link};
use retailq::words::Language;

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
fn nothing_is_written_with_a_sign_and_without() {
    let zero = "1&p=puterman&fixed=0&holding=0&seed=0&q0=0&alpha=0&demand=0,1&w.holding=0";
    let opened = |text: &str| from_text(text).map(|shared| to_link(&shared.experiment, shared.position));
    let zero = opened(zero).unwrap_or_else(|errors| panic!("{errors:?}"));
    let signed = "1&p=puterman&fixed=-0&holding=-0&seed=-0&q0=−0.0&alpha=-0&demand=-0,1&w.holding=-1e-400";
    assert_eq!(opened(signed), Ok(zero.clone()));
    let file = r#"{"retailq": 1, "preset": "puterman", "parameters": {"fixed": -0, "holding": -0.0, "demand": [-0, 1]},
        "learner": {"seed": -0.0, "q0": -0, "alpha": -0.0}, "weights": {"holding": -0.0}}"#;
    assert_eq!(opened(file), Ok(zero));
    let table = |reward: &str| opened(&format!("1&p=cart&rows=a,x,1,b,{reward}"));
    assert_eq!(table("0/-2"), table("0"));
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

fn refused(text: &str) -> Vec<Invalid> {
    from_text(text).err().unwrap_or_else(|| panic!("{} was accepted", text.chars().take(60).collect::<String>()))
}

fn link_of(entries: impl Iterator<Item = String>) -> String {
    ["1".to_owned(), "p=puterman".to_owned()].into_iter().chain(entries).collect::<Vec<_>>().join("&")
}

#[test]
fn far_too_many_entries_are_one_error() {
    let link = |count: u32| link_of((0..count).map(|number| format!("k{number}=1")));
    let file = |count: u32| {
        let entries: Vec<String> = (0..count).map(|number| format!("\"k{number}\": 1")).collect();
        format!("{{\"retailq\": 1, \"preset\": \"puterman\", \"parameters\": {{{}}}}}", entries.join(", "))
    };
    for text in [link(100_000), link_of((0..100_000).map(|_| "x".to_owned())), file(100_000)] {
        assert_eq!(refused(&text).len(), 1);
    }
    // Of fewer the first are listed, and how many more there are is said.
    for text in [link(100), file(100)] {
        let errors = refused(&text);
        assert_eq!((errors.len(), errors[0].key.as_str()), (21, "k0"));
        assert_eq!(errors[20].message(Language::English), "errors: 80 more are not listed");
    }
    assert_eq!(refused(&link(20)).len(), 20);
    let name = "x".repeat(100_000);
    assert!(refused(&format!("1&p=puterman&{name}=1&{name}")).iter().all(|error| error.message(Language::English).len() < 1000));
}

#[test]
fn only_what_may_be_long_is_unpacked_and_no_more_than_a_link_can_hold() {
    let packed = format!("~{}", pack(&format!("{}5", " ".repeat(40_000))));
    assert!(packed.len() < 200, "{}", packed.len());
    for key in ["colour", "w.holding", "seed"] {
        let errors = refused(&format!("1&p=puterman&{key}={packed}"));
        assert_eq!((errors.len(), errors[0].key.as_str()), (1, key));
        assert!(errors[0].value.starts_with('~'), "{errors:?}");
    }
    let link = |keys: &[&str]| link_of(keys.iter().map(|key| format!("{key}={packed}")));
    assert!(from_link(&link(&["capacity", "fixed"])).is_ok());
    let keys: Vec<String> = refused(&link(&["capacity", "fixed", "cost", "holding"])).into_iter().map(|error| error.key).collect();
    assert_eq!(keys, ["cost", "holding"]);
}

#[test]
fn awkward_names_travel_from_file_to_link_to_file() {
    for name in ["a, b", "a: b", "50 % & more = #1 +~", "~2C", "low|低|more", "a\nb", "\"x\" <y>", "茶；", "`"] {
        let file =
            serde_json::json!({ "retailq": 1, "preset": "toy_a", "parameters": { "phi": [{ "name": name, "values": [1, 0.5] }, [2, 3]] } });
        let read = from_file(&file.to_string()).unwrap_or_else(|errors| panic!("{name:?}: {errors:?}"));
        let link = to_link(&read.experiment, read.position);
        let opened = from_link(&link).unwrap_or_else(|errors| panic!("{name:?}: {errors:?}"));
        assert_eq!(opened.experiment.problem, read.experiment.problem, "{name:?}");
        assert_eq!(to_file(&opened.experiment, opened.position), to_file(&read.experiment, read.position));
    }
}

#[test]
fn how_a_link_is_shown_is_no_part_of_an_experiment() {
    let link = "1&p=puterman&capacity=5&at=120.5";
    let embedded = format!("{link}&embed=1");
    assert!(asks_to_embed(&embedded) && asks_to_embed("https://example.org/#1&embed=1&p=puterman") && !asks_to_embed(link));
    let shared = from_link(&embedded).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(to_link(&shared.experiment, shared.position), link);
    let refused = |link: &str| from_link(link).err().unwrap().into_iter().map(|error| error.key).collect::<Vec<_>>();
    assert_eq!(refused("1&p=puterman&embed=0"), ["embed"]);
    assert_eq!(refused("1&p=puterman&embedded=1"), ["embedded"]);
    assert_eq!(refused("1&p=puterman&lang=fr"), ["lang"]);
    let chinese = from_link("1&p=puterman&lang=zh").unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(to_link(&chinese.experiment, chinese.position), "1&p=puterman");
    assert_eq!(asks_for_language("https://example.org/#1&p=puterman&lang=zh"), Some(Language::Chinese));
    assert_eq!(asks_for_language("1&p=puterman&language=zh"), None);
}

#[test]
fn a_long_value_travels_packed_and_a_short_one_as_it_is() {
    let rows =
        |count: usize| (0..count).map(|row| format!("stock {row},sell,1,stock {},{row}", (row + 1) % count)).collect::<Vec<_>>().join(";");
    for count in [2, 30, 100] {
        let plain = format!("1&p=cart&rows={}", rows(count));
        let shared = from_link(&plain).unwrap_or_else(|errors| panic!("{errors:?}"));
        let link = to_link(&shared.experiment, shared.position);
        assert_eq!(link.contains("rows=~"), count > 2, "{link}");
        assert!(link.len() < MAX_LINK, "{count}: {}", link.len());
        let again = from_link(&link).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(again.experiment.problem, shared.experiment.problem);
        if count > 2 {
            for end in link.find('~').unwrap_or(0) + 2..link.len() {
                assert!(from_link(&link[..end]).is_err_and(|errors| errors[0].key == "rows"), "{end}");
            }
        }
    }
}

#[test]
fn a_step_that_no_episode_has_is_refused() {
    let open = |at: &str| from_link(&format!("1&p=puterman&steps=100&at={at}")).map(|shared| position_text(shared.position));
    assert_eq!(open("1.99"), Ok("1.99".to_owned()));
    // As in the field that goes to a step: the last one ends the episode.
    assert_eq!(open("1.100"), Ok("2".to_owned()));
    let said = |at: &str| open(at).unwrap_err().remove(0);
    assert_eq!(said("1.200").message(Language::English), "at = 1.200: an episode has at most 100 steps here");
    assert_eq!(said("1.4294967295").message(Language::Chinese), "at = 1.4294967295：这里每回合最多 100 步");
    let file = r#"{"retailq": 1, "preset": "puterman", "learner": {"steps": 1}, "at": "1.2"}"#;
    assert_eq!(from_text(file).err().unwrap()[0].message(Language::English), "at = 1.2: an episode has 1 step here");
}

#[test]
fn what_is_neither_link_nor_file_is_called_what_it_is() {
    let fault = |text: &str| from_text(text).err().unwrap().remove(0);
    assert_eq!(fault("PK\u{3}\u{4}\u{14}").key, "file");
    assert_eq!(fault(" ").message(Language::English), "link: is empty");
    assert!(fault("hello world").message(Language::English).starts_with("version = hello world: is neither a link"));
    assert!(fault("state,action\nopen,close").message(Language::Chinese).starts_with("file = state,action：是表格"));
    assert!(fault("{\"retailq\": 1, ").message(Language::Chinese).ends_with("结尾似乎缺失"));
    assert!(fault("{\"retailq\": 1,\n x}").message(Language::English).ends_with("line 2, column 2 on"));
    assert_eq!(fault("state,action\nopen,close").key, "file");
    assert_eq!(fault("{\"retailq\": 1, ").key, "file");
    assert!(from_text("\u{feff}{\"retailq\": 1, \"preset\": \"puterman\"}").is_ok());
}
