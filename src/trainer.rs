//! The loop: act, step, learn, record.
//!
//! Playing and stepping share [`Trainer::advance`], and however a run is chopped up its result is the same, bit for bit.

use std::rc::Rc;

use xxhash_rust::xxh64::Xxh64;

use crate::agent::dqn::Dqn;
use crate::agent::{Agent, Blueprint, Choice, Experience, Learner, Rates, Task, Update};
use crate::config::{Position, Setup};
use crate::evaluate::Yardstick;
use crate::invalid::Invalid;
use crate::mdp::{MAX_PARTS, State};
use crate::metrics::{Bucket, Checkup, Episode, MOST_BUCKETS, Series, next_checkup};
use crate::model::Transition;
use crate::planner::{Policy, evaluate_from};
use crate::random::{Purpose, Stream};

/// Measurements that the planned episodes of a table have at least, ...
const FEWEST_CHECKUPS: u64 = 24;
/// ... if one takes no longer than so many steps, some hundredths of a second.
const QUICK_CHECKUP: u64 = 2_000_000;

/// One step, as it happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// State before.
    pub state: State,
    /// What was done.
    pub choice: Choice,
    /// What followed.
    pub transition: Transition,
    /// What was learned.
    pub update: Update,
    /// The rates in force.
    pub rates: Rates,
    /// Whether the episode ended in a terminal state.
    pub terminated: bool,
    /// Whether the episode was cut for its length.
    pub truncated: bool,
}

/// How far to go: whichever comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Steps of the whole run.
    pub steps: u64,
    /// Episodes completed.
    pub episode: u32,
}

/// A run at some moment; a clone of it is a checkpoint.
#[derive(Clone)]
pub struct Trainer {
    learner: Learner,
    run: Run,
}

/// Everything of a run but the learner.
#[derive(Clone)]
struct Run {
    setup: Rc<Setup>,
    yardstick: Rc<Yardstick>,
    now: Now,
    position: Position,
    steps: u64,
    rates: Rates,
    last: Option<Step>,
    series: Series,
    checkups: Vec<Checkup>,
    next_checkup: u64,
    greedy_values: Rc<Vec<f64>>,
}

/// What changes at every step; small enough for the loop to keep in registers.
#[derive(Clone)]
struct Now {
    environment: Stream,
    exploration: Stream,
    state: State,
    tally: Tally,
}

/// The episode under way.
#[derive(Clone, Copy, Default)]
struct Tally {
    weight: f64,
    total: f64,
    error: f64,
    estimate: f64,
    truth: f64,
    parts: [f64; MAX_PARTS],
}

impl Trainer {
    /// A run before its first step, unless the learner refuses its settings.
    pub fn new(setup: Rc<Setup>, yardstick: Rc<Yardstick>) -> Result<Self, Invalid> {
        let settings = &setup.settings;
        let blueprint = Blueprint {
            environment: setup.environment.as_ref(),
            model: &setup.model,
            options: &settings.options,
            initial_value: settings.initial_value,
            network: settings.network.as_deref(),
            seed: settings.seed,
        };
        let learner = Learner::new(&settings.algorithm, &blueprint)?;
        let greedy_values = Rc::new(vec![0.0; setup.model.states() as usize]);
        let mut run = Run {
            now: Now {
                environment: Stream::new(settings.seed, Purpose::Environment),
                exploration: Stream::new(settings.seed, Purpose::Exploration),
                state: State(0),
                tally: Tally::default(),
            },
            position: Position::default(),
            steps: 0,
            rates: rates(&setup, 0),
            last: None,
            series: Series::default(),
            checkups: Vec::new(),
            next_checkup: 0,
            greedy_values,
            setup,
            yardstick,
        };
        run.begin_episode();
        run.check_up(learner.agent());
        Ok(Self { learner, run })
    }

    /// Memory that a checkpoint takes at most, in bytes.
    pub fn bytes(&self) -> usize {
        self.agent().bytes() + size_of_val(self.run.greedy_values.as_slice()) + MOST_BUCKETS * size_of::<Bucket>()
    }

    /// Goes on until a limit is reached.
    pub fn advance(&mut self, limit: Limit) {
        self.learner.with(Advance { run: &mut self.run, limit });
    }

    /// The learner.
    pub fn agent(&self) -> &dyn Agent {
        self.learner.agent()
    }

    /// The learner, if it is a network.
    pub fn network(&self) -> Option<&Dqn> {
        self.agent().network()
    }

    /// Episodes completed and steps into the next.
    pub fn position(&self) -> Position {
        self.run.position
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> u64 {
        self.run.steps
    }

    /// The state the next step starts from.
    pub fn state(&self) -> State {
        self.run.now.state
    }

    /// The rates in force.
    pub fn rates(&self) -> Rates {
        self.run.rates
    }

    /// The last step, if there was one.
    pub fn last(&self) -> Option<&Step> {
        self.run.last.as_ref()
    }

    /// Returns by episode.
    pub fn series(&self) -> &Series {
        &self.run.series
    }

    /// Exact measurements so far.
    pub fn checkups(&self) -> &[Checkup] {
        &self.run.checkups
    }

    /// What the run is measured by.
    pub fn yardstick(&self) -> &Yardstick {
        &self.run.yardstick
    }

    /// Index of a state and slot in tables over pairs.
    pub fn pair(&self, state: State, slot: u32) -> usize {
        self.run.setup.model.pair(state, slot)
    }

    /// Index of the action in a slot of a state.
    pub fn action(&self, state: State, slot: u32) -> u32 {
        self.run.setup.model.action(state, slot).0
    }

    /// The learner's greedy policy.
    pub fn greedy(&self) -> Policy {
        self.agent().greedy(self.run.setup.model.stride()).1
    }

    /// Measures the learner as it is now, without leaving a trace in the run.
    pub fn measure(&self) -> Checkup {
        self.run.measure(self.agent()).0
    }

    /// A hash of what the learner and the streams of chance have come to: two runs of the same experiment with the same fingerprint go on
    /// alike. The experiment itself is not hashed, nor is what was recorded.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = Xxh64::new(0);
        self.agent().fingerprint(&mut hash);
        let run = &self.run;
        for word in [run.now.environment.peek(), run.now.exploration.peek(), run.steps, u64::from(run.now.state.0)] {
            hash.update(&word.to_le_bytes());
        }
        hash.digest()
    }
}

struct Advance<'a> {
    run: &'a mut Run,
    limit: Limit,
}

impl Task for Advance<'_> {
    fn run<A: Agent>(self, agent: &mut A) {
        self.run.advance(agent, self.limit);
    }
}

fn rates(setup: &Setup, episode: u32) -> Rates {
    let settings = &setup.settings;
    Rates { alpha: settings.step_size(episode), gamma: settings.gamma.at(episode), epsilon: settings.epsilon.at(episode) }
}

impl Run {
    fn advance<A: Agent>(&mut self, agent: &mut A, limit: Limit) {
        while self.steps < limit.steps && self.position.episode < limit.episode {
            self.walk(agent, limit.steps - self.steps);
        }
    }

    /// The loop: act, step, learn, record, to the end of the episode or for `most` steps.
    fn walk<A: Agent>(&mut self, agent: &mut A, most: u64) {
        let setup = Rc::clone(&self.setup);
        let (model, discount, rates) = (&setup.model, setup.settings.discount, self.rates);
        let left = setup.settings.steps.saturating_sub(self.position.step).max(1);
        let most = most.min(u64::from(left)) as u32;
        let mut now = self.now.clone();
        let mut taken = 0;
        let last = loop {
            let state = now.state;
            let choice = agent.act(state, model.slots(state), rates.epsilon, &mut now.exploration);
            let transition = model.sample(model.pair(state, choice.slot), &mut now.environment);
            let terminated = model.is_terminal(transition.next);
            let experience = Experience { state, slot: choice.slot, reward: transition.reward, next: transition.next, terminated };
            let update = agent.learn(&experience, &rates, &mut now.exploration);
            now.tally.record(transition.reward, model.parts(transition.outcome), update.error, discount);
            if agent.network().is_some() {
                now.tally.compare(update.next_value, self.yardstick.optimum.values[transition.next.index()]);
            }
            now.state = transition.next;
            taken += 1;
            if terminated || taken == most {
                let truncated = !terminated && taken == left;
                break Step { state, choice, transition, update, rates, terminated, truncated };
            }
        };
        self.now = now;
        self.steps += u64::from(taken);
        self.position.step += taken;
        self.last = Some(last);
        if last.terminated || last.truncated {
            self.end_episode(agent);
        }
    }

    fn end_episode(&mut self, agent: &mut dyn Agent) {
        let episode = self.now.tally.episode(self.position.step, self.setup.model.part_count());
        let gradient_steps = agent.network_mut().map(Dqn::gradient_steps).unwrap_or_default();
        self.series.push(Episode { gradient_steps, ..episode });
        self.position = Position { episode: self.position.episode + 1, step: 0 };
        self.begin_episode();
        if self.steps >= self.next_checkup {
            self.check_up(agent);
        }
    }

    fn begin_episode(&mut self) {
        let setup = Rc::clone(&self.setup);
        self.now.state = setup.model.sample_start(&mut self.now.environment);
        self.rates = rates(&setup, self.position.episode);
        self.now.tally = Tally { weight: 1.0, ..Tally::default() };
    }

    fn check_up(&mut self, agent: &dyn Agent) {
        let (checkup, values) = self.measure(agent);
        self.greedy_values = Rc::new(values);
        self.checkups.push(checkup);
        let (settings, cost) = (&self.setup.settings, agent.checkup_cost(&self.setup.model));
        // A short run is to be seen learning too: what takes a moment may be done some times in it, however short the run itself takes.
        let few = u64::from(settings.episodes) * u64::from(settings.steps) / FEWEST_CHECKUPS;
        let spacing = if cost <= QUICK_CHECKUP && agent.network().is_none() { cost.min(few) } else { cost };
        self.next_checkup = next_checkup(self.steps, spacing);
    }

    fn measure(&self, agent: &dyn Agent) -> (Checkup, Vec<f64>) {
        let (model, yardstick) = (&self.setup.model, &self.yardstick);
        let (believed, greedy) = agent.greedy(model.stride());
        let wrong = yardstick.wrong(model, &greedy).count() as u32;
        let tolerance = 1e-7 * (1.0 + yardstick.value.abs());
        let values = evaluate_from(model, &greedy, self.setup.settings.discount, tolerance, self.greedy_values.to_vec());
        // What lies within the accuracy of zero is none.
        let value = Some(model.at_start(&values)).filter(|value| value.abs() > tolerance).unwrap_or(0.0);
        let checkup = Checkup {
            episode: self.position.episode,
            value,
            share: yardstick.share(value),
            distance: yardstick.distance(model, &believed),
            wrong,
        };
        (checkup, values)
    }
}

impl Tally {
    #[inline(always)]
    fn record(&mut self, reward: f64, parts: &[f64], error: f64, discount: f64) {
        self.total += self.weight * reward;
        self.error += error.abs();
        for (sum, part) in self.parts.iter_mut().zip(parts) {
            *sum += self.weight * part;
        }
        self.weight *= discount;
    }

    /// What a network estimated and what would be true; summed over the steps.
    fn compare(&mut self, estimate: f64, truth: f64) {
        self.estimate += estimate;
        self.truth += truth;
    }

    fn episode(&self, steps: u32, part_count: usize) -> Episode {
        let mut parts = self.parts;
        if part_count == 1 {
            parts[0] = self.total;
        }
        let mean = |sum: f64| sum / f64::from(steps.max(1));
        let (error, estimate, truth) = (mean(self.error), mean(self.estimate), mean(self.truth));
        Episode { total: self.total, error, estimate, truth, parts, ..Episode::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::ALGORITHMS;
    use crate::share::from_link;

    fn trainer(link: &str) -> Trainer {
        let setup = Rc::new(from_link(link).unwrap_or_else(|e| panic!("{e:?}")).experiment.compile().unwrap());
        let yardstick = Rc::new(Yardstick::new(&setup));
        Trainer::new(setup, yardstick).unwrap()
    }

    const TO_THE_END: Limit = Limit { steps: u64::MAX, episode: 2000 };

    #[test]
    fn a_short_run_of_a_large_table_is_seen_learning() {
        let mut trainer = trainer("1&p=zheng_10");
        trainer.advance(Limit { steps: u64::MAX, episode: 1000 });
        assert!((20..40).contains(&trainer.checkups().len()), "{}", trainer.checkups().len());
    }

    #[test]
    fn chopping_a_run_up_changes_nothing() {
        // A discount that rises, episodes that end by themselves and episodes that are cut.
        let problems = ["1&p=puterman&gamma=exp:.2:.9:10&steps=37", "1&p=gvr_clearance"];
        for (algorithm, problem) in ALGORITHMS.iter().flat_map(|algorithm| problems.map(|problem| (algorithm.key, problem))) {
            let link = format!("{problem}&algorithm={algorithm}&epsilon=.3&hidden=8&batch=4&warmup=50&replay=300&target_every=20");
            let (mut whole, mut chopped) = (trainer(&link), trainer(&link));
            whole.advance(Limit { steps: 1234, episode: u32::MAX });
            for steps in 1..=1234 {
                chopped.advance(Limit { steps, episode: u32::MAX });
            }
            assert_eq!(whole.fingerprint(), chopped.fingerprint(), "{link}");
            assert_eq!(whole.last(), chopped.last(), "{link}");
            assert_eq!(whole.checkups(), chopped.checkups(), "{link}");
        }
    }

    #[test]
    fn the_shop_is_learned() {
        let mut trainer = trainer("1&p=puterman");
        trainer.advance(TO_THE_END);
        assert_eq!(trainer.position(), Position { episode: 2000, step: 0 });
        let checkup = trainer.measure();
        assert!(checkup.share > 0.9999 && checkup.wrong == 0, "{checkup:?}");
    }

    #[test]
    fn more_exploration_does_not_change_the_customers() {
        let (mut careful, mut curious) = (trainer("1&p=puterman&epsilon=0"), trainer("1&p=puterman&epsilon=1"));
        careful.advance(TO_THE_END);
        curious.advance(TO_THE_END);
        assert_eq!(careful.run.now.environment, curious.run.now.environment);
        assert_ne!(careful.fingerprint(), curious.fingerprint());
    }

    #[test]
    fn another_seed_is_another_run() {
        let (mut one, mut two) = (trainer("1&p=puterman&seed=1"), trainer("1&p=puterman&seed=2"));
        one.advance(TO_THE_END);
        two.advance(TO_THE_END);
        assert_ne!(one.fingerprint(), two.fingerprint());
    }
}
