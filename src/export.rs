//! A run as tables to take away: CSV with a header in the visitor's language, made part by part, so that nobody waits for a large one.
//!
//! An [`Export`] works on a copy of the run: whatever the visitor does meanwhile, the table shows the moment at which it was asked for.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::agent::StepSize;
use crate::agent::q_table::arg_max;
use crate::config::{Position, Setup};
use crate::csv::{MARK, inert, number, write};
use crate::mdp::{Action, Factor, Levels, State};
use crate::metrics::Checkup;
use crate::trainer::{Limit, Step, Trainer};
use crate::words::{Language, Words};

/// What a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sheet {
    /// Returns, errors and rates by episode, as they are kept: a long run keeps means over several episodes.
    Episodes,
    /// The exact measurements of the greedy policy.
    Checkups,
    /// Every step of the episode under way; between two episodes, of the one just completed.
    Steps,
    /// Every state and action: learned value, optimal value, visits.
    Table,
    /// For every state the greedy action, where something was learned, and the optimal one.
    Policy,
    /// The same of the states visited most, as many as the one part has rows; how often, all actions together.
    Usual,
}

impl Sheet {
    /// Every whole table, in the order of the page.
    pub const ALL: [Sheet; 5] = [Sheet::Episodes, Sheet::Checkups, Sheet::Steps, Sheet::Table, Sheet::Policy];

    /// Name in files.
    pub fn key(self) -> &'static str {
        match self {
            Sheet::Episodes => "episodes",
            Sheet::Checkups => "measurements",
            Sheet::Steps => "steps",
            Sheet::Table => "q-table",
            Sheet::Policy | Sheet::Usual => "policy",
        }
    }
}

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its text; may be empty while the run is replayed.
    pub text: String,
    /// How much of the work is done, from 0 to 1.
    pub share: f64,
    /// Whether this was the last piece.
    pub last: bool,
}

/// Columns of [`Sheet::Policy`] and [`Sheet::Usual`] that come after those of the state: action, value, visits, optimal action, its value, whether it is optimal.
pub const POLICY_COLUMNS: usize = 6;

/// Steps that are replayed for one piece.
const REPLAY: u64 = 500_000;

/// A table in the making.
pub struct Export {
    setup: Rc<Setup>,
    trainer: Trainer,
    sheet: Sheet,
    language: Language,
    /// What states are made of: asked for once, since a table of one's own names every state anew each time.
    factors: Vec<Factor>,
    /// Rows, states or steps done; `None` before the header.
    done: Option<u32>,
    /// What the learner believes, for the tables that say so.
    learned: Option<Vec<f64>>,
    /// The learner as it is now, where its last measurement is older.
    latest: Option<Checkup>,
    /// The states of [`Sheet::Usual`].
    usual: Vec<u32>,
    /// Where a replay begins to write and where it ends.
    span: Span,
}

/// Steps of one episode within the whole run.
#[derive(Clone, Copy)]
struct Span {
    episode: u32,
    end: u64,
}

impl Export {
    /// A table of the run `now`; `earlier` gives the run at a position or before it, for a replay.
    pub fn new(setup: Rc<Setup>, now: &Trainer, earlier: impl FnOnce(Position) -> Trainer, sheet: Sheet, language: Language) -> Self {
        let position = now.position();
        let episode = if position.step > 0 { position.episode } else { position.episode.saturating_sub(1) };
        let trainer = if sheet == Sheet::Steps { earlier(Position { episode, step: 0 }) } else { now.clone() };
        let learned = matches!(sheet, Sheet::Table | Sheet::Policy | Sheet::Usual).then(|| now.agent().values().into_owned());
        let is_measured = now.checkups().last().is_some_and(|last| (last.episode, 0) == (position.episode, position.step));
        let latest = (sheet == Sheet::Checkups && !is_measured).then(|| now.measure());
        let factors = setup.environment.factors();
        Self {
            setup,
            trainer,
            sheet,
            language,
            factors,
            done: None,
            learned,
            latest,
            usual: Vec::new(),
            span: Span { episode, end: now.steps() },
        }
    }

    /// The next piece, of at most so many rows.
    pub fn part(&mut self, rows: u32) -> Part {
        if self.sheet == Sheet::Steps && self.trainer.position().episode < self.span.episode {
            let limit = Limit { steps: self.trainer.steps() + REPLAY, episode: self.span.episode };
            self.trainer.advance(limit);
            return Part { text: String::new(), share: self.trainer.steps() as f64 / self.span.end.max(1) as f64, last: false };
        }
        if self.sheet == Sheet::Usual {
            self.usual = self.most_visited(rows as usize);
        }
        let (mut text, done) = match self.done {
            None => (format!("{MARK}{}", write([self.header()])), 0),
            Some(done) => (String::new(), done),
        };
        let total = self.total();
        let (mut lines, mut until) = (Vec::new(), done);
        while until < total && lines.len() < rows as usize {
            self.rows(until, &mut lines);
            until += 1;
        }
        text.push_str(&write(lines));
        self.done = Some(until);
        let last = if self.sheet == Sheet::Steps { self.trainer.steps() >= self.span.end } else { until == total };
        Part { text, share: f64::from(until) / f64::from(total.max(1)), last }
    }

    /// The states visited most, those most of all first.
    fn most_visited(&self, most: usize) -> Vec<u32> {
        let is_decided = |state: &u32| !self.setup.model.is_terminal(State(*state));
        let mut usual: Vec<(u64, u32)> = Vec::new();
        for state in (0..self.setup.model.states()).filter(is_decided) {
            let visits = self.visits(State(state));
            let place = usual.iter().position(|(least, _)| *least < visits).unwrap_or(usual.len());
            usual.insert(place, (visits, state));
            usual.truncate(most);
        }
        usual.into_iter().map(|(_, state)| state).collect()
    }

    /// Updates of all actions of a state.
    fn visits(&self, state: State) -> u64 {
        let stride = self.setup.model.stride();
        self.trainer.agent().visits()[state.index() * stride..][..stride].iter().copied().map(u64::from).sum()
    }

    /// Rows of the series, states of the problem, or steps left to replay on top of those done.
    fn total(&self) -> u32 {
        match self.sheet {
            Sheet::Episodes => self.trainer.series().buckets().len() as u32,
            Sheet::Checkups => self.trainer.checkups().len() as u32 + u32::from(self.latest.is_some()),
            Sheet::Steps => self.done.unwrap_or_default().saturating_add((self.span.end - self.trainer.steps().min(self.span.end)) as u32),
            Sheet::Table | Sheet::Policy => self.setup.model.states(),
            Sheet::Usual => self.usual.len() as u32,
        }
    }

    fn say(&self, words: &Words) -> String {
        inert(words.get(self.language)).into_owned()
    }

    fn header(&self) -> Vec<String> {
        let words: Vec<Words> = match self.sheet {
            Sheet::Episodes => [
                words!("first episode", "起始回合"),
                words!("last episode", "结束回合"),
                words!("episodes in this row (returns and errors are means over them)", "本行回合数（回报与误差为其均值）"),
                words!("return", "回报"),
                words!("smallest return", "最小回报"),
                words!("largest return", "最大回报"),
            ]
            .into_iter()
            .chain(self.part_names())
            .chain([
                words!("|TD error|", "|TD 误差|"),
                words!("epsilon in the first episode", "首回合的探索率"),
                words!("alpha in the first episode", "首回合的学习率"),
                words!("gamma in the first episode", "首回合的折扣因子"),
            ])
            .collect(),
            Sheet::Checkups => vec![
                words!("episodes completed", "已完成回合"),
                words!("value of the greedy policy", "贪心策略的价值"),
                words!("how far from random choice (0) to the optimum (1)", "从随机选择（0）到最优（1）走完的比例"),
                words!("max|Q - Q*|"),
                words!("states whose greedy action is not optimal", "贪心动作非最优的状态数"),
            ],
            Sheet::Steps => [words!("step", "步")]
                .into_iter()
                .chain(self.state_names())
                .chain([words!("action", "动作"), words!("explored", "是否探索"), words!("what happened", "发生了什么")])
                .chain(self.part_names())
                .chain([
                    words!("reward", "奖励"),
                    words!("next state", "下一状态"),
                    words!("Q before", "更新前 Q"),
                    words!("value of the next state", "下一状态的价值"),
                    words!("target", "目标值"),
                    words!("TD error", "TD 误差"),
                    words!("alpha", "学习率"),
                    words!("gamma", "折扣因子"),
                    words!("epsilon", "探索率"),
                    words!("Q after", "更新后 Q"),
                    words!("end of the episode", "回合结束"),
                ])
                .collect(),
            Sheet::Table => self
                .state_names()
                .into_iter()
                .chain([
                    words!("action", "动作"),
                    words!("Q"),
                    words!("Q* (optimal)", "Q*（最优）"),
                    words!("visits", "访问次数"),
                    words!("greedy", "是否贪心"),
                    words!("optimal", "是否最优"),
                ])
                .collect(),
            Sheet::Policy | Sheet::Usual => {
                let columns: [Words; POLICY_COLUMNS] = [
                    words!("greedy action", "贪心动作"),
                    words!("Q"),
                    words!("visits", "访问次数"),
                    words!("optimal action", "最优动作"),
                    words!("optimal Q*", "最优 Q*"),
                    words!("greedy is optimal", "贪心即最优"),
                ];
                self.state_names().into_iter().chain(columns).collect()
            }
        };
        words.iter().map(|words| self.say(words)).collect()
    }

    fn part_names(&self) -> Vec<Words> {
        self.setup.environment.reward_parts().into_iter().map(|part| part.name).collect()
    }

    /// Number, factors, words.
    fn state_names(&self) -> Vec<Words> {
        use Language::{Chinese, English};
        let named = self.factors.iter().map(|factor| {
            let [(en, en_unit), (zh, zh_unit)] = [English, Chinese].map(|language| (factor.name.get(language), factor.unit.get(language)));
            let name = Words::owned(format!("{en} ({en_unit})"), format!("{zh}（{zh_unit}）"));
            if factor.unit.get(self.language).is_empty() { factor.name.clone() } else { name }
        });
        [words!("number of the state, from 0", "状态编号（从 0 起）")]
            .into_iter()
            .chain(named)
            .chain([words!("state in words", "状态说明")])
            .collect()
    }

    fn state(&self, state: State) -> Vec<String> {
        let environment = self.setup.environment.as_ref();
        let levels = self.factors.iter().zip(environment.levels(state)).map(|(factor, level)| match &factor.levels {
            Levels::Named(_) => inert(&factor.levels.label(level, self.language)).into_owned(),
            levels => number(levels.value(level)),
        });
        let words = inert(&environment.describe(state, self.language)).into_owned();
        [state.0.to_string()].into_iter().chain(levels).chain([words]).collect()
    }

    fn action(&self, action: Action) -> String {
        self.say(&self.setup.environment.action_name(action))
    }

    /// Appends row number `index`, or the rows of state number `index`.
    fn rows(&mut self, index: u32, rows: &mut Vec<Vec<String>>) {
        match self.sheet {
            Sheet::Episodes => rows.push(self.episodes(index)),
            Sheet::Checkups => {
                let Some(checkup) = self.trainer.checkups().get(index as usize).or(self.latest.as_ref()) else { return };
                let numbers = [checkup.value, checkup.share, checkup.distance].map(number);
                rows.push([checkup.episode.to_string()].into_iter().chain(numbers).chain([checkup.wrong.to_string()]).collect());
            }
            Sheet::Steps => {
                self.trainer.advance(Limit { steps: self.trainer.steps() + 1, episode: u32::MAX });
                rows.extend(self.trainer.last().map(|step| self.step(index + 1, step)));
            }
            Sheet::Table => self.values(State(index), rows),
            Sheet::Policy => rows.extend(self.decision(State(index))),
            Sheet::Usual => rows.extend(self.usual.get(index as usize).and_then(|state| self.decision(State(*state)))),
        }
    }

    fn episodes(&self, index: u32) -> Vec<String> {
        let series = self.trainer.series();
        let bucket = &series.buckets()[index as usize];
        let first = index * series.width();
        let mean = |sum: f64| sum / f64::from(bucket.count);
        let settings = &self.setup.settings;
        let alpha = match settings.step_size(first) {
            StepSize::Rate(alpha) => alpha,
            StepSize::Visits(_) => f64::NAN,
        };
        let parts = bucket.sum.parts.into_iter().take(self.setup.model.part_count()).map(mean);
        let numbers = [mean(bucket.sum.total), bucket.min, bucket.max].into_iter().chain(parts);
        let numbers = numbers.chain([mean(bucket.sum.error), settings.epsilon.at(first), alpha, settings.gamma.at(first)]).map(number);
        [first + 1, first + bucket.count, bucket.count].into_iter().map(|count| count.to_string()).chain(numbers).collect()
    }

    fn step(&self, number_of: u32, step: &Step) -> Vec<String> {
        let (model, environment) = (&self.setup.model, self.setup.environment.as_ref());
        let action = model.action(step.state, step.choice.slot);
        let outcome = model.outcome_in_pair(model.pair(step.state, step.choice.slot), step.transition.outcome);
        let event = environment.event(step.state, action, outcome, self.language);
        let end = match (step.terminated, step.truncated) {
            (true, _) => words!("terminal state", "终止状态"),
            (_, true) => words!("cut for its length", "因长度截断"),
            _ => words!("", ""),
        };
        let mut row = vec![number_of.to_string()];
        row.extend(self.state(step.state));
        row.extend([self.action(action), u32::from(step.choice.explored).to_string(), inert(&event).into_owned()]);
        let whole = [step.transition.reward];
        row.extend(if model.part_count() == 1 { &whole[..] } else { model.parts(step.transition.outcome) }.iter().copied().map(number));
        row.extend([number(step.transition.reward), inert(&environment.describe(step.transition.next, self.language)).into_owned()]);
        let update = &step.update;
        let numbers = [
            update.before,
            update.next_value,
            update.target,
            update.error,
            update.alpha,
            step.rates.gamma,
            step.rates.epsilon,
            update.after,
        ];
        row.extend(numbers.map(number));
        row.push(self.say(&end));
        row
    }

    /// The slot of the highest value. A network that sees the same state in several ways may now and then take another: these are means.
    fn greedy(&self, values: &[f64], state: State) -> u32 {
        let stride = self.setup.model.stride();
        arg_max(&values[state.index() * stride..][..stride]).0
    }

    fn values(&self, state: State, rows: &mut Vec<Vec<String>>) {
        let (model, yardstick, agent) = (&self.setup.model, self.trainer.yardstick(), self.trainer.agent());
        if model.is_terminal(state) {
            return;
        }
        let Some(values) = &self.learned else { return };
        let (words, greedy) = (self.state(state), self.greedy(values, state));
        for slot in 0..model.slots(state) {
            let pair = model.pair(state, slot);
            let mut cells = words.clone();
            cells.push(self.action(model.action(state, slot)));
            cells.extend([values[pair], yardstick.action_values[pair]].map(number));
            let flags = [slot == greedy, yardstick.is_optimal(model, state, slot)].map(u32::from);
            cells.extend([agent.visits()[pair], flags[0], flags[1]].map(|count| count.to_string()));
            rows.push(cells);
        }
    }

    /// What to do in a state; nothing where the episode has ended. A table has learned nothing of a state that it never left, and
    /// recommends nothing there; a network has an opinion of every reachable state.
    fn decision(&self, state: State) -> Option<Vec<String>> {
        let (model, yardstick, agent) = (&self.setup.model, self.trainer.yardstick(), self.trainer.agent());
        if model.is_terminal(state) {
            return None;
        }
        let values = self.learned.as_ref()?;
        let greedy = self.greedy(values, state);
        let visits = |slot| agent.visits()[model.pair(state, slot)];
        let is_known = (self.trainer.network().is_some() && yardstick.reachable[state.index()])
            || (0..model.slots(state)).any(|slot| visits(slot) > 0);
        let is_optimal = yardstick.is_optimal(model, state, greedy);
        let best = if is_known && is_optimal { greedy } else { yardstick.optimum.policy[state.index()] };
        let learned = |text: String| if is_known { text } else { String::new() };
        let cells: [String; POLICY_COLUMNS] = [
            learned(self.action(model.action(state, greedy))),
            learned(number(values[model.pair(state, greedy)])),
            if self.sheet == Sheet::Usual { self.visits(state) } else { visits(greedy).into() }.to_string(),
            self.action(model.action(state, best)),
            number(yardstick.action_values[model.pair(state, best)]),
            learned(u32::from(is_optimal).to_string()),
        ];
        Some(self.state(state).into_iter().chain(cells).collect())
    }
}
