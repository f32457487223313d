//! A network at one state, for the eye: of wide layers and of all weights only as many as can be told apart.

use retailq_kernels::Lane;
use serde::{Deserialize, Serialize};

use crate::mdp::Observation;
use crate::order::sort;

use super::lesson::Replayed;
use super::network::{Pass, Shape};

/// Most inputs shown.
const MOST_INPUTS: usize = 14;
/// Most units shown of a hidden layer.
const MOST_UNITS: usize = 14;
/// Most actions shown.
const MOST_ACTIONS: usize = 12;
/// Most weights shown between two layers.
const MOST_WIRES: usize = 48;

/// What is shown of a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Portrait {
    /// The state it looks at.
    pub state: u32,
    /// Layers, from the inputs to the values of actions.
    pub layers: Vec<Layer>,
    /// The strongest weights between the units shown.
    pub connections: Vec<Connection>,
    /// What the inputs shown stand for.
    pub inputs: Vec<Input>,
    /// The actions shown, and what each is believed to be worth.
    pub values: Vec<(u32, f64)>,
    /// The action believed best; `None` in a terminal state.
    pub best: Option<u32>,
    /// What it is shown of the state, where it sees raw observations.
    pub observation: Option<Observation>,
    /// The mini-batch of the last gradient step.
    pub batch: Vec<Replayed>,
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Its units, shown or not.
    pub width: u32,
    /// Indices of those shown.
    pub shown: Vec<u32>,
    /// What those shown put out.
    pub activations: Vec<f32>,
}

/// A weight between two units shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// The layer it comes from.
    pub layer: u32,
    /// Where it begins, among the units shown.
    pub from: u32,
    /// Where it ends, among the units shown of the next layer.
    pub to: u32,
    /// The weight.
    pub weight: f32,
}

/// What an input stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// A factor of the state, scaled to 0..1.
    Factor(u32),
    /// Whether a factor has a level.
    Level {
        /// The factor.
        factor: u32,
        /// The level.
        level: u32,
    },
    /// A pixel of a picture.
    Pixel {
        /// Its column.
        column: u32,
        /// Its row.
        row: u32,
    },
    /// How often runs of letters with this hash were said.
    Letters(u32),
}

impl Portrait {
    /// With the layers of a pass of one row; of many actions and their values, the best.
    pub(super) fn drawn(mut self, shape: &Shape, weights: &[Lane], pass: &Pass, labels: &[Input], mut actions: Vec<(usize, f64)>) -> Self {
        sort(&mut actions, |a, b| b.1.total_cmp(&a.1));
        self.best = actions.first().map(|(action, _)| *action as u32);
        actions.truncate(MOST_ACTIONS);
        sort(&mut actions, |a, b| a.0.cmp(&b.0));
        let widths = shape.widths();
        let last = widths.len() - 1;
        let column = |(layer, width): (usize, &usize)| {
            let shown = match layer {
                0 => active(pass, *width),
                layer if layer == last => actions.iter().map(|(action, _)| *action).collect(),
                _ => spread(*width, MOST_UNITS),
            };
            let activations = shown.iter().map(|unit| pass.activation(layer, *unit)).collect();
            let width = if layer == last { shape.actions() } else { *width };
            Layer { width: width as u32, shown: shown.into_iter().map(|unit| unit as u32).collect(), activations }
        };
        self.layers = widths.iter().enumerate().map(column).collect();
        let pairs = self.layers.windows(2).enumerate();
        self.connections = pairs.flat_map(|(layer, pair)| strongest(shape, weights, layer, &pair[0], &pair[1])).collect();
        self.inputs = self.layers[0].shown.iter().filter_map(|input| labels.get(*input as usize).copied()).collect();
        self.values = actions.into_iter().map(|(action, value)| (action as u32, value)).collect();
        self
    }
}

/// All inputs if there are few; of many those that are not zero, and others spread over the rest.
fn active(pass: &Pass, width: usize) -> Vec<usize> {
    if width <= MOST_INPUTS {
        return (0..width).collect();
    }
    let (mut shown, quiet): (Vec<usize>, Vec<usize>) = (0..width).partition(|unit| pass.activation(0, *unit) != 0.0);
    if shown.len() > MOST_INPUTS {
        return spread(shown.len(), MOST_INPUTS).into_iter().map(|place| shown[place]).collect();
    }
    let room = MOST_INPUTS - shown.len();
    shown.extend(spread(quiet.len(), room).into_iter().map(|place| quiet[place]));
    sort(&mut shown, Ord::cmp);
    shown
}

/// At most so many indices, evenly spread: always the same ones, so that the eye can follow a unit through the run.
fn spread(width: usize, most: usize) -> Vec<usize> {
    let count = width.min(most);
    (0..count).map(|place| place * width / count).collect()
}

fn strongest(shape: &Shape, weights: &[Lane], layer: usize, before: &Layer, after: &Layer) -> Vec<Connection> {
    let connection = |from: usize, to: usize| {
        let (input, output) = (before.shown[from] as usize, after.shown[to] as usize);
        Connection { layer: layer as u32, from: from as u32, to: to as u32, weight: shape.weight(weights, layer, input, output) }
    };
    let (from, to) = (before.shown.len(), after.shown.len());
    let mut connections: Vec<Connection> = (0..from).flat_map(|from| (0..to).map(move |to| connection(from, to))).collect();
    sort(&mut connections, |a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    connections.truncate(MOST_WIRES);
    connections
}
