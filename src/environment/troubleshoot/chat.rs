//! The desk as it is read: what the customer asks, then what was tried in vain, in the customer's own words.

use crate::environment::shared::phrases::{Topic, in_vain, language, thanks};
use crate::mdp::{Glimpse, Medium, Observation, Sensor, State};
use crate::random::Stream;
use crate::words::Words;

/// What customers say in place of the type of their question. A glimpse is the customer.
pub(super) struct Chat {
    /// The topic of each type.
    pub(super) topics: Vec<&'static Topic>,
    /// Names of the answers.
    pub(super) answers: Vec<Words>,
}

impl Chat {
    /// Type of the question, and the answers tried as bits.
    fn situation(&self, state: State) -> (u32, u32) {
        let sets = 1 << self.answers.len();
        (state.0 / sets, state.0 % sets)
    }
}

impl Sensor for Chat {
    fn medium(&self) -> Medium {
        Medium::Text
    }

    fn glimpse(&self, before: Option<(State, Glimpse)>, _state: State, chance: u64) -> Glimpse {
        // An episode is one customer.
        before.map_or(Glimpse(chance), |(_, glimpse)| glimpse)
    }

    fn observe(&self, state: State, glimpse: Glimpse) -> Observation {
        let customer = Stream::of(glimpse.0);
        let mut opening = customer.fork(0);
        let language = language(&mut opening);
        let (question, tried) = self.situation(state);
        let lines = match self.topics.get(question as usize) {
            None => vec![thanks(&mut opening)],
            Some(topic) => {
                let failed = (1..).zip(&self.answers).filter(|(number, _)| tried >> (number - 1) & 1 == 1);
                let failed = failed.map(|(number, answer)| in_vain(answer, &mut customer.fork(number)));
                std::iter::once(topic.sentence(&mut opening)).chain(failed).collect()
            }
        };
        Observation::Text { language, lines }
    }
}
