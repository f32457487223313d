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
        let most = (MEMORY / beginning.agent().bytes().max(1)).clamp(2, MOST);
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
