//! What the stock problems share: their words, their cost fields and the newsvendor arithmetic of their baselines.

use crate::mdp::RewardPart;
use crate::parameter::{Group, Kind, Parameter};
use crate::words::{Language, Words};

use super::field::{money, whole};

/// The cost of units left at the end of a period.
pub fn holding_cost(default: &'static str) -> Parameter {
    let help =
        words!("Paid for each unit left at the end of a period. Larger means leaner shelves.", "每期末剩余每件的成本。越高则库存越少。");
    money("holding", words!("Holding cost", "持有成本"), help, default)
}

/// A number of units a visitor can change.
pub fn units(key: &'static str, name: Words, help: Words, group: Group, range: (i64, i64), default: &'static str) -> Parameter {
    whole(key, name, help, words!("units", "件"), group, range, default)
}

/// The demand of a period.
pub fn demand(help: Words, default: &'static str) -> Parameter {
    let name = words!("Demand in a period", "每期需求");
    Parameter { key: "demand", name, help, unit: words!("units", "件"), group: Group::Transition, kind: Kind::Demand, default }
}

/// The part of the reward that leftover stock costs.
pub fn holding_part() -> RewardPart {
    RewardPart { key: "holding", name: words!("holding", "持有成本") }
}

/// The part of the reward that unserved demand costs.
pub fn shortage_part() -> RewardPart {
    RewardPart { key: "shortage", name: words!("shortage", "缺货成本") }
}

/// An order in words.
pub fn order_name(quantity: u32) -> Words {
    match quantity {
        0 => words!("order nothing", "不订货"),
        quantity => phrase!("order {quantity}", "订 {quantity} 件"),
    }
}

/// What became of a period's demand.
pub fn demand_event(asked: u32, sold: u32, waits: bool, language: Language) -> String {
    let short = asked - sold;
    let words = if waits {
        phrase!("{asked} asked for, {sold} served at once, {short} waiting", "需求 {asked} 件，当期满足 {sold} 件，{short} 件等待补货")
    } else {
        phrase!("{asked} asked for, {sold} sold, {short} turned away", "需求 {asked} 件，售出 {sold} 件，流失 {short} 件")
    };
    words.get(language).to_owned()
}

/// Net stock in words: what is on the shelf, or what waiting customers are owed.
pub fn shelf(net_stock: i32, language: Language) -> String {
    let units = net_stock.unsigned_abs();
    let words = match net_stock {
        ..0 => phrase!("{units} owed to waiting customers", "欠顾客 {units} 件"),
        0 => words!("shelf empty", "货架已空"),
        1.. => phrase!("{units} on the shelf", "货架上 {units} 件"),
    };
    words.get(language).to_owned()
}

/// The distribution of demand over several periods.
pub fn demand_over(demand: &[f64], periods: u32) -> Vec<f64> {
    let mut total = vec![1.0];
    for _ in 0..periods {
        let mut sum = vec![0.0; total.len() + demand.len() - 1];
        for (before, p) in total.iter().enumerate() {
            for (now, q) in demand.iter().enumerate() {
                sum[before + now] += p * q;
            }
        }
        total = sum;
    }
    total
}

/// The smallest quantity that covers demand with at least this probability.
pub fn quantile(demand: &[f64], probability: f64) -> u32 {
    let mut covered = 0.0;
    let enough = demand.iter().position(|p| {
        covered += p;
        covered >= probability
    });
    enough.unwrap_or(demand.len().saturating_sub(1)) as u32
}

/// The newsvendor's critical fractile: how often demand should be covered.
pub fn critical_fractile(shortage: f64, holding: f64) -> f64 {
    if shortage + holding > 0.0 { shortage / (shortage + holding) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::Demand;

    #[test]
    fn demand_over_several_periods_is_their_sum() {
        let week = demand_over(&Demand::Poisson { mean: 5.0, max: 40 }.probabilities(), 3);
        let direct = Demand::Poisson { mean: 15.0, max: 120 }.probabilities();
        for (a, b) in week.iter().zip(&direct).take(40) {
            assert!((a - b).abs() < 1e-12);
        }
    }

    #[test]
    fn quantiles_cover_demand() {
        assert_eq!(quantile(&[0.25, 0.5, 0.25], 0.75), 1);
        assert_eq!(quantile(&[0.25, 0.5, 0.25], 0.76), 2);
        assert_eq!(quantile(&[0.25, 0.5, 0.25], 0.0), 0);
        assert_eq!(quantile(&[0.5, 0.5], 1.1), 1);
    }
}
