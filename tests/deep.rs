//! Deep Q-learning on the registered problems, with its own schedules: `1&p=PRESET&algorithm=dqn`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::rc::Rc;

use retailq::config::Setup;
use retailq::environment::SCENARIOS;
use retailq::evaluate::Yardstick;
use retailq::protocol::{Command, Event, Goal, Progress, Seen};
use retailq::session::Session;
use retailq::share::from_link;
use retailq::trainer::{Limit, Trainer};

fn setup(link: &str) -> Setup {
    from_link(link).unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap()
}

/// Share of the way from random choice to the optimum after the planned episodes, and the steps it took.
fn share(link: &str) -> (f64, u64) {
    let setup = Rc::new(setup(link));
    let yardstick = Rc::new(Yardstick::new(&setup));
    let mut trainer = Trainer::new(Rc::clone(&setup), yardstick).unwrap();
    trainer.advance(Limit { steps: u64::MAX, episode: setup.settings.episodes });
    (trainer.measure().share, trainer.steps())
}

#[test]
fn the_shop_is_learned() {
    let (share, steps) = share(
        "1&p=puterman&algorithm=dqn&hidden=16,16&batch=16&encoding=one_hot&episodes=100&epsilon=lin:1:.1:60&alpha=lin:.005:.0005:100",
    );
    assert!(share > 0.99 && steps == 10_000, "{share} {steps}");
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
    let stopped = advance(&mut session, Goal::Convergence);
    assert!(stopped.diverged && stopped.reached && !before.diverged);
    assert_eq!(advance(&mut session, Goal::Steps(100.0)), before);
}

/// `cargo test --release --test deep -- --ignored --nocapture`: the table of README and report, some minutes.
#[test]
#[ignore = "takes minutes"]
fn the_share_reached_on_every_default_preset() {
    const SEEDS: u32 = 5;
    for scenario in SCENARIOS {
        let preset = scenario.presets[0].key;
        let runs: Vec<(f64, u64)> = (1..=SEEDS).map(|seed| share(&format!("1&p={preset}&algorithm=dqn&seed={seed}"))).collect();
        let mean = runs.iter().map(|run| run.0).sum::<f64>() / f64::from(SEEDS);
        let worst = runs.iter().map(|run| run.0).fold(f64::INFINITY, f64::min);
        println!("{preset}: {:.2} % of (optimum - random), worst seed {:.2} %, {} steps", 100.0 * mean, 100.0 * worst, runs[0].1);
    }
}
