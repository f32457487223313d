//! Studies: questions that one run cannot answer. Would other seeds have gone the same way? Which of two settings learns better? Where,
//! over a grid of settings, does learning work at all?
//!
//! A study is a list of [`Job`]s and a way to sum up what comes of them. The [`Queue`] says which worker does what, and what happens when
//! one is lost; it knows no browser, so that the page's workers, the command line and tests share it.

pub mod compare;
pub mod difference;
pub mod job;
pub mod paired;
pub mod queue;
pub mod seeds;
pub mod sweep;

pub use compare::Comparison;
pub use job::Job;
pub use queue::{Headway, Outcome, Queue, Ticket, Trace};
pub use seeds::Seeds;
pub use sweep::Sweep;

use std::sync::{Mutex, PoisonError};

use crate::config::{Experiment, Position};
use crate::order::sort;
use crate::session::Session;
use crate::share::to_link;

use queue::Finished;

/// What tells experiments apart, so that nothing found of one is shown beside another: the link, and a mark of the saved network that the
/// run begins with, which links do not hold.
pub fn identity(experiment: &Experiment) -> String {
    let link = to_link(experiment, Position::default());
    match &experiment.network {
        Some(network) => [&link, " ", &network.mark()].concat(),
        None => link,
    }
}

/// Mean of some numbers, where there are any.
fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

/// Does all jobs one after the other: the reference of the tests, by which whoever does them several at a time is measured. The page has
/// its workers, the command line its threads.
pub fn here(jobs: Vec<Job>) -> Vec<Outcome> {
    let mut queue = Queue::default();
    queue.submit(jobs);
    in_order(work(&Mutex::new(queue), 0))
}

/// The same on as many threads as the machine has processors; outcomes come in the order of the jobs.
#[cfg(not(target_arch = "wasm32"))]
pub fn on_threads(jobs: Vec<Job>) -> Vec<Outcome> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(jobs.len()).max(1);
    let mut queue = Queue::default();
    queue.submit(jobs);
    let queue = Mutex::new(queue);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn({
                    let queue = &queue;
                    move || work(queue, worker)
                })
            })
            .collect();
        let done = running.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        in_order(done.collect())
    })
}

/// Takes from the queue what is next, as one of its workers, until nothing is left.
fn work(queue: &Mutex<Queue>, worker: usize) -> Vec<Finished> {
    let queue = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut session, mut finished) = (Session::default(), Vec::new());
    loop {
        let Some(command) = queue().command(worker) else { return finished };
        let reply = session.handle(&command);
        // Nobody waits for an answer here, so more can be asked for each time.
        finished.extend(queue().answer(worker, &reply, 0.0));
    }
}

fn in_order(mut finished: Vec<Finished>) -> Vec<Outcome> {
    sort(&mut finished, |a, b| a.index.cmp(&b.index));
    finished.into_iter().map(|finished| finished.outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::from_link;

    #[test]
    fn threads_give_what_one_thread_gives_in_the_same_order() {
        let experiment = from_link("1&p=puterman&episodes=30").unwrap().experiment;
        let (_, jobs) = Seeds::plan(&experiment, 5).unwrap();
        assert_eq!(on_threads(jobs.clone()), here(jobs));
        assert_eq!(on_threads(Vec::new()), []);
    }
}
