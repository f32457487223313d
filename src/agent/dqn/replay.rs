//! Replay memory (Lin 1992): the last transitions in a ring, allocated once.

use crate::random::{Stream, below};

use super::senses::View;

/// A remembered transition. Raw observations are not kept but made again: a glimpse takes eight bytes, the picture hundreds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// State before.
    pub before: View,
    /// Slot of the action taken.
    pub slot: u32,
    /// Reward received.
    pub reward: f32,
    /// State after.
    pub next: View,
    /// Whether the state after is terminal.
    pub terminated: bool,
}

/// The ring.
#[derive(Clone, Debug)]
pub struct Replay {
    ring: Vec<Memory>,
    filled: u32,
    newest: u32,
}

impl Replay {
    /// Room for so many transitions, at least one.
    pub fn new(capacity: u32) -> Self {
        Self { ring: vec![Memory::default(); capacity.max(1) as usize], filled: 0, newest: 0 }
    }

    /// Remembers a transition, in place of the oldest when full.
    pub fn push(&mut self, memory: Memory) {
        self.newest = if self.filled == 0 { 0 } else { (self.newest + 1) % self.ring.len() as u32 };
        self.ring[self.newest as usize] = memory;
        self.filled = (self.filled + 1).min(self.ring.len() as u32);
    }

    /// Draws transitions, each alike and with replacement; nothing while there are none.
    pub fn sample(&self, batch: &mut [Memory], stream: &mut Stream) {
        let known = &self.ring[..self.filled as usize];
        for memory in batch {
            let index = below((stream.bits() >> 32) as u32, self.filled.max(1));
            *memory = known.get(index as usize).copied().unwrap_or_default();
        }
    }

    /// Room for a mini-batch.
    pub fn batch(size: usize) -> Vec<Memory> {
        vec![Memory::default(); size]
    }

    /// Transitions remembered.
    pub fn filled(&self) -> u32 {
        self.filled
    }

    /// Transitions there is room for.
    pub fn capacity(&self) -> u32 {
        self.ring.len() as u32
    }

    /// Everything it remembers as words, for a fingerprint.
    pub fn words(&self) -> impl Iterator<Item = u64> + '_ {
        let view = |view: View| [u64::from(view.state.0), view.glimpse.0];
        let words = move |memory: &Memory| {
            let [[state, glimpse], [next, next_glimpse]] = [view(memory.before), view(memory.next)];
            let (slot, reward) = (u64::from(memory.slot), u64::from(memory.reward.to_bits()));
            [state, glimpse, slot, reward, next, next_glimpse, u64::from(memory.terminated)]
        };
        [u64::from(self.newest), u64::from(self.filled)].into_iter().chain(self.ring[..self.filled as usize].iter().flat_map(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mdp::State;
    use crate::random::Purpose;

    #[test]
    fn the_oldest_is_forgotten_and_all_others_are_drawn_alike() {
        let mut replay = Replay::new(4);
        for state in 0..7 {
            replay.push(Memory { before: View { state: State(state), ..View::default() }, ..Memory::default() });
        }
        let mut batch = Replay::batch(4000);
        replay.sample(&mut batch, &mut Stream::new(1, Purpose::Replay));
        for state in 0..7 {
            let count = batch.iter().filter(|memory| memory.before.state == State(state)).count();
            assert!(if state < 3 { count == 0 } else { count.abs_diff(1000) < 120 }, "{state}: {count}");
        }
        assert_eq!((replay.filled(), replay.capacity(), replay.words().count()), (4, 4, 30));
    }
}
