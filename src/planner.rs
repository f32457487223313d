//! The exact yardstick: optimal values and policies, and the exact value of any policy, by dynamic programming.
//!
//! Sweeps stop on the max-norm bound `discount / (1 - discount) * |V' - V|`, never on the span, so that values are right and not
//! only policies. Undiscounted problems (`discount = 1`) are solved where every policy ends the episode with probability one.
//! See Puterman, *Markov Decision Processes*, chapters 6 (discounted) and 8 (average reward).

mod chain;

use crate::invalid::Invalid;
use crate::mdp::State;
use crate::model::Model;
use crate::text::{exact_number, plain_number};

use self::chain::{Chain, Pace, allowed_change};

/// What to do in each state.
#[derive(Clone, Debug, PartialEq)]
pub enum Policy {
    /// One slot a state.
    Fixed(Vec<u32>),
    /// Every available action alike.
    Uniform,
    /// The chance of each pair; over the available actions of a state they sum to 1.
    Mixed(Vec<f64>),
}

impl Policy {
    /// The slots a policy may take in a state, with their chances.
    pub fn chances<'a>(&'a self, model: &'a Model, state: State) -> impl Iterator<Item = (u32, f64)> + 'a {
        let slots = model.slots(state);
        let chance = move |slot: u32| match self {
            Policy::Fixed(fixed) => f64::from(u8::from(fixed[state.index()] == slot)),
            Policy::Uniform => 1.0 / f64::from(slots),
            Policy::Mixed(chances) => chances[model.pair(state, slot)],
        };
        (0..slots).map(move |slot| (slot, chance(slot))).filter(|(_, chance)| *chance > 0.0)
    }
}

/// Optimal values with a policy that attains them.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Value of each state.
    pub values: Vec<f64>,
    /// Best slot of each state; the lowest among equals.
    pub policy: Vec<u32>,
    /// Bound on the error of any value, apart from rounding. `None` where none is known: undiscounted, when a state can come back.
    pub error_bound: Option<f64>,
    /// Sweeps over all states that improved the policy.
    pub sweeps: u32,
}

/// Long-run reward a step.
#[derive(Clone, Debug)]
pub struct Gain {
    /// Average reward a step.
    pub gain: f64,
    /// Relative value of each state (bias, up to a constant).
    pub relative: Vec<f64>,
    /// Best slot of each state.
    pub policy: Vec<u32>,
}

/// Values closer than this, relative to their size, count as equal when the best action is chosen: the lowest index wins.
const TIE: f64 = 1e-11;
/// The largest discount where episodes need not end: what lies 10,000 steps ahead still counts. Nearer to 1, values would take minutes.
const MOST_ENDLESS: f64 = 0.9999;
const MOST_SWEEPS: u32 = 1_000_000;
/// Evaluation sweeps between two improvements.
const EVALUATION_SWEEPS: u32 = 24;

/// Refuses a discount for which the problem has no finite answer.
pub fn check_discount(model: &Model, discount: f64) -> Result<(), Invalid> {
    let range = words!("a number from 0 to 1", "应为 0 到 1 的数");
    if !(0.0..=1.0).contains(&discount) {
        return Err(Invalid::new("discount", exact_number(discount), range));
    }
    if discount > MOST_ENDLESS && !ends_surely(model) {
        let most = plain_number(MOST_ENDLESS);
        let fault = phrase!(
            "must be below 1, {most} at most, since some policy of this problem never ends the episode",
            "必须小于 1（最大 {most}），因为该问题存在永不结束的策略"
        );
        return Err(Invalid::new("discount", exact_number(discount), fault));
    }
    Ok(())
}

/// Whether every policy reaches a terminal state with probability one: no set of states that some policy never leaves.
fn ends_surely(model: &Model) -> bool {
    let (states, stride) = (model.states() as usize, model.stride());
    // The pairs that may lead to a state lie together, up to its end. Padding leads nowhere.
    let mut ends = vec![0; states + 1];
    for pair in 0..states * stride {
        for (chance, next) in model.successors(pair) {
            ends[next.index() + 1] += usize::from(chance > 0.0);
        }
    }
    for state in 0..states {
        ends[state + 1] += ends[state];
    }
    let mut origins = vec![0_u32; ends[states]];
    for pair in 0..states * stride {
        for (_, next) in model.successors(pair).filter(|(chance, _)| *chance > 0.0) {
            origins[ends[next.index()]] = pair as u32;
            ends[next.index()] += 1;
        }
    }
    // From the terminal states back, each outcome once: a state is free as soon as each of its actions may lead to a free one.
    let mut stays: Vec<u32> = (0..model.states()).map(|state| model.slots(State(state))).collect();
    let mut leaves = vec![false; states * stride];
    let mut free: Vec<usize> = (0..states).filter(|state| stays[*state] == 0).collect();
    let mut count = 0;
    while let Some(state) = free.pop() {
        count += 1;
        let first = if state == 0 { 0 } else { ends[state - 1] };
        for pair in &origins[first..ends[state]] {
            let (pair, from) = (*pair as usize, *pair as usize / stride);
            if !std::mem::replace(&mut leaves[pair], true) {
                stays[from] -= 1;
                if stays[from] == 0 {
                    free.push(from);
                }
            }
        }
    }
    count == states
}

/// Value of taking a slot and following `values` from there on.
#[inline(always)]
fn backup(model: &Model, state: State, slot: u32, discount: f64, values: &[f64]) -> f64 {
    let pair = model.pair(state, slot);
    model.expected_reward(pair) + discount * model.expected_next(pair, values)
}

/// What is best in a state.
struct Best {
    /// The lowest slot of those that count as equal.
    slot: u32,
    /// The slot of the highest value: another one where values nearly tie. Who evaluated the first instead would fall short of `value` again
    /// and again, and never settle.
    highest: u32,
    value: f64,
}

fn best(model: &Model, state: State, discount: f64, values: &[f64]) -> Best {
    let (mut best, mut equal) = (Best { slot: 0, highest: 0, value: f64::NEG_INFINITY }, f64::NEG_INFINITY);
    for slot in 0..model.slots(state) {
        let value = backup(model, state, slot, discount, values);
        if value > best.value {
            (best.highest, best.value) = (slot, value);
            if value > equal + TIE * equal.abs() || equal == f64::NEG_INFINITY {
                (best.slot, equal) = (slot, value);
            }
        }
    }
    best
}

/// Bound on the error after a sweep that changed no value by more. Without a discount there is one only where each sweep is exact.
fn error_bound(model: &Model, discount: f64, change: f64) -> Option<f64> {
    match discount {
        ..1.0 => Some(change * discount / (1.0 - discount)),
        _ => model.is_acyclic().then_some(0.0),
    }
}

/// Optimal values to within `tolerance`, by modified policy iteration: improvement sweeps with evaluation sweeps between them.
pub fn solve(model: &Model, discount: f64, tolerance: f64) -> Solution {
    let mut values = vec![0.0; model.states() as usize];
    let mut policy = vec![0; model.states() as usize];
    let (mut sweeps, mut pace) = (0, Pace::default());
    loop {
        let mut change: f64 = 0.0;
        for state in model.sweep_order().iter().copied().filter(|state| !model.is_terminal(*state)) {
            let Best { highest, value, .. } = best(model, state, discount, &values);
            change = change.max((value - values[state.index()]).abs());
            values[state.index()] = value;
            policy[state.index()] = highest;
        }
        sweeps += 1;
        if change <= allowed_change(discount, tolerance, &values) || sweeps >= MOST_SWEEPS {
            let policy = greedy(model, discount, &values);
            return Solution { values, policy, error_bound: error_bound(model, discount, change), sweeps };
        }
        let chain = Chain::new(model, &Policy::Fixed(policy.clone()));
        for _ in 0..EVALUATION_SWEEPS {
            let changes = chain.sweep(discount, &mut values);
            if changes.largest() <= allowed_change(discount, tolerance, &values) {
                break;
            }
            pace.leap(changes, discount, &mut values);
        }
    }
}

/// The greedy policy for given values.
pub fn greedy(model: &Model, discount: f64, values: &[f64]) -> Vec<u32> {
    (0..model.states()).map(|state| best(model, State(state), discount, values).slot).collect()
}

/// Value of every state under a policy, to within `tolerance`.
pub fn evaluate(model: &Model, policy: &Policy, discount: f64, tolerance: f64) -> Vec<f64> {
    evaluate_from(model, policy, discount, tolerance, vec![0.0; model.states() as usize])
}

/// As [`evaluate`], from a first guess: quick where the policy changed little since.
pub fn evaluate_from(model: &Model, policy: &Policy, discount: f64, tolerance: f64, guess: Vec<f64>) -> Vec<f64> {
    let (mut values, chain, mut pace) = (guess, Chain::new(model, policy), Pace::default());
    for _ in 0..MOST_SWEEPS {
        let changes = chain.sweep(discount, &mut values);
        if changes.largest() <= allowed_change(discount, tolerance, &values) {
            break;
        }
        pace.leap(changes, discount, &mut values);
    }
    values
}

/// Expected discounted return of a policy over a fixed number of steps, by state.
pub fn evaluate_steps(model: &Model, policy: &Policy, discount: f64, steps: u32) -> Vec<f64> {
    let (mut values, chain) = (vec![0.0; model.states() as usize], Chain::new(model, policy));
    for _ in 0..steps {
        let longer = chain.step(discount, &values);
        // Where every episode has ended, or the rest weighs nothing, more steps change nothing.
        if longer == values {
            break;
        }
        values = longer;
    }
    values
}

/// Value of every pair under given state values: Q* for the optimal values. Padding holds negative infinity.
pub fn action_values(model: &Model, discount: f64, values: &[f64]) -> Vec<f64> {
    let mut table = vec![f64::NEG_INFINITY; model.states() as usize * model.stride()];
    for state in (0..model.states()).map(State) {
        for slot in 0..model.slots(state) {
            table[model.pair(state, slot)] = backup(model, state, slot, discount, values);
        }
    }
    table
}

/// Largest long-run average reward, or that of a policy, to within `tolerance`; `None` where it depends on the start state,
/// takes too long to settle, or episodes end.
///
/// Relative value iteration on the lazy chain (stay put half of the time), which has the same gain and no cycles (Puterman sec. 8.5.4).
pub fn average_reward(model: &Model, policy: Option<&Policy>, tolerance: f64) -> Option<Gain> {
    const LAZINESS: f64 = 0.5;
    const PATIENCE: u32 = 2000;
    if (0..model.states()).any(|state| model.is_terminal(State(state))) {
        return None;
    }
    let most = (4e9 / (model.outcome_count().max(1) as f64)).clamp(1e3, 4e5) as u32;
    let mut relative = vec![0.0; model.states() as usize];
    let chain = policy.map(|policy| Chain::new(model, policy));
    let mut span_before = f64::INFINITY;
    for sweep in 0..most {
        let target: Vec<f64> = match &chain {
            Some(chain) => chain.step(1.0, &relative),
            None => (0..model.states()).map(|state| best(model, State(state), 1.0, &relative).value).collect(),
        };
        let changes = target.iter().zip(&relative).map(|(new, old)| new - old);
        let (low, high) = changes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), change| (low.min(change), high.max(change)));
        let shift = target[0] * LAZINESS + relative[0] * (1.0 - LAZINESS);
        for (value, new) in relative.iter_mut().zip(&target) {
            *value = LAZINESS * new + (1.0 - LAZINESS) * *value - shift;
        }
        // Below the rounding of the values themselves nothing more is to be gained.
        let largest = target.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        if high - low <= tolerance.max(16.0 * f64::EPSILON * largest) {
            let policy = greedy(model, 1.0, &relative);
            return Some(Gain { gain: (low + high) / 2.0, relative, policy });
        }
        if sweep % PATIENCE == PATIENCE - 1 {
            // Where parts of the problem never meet, each has an average of its own; where they hardly ever do, waiting does not help.
            if high - low > 0.999 * span_before {
                return None;
            }
            span_before = high - low;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{custom, puterman};

    fn puterman() -> Model {
        Model::compile(puterman::SCENARIO.instance(&[]).unwrap().as_ref(), &[1.0; 4])
    }

    #[test]
    fn puterman_values_are_the_published_ones() {
        let solution = solve(&puterman(), 0.9, 1e-10);
        for (value, published) in solution.values.iter().zip([17.53180961, 21.72125353, 25.44415646, 27.53180961]) {
            assert!((value - published).abs() < 1e-8, "{:?}", solution.values);
        }
        assert_eq!(solution.policy, [3, 0, 0, 0]);
        let gain = average_reward(&puterman(), None, 1e-11).unwrap();
        assert!((gain.gain - 97.0 / 44.0).abs() < 1e-10);
    }

    #[test]
    fn no_value_is_farther_off_than_the_bound() {
        let shop = puterman();
        let exact = solve(&shop, 0.9, 1e-12).values;
        for tolerance in [10.0, 1.0, 0.01] {
            let solution = solve(&shop, 0.9, tolerance);
            let off = solution.values.iter().zip(&exact).map(|(value, exact)| (value - exact).abs()).fold(0.0, f64::max);
            let bound = solution.error_bound.unwrap();
            assert!(off <= bound + 1e-12 && bound <= 20.0 * tolerance, "{tolerance}: {off} {bound}");
        }
    }

    fn table(rows: &str) -> Model {
        Model::compile(custom::SCENARIO.instance(&[("rows", rows)]).unwrap().as_ref(), &[1.0])
    }

    #[test]
    fn no_value_is_farther_off_than_the_bound_where_actions_nearly_tie_and_the_discount_is_near_1() {
        // The first action counts as equal to the second, which is better by 5e-8 a step: over ten thousand steps that is 5e-4.
        let nearly = table("a,x,1,b,1;a,y,1,b,1.00000005;b,x,1,a,1;b,y,1,a,1.00000005");
        let discount = 0.9999;
        let exact = 1.000_000_05 / (1.0 - discount);
        for tolerance in [1.0, 1e-9] {
            let solution = solve(&nearly, discount, tolerance);
            let off = solution.values.iter().map(|value| (value - exact).abs()).fold(0.0, f64::max);
            let bound = solution.error_bound.unwrap();
            // The values are ten thousand, and what each sweep rounds of them adds up.
            assert!(off <= bound + 1e-7 && bound <= tolerance + 1e-6, "{tolerance}: {off} {bound}");
            assert!(tolerance > 1e-6 || solution.policy == [0, 0], "{:?}", solution.policy);
            assert!(solution.sweeps < 200_000, "{}", solution.sweeps);
        }
    }

    #[test]
    fn whether_every_policy_ends_is_told_whatever_the_order_of_the_states() {
        let chain = |back: &str| {
            let walk = |state: u32| format!("s{state},on,.5,s{},0;s{state},on,.5,s{},0;", state - 1, (state + 1).min(40));
            table(&format!("{}{back}s0", (1..=40).map(walk).collect::<String>()))
        };
        assert!(ends_surely(&chain("")));
        // One action that may turn round for ever, and one that does so with no chance at all.
        assert!(!ends_surely(&chain("s40,wait,1,s40,0;")));
        assert!(!ends_surely(&chain("s40,back,1,s39,0;s39,back,1,s40,0;")));
        assert!(ends_surely(&chain("s40,back,0,s40,0;s40,back,1,s0,0;")));
    }

    #[test]
    fn without_a_discount_only_what_never_comes_back_has_a_bound() {
        let (once, again) = (table("a,x,.5,b,1;a,x,.5,end,1;b,x,1,end,2"), table("a,x,.5,a,1;a,x,.5,end,1"));
        let solution = solve(&once, 1.0, 1e-9);
        assert_eq!((solution.values[0], solution.error_bound), (2.0, Some(0.0)));
        let solution = solve(&again, 1.0, 1e-9);
        assert!((solution.values[0] - 2.0).abs() < 1e-9);
        assert_eq!(solution.error_bound, None);
        assert!(solve(&again, 0.99, 1e-9).error_bound.is_some_and(|bound| bound <= 1e-9));
    }

    #[test]
    fn an_endless_problem_needs_a_discount_below_one() {
        assert!(check_discount(&puterman(), 1.0).is_err());
        assert!(check_discount(&puterman(), f64::NAN).is_err());
        assert!(check_discount(&puterman(), 0.9999).is_ok() && check_discount(&puterman(), 0.99999).is_err());
    }
}
