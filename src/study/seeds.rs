//! The same experiment with several seeds: is what the charts show typical, or luck?

use std::cell::OnceCell;

use crate::chart::Bundle;
use crate::chart::series::smoothed;
use crate::config::{Experiment, Raw};
use crate::invalid::Invalid;
use crate::records::Records;
use crate::words::Words;

use super::identity;
use super::job::{Job, size};
use super::queue::Outcome;

/// The curves of the charts over several runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bundles {
    /// Return per episode, smoothed as the charts do.
    pub returns: Bundle,
    /// Share of the optimum.
    pub share: Bundle,
    /// max |Q - Q*|.
    pub distance: Bundle,
    /// Mean absolute temporal-difference error.
    pub error: Bundle,
}

/// The curves of one run, in the order of [`Bundles`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves([Vec<(f64, f64)>; 4]);

impl Curves {
    /// Those of a run's series.
    pub fn of(records: &Records) -> Self {
        let returns = smoothed(&records.buckets);
        Self([returns, records.measured(|row| row.share), records.measured(|row| row.distance), records.errors()])
    }
}

impl Bundles {
    /// Sums up runs.
    pub fn of(runs: &[&Curves]) -> Self {
        let [returns, share, distance, error] = std::array::from_fn(|kind| Bundle::of(runs.iter().map(|run| run.0[kind].as_slice())));
        Self { returns, share, distance, error }
    }
}

/// Runs that differ in nothing but their seed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seeds {
    /// The first seed; the others follow it.
    pub first: u32,
    /// Number of seeds.
    pub count: u32,
    /// The experiment; see [`identity`].
    pub base: String,
    /// What went wrong, of the runs that failed.
    pub faults: Vec<Words>,
    runs: Vec<Curves>,
    /// Summed up when they are first drawn after a run has ended.
    bundles: OnceCell<Bundles>,
}

impl Seeds {
    /// The study of the seed of an experiment and those that follow, and its jobs.
    pub fn plan(experiment: &Experiment, count: u32) -> Result<(Self, Vec<Job>), Invalid> {
        let size = size(experiment.build()?.as_ref());
        let jobs = (0..count).map(|offset| Job::planned(&reseeded(experiment, offset)?, size)).collect::<Result<_, _>>()?;
        let base = identity(experiment);
        Ok((Self { first: experiment.settings()?.seed, count, base, ..Self::default() }, jobs))
    }

    /// Adds what came of a job.
    pub fn take(&mut self, outcome: &Outcome) {
        self.faults.extend(outcome.fault());
        if let Outcome::Done(trace) = outcome {
            self.runs.push(Curves::of(&trace.records));
            self.bundles.take();
        }
    }

    /// All finished runs together.
    pub fn bundles(&self) -> &Bundles {
        self.bundles.get_or_init(|| Bundles::of(&self.runs.iter().collect::<Vec<_>>()))
    }

    /// Runs in the bundles.
    pub fn finished(&self) -> u32 {
        self.runs.len() as u32
    }
}

/// The experiment with the seed that lies so far beyond its own.
pub fn reseeded(experiment: &Experiment, offset: u32) -> Result<Experiment, Invalid> {
    let seed = experiment.settings()?.seed.wrapping_add(offset);
    let mut experiment = experiment.clone();
    experiment.set("seed", &Raw::Text(seed.to_string()))?;
    Ok(experiment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::from_link;

    #[test]
    fn median_and_band_lie_about_the_runs_of_the_seeds() {
        let experiment = from_link("1&p=puterman&episodes=60&seed=4294967295").unwrap().experiment;
        let (mut seeds, jobs) = Seeds::plan(&experiment, 5).unwrap();
        assert!(jobs[0].link.contains("seed=4294967295") && jobs[1].link.contains("seed=0"), "{jobs:?}");
        for outcome in crate::study::here(jobs) {
            seeds.take(&outcome);
        }
        assert_eq!((seeds.finished(), seeds.faults.len()), (5, 0));
        let share = &seeds.bundles().share;
        assert!(share.ranges.iter().zip(&share.median).all(|(range, (_, median))| range.low <= *median && *median <= range.high));
        assert!(share.ranges.iter().any(|range| range.low < range.high));
        let last = seeds.bundles().returns.median.last().copied().unwrap();
        assert!(last.0 > 55.0 && last.1.is_finite(), "{last:?}");
    }
}
