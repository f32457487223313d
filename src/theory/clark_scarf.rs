//! Optimal base-stock levels of a serial supply chain by the Clark-Scarf recursion: a second road to the long-run cost, which knows
//! nothing of Markov decision processes.
//!
//! A. J. Clark and H. Scarf, *Optimal policies for a multi-echelon inventory problem*, Management Science 6(4), 1960, in the form of
//! K. H. Shang and J.-S. Song, Management Science 49(5), 2003: with echelon holding costs `h_j` and `C_0(x) = (b + Σh) x⁻`,
//! `C_j(y) = E[h_j (y − D_j) + C_{j−1}(min(S_{j−1}, y − D_j))]` and `S_j = argmin C_j`.

/// A stage of the chain, the one nearest to the customer first.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Cost a period of a unit in this stage or anywhere downstream of it.
    pub echelon_holding: f64,
    /// Probability of a demand of 0, 1, 2, … over the lead time to this stage.
    pub lead_time_demand: Vec<f64>,
}

/// The best policy of the chain: each stage keeps its echelon stock at a level.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseStock {
    /// Echelon level of each stage, the lowest where several are best.
    pub levels: Vec<i32>,
    /// Long-run cost a period, the stock on its way included.
    pub cost: f64,
}

/// The best levels of a chain whose customers wait at `backorder` a unit and period, which must be positive.
pub fn solve(stages: &[Stage], backorder: f64) -> BaseStock {
    let largest = |stage: &Stage| stage.lead_time_demand.len().saturating_sub(1) as i32;
    // Best levels lie between 0 and the largest demand so far; stages above reach further down by theirs.
    let mut low = -stages.iter().map(largest).sum::<i32>();
    let mut high = 0;
    let penalty = backorder + stages.iter().map(|stage| stage.echelon_holding).sum::<f64>();
    let mut costs: Vec<f64> = (low..=0).map(|x| -penalty * f64::from(x)).collect();
    let mut levels = Vec::with_capacity(stages.len());
    for stage in stages {
        let below = low;
        let ceiling = levels.last().copied().unwrap_or(0);
        low += largest(stage);
        high += largest(stage);
        let cost = |y: i32| -> f64 {
            let after = |demand: i32| y - demand;
            let of = |x: i32| stage.echelon_holding * f64::from(x) + costs[(x.min(ceiling) - below) as usize];
            (0..).zip(&stage.lead_time_demand).map(|(demand, probability)| probability * of(after(demand))).sum()
        };
        costs = (low..=high).map(cost).collect();
        levels.push(low + lowest(&costs));
    }
    let cost = levels.last().map_or(0.0, |level| costs[(level - low) as usize]);
    BaseStock { levels, cost }
}

/// Index of the smallest number; the first of those that differ by rounding only.
fn lowest(costs: &[f64]) -> i32 {
    let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
    costs.iter().position(|cost| *cost <= least + 1e-11 * least.abs()).unwrap_or(0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::Demand;

    /// Table 1 of Shang and Song (2003): four stages, Poisson demand of 16 a period, lead times of a quarter period.
    #[test]
    fn shang_and_song_table_1() {
        let dear_middle = [0.25, 2.5, 2.5, 0.25];
        let rows: [([f64; 4], f64, [i32; 4], f64); 4] = [
            ([0.25; 4], 9.0, [8, 13, 18, 22], 12.687898),
            (dear_middle, 9.0, [9, 10, 13, 19], 53.007605),
            ([0.25; 4], 99.0, [11, 17, 22, 27], 16.205544),
            (dear_middle, 99.0, [11, 14, 18, 26], 74.563640),
        ];
        let lead_time_demand = Demand::Poisson { mean: 4.0, max: 60 }.probabilities();
        for (holding, backorder, levels, cost) in rows {
            let stages = holding.map(|echelon_holding| Stage { echelon_holding, lead_time_demand: lead_time_demand.clone() });
            let best = solve(&stages, backorder);
            assert_eq!(best.levels, levels);
            assert!((best.cost - cost).abs() < 1e-6, "{}", best.cost);
        }
    }

    #[test]
    fn one_stage_is_the_newsvendor() {
        let stage = Stage { echelon_holding: 1.0, lead_time_demand: Demand::Uniform { min: 0, max: 9 }.probabilities() };
        // The critical ratio 4 / 5 is met exactly at 7: E[(7 - D)+] = 2.8, E[(D - 7)+] = .3.
        let best = solve(&[stage], 4.0);
        assert_eq!(best.levels, [7]);
        assert!((best.cost - (2.8 + 4.0 * 0.3)).abs() < 1e-12);
    }
}
