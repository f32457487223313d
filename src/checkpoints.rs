//! Earlier moments of a run, from which any other is replayed.

use std::rc::Rc;

use crate::trainer::Trainer;

/// Most memory the checkpoints of a run may take, in bytes.
const MEMORY: usize = 64 << 20;
/// Most checkpoints.
const MOST: usize = 64;

/// Moments of a run, the beginning among them. When there are too many, every other one goes.
pub struct Checkpoints {
    kept: Vec<Rc<Trainer>>,
    spacing: u64,
    most: usize,
}

impl Checkpoints {
    /// Those of a run that is about to begin.
    pub fn new(beginning: &Trainer) -> Self {
        let most = (MEMORY / beginning.bytes()).clamp(2, MOST);
        Self { kept: vec![Rc::new(beginning.clone())], spacing: beginning.agent().spacing(), most }
    }

    /// The number of steps at which the next one is due.
    pub fn next_at(&self, trainer: &Trainer) -> u64 {
        (trainer.steps() / self.spacing + 1) * self.spacing
    }

    /// Keeps this moment, if it is due.
    pub fn keep(&mut self, trainer: &Trainer) {
        let newest = self.kept.last().map_or(0, |newest| newest.steps());
        if trainer.steps() < newest + self.spacing {
            return;
        }
        if self.kept.len() >= self.most {
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.spacing *= 2;
        }
        self.kept.push(Rc::new(trainer.clone()));
    }

    /// The latest moment that fits.
    pub fn latest(&self, fits: impl Fn(&Trainer) -> bool) -> Trainer {
        let found = self.kept.iter().rev().find(|trainer| fits(trainer)).unwrap_or(&self.kept[0]);
        found.as_ref().clone()
    }

    /// All moments up to a number of steps, the beginning first.
    pub fn up_to(&self, steps: u64) -> Vec<Rc<Trainer>> {
        self.kept.iter().filter(|trainer| trainer.steps() <= steps).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Yardstick;
    use crate::share::from_link;
    use crate::trainer::Limit;

    #[test]
    fn a_large_table_keeps_fewer_moments_within_the_memory_allowed() {
        let shared = from_link("1&p=warlop_ten&alpha=visits:.7").unwrap_or_else(|errors| panic!("{errors:?}"));
        let setup = Rc::new(shared.experiment.compile().unwrap());
        let yardstick = Rc::new(Yardstick::new(&setup));
        let mut trainer = Trainer::new(Rc::clone(&setup), yardstick).unwrap();
        let mut checkpoints = Checkpoints::new(&trainer);
        // Values, visits, the best slot of each state and its value under the last policy measured.
        let (states, pairs) = (setup.model.states() as usize, setup.model.states() as usize * setup.model.stride());
        let tables = pairs * (8 + 4) + states * (4 + 8);
        assert!((tables..tables + (1 << 18)).contains(&trainer.bytes()), "{} of {tables}", trainer.bytes());
        assert!((3..MOST).contains(&checkpoints.most), "{}", checkpoints.most);
        let mut fullest = 0;
        for _ in 0..2 * checkpoints.most {
            trainer.advance(Limit { steps: checkpoints.next_at(&trainer), episode: u32::MAX });
            checkpoints.keep(&trainer);
            fullest = checkpoints.kept.len().max(fullest);
        }
        assert_eq!((fullest, checkpoints.kept[0].steps()), (checkpoints.most, 0));
        assert!(fullest * trainer.bytes() <= MEMORY);
    }
}
