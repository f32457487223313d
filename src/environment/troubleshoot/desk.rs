//! The service desk as a Markov decision process, with the rules of the trade.

use crate::environment::shared::field::rule;
use crate::environment::shared::phrases::Topic;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, Sensor, State};
use crate::order::sort;
use crate::words::{Language, Words};

use super::chat::Chat;

/// A type of question.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) name: Words,
    pub(super) share: f64,
    pub(super) human_cost: f64,
    /// Chance that each answer is the one that solves it.
    pub(super) solves: Vec<f64>,
    /// Effort of each answer.
    pub(super) costs: Vec<f64>,
}

/// A canned answer.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) name: Words,
}

/// A service desk with all its numbers chosen.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) questions: Vec<Question>,
    pub(super) answers: Vec<Answer>,
    pub(super) solved: f64,
    pub(super) annoyance: f64,
}

impl Desk {
    fn sets(&self) -> u32 {
        1 << self.answers.len()
    }

    fn solved_state(&self) -> State {
        State(self.questions.len() as u32 * self.sets())
    }

    /// The question with the answers tried, as bits; `None` once it is solved.
    fn situation(&self, state: State) -> Option<(&Question, u32)> {
        Some((self.questions.get((state.0 / self.sets()) as usize)?, state.0 % self.sets()))
    }

    fn human(&self) -> Action {
        Action(self.answers.len() as u32)
    }

    fn answer_name(&self, action: Action, language: Language) -> &str {
        self.answers.get(action.index()).map_or("", |answer| answer.name.get(language))
    }

    /// Follows an order of answers for each question, then hands over.
    fn orders_rule(&self, label: Words, order_of: impl Fn(&Question) -> Vec<usize>) -> Rule {
        let orders: Vec<Vec<usize>> = self.questions.iter().map(order_of).collect();
        let (sets, human) = (self.sets(), self.human());
        let choose = move |state: State| {
            let tried = state.0 % sets;
            let order = orders.get((state.0 / sets) as usize);
            let next = order.and_then(|order| order.iter().find(|answer| !is_tried(tried, **answer)));
            next.map_or(human, |answer| Action(*answer as u32))
        };
        rule(label, choose)
    }

    /// Tries the answer that gains most by itself against the human, for as long as one gains at all.
    fn one_step_rule(&self) -> Rule {
        let desk = self.clone();
        let choose = move |state| {
            let Some((question, tried)) = desk.situation(state) else { return desk.human() };
            let gain = |answer: &usize| {
                let chance = question.chance(tried, *answer);
                chance * question.human_cost - question.costs[*answer] - (1.0 - chance) * desk.annoyance
            };
            let untried = (0..desk.answers.len()).filter(|answer| !is_tried(tried, *answer));
            let best = untried.max_by(|a, b| gain(a).total_cmp(&gain(b)));
            best.filter(|answer| gain(answer) > 0.0).map_or(desk.human(), |answer| Action(answer as u32))
        };
        rule(words!("one step ahead", "只看一步"), choose)
    }
}

fn is_tried(tried: u32, answer: usize) -> bool {
    tried >> answer & 1 == 1
}

impl Question {
    /// Chance that an answer solves the question, given that those tried have not.
    fn chance(&self, tried: u32, answer: usize) -> f64 {
        let left: f64 = 1.0 - self.solves.iter().enumerate().filter(|(other, _)| is_tried(tried, *other)).map(|(_, p)| p).sum::<f64>();
        if left > 1e-12 { (self.solves[answer] / left).min(1.0) } else { 0.0 }
    }

    /// Answers by a score, the highest first, the first listed among equals.
    fn ranked(&self, score: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.solves.len()).collect();
        sort(&mut order, |a, b| score(*b).total_cmp(&score(*a)));
        order
    }

    /// The best prefix of the order by p / (cost + annoyance): optimal without discounting (Kadane and Simon).
    fn best_prefix(&self, annoyance: f64) -> Vec<usize> {
        let ratio = |answer: usize| match self.solves[answer] {
            0.0 => 0.0,
            solves => solves / (self.costs[answer] + annoyance),
        };
        let mut order = self.ranked(ratio);
        let (mut unsolved, mut spent) = (1.0, 0.0);
        let mut best = (0, self.human_cost);
        for (tried, answer) in (1..).zip(&order) {
            spent += unsolved * self.costs[*answer];
            unsolved = f64::max(0.0, unsolved - self.solves[*answer]);
            spent += unsolved * annoyance;
            let cost = spent + unsolved * self.human_cost;
            if cost < best.1 {
                best = (tried, cost);
            }
        }
        order.truncate(best.0);
        order
    }
}

impl Environment for Desk {
    fn factors(&self) -> Vec<Factor> {
        const TRIED: [&str; 12] = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10", "a11", "a12"];
        let types = self.questions.iter().map(|question| question.name.clone()).chain([words!("solved", "已解决")]);
        let question =
            Factor { key: "question", name: words!("question", "顾客问题"), unit: Words::NONE, levels: Levels::Named(types.collect()) };
        let tried = self.answers.iter().zip(TRIED).map(|(answer, key)| Factor {
            key,
            name: answer.name.clone(),
            unit: Words::NONE,
            levels: Levels::Named(vec![words!("not tried", "未试"), words!("tried", "已试")]),
        });
        [question].into_iter().chain(tried).collect()
    }

    fn state_count(&self) -> u32 {
        self.solved_state().0 + 1
    }

    fn levels(&self, state: State) -> Vec<u32> {
        let tried = state.0 % self.sets();
        [state.0 / self.sets()].into_iter().chain((0..self.answers.len()).map(|answer| u32::from(is_tried(tried, answer)))).collect()
    }

    fn action_count(&self) -> u32 {
        self.human().0 + 1
    }

    fn action_name(&self, action: Action) -> Words {
        if action == self.human() {
            return words!("hand over to a human", "转人工");
        }
        let (en, zh) = (self.answer_name(action, Language::English), self.answer_name(action, Language::Chinese));
        Words::owned(format!("try: {en}"), format!("试“{zh}”"))
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        if let Some((_, tried)) = self.situation(state) {
            actions.extend((0..self.answers.len()).filter(|answer| !is_tried(tried, *answer)).map(|answer| Action(answer as u32)));
            actions.push(self.human());
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let Some((question, tried)) = self.situation(state) else { return };
        if action == self.human() {
            outcomes.push(Outcome::new(1.0, self.solved_state(), [self.solved, 0.0, 0.0, -question.human_cost]));
            return;
        }
        let chance = question.chance(tried, action.index());
        let effort = -question.costs[action.index()];
        let failed = State(state.0 | 1 << action.0);
        outcomes.push(Outcome::new(chance, self.solved_state(), [self.solved, effort, 0.0, 0.0]));
        outcomes.push(Outcome::new(1.0 - chance, failed, [0.0, effort, -self.annoyance, 0.0]));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "solved", name: words!("solved", "解决问题") },
            RewardPart { key: "effort", name: words!("effort of answers", "答案成本") },
            RewardPart { key: "annoyance", name: words!("annoyance", "顾客烦躁") },
            RewardPart { key: "human", name: words!("human", "人工成本") },
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        (0..).zip(&self.questions).map(|(index, question)| (State(index * self.sets()), question.share)).collect()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let baseline = |key, name, rule| Baseline { key, name, rules: vec![rule] };
        let in_order = Words::each(|language| self.answers.iter().map(|answer| answer.name.get(language)).collect::<Vec<_>>().join(" → "));
        vec![
            baseline("always_human", words!("always a human", "全部转人工"), self.orders_rule(Words::NONE, |_| Vec::new())),
            baseline(
                "faq_order",
                words!("answers in fixed order, then a human", "固定顺序逐个试，再转人工"),
                self.orders_rule(in_order, |question| question.ranked(|_| 0.0)),
            ),
            baseline(
                "most_likely",
                words!("likeliest answer first, then a human", "先试最可能的答案，再转人工"),
                self.orders_rule(words!("all answers", "试完全部"), |question| question.ranked(|answer| question.solves[answer])),
            ),
            baseline("one_step", words!("try while the next answer pays by itself", "单个答案划算才继续试"), self.one_step_rule()),
            baseline(
                "ratio_prefix",
                words!("best chance for the effort first", "性价比高的先试"),
                self.orders_rule(words!("best stop for each type", "每种类型最佳停止"), |question| {
                    question.best_prefix(self.annoyance)
                }),
            ),
        ]
    }

    /// The customer's own words, where those for all types of question are known.
    fn sensor(&self) -> Option<Box<dyn Sensor>> {
        let topics = self.questions.iter().map(|question| Topic::of(&question.name)).collect::<Option<Vec<_>>>()?;
        Some(Box::new(Chat { topics, answers: self.answers.iter().map(|answer| answer.name.clone()).collect() }))
    }

    fn describe(&self, state: State, language: Language) -> String {
        let Some((question, tried)) = self.situation(state) else {
            return words!("solved", "已解决").get(language).to_owned();
        };
        let name = |answer: usize| self.answer_name(Action(answer as u32), language);
        let failed: Vec<&str> = (0..self.answers.len()).filter(|answer| is_tried(tried, *answer)).map(name).collect();
        let chances: Vec<String> = (0..self.answers.len())
            .filter(|answer| !is_tried(tried, *answer))
            .map(|answer| format!("{} {}", name(answer), percent(question.chance(tried, answer))))
            .collect();
        let topic = question.name.get(language);
        let (failed, chances) = match language {
            Language::English => (failed.join(", "), chances.join(", ")),
            Language::Chinese => (failed.join("、"), chances.join("、")),
        };
        match (failed.is_empty(), chances.is_empty(), language) {
            (true, _, Language::English) => format!("{topic}; could solve it: {chances}"),
            (true, _, Language::Chinese) => format!("{topic}；可能解决：{chances}"),
            (false, true, Language::English) => format!("{topic}; nothing helped"),
            (false, true, Language::Chinese) => format!("{topic}；所有答案都无效"),
            (false, false, Language::English) => format!("{topic}; no help: {failed}; could still: {chances}"),
            (false, false, Language::Chinese) => format!("{topic}；无效：{failed}；还可能：{chances}"),
        }
    }

    fn event(&self, state: State, action: Action, outcome: u32, language: Language) -> String {
        let words = match (action == self.human(), outcome) {
            (true, _) => words!("the human solved it", "人工解决了问题"),
            (false, 0) => words!("that solved it", "问题解决了"),
            (false, _) => words!("that did not help", "没有帮助"),
        };
        let Some((question, tried)) = self.situation(state).filter(|_| action != self.human()) else {
            return words.get(language).to_owned();
        };
        let chance = percent(question.chance(tried, action.index()));
        match language {
            Language::English => format!("{} (chance was {chance})", words.get(language)),
            Language::Chinese => format!("{}（概率 {chance}）", words.get(language)),
        }
    }
}

fn percent(chance: f64) -> String {
    format!("{} %", libm::round(100.0 * chance))
}
