//! Epsilon-greedy exploration.

use crate::random::{Stream, below};

use super::Choice;

/// With chance `epsilon` any slot alike, otherwise the greedy one. Always one random number, so that the stream keeps its pace.
#[inline(always)]
pub fn epsilon_greedy(slots: u32, epsilon: f64, stream: &mut Stream, greedy: impl FnOnce() -> u32) -> Choice {
    let bits = stream.bits();
    let explored = f64::from((bits >> 32) as u32) < epsilon * 4_294_967_296.0;
    let slot = if explored { below(bits as u32, slots) } else { greedy() };
    Choice { slot, explored }
}
