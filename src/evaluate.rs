//! What a learner is measured by: the exact optimum, random and short-sighted choice, and the policies of the trade.

use std::rc::Rc;

use crate::config::Setup;
use crate::mdp::{Rule, State};
use crate::model::Model;
use crate::planner::{Policy, Solution, action_values, evaluate, evaluate_steps, greedy, solve};
use crate::words::Words;

/// Accuracy of every exact value, in the unit of the reward.
pub const TOLERANCE: f64 = 1e-9;

/// Share of the way to the optimum from which a policy counts as optimal.
pub const OPTIMAL: f64 = 0.9999;

/// How far a policy has come on the way from random choice (0) to the optimum (1).
pub fn share_of_optimum(value: f64, random: f64, optimum: f64) -> f64 {
    if nothing_to_learn(random, optimum) { 1.0 } else { (value - random) / (optimum - random) }
}

/// Whether random choice is as good as the optimum, up to the accuracy of both.
pub fn nothing_to_learn(random: f64, optimum: f64) -> bool {
    optimum - random < 1e-8 * (1.0 + optimum.abs())
}

/// The exact reference values of a problem.
pub struct Yardstick {
    /// Optimal values and policy.
    pub optimum: Solution,
    /// Q*: optimal value of every pair.
    pub action_values: Vec<f64>,
    /// Whether each state is reachable. Nobody ever decides in the others, so a learner is not measured there.
    pub reachable: Vec<bool>,
    /// Value of the optimum at the start.
    pub value: f64,
    /// Value of uniformly random choice at the start.
    pub random: f64,
    /// Value at the start of always taking the largest immediate reward.
    pub myopic: f64,
    /// The horizon an episode shows.
    pub horizon: Horizon,
}

/// How much of an endless future an episode of limited length shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horizon {
    /// Discount of the objective.
    pub discount: f64,
    /// Steps of an episode.
    pub steps: u32,
}

/// A policy of the trade, with its exact worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Name, with the best parameters of its family.
    pub name: Words,
    /// Exact value at the start.
    pub value: f64,
    /// Expected return of an episode, cut as the learner's are.
    pub episode_return: f64,
    /// Slot taken in each state.
    pub policy: Vec<u32>,
    /// Exact value at the start of each rule that its family lists.
    pub listed: Vec<f64>,
}

impl Yardstick {
    /// Solves a problem.
    pub fn new(setup: &Setup) -> Self {
        let (model, discount) = (&setup.model, setup.settings.discount);
        let optimum = solve(model, discount, TOLERANCE);
        let at_start = |policy: &Policy| model.at_start(&evaluate(model, policy, discount, TOLERANCE));
        let myopic = myopic_policy(model);
        Self {
            action_values: action_values(model, discount, &optimum.values),
            reachable: model.reachable(),
            value: model.at_start(&optimum.values),
            random: at_start(&Policy::Uniform),
            myopic: at_start(&Policy::Fixed(myopic)),
            horizon: Horizon { discount, steps: setup.settings.steps },
            optimum,
        }
    }

    /// How far a value has come from random choice (0) to the optimum (1).
    pub fn share(&self, value: f64) -> f64 {
        share_of_optimum(value, self.random, self.value)
    }

    /// Largest distance of action values from the optimal ones, over what is available in reachable states.
    pub fn distance(&self, model: &Model, values: &[f64]) -> f64 {
        let states = (0..model.states()).map(State).filter(|state| self.reachable[state.index()]);
        let pairs = states.flat_map(|state| (0..model.slots(state)).map(move |slot| model.pair(state, slot)));
        pairs.map(|pair| (values[pair] - self.action_values[pair]).abs()).fold(0.0, f64::max)
    }

    /// The states in which a policy is wrong: they are reachable, and what it does there is not always optimal.
    pub fn wrong<'a>(&'a self, model: &'a Model, policy: &'a Policy) -> impl Iterator<Item = State> + 'a {
        let states = (0..model.states()).map(State).filter(|state| self.reachable[state.index()]);
        states.filter(|state| policy.chances(model, *state).any(|(slot, _)| !self.is_optimal(model, *state, slot)))
    }

    /// Whether a slot is optimal in a state.
    pub fn is_optimal(&self, model: &Model, state: State, slot: u32) -> bool {
        is_optimal(self.action_values[model.pair(state, slot)], self.optimum.values[state.index()])
    }

    /// The expected return of an episode under the optimal policy.
    pub fn episode_return(&self, model: &Model) -> f64 {
        self.horizon.episode_return(model, &Policy::Fixed(self.optimum.policy.clone()), self.value)
    }

    /// The expected return of an episode under short-sighted choice.
    pub fn myopic_return(&self, model: &Model) -> f64 {
        self.horizon.episode_return(model, &Policy::Fixed(myopic_policy(model)), self.myopic)
    }
}

impl Horizon {
    /// Expected return of a policy over an episode that is cut after so many steps; `endless` is its value without the cut, which stands
    /// in where the cut is beyond reckoning.
    fn episode_return(self, model: &Model, policy: &Policy, endless: f64) -> f64 {
        self.cut_return(model, policy, endless).unwrap_or(endless)
    }

    /// As [`episode_return`](Self::episode_return); `None` where reckoning the cut would take too long.
    pub fn cut_return(self, model: &Model, policy: &Policy, endless: f64) -> Option<f64> {
        // What lies beyond the cut weighs at most this share: below it the difference cannot be seen.
        const NEGLIGIBLE: f64 = 1e-5;
        let beyond = libm::pow(self.discount, f64::from(self.steps));
        let affordable = u64::from(self.steps) * model.outcome_count() as u64 <= 400_000_000;
        match (beyond < NEGLIGIBLE, affordable) {
            (true, _) => Some(endless),
            (_, true) => Some(model.at_start(&evaluate_steps(model, policy, self.discount, self.steps))),
            _ => None,
        }
    }
}

/// Whether an action's optimal value is the best of its state, up to the accuracy of both.
pub fn is_optimal(value: f64, best: f64) -> bool {
    value >= best - 1e-7 * (1.0 + best.abs())
}

/// The slots a rule takes; where it names an action that is not available, the first that is.
pub fn slots_of(model: &Model, rule: &Rule) -> Vec<u32> {
    (0..model.states())
        .map(State)
        .map(|state| if model.is_terminal(state) { 0 } else { model.slot(state, (rule.choose)(state)).unwrap_or(0) })
        .collect()
}

/// A baseline of the trade: the best of its family by exact value at the start. `None` for an index past the last, or an empty family.
pub fn measure_baseline(setup: &Setup, index: usize) -> Option<Measured> {
    let (model, settings) = (&setup.model, &setup.settings);
    let baseline = setup.environment.baselines().into_iter().nth(index)?;
    let mut listed = Vec::new();
    let (rule, policy, value) = best_rule(setup, baseline.rules, &mut listed)?;
    let horizon = Horizon { discount: settings.discount, steps: settings.steps };
    Some(Measured {
        name: joined(&baseline.name, &rule.label),
        value,
        episode_return: horizon.episode_return(model, &Policy::Fixed(policy.clone()), value),
        policy,
        listed,
    })
}

/// The best of the rules listed, or a better one found around it in ever smaller steps; with its policy and value. Notes the values of
/// those listed.
fn best_rule(setup: &Setup, listed: Vec<Rule>, values: &mut Vec<f64>) -> Option<(Rule, Vec<u32>, f64)> {
    const STEPS: [u32; 7] = [64, 32, 16, 8, 4, 2, 1];
    /// Most rules tried beyond those listed.
    const MOST_FURTHER: usize = 90;
    let mut best = better_rule(setup, None, listed, values)?;
    let mut left = MOST_FURTHER;
    for step in STEPS {
        while let Some(nearby) = best.0.nearby.as_ref().map(|nearby| nearby(step)).filter(|nearby| nearby.len() <= left) {
            left -= nearby.len();
            match better_rule(setup, Some(best.2), nearby, &mut Vec::new()) {
                Some(found) => best = found,
                None => break,
            }
        }
    }
    Some(best)
}

/// The best of some rules that is worth more than what is known. Notes the values of all.
fn better_rule(setup: &Setup, known: Option<f64>, rules: Vec<Rule>, values: &mut Vec<f64>) -> Option<(Rule, Vec<u32>, f64)> {
    let model = &setup.model;
    let mut best: Option<(Rule, Vec<u32>, f64)> = None;
    for rule in rules {
        let policy = slots_of(model, &rule);
        let value = model.at_start(&evaluate(model, &Policy::Fixed(policy.clone()), setup.settings.discount, TOLERANCE));
        values.push(value);
        let highest = best.as_ref().map(|(.., value)| *value).or(known);
        if highest.is_none_or(|highest| value > highest + 1e-9 * (1.0 + highest.abs())) {
            best = Some((rule, policy, value));
        }
    }
    best
}

/// The baselines of a problem, each measured once.
pub struct Baselines {
    setup: Rc<Setup>,
    measured: Vec<Option<Measured>>,
}

impl Baselines {
    /// None is measured yet.
    pub fn new(setup: Rc<Setup>) -> Self {
        Self { setup, measured: Vec::new() }
    }

    /// A baseline by index, as [`measure_baseline`] finds it.
    pub fn get(&mut self, index: usize) -> Option<&Measured> {
        while self.measured.len() <= index {
            let next = measure_baseline(&self.setup, self.measured.len());
            if next.is_none() && self.measured.len() >= self.setup.environment.baselines().len() {
                return None;
            }
            self.measured.push(next);
        }
        self.measured[index].as_ref()
    }
}

/// Always the largest expected reward of the next step.
pub fn myopic_policy(model: &Model) -> Vec<u32> {
    greedy(model, 0.0, &vec![0.0; model.states() as usize])
}

/// Outcomes of the largest problem that [`measure_foresight`] solves for every discount.
pub const MOST_FORESEEN: usize = 500_000;

/// Discounts at which [`measure_foresight`] plans: tenths up to that of the objective, and that itself.
pub fn foresight_discounts(objective: f64) -> Vec<f64> {
    (0..10).map(|tenth| f64::from(tenth) / 10.0).filter(|discount| *discount < objective).chain([objective]).collect()
}

/// What planning ahead buys: a discount, and the exact value at the start, by the objective's discount, of the policy that is optimal for
/// it. `None` past the last, and for problems too large to be solved that often.
pub fn measure_foresight(setup: &Setup, index: usize) -> Option<(f64, f64)> {
    let (model, objective) = (&setup.model, setup.settings.discount);
    let discount = foresight_discounts(objective).into_iter().nth(index).filter(|_| model.outcome_count() <= MOST_FORESEEN)?;
    let policy = Policy::Fixed(solve(model, discount, TOLERANCE).policy);
    Some((discount, model.at_start(&evaluate(model, &policy, objective, TOLERANCE))))
}

fn joined(family: &Words, member: &Words) -> Words {
    if *member == Words::NONE { family.clone() } else { Words::concat(&[family, &Words::COMMA, member]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::from_link;

    #[test]
    fn a_family_and_its_best_member_are_joined_as_the_language_does() {
        use crate::words::Language::{Chinese, English};
        let setup = from_link("1&p=gvr_clearance").unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap();
        let name = measure_baseline(&setup, 2).unwrap().name;
        assert_eq!((name.get(English), name.get(Chinese)), ("price that sells out, set anew each day", "刚好售罄的价格，每天重新计算"));
    }

    #[test]
    fn the_shop_needs_a_plan_that_looks_past_the_published_threshold() {
        // Ordering from empty pays from a discount of .417 on; below it the plan never orders, and is worth nothing from an empty shelf.
        let setup = from_link("1&p=puterman").unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap();
        let points: Vec<(f64, f64)> = (0..).map_while(|index| measure_foresight(&setup, index)).collect();
        assert_eq!(points.len(), 11);
        for (discount, value) in points {
            match discount {
                ..0.417 => assert!(value.abs() < 1e-6, "{discount}: {value}"),
                0.95.. => assert!((value - 39.702_325_85).abs() < 1e-6, "{discount}: {value}"),
                _ => assert!(value > 37.0, "{discount}: {value}"),
            }
        }
    }

    #[test]
    fn the_best_reorder_rule_is_found_in_a_shop_of_any_size() {
        let best = |link: &str| {
            let setup = from_link(link).unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap();
            let index = setup.environment.baselines().iter().position(|baseline| baseline.key == "reorder_point").unwrap();
            let found = measure_baseline(&setup, index).unwrap();
            (found.name.get(crate::words::Language::English).to_owned(), found.value, Yardstick::new(&setup).value)
        };
        for capacity in [8, 21, 40, 200] {
            let (name, value, optimum) =
                best(&format!("1&p=puterman&capacity={capacity}&price=12.5&cost=6&holding=.4&demand=.1,.2,.4,.2,.1"));
            assert_eq!(name, "best (s, S), (1, 6)", "{capacity}");
            assert!((value - optimum).abs() < 1e-6, "{capacity}: {value} is not {optimum}");
        }
        for link in [
            "1&p=puterman&capacity=150&price=20&fixed=60&holding=.2&demand=poisson:20",
            "1&p=puterman&capacity=199&price=20&fixed=900&holding=.1&demand=geometric:9",
            "1&p=puterman&capacity=77&price=9&fixed=30&demand=uniform:0:30&discount=.7",
            "1&p=zheng_10&discount=.5",
            "1&p=zheng_20&discount=.3&fixed=9",
        ] {
            let (name, value, optimum) = best(link);
            assert!((value - optimum).abs() < 1e-6 * optimum.abs(), "{link}: {name} is worth {value}, not {optimum}");
        }
    }

    #[test]
    fn where_nobody_comes_nobody_is_measured() {
        // A season begins with five units, and at most one is sold a day: four cannot be left on the first.
        let setup = from_link("1&p=gvr_clearance").unwrap_or_else(|errors| panic!("{errors:?}")).experiment.compile().unwrap();
        let (model, yardstick) = (&setup.model, Yardstick::new(&setup));
        let (mut values, mut policy) = (yardstick.action_values.clone(), yardstick.optimum.policy.clone());
        let unreachable: Vec<State> = (0..model.states()).map(State).filter(|state| !yardstick.reachable[state.index()]).collect();
        assert_eq!(unreachable.len(), 5 + 4 + 3 + 2 + 1);
        for state in unreachable.into_iter().filter(|state| !model.is_terminal(*state)) {
            values[model.pair(state, 0)] += 1000.0;
            policy[state.index()] = (0..model.slots(state)).find(|slot| !yardstick.is_optimal(model, state, *slot)).unwrap();
        }
        assert_eq!(yardstick.distance(model, &values), 0.0);
        assert_eq!(yardstick.wrong(model, &Policy::Fixed(policy.clone())).count(), 0);
        let (start, _) = model.start()[0];
        values[model.pair(start, 0)] += 1000.0;
        policy[start.index()] = (0..model.slots(start)).find(|slot| !yardstick.is_optimal(model, start, *slot)).unwrap();
        assert!((yardstick.distance(model, &values) - 1000.0).abs() < 1e-9);
        assert_eq!(yardstick.wrong(model, &Policy::Fixed(policy)).collect::<Vec<_>>(), [start]);
    }
}
