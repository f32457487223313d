//! Two experiments side by side, with the same customers: each pair of runs shares its seed, so that the difference is not luck.

use std::cell::OnceCell;

use crate::agent::q_table::arg_max;
use crate::config::{Experiment, Raw};
use crate::evaluate::{OPTIMAL, is_optimal};
use crate::invalid::Invalid;
use crate::mdp::{Action, Environment, State};
use crate::order::sort;
use crate::protocol::Facts;
use crate::records::{ActionValues, CheckupRow};
use crate::sample::median;
use crate::words::Words;

use super::difference::{Difference, differences};
use super::job::{Job, size};
use super::mean;
use super::paired::{Interval, interval};
use super::queue::{Outcome, Trace};
use super::seeds::{Bundles, Curves, reseeded};

/// Share of the optimum at which a learner counts as having learned.
pub const NEARLY: f64 = 0.95;
/// Differences in the share of the optimum that are none.
pub(super) const NOTHING: f64 = 1e-6;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Value of the greedy policy at the end.
    Value,
    /// The same as a share of the optimum.
    Share,
    /// Episodes from which on the share stays at [`NEARLY`] or more.
    Reach,
    /// max |Q - Q*|.
    Distance,
    /// States whose greedy action is not optimal.
    Wrong,
}

impl Measure {
    /// All of them, in the order of the table.
    pub const ALL: [Measure; 5] = [Measure::Value, Measure::Share, Measure::Reach, Measure::Distance, Measure::Wrong];

    fn of(self, run: &Run) -> Option<f64> {
        let last = &run.last;
        match self {
            Measure::Value => Some(last.value),
            Measure::Share => Some(last.share),
            Measure::Reach => run.reached,
            Measure::Distance => Some(last.distance),
            Measure::Wrong => Some(last.wrong),
        }
    }
}

/// A line of the comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// What is compared.
    pub measure: Measure,
    /// Mean of each side; of episodes the median, and `None` where most runs never got there.
    pub sides: [Option<f64>; 2],
    /// Second side less first, seed by seed; `None` of different problems, and where a run never got there.
    pub difference: Option<Interval>,
}

/// What a comparison has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The problems differ, so that neither side can be better.
    Apart,
    /// Both found an optimal policy with every seed.
    BothOptimal,
    /// Both come to the same with every seed.
    Same,
    /// The side with this index, beyond what chance explains.
    Better(usize),
    /// The difference may be chance.
    Unclear,
    /// A single pair says nothing about chance.
    OnePair,
}

/// A state in which the two act differently.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disagreement {
    /// The state.
    pub state: State,
    /// What each side does.
    pub actions: [Action; 2],
    /// Whether that is optimal.
    pub optimal: [bool; 2],
}

struct Run {
    curves: Curves,
    last: CheckupRow,
    reached: Option<f64>,
    /// The longest time, in episodes, between two measurements.
    gap: f64,
}

/// A comparison under way.
pub struct Comparison {
    /// What is compared.
    pub sides: [Experiment; 2],
    /// In what the sides differ.
    pub differences: Vec<Difference>,
    /// Seeds that both sides get.
    pub seeds: u32,
    /// What went wrong, of the runs that failed.
    pub faults: Vec<Words>,
    /// Whether both have the same problem and objective: only then can they be set against each other.
    pub same_problem: bool,
    runs: Vec<[Option<Run>; 2]>,
    /// Facts and action values of each side with the first seed.
    ends: [Option<(Facts, ActionValues)>; 2],
    /// Summed up when they are first drawn after a run of the side has ended.
    bundles: [OnceCell<Bundles>; 2],
}

impl Comparison {
    /// The study of two experiments over the seeds from the first one's on, and its jobs; refused where nothing differs.
    pub fn plan(a: &Experiment, b: &Experiment, seeds: u32) -> Result<(Self, Vec<Job>), Invalid> {
        let b = with_value(b, "seed", &a.settings()?.seed.to_string())?;
        let differences = differences([a, &b]);
        if differences.is_empty() {
            let fault = words!("both sides have the same settings; there is nothing to compare", "双方设置相同，没有可对比的内容");
            return Err(Invalid::new("", "", fault));
        }
        let sizes = [size(a.build()?.as_ref()), size(b.build()?.as_ref())];
        let mut jobs = Vec::new();
        for offset in 0..seeds {
            for (side, size) in [a, &b].into_iter().zip(sizes) {
                jobs.push(Job { table: offset == 0, ..Job::planned(&reseeded(side, offset)?, size)? });
            }
        }
        let same_discount = a.learner.get("discount")? == b.learner.get("discount")?;
        let same_weights = a.weights.iter().chain(&b.weights).all(|(part, _)| a.weight(part) == b.weight(part));
        let comparison = Self {
            differences,
            same_problem: a.scenario.key == b.scenario.key && a.problem == b.problem && same_weights && same_discount,
            sides: [a.clone(), b],
            seeds,
            faults: Vec::new(),
            runs: (0..seeds).map(|_| [None, None]).collect(),
            ends: [None, None],
            bundles: Default::default(),
        };
        Ok((comparison, jobs))
    }

    /// What each side is called: by the one difference, or by a letter.
    pub fn labels(&self) -> [Words; 2] {
        match self.differences.as_slice() {
            [one] => [one.label(0), one.label(1)],
            _ => ["A", "B"].map(Words::same),
        }
    }

    /// Adds what came of the job with this index.
    pub fn take(&mut self, index: u32, outcome: Outcome) {
        self.faults.extend(outcome.fault());
        let (seed, side) = (index as usize / 2, index as usize % 2);
        let (Outcome::Done(trace), Some(runs)) = (outcome, self.runs.get_mut(seed)) else { return };
        let Trace { facts, records, last, values, .. } = *trace;
        // The end counts too: where measuring is dear, it is not among the checkups.
        let backwards = std::iter::once(&last).chain(records.checkups.iter().rev());
        let reached = backwards.take_while(|row| row.share >= NEARLY).last().map(|row| row.episode);
        let episodes: Vec<f64> = records.checkups.iter().chain([&last]).map(|row| row.episode).collect();
        let gap = episodes.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        runs[side] = Some(Run { curves: Curves::of(&records), last, reached, gap });
        if seed == 0 {
            self.ends[side] = Some((facts, values));
        }
        self.bundles[side].take();
    }

    /// The curves of a side.
    pub fn bundles(&self, side: usize) -> &Bundles {
        let curves = || self.runs.iter().filter_map(|runs| runs[side].as_ref()).map(|run| &run.curves);
        self.bundles[side].get_or_init(|| Bundles::of(&curves().collect::<Vec<_>>()))
    }

    /// The optimum, once a run of the first side is there.
    pub fn facts(&self) -> Option<&Facts> {
        self.ends[0].as_ref().map(|(facts, _)| facts)
    }

    /// Seeds of which both runs are there.
    pub fn pairs(&self) -> u32 {
        self.complete().count() as u32
    }

    fn complete(&self) -> impl Iterator<Item = [&Run; 2]> {
        self.runs.iter().filter_map(|[a, b]| Some([a.as_ref()?, b.as_ref()?]))
    }

    /// The table, over the seeds of which both runs are there; empty while there are none.
    pub fn rows(&self) -> Vec<Row> {
        if self.pairs() == 0 {
            return Vec::new();
        }
        Measure::ALL.into_iter().map(|measure| self.row(measure)).collect()
    }

    fn row(&self, measure: Measure) -> Row {
        let numbers = |side: usize| -> Vec<Option<f64>> { self.complete().map(|runs| measure.of(runs[side])).collect() };
        let sides = [0, 1].map(|side| match measure {
            Measure::Reach => {
                // A run that never gets there takes longer than any that does.
                let mut numbers: Vec<f64> = numbers(side).into_iter().map(|number| number.unwrap_or(f64::INFINITY)).collect();
                Some(median(&mut numbers)).filter(|episode| episode.is_finite())
            }
            _ => numbers(side).into_iter().collect::<Option<Vec<f64>>>().and_then(|numbers| mean(&numbers)),
        });
        let differences: Option<Vec<f64>> = self.complete().map(|[a, b]| Some(measure.of(b)? - measure.of(a)?)).collect();
        Row { measure, sides, difference: differences.filter(|_| self.same_problem).and_then(|differences| interval(&differences)) }
    }

    /// Which side is better, by the share of the optimum; `None` before the first pair.
    pub fn finding(&self) -> Option<Finding> {
        if !self.same_problem {
            return (self.pairs() > 0).then_some(Finding::Apart);
        }
        let difference = self.row(Measure::Share).difference?;
        let shares = || self.complete().flatten().map(|run| run.last.share);
        let gaps = self.complete().map(|[a, b]| (b.last.share - a.last.share).abs());
        Some(match difference.sign() {
            _ if shares().all(|share| share >= OPTIMAL) => Finding::BothOptimal,
            _ if gaps.fold(0.0, f64::max) < NOTHING => Finding::Same,
            _ if difference.pairs == 1 => Finding::OnePair,
            0 => Finding::Unclear,
            sign => Finding::Better(usize::from(sign > 0)),
        })
    }

    /// How far apart measurements lie at most, in episodes: what happened between two of them nobody saw.
    pub fn resolution(&self) -> f64 {
        self.complete().flatten().map(|run| run.gap).fold(0.0, f64::max)
    }

    /// Which side stayed near the optimum sooner, beyond what chance explains and measurements can tell.
    pub fn faster(&self) -> Option<usize> {
        let reach = self.row(Measure::Reach);
        let [Some(a), Some(b)] = reach.sides else { return None };
        if (a - b).abs() <= self.resolution() {
            return None;
        }
        match reach.difference?.sign() {
            1 if a < b => Some(0),
            -1 if b < a => Some(1),
            _ => None,
        }
    }

    /// Reachable states in which the two greedy policies differ with the first seed, those first in which only one of them is
    /// right; and the number of states looked at. `None` while a policy is missing, or where the problems are not the same.
    pub fn disagreements(&self, environment: &dyn Environment) -> Option<(Vec<Disagreement>, u32)> {
        let [Some((_, a)), Some((_, b))] = &self.ends else { return None };
        if !self.same_problem {
            return None;
        }
        let (mut found, mut looked_at, mut actions) = (Vec::new(), 0, Vec::new());
        for (index, _) in a.reachable.iter().enumerate().filter(|(_, reachable)| **reachable) {
            let state = State(index as u32);
            actions.clear();
            environment.available(state, &mut actions);
            let (Some([first, best]), Some([second, _])) = (a.row(index), b.row(index)) else { continue };
            if actions.is_empty() {
                continue;
            }
            looked_at += 1;
            let slots = [first, second].map(|row| arg_max(row).0 as usize);
            if slots[0] != slots[1] {
                let optimal = slots.map(|slot| is_optimal(best[slot], arg_max(best).1));
                found.push(Disagreement { state, actions: slots.map(|slot| actions[slot]), optimal });
            }
        }
        sort(&mut found, |a, b| (a.optimal[0] == a.optimal[1]).cmp(&(b.optimal[0] == b.optimal[1])));
        Some((found, looked_at))
    }
}

/// The experiment with one value changed. Another learner than the one whose weights were saved begins without them.
pub fn with_value(experiment: &Experiment, key: &str, text: &str) -> Result<Experiment, Invalid> {
    let mut experiment = experiment.clone();
    let before = experiment.learner.get("algorithm")?.clone();
    experiment.set(key, &Raw::Text(text.to_owned()))?;
    if *experiment.learner.get("algorithm")? != before {
        experiment.network = None;
    }
    Ok(experiment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::from_link;

    fn compared(a: &str, b: &str, seeds: u32) -> Comparison {
        let [a, b] = [a, b].map(|link| from_link(link).unwrap().experiment);
        let (mut comparison, jobs) = Comparison::plan(&a, &b, seeds).unwrap();
        for (index, outcome) in crate::study::on_threads(jobs).into_iter().enumerate() {
            comparison.take(index as u32, outcome);
        }
        comparison
    }

    #[test]
    fn looking_ahead_beats_looking_at_the_next_sale_alone() {
        let comparison = compared("1&p=puterman", "1&p=puterman&gamma=0&seed=77", 5);
        assert_eq!((comparison.finding(), comparison.pairs()), (Some(Finding::Better(0)), 5));
        let rows = comparison.rows();
        let share = rows[1].difference.unwrap();
        assert!(rows[1].sides[0] > Some(0.99) && rows[1].sides[1] < Some(0.1) && share.high < -0.9, "{rows:?}");
        assert!((rows[1].sides[1].unwrap() - rows[1].sides[0].unwrap() - share.mean).abs() < 1e-9);
        assert!(rows[2].sides[0].is_some() && rows[2].sides[1].is_none() && rows[2].difference.is_none());
        let environment = comparison.sides[0].build().unwrap();
        let (found, looked_at) = comparison.disagreements(environment.as_ref()).unwrap();
        assert_eq!(looked_at, 4);
        assert!(found[0].optimal == [true, false] && found[0].actions[0] != found[0].actions[1], "{found:?}");
        assert_eq!(comparison.labels()[1], Words::same("γ = 0"));
    }

    #[test]
    fn settings_that_do_the_same_come_to_the_same_and_no_difference_is_refused() {
        let comparison = compared("1&p=puterman&gamma=0&epsilon=.5", "1&p=puterman&gamma=0&epsilon=lin:.5:.5:9&seed=5", 3);
        assert_eq!((comparison.finding(), comparison.faster()), (Some(Finding::Same), None));
        assert_eq!(comparison.bundles(0), comparison.bundles(1));
        let environment = comparison.sides[0].build().unwrap();
        assert_eq!(comparison.disagreements(environment.as_ref()).unwrap().0, []);
        let [a, b] = ["1&p=puterman", "1&p=puterman&seed=5"].map(|link| from_link(link).unwrap().experiment);
        assert!(Comparison::plan(&a, &b, 3).is_err_and(|error| error.key.is_empty()));
    }

    #[test]
    fn the_last_measurement_says_whether_a_side_stayed_near_the_optimum() {
        let [a, b] = ["1&p=puterman&episodes=20", "1&p=puterman&episodes=20&gamma=0"].map(|link| from_link(link).unwrap().experiment);
        let (_, jobs) = Comparison::plan(&a, &b, 1).unwrap();
        let Outcome::Done(trace) = crate::study::here(jobs).remove(0) else { panic!() };
        let at = |episode: f64, share: f64| CheckupRow { episode, share, ..trace.last };
        let reached = |checkups: &[(f64, f64)], last: (f64, f64)| {
            let (mut comparison, _) = Comparison::plan(&a, &b, 1).unwrap();
            let mut trace = trace.clone();
            (trace.records.checkups, trace.last) = (checkups.iter().map(|row| at(row.0, row.1)).collect(), at(last.0, last.1));
            comparison.take(0, Outcome::Done(trace));
            let run = comparison.runs[0][0].as_ref().unwrap();
            (run.reached, run.gap)
        };
        assert_eq!(reached(&[(5.0, 0.2), (9.0, 0.96), (12.0, 0.97)], (20.0, 0.5)), (None, 8.0));
        assert_eq!(reached(&[(5.0, 0.2), (9.0, 0.5)], (20.0, 0.96)), (Some(20.0), 11.0));
        // A cheap measurement of the end is among the checkups.
        assert_eq!(reached(&[(5.0, 0.2), (9.0, 0.96), (20.0, 0.97)], (20.0, 0.97)), (Some(9.0), 11.0));
    }

    #[test]
    fn where_nobody_comes_nobody_disagrees() {
        let comparison = compared("1&p=gvr_clearance&episodes=20", "1&p=gvr_clearance&episodes=20&seed=9&gamma=0", 1);
        let environment = comparison.sides[0].build().unwrap();
        let setup = comparison.sides[0].compile().unwrap();
        let yardstick = crate::evaluate::Yardstick::new(&setup);
        let is_met = |state: State| yardstick.reachable[state.index()] && !setup.model.is_terminal(state);
        let (found, looked_at) = comparison.disagreements(environment.as_ref()).unwrap();
        assert_eq!(looked_at as usize, (0..setup.model.states()).map(State).filter(|state| is_met(*state)).count());
        assert!(looked_at < setup.model.states() && !found.is_empty() && found.iter().all(|it| is_met(it.state)), "{found:?}");
    }

    #[test]
    fn who_is_faster_is_said_only_where_the_interval_says_so() {
        let sure = compared("1&p=puterman", "1&p=puterman&alpha=.05", 5);
        let reach = sure.rows()[2];
        assert_eq!((reach.difference.unwrap().sign(), sure.faster()), (1, Some(0)), "{reach:?}");
        let single = compared("1&p=puterman", "1&p=puterman&alpha=.05", 1);
        assert_eq!((single.rows()[2].difference.unwrap().pairs, single.faster()), (1, None));
    }

    #[test]
    fn one_pair_claims_little_and_two_problems_nothing() {
        assert_eq!(compared("1&p=puterman&episodes=9", "1&p=puterman&gamma=0&episodes=9", 1).finding(), Some(Finding::OnePair));
        let apart = compared("1&p=puterman&episodes=9", "1&p=puterman&capacity=5&episodes=9", 2);
        assert!(!apart.same_problem && apart.rows().iter().all(|row| row.difference.is_none()));
        assert_eq!((apart.finding(), apart.faster()), (Some(Finding::Apart), None));
        assert_eq!(apart.disagreements(apart.sides[0].build().unwrap().as_ref()), None);
    }
}
