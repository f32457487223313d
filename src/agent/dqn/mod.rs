//! Deep Q-learning (Mnih et al. 2015): a network in place of the table.
//!
//! Each step is remembered; each gradient step draws a mini-batch of memories and moves `Q(s,a)` towards
//! `r + gamma max Q'(s',.)`, where `Q'` is a copy of the network that follows now and then, and the maximum is over the actions available
//! in `s'`. Nothing is bootstrapped past a terminal state. Options: Double DQN (van Hasselt et al. 2016), dueling heads (Wang et al. 2016),
//! Pop-Art (van Hasselt et al. 2016), no replay, no target network. The network has an output for each action of the problem; slots of a
//! state are looked up, so that actions not available are neither taken nor counted in an estimate.

mod features;
mod lesson;
mod network;
pub mod options;
mod plan;
mod portrait;
mod replay;
pub mod saved;
mod scale;
pub mod senses;

use std::borrow::Cow;
use std::rc::Rc;

use retailq_kernels::{Lane, Optimiser, ZERO, square_norm};
use xxhash_rust::xxh64::Xxh64;

use crate::invalid::Invalid;
use crate::mdp::{Glimpse, Observation, State};
use crate::model::Model;
use crate::planner::Policy;
use crate::random::{Purpose, Stream};

pub use self::lesson::{GradientSteps, Lesson, Replayed};
use self::network::Pass;
use self::options::{Options, parameters};
use self::plan::Plan;
pub use self::portrait::{Connection, Input, Layer, Portrait};
use self::replay::{Memory, Replay};
use self::saved::Saved;
use self::scale::Scale;
use self::senses::View;
use super::exploration::epsilon_greedy;
use super::{Agent, Algorithm, Blueprint, Choice, Experience, Rates, Update, greedy_policy, hash_words};

/// Views whose values are computed at once.
const BLOCK: usize = 64;
/// Looks at each state of which the worth of a network that sees raw observations is made.
const LOOKS: u32 = 32;

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
    /// What raw observations will look like.
    looks: Stream,
    /// The state before the last step, and the state now, as they were seen.
    seen: [Option<View>; 2],
    seed: u32,
    steps: u64,
    updates: u64,
    visits: Vec<u32>,
    diverged: bool,
    workspace: Box<Workspace>,
}

/// Room to compute in, and the traces of the last lesson.
#[derive(Clone, Debug)]
struct Workspace {
    single: Pass,
    now: Pass,
    next: Pass,
    gradient: Vec<Lane>,
    /// What was believed of the last state before its step was learned from.
    believed: Vec<f64>,
    /// Gradient steps since they were last asked for.
    gradient_steps: GradientSteps,
    batch: Vec<Memory>,
    targets: Vec<f64>,
    before: Vec<f64>,
    loss: f64,
    length: f64,
    estimate: f64,
}

impl Dqn {
    /// How the registry lists it.
    pub const ALGORITHM: Algorithm = Algorithm {
        key: "dqn",
        name: words!("Deep Q-network (DQN)", "深度 Q 网络（DQN）"),
        rule: "y = r + γ max Q(s′,·; θ⁻), θ ← θ − α ∇ L(y − Q(s,a; θ))",
        parameters,
        check: Plan::check,
        terms: ["Q(s,a; θ)", "max Q(s′,·; θ⁻)"],
        on_policy: false,
        tables: 0,
        draft: "alpha=lin:.001:.0001:400&epsilon=lin:1:.05:200&episodes=400&steps=100",
    };

    /// A network that knows nothing yet, or what a saved one knew.
    pub fn new(blueprint: &Blueprint) -> Result<Self, Invalid> {
        let options = Options::new(blueprint.options)?;
        let plan = Plan::new(blueprint.environment, blueprint.model, options)?;
        let (shape, options) = (&plan.shape, &plan.options);
        let (weights, scale) = match blueprint.network {
            None => (shape.initial_weights(&mut Stream::new(blueprint.seed, Purpose::Initialisation)), Scale::new(blueprint.initial_value)),
            Some(saved) => (shape.unpacked(&saved.fit(&options.encoding, shape.widths())?), Scale::kept(saved.mean, saved.deviation)),
        };
        let batch = if options.replay == 0 { 1 } else { options.batch };
        // Whole tiles are faster than single rows.
        let rows = if batch == 1 { 1 } else { batch.div_ceil(4) * 4 };
        Ok(Self {
            target: if options.target_every == 0 { Vec::new() } else { weights.clone() },
            optimiser: if options.adam { Optimiser::adam(shape.size()) } else { Optimiser::descent(shape.size(), options.momentum) },
            scale,
            replay: Replay::new(options.replay),
            memories: Stream::new(blueprint.seed, Purpose::Replay),
            looks: Stream::new(blueprint.seed, Purpose::Observation),
            seen: [None; 2],
            seed: blueprint.seed,
            steps: 0,
            updates: 0,
            visits: vec![0; plan.actions.len()],
            diverged: false,
            workspace: Box::new(Workspace {
                single: shape.pass(1),
                now: shape.pass(rows),
                next: shape.pass(rows),
                gradient: vec![ZERO; shape.size()],
                believed: vec![f64::NEG_INFINITY; plan.stride],
                gradient_steps: GradientSteps::default(),
                batch: Replay::batch(batch),
                targets: vec![0.0; batch],
                before: vec![0.0; batch],
                loss: 0.0,
                length: 0.0,
                estimate: 0.0,
            }),
            weights,
            plan: Rc::new(plan),
        })
    }

    /// As it looks at a state, for the eye.
    pub fn portrait(&self, state: State) -> Portrait {
        let (plan, view) = (&self.plan, self.present(state));
        let mut pass = plan.shape.pass(1);
        plan.look(&self.weights, [view].into_iter(), &mut pass);
        let believed = self.believed_at(&pass, state);
        let actions = (0..plan.slots[state.index()]).map(|slot| (plan.action(state, slot), believed[slot as usize]));
        let observation = plan.inputs.senses().map(|senses| senses.observe(view));
        let portrait = Portrait { state: state.0, observation, batch: self.replayed(), ..Portrait::default() };
        portrait.drawn(&plan.shape, &self.weights, &pass, &plan.inputs.labels(), actions.collect())
    }

    /// As it is now, to be kept.
    pub fn saved(&self) -> Saved {
        let (plan, scale) = (&self.plan, self.scale.terms());
        Saved::new(&plan.options.encoding, plan.shape.widths(), scale, &plan.shape.packed(&self.weights))
    }

    /// What it was shown of the state of the last step, if it sees raw observations and there was a step.
    pub fn observation(&self) -> Option<Observation> {
        self.plan.inputs.senses().zip(self.seen[0]).map(|(senses, view)| senses.observe(view))
    }

    /// Whether learning stopped because its numbers left the range of finite ones; see [`DIVERGED`](super::DIVERGED).
    pub fn diverged(&self) -> bool {
        self.diverged
    }

    /// A first look at a state, or a further one after a look at the state before.
    fn look_at(&mut self, before: Option<View>, state: State) -> View {
        let glimpse = self.plan.inputs.senses().map(|senses| senses.glimpse(before, state, self.looks.bits()));
        View { state, glimpse: glimpse.unwrap_or_default() }
    }

    /// The state as it is seen now; where an episode begins, for the first time.
    fn view(&mut self, state: State) -> View {
        match self.seen[1] {
            Some(view) if view.state == state => view,
            _ => {
                let view = self.look_at(None, state);
                self.seen[1] = Some(view);
                view
            }
        }
    }

    /// What the network says a pair is worth.
    fn value(&mut self, view: View, slot: u32) -> f64 {
        self.plan.look(&self.weights, [view].into_iter(), &mut self.workspace.single);
        self.scale.value(self.workspace.single.value(0, self.plan.action(view.state, slot)))
    }

    /// The values of a state's slots, from a pass of one row; padding holds negative infinity.
    fn believed_at(&self, pass: &Pass, state: State) -> Vec<f64> {
        let slots = self.plan.slots[state.index()];
        let value = |slot| if slot < slots { self.scale.told(pass.value(0, self.plan.action(state, slot))) } else { f64::NEG_INFINITY };
        (0..self.plan.stride as u32).map(value).collect()
    }

    /// The state as it is seen, or will be when the next step is chosen.
    fn present(&self, state: State) -> View {
        let seen = self.seen[1].filter(|view| view.state == state);
        let looks = || self.plan.inputs.senses().map(|senses| senses.glimpse(None, state, self.looks.clone().bits()));
        seen.unwrap_or_else(|| View { state, glimpse: looks().unwrap_or_default() })
    }

    /// A gradient step on a mini-batch.
    fn improve(&mut self, gamma: f64, rate: f64) {
        let (plan, workspace) = (Rc::clone(&self.plan), &mut self.workspace);
        let options = &plan.options;
        self.replay.sample(&mut workspace.batch, &mut self.memories);
        let estimates = plan.estimates(&self.weights, &self.target, workspace.batch.iter().map(|memory| memory.next), &mut workspace.next);
        let mut estimate = 0.0;
        for ((memory, output), target) in workspace.batch.iter().zip(estimates).zip(&mut workspace.targets) {
            let next_value = if memory.terminated { 0.0 } else { self.scale.value(output) };
            *target = f64::from(memory.reward) + gamma * next_value;
            estimate += next_value;
        }
        if !workspace.targets.iter().all(|target| target.is_finite()) {
            self.diverged = true;
            return;
        }
        if options.normalise {
            let (factor, shift) = self.scale.absorb(&workspace.targets);
            plan.shape.rescale(&mut self.weights, factor, shift);
            if !self.target.is_empty() {
                plan.shape.rescale(&mut self.target, factor, shift);
            }
        }
        plan.look(&self.weights, workspace.batch.iter().map(|memory| memory.before), &mut workspace.now);
        workspace.now.clear_gradients();
        let (share, mut loss) = (1.0 / workspace.batch.len() as f32, 0.0);
        for (row, memory) in workspace.batch.iter().enumerate() {
            let action = plan.action(memory.before.state, memory.slot);
            let output = workspace.now.value(row, action);
            workspace.before[row] = self.scale.value(output);
            let error = output - self.scale.output(workspace.targets[row]);
            let (cost, slope) = if options.huber { huber(error) } else { (0.5 * error * error, error) };
            loss += share * cost;
            plan.shape.set_gradient(&mut workspace.now, row, action, share * slope);
        }
        plan.shape.backward(&self.weights, &mut workspace.now, &mut workspace.gradient);
        let length = square_norm(&workspace.gradient).sqrt();
        if !(loss + length).is_finite() {
            self.diverged = true;
            return;
        }
        let factor = if options.clip > 0.0 && length > options.clip { options.clip / length } else { 1.0 };
        self.optimiser.step(&mut self.weights, &workspace.gradient, factor, rate);
        (workspace.loss, workspace.length, workspace.estimate) =
            (f64::from(loss), f64::from(length), estimate / workspace.batch.len() as f64);
        workspace.gradient_steps.absorb(&GradientSteps { count: 1.0, loss: workspace.loss, gradient: workspace.length });
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

    /// Values of all pairs of the states in question, and how often each is the greedy choice. Where the network sees raw observations, a
    /// state has many looks: values are means over [`LOOKS`] of them, always the same ones, and an action is chosen as often as it is the
    /// best at a look.
    fn judge(&self, wanted: &dyn Fn(State) -> bool) -> (Vec<f64>, Vec<f64>) {
        let plan = &self.plan;
        let senses = plan.inputs.senses();
        let (states, looks) = (plan.slots.len() as u32, if senses.is_some() { LOOKS } else { 1 });
        let mut chance = Stream::new(self.seed, Purpose::Evaluation);
        let views = (0..states * looks).map(|index| {
            let state = State(index / looks);
            View { state, glimpse: senses.map_or(Glimpse::default(), |senses| senses.glimpse(None, state, chance.bits())) }
        });
        let views = views.filter(|view| wanted(view.state));
        let (mut values, mut shares) = (vec![f64::NEG_INFINITY; plan.actions.len()], vec![0.0; plan.actions.len()]);
        for state in 0..states as usize {
            values[state * plan.stride..][..plan.slots[state] as usize].fill(0.0);
        }
        let (mut pass, mut block) = (plan.shape.pass(BLOCK), Vec::with_capacity(BLOCK));
        let mut views = views.peekable();
        while views.peek().is_some() {
            block.clear();
            block.extend(views.by_ref().take(BLOCK));
            plan.look(&self.weights, block.iter().copied(), &mut pass);
            for (row, view) in block.iter().enumerate() {
                let first = view.state.index() * plan.stride;
                for (slot, value) in (0..plan.slots[view.state.index()]).zip(&mut values[first..]) {
                    *value += self.scale.told(pass.value(row, plan.action(view.state, slot))) / f64::from(looks);
                }
                shares[first + plan.best(&pass, row, view.state) as usize] += 1.0 / f64::from(looks);
            }
        }
        (values, shares)
    }
}

impl Agent for Dqn {
    fn act(&mut self, state: State, slots: u32, epsilon: f64, exploration: &mut Stream) -> Choice {
        let view = self.view(state);
        epsilon_greedy(slots, epsilon, exploration, || {
            self.plan.look(&self.weights, [view].into_iter(), &mut self.workspace.single);
            self.plan.best(&self.workspace.single, 0, state)
        })
    }

    fn learn(&mut self, step: &Experience, rates: &Rates, _exploration: &mut Stream) -> Update {
        let pair = step.state.index() * self.plan.stride + step.slot as usize;
        self.visits[pair] = self.visits[pair].saturating_add(1);
        let view = self.view(step.state);
        let next = self.look_at(Some(view), step.next);
        self.seen = [Some(view), Some(next)];
        let before = self.value(view, step.slot);
        self.workspace.believed = self.believed_at(&self.workspace.single, step.state);
        let mut next_value = 0.0;
        if !step.terminated {
            let mut estimates = self.plan.estimates(&self.weights, &self.target, [next].into_iter(), &mut self.workspace.single);
            next_value = estimates.next().map_or(0.0, |output| self.scale.value(output));
        }
        let target = step.reward + rates.gamma * next_value;
        self.replay.push(Memory { before: view, slot: step.slot, reward: step.reward as f32, next, terminated: step.terminated });
        self.steps += 1;
        let mut update = Update { before, next_value, target, error: target - before, alpha: 0.0, after: before };
        if self.steps > self.plan.options.warmup && !self.diverged {
            // Settings allow no rate by visits here: all updates are of the same weights.
            update.alpha = rates.alpha.after(self.updates as f64);
            self.improve(rates.gamma, update.alpha);
            update.after = self.value(view, step.slot);
        }
        update
    }

    fn values(&self) -> Cow<'_, [f64]> {
        self.judge(&|_| true).0.into()
    }

    fn values_of(&self, wanted: &dyn Fn(State) -> bool) -> Cow<'_, [f64]> {
        self.judge(wanted).0.into()
    }

    fn greedy(&self, stride: usize) -> (Cow<'_, [f64]>, Policy) {
        let (values, shares) = self.judge(&|_| true);
        let policy = if self.plan.inputs.senses().is_some() { Policy::Mixed(shares) } else { greedy_policy(&values, stride) };
        (values.into(), policy)
    }

    fn row(&self, state: State) -> Cow<'_, [f64]> {
        let first = state.index() * self.plan.stride;
        self.judge(&|other| other == state).0.drain(first..first + self.plan.stride).collect()
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
        let now = self.seen[1].unwrap_or_default();
        let single = [self.steps, self.updates, self.memories.peek(), self.looks.peek(), u64::from(now.state.0), now.glimpse.0];
        for word in self.replay.words().chain(single).chain(self.scale.words()) {
            hash.update(&word.to_le_bytes());
        }
        hash_words(hash, &self.visits);
    }

    fn bytes(&self) -> usize {
        let lanes = 2 * self.weights.len()
            + self.target.len()
            + self.optimiser.memory().len()
            + self.workspace.now.size()
            + self.workspace.next.size();
        lanes * size_of::<Lane>() + self.replay.capacity() as usize * size_of::<Memory>() + self.visits.len() * size_of::<u32>()
    }

    fn spacing(&self) -> u64 {
        2_000
    }

    fn checkup_cost(&self, model: &Model) -> u64 {
        // A step is some hundred times the work of a table's. It looks at each memory of its batch now and next, so a measurement, which
        // looks at every state, takes as many steps as its looks are in units of a batch, however large the network is: it gets a third of
        // the time at most.
        let looks = self.plan.slots.len() * if self.plan.inputs.senses().is_some() { LOOKS as usize } else { 1 };
        (model.checkup_cost() / 200).max((2 * looks / (self.workspace.batch.len() + 3)) as u64).max(200)
    }

    fn network(&self) -> Option<&Dqn> {
        Some(self)
    }

    fn network_mut(&mut self) -> Option<&mut Dqn> {
        Some(self)
    }

    fn believed(&self, _state: State, _slot: u32, _update: &Update) -> Vec<f64> {
        self.workspace.believed.clone()
    }
}

/// Huber loss with its slope: a square up to 1, straight beyond.
fn huber(error: f32) -> (f32, f32) {
    if error.abs() <= 1.0 { (0.5 * error * error, error) } else { (error.abs() - 0.5, error.signum()) }
}

#[cfg(test)]
mod tests;
