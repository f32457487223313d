//! Pop-Art (van Hasselt et al. 2016): the network's outputs in units in which its targets have mean 0 and variance 1.

/// How outputs become action values: `Q = mean + deviation * output`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    mean: f64,
    square: f64,
    deviation: f64,
    updates: u32,
}

/// Weight of a mini-batch, once as many have been seen as its inverse.
const PACE: f64 = 1e-3;

impl Scale {
    /// Outputs count from an initial value, in the units of the reward.
    pub fn new(initial_value: f64) -> Self {
        Self { mean: initial_value, square: 0.0, deviation: 1.0, updates: 0 }
    }

    /// A scale that was kept, and goes on at its steady pace.
    pub fn kept(mean: f64, deviation: f64) -> Self {
        Self { mean, square: mean * mean + deviation * deviation, deviation, updates: (1.0 / PACE) as u32 }
    }

    /// What an output of zero and a unit of output are worth.
    pub fn terms(&self) -> (f64, f64) {
        (self.mean, self.deviation)
    }

    /// The action value of an output.
    pub fn value(&self, output: f32) -> f64 {
        self.mean + self.deviation * f64::from(output)
    }

    /// The same as others are told it: what has left the range of finite numbers is the worst there is, on every machine.
    pub fn told(&self, output: f32) -> f64 {
        let value = self.value(output);
        if value.is_finite() { value } else { f64::MIN }
    }

    /// The output that stands for an action value.
    pub fn output(&self, value: f64) -> f32 {
        ((value - self.mean) / self.deviation) as f32
    }

    /// Takes in a mini-batch of targets. Returns by what outputs must be multiplied, and what added then, to stand for the same values.
    pub fn absorb(&mut self, targets: &[f64]) -> (f32, f32) {
        let before = *self;
        let count = targets.len() as f64;
        let pace = PACE.max(1.0 / (f64::from(self.updates) + 1.0));
        if self.updates == 0 {
            self.mean = 0.0;
        }
        self.updates = self.updates.saturating_add(1);
        self.mean += pace * (targets.iter().sum::<f64>() / count - self.mean);
        self.square += pace * (targets.iter().map(|target| target * target).sum::<f64>() / count - self.square);
        let variance = self.square - self.mean * self.mean;
        // Targets that are all alike say nothing about a scale.
        if variance > 1e-10 * self.square {
            self.deviation = libm::sqrt(variance);
        }
        ((before.deviation / self.deviation) as f32, ((before.mean - self.mean) / self.deviation) as f32)
    }

    /// Its numbers, for a fingerprint.
    pub fn words(&self) -> [u64; 4] {
        [self.mean.to_bits(), self.square.to_bits(), self.deviation.to_bits(), u64::from(self.updates)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_what_they_were() {
        let mut scale = Scale::new(-40.0);
        let mut output = 2.0;
        for targets in [[-90.0, -110.0], [-100.0, -80.0], [-100.0, -100.0]] {
            let value = scale.value(output);
            let (factor, shift) = scale.absorb(&targets);
            output = factor * output + shift;
            assert!((scale.value(output) - value).abs() < 1e-4);
        }
        assert!((scale.mean - -290.0 / 3.0).abs() < 1e-9);
    }
}
