//! The beer distribution game: J. D. Sterman's board, replayed week by week.
//!
//! Retailer, wholesaler, distributor and factory each see only the orders that reach them; an order takes a week to arrive, a delivery two.
//! J. D. Sterman, *Modeling managerial behavior*, Management Science 35(3), 1989; the order of the steps follows the replica of
//! M. Edali and H. Yasarcan, Journal of Artificial Societies and Social Simulation 17(4), 2014.

/// Number of stages: retailer, wholesaler, distributor, factory.
pub const STAGES: usize = 4;
/// Weeks from an order of the factory to its arrival.
pub const FACTORY_LEAD_WEEKS: u32 = 3;
/// Weeks at the start in which every stage must order the initial flow.
pub const FIXED_WEEKS: u32 = 4;

/// How the board is set.
#[derive(Clone, Debug)]
pub struct Board {
    /// Length of the game.
    pub weeks: u32,
    /// Customer orders a week before the step; also every flow at the start.
    pub before: i32,
    /// Customer orders a week from the step on.
    pub after: i32,
    /// The week of the step.
    pub step_week: u32,
    /// Stock of each stage at the start.
    pub stock: i32,
    /// Cost a week of a unit in stock.
    pub holding: f64,
    /// Cost a week of a unit owed.
    pub backlog: f64,
}

impl Default for Board {
    fn default() -> Self {
        Self { weeks: 36, before: 4, after: 8, step_week: 5, stock: 12, holding: 0.5, backlog: 1.0 }
    }
}

impl Board {
    /// Customer orders of a week.
    pub fn customers(&self, week: u32) -> i32 {
        if week < self.step_week { self.before } else { self.after }
    }

    /// Cost a week of a net stock: positive in store, negative owed.
    pub fn cost(&self, net: i32) -> f64 {
        self.holding * f64::from(net.max(0)) + self.backlog * f64::from((-net).max(0))
    }
}

/// What a stage knows when it orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Stock less what is owed.
    pub net: i32,
    /// Ordered and not yet received.
    pub supply_line: i32,
    /// The order that came in this week.
    pub incoming: i32,
}

/// How a stage orders.
pub type Policy<'a> = &'a dyn Fn(&View) -> i32;

/// Sterman's rule with a constant forecast: anchor on it, and adjust stock and supply line towards a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnchorAdjust {
    /// Expected orders a week.
    pub forecast: f64,
    /// Part of the gap closed each week.
    pub stock_adjustment: f64,
    /// How much of the supply line is taken into account: 1 is all of it.
    pub supply_line_weight: f64,
    /// Stock and supply line aimed at.
    pub target: f64,
}

impl AnchorAdjust {
    /// The order, to the next whole unit.
    pub fn order(&self, view: &View) -> i32 {
        let gap = self.target - f64::from(view.net) - self.supply_line_weight * f64::from(view.supply_line);
        libm::round(self.forecast + self.stock_adjustment * gap).max(0.0) as i32
    }
}

/// A week of one stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Week {
    /// The order that came in.
    pub incoming: i32,
    /// Stock less what is owed, at the end of the week.
    pub net: i32,
    /// The order placed.
    pub order: i32,
}

/// What happened at one stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Week by week, from week 1.
    pub weeks: Vec<Week>,
    /// Total cost.
    pub cost: f64,
}

#[derive(Clone, Copy)]
struct Stage {
    stock: i32,
    owed: i32,
    /// Arriving next week, and the week after.
    deliveries: [i32; 2],
    incoming: i32,
    order: i32,
}

/// Plays the game with a policy for each stage, the retailer first.
pub fn play(board: &Board, policies: [Policy; STAGES]) -> [Record; STAGES] {
    let flow = board.before;
    let mut stages = [Stage { stock: board.stock, owed: 0, deliveries: [flow; 2], incoming: flow, order: flow }; STAGES];
    let mut records: [Record; STAGES] = Default::default();
    for week in 1..=board.weeks {
        stages[0].incoming = board.customers(week);
        fill_orders(&mut stages);
        for (stage, record) in stages.iter().zip(&mut records) {
            record.cost += board.cost(stage.stock - stage.owed);
        }
        let seen = stages.map(|stage| stage.incoming);
        pass_orders_up(&mut stages);
        for (i, policy) in policies.iter().enumerate() {
            let supplier = stages.get(i + 1).map_or(0, |supplier| supplier.incoming + supplier.owed);
            let stage = &mut stages[i];
            let net = stage.stock - stage.owed;
            let view = View { net, supply_line: supplier + stage.deliveries.iter().sum::<i32>(), incoming: seen[i] };
            stage.order = if week <= FIXED_WEEKS { flow } else { policy(&view).max(0) };
            records[i].weeks.push(Week { incoming: seen[i], net, order: stage.order });
        }
    }
    records
}

/// Deliveries move on, and every stage ships what it can of what it owes.
fn fill_orders(stages: &mut [Stage; STAGES]) {
    for stage in stages.iter_mut() {
        stage.stock += stage.deliveries[0];
        stage.deliveries = [stage.deliveries[1], 0];
    }
    for i in 0..STAGES {
        let stage = &mut stages[i];
        let wanted = stage.incoming + stage.owed;
        let shipped = wanted.min(stage.stock);
        stage.stock -= shipped;
        stage.owed = wanted - shipped;
        if i > 0 {
            stages[i - 1].deliveries[1] = shipped;
        }
    }
}

/// Last week's orders reach the suppliers; the factory starts to produce its own.
fn pass_orders_up(stages: &mut [Stage; STAGES]) {
    for i in 1..STAGES {
        stages[i].incoming = stages[i - 1].order;
    }
    stages[STAGES - 1].deliveries[1] = stages[STAGES - 1].order;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(target: f64) -> AnchorAdjust {
        AnchorAdjust { forecast: 4.0, stock_adjustment: 1.0, supply_line_weight: 1.0, target }
    }

    #[test]
    fn the_benchmark_costs_are_the_published_ones() {
        let (stage, factory) = (published(28.0), published(20.0));
        let stage: Policy = &|view| stage.order(view);
        let records = play(&Board::default(), [stage, stage, stage, &|view| factory.order(view)]);
        assert_eq!(records.map(|record| record.cost), [46.0, 50.0, 54.0, 54.0]);
    }

    #[test]
    fn forgetting_the_supply_line_makes_orders_swing() {
        let human = AnchorAdjust { supply_line_weight: 0.0, target: 12.0, ..published(0.0) };
        let human: Policy = &|view| human.order(view);
        let records = play(&Board::default(), [human; STAGES]);
        let swing = |i: usize| records[i].weeks.iter().map(|week| week.order).max().unwrap();
        assert!(swing(0) < swing(1) && swing(1) < swing(2) && swing(2) < swing(3));
    }
}
