//! Two shops, one market: what to charge when the other shop reacts.
//!
//! **Description.** Two shops sell rival brands and post prices every period. The rival follows a fixed rule, such as tit for tat, which
//! the learner must discover. A low price wins customers today; whether it starts a price war depends on how the rival answers, and how
//! much that matters depends on how far the shop looks ahead.
//!
//! **States** (`prices² [× 2]`): own last price, the rival's last price, and the demand, if `swing` is above 0.
//! **Actions** (`prices`): equally spaced on [pN − xi (pM − pN), pM + xi (pM − pN)] between the one-shot Nash price and the monopoly price.
//! **Dynamics**: the rival answers the last prices by its rule; demand keeps its level with probability `persistence`.
//! **Rewards**: (price − cost) × share, share = exp((quality − price) / mu) / (both firms' + exp(outside / mu)), a customer in the market.
//! **Episode end**: none; episodes are cut (truncated) after a number of periods. They begin at the lowest Nash price of the list,
//! and with a grim rival, whom that would offend for ever, at the monopoly price.
//! **Parameters**: rival, prices, xi, quality, cost, outside, mu, swing, persistence.
//! **Source**: E. Calvano, G. Calzolari, V. Denicolò and S. Pastorello, *Artificial Intelligence, Algorithmic Pricing, and Collusion*,
//! American Economic Review 110(10), 2020; the scripted rivals are ours.

mod market;

use crate::invalid::Invalid;
use crate::mdp::{Environment, check_size};
use crate::parameter::{Group, Kind, Parameter, Values};
use crate::text::{exact_number, short_number};
use crate::words::Words;

use super::shared::field::{money, number, whole};
use super::{Preset, Problem, Scenario};
use crate::theory::logit::Logit;
use market::{Market, Rival};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "duopoly",
    problem: Problem::Pricing,
    name: words!("Two shops, one market", "双店价格博弈"),
    summary: words!(
        "Two shops sell rival brands. Undercutting wins customers today; whether it pays depends on how the rival answers tomorrow.",
        "两家店卖相互竞争的品牌。降价今天能抢到顾客，是否划算要看对手明天怎么回应。"
    ),
    source: words!("E. Calvano, G. Calzolari, V. Denicolò and S. Pastorello, American Economic Review 110(10), 2020"),
    parameters,
    presets: PRESETS,
    build,
};

/// Calvano et al. published the market; that the rival follows a rule is ours, so no preset claims a published number.
static PRESETS: &[Preset] = &[
    Preset {
        key: "calvano_tft",
        name: words!("Against tit for tat", "对手以牙还牙"),
        claim: words!(
            "Looking ahead raises the price: half as much profit again as the short-sighted shop, and no agreement needed",
            "看得远价格就高：无需任何约定，利润比只顾当期多一半"
        ),
        source: None,
        printed: None,
        draft: "episodes=20000&steps=100&alpha=.3&epsilon=lin:1:.05:16000",
    },
    Preset {
        key: "calvano_best_reply",
        name: words!("Against a rival who calculates", "对手总做最优反应"),
        claim: words!(
            "Lead, and the rival follows: a price above Nash earns 8 % more, although it is the best reply to nothing",
            "带头提价，对手会跟：高于纳什价的定价虽不是最优反应，却多赚 8 %"
        ),
        source: None,
        printed: None,
        draft: "rival=best_reply&episodes=20000&steps=100&alpha=.3&epsilon=lin:1:.05:16000",
    },
    Preset {
        key: "calvano_undercut",
        name: words!("Against an undercutter", "对手总压一档"),
        claim: words!(
            "Against a rival who is always one step cheaper, staying dear still beats the price war",
            "对手总便宜一档，守住高价仍胜过价格战"
        ),
        source: None,
        printed: None,
        draft: "rival=undercut&episodes=20000&steps=100&alpha=.3&epsilon=lin:1:.05:16000",
    },
    Preset {
        key: "calvano_grim",
        name: words!("Against a rival who never forgives", "对手绝不原谅"),
        claim: words!(
            "One cut ends the peace for good; from a discount of .395 on it pays to keep it",
            "一次降价永失和平；折扣因子从 0.395 起就值得守约"
        ),
        source: None,
        printed: None,
        draft: "rival=grim&episodes=20000&steps=100&alpha=.3&epsilon=lin:1:.05:16000",
    },
    Preset {
        key: "calvano_no_memory",
        name: words!("A network without a memory", "没有记忆的网络"),
        claim: words!(
            "Without a memory the network forgets again what it learned; with a “Replay memory” of 10,000 it comes within 1 % of the optimum",
            "没有记忆，网络学了又忘；把“经验回放容量”改为 10,000，与最优的差距便在 1 % 以内"
        ),
        source: None,
        printed: None,
        draft: "algorithm=dqn&hidden=32,32&episodes=150&replay=0",
    },
    Preset {
        key: "calvano_demand",
        name: words!("Tit for tat through good and bad times", "淡旺季中的以牙还牙"),
        claim: words!("Good times call for a higher price than bad ones", "旺季定价高，淡季定价低"),
        source: None,
        printed: None,
        draft: "swing=.2&persistence=.9&xi=.5&episodes=60000&steps=100&alpha=visits:.65&epsilon=lin:1:.05:50000",
    },
];

fn parameters() -> Vec<Parameter> {
    let worth = |key, name, help, default| number(key, name, help, Group::Transition, (-100.0, 100.0), default);
    vec![
        Parameter {
            key: "rival",
            name: words!("Rival", "对手"),
            help: words!(
                "How the other shop answers the last prices: always the one-shot Nash price, your last price, its best reply to that, one step below it, or the monopoly price until either shop leaves it.",
                "对手如何回应上一期价格：始终纳什价、照抄您的上期价、对它做最优反应、比它低一档，或维持垄断价直到有人偏离。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Choice(vec![
                ("static_nash", words!("always the Nash price", "始终纳什价")),
                ("tit_for_tat", words!("tit for tat", "以牙还牙")),
                ("best_reply", words!("best reply", "最优反应")),
                ("undercut", words!("one step cheaper", "总低一档")),
                ("grim", words!("never forgives", "绝不原谅")),
            ]),
            default: "tit_for_tat",
        },
        whole(
            "prices",
            words!("Number of prices", "价格档数"),
            words!("Prices either shop can post. More means finer steps and slower learning.", "每店可选的价格档数。越多越细，学得越慢。"),
            Words::NONE,
            Group::Action,
            (2, 125),
            "15",
        ),
        number(
            "xi",
            words!("Room beyond the theory", "价格区间余量"),
            words!(
                "How far the list goes below the Nash and above the monopoly price, as a share of the distance between them.",
                "价格列表向纳什价以下、垄断价以上延伸多少，以两者之差的比例计。"
            ),
            Group::Action,
            (0.0, 1.0),
            ".1",
        ),
        worth("quality", words!("Quality", "品质"), words!("What either product is worth to customers.", "商品对顾客的价值。"), "2"),
        money("cost", words!("Unit cost", "单位成本"), words!("Paid for every unit sold.", "每售出一件的成本。"), "1"),
        worth(
            "outside",
            words!("Worth of not buying", "不买的价值"),
            words!("What customers get who buy from neither shop. Larger means smaller demand.", "两家都不买时顾客所得。越大则需求越小。"),
            "0",
        ),
        number(
            "mu",
            words!("Differentiation", "产品差异度"),
            words!(
                "How different the brands are. Small values make customers chase the lower price.",
                "两品牌差异多大。越小顾客越追逐低价。"
            ),
            Group::Transition,
            (0.01, 10.0),
            ".25",
        ),
        number(
            "swing",
            words!("Swing of demand", "需求波动"),
            words!(
                "The worth of not buying goes up and down by this much between bad and good times; 0 means steady demand.",
                "淡季与旺季之间，不买的价值上下波动多少；0 表示需求稳定。"
            ),
            Group::State,
            (0.0, 50.0),
            "0",
        ),
        number(
            "persistence",
            words!("Persistence of demand", "需求持续性"),
            words!(
                "Chance that good or bad times go on for another period; .5 means that they come at random.",
                "旺季或淡季延续到下一期的概率；0.5 表示随机。"
            ),
            Group::Transition,
            (0.0, 1.0),
            ".5",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let count = values.integer("prices")? as u32;
    let swing = values.number("swing")?;
    let levels = if swing > 0.0 { 2 } else { 1 };
    let pairs = u64::from(count).pow(3) * levels;
    check_size("prices", count, pairs, pairs * levels)?;
    let steady = Logit {
        quality: values.number("quality")?,
        cost: values.number("cost")?,
        outside: values.number("outside")?,
        differentiation: values.number("mu")?,
    };
    let prices = price_list(&steady, count, values.number("xi")?)?;
    let markets = match swing > 0.0 {
        false => vec![steady],
        true => [swing, -swing].map(|swing| Logit { outside: steady.outside + swing, ..steady }).to_vec(),
    };
    let rival = match values.choice("rival")? {
        "static_nash" => Rival::StaticNash,
        "best_reply" => Rival::BestReply,
        "undercut" => Rival::Undercut,
        "grim" => Rival::Grim,
        _ => Rival::TitForTat,
    };
    Ok(Box::new(Market::new(steady, &markets, prices, rival, values.number("persistence")?)))
}

/// Equally spaced prices around the one-shot Nash and the monopoly price.
fn price_list(market: &Logit, count: u32, xi: f64) -> Result<Vec<f64>, Invalid> {
    let (nash, monopoly) = (market.nash_price(), market.monopoly_price());
    let room = xi * (monopoly - nash);
    let (lowest, highest) = (nash - room, monopoly + room);
    if lowest < 0.0 {
        let price = short_number(lowest);
        let fault = phrase!("makes the lowest price {price}; prices must not be negative", "使最低价为 {price}；价格不能为负");
        return Err(Invalid::new("xi", exact_number(xi), fault));
    }
    let step = (highest - lowest) / f64::from(count - 1);
    Ok((0..count).map(|level| lowest + step * f64::from(level)).collect())
}
