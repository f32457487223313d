//! Backorders with a fixed cost: customers wait, every order costs the same fee, and an (s, S) rule is optimal.
//!
//! **Description.** A shop reviews its stock each period. Filling up costs a fixed fee whatever the quantity, and the delivery is there
//! before the next customers come. Customers who find nothing wait. Scarf (1960) proved that the best rule has two numbers: when no
//! more than s are left, fill up to S. A learner can equal it, not beat it.
//!
//! **States** (`backlog + capacity + 1`): net stock; below zero, units owed to waiting customers.
//! **Actions**: order nothing, or fill up to `fill_min`, … `capacity`, as far as that is above the net stock. Whoever has less than
//! `fill_min` must order.
//! **Dynamics**: next = max(−backlog, level after the order − demand). The bound changes nothing as long as the best rule orders there.
//! **Rewards**: −fixed (if ordering) − holding × units left − shortage × units owed after the demand, in money.
//! **Episode end**: none; episodes are cut (truncated) after a number of periods.
//! **Parameters**: capacity, backlog, fill_min, fixed, holding, shortage, demand.
//! **Source**: Y.-S. Zheng and A. Federgruen, *Finding Optimal (s, S) Policies Is About As Simple As Evaluating a Single Policy*,
//! Operations Research 39(4), 1991.

use std::sync::Arc;

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, State, check_size};
use crate::parameter::{Group, Parameter, Values};
use crate::text::typeset;
use crate::words::{Language, Words};

use super::shared::field::{money, rule};
use super::shared::stock;
use super::{Preset, Problem, Scenario};
use crate::theory::reorder_point::{self, Family, listed};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "backorder",
    problem: Problem::Inventory,
    name: words!("Fixed order fee", "固定订货费"),
    summary: words!(
        "Every order costs a fixed fee, customers wait when the shelf is empty. When is it time to order, and how far should the shelf be filled?",
        "每次订货都有固定费用，缺货时顾客会等待。什么时候该订货，补到多少？"
    ),
    source: words!("Y.-S. Zheng and A. Federgruen, Finding Optimal (s, S) Policies, Operations Research 39(4), 1991"),
    parameters,
    presets: PRESETS,
    build,
};

static PRESETS: &[Preset] = &[
    Preset {
        key: "zheng_10",
        name: words!("Ten customers a period", "每期十位顾客"),
        claim: words!("Two numbers suffice: order when 6 or fewer are left, fill up to 38", "两个数就够：剩 6 件及以下时订货，补到 38 件"),
        source: Some(words!("Zheng & Federgruen, Oper. Res. 39(4), 1991")),
        printed: Some(words!(
            "(6, 40) at 35.022 a period in the long run; values here are discounted",
            "(6, 40)，长期每期成本 35.022；本页价值按折扣计算"
        )),
        draft: "episodes=1000&steps=200&alpha=visits:.7&epsilon=lin:1:.1:800&q0=-730",
    },
    Preset {
        key: "zheng_15",
        name: words!("Fifteen customers a period", "每期十五位顾客"),
        claim: words!("Order when 10 or fewer are left, fill up to 49", "剩 10 件及以下时订货，补到 49 件"),
        source: Some(words!("Zheng & Federgruen, Oper. Res. 39(4), 1991")),
        printed: Some(words!(
            "(10, 49) at 42.698 a period in the long run; values here are discounted",
            "(10, 49)，长期每期成本 42.698；本页价值按折扣计算"
        )),
        draft: "capacity=70&demand=poisson:15&discount=.97&episodes=2000&steps=500&alpha=visits:.7&epsilon=lin:1:.1:1500&q0=-1450",
    },
    Preset {
        key: "zheng_20",
        name: words!("Twenty customers a period", "每期二十位顾客"),
        claim: words!(
            "Order when 14 or fewer are left, fill up to 62: three periods' sales at once",
            "剩 14 件及以下时订货，补到 62 件，相当于一次订足三期的销量"
        ),
        source: Some(words!("Zheng & Federgruen, Oper. Res. 39(4), 1991")),
        printed: Some(words!(
            "(14, 62) at 49.173 a period in the long run; values here are discounted",
            "(14, 62)，长期每期成本 49.173；本页价值按折扣计算"
        )),
        draft: "capacity=75&demand=poisson:20&episodes=2000&steps=500&alpha=visits:.7&epsilon=lin:1:.1:1500&q0=-1000",
    },
];

fn parameters() -> Vec<Parameter> {
    vec![
        stock::units(
            "capacity",
            words!("Shelf capacity", "货架容量"),
            words!("Highest level the shelf can be filled to.", "货架最多能补到的件数。"),
            Group::State,
            (1, 300),
            "60",
        ),
        stock::units(
            "backlog",
            words!("Longest queue", "最长等待队列"),
            words!(
                "Most units owed that the state tells apart; a longer queue counts as this long from the next period on.",
                "状态所能区分的最多欠货件数；更长的队列从下期起按此计。"
            ),
            Group::State,
            (0, 300),
            "20",
        ),
        stock::units(
            "fill_min",
            words!("Least to fill up to", "最低补货水位"),
            words!(
                "Lowest level that an order may fill up to; with less than that, the shop must order. At or below minus the longest queue it rules nothing out.",
                "订货至少要补到的水位；低于它时必须订货。不高于最长队列的负值时，不排除任何做法。"
            ),
            Group::Action,
            (-300, 300),
            "-300",
        ),
        money(
            "fixed",
            words!("Fixed order cost", "固定订货成本"),
            words!(
                "Paid once for every order, whatever its size. Larger means rarer, larger orders.",
                "每次订货支付一次，与数量无关。越高则订货越少、每次越多。"
            ),
            "64",
        ),
        stock::holding_cost("1"),
        money(
            "shortage",
            words!("Waiting cost", "缺货等待成本"),
            words!(
                "Paid each period for each unit owed to a waiting customer. Larger means earlier orders.",
                "每期为每件欠货支付的成本。越高则越早订货。"
            ),
            "9",
        ),
        stock::demand(
            words!("How many units customers ask for. Unserved customers wait.", "顾客每期想买的件数。未满足的顾客会等待。"),
            "poisson:10",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let shop = Shop {
        capacity: values.integer("capacity")?,
        backlog: values.integer("backlog")?,
        fill_min: values.integer("fill_min")?,
        fixed: values.number("fixed")?,
        holding: values.number("holding")?,
        shortage: values.number("shortage")?,
        demand: values.demand("demand")?.probabilities(),
    };
    if shop.fill_min > shop.capacity {
        let most = shop.capacity;
        let fault = phrase!("must not be above the shelf capacity, {most}", "不能高于货架容量 {most}");
        return Err(Invalid::new("fill_min", shop.fill_min, fault));
    }
    let levels = (shop.backlog + shop.capacity) as u64 + 1;
    let pairs = levels * (levels + 1) / 2;
    check_size("capacity", shop.capacity, pairs, pairs * shop.demand.len() as u64)?;
    Ok(Box::new(shop))
}

struct Shop {
    capacity: i32,
    backlog: i32,
    fill_min: i32,
    fixed: f64,
    holding: f64,
    shortage: f64,
    demand: Vec<f64>,
}

impl Shop {
    /// The action that fills up to a level; action 0 orders nothing.
    fn fill_up_to(&self, level: i32) -> Action {
        Action((level + self.backlog) as u32)
    }

    /// Lowest level that can be ordered up to from a net stock.
    fn lowest_fill(&self, net_stock: i32) -> i32 {
        (net_stock + 1).max(self.fill_min)
    }

    fn net_stock(&self, state: State) -> i32 {
        state.0 as i32 - self.backlog
    }

    /// Net stock once the order is there.
    fn level_after(&self, state: State, action: Action) -> i32 {
        match action.0 {
            0 => self.net_stock(state),
            above => above as i32 - self.backlog,
        }
    }

    /// Expected holding and shortage of a period that starts at a level.
    fn level_cost(&self, level: i32) -> f64 {
        let cost = |left: i32| self.holding * f64::from(left.max(0)) + self.shortage * f64::from((-left).max(0));
        (0i32..).zip(&self.demand).map(|(demand, probability)| probability * cost(level - demand)).sum()
    }

    /// The best rule in the long run and its neighbours; where a discount moves the best further, the search goes on.
    fn reorder_rules(&self) -> Vec<Rule> {
        let costs: Vec<f64> = (-self.backlog..=self.capacity).map(|level| self.level_cost(level)).collect();
        let level_cost = |level: i32| costs[(level + self.backlog) as usize];
        let range = (-self.backlog, self.capacity);
        let problem = reorder_point::Problem { fixed: self.fixed, demand: &self.demand, level_cost: &level_cost, range };
        let (backlog, capacity, fill_min) = (self.backlog, self.capacity, self.fill_min);
        let family: Family = Arc::new(move |s, level| {
            let exists = -backlog <= s && s < level && level <= capacity;
            exists.then(|| reorder_rule(Words::same(format!("({s}, {level})")), [backlog, fill_min], s, level))
        });
        problem.candidates().filter_map(|numbers| listed(&family, numbers)).collect()
    }
}

/// The rule "when no more than `reorder` are left, or less than the least to fill up to, fill up to `level`".
fn reorder_rule(label: Words, [backlog, fill_min]: [i32; 2], reorder: i32, level: i32) -> Rule {
    let (reorder, level) = (reorder.max(fill_min - 1), level.max(fill_min));
    let choose = move |state: State| if state.0 as i32 - backlog <= reorder { level + backlog } else { 0 };
    rule(label, move |state| Action(choose(state) as u32))
}

impl Environment for Shop {
    fn factors(&self) -> Vec<Factor> {
        vec![Factor {
            key: "stock",
            name: words!("net stock", "净库存"),
            unit: words!("units", "件"),
            levels: Levels::Integers { min: -self.backlog, max: self.capacity },
        }]
    }

    fn state_count(&self) -> u32 {
        (self.backlog + self.capacity + 1) as u32
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        (self.backlog + self.capacity + 1) as u32
    }

    fn action_name(&self, action: Action) -> Words {
        match action.0 {
            0 => stock::order_name(0),
            above => {
                let level = typeset(&(above as i32 - self.backlog).to_string());
                phrase!("fill up to {level}", "补到 {level} 件")
            }
        }
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        let net_stock = self.net_stock(state);
        if net_stock >= self.fill_min {
            actions.push(Action(0));
        }
        actions.extend((self.lowest_fill(net_stock)..=self.capacity).map(|level| self.fill_up_to(level)));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let level = self.level_after(state, action);
        let fixed = if action.0 > 0 { self.fixed } else { 0.0 };
        outcomes.extend((0i32..).zip(&self.demand).map(|(demand, probability)| {
            let left = level - demand;
            let next = left.max(-self.backlog) + self.backlog;
            let holding = self.holding * f64::from(left.max(0));
            let shortage = self.shortage * f64::from((-left).max(0));
            Outcome::new(*probability, State(next as u32), [-fixed, -holding, -shortage])
        }));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        let ordering = RewardPart { key: "ordering", name: words!("fixed order cost", "固定订货成本") };
        vec![ordering, stock::holding_part(), stock::shortage_part()]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(State(self.backlog as u32), 1.0)]
    }

    fn describe(&self, state: State, language: Language) -> String {
        stock::shelf(self.net_stock(state), language)
    }

    fn event(&self, state: State, action: Action, outcome: u32, language: Language) -> String {
        let ready = self.level_after(state, action).max(0) as u32;
        stock::demand_event(outcome, outcome.min(ready), true, language)
    }

    fn baselines(&self) -> Vec<Baseline> {
        let newsvendor = stock::quantile(&self.demand, stock::critical_fractile(self.shortage, self.holding)) as i32;
        let newsvendor = newsvendor.min(self.capacity);
        let base_stock = reorder_rule(Words::same(format!("S = {newsvendor}")), [self.backlog, self.fill_min], newsvendor - 1, newsvendor);
        vec![
            Baseline { key: "reorder_point", name: words!("best (s, S)", "最佳 (s, S)"), rules: self.reorder_rules() },
            Baseline {
                key: "base_stock",
                name: words!("best base-stock (newsvendor)", "最佳基准库存（报童模型）"),
                rules: vec![base_stock],
            },
        ]
    }
}
