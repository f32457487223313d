//! A grid of two settings: where does learning work, and which of the two matters more?

use crate::config::{Experiment, Position, applies};
use crate::csv;
use crate::invalid::Invalid;
use crate::order::sort;
use crate::parameter::{Group, Kind, Parameter, Value};
use crate::schedule::Schedule;
use crate::share::to_link;
use crate::text::{exact_number, plain_number};
use crate::typed;
use crate::words::Words;

use super::compare::{NOTHING, with_value};
use super::job::{Job, size};
use super::mean;
use super::paired::interval;
use super::queue::Outcome;
use super::seeds::reseeded;

/// Most values of an axis.
pub const MOST_VALUES: usize = 9;

/// A setting and the values it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Its name in links.
    pub key: String,
    /// Its name on the page.
    pub name: Words,
    /// Whether it belongs to the problem: then each of its values makes another one, with an optimum of its own.
    pub of_problem: bool,
    /// Its values in their textual form, as they were given.
    pub values: Vec<String>,
}

/// One combination of settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The experiment of the first seed; empty where the combination is refused.
    pub link: String,
    /// The same at the end of the planned episodes.
    pub end: String,
    /// Share of the optimum at the end, by finished run.
    pub shares: Vec<f64>,
    /// Value of the greedy policy at the end, by finished run.
    pub values: Vec<f64>,
    /// What is wrong with it, or went wrong.
    pub fault: Option<Words>,
}

impl Cell {
    /// Mean share of the optimum over the seeds that are finished.
    pub fn mean(&self) -> Option<f64> {
        mean(&self.shares)
    }

    /// Mean value over them.
    pub fn value(&self) -> Option<f64> {
        mean(&self.values)
    }
}

/// A sweep under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Down, then across.
    pub axes: [Axis; 2],
    /// Runs a cell gets.
    pub seeds: u32,
    /// Row by row.
    pub cells: Vec<Cell>,
    /// The experiment that the sweep is about.
    pub base: String,
    /// Jobs that came to an end.
    done: usize,
    /// The cell of each job.
    order: Vec<usize>,
}

impl Axis {
    /// A value as a visitor reads it.
    pub fn shown(&self, index: usize) -> String {
        let number = self.values.get(index).and_then(|value| crate::text::parse_number(value));
        number.map(plain_number).unwrap_or_default()
    }

    /// Reads the values of an axis, separated by commas; each must be allowed.
    pub fn read(experiment: &Experiment, key: &str, text: &str) -> Result<Self, Invalid> {
        let parameter = offered(experiment).into_iter().find(|parameter| parameter.key == key);
        let Some(parameter) = parameter else {
            return Err(Invalid::new(key, "", words!("cannot be swept: it is not a single number", "不能扫描：它不是单个数值")));
        };
        let comma = |letter: char| [',', '，', '、'].contains(&letter);
        if !matches!(parameter.kind, Kind::Integer { .. })
            && let Some(decimal) = decimal_comma(text)
        {
            let point = decimal.replace(',', ".");
            let fault = phrase!(
                "is that one number? Then write {point}; two numbers need a space after the comma",
                "这是一个数吗？请写作 {point}；若是两个数，请在逗号后加空格"
            );
            return Err(Invalid::new(key, decimal, fault));
        }
        if !text.trim().is_empty() && text.split(comma).any(|piece| piece.trim().is_empty()) {
            return Err(Invalid::new(key, text, words!("there is a comma without a number beside it", "有的逗号旁边没有数")));
        }
        let of_problem = parameter.group != Group::Learner;
        let mut axis = Self { key: key.to_owned(), name: parameter.name, of_problem, values: Vec::new() };
        for value in text.split(|letter| comma(letter) || letter.is_whitespace()).filter(|value| !value.is_empty()) {
            parameter.kind.parse(key, value)?;
            let number = typed::number(key, value)?;
            if axis.values.contains(&exact_number(number)) {
                return Err(Invalid::new(key, text, phrase!("{value} stands there twice", "{value} 出现了两次")));
            }
            axis.values.push(exact_number(number));
        }
        if !(1..=MOST_VALUES).contains(&axis.values.len()) {
            let fault = phrase!("1 to {MOST_VALUES} numbers separated by commas", "应为 1 到 {MOST_VALUES} 个数，用逗号分隔");
            return Err(Invalid::new(key, text, fault));
        }
        Ok(axis)
    }
}

/// The first thing in a list of numbers that may be one number with a decimal comma: `0,1`.
fn decimal_comma(text: &str) -> Option<&str> {
    let mut words =
        text.split(|letter: char| letter.is_whitespace() || letter == '，' || letter == '、').map(|word| word.trim_end_matches(','));
    words.find(|word| {
        let (whole, fraction) = word.split_once(',').unwrap_or_default();
        ["0", "-0"].contains(&whole) && !fraction.is_empty() && fraction.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// What can be swept: single numbers and rates, the learner's first.
pub fn offered(experiment: &Experiment) -> Vec<Parameter> {
    let algorithm = experiment.learner.choice("algorithm").unwrap_or_default();
    let fits = |parameter: &Parameter| {
        let is_number = matches!(parameter.kind, Kind::Integer { .. } | Kind::Number { .. } | Kind::Schedule { .. });
        is_number && parameter.key != "seed" && (parameter.group != Group::Learner || applies(parameter.key, algorithm))
    };
    let mut found: Vec<Parameter> = experiment.parameters().into_iter().filter(fits).collect();
    sort(&mut found, |a, b| (a.group != Group::Learner).cmp(&(b.group != Group::Learner)));
    found
}

/// Values worth trying, the present one among them where it is a number.
pub fn suggested(experiment: &Experiment, key: &str) -> String {
    let parameter = offered(experiment).into_iter().find(|parameter| parameter.key == key);
    let present = match experiment.value(key) {
        Some(Value::Number(number) | Value::Schedule(Schedule::Constant(number))) => Some(*number),
        _ => None,
    };
    let (low, high, whole) = match parameter.as_ref().map(|parameter| &parameter.kind) {
        Some(Kind::Integer { min, max }) => (*min as f64, *max as f64, true),
        Some(Kind::Number { min, max }) => (*min, *max, false),
        _ => (0.0, 1.0, false),
    };
    let mut values: Vec<f64> = match (key, present) {
        ("gamma" | "discount", _) => vec![0.0, 0.5, 0.8, 0.9, 0.95],
        ("alpha", _) => vec![0.02, 0.1, 0.3, 1.0],
        ("epsilon", _) => vec![0.01, 0.05, 0.2, 0.5, 1.0],
        (_, Some(present)) if present != 0.0 => [0.25, 0.5, 1.0, 2.0, 4.0].iter().map(|factor| present * factor).collect(),
        _ if low >= 0.0 && high <= 1.0 => vec![0.0, 0.25, 0.5, 0.75, 1.0],
        _ => [-10.0, -1.0, 0.0, 1.0, 10.0, 100.0].to_vec(),
    };
    values.extend(present);
    for value in &mut values {
        let rounded = if whole { value.round() } else { (*value * 1e6).round() / 1e6 };
        *value = rounded.clamp(low, high);
    }
    // A learner that discounts less than the objective is of interest, one that discounts not at all seldom: there the sums may have no end.
    values.retain(|value| !(matches!(key, "gamma" | "discount") && *value == 1.0 && present != Some(1.0)));
    sort(&mut values, f64::total_cmp);
    values.dedup();
    values.iter().map(|value| exact_number(*value)).collect::<Vec<_>>().join(", ")
}

impl Sweep {
    /// The study of every combination of two axes, and its jobs: first every cell once, then again with the next seed.
    pub fn plan(experiment: &Experiment, axes: [Axis; 2], seeds: u32) -> Result<(Self, Vec<Job>), Invalid> {
        if experiment.network.is_some() {
            let fault = words!(
                "a saved network cannot be swept: each cell is a link, and links hold no weights; Compare can begin with it",
                "保存的网络不能扫描：每个格子都是一个链接，而链接不含权重；“比较”可以从它开始"
            );
            return Err(Invalid::new("network", "", fault));
        }
        let [down, across] = &axes;
        if down.key == across.key {
            return Err(Invalid::new(&down.key, "", words!("two different settings are needed", "需要两个不同的设置")));
        }
        let (mut cells, mut experiments) = (Vec::new(), Vec::new());
        for first in &down.values {
            for second in &across.values {
                let combined = with_value(experiment, &down.key, first).and_then(|it| with_value(&it, &across.key, second));
                // Cheap, and finds what single ranges cannot.
                let combined = combined.and_then(|it| it.check().map(|(_, problem)| (it, size(problem.as_ref()))));
                cells.push(match &combined {
                    Ok((experiment, _)) => {
                        let end = Position { episode: experiment.settings()?.episodes, step: 0 };
                        Cell { link: to_link(experiment, Position::default()), end: to_link(experiment, end), ..Cell::default() }
                    }
                    Err(error) => Cell { fault: Some(error.fault.clone()), ..Cell::default() },
                });
                experiments.push(combined.ok());
            }
        }
        let (mut jobs, mut order) = (Vec::new(), Vec::new());
        for offset in 0..seeds {
            for (cell, experiment) in experiments.iter().enumerate() {
                if let Some((experiment, size)) = experiment {
                    jobs.push(Job::planned(&reseeded(experiment, offset)?, *size)?);
                    order.push(cell);
                }
            }
        }
        let base = to_link(experiment, Position::default());
        Ok((Self { axes, seeds, cells, base, done: 0, order }, jobs))
    }

    /// Adds what came of the job with this index.
    pub fn take(&mut self, index: u32, outcome: &Outcome) {
        let Some(cell) = self.order.get(index as usize).and_then(|cell| self.cells.get_mut(*cell)) else { return };
        self.done += 1;
        if let Some(fault) = outcome.fault() {
            cell.fault = Some(fault);
        }
        if let Outcome::Done(trace) = outcome {
            cell.shares.push(trace.last.share);
            cell.values.push(trace.last.value);
        }
    }

    /// Whether its combinations are problems of their own, each with its own optimum.
    pub fn varies_problem(&self) -> bool {
        self.axes.iter().any(|axis| axis.of_problem)
    }

    /// Runs that came to an end, of all.
    pub fn runs(&self) -> (usize, usize) {
        (self.done, self.order.len())
    }

    /// The cell of a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.get(row * self.axes[1].values.len() + column)
    }

    /// Whether an experiment is the one that the sweep is about, or one of its cells.
    pub fn includes(&self, link: &str) -> bool {
        self.base == link || self.cells.iter().any(|cell| cell.link == link)
    }

    /// Whether every combination that was run ends worse than random choice.
    pub fn is_astray(&self) -> bool {
        self.range().is_some_and(|(_, high)| high < 0.0)
    }

    /// Lowest and highest mean of the cells.
    pub fn range(&self) -> Option<(f64, f64)> {
        let means = || self.cells.iter().filter_map(Cell::mean).filter(|mean| mean.is_finite());
        let low = means().min_by(f64::total_cmp)?;
        Some((low, means().max_by(f64::total_cmp)?))
    }

    /// The best cells, by row and column; shares that hardly differ count as equal.
    pub fn best(&self) -> Vec<(usize, usize)> {
        let high = self.range().map_or(f64::INFINITY, |(_, high)| high);
        let is_best = |cell: &Cell| cell.mean().is_some_and(|mean| mean >= high - NOTHING);
        let columns = self.axes[1].values.len();
        (0..).zip(&self.cells).filter(|(_, cell)| is_best(cell)).map(|(index, _)| (index / columns, index % columns)).collect()
    }

    /// How many other cells cannot be told from the best by their runs with the same seeds.
    pub fn rivals(&self) -> usize {
        let best = self.best();
        let Some(first) = best.first().and_then(|(row, column)| self.cell(*row, *column)) else { return 0 };
        let gaps = |cell: &Cell| first.shares.iter().zip(&cell.shares).map(|(high, low)| high - low).collect::<Vec<_>>();
        let is_close = |cell: &&Cell| interval(&gaps(cell)).is_some_and(|gap| gap.sign() <= 0);
        self.cells.iter().filter(is_close).count().saturating_sub(best.len())
    }

    /// How much each setting matters: the span of the means over the other one.
    pub fn effects(&self) -> Option<[f64; 2]> {
        let (rows, columns) = (self.axes[0].values.len(), self.axes[1].values.len());
        let of = |cells: &mut dyn Iterator<Item = Option<&Cell>>| mean(&cells.map(|cell| cell?.mean()).collect::<Option<Vec<f64>>>()?);
        let by_row: Option<Vec<f64>> = (0..rows).map(|row| of(&mut (0..columns).map(|column| self.cell(row, column)))).collect();
        let by_column: Option<Vec<f64>> = (0..columns).map(|column| of(&mut (0..rows).map(|row| self.cell(row, column)))).collect();
        let span =
            |means: Vec<f64>| means.iter().copied().fold(f64::NEG_INFINITY, f64::max) - means.iter().copied().fold(f64::INFINITY, f64::min);
        Some([span(by_row?), span(by_column?)])
    }

    /// The grid as a table: a row a cell, with its link.
    pub fn to_csv(&self, page: &str) -> String {
        let [down, across] = &self.axes;
        let columns = across.values.len();
        let lines: Vec<[String; 8]> = self
            .cells
            .iter()
            .enumerate()
            .map(|(index, cell)| {
                let extreme = |pick: fn(f64, f64) -> f64| cell.shares.iter().copied().reduce(pick).map(exact_number).unwrap_or_default();
                [
                    down.values[index / columns].clone(),
                    across.values[index % columns].clone(),
                    cell.shares.len().to_string(),
                    cell.mean().map(exact_number).unwrap_or_default(),
                    extreme(f64::min),
                    extreme(f64::max),
                    cell.value().map(exact_number).unwrap_or_default(),
                    if cell.end.is_empty() { String::new() } else { [page, "#", &cell.end].concat() },
                ]
            })
            .collect();
        let head = [&down.key, &across.key, "seeds", "share_of_optimum", "lowest", "highest", "value", "link"];
        let head = head.to_vec();
        csv::write(std::iter::once(head).chain(lines.iter().map(|line| line.iter().map(String::as_str).collect())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::from_link;

    fn shop() -> Experiment {
        from_link("1&p=puterman&episodes=60").unwrap().experiment
    }

    fn swept(down: (&str, &str), across: (&str, &str), seeds: u32) -> Sweep {
        let axes = [down, across].map(|(key, values)| Axis::read(&shop(), key, values).unwrap());
        let (mut sweep, jobs) = Sweep::plan(&shop(), axes, seeds).unwrap();
        for (index, outcome) in crate::study::here(jobs).into_iter().enumerate() {
            sweep.take(index as u32, &outcome);
        }
        sweep
    }

    #[test]
    fn a_grid_is_filled_and_says_what_matters() {
        let sweep = swept(("alpha", ".1, .5"), ("gamma", "0 .5, .95"), 2);
        assert_eq!(sweep.cells.len(), 6);
        assert!(sweep.cells.iter().all(|cell| cell.shares.len() == 2 && cell.fault.is_none()));
        assert_eq!(sweep.cell(1, 2).unwrap().link, "1&p=puterman&alpha=.5&episodes=60");
        let [alpha, gamma] = sweep.effects().unwrap();
        assert!(gamma > alpha, "{alpha} {gamma}");
        assert_eq!(sweep.best(), [(0, 2), (1, 1)]);
        // Of two seeds, one apart proves nothing; that both are far apart does.
        let told = |gaps: [f64; 2]| {
            let mut sweep = sweep.clone();
            sweep.cells[1].shares = sweep.cells[2].shares.iter().zip(gaps).map(|(share, gap)| share - gap).collect();
            sweep.rivals()
        };
        assert_eq!(told([0.0, 0.1]), told([0.5, 0.501]) + 1);
        let rows = csv::read(&sweep.to_csv("https://example.org/")).unwrap();
        assert_eq!(rows.len(), 7);
        assert_eq!(rows[0].cells, ["alpha", "gamma", "seeds", "share_of_optimum", "lowest", "highest", "value", "link"]);
        assert!(rows[1].cells[7].starts_with("https://example.org/#1&p=puterman&alpha=.1&gamma=0"));
        assert!(rows[1].cells[7].ends_with("&at=60"), "{}", rows[1].cells[7]);
        assert_eq!(sweep.runs(), (12, 12));
        assert!(sweep.axes.iter().all(|axis| !axis.of_problem) && !sweep.varies_problem());
        assert!(sweep.includes(&to_link(&shop(), Position::default())) && !sweep.includes("1&p=warlop"));
    }

    #[test]
    fn a_cell_is_the_run_of_its_link() {
        let sweep = swept(("alpha", ".3"), ("epsilon", ".2"), 1);
        let alone = crate::study::here(vec![Job::planned(&from_link(&sweep.cells[0].link).unwrap().experiment, 0).unwrap()]);
        let Outcome::Done(trace) = &alone[0] else { panic!() };
        assert_eq!((&sweep.cells[0].shares[..], sweep.cells[0].value()), (&[trace.last.share][..], Some(trace.last.value)));
    }

    #[test]
    fn combinations_that_do_not_fit_say_so_and_the_others_run() {
        let sweep = swept(("capacity", "3, 5"), ("discount", ".5, 1"), 1);
        // Without discount an endless problem has no value.
        assert_eq!((sweep.axes[0].of_problem, sweep.runs()), (true, (4, 4)));
        assert!(sweep.cell(0, 1).unwrap().fault.is_some() && sweep.cell(0, 1).unwrap().shares.is_empty());
        assert!(sweep.cell(1, 0).unwrap().fault.is_none() && sweep.cell(1, 0).unwrap().mean().is_some());
    }

    #[test]
    fn axes_are_checked() {
        let fault = |key, text| Axis::read(&shop(), key, text).unwrap_err().key;
        for (key, text) in [("alpha", ""), ("alpha", "2"), ("alpha", "x"), ("seed", "1"), ("algorithm", "1"), ("capacity", "2.5")] {
            assert_eq!(fault(key, text), key, "{text}");
        }
        assert_eq!(fault("alpha", ".1,.2,.3,.4,.5,.6,.7,.8,.9,.95"), "alpha");
        assert_eq!(Axis::read(&shop(), "alpha", "0.10，.3 , .5").unwrap().values, [".1", ".3", ".5"]);
        let said = |key, text| Axis::read(&shop(), key, text).unwrap_err().fault.get(crate::words::Language::English).to_owned();
        // What may be a mistake is not run without a word.
        for text in [".1, .1", "0.1 .10"] {
            assert!(said("alpha", text).contains("twice"), "{text}");
        }
        for text in [".1,,.2", ".1, .2,", ","] {
            assert!(said("alpha", text).contains("comma without a number"), "{text}");
        }
        for text in ["0,1", ".3, 0,1", "0,25, 0,5"] {
            assert!(said("alpha", text).contains("Then write 0."), "{text}");
        }
        assert_eq!(Axis::read(&shop(), "alpha", "0, 1").unwrap().values, ["0", "1"]);
        assert_eq!(Axis::read(&shop(), "alpha", "0,.5,1").unwrap().values, ["0", ".5", "1"]);
        let axis = Axis::read(&shop(), "alpha", ".1").unwrap();
        assert!(Sweep::plan(&shop(), [axis.clone(), axis], 1).is_err());
    }

    #[test]
    fn suggestions_are_allowed_for_every_setting_of_every_scenario() {
        for scenario in crate::environment::SCENARIOS {
            let experiment = Experiment::from_draft(None, Some(scenario.key), &[]).unwrap();
            for parameter in offered(&experiment) {
                let text = suggested(&experiment, parameter.key);
                Axis::read(&experiment, parameter.key, &text).unwrap_or_else(|error| panic!("{} {text}: {error}", scenario.key));
            }
        }
        assert_eq!(suggested(&shop(), "gamma"), "0, .5, .8, .9, .95");
    }
}
