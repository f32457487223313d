//! Speed of the engine on fixed tasks: `cargo xtask bench`.
//!
//! T1 is one seed of Q-learning within the real trainer, metrics and checkups on: a random problem of 1,000 states and 10 actions with
//! 4 successors each, and a shop of 21 stocks and up to 21 orders. T2 is deep Q-learning: 16 inputs, two hidden layers of 64, 8 actions,
//! mini-batches of 32 out of 10,000, Huber loss, Adam, one gradient step a step. `cargo xtask bench` then runs the same links in the
//! browser, beside the same loops in JavaScript.

use std::hint::black_box;
use std::rc::Rc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use retailq::config::Setup;
use retailq::evaluate::Yardstick;
use retailq::planner;
use retailq::share::from_link;
use retailq::trainer::{Limit, Trainer};

/// Name, steps and link of each task, in lines that `tests/browser` reads too.
const TASKS: &str = include_str!("tasks.txt");

fn setup(link: &str) -> Setup {
    let shared = from_link(link).unwrap_or_else(|errors| panic!("{link}: {errors:?}"));
    shared.experiment.compile().expect("a task within its limits")
}

fn learning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("learning");
    group.sample_size(20);
    for line in TASKS.lines() {
        let [name, steps, link] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line} is not a task") };
        let steps: u64 = steps.parse().expect("a number of steps");
        group.throughput(Throughput::Elements(steps));
        let setup = Rc::new(setup(link));
        let yardstick = Rc::new(Yardstick::new(&setup));
        let trainer = Trainer::new(Rc::clone(&setup), Rc::clone(&yardstick)).expect("a learner");
        let advance = |mut trainer: Trainer| {
            trainer.advance(Limit { steps, episode: u32::MAX });
            black_box(trainer)
        };
        group.bench_function(name, |bencher| bencher.iter_batched(|| trainer.clone(), advance, BatchSize::LargeInput));
    }
    group.finish();
}

fn planning(criterion: &mut Criterion) {
    let shop = setup("1&p=puterman");
    criterion.bench_function("planner/puterman to 1e-9", |bencher| bencher.iter(|| planner::solve(&shop.model, 0.95, 1e-9)));
}

criterion_group!(benches, learning, planning);
criterion_main!(benches);
