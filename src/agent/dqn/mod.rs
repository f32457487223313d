//! Deep Q-learning (Mnih et al. 2015): a network in place of the table.
//!
//! Each step is remembered; each gradient step draws a mini-batch of memories and moves `Q(s,a)` towards
//! `r + gamma max Q'(s',.)`, where `Q'` is a copy of the network that follows now and then, and the maximum is over the actions available
//! in `s'`. Nothing is bootstrapped past a terminal state. Options: Double DQN (van Hasselt et al. 2016), dueling heads (Wang et al. 2016),
//! Pop-Art (van Hasselt et al. 2016), no replay, no target network. The network has an output for each action of the problem; slots of a
//! state are looked up, so that actions not available are neither taken nor hoped for.

mod features;
mod kernels;
mod lesson;
mod network;
mod optimiser;
mod options;
mod portrait;
mod replay;
mod scale;

use std::borrow::Cow;
use std::rc::Rc;

use xxhash_rust::xxh64::Xxh64;

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::model::Model;
use crate::random::{Purpose, Stream};

use self::features::Features;
use self::kernels::{Lane, ZERO, square_norm};
pub use self::lesson::{Lecture, Lesson, Study};
use self::network::{Pass, Shape};
use self::optimiser::Optimiser;
use self::options::{Options, parameters};
pub use self::portrait::{Column, Input, Portrait, Wire};
use self::replay::{Memory, Replay};
use self::scale::Scale;
use super::exploration::epsilon_greedy;
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, StepSize, Update, hash_words};

/// Most weights of a network, in lanes.
const MAX_SIZE: usize = 1 << 16;
/// States whose values are computed at once.
const BLOCK: usize = 64;

/// A deep Q-network with its memory.
#[derive(Clone, Debug)]
pub struct Dqn {
    plan: Rc<Plan>,
    weights: Vec<Lane>,
    /// The target network; empty if there is none.
    target: Vec<Lane>,
    optimiser: Optimiser,
    scale: Scale,
    replay: Replay,
    memories: Stream,
    steps: u64,
    updates: u64,
    visits: Vec<u32>,
    diverged: bool,
    desk: Box<Desk>,
}

/// What never changes during a run.
#[derive(Debug)]
struct Plan {
    options: Options,
    shape: Shape,
    features: Features,
    slots: Vec<u32>,
    /// Action of each pair.
    actions: Vec<u16>,
    stride: usize,
}

/// Room to compute in, and the traces of the last lesson.
#[derive(Clone, Debug)]
struct Desk {
    single: Pass,
    now: Pass,
    next: Pass,
    gradient: Vec<Lane>,
    /// What was believed of the last state before its step was learned from.
    believed: Vec<f64>,
    /// Gradient steps since they were last asked for.
    study: Study,
    batch: Vec<Memory>,
    targets: Vec<f64>,
    before: Vec<f64>,
    loss: f64,
    length: f64,
    hope: f64,
}

impl Plan {
    fn new(model: &Model, options: Options, features: Features, actions: usize) -> Result<Self, Invalid> {
        let shape = Shape::new(features.inputs(), &options.hidden, actions, options.dueling);
        if shape.size() > MAX_SIZE {
            let widths = options.hidden.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
            let (weights, most) = (shape.size() * kernels::LANES, MAX_SIZE * kernels::LANES);
            let fault = phrase!("makes a network of {weights} weights; at most {most}", "使网络有 {weights} 个权重；最多 {most} 个");
            return Err(Invalid::new("hidden", widths, fault));
        }
        let (stride, states) = (model.stride(), (0..model.states()).map(State));
        let slots: Vec<u32> = states.clone().map(|state| model.slots(state)).collect();
        let pairs = states.flat_map(|state| (0..stride as u32).map(move |slot| (state, slot)));
        let actions = pairs.map(|(state, slot)| model.action(state, slot).0 as u16).collect();
        Ok(Self { options, shape, features, slots, actions, stride })
    }

    fn action(&self, state: State, slot: u32) -> usize {
        usize::from(self.actions[state.index() * self.stride + slot as usize])
    }

    /// The best available slot of the state in a row, the first among equals; 0 where there is none.
    fn best(&self, pass: &Pass, row: usize, state: State) -> u32 {
        let (mut best, mut most) = (0, f32::NEG_INFINITY);
        for slot in 0..self.slots[state.index()] {
            let value = pass.value(row, self.action(state, slot));
            (best, most) = if value > most { (slot, value) } else { (best, most) };
        }
        best
    }

    fn look(&self, weights: &[Lane], states: impl Iterator<Item = State>, pass: &mut Pass) {
        let rows = pass.rows();
        self.features.write(states, pass.inputs(), rows);
        self.shape.forward(weights, pass);
    }

    /// Outputs for the best actions of states: picked by the network, judged by the target network.
    fn hopes<'a>(
        &'a self,
        weights: &[Lane],
        target: &[Lane],
        states: impl Iterator<Item = State> + Clone + 'a,
        pass: &'a mut Pass,
    ) -> impl Iterator<Item = f32> + 'a {
        let judge = if target.is_empty() { weights } else { target };
        let mut picked = None;
        if self.options.double && !target.is_empty() {
            self.look(weights, states.clone(), pass);
            picked = Some(states.clone().enumerate().map(|(row, state)| self.best(pass, row, state)).collect::<Vec<u32>>());
            self.shape.forward(judge, pass);
        } else {
            self.look(judge, states.clone(), pass);
        }
        let pass = &*pass;
        states.enumerate().map(move |(row, state)| {
            let slot = picked.as_ref().map_or_else(|| self.best(pass, row, state), |picked| picked[row]);
            pass.value(row, self.action(state, slot))
        })
    }
}

impl Dqn {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm = Algorithm {
        key: "dqn",
        name: words!("Deep Q-network (DQN)", "深度 Q 网络（DQN）"),
        rule: "θ ← θ − α ∇ L(r + γ max Q(s′,·; θ⁻) − Q(s,a; θ))",
        by_visits: false,
        parameters,
        draft: "alpha=lin:.001:.0001:400&epsilon=lin:1:.05:200&episodes=400&steps=100",
    };

    /// A network that knows nothing yet.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        let options = Options::new(blueprint.options)?;
        let features = Features::new(blueprint.environment, options.numbers)?;
        let actions = blueprint.environment.action_count() as usize;
        let plan = Plan::new(blueprint.model, options, features, actions)?;
        let (shape, options) = (&plan.shape, &plan.options);
        let weights = shape.initial_weights(&mut Stream::new(blueprint.seed, Purpose::Initialisation));
        let batch = if options.replay == 0 { 1 } else { options.batch };
        // Whole tiles are faster than single rows.
        let rows = if batch == 1 { 1 } else { batch.div_ceil(4) * 4 };
        Ok(Self {
            target: if options.target_every == 0 { Vec::new() } else { weights.clone() },
            optimiser: if options.adam { Optimiser::adam(shape.size()) } else { Optimiser::descent(shape.size(), options.momentum) },
            scale: Scale::new(blueprint.initial_value),
            replay: Replay::new(options.replay),
            memories: Stream::new(blueprint.seed, Purpose::Replay),
            steps: 0,
            updates: 0,
            visits: vec![0; plan.actions.len()],
            diverged: false,
            desk: Box::new(Desk {
                single: shape.pass(1),
                now: shape.pass(rows),
                next: shape.pass(rows),
                gradient: vec![ZERO; shape.size()],
                believed: vec![f64::NEG_INFINITY; plan.stride],
                study: Study::default(),
                batch: Replay::batch(batch),
                targets: vec![0.0; batch],
                before: vec![0.0; batch],
                loss: 0.0,
                length: 0.0,
                hope: 0.0,
            }),
            weights,
            plan: Rc::new(plan),
        })
    }

    /// What the network says a pair is worth.
    fn value(&mut self, state: State, slot: u32) -> f64 {
        self.plan.look(&self.weights, [state].into_iter(), &mut self.desk.single);
        self.scale.value(self.desk.single.value(0, self.plan.action(state, slot)))
    }

    /// Notes what is believed of a state.
    fn believe(&mut self, state: State) {
        self.plan.look(&self.weights, [state].into_iter(), &mut self.desk.single);
        let mut believed = std::mem::take(&mut self.desk.believed);
        believed.fill(f64::NEG_INFINITY);
        self.write_row(&self.desk.single, 0, state, &mut believed);
        self.desk.believed = believed;
    }

    /// A gradient step on a mini-batch.
    fn improve(&mut self, gamma: f64, rate: f64) {
        let (plan, desk) = (Rc::clone(&self.plan), &mut self.desk);
        let options = &plan.options;
        self.replay.sample(&mut desk.batch, &mut self.memories);
        let hopes = plan.hopes(&self.weights, &self.target, desk.batch.iter().map(|memory| memory.next), &mut desk.next);
        let mut hope = 0.0;
        for ((memory, output), target) in desk.batch.iter().zip(hopes).zip(&mut desk.targets) {
            let next_value = if memory.terminated { 0.0 } else { self.scale.value(output) };
            *target = f64::from(memory.reward) + gamma * next_value;
            hope += next_value;
        }
        if !desk.targets.iter().all(|target| target.is_finite()) {
            self.diverged = true;
            return;
        }
        if options.normalise {
            let (factor, shift) = self.scale.absorb(&desk.targets);
            plan.shape.rescale(&mut self.weights, factor, shift);
            if !self.target.is_empty() {
                plan.shape.rescale(&mut self.target, factor, shift);
            }
        }
        plan.look(&self.weights, desk.batch.iter().map(|memory| memory.state), &mut desk.now);
        desk.now.clear_gradients();
        let (share, mut loss) = (1.0 / desk.batch.len() as f32, 0.0);
        for (row, memory) in desk.batch.iter().enumerate() {
            let action = plan.action(memory.state, memory.slot);
            let output = desk.now.value(row, action);
            desk.before[row] = self.scale.value(output);
            let error = output - self.scale.output(desk.targets[row]);
            let (cost, slope) = if options.huber { huber(error) } else { (0.5 * error * error, error) };
            loss += share * cost;
            plan.shape.set_gradient(&mut desk.now, row, action, share * slope);
        }
        plan.shape.backward(&self.weights, &mut desk.now, &mut desk.gradient);
        let length = square_norm(&desk.gradient).sqrt();
        if !(loss + length).is_finite() {
            self.diverged = true;
            return;
        }
        let factor = if options.clip > 0.0 && length > options.clip { options.clip / length } else { 1.0 };
        self.optimiser.step(&mut self.weights, &desk.gradient, factor, rate);
        (desk.loss, desk.length, desk.hope) = (f64::from(loss), f64::from(length), hope / desk.batch.len() as f64);
        desk.study.absorb(&Study { updates: 1.0, loss: desk.loss, gradient: desk.length });
        self.updates += 1;
        self.follow();
    }

    /// Lets the target network follow, when its time has come.
    fn follow(&mut self) {
        let options = &self.plan.options;
        if self.target.is_empty() || !self.updates.is_multiple_of(options.target_every) {
            return;
        }
        if options.tau == 1.0 {
            self.target.copy_from_slice(&self.weights);
            return;
        }
        for (target, weight) in self.target.as_flattened_mut().iter_mut().zip(self.weights.as_flattened()) {
            *target += options.tau * (weight - *target);
        }
    }

    /// The last mini-batch with what it taught; empty before the first.
    fn lectures(&self) -> Vec<Lecture> {
        let desk = &self.desk;
        let lectures = desk.batch.iter().zip(&desk.before).zip(&desk.targets).map(|((memory, before), target)| Lecture {
            state: memory.state.0,
            slot: memory.slot,
            reward: f64::from(memory.reward),
            next: memory.next.0,
            terminated: memory.terminated,
            before: *before,
            target: *target,
        });
        if self.updates > 0 { lectures.collect() } else { Vec::new() }
    }

    /// Writes the values of a state's available actions.
    fn write_row(&self, pass: &Pass, row: usize, state: State, into: &mut [f64]) {
        for (slot, value) in (0..self.plan.slots[state.index()]).zip(into) {
            *value = self.scale.value(pass.value(row, self.plan.action(state, slot)));
        }
    }
}

impl Agent for Dqn {
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        epsilon_greedy(slots, epsilon, exploration, || {
            self.plan.look(&self.weights, [state].into_iter(), &mut self.desk.single);
            self.plan.best(&self.desk.single, 0, state)
        })
    }

    fn learn(&mut self, step: &Experience, rates: &Rates, _exploration: &mut Stream) -> Update {
        let pair = step.state.index() * self.plan.stride + step.slot as usize;
        self.visits[pair] = self.visits[pair].saturating_add(1);
        self.believe(step.state);
        let before = self.desk.believed[step.slot as usize];
        let mut next_value = 0.0;
        if !step.terminated {
            let mut hopes = self.plan.hopes(&self.weights, &self.target, [step.next].into_iter(), &mut self.desk.single);
            next_value = hopes.next().map_or(0.0, |output| self.scale.value(output));
        }
        let target = step.reward + rates.gamma * next_value;
        self.replay.push(step.into());
        self.steps += 1;
        let mut update = Update { before, next_value, target, error: target - before, alpha: 0.0, after: before };
        if self.steps > self.plan.options.warmup && !self.diverged {
            update.alpha = match rates.alpha {
                StepSize::Rate(rate) => rate,
                StepSize::Visits(exponent) => libm::pow(1.0 + self.updates as f64, -exponent),
            };
            self.improve(rates.gamma, update.alpha);
            update.after = self.value(step.state, step.slot);
        }
        update
    }

    fn values(&self) -> Cow<'_, [f64]> {
        let plan = &self.plan;
        let mut values = vec![f64::NEG_INFINITY; plan.actions.len()];
        let mut pass = plan.shape.pass(BLOCK);
        for (block, values) in values.chunks_mut(BLOCK * plan.stride).enumerate() {
            let states = ((block * BLOCK) as u32..).map(State).take(values.len() / plan.stride);
            plan.look(&self.weights, states.clone(), &mut pass);
            for ((row, state), values) in states.enumerate().zip(values.chunks_exact_mut(plan.stride)) {
                self.write_row(&pass, row, state, values);
            }
        }
        values.into()
    }

    fn row(&self, state: State) -> Cow<'_, [f64]> {
        let mut pass = self.plan.shape.pass(1);
        self.plan.look(&self.weights, [state].into_iter(), &mut pass);
        let mut values = vec![f64::NEG_INFINITY; self.plan.stride];
        self.write_row(&pass, 0, state, &mut values);
        values.into()
    }

    fn visits(&self) -> &[u32] {
        &self.visits
    }

    fn fingerprint(&self, hash: &mut Xxh64) {
        for lanes in [&self.weights, &self.target, self.optimiser.memory()] {
            for weight in lanes.as_flattened() {
                hash.update(&weight.to_bits().to_le_bytes());
            }
        }
        for word in self.replay.words() {
            hash.update(&word.to_le_bytes());
        }
        for word in [self.steps, self.updates, self.memories.peek()].into_iter().chain(self.scale.words()) {
            hash.update(&word.to_le_bytes());
        }
        hash_words(hash, &self.visits);
    }

    fn bytes(&self) -> usize {
        let lanes =
            2 * self.weights.len() + self.target.len() + self.optimiser.memory().len() + self.desk.now.size() + self.desk.next.size();
        lanes * size_of::<Lane>() + self.replay.capacity() as usize * size_of::<Memory>() + self.visits.len() * size_of::<u32>()
    }

    fn spacing(&self) -> u64 {
        2_000
    }

    fn lesson(&self) -> Option<Lesson> {
        let (desk, every) = (&self.desk, self.plan.options.target_every);
        (self.updates > 0).then(|| Lesson {
            updates: self.updates as f64,
            until_copy: (every > 0).then(|| (every - self.updates % every) as f64),
            remembered: self.replay.filled(),
            capacity: self.replay.capacity(),
            loss: desk.loss,
            gradient: desk.length,
            hope: desk.hope,
        })
    }

    fn is_network(&self) -> bool {
        true
    }

    fn study(&mut self) -> Study {
        std::mem::take(&mut self.desk.study)
    }

    fn believed(&self, _state: State) -> Cow<'_, [f64]> {
        (&self.desk.believed).into()
    }

    fn portrait(&self, state: State) -> Option<Portrait> {
        let (plan, values) = (&self.plan, self.row(state));
        let mut slots: Vec<u32> = (0..plan.slots[state.index()]).collect();
        slots.sort_by(|a, b| values[*b as usize].total_cmp(&values[*a as usize]));
        let best = slots.first().map(|slot| plan.action(state, *slot) as u32);
        slots.truncate(portrait::MOST_ACTIONS);
        slots.sort_unstable();
        let outputs: Vec<usize> = slots.iter().map(|slot| plan.action(state, *slot)).collect();
        let mut pass = plan.shape.pass(1);
        plan.look(&self.weights, [state].into_iter(), &mut pass);
        let (layers, wires) = portrait::draw(&plan.shape, &self.weights, &pass, &outputs);
        let labels = plan.features.labels();
        let inputs = layers[0].shown.iter().filter_map(|input| labels.get(*input as usize).copied()).collect();
        let values = slots.iter().zip(&outputs).map(|(slot, action)| (*action as u32, values[*slot as usize])).collect();
        Some(Portrait { state: state.0, layers, wires, inputs, values, best, batch: self.lectures() })
    }

    fn diverged(&self) -> bool {
        self.diverged
    }
}

/// Huber loss with its slope: a square up to 1, straight beyond.
fn huber(error: f32) -> (f32, f32) {
    if error.abs() <= 1.0 { (0.5 * error * error, error) } else { (error.abs() - 0.5, error.signum()) }
}

#[cfg(test)]
mod tests;
