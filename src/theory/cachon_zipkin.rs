//! What two self-interested managers of a serial chain settle on: Nash equilibria in base-stock levels.
//!
//! G. P. Cachon and P. H. Zipkin, *Competitive and cooperative inventory policies in a two-stage supply chain*, Management Science 45(7),
//! 1999, with one period of lead time to each stage. The shop pays for its stock and a share of the backorder cost, the warehouse for its
//! stock and the rest of it; each keeps a local base-stock level that is best against the other's.

/// Costs of the two-stage chain.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Cost a period of a unit at the shop.
    pub shop_holding: f64,
    /// Cost a period of a unit at the warehouse.
    pub warehouse_holding: f64,
    /// Cost a period of a waiting customer.
    pub backorder: f64,
    /// Part of the backorder cost that the shop bears, 0 to 1.
    pub share: f64,
    /// Probability of a demand of 0, 1, 2, … in a period.
    pub demand: Vec<f64>,
}

/// Base-stock levels with their long-run cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// Local level of the shop.
    pub shop: i32,
    /// Local level of the warehouse.
    pub warehouse: i32,
    /// Cost a period of both together, without the constant cost of units on their way.
    pub cost: f64,
}

/// Costs that differ by less than this share of theirs count as equal, so that rounding neither makes nor breaks an equilibrium.
const TIE: f64 = 1e-11;

impl Chain {
    /// Every equilibrium in whole levels, and the levels that are best for both together.
    pub fn solve(&self) -> (Vec<Levels>, Option<Levels>) {
        let largest = self.demand.len() as i32 - 1;
        let costs: Vec<Vec<(f64, f64)>> = (0..=largest).map(|warehouse| self.costs(warehouse, 2 * largest)).collect();
        let least = |costs: &mut dyn Iterator<Item = f64>| costs.fold(f64::INFINITY, f64::min) * (1.0 + TIE);
        let shop_least: Vec<f64> = costs.iter().map(|row| least(&mut row.iter().map(|cost| cost.0))).collect();
        let columns = 0..=2 * largest as usize;
        let warehouse_least: Vec<f64> =
            if costs.is_empty() { Vec::new() } else { columns.map(|shop| least(&mut costs.iter().map(|row| row[shop].1))).collect() };
        let mut equilibria = Vec::new();
        let mut best: Option<Levels> = None;
        for ((warehouse, row), shop_least) in (0..).zip(&costs).zip(&shop_least) {
            for ((shop, cost), warehouse_least) in (0..).zip(row).zip(&warehouse_least) {
                let levels = Levels { shop, warehouse, cost: cost.0 + cost.1 };
                if cost.0 <= *shop_least && cost.1 <= *warehouse_least {
                    equilibria.push(levels);
                }
                if best.is_none_or(|best| levels.cost < best.cost * (1.0 - TIE)) {
                    best = Some(levels);
                }
            }
        }
        (equilibria, best)
    }

    /// Costs of shop and warehouse at shop levels `0..=most`.
    fn costs(&self, warehouse: i32, most: i32) -> Vec<(f64, f64)> {
        // What the shop is short of its level: what the warehouse could not send last period, and this period's demand.
        let mut shortfall = vec![0.0; 2 * self.demand.len()];
        let mut stock = 0.0;
        for (before, chance) in (0..).zip(&self.demand) {
            stock += chance * f64::from((warehouse - before).max(0));
            for (demand, probability) in self.demand.iter().enumerate() {
                shortfall[(before - warehouse).max(0) as usize + demand] += chance * probability;
            }
        }
        let mean = |part: &dyn Fn(i32) -> i32| -> f64 {
            (0..).zip(&shortfall).map(|(short, probability)| probability * f64::from(part(short).max(0))).sum()
        };
        let at = |shop: i32| {
            let waiting = self.backorder * mean(&|short| short - shop);
            let shelf = self.shop_holding * mean(&|short| shop - short);
            (shelf + self.share * waiting, self.warehouse_holding * stock + (1.0 - self.share) * waiting)
        };
        (0..=most).map(at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::Demand;

    /// Extra cost of the dearest equilibrium over the best levels.
    fn price_of_selfishness(chain: &Chain) -> f64 {
        let (equilibria, best) = chain.solve();
        let dearest = equilibria.iter().map(|levels| levels.cost).fold(0.0, f64::max);
        dearest / best.unwrap().cost - 1.0
    }

    #[test]
    fn uniform_demand() {
        let demand = Demand::Uniform { min: 0, max: 2 }.probabilities();
        let chain = |share| Chain { shop_holding: 2.0, warehouse_holding: 1.0, backorder: 10.0, share, demand: demand.clone() };
        assert!((price_of_selfishness(&chain(0.3)) - 2.0 / 3.0).abs() < 1e-9);
        assert!(price_of_selfishness(&chain(0.5)).abs() < 1e-9);
    }

    #[test]
    fn the_unit_of_money_makes_no_difference() {
        let demand = Demand::Uniform { min: 0, max: 2 }.probabilities();
        for share in [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0] {
            let levels = |unit: f64| {
                let chain =
                    Chain { shop_holding: 2.0 * unit, warehouse_holding: unit, backorder: 10.0 * unit, share, demand: demand.clone() };
                let (equilibria, best) = chain.solve();
                equilibria.into_iter().chain(best).map(|levels| (levels.shop, levels.warehouse)).collect::<Vec<_>>()
            };
            for unit in [1e-9 / 3.0, 0.7, 1e5 / 3.0, 9.9e5, 1e8 / 7.0] {
                assert_eq!(levels(unit), levels(1.0), "{share} {unit}");
            }
        }
    }

    #[test]
    fn poisson_demand() {
        let demand = Demand::Poisson { mean: 4.0, max: 34 }.probabilities();
        let chain = |share| Chain { shop_holding: 0.5, warehouse_holding: 0.25, backorder: 9.0, share, demand: demand.clone() };
        assert!((price_of_selfishness(&chain(0.5)) - 0.0629).abs() < 5e-5);
        assert!((price_of_selfishness(&chain(0.3)) - 0.305).abs() < 5e-4);
        // Without the pipeline constant .25 x 4 the best cost is that of Clark and Scarf.
        assert!((chain(0.3).solve().1.unwrap().cost - 2.943074008).abs() < 1e-8);
    }
}
