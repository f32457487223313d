//! Commands in, events out: what the worker does, without a browser.

mod questions;

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use crate::agent::Experience;
use crate::agent::dqn::Dqn;
use crate::checkpoints::Checkpoints;
use crate::config::{Experiment, Setup};
use crate::evaluate::{Baselines, OPTIMAL, Yardstick, measure_foresight};
use crate::export::Export;
use crate::invalid::Invalid;
use crate::mdp::State;
use crate::metrics::Checkup;
use crate::protocol::{BaselineValue, Command, Event, Facts, Goal, Moment, News, Progress, Reply, Seen};
use crate::records::{ActionValues, BucketRow, CheckupRow};
use crate::share::from_link;
use crate::story::Story;
use crate::trainer::{Limit, Trainer};
use crate::verdict::Verdict;

/// A run has converged when the greedy policy counted as optimal at this many checkups in a row, or more ...
pub const CONVERGED_CHECKUPS: usize = 4;
/// ... over this part of the planned episodes: measurements come fast at first, and luck must not pass for learning.
pub const CONVERGED_STRETCH: f64 = 0.1;
/// What a measurement may cost, in distances of the first checkpoints, to be made wherever the run stands, without anybody having to wait.
const PROMPTLY_MEASURED: u64 = 20;

/// Holds at most one run.
#[derive(Default)]
pub struct Session {
    running: Option<Running>,
}

struct Running {
    experiment: Experiment,
    setup: Rc<Setup>,
    yardstick: Rc<Yardstick>,
    trainer: Trainer,
    checkpoints: Checkpoints,
    baselines: Baselines,
    verdict: Option<Verdict>,
    story: Option<Story>,
    /// The table being taken away, in parts.
    export: Option<Export>,
}

impl Session {
    /// Answers a command.
    pub fn handle(&mut self, command: &Command) -> Reply {
        match (command, &mut self.running) {
            (Command::Load { link }, _) => {
                from_link(link).and_then(|shared| self.begin(shared.experiment)).unwrap_or_else(Event::Refused).into()
            }
            (_, None) => Event::NothingLoaded.into(),
            (Command::Begin { network }, Some(running)) => {
                let experiment = Experiment { network: Some(Arc::new(network.clone())), ..running.experiment.clone() };
                self.begin(experiment).unwrap_or_else(Event::Refused).into()
            }
            (Command::Network, Some(running)) => Event::Network(running.trainer.network().map(|network| Box::new(network.saved()))).into(),
            (Command::Advance { goal, budget, seen }, Some(running)) => running.advance(*goal, *budget, *seen),
            (Command::Baseline { index }, Some(running)) => Event::Baseline(running.baseline(*index)).into(),
            (Command::Foresight { index }, Some(running)) => Event::Foresight(measure_foresight(&running.setup, *index as usize)).into(),
            (Command::Measure, Some(running)) => {
                Reply { event: Event::Measured, numbers: CheckupRow::from(&running.trainer.measure()).numbers().to_vec() }
            }
            (Command::Table { first, count }, Some(running)) => running.table(*first, *count),
            (Command::Portrait, Some(running)) => running.portrait().into(),
            (Command::Sheet { sheet, language, begin, rows }, Some(running)) => running.sheet(*sheet, *language, *begin, *rows).into(),
            (Command::Rows { states }, Some(running)) => running.rows(states),
            (Command::Rollouts { rival, episode }, Some(running)) => running.rollouts(*rival, *episode).into(),
            (Command::Verdict { begin, episodes, budget }, Some(running)) => running.verdict(*begin, *episodes, *budget).into(),
            (Command::Story { begin, state, action, budget }, Some(running)) => running.story(*begin, *state, *action, *budget).into(),
        }
    }

    fn begin(&mut self, experiment: Experiment) -> Result<Event, Vec<Invalid>> {
        let setup = Rc::new(experiment.compile().map_err(|error| vec![error])?);
        let yardstick = Rc::new(Yardstick::new(&setup));
        let model = &setup.model;
        let facts = Facts {
            states: model.states(),
            reachable: yardstick.reachable.iter().filter(|reachable| **reachable).count() as u32,
            stride: model.stride() as u32,
            pairs: model.pair_count(),
            outcomes: model.outcome_count() as u32,
            optimum: yardstick.value,
            random: yardstick.random,
            myopic: yardstick.myopic,
            episode_optimum: yardstick.episode_return(model),
            episode_myopic: yardstick.myopic_return(model),
            steps: setup.settings.steps,
            baselines: setup.environment.baselines().len() as u32,
        };
        let trainer = Trainer::new(Rc::clone(&setup), Rc::clone(&yardstick)).map_err(|error| vec![error])?;
        let (checkpoints, baselines) = (Checkpoints::new(&trainer), Baselines::new(Rc::clone(&setup)));
        self.running =
            Some(Running { experiment, setup, yardstick, trainer, checkpoints, baselines, verdict: None, story: None, export: None });
        Ok(Event::Loaded(facts))
    }
}

impl Running {
    fn advance(&mut self, goal: Goal, budget: u32, seen: Seen) -> Reply {
        if self.lies_before(goal) {
            self.trainer = self.checkpoints.latest(|trainer| match goal {
                Goal::Steps(steps) => trainer.steps() as f64 <= steps,
                Goal::Position(position) => trainer.position() <= position,
                Goal::Convergence { .. } => true,
            });
        }
        let last_step = self.trainer.steps().saturating_add(u64::from(budget));
        while self.trainer.steps() < last_step && !self.reached(goal) {
            let limit = self.next_limit(goal);
            let steps = limit.steps.min(last_step).min(self.checkpoints.next_at(&self.trainer));
            self.trainer.advance(Limit { steps, ..limit });
            self.checkpoints.keep(&self.trainer);
        }
        self.progress(goal, seen)
    }

    /// How far to go before the goal is looked at again: convergence is checked after each episode, and a position within an episode is
    /// approached from the beginning of the episode. Where the episode ends before it, its end is as near as the run comes.
    fn next_limit(&self, goal: Goal) -> Limit {
        let (current, steps) = (self.trainer.position(), self.trainer.steps());
        match goal {
            Goal::Steps(target) => Limit { steps: target.max(0.0) as u64, episode: u32::MAX },
            Goal::Position(target) if current.episode < target.episode => Limit { steps: u64::MAX, episode: target.episode },
            Goal::Position(target) => {
                Limit { steps: steps + u64::from(target.step.saturating_sub(current.step)), episode: target.episode.saturating_add(1) }
            }
            Goal::Convergence { .. } => Limit { steps: u64::MAX, episode: current.episode + 1 },
        }
    }

    fn lies_before(&self, goal: Goal) -> bool {
        match goal {
            Goal::Steps(steps) => (steps.max(0.0) as u64) < self.trainer.steps(),
            Goal::Position(position) => position < self.trainer.position(),
            Goal::Convergence { .. } => false,
        }
    }

    fn reached(&self, goal: Goal) -> bool {
        match goal {
            Goal::Steps(steps) => self.trainer.steps() >= steps.max(0.0) as u64,
            Goal::Position(position) => self.trainer.position() >= position,
            Goal::Convergence { before } => {
                // Only where it was just measured: a moment later the policy may have slipped.
                let converged = self.is_measured() && self.converged(None);
                converged || self.trainer.network().is_some_and(Dqn::diverged) || self.trainer.position().episode >= before
            }
        }
    }

    /// Whether the last checkup was made where the run stands.
    fn is_measured(&self) -> bool {
        let position = self.trainer.position();
        self.trainer.checkups().last().is_some_and(|last| (last.episode, 0) == (position.episode, position.step))
    }

    /// Whether all has been well for long enough, up to the last checkup or to what was measured `now`.
    fn converged(&self, now: Option<&Checkup>) -> bool {
        let good = now.into_iter().chain(self.trainer.checkups().iter().rev()).take_while(|checkup| checkup.share >= OPTIMAL);
        let (last, first, count) = good.fold((0, 0, 0), |(last, _, count), it| (it.episode.max(last), it.episode, count + 1));
        count >= CONVERGED_CHECKUPS && f64::from(last - first) >= CONVERGED_STRETCH * f64::from(self.setup.settings.episodes)
    }

    fn progress(&self, goal: Goal, seen: Seen) -> Reply {
        let trainer = &self.trainer;
        let reached = self.reached(goal);
        let (series, checkups) = (trainer.series(), trainer.checkups());
        // Where the run stands, what is said of the learner is to be true of it as it is now.
        let affordable = || trainer.agent().checkup_cost(&self.setup.model) <= PROMPTLY_MEASURED * trainer.agent().spacing();
        let promptly = reached && !self.is_measured() && affordable();
        let now = promptly.then(|| trainer.measure());
        // The last bucket may still grow, so it is always sent again.
        let known = if seen.width == series.width() { (seen.buckets as usize).min(series.buckets().len()).saturating_sub(1) } else { 0 };
        let measured = (seen.checkups as usize).min(checkups.len()).saturating_sub(1);
        let measured_anew = || checkups[measured..].iter().chain(&now);
        let news = News {
            width: series.width(),
            first_bucket: known as u32,
            buckets: (series.buckets().len() - known) as u32,
            first_checkup: measured as u32,
            checkups: measured_anew().count() as u32,
        };
        let buckets = series.buckets()[known..].iter().flat_map(|bucket| BucketRow::from(bucket).numbers());
        let numbers = buckets.chain(measured_anew().flat_map(|checkup| CheckupRow::from(checkup).numbers())).collect();
        let rates = trainer.rates();
        let progress = Progress {
            position: trainer.position(),
            steps: trainer.steps() as f64,
            reached,
            converged: self.converged(now.as_ref()),
            diverged: trainer.network().is_some_and(Dqn::diverged),
            measured: promptly || self.is_measured(),
            lesson: trainer.network().and_then(Dqn::lesson),
            state: trainer.state().0,
            epsilon: rates.epsilon,
            alpha: match rates.alpha {
                crate::agent::StepSize::Rate(alpha) => Some(alpha),
                crate::agent::StepSize::Visits(_) => None,
            },
            gamma: rates.gamma,
            moment: self.moment(),
            fingerprint: reached.then(|| format!("{:016x}", trainer.fingerprint())),
            news,
        };
        Reply { event: Event::Advanced(Box::new(progress)), numbers }
    }

    fn moment(&self) -> Option<Moment> {
        let step = self.trainer.last()?;
        let (model, agent) = (&self.setup.model, self.trainer.agent());
        let (state, slot, update) = (step.state, step.choice.slot, step.update);
        let slots = model.slots(state);
        let pair = model.pair(state, slot);
        let mut believed = agent.believed(state, slot, &update);
        believed.truncate(slots as usize);
        let next = step.transition.next;
        let experience = Experience { state, slot, reward: step.transition.reward, next, terminated: step.terminated };
        let followed = agent.followed(&experience, &update).map(|slot| model.action(next, slot).0);
        Some(Moment {
            state: state.0,
            action: model.action(state, slot).0,
            slot,
            explored: step.choice.explored,
            believed,
            actions: (0..slots).map(|slot| model.action(state, slot).0).collect(),
            outcome: model.outcome_in_pair(pair, step.transition.outcome),
            next: next.0,
            reward: step.transition.reward,
            parts: if model.part_count() == 1 { vec![step.transition.reward] } else { model.parts(step.transition.outcome).to_vec() },
            before: update.before,
            next_value: update.next_value,
            target: update.target,
            error: update.error,
            alpha: update.alpha,
            gamma: step.rates.gamma,
            epsilon: step.rates.epsilon,
            after: update.after,
            visits: agent.visits()[pair],
            followed,
            mixed: agent.mixed(&experience, &update),
            terminated: step.terminated,
            truncated: step.truncated,
            observation: agent.network().and_then(Dqn::observation),
        })
    }

    fn baseline(&mut self, index: u32) -> Option<BaselineValue> {
        let measured = self.baselines.get(index as usize)?;
        Some(BaselineValue { index, name: measured.name.clone(), value: measured.value, episode_return: measured.episode_return })
    }

    fn portrait(&self) -> Event {
        Event::Portrait(self.trainer.network().map(|network| Box::new(network.portrait(self.trainer.state()))))
    }

    fn table(&self, first: u32, count: u32) -> Reply {
        let model = &self.setup.model;
        let first = first.min(model.states());
        let count = count.min(model.states() - first);
        let reachable = self.yardstick.reachable[first as usize..(first + count) as usize].to_vec();
        let values = ActionValues { reachable, ..self.action_values(std::slice::from_ref(&(first..first + count))) };
        Reply { event: Event::Table { first, count }, numbers: values.numbers() }
    }

    /// Of ranges of states.
    fn action_values(&self, states: &[Range<u32>]) -> ActionValues {
        let (agent, model) = (self.trainer.agent(), &self.setup.model);
        let learned = agent.values_of(&|state| states.iter().any(|range| range.contains(&state.0)));
        let pairs = || states.iter().flat_map(|range| model.pair(State(range.start), 0)..model.pair(State(range.end), 0));
        ActionValues {
            stride: model.stride() as u32,
            learned: pairs().map(|pair| learned[pair]).collect(),
            optimal: pairs().map(|pair| self.yardstick.action_values[pair]).collect(),
            visits: pairs().map(|pair| f64::from(agent.visits()[pair])).collect(),
            reachable: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Position;

    pub(super) fn loaded(link: &str) -> Session {
        let mut session = Session::default();
        let reply = session.handle(&Command::Load { link: link.to_owned() });
        assert!(matches!(reply.event, Event::Loaded(_)), "{reply:?}");
        session
    }

    pub(super) fn go(session: &mut Session, goal: Goal, budget: u32) -> Progress {
        loop {
            let reply = session.handle(&Command::Advance { goal, budget, seen: Seen::default() });
            let Event::Advanced(progress) = reply.event else { panic!("{reply:?}") };
            if progress.reached {
                return *progress;
            }
        }
    }

    #[test]
    fn going_back_is_the_same_as_never_having_gone_on() {
        let mut straight = loaded("1&p=puterman&episodes=100000");
        let target = Goal::Position(Position { episode: 120, step: 5 });
        let expected = go(&mut straight, target, 1_000_000);
        assert_eq!(expected.position, Position { episode: 120, step: 5 });
        let mut returning = loaded("1&p=puterman&episodes=100000");
        go(&mut returning, Goal::Steps(3_000_000.0), 70_001);
        let returned = go(&mut returning, target, 501);
        assert_eq!(returned.fingerprint, expected.fingerprint);
        assert_eq!(returned.moment, expected.moment);
        let back = go(&mut returning, Goal::Steps(expected.steps - 1.0), 1000);
        assert_eq!(back.position, Position { episode: 120, step: 4 });
        assert_eq!(go(&mut returning, target, 1000).fingerprint, expected.fingerprint);
    }

    #[test]
    fn where_a_run_stands_it_is_measured_in_large_problems_too() {
        let mut session = loaded("1&p=zheng_15&steps=20");
        let stands = go(&mut session, Goal::Position(Position { episode: 3, step: 7 }), 10_000);
        assert!(stands.measured);
        let Reply { event: Event::Advanced(on_its_way), .. } =
            session.handle(&Command::Advance { goal: Goal::Steps(1e6), budget: 50, seen: Seen::default() })
        else {
            panic!()
        };
        assert!(!on_its_way.measured && !on_its_way.reached);
    }

    #[test]
    fn the_shop_converges_and_says_so() {
        let progress = go(&mut loaded("1&p=puterman"), Goal::Convergence { before: 2000 }, 10_000);
        assert!(progress.converged && (200..2000).contains(&progress.position.episode), "{:?}", progress.position);
    }

    #[test]
    fn a_run_that_ends_first_does_not_claim_to_have_converged_and_can_go_on() {
        let mut session = loaded("1&p=puterman&gamma=0&episodes=50");
        for before in [50, 100] {
            let progress = go(&mut session, Goal::Convergence { before }, 1000);
            assert_eq!((progress.converged, progress.position), (false, Position { episode: before, step: 0 }));
        }
    }

    #[test]
    fn where_a_run_stands_it_is_measured_as_it_is() {
        let mut session = loaded("1&p=puterman");
        let mut records = crate::records::Records::default();
        // On, and back: what was measured where the run stood gives way to what is measured next.
        for steps in [5000.0, 5001.0, 5100.0, 77_777.0, 5001.0] {
            let advance = Command::Advance { goal: Goal::Steps(steps), budget: 100_000, seen: records.seen() };
            let reply = session.handle(&advance);
            let Event::Advanced(progress) = reply.event else { panic!() };
            records.absorb(progress.news, &reply.numbers);
            let running = session.running.as_ref().unwrap();
            let (said, now) = (records.checkups.last().unwrap(), running.trainer.measure());
            assert_eq!((said.episode, said.distance, said.wrong), (f64::from(now.episode), now.distance, f64::from(now.wrong)));
            // To the accuracy of an evaluation.
            assert!((said.value - now.value).abs() < 1e-6, "{said:?} {now:?}");
            // What was measured at that very moment is not told twice.
            let recorded = running.trainer.checkups().len() + usize::from(!running.is_measured());
            assert_eq!(records.checkups.len(), recorded);
        }
    }

    #[test]
    fn a_refused_experiment_leaves_the_running_one() {
        let mut session = loaded("1&p=puterman");
        let before = go(&mut session, Goal::Steps(777.0), 100);
        let reply = session.handle(&Command::Load { link: "1&p=puterman&capacity=-3".to_owned() });
        assert!(matches!(reply.event, Event::Refused(_)));
        assert_eq!(go(&mut session, Goal::Steps(777.0), 100), before);
    }

    #[test]
    fn only_news_cross() {
        let mut session = loaded("1&p=puterman");
        let reply = session.handle(&Command::Advance { goal: Goal::Steps(5000.0), budget: 5000, seen: Seen::default() });
        let Event::Advanced(progress) = reply.event else { panic!() };
        assert_eq!(progress.news.buckets, 50);
        let seen = Seen { width: 1, buckets: 50, checkups: progress.news.checkups };
        let reply = session.handle(&Command::Advance { goal: Goal::Steps(5100.0), budget: 5000, seen });
        let Event::Advanced(progress) = reply.event else { panic!() };
        assert_eq!((progress.news.first_bucket, progress.news.buckets), (49, 2));
        assert_eq!(reply.numbers.len() as u32, 2 * crate::records::BUCKET as u32 + progress.news.checkups * crate::records::CHECKUP as u32);
    }

    #[test]
    fn a_step_beyond_the_end_of_its_episode_stops_there() {
        // Calls end when the fault is found.
        let mut session = loaded("1&p=troubleshoot");
        let short = go(&mut session, Goal::Position(Position { episode: 7, step: 90 }), 1000);
        assert_eq!(short.position, Position { episode: 8, step: 0 });
        let end = go(&mut session, Goal::Position(Position { episode: 8, step: 0 }), 1000);
        assert_eq!(short.fingerprint, end.fingerprint);
    }

    #[test]
    fn what_was_not_explored_was_the_best_believed() {
        for algorithm in ["q_learning", "expected_sarsa", "double_q", "dqn"] {
            let mut session = loaded(&["1&p=puterman&epsilon=.5&alpha=.1&warmup=10&hidden=8&batch=4&algorithm=", algorithm].concat());
            let mut exploited = 0;
            for step in 1..=400 {
                let moment = go(&mut session, Goal::Steps(f64::from(step)), 1).moment.unwrap();
                let best = moment.believed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                exploited += u32::from(!moment.explored);
                assert!(moment.explored || moment.believed[moment.slot as usize] == best, "{algorithm} {step}: {moment:?}");
            }
            assert!(exploited > 150, "{algorithm}: {exploited}");
        }
    }

    #[test]
    fn commands_before_any_experiment_are_answered() {
        let reply = Session::default().handle(&Command::Table { first: 0, count: 1 });
        assert_eq!(reply.event, Event::NothingLoaded);
    }
}
