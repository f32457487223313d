//! Studies: questions that one run cannot answer. Would other seeds have gone the same way? Which of two settings learns better? Where,
//! over a grid of settings, does learning work at all?
//!
//! A study is a list of [`Job`]s and a way to sum up what comes of them. The [`Queue`] says which worker does what, and what happens when
//! one is lost; it knows no browser, so that the page's workers, the command line and tests share it.

pub mod compare;
pub mod difference;
pub mod paired;
pub mod queue;
pub mod seeds;
pub mod sweep;

pub use compare::Comparison;
pub use queue::{Job, Outcome, Queue, Standing, Ticket, Trace};
pub use seeds::Seeds;
pub use sweep::Sweep;

use crate::session::Session;

/// Does all jobs one after the other, where there is no worker to give them to.
pub fn here(jobs: Vec<Job>) -> Vec<Outcome> {
    let (mut queue, mut session) = (Queue::default(), Session::default());
    let mut outcomes: Vec<Option<Outcome>> = jobs.iter().map(|_| None).collect();
    queue.submit(jobs);
    while let Some(command) = queue.command(0) {
        if let Some(finished) = queue.answer(0, &session.handle(&command), queue::PACE) {
            outcomes[finished.index as usize] = Some(finished.outcome);
        }
    }
    outcomes.into_iter().flatten().collect()
}

/// The same on as many threads as the machine has processors; outcomes come in the order of the jobs.
#[cfg(not(target_arch = "wasm32"))]
pub fn on_threads(jobs: Vec<Job>) -> Vec<Outcome> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(jobs.len()).max(1);
    // Dealt out like cards, since neighbours are alike.
    let hands: Vec<Vec<Job>> = (0..threads).map(|thread| jobs.iter().skip(thread).step_by(threads).cloned().collect()).collect();
    std::thread::scope(|scope| {
        let running: Vec<_> = hands.into_iter().map(|hand| scope.spawn(move || here(hand))).collect();
        let mut done: Vec<_> =
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).into_iter()).collect();
        (0..jobs.len()).filter_map(|index| done[index % threads].next()).collect()
    })
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
