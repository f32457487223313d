//! A sales forecast in the state: demand has seasons that come and go, and the order must lean into the next one.
//!
//! **Description.** Each morning the shop sees a forecast class (quiet, rising, peak), orders, and receives the goods before it opens.
//! The supplier delivers only so much a day, so a peak has to be bought ahead, and bought too early it costs holding. The demand is
//! Markov-modulated: the class decides today's demand and, by a switching table, the class of tomorrow.
//!
//! **States** (`(backlog + capacity + 1) × classes`): net stock (below zero, units owed to waiting customers) and forecast class.
//! **Actions**: order 0, 1, … `order_max` units, as far as the shelf holds.
//! **Dynamics**: next = max(−backlog, net stock + order − demand), demand Poisson with the mean of the class, lumped on `demand_max`, or
//! as the table `demand_by_class` says; the class switches.
//! Customers join the queue while it is shorter than `backlog`; with `backlog` 0 every unserved sale is lost.
//! **Rewards**: −holding × units left − shortage × units short after the demand (owed or lost), in money.
//! **Episode end**: none; episodes are cut (truncated) after a number of periods.
//! **Parameters**: classes, demand_max, demand_by_class, capacity, backlog, order_max, holding, shortage.
//! **Source**: J.-S. Song and P. Zipkin, *Inventory Control in a Fluctuating Demand Environment*, Operations Research 41(2), 1993, for
//! the structure; the numbers are our own.

use crate::demand::{Demand, MAX_DEMAND};
use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, State, check_size};
use crate::parameter::{Column, Group, Kind, Parameter, Row, Values};
use crate::text::exact_sum;
use crate::words::{Language, Words};

use super::shared::field::{money, row_name, rule};
use super::shared::stock;
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "forecast",
    problem: Problem::Inventory,
    name: words!("Seasons and forecasts", "季节与销售预测"),
    summary: words!(
        "A forecast says whether the season is quiet, rising or at its peak; the supplier delivers only so much a period. How early should the shop stock up?",
        "销售预测告诉小店现在是淡季、升温还是旺季，而供应商每期供货有限。该提前多久备货？"
    ),
    source: words!(
        "J.-S. Song and P. Zipkin, Inventory Control in a Fluctuating Demand Environment, Operations Research 41(2), 1993 (structure; own numbers)",
        "J.-S. Song and P. Zipkin, Inventory Control in a Fluctuating Demand Environment, Operations Research 41(2), 1993（结构；数值自拟）"
    ),
    parameters,
    presets: PRESETS,
    build,
};

const MOST_CLASSES: usize = 5;
/// Largest demand of a table of probabilities.
const MOST_LISTED: u32 = 40;

static PRESETS: &[Preset] = &[
    Preset {
        key: "seasons",
        name: words!("A peak to prepare for", "为旺季备货"),
        claim: words!(
            "Stocking up ahead of the peak costs 143.8; a level for each forecast costs 159.5, one level for all seasons 174.4",
            "为旺季提前备货，成本为 143.8；按预测定水位要 159.5，四季同一水位要 174.4"
        ),
        source: None,
        printed: None,
        draft: "episodes=2000&steps=500&alpha=visits:.6&epsilon=lin:1:.1:1500&q0=-140",
    },
    Preset {
        key: "seasons_wait",
        name: words!("Customers who wait", "愿意等待的顾客"),
        claim: words!(
            "Customers who wait cost again and again: a level for each forecast now costs 380.8, more than one level for all seasons, 320.8; the optimum costs 298.5",
            "顾客等待期间缺货成本反复发生：按预测定水位要 380.8，比四季同一水位的 320.8 还高；最优只要 298.5"
        ),
        source: None,
        printed: None,
        draft: "backlog=10&episodes=2000&steps=500&alpha=visits:.6&epsilon=lin:1:.1:1500&q0=-300",
    },
];

fn parameters() -> Vec<Parameter> {
    let mean = Column::new(words!("mean demand", "平均需求"), 0.0, 100.0);
    let switch = (1..=MOST_CLASSES).map(|row| Column::new(phrase!("chance of row {row} next", "下期为第 {row} 行的概率"), 0.0, 1.0));
    vec![
        Parameter {
            key: "classes",
            name: words!("Forecast classes", "预测类别"),
            help: words!(
                "For each class its mean demand a period, and the probabilities of each class in the next period, which sum to 1.",
                "每个类别的每期平均需求，以及下期转入各类别的概率（之和为 1）。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Table {
                named: Some(class_name),
                columns: std::iter::once(mean).chain(switch).collect(),
                min_columns: 2,
                min_rows: 1,
                max_rows: MOST_CLASSES as u32,
            },
            default: "Quiet|淡季:3,.8,.2,0;Rising|升温:4,0,.5,.5;Peak|旺季:10,.3,0,.7",
        },
        stock::units(
            "demand_max",
            words!("Largest demand", "最大需求"),
            words!("Larger demands count as this one, with all their probability.", "更大的需求都按此计，概率也计入其中。"),
            Group::Transition,
            (1, i64::from(MAX_DEMAND)),
            "40",
        ),
        Parameter {
            key: "demand_by_class",
            name: words!("Demand of each class (0: Poisson)", "各类别的需求（0：泊松）"),
            help: words!(
                "Probabilities of a demand of 0, 1, 2, …, one row for each class, in place of Poisson demand with the mean of the class. A single 0 keeps Poisson demand.",
                "需求为 0、1、2… 的概率，每个类别一行，用来代替以该类均值为参数的泊松需求。只写一个 0 则仍用泊松需求。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Table {
                named: None,
                columns: (0..=MOST_LISTED)
                    .map(|units| Column::new(phrase!("chance of demand {units}", "需求为 {units} 的概率"), 0.0, 1.0))
                    .collect(),
                min_columns: 1,
                min_rows: 1,
                max_rows: MOST_CLASSES as u32,
            },
            default: "0",
        },
        stock::units(
            "capacity",
            words!("Shelf capacity", "货架容量"),
            words!("Most units the shelf can hold.", "货架最多能存放的件数。"),
            Group::State,
            (1, 200),
            "30",
        ),
        stock::units(
            "backlog",
            words!("Customers who wait", "愿意等待的顾客"),
            words!(
                "Most units that customers wait for; further ones buy elsewhere. 0 means that nobody waits.",
                "最多有多少件需求愿意等待，超出则去别家购买。0 表示无人等待。"
            ),
            Group::State,
            (0, 100),
            "0",
        ),
        stock::units(
            "order_max",
            words!("Largest order", "最大订货量"),
            words!(
                "Most units the supplier delivers in a period. Smaller means stocking up earlier.",
                "供应商每期最多供货件数。越小则越要提前备货。"
            ),
            Group::Action,
            (1, 100),
            "7",
        ),
        stock::holding_cost(".5"),
        money(
            "shortage",
            words!("Shortage cost", "缺货成本"),
            words!(
                "Paid for each unit short in a period, whether the customer waits or leaves.",
                "每期每短缺一件的成本，无论顾客等待还是离开。"
            ),
            "9",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let demands = demands(values)?;
    let rows = (1..).zip(values.table("classes")?).zip(demands);
    let classes = rows.map(|((number, row), demand)| class(number, row, demand, values)).collect::<Result<Vec<_>, _>>()?;
    let shop = Shop {
        classes,
        capacity: values.integer("capacity")?,
        backlog: values.integer("backlog")?,
        order_max: values.integer("order_max")?,
        holding: values.number("holding")?,
        shortage: values.number("shortage")?,
    };
    let states = u64::from(shop.state_count());
    let pairs = states * (shop.order_max as u64 + 1);
    let widest = shop.classes.iter().map(|class| class.demand.len() as u64).max().unwrap_or(0);
    check_size("capacity", shop.capacity, pairs, pairs * widest * shop.classes.len() as u64)?;
    Ok(Box::new(shop))
}

/// A forecast: what it says about today's demand and about tomorrow's forecast.
struct Class {
    name: Words,
    demand: Vec<f64>,
    next: Vec<f64>,
}

/// Probabilities of demand for each class: those listed, or Poisson.
fn demands(values: &Values) -> Result<Vec<Vec<f64>>, Invalid> {
    let (classes, listed) = (values.table("classes")?, values.table("demand_by_class")?);
    let max = values.integer("demand_max")? as u32;
    if listed.len() == 1 && listed[0].numbers == [0.0] {
        let mean = |row: &Row| row.numbers.first().copied().unwrap_or(0.0);
        return Ok(classes.iter().map(|row| Demand::Poisson { mean: mean(row), max }.probabilities()).collect());
    }
    if listed.len() != classes.len() {
        let count = classes.len();
        let fault = phrase!("needs a row for each of the {count} classes, or a single 0", "应为 {count} 个类别各一行，或只写一个 0");
        return Err(Invalid::new("demand_by_class", listed.len(), fault));
    }
    listed.iter().map(|row| Ok(Demand::table("demand_by_class", row.numbers.clone())?.probabilities())).collect()
}

/// A class that has no name.
fn class_name(index: usize) -> Words {
    phrase!("class {}", "类别 {}", index + 1)
}

fn class(number: usize, row: &Row, demand: Vec<f64>, values: &Values) -> Result<Class, Invalid> {
    let count = values.table("classes")?.len();
    let refuse = |fault| Err(Invalid::new("classes", "", fault));
    let Some((_, next)) = row.numbers.split_first().filter(|(_, next)| next.len() == count) else {
        return refuse(phrase!(
            "{count} classes need {count} switching probabilities in each row, after the mean demand",
            "{count} 个类别的每行在平均需求之后应有 {count} 个转移概率"
        ));
    };
    let sum: f64 = next.iter().sum();
    if (sum - 1.0).abs() > 1e-9 {
        let sum = exact_sum(sum);
        return refuse(phrase!(
            "the switching probabilities of row {number} sum to {sum}; they must sum to 1",
            "第 {number} 行的转移概率之和为 {sum}，应为 1"
        ));
    }
    let name = row_name(row, class_name(number - 1));
    Ok(Class { name, demand, next: next.iter().map(|p| p / sum).collect() })
}

struct Shop {
    classes: Vec<Class>,
    capacity: i32,
    backlog: i32,
    order_max: i32,
    holding: f64,
    shortage: f64,
}

impl Shop {
    fn state(&self, net_stock: i32, class: usize) -> State {
        State((net_stock + self.backlog) as u32 * self.classes.len() as u32 + class as u32)
    }

    fn net_stock(&self, state: State) -> i32 {
        (state.0 / self.classes.len() as u32) as i32 - self.backlog
    }

    fn class(&self, state: State) -> usize {
        state.index() % self.classes.len()
    }

    /// Orders up to a level for each forecast, as far as supplier and shelf allow.
    fn order_up_to(&self, label: Words, levels: Vec<i32>) -> Rule {
        let (backlog, capacity, order_max) = (self.backlog, self.capacity, self.order_max);
        rule(label, move |state| {
            let stock = (state.index() / levels.len()) as i32 - backlog;
            let level = levels[state.index() % levels.len()].min(capacity);
            Action((level - stock).clamp(0, order_max) as u32)
        })
    }
}

impl Environment for Shop {
    fn factors(&self) -> Vec<Factor> {
        let stock = Levels::Integers { min: -self.backlog, max: self.capacity };
        let names = self.classes.iter().map(|class| class.name.clone()).collect();
        vec![
            Factor { key: "stock", name: words!("net stock", "净库存"), unit: words!("units", "件"), levels: stock },
            Factor { key: "forecast", name: words!("forecast", "预测"), unit: Words::NONE, levels: Levels::Named(names) },
        ]
    }

    fn state_count(&self) -> u32 {
        (self.backlog + self.capacity + 1) as u32 * self.classes.len() as u32
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0 / self.classes.len() as u32, self.class(state) as u32]
    }

    fn action_count(&self) -> u32 {
        self.order_max as u32 + 1
    }

    fn action_name(&self, action: Action) -> Words {
        stock::order_name(action.0)
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        actions.extend((0..=self.order_max.min(self.capacity - self.net_stock(state)) as u32).map(Action));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let level = self.net_stock(state) + action.0 as i32;
        let class = &self.classes[self.class(state)];
        for (demand, chance) in (0i32..).zip(&class.demand) {
            let left = level - demand;
            let holding = self.holding * f64::from(left.max(0));
            let shortage = self.shortage * f64::from((-left).max(0));
            let left = left.max(-self.backlog);
            outcomes.extend(
                class
                    .next
                    .iter()
                    .enumerate()
                    .map(|(next, switch)| Outcome::new(chance * switch, self.state(left, next), [-holding, -shortage])),
            );
        }
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![stock::holding_part(), stock::shortage_part()]
    }

    fn start(&self) -> Vec<(State, f64)> {
        let share = 1.0 / self.classes.len() as f64;
        (0..self.classes.len()).map(|class| (self.state(0, class), share)).collect()
    }

    fn describe(&self, state: State, language: Language) -> String {
        let forecast = self.classes[self.class(state)].name.get(language);
        let shelf = stock::shelf(self.net_stock(state), language);
        phrase!("{shelf}; forecast: {forecast}", "{shelf}；预测：{forecast}").get(language).to_owned()
    }

    fn event(&self, state: State, action: Action, outcome: u32, language: Language) -> String {
        let asked = outcome / self.classes.len() as u32;
        let ready = (self.net_stock(state) + action.0 as i32).max(0) as u32;
        stock::demand_event(asked, asked.min(ready), self.backlog > 0, language)
    }

    fn baselines(&self) -> Vec<Baseline> {
        let blind = (0..=self.capacity).map(|level| self.order_up_to(Words::same(format!("S = {level}")), vec![level; self.classes.len()]));
        let covering = |probability| self.classes.iter().map(move |class| stock::quantile(&class.demand, probability) as i32).collect();
        let aware = [50, 60, 70, 75, 80, 85, 90, 95, 98, 99]
            .map(|percent| self.order_up_to(phrase!("cover {percent} %", "覆盖 {percent} %"), covering(f64::from(percent) / 100.0)));
        vec![
            Baseline { key: "base_stock", name: words!("one level for all seasons", "四季同一水位"), rules: blind.collect() },
            Baseline { key: "forecast_level", name: words!("a level for each forecast", "按预测定水位"), rules: aware.into() },
        ]
    }
}
