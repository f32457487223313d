//! Which worker does which job, and what to ask it next: one command at a time.
//!
//! A job that loses its worker is begun anew by another, once; if that one is lost too, the job is reported as failed. A worker that does
//! not even come up is blamed on the job it would have got, so that a browser without workers ends in a report and not in a loop.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::agent::DIVERGED;
use crate::agent::dqn::saved::Saved;
use crate::budget::Budget;
use crate::invalid::Invalid;
use crate::protocol::{Command, Event, Facts, Goal, Progress, Reply};
use crate::records::{ActionValues, CheckupRow, Records};

use super::job::Job;

/// Milliseconds between the answers of a worker: nobody waits for them, and the page is not to be kept busy.
pub const PACE: f64 = 100.0;
/// Steps first asked for.
const FIRST_STEPS: f64 = 2_000.0;
/// How often a job is begun.
const MOST_ATTEMPTS: u32 = 2;
/// Most action values that are asked for at the end of a job.
const MOST_CELLS: u32 = 60_000;

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The exact facts of its problem.
    pub facts: Facts,
    /// Its series.
    pub records: Records,
    /// The learner at the end.
    pub last: CheckupRow,
    /// Whether its numbers left all bounds.
    pub diverged: bool,
    /// Of the first states; none where they were not wanted.
    pub values: ActionValues,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The run reached its goal.
    Done(Box<Trace>),
    /// The experiment does not fit together.
    Refused(Vec<Invalid>),
    /// Its workers were lost; with what the browser says.
    Failed(String),
}

/// The jobs of one study.
pub type Ticket = u32;

/// A job that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Its study.
    pub ticket: Ticket,
    /// Its place in the list of the study.
    pub index: u32,
    /// How it ended.
    pub outcome: Outcome,
}

/// How far a study has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Headway {
    /// Jobs that have ended.
    pub done: u32,
    /// All jobs.
    pub of: u32,
    /// Jobs that had to be begun anew.
    pub repeated: u32,
    /// Part of the work that is done, running jobs included, from 0 to 1.
    pub share: f64,
}

/// Jobs that wait, and jobs that workers do.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: VecDeque<Task>,
    /// By worker.
    hands: Vec<Option<Task>>,
    studies: Vec<(Ticket, Headway)>,
    last_ticket: Ticket,
}

#[derive(Debug)]
struct Task {
    ticket: Ticket,
    index: u32,
    job: Job,
    attempts: u32,
    stage: Stage,
    records: Records,
    progress: Option<Box<Progress>>,
    last: CheckupRow,
    budget: Budget,
}

/// What the worker is at; the facts are known once the experiment is loaded.
#[derive(Debug)]
enum Stage {
    Load,
    Begin(Arc<Saved>),
    Run(Facts),
    Measure(Facts),
    Table(Facts),
}

impl Queue {
    /// Puts the jobs of a study behind all others.
    pub fn submit(&mut self, jobs: Vec<Job>) -> Ticket {
        self.last_ticket += 1;
        let ticket = self.last_ticket;
        if jobs.is_empty() {
            return ticket;
        }
        self.studies.push((ticket, Headway { of: jobs.len() as u32, ..Headway::default() }));
        self.waiting.extend(jobs.into_iter().enumerate().map(|(index, job)| Task::new(ticket, index as u32, job)));
        ticket
    }

    /// Forgets a study; gives the workers that are at it, whose answers are of no more use.
    pub fn cancel(&mut self, ticket: Ticket) -> Vec<usize> {
        self.waiting.retain(|task| task.ticket != ticket);
        self.studies.retain(|(other, _)| *other != ticket);
        let is_busy = |hand: &Option<Task>| hand.as_ref().is_some_and(|task| task.ticket == ticket);
        let busy: Vec<usize> = (0..self.hands.len()).filter(|worker| is_busy(&self.hands[*worker])).collect();
        for worker in &busy {
            self.hands[*worker] = None;
        }
        busy
    }

    /// Jobs that no worker has yet.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Workers that have a job.
    pub fn busy(&self) -> usize {
        self.hands.iter().flatten().count()
    }

    /// State-action pairs of the largest problem that waits or is worked on.
    pub fn largest(&self) -> u32 {
        self.waiting.iter().chain(self.hands.iter().flatten()).map(|task| task.job.size).max().unwrap_or(0)
    }

    /// How far a study has come; `None` for one that is over or unknown.
    pub fn headway(&self, ticket: Ticket) -> Option<Headway> {
        let (_, headway) = self.studies.iter().find(|(other, _)| *other == ticket)?;
        let under_way = self.hands.iter().flatten().filter(|task| task.ticket == ticket).map(Task::share).sum::<f64>();
        Some(Headway { share: (f64::from(headway.done) + under_way) / f64::from(headway.of.max(1)), ..*headway })
    }

    /// What a worker that owes no answer is asked next; `None` if there is nothing left for it.
    pub fn command(&mut self, worker: usize) -> Option<Command> {
        if self.hands.len() <= worker {
            self.hands.resize_with(worker + 1, || None);
        }
        let hand = &mut self.hands[worker];
        if hand.is_none() {
            *hand = self.waiting.pop_front();
        }
        hand.as_ref().map(Task::command)
    }

    /// Takes a worker's answer, and the milliseconds it took; gives the job if it has ended with it.
    pub fn answer(&mut self, worker: usize, reply: &Reply, took: f64) -> Option<Finished> {
        let mut task = self.hands.get_mut(worker)?.take()?;
        match task.take(reply, took) {
            Some(outcome) => Some(self.finish(&task, outcome)),
            None => {
                self.hands[worker] = Some(task);
                None
            }
        }
    }

    /// A worker is lost; gives its job if it is not begun anew.
    pub fn lost(&mut self, worker: usize, message: &str) -> Option<Finished> {
        let mut task = self.hands.get_mut(worker).and_then(Option::take).or_else(|| self.waiting.pop_front())?;
        if task.attempts >= MOST_ATTEMPTS {
            return Some(self.finish(&task, Outcome::Failed(message.to_owned())));
        }
        let attempts = task.attempts + 1;
        task = Task { attempts, ..Task::new(task.ticket, task.index, task.job) };
        if let Some((_, headway)) = self.studies.iter_mut().find(|(ticket, _)| *ticket == task.ticket) {
            headway.repeated += 1;
        }
        self.waiting.push_front(task);
        None
    }

    fn finish(&mut self, task: &Task, outcome: Outcome) -> Finished {
        if let Some((_, headway)) = self.studies.iter_mut().find(|(ticket, _)| *ticket == task.ticket) {
            headway.done += 1;
        }
        self.studies.retain(|(_, headway)| headway.done < headway.of);
        Finished { ticket: task.ticket, index: task.index, outcome }
    }
}

impl Task {
    fn new(ticket: Ticket, index: u32, job: Job) -> Self {
        Self {
            ticket,
            index,
            job,
            attempts: 1,
            stage: Stage::Load,
            records: Records::default(),
            progress: None,
            last: CheckupRow::default(),
            budget: Budget::new(FIRST_STEPS, PACE),
        }
    }

    fn command(&self) -> Command {
        match &self.stage {
            Stage::Load => Command::Load { link: self.job.link.clone() },
            Stage::Begin(network) => Command::Begin { network: Saved::clone(network) },
            Stage::Run(_) => Command::Advance { goal: self.job.goal, budget: self.budget.steps(), seen: self.records.seen() },
            Stage::Measure(_) => Command::Measure,
            Stage::Table(facts) => Command::Table { first: 0, count: facts.states.min(MOST_CELLS / facts.stride.max(1)) },
        }
    }

    /// Goes a stage further, or gives how the job ended.
    fn take(&mut self, reply: &Reply, took: f64) -> Option<Outcome> {
        self.stage = match (&reply.event, &self.stage) {
            (Event::Loaded(facts), Stage::Load) => match &self.job.network {
                Some(network) => Stage::Begin(Arc::clone(network)),
                None => Stage::Run(facts.clone()),
            },
            (Event::Loaded(facts), Stage::Begin(_)) => Stage::Run(facts.clone()),
            (Event::Refused(errors), Stage::Load | Stage::Begin(_)) => return Some(Outcome::Refused(errors.clone())),
            (Event::Advanced(progress), Stage::Run(facts)) => {
                self.records.absorb(progress.news, &reply.numbers);
                self.budget.suit(took);
                let stage = if progress.reached || progress.diverged { Stage::Measure(facts.clone()) } else { Stage::Run(facts.clone()) };
                self.progress = Some(progress.clone());
                stage
            }
            (Event::Measured, Stage::Measure(facts)) => {
                self.last = reply.numbers.first_chunk().map(CheckupRow::of).unwrap_or_default();
                if !self.job.table {
                    return Some(self.trace(facts.clone(), ActionValues::default()));
                }
                Stage::Table(facts.clone())
            }
            (Event::Table { count, .. }, Stage::Table(facts)) => {
                return Some(self.trace(facts.clone(), ActionValues::of(facts.stride, *count as usize, &reply.numbers)));
            }
            _ => return Some(Outcome::Failed(String::new())),
        };
        None
    }

    fn trace(&mut self, facts: Facts, values: ActionValues) -> Outcome {
        let diverged = self.progress.as_ref().is_some_and(|progress| progress.diverged);
        Outcome::Done(Box::new(Trace { facts, records: std::mem::take(&mut self.records), last: self.last, diverged, values }))
    }

    /// Part of the job that is done.
    fn share(&self) -> f64 {
        let Some(progress) = &self.progress else { return 0.0 };
        let share = match self.job.goal {
            Goal::Position(goal) => f64::from(progress.position.episode) / f64::from(goal.episode.max(1)),
            Goal::Steps(steps) => progress.steps / steps.max(1.0),
            Goal::Convergence { .. } => 0.0,
        };
        share.clamp(0.0, 1.0)
    }
}

impl Outcome {
    /// Why there is no run to look at, in words; `None` where there is one.
    pub fn fault(&self) -> Option<crate::words::Words> {
        match self {
            Outcome::Done(trace) => trace.diverged.then_some(DIVERGED),
            Outcome::Refused(errors) => errors.first().map(|error| error.fault.clone()),
            Outcome::Failed(message) => Some(phrase!("its worker stopped. {message}", "其工作线程意外停止。{message}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Session;
    use crate::share::from_link;

    fn job(link: &str) -> Job {
        let experiment = from_link(link).unwrap().experiment;
        Job::planned(&experiment, crate::study::job::size(experiment.build().unwrap().as_ref())).unwrap()
    }

    /// Lets workers do what the queue says, turn by turn, until nothing is left; some are lost at some of their commands.
    fn work(queue: &mut Queue, workers: usize, is_lost: impl Fn(usize, u32) -> bool) -> Vec<Finished> {
        let mut sessions: Vec<Session> = (0..workers).map(|_| Session::default()).collect();
        let (mut finished, mut turn) = (Vec::new(), 0);
        loop {
            let mut idle = true;
            for (worker, session) in sessions.iter_mut().enumerate() {
                let Some(command) = queue.command(worker) else { continue };
                idle = false;
                turn += 1;
                if is_lost(worker, turn) {
                    *session = Session::default();
                    finished.extend(queue.lost(worker, "out of memory"));
                } else {
                    finished.extend(queue.answer(worker, &session.handle(&command), 10.0));
                }
            }
            if idle {
                return finished;
            }
        }
    }

    #[test]
    fn several_workers_do_all_jobs_and_each_run_is_that_of_its_link() {
        let mut queue = Queue::default();
        let links = ["1&p=puterman&episodes=40", "1&p=puterman&episodes=40&seed=2", "1&p=puterman&episodes=40&seed=3"];
        let ticket = queue.submit(links.iter().map(|link| job(link)).collect());
        let mut finished = work(&mut queue, 2, |_, _| false);
        finished.sort_by_key(|finished| finished.index);
        assert_eq!(finished.iter().map(|finished| (finished.ticket, finished.index)).collect::<Vec<_>>(), [(1, 0), (1, 1), (1, 2)]);
        assert_eq!(queue.headway(ticket), None);
        let alone: Vec<Outcome> = links.iter().flat_map(|link| crate::study::here(vec![job(link)])).collect();
        assert_eq!(finished.into_iter().map(|finished| finished.outcome).collect::<Vec<_>>(), alone);
        let Outcome::Done(trace) = &alone[0] else { panic!() };
        assert_eq!(trace.records.buckets.iter().map(|bucket| bucket.count).sum::<u32>(), 40);
        assert!(trace.last.episode == 40.0 && trace.last.value <= trace.facts.optimum + 1e-6 && trace.values == ActionValues::default());
        assert_ne!(alone[0], alone[1]);
    }

    #[test]
    fn a_job_whose_worker_is_lost_is_done_by_another() {
        let mut queue = Queue::default();
        let ticket = queue.submit(vec![job("1&p=puterman&episodes=40"), job("1&p=puterman&episodes=40&seed=2")]);
        // Both have begun when the first is lost; the study says so while it goes on.
        let sent = [queue.command(0), queue.command(1)];
        assert!(sent.iter().all(Option::is_some) && queue.lost(0, "out of memory").is_none());
        assert_eq!(queue.headway(ticket), Some(Headway { of: 2, repeated: 1, ..Headway::default() }));
        let mut finished = work(&mut queue, 2, |_, _| false);
        finished.sort_by_key(|finished| finished.index);
        assert_eq!(finished.iter().map(|finished| finished.index).collect::<Vec<_>>(), [0, 1]);
        assert!(finished.iter().all(|finished| matches!(finished.outcome, Outcome::Done(_))));
    }

    #[test]
    fn a_job_that_loses_two_workers_is_reported_and_the_others_go_on() {
        let mut queue = Queue::default();
        queue.submit(vec![job("1&p=puterman&episodes=40"), job("1&p=puterman&episodes=40&seed=2")]);
        // The first worker dies at whatever it is asked until its job is given up.
        let finished = work(&mut queue, 1, |_, turn| turn <= 2);
        assert_eq!(finished[0].index, 0);
        assert_eq!(finished[0].outcome, Outcome::Failed("out of memory".to_owned()));
        assert!(finished[0].outcome.fault().is_some() && matches!(finished[1].outcome, Outcome::Done(_)));
    }

    #[test]
    fn workers_that_never_come_up_end_in_a_report() {
        let mut queue = Queue::default();
        queue.submit(vec![job("1&p=puterman"), job("1&p=puterman&seed=2")]);
        let finished: Vec<Finished> = (0..4).filter_map(|_| queue.lost(0, "no worker")).collect();
        assert_eq!(finished.len(), 2);
        assert_eq!((queue.waiting(), queue.lost(0, "no worker")), (0, None));
        let nothing = queue.submit(Vec::new());
        assert_eq!((queue.headway(nothing), queue.command(0)), (None, None));
    }

    #[test]
    fn a_cancelled_study_leaves_the_others_alone() {
        let mut queue = Queue::default();
        let first = queue.submit(vec![job("1&p=puterman&episodes=40"), job("1&p=puterman&episodes=40&seed=2")]);
        let second = queue.submit(vec![job("1&p=puterman&episodes=40&seed=3")]);
        assert!(queue.command(0).is_some());
        assert_eq!(queue.cancel(first), [0]);
        assert_eq!((queue.headway(first), queue.waiting()), (None, 1));
        let finished = work(&mut queue, 1, |_, _| false);
        assert_eq!(finished.iter().map(|finished| finished.ticket).collect::<Vec<_>>(), [second]);
    }

    #[test]
    fn progress_goes_from_nothing_to_all() {
        let mut queue = Queue::default();
        let ticket = queue.submit(vec![Job { table: true, ..job("1&p=puterman&episodes=100") }, job("1&p=puterman&episodes=1")]);
        let (mut session, mut shares) = (Session::default(), vec![queue.headway(ticket).unwrap().share]);
        while let Some(command) = queue.command(0) {
            queue.answer(0, &session.handle(&command), PACE);
            shares.extend(queue.headway(ticket).map(|headway| headway.share));
        }
        assert!(shares[0] == 0.0 && shares.is_sorted() && shares.len() > 5, "{shares:?}");
        assert!(shares.last() >= Some(&0.5));
    }

    #[test]
    fn the_largest_problem_at_hand_is_known_until_its_job_is_over() {
        let mut queue = Queue::default();
        queue.submit(vec![job("1&p=puterman&episodes=5"), job("1&p=puterman&capacity=9&episodes=5")]);
        let sizes = ["1&p=puterman", "1&p=puterman&capacity=9"].map(|link| job(link).size);
        assert!(sizes[0] >= 16 && sizes[1] >= 100, "{sizes:?}");
        let mut session = Session::default();
        while queue.waiting() > 0 {
            assert_eq!(queue.largest(), sizes[1]);
            if let Some(command) = queue.command(0) {
                queue.answer(0, &session.handle(&command), PACE);
            }
        }
        assert_eq!(queue.largest(), sizes[1], "the second is under way");
        work(&mut queue, 1, |_, _| false);
        assert_eq!(queue.largest(), 0);
    }

    #[test]
    fn a_refused_experiment_says_why() {
        let outcomes = crate::study::here(vec![Job { link: "1&p=puterman&w.nothing=2".to_owned(), ..job("1&p=puterman") }]);
        assert!(matches!(&outcomes[0], Outcome::Refused(errors) if errors[0].key == "w.nothing"), "{outcomes:?}");
    }
}
