//! The shop and its scripted rival, as a Markov decision process.

use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State};
use crate::text::short_number;
use crate::words::{Language, Words};

use super::super::shared::field::{always, nearest, rule, spread};
use super::super::shared::space::Space;
use crate::theory::logit::Logit;

/// How the other shop answers the last prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rival {
    /// Always the lowest Nash price.
    StaticNash,
    /// The shop's last price.
    TitForTat,
    /// The most profitable answer to the shop's last price, were it repeated.
    BestReply,
    /// One step below the shop's last price, but not below Nash.
    Undercut,
    /// The monopoly price as long as both asked it, then Nash for ever.
    Grim,
}

/// Most rules of the family of fixed prices.
const MOST_FIXED: u32 = 25;

pub(super) struct Market {
    /// Own last price, the rival's last price, demand.
    space: Space,
    prices: Vec<f64>,
    cost: f64,
    /// Share of the market by demand, own price and the rival's, flat.
    shares: Vec<f64>,
    /// The rival's answer by demand, own last price and the rival's, flat.
    answers: Vec<u32>,
    levels: u32,
    persistence: f64,
    /// Lowest price of the list from which neither shop gains by moving away.
    nash: u32,
    /// Price of the list nearest to the monopoly's.
    monopoly: u32,
    start: u32,
}

impl Market {
    /// `steady` gives the theory's prices; `markets` has one entry, or one for bad and one for good times.
    pub fn new(steady: Logit, markets: &[Logit], prices: Vec<f64>, rival: Rival, persistence: f64) -> Self {
        let count = prices.len() as u32;
        let levels = markets.len() as u32;
        let nash = lowest_nash(&steady, &prices);
        let monopoly = nearest(&prices, steady.monopoly_price());
        let mut shares = Vec::new();
        let mut answers = Vec::new();
        for market in markets {
            let replies: Vec<u32> = prices.iter().map(|price| best_reply(market, &prices, *price)).collect();
            for (mine, own) in (0..).zip(&prices) {
                for (theirs, other) in (0..).zip(&prices) {
                    shares.push(market.share(*own, *other));
                    answers.push(match rival {
                        Rival::StaticNash => nash,
                        Rival::TitForTat => mine,
                        Rival::BestReply => replies.get(mine as usize).copied().unwrap_or(nash),
                        Rival::Undercut => {
                            if mine > nash {
                                mine - 1
                            } else {
                                nash
                            }
                        }
                        Rival::Grim => {
                            if (mine, theirs) == (monopoly, monopoly) {
                                monopoly
                            } else {
                                nash
                            }
                        }
                    });
                }
            }
        }
        let start = if rival == Rival::Grim { monopoly } else { nash };
        let space = Space::new(vec![count, count, levels]);
        Self { space, prices, cost: steady.cost, shares, answers, levels, persistence, nash, monopoly, start }
    }

    fn coordinates(&self, state: State) -> (u32, u32, u32) {
        let levels = self.space.levels(state);
        (levels[0], levels[1], levels[2])
    }

    fn cell(&self, demand: u32, mine: u32, theirs: u32) -> usize {
        let count = self.prices.len();
        (demand as usize * count + mine as usize) * count + theirs as usize
    }

    /// The rival's price and the shop's share when it takes an action.
    fn encounter(&self, state: State, action: Action) -> (u32, f64) {
        let (mine, theirs, demand) = self.coordinates(state);
        let answer = self.answers[self.cell(demand, mine, theirs)];
        (answer, self.shares[self.cell(demand, action.0, answer)])
    }

    fn price(&self, level: u32) -> String {
        short_number(self.prices[level as usize])
    }

    fn price_name(&self, level: u32) -> Words {
        let price = self.price(level);
        phrase!("price {price}", "定价 {price}")
    }

    fn fixed(&self, key: &'static str, name: Words, level: u32) -> Baseline {
        Baseline { key, name, rules: vec![always(self.price_name(level), Action(level))] }
    }
}

/// The price of the list with the largest profit against a rival's price; the lowest among equals.
fn best_reply(market: &Logit, prices: &[f64], rival: f64) -> u32 {
    let mut best = (0, f64::NEG_INFINITY);
    for (level, price) in (0..).zip(prices) {
        let profit = market.profit(*price, rival);
        if profit > best.1 {
            best = (level, profit);
        }
    }
    best.0
}

/// The lowest price that is its own best reply; where the list has none, the nearest to the theory's.
fn lowest_nash(market: &Logit, prices: &[f64]) -> u32 {
    let stable = (0..).zip(prices).find(|(level, price)| best_reply(market, prices, **price) == *level);
    stable.map_or_else(|| nearest(prices, market.nash_price()), |(level, _)| level)
}

fn times(demand: u32) -> Words {
    if demand == 0 { words!("bad times", "淡季") } else { words!("good times", "旺季") }
}

impl Environment for Market {
    fn factors(&self) -> Vec<Factor> {
        let factor = |key, name, levels| Factor { key, name, unit: Words::NONE, levels };
        let prices = || Levels::Numbers(self.prices.clone());
        let mut factors = vec![
            factor("own", words!("own last price", "本店上期价"), prices()),
            factor("rival", words!("rival's last price", "对手上期价"), prices()),
        ];
        if self.levels > 1 {
            factors.push(factor("demand", words!("demand", "需求"), Levels::Named(vec![times(0), times(1)])));
        }
        factors
    }

    fn state_count(&self) -> u32 {
        self.space.count()
    }

    fn levels(&self, state: State) -> Vec<u32> {
        let mut levels = self.space.levels(state);
        levels.truncate(if self.levels > 1 { 3 } else { 2 });
        levels
    }

    fn action_count(&self) -> u32 {
        self.prices.len() as u32
    }

    fn action_name(&self, action: Action) -> Words {
        self.price_name(action.0)
    }

    fn available(&self, _state: State, actions: &mut Vec<Action>) {
        actions.extend((0..self.action_count()).map(Action));
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let (answer, share) = self.encounter(state, action);
        let (_, _, demand) = self.coordinates(state);
        let parts = [self.prices[action.index()] * share, -self.cost * share];
        for next in 0..self.levels {
            let probability = match self.levels {
                1 => 1.0,
                _ if next == demand => self.persistence,
                _ => 1.0 - self.persistence,
            };
            outcomes.push(Outcome::new(probability, self.space.state(&[action.0, answer, next]), parts));
        }
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "revenue", name: words!("revenue", "销售收入") },
            RewardPart { key: "cost", name: words!("cost of goods", "商品成本") },
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        let share = 1.0 / f64::from(self.levels);
        (0..self.levels).map(|demand| (self.space.state(&[self.start, self.start, demand]), share)).collect()
    }

    fn describe(&self, state: State, language: Language) -> String {
        let (mine, theirs, demand) = self.coordinates(state);
        let (mine, theirs) = (self.price(mine), self.price(theirs));
        let prices = phrase!("we asked {mine}, the rival {theirs}", "上期本店 {mine}，对手 {theirs}");
        let mut text = prices.get(language).to_owned();
        if self.levels > 1 {
            text.push_str(Words::COMMA.get(language));
            text.push_str(times(demand).get(language));
        }
        text
    }

    fn event(&self, state: State, action: Action, _outcome: u32, language: Language) -> String {
        let (answer, share) = self.encounter(state, action);
        let (price, percent) = (self.price(answer), libm::round(100.0 * share));
        phrase!("the rival asked {price}; {percent} % of customers bought here", "对手定价 {price}；{percent} % 的顾客在本店购买")
            .get(language)
            .to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let count = self.prices.len() as u32;
        let cost_plus = [10, 25, 50, 75, 100].map(|markup| {
            let level = nearest(&self.prices, self.cost * (1.0 + f64::from(markup) / 100.0));
            let price = self.price(level);
            always(phrase!("cost plus {markup} %, nearest price {price}", "成本加 {markup} %，最接近的标价 {price}"), Action(level))
        });
        let fixed = spread(count, MOST_FIXED).map(|level| always(self.price_name(level), Action(level)));
        let levels = self.levels;
        let rivals_last = move |state: State| state.0 / levels % count;
        vec![
            Baseline { key: "cost_plus", name: words!("cost plus a markup", "成本加成"), rules: cost_plus.into() },
            self.fixed("nash", words!("one-shot Nash price", "纳什价"), self.nash),
            self.fixed("monopoly", words!("monopoly price", "垄断价"), self.monopoly),
            Baseline {
                key: "match",
                name: words!("match the rival", "跟随对手"),
                rules: vec![rule(words!("its last price", "对手上期价"), move |state| Action(rivals_last(state)))],
            },
            Baseline {
                key: "undercut",
                name: words!("undercut the rival", "比对手低一档"),
                rules: vec![rule(words!("one step below its last price", "对手上期价低一档"), move |state| {
                    Action(rivals_last(state).saturating_sub(1))
                })],
            },
            Baseline { key: "fixed", name: words!("best fixed price", "最佳固定价"), rules: fixed.collect() },
        ]
    }
}
