//! Lost sales with a delivery time: the order placed today arrives periods later, and customers do not wait.
//!
//! **Description.** A shop orders every period; each order is under way for `lead` periods. Demand that finds the shelf empty goes
//! elsewhere, so it need not be refilled later: the textbook rule "order up to a level" is no longer optimal, and orders should be
//! smoother than sales. The state must remember every order under way, which is why the problem is hard.
//!
//! **States** (`(capacity + 1) × (order_max + 1)^(lead − 1)`): units on hand after today's delivery, and the orders due next.
//! **Actions**: order 0, 1, … `order_max` units, to arrive in `lead` periods.
//! **Dynamics**: on hand' = min(capacity, (on hand − demand)⁺ + the order due next); every order moves up one place.
//! **Rewards**: −holding × units left − shortage × sales lost, in money.
//! **Episode end**: none; episodes are cut (truncated) after a number of periods.
//! **Parameters**: lead, capacity, order_max, holding, shortage, demand.
//! **Source**: P. Zipkin, *Old and New Methods for Lost-Sales Inventory Systems*, Operations Research 56(5), 2008, Table 3.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Sensor, State, check_size};
use crate::parameter::{Group, Kind, Parameter, Values};
use crate::words::{Language, Words};

use super::shared::field::{always, money, rule};
use super::shared::shelf::{MOST_BOXES, Shelf};
use super::shared::stock;
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "lost_sales",
    problem: Problem::Inventory,
    name: words!("Deliveries under way", "在途补货"),
    summary: words!(
        "Orders take several periods to arrive, and customers who find the shelf empty buy elsewhere. How much to order now, with so much already on its way?",
        "订货要几期后才到，顾客遇到缺货就去别家购买。已有不少货在途，现在该订多少？"
    ),
    source: words!("P. Zipkin, Old and New Methods for Lost-Sales Inventory Systems, Operations Research 56(5), 2008"),
    parameters,
    presets: PRESETS,
    build,
};

static PRESETS: &[Preset] = &[
    Preset {
        key: "zipkin_l2_p4",
        name: words!("Two periods to wait", "两期到货"),
        claim: words!(
            "The best base-stock costs 126.0; the optimum, with smoother orders, costs 117.0",
            "最佳基准库存的成本为 126.0；订货更平滑的最优策略只要 117.0"
        ),
        source: Some(words!("Zipkin, Oper. Res. 56(5), 2008, Table 3")),
        printed: Some(words!(
            "optimum 4.40, best base-stock 4.64, best constant order 5.27 a period in the long run; values here are discounted, from an empty shelf",
            "长期每期成本：最优 4.40，最佳基准库存 4.64，最佳固定订货量 5.27；本页价值从空货架起按折扣计算"
        )),
        draft: "episodes=20000&steps=1000&alpha=visits:.6&epsilon=lin:1:.1:16000&q0=-115",
    },
    Preset {
        key: "zipkin_l1_p4",
        name: words!("One period to wait", "一期到货"),
        claim: words!(
            "The best base-stock costs 100.4 and the optimum 96.07; the learner ends less than half a percent above that",
            "最佳基准库存的成本为 100.4，最优为 96.07；学习者最终只比最优高不到千分之五"
        ),
        source: Some(words!("Zipkin, Oper. Res. 56(5), 2008, Table 3")),
        printed: Some(words!(
            "optimum 4.04, best base-stock 4.16, best constant order 5.27 a period in the long run; values here are discounted, from an empty shelf",
            "长期每期成本：最优 4.04，最佳基准库存 4.16，最佳固定订货量 5.27；本页价值从空货架起按折扣计算"
        )),
        draft: "lead=1&episodes=4000&steps=200&alpha=visits:.6&epsilon=lin:1:.1:3200&q0=-95",
    },
    Preset {
        key: "zipkin_l3_p4",
        name: words!("Three periods to wait", "三期到货"),
        claim: words!(
            "The longer the lead time, the further the best base-stock falls behind: 149.7 against the optimum's 134.1, not 126.0 against 117.0 as in “Two periods to wait”",
            "提前期越长，最佳基准库存落后最优越多：这里是 149.7 对 134.1，“两期到货”中是 126.0 对 117.0"
        ),
        source: Some(words!("Zipkin, Oper. Res. 56(5), 2008, Table 3")),
        printed: Some(words!(
            "optimum 4.60, best constant order 5.27 a period in the long run; values here are discounted, from an empty shelf",
            "长期每期成本：最优 4.60，最佳固定订货量 5.27；本页价值从空货架起按折扣计算"
        )),
        draft: "lead=3&episodes=10000&steps=1000&alpha=visits:.7&epsilon=lin:1:.1:8000&q0=-130",
    },
    Preset {
        key: "zipkin_l2_p9",
        name: words!("A dearer lost sale", "缺货损失更高"),
        claim: words!(
            "The dearer a lost sale, the closer the best base-stock comes to the optimum: 203.8 against 195.4, not 126.0 against 117.0 as in “Two periods to wait”",
            "缺货损失越高，最佳基准库存越接近最优：这里是 203.8 对 195.4，“两期到货”中是 126.0 对 117.0"
        ),
        source: Some(words!("Zipkin, Oper. Res. 56(5), 2008, Table 3")),
        printed: Some(words!(
            "optimum 6.09 a period in the long run; values here are discounted, from an empty shelf",
            "长期每期成本：最优 6.09；本页价值从空货架起按折扣计算"
        )),
        draft: "shortage=9&episodes=20000&steps=1000&alpha=visits:.6&epsilon=lin:1:.1:16000&q0=-190",
    },
    Preset {
        key: "zipkin_geometric",
        name: words!("Erratic demand", "需求波动大"),
        claim: words!(
            "With geometric demand of the same mean the optimum costs 205.4, more than twice the 96.07 of “One period to wait”",
            "均值不变但需求服从几何分布时，最优成本为 205.4，是“一期到货”中 96.07 的两倍多"
        ),
        source: Some(words!("Zipkin, Oper. Res. 56(5), 2008, Table 4")),
        printed: Some(words!(
            "optimum 9.82 a period in the long run; values here are discounted, from an empty shelf",
            "长期每期成本：最优 9.82；本页价值从空货架起按折扣计算"
        )),
        draft: "lead=1&capacity=60&order_max=20&demand=geometric:5:100&episodes=8000&steps=500&alpha=visits:.7&epsilon=lin:1:.1:6400&q0=-180",
    },
    Preset {
        key: "shelf_pixels",
        name: words!("It sees only the shelf", "只看货架"),
        claim: words!(
            "From a grey picture with noise, changing light and customers in the way, a network comes 95 % of the way from chance to the optimum",
            "只凭一张带噪声、光线变化、还有顾客遮挡的灰度图像，网络的订货也能走完从随机到最优的 95 %"
        ),
        source: None,
        printed: None,
        draft: "lead=1&algorithm=dqn&encoding=pixels",
    },
];

fn parameters() -> Vec<Parameter> {
    vec![
        Parameter {
            key: "lead",
            name: words!("Lead time", "订货提前期"),
            help: words!(
                "Periods from order to delivery. Each further period adds an order under way to the state.",
                "从下单到到货的期数。每多一期，状态中就多一笔在途订单。"
            ),
            unit: words!("periods", "期"),
            group: Group::State,
            kind: Kind::Integer { min: 1, max: 4 },
            default: "2",
        },
        stock::units(
            "capacity",
            words!("Shelf capacity", "货架容量"),
            words!("Most units on hand; what arrives beyond it is sent back.", "现货最多件数；到货超出部分退回。"),
            Group::State,
            (1, 200),
            "20",
        ),
        stock::units(
            "order_max",
            words!("Largest order", "最大订货量"),
            words!("Most units in one order. Larger means more actions to try.", "一次最多订货件数。越大则可试的动作越多。"),
            Group::Action,
            (1, 100),
            "10",
        ),
        stock::holding_cost("1"),
        money(
            "shortage",
            words!("Lost-sale penalty", "缺货损失"),
            words!("Margin and goodwill lost with each customer turned away.", "每流失一件销售所损失的利润与口碑。"),
            "4",
        ),
        stock::demand(
            words!("How many units customers ask for. Unserved demand is lost.", "顾客每期想买的件数。未满足的需求会流失。"),
            "poisson:5:20",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let lead = values.integer("lead")? as u32;
    let orders = values.integer("order_max")? as u32 + 1;
    let capacity = values.integer("capacity")? as u32;
    let demand = values.demand("demand")?.probabilities();
    let pairs = u64::from(capacity + 1) * u64::from(orders).pow(lead);
    check_size("order_max", orders - 1, pairs, pairs * demand.len() as u64)?;
    Ok(Box::new(Shop {
        pipeline: Pipeline { lead, orders, arrangements: orders.pow(lead - 1) },
        capacity,
        holding: values.number("holding")?,
        shortage: values.number("shortage")?,
        demand,
    }))
}

/// How a state holds the stock and the orders under way: digits to the base `orders`, the one due next first.
#[derive(Clone, Copy)]
struct Pipeline {
    lead: u32,
    orders: u32,
    /// Number of ways in which orders can be under way.
    arrangements: u32,
}

impl Pipeline {
    fn on_hand(self, state: State) -> u32 {
        state.0 / self.arrangements
    }

    /// Units due in the next period and the arrangement after it, once `order` has joined the queue.
    fn advance(self, state: State, order: u32) -> (u32, u32) {
        let queue = state.0 % self.arrangements * self.orders + order;
        (queue / self.arrangements, queue % self.arrangements)
    }

    fn levels(self, state: State) -> Vec<u32> {
        let under_way = (0..self.lead - 1).rev().map(|place| state.0 / self.orders.pow(place) % self.orders);
        std::iter::once(self.on_hand(state)).chain(under_way).collect()
    }

    /// Units on hand and under way.
    fn position(self, state: State) -> u32 {
        self.levels(state).iter().sum()
    }
}

struct Shop {
    pipeline: Pipeline,
    capacity: u32,
    holding: f64,
    shortage: f64,
    demand: Vec<f64>,
}

impl Environment for Shop {
    fn factors(&self) -> Vec<Factor> {
        let units = || words!("units", "件");
        let integers = |max: u32| Levels::Integers { min: 0, max: max as i32 };
        let on_hand = Factor { key: "stock", name: words!("on the shelf", "货架上"), unit: units(), levels: integers(self.capacity) };
        let due = [
            ("due1", words!("arriving next", "下期到货")),
            ("due2", words!("arriving in 2 periods", "两期后到货")),
            ("due3", words!("arriving in 3 periods", "三期后到货")),
        ];
        let due = due.into_iter().take(self.pipeline.lead as usize - 1);
        let orders = integers(self.pipeline.orders - 1);
        std::iter::once(on_hand).chain(due.map(|(key, name)| Factor { key, name, unit: units(), levels: orders.clone() })).collect()
    }

    fn state_count(&self) -> u32 {
        (self.capacity + 1) * self.pipeline.arrangements
    }

    fn levels(&self, state: State) -> Vec<u32> {
        self.pipeline.levels(state)
    }

    fn action_count(&self) -> u32 {
        self.pipeline.orders
    }

    fn action_name(&self, action: Action) -> Words {
        stock::order_name(action.0)
    }

    fn available(&self, _state: State, actions: &mut Vec<Action>) {
        actions.extend((0..self.pipeline.orders).map(Action));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let on_hand = self.pipeline.on_hand(state);
        let (arriving, under_way) = self.pipeline.advance(state, action.0);
        outcomes.extend((0u32..).zip(&self.demand).map(|(demand, probability)| {
            let left = on_hand.saturating_sub(demand);
            let next = (left + arriving).min(self.capacity) * self.pipeline.arrangements + under_way;
            let holding = self.holding * f64::from(left);
            let shortage = self.shortage * f64::from(demand.saturating_sub(on_hand));
            Outcome::new(*probability, State(next), [-holding, -shortage])
        }));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![stock::holding_part(), stock::shortage_part()]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(State(0), 1.0)]
    }

    /// A picture of the shelf, where there is nothing else to the state.
    fn sensor(&self) -> Option<Box<dyn Sensor>> {
        let visible = self.pipeline.lead == 1 && self.capacity <= MOST_BOXES;
        visible.then(|| Box::new(Shelf::new(self.capacity)) as Box<dyn Sensor>)
    }

    fn describe(&self, state: State, language: Language) -> String {
        let levels = self.levels(state);
        let shelf = stock::shelf(levels[0] as i32, language);
        if levels.len() == 1 {
            return shelf;
        }
        let due = levels[1..].iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        phrase!("{shelf}; on the way: {due}", "{shelf}；在途：{due}").get(language).to_owned()
    }

    fn event(&self, state: State, _action: Action, outcome: u32, language: Language) -> String {
        stock::demand_event(outcome, outcome.min(self.pipeline.on_hand(state)), false, language)
    }

    fn baselines(&self) -> Vec<Baseline> {
        let Pipeline { lead, orders, .. } = self.pipeline;
        let pipeline = self.pipeline;
        let order_up_to = move |level: u32| {
            let choose = move |state| Action(level.saturating_sub(pipeline.position(state)).min(orders - 1));
            rule(Words::same(format!("S = {level}")), choose)
        };
        let protected = stock::demand_over(&self.demand, lead + 1);
        let levels = stock::quantile(&protected, 0.05)..=stock::quantile(&protected, 0.99);
        let newsvendor = stock::quantile(&protected, stock::critical_fractile(self.shortage, self.holding));
        let mean = libm::ceil(self.demand.iter().zip(0u32..).map(|(p, d)| p * f64::from(d)).sum()) as u32;
        let constant = |quantity| always(stock::order_name(quantity), Action(quantity));
        vec![
            Baseline { key: "base_stock", name: words!("best base-stock", "最佳基准库存"), rules: levels.map(order_up_to).collect() },
            Baseline {
                key: "newsvendor", name: words!("newsvendor base-stock", "报童模型基准库存"), rules: vec![order_up_to(newsvendor)]
            },
            Baseline {
                key: "constant",
                name: words!("best constant order", "最佳固定订货量"),
                rules: (0..=mean.min(orders - 1)).map(constant).collect(),
            },
        ]
    }
}
