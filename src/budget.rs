//! How much is asked of a worker at once: so much that the answer comes when it is wanted.

/// Milliseconds between answers that are to be seen at once.
pub const FRAME: f64 = 16.0;

/// How much is asked for at once, suited to the time that answers take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    steps: f64,
    pace: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(1000.0, FRAME)
    }
}

impl Budget {
    /// Steps first asked for, and the milliseconds that an answer is to take.
    pub const fn new(steps: f64, pace: f64) -> Self {
        Self { steps, pace }
    }

    /// Steps to ask for now.
    pub fn steps(&self) -> u32 {
        self.steps as u32
    }

    /// An answer for all that was asked took so many milliseconds.
    pub fn suit(&mut self, took: f64) {
        /// Most steps asked for at once.
        const MOST: f64 = 50_000_000.0;
        self.steps = (self.steps * (self.pace / took.max(1.0)).clamp(0.5, 2.0)).clamp(1.0, MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_to_their_pace_and_one_slow_answer_only_halves_the_next() {
        let mut budget = Budget::new(1000.0, 10.0);
        for _ in 0..20 {
            // Forty steps a millisecond.
            budget.suit(f64::from(budget.steps()) / 40.0);
        }
        assert!((390..=410).contains(&budget.steps()), "{budget:?}");
        budget.suit(1e6);
        assert!((195..=205).contains(&budget.steps()), "{budget:?}");
        (0..100).for_each(|_| budget.suit(1e6));
        assert_eq!(budget.steps(), 1);
    }
}
