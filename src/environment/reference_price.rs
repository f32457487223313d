//! Prices customers remember: a sale lifts demand today and lowers what customers think is normal tomorrow.
//!
//! **Description.** Customers compare the price with the one they have come to expect. A price below it feels like a bargain and lifts
//! demand, a price above it feels dear; either way the expectation follows. Cutting prices now spends the price image later.
//!
//! **States** (`prices`): the reference price. **Actions** (`prices`): the price of the period, from the same list.
//! **Dynamics**: reference' = memory × reference + (1 − memory) × price. Between two levels of the list it becomes either, with
//! probabilities that keep its mean.
//! **Rewards**: (price − cost) × demand, demand = max(0, market − slope × price + gain × (reference − price)), in money.
//! **Episode end**: none; episodes are cut (truncated) after a number of periods.
//! **Parameters**: market, slope, gain, memory, cost, lowest, highest, prices.
//! **Source**: P. K. Kopalle, A. G. Rao and J. L. Assunção, Marketing Science 15(1), 1996; G. Fibich, A. Gavious and O. Lowengart,
//! Operations Research 51(5), 2003; I. Popescu and Y. Wu, Operations Research 55(3), 2007.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State, check_size};
use crate::parameter::{Group, Parameter, Values};
use crate::text::{exact_number, short_number};
use crate::words::{Language, Words};

use super::shared::field::{always, money, number, rule, spread, whole};
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "reference_price",
    problem: Problem::Promotion,
    name: words!("Prices customers remember", "顾客记得的价格"),
    summary: words!(
        "A low price sells today and becomes what customers expect tomorrow. How deep may a discount be that is not paid for later?",
        "低价今天多卖，明天却成了顾客心中的正常价。折扣多深才不会得不偿失？"
    ),
    source: words!(
        "Kopalle, Rao & Assunção, Marketing Sci. 15(1), 1996; Fibich, Gavious & Lowengart, Oper. Res. 51(5), 2003; Popescu & Wu, Oper. Res. 55(3), 2007"
    ),
    parameters,
    presets: PRESETS,
    build,
};

static PRESETS: &[Preset] = &[
    Preset {
        key: "reference_price",
        name: words!("The price image", "价格形象"),
        claim: words!(
            "Looking at today alone discounts down to about 43; who looks ahead settles near 56",
            "只看当期会一路降到 43 左右；看得远则稳在 56 左右"
        ),
        // The model and its steady state are published, the numbers are ours.
        source: None,
        printed: None,
        draft: "episodes=20000&steps=100&alpha=visits:.6&epsilon=lin:1:.1:16000",
    },
    Preset {
        key: "reference_forgetful",
        name: words!("Short memories", "记性差的顾客"),
        claim: words!(
            "The quicker customers forget, the higher the price worth defending: 58 here, 56 in “The price image”",
            "顾客忘得越快，价格越值得守住：这里稳在 58，“价格形象”中稳在 56"
        ),
        source: None,
        printed: None,
        draft: "memory=.2&episodes=20000&steps=100&alpha=visits:.6&epsilon=lin:1:.1:16000",
    },
];

fn parameters() -> Vec<Parameter> {
    let price = |key, name, help, default| Parameter { group: Group::Action, ..money(key, name, help, default) };
    vec![
        whole(
            "prices",
            words!("Number of prices", "价格档数"),
            words!(
                "Prices in the list, which reference prices share. More means finer steps and slower learning.",
                "价格档数，参考价共用同一列表。越多越细，学得越慢。"
            ),
            Words::NONE,
            Group::State,
            (2, 801),
            "21",
        ),
        price("lowest", words!("Lowest price", "最低价"), words!("First price of the list.", "价格列表的第一档。"), "30"),
        price("highest", words!("Highest price", "最高价"), words!("Last price of the list.", "价格列表的最后一档。"), "70"),
        money("cost", words!("Unit cost", "单位成本"), words!("Paid for every unit sold.", "每售出一件的成本。"), "20"),
        number(
            "market",
            words!("Market size", "市场规模"),
            words!("Demand of a period at a price of zero that nobody finds cheap or dear.", "价格为零且与参考价相同时的每期需求。"),
            Group::Transition,
            (0.0, 1e6),
            "100",
        ),
        number(
            "slope",
            words!("Price slope", "价格斜率"),
            words!("Units lost for each unit of price.", "价格每升 1，需求减少多少。"),
            Group::Transition,
            (0.0, 1e6),
            "1",
        ),
        number(
            "gain",
            words!("Pull of a bargain", "参考价效应"),
            words!(
                "Units won for each unit the price lies below the reference, and lost above it.",
                "价格每低于参考价 1 多卖多少，高于则少卖多少。"
            ),
            Group::Transition,
            (0.0, 1e6),
            "1.5",
        ),
        number(
            "memory",
            words!("Memory for prices", "价格记忆"),
            words!(
                "Share of the reference price that survives a period. Larger means slower to change.",
                "参考价每期保留的比例。越大变化越慢。"
            ),
            Group::Transition,
            (0.0, 1.0),
            ".7",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let count = values.integer("prices")? as u32;
    let (lowest, highest) = (values.number("lowest")?, values.number("highest")?);
    if lowest >= highest {
        let top = exact_number(highest);
        return Err(Invalid::new("lowest", exact_number(lowest), phrase!("must be below the highest price, {top}", "应低于最高价 {top}")));
    }
    let pairs = u64::from(count) * u64::from(count);
    check_size("prices", count, pairs, 2 * pairs)?;
    Ok(Box::new(Shop {
        count,
        lowest,
        step: (highest - lowest) / f64::from(count - 1),
        customers: Customers {
            market: values.number("market")?,
            slope: values.number("slope")?,
            gain: values.number("gain")?,
            memory: values.number("memory")?,
            cost: values.number("cost")?,
        },
    }))
}

/// How customers react to a price, with prices a continuum.
#[derive(Clone, Copy, Debug)]
pub struct Customers {
    /// Demand at price and reference price zero.
    pub market: f64,
    /// Demand lost a unit of price.
    pub slope: f64,
    /// Demand won a unit of price below the reference.
    pub gain: f64,
    /// Share of the reference price that survives a period.
    pub memory: f64,
    /// Unit cost.
    pub cost: f64,
}

impl Customers {
    /// Demand at a price and a reference price.
    fn demand(&self, price: f64, reference: f64) -> f64 {
        (self.market - self.slope * price + self.gain * (reference - price)).max(0.0)
    }

    /// The most profitable price where nobody remembers any.
    fn price_without_memory(&self) -> f64 {
        (self.market / self.slope + self.cost) / 2.0
    }

    /// The price with the largest profit today.
    fn best_today(&self, reference: f64) -> f64 {
        let slope = self.slope + self.gain;
        (self.market + self.gain * reference + slope * self.cost) / (2.0 * slope)
    }
}

struct Shop {
    count: u32,
    lowest: f64,
    step: f64,
    customers: Customers,
}

impl Shop {
    fn price(&self, level: u32) -> f64 {
        self.lowest + self.step * f64::from(level)
    }

    /// The nearest level of a price; the first of the list for what is no number.
    fn nearest(&self, price: f64) -> u32 {
        libm::round((price - self.lowest) / self.step).clamp(0.0, f64::from(self.count - 1)) as u32
    }

    fn label(&self, level: u32) -> Words {
        let price = short_number(self.price(level));
        phrase!("price {price}", "定价 {price}")
    }
}

impl Environment for Shop {
    fn factors(&self) -> Vec<Factor> {
        vec![Factor {
            key: "reference",
            name: words!("customers expect to pay", "顾客心中的价格"),
            unit: Words::NONE,
            levels: Levels::Numbers((0..self.count).map(|level| self.price(level)).collect()),
        }]
    }

    fn state_count(&self) -> u32 {
        self.count
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        self.count
    }

    fn action_name(&self, action: Action) -> Words {
        self.label(action.0)
    }

    fn available(&self, _state: State, actions: &mut Vec<Action>) {
        actions.extend((0..self.count).map(Action));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let (reference, price) = (self.price(state.0), self.price(action.0));
        let sold = self.customers.demand(price, reference);
        let parts = [price * sold, -self.customers.cost * sold];
        // In levels rather than money, so that an unchanged price leaves the reference exactly where it is.
        let place = f64::from(action.0) + self.customers.memory * (f64::from(state.0) - f64::from(action.0));
        let below = libm::floor(place);
        let share = place - below;
        let level = below as u32;
        outcomes.push(Outcome::new(1.0 - share, State(level), parts));
        if share > 0.0 {
            outcomes.push(Outcome::new(share, State(level + 1), parts));
        }
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "revenue", name: words!("revenue", "销售收入") },
            RewardPart { key: "cost", name: words!("cost of goods", "商品成本") },
        ]
    }

    /// The shop begins with its best price image, to keep or to spend.
    fn start(&self) -> Vec<(State, f64)> {
        vec![(State(self.count - 1), 1.0)]
    }

    fn event(&self, state: State, action: Action, _outcome: u32, language: Language) -> String {
        let sold = short_number(self.customers.demand(self.price(action.0), self.price(state.0)));
        phrase!("{sold} sold", "售出 {sold} 件").get(language).to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        // A few prices spread over a long list keep the family small.
        let fixed = spread(self.count, 41).map(|level| always(self.label(level), Action(level)));
        let today: Vec<u32> = (0..self.count).map(|level| self.nearest(self.customers.best_today(self.price(level)))).collect();
        let monopoly = self.nearest(self.customers.price_without_memory());
        vec![
            Baseline {
                key: "best_today",
                name: words!("best price of the day", "只看当期的最优价"),
                rules: vec![rule(words!("largest profit today", "当期利润最大"), move |state| {
                    Action(today.get(state.index()).copied().unwrap_or(0))
                })],
            },
            Baseline {
                key: "textbook",
                name: words!("textbook price, as if nobody remembered", "教科书定价（不计参考价）"),
                rules: vec![always(self.label(monopoly), Action(monopoly))],
            },
            Baseline { key: "fixed", name: words!("best fixed price", "最佳固定价"), rules: fixed.collect() },
        ]
    }
}
