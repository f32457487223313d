//! The verdict: how the learner's greedy policy does against the policies of the trade, short-sighted and random choice and the exact
//! optimum, on customers that training never saw.
//!
//! Every policy meets the same customers (common random numbers), so differences between policies are far more certain than the returns
//! themselves, and intervals are those of the paired differences (Law, *Simulation Modeling and Analysis*, sections 10.2 and 11.2).

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::config::Setup;
use crate::evaluate::{Baselines, Horizon, TOLERANCE, Yardstick};
use crate::mistakes::{Mistakes, Visits};
use crate::model::Model;
use crate::planner::{Policy, evaluate};
use crate::random::Stream;
use crate::rollout::{Player, customers, play};
use crate::sample::{Estimate, Sample};
use crate::words::Words;

/// A policy with what it earned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Whose policy it is.
    pub player: Player,
    /// Name of a policy of the trade.
    pub name: Option<Words>,
    /// Exact value at the start, of an episode without end.
    pub value: f64,
    /// Exact expected return of an episode; `None` where that would take too long.
    pub exact: Option<f64>,
    /// Return of an episode.
    pub earned: Estimate,
    /// What it earned more than the learner, episode by episode.
    pub ahead: Estimate,
}

/// The verdict so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Standings, the learner's first.
    pub standings: Vec<Standing>,
    /// Episodes that every policy has played.
    pub episodes: u32,
    /// Episodes to be played.
    pub wanted: u32,
    /// Steps after which an episode is cut.
    pub steps: u32,
    /// Where the learner's policy is wrong, once that is counted.
    pub mistakes: Option<Mistakes>,
}

impl Report {
    /// Whether nothing is left to be done.
    pub fn is_done(&self) -> bool {
        self.episodes >= self.wanted
    }

    /// The standing of the first player of a kind.
    pub fn of(&self, player: Player) -> Option<&Standing> {
        self.standings.iter().find(|standing| standing.player == player)
    }

    /// Whom the learner must beat; `None` before all are measured.
    pub fn rival(&self) -> Option<&Standing> {
        let trade = self.standings.iter().filter(|standing| matches!(standing.player, Player::Baseline(_)));
        Some(strongest(trade, self.of(Player::Myopic)?, |standing| standing.value))
    }
}

/// Whom a learner must beat, wherever it is set beside one other policy: the strongest of the trade's and short-sighted choice, by exact
/// value at the start, so that luck does not choose; the first among equals.
pub fn strongest<T>(trade: impl Iterator<Item = T>, myopic: T, value: impl Fn(&T) -> f64) -> T {
    let best = trade.reduce(|best, rival| if value(&rival) > value(&best) { rival } else { best });
    best.filter(|best| value(best) >= value(&myopic)).unwrap_or(myopic)
}

struct Contender {
    player: Player,
    name: Option<Words>,
    policy: Policy,
    value: f64,
    exact: Option<f64>,
    earned: Sample,
    ahead: Sample,
}

/// A verdict being reached, some work at a time.
pub struct Verdict {
    setup: Rc<Setup>,
    yardstick: Rc<Yardstick>,
    contenders: Vec<Contender>,
    /// Who is still to be measured exactly, in reverse.
    waiting: Vec<Player>,
    visits: Visits,
    mistakes: Option<Mistakes>,
    customers: Stream,
    episodes: u32,
}

impl Verdict {
    /// The learner's greedy policy is put to the test.
    pub fn new(setup: Rc<Setup>, yardstick: Rc<Yardstick>, learned: Policy) -> Self {
        let baselines = setup.environment.baselines().len() as u32;
        let others = [Player::Myopic, Player::Random];
        let waiting =
            [Player::Learner, Player::Optimum].into_iter().chain((0..baselines).map(Player::Baseline)).chain(others).rev().collect();
        Self {
            visits: Visits::new(&setup.model, learned, setup.settings.discount),
            customers: customers(setup.settings.seed),
            contenders: Vec::new(),
            waiting,
            mistakes: None,
            episodes: 0,
            setup,
            yardstick,
        }
    }

    /// Works on, for so many steps or outcomes, until so many episodes are played.
    pub fn advance(&mut self, baselines: &mut Baselines, wanted: u32, budget: u64) {
        let mut spent = 0;
        while spent < budget && self.episodes < wanted {
            spent += match self.waiting.pop() {
                Some(player) => {
                    let contender = self.measure(player, baselines);
                    self.contenders.extend(contender);
                    // An exact evaluation is a long task of its own.
                    budget
                }
                None if self.mistakes.is_none() => self.count_visits(),
                None => self.play(),
            };
        }
    }

    fn measure(&self, player: Player, baselines: &mut Baselines) -> Option<Contender> {
        let (model, yardstick) = (&self.setup.model, &self.yardstick);
        let policy = player.policy(|| self.visits.policy().clone(), &self.setup, yardstick, baselines)?;
        let (value, name) = match player {
            Player::Learner => (model.at_start(&evaluate(model, &policy, self.setup.settings.discount, TOLERANCE)), None),
            Player::Optimum => (yardstick.value, None),
            Player::Baseline(index) => baselines.get(index as usize).map(|measured| (measured.value, Some(measured.name.clone())))?,
            Player::Myopic => (yardstick.myopic, None),
            Player::Random => (yardstick.random, None),
        };
        let exact = yardstick.horizon.cut_return(model, &policy, value);
        Some(Contender { player, name, policy, value, exact, earned: Sample::default(), ahead: Sample::default() })
    }

    fn count_visits(&mut self) -> u64 {
        let work = self.visits.advance(&self.setup.model);
        if self.visits.is_done() {
            self.mistakes = Some(self.visits.mistakes(&self.setup.model, &self.yardstick));
        }
        work
    }

    /// Everybody plays the next episode.
    fn play(&mut self) -> u64 {
        let customers = self.customers.fork(self.episodes);
        let (mut learner, mut work) = (0.0, 0);
        for (index, contender) in self.contenders.iter_mut().enumerate() {
            let (earned, steps) = episode(&self.setup.model, self.yardstick.horizon, &contender.policy, customers.clone());
            if index == 0 {
                learner = earned;
            }
            contender.earned.add(earned);
            contender.ahead.add(earned - learner);
            work += u64::from(steps);
        }
        self.episodes += 1;
        work
    }

    /// What is known so far.
    pub fn report(&self, wanted: u32) -> Report {
        let standing = |contender: &Contender| Standing {
            player: contender.player,
            name: contender.name.clone(),
            value: contender.value,
            exact: contender.exact,
            earned: contender.earned.estimate(),
            ahead: contender.ahead.estimate(),
        };
        Report {
            standings: self.contenders.iter().map(standing).collect(),
            episodes: self.episodes,
            wanted,
            steps: self.setup.settings.steps,
            mistakes: self.mistakes.clone(),
        }
    }
}

/// Discounted return of one episode and its length.
fn episode(model: &Model, horizon: Horizon, policy: &Policy, customers: Stream) -> (f64, u32) {
    let (mut total, mut weight, mut steps) = (0.0, 1.0, 0);
    for (_, _, transition) in play(model, policy, customers).take(horizon.steps as usize) {
        total += weight * transition.reward;
        weight *= horizon.discount;
        steps += 1;
    }
    (total, steps)
}

/// The size of a difference in percent of what it is compared with. `None` where percents mean nothing to anybody: of next to nothing, and
/// beyond 100, where the other is on the other side of zero or several times as large.
pub fn in_percent(difference: f64, reference: f64) -> Option<f64> {
    let percent = 100.0 * difference.abs() / reference.abs();
    (reference.abs() >= 1e-6 && percent <= 100.0).then_some(percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use crate::share::from_link;

    #[test]
    fn percents_are_told_where_they_mean_something() {
        for (difference, reference, percent) in [(2.0, 10.0, Some(20.0)), (-2.0, -10.0, Some(20.0)), (10.0, 10.0, Some(100.0))] {
            assert_eq!(in_percent(difference, reference), percent);
        }
        // Worth -4.992 against 3.284; several times as much; of nothing.
        for (difference, reference) in [(3.284 + 4.992, 3.284), (-8.0, 3.0), (5.0, -1.0), (1.0, 0.0), (0.0, 0.0), (f64::NAN, 1.0)] {
            assert_eq!(in_percent(difference, reference), None, "{difference} of {reference}");
        }
    }

    /// The verdict on a policy that a learner might have; `policy` may spoil the optimal one.
    fn judge(link: &str, episodes: u32, spoil: impl Fn(&Model, &mut Vec<u32>)) -> Report {
        let setup = Rc::new(from_link(link).unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap());
        let yardstick = Rc::new(Yardstick::new(&setup));
        let mut learned = yardstick.optimum.policy.clone();
        spoil(&setup.model, &mut learned);
        let mut baselines = Baselines::new(Rc::clone(&setup));
        let mut verdict = Verdict::new(setup, yardstick, Policy::Fixed(learned));
        while !verdict.report(episodes).is_done() {
            verdict.advance(&mut baselines, episodes, 5000);
        }
        verdict.report(episodes)
    }

    fn keep(_: &Model, _: &mut Vec<u32>) {}

    #[test]
    fn what_is_simulated_agrees_with_what_is_exact() {
        // Seeds are fixed, so this passes or fails for good; over some forty policies a deviation above four standard errors is one in 400.
        let mut deviations = Vec::new();
        for link in ["1&p=puterman", "1&p=zipkin_l2_p4&steps=50", "1&p=warlop", "1&p=cart", "1&p=garnet", "1&p=clarify", "1&p=calvano_tft"]
        {
            let report = judge(link, 4000, keep);
            for standing in &report.standings {
                let exact = standing.exact.unwrap();
                let off = (standing.earned.mean - exact).abs();
                let deviation = if off <= 1e-6 * (1.0 + exact.abs()) { 0.0 } else { off / standing.earned.error };
                println!("{link} {:?}: {:?}, exactly {exact}: {deviation:.2} errors", standing.player, standing.earned);
                deviations.push(deviation);
            }
        }
        assert!(deviations.len() >= 30, "{}", deviations.len());
        assert!(deviations.iter().all(|deviation| *deviation < 4.0), "{deviations:?}");
        // And most lie within two, as they should; always being exact would be as wrong as never.
        let far = deviations.iter().filter(|deviation| **deviation > 1.96).count();
        assert!(far <= deviations.len() / 6, "{far} of {}", deviations.len());
    }

    #[test]
    fn the_same_customers_make_differences_far_more_certain_than_returns() {
        let report = judge("1&p=zipkin_l2_p4&steps=100", 500, keep);
        let rival = report.rival().unwrap();
        assert!(matches!(rival.player, Player::Baseline(_)));
        assert!(rival.ahead.half < 0.5 * rival.earned.half, "{rival:?}");
        assert!((rival.ahead.mean - (rival.earned.mean - report.standings[0].earned.mean)).abs() < 1e-9);
    }

    #[test]
    fn the_strongest_of_trade_and_short_sighted_choice_is_the_rival() {
        // The trade's only policy is worse than random choice here, so that to beat it would say nothing.
        let report = judge("1&p=cart", 20, keep);
        let worth = |player| report.of(player).unwrap().value;
        assert!(worth(Player::Baseline(0)) < worth(Player::Random) && worth(Player::Random) < worth(Player::Myopic), "{report:?}");
        assert_eq!(report.rival().unwrap().player, Player::Myopic);
        assert_eq!(strongest([(0, 1.0), (1, 2.0), (2, 2.0)].into_iter(), (3, 2.0), |rival| rival.1), (1, 2.0));
    }

    #[test]
    fn the_same_policy_earns_the_same_in_every_episode() {
        let report = judge("1&p=puterman", 200, keep);
        let optimum = report.of(Player::Optimum).unwrap();
        assert_eq!((optimum.ahead.mean, optimum.ahead.half), (0.0, 0.0));
        assert!(optimum.ahead.may_be_zero());
        assert_eq!(report.mistakes.unwrap().wrong, 0);
    }

    #[test]
    fn a_policy_that_never_orders_is_found_worse() {
        let report = judge("1&p=puterman", 200, |_, policy| policy.fill(0));
        let (optimum, rival) = (report.of(Player::Optimum).unwrap(), report.rival().unwrap());
        assert!(optimum.ahead.interval().0 > 0.0 && rival.ahead.interval().0 > 0.0, "{report:?}");
        assert_eq!(report.mistakes.unwrap().wrong, 1);
    }

    #[test]
    fn chopping_the_work_up_changes_nothing_and_training_is_another_stream() {
        let whole = judge("1&p=puterman", 300, keep);
        let setup = Rc::new(from_link("1&p=puterman").unwrap().experiment.compile().unwrap());
        let yardstick = Rc::new(Yardstick::new(&setup));
        let learned = yardstick.optimum.policy.clone();
        let mut baselines = Baselines::new(Rc::clone(&setup));
        let mut verdict = Verdict::new(setup, yardstick, Policy::Fixed(learned));
        for budget in (1..).map(|round| round % 700 + 1) {
            verdict.advance(&mut baselines, 300, budget);
            if verdict.report(300).is_done() {
                break;
            }
        }
        assert_eq!(verdict.report(300), whole);
        assert_ne!(customers(1).peek(), Stream::new(1, Purpose::Environment).peek());
    }
}
