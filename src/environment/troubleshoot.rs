//! Which answer to try next, and when to hand over: troubleshooting with a human as the last resort.
//!
//! **Description.** A customer arrives with a question of a known type. Each canned answer solves it with some probability (exactly one cause,
//! so that a failed answer makes the others likelier), takes effort and, when it fails, annoys. A human always solves it, at a price.
//!
//! **States** (`types × 2^answers + 1`): type of the question and the set of answers tried; solved (terminal).
//! **Actions**: try an answer not tried yet; hand over to a human.
//! **Dynamics**: answer i solves with q = p_i / (1 − Σ p of those tried); otherwise it joins the set. A human always solves.
//! **Rewards**: solved, less the effort of each answer, the annoyance of each failure, the cost of the human.
//! **Episode end**: solved. One episode is one customer; the type is drawn at the start.
//! **Parameters**: types, solve, answers, solved, annoyance.
//! **Source**: J. B. Kadane and H. A. Simon, Annals of Statistics 5(2), 1977; D. Heckerman, J. S. Breese and K. Rommelse, Communications of the
//! ACM 38(3), 1995: the best order is by p / (cost + annoyance), and the optimum a prefix of it. The numbers are our choice.

mod chat;
mod desk;

use crate::invalid::Invalid;
use crate::mdp::{Environment, check_size};
use crate::parameter::{Column, Group, Kind, Parameter, Row, Values};
use crate::text::{exact_sum, join_numbers};
use crate::words::Words;

use self::desk::{Answer, Desk, Question};
use super::shared::field::{money, row_name};
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "troubleshoot",
    problem: Problem::CustomerService,
    name: words!("Answers before the human", "先自助后人工"),
    summary: words!(
        "Each canned answer may solve the question, and annoys when it does not. In which order to try them, and when to stop and hand over to a human?",
        "每个标准答案都可能解决问题，失败则让顾客烦躁。按什么顺序尝试？何时停下转人工？"
    ),
    source: words!("D. Heckerman, J. S. Breese & K. Rommelse, Communications of the ACM 38(3), 1995"),
    parameters,
    presets: &[
        Preset {
            key: "troubleshoot",
            name: words!("Four questions, four answers", "四类问题，四种答案"),
            claim: words!(
                "Best chance for the effort first; invoices get one try, then a human",
                "先试性价比最高的答案；开票问题只试一次就转人工"
            ),
            source: None,
            printed: None,
            draft: "discount=1&episodes=300000&steps=20&alpha=visits:.9&epsilon=lin:1:.1:200000\
                    &dqn.episodes=20000&dqn.alpha=lin:.001:.0001:20000&dqn.epsilon=lin:1:.05:10000",
        },
        Preset {
            key: "troubleshoot_patience",
            name: words!("None pays alone", "单看都不值得"),
            claim: words!(
                "No answer is worth trying by itself, yet trying all three beats the human",
                "单看任何一个答案都不值得试，三个都试却比直接转人工好"
            ),
            source: None,
            printed: None,
            draft: "types=pairing fails|配对失败:1,8&solve=.3,.3,.35&answers=restart|重启:3;reset|恢复出厂:3;update|升级固件:3&annoyance=0\
                    &discount=1&episodes=10000&steps=20&alpha=visits:.7&epsilon=lin:1:.1:6000",
        },
    ],
    build,
};

/// Most types of question.
const MOST_TYPES: usize = 12;
/// Most answers.
const MOST_ANSWERS: usize = 12;

fn type_name(index: usize) -> Words {
    phrase!("type {}", "类型 {}", index + 1)
}

fn answer_name(index: usize) -> Words {
    phrase!("answer {}", "答案 {}", index + 1)
}

fn parameters() -> Vec<Parameter> {
    let points = || words!("points", "点");
    let worth = |key, name, help, default| Parameter { unit: points(), ..money(key, name, help, default) };
    vec![
        Parameter {
            key: "types",
            name: words!("Types of question", "问题类型"),
            help: words!(
                "One row for each type: its share of customers, and what a human costs for it.",
                "每种类型一行：顾客占比，以及转人工的成本。"
            ),
            unit: Words::NONE,
            group: Group::State,
            kind: Kind::Table {
                named: Some(type_name),
                columns: vec![Column::new(words!("share", "占比"), 0.0, 1.0), Column::new(words!("cost of a human", "人工成本"), 0.0, 1e6)],
                min_columns: 2,
                min_rows: 1,
                max_rows: MOST_TYPES as u32,
            },
            default: "parcel tracking|包裹查询:.4,8;size and fit|尺码选择:.3,8;defect|商品故障:.2,8;invoice|开票:.1,8",
        },
        Parameter {
            key: "answers",
            name: words!("Answers", "标准答案"),
            help: words!(
                "One row for each answer: the effort of trying it, one number for all types or one for each.",
                "每个答案一行：尝试的成本，可对所有类型用同一个数，也可每种类型一个数。"
            ),
            unit: points(),
            group: Group::Action,
            kind: Kind::Table {
                named: Some(answer_name),
                columns: (0..MOST_TYPES)
                    .map(|index| Column::new(phrase!("effort, type {}", "成本，类型 {}", index + 1), 0.0, 1e6))
                    .collect(),
                min_columns: 1,
                min_rows: 1,
                max_rows: MOST_ANSWERS as u32,
            },
            default: "help page|帮助页面:.3;short video|短视频:.5;guided steps|分步引导:.8;remote check|远程检测:1.2",
        },
        Parameter {
            key: "solve",
            name: words!("Chance that an answer solves", "答案解决问题的概率"),
            help: words!(
                "One row for each type, one number for each answer. A row may sum to less than 1: the rest only a human solves.",
                "每种类型一行，每个答案一个数。每行之和可小于 1：其余只有人工能解决。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Table {
                named: None,
                columns: (0..MOST_ANSWERS).map(|index| Column::new(answer_name(index), 0.0, 1.0)).collect(),
                min_columns: 1,
                min_rows: 1,
                max_rows: MOST_TYPES as u32,
            },
            default: ".45,.2,.15,.05;.2,.35,.15,.1;.15,.15,.3,.2;.1,.05,.1,.1",
        },
        worth(
            "solved",
            words!("A solved question", "解决一个问题"),
            words!("Worth of a customer whose question is solved, by whom ever.", "问题得到解决的价值，不论由谁解决。"),
            "10",
        ),
        worth(
            "annoyance",
            words!("Annoyance of a failed answer", "答案无效的烦躁成本"),
            words!(
                "Lost with each answer that does not help. Larger means fewer tries, and surer answers first.",
                "每个无效答案的损失。越大则尝试越少，并优先更有把握的答案。"
            ),
            ".4",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let (types, answers, solve) = (values.table("types")?, values.table("answers")?, values.table("solve")?);
    let shares: Vec<f64> = types.iter().map(|row| number(row, 0)).collect();
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > 1e-9 {
        let sum = exact_sum(sum);
        let fault = phrase!("the shares sum to {sum}; they must sum to 1", "占比之和为 {sum}，应为 1");
        return Err(Invalid::new("types", join_numbers(&shares), fault));
    }
    check_shape("solve", solve, types.len(), answers.len(), &[answers.len()])?;
    check_shape("answers", answers, answers.len(), types.len(), &[1, types.len()])?;
    let desk = Desk {
        questions: types
            .iter()
            .zip(solve)
            .enumerate()
            .map(|(i, (row, solve))| question(row, solve, answers, i))
            .collect::<Result<_, _>>()?,
        answers: answers.iter().enumerate().map(|(index, row)| Answer { name: row_name(row, answer_name(index)) }).collect(),
        solved: values.number("solved")?,
        annoyance: values.number("annoyance")?,
    };
    let pairs = u64::from(desk.state_count()) * u64::from(desk.action_count());
    check_size("answers", answers.len(), pairs, 2 * pairs)?;
    Ok(Box::new(desk))
}

fn question(row: &Row, solve: &Row, answers: &[Row], index: usize) -> Result<Question, Invalid> {
    let sum: f64 = solve.numbers.iter().sum();
    if sum > 1.0 + 1e-9 {
        let (line, sum) = (index + 1, exact_sum(sum));
        let fault = phrase!("row {line} sums to {sum}; at most 1", "第 {line} 行之和为 {sum}，最多为 1");
        return Err(Invalid::new("solve", join_numbers(&solve.numbers), fault));
    }
    Ok(Question {
        name: row_name(row, type_name(index)),
        share: number(row, 0),
        human_cost: number(row, 1),
        solves: solve.numbers.clone(),
        costs: answers.iter().map(|answer| number(answer, if answer.numbers.len() == 1 { 0 } else { index })).collect(),
    })
}

fn number(row: &Row, column: usize) -> f64 {
    row.numbers.get(column).copied().unwrap_or(0.0)
}

/// Tables that belong together must have matching numbers of rows and columns.
fn check_shape(key: &str, rows: &[Row], height: usize, other: usize, widths: &[usize]) -> Result<(), Invalid> {
    let width = rows.first().map_or(0, |row| row.numbers.len());
    if rows.len() == height && widths.contains(&width) {
        return Ok(());
    }
    let given = rows.len();
    let fault: Words = match key {
        "solve" => phrase!(
            "has {given} rows of {width} numbers; there must be {height} rows (types) of {other} numbers (answers)",
            "有 {given} 行，每行 {width} 个数；应有 {height} 行（类型），每行 {other} 个数（答案）"
        ),
        _ => phrase!(
            "has {width} numbers a row; there must be 1 or {other} (types)",
            "每行有 {width} 个数；应为 1 个或 {other} 个（类型数）"
        ),
    };
    Err(Invalid::new(key, format!("{given} × {width}"), fault))
}
