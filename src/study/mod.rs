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
