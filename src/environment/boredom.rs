//! Recommendations that can bore: a favourite shown too often loses its appeal, and recovers while others are shown.
//!
//! **Description.** A shop of films and books recommends one category after another to the same customer. The appeal of a category
//! depends on how recently and how often it was shown. The bestseller again and again is a bore, the best choice of the moment ignores
//! what it does to the next ones; planning finds a rhythm.
//!
//! **States** (`segments × categories^memory`): the customer's segment (its profile tag) and the last categories shown, newest first.
//! **Actions**: the category to recommend.
//! **Dynamics**: deterministic; the category joins the memory, the oldest one leaves it.
//! **Rewards**: appeal = Σⱼ φⱼ ρʲ with the recency ρ = Σ 1/τ over the places τ = 1 … memory where the category stands in the memory.
//! Reading `rating`: the appeal with Gaussian noise, in rating points. Reading `funnel`: a click with probability appeal / 5, then a cart
//! and a purchase with the probabilities of the funnel table; a part each, whose weights are the visitor's.
//! **Episode end**: none; episodes are cut (truncated) after a number of recommendations.
//! **Parameters**: phi, memory, reading, noise, funnel, segments, segment_phi.
//! **Source**: R. Warlop, A. Lazaric and J. Mary, *Fighting Boredom in Recommender Systems with Linear Reinforcement Learning*,
//! NeurIPS 2018. The funnel and the segments are our own additions.

mod parameters;
mod presets;

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State, check_size};
use crate::parameter::{Row, Values};
use crate::text::{join_numbers, short_number};
use crate::words::{Language, Words};

use self::parameters::{category_name, segment_name};
use super::shared::field::{always, row_name, rule};
use super::{Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "boredom",
    problem: Problem::Recommendation,
    name: words!("Fighting boredom", "避免审美疲劳"),
    summary: words!(
        "A film and book shop recommends category after category to the same customer. A favourite shown too often bores, and recovers with time.",
        "影音书店不断向同一位顾客推荐品类。再喜欢的品类推荐太勤也会生厌，过一阵才会恢复兴趣。"
    ),
    source: words!(
        "R. Warlop, A. Lazaric, J. Mary, Fighting Boredom in Recommender Systems with Linear Reinforcement Learning, NeurIPS 2018"
    ),
    parameters: parameters::parameters,
    presets: presets::PRESETS,
    build,
};

/// The highest rating.
const FULL_APPEAL: f64 = 5.0;

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let (phi, segments, memory) = (values.table("phi")?, values.table("segments")?, values.integer("memory")? as u32);
    let categories = phi.len() as u32;
    let funnel = (values.choice("reading")? == "funnel").then(|| conversion(values)).transpose()?;
    let pairs = segments.len() as u64 * u64::from(categories).pow(memory + 1);
    check_size("memory", memory, pairs, if funnel.is_some() { pairs * 4 } else { pairs })?;
    check_likings(segments, phi.len())?;
    let curves = own_curves(values)?;
    let category = |(index, row): (usize, &Row)| row_name(row, category_name(index));
    let segment = |(index, row): (usize, &Row)| row_name(row, segment_name(index));
    let shop = Shop {
        categories: phi.iter().enumerate().map(category).collect(),
        segments: segments.iter().enumerate().map(segment).collect(),
        memory,
        histories: categories.pow(memory),
        appeal: appeal_table(phi, segments, curves, memory),
        noise: if funnel.is_some() { 0.0 } else { values.number("noise")? },
        funnel,
    };
    if shop.funnel.is_some() {
        shop.check_probabilities(&values.get("phi")?.to_text())?;
    }
    Ok(Box::new(shop))
}

/// Probabilities of a cart after a click and of a purchase after a cart, for each category.
fn conversion(values: &Values) -> Result<Vec<[f64; 2]>, Invalid> {
    let (table, categories) = (values.table("funnel")?, values.table("phi")?.len());
    if table.len() != 1 && table.len() != categories {
        let fault = phrase!(
            "needs one row for all categories, or {categories} rows, one for each",
            "应为一行（适用于所有品类），或 {categories} 行（每个品类一行）"
        );
        return Err(Invalid::new("funnel", values.get("funnel")?.to_text(), fault));
    }
    Ok(table.iter().cycle().take(categories).map(|row| [row.numbers[0], row.numbers[1]]).collect())
}

/// Refuses likings of categories that there are not; zeros say nothing, and may stay when a category goes.
fn check_likings(segments: &[Row], categories: usize) -> Result<(), Invalid> {
    for (line, row) in (1..).zip(segments) {
        if let Some((number, _)) = (1..).zip(&row.numbers).skip(categories).find(|(_, liking)| **liking != 0.0) {
            let fault = phrase!(
                "row {line} has a liking of category {number}, but there are only {categories} categories; \
                 add the category, or set this number to 0",
                "第 {line} 行写了对第 {number} 类的喜好，但品类只有 {categories} 个；请添加品类，或将此数改为 0"
            );
            return Err(Invalid::new("segments", join_numbers(&row.numbers), fault));
        }
    }
    Ok(())
}

/// What each segment adds to the curve of each category, segment by segment; nothing for a single zero.
fn own_curves(values: &Values) -> Result<&[Row], Invalid> {
    let (curves, expected) = (values.table("segment_phi")?, values.table("segments")?.len() * values.table("phi")?.len());
    match curves {
        [row] if row.numbers.iter().all(|number| *number == 0.0) => Ok(&[]),
        curves if curves.len() == expected => Ok(curves),
        curves => {
            let fault = phrase!(
                "needs a row for each category of each segment, {expected} rows, or a single 0",
                "应为每个群体的每个品类各一行，共 {expected} 行，或只写一个 0"
            );
            Err(Invalid::new("segment_phi", curves.len(), fault))
        }
    }
}

/// Appeal by segment, category and the places in the memory where the category stands (a bit each, the newest the lowest).
fn appeal_table(phi: &[Row], segments: &[Row], curves: &[Row], memory: u32) -> Vec<f64> {
    let recency =
        |places: u32| -> f64 { (0..memory).filter(|place| places >> place & 1 == 1).map(|place| 1.0 / f64::from(place + 1)).sum() };
    let mut table = Vec::new();
    for (number, segment) in segments.iter().enumerate() {
        for (category, row) in phi.iter().enumerate() {
            let liking = segment.numbers.get(category).copied().unwrap_or(0.0);
            let own = curves.get(number * phi.len() + category);
            let polynomial = |row: &Row, rho: f64| row.numbers.iter().rev().fold(0.0, |sum, coefficient| sum * rho + coefficient);
            let appeal = |rho| liking + polynomial(row, rho) + own.map_or(0.0, |own| polynomial(own, rho));
            table.extend((0..1 << memory).map(|places| appeal(recency(places))));
        }
    }
    table
}

struct Shop {
    categories: Vec<Words>,
    segments: Vec<Words>,
    memory: u32,
    /// Number of memories: categories to the power of `memory`.
    histories: u32,
    appeal: Vec<f64>,
    noise: f64,
    /// Cart and purchase probabilities by category, in the reading `funnel`.
    funnel: Option<Vec<[f64; 2]>>,
}

impl Shop {
    fn count(&self) -> u32 {
        self.categories.len() as u32
    }

    fn segment(&self, state: State) -> u32 {
        state.0 / self.histories
    }

    /// Categories shown, the oldest first.
    fn shown(&self, state: State) -> impl Iterator<Item = u32> {
        let (count, mut rest) = (self.count(), state.0 % self.histories);
        (0..self.memory).map(move |_| {
            let category = rest % count;
            rest /= count;
            category
        })
    }

    fn appeal(&self, state: State, category: u32) -> f64 {
        let places = self.shown(state).fold(0, |places, shown| places << 1 | usize::from(shown == category));
        self.appeal[(((self.segment(state) * self.count() + category) as usize) << self.memory) + places]
    }

    /// Appeal of a category not shown lately, summed over the segments.
    fn fresh_appeal(&self, category: u32) -> f64 {
        let segments = 0..self.segments.len() as u32;
        segments.map(|segment| self.appeal[((segment * self.count() + category) as usize) << self.memory]).sum()
    }

    fn after(&self, state: State, category: u32) -> State {
        let history = state.0 % self.histories;
        State(state.0 - history + category * (self.histories / self.count()) + history / self.count())
    }

    fn check_probabilities(&self, given: &str) -> Result<(), Invalid> {
        let Some(worst) = self.appeal.iter().position(|appeal| !(0.0..=FULL_APPEAL).contains(appeal)) else { return Ok(()) };
        let appeal = short_number(self.appeal[worst]);
        let name = &self.categories[(worst >> self.memory) % self.categories.len()];
        let (en, zh) = (name.get(Language::English), name.get(Language::Chinese));
        let fault = Words::owned(
            format!("the funnel reads appeal / 5 as the chance of a click, so it must stay from 0 to 5; that of {en} reaches {appeal}"),
            format!("漏斗把吸引力 / 5 当作点击概率，因此应在 0 到 5 之间；{zh}达到了 {appeal}"),
        );
        Err(Invalid::new("phi", given, fault))
    }

    /// The highest of some scores; the lowest index among equals.
    fn highest(&self, score: impl Fn(u32) -> f64) -> u32 {
        (1..self.count()).fold(0, |best, category| if score(category) > score(best) { category } else { best })
    }
}

impl Environment for Shop {
    fn factors(&self) -> Vec<Factor> {
        const KEYS: [&str; 8] = ["shown1", "shown2", "shown3", "shown4", "shown5", "shown6", "shown7", "shown8"];
        let factor = |key, name, levels: &[Words]| Factor { key, name, unit: Words::NONE, levels: Levels::Named(levels.to_vec()) };
        let segment = (self.segments.len() > 1).then(|| factor("segment", words!("customer", "顾客"), &self.segments));
        let shown = (1..=self.memory).zip(KEYS).map(|(back, key)| {
            let name = if back == 1 { words!("last shown", "上次展示") } else { phrase!("shown {back} ago", "前 {back} 次展示") };
            factor(key, name, &self.categories)
        });
        segment.into_iter().chain(shown).collect()
    }

    fn state_count(&self) -> u32 {
        self.segments.len() as u32 * self.histories
    }

    fn levels(&self, state: State) -> Vec<u32> {
        let mut levels: Vec<u32> = self.shown(state).collect();
        if self.segments.len() > 1 {
            levels.push(self.segment(state));
        }
        levels.reverse();
        levels
    }

    fn action_count(&self) -> u32 {
        self.count()
    }

    fn action_name(&self, action: Action) -> Words {
        Words::concat(&[&words!("recommend ", "推荐"), &self.categories[action.index()]])
    }

    fn available(&self, _state: State, actions: &mut Vec<Action>) {
        actions.extend((0..self.count()).map(Action));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let (appeal, next) = (self.appeal(state, action.0), self.after(state, action.0));
        let Some(funnel) = &self.funnel else {
            outcomes.push(Outcome::new(1.0, next, [appeal]));
            return;
        };
        let [cart, purchase] = funnel[action.index()];
        let click = appeal / FULL_APPEAL;
        outcomes.extend([
            Outcome::new(1.0 - click, next, [0.0; 3]),
            Outcome::new(click * (1.0 - cart), next, [1.0, 0.0, 0.0]),
            Outcome::new(click * cart * (1.0 - purchase), next, [1.0, 1.0, 0.0]),
            Outcome::new(click * cart * purchase, next, [1.0, 1.0, 1.0]),
        ]);
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        if self.funnel.is_none() {
            return vec![RewardPart { key: "rating", name: words!("rating", "评分") }];
        }
        vec![
            RewardPart { key: "click", name: words!("click", "点击") },
            RewardPart { key: "cart", name: words!("cart", "加购") },
            RewardPart { key: "purchase", name: words!("purchase", "购买") },
        ]
    }

    fn reward_noise(&self) -> f64 {
        self.noise
    }

    fn start(&self) -> Vec<(State, f64)> {
        let share = 1.0 / self.segments.len() as f64;
        (0..self.segments.len() as u32).map(|segment| (State(segment * self.histories), share)).collect()
    }

    fn describe(&self, state: State, language: Language) -> String {
        let mut shown: Vec<&str> = self.shown(state).map(|category| self.categories[category as usize].get(language)).collect();
        shown.reverse();
        let shown = [words!("last shown: ", "最近展示：").get(language), &shown.join(words!(", ", "、").get(language))].concat();
        match self.segments.get(self.segment(state) as usize) {
            Some(segment) if self.segments.len() > 1 => [segment.get(language), Words::SEMICOLON.get(language), &shown].concat(),
            _ => shown,
        }
    }

    fn event(&self, _state: State, _action: Action, outcome: u32, language: Language) -> String {
        let words = match (self.funnel.is_some(), outcome) {
            (false, _) => return String::new(),
            (true, 0) => words!("scrolled past", "未点击"),
            (true, 1) => words!("clicked", "点击了"),
            (true, 2) => words!("put it in the cart", "加入了购物车"),
            (true, _) => words!("bought it", "购买了"),
        };
        words.get(language).to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let states = || (0..self.state_count()).map(State);
        let always = |category: u32| always(self.categories[category as usize].clone(), Action(category));
        let greedy: Vec<u32> = states().map(|state| self.highest(|category| self.appeal(state, category))).collect();
        let (count, places) = (self.count(), self.histories / self.count());
        let in_turn = move |state: State| Action((state.0 / places + 1) % count);
        let bestseller = self.highest(|category| self.fresh_appeal(category));
        let single = |key, name, rule| Baseline { key, name, rules: vec![rule] };
        vec![
            single("popularity", words!("always the bestseller", "总推最热门品类"), always(bestseller)),
            Baseline { key: "single", name: words!("best single category", "最佳单一品类"), rules: (0..count).map(always).collect() },
            single(
                "greedy",
                words!("highest appeal now, whatever it earns", "只看当前吸引力，不论收益"),
                rule(Words::NONE, move |state| Action(greedy[state.index()])),
            ),
            single("round_robin", words!("all in turn", "轮流推荐"), rule(Words::NONE, in_turn)),
        ]
    }
}
