//! Ask back or act: a service dialogue with a customer whose intent is hidden.
//!
//! **Description.** A customer wants one of two things and does not say which. The assistant may ask, which costs patience and gives a
//! hint that may mislead, or act at once, which is costly when wrong. Then the next customer comes.
//!
//! **States** (`(hints + 1)(hints + 2) / 2`): hints so far for the first and for the second intent; they carry all that is known, so that
//! this partially observed problem becomes a fully observed one on beliefs.
//! **Actions**: ask; serve the first intent; serve the second; hand over to a human, if there is one.
//! **Dynamics**: belief b = prior · P(hints | first) / P(hints); a question gives a hint for the first intent with b·obs₁ + (1 − b)·obs₂; any
//! other action ends the contact. No question after `hints` of them.
//! **Rewards**: ask; route\[served]\[wanted]; the handover.
//! **Episode end**: none, the next customer comes; episodes are cut after a number of steps.
//! **Parameters**: prior, obs, ask, route, hints, human, human_reward.
//! **Source**: J. D. Williams and S. Young, Computer Speech & Language 21(2), 2007, sec. 2.1. The same builder with other numbers is the
//! Tiger problem of L. P. Kaelbling, M. L. Littman and A. R. Cassandra, Artificial Intelligence 101, 1998.

mod conversation;
mod dialogue;

use crate::invalid::Invalid;
use crate::mdp::{Environment, check_size};
use crate::parameter::{Column, Group, Kind, Parameter, Row, Values};
use crate::text::join_numbers;
use crate::words::Words;

use self::dialogue::{Dialogue, Intent};
use super::shared::field::row_name;
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "clarify",
    problem: Problem::CustomerService,
    name: words!("Ask back or act", "追问还是处理"),
    summary: words!(
        "A customer wants one of two things. Asking costs patience and may mislead; acting on the wrong guess costs more, most of all when it cannot be undone.",
        "顾客的意图是两者之一。追问消耗耐心，回答也可能误导；猜错处理代价更高，不可撤销时尤甚。"
    ),
    source: words!("J. D. Williams & S. Young, Computer Speech & Language 21(2):393-422, 2007, sec. 2.1"),
    parameters,
    presets: &[
        Preset {
            key: "clarify",
            name: words!("Order status or refund", "查订单还是退款"),
            claim: words!(
                "Asking first turns a loss of 5.0 into a gain of 3.5; before a refund it pays to be surer",
                "先追问，价值从 −5.0 升到 +3.5；退款之前要问得更确定"
            ),
            source: Some(words!("Williams & Young, Computer Speech & Language 21(2), 2007, sec. 2.1")),
            printed: Some(words!(
                "ask when .65, .347 and .586 sure of the first intent, act at .79",
                "对第一种意图的把握为 .65、.347、.586 时追问，.79 时处理"
            )),
            draft: "episodes=10000&steps=100&alpha=visits:.8&epsilon=lin:.5:.1:5000",
        },
        Preset {
            key: "tiger",
            name: words!("Tiger", "老虎问题"),
            claim: words!(
                "Two doors, a treasure and a tiger: ask back until one door leads by two hints, then open it",
                "两扇门，一边宝藏，一边老虎：一直追问，直到一扇门领先两次提示，再打开它"
            ),
            source: Some(words!("Kaelbling, Littman & Cassandra, Artificial Intelligence 101, 1998")),
            printed: None,
            draft: "prior=.5&obs=treasure on the left|宝藏在左:.85;treasure on the right|宝藏在右:.15&route=10,-100;-100,10&hints=30\
                    &episodes=10000&steps=100&alpha=visits:.8&epsilon=lin:.5:.05:6000",
        },
        Preset {
            key: "clarify_human",
            name: words!("With a human to hand over to", "可转人工"),
            claim: words!(
                "Ask once; act on the answer you expected, hand the surprising one to a human",
                "只问一次：回答符合预期就处理，出乎意料就转人工"
            ),
            source: None,
            printed: None,
            draft: "human=yes&episodes=10000&steps=100&alpha=visits:.8&epsilon=lin:.5:.1:5000",
        },
        Preset {
            key: "clarify_words",
            name: words!("The words, not the intent", "只听其言"),
            claim: words!(
                "A network that reads nothing but what customers say, in English or Chinese, turns the loss of 5.0 of never asking into a gain of 0.92; the optimum, which knows the hints, is worth 3.46",
                "网络只读顾客的中英文原话，也把从不追问的 -5.0 变成 +0.92；看得到提示的最优策略为 3.46"
            ),
            source: None,
            printed: None,
            draft: "algorithm=dqn&encoding=text&hints=8&hidden=32",
        },
    ],
    build,
};

fn parameters() -> Vec<Parameter> {
    let points = || words!("points", "点");
    let reward = |name| Column::new(name, -1e6, 1e6);
    vec![
        Parameter {
            key: "prior",
            name: words!("Share of the first intent", "第一种意图的占比"),
            help: words!(
                "Share of customers who want the first thing. Far from one half, there is less to ask.",
                "想要第一种服务的顾客比例。离 0.5 越远，越不需要追问。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Number { min: 0.0, max: 1.0 },
            default: ".65",
        },
        Parameter {
            key: "obs",
            name: words!("Intents and what answers sound like", "意图与回答的指向"),
            help: words!(
                "One row for each intent: how often an answer points to the first intent, and to the second (may be left out). Closer to 1 and 0, one question says more.",
                "每种意图一行：回答指向第一种意图的概率，以及指向第二种的概率（可省略）。越接近 1 和 0，一次追问的信息越多。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Table {
                named: Some(intent_name),
                columns: vec![
                    Column::new(words!("points to the first", "指向第一种"), 0.0, 1.0),
                    Column::new(words!("points to the second", "指向第二种"), 0.0, 1.0),
                ],
                min_columns: 1,
                min_rows: 2,
                max_rows: 2,
            },
            default: "where is my order|查订单:.8,.2;refund|退款:.3,.7",
        },
        Parameter {
            key: "ask",
            name: words!("A question", "一次追问"),
            help: words!(
                "Reward of asking: negative, since it costs patience. Dearer questions mean fewer.",
                "追问的奖励：为负，因为消耗顾客耐心。越贵则问得越少。"
            ),
            unit: points(),
            group: Group::Reward,
            kind: Kind::Number { min: -1e6, max: 1e6 },
            default: "-1",
        },
        Parameter {
            key: "route",
            name: words!("Serving an intent", "按意图处理"),
            help: words!(
                "First row: serving the first intent to a customer who wanted the first, or the second. Second row: serving the second intent. A costlier mistake is asked about longer.",
                "第一行：按第一种意图处理，而顾客实际想要第一种或第二种时的奖励；第二行：按第二种意图处理。错误越昂贵，越值得多问。"
            ),
            unit: points(),
            group: Group::Reward,
            kind: Kind::Table {
                named: None,
                columns: vec![reward(words!("wanted the first", "想要第一种")), reward(words!("wanted the second", "想要第二种"))],
                min_columns: 2,
                min_rows: 2,
                max_rows: 2,
            },
            default: "5,-10;-20,5",
        },
        Parameter {
            key: "human",
            name: words!("Handover to a human", "转人工"),
            help: words!("Whether a human can take over the contact.", "是否可以把顾客转给人工客服。"),
            unit: Words::NONE,
            group: Group::Action,
            kind: Kind::Choice(vec![("no", words!("no", "否")), ("yes", words!("yes", "是"))]),
            default: "no",
        },
        Parameter {
            key: "human_reward",
            name: words!("A handover", "一次转人工"),
            help: words!(
                "Reward of handing over: the human always solves the problem, and costs time.",
                "转人工的奖励：总能解决问题，但要花人力。"
            ),
            unit: points(),
            group: Group::Reward,
            kind: Kind::Number { min: -1e6, max: 1e6 },
            default: "0",
        },
        Parameter {
            key: "hints",
            name: words!("Most questions", "最多追问次数"),
            help: words!(
                "After so many the assistant must act. Large enough, it makes no difference.",
                "达到次数后必须处理。足够大时对结果没有影响。"
            ),
            unit: words!("questions", "次"),
            group: Group::State,
            kind: Kind::Integer { min: 1, max: 100 },
            default: "20",
        },
    ]
}

/// An intent that has no name.
fn intent_name(index: usize) -> Words {
    phrase!("intent {}", "意图 {}", index + 1)
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let prior = values.number("prior")?;
    let shares = [prior, 1.0 - prior];
    let intents: Vec<Intent> = (0..)
        .zip(values.table("obs")?)
        .zip(shares)
        .map(|((index, row), share)| {
            let name = row_name(row, intent_name(index));
            Ok(Intent { name, share, first_hint: first_hint(row)? })
        })
        .collect::<Result<_, Invalid>>()?;
    let route: Vec<[f64; 2]> = values.table("route")?.iter().map(pair).collect();
    let misfit = |key: &str| Invalid::new(key, "", words!("needs two rows of two numbers", "需要两行，每行两个数"));
    let dialogue = Dialogue {
        intents: intents.try_into().map_err(|_| misfit("obs"))?,
        ask: values.number("ask")?,
        route: route.try_into().map_err(|_| misfit("route"))?,
        human: if values.choice("human")? == "yes" { Some(values.number("human_reward")?) } else { None },
        most: values.integer("hints")? as u32,
    };
    let pairs = u64::from(dialogue.state_count()) * u64::from(dialogue.action_count());
    check_size("hints", dialogue.most, pairs, 2 * pairs)?;
    Ok(Box::new(dialogue))
}

fn pair(row: &Row) -> [f64; 2] {
    [row.numbers.first().copied().unwrap_or(0.0), row.numbers.get(1).copied().unwrap_or(0.0)]
}

/// Probability of a hint for the first intent; a second number must be its complement.
fn first_hint(row: &Row) -> Result<f64, Invalid> {
    let sum: f64 = row.numbers.iter().sum();
    if row.numbers.len() == 2 && (sum - 1.0).abs() > 1e-9 {
        let fault = words!("each row must sum to 1", "每行之和应为 1");
        return Err(Invalid::new("obs", join_numbers(&row.numbers), fault));
    }
    Ok(pair(row)[0])
}
