//! What a visitor can change about the network and how it learns.

use crate::invalid::Invalid;
use crate::parameter::{Group, Kind, Parameter, Values};
use crate::words::Words;

/// Most units of a hidden layer.
const MAX_WIDTH: f64 = 512.0;

/// How the target writes what the next state is taken to be worth, by the switches.
pub fn next_term(options: &Values) -> &'static str {
    let follows = options.integer("target_every").is_ok_and(|every| every > 0);
    let double = options.choice("double").is_ok_and(|double| double == "yes");
    match (follows, double) {
        (false, _) => "max Q(s′,·; θ)",
        (true, false) => "max Q(s′,·; θ⁻)",
        (true, true) => "Q(s′, argmax Q(s′,·; θ); θ⁻)",
    }
}

/// The checked values.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// Key of what the network sees.
    pub encoding: String,
    /// Separate heads for the state's value and the actions' advantages.
    pub dueling: bool,
    /// The learning network picks the next action, the target network judges it.
    pub double: bool,
    /// Transitions a gradient step learns from.
    pub batch: usize,
    /// Transitions remembered; 0 means that only the last one is learned from.
    pub replay: u32,
    /// Steps before learning begins.
    pub warmup: u64,
    /// Gradient steps between moves of the target network; 0 means that there is none.
    pub target_every: u64,
    /// How far the target network moves; 1 is a copy.
    pub tau: f32,
    /// Huber loss rather than the square.
    pub huber: bool,
    /// Adam rather than gradient descent with momentum.
    pub adam: bool,
    /// Momentum of gradient descent.
    pub momentum: f32,
    /// Longest gradient; 0 means any.
    pub clip: f32,
    /// Whether targets are normalised.
    pub normalise: bool,
}

impl Options {
    /// Reads the options of an experiment.
    pub fn new(values: &Values) -> Result<Self, Invalid> {
        let widths = values.list("hidden")?;
        if let Some(width) = widths.iter().find(|width| width.fract() != 0.0) {
            return Err(Invalid::new("hidden", width, words!("a layer has a whole number of units", "每层的单元数应为整数")));
        }
        Ok(Self {
            hidden: widths.iter().map(|width| *width as usize).collect(),
            encoding: values.choice("encoding")?.to_owned(),
            dueling: values.choice("dueling")? == "yes",
            double: values.choice("double")? == "yes",
            batch: values.integer("batch")? as usize,
            replay: values.integer("replay")? as u32,
            warmup: values.integer("warmup")? as u64,
            target_every: values.integer("target_every")? as u64,
            tau: values.number("tau")? as f32,
            huber: values.choice("loss")? == "huber",
            adam: values.choice("optimiser")? == "adam",
            momentum: values.number("momentum")? as f32,
            clip: values.number("clip")? as f32,
            normalise: values.choice("normalise")? == "yes",
        })
    }
}

/// The options as the form shows them.
pub fn parameters() -> Vec<Parameter> {
    let parameter =
        |key, name: Words, help: Words, unit, kind, default| Parameter { key, name, help, unit, group: Group::Learner, kind, default };
    let none = || words!("", "");
    let yes_or_no = || Kind::Choice(vec![("no", words!("no", "否")), ("yes", words!("yes", "是"))]);
    let integer = |min, max| Kind::Integer { min, max };
    let number = |min, max| Kind::Number { min, max };
    vec![
        parameter(
            "hidden",
            words!("Hidden layers", "隐藏层"),
            words!(
                "Units of each hidden layer, separated by commas. More can tell finer differences apart, and take longer.",
                "各隐藏层的单元数，用逗号分隔。单元越多越能分辨细微差别，也越慢。"
            ),
            words!("units", "个"),
            Kind::List { min_count: 1, max_count: 4, min: 1.0, max: MAX_WIDTH },
            "64,64",
        ),
        parameter(
            "encoding",
            words!("Inputs", "输入编码"),
            words!(
                "How the network sees numbers: scaled to 0..1, which suggests that neighbours are alike, as one input for each level, which tells them all apart, or both. Names always get one input each. Or it is not told the state, and sees a picture of the shelf or reads the customer's words.",
                "网络如何看到数值：缩放到 0..1（相邻数值视为相近）、每个取值一个输入（彼此可区分），或两者并用。类别总是各占一个输入。也可以不告知状态，只让它看货架图像或读顾客的话。"
            ),
            none(),
            Kind::Choice(vec![
                ("scaled", words!("scaled", "缩放")),
                ("one_hot", words!("one-hot", "独热")),
                ("both", words!("both", "两者并用")),
                ("pixels", words!("a picture of the shelf", "货架图像")),
                ("text", words!("the customer's words", "顾客的话")),
            ]),
            "scaled",
        ),
        parameter(
            "double",
            words!("Double DQN", "双 DQN"),
            words!(
                "The learning network picks the best next action, the target network says what it is worth. Tempers over-estimation.",
                "由学习网络挑选下一步的最优动作，由目标网络估值，可减轻高估。"
            ),
            none(),
            yes_or_no(),
            "yes",
        ),
        parameter(
            "dueling",
            words!("Dueling heads", "竞争架构（Dueling）"),
            words!(
                "One output for the worth of the state and one for each action's advantage. Helps where most decisions hardly matter.",
                "一个输出估计状态价值，其余输出估计各动作的优势。当多数决策影响很小时有帮助。"
            ),
            none(),
            yes_or_no(),
            "no",
        ),
        parameter(
            "batch",
            words!("Mini-batch", "小批量"),
            words!("Transitions a gradient step learns from. Larger is steadier and slower.", "每次梯度更新所用的转移数。越大越稳、越慢。"),
            words!("transitions", "条"),
            integer(1, 512),
            "32",
        ),
        parameter(
            "replay",
            words!("Replay memory", "经验回放容量"),
            words!(
                "Transitions remembered and drawn at random. 0 switches it off: only the last one is learned from, and consecutive steps are alike.",
                "记住并随机抽取的转移数。0 表示关闭：只从最后一条学习，而相邻步骤高度相关。"
            ),
            words!("transitions", "条"),
            integer(0, 200_000),
            "10000",
        ),
        parameter(
            "warmup",
            words!("Warm-up", "预热步数"),
            words!("Steps that only fill the memory before learning begins.", "开始学习前只填充记忆的步数。"),
            words!("steps", "步"),
            integer(0, 100_000),
            "500",
        ),
        parameter(
            "target_every",
            words!("Target network follows every", "目标网络更新间隔"),
            words!(
                "Gradient steps between moves of the target network. 0 means none: the network chases its own estimates.",
                "目标网络每隔多少次梯度更新跟进一次。0 表示没有目标网络：网络追逐自己的估计。"
            ),
            words!("updates", "次更新"),
            integer(0, 1_000_000),
            "100",
        ),
        parameter(
            "tau",
            words!("Target network moves by", "目标网络软更新系数"),
            words!(
                "1 copies the network (hard update); less goes part of the way (soft update).",
                "1 为完全复制（硬更新）；小于 1 为部分跟进（软更新）。"
            ),
            none(),
            number(1e-4, 1.0),
            "1",
        ),
        parameter(
            "loss",
            words!("Loss", "损失函数"),
            words!(
                "Squared aims at the mean of what may follow. Huber is straight beyond 1, so that a surprise does not throw the network off, but rare large costs count for too little.",
                "平方损失瞄准各种后果的均值。Huber 超过 1 后为直线，意外样本不会使网络失控，但罕见的大额成本会被低估。"
            ),
            none(),
            Kind::Choice(vec![("squared", words!("squared", "平方")), ("huber", words!("Huber"))]),
            "squared",
        ),
        parameter(
            "optimiser",
            words!("Optimiser", "优化器"),
            words!("How weights follow their gradient.", "权重如何沿梯度更新。"),
            none(),
            Kind::Choice(vec![("adam", words!("Adam")), ("sgd", words!("gradient descent with momentum", "带动量的梯度下降"))]),
            "adam",
        ),
        parameter(
            "momentum",
            words!("Momentum", "动量"),
            words!("Share of the last move that goes on; gradient descent only.", "上一次移动延续的比例；仅用于梯度下降。"),
            none(),
            number(0.0, 0.999),
            ".9",
        ),
        parameter(
            "clip",
            words!("Longest gradient", "梯度裁剪"),
            words!("Longer gradients are shortened to this. 0 leaves them as they are.", "更长的梯度会缩短到此长度。0 表示不裁剪。"),
            none(),
            number(0.0, 1e6),
            "10",
        ),
        parameter(
            "normalise",
            words!("Normalised targets", "目标归一化"),
            words!(
                "Pop-Art (van Hasselt et al. 2016): targets are shifted and scaled to mean 0 and variance 1 while outputs stay what they were, so that one learning rate serves cents and millions.",
                "Pop-Art（van Hasselt 等 2016）：把目标平移缩放为均值 0、方差 1，同时保持输出不变，使同一学习率对几分钱和几百万都适用。"
            ),
            none(),
            yes_or_no(),
            "yes",
        ),
    ]
}
