//! Whom to mail: a customer who bought lately is likely to buy again, and each quiet period makes that less likely.
//!
//! **Description.** Every period the shop may send a mailing to a customer. It costs money, and only a customer who gets one buys.
//! A purchase brings its margin *and* makes the customer recent again, so that the response rate at which a mailing pays is
//! reach / (margin + future), not reach / margin.
//!
//! **States** (`response rates + 1`): periods since the last purchase, 1, 2, …; beyond the last the customer is lost, which ends the
//! episode. **Actions**: send nothing, mail.
//! **Dynamics**: a mailed customer at recency r buys with probability response[r] and is at recency 1 again; otherwise r + 1.
//! **Rewards**: margin for a purchase, −reach for a mailing, in money. `timing` says when the margin counts: with the response
//! (`transition`), or at the start of the period after it, in state 1 (`paper`, as published).
//! **Episode end**: when the customer is lost.
//! **Parameters**: response, margin, reach, timing.
//! **Source**: P. Pfeifer and R. Carraway, *Modeling Customer Relationships as Markov Chains*, J. Interactive Marketing 14(2), 2000.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State};
use crate::parameter::{Group, Kind, Parameter, Values};
use crate::words::{Language, Words};

use super::shared::field::{always, money, rule};
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "recency",
    problem: Problem::Promotion,
    name: words!("Whom to mail", "该给谁寄广告"),
    summary: words!(
        "Each period a shop decides whether a customer is still worth a mailing. The longer ago the last purchase, the less likely the next.",
        "商家每期决定是否还值得给一位顾客寄广告。上次购买越久远，再次购买的可能越小。"
    ),
    source: words!("P. Pfeifer and R. Carraway, Modeling Customer Relationships as Markov Chains, J. Interactive Marketing 14(2), 2000"),
    parameters,
    presets: PRESETS,
    build,
};

static PRESETS: &[Preset] = &[
    Preset {
        key: "pfeifer",
        name: words!("Pfeifer and Carraway's customer", "Pfeifer–Carraway 顾客"),
        claim: words!(
            "Mail three times after a purchase, then stop: worth 53.15, while always mailing is worth 52.32",
            "购买后寄三期就停：价值 53.15，而一直寄只有 52.32"
        ),
        source: Some(words!("Pfeifer & Carraway, J. Interactive Marketing 14(2), 2000")),
        printed: Some(words!("52.320 for always mailing, 53.149 for three times", "一直寄为 52.320，寄三期为 53.149")),
        draft: "timing=paper&discount=.8333333333333334&episodes=5000&steps=100&alpha=visits:.7&epsilon=lin:1:.1:4000",
    },
    Preset {
        key: "pfeifer_transition",
        name: words!("The same customer, margin booked at once", "同一顾客，利润即时入账"),
        claim: words!(
            "Booked at once, the margin makes the optimum worth 18.39, not 53.15 as in “Pfeifer and Carraway's customer”; no decision changes",
            "利润即时入账，最优价值为 18.39，而“Pfeifer–Carraway 顾客”中为 53.15；决策却完全相同"
        ),
        source: Some(words!(
            "Pfeifer & Carraway, J. Interactive Marketing 14(2), 2000, other timing",
            "Pfeifer & Carraway, J. Interactive Marketing 14(2), 2000，另一种计时约定"
        )),
        printed: None,
        draft: "discount=.8333333333333334&episodes=5000&steps=100&alpha=visits:.7&epsilon=lin:1:.1:4000",
    },
    Preset {
        key: "cdnow",
        name: words!("Response by month of a record shop", "唱片店的逐月复购率"),
        claim: words!(
            "Stopping at break-even, the shop mails for 5 periods after a purchase; with the customer's future counted, it pays to mail for 9",
            "按盈亏平衡停寄，购买后只寄 5 期；算上顾客的未来，值得寄 9 期"
        ),
        // The rates are those of the CDNOW sample (2,357 customers, 1997-98); margin and cost of a mailing are ours.
        source: None,
        printed: None,
        draft: "response=.236189,.147281,.094635,.078993,.069812,.044996,.037625,.037379,.031926,.025571,.030699,.019382&margin=14.43&reach=.7&episodes=40000&steps=200&alpha=visits:1&epsilon=lin:1:.1:32000",
    },
];

fn parameters() -> Vec<Parameter> {
    vec![
        response(".3,.2,.15,.05"),
        margin(words!("Margin of a purchase before the mailing is paid.", "一次购买的毛利，未扣广告费。")),
        reach(words!("Cost of a mailing. Larger means stopping sooner after the last purchase.", "寄一次广告的费用。越高则越早停寄。")),
        Parameter {
            key: "timing",
            name: words!("Margin counts", "利润入账"),
            help: words!(
                "With the response, or at the start of the period after it, as published. Changes values by one period's discount.",
                "在顾客下单时入账，或如原文在下一期初入账。两者的价值相差一期折扣。"
            ),
            unit: Words::NONE,
            group: Group::Reward,
            kind: Kind::Choice(vec![
                ("transition", words!("with the response", "下单时")),
                ("paper", words!("a period later, as published", "下一期初（如原文）")),
            ]),
            default: "transition",
        },
    ]
}

/// Response probabilities by recency.
pub(super) fn response(default: &'static str) -> Parameter {
    Parameter {
        key: "response",
        name: words!("Response by recency", "各期响应率"),
        help: words!(
            "Chance that a mailed customer buys, 1, 2, … periods after the last purchase. The customer is lost after the last entry.",
            "距上次购买 1、2、… 期的顾客收到广告后购买的概率。超过最后一项则顾客流失。"
        ),
        unit: Words::NONE,
        group: Group::Transition,
        kind: Kind::List { min_count: 1, max_count: 24, min: 0.0, max: 1.0 },
        default,
    }
}

/// Margin of a purchase.
pub(super) fn margin(help: Words) -> Parameter {
    money("margin", words!("Margin", "毛利"), help, "40")
}

/// Cost of a contact.
pub(super) fn reach(help: Words) -> Parameter {
    money("reach", words!("Cost of a contact", "触达成本"), help, "4")
}

/// How long ago the last purchase was, in words.
pub(super) fn last_bought(recency: u32, unit: (&str, &str)) -> Words {
    let (en, zh) = unit;
    match recency {
        1 => phrase!("bought last {en}", "上{zh}刚购买"),
        _ => phrase!("last bought {recency} {en}s ago", "上次购买在 {recency} {zh}前"),
    }
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    Ok(Box::new(Customer {
        response: values.list("response")?.to_vec(),
        margin: values.number("margin")?,
        reach: values.number("reach")?,
        booked_late: values.choice("timing")? == "paper",
    }))
}

const MAIL: Action = Action(1);

struct Customer {
    response: Vec<f64>,
    margin: f64,
    reach: f64,
    /// Whether state 1 carries the margin of the purchase that led to it.
    booked_late: bool,
}

impl Customer {
    fn words(&self, state: State) -> Words {
        match self.response.get(state.index()) {
            Some(_) => last_bought(state.0 + 1, ("period", "期")),
            None => words!("customer lost", "顾客已流失"),
        }
    }
}

impl Environment for Customer {
    fn factors(&self) -> Vec<Factor> {
        vec![Factor {
            key: "recency",
            name: words!("last purchase", "上次购买"),
            unit: Words::NONE,
            levels: Levels::Named((0..self.state_count()).map(|state| self.words(State(state))).collect()),
        }]
    }

    fn state_count(&self) -> u32 {
        self.response.len() as u32 + 1
    }

    fn levels(&self, state: State) -> Vec<u32> {
        vec![state.0]
    }

    fn action_count(&self) -> u32 {
        2
    }

    fn action_name(&self, action: Action) -> Words {
        if action == MAIL { words!("mail", "寄广告") } else { words!("send nothing", "不寄") }
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        if state.index() < self.response.len() {
            actions.extend([Action(0), MAIL]);
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let booked = if self.booked_late && state.0 == 0 { self.margin } else { 0.0 };
        let at_once = if self.booked_late { 0.0 } else { self.margin };
        let quieter = State(state.0 + 1);
        if action == MAIL {
            let response = self.response[state.index()];
            outcomes.push(Outcome::new(response, State(0), [booked + at_once, -self.reach]));
            outcomes.push(Outcome::new(1.0 - response, quieter, [booked, -self.reach]));
        } else {
            outcomes.push(Outcome::new(1.0, quieter, [booked, 0.0]));
        }
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![RewardPart { key: "margin", name: words!("margin", "毛利") }, RewardPart { key: "contact", name: words!("mailing", "广告费") }]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(State(0), 1.0)]
    }

    fn describe(&self, state: State, language: Language) -> String {
        self.words(state).get(language).to_owned()
    }

    fn event(&self, _state: State, action: Action, outcome: u32, language: Language) -> String {
        let words = match (action, outcome) {
            (MAIL, 0) => words!("the customer ordered", "顾客下单"),
            (MAIL, _) => words!("no order", "未下单"),
            _ => Words::NONE,
        };
        words.get(language).to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let pays: Vec<bool> = self.response.iter().map(|response| response * self.margin >= self.reach).collect();
        let cut_offs = (0..=self.response.len() as u32).map(|last| {
            let label = match last {
                1 => words!("mail up to 1 period after a purchase", "购买后寄 1 期"),
                _ => phrase!("mail up to {last} periods after a purchase", "购买后寄 {last} 期"),
            };
            rule(label, move |state| Action(u32::from(state.0 < last)))
        });
        vec![
            Baseline {
                key: "mail_everybody",
                name: words!("mail everybody, always", "一直给所有人寄"),
                rules: vec![always(Words::NONE, MAIL)],
            },
            Baseline {
                key: "break_even",
                name: words!("stop at break-even", "按盈亏平衡停寄"),
                rules: vec![rule(
                    words!("while the expected margin covers the mailing", "期望毛利不低于广告费时寄"),
                    move |state| Action(u32::from(pays.get(state.index()).copied().unwrap_or(false))),
                )],
            },
            Baseline { key: "never", name: words!("never mail", "从不寄"), rules: vec![always(Words::NONE, Action(0))] },
            Baseline { key: "cut_off", name: words!("best recency cut-off", "最佳停寄期数"), rules: cut_offs.collect() },
        ]
    }
}
