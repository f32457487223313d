//! What the network sees of a state: its factors, scaled to 0..1 or one input for each level.

use crate::invalid::Invalid;
use crate::mdp::{Environment, Levels, State};

use super::kernels::{LANES, Lane, ZERO};

/// Most inputs of a network.
pub const MAX_INPUTS: usize = 1024;

/// The factors of every state, ready to be written into a network.
#[derive(Clone, Debug)]
pub struct Features {
    encodings: Vec<Encoding>,
    inputs: usize,
    /// Level of each factor, state by state: a few bytes a state, where ready inputs would take hundreds.
    levels: Vec<u32>,
}

/// How a factor is written.
#[derive(Clone, Debug)]
enum Encoding {
    /// One input; its value by level.
    Scaled { first: usize, value: Vec<f32> },
    /// One input a level, 1 at the level and 0 elsewhere.
    OneHot { first: usize },
}

impl Features {
    /// Looks at every state of an environment once. Names have no order, so they are always one-hot.
    pub fn new(environment: &dyn Environment, one_hot: bool) -> Result<Self, Invalid> {
        let (mut encodings, mut inputs) = (Vec::new(), 0);
        for factor in environment.factors() {
            let (levels, first) = (&factor.levels, inputs);
            if one_hot || matches!(levels, Levels::Named(_)) {
                inputs += levels.count() as usize;
                encodings.push(Encoding::OneHot { first });
            } else {
                inputs += 1;
                encodings.push(Encoding::Scaled { first, value: scaled(levels) });
            }
        }
        if inputs > MAX_INPUTS {
            let choice = if one_hot { "one_hot" } else { "scaled" };
            let fault = phrase!("makes {inputs} inputs here; at most {MAX_INPUTS}", "在这里需要 {inputs} 个输入；最多 {MAX_INPUTS} 个");
            return Err(Invalid::new("encoding", choice, fault));
        }
        let levels = (0..environment.state_count()).flat_map(|state| environment.levels(State(state))).collect();
        Ok(Self { encodings, inputs, levels })
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Writes states into the rows of a network's inputs; further rows are zero.
    pub fn write(&self, states: impl Iterator<Item = State>, inputs: &mut [Lane], rows: usize) {
        inputs.fill(ZERO);
        let factors = self.encodings.len();
        for (row, state) in states.enumerate() {
            let levels = &self.levels[state.index() * factors..][..factors];
            for (encoding, level) in self.encodings.iter().zip(levels) {
                let (input, value) = match encoding {
                    Encoding::Scaled { first, value } => (*first, value[*level as usize]),
                    Encoding::OneHot { first } => (first + *level as usize, 1.0),
                };
                inputs[input / LANES * rows + row][input % LANES] = value;
            }
        }
    }
}

/// The values of all levels on a scale from 0 to 1.
fn scaled(levels: &Levels) -> Vec<f32> {
    let values: Vec<f64> = (0..levels.count()).map(|level| levels.value(level)).collect();
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if most > least { most - least } else { 1.0 };
    values.iter().map(|value| ((value - least) / span) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::scenario;

    #[test]
    fn factors_are_scaled_or_one_hot_and_names_always_one_hot() {
        let shop = scenario("puterman").unwrap().instance(&[]).unwrap();
        let mut row = [ZERO];
        let scaled = Features::new(shop.as_ref(), false).unwrap();
        scaled.write([State(2)].into_iter(), &mut row, 1);
        assert_eq!((scaled.inputs(), row[0][..2].to_vec()), (1, vec![2.0 / 3.0, 0.0]));
        let one_hot = Features::new(shop.as_ref(), true).unwrap();
        one_hot.write([State(2)].into_iter(), &mut row, 1);
        assert_eq!((one_hot.inputs(), row[0][..4].to_vec()), (4, vec![0.0, 0.0, 1.0, 0.0]));
        let random = scenario("garnet").unwrap().instance(&[]).unwrap();
        assert_eq!(Features::new(random.as_ref(), true).unwrap().inputs(), 1000);
    }
}
