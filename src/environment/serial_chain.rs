//! Two-stage serial supply chain: a shop, the warehouse that supplies it, and customers who wait.
//!
//! **Description.** Each period one planner decides how much the warehouse sends to the shop and how much it orders from an outside
//! supplier that always delivers. Then customers come; whom the shop cannot serve waits, at a cost.
//!
//! **States** (`(il_max − il_min + 1) × (oh_max + 1)`): net stock of the shop (negative: customers waiting), stock of the warehouse.
//! **Actions**: pairs (sent, ordered) with sent ≤ warehouse stock, `q1_max` and room at the shop; ordered ≤ `q2_max` and room at the warehouse.
//! **Dynamics**: shop = max(il_min, shop + sent − demand); warehouse = warehouse − sent + ordered. One period of lead time to each stage.
//! **Rewards**: −h2 × warehouse (with what is on its way) − (h1 + h2) × (shop + sent − demand)⁺ − b × (demand − shop − sent)⁺; h1 and h2
//! are echelon holding costs.
//! **Episode end**: none; episodes are cut after a number of periods.
//! **Parameters**: costs h1, h2, b; demand; bounds il_min, il_max, oh_max, q1_max, q2_max; share (for one of the baselines).
//! **Source**: A. J. Clark and H. Scarf, Management Science 6(4), 1960; uniform demand as the base case of A. Oroojlooyjadid et al.,
//! Manufacturing & Service Operations Management 24(1), 2022; the cost numbers are our choice.

mod chain;

use crate::invalid::Invalid;
use crate::mdp::{Environment, check_size};
use crate::parameter::{Group, Parameter, Values};

use self::chain::Chain;
use super::shared::field::{money, number};
use super::shared::space::Space;
use super::shared::stock;
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "serial_chain",
    problem: Problem::SupplyChain,
    name: words!("Shop and warehouse", "门店与仓库"),
    summary: words!(
        "A warehouse supplies a shop whose customers wait when the shelf is empty. How much to send on, and how much to order, so that the two stocks together cost least?",
        "仓库为门店供货，货架空时顾客会等待。每期向门店发多少、向供应商订多少，才能使两级库存的总成本最低？"
    ),
    source: words!("A. J. Clark & H. Scarf, Management Science 6(4), 1960"),
    parameters,
    presets: &[
        Preset {
            key: "chain",
            name: words!("Two stages, three demands", "两级供应链，三种需求"),
            claim: words!(
                "The best local base-stock, each level watching its own stock, costs 44.84; the best echelon base-stock, which counts both, costs 41.39",
                "两级各看各的库存，最佳本地基准库存的成本为 44.84；统筹两级的最佳级库存基准策略只要 41.39"
            ),
            source: None,
            printed: None,
            draft: "episodes=20000&steps=100&alpha=visits:.6&epsilon=lin:1:.1:10000",
        },
        Preset {
            key: "chain_selfish",
            name: words!("Two selfish managers", "各自为政的两位经理"),
            claim: words!(
                "Two selfish managers, each minding their own costs only, pay 127.0; one plan for both costs 89.00",
                "两位经理各自为政、只顾自己的成本，合计 127.0；统一计划只要 89.00"
            ),
            source: None,
            printed: None,
            draft: "h1=1&h2=1&b=10&share=.3&episodes=20000&steps=100&alpha=visits:.6&epsilon=lin:1:.1:10000",
        },
        Preset {
            key: "chain_poisson",
            name: words!("Poisson demand of four", "泊松需求，均值四"),
            claim: words!(
                "Of 989 stock positions the best plan needs two numbers: fill the shop to 8, both together to 13",
                "989 种库存状态，最优方案只需两个数：门店补到 8，两级合计补到 13"
            ),
            source: None,
            printed: None,
            draft: "h1=.25&h2=.25&b=9&demand=poisson:4:30&il_min=-22&il_max=20&oh_max=22&q1_max=20&q2_max=20&share=.5\
                    &episodes=100000&steps=100&alpha=visits:.7&epsilon=lin:.5:.05:50000&q0=-100",
        },
    ],
    build,
};

fn parameters() -> Vec<Parameter> {
    let cost =
        |key, name, help, default| Parameter { unit: words!("$ a unit and period", "元/件/期"), ..money(key, name, help, default) };
    vec![
        cost(
            "h1",
            words!("Extra holding cost at the shop", "门店附加持有成本"),
            words!(
                "What a unit costs more in the shop than in the warehouse (echelon holding cost). Larger keeps stock back in the warehouse.",
                "一件商品放在门店比放在仓库多出的成本（级库存持有成本）。越高则库存越多留在仓库。"
            ),
            ".5",
        ),
        cost(
            "h2",
            words!("Holding cost at the warehouse", "仓库持有成本"),
            words!(
                "Paid each period for each unit anywhere in the chain, on its way to the warehouse included. Larger means less stock.",
                "供应链中每件每期的成本，包括运往仓库途中的商品。越高则总库存越少。"
            ),
            ".5",
        ),
        cost(
            "b",
            words!("Cost of a waiting customer", "顾客等待成本"),
            words!("Paid each period for each customer who waits. Larger means more stock.", "每位等待的顾客每期的成本。越高则库存越多。"),
            "4",
        ),
        number(
            "share",
            words!("Share of the waiting cost the shop bears", "门店承担的等待成本比例"),
            words!(
                "Only for the baseline of two selfish managers: the shop bears this part of the waiting cost, the warehouse the rest.",
                "只用于“各自为政”基准：门店承担这一比例的等待成本，其余由仓库承担。"
            ),
            Group::Reward,
            (0.0, 1.0),
            ".3",
        ),
        stock::demand(
            words!("How many units customers ask for; unserved customers wait.", "顾客每期想买的件数；未满足的顾客会等待。"),
            "uniform:0:2",
        ),
        stock::units(
            "il_min",
            words!("Lowest net stock of the shop", "门店净库存下限"),
            words!(
                "Minus the most customers who wait; beyond it they go away. Should lie where no good policy comes.",
                "等待顾客数的上限（取负）；超过后顾客离开。应设在好策略不会到达之处。"
            ),
            Group::State,
            (-100, 0),
            "-6",
        ),
        stock::units(
            "il_max",
            words!("Highest stock of the shop", "门店库存上限"),
            words!("Room on the shelf.", "货架可放的件数。"),
            Group::State,
            (0, 100),
            "6",
        ),
        stock::units(
            "oh_max",
            words!("Highest stock of the warehouse", "仓库库存上限"),
            words!("Room in the warehouse.", "仓库可放的件数。"),
            Group::State,
            (1, 100),
            "6",
        ),
        stock::units(
            "q1_max",
            words!("Most sent to the shop", "每期最多发往门店"),
            words!("Largest shipment from warehouse to shop in a period.", "仓库每期最多向门店发货的件数。"),
            Group::Action,
            (1, 100),
            "4",
        ),
        stock::units(
            "q2_max",
            words!("Most ordered", "每期最多订货"),
            words!("Largest order of the warehouse in a period.", "仓库每期最多订货的件数。"),
            Group::Action,
            (1, 100),
            "4",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let (il_min, il_max, oh_max) = (values.integer("il_min")?, values.integer("il_max")?, values.integer("oh_max")?);
    let chain = Chain {
        shop_holding: values.number("h1")? + values.number("h2")?,
        warehouse_holding: values.number("h2")?,
        backorder: values.number("b")?,
        share: values.number("share")?,
        demand: values.demand("demand")?.probabilities(),
        il_min,
        il_max,
        oh_max,
        q1_max: values.integer("q1_max")?.min(oh_max),
        q2_max: values.integer("q2_max")?.min(oh_max),
        space: Space::new(vec![(il_max - il_min + 1) as u32, oh_max as u32 + 1]),
    };
    let pairs = u64::from(chain.space.count()) * u64::from(chain.action_count());
    check_size("oh_max", oh_max, pairs, pairs * chain.demand.len() as u64)?;
    Ok(Box::new(chain))
}
