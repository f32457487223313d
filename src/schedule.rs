//! Rates that change over training: learning rate, discount and exploration rate as functions of the episode.

use crate::invalid::Invalid;
use crate::text::{exact_number, plain_number};
use crate::typed::{self, FROM_0_TO_1};
use crate::words::Words;

/// A rate by episode, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// The same throughout.
    Constant(f64),
    /// A straight line, then flat.
    Linear {
        /// Rate of the first episode.
        from: f64,
        /// Rate from `episodes` on.
        to: f64,
        /// Length of the slope.
        episodes: u32,
    },
    /// Geometric approach to a limit: the distance halves every `half_life` episodes. Falls to a floor, or rises to a ceiling.
    Exponential {
        /// Rate of the first episode.
        from: f64,
        /// The limit.
        to: f64,
        /// Episodes in which the distance halves.
        half_life: u32,
    },
    /// `1 / (1 + n)^exponent` for a pair updated `n` times before: learning rates only.
    Visits {
        /// Between 0.5 and 1 the values converge (Robbins and Monro 1951).
        exponent: f64,
    },
}

/// Most episodes a schedule can name, and a run can have.
pub const MAX_EPISODES: u32 = 100_000_000;

/// The one number of a constant rate.
pub static CONSTANT: [Words; 1] = [words!("rate", "取值")];
/// The numbers of a straight line.
pub static LINEAR: [Words; 3] = [words!("from", "起"), words!("to", "止"), words!("episodes", "回合数")];
/// The numbers of a geometric approach.
pub static EXPONENTIAL: [Words; 3] = [words!("from", "起"), words!("to", "止"), words!("half-life", "半衰期")];
/// The number of a rate by visits.
pub static VISITS: [Words; 1] = [words!("exponent", "幂次")];

fn is_rate(x: f64) -> bool {
    (0.0..=1.0).contains(&x)
}

impl Schedule {
    /// Reads `.1`, `lin:from:to:episodes`, `exp:from:to:half_life` or, where `visits` is allowed, `visits:exponent`.
    pub fn parse(key: &str, text: &str, visits: bool) -> Result<Self, Invalid> {
        let misfit = || Invalid::new(key, text, Self::expected(visits));
        let (family, rest) = text.split_once(':').unwrap_or(("", text));
        let texts: Vec<&str> = rest.split(':').collect();
        let rate = |part: usize, names: &[Words]| typed::part(key, &names[part], texts[part], &FROM_0_TO_1, is_rate);
        let count = |part: usize, names: &[Words]| typed::whole_part(key, &names[part], texts[part], (1, MAX_EPISODES));
        match (family, texts.len()) {
            ("", _) if ["lin", "exp", "visits"].contains(&rest) => Err(misfit()),
            ("", _) => typed::fitting(text, &FROM_0_TO_1, is_rate).map(Self::Constant).map_err(|fault| Invalid::new(key, text, fault)),
            ("lin", 3) => Ok(Self::Linear { from: rate(0, &LINEAR)?, to: rate(1, &LINEAR)?, episodes: count(2, &LINEAR)? }),
            ("exp", 3) => {
                Ok(Self::Exponential { from: rate(0, &EXPONENTIAL)?, to: rate(1, &EXPONENTIAL)?, half_life: count(2, &EXPONENTIAL)? })
            }
            ("visits", 1) if visits => {
                let allowed = words!("a number above 0, at most 1", "应为大于 0 且不超过 1 的数");
                let exponent = typed::part(key, &VISITS[0], rest, &allowed, |x| x > 0.0 && x <= 1.0)?;
                Ok(Self::Visits { exponent })
            }
            _ => Err(misfit()),
        }
    }

    /// What is allowed, as a phrase.
    pub fn expected(visits: bool) -> Words {
        match visits {
            false => phrase!(
                "a rate from 0 to 1, lin:from:to:episodes or exp:from:to:half_life (1 to {MAX_EPISODES} episodes)",
                "应为 0 到 1 的数、lin:起:止:回合数 或 exp:起:止:半衰回合数（1 到 {MAX_EPISODES} 回合）"
            ),
            true => phrase!(
                "a rate from 0 to 1, lin:from:to:episodes, exp:from:to:half_life (1 to {MAX_EPISODES} episodes) or visits:exponent (above 0, at most 1)",
                "应为 0 到 1 的数、lin:起:止:回合数、exp:起:止:半衰回合数（1 到 {MAX_EPISODES} 回合）或 visits:指数（大于 0 且不超过 1）"
            ),
        }
    }

    /// The textual form that [`parse`](Self::parse) reads back.
    pub fn to_text(&self) -> String {
        let number = exact_number;
        match self {
            Self::Constant(value) => number(*value),
            Self::Linear { from, to, episodes } => format!("lin:{}:{}:{episodes}", number(*from), number(*to)),
            Self::Exponential { from, to, half_life } => format!("exp:{}:{}:{half_life}", number(*from), number(*to)),
            Self::Visits { exponent } => format!("visits:{}", number(*exponent)),
        }
    }

    /// The schedule as a visitor reads it.
    pub fn in_words(&self) -> Words {
        let number = plain_number;
        let count = |episodes: u32| number(f64::from(episodes));
        match self {
            Self::Constant(value) => Words::same(number(*value)),
            Self::Linear { from, to, episodes } => {
                phrase!("{} → {} in {} episodes", "{} → {}（{} 回合内）", number(*from), number(*to), count(*episodes))
            }
            Self::Exponential { from, to, half_life } => {
                phrase!("{} → {}, half-life {} episodes", "{} → {}（半衰期 {} 回合）", number(*from), number(*to), count(*half_life))
            }
            Self::Visits { exponent } => phrase!("1 / visits^{}", "1 / 访问次数^{}", number(*exponent)),
        }
    }

    /// The rate in an episode; with [`Schedule::Visits`], that of a pair never updated.
    pub fn at(&self, episode: u32) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Linear { to, episodes, .. } if episode >= episodes => to,
            Self::Linear { from, to, episodes } => from + (to - from) * (f64::from(episode) / f64::from(episodes)),
            Self::Exponential { from, to, half_life } => to + (from - to) * libm::exp2(-f64::from(episode) / f64::from(half_life)),
            Self::Visits { .. } => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_read_back_and_run() {
        for text in [".1", "lin:1:.05:200", "exp:1:.05:100", "exp:.2:.95:50", "visits:.7"] {
            assert_eq!(Schedule::parse("alpha", text, true).unwrap().to_text(), text);
        }
        let linear = Schedule::parse("epsilon", "lin:1:0:10", false).unwrap();
        assert_eq!((linear.at(0), linear.at(5), linear.at(99)), (1.0, 0.5, 0.0));
        let rising = Schedule::parse("gamma", "exp:.2:.9:10", false).unwrap();
        assert!((rising.at(10) - 0.55).abs() < 1e-12 && rising.at(1000) <= 0.9);
    }

    #[test]
    fn what_is_wrong_is_said_of_the_part_alone() {
        use crate::words::Language::{Chinese, English};
        let refused = |text| Schedule::parse("alpha", text, true).unwrap_err();
        for (text, message) in [
            ("visits:2", "alpha: exponent = 2: a number above 0, at most 1"),
            ("visits:", "alpha: exponent: a number above 0, at most 1"),
            ("visits:0,7", "alpha: exponent = 0,7: write decimals with a point: 0.7; a number above 0, at most 1"),
            ("lin:2:.1:9", "alpha: from = 2: a number from 0 to 1"),
            ("lin:1:x:9", "alpha: to = x: a number from 0 to 1"),
            ("lin:1:.1:0", "alpha: episodes = 0: a whole number from 1 to 100000000"),
            ("exp:1:.1:2.5", "alpha: half-life = 2.5: a whole number from 1 to 100000000"),
            ("2", "alpha = 2: a number from 0 to 1"),
            ("abc", "alpha = abc: a number from 0 to 1"),
            ("", "alpha: a number from 0 to 1"),
        ] {
            assert_eq!(refused(text).message(English), message);
        }
        assert_eq!(refused("visits:2").message(Chinese), "alpha：幂次 = 2：应为大于 0 且不超过 1 的数");
        // Where the kind is unknown or incomplete all of them are named.
        for text in ["cos:1", "lin", "lin:1:0"] {
            assert!(refused(text).message(English).contains("lin:from:to:episodes"), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "2", "-.1", "NaN", "lin:1:0", "lin:1:0:0", "lin:1:0:1.5", "exp:1:0:1e99", "visits:2", "cos:1"] {
            assert!(Schedule::parse("alpha", text, true).is_err(), "{text}");
        }
        assert!(Schedule::parse("epsilon", "visits:.7", false).is_err());
    }
}
