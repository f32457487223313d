//! The dialogue as the assistant reads it: a greeting, then one answer for each hint, in the customer's own words.

use crate::environment::shared::phrases::{Topic, greeting, language};
use crate::mdp::{Glimpse, Medium, Observation, Sensor, State};
use crate::random::Stream;

use super::dialogue::hints;

/// What customers say in place of the hints; see [`Glimpse`].
///
/// The low half of a glimpse is the customer: language, greeting, and every answer given or still to be given. The high half is the order
/// in which hints came, a bit each, 1 for the second intent; where the bits and the number of hints disagree (in a state looked at
/// without its past), an intent that has no hints left gives way to the other.
pub(super) struct Conversation {
    pub(super) topics: [&'static Topic; 2],
    pub(super) most: u32,
}

/// Bits of a glimpse that tell the order of hints; a longer conversation begins anew.
const ORDER_BITS: u32 = 32;

impl Conversation {
    /// Which intent each hint pointed to, first to last.
    fn order(&self, state: State, glimpse: Glimpse) -> impl Iterator<Item = usize> {
        let mut left = hints(self.most, state);
        (0..left[0] + left[1]).map(move |index| {
            let wished = (glimpse.0 >> (ORDER_BITS + index % ORDER_BITS) & 1) as usize;
            let intent = if left[wished] > 0 { wished } else { 1 - wished };
            left[intent] -= 1;
            intent
        })
    }
}

impl Sensor for Conversation {
    fn medium(&self) -> Medium {
        Medium::Text
    }

    fn glimpse(&self, before: Option<(State, Glimpse)>, state: State, chance: u64) -> Glimpse {
        let Some((earlier, glimpse)) = before else { return Glimpse(chance) };
        let (then, now) = (hints(self.most, earlier), hints(self.most, state));
        let index = then[0] + then[1];
        if now[0] + now[1] != index + 1 {
            return Glimpse(chance);
        }
        let bit = 1 << (ORDER_BITS + index % ORDER_BITS);
        Glimpse(if now[1] > then[1] { glimpse.0 | bit } else { glimpse.0 & !bit })
    }

    fn observe(&self, state: State, glimpse: Glimpse) -> Observation {
        let customer = Stream::of(glimpse.0 & u64::from(u32::MAX));
        let mut opening = customer.fork(0);
        let (language, mut lines) = (language(&mut opening), vec![greeting(&mut opening)]);
        let mut said = [0, 0];
        for intent in self.order(state, glimpse) {
            // The customer's answers to one intent are numbered on their own, so that each stays what it was when others come.
            said[intent] += 1;
            lines.push(self.topics[intent].sentence(&mut customer.fork(2 * said[intent] + intent as u32)));
        }
        Observation::Text { language, lines }
    }
}
