//! Distributions of demand in a period, as finite probability mass functions.
//!
//! The tail beyond the largest demand is lumped on it, so that the probabilities sum to 1 exactly as the published models do.

use crate::invalid::Invalid;
use crate::text::{exact_number, exact_sum, join_numbers};
use crate::typed;
use crate::words::Words;

/// Largest demand in a period.
pub const MAX_DEMAND: u32 = 400;
/// Chance of more than the largest demand, where none is given and [`MAX_DEMAND`] allows: a geometric demand with a mean above 18 has more.
const MISSED: f64 = 1e-9;

/// The numbers of a distribution without end.
pub static UNBOUNDED: [Words; 2] = [words!("mean", "均值"), words!("largest", "最大值")];
/// The numbers of a uniform distribution.
pub static UNIFORM: [Words; 2] = [words!("smallest", "最小值"), words!("largest", "最大值")];
/// What a list of probabilities is.
pub static LISTED: [Words; 1] = [words!("chances of 0, 1, 2, …", "需求为 0、1、2… 的概率")];

/// A distribution of demand, as chosen by a visitor.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// Poisson with a mean, lumped at `max`.
    Poisson {
        /// Mean demand a period.
        mean: f64,
        /// Largest demand.
        max: u32,
    },
    /// Geometric on 0, 1, 2, … with a mean, lumped at `max`.
    Geometric {
        /// Mean demand a period.
        mean: f64,
        /// Largest demand.
        max: u32,
    },
    /// Every whole number from `min` to `max` alike.
    Uniform {
        /// Smallest demand.
        min: u32,
        /// Largest demand.
        max: u32,
    },
    /// Probabilities of 0, 1, 2, …, summing to 1.
    Table(Vec<f64>),
}

impl Demand {
    /// Reads `poisson:mean[:max]`, `geometric:mean[:max]`, `uniform:min:max`, or probabilities separated by commas.
    pub fn parse(key: &str, text: &str) -> Result<Self, Invalid> {
        let Some((family, rest)) = text.split_once(':') else {
            let listed = || typed::list(text).iter().map(|item| typed::amount(item)).collect::<Option<_>>();
            let is_family = ["poisson", "geometric", "uniform"].iter().any(|family| text.starts_with(family));
            let rule = if is_family { Self::expected() } else { listing() };
            return Self::table(key, listed().ok_or_else(|| Invalid::new(key, text, rule))?);
        };
        let texts: Vec<&str> = rest.split(':').collect();
        let largest = |text: &str| typed::whole_part(key, &UNIFORM[1], text, (0, MAX_DEMAND));
        let mean = |text: &str| {
            let allowed = words!("a number above 0, at most 100", "应为大于 0 且不超过 100 的数");
            typed::part(key, &UNBOUNDED[0], text, &allowed, |x| x > 0.0 && x <= 100.0)
        };
        match (family, texts.as_slice()) {
            ("poisson", [m]) => mean(m).map(|mean| Self::Poisson { mean, max: poisson_max(mean) }),
            ("poisson", [m, max]) => Ok(Self::Poisson { mean: mean(m)?, max: largest(max)? }),
            ("geometric", [m]) => mean(m).map(|mean| Self::Geometric { mean, max: default_max(geometric(mean)) }),
            ("geometric", [m, max]) => Ok(Self::Geometric { mean: mean(m)?, max: largest(max)? }),
            ("uniform", [min, max]) => {
                let max = largest(max)?;
                let allowed = phrase!("a whole number from 0 to {max}, the largest", "应为 0 到最大值 {max} 的整数");
                let fits = |x: f64| x.fract() == 0.0 && (0.0..=f64::from(max)).contains(&x);
                Ok(Self::Uniform { min: typed::part(key, &UNIFORM[0], min, &allowed, fits)? as u32, max })
            }
            _ => Err(Invalid::new(key, text, Self::expected())),
        }
    }

    /// Probabilities of 0, 1, 2, …; refused unless they sum to 1.
    pub fn table(key: &str, probabilities: Vec<f64>) -> Result<Self, Invalid> {
        let sum: f64 = probabilities.iter().sum();
        let fits = probabilities.iter().all(|p| (0.0..=1.0).contains(p)) && (1..=MAX_DEMAND as usize + 1).contains(&probabilities.len());
        if !fits {
            return Err(Invalid::new(key, join_numbers(&probabilities), listing()));
        }
        if (sum - 1.0).abs() > 1e-9 {
            let sum = exact_sum(sum);
            let fault = phrase!("the probabilities sum to {sum}; they must sum to 1", "概率之和为 {sum}，应为 1");
            return Err(Invalid::new(key, join_numbers(&probabilities), fault));
        }
        Ok(Self::Table(probabilities))
    }

    /// The probability of each demand 0, 1, 2, …, summing to 1.
    pub fn probabilities(&self) -> Vec<f64> {
        match self {
            Self::Poisson { mean, max } => lumped(*max, poisson(*mean)),
            Self::Geometric { mean, max } => lumped(*max, geometric(*mean)),
            Self::Uniform { min, max } => (0..=*max).map(|d| if d < *min { 0.0 } else { 1.0 / f64::from(max - min + 1) }).collect(),
            Self::Table(probabilities) => probabilities.clone(),
        }
    }

    /// Mean of [`probabilities`](Self::probabilities).
    pub fn mean(&self) -> f64 {
        self.probabilities().iter().enumerate().map(|(d, p)| d as f64 * p).sum()
    }

    /// The textual form that [`parse`](Self::parse) reads back.
    pub fn to_text(&self) -> String {
        match self {
            Self::Poisson { mean, max } => format!("poisson:{}:{max}", exact_number(*mean)),
            Self::Geometric { mean, max } => format!("geometric:{}:{max}", exact_number(*mean)),
            Self::Uniform { min, max } => format!("uniform:{min}:{max}"),
            Self::Table(probabilities) => join_numbers(probabilities),
        }
    }

    /// What is allowed, as a phrase.
    pub fn expected() -> Words {
        phrase!(
            "poisson:mean[:max], geometric:mean[:max], uniform:min:max (mean above 0 and at most 100, max at most {MAX_DEMAND}), or probabilities of 0, 1, 2, … that sum to 1",
            "应为 poisson:均值[:最大值]、geometric:均值[:最大值]、uniform:最小值:最大值（均值大于 0 且不超过 100，最大值不超过 {MAX_DEMAND}），或需求为 0、1、2… 的概率（其和为 1）"
        )
    }
}

/// What is allowed as a list of probabilities.
fn listing() -> Words {
    words!(
        "probabilities of 0, 1, 2, …: numbers from 0 to 1, separated by commas, that sum to 1",
        "应为需求为 0、1、2… 的概率：0 到 1 的数，用逗号分隔，其和为 1"
    )
}

/// The probabilities of 0, 1, 2, …, without end.
fn series(first: f64, next: impl Fn(f64, u32) -> f64) -> impl Iterator<Item = f64> {
    (1..).scan(first, move |probability, d| Some(std::mem::replace(probability, next(*probability, d))))
}

fn poisson(mean: f64) -> impl Iterator<Item = f64> {
    series(libm::exp(-mean), move |previous, d| previous * mean / f64::from(d))
}

fn geometric(mean: f64) -> impl Iterator<Item = f64> {
    series(1.0 / (1.0 + mean), move |previous, _| previous * mean / (1.0 + mean))
}

/// The least demand beyond which next to nothing lies.
fn default_max(probabilities: impl Iterator<Item = f64>) -> u32 {
    let mut beyond = 1.0;
    let lies_beyond = |probability: f64| {
        beyond -= probability;
        beyond > MISSED
    };
    (probabilities.map(lies_beyond).take_while(|it| *it).take(MAX_DEMAND as usize).count() as u32).max(1)
}

/// Fifteen standard deviations: far more than is needed, but for the smallest means.
fn poisson_max(mean: f64) -> u32 {
    (libm::ceil(mean + 15.0 * libm::sqrt(mean)) as u32).max(default_max(poisson(mean)))
}

fn lumped(max: u32, probabilities: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut probabilities: Vec<f64> = probabilities.take(max as usize).collect();
    let below: f64 = probabilities.iter().sum();
    probabilities.push((1.0 - below).max(0.0));
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_and_keep_the_mean() {
        for (text, mean) in [("poisson:5", 5.0), ("geometric:5:200", 5.0), ("uniform:0:2", 1.0), (".25,.5,.25", 1.0)] {
            let demand = Demand::parse("demand", text).unwrap();
            assert!((demand.probabilities().iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((demand.mean() - mean).abs() < 1e-6, "{text}: {}", demand.mean());
        }
    }

    #[test]
    fn without_a_largest_demand_nothing_is_missed() {
        for family in ["poisson", "geometric"] {
            for mean in [0.001, 0.1, 0.5, 1.0, 2.5, 5.0, 9.9, 15.0, 18.0, 30.0, 60.0, 100.0] {
                let text = format!("{family}:{mean}");
                let demand = Demand::parse("demand", &text).unwrap();
                let missed = mean - demand.mean();
                // Beyond a mean of 18, what a geometric demand has beyond 400 is what README says.
                let allowed = if family == "geometric" && mean > 18.0 { mean * (mean / (1.0 + mean)).powi(MAX_DEMAND as i32) } else { 0.0 };
                assert!((missed - allowed).abs() < 1e-7 * mean.max(0.01), "{text}: {missed} of the mean is missed, not {allowed}");
                assert!(demand.probabilities().len() <= MAX_DEMAND as usize + 1);
                assert_eq!(Demand::parse("demand", &demand.to_text()).unwrap(), demand);
            }
        }
        let missed = |text| Demand::parse("demand", text).map(|demand| demand.mean()).unwrap();
        assert!((missed("geometric:50") / 50.0 - 0.9996).abs() < 5e-5 && (missed("geometric:100") / 100.0 - 0.981).abs() < 5e-4);
    }

    #[test]
    fn the_tail_is_lumped_on_the_largest_demand() {
        let p = Demand::parse("demand", "poisson:5:20").unwrap().probabilities();
        assert!((p[20] - 3.4521358264787536e-07).abs() < 1e-15);
        assert!((p[0] - 0.006737946999085467).abs() < 1e-17);
    }

    #[test]
    fn a_list_is_read_however_its_numbers_are_set_apart() {
        let expected = Demand::Table(vec![0.25, 0.5, 0.25]);
        for text in [
            ".25,.5,.25",
            "25%,50%,25%",
            " 25 %, 50 %, 25 % ",
            ".25 .5 .25",
            "25% 50% 25%",
            "25 % 50 % 25 %",
            "1/4;1/2;1/4",
            "0,25; 0,5; 0,25",
            ".25\t.5\t.25",
            "0,25\t0,5\t0,25",
            ".25、.5、.25",
            "２５％，５０％，２５％",
            ".25；.5；.25",
            ".25\n.5\n.25",
        ] {
            assert_eq!(Demand::parse("demand", text), Ok(expected.clone()), "{text:?}");
        }
        assert_eq!(Demand::parse("demand", "1"), Ok(Demand::Table(vec![1.0])));
    }

    #[test]
    fn a_refusal_names_the_rule_of_the_kind_alone() {
        use crate::words::Language::English;
        let said = |text| Demand::parse("demand", text).unwrap_err().message(English);
        assert_eq!(said(".3,.3,.3"), "demand = .3,.3,.3: the probabilities sum to .9; they must sum to 1");
        assert_eq!(said(".1,.2,.4,.2"), "demand = .1,.2,.4,.2: the probabilities sum to .9; they must sum to 1");
        for (text, mentioned, other) in [(".5,,.5", "separated by commas", "poisson"), ("-.5,1.5", "from 0 to 1", "poisson")] {
            assert!(said(text).contains(mentioned) && !said(text)[text.len() + 9..].contains(other), "{}", said(text));
        }
        for (text, message) in [
            ("poisson:0", "demand: mean = 0: a number above 0, at most 100"),
            ("poisson:abc:20", "demand: mean = abc: a number above 0, at most 100"),
            ("geometric:2,5", "demand: mean = 2,5: write decimals with a point: 2.5; a number above 0, at most 100"),
            ("geometric:5:401", "demand: largest = 401: a whole number from 0 to 400"),
            ("uniform:3:", "demand: largest: a whole number from 0 to 400"),
            ("uniform:3:1", "demand: smallest = 3: a whole number from 0 to 1, the largest"),
        ] {
            assert_eq!(said(text), message);
        }
        let in_chinese = Demand::parse("demand", "poisson:abc:20").unwrap_err().message(crate::words::Language::Chinese);
        assert_eq!(in_chinese, "demand：均值 = abc：应为大于 0 且不超过 100 的数");
        for text in ["poisson", "normal:1:2", "poisson:1:2:3"] {
            assert!(said(text).contains("uniform:min:max"), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "poisson",
            "poisson:",
            "poisson:-1",
            "poisson:NaN",
            "poisson:5:1e9",
            "uniform:3:1",
            ".5,.6",
            "-.5,1.5",
            "normal:1:2",
            ".5,,.5",
            ".5,.5,",
            "; ;",
            "%",
            "$",
            ".5.5",
        ] {
            assert!(Demand::parse("demand", text).is_err(), "{text}");
        }
    }
}
