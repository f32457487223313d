//! How weights follow their gradient: stochastic gradient descent with momentum, or Adam (Kingma and Ba 2015).

use wide::f32x8;

use super::{Lane, ZERO};

const DECAY_MEAN: f64 = 0.9;
const DECAY_SQUARE: f64 = 0.999;
const EPSILON: f32 = 1e-8;

/// An optimiser with its memory of earlier gradients.
#[derive(Clone, Debug)]
pub enum Optimiser {
    /// `v = momentum v + g; w -= rate v`.
    Descent {
        /// Share of the last move that goes on.
        momentum: f32,
        /// The move.
        velocity: Vec<Lane>,
    },
    /// Running means of gradients and their squares, corrected for their start at zero.
    Adam {
        /// Mean and mean square of each weight's gradient.
        moments: Vec<[Lane; 2]>,
        /// What the mean still lacks, after so many steps: `0.9^steps`.
        lack_mean: f64,
        /// The same of the mean square.
        lack_square: f64,
    },
}

impl Optimiser {
    /// Adam with its usual constants (0.9, 0.999, 1e-8).
    pub fn adam(size: usize) -> Self {
        Self::Adam { moments: vec![[ZERO; 2]; size], lack_mean: 1.0, lack_square: 1.0 }
    }

    /// Gradient descent with momentum.
    pub fn descent(size: usize, momentum: f32) -> Self {
        Self::Descent { momentum, velocity: vec![ZERO; size] }
    }

    /// Changes the weights after a gradient that is first multiplied by `factor`.
    #[inline(never)]
    pub fn step(&mut self, weights: &mut [Lane], gradient: &[Lane], factor: f32, rate: f64) {
        match self {
            Self::Descent { momentum, velocity } => {
                for ((weights, gradient), velocity) in weights.iter_mut().zip(gradient).zip(velocity) {
                    let moved = f32x8::from(*velocity) * *momentum + f32x8::from(*gradient) * factor;
                    *weights = (f32x8::from(*weights) - moved * rate as f32).to_array();
                    *velocity = moved.to_array();
                }
            }
            Self::Adam { moments, lack_mean, lack_square } => {
                *lack_mean *= DECAY_MEAN;
                *lack_square *= DECAY_SQUARE;
                let rate = (rate / (1.0 - *lack_mean)) as f32;
                let correction = libm::sqrt(1.0 / (1.0 - *lack_square)) as f32;
                for ((weights, gradient), [mean, square]) in weights.iter_mut().zip(gradient).zip(moments) {
                    adam(weights, gradient, mean, square, factor, rate, correction);
                }
            }
        }
    }

    /// Everything it remembers, for a fingerprint.
    pub fn memory(&self) -> &[Lane] {
        match self {
            Self::Descent { velocity, .. } => velocity,
            Self::Adam { moments, .. } => moments.as_flattened(),
        }
    }
}

#[inline(always)]
fn adam(weights: &mut Lane, gradient: &Lane, mean: &mut Lane, square: &mut Lane, factor: f32, rate: f32, correction: f32) {
    const MEAN: f32 = DECAY_MEAN as f32;
    const SQUARE: f32 = DECAY_SQUARE as f32;
    const NEW_MEAN: f32 = (1.0 - DECAY_MEAN) as f32;
    const NEW_SQUARE: f32 = (1.0 - DECAY_SQUARE) as f32;
    let g = f32x8::from(*gradient) * factor;
    let first = or_zero(f32x8::from(*mean) * MEAN + g * NEW_MEAN);
    let second = or_zero(f32x8::from(*square) * SQUARE + g * g * NEW_SQUARE);
    let step = first * rate / (second.sqrt() * correction + f32x8::splat(EPSILON));
    *weights = (f32x8::from(*weights) - step).to_array();
    (*mean, *square) = (first.to_array(), second.to_array());
}

/// What no longer matters becomes zero: the moments of a unit that has fallen silent would fade into denormal numbers, with which
/// processors are a hundred times slower, and stay there.
#[inline(always)]
fn or_zero(moment: f32x8) -> f32x8 {
    moment.abs().simd_gt(f32x8::splat(1e-30)) & moment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_moves_are_those_of_the_papers() {
        let gradient = [[0.5, -2.0, 0.0, 1e-3, 0.0, 0.0, 0.0, 0.0]];
        let mut weights = [ZERO];
        let mut adam = Optimiser::adam(1);
        adam.step(&mut weights, &gradient, 1.0, 0.01);
        // Whatever the size of the gradient, the first step of Adam is the learning rate.
        for (weight, expected) in weights[0].iter().zip([-0.01, 0.01, 0.0, -0.01]) {
            assert!((weight - expected).abs() < 1e-6, "{weights:?}");
        }
        let (mut weights, mut descent) = ([ZERO], Optimiser::descent(1, 0.5));
        descent.step(&mut weights, &gradient, 2.0, 0.1);
        descent.step(&mut weights, &gradient, 2.0, 0.1);
        assert!((weights[0][0] - -0.25).abs() < 1e-6);
    }
}
