//! The retail problems: one file a scenario, one line in [`SCENARIOS`].
//!
//! A file states everything about its scenario: parameters, presets, words, states, actions, outcomes and the baselines of the trade.

pub mod backorder;
pub mod beer_factory;
pub mod boredom;
pub mod catalogue;
pub mod clarify;
pub mod clearance;
pub mod custom;
pub mod duopoly;
pub mod forecast;
pub mod garnet;
pub mod lost_sales;
pub mod promotion_menu;
pub mod puterman;
pub mod recency;
pub mod reference_price;
pub mod serial_chain;
pub mod shared;
pub mod toymaker;
pub mod troubleshoot;

use crate::invalid::Invalid;
use crate::mdp::Environment;
use crate::parameter::{Parameter, Values};
use crate::words::Words;
pub use shared::shelf::MOST_BOXES;

/// Every scenario, in the order of the page.
#[rustfmt::skip]
pub static SCENARIOS: &[&Scenario] = &[
    &boredom::SCENARIO,
    &promotion_menu::SCENARIO,
    &recency::SCENARIO,
    &catalogue::SCENARIO,
    &toymaker::SCENARIO,
    &reference_price::SCENARIO,
    &puterman::SCENARIO,
    &lost_sales::SCENARIO,
    &backorder::SCENARIO,
    &forecast::SCENARIO,
    &serial_chain::SCENARIO,
    &beer_factory::SCENARIO,
    &clarify::SCENARIO,
    &troubleshoot::SCENARIO,
    &duopoly::SCENARIO,
    &clearance::SCENARIO,
    &custom::SCENARIO,
    &garnet::SCENARIO,
];

/// The six retail problems, and the visitor's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// What to recommend next.
    Recommendation,
    /// Which offer to send to which customer.
    Promotion,
    /// How much to order.
    Inventory,
    /// Orders along a supply chain.
    SupplyChain,
    /// Ask, answer or hand over.
    CustomerService,
    /// What price to post.
    Pricing,
    /// A table of the visitor's.
    Custom,
}

impl Problem {
    /// Every problem, in the order of the page.
    pub const ALL: [Problem; 7] = [
        Problem::Recommendation,
        Problem::Promotion,
        Problem::Inventory,
        Problem::SupplyChain,
        Problem::CustomerService,
        Problem::Pricing,
        Problem::Custom,
    ];

    /// Name on the page.
    pub fn name(self) -> Words {
        match self {
            Problem::Recommendation => words!("Product recommendation", "商品推荐"),
            Problem::Promotion => words!("Differentiated promotion", "差异化促销"),
            Problem::Inventory => words!("Inventory management", "库存管理"),
            Problem::SupplyChain => words!("Supply-chain coordination", "供应链协同"),
            Problem::CustomerService => words!("Smart customer service", "智能客服"),
            Problem::Pricing => words!("Dynamic pricing", "动态定价"),
            Problem::Custom => words!("Your own problem", "自定义问题"),
        }
    }
}

/// What the registry knows of a scenario before any number is chosen.
pub struct Scenario {
    /// Name in links and files.
    pub key: &'static str,
    /// The retail problem it is a model of.
    pub problem: Problem,
    /// Name on the page.
    pub name: Words,
    /// One or two sentences: who decides what, and why it is hard.
    pub summary: Words,
    /// The publication the model follows.
    pub source: Words,
    /// What can be changed.
    pub parameters: fn() -> Vec<Parameter>,
    /// Instances worth opening; the first is the default.
    pub presets: &'static [Preset],
    /// Checks what single ranges cannot, and makes the problem.
    pub build: fn(&Values) -> Result<Box<dyn Environment>, Invalid>,
}

/// An instance with a claim that its run shows.
pub struct Preset {
    /// Name in links and files, unique over all scenarios.
    pub key: &'static str,
    /// Name on the page.
    pub name: Words,
    /// One line that the run then shows.
    pub claim: Words,
    /// Where its numbers were published; `None` marks our own choice, and the page says so.
    pub source: Option<Words>,
    /// What the source, or that of the scenario, prints and a reader can find here again, each number of it.
    pub printed: Option<Words>,
    /// What differs from the defaults of scenario and learner, written as in a link: `lead=2&demand=poisson:5&epsilon=lin:1:.05:2000`.
    /// An entry such as `dqn.episodes=2000` holds when that learner is chosen in place of the preset's.
    pub draft: &'static str,
}

impl Scenario {
    /// The problem with some parameters changed, each given in its textual form.
    pub fn instance(&self, changes: &[(&str, &str)]) -> Result<Box<dyn Environment>, Invalid> {
        let parameters = (self.parameters)();
        let mut values = Values::defaults(&parameters)?;
        for (key, text) in changes {
            let parameter = parameters.iter().find(|parameter| parameter.key == *key);
            let parameter = parameter.ok_or_else(|| Invalid::new(*key, text, words!("no such parameter", "没有这个参数")))?;
            values.set(key, parameter.kind.parse(key, text)?)?;
        }
        (self.build)(&values)
    }
}

/// The scenario with this key.
pub fn scenario(key: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.key == key).copied()
}

/// The preset with this key and its scenario.
pub fn preset(key: &str) -> Option<(&'static Scenario, &'static Preset)> {
    SCENARIOS.iter().find_map(|scenario| scenario.presets.iter().find(|preset| preset.key == key).map(|preset| (*scenario, preset)))
}
