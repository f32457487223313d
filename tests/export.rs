//! What is taken away says what the run is, exactly, in files that every spreadsheet reads.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use retailq::config::Position;
use retailq::csv;
use retailq::export::{POLICY_COLUMNS, Sheet};
use retailq::protocol::{Command, Event, Goal, Progress, Seen};
use retailq::session::Session;
use retailq::share::from_link;
use retailq::words::Language::{self, Chinese, English};

fn at(link: &str, goal: Goal) -> (Session, Progress) {
    let mut session = Session::default();
    assert!(matches!(session.handle(&Command::Load { link: link.to_owned() }).event, Event::Loaded(_)));
    let progress = go(&mut session, goal);
    (session, progress)
}

fn go(session: &mut Session, goal: Goal) -> Progress {
    let Event::Advanced(progress) = session.handle(&Command::Advance { goal, budget: u32::MAX, seen: Seen::default() }).event else {
        panic!()
    };
    *progress
}

/// The whole file, and the number of parts it came in.
fn file(session: &mut Session, sheet: Sheet, language: Language, rows: u32) -> (String, u32) {
    let (mut text, mut parts) = (String::new(), 0);
    loop {
        let Event::Sheet(part) = session.handle(&Command::Sheet { sheet, language, begin: parts == 0, rows }).event else { panic!() };
        assert!((0.0..=1.0).contains(&part.share), "{part:?}");
        text.push_str(&part.text);
        parts += 1;
        if part.last {
            return (text, parts);
        }
    }
}

/// Header and rows, every row as wide as the header.
fn cells(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    assert!(text.starts_with(csv::MARK) && text.ends_with("\r\n"));
    let mut rows: Vec<Vec<String>> = csv::read(text).unwrap().into_iter().map(|record| record.cells).collect();
    let header = rows.remove(0);
    assert!(rows.iter().all(|row| row.len() == header.len()), "{header:?}");
    (header, rows)
}

fn numbers(rows: &[Vec<String>], column: usize) -> Vec<f64> {
    rows.iter().map(|row| row[column].parse().unwrap()).collect()
}

const SHOP: &str = "1&p=puterman";
const MIDDLE: Goal = Goal::Position(Position { episode: 120, step: 7 });

#[test]
fn the_q_table_is_exact_whatever_its_parts() {
    let (mut session, _) = at(SHOP, MIDDLE);
    let whole = file(&mut session, Sheet::Table, English, 1000);
    let (text, parts) = file(&mut session, Sheet::Table, English, 2);
    assert_eq!((text, whole.1), (whole.0.clone(), 1));
    assert!(parts > 2);
    let (header, rows) = cells(&whole.0);
    assert_eq!(header[0], "number of the state, from 0");
    let expected = session.handle(&Command::Table { first: 0, count: 4 }).numbers;
    let learned: Vec<f64> = expected[..16].iter().copied().filter(|value| value.is_finite()).collect();
    let column = header.iter().position(|name| name == "Q").unwrap();
    assert_eq!(numbers(&rows, column), learned);
    assert_eq!(rows.len(), learned.len());
}

#[test]
fn the_policy_is_a_decision_table() {
    let (mut session, _) = at(SHOP, Goal::Position(Position { episode: 2000, step: 0 }));
    let (header, rows) = cells(&file(&mut session, Sheet::Policy, English, 100).0);
    let action = header.len() - POLICY_COLUMNS;
    assert_eq!(header[action], "greedy action");
    let actions: Vec<&str> = rows.iter().map(|row| row[action].as_str()).collect();
    assert_eq!(actions, ["order 3", "order nothing", "order nothing", "order nothing"]);
    assert!(rows.iter().all(|row| row.last().unwrap() == "1"));
}

#[test]
fn the_states_visited_most_come_first() {
    let (mut session, _) = at("1&p=zheng_10", Goal::Position(Position { episode: 50, step: 0 }));
    let (header, rows) = cells(&file(&mut session, Sheet::Table, English, 1000).0);
    let column = header.iter().position(|name| name == "visits").unwrap();
    let mut visits: Vec<(u64, usize)> = (0..81).map(|state| (0, state)).collect();
    rows.iter().for_each(|row| visits[row[0].parse::<usize>().unwrap()].0 += row[column].parse::<u64>().unwrap());
    visits.sort_by_key(|(visits, state)| (std::cmp::Reverse(*visits), *state));
    let (text, parts) = file(&mut session, Sheet::Usual, English, 12);
    let (header, usual) = cells(&text);
    let column = header.iter().position(|name| name == "visits").unwrap();
    let found: Vec<(u64, usize)> = usual.iter().map(|row| (row[column].parse().unwrap(), row[0].parse().unwrap())).collect();
    assert_eq!((&found[..], parts), (&visits[..12], 1));
    // The rows are those of the whole table, but for the visits of actions that are not greedy.
    let (_, policy) = cells(&file(&mut session, Sheet::Policy, English, 1000).0);
    let but_visits = |row: &Vec<String>| [&row[..column], &row[column + 1..]].concat();
    assert!(usual.iter().all(|row| policy.iter().any(|other| but_visits(other) == but_visits(row))));
    // Of fewer states there are all in which something is decided.
    let (mut session, _) = at("1&p=clearance_short", Goal::Steps(1.0));
    assert_eq!(cells(&file(&mut session, Sheet::Usual, English, 1000).0).1.len(), 30);
}

#[test]
fn where_nothing_was_learned_a_table_recommends_nothing() {
    let recommended = |link: &str| {
        let (mut session, _) = at(link, Goal::Steps(1.0));
        let (header, rows) = cells(&file(&mut session, Sheet::Policy, English, 100).0);
        let first = header.len() - POLICY_COLUMNS;
        // Of what is optimal there is no doubt.
        assert!(rows.iter().all(|row| !row[first + 3].is_empty() && !row[first + 4].is_empty()));
        rows.iter().map(|row| [first, first + 1, first + 5].map(|column| !row[column].is_empty())).collect::<Vec<_>>()
    };
    // After one step one state is known. A network has an opinion of every state, but of three nobody will ever ask: units sold before the
    // days in which to sell them.
    let known = recommended(SHOP);
    assert_eq!((known.iter().filter(|row| **row == [true; 3]).count(), known.iter().filter(|row| **row == [false; 3]).count()), (1, 3));
    assert!(recommended("1&p=puterman&algorithm=dqn").iter().all(|row| *row == [true; 3]));
    let season = recommended("1&p=clearance_short&algorithm=dqn");
    assert_eq!((season.len(), season.iter().filter(|row| **row == [false; 3]).count()), (30, 3));
}

#[test]
fn the_steps_of_the_episode_are_those_that_were_taken() {
    let (mut session, progress) = at(SHOP, MIDDLE);
    let moment = progress.moment.unwrap();
    let (text, _) = file(&mut session, Sheet::Steps, English, 3);
    let (header, rows) = cells(&text);
    assert_eq!(rows.len(), 7);
    let column = |name: &str| header.iter().position(|other| other == name).unwrap();
    let last = &rows[6];
    let value = |name: &str| last[column(name)].parse::<f64>().unwrap();
    assert_eq!(value("Q after"), moment.after);
    assert_eq!(value("TD error"), moment.error);
    assert_eq!(value("reward"), moment.reward);
    assert_eq!(value("number of the state, from 0"), f64::from(moment.state));
    // The chain of states: each step begins where the one before ended.
    for pair in rows.windows(2) {
        assert_eq!(pair[0][column("next state")], pair[1][column("state in words")]);
    }
    // The run itself has not moved.
    assert_eq!(go(&mut session, MIDDLE).fingerprint, progress.fingerprint);
}

#[test]
fn between_two_episodes_the_steps_are_those_of_the_last() {
    let (mut session, progress) = at(SHOP, Goal::Position(Position { episode: 30, step: 0 }));
    let (header, rows) = cells(&file(&mut session, Sheet::Steps, English, 1000).0);
    assert_eq!(rows.len(), 100);
    let after = header.iter().position(|name| name == "Q after").unwrap();
    assert_eq!(numbers(&rows, after)[99], progress.moment.unwrap().after);
    assert_eq!(rows[99].last().unwrap(), "cut for its length");
    let (mut fresh, _) = at(SHOP, Goal::Steps(0.0));
    assert_eq!(cells(&file(&mut fresh, Sheet::Steps, English, 10).0).1, Vec::<Vec<String>>::new());
}

#[test]
fn a_table_shows_the_moment_it_was_asked_for() {
    let (mut session, _) = at(SHOP, MIDDLE);
    let expected = file(&mut session, Sheet::Table, English, 1000).0;
    let mut ask = |begin| {
        let Event::Sheet(part) = session.handle(&Command::Sheet { sheet: Sheet::Table, language: English, begin, rows: 4 }).event else {
            panic!()
        };
        go(&mut session, Goal::Steps(50_000.0));
        part
    };
    let mut text = String::new();
    let mut part = ask(true);
    text.push_str(&part.text);
    while !part.last {
        part = ask(false);
        text.push_str(&part.text);
    }
    assert_eq!(text, expected);
}

#[test]
fn episodes_say_how_many_a_row_stands_for() {
    let (mut session, _) = at("1&p=puterman&episodes=100000", Goal::Position(Position { episode: 5000, step: 0 }));
    let (header, rows) = cells(&file(&mut session, Sheet::Episodes, English, 100).0);
    assert!(header[2].contains("means"));
    // A rate is that of the first, not a mean.
    let settings = from_link("1&p=puterman&episodes=100000").unwrap().experiment.settings().unwrap();
    let epsilon = header.iter().position(|name| name == "epsilon in the first episode").unwrap();
    let pairs = numbers(&rows, 0).into_iter().zip(numbers(&rows, epsilon));
    pairs.for_each(|(first, epsilon)| assert_eq!(epsilon, settings.epsilon.at(first as u32 - 1)));
    assert_eq!(numbers(&rows, 2).iter().sum::<f64>(), 5000.0);
    assert!(numbers(&rows, 2)[0] > 1.0 && rows.len() <= 1024);
    assert_eq!((rows[0][0].as_str(), rows.last().unwrap()[1].as_str()), ("1", "5000"));
    let (mean, low, high) = (numbers(&rows, 3), numbers(&rows, 4), numbers(&rows, 5));
    assert!((0..rows.len()).all(|row| low[row] <= mean[row] && mean[row] <= high[row]));
    let (_, measured) = cells(&file(&mut session, Sheet::Checkups, English, 100).0);
    assert!(numbers(&measured, 2).last().is_some_and(|share| *share > 0.9));
}

#[test]
fn every_table_has_a_header_in_either_language() {
    let (mut session, _) = at("1&p=own_toymaker", Goal::Position(Position { episode: 3, step: 2 }));
    for sheet in Sheet::ALL {
        let (english, chinese) = (cells(&file(&mut session, sheet, English, 50).0), cells(&file(&mut session, sheet, Chinese, 50).0));
        assert_eq!(english.0.len(), chinese.0.len());
        assert!(chinese.0.iter().filter(|name| name.chars().any(|letter| letter as u32 >= 0x4e00)).count() * 2 > chinese.0.len());
        assert_eq!(english.1.len(), chinese.1.len());
        assert!(!english.1.is_empty(), "{sheet:?}");
    }
}

#[test]
fn no_name_of_a_visitor_becomes_a_formula() {
    let (mut session, _) = at("1&p=cart&rows=open,=1+1,1,gone,5;gone", Goal::Steps(5.0));
    let text = file(&mut session, Sheet::Table, English, 50).0;
    assert!(text.contains(",'=1+1,"), "{text}");
}

#[test]
fn a_network_that_sees_pictures_is_exported_as_it_is_shown() {
    let (mut session, _) = at("1&p=shelf_pixels", Goal::Position(Position { episode: 1, step: 3 }));
    let (_, rows) = cells(&file(&mut session, Sheet::Table, English, 1000).0);
    let Event::Loaded(facts) = session.handle(&Command::Load { link: "1&p=shelf_pixels".to_owned() }).event else { panic!() };
    go(&mut session, Goal::Position(Position { episode: 1, step: 3 }));
    let shown = session.handle(&Command::Table { first: 0, count: facts.states }).numbers;
    let learned = &shown[..(facts.states * facts.stride) as usize];
    let q = rows[0].len() - 5;
    let exported = numbers(&rows, q);
    let shown: Vec<f64> = learned.iter().copied().filter(|value| value.is_finite()).take(exported.len()).collect();
    assert_eq!(exported, shown);
}
