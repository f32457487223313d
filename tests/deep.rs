//! Deep Q-learning on the registered problems, with its own schedules: `1&p=PRESET&algorithm=dqn`.
//!
//! Share of the way from random choice to the optimum, in percent, over five seeds (the ignored tests below measure it
//! anew):
//!
//! | preset | mean | worst | steps |
//! | --- | --- | --- | --- |
//! | warlop | 99.7 | 98.6 | 40,000 |
//! | menu | 97.5 | 93.4 | 79,000 |
//! | pfeifer | 98.0 | 90.0 | 2,100 |
//! | catalogue | 97.7 | 94.2 | 40,000 |
//! | toymaker | 100 | 100 | 40,000 |
//! | reference_price | 97.1 | 86.2 | 40,000 |
//! | puterman | 98.0 | 90.0 | 40,000 |
//! | zipkin_l2_p4 | 98.7 | 98.6 | 40,000 |
//! | zheng_10 | 99.9 | 99.8 | 40,000 |
//! | seasons | 98.4 | 97.6 | 40,000 |
//! | chain | 99.8 | 99.7 | 40,000 |
//! | beer | 96.3 | 89.7 | 11,600 |
//! | clarify | 97.8 | 90.3 | 40,000 |
//! | troubleshoot | 98.5 | 97.5 | 49,000 |
//! | calvano_tft | 99.9 | 99.6 | 40,000 |
//! | cart | 100 | 100 | 38,000 |
//! | garnet | 98.0 | 97.5 | 100,000 |
//! | gvr_clearance | 95.7 | 94.4 | 322,000 |
//! | shelf_pixels | 95.3 | 93.4 | 40,000 |
//! | clarify_words | 97.4 | 96.8 | 40,000 |
//!
//! In the clearance sale neighbouring prices earn nearly the same; what tells them apart is a second layer of eight units, since a day's
//! values differ in little but what the next unit is worth, and batches of 256 (on ten seeds 95.2). In `clarify`, never asking is already
//! worth 90 %, so that only the last tenth tells what was learned.
//! `ten_network`, a million pairs: 74.95 on average (74.71 to 75.05) where the best simple rule earns 66.7 and the optimum is 75.08.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::rc::Rc;
use std::sync::Arc;

use retailq::agent::dqn::Input;
use retailq::agent::dqn::saved::Saved;
use retailq::config::{Experiment, Position, Setup};
use retailq::environment::SCENARIOS;
use retailq::evaluate::{Yardstick, measure_baseline};
use retailq::metrics::Checkup;
use retailq::protocol::{Command, Event, Goal, Progress, Seen};
use retailq::records::{BUCKET, CheckupRow};
use retailq::session::Session;
use retailq::share::{from_file, from_link, to_file, to_link};
use retailq::study::difference::differences;
use retailq::study::paired::interval;
use retailq::study::sweep::Axis;
use retailq::study::{Job, Outcome, Sweep, identity, on_threads};
use retailq::trainer::{Limit, Trainer};

fn setup(link: &str) -> Setup {
    from_link(link).unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap()
}

/// The learner after the planned episodes, and the steps it took.
fn measured(link: &str) -> (Checkup, u64) {
    let setup = Rc::new(setup(link));
    let yardstick = Rc::new(Yardstick::new(&setup));
    let mut trainer = Trainer::new(Rc::clone(&setup), yardstick).unwrap();
    trainer.advance(Limit { steps: u64::MAX, episode: setup.settings.episodes });
    (trainer.measure(), trainer.steps())
}

/// Share of the way from random choice to the optimum after the planned episodes, and the steps it took.
fn share(link: &str) -> (f64, u64) {
    let (checkup, steps) = measured(link);
    (checkup.share, steps)
}

#[test]
fn the_shop_is_learned() {
    let (share, steps) = share(
        "1&p=puterman&algorithm=dqn&hidden=16,16&batch=16&encoding=one_hot&episodes=100&epsilon=lin:1:.1:60&alpha=lin:.005:.0005:100",
    );
    assert!(share > 0.99 && steps == 10_000, "{share} {steps}");
}

#[test]
fn four_problems_are_learned_in_a_short_run() {
    // A tenth to a half of the default lengths, so that every test run affords it; the ignored test below does it in full.
    let short = "algorithm=dqn&hidden=32&batch=16&episodes=100&epsilon=lin:1:.05:60&alpha=lin:.003:.0003:100";
    for preset in ["catalogue", "toymaker", "calvano_tft", "clarify"] {
        let (share, steps) = share(&format!("1&p={preset}&{short}&steps=100"));
        assert!(share > 0.95 && steps <= 10_000, "{preset}: {share} {steps}");
    }
}

#[test]
fn raw_pixels_are_learned_in_a_short_run() {
    let (share, steps) = share("1&p=shelf_pixels&hidden=32&batch=16&episodes=120&epsilon=lin:1:.05:60&alpha=lin:.002:.0002:120");
    assert!(share > 0.9 && steps == 12_000, "{share} {steps}");
}

#[test]
fn a_long_run_keeps_no_more_than_there_is_room_for() {
    let setup = Rc::new(setup("1&p=shelf_pixels&hidden=8&batch=4&replay=500&warmup=100&steps=10"));
    let mut trainer = Trainer::new(Rc::clone(&setup), Rc::new(Yardstick::new(&setup))).unwrap();
    let mut kept_at = |steps| {
        trainer.advance(Limit { steps, episode: u32::MAX });
        let lesson = trainer.network().unwrap().lesson().unwrap();
        (lesson.remembered, trainer.series().buckets().len(), trainer.checkups().len())
    };
    assert_eq!(kept_at(300).0, 300);
    // Episodes of ten steps: beyond a thousand of them neighbours share a bucket, and the memory has forgotten what it began with.
    let (remembered, buckets, checkups) = kept_at(10_000);
    assert_eq!((remembered, buckets), (500, 1000));
    let (remembered, buckets, more) = kept_at(20_000);
    assert_eq!((remembered, buckets), (500, 1000));
    // Twice the run, a constant number of checkups more: one whenever it is a twenty-fourth longer.
    assert!((1..=18).contains(&(more - checkups)), "{checkups} and {more}");
}

#[test]
fn studies_of_a_saved_network_begin_with_it() {
    let experiment = from_link("1&p=puterman&algorithm=dqn&hidden=8&warmup=20&episodes=3&steps=50").unwrap().experiment;
    let begun_with = |saved: &Saved| Experiment { network: Some(Arc::new(saved.clone())), ..experiment.clone() };
    let studied = |experiment: &Experiment| {
        let Outcome::Done(trace) = on_threads(vec![Job::planned(experiment, 0).unwrap()]).remove(0) else { panic!() };
        trace.last
    };
    let mut session = Session::default();
    session.handle(&Command::Load { link: to_link(&experiment, Position::default()) });
    let run = |session: &mut Session| {
        let goal = Goal::Position(Position { episode: 3, step: 0 });
        session.handle(&Command::Advance { goal, budget: u32::MAX, seen: Seen::default() });
        CheckupRow::of(session.handle(&Command::Measure).numbers.first_chunk().unwrap())
    };
    let (first, network) = (run(&mut session), saved(&mut session));
    session.handle(&Command::Begin { network: network.clone() });
    let second = run(&mut session);
    assert_ne!(first, second);
    assert_eq!((studied(&experiment), studied(&begun_with(&network))), (first, second));
    // Networks differ to whoever keeps or compares results, and a sweep, whose cells are links, would lose the weights.
    let sides = [begun_with(&network), begun_with(&Saved { mean: network.mean + 1.0, ..network })];
    assert!(identity(&sides[0]) != identity(&sides[1]) && identity(&sides[0]) != identity(&experiment));
    assert_eq!(differences([&sides[0], &sides[1]])[0].key, "network");
    let axes = ["alpha", "epsilon"].map(|key| Axis::read(&sides[0], key, ".1").unwrap());
    assert!(Sweep::plan(&sides[0], axes, 1).is_err_and(|error| error.key == "network"));
}

const SMALL: &str = "1&p=puterman&algorithm=dqn&hidden=8,5&batch=4&warmup=50&encoding=both";

fn saved(session: &mut Session) -> Saved {
    let Event::Network(Some(network)) = session.handle(&Command::Network).event else { panic!("no network") };
    *network
}

fn table(session: &mut Session) -> Vec<f64> {
    session.handle(&Command::Table { first: 0, count: 4 }).numbers[..16].to_vec()
}

#[test]
fn a_run_begins_with_the_network_that_was_saved() {
    let (mut session, _) = load(SMALL);
    assert_ne!(table(&mut session), table(&mut { load(&format!("{SMALL}&seed=2")).0 }));
    advance(&mut session, Goal::Steps(2500.0));
    let (network, learned) = (saved(&mut session), table(&mut session));
    assert_eq!(network.shape, [5, 8, 5, 4]);
    // Through a file, as the page and the command line keep it.
    let mut experiment = from_link(SMALL).unwrap_or_else(|errors| panic!("{errors:?}")).experiment;
    experiment.network = Some(Arc::new(network));
    let shared = from_file(&to_file(&experiment, Position::default())).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(shared.experiment.network, experiment.network);
    let (mut fresh, _) = load(SMALL);
    let network = shared.experiment.network.unwrap();
    let reply = fresh.handle(&Command::Begin { network: (*network).clone() });
    assert!(matches!(reply.event, Event::Loaded(_)), "{reply:?}");
    assert_eq!(table(&mut fresh), learned);
    let further = advance(&mut fresh, Goal::Steps(300.0));
    assert_eq!(further.lesson.map(|lesson| lesson.updates), Some(250.0));
    assert_ne!(table(&mut fresh), learned);
}

#[test]
fn a_network_that_does_not_fit_is_refused_by_field_and_the_run_goes_on() {
    let (mut session, _) = load(SMALL);
    let network = saved(&mut session);
    let before = advance(&mut session, Goal::Steps(300.0));
    let wider = Saved { shape: vec![5, 8, 6, 4], ..network.clone() };
    let other = Saved { encoding: "scaled".to_owned(), ..network.clone() };
    let later = Saved { version: 2, ..network.clone() };
    let cut = Saved { values: network.values[..40].to_owned(), ..network.clone() };
    for (network, key) in [(wider, "network.shape"), (other, "network.encoding"), (later, "network.version"), (cut, "network.values")] {
        let Event::Refused(errors) = session.handle(&Command::Begin { network }).event else { panic!("{key}") };
        assert_eq!(errors[0].key, key);
    }
    assert_eq!(advance(&mut session, Goal::Steps(300.0)), before);
    let (mut table, _) = load("1&p=puterman");
    assert_eq!(table.handle(&Command::Network).event, Event::Network(None));
    let Event::Refused(errors) = table.handle(&Command::Begin { network }).event else { panic!("a table took a network") };
    assert_eq!(errors[0].key, "network");
}

fn advance(session: &mut Session, goal: Goal) -> Progress {
    let reply = session.handle(&Command::Advance { goal, budget: 100_000, seen: Seen::default() });
    let Event::Advanced(progress) = reply.event else { panic!("{reply:?}") };
    *progress
}

fn load(link: &str) -> (Session, Event) {
    let mut session = Session::default();
    let reply = session.handle(&Command::Load { link: link.to_owned() });
    (session, reply.event)
}

#[test]
fn a_network_goes_back_to_exactly_where_it_was() {
    let (mut session, _) = load("1&p=puterman&algorithm=dqn&hidden=8&batch=4&warmup=50");
    let there = advance(&mut session, Goal::Steps(2500.0));
    assert_eq!(there.lesson.as_ref().map(|lesson| lesson.updates), Some(2450.0));
    advance(&mut session, Goal::Steps(4700.0));
    let again = advance(&mut session, Goal::Steps(2500.0));
    assert_eq!((again.fingerprint, again.moment, again.lesson), (there.fingerprint, there.moment, there.lesson));
}

fn rows(session: &mut Session, state: u32) -> Vec<f64> {
    let reply = session.handle(&Command::Table { first: state, count: 1 });
    reply.numbers[..reply.numbers.len() / 3].iter().copied().filter(|value| value.is_finite()).collect()
}

#[test]
fn what_was_believed_before_a_step_is_told_although_a_gradient_step_changes_every_value() {
    let (mut session, _) = load("1&p=puterman&algorithm=dqn&hidden=8&batch=4&warmup=50");
    let before = advance(&mut session, Goal::Steps(120.0));
    let believed = rows(&mut session, before.state);
    let after = advance(&mut session, Goal::Steps(121.0)).moment.unwrap();
    assert_eq!((after.state, &after.believed), (before.state, &believed));
    assert_eq!(after.before, believed[after.slot as usize]);
    let now = rows(&mut session, before.state);
    assert!(now.iter().zip(&believed).all(|(now, then)| now != then), "{now:?} {believed:?}");
    assert_eq!(after.after, now[after.slot as usize]);
}

#[test]
fn a_network_is_drawn_as_it_is() {
    let (mut session, _) = load("1&p=puterman&capacity=30&algorithm=dqn&hidden=40,8&encoding=both&batch=16&warmup=50");
    let progress = advance(&mut session, Goal::Steps(130.0));
    let Event::Portrait(Some(portrait)) = session.handle(&Command::Portrait).event else { panic!() };
    assert_eq!(portrait.state, progress.state);
    let sizes: Vec<(u32, usize)> = portrait.layers.iter().map(|layer| (layer.width, layer.shown.len())).collect();
    let possible = 31 - progress.state;
    assert_eq!(sizes, [(32, 14), (40, 14), (8, 8), (31, possible.min(12) as usize)]);
    let level = portrait
        .inputs
        .iter()
        .zip(&portrait.layers[0].activations)
        .find(|(input, _)| matches!(input, Input::Level { level, .. } if *level == progress.state));
    assert_eq!(level.map(|(_, activation)| *activation), Some(1.0), "{:?}", portrait.inputs);
    let believed = rows(&mut session, progress.state);
    let best = (0..believed.len()).max_by(|a, b| believed[*a].total_cmp(&believed[*b])).map(|slot| slot as u32);
    // In this shop the slot is the quantity ordered, which is the action.
    assert_eq!(portrait.best, best);
    assert!(portrait.values.iter().any(|(action, _)| Some(*action) == best));
    assert!(portrait.values.iter().all(|(action, value)| *value == believed[*action as usize]));
    for layer in 0..3 {
        let connections: Vec<_> = portrait.connections.iter().filter(|it| it.layer == layer).collect();
        assert!((1..=48).contains(&connections.len()) && connections.windows(2).all(|pair| pair[0].weight.abs() >= pair[1].weight.abs()));
    }
    assert_eq!(portrait.batch.len(), 16);
    let (mut table, _) = load("1&p=puterman");
    assert_eq!(table.handle(&Command::Portrait).event, Event::Portrait(None));
}

/// Every number of the series, and where the run stands.
fn series(session: &mut Session, steps: f64) -> (Progress, Vec<f64>) {
    let reply = session.handle(&Command::Advance { goal: Goal::Steps(steps), budget: 100_000, seen: Seen::default() });
    let Event::Advanced(progress) = reply.event else { panic!("{reply:?}") };
    (*progress, reply.numbers)
}

#[test]
fn lessons_are_recorded_beside_the_truth_and_survive_going_back() {
    let (mut session, _) =
        load("1&p=puterman&algorithm=dqn&hidden=16,16&batch=8&warmup=150&steps=50&encoding=one_hot&episodes=60&alpha=.003&epsilon=.2");
    let (there, numbers) = series(&mut session, 3000.0);
    let rows = numbers[..there.news.buckets as usize * BUCKET].as_chunks::<BUCKET>().0;
    let updates: f64 = rows.iter().map(|row| row[5]).sum();
    assert_eq!((rows.len(), updates, there.lesson.unwrap().updates), (60, 2850.0, 2850.0));
    assert!(
        rows[..3].iter().all(|row| row[5..8] == [0.0; 3]) && rows[3..].iter().all(|row| row[5] == 50.0 && row[6] > 0.0 && row[7] > 0.0)
    );
    // Nothing is hoped for at first; in the end about what is true, from which a table's exact values are not far either.
    let (first, last) = (rows[0], rows[59]);
    assert!(first[8].abs() < 2.0 && first[9] > 20.0 && (last[8] - last[9]).abs() < 0.3 * last[9], "{first:?} {last:?}");
    series(&mut session, 5000.0);
    assert_eq!(series(&mut session, 3000.0).1, numbers);
    let (_, table) = {
        let (mut session, _) = load("1&p=puterman");
        series(&mut session, 3000.0)
    };
    assert!(table[5..10] == [0.0; 5]);
}

#[test]
fn settings_that_cannot_be_are_refused_by_name() {
    for (change, key) in [("batch=0", "batch"), ("hidden=9999", "hidden"), ("hidden=7.5", "hidden"), ("alpha=visits:.7", "alpha")] {
        let (_, event) = load(&format!("1&p=puterman&algorithm=dqn&{change}"));
        let Event::Refused(errors) = event else { panic!("{change}: {event:?}") };
        assert_eq!(errors[0].key, key);
    }
    let (_, event) = load("1&p=puterman&algorithm=dqn&capacity=200&hidden=512,512,512,512");
    assert!(matches!(&event, Event::Refused(errors) if errors[0].key == "hidden"), "{event:?}");
}

#[test]
fn a_run_that_diverges_says_so_and_is_kept() {
    let wild = "1&p=puterman&algorithm=dqn&hidden=16,16&normalise=no&optimiser=sgd&clip=0&alpha=1&warmup=100&episodes=50&w.revenue=1000000";
    let (mut session, _) = load(wild);
    let before = advance(&mut session, Goal::Steps(100.0));
    let stopped = advance(&mut session, Goal::Convergence { before: 50 });
    assert!(stopped.diverged && stopped.reached && !before.diverged);
    assert_eq!(advance(&mut session, Goal::Steps(100.0)), before);
}

/// Shares of five seeds.
fn shares(link: &str) -> Vec<f64> {
    let shares: Vec<f64> = (1..=5).map(|seed| share(&format!("{link}&seed={seed}")).0).collect();
    println!("{link}: {shares:.3?}");
    shares
}

#[test]
fn the_claims_of_the_presets_that_leave_something_out_hold() {
    let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
    // Worse than chance with every seed; with a target network close to the optimum, and without normalised targets no value swells.
    assert!(shares("1&p=puterman_no_target").iter().all(|share| *share < 0.0));
    assert!(mean(&shares("1&p=puterman_no_target&target_every=100")) > 0.95);
    let off = |link: &str| (1..=5).map(|seed| measured(&format!("{link}&seed={seed}")).0.distance).fold(0.0, f64::max);
    assert!(measured("1&p=puterman_no_target").0.distance > 1e8 && off("1&p=puterman_no_target&normalise=no") < 10.0);
    // Halfway, with no seed at the optimum; with a memory every seed is.
    let forgetful = shares("1&p=calvano_no_memory");
    assert!((0.4..0.75).contains(&mean(&forgetful)) && forgetful.iter().all(|share| *share < 0.95));
    assert!(shares("1&p=calvano_no_memory&replay=10000").iter().all(|share| *share > 0.99));
}

/// `cargo test --release --test deep -- --ignored --nocapture`: the table above, some minutes.
#[test]
#[ignore = "takes minutes"]
fn the_share_reached_on_every_default_preset() {
    reaches(SCENARIOS.iter().map(|scenario| scenario.presets[0].key));
}

/// The rest of the table: what a picture of the shelf and customers' words are enough for.
#[test]
#[ignore = "takes minutes"]
fn what_is_reached_from_pictures_and_words() {
    reaches(["shelf_pixels", "clarify_words"].into_iter());
}

/// Prints lines of the table, and holds their mean to 95 %, which is also what the claim of “It sees only the shelf” says.
fn reaches(presets: impl Iterator<Item = &'static str>) {
    const SEEDS: u32 = 5;
    let mut short = Vec::new();
    for preset in presets {
        let runs: Vec<(f64, u64)> = (1..=SEEDS).map(|seed| share(&format!("1&p={preset}&algorithm=dqn&seed={seed}"))).collect();
        let mean = runs.iter().map(|run| run.0).sum::<f64>() / f64::from(SEEDS);
        let worst = runs.iter().map(|run| run.0).fold(f64::INFINITY, f64::min);
        println!("{preset}: {:.2} % of (optimum - random), worst seed {:.2} %, {} steps", 100.0 * mean, 100.0 * worst, runs[0].1);
        if mean < 0.95 {
            short.push(preset);
        }
    }
    assert!(short.is_empty(), "{short:?}");
}

/// `cargo test --release --test deep -- --ignored --nocapture`: a problem of a million pairs, two minutes.
#[test]
#[ignore = "takes minutes"]
fn beyond_tables_a_network_beats_every_simple_rule() {
    let problem = setup("1&p=ten_network");
    assert_eq!(problem.model.pair_count(), 1_000_000);
    let rules = (0..).map_while(|index| measure_baseline(&problem, index));
    let best = rules.map(|rule| rule.value).fold(f64::NEG_INFINITY, f64::max);
    let runs: Vec<(Checkup, u64)> = (1..=5).map(|seed| measured(&format!("1&p=ten_network&seed={seed}"))).collect();
    let gains: Vec<f64> = runs.iter().map(|(checkup, _)| checkup.value - best).collect();
    let gain = interval(&gains).unwrap();
    println!("ten_network: {:.2} ({:.2} to {:.2}) more than the best rule's {best:.2}: {gains:.2?}", gain.mean, gain.low, gain.high);
    assert!(runs.iter().all(|(_, steps)| *steps == 50_000));
    // 12 % more, to the whole percent, and not by chance.
    assert_eq!(format!("{:.0}", 100.0 * gain.mean / best), "12");
    assert!(gain.low > 0.115 * best);
}
