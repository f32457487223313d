//! A customer who remembers deals, as a Markov decision process.

use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, State};
use crate::words::{Language, Words};

use super::super::recency::last_bought;
use super::super::shared::field::{always, rule};
use super::super::shared::space::Space;
use super::Offer;

pub(super) struct Customer {
    /// Recency, deal memory, stock; the lost customer comes after the last of them.
    pub space: Space,
    /// Log-odds of buying on a plain offer, by recency; infinite for certainties.
    pub log_odds: Vec<f64>,
    /// Action 0 is to send nothing; offer `i` is action `i + 1`.
    pub offers: Vec<Offer>,
    pub price: f64,
    pub margin: f64,
    pub reach: f64,
    pub memory: u32,
    /// What a step of deal memory takes from the log-odds of buying without a discount.
    pub spoiling: f64,
    /// Most units in stock; 0 where goods never run out.
    pub stock: u32,
    pub restock: f64,
}

/// What can follow an offer.
struct Response {
    probability: f64,
    bought: bool,
    restocked: bool,
    next: State,
}

impl Customer {
    fn lost(&self) -> State {
        State(self.space.count())
    }

    fn offer(&self, action: Action) -> Option<&Offer> {
        self.offers.get(action.index().checked_sub(1)?)
    }

    /// Chance that the customer buys.
    fn chance(&self, recency: u32, memory: u32, offer: &Offer) -> f64 {
        let spoiled = if offer.discount > 0.0 { 0.0 } else { self.spoiling * f64::from(memory) };
        1.0 / (1.0 + libm::exp(spoiled - offer.uplift - self.log_odds[recency as usize]))
    }

    fn coordinates(&self, state: State) -> (u32, u32, u32) {
        let levels = self.space.levels(state);
        (levels[0], levels[1], levels[2])
    }

    fn buys(&self, state: State, offer: &Offer) -> f64 {
        let (recency, memory, units) = self.coordinates(state);
        if self.stock > 0 && units == 0 { 0.0 } else { self.chance(recency, memory, offer) }
    }

    fn profit(&self, offer: &Offer) -> f64 {
        self.margin - offer.discount * self.price - offer.gift + offer.extra
    }

    fn results(&self, state: State, action: Action) -> Vec<Response> {
        let (recency, memory, units) = self.coordinates(state);
        let offer = self.offer(action);
        let buys = offer.map_or(0.0, |offer| self.buys(state, offer));
        let mut results = Vec::new();
        for (bought, chance) in [(true, buys), (false, 1.0 - buys)] {
            let left = if bought { units.saturating_sub(1) } else { units };
            let arrives = if left < self.stock { self.restock } else { 0.0 };
            for (restocked, share) in [(true, arrives), (false, 1.0 - arrives)] {
                let units = left + u32::from(restocked);
                let next = match offer {
                    Some(offer) if bought => {
                        let memory = if offer.discount > 0.0 { self.memory.min(memory + 1) } else { memory.saturating_sub(1) };
                        self.space.state(&[0, memory, units])
                    }
                    _ if recency as usize + 1 < self.log_odds.len() => self.space.state(&[recency + 1, memory, units]),
                    _ => self.lost(),
                };
                results.push(Response { probability: chance * share, bought, restocked, next });
            }
        }
        results.retain(|result| result.probability > 0.0);
        results
    }
}

fn coupons(memory: u32) -> Words {
    match memory {
        0 => words!("no coupons lately", "近期没用券"),
        1 => words!("1 coupon lately", "近期用过 1 张券"),
        _ => phrase!("{memory} coupons lately", "近期用过 {memory} 张券"),
    }
}

impl Environment for Customer {
    fn factors(&self) -> Vec<Factor> {
        let months = (1..=self.log_odds.len() as u32).map(|recency| last_bought(recency, ("month", "个月")));
        let factor = |key, name, unit, levels| Factor { key, name, unit, levels };
        let recency = Levels::Named(months.chain([words!("customer lost", "顾客已流失")]).collect());
        let mut factors = vec![factor("recency", words!("last purchase", "上次购买"), Words::NONE, recency)];
        if self.memory > 0 {
            let levels = Levels::Named((0..=self.memory).map(coupons).collect());
            factors.push(factor("memory", words!("deal memory", "券记忆"), Words::NONE, levels));
        }
        if self.stock > 0 {
            let levels = Levels::Integers { min: 0, max: self.stock as i32 };
            factors.push(factor("stock", words!("in stock", "库存"), words!("units", "件"), levels));
        }
        factors
    }

    fn state_count(&self) -> u32 {
        self.space.count() + 1
    }

    fn levels(&self, state: State) -> Vec<u32> {
        let (recency, memory, units) = if state == self.lost() { (self.log_odds.len() as u32, 0, 0) } else { self.coordinates(state) };
        let mut levels = vec![recency];
        levels.extend((self.memory > 0).then_some(memory));
        levels.extend((self.stock > 0).then_some(units));
        levels
    }

    fn action_count(&self) -> u32 {
        self.offers.len() as u32 + 1
    }

    fn action_name(&self, action: Action) -> Words {
        self.offer(action).map_or(words!("send nothing", "不发"), |offer| offer.name.clone())
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        if state != self.lost() {
            actions.extend((0..self.action_count()).map(Action));
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let contact = if action.0 > 0 { -self.reach } else { 0.0 };
        outcomes.extend(self.results(state, action).into_iter().map(|result| {
            let parts = match self.offer(action).filter(|_| result.bought) {
                Some(offer) => [self.margin, -offer.discount * self.price, -offer.gift, offer.extra, contact],
                None => [0.0, 0.0, 0.0, 0.0, contact],
            };
            Outcome::new(result.probability, result.next, parts)
        }));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "margin", name: words!("margin", "毛利") },
            RewardPart { key: "discount", name: words!("discount", "折让") },
            RewardPart { key: "gift", name: words!("gift", "赠品成本") },
            RewardPart { key: "extra", name: words!("bundle margin", "套装毛利") },
            RewardPart { key: "contact", name: words!("contact", "触达成本") },
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(self.space.state(&[0, 0, self.stock]), 1.0)]
    }

    fn describe(&self, state: State, language: Language) -> String {
        if state == self.lost() {
            return words!("customer lost", "顾客已流失").get(language).to_owned();
        }
        let (recency, memory, units) = self.coordinates(state);
        let mut words = vec![last_bought(recency + 1, ("month", "个月"))];
        words.extend((self.memory > 0).then(|| coupons(memory)));
        words.extend((self.stock > 0).then(|| phrase!("{units} in stock", "库存 {units} 件")));
        words.iter().map(|words| words.get(language)).collect::<Vec<_>>().join(Words::COMMA.get(language))
    }

    fn event(&self, state: State, action: Action, outcome: u32, language: Language) -> String {
        let results = self.results(state, action);
        let Some(result) = results.get(outcome as usize) else { return String::new() };
        let words = match (action.0 > 0, result.bought, result.restocked) {
            (_, true, true) => words!("the customer bought, and a unit arrived", "顾客购买，并到货一件"),
            (_, true, false) => words!("the customer bought", "顾客购买"),
            (true, false, true) => words!("no purchase; a unit arrived", "未购买；到货一件"),
            (true, false, false) => words!("no purchase", "未购买"),
            (false, false, true) => words!("a unit arrived", "到货一件"),
            (false, false, false) => Words::NONE,
        };
        words.get(language).to_owned()
    }

    fn baselines(&self) -> Vec<Baseline> {
        let offers = || (1..).map(Action).zip(&self.offers);
        let to_all = |(action, offer): (Action, &Offer)| always(offer.name.clone(), action);
        let while_it_pays = |(action, offer): (Action, &Offer)| {
            let states = (0..self.space.count()).map(State);
            let pays: Vec<bool> = states.map(|state| self.buys(state, offer) * self.profit(offer) >= self.reach).collect();
            rule(offer.name.clone(), move |state| if pays.get(state.index()) == Some(&true) { action } else { Action(0) })
        };
        let mut baselines = vec![
            Baseline {
                key: "blanket",
                name: words!("best single offer for everybody", "人人同一优惠（最佳）"),
                rules: offers().map(to_all).collect(),
            },
            Baseline {
                key: "blanket_coupon",
                name: words!("best coupon for everybody", "人人发券（最佳）"),
                rules: offers().filter(|(_, offer)| offer.discount > 0.0).map(to_all).collect(),
            },
            Baseline {
                key: "break_even",
                name: words!("one offer, while it pays today", "单一优惠，按盈亏平衡停发"),
                rules: offers().map(while_it_pays).collect(),
            },
            Baseline { key: "never", name: words!("never send anything", "从不发优惠"), rules: vec![always(Words::NONE, Action(0))] },
        ];
        baselines.retain(|baseline| !baseline.rules.is_empty());
        baselines
    }
}
