//! Puterman's shop: order in the evening, sell tomorrow, lose the sales you cannot serve.
//!
//! **Description.** A small shop reviews its stock at the end of each period and may order; the order is there before the next
//! customers come. A fixed cost makes small orders dear, holding cost makes large ones dear.
//!
//! **States** (`capacity + 1`): units on hand. **Actions**: order 0, 1, … as far as the store holds.
//! **Dynamics**: next = max(0, on hand + order − demand).
//! **Rewards**: price × units sold − fixed (if ordering) − cost × units ordered − holding × (on hand + order), in money.
//! **Episode end**: none; episodes are cut (truncated) after a number of periods.
//! **Parameters**: capacity, price, fixed, cost, holding, demand.
//! **Source**: M. L. Puterman, *Markov Decision Processes*, Wiley 1994, sections 3.2.2 and 4.6.1.

use std::sync::Arc;

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, State, check_size};
use crate::parameter::{Group, Parameter, Values};
use crate::words::{Language, Words};

use super::shared::field::{money, rule};
use super::shared::stock;
use super::{Preset, Problem, Scenario};
use crate::theory::reorder_point::{self, Family, listed};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "puterman",
    problem: Problem::Inventory,
    name: words!("Corner shop", "街角小店"),
    summary: words!(
        "Each evening a shop decides how much to order for tomorrow. Ordering costs a fixed fee, stock costs holding, empty shelves cost sales.",
        "小店每晚决定明天的订货量。每次订货有固定费用，库存有持有成本，缺货则失去销售。"
    ),
    source: words!("M. L. Puterman, Markov Decision Processes, Wiley 1994, sec. 3.2.2"),
    parameters,
    presets: &[
        Preset {
            key: "puterman",
            name: words!("Puterman's shop", "Puterman 小店"),
            claim: words!("Order three, and only when the shelf is empty", "只在货架空时订货，一次订三件"),
            source: Some(words!("Puterman, Markov Decision Processes, 1994, sec. 3.2.2 and 4.6.1")),
            printed: Some(words!(
                "67/16 over three periods from an empty shelf, undiscounted; values here are discounted, without an end",
                "从空货架起三期、不折扣，价值 67/16；本页为无限期、按折扣计算"
            )),
            draft: "episodes=2000&steps=100&alpha=visits:.7&epsilon=lin:1:.05:1500",
        },
        Preset {
            key: "puterman_no_target",
            name: words!("A network that chases itself", "追逐自己的网络"),
            claim: words!(
                "Without a target network, “Normalised targets” feed on themselves: values swell, and the run ends worse than chance; switched off, values stay in place",
                "没有目标网络时，“目标归一化”会自我放大：价值失控膨胀，结束时还不如随机；关掉它，价值便不再失控"
            ),
            source: None,
            printed: None,
            draft: "algorithm=dqn&hidden=32,32&episodes=150&target_every=0",
        },
    ],
    build,
};

fn parameters() -> Vec<Parameter> {
    vec![
        stock::units(
            "capacity",
            words!("Store capacity", "仓储容量"),
            words!(
                "Most units the shop can hold. A larger store allows larger, rarer orders.",
                "小店最多能存放的件数。容量越大，订货可以更多、更少次。"
            ),
            Group::State,
            (1, 200),
            "3",
        ),
        money("price", words!("Selling price", "售价"), words!("Revenue of a unit sold.", "每售出一件的收入。"), "8"),
        money(
            "fixed",
            words!("Fixed order cost", "固定订货成本"),
            words!(
                "Paid once for every order, whatever its size. Larger means rarer, larger orders.",
                "每次订货支付一次，与数量无关。越高则订货越少、每次越多。"
            ),
            "4",
        ),
        money("cost", words!("Unit cost", "单位进货成本"), words!("Paid for each unit ordered.", "每订一件支付的成本。"), "2"),
        money(
            "holding",
            words!("Holding cost", "持有成本"),
            words!("Paid each period for each unit in the store after the delivery.", "到货后仓库中每件每期的成本。"),
            "1",
        ),
        stock::demand(
            words!("How many units customers ask for. Unserved demand is lost.", "顾客每期想买的件数。未满足的需求会流失。"),
            ".25,.5,.25",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let shop = Shop {
        capacity: values.integer("capacity")? as u32,
        price: values.number("price")?,
        fixed: values.number("fixed")?,
        cost: values.number("cost")?,
        holding: values.number("holding")?,
        demand: values.demand("demand")?.probabilities(),
    };
    let states = u64::from(shop.capacity) + 1;
    let pairs = states * (states + 1) / 2;
    check_size("capacity", shop.capacity, pairs, pairs * shop.demand.len() as u64)?;
    Ok(Box::new(shop))
}

/// Largest shop whose reorder rules are all listed.
const LISTED_WHOLE: u32 = 20;
/// Most steps in which both numbers of the reorder rules of a larger one are listed.
const FINEST: u32 = 16;

struct Shop {
    capacity: u32,
    price: f64,
    fixed: f64,
    cost: f64,
    holding: f64,
    demand: Vec<f64>,
}

impl Shop {
    /// Every rule with a reorder point, or of a large shop some far apart and those about the best in the long run: each is evaluated
    /// exactly, and the search goes on from the best.
    fn reorder_rules(&self) -> Vec<Rule> {
        let capacity = self.capacity as i32;
        let family: Family = Arc::new(move |s, level| {
            let choose = move |state: State| Action(if state.0 as i32 <= s { level as u32 - state.0 } else { 0 });
            (0 <= s && s < level && level <= capacity).then(|| rule(Words::same(format!("({s}, {level})")), choose))
        });
        let step = if self.capacity <= LISTED_WHOLE { 1 } else { self.capacity.div_ceil(FINEST) as usize };
        let pairs = (0..capacity).step_by(step).flat_map(|s| (s..=capacity).step_by(step).map(move |level| (s, level)));
        if step == 1 {
            return pairs.filter_map(|(s, level)| family(s, level)).collect();
        }
        let costs: Vec<f64> = (0..=self.capacity).map(|level| self.level_cost(level)).collect();
        let problem = reorder_point::Problem {
            fixed: self.fixed,
            demand: &self.demand,
            level_cost: &|level| costs[level as usize],
            range: (0, capacity),
        };
        problem.candidates().chain(pairs).filter_map(|numbers| listed(&family, numbers)).collect()
    }

    /// What a period costs that starts at a level: holding, less what is earned by the units sold.
    fn level_cost(&self, level: u32) -> f64 {
        let sold: f64 = (0..).zip(&self.demand).map(|(demand, probability)| probability * f64::from(level.min(demand))).sum();
        self.holding * f64::from(level) - (self.price - self.cost) * sold
    }
}

impl Environment for Shop {
    fn factors(&self) -> Vec<Factor> {
        vec![Factor {
            key: "stock",
            name: words!("on the shelf", "货架上"),
            unit: words!("units", "件"),
            levels: Levels::Integers { min: 0, max: self.capacity as i32 },
        }]
    }

    fn state_count(&self) -> u32 {
        self.capacity + 1
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        self.capacity + 1
    }

    fn action_name(&self, action: Action) -> Words {
        stock::order_name(action.0)
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        actions.extend((0..=self.capacity - state.0).map(Action));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let stock = state.0 + action.0;
        let fixed = if action.0 > 0 { self.fixed } else { 0.0 };
        let purchase = self.cost * f64::from(action.0);
        let holding = self.holding * f64::from(stock);
        outcomes.extend((0u32..).zip(&self.demand).map(|(demand, probability)| {
            let sold = demand.min(stock);
            Outcome::new(*probability, State(stock - sold), [self.price * f64::from(sold), -fixed, -purchase, -holding])
        }));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "revenue", name: words!("revenue", "销售收入") },
            RewardPart { key: "ordering", name: words!("fixed order cost", "固定订货成本") },
            RewardPart { key: "purchase", name: words!("purchase", "进货成本") },
            stock::holding_part(),
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(State(0), 1.0)]
    }

    fn describe(&self, state: State, language: Language) -> String {
        phrase!("{} on the shelf", "货架上有 {} 件", state.0).get(language).to_owned()
    }

    fn event(&self, state: State, action: Action, outcome: u32, language: Language) -> String {
        stock::demand_event(outcome, outcome.min(state.0 + action.0), false, language)
    }

    fn baselines(&self) -> Vec<Baseline> {
        let capacity = self.capacity;
        let order_up_to =
            (0..=capacity).map(|level| rule(Words::same(format!("S = {level}")), move |state| Action(level.saturating_sub(state.0))));
        vec![
            Baseline { key: "base_stock", name: words!("best base-stock", "最佳基准库存"), rules: order_up_to.collect() },
            Baseline { key: "reorder_point", name: words!("best (s, S)", "最佳 (s, S)"), rules: self.reorder_rules() },
        ]
    }
}
