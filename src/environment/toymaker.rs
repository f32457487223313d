//! Howard's toymaker: advertise while the toy sells, do research when it does not?
//!
//! **Description.** A toymaker has a toy that sells or one that does not. Advertising lengthens a success and research shortens a failure,
//! and both cost more this week than they bring this week.
//!
//! **States** (2): the toy sells, the toy does not sell. **Actions**: in success to advertise or not, in failure to do research or not.
//! **Dynamics**: each choice has its chance that the toy sells next week.
//! **Rewards**: each choice has its profit for a week that leads to success, and for one that leads to failure, in money.
//! **Episode end**: none; episodes are cut (truncated) after a number of weeks.
//! **Parameters**: choices.
//! **Source**: R. A. Howard, *Dynamic Programming and Markov Processes*, MIT Press 1960.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State};
use crate::parameter::{Column, Group, Kind, Parameter, Row, Values};
use crate::words::{Language, Words};

use super::shared::field::{row_name, rule};
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "toymaker",
    problem: Problem::Promotion,
    name: words!("The toymaker", "玩具商"),
    summary: words!(
        "Advertising keeps a toy popular and research finds the next one; both cost more this week than they bring this week.",
        "广告能延续热销，研发能找到下一个爆款；但当周投入都高于当周回报。"
    ),
    source: words!("R. A. Howard, Dynamic Programming and Markov Processes, MIT Press 1960"),
    parameters,
    presets: &[Preset {
        key: "toymaker",
        name: words!("Howard's toymaker", "Howard 的玩具商"),
        claim: words!("Advertise and do research, although neither pays within the week", "既打广告又做研发，尽管当周都不回本"),
        source: Some(words!("R. A. Howard, Dynamic Programming and Markov Processes, MIT Press 1960")),
        printed: Some(words!(
            "22.2 with a successful toy, 12.3 without; undiscounted, 2 a week in the long run",
            "热销时 22.2，滞销时 12.3；不折扣时，长期平均每周 2"
        )),
        draft: "discount=.9&episodes=1000&steps=100&alpha=visits:.7&epsilon=lin:1:.1:800",
    }],
    build,
};

fn parameters() -> Vec<Parameter> {
    vec![Parameter {
        key: "choices",
        name: words!("Choices", "可选做法"),
        help: words!(
            "Chance that the toy sells next week, and the week's profit if it then does and if it does not. Four rows: two choices while it sells, two while it does not.",
            "下周热销的概率，以及下周热销或不热销时本周的利润。共四行：热销时两种做法，滞销时两种做法。"
        ),
        unit: Words::NONE,
        group: Group::Transition,
        kind: Kind::Table {
            named: Some(choice_name),
            columns: vec![
                Column::new(words!("chance of success", "热销概率"), 0.0, 1.0),
                Column::new(words!("profit if it sells", "热销利润"), -1e6, 1e6),
                Column::new(words!("profit if not", "滞销利润"), -1e6, 1e6),
            ],
            min_columns: 3,
            min_rows: 4,
            max_rows: 4,
        },
        default: "no advertising|不打广告:.5,9,3;advertising|打广告:.8,4,4;no research|不研发:.4,3,-7;research|研发:.7,1,-19",
    }]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    Ok(Box::new(Toymaker { choices: (0..).zip(values.table("choices")?).map(|(index, row)| Choice::new(index, row)).collect() }))
}

/// A choice that has no name.
fn choice_name(index: usize) -> Words {
    phrase!("choice {}", "做法 {}", index + 1)
}

/// A row of the table: the first two belong to success, the others to failure.
struct Choice {
    name: Words,
    success: f64,
    profit: [f64; 2],
}

impl Choice {
    fn new(index: usize, row: &Row) -> Self {
        let cell = |column: usize| row.numbers.get(column).copied().unwrap_or(0.0);
        Self { name: row_name(row, choice_name(index)), success: cell(0), profit: [cell(1), cell(2)] }
    }

    /// Expected profit of the week.
    fn expected(&self) -> f64 {
        self.success * self.profit[0] + (1.0 - self.success) * self.profit[1]
    }
}

struct Toymaker {
    choices: Vec<Choice>,
}

const SUCCESS: State = State(0);
const FAILURE: State = State(1);

/// The choice numbered 0 or 1 among those of a state.
fn choice(state: State, number: u32) -> Action {
    Action(2 * state.0 + number)
}

impl Environment for Toymaker {
    fn factors(&self) -> Vec<Factor> {
        vec![Factor {
            key: "toy",
            name: words!("the toy", "玩具"),
            unit: Words::NONE,
            levels: Levels::Named(vec![words!("sells", "热销"), words!("does not sell", "滞销")]),
        }]
    }

    fn state_count(&self) -> u32 {
        2
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        self.choices.len() as u32
    }

    fn action_name(&self, action: Action) -> Words {
        self.choices.get(action.index()).map_or(Words::NONE, |choice| choice.name.clone())
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        actions.extend([choice(state, 0), choice(state, 1)]);
    }

    fn outcomes(&self, _state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let choice = &self.choices[action.index()];
        outcomes.push(Outcome::new(choice.success, SUCCESS, [choice.profit[0]]));
        outcomes.push(Outcome::new(1.0 - choice.success, FAILURE, [choice.profit[1]]));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![RewardPart { key: "profit", name: words!("profit", "利润") }]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(SUCCESS, 1.0)]
    }

    fn event(&self, _state: State, _action: Action, outcome: u32, language: Language) -> String {
        let words = if outcome == 0 { words!("a success", "热销") } else { words!("a failure", "滞销") };
        words.get(language).to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let better = |state: State| {
            let expected = |number| self.choices.get(choice(state, number).index()).map_or(0.0, Choice::expected);
            u32::from(expected(1) > expected(0))
        };
        let today = [better(SUCCESS), better(FAILURE)];
        let fixed = |key, name, plan: [u32; 2]| Baseline {
            key,
            name,
            rules: vec![rule(Words::NONE, move |state| choice(state, plan.get(state.index()).copied().unwrap_or(0)))],
        };
        vec![
            fixed("this_week", words!("what pays this week", "只看本周"), today),
            fixed("advertise_only", words!("spend on success only", "只在热销时投入"), [1, 0]),
            fixed("research_only", words!("spend on failure only", "只在滞销时投入"), [0, 1]),
            fixed("always_spend", words!("spend always", "一直投入"), [1, 1]),
        ]
    }
}
