use super::*;
use crate::agent::StepSize;
use crate::agent::workbench::{RATES, STEP, shop};

const SMALL: [(&str, &str); 4] = [("hidden", "16,8"), ("batch", "8"), ("replay", "210"), ("warmup", "10")];
const RATE: Rates = Rates { alpha: StepSize::Rate(0.01), ..RATES };

fn network(changes: &[(&str, &str)]) -> Dqn {
    let options: Vec<_> = SMALL.iter().chain(changes).copied().collect();
    shop(0.0, &options, Dqn::new).unwrap()
}

/// A short life at the end of the shop where few actions are possible, all of them tried; every fifth step ends it.
fn experience(index: u32) -> Experience {
    let (state, slot) = if index.is_multiple_of(2) { (State(3), 0) } else { (State(2), index / 2 % 2) };
    let next = if state == State(3) { State(2) } else { State(3) };
    Experience { state, slot, reward: f64::from(index % 7), next, terminated: index % 5 == 4 }
}

fn live(agent: &mut Dqn, steps: std::ops::Range<u32>) -> u64 {
    let mut stream = Stream::new(1, Purpose::Exploration);
    for index in steps {
        agent.learn(&experience(index), &RATE, &mut stream);
    }
    let mut hash = Xxh64::new(0);
    agent.fingerprint(&mut hash);
    hash.digest()
}

#[test]
fn the_same_seed_and_a_checkpoint_learn_the_same() {
    let (mut one, mut two) = (network(&[]), network(&[]));
    assert_eq!(live(&mut one, 0..300), live(&mut two, 0..300));
    let mut checkpoint = one.clone();
    let ahead = live(&mut one, 300..500);
    assert_eq!(live(&mut checkpoint, 300..500), ahead);
    assert_ne!(live(&mut checkpoint, 500..501), ahead);
}

#[test]
fn weights_beyond_all_numbers_still_choose_available_actions() {
    let mut agent = network(&[]);
    for (index, weight) in agent.weights.as_flattened_mut().iter_mut().enumerate() {
        *weight = if index % 3 == 0 { -1e18 } else { 1e18 };
    }
    let (values, policy) = agent.greedy(4);
    let Policy::Fixed(slots) = policy else { panic!("{policy:?}") };
    // Of the shop's states 0 to 3 the last leaves one choice.
    assert!(slots.iter().zip([4, 3, 2, 1]).all(|(slot, available)| *slot < available), "{slots:?}");
    assert!((0..4).all(|state| values[4 * state].is_finite()), "{values:?}");
}

#[test]
fn nothing_is_learned_in_the_warm_up() {
    let mut agent = network(&[]);
    let weights = agent.weights.clone();
    live(&mut agent, 0..10);
    assert_eq!((&agent.weights, agent.lesson()), (&weights, None));
    live(&mut agent, 10..11);
    assert_eq!(agent.lesson().unwrap().updates, 1.0);
    assert_ne!(agent.weights, weights);
}

#[test]
fn a_terminal_step_is_not_bootstrapped() {
    let mut agent = network(&[("replay", "0"), ("warmup", "0"), ("normalise", "no")]);
    let mut stream = Stream::new(1, Purpose::Exploration);
    for _ in 0..2000 {
        agent.learn(&Experience { terminated: true, ..STEP }, &RATE, &mut stream);
    }
    assert!((agent.row(State(1))[0] - 5.0).abs() < 0.01, "{:?}", agent.row(State(1)));
    let lesson = agent.lesson().unwrap();
    assert_eq!((agent.replayed().len(), agent.replayed()[0].target, lesson.estimate), (1, 5.0, 0.0));
}

#[test]
fn actions_that_are_not_available_are_neither_taken_nor_counted() {
    let mut agent = network(&[("double", "no")]);
    // Ordering three is worth most by far, and not possible with something on the shelf.
    let last = agent.plan.shape.size() - 1;
    agent.weights[last][3] = 1e6;
    agent.target.copy_from_slice(&agent.weights);
    let mut stream = Stream::new(1, Purpose::Exploration);
    assert_eq!(agent.act(State(0), 4, 0.0, &mut stream).slot, 3);
    assert_ne!(agent.act(State(1), 3, 0.0, &mut stream).slot, 3);
    assert!(agent.learn(&Experience { next: State(1), ..STEP }, &RATE, &mut stream).next_value < 100.0);
    assert!(agent.learn(&Experience { next: State(0), ..STEP }, &RATE, &mut stream).next_value > 100.0);
    assert_eq!(agent.values()[4..8], *agent.row(State(1)));
    assert_eq!(agent.row(State(1))[3], f64::NEG_INFINITY);
}

#[test]
fn the_target_network_follows_when_asked() {
    let mut agent = network(&[("target_every", "20")]);
    live(&mut agent, 0..29);
    assert_ne!(agent.target, agent.weights);
    live(&mut agent, 29..30);
    assert_eq!(agent.target, agent.weights);
    assert!(network(&[("target_every", "0")]).target.is_empty());
}

#[test]
fn numbers_beyond_all_bounds_stop_learning_and_keep_the_network() {
    let mut agent = network(&[("normalise", "no"), ("loss", "squared"), ("optimiser", "sgd"), ("clip", "0")]);
    let mut stream = Stream::new(1, Purpose::Exploration);
    let wild = Rates { alpha: StepSize::Rate(1.0), ..RATES };
    for index in 0..500 {
        let step = experience(index);
        agent.learn(&Experience { reward: 1e6 * step.reward, ..step }, &wild, &mut stream);
    }
    assert!(agent.diverged());
    let (weights, before) = (agent.weights.clone(), agent.lesson());
    live(&mut agent, 0..20);
    assert_eq!(agent.lesson().map(|lesson| lesson.updates), before.map(|lesson| lesson.updates));
    assert_eq!(format!("{weights:?}"), format!("{:?}", agent.weights));
}

#[test]
fn every_option_learns() {
    let sets: [&[(&str, &str)]; 7] = [
        &[("dueling", "yes")],
        &[("double", "no"), ("encoding", "scaled")],
        &[("target_every", "1"), ("tau", ".05")],
        &[("optimiser", "sgd")],
        &[("normalise", "no")],
        &[("target_every", "0"), ("batch", "5")],
        &[("loss", "huber")],
    ];
    for options in sets {
        let mut agent = network(options);
        live(&mut agent, 0..3000);
        // The mean reward is 3, and one step in five is the last: 3 / (1 - .9 * .8) = 10.7, and a maximum over noise.
        let value = agent.row(State(3))[0];
        // Huber's aims between mean and median, which is that of the four steps in five that go on.
        let most = if options.contains(&("loss", "huber")) { 18.0 } else { 13.0 };
        assert!((9.0..most).contains(&value), "{options:?}: {value}");
    }
}

#[test]
fn bad_options_are_refused_by_name() {
    let refused = |options: &[(&str, &str)]| shop(0.0, options, Dqn::new).err().map(|error| error.key);
    assert_eq!(refused(&[("hidden", "8.5")]), Some("hidden".to_owned()));
    assert_eq!(refused(&[("hidden", "512,512,512,512")]), Some("hidden".to_owned()));
    assert_eq!(refused(&[("hidden", "512,512")]), None);
    let kinds = parameters();
    let parse = |key: &str, text: &str| kinds.iter().find(|it| it.key == key).unwrap().kind.parse(key, text);
    for (key, text) in [("batch", "0"), ("hidden", "513"), ("hidden", ""), ("hidden", "8,8,8,8,8"), ("tau", "0"), ("replay", "-1")] {
        assert!(parse(key, text).is_err(), "{key}={text}");
    }
}
