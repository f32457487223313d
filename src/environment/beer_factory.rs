//! One seat of the beer distribution game: the factory, while retailer, wholesaler and distributor follow the published rule.
//!
//! **Description.** Each week the factory decides how much to brew, three weeks ahead. Customers take a constant amount, until one week
//! they take more; the three stages in between pass the step on, late and exaggerated.
//!
//! **States** (weeks × positions): the week, and the stock position: stock, less what is owed, plus what is being brewed.
//! The others' orders do not depend on how well the factory delivers (they count all they have ordered), so that this is all that matters.
//! **Actions**: brew 0, 1, 2, … lots. **Dynamics**: position = position + brewed − next order of the distributor, deterministic.
//! **Rewards**: the cost of the week in which the brew arrives: −holding × stock − backlog × owed. Earlier weeks are out of reach.
//! **Episode end**: when no brew can arrive before the last week.
//! **Parameters**: length, customers before and after the step, stock, costs, the others' rule, lots.
//! **Source**: the board of J. D. Sterman, Management Science 35(3), 1989; taking one seat of it as a decision process is our choice.

use crate::invalid::Invalid;
use crate::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, State, check_size};
use crate::parameter::{Group, Parameter, Values};
use crate::theory::beer_game::{AnchorAdjust, Board, FACTORY_LEAD_WEEKS, FIXED_WEEKS, Policy, play};
use crate::words::{Language, Words};

use super::shared::field::{money, number, rule, whole};
use super::shared::space::Space;
use super::{Preset, Problem, Scenario};

/// The scenario as the registry lists it.
pub static SCENARIO: Scenario = Scenario {
    key: "beer_factory",
    problem: Problem::SupplyChain,
    name: words!("Beer game: the factory", "啤酒游戏：工厂"),
    summary: words!(
        "You are the factory of the beer game. Retailer, wholesaler and distributor pass on what customers buy, late and exaggerated; what you brew today arrives in three weeks.",
        "你是啤酒游戏中的工厂。零售商、批发商和分销商把顾客需求延迟并放大地传上来；今天投产的啤酒三周后才入库。"
    ),
    source: words!("J. D. Sterman, Management Science 35(3), 1989"),
    parameters,
    presets: &[Preset {
        key: "beer",
        name: words!("Sterman's board, factory's seat", "Sterman 啤酒游戏，工厂角色"),
        claim: words!(
            "A factory that has learned when the step reaches it cuts the cost in its reach from 14 to 2",
            "学会需求突变何时传到自己，工厂能把可控成本从 14 降到 2"
        ),
        source: None,
        printed: Some(words!(
            "204 for the board under the benchmark rule, 54 of it at the factory",
            "各环节按基准规则订货，全盘成本 204，其中工厂 54"
        )),
        draft: "discount=1&episodes=4000&steps=60&alpha=.5&epsilon=lin:.5:.02:3000",
    }],
    build,
};

fn parameters() -> Vec<Parameter> {
    let cases = || words!("cases", "箱");
    let weeks = || words!("weeks", "周");
    let cost = |key, name, help, default| Parameter { unit: words!("$ a case and week", "元/箱/周"), ..money(key, name, help, default) };
    vec![
        whole(
            "weeks",
            words!("Length of the game", "游戏周数"),
            words!("Weeks played; the first four are fixed.", "总周数；前四周的订货固定。"),
            weeks(),
            Group::State,
            (10, 104),
            "36",
        ),
        whole(
            "stock",
            words!("Stock at the start", "初始库存"),
            words!("Cases each stage has in store in the first week.", "每一级第一周的库存。"),
            cases(),
            Group::State,
            (0, 200),
            "12",
        ),
        whole(
            "lot",
            words!("Brewing lot", "生产批量"),
            words!("The factory brews whole lots of this size.", "工厂按整批生产，每批的箱数。"),
            cases(),
            Group::Action,
            (1, 50),
            "4",
        ),
        whole(
            "lots",
            words!("Most lots a week", "每周最多批数"),
            words!("Capacity of the factory.", "工厂产能。"),
            words!("lots", "批"),
            Group::Action,
            (1, 40),
            "6",
        ),
        cost("holding", words!("Holding cost", "持有成本"), words!("Each week for each case in store.", "库存每箱每周的成本。"), ".5"),
        cost(
            "backlog",
            words!("Backlog cost", "欠货成本"),
            words!("Each week for each case owed to the distributor.", "欠分销商每箱每周的成本。"),
            "1",
        ),
        whole(
            "before",
            words!("Customers before the step", "突变前的顾客需求"),
            words!("Cases a week at first; all flows start at this rate.", "起初每周的需求；所有流量都从这一水平开始。"),
            cases(),
            Group::Transition,
            (0, 50),
            "4",
        ),
        whole(
            "after",
            words!("Customers after the step", "突变后的顾客需求"),
            words!("Cases a week from the step on.", "突变后每周的需求。"),
            cases(),
            Group::Transition,
            (0, 50),
            "8",
        ),
        whole(
            "step",
            words!("Week of the step", "突变发生的周"),
            words!("The first week with the new demand.", "需求变化的第一周。"),
            Words::NONE,
            Group::Transition,
            (1, 104),
            "5",
        ),
        whole(
            "target",
            words!("Stock the others aim at", "其他各级的目标库存"),
            words!(
                "Stock and orders under way that retailer, wholesaler and distributor aim at. Larger makes a larger wave.",
                "零售商、批发商、分销商的目标（库存加在途）。越大则波动越大。"
            ),
            cases(),
            Group::Transition,
            (0, 400),
            "28",
        ),
        number(
            "adjust",
            words!("How fast the others adjust", "其他各级的调整速度"),
            words!(
                "Part of the gap to their target that the others order each week: 1 is all of it at once.",
                "其他各级每周补足目标缺口的比例：1 表示一次补足。"
            ),
            Group::Transition,
            (0.0, 1.0),
            "1",
        ),
    ]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let count = |key| values.integer(key).map(|x| x as u32);
    let board = Board {
        weeks: count("weeks")?,
        before: values.integer("before")?,
        after: values.integer("after")?,
        step_week: count("step")?,
        stock: values.integer("stock")?,
        holding: values.number("holding")?,
        backlog: values.number("backlog")?,
    };
    let rule = AnchorAdjust {
        forecast: f64::from(board.before),
        stock_adjustment: values.number("adjust")?,
        supply_line_weight: 1.0,
        target: values.number("target")?,
    };
    let others: Policy = &|view| rule.order(view);
    let [.., factory] = play(&board, [others, others, others, &|view| view.incoming]);
    let orders: Vec<i32> = factory.weeks.iter().map(|week| week.incoming).collect();
    let lot = values.integer("lot")?;
    let first = board.stock + 2 * board.before;
    let unit = orders.iter().fold(common_divisor(lot, first), |unit, order| common_divisor(unit, *order));
    let busiest = orders.windows(4).map(|weeks| weeks.iter().sum::<i32>()).max().unwrap_or(0);
    let reach = (2 * busiest).max(first) / unit + 1;
    let decisions = board.weeks - FACTORY_LEAD_WEEKS - FIXED_WEEKS;
    let lots = count("lots")?;
    let space = Space::new(vec![decisions + 1, 2 * reach as u32 + 1]);
    let pairs = u64::from(space.count()) * u64::from(lots + 1);
    check_size("target", values.get("target")?.to_text(), pairs, pairs)?;
    Ok(Box::new(Factory { board, orders, lot, lots, unit, reach, first, space }))
}

fn common_divisor(a: i32, b: i32) -> i32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[derive(Clone)]
struct Factory {
    board: Board,
    /// What the distributor orders, from week 1.
    orders: Vec<i32>,
    lot: i32,
    lots: u32,
    /// Positions are multiples of this, from `-reach` to `reach` of them.
    unit: i32,
    reach: i32,
    /// Position at the first decision.
    first: i32,
    space: Space,
}

impl Factory {
    fn week_and_position(&self, state: State) -> (u32, i32) {
        let levels = self.space.levels(state);
        (levels[0] + FIXED_WEEKS + 1, (levels[1] as i32 - self.reach) * self.unit)
    }

    fn state(&self, week: u32, position: i32) -> State {
        let level = (position / self.unit).max(-self.reach) + self.reach;
        self.space.state(&[week - FIXED_WEEKS - 1, level as u32])
    }

    fn order(&self, week: u32) -> i32 {
        self.orders.get(week as usize - 1).copied().unwrap_or(0)
    }

    /// Net stock at the end of the week in which a brew arrives.
    fn net_on_arrival(&self, state: State, action: Action) -> i32 {
        let (week, position) = self.week_and_position(state);
        let ordered: i32 = (1..=FACTORY_LEAD_WEEKS).map(|ahead| self.order(week + ahead)).sum();
        position + self.brewed(action) - ordered
    }

    fn brewed(&self, action: Action) -> i32 {
        action.0 as i32 * self.lot
    }

    /// The largest brew that is no more than a quantity.
    fn at_most(&self, state: State, quantity: i32) -> Action {
        let room = self.reach * self.unit - self.week_and_position(state).1;
        Action(((quantity.min(room) / self.lot).max(0) as u32).min(self.lots))
    }

    fn up_to(&self, label: Words, level: i32) -> Rule {
        let factory = self.clone();
        rule(label, move |state| factory.at_most(state, level - factory.week_and_position(state).1))
    }
}

impl Environment for Factory {
    fn factors(&self) -> Vec<Factor> {
        let first = FIXED_WEEKS as i32 + 1;
        let positions = (-self.reach..=self.reach).map(|level| f64::from(level * self.unit)).collect();
        vec![
            Factor {
                key: "week",
                name: words!("week", "周次"),
                unit: Words::NONE,
                levels: Levels::Integers { min: first, max: (self.board.weeks - FACTORY_LEAD_WEEKS) as i32 + 1 },
            },
            Factor {
                key: "position",
                name: words!("stock and brewing", "库存与在制"),
                unit: words!("cases", "箱"),
                levels: Levels::Numbers(positions),
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
        self.lots + 1
    }

    fn action_name(&self, action: Action) -> Words {
        match self.brewed(action) {
            0 => words!("brew nothing", "不生产"),
            1 => words!("brew 1 case", "生产 1 箱"),
            quantity => phrase!("brew {quantity} cases", "生产 {quantity} 箱"),
        }
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        if self.week_and_position(state).0 + FACTORY_LEAD_WEEKS <= self.board.weeks {
            actions.extend((0..=self.at_most(state, i32::MAX).0).map(Action));
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let (week, position) = self.week_and_position(state);
        let next = self.state(week + 1, position + self.brewed(action) - self.order(week + 1));
        let net = self.net_on_arrival(state, action);
        outcomes.push(Outcome::new(1.0, next, [-self.board.cost(net.max(0)), -self.board.cost(net.min(0))]));
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![
            RewardPart { key: "holding", name: words!("holding on arrival", "入库时持有成本") },
            RewardPart { key: "backlog", name: words!("backlog on arrival", "入库时欠货成本") },
        ]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(self.state(FIXED_WEEKS + 1, self.first), 1.0)]
    }

    fn baselines(&self) -> Vec<Baseline> {
        // Three weeks of the new demand, as the published 20 + 4 is for the published board.
        let published = FACTORY_LEAD_WEEKS as i32 * self.board.after;
        let target = published - self.board.before;
        let levels = (0..=self.reach).map(|level| level * self.unit);
        vec![
            Baseline {
                key: "anchor_adjust",
                name: words!("Sterman's benchmark rule", "Sterman 基准规则"),
                rules: vec![self.up_to(Words::same(format!("S′ = {target}")), published)],
            },
            Baseline {
                key: "order_up_to",
                name: words!("best base-stock", "最佳基准库存"),
                rules: levels.map(|level| self.up_to(Words::same(format!("S = {level}")), level)).collect(),
            },
        ]
    }

    fn describe(&self, state: State, language: Language) -> String {
        let (week, position) = self.week_and_position(state);
        let words = match self.order(week) {
            _ if week + FACTORY_LEAD_WEEKS > self.board.weeks => words!("the last brew is on its way", "最后一批已投产"),
            order => {
                let cases = if position == 1 { "case" } else { "cases" };
                phrase!(
                    "week {week}: {position} {cases} in stock or brewing, {order} just ordered",
                    "第 {week} 周：库存与在制共 {position} 箱，刚收到 {order} 箱订单"
                )
            }
        };
        words.get(language).to_owned()
    }

    fn event(&self, state: State, action: Action, _outcome: u32, language: Language) -> String {
        let week = self.week_and_position(state).0 + FACTORY_LEAD_WEEKS;
        let words = match self.net_on_arrival(state, action) {
            net @ ..0 => phrase!("ready in week {week}; cases owed by then: {}", "第 {week} 周入库，届时欠货 {} 箱", -net),
            net => phrase!("ready in week {week}; cases in stock by then: {net}", "第 {week} 周入库，届时库存 {net} 箱"),
        };
        words.get(language).to_owned()
    }
}
