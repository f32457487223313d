//! The chain as a Markov decision process, with the base-stock policies of the trade.

use crate::environment::shared::field::rule;
use crate::environment::shared::space::Space;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, State};
use crate::order::sort;
use crate::theory::cachon_zipkin::{Chain as Game, Levels as NashLevels};
use crate::theory::clark_scarf::{Stage, solve};
use crate::words::{Language, Words};

/// A chain with all its numbers chosen.
#[derive(Clone)]
pub(super) struct Chain {
    pub(super) shop_holding: f64,
    pub(super) warehouse_holding: f64,
    pub(super) backorder: f64,
    pub(super) share: f64,
    pub(super) demand: Vec<f64>,
    pub(super) il_min: i32,
    pub(super) il_max: i32,
    pub(super) oh_max: i32,
    pub(super) q1_max: i32,
    pub(super) q2_max: i32,
    pub(super) space: Space,
}

/// Most equations that trying out one family of levels may sweep: beyond it only levels near Clark and Scarf's are candidates.
const AFFORDABLE: usize = 1_000_000;
/// Largest demand for which the selfish levels are worked out.
const LARGEST_GAME: usize = 64;

impl Chain {
    /// Net stock of the shop and stock of the warehouse.
    fn stocks(&self, state: State) -> (i32, i32) {
        let levels = self.space.levels(state);
        (levels[0] as i32 + self.il_min, levels[1] as i32)
    }

    fn quantities(&self, action: Action) -> (i32, i32) {
        let width = self.q2_max as u32 + 1;
        ((action.0 / width) as i32, (action.0 % width) as i32)
    }

    /// The action nearest to these quantities that is possible: first what can be sent, then what can be ordered.
    fn possible(&self, state: State, send: i32, order: impl Fn(i32) -> i32) -> Action {
        let (shop, warehouse) = self.stocks(state);
        let send = send.min(self.most_sent(shop, warehouse)).max(0);
        let order = order(send).min(self.most_ordered(warehouse - send)).max(0);
        Action((send * (self.q2_max + 1) + order) as u32)
    }

    fn most_sent(&self, shop: i32, warehouse: i32) -> i32 {
        warehouse.min(self.q1_max).min(self.il_max - shop)
    }

    fn most_ordered(&self, left: i32) -> i32 {
        self.q2_max.min(self.oh_max - left)
    }

    /// Each watches its own stock: fill the shop to one level, what is left in the warehouse to another.
    fn local_rule(&self, (shop_level, warehouse_level): (i32, i32)) -> Rule {
        let chain = self.clone();
        let choose = move |state| {
            let (shop, warehouse) = chain.stocks(state);
            chain.possible(state, shop_level - shop, |sent| warehouse_level - (warehouse - sent))
        };
        rule(level_label(shop_level, warehouse_level), choose)
    }

    /// The warehouse watches the stock of both together.
    fn echelon_rule(&self, (shop_level, chain_level): (i32, i32)) -> Rule {
        let chain = self.clone();
        let choose = move |state| {
            let (shop, warehouse) = chain.stocks(state);
            chain.possible(state, shop_level - shop, |_| chain_level - shop - warehouse)
        };
        rule(phrase!("shop {shop_level}, together {chain_level}", "门店 {shop_level}，合计 {chain_level}"), choose)
    }

    /// Levels to try: all of them, or the nearest to `centre` where trying all would take too long.
    fn candidates(&self, highest: i32, lowest: i32, centre: (i32, i32)) -> Vec<(i32, i32)> {
        let shop_levels = self.il_min..=self.il_max;
        let mut levels: Vec<(i32, i32)> = shop_levels.flat_map(|shop| (lowest..=highest).map(move |other| (shop, other))).collect();
        let most = (AFFORDABLE / (self.space.count() as usize * self.demand.len())).max(25);
        if levels.len() > most {
            let distance = |(shop, other): &(i32, i32)| (shop - centre.0).abs() + (other - centre.1).abs();
            sort(&mut levels, |a, b| distance(a).cmp(&distance(b)));
            levels.truncate(most);
        }
        levels
    }

    /// Echelon levels that are best in the long run, where waiting costs anything.
    fn clark_scarf(&self) -> (i32, i32) {
        let stage = |echelon_holding| Stage { echelon_holding, lead_time_demand: self.demand.clone() };
        let stages = [stage(self.shop_holding - self.warehouse_holding), stage(self.warehouse_holding)];
        let levels = solve(&stages, self.backorder).levels;
        (levels[0], levels[1])
    }

    fn mean_demand(&self) -> f64 {
        (0..).zip(&self.demand).map(|(demand, probability)| f64::from(demand) * probability).sum()
    }

    fn nash(&self) -> Vec<NashLevels> {
        if self.demand.len() > LARGEST_GAME {
            return Vec::new();
        }
        let game = Game {
            shop_holding: self.shop_holding,
            warehouse_holding: self.warehouse_holding,
            backorder: self.backorder,
            share: self.share,
            demand: self.demand.clone(),
        };
        game.solve().0
    }
}

fn level_label(shop: i32, warehouse: i32) -> Words {
    phrase!("shop {shop}, warehouse {warehouse}", "门店 {shop}，仓库 {warehouse}")
}

impl Environment for Chain {
    fn factors(&self) -> Vec<Factor> {
        let units = || words!("units", "件");
        vec![
            Factor {
                key: "shop",
                name: words!("shop", "门店"),
                unit: units(),
                levels: Levels::Integers { min: self.il_min, max: self.il_max },
            },
            Factor {
                key: "warehouse",
                name: words!("warehouse", "仓库"),
                unit: units(),
                levels: Levels::Integers { min: 0, max: self.oh_max },
            },
        ]
    }

    fn state_count(&self) -> u32 {
        self.space.count()
    }

    fn levels(&self, state: State) -> Vec<u32> {
        self.space.levels(state)
    }

    fn action_count(&self) -> u32 {
        ((self.q1_max + 1) * (self.q2_max + 1)) as u32
    }

    fn action_name(&self, action: Action) -> Words {
        match self.quantities(action) {
            (0, 0) => words!("send and order nothing", "不发货，不订货"),
            (0, order) => phrase!("order {order}", "订 {order} 件"),
            (send, 0) => phrase!("send {send} to the shop", "发门店 {send} 件"),
            (send, order) => phrase!("send {send} to the shop, order {order}", "发门店 {send} 件，订 {order} 件"),
        }
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        let (shop, warehouse) = self.stocks(state);
        for send in 0..=self.most_sent(shop, warehouse) {
            let first = send * (self.q2_max + 1);
            actions.extend((0..=self.most_ordered(warehouse - send)).map(|order| Action((first + order) as u32)));
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let (shop, warehouse) = self.stocks(state);
        let (send, order) = self.quantities(action);
        let warehouse = warehouse - send + order;
        let at_warehouse = -self.warehouse_holding * f64::from(warehouse);
        outcomes.extend((0..).zip(&self.demand).map(|(demand, probability)| {
            let net: i32 = shop + send - demand;
            let next = self.space.state(&[(net.max(self.il_min) - self.il_min) as u32, warehouse as u32]);
            let at_shop = -self.shop_holding * f64::from(net.max(0));
            Outcome::new(*probability, next, [at_warehouse, at_shop, -self.backorder * f64::from((-net).max(0))])
        }));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "warehouse", name: words!("holding, warehouse", "仓库持有成本") },
            RewardPart { key: "shop", name: words!("holding, shop", "门店持有成本") },
            RewardPart { key: "waiting", name: words!("customers waiting", "顾客等待成本") },
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(self.space.state(&[(-self.il_min) as u32, 0]), 1.0)]
    }

    fn baselines(&self) -> Vec<Baseline> {
        let centre = self.clark_scarf();
        let echelon = self.candidates(self.il_max + self.oh_max, self.il_min, centre);
        // A warehouse that does not see who waits needs about a period's demand on top.
        let local = self.candidates(self.oh_max, 0, (centre.0, centre.1 - centre.0 + self.mean_demand() as i32));
        let nash = self.nash();
        let selfish = |levels: &NashLevels| Rule {
            label: level_label(levels.shop, levels.warehouse),
            // Where the warehouse knows what it owes the shop, local levels order as the echelon levels that are their sums.
            ..self.echelon_rule((levels.shop, levels.shop + levels.warehouse))
        };
        let mut baselines = vec![
            Baseline {
                key: "local_base_stock",
                name: words!("best local base-stock", "最佳本地基准库存"),
                rules: local.into_iter().map(|levels| self.local_rule(levels)).collect(),
            },
            Baseline {
                key: "echelon_base_stock",
                name: words!("best echelon base-stock", "最佳级库存基准策略"),
                rules: echelon.into_iter().map(|levels| self.echelon_rule(levels)).collect(),
            },
        ];
        if !nash.is_empty() {
            let rules = nash.iter().map(selfish).collect();
            baselines.push(Baseline { key: "selfish", name: words!("two selfish managers", "各自为政"), rules });
        }
        baselines
    }

    fn describe(&self, state: State, language: Language) -> String {
        let (shop, warehouse) = self.stocks(state);
        let words = match shop {
            ..0 => phrase!("{} waiting at the shop, warehouse {warehouse}", "门店有 {} 位顾客在等，仓库 {warehouse} 件", -shop),
            _ => phrase!("shop {shop}, warehouse {warehouse}", "门店 {shop} 件，仓库 {warehouse} 件"),
        };
        words.get(language).to_owned()
    }

    fn event(&self, state: State, action: Action, outcome: u32, language: Language) -> String {
        let net = self.stocks(state).0 + self.quantities(action).0 - outcome as i32;
        let words = match net {
            ..0 => phrase!("{outcome} asked for; {} now waiting", "需求 {outcome} 件；{} 位顾客在等", -net),
            _ => phrase!("{outcome} asked for; {net} left on the shelf", "需求 {outcome} 件；货架剩 {net} 件"),
        };
        words.get(language).to_owned()
    }
}
