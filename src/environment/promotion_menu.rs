//! A menu of offers for customers who learn: coupons sell today and teach the customer to wait for the next coupon.
//!
//! **Description.** Each month the shop sends a customer one of several offers, or nothing. A deeper discount sells more today, but a
//! customer used to coupons buys less without one. Optionally the goods are scarce as well, so that a sale may cost a later, better one.
//!
//! **States** (`recencies × (mem + 1) [× (stock + 1)] + 1`): months since the last purchase; deal memory, which a purchase on a
//! coupon raises and one at full price lowers; units in stock, if `stock` is above 0; and the lost customer, which ends the episode.
//! **Actions**: send nothing, or one row of the table `offers`.
//! **Dynamics**: the customer buys with probability logistic(logit(response) + uplift − kappa × memory if there is no discount); nothing
//! is bought without an offer or without stock. A unit arrives with probability `restock` at the end of a month unless the store is full.
//! **Rewards**: a purchase brings margin − discount × price − gift + extra; every offer costs reach, in money.
//! **Episode end**: when the customer is lost.
//! **Parameters**: response, price, margin, reach, offers, mem, kappa, stock, restock.
//! **Source**: our own design around Pfeifer and Carraway (2000), which it contains (one offer, mem = 0); the uplift of a coupon is
//! −2.62 ln(1 − discount), after the mean price elasticity of Bijmolt, van Heerde and Pieters (J. Marketing Research 2005).

mod customer;

use crate::invalid::Invalid;
use crate::mdp::{Environment, check_size};
use crate::parameter::{Column, Group, Kind, Parameter, Row, Values};
use crate::words::Words;

use super::recency::{margin, reach, response};
use super::shared::field::{money, number, row_name, whole};
use super::shared::space::Space;
use super::{Preset, Problem, Scenario};
use customer::Customer;

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "promotion_menu",
    problem: Problem::Promotion,
    name: words!("A menu of offers", "优惠组合"),
    summary: words!(
        "Coupon, gift, bundle or a plain mailing: which offer for which customer? Coupons sell today and train customers to wait for coupons.",
        "优惠券、赠品、套装还是普通广告：对哪位顾客用哪一种？优惠券今天有效，却让顾客养成等券的习惯。"
    ),
    source: words!(
        "Our own design around Pfeifer and Carraway, J. Interactive Marketing 14(2), 2000",
        "在 Pfeifer and Carraway, J. Interactive Marketing 14(2), 2000 基础上自行设计"
    ),
    parameters,
    presets: PRESETS,
    build,
};

static PRESETS: &[Preset] = &[
    Preset {
        key: "menu",
        name: words!("Offers and trained customers", "优惠与被惯坏的顾客"),
        claim: words!(
            "Gifts and bundles for customers with no coupons lately earn 11 % more than looking at the next step only, and half more than a 10 % coupon for everybody",
            "对近期没用券的顾客用赠品和套装，比只看下一步多赚 11 %，比人人发九折券多赚五成"
        ),
        source: None,
        printed: None,
        draft: "episodes=500000&steps=100&alpha=visits:.8&epsilon=lin:1:.1:400000\
                &dqn.dueling=yes&dqn.episodes=12000&dqn.alpha=lin:.001:.00005:12000&dqn.epsilon=lin:1:.1:6000",
    },
    Preset {
        key: "menu_stock",
        name: words!("Offers for scarce goods", "货源紧张时的优惠"),
        claim: words!(
            "To a customer with no coupons lately, the last unit in stock is sold dear, in a bundle; with 2 or more, one who last bought 2 or 3 months ago gets a gift",
            "顾客近期没用券时，最后一件用套装卖个好价；库存有 2 件及以上时，给 2 或 3 个月前买过的顾客送赠品"
        ),
        source: None,
        printed: None,
        draft: "stock=3&episodes=500000&steps=100&alpha=visits:.8&epsilon=lin:1:.1:400000",
    },
    Preset {
        key: "menu_forgetful",
        name: words!("Customers who forget coupons", "不记券的顾客"),
        claim: words!(
            "Where coupons teach nothing, the deepest one has its place: once, to win back who is about to be lost",
            "顾客不记券时，深折扣也有用处：只在顾客快要流失时用来挽回"
        ),
        source: None,
        printed: None,
        draft: "mem=0&kappa=0&episodes=200000&steps=100&alpha=visits:.8&epsilon=lin:1:.1:160000",
    },
];

/// Price elasticity of demand, in size: Bijmolt, van Heerde and Pieters (2005), mean over 1,851 estimates.
const ELASTICITY: f64 = 2.62;

fn parameters() -> Vec<Parameter> {
    vec![
        Parameter {
            key: "offers",
            name: words!("Offers", "优惠方式"),
            help: words!(
                "One row an offer: price cut as a share, cost of a gift, extra margin of a bundle, and how much more it makes customers buy (log-odds). Leave the last column out everywhere to have it follow from the discount.",
                "每行一种优惠：折让比例、赠品成本、套装额外毛利，以及使购买对数几率提高多少。若各行都省略最后一列，则由折让推算。"
            ),
            unit: Words::NONE,
            group: Group::Action,
            kind: Kind::Table { named: Some(offer_name), columns: columns(), min_columns: 3, min_rows: 1, max_rows: 12 },
            default: "mail|普通广告:0,0,0,0;10 % coupon|九折券:.1,0,0,.2760445510235049;25 % coupon|七五折券:.25,0,0,.753727029823666;gift|赠品:0,6,0,.35;bundle|套装:0,0,12,-.1",
        },
        response(".3,.2,.15,.05"),
        money("price", words!("Price", "售价"), words!("What a discount is a share of.", "折让按此价格计算。"), "100"),
        margin(words!("Margin of a sale at full price, before the offer is paid.", "按原价售出的毛利，未扣优惠成本。")),
        reach(words!("Paid for every offer sent, whatever it is.", "每发出一次优惠的费用，与种类无关。")),
        whole(
            "mem",
            words!("Longest deal memory", "最大券记忆"),
            words!(
                "How used to coupons a customer can get. Larger makes bad habits deeper; 0 means that none are formed.",
                "顾客对优惠券的依赖最多到几级。越大习惯越深；0 表示不形成习惯。"
            ),
            words!("coupons", "张"),
            Group::State,
            (0, 6),
            "2",
        ),
        number(
            "kappa",
            words!("Spoiling by coupons", "券的惯坏程度"),
            words!(
                "What each step of deal memory takes from the log-odds of buying without a discount.",
                "券记忆每增一级，无折扣时购买的对数几率减少多少。"
            ),
            Group::Transition,
            (0.0, 10.0),
            ".35",
        ),
        whole(
            "stock",
            words!("Storage for stock", "库存上限"),
            words!("Most units in stock; 0 means that goods never run out.", "最多库存件数；0 表示货源不限。"),
            words!("units", "件"),
            Group::State,
            (0, 20),
            "0",
        ),
        number(
            "restock",
            words!("Chance of a delivery", "到货概率"),
            words!("Chance that a unit arrives at the end of a month, if there is room.", "每月末在未满仓时到货一件的概率。"),
            Group::Transition,
            (0.0, 1.0),
            ".15",
        ),
    ]
}

fn columns() -> Vec<Column> {
    vec![
        Column::new(words!("discount", "折让"), 0.0, 0.95),
        Column::new(words!("gift", "赠品成本"), 0.0, 1e6),
        Column::new(words!("extra margin", "额外毛利"), 0.0, 1e6),
        Column::new(words!("uplift", "提升"), -20.0, 20.0),
    ]
}

/// A row of the table of offers.
struct Offer {
    name: Words,
    discount: f64,
    gift: f64,
    extra: f64,
    /// What it adds to the log-odds of buying.
    uplift: f64,
}

/// An offer that has no name.
fn offer_name(index: usize) -> Words {
    phrase!("offer {}", "优惠 {}", index + 1)
}

impl Offer {
    fn new(index: usize, row: &Row) -> Self {
        let cell = |column: usize| row.numbers.get(column).copied();
        let discount = cell(0).unwrap_or(0.0);
        Self {
            name: row_name(row, offer_name(index)),
            discount,
            gift: cell(1).unwrap_or(0.0),
            extra: cell(2).unwrap_or(0.0),
            uplift: cell(3).unwrap_or(-ELASTICITY * libm::log(1.0 - discount)),
        }
    }
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let response = values.list("response")?;
    let (memory, stock) = (values.integer("mem")? as u32, values.integer("stock")? as u32);
    let offers: Vec<Offer> = (0..).zip(values.table("offers")?).map(|(index, row)| Offer::new(index, row)).collect();
    let states = response.len() as u64 * u64::from(memory + 1) * u64::from(stock + 1);
    let pairs = states * (offers.len() as u64 + 1);
    check_size("stock", stock, pairs, pairs * 4)?;
    Ok(Box::new(Customer {
        space: Space::new(vec![response.len() as u32, memory + 1, stock + 1]),
        log_odds: response.iter().map(|p| libm::log(p / (1.0 - p))).collect(),
        offers,
        price: values.number("price")?,
        margin: values.number("margin")?,
        reach: values.number("reach")?,
        memory,
        spoiling: values.number("kappa")?,
        stock,
        restock: values.number("restock")?,
    }))
}
