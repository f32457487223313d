//! What never changes during a run, and the questions that network, state and actions together answer.

use retailq_kernels::{LANES, Lane};

use crate::invalid::Invalid;
use crate::mdp::{Environment, State};
use crate::model::Model;
use crate::parameter::Values;

use super::features::Inputs;
use super::network::{Pass, Shape};
use super::options::Options;
use super::saved::Saved;
use super::senses::View;

/// Most weights of a network, in lanes.
const MAX_SIZE: usize = 1 << 16;

/// The network's layout, what it sees, and which actions there are where.
#[derive(Debug)]
pub struct Plan {
    pub options: Options,
    pub shape: Shape,
    pub inputs: Inputs,
    /// Slots of each state.
    pub slots: Vec<u32>,
    /// Action of each pair.
    pub actions: Vec<u16>,
    pub stride: usize,
}

impl Plan {
    /// Refuses a network that is too large or cannot see the problem, and saved weights of another network.
    pub fn check(environment: &dyn Environment, values: &Values, network: Option<&Saved>) -> Result<(), Invalid> {
        let options = Options::new(values)?;
        let shape = Self::shape(environment, &options)?;
        network.map_or(Ok(()), |saved| saved.fit(&options.encoding, shape.widths()).map(|_| ()))
    }

    /// How the network is built.
    fn shape(environment: &dyn Environment, options: &Options) -> Result<Shape, Invalid> {
        let inputs = Inputs::count(environment, &options.encoding)?;
        let shape = Shape::new(inputs, &options.hidden, environment.action_count() as usize, options.dueling);
        if shape.size() > MAX_SIZE {
            let widths = options.hidden.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
            let (weights, most) = (shape.size() * LANES, MAX_SIZE * LANES);
            let fault = phrase!("makes a network of {weights} weights; at most {most}", "使网络有 {weights} 个权重；最多 {most} 个");
            return Err(Invalid::new("hidden", widths, fault));
        }
        Ok(shape)
    }

    /// The plan of a compiled problem.
    pub fn new(environment: &dyn Environment, model: &Model, options: Options) -> Result<Self, Invalid> {
        let (shape, inputs) = (Self::shape(environment, &options)?, Inputs::new(environment, &options.encoding)?);
        let (stride, states) = (model.stride(), (0..model.states()).map(State));
        let slots: Vec<u32> = states.clone().map(|state| model.slots(state)).collect();
        let pairs = states.flat_map(|state| (0..stride as u32).map(move |slot| (state, slot)));
        let actions = pairs.map(|(state, slot)| model.action(state, slot).0 as u16).collect();
        Ok(Self { options, shape, inputs, slots, actions, stride })
    }

    /// The action in a slot of a state.
    pub fn action(&self, state: State, slot: u32) -> usize {
        usize::from(self.actions[state.index() * self.stride + slot as usize])
    }

    /// The best available slot of the state in a row, the first among equals; 0 where there is none.
    pub fn best(&self, pass: &Pass, row: usize, state: State) -> u32 {
        let (mut best, mut most) = (0, f32::NEG_INFINITY);
        for slot in 0..self.slots[state.index()] {
            let value = pass.value(row, self.action(state, slot));
            (best, most) = if value > most { (slot, value) } else { (best, most) };
        }
        best
    }

    /// Shows views to a network.
    pub fn look(&self, weights: &[Lane], views: impl Iterator<Item = View>, pass: &mut Pass) {
        let rows = pass.rows();
        self.inputs.write(views, pass.inputs(), rows);
        self.shape.forward(weights, pass);
    }

    /// Outputs for the best actions of views: picked by the network, judged by the target network.
    pub fn estimates<'a>(
        &'a self,
        weights: &[Lane],
        target: &[Lane],
        views: impl Iterator<Item = View> + Clone + 'a,
        pass: &'a mut Pass,
    ) -> impl Iterator<Item = f32> + 'a {
        let judge = if target.is_empty() { weights } else { target };
        let mut picked = None;
        if self.options.double && !target.is_empty() {
            self.look(weights, views.clone(), pass);
            picked = Some(views.clone().enumerate().map(|(row, view)| self.best(pass, row, view.state)).collect::<Vec<u32>>());
            self.shape.forward(judge, pass);
        } else {
            self.look(judge, views.clone(), pass);
        }
        let pass = &*pass;
        views.enumerate().map(move |(row, view)| {
            let slot = picked.as_ref().map_or_else(|| self.best(pass, row, view.state), |picked| picked[row]);
            pass.value(row, self.action(view.state, slot))
        })
    }
}
