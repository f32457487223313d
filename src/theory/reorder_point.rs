//! Reorder points s and order-up-to levels S: the rules of a shop with a fixed order cost, and the best of them by the published method.
//!
//! Y.-S. Zheng and A. Federgruen, *Finding Optimal (s, S) Policies Is About As Simple As Evaluating a Single Policy*, Operations
//! Research 39(4), 1991. Independent of the planner: it works on renewal sums, not on a Markov decision process.

use std::sync::Arc;

use crate::mdp::Rule;

/// The rule with two numbers, s and S; `None` where a shop has no such rule.
pub type Family = Arc<dyn Fn(i32, i32) -> Option<Rule> + Send + Sync>;

/// A rule of a family of which only some are listed: it knows those around it.
pub fn listed(family: &Family, (s, level): (i32, i32)) -> Option<Rule> {
    let rule = family(s, level)?;
    let family = Arc::clone(family);
    let nearby = move |step: u32| {
        let offsets = [-1, 0, 1].map(|sign| sign * step as i32);
        let around = offsets.into_iter().flat_map(|ds| offsets.map(|dl| (ds, dl))).filter(|offset| *offset != (0, 0));
        around.filter_map(|(ds, dl)| listed(&family, (s + ds, level + dl))).collect()
    };
    Some(Rule { nearby: Some(Box::new(nearby)), ..rule })
}

/// A shop that pays `fixed` for an order and, each period, what the level after ordering costs on average.
pub struct Problem<'a> {
    /// Cost of an order.
    pub fixed: f64,
    /// Probabilities of demand 0, 1, 2, …
    pub demand: &'a [f64],
    /// Expected cost of a period that starts at a level.
    pub level_cost: &'a dyn Fn(i32) -> f64,
    /// Lowest reorder point and highest level.
    pub range: (i32, i32),
}

/// A rule "at s or below, order up to S" and its long-run cost a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Best {
    /// s: the highest level at which to order.
    pub reorder: i32,
    /// S: the level to order up to.
    pub level: i32,
    /// Long-run average cost a period.
    pub cost: f64,
}

impl Problem<'_> {
    /// The rule with the lowest long-run average cost; `None` where nobody ever buys.
    pub fn best(&self) -> Option<Best> {
        let (lowest, highest) = self.range;
        let visits = self.visits()?;
        let cost = |s: i32, level: i32| {
            let expected = (s + 1..=level).map(|y| visits[(level - y) as usize]);
            let total: f64 = (s + 1..=level).zip(expected.clone()).map(|(y, times)| times * (self.level_cost)(y)).sum();
            (self.fixed + total) / expected.sum::<f64>()
        };
        let cheaper = |a: i32, b: i32| if (self.level_cost)(b) < (self.level_cost)(a) { b } else { a };
        let bottom = (lowest + 1..=highest).reduce(cheaper)?;
        let mut s = bottom - 1;
        while s > lowest && cost(s, bottom) > (self.level_cost)(s) {
            s -= 1;
        }
        let mut best = Best { reorder: s, level: bottom, cost: cost(s, bottom) };
        for level in bottom + 1..=highest {
            if (self.level_cost)(level) > best.cost {
                break;
            }
            if cost(best.reorder, level) < best.cost {
                let mut s = best.reorder;
                while s + 1 < bottom && cost(s, level) <= (self.level_cost)(s + 1) {
                    s += 1;
                }
                best = Best { reorder: s, level, cost: cost(s, level) };
            }
        }
        Some(best)
    }

    /// The numbers of the best rule in the long run and of its neighbours: a discount lowers both a little.
    pub fn candidates(&self) -> impl Iterator<Item = (i32, i32)> {
        let (s, level) = self.best().map_or((-1, 0), |best| (best.reorder, best.level.max(0)));
        (s - 3..=s + 1).flat_map(move |s| (level - 6..=level + 2).map(move |level| (s, level)))
    }

    /// Expected number of periods that start 0, 1, 2, … units below the level of the last order.
    fn visits(&self) -> Option<Vec<f64>> {
        let (lowest, highest) = self.range;
        let (none, some) = self.demand.split_first().filter(|(none, _)| **none < 1.0)?;
        let mut visits = vec![1.0 / (1.0 - none)];
        for below in 1..=(highest - lowest).max(0) as usize {
            let arrivals: f64 = (1..=below).zip(some).map(|(demand, p)| p * visits[below - demand]).sum();
            visits.push(arrivals / (1.0 - none));
        }
        Some(visits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::Demand;

    fn published(mean: f64) -> Best {
        let demand = Demand::Poisson { mean, max: 120 }.probabilities();
        let level_cost = |y: i32| -> f64 {
            let cost = |left: i32| f64::from(left.max(0)) + 9.0 * f64::from((-left).max(0));
            demand.iter().zip(0i32..).map(|(p, d)| p * cost(y - d)).sum()
        };
        Problem { fixed: 64.0, demand: &demand, level_cost: &level_cost, range: (-20, 90) }.best().unwrap()
    }

    #[test]
    fn the_published_rules_come_out() {
        for (mean, reorder, level, cost) in [(10.0, 6, 40, 35.022), (15.0, 10, 49, 42.698), (20.0, 14, 62, 49.173)] {
            let best = published(mean);
            assert_eq!((best.reorder, best.level), (reorder, level));
            assert!((best.cost - cost).abs() < 5e-4, "{best:?}");
        }
    }

    #[test]
    fn odd_shops_are_answered_too() {
        let level_cost = |y: i32| f64::from(y.abs());
        let best = |demand: &[f64], range| Problem { fixed: 1.0, demand, level_cost: &level_cost, range }.best();
        assert_eq!(best(&[1.0], (0, 5)), None);
        assert!(best(&[0.0, 1.0], (-3, 0)).is_some());
        assert_eq!(best(&[0.5, 0.5], (2, 2)), None);
    }
}
