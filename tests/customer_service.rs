//! Customer-service scenarios against published numbers and against small computations of their own.

#![allow(clippy::unwrap_used)]

mod common;

use retailq::environment::{clarify, troubleshoot};
use retailq::mdp::State;
use retailq::model::Model;
use retailq::planner::{Policy, evaluate, greedy, solve};
use retailq::random::{Purpose, Stream};
use retailq::words::Language;

use common::{close, compile, instance, naive_values, policy_iteration, preset, rule_values, value_iteration};

fn dialogue_state(most: u32, first: u32, second: u32) -> State {
    State((0..first).map(|row| most + 1 - row).sum::<u32>() + second)
}

fn at_start(model: &Model, policy: &Policy, discount: f64) -> f64 {
    model.at_start(&evaluate(model, policy, discount, 1e-10))
}

fn rule_value(values: &[(String, f64)], label: &str) -> f64 {
    values.iter().find(|(name, _)| name == label).unwrap().1
}

#[test]
fn williams_and_young_is_the_instance() {
    let (environment, model) = instance(&clarify::SCENARIO, &[]);
    assert_eq!((model.states(), model.pair_count()), (231, 672));
    let optimum = solve(&model, 0.95, 1e-10);
    close(model.at_start(&optimum.values), 3.4619517994932028, 1e-9);
    close(at_start(&model, &Policy::Uniform, 0.95), -83.33333333555811, 1e-8);
    let myopic = greedy(&model, 0.0, &vec![0.0; model.states() as usize]);
    close(at_start(&model, &Policy::Fixed(myopic), 0.95), -4.999999999999996, 1e-9);
    let never = rule_values(environment.as_ref(), &model, "never_ask", 0.95);
    close(rule_value(&never, "act on ‘where is my order’"), -4.999999999999996, 1e-9);
    close(rule_value(&never, "act on ‘refund’"), -224.9999999999998, 1e-9);
    let exactly = rule_values(environment.as_ref(), &model, "ask_exactly", 0.95);
    let values = [
        ("1 question", -8.551282051282042),
        ("2 questions", -3.0890008764241887),
        ("3 questions", -5.320136123184744),
        ("4 questions", -6.572130845930581),
    ];
    for (label, value) in values {
        close(rule_value(&exactly, label), value, 1e-9);
    }
    let until = rule_values(environment.as_ref(), &model, "ask_until", 0.95);
    for (percent, value) in [(70, 2.394132181236109), (80, 2.850409316040342), (90, -1.402205603973469), (95, -4.711443230087066)] {
        close(rule_value(&until, &format!("{percent} % sure")), value, 1e-9);
    }
    for (a, b) in value_iteration(&model, 0.95).iter().zip(&policy_iteration(&model, 0.95)) {
        close(*a, *b, 1e-8);
    }
}

#[test]
fn more_questions_approach_the_published_value() {
    for (most, value) in [("10", 3.45907731), ("20", 3.46195180), ("30", 3.46195276)] {
        let (_, model) = instance(&clarify::SCENARIO, &[("hints", most)]);
        close(model.at_start(&solve(&model, 0.95, 1e-10).values), value, 5e-9);
    }
}

/// The trace that the published SARSOP policy prints: actions, beliefs and, as far as SARSOP converged, values.
#[test]
fn the_published_trace() {
    let (environment, model) = instance(&clarify::SCENARIO, &[("hints", "30")]);
    let optimum = solve(&model, 0.95, 1e-11);
    let trace = [
        ((0, 0), "ask back", "65 % where is my order", 3.461953),
        ((0, 1), "ask back", "65 % refund", 2.910021),
        ((1, 1), "ask back", "59 % where is my order", 3.134538),
        ((2, 1), "act on ‘where is my order’", "79 % where is my order", 5.146337),
    ];
    for ((first, second), action, belief, value) in trace {
        let state = dialogue_state(30, first, second);
        assert_eq!(environment.levels(state), [first, second]);
        assert_eq!(environment.action_name(model.action(state, optimum.policy[state.index()])).get(Language::English), action);
        assert!(environment.describe(state, Language::English).ends_with(belief), "{}", environment.describe(state, Language::English));
        close(optimum.values[state.index()], value, 1e-6);
    }
    // Serving the first intent is right with the probability printed as the belief.
    for ((first, second), belief) in [((0, 0), 0.65), ((0, 1), 0.347), ((1, 1), 0.586), ((2, 1), 0.79)] {
        let state = dialogue_state(30, first, second);
        let (right, _) = model.successors(model.pair(state, 1)).next().unwrap();
        close(right, belief, 5e-4);
    }
}

#[test]
fn asking_becomes_worthwhile_between_discounts_of_4_and_5_tenths() {
    let (environment, model) = instance(&clarify::SCENARIO, &[]);
    let first_action = |discount: f64| {
        let slot = solve(&model, discount, 1e-10).policy[0];
        environment.action_name(model.action(State(0), slot)).get(Language::English).to_owned()
    };
    assert_eq!(first_action(0.0), "act on ‘where is my order’");
    assert_eq!(first_action(0.4), "act on ‘where is my order’");
    assert_eq!(first_action(0.5), "ask back");
}

#[test]
fn tiger() {
    let model = compile(preset("tiger").as_ref());
    let optimum = solve(&model, 0.95, 1e-11);
    close(model.at_start(&optimum.values), 19.37136831, 1e-8);
    let slot = |first, second| optimum.policy[dialogue_state(30, first, second).index()];
    assert_eq!([slot(0, 0), slot(1, 0), slot(2, 0), slot(0, 2), slot(2, 1), slot(3, 1)], [0, 0, 1, 2, 0, 1]);
}

#[test]
fn always_human_is_a_perpetuity() {
    let (environment, model) = instance(&clarify::SCENARIO, &[("human", "yes"), ("human_reward", "-2")]);
    let always = rule_values(environment.as_ref(), &model, "always_human", 0.95);
    close(always[0].1, -2.0 / (1.0 - 0.95), 1e-8);
}

/// Nobody's numbers, by plain value iteration over beliefs computed from the definition.
#[test]
fn another_dialogue_agrees_with_a_plain_computation() {
    let changes = [
        ("prior", ".4"),
        ("obs", "size:.9,.1;colour:.25,.75"),
        ("ask", "-.7"),
        ("route", "3,-6;-15,8"),
        ("hints", "8"),
        ("human", "yes"),
        ("human_reward", ".5"),
    ];
    let (_, model) = instance(&clarify::SCENARIO, &changes);
    let counts: Vec<(u32, u32)> = (0..=8).flat_map(|first| (0..=8 - first).map(move |second| (first, second))).collect();
    let index = |first, second| counts.iter().position(|pair| *pair == (first, second)).unwrap();
    let options = |state: usize| {
        let (first, second) = counts[state];
        let weight = |prior: f64, p: f64| prior * p.powi(first as i32) * (1.0 - p).powi(second as i32);
        let (a, b) = (weight(0.4, 0.9), weight(0.6, 0.25));
        let belief = a / (a + b);
        let home = vec![(1.0, index(0, 0))];
        let mut options =
            vec![(3.0 * belief - 6.0 * (1.0 - belief), home.clone()), (-15.0 * belief + 8.0 * (1.0 - belief), home.clone()), (0.5, home)];
        if first + second < 8 {
            let hint = 0.9 * belief + 0.25 * (1.0 - belief);
            options.push((-0.7, vec![(hint, index(first + 1, second)), (1.0 - hint, index(first, second + 1))]));
        }
        options
    };
    let values = naive_values(counts.len(), 0.9, options);
    for (value, naive) in solve(&model, 0.9, 1e-10).values.iter().zip(&values) {
        close(*value, *naive, 1e-8);
    }
}

#[test]
fn certain_hints_leave_no_nonsense() {
    let (_, model) = instance(&clarify::SCENARIO, &[("obs", "a:1;b:0")]);
    let optimum = solve(&model, 0.95, 1e-10);
    assert!(optimum.values.iter().all(|value| value.is_finite()));
    // One question tells all: -1 + .95 x 5 for two steps of each customer.
    close(model.at_start(&optimum.values), (-1.0 + 0.95 * 5.0) / (1.0 - 0.95 * 0.95), 1e-8);
}

#[test]
fn impossible_dialogues_are_refused() {
    let refused = |changes: &[(&str, &str)]| clarify::SCENARIO.instance(changes).err().unwrap();
    assert_eq!(refused(&[("obs", "a:.8,.1;b:.3,.7")]).key, "obs");
    assert_eq!(refused(&[("obs", "a:.8")]).key, "obs");
    assert_eq!(refused(&[("prior", "1.2")]).key, "prior");
    assert_eq!(refused(&[("route", "5;5")]).key, "route");
    assert!(refused(&[("obs", "a:.8,.1;b:.3,.7")]).message(Language::English).contains("sum to 1"));
}

const ANSWERS: usize = 4;

#[test]
fn troubleshoot_is_the_instance() {
    let (environment, model) = instance(&troubleshoot::SCENARIO, &[]);
    assert_eq!((model.states(), model.pair_count()), (64 + 1, 194 - 2));
    let optimum = solve(&model, 1.0, 1e-12);
    close(model.at_start(&optimum.values), 6.1785, 1e-10);
    for (index, value) in [7.205, 6.345, 5.895, 2.140].into_iter().enumerate() {
        close(optimum.values[index << ANSWERS], value, 1e-10);
    }
    let myopic = greedy(&model, 0.0, &vec![0.0; model.states() as usize]);
    close(at_start(&model, &Policy::Fixed(myopic), 1.0), 5.2375, 1e-10);
    close(at_start(&model, &Policy::Uniform, 1.0), 3.496, 1e-10);
    let value = |key| rule_values(environment.as_ref(), &model, key, 1.0)[0].1;
    for (key, expected) in [("always_human", 2.0), ("faq_order", 6.042), ("most_likely", 6.0575), ("ratio_prefix", 6.1785)] {
        close(value(key), expected, 1e-10);
    }
    const HUMAN: u32 = 4;
    let published: [[u32; 16]; 4] = [
        [0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0, HUMAN],
        [1, 1, 0, 2, 1, 1, 0, 3, 1, 1, 0, 2, 1, 1, 0, HUMAN],
        [2, 2, 2, 2, 0, 1, 0, 3, 2, 2, 2, 2, 0, 1, 0, HUMAN],
        [0, HUMAN, 0, HUMAN, 0, HUMAN, 0, HUMAN, 0, HUMAN, 0, HUMAN, 0, HUMAN, 0, HUMAN],
    ];
    for (state, action) in (0..).map(State).zip(published.as_flattened()) {
        assert_eq!(model.action(state, optimum.policy[state.index()]).0, *action, "{}", environment.describe(state, Language::English));
    }
}

/// Least expected cost over every order of every subset of answers, by trying them all.
fn cheapest(solves: &[f64], costs: &[f64], human: f64, annoyance: f64, unsolved: f64, used: &mut Vec<usize>) -> f64 {
    let mut least = unsolved * human;
    for answer in 0..solves.len() {
        if !used.contains(&answer) {
            used.push(answer);
            let left = unsolved - solves[answer];
            let rest = cheapest(solves, costs, human, annoyance, left, used);
            least = least.min(unsolved * costs[answer] + left * annoyance + rest);
            used.pop();
        }
    }
    least
}

/// The theorem of Kadane and Simon on random instances: the optimum is the best prefix of the p / (cost + annoyance) order.
#[test]
fn the_best_prefix_is_optimal() {
    let mut stream = Stream::new(7, Purpose::Evaluation);
    for round in 0..200 {
        let count = 1 + round % 5;
        let mut draw = |most: f64| libm::round(most * 1000.0 * stream.uniform()) / 1000.0;
        let solves: Vec<f64> = (0..count).map(|_| draw(1.0 / count as f64)).collect();
        let costs: Vec<f64> = (0..count).map(|_| draw(2.0)).collect();
        let (human, annoyance) = (draw(9.0), draw(1.0));
        let join = |numbers: &[f64], mark: &str| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(mark);
        let changes = [
            ("types", format!("only:1,{human}")),
            ("answers", (0..).zip(&costs).map(|(number, cost): (u32, _)| format!("a{number}:{cost}")).collect::<Vec<_>>().join(";")),
            ("solve", join(&solves, ",")),
            ("annoyance", annoyance.to_string()),
        ];
        let changes: Vec<(&str, &str)> = changes.iter().map(|(key, text)| (*key, text.as_str())).collect();
        let (environment, model) = instance(&troubleshoot::SCENARIO, &changes);
        let best = 10.0 - cheapest(&solves, &costs, human, annoyance, 1.0, &mut Vec::new());
        close(model.at_start(&solve(&model, 1.0, 1e-12).values), best, 1e-11);
        close(rule_values(environment.as_ref(), &model, "ratio_prefix", 1.0)[0].1, best, 1e-11);
    }
}

#[test]
fn one_answer_at_a_time_gives_up_too_early() {
    let environment = preset("troubleshoot_patience");
    let model = compile(environment.as_ref());
    close(rule_values(environment.as_ref(), &model, "one_step", 1.0)[0].1, 10.0 - 8.0, 1e-12);
    close(model.at_start(&solve(&model, 1.0, 1e-12).values), 10.0 - (3.0 + 0.65 * 3.0 + 0.35 * 3.0 + 0.05 * 8.0), 1e-12);
}

/// Efforts and human costs by type, a share of one kind only, and a discount: by plain value iteration.
#[test]
fn another_desk_agrees_with_a_plain_computation() {
    let changes = [
        ("types", "a:.7,6;b:.3,11"),
        ("answers", "x:.4,1.5;y:.9,.2;z:1.1,.6"),
        ("solve", ".3,.25,.4;.1,.5,.4"),
        ("solved", "12"),
        ("annoyance", ".7"),
    ];
    let (_, model) = instance(&troubleshoot::SCENARIO, &changes);
    let solves = [[0.3, 0.25, 0.4], [0.1, 0.5, 0.4]];
    let costs = [[0.4, 0.9, 1.1], [1.5, 0.2, 0.6]];
    let human = [6.0, 11.0];
    let options = |state: usize| {
        if state == 16 {
            return Vec::new();
        }
        let (kind, tried) = (state / 8, state % 8);
        let left: f64 = 1.0 - (0..3).filter(|i| tried >> i & 1 == 1).map(|i| solves[kind][i]).sum::<f64>();
        let mut options = vec![(12.0 - human[kind], vec![(1.0, 16)])];
        for answer in (0..3).filter(|i| tried >> i & 1 == 0) {
            let q = if left > 1e-9 { solves[kind][answer] / left } else { 0.0 };
            options.push((q * 12.0 - costs[kind][answer] - (1.0 - q) * 0.7, vec![(q, 16), (1.0 - q, state | 1 << answer)]));
        }
        options
    };
    let values = naive_values(17, 0.97, options);
    let optimum = solve(&model, 0.97, 1e-12);
    for (value, naive) in optimum.values.iter().zip(&values) {
        close(*value, *naive, 1e-9);
    }
    close(model.at_start(&optimum.values), 0.7 * values[0] + 0.3 * values[8], 1e-9);
}

#[test]
fn impossible_desks_are_refused() {
    let refused = |changes: &[(&str, &str)]| troubleshoot::SCENARIO.instance(changes).err().unwrap();
    assert_eq!(refused(&[("types", "a:.7,6;b:.4,6")]).key, "types");
    assert_eq!(refused(&[("solve", ".5,.5;.5,.5")]).key, "solve");
    assert_eq!(refused(&[("solve", ".5,.5,.1,.1;.2,.35,.15,.1;.15,.15,.3,.2;.1,.05,.1,.1")]).key, "solve");
    assert_eq!(refused(&[("answers", "a:1,2;b:1,2;c:1,2;d:1,2")]).key, "answers");
    assert_eq!(refused(&[("answers", "a:1;b:1")]).key, "solve");
    assert_eq!(refused(&[("annoyance", "-1")]).key, "annoyance");
}
