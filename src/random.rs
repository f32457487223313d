//! Chance: one seed, one generator per purpose.
//!
//! Customers, exploration, initial values, evaluation, replay and raw observations each draw from a stream of their own, so that a change of one (more
//! exploration, say) leaves the others as they were: the same customers come. The generator is portable and exact on every machine.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// What a stream of random numbers is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Demand, customers, competitors: what the world does.
    Environment = 1,
    /// When and what to explore.
    Exploration = 2,
    /// Initial weights.
    Initialisation = 3,
    /// Episodes that only measure.
    Evaluation = 4,
    /// Which memories a mini-batch holds.
    Replay = 5,
    /// What raw observations look like.
    Observation = 6,
}

/// A stream of random numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of a seed for one purpose.
    pub fn new(seed: u32, purpose: Purpose) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64((u64::from(seed) << 8) | purpose as u64))
    }

    /// An independent stream for one of many things of the same purpose.
    pub fn fork(&self, index: u32) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(self.peek() ^ (u64::from(index) << 32 | u64::from(index))))
    }

    /// The stream that 64 random bits stand for.
    pub fn of(bits: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(bits))
    }

    /// 64 random bits.
    #[inline(always)]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1).
    #[inline(always)]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A standard normal number.
    #[inline(always)]
    pub fn normal(&mut self) -> f64 {
        let (number, rest) = box_muller(self.clone());
        *self = rest;
        number
    }

    /// What the stream would say next: enough to tell two states of it apart in a fingerprint.
    pub fn peek(&self) -> u64 {
        self.clone().bits()
    }
}

/// A standard normal number and the stream after it (Box and Muller 1958; two uniforms a number keep the stream's pace fixed).
/// The stream is handed over and back, so that loops which seldom come here can keep theirs in registers.
#[inline(never)]
fn box_muller(mut stream: Stream) -> (f64, Stream) {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - stream.uniform()));
    (radius * libm::cos(std::f64::consts::TAU * stream.uniform()), stream)
}

/// A whole number below `count` from 32 random bits (Lemire's multiply-shift; the bias is below `count / 2^32`).
#[inline(always)]
pub fn below(bits: u32, count: u32) -> u32 {
    ((u64::from(bits) * u64::from(count)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let mut a = Stream::new(1, Purpose::Environment);
        let mut b = Stream::new(1, Purpose::Exploration);
        assert_ne!(a.bits(), b.bits());
        assert_eq!(Stream::new(7, Purpose::Replay).bits(), Stream::new(7, Purpose::Replay).bits());
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let mut stream = Stream::new(3, Purpose::Environment);
        let draws: Vec<f64> = (0..100_000).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02);
    }
}
