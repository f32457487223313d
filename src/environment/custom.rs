//! The visitor's own problem: a table of state, action, probability, next state and reward.
//!
//! **Description.** Whatever the rows say. **States**: every name in the columns state and next, in order of appearance.
//! **Actions**: every name in the column action; a state offers those it has rows for. **Dynamics and rewards**: the rows.
//! **Episode end**: in states without rows, or declared by a row with nothing but the state.
//! **Parameters**: rows, start.
//! **Source**: the default is an example of our own; the second preset is R. A. Howard's toymaker, *Dynamic Programming and Markov
//! Processes*, MIT Press 1960.

mod check;
mod earlier;
mod sheet;

use std::collections::BTreeMap;

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State, check_size};
use crate::parameter::{Group, Kind, Parameter, Values};
use crate::transitions::{RowFault, TransitionRow};
use crate::words::{Language, Words};

use super::shared::field::rule;
use super::{Preset, Problem, Scenario};
pub use earlier::Earlier;
pub use sheet::Sheet;

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "custom",
    problem: Problem::Custom,
    name: words!("A table of your own", "自定义表格"),
    summary: words!(
        "Describe a problem row by row, or paste it from a spreadsheet: in a state, an action leads with some probability to a next state and a reward.",
        "逐行描述问题，或从电子表格粘贴：在某状态采取某动作，以某概率转到下一状态并得到奖励。"
    ),
    source: words!("the visitor; the default is our own example", "由您定义；默认为我们自拟的例子"),
    parameters,
    presets: &[
        Preset {
            key: "cart",
            name: words!("Abandoned cart", "弃购挽回"),
            claim: words!("Remind before you discount: the coupon is better only today", "先提醒，再打折：优惠券只在当下更划算"),
            source: None,
            printed: None,
            draft: "discount=1&episodes=20000&steps=50&alpha=visits:.7&epsilon=lin:1:.1:12000\
                    &dqn.episodes=15000&dqn.alpha=lin:.001:.0001:15000&dqn.epsilon=lin:1:.05:8000",
        },
        Preset {
            key: "own_toymaker",
            name: words!("Howard's toymaker", "Howard 的玩具商"),
            claim: words!(
                "Advertise and research: less profit today, 22.2 instead of 15.5 in the long run",
                "做广告、搞研发：眼前利润更低，长期价值 22.2，而短视只有 15.5"
            ),
            source: Some(words!("R. A. Howard, Dynamic Programming and Markov Processes, MIT Press 1960")),
            printed: None,
            draft: "rows=successful toy|玩具热销,no advertising|不做广告,.5,successful toy|玩具热销,9;\
                    successful toy|玩具热销,no advertising|不做广告,.5,no success|玩具滞销,3;\
                    successful toy|玩具热销,advertise|做广告,.8,successful toy|玩具热销,4;\
                    successful toy|玩具热销,advertise|做广告,.2,no success|玩具滞销,4;\
                    no success|玩具滞销,no research|不研发,.4,successful toy|玩具热销,3;\
                    no success|玩具滞销,no research|不研发,.6,no success|玩具滞销,-7;\
                    no success|玩具滞销,research|研发,.7,successful toy|玩具热销,1;\
                    no success|玩具滞销,research|研发,.3,no success|玩具滞销,-19\
                    &discount=.9&episodes=1000&steps=100&alpha=visits:.7&epsilon=lin:1:.1:600",
        },
    ],
    build,
};

/// An example of our own: margin of an order 30, free shipping 5, coupon 10, message .2.
const ABANDONED_CART: &str = "browsing|浏览中,leave alone|不打扰,.3,cart filled|已加购,0;\
    browsing|浏览中,leave alone|不打扰,.5,browsing|浏览中,0;\
    browsing|浏览中,leave alone|不打扰,.2,gone|流失,0;\
    browsing|浏览中,recommend|推荐商品,.45,cart filled|已加购,-.2;\
    browsing|浏览中,recommend|推荐商品,.3,browsing|浏览中,-.2;\
    browsing|浏览中,recommend|推荐商品,.25,gone|流失,-.2;\
    cart filled|已加购,leave alone|不打扰,.45,bought|已购买,30;\
    cart filled|已加购,leave alone|不打扰,.4,cart left|弃购,0;\
    cart filled|已加购,leave alone|不打扰,.15,gone|流失,0;\
    cart filled|已加购,free shipping|包邮,.65,bought|已购买,25;\
    cart filled|已加购,free shipping|包邮,.25,cart left|弃购,0;\
    cart filled|已加购,free shipping|包邮,.1,gone|流失,0;\
    cart filled|已加购,coupon|优惠券,.75,bought|已购买,20;\
    cart filled|已加购,coupon|优惠券,.15,cart left|弃购,0;\
    cart filled|已加购,coupon|优惠券,.1,gone|流失,0;\
    cart left|弃购,leave alone|不打扰,.08,bought|已购买,30;\
    cart left|弃购,leave alone|不打扰,.92,gone|流失,0;\
    cart left|弃购,remind|提醒,.5,cart filled|已加购,-.2;\
    cart left|弃购,remind|提醒,.5,gone|流失,-.2;\
    cart left|弃购,coupon|优惠券,.4,bought|已购买,20;\
    cart left|弃购,coupon|优惠券,.6,gone|流失,0;\
    bought|已购买;gone|流失";

/// Most state-action pairs of a table.
const MOST_PAIRS: usize = 10_000;

fn parameters() -> Vec<Parameter> {
    vec![
        Parameter {
            key: "rows",
            name: words!("Transitions", "转移表"),
            help: words!(
                "One row for each possible result: state, action, probability, next state, reward. For each state and action the probabilities sum to 1. A state without rows ends the episode.",
                "每种可能的结果一行：状态、动作、概率、下一状态、奖励。每个状态-动作的概率之和为 1。没有行的状态表示回合结束。"
            ),
            unit: Words::NONE,
            group: Group::Transition,
            kind: Kind::Transitions,
            default: ABANDONED_CART,
        },
        Parameter {
            key: "start",
            name: words!("Start of an episode", "回合起点"),
            help: words!(
                "Where an episode begins: in the state of the first row with an action, or in any state that does not end it, each alike.",
                "回合从哪里开始：第一个写有动作的行的状态，或任一非终止状态（机会均等）。"
            ),
            unit: Words::NONE,
            group: Group::State,
            kind: Kind::Choice(vec![
                ("first", words!("the first state that acts", "第一个有动作的状态")),
                ("any", words!("any state", "任一状态")),
            ]),
            default: "first",
        },
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let rows = values.transitions("rows")?;
    let refuse = |faults: Vec<RowFault>| faults.first().map_or(Ok(()), |fault| Err(fault.refusal("rows")));
    refuse(check::rows(rows))?;
    let table = Table::new(rows, values.choice("start")? == "any");
    let pairs: usize = table.options.iter().map(Vec::len).sum();
    let widest = table.options.iter().map(Vec::len).max().unwrap_or(0);
    if pairs > MOST_PAIRS {
        let fault = phrase!("has {pairs} state-action pairs; at most {MOST_PAIRS}", "有 {pairs} 个状态-动作对；最多 {MOST_PAIRS}");
        return Err(Invalid::new("rows", rows.len(), fault));
    }
    check_size("rows", rows.len(), table.names.len() as u64 * widest as u64, rows.len() as u64)?;
    refuse(check::unreachable(rows, &table))?;
    Ok(Box::new(table))
}

/// Everything that keeps rows from being a problem, although each is right by itself: those of a kind together, the first first.
pub fn faults(rows: &[TransitionRow], start_anywhere: bool) -> Vec<RowFault> {
    let faults = check::rows(rows);
    if faults.is_empty() { check::unreachable(rows, &Table::new(rows, start_anywhere)) } else { faults }
}

/// The states in which episodes end, in order of appearance.
pub fn ends(rows: &[TransitionRow]) -> Vec<Words> {
    let table = Table::new(rows, false);
    table.names.into_iter().zip(table.options).filter(|(_, options)| options.is_empty()).map(|(name, _)| name).collect()
}

/// A problem given by its rows.
struct Table {
    /// States by their names in the rows.
    keys: BTreeMap<String, u32>,
    names: Vec<Words>,
    actions: Vec<Words>,
    /// For each state its actions, lowest first, with their outcomes.
    options: Vec<Vec<(Action, Vec<Outcome>)>>,
    start: Vec<(State, f64)>,
}

impl Table {
    /// The problem that checked rows describe.
    fn new(rows: &[TransitionRow], start_anywhere: bool) -> Self {
        let mut states = Names::default();
        let mut actions = Names::default();
        for row in rows {
            states.add(&row.state);
        }
        for row in rows.iter().filter(|row| !row.is_end()) {
            states.add(&row.next);
            actions.add(&row.action);
        }
        let mut options = vec![BTreeMap::<u32, Vec<Outcome>>::new(); states.list.len()];
        for row in rows.iter().filter(|row| !row.is_end()) {
            let outcome = Outcome::new(row.probability, State(states.index[&row.next]), [row.reward]);
            options[states.index[&row.state] as usize].entry(actions.index[&row.action]).or_default().push(outcome);
        }
        let goes_on: Vec<State> = (0..).zip(&options).filter(|(_, options)| !options.is_empty()).map(|(state, _)| State(state)).collect();
        let count = if start_anywhere { goes_on.len() } else { goes_on.len().min(1) };
        let in_order = |options: BTreeMap<u32, Vec<Outcome>>| options.into_iter().map(|(action, outcomes)| (Action(action), outcomes));
        Self {
            keys: states.index,
            names: states.list,
            actions: actions.list,
            options: options.into_iter().map(|options| in_order(options).collect()).collect(),
            start: goes_on.iter().take(count).map(|state| (*state, 1.0 / count as f64)).collect(),
        }
    }

    fn has(&self, state: State, action: Action) -> bool {
        self.option(state, action).is_some()
    }

    fn option(&self, state: State, action: Action) -> Option<&[Outcome]> {
        let options = self.options.get(state.index())?;
        options.binary_search_by_key(&action, |option| option.0).ok().map(|place| options[place].1.as_slice())
    }
}

/// Names numbered in order of appearance.
#[derive(Default)]
struct Names {
    index: BTreeMap<String, u32>,
    list: Vec<Words>,
}

impl Names {
    fn add(&mut self, name: &str) {
        if !self.index.contains_key(name) {
            self.index.insert(name.to_owned(), self.list.len() as u32);
            self.list.push(Words::parse(name));
        }
    }
}

impl Environment for Table {
    fn factors(&self) -> Vec<Factor> {
        let levels = Levels::Named(self.names.clone());
        vec![Factor { key: "state", name: words!("state", "状态"), unit: Words::NONE, levels }]
    }

    fn state_count(&self) -> u32 {
        self.names.len() as u32
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        self.actions.len() as u32
    }

    fn action_name(&self, action: Action) -> Words {
        self.actions.get(action.index()).cloned().unwrap_or(Words::NONE)
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        actions.extend(self.options.get(state.index()).into_iter().flatten().map(|option| option.0));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        outcomes.extend(self.option(state, action).into_iter().flatten());
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![RewardPart { key: "reward", name: words!("reward", "奖励") }]
    }

    fn start(&self) -> Vec<(State, f64)> {
        self.start.clone()
    }

    fn baselines(&self) -> Vec<Baseline> {
        const MOST: usize = 50;
        let always = |favourite: u32| {
            // Where the favourite is not offered, the first action listed there.
            let choices: Vec<Action> = (0..self.state_count())
                .map(State)
                .map(|state| match self.has(state, Action(favourite)) {
                    true => Action(favourite),
                    false => self.options[state.index()].first().map_or(Action(0), |option| option.0),
                })
                .collect();
            let choose = move |state: State| choices.get(state.index()).copied().unwrap_or(Action(0));
            rule(self.action_name(Action(favourite)), choose)
        };
        let rules = (0..self.action_count()).take(MOST).map(always).collect();
        vec![Baseline { key: "same_action", name: words!("the same action wherever possible", "能用就总用同一动作"), rules }]
    }

    fn describe(&self, state: State, language: Language) -> String {
        let name = self.names.get(state.index()).map_or("", |name| name.get(language));
        match (self.options.get(state.index()).is_none_or(Vec::is_empty), language) {
            (false, _) => name.to_owned(),
            (true, Language::English) => format!("{name} (end)"),
            (true, Language::Chinese) => format!("{name}（结束）"),
        }
    }
}
