//! The story of a value: the updates that made it.
//!
//! Nothing is recorded while learning, which would cost speed for what is seldom asked. Since a run repeats bit for bit, the updates of a
//! pair are found by replaying it from checkpoints and watching the pair: the newest interval first, then earlier ones until there are
//! enough. Intervals in which the pair was not visited are skipped.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::checkpoints::Checkpoints;
use crate::config::Position;
use crate::mdp::State;
use crate::trainer::{Limit, Step, Trainer};

/// How many of the first updates are told.
pub const FIRST: usize = 3;
/// How many of the last.
pub const LAST: usize = 20;

/// One update of a value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Where the run stands just after it: there it is the step just taken.
    pub position: Position,
    /// Which update of the pair it is, counted from 1.
    pub number: u32,
    /// Whether the action was drawn at random.
    pub explored: bool,
    /// Reward received.
    pub reward: f64,
    /// What the value was moved towards.
    pub target: f64,
    /// Target less value before.
    pub error: f64,
    /// Learning rate used.
    pub alpha: f64,
    /// The value after.
    pub after: f64,
}

/// The story so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The state.
    pub state: u32,
    /// Index of the action.
    pub action: u32,
    /// The moment up to which it is told.
    pub position: Position,
    /// The value then.
    pub value: f64,
    /// The optimal value.
    pub optimal: f64,
    /// Updates up to then.
    pub visits: u32,
    /// The first updates, where they are not among the last.
    pub first: Vec<Revision>,
    /// The last updates, the newest at the end.
    pub last: Vec<Revision>,
    /// Updates that will be told when it is done.
    pub wanted: u32,
    /// Whether nothing is left to be found.
    pub done: bool,
}

/// A story being found, some steps at a time.
pub struct Story {
    state: State,
    slot: u32,
    /// The moment up to which it is told.
    now: Rc<Trainer>,
    /// Moments before it; intervals lie between neighbours, the last ends now.
    trail: Vec<Rc<Trainer>>,
    head: Hunt,
    tail: Hunt,
    scan: Option<Scan>,
}

/// What is looked for at one end of the run.
#[derive(Default)]
struct Hunt {
    wanted: usize,
    found: Vec<Revision>,
    /// Intervals looked through.
    intervals: usize,
}

impl Hunt {
    fn is_over(&self) -> bool {
        self.found.len() >= self.wanted
    }
}

/// An interval being replayed.
struct Scan {
    replay: Trainer,
    until: u64,
    found: VecDeque<Revision>,
    of_head: bool,
}

impl Story {
    /// The story of a pair up to where the run stands. A network's values are not made by single updates, so theirs is over at once.
    pub fn new(trainer: &Trainer, checkpoints: &Checkpoints, state: State, slot: u32) -> Self {
        let now = Rc::new(trainer.clone());
        let mut story =
            Self { state, slot, trail: checkpoints.up_to(now.steps()), now, head: Hunt::default(), tail: Hunt::default(), scan: None };
        let visits = if trainer.network().is_some() { 0 } else { story.visits(&story.now) as usize };
        (story.head.wanted, story.tail.wanted) = if visits > FIRST + LAST { (FIRST, LAST) } else { (0, visits) };
        story
    }

    fn visits(&self, trainer: &Trainer) -> u32 {
        trainer.agent().visits()[self.now.pair(self.state, self.slot)]
    }

    /// Whether nothing is left to be found.
    pub fn is_done(&self) -> bool {
        self.head.is_over() && self.tail.is_over()
    }

    /// Replays so many steps.
    pub fn advance(&mut self, budget: u64) {
        let mut left = budget;
        while left > 0 && !self.is_done() {
            let Some(mut scan) = self.scan.take().or_else(|| self.next_scan()) else {
                // Every interval was looked through: there is no more to tell.
                (self.head.wanted, self.tail.wanted) = (self.head.found.len(), self.tail.found.len());
                return;
            };
            let hunt = if scan.of_head { &self.head } else { &self.tail };
            let missing = hunt.wanted - hunt.found.len();
            while left > 0 && !scan.is_over(missing) {
                left -= 1;
                if let Some(revision) = scan.step(self.state, self.slot) {
                    if scan.found.len() >= missing {
                        scan.found.pop_front();
                    }
                    scan.found.push_back(revision);
                }
            }
            if scan.is_over(missing) {
                self.finish(scan);
            } else {
                self.scan = Some(scan);
            }
        }
    }

    fn finish(&mut self, scan: Scan) {
        if scan.of_head {
            self.head.found.extend(scan.found);
        } else {
            self.tail.found.splice(0..0, scan.found);
        }
    }

    /// The next interval in which the pair was visited: the end of the run comes first.
    fn next_scan(&mut self) -> Option<Scan> {
        loop {
            let of_head = self.tail.is_over();
            let hunt = if of_head { &mut self.head } else { &mut self.tail };
            let index = if of_head { hunt.intervals } else { (self.trail.len() - 1).checked_sub(hunt.intervals)? };
            hunt.intervals += 1;
            let begin = self.trail.get(index)?;
            let end = self.trail.get(index + 1).unwrap_or(&self.now);
            if self.visits(begin) != self.visits(end) {
                return Some(Scan { replay: begin.as_ref().clone(), until: end.steps(), found: VecDeque::new(), of_head });
            }
        }
    }

    /// What is known so far.
    pub fn report(&self) -> Report {
        let (trainer, pair) = (&self.now, self.now.pair(self.state, self.slot));
        Report {
            state: self.state.0,
            action: trainer.action(self.state, self.slot),
            position: trainer.position(),
            value: trainer.agent().row(self.state)[self.slot as usize],
            optimal: trainer.yardstick().action_values[pair],
            visits: trainer.agent().visits()[pair],
            first: self.head.found.clone(),
            last: self.tail.found.clone(),
            wanted: (self.head.wanted + self.tail.wanted) as u32,
            done: self.is_done(),
        }
    }
}

impl Scan {
    /// Of the first updates as many are enough as are missing; the last ones are known at the end of the interval only.
    fn is_over(&self, missing: usize) -> bool {
        self.replay.steps() >= self.until || (self.of_head && self.found.len() >= missing)
    }

    /// One step of the replay, and the update of the pair if it was one.
    fn step(&mut self, state: State, slot: u32) -> Option<Revision> {
        let steps = self.replay.steps() + 1;
        self.replay.advance(Limit { steps, episode: u32::MAX });
        let step = self.replay.last().filter(|step| step.state == state && step.choice.slot == slot)?;
        let number = self.replay.agent().visits()[self.replay.pair(state, slot)];
        Some(revision(step, self.replay.position(), number))
    }
}

fn revision(step: &Step, position: Position, number: u32) -> Revision {
    let update = step.update;
    Revision {
        position,
        number,
        explored: step.choice.explored,
        reward: step.transition.reward,
        target: update.target,
        error: update.error,
        alpha: update.alpha,
        after: update.after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Yardstick;
    use crate::share::from_link;

    /// A run with checkpoints, and every update of every pair as it happened.
    fn run(link: &str, steps: u64) -> (Trainer, Checkpoints, Vec<(State, u32, Revision)>) {
        let setup = Rc::new(from_link(link).unwrap_or_else(|e| panic!("{e:?}")).experiment.compile().unwrap());
        let yardstick = Rc::new(Yardstick::new(&setup));
        let mut trainer = Trainer::new(setup, yardstick).unwrap();
        let mut checkpoints = Checkpoints::new(&trainer);
        let mut happened = Vec::new();
        while trainer.steps() < steps {
            let next = trainer.steps() + 1;
            trainer.advance(Limit { steps: next, episode: u32::MAX });
            checkpoints.keep(&trainer);
            let step = *trainer.last().unwrap();
            let number = trainer.agent().visits()[trainer.pair(step.state, step.choice.slot)];
            happened.push((step.state, step.choice.slot, revision(&step, trainer.position(), number)));
        }
        (trainer, checkpoints, happened)
    }

    fn tell(story: &mut Story, budget: u64) -> Report {
        while !story.is_done() {
            story.advance(budget);
        }
        story.report()
    }

    #[test]
    fn the_updates_told_are_those_that_happened() {
        for (link, steps) in
            [("1&p=puterman", 450_000), ("1&p=puterman&algorithm=sarsa", 30_000), ("1&p=puterman&algorithm=double_q", 30_000)]
        {
            let (trainer, checkpoints, happened) = run(link, steps);
            assert!(link.contains("algorithm") || checkpoints.up_to(steps).len() == 3);
            for state in 0..4 {
                for slot in 0..=3 - state {
                    let own: Vec<Revision> =
                        happened.iter().filter(|it| (it.0, it.1) == (State(state), slot)).map(|(_, _, revision)| *revision).collect();
                    for budget in [777, u64::MAX] {
                        let mut story = Story::new(&trainer, &checkpoints, State(state), slot);
                        let report = tell(&mut story, budget);
                        assert_eq!(report.visits as usize, own.len());
                        if own.len() > FIRST + LAST {
                            assert_eq!(report.first, own[..FIRST], "{link} {state} {slot}");
                            assert_eq!(report.last, own[own.len() - LAST..], "{link} {state} {slot}");
                        } else {
                            assert_eq!((report.first.len(), &report.last), (0, &own));
                        }
                        if !link.contains("double_q") {
                            assert_eq!(report.last.last().map(|last| last.after), (!own.is_empty()).then_some(report.value));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_pair_not_visited_lately_is_found_in_earlier_intervals() {
        // Exploration ends after some episodes; from then on the poor actions of a state are left alone.
        let (trainer, checkpoints, happened) = run("1&p=puterman&epsilon=lin:1:0:1000", 900_000);
        let own: Vec<Revision> = happened.iter().filter(|it| (it.0, it.1) == (State(3), 0)).map(|it| it.2).collect();
        let seldom: Vec<Revision> = happened.iter().filter(|it| (it.0, it.1) == (State(1), 2)).map(|it| it.2).collect();
        assert!(seldom.last().unwrap().position.episode < 1010 && own.last().unwrap().position.episode > 8000);
        let mut story = Story::new(&trainer, &checkpoints, State(1), 2);
        story.advance(150_000);
        let report = tell(&mut story, 10_000);
        assert_eq!(report.last, seldom[seldom.len() - LAST..]);
        assert_eq!(report.first, seldom[..FIRST]);
    }

    #[test]
    fn after_going_back_only_the_past_is_told() {
        let (_, checkpoints, happened) = run("1&p=puterman", 450_000);
        let mut earlier = checkpoints.latest(|trainer| trainer.steps() <= 210_000);
        earlier.advance(Limit { steps: 210_000, episode: u32::MAX });
        let own: Vec<Revision> =
            happened[..210_000].iter().filter(|it| (it.0, it.1) == (State(0), 3)).map(|(_, _, revision)| *revision).collect();
        let report = tell(&mut Story::new(&earlier, &checkpoints, State(0), 3), 4000);
        assert_eq!(report.last, own[own.len() - LAST..]);
    }

    #[test]
    fn a_network_has_visits_but_no_updates_of_its_own() {
        let (trainer, checkpoints, _) = run("1&p=puterman&algorithm=dqn", 300);
        let report = tell(&mut Story::new(&trainer, &checkpoints, State(0), 0), 10);
        assert!(report.done && report.visits > 0 && report.last.is_empty());
    }
}
