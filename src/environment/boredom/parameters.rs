//! What can be changed about the categories and the customer.

use crate::parameter::{Column, Group, Kind, Parameter};
use crate::words::Words;

/// How the powers are written, and the zeroth that is not.
const POWERS: [&str; 8] = ["", "", "²", "³", "⁴", "⁵", "⁶", "⁷"];

pub fn parameters() -> Vec<Parameter> {
    let power = |j: u32| match j {
        0 => words!("fresh appeal", "新鲜时的吸引力"),
        j => {
            let power = POWERS.get(j as usize).copied().unwrap_or_default();
            phrase!("× recency{power}", "× 近期度{power}")
        }
    };
    vec![
        Parameter {
            key: "phi",
            name: words!("Categories", "品类"),
            help: words!(
                "Appeal of each category when it was not shown lately, and what each power of its recency adds. Recency is 0 then, and higher the more lately and the more often it was shown.",
                "每个品类近期未展示时的吸引力，以及近期度的各次幂所加的量。近期未展示时近期度为 0，展示得越近、越多则越高。"
            ),
            unit: words!("rating points", "评分"),
            group: Group::Action,
            kind: Kind::Table {
                named: Some(category_name),
                columns: (0..8).map(|j| Column::new(power(j), -100.0, 100.0)).collect(),
                min_columns: 1,
                min_rows: 2,
                max_rows: 10,
            },
            default: "Action|动作片:3.4,.24,-1.2,1.2,-.45,.03;Comedy|喜剧片:3.6,.66,-3.48,3.6,-1.35,.15;\
                      Thriller|惊悚片:3.8,.6,-2.85,3.12,-1.62,.3;Bad|差评片:2.9,-.1,-.1,-.01,-.01,-.01",
        },
        Parameter {
            key: "memory",
            name: words!("Customer's memory", "顾客记忆长度"),
            help: words!(
                "How many of the last recommendations still count. Each further one multiplies the states by the number of categories.",
                "仍有影响的最近推荐次数。每多一次，状态数就乘以品类数。"
            ),
            unit: words!("recommendations", "次推荐"),
            group: Group::State,
            kind: Kind::Integer { min: 1, max: 8 },
            default: "5",
        },
        Parameter {
            key: "reading",
            name: words!("What is observed", "观测到什么"),
            help: words!(
                "A rating after each recommendation, or what a shop sees: a click, then perhaps a cart, then perhaps a purchase.",
                "每次推荐后的评分；或商店能看到的行为：点击、可能加入购物车、可能购买。"
            ),
            unit: Words::NONE,
            group: Group::Reward,
            kind: Kind::Choice(vec![("rating", words!("rating", "评分")), ("funnel", words!("click, cart, purchase", "点击、加购、购买"))]),
            default: "rating",
        },
        Parameter {
            key: "noise",
            name: words!("Rating noise", "评分噪声"),
            help: words!(
                "Standard deviation of the observed rating around the appeal. Larger means slower learning; it leaves the optimum as it is.",
                "观测评分围绕吸引力的标准差。越大学得越慢，但不改变最优策略。"
            ),
            unit: words!("rating points", "评分"),
            group: Group::Reward,
            kind: Kind::Number { min: 0.0, max: 10.0 },
            default: ".1",
        },
        Parameter {
            key: "funnel",
            name: words!("From click to purchase", "从点击到购买"),
            help: words!(
                "Probability of a cart after a click and of a purchase after a cart: one row for all categories, or one for each.",
                "点击后加购、加购后购买的概率：一行适用于所有品类，或每个品类一行。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Table {
                named: None,
                columns: vec![
                    Column::new(words!("cart after click", "点击后加购"), 0.0, 1.0),
                    Column::new(words!("purchase after cart", "加购后购买"), 0.0, 1.0),
                ],
                min_columns: 2,
                min_rows: 1,
                max_rows: 10,
            },
            default: ".3,.4",
        },
        Parameter {
            key: "segments",
            name: words!("Customer segments", "顾客群体"),
            help: words!(
                "Profile tags: how much more (or less) each segment likes each category. Missing numbers count as 0.",
                "画像标签：每个群体对各品类的额外喜好（可为负）。缺省按 0 计。"
            ),
            unit: words!("rating points", "评分"),
            group: Group::State,
            kind: Kind::Table {
                named: Some(segment_name),
                columns: (1..=10).map(|row| Column::new(phrase!("liking of category {row}", "对第 {row} 类的喜好"), -5.0, 5.0)).collect(),
                min_columns: 1,
                min_rows: 1,
                max_rows: 4,
            },
            default: "Everyone|所有顾客:0",
        },
        Parameter {
            key: "segment_phi",
            name: words!("Own curves of the segments", "各群体自己的曲线"),
            help: words!(
                "Added to the numbers of the table of categories: one row for each category of the first segment, then of the second, and so on. A single 0 means that the segments differ by their liking only.",
                "加到品类表各数上的数：先是第一个群体的每个品类各一行，再是第二个群体，依此类推。只写一个 0 表示各群体仅喜好不同。"
            ),
            unit: words!("rating points", "评分"),
            group: Group::State,
            kind: Kind::Table {
                named: Some(curve_name),
                columns: (0..8).map(|j| Column::new(power(j), -100.0, 100.0)).collect(),
                min_columns: 1,
                min_rows: 1,
                max_rows: 40,
            },
            default: "0",
        },
    ]
}

/// A category that has no name.
pub fn category_name(index: usize) -> Words {
    phrase!("category {}", "品类 {}", index + 1)
}

/// A segment that has no name.
pub fn segment_name(index: usize) -> Words {
    phrase!("segment {}", "群体 {}", index + 1)
}

fn curve_name(index: usize) -> Words {
    phrase!("curve {}", "曲线 {}", index + 1)
}
