//! Clearing a season's stock: a fixed number of units, a date by which they must be gone, and a price to set every day.
//!
//! **Description.** A shop has a season's last units and so many days to sell them; what is left then is worth nothing. Each day it sets a
//! price. The right price is what the last unit is worth: it falls as time runs out and rises with every sale.
//!
//! **States** (`(units + 1) × (periods + 1)`): units left and days left. **Actions**: a price from the list.
//! **Dynamics**: a unit is sold with probability (demand / periods) × exp(−sensitivity × price); a day passes.
//! **Rewards**: the price of the unit sold, in money.
//! **Episode end**: when nothing is left or the season is over.
//! **Parameters**: units, periods, price_list, demand, sensitivity.
//! **Source**: G. Gallego and G. van Ryzin, *Optimal Dynamic Pricing of Inventories with Stochastic Demand over Finite Horizons*,
//! Management Science 40(8), 1994, section 2.3, with days instead of continuous time and a list of prices instead of all.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State, check_size};
use crate::parameter::{Group, Kind, Parameter, Values};
use crate::text::{exact_number, short_number};
use crate::words::{Language, Words};

use super::shared::field::{always, nearest, number, rule, whole};
use super::shared::space::Space;
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "clearance",
    problem: Problem::Pricing,
    name: words!("End-of-season clearance", "季末清仓"),
    summary: words!(
        "A season's last units must be sold by a date. Too dear and they are left over, too cheap and they are gone before the best customer comes.",
        "季末余货须在限期内卖完。定价太高会剩货，太低则等不到出价最高的顾客。"
    ),
    source: words!("G. Gallego and G. van Ryzin, Management Science 40(8), 1994, sec. 2.3"),
    parameters,
    presets: PRESETS,
    build,
};

static PRESETS: &[Preset] = &[
    Preset {
        key: "gvr_clearance",
        name: words!("Five units, thirty days", "五件货，三十天"),
        claim: words!(
            "A price that falls with time and rises with each sale earns 7.435, the best fixed price 7.098",
            "随时间下调、随售出上调的定价能赚 7.435，最佳固定价只有 7.098"
        ),
        // Demand, units and closed form are published; days and price list are ours.
        source: None,
        printed: None,
        draft: "discount=1&episodes=500000&steps=30&alpha=visits:.65&epsilon=lin:1:.05:400000\
                &dqn.dueling=yes&dqn.hidden=64,8&dqn.batch=256&dqn.replay=200000&dqn.warmup=5000&dqn.target_every=500\
                &dqn.episodes=12000&dqn.alpha=lin:.001:.00001:12000&dqn.epsilon=lin:1:.1:6000",
    },
    Preset {
        key: "clearance_short",
        name: words!("Three units, ten days", "三件货，十天"),
        claim: words!(
            "With fewer days the price moves faster than in “Five units, thirty days”, and the lesson is learned sooner",
            "天数更少，价格比“五件货，三十天”变动更快，也学得更快"
        ),
        source: None,
        printed: None,
        draft: "units=3&periods=10&demand=16&price_list=.8,1.2,1.6,2,2.4,2.8&discount=1&episodes=200000&steps=10&alpha=visits:.7&epsilon=lin:1:.1:160000",
    },
];

/// Longest season that can be asked for.
const MOST_DAYS: u32 = 5000;

fn parameters() -> Vec<Parameter> {
    vec![
        whole(
            "units",
            words!("Units to sell", "待售件数"),
            words!("Units at the start of the season. More means lower prices.", "季初件数。越多定价越低。"),
            words!("units", "件"),
            Group::State,
            (1, 500),
            "5",
        ),
        whole(
            "periods",
            words!("Length of the season", "销售期"),
            words!(
                "Days into which the season is cut. More days leave demand as it is and let the price change more often.",
                "把销售期分成多少天。天数越多，总需求不变，调价更频繁。"
            ),
            words!("days", "天"),
            Group::State,
            (1, i64::from(MOST_DAYS)),
            "30",
        ),
        Parameter {
            key: "price_list",
            name: words!("Prices", "价格列表"),
            help: words!("Prices the shop can set.", "商家可选的价格。"),
            unit: words!("$", "元"),
            group: Group::Action,
            kind: Kind::List { min_count: 1, max_count: 100, min: 0.0, max: 1e6 },
            default: ".8,1,1.2,1.4,1.6,1.8,2,2.2,2.4,2.6,2.8,3",
        },
        number(
            "demand",
            words!("Customers at price zero", "零价顾客数"),
            words!("Customers in the whole season who would take a unit for nothing.", "整个销售期内，价格为零时想要的顾客数。"),
            Group::Transition,
            (0.0, 1e6),
            "27.18281828459045",
        ),
        number(
            "sensitivity",
            words!("Price sensitivity", "价格敏感度"),
            words!(
                "Share of customers lost for a small rise of the price by 1. Larger means lower prices.",
                "价格每升 1 单位流失顾客的比率（小幅变动时）。越大定价越低。"
            ),
            Group::Transition,
            (1e-6, 1e6),
            "1",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let (units, periods) = (values.integer("units")? as u32, values.integer("periods")? as u32);
    let prices = values.list("price_list")?.to_vec();
    let states = u64::from(units + 1) * u64::from(periods + 1);
    let pairs = states * prices.len() as u64;
    check_size("periods", periods, pairs, 2 * pairs)?;
    let season = Season { demand: values.number("demand")?, sensitivity: values.number("sensitivity")? };
    let expected = prices.iter().map(|price| season.customers(*price)).fold(0.0, f64::max);
    if expected > f64::from(MOST_DAYS) {
        let fault = phrase!(
            "more than one sale a day at the lowest price, however long the season (at most {MOST_DAYS} days)",
            "即使销售期取最长（{MOST_DAYS} 天），按最低价每天也不止售出一件"
        );
        return Err(Invalid::new("demand", exact_number(season.demand), fault));
    }
    if expected > f64::from(periods) {
        let least = libm::ceil(expected);
        let fault = phrase!(
            "too few days for one sale a day at the lowest price; at least {least}",
            "天数太少，按最低价每天不止售出一件；至少 {least}"
        );
        return Err(Invalid::new("periods", periods, fault));
    }
    Ok(Box::new(Stock {
        space: Space::new(vec![units + 1, periods + 1]),
        sale: prices.iter().map(|price| season.customers(*price) / f64::from(periods)).collect(),
        prices,
        units,
        periods,
        season,
    }))
}

/// A selling season in continuous time: Poisson demand that falls exponentially with the price.
struct Season {
    /// Customers of the whole season at price zero.
    demand: f64,
    /// Rate at which a rising price turns customers away.
    sensitivity: f64,
}

impl Season {
    /// Customers of the season who buy at a price.
    fn customers(&self, price: f64) -> f64 {
        self.demand * libm::exp(-self.sensitivity * price)
    }

    /// The price at which expected demand just clears the stock, or the most profitable price if stock is plenty.
    fn run_out_price(&self, units: u32, time: f64) -> f64 {
        libm::log(self.demand * time / f64::from(units)).max(1.0) / self.sensitivity
    }
}

struct Stock {
    /// Units left, days left.
    space: Space,
    prices: Vec<f64>,
    /// Chance of a sale in a day, by price.
    sale: Vec<f64>,
    units: u32,
    periods: u32,
    season: Season,
}

impl Stock {
    fn coordinates(&self, state: State) -> (u32, u32) {
        let levels = self.space.levels(state);
        (levels[0], levels[1])
    }

    /// The price of the list nearest to a price.
    fn nearest(&self, price: f64) -> Action {
        Action(nearest(&self.prices, price))
    }

    fn label(&self, action: Action) -> Words {
        let price = self.prices.get(action.index()).copied().map(short_number).unwrap_or_default();
        phrase!("price {price}", "定价 {price}")
    }

    /// A price, and from half-time on a lower one.
    fn markdown(&self, first: Action, cut: u32) -> (Words, Action) {
        let price = self.prices.get(first.index()).copied().unwrap_or(0.0);
        let second = self.nearest(price * (1.0 - f64::from(cut) / 100.0));
        let [price, then] = [price, self.prices.get(second.index()).copied().unwrap_or(0.0)].map(short_number);
        (phrase!("{price}, then {then}", "先 {price}，后 {then}"), second)
    }
}

impl Environment for Stock {
    fn factors(&self) -> Vec<Factor> {
        let factor = |key, name, unit, max: u32| Factor { key, name, unit, levels: Levels::Integers { min: 0, max: max as i32 } };
        vec![
            factor("units", words!("left to sell", "剩余"), words!("units", "件"), self.units),
            factor("time", words!("to go", "剩余时间"), words!("days", "天"), self.periods),
        ]
    }

    fn state_count(&self) -> u32 {
        self.space.count()
    }

    fn levels(&self, state: State) -> Vec<u32> {
        self.space.levels(state)
    }

    fn action_count(&self) -> u32 {
        self.prices.len() as u32
    }

    fn action_name(&self, action: Action) -> Words {
        self.label(action)
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        let (units, days) = self.coordinates(state);
        if units > 0 && days > 0 {
            actions.extend((0..self.action_count()).map(Action));
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let (units, days) = self.coordinates(state);
        let sale = self.sale[action.index()];
        outcomes.push(Outcome::new(sale, self.space.state(&[units - 1, days - 1]), [self.prices[action.index()]]));
        outcomes.push(Outcome::new(1.0 - sale, self.space.state(&[units, days - 1]), [0.0]));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![RewardPart { key: "revenue", name: words!("revenue", "销售收入") }]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(self.space.state(&[self.units, self.periods]), 1.0)]
    }

    fn describe(&self, state: State, language: Language) -> String {
        let (units, days) = self.coordinates(state);
        let words = match (units, days) {
            (0, _) => words!("sold out", "已售罄"),
            (_, 0) => phrase!("season over, {units} left over", "季末，剩余 {units} 件"),
            (_, 1) => phrase!("{units} left, last day", "剩 {units} 件，最后一天"),
            _ => phrase!("{units} left, {days} days to go", "剩 {units} 件，还有 {days} 天"),
        };
        words.get(language).to_owned()
    }

    fn event(&self, _state: State, _action: Action, outcome: u32, language: Language) -> String {
        let words = if outcome == 0 { words!("one unit sold", "售出一件") } else { words!("no sale", "未售出") };
        words.get(language).to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let actions = || (0..self.action_count()).map(Action);
        let periods = self.periods;
        let days_left = move |state: State| state.0 % (periods + 1);
        let markdowns = actions()
            .flat_map(|first| [20, 30, 50].map(|cut| (first, self.markdown(first, cut))))
            .map(|(first, (label, second))| rule(label, move |state| if days_left(state) * 2 > periods { first } else { second }));
        let at_start = self.nearest(self.season.run_out_price(self.units, 1.0));
        let run_out = (0..self.state_count()).map(|state| {
            let (units, days) = self.coordinates(State(state));
            self.nearest(self.season.run_out_price(units, f64::from(days) / f64::from(periods)))
        });
        let run_out: Vec<Action> = run_out.collect();
        let expected = self.prices.iter().zip(&self.sale).map(|(price, sale)| price * sale);
        let today = (0..).map(Action).zip(expected).fold((Action(0), 0.0), |best, this| if this.1 > best.1 { this } else { best }).0;
        vec![
            Baseline {
                key: "fixed",
                name: words!("best fixed price", "最佳固定价"),
                rules: actions().map(|action| always(self.label(action), action)).collect(),
            },
            Baseline { key: "markdown", name: words!("best half-time markdown", "最佳中期降价"), rules: markdowns.collect() },
            Baseline {
                key: "run_out",
                name: words!("price that sells out", "刚好售罄的价格"),
                rules: vec![
                    always(words!("set once", "季初定一次"), at_start),
                    rule(words!("set anew each day", "每天重新计算"), move |state| {
                        run_out.get(state.index()).copied().unwrap_or(at_start)
                    }),
                ],
            },
            Baseline {
                key: "today", name: words!("largest revenue today", "当天收入最大"), rules: vec![always(self.label(today), today)]
            },
        ]
    }
}
