//! Workers for studies, beside the one of the run: as many as the machine allows, started when there is work and ended when there is none.
//!
//! What each of them does is decided by [`Queue`]; here are only the threads. The pull protocol is that of the run's own worker: nothing is
//! sent before `Ready`, and each has at most one command outstanding.

use std::rc::Rc;

use leptos::prelude::*;

use super::store::Store;
use super::worker_link::WorkerLink;
use retailq::protocol::{Event, Reply};
use retailq::study::queue::Finished;
use retailq::study::{Headway, Job, Outcome, Queue, Ticket};

/// Most workers, however many the machine would allow.
const MOST_WORKERS: usize = 8;
/// Most state-action pairs of all workers together: each holds a problem of its own.
const MOST_PAIRS: usize = 1_000_000;

/// The queue, and who works at it.
#[derive(Default)]
pub struct Pool {
    queue: Queue,
    hands: Vec<Hand>,
    customers: Vec<(Ticket, Rc<dyn Customer>)>,
}

/// Who wants the jobs done.
pub trait Customer {
    /// A job has ended.
    fn take(&self, index: u32, outcome: Outcome);
    /// The study has come so far; `None` when it is over.
    fn stand(&self, headway: Option<Headway>);
}

/// A place for a worker.
#[derive(Default)]
struct Hand {
    link: Option<WorkerLink>,
    /// When it was asked what it has not answered yet.
    asked_at: f64,
}

/// Workers that may run at once, on problems with so many state-action pairs: one processor is left to the run and the page.
fn most_workers(pairs: u32) -> usize {
    let processors = window().navigator().hardware_concurrency() as usize;
    let room = MOST_PAIRS / pairs.max(1) as usize;
    processors.saturating_sub(1).min(room).clamp(1, MOST_WORKERS)
}

impl Store {
    /// Has jobs done.
    pub fn submit(self, jobs: Vec<Job>, customer: Rc<dyn Customer>) -> Option<Ticket> {
        let pool = self.studies.pool;
        let ticket = pool.try_update_value(|pool| {
            let ticket = pool.queue.submit(jobs);
            pool.customers.push((ticket, customer));
            ticket
        });
        self.staff();
        ticket
    }

    /// Takes back what is not done yet.
    pub fn withdraw(self, ticket: Ticket) {
        self.studies.pool.update_value(|pool| {
            for hand in pool.queue.cancel(ticket) {
                pool.hands[hand] = Hand::default();
            }
            pool.customers.retain(|(other, _)| *other != ticket);
        });
        self.staff();
    }

    /// Starts workers for jobs that nobody does yet.
    fn staff(self) {
        let pool = self.studies.pool;
        // Jobs may be about larger problems than the run's, which needs room too.
        let own = self.facts.with_untracked(|facts| facts.as_ref().map_or(0, |facts| facts.pairs));
        let most = most_workers(pool.with_value(|pool| pool.queue.largest()).max(own));
        let vacancy = || {
            pool.try_update_value(|pool| {
                if pool.hands.len() < most {
                    pool.hands.resize_with(most, Hand::default);
                }
                let at_work = pool.hands.iter().filter(|hand| hand.link.is_some()).count();
                let starting = at_work - pool.queue.busy().min(at_work);
                let vacant = pool.hands[..most].iter().position(|hand| hand.link.is_none());
                vacant.filter(|_| pool.queue.waiting() > starting)
            })
            .flatten()
        };
        while let Some(hand) = vacancy() {
            let receive = move |reply: Result<Reply, String>| match reply {
                Ok(reply) => self.answered(hand, &reply),
                Err(message) => self.lost(hand, &message),
            };
            match WorkerLink::start(receive) {
                Ok(link) => pool.update_value(|pool| pool.hands[hand].link = Some(link)),
                Err(message) => {
                    let finished = pool.try_update_value(|pool| pool.queue.lost(hand, &message)).flatten();
                    self.report(finished);
                }
            }
        }
    }

    fn answered(self, hand: usize, reply: &Reply) {
        let pool = self.studies.pool;
        let finished = pool.try_update_value(|pool| {
            let took = js_sys::Date::now() - pool.hands[hand].asked_at;
            if matches!(reply.event, Event::Ready) { None } else { pool.queue.answer(hand, reply, took) }
        });
        self.report(finished.flatten());
        let failed = pool.try_update_value(|pool| match (pool.queue.command(hand), &pool.hands[hand].link) {
            (Some(command), Some(link)) => {
                let failed = link.send(&command).err();
                pool.hands[hand].asked_at = js_sys::Date::now();
                failed
            }
            _ => {
                pool.hands[hand] = Hand::default();
                None
            }
        });
        if let Some(Some(message)) = failed {
            self.lost(hand, &message);
        }
    }

    fn lost(self, hand: usize, message: &str) {
        let finished = self.studies.pool.try_update_value(|pool| {
            pool.hands[hand] = Hand::default();
            pool.queue.lost(hand, message)
        });
        self.report(finished.flatten());
        self.staff();
    }

    /// Tells customers what has ended, and how far they are.
    fn report(self, finished: Option<Finished>) {
        let news = self.studies.pool.try_update_value(|pool| {
            let stand = |(ticket, customer): &(Ticket, Rc<dyn Customer>)| (*ticket, Rc::clone(customer), pool.queue.headway(*ticket));
            let news: Vec<_> = pool.customers.iter().map(stand).collect();
            pool.customers.retain(|(ticket, _)| pool.queue.headway(*ticket).is_some());
            news
        });
        let mut finished = finished;
        for (ticket, customer, headway) in news.unwrap_or_default() {
            if let Some(finished) = finished.take_if(|finished| finished.ticket == ticket) {
                customer.take(finished.index, finished.outcome);
            }
            customer.stand(headway);
        }
    }
}
