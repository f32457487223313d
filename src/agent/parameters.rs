//! What a visitor can change about the learner, whatever the problem.

use crate::parameter::{Group, Kind, Parameter};
use crate::schedule::MAX_EPISODES;
use crate::words::Words;

use super::{ALGORITHMS, Algorithm, algorithm};

/// What all learners share, then what belongs to one of them.
pub fn learner_parameters() -> Vec<Parameter> {
    common_parameters().into_iter().chain(ALGORITHMS.iter().flat_map(|algorithm| (algorithm.parameters)())).collect()
}

/// Whether a learner's parameter has a meaning for an algorithm.
pub fn applies(key: &str, algorithm_key: &str) -> bool {
    let owned = |algorithm: &Algorithm| (algorithm.parameters)().iter().any(|parameter| parameter.key == key);
    algorithm(algorithm_key).is_some_and(owned) || !ALGORITHMS.iter().any(|algorithm| owned(algorithm))
}

fn common_parameters() -> Vec<Parameter> {
    let parameter = |key, name: Words, help: Words, unit: Words, kind, default| Parameter {
        key,
        name,
        help,
        unit,
        group: Group::Learner,
        kind,
        default,
    };
    let none = || words!("", "");
    let algorithms = ALGORITHMS.iter().map(|algorithm| (algorithm.key, algorithm.name.clone())).collect();
    vec![
        parameter(
            "algorithm",
            words!("Algorithm", "算法"),
            words!("The update rule.", "更新规则。"),
            none(),
            Kind::Choice(algorithms),
            "q_learning",
        ),
        parameter(
            "discount",
            words!("Discount of the objective", "目标折扣因子"),
            words!(
                "How much next period counts against this one. Optimum and learner are both measured by it.",
                "下一期收益相对本期的权重。最优解和学习结果都以它衡量。"
            ),
            none(),
            Kind::Number { min: 0.0, max: 1.0 },
            ".95",
        ),
        parameter(
            "alpha",
            words!("Learning rate α", "学习率 α"),
            words!(
                "How far each update moves a value towards its target. Larger learns faster and forgets faster.",
                "每次更新向目标移动的比例。越大学得越快，也忘得越快。"
            ),
            none(),
            Kind::Schedule { visits: true },
            "visits:.7",
        ),
        parameter(
            "gamma",
            words!("Discount factor γ of the learner", "学习用折扣因子 γ"),
            words!(
                "How far the learner looks ahead. Let it rise to look at today's sales first and at customer lifetime value later, with a constant α: one that falls with visits is spent while γ is low.",
                "学习时看多远。让它逐渐升高，可以先看当期销售，再看客户终身价值；此时 α 宜取常数，随次数递减的 α 在 γ 还低时就已耗尽。"
            ),
            none(),
            Kind::Schedule { visits: false },
            ".95",
        ),
        parameter(
            "epsilon",
            words!("Exploration rate ε", "探索率 ε"),
            words!("How often an action is tried at random.", "随机尝试动作的比例。"),
            none(),
            Kind::Schedule { visits: false },
            "lin:1:.05:200",
        ),
        parameter(
            "q0",
            words!("Initial Q", "初始 Q 值"),
            words!(
                "What every action is believed to be worth before any is tried. More than the true values, with costs already 0, makes it try everything. Many presets set it near the optimal value, so as to learn in a minute: try 0.",
                "尝试之前对每个动作价值的估计。高于真实价值（奖励是成本时，0 就算高）会促使它把每个动作都试一遍。不少预设把它设在最优值附近，以便一分钟内学会：可改为 0 试试。"
            ),
            none(),
            Kind::Number { min: -1e9, max: 1e9 },
            "0",
        ),
        parameter(
            "episodes",
            words!("Episodes", "回合数"),
            words!("Planned length of the run.", "计划训练的回合数。"),
            none(),
            Kind::Integer { min: 1, max: MAX_EPISODES as i64 },
            "300",
        ),
        parameter(
            "steps",
            words!("Steps an episode", "每回合步数"),
            words!("An episode that has not ended is cut after this many steps.", "未结束的回合在这么多步后截断。"),
            words!("steps", "步"),
            Kind::Integer { min: 1, max: 100_000 },
            "100",
        ),
        parameter(
            "seed",
            words!("Seed", "随机种子"),
            words!("The same seed repeats the same run, anywhere.", "相同的种子在任何地方都会重现同一次运行。"),
            none(),
            Kind::Integer { min: 0, max: u32::MAX as i64 },
            "1",
        ),
    ]
}
