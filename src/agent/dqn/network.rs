//! A multilayer perceptron with rectified units: state in, the value of every action out.
//!
//! All weights lie in one array, layer by layer, biases after the weights of their layer. With the dueling head (Wang et al. 2016) the
//! last layer gives one state value and an advantage for each action: `Q = V + A - mean A`; both heads share the hidden layers.

use retailq_kernels::{LANES, Lane, ZERO, bias_gradient, panels, product, rectify, rectify_gradient, transpose, weight_gradient};

use crate::random::Stream;

/// A dense layer; sizes are padded to whole panels.
#[derive(Clone, Debug, PartialEq)]
struct Layer {
    inputs: usize,
    outputs: usize,
    /// Where its weights begin.
    weights: usize,
    /// Where its biases begin.
    biases: usize,
    /// Where the next layer begins.
    end: usize,
}

/// The layout of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    widths: Vec<usize>,
    layers: Vec<Layer>,
    actions: usize,
    dueling: bool,
}

/// What a forward pass leaves behind, and room for the way back.
#[derive(Clone, Debug)]
pub struct Pass {
    rows: usize,
    /// Inputs, then the outputs of each layer.
    values: Vec<Vec<Lane>>,
    /// Gradients of the outputs of each layer.
    gradients: Vec<Vec<Lane>>,
    transposed: Vec<Lane>,
}

impl Shape {
    /// A network with hidden layers of the given widths.
    pub fn new(inputs: usize, hidden: &[usize], actions: usize, dueling: bool) -> Self {
        let outputs = actions + usize::from(dueling);
        let widths: Vec<usize> = [inputs].into_iter().chain(hidden.iter().copied()).chain([outputs]).collect();
        let mut layers: Vec<Layer> = Vec::new();
        for pair in widths.windows(2) {
            let (inputs, outputs) = (panels(pair[0]) * LANES, panels(pair[1]) * LANES);
            let weights = layers.last().map_or(0, |layer| layer.end);
            let biases = weights + inputs * outputs / LANES;
            layers.push(Layer { inputs, outputs, weights, biases, end: biases + outputs / LANES });
        }
        Self { widths, layers, actions, dueling }
    }

    /// Inputs, units of each hidden layer, and outputs; with the dueling head the last output is the value of the state.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// Where each weight lies, `[input][output]` and then the biases, layer by layer.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.layers.iter().zip(self.widths.windows(2)).flat_map(|(layer, widths)| {
            let place = |row: usize, output: usize| (row + output / LANES * layer.inputs, output % LANES);
            let weights = (0..widths[0]).flat_map(move |input| (0..widths[1]).map(move |output| place(layer.weights + input, output)));
            weights.chain((0..widths[1]).map(|output| (layer.biases + output / LANES, output % LANES)))
        })
    }

    /// The weights without their padding.
    pub fn packed(&self, weights: &[Lane]) -> Vec<f32> {
        self.places().map(|(index, lane)| weights[index][lane]).collect()
    }

    /// The weights that [`packed`](Self::packed) gave.
    pub fn unpacked(&self, packed: &[f32]) -> Vec<Lane> {
        let mut weights = vec![ZERO; self.size()];
        for ((index, lane), weight) in self.places().zip(packed) {
            weights[index][lane] = *weight;
        }
        weights
    }

    /// Lanes all weights take.
    pub fn size(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.end)
    }

    /// Number of actions.
    pub fn actions(&self) -> usize {
        self.actions
    }

    /// The weight from a unit of a layer to one of the next.
    pub fn weight(&self, weights: &[Lane], layer: usize, input: usize, output: usize) -> f32 {
        let layer = &self.layers[layer];
        weights[layer.weights + output / LANES * layer.inputs + input][output % LANES]
    }

    /// Room for a pass of so many rows.
    pub fn pass(&self, rows: usize) -> Pass {
        let room = |columns: usize| vec![ZERO; columns / LANES * rows];
        let outputs: Vec<Vec<Lane>> = self.layers.iter().map(|layer| room(layer.outputs)).collect();
        let inputs = self.layers.first().map_or(0, |layer| layer.inputs);
        let widest = self.layers.iter().map(|layer| layer.inputs * layer.outputs / LANES).max().unwrap_or(0);
        Pass {
            rows,
            values: [room(inputs)].into_iter().chain(outputs.iter().cloned()).collect(),
            gradients: outputs,
            transposed: vec![ZERO; widest],
        }
    }

    /// Initial weights: uniform, scaled by the number of inputs (He et al. 2015); the last layer a tenth of that, so that all actions
    /// are believed to be worth nearly the same. Biases are zero.
    pub fn initial_weights(&self, stream: &mut Stream) -> Vec<Lane> {
        let mut weights = vec![ZERO; self.size()];
        for (index, (layer, widths)) in self.layers.iter().zip(self.widths.windows(2)).enumerate() {
            let last = if index + 1 == self.layers.len() { 0.1 } else { 1.0 };
            let reach = last * libm::sqrt(6.0 / widths[0] as f64);
            for output in 0..widths[1] {
                for input in 0..widths[0] {
                    let weight = reach * (2.0 * stream.uniform() - 1.0);
                    weights[layer.weights + output / LANES * layer.inputs + input][output % LANES] = weight as f32;
                }
            }
        }
        weights
    }

    /// Computes the values of all actions for the inputs in `pass`.
    pub fn forward(&self, weights: &[Lane], pass: &mut Pass) {
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, after) = pass.values.split_at_mut(index + 1);
            let (Some(x), Some(y)) = (before.last(), after.first_mut()) else { continue };
            // Only the inputs are mostly zero.
            product(index == 0, x, &weights[layer.weights..layer.biases], Some(&weights[layer.biases..layer.end]), y, pass.rows);
            if index + 1 < self.layers.len() {
                rectify(y);
            }
        }
        if self.dueling {
            self.join_heads(pass);
        }
    }

    fn join_heads(&self, pass: &mut Pass) {
        for row in 0..pass.rows {
            let mean = (0..self.actions).fold(0.0, |sum, action| sum + pass.value(row, action)) / self.actions as f32;
            let state_value = pass.value(row, self.actions);
            for action in 0..self.actions {
                *pass.value_mut(row, action) += state_value - mean;
            }
        }
    }

    /// Computes the gradient of the weights, given that of the action values in `pass`; see [`Pass::set_gradient`].
    pub fn backward(&self, weights: &[Lane], pass: &mut Pass, gradient: &mut [Lane]) {
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let (before, after) = pass.gradients.split_at_mut(index);
            let Some(d) = after.first() else { continue };
            weight_gradient(index == 0, &pass.values[index], d, &mut gradient[layer.weights..layer.biases], pass.rows);
            bias_gradient(d, &mut gradient[layer.biases..layer.end], pass.rows);
            if let Some(d_before) = before.last_mut() {
                let transposed = &mut pass.transposed[..layer.inputs * layer.outputs / LANES];
                transpose(&weights[layer.weights..layer.biases], layer.inputs, transposed);
                product(false, d, transposed, None, d_before, pass.rows);
                rectify_gradient(&pass.values[index], d_before);
            }
        }
    }

    /// Sets the gradient of one action's value in a row; all other actions' are zero.
    pub fn set_gradient(&self, pass: &mut Pass, row: usize, action: usize, gradient: f32) {
        if self.dueling {
            let share = gradient / self.actions as f32;
            for other in 0..self.actions {
                *pass.gradient_mut(row, other) = -share;
            }
            *pass.gradient_mut(row, self.actions) = gradient;
        }
        *pass.gradient_mut(row, action) += gradient;
    }

    /// Multiplies the outputs by `scale` and adds `shift`, by changing the last layer.
    pub fn rescale(&self, weights: &mut [Lane], scale: f32, shift: f32) {
        let Some(layer) = self.layers.last() else { return };
        for weight in weights[layer.weights..layer.end].as_flattened_mut() {
            *weight *= scale;
        }
        let shifted = if self.dueling { self.actions..self.actions + 1 } else { 0..self.actions };
        for output in shifted {
            weights[layer.biases + output / LANES][output % LANES] += shift;
        }
    }
}

impl Pass {
    /// Lanes it takes.
    pub fn size(&self) -> usize {
        self.values.iter().chain(&self.gradients).map(Vec::len).sum::<usize>() + self.transposed.len()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The inputs, to be written.
    pub fn inputs(&mut self) -> &mut [Lane] {
        &mut self.values[0]
    }

    /// The value of an action in a row.
    pub fn value(&self, row: usize, action: usize) -> f32 {
        self.values[self.values.len() - 1][action / LANES * self.rows + row][action % LANES]
    }

    /// What a unit of a layer put out in the first row.
    pub fn activation(&self, layer: usize, unit: usize) -> f32 {
        self.values[layer][unit / LANES * self.rows][unit % LANES]
    }

    fn value_mut(&mut self, row: usize, action: usize) -> &mut f32 {
        let last = self.values.len() - 1;
        &mut self.values[last][action / LANES * self.rows + row][action % LANES]
    }

    fn gradient_mut(&mut self, row: usize, action: usize) -> &mut f32 {
        let last = self.gradients.len() - 1;
        &mut self.gradients[last][action / LANES * self.rows + row][action % LANES]
    }

    /// Forgets the gradients of the action values.
    pub fn clear_gradients(&mut self) {
        if let Some(last) = self.gradients.last_mut() {
            last.fill(ZERO);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    /// Half the squared distance of one action's value from a target, summed over rows.
    fn loss(shape: &Shape, weights: &[Lane], pass: &mut Pass) -> f64 {
        shape.forward(weights, pass);
        (0..pass.rows()).map(|row| f64::from(pass.value(row, row % 3) - 1.5)).map(|error| error * error / 2.0).sum()
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        for dueling in [false, true] {
            let shape = Shape::new(5, &[9, 12], 3, dueling);
            let mut stream = Stream::new(4, Purpose::Initialisation);
            let mut weights = shape.initial_weights(&mut stream);
            let mut pass = shape.pass(6);
            for input in 0..5 {
                for row in 0..6 {
                    pass.inputs()[row][input] = stream.uniform() as f32;
                }
            }
            loss(&shape, &weights, &mut pass);
            pass.clear_gradients();
            for row in 0..6 {
                let error = pass.value(row, row % 3) - 1.5;
                shape.set_gradient(&mut pass, row, row % 3, error);
            }
            let mut gradient = vec![ZERO; shape.size()];
            shape.backward(&weights, &mut pass, &mut gradient);
            const STEP: f32 = 1e-3;
            let at_rest = loss(&shape, &weights, &mut pass);
            let mut checked = 0;
            for index in 0..weights.len() {
                for lane in 0..LANES {
                    let weight = weights[index][lane];
                    let mut slope = |step: f32| {
                        weights[index][lane] = weight + step;
                        let moved = loss(&shape, &weights, &mut pass);
                        weights[index][lane] = weight;
                        (moved - at_rest) / f64::from(step)
                    };
                    // Where a unit switches on or off within the step, one side still has the slope of the point itself.
                    let (below, above, expected) = (slope(-STEP), slope(STEP), f64::from(gradient[index][lane]));
                    let fault = [below, above, (below + above) / 2.0].map(|slope| (slope - expected).abs()).into_iter().fold(1.0, f64::min);
                    assert!(fault <= 0.01 * expected.abs() + 0.004, "{dueling} {index}.{lane}: {below} {above} {expected}");
                    checked += usize::from(expected != 0.0);
                }
            }
            assert!(checked > 100, "{checked}");
        }
    }

    #[test]
    fn packing_keeps_every_weight_and_nothing_else() {
        let shape = Shape::new(5, &[9, 12], 3, true);
        let weights = shape.initial_weights(&mut Stream::new(2, Purpose::Initialisation));
        let packed = shape.packed(&weights);
        assert_eq!(packed.len(), 6 * 9 + 10 * 12 + 13 * 4);
        assert_eq!(packed.iter().filter(|weight| **weight != 0.0).count(), 5 * 9 + 9 * 12 + 12 * 4);
        assert_eq!(shape.unpacked(&packed), weights);
    }

    #[test]
    fn rescaling_changes_outputs_as_asked() {
        for dueling in [false, true] {
            let shape = Shape::new(4, &[8], 5, dueling);
            let mut weights = shape.initial_weights(&mut Stream::new(1, Purpose::Initialisation));
            let mut pass = shape.pass(1);
            pass.inputs()[0] = [0.5; LANES];
            shape.forward(&weights, &mut pass);
            let before: Vec<f32> = (0..5).map(|action| pass.value(0, action)).collect();
            shape.rescale(&mut weights, 2.0, 3.0);
            shape.forward(&weights, &mut pass);
            for (action, before) in before.iter().enumerate() {
                assert!((pass.value(0, action) - (2.0 * before + 3.0)).abs() < 1e-5);
            }
        }
    }
}
