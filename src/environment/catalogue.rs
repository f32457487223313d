//! A catalogue for two classes of customers: small buyers, and large buyers who must be kept.
//!
//! **Description.** Each quarter a mail-order house decides for each customer whether to send the catalogue. It makes everybody buy more
//! now; it also moves small buyers up and keeps large buyers from slipping, which only a far-sighted shop counts.
//!
//! **States** (2): the class the customer is in. **Actions**: send nothing, send the catalogue.
//! **Dynamics**: the customer stays in the class with a probability that depends on class and catalogue, else moves to the other class.
//! **Rewards**: spending of the class, with or without catalogue, − cost of the catalogue, in money.
//! **Episode end**: none; episodes are cut (truncated) after a number of quarters.
//! **Parameters**: classes, cost.
//! **Source**: the textbook's catalogue exercise, attributed to M. L. Puterman, *Markov Decision Processes*, Wiley 1994, ch. 6.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State};
use crate::parameter::{Column, Group, Kind, Parameter, Row, Values};
use crate::words::{Language, Words};

use super::shared::field::{always, money, row_name, rule};
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "catalogue",
    problem: Problem::Promotion,
    name: words!("Catalogue for two classes", "两类顾客的目录"),
    summary: words!(
        "A catalogue costs more than small buyers spend extra on it. It pays only for who counts that it turns some of them into large buyers.",
        "给低消费顾客寄目录，当期多花的钱抵不上成本；只有算上他们会升为高消费顾客，才值得寄。"
    ),
    source: words!(
        "Catalogue exercise attributed to M. L. Puterman, Markov Decision Processes, Wiley 1994, ch. 6",
        "商品目录习题，据称出自 M. L. Puterman, Markov Decision Processes, Wiley 1994, ch. 6"
    ),
    parameters,
    presets: PRESETS,
    build,
};

static PRESETS: &[Preset] = &[
    Preset {
        key: "catalogue",
        name: words!("Two classes, far-sighted", "两类顾客，着眼长远"),
        claim: words!("Send it to everybody, although small buyers do not pay for it today", "给所有人都寄，尽管低消费顾客当期并不回本"),
        source: Some(words!(
            "Textbook exercise, attributed to Puterman, Markov Decision Processes, 1994, ch. 6",
            "教科书习题，据称出自 Puterman, Markov Decision Processes, 1994, ch. 6"
        )),
        printed: None,
        draft: "discount=.9&episodes=1000&steps=100&alpha=visits:.7&epsilon=lin:1:.1:800",
    },
    Preset {
        key: "catalogue_impatient",
        name: words!("Two classes, short-sighted", "两类顾客，急功近利"),
        claim: words!(
            "Below a discount of 10/13, unlike in “Two classes, far-sighted”, the future no longer pays for small buyers' catalogues",
            "折扣因子低于 10/13 时，给低消费顾客寄目录不再划算，与“两类顾客，着眼长远”不同"
        ),
        source: Some(words!(
            "Textbook exercise, attributed to Puterman, Markov Decision Processes, 1994, ch. 6",
            "教科书习题，据称出自 Puterman, Markov Decision Processes, 1994, ch. 6"
        )),
        printed: None,
        draft: "discount=.7&episodes=1000&steps=100&alpha=visits:.7&epsilon=lin:1:.1:800",
    },
];

fn parameters() -> Vec<Parameter> {
    vec![
        Parameter {
            key: "classes",
            name: words!("Classes of customers", "顾客类别"),
            help: words!(
                "Spending a quarter without and with the catalogue, and the chance of staying in the class without and with it. Two rows: small buyers, then large ones.",
                "无目录和有目录时每季的消费，以及无目录和有目录时留在本类的概率。共两行：先低消费，后高消费。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Table {
                named: Some(class_name),
                columns: vec![
                    Column::new(words!("spends without", "无目录消费"), 0.0, 1e6),
                    Column::new(words!("spends with", "有目录消费"), 0.0, 1e6),
                    Column::new(words!("stays without", "无目录留存"), 0.0, 1.0),
                    Column::new(words!("stays with", "有目录留存"), 0.0, 1.0),
                ],
                min_columns: 4,
                min_rows: 2,
                max_rows: 2,
            },
            default: "small buyer|低消费:10,20,.5,.3;large buyer|高消费:25,50,.4,.8",
        },
        money(
            "cost",
            words!("Cost of a catalogue", "目录成本"),
            words!("Printing and postage. Larger means fewer customers worth one.", "印刷与邮寄费用。越高则值得寄的顾客越少。"),
            "15",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    Ok(Box::new(House {
        classes: (0..).zip(values.table("classes")?).map(|(index, row)| Class::new(index, row)).collect(),
        cost: values.number("cost")?,
    }))
}

const SEND: Action = Action(1);

/// A class that has no name.
fn class_name(index: usize) -> Words {
    phrase!("class {}", "第 {} 类", index + 1)
}

struct Class {
    name: Words,
    /// Spending without and with the catalogue.
    spends: [f64; 2],
    /// Chance of staying without and with it.
    stays: [f64; 2],
}

impl Class {
    fn new(index: usize, row: &Row) -> Self {
        let cell = |column: usize| row.numbers.get(column).copied().unwrap_or(0.0);
        Self { name: row_name(row, class_name(index)), spends: [cell(0), cell(1)], stays: [cell(2), cell(3)] }
    }
}

struct House {
    classes: Vec<Class>,
    cost: f64,
}

impl Environment for House {
    fn factors(&self) -> Vec<Factor> {
        vec![Factor {
            key: "class",
            name: words!("customer", "顾客"),
            unit: Words::NONE,
            levels: Levels::Named(self.classes.iter().map(|class| class.name.clone()).collect()),
        }]
    }

    fn state_count(&self) -> u32 {
        self.classes.len() as u32
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        2
    }

    fn action_name(&self, action: Action) -> Words {
        if action == SEND { words!("send the catalogue", "寄目录") } else { words!("send nothing", "不寄") }
    }

    fn available(&self, _state: State, actions: &mut Vec<Action>) {
        actions.extend([Action(0), SEND]);
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let class = &self.classes[state.index()];
        let stays = class.stays[action.index()];
        let cost = if action == SEND { -self.cost } else { 0.0 };
        let parts = [class.spends[action.index()], cost];
        outcomes.push(Outcome::new(stays, state, parts));
        outcomes.push(Outcome::new(1.0 - stays, State(1 - state.0), parts));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "spending", name: words!("spending", "消费") },
            RewardPart { key: "catalogue", name: words!("catalogue", "目录成本") },
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(State(0), 1.0)]
    }

    fn event(&self, state: State, _action: Action, outcome: u32, language: Language) -> String {
        let words = match (outcome, state.0) {
            (0, _) => words!("stayed in the class", "留在原类别"),
            (_, 0) => words!("moved up", "升级"),
            _ => words!("slipped", "降级"),
        };
        words.get(language).to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let pays: Vec<bool> = self.classes.iter().map(|class| class.spends[1] - class.spends[0] >= self.cost).collect();
        vec![
            Baseline {
                key: "mail_everybody",
                name: words!("catalogue for everybody", "人人寄目录"),
                rules: vec![always(Words::NONE, SEND)],
            },
            Baseline {
                key: "break_even",
                name: words!("whoever pays for it today", "只寄给当期回本的顾客"),
                rules: vec![rule(Words::NONE, move |state| Action(u32::from(pays.get(state.index()) == Some(&true))))],
            },
            Baseline { key: "never", name: words!("no catalogues", "不寄目录"), rules: vec![always(Words::NONE, Action(0))] },
        ]
    }
}
