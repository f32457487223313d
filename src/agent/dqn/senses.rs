//! What the network sees when it is not told the state: pictures, and words as hashed n-grams.
//!
//! The image of a text is a list of [`BUCKETS`] numbers: each run of two or three letters, line by line, is hashed and counted into one of
//! them (Weinberger et al. 2009). No dictionary, no separation of words, so that Chinese and English go the same way.

use retailq_kernels::{LANES, Lane, ZERO};

use crate::environment::MOST_BOXES;
use crate::invalid::Invalid;
use crate::mdp::{Environment, Glimpse, Medium, Observation, Sensor, State};

use super::portrait::Input;

/// Keys of the encodings that show raw observations.
pub const RAW_ENCODINGS: [&str; 2] = ["pixels", "text"];
/// Numbers that a text is hashed into.
const BUCKETS: usize = 256;
/// Runs of so many letters are counted.
const RUNS: [usize; 2] = [2, 3];
/// A line counts for so much in all, spread over its runs.
const LINE: f32 = 4.0;
/// Most states of a problem whose states are looked at: each is looked at several times when the learner is measured.
const MOST_STATES: u32 = 4096;

/// A state and how it was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    /// The state.
    pub state: State,
    /// The look, where there is one.
    pub glimpse: Glimpse,
}

/// The eyes and ears of a network.
pub struct Senses {
    sensor: Box<dyn Sensor>,
    inputs: usize,
}

impl std::fmt::Debug for Senses {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Senses").field("inputs", &self.inputs).finish_non_exhaustive()
    }
}

impl Senses {
    /// Looks at a problem through `pixels` or `text`, if it can be seen so.
    pub fn new(environment: &dyn Environment, encoding: &str) -> Result<Self, Invalid> {
        let fits = |medium: Medium| matches!((medium, encoding), (Medium::Pixels { .. }, "pixels") | (Medium::Text, "text"));
        let sensor = environment.sensor().filter(|sensor| fits(sensor.medium()));
        let Some(sensor) = sensor else {
            let fault = phrase!(
                "this problem cannot be seen so; pictures are taken of a shelf for at most {MOST_BOXES} units with nothing on its way (the \
                 scenario “Deliveries under way” with a lead time of 1 and a capacity of at most {MOST_BOXES}), words are heard in customer service (“Ask back or act” and “Answers before the human”, topics unchanged)",
                "该问题不能这样观测；图像只用于没有在途订单、最多放 {MOST_BOXES} 件的货架（“在途补货”，提前期为 1，容量不超过 {MOST_BOXES}），文字只用于智能客服（“追问还是处理”“先自助后人工”，且话题未改名）"
            );
            return Err(Invalid::new("encoding", encoding, fault));
        };
        let states = environment.state_count();
        if states > MOST_STATES {
            let fault =
                phrase!("{states} states are too many to look at; at most {MOST_STATES}", "状态过多（{states} 个）；最多 {MOST_STATES} 个");
            return Err(Invalid::new("encoding", encoding, fault));
        }
        let inputs = match sensor.medium() {
            Medium::Pixels { width, height } => (width * height) as usize,
            Medium::Text => BUCKETS,
        };
        Ok(Self { sensor, inputs })
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// What each input stands for.
    pub fn labels(&self) -> Vec<Input> {
        let inputs = 0..self.inputs as u32;
        match self.sensor.medium() {
            Medium::Pixels { width, .. } => inputs.map(|input| Input::Pixel { column: input % width, row: input / width }).collect(),
            Medium::Text => inputs.map(Input::Letters).collect(),
        }
    }

    /// The next look at a state; see [`Sensor::glimpse`].
    pub fn glimpse(&self, before: Option<View>, state: State, chance: u64) -> Glimpse {
        self.sensor.glimpse(before.map(|view| (view.state, view.glimpse)), state, chance)
    }

    /// What was seen.
    pub fn observe(&self, view: View) -> Observation {
        self.sensor.observe(view.state, view.glimpse)
    }

    /// Writes what is seen into the rows of a network's inputs; further rows are zero.
    pub(super) fn write(&self, views: impl Iterator<Item = View>, inputs: &mut [Lane], rows: usize) {
        inputs.fill(ZERO);
        for (row, view) in views.enumerate() {
            let mut add = |input: usize, value: f32| inputs[input / LANES * rows + row][input % LANES] += value;
            match self.observe(view) {
                Observation::Pixels { grey, .. } => {
                    for (input, grey) in grey.iter().enumerate() {
                        add(input, (f32::from(*grey) - 128.0) / 128.0);
                    }
                }
                Observation::Text { language, lines } => {
                    for line in lines {
                        count_runs(line.get(language), &mut add);
                    }
                }
            }
        }
    }
}

/// Counts the runs of letters of a line, its ends included. Capitals are written small, and all digits alike: a network that could tell
/// order numbers apart would learn each customer by heart.
fn count_runs(line: &str, add: &mut impl FnMut(usize, f32)) {
    let plain = |letter: char| if letter.is_ascii_digit() { '0' } else { letter.to_ascii_lowercase() };
    let letters: Vec<u32> = ['\n'].into_iter().chain(line.chars()).chain(['\n']).map(|letter| plain(letter) as u32).collect();
    let runs = || RUNS.into_iter().flat_map(|length| letters.windows(length));
    let share = LINE / runs().count() as f32;
    for run in runs() {
        add(bucket(run), share);
    }
}

/// The bucket of a run (Fowler, Noll and Vo's hash, letter by letter).
fn bucket(run: &[u32]) -> usize {
    let hash = run.iter().fold(0x811c_9dc5_u32, |hash, letter| (hash ^ letter).wrapping_mul(0x0100_0193));
    ((hash ^ hash >> 16) as usize) % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::scenario;
    use crate::words::Language;

    fn row(senses: &Senses, state: u32, glimpse: u64) -> Vec<f32> {
        let mut inputs = vec![ZERO; senses.inputs() / LANES];
        senses.write([View { state: State(state), glimpse: Glimpse(glimpse) }].into_iter(), &mut inputs, 1);
        inputs.into_flattened()
    }

    #[test]
    fn words_become_runs_of_letters_that_add_up_line_by_line() {
        let service = scenario("clarify").unwrap().instance(&[]).unwrap();
        let senses = Senses::new(service.as_ref(), "text").unwrap();
        assert_eq!(senses.inputs(), BUCKETS);
        for (state, lines) in [(0, 1.0), (1, 2.0), (2, 3.0)] {
            let row = row(&senses, state, 77);
            assert!((row.iter().sum::<f32>() - LINE * lines).abs() < 1e-4);
            assert!(row.iter().filter(|value| **value > 0.0).count() > 8);
        }
        let used: std::collections::BTreeSet<usize> = (0..2000).map(|letter| bucket(&[97 + letter % 26, 97 + letter / 26])).collect();
        assert!(used.len() > BUCKETS - 4, "{}", used.len());
    }

    #[test]
    fn a_picture_fills_the_inputs_and_a_problem_without_one_is_refused() {
        let shelf = scenario("lost_sales").unwrap().instance(&[("lead", "1")]).unwrap();
        let senses = Senses::new(shelf.as_ref(), "pixels").unwrap();
        assert_eq!(senses.inputs(), 192);
        assert!(row(&senses, 20, 5).iter().all(|value| (-1.0..1.0).contains(value)));
        assert_ne!(row(&senses, 20, 5), row(&senses, 20, 6));
        let full = vec![("lead", "1"), ("capacity", "32")];
        assert!(Senses::new(scenario("lost_sales").unwrap().instance(&full).unwrap().as_ref(), "pixels").is_ok());
        let refused = [
            ("puterman", vec![]),
            ("lost_sales", vec![("lead", "2")]),
            ("lost_sales", vec![("lead", "1"), ("capacity", "33")]),
            ("clarify", vec![]),
        ];
        for (key, changes) in refused {
            let problem = scenario(key).unwrap().instance(&changes).unwrap();
            let error = Senses::new(problem.as_ref(), "pixels").err().unwrap();
            assert_eq!(error.key, "encoding");
            for message in [error.message(Language::English), error.message(Language::Chinese)] {
                assert!(message.contains("32"), "{key}: {message}");
            }
        }
    }
}
