//! States as coordinates: a rectangular grid of factor levels, numbered with the last coordinate fastest.

use crate::mdp::State;

/// A grid of states; each coordinate runs over `0..size`.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    sizes: Vec<u32>,
}

impl Space {
    /// A grid with these numbers of levels; keep their product within [`crate::mdp::check_size`].
    pub fn new(sizes: Vec<u32>) -> Self {
        Self { sizes }
    }

    /// Number of states.
    pub fn count(&self) -> u32 {
        self.sizes.iter().product()
    }

    /// The state with these levels.
    pub fn state(&self, levels: &[u32]) -> State {
        State(self.sizes.iter().zip(levels).fold(0, |index, (size, level)| index * size + level))
    }

    /// The levels of a state.
    pub fn levels(&self, state: State) -> Vec<u32> {
        let mut rest = state.0;
        let mut levels: Vec<u32> = self
            .sizes
            .iter()
            .rev()
            .map(|size| {
                let level = rest % size;
                rest /= size;
                level
            })
            .collect();
        levels.reverse();
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_levels_are_inverse() {
        let space = Space::new(vec![3, 4, 2]);
        for index in 0..space.count() {
            assert_eq!(space.state(&space.levels(State(index))), State(index));
        }
        assert_eq!(space.levels(State(1)), [0, 0, 1]);
    }
}
