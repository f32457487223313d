//! Inventory: every published number of Puterman's shop, Zipkin's lost sales and Zheng and Federgruen's backorders.
#![allow(clippy::unwrap_used)] // a test may fail where it stands

mod common;

use common::{Solved, close, model, policy, start_value};
use retailq::environment::scenario;
use retailq::mdp::State;
use retailq::model::Model;
use retailq::planner::{self, Policy};

fn cost_a_period(model: &Model, policy: Option<&Policy>) -> f64 {
    -planner::average_reward(model, policy, 1e-9).unwrap().gain
}

// Puterman's shop: Markov Decision Processes, sections 3.2.2 and 4.6.1.

#[test]
fn a_large_shop_tries_no_more_rules_than_can_be_waited_for() {
    for (capacity, rules) in [("3", 6), ("20", 210), ("21", 210), ("199", 210), ("200", 210)] {
        let shop = scenario("puterman").unwrap().instance(&[("capacity", capacity)]).unwrap();
        let family = shop.baselines().into_iter().find(|baseline| baseline.key == "reorder_point").unwrap();
        assert!(family.rules.len() <= rules, "{capacity}: {}", family.rules.len());
    }
}

#[test]
fn puterman_expected_rewards() {
    let model = model("puterman", &[]);
    let table: [&[f64]; 4] = [&[0.0, -1.0, -2.0, -5.0], &[5.0, 0.0, -3.0], &[6.0, -1.0], &[5.0]];
    for (state, row) in (0..).map(State).zip(table) {
        assert_eq!(model.slots(state) as usize, row.len());
        for (slot, reward) in (0..).zip(row) {
            assert_eq!(model.expected_reward(model.pair(state, slot)), *reward);
        }
    }
}

#[test]
fn puterman_finite_horizon() {
    let model = model("puterman", &[]);
    let (mut values, mut policy) = (vec![0.0; 4], Vec::new());
    for sixteenths in [[0.0, 80.0, 96.0, 80.0], [32.0, 100.0, 160.0, 168.0], [67.0, 129.0, 194.0, 227.0]] {
        policy = planner::greedy(&model, 1.0, &values);
        let worth = planner::action_values(&model, 1.0, &values);
        values = (0..4).map(State).map(|state| worth[model.pair(state, policy[state.index()])]).collect();
        assert_eq!(values, sixteenths.map(|sixteenth| sixteenth / 16.0));
    }
    assert_eq!(policy, [3, 0, 0, 0]);
}

#[test]
fn puterman_discounted_values_and_policy() {
    let model = model("puterman", &[]);
    let solution = planner::solve(&model, 0.9, 1e-10);
    for (value, published) in solution.values.iter().zip([17.53180961, 21.72125353, 25.44415646, 27.53180961]) {
        close(*value, published, 1e-8);
    }
    assert_eq!(solution.policy, [3, 0, 0, 0]);
    let solved = Solved::new("puterman", &[], 0.95);
    close(solved.optimum, 39.702325850497566, 1e-8);
    close(solved.myopic, 0.0, 1e-8);
    close(solved.random, 14.142074196411924, 1e-8);
    close(-cost_a_period(&model, None), 97.0 / 44.0, 1e-9);
}

#[test]
fn puterman_orders_from_empty_only_above_a_discount() {
    let model = model("puterman", &[]);
    let order = |discount| planner::solve(&model, discount, 1e-12).policy[0];
    assert_eq!(order(0.41742430), 0);
    assert_ne!(order(0.41742432), 0);
}

// Zipkin 2008, Table 3 (Poisson) and Table 4 (geometric): average cost a period.

#[test]
fn zipkin_optimal_costs() {
    let wide = ("30", "15", "poisson:5:40");
    let table = [
        ("1", "4", wide, 4.04, 4.040711),
        ("2", "4", ("20", "10", "poisson:5:20"), 4.40, 4.395295),
        ("3", "4", ("25", "10", "poisson:5:30"), 4.60, 4.598719),
        ("1", "9", wide, 5.44, 5.438219),
        ("2", "9", wide, 6.09, 6.093642),
        ("1", "19", wide, 6.68, 6.675744),
        ("2", "19", wide, 7.66, 7.664416),
        ("1", "39", wide, 7.84, 7.835949),
        ("2", "39", wide, 9.11, 9.106380),
    ];
    for (lead, shortage, (capacity, order_max, demand), published, recomputed) in table {
        let changes = [("lead", lead), ("shortage", shortage), ("capacity", capacity), ("order_max", order_max), ("demand", demand)];
        let cost = -planner::average_reward(&model("lost_sales", &changes), None, 1e-7).unwrap().gain;
        close(cost, published, 0.005);
        close(cost, recomputed, 6e-7);
    }
}

#[test]
fn zipkin_lead_time_four() {
    let changes = [("lead", "4"), ("capacity", "19"), ("order_max", "8"), ("demand", "poisson:5:20")];
    let gain = planner::average_reward(&model("lost_sales", &changes), None, 1e-3).unwrap().gain;
    close(-gain, 4.73, 0.005);
}

#[test]
fn zipkin_geometric_demand() {
    for (lead, capacity, order_max, published) in [("1", "60", "20", 9.82), ("2", "50", "16", 10.24)] {
        let changes = [("lead", lead), ("capacity", capacity), ("order_max", order_max), ("demand", "geometric:5:100")];
        let gain = planner::average_reward(&model("lost_sales", &changes), None, 1e-4).unwrap().gain;
        close(-gain, published, 0.005);
    }
}

#[test]
fn zipkin_base_stock_and_constant_order() {
    for (lead, level, published, recomputed) in [("1", "S = 12", 4.16, 4.162214086549392), ("2", "S = 16", 4.64, 4.63739709381505)] {
        let environment = scenario("lost_sales").unwrap().instance(&[("lead", lead)]).unwrap();
        let model = Model::compile(environment.as_ref(), &[1.0; 2]);
        let best = |key: &str| {
            let family = environment.baselines().into_iter().find(|baseline| baseline.key == key).unwrap();
            let costs = family.rules.iter().map(|rule| (cost_a_period(&model, Some(&policy(&model, rule))), common::english(&rule.label)));
            costs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
        };
        let (cost, label) = best("base_stock");
        assert_eq!(label, level);
        close(cost, published, 0.005);
        close(cost, recomputed, 1e-7);
        let (cost, _) = best("constant");
        close(cost, 5.27, 0.005);
        close(cost, 5.272138467572063, 1e-7);
    }
}

#[test]
fn zipkin_discounted_instances() {
    let two = Solved::new("lost_sales", &[], 0.95);
    assert_eq!((two.states, two.pairs), (231, 2541));
    close(two.optimum, -116.96410739483021, 1e-8);
    close(two.myopic, -399.99999166257476, 1e-8);
    close(two.random, -194.22838981185603, 1e-8);
    close(two.baseline("base_stock").0, -125.9990933283609, 1e-8);
    assert_eq!(two.first_action, 6);
    let one = Solved::new("lost_sales", &[("lead", "1")], 0.95);
    assert_eq!((one.states, one.pairs), (21, 231));
    close(one.optimum, -96.06925784586942, 1e-8);
    close(one.myopic, -399.9999916625746, 1e-8);
    close(one.random, -183.3983055039235, 1e-8);
    close(one.baseline("base_stock").0, -100.39470567577412, 1e-8);
    assert_eq!(one.first_action, 6);
}

/// Zipkin's myopic policies look at the cost of the period in which today's order arrives (and, myopic-2, of the one after it).
#[test]
fn zipkin_myopic_heuristics() {
    for (lead, myopic, myopic_2) in [(1, 4.11, 4.04), (2, 4.56, 4.41)] {
        let model = model("lost_sales", &[("lead", &lead.to_string())]);
        let states = || (0..model.states()).map(State);
        let any = |state| model.pair(state, 0);
        let now: Vec<f64> = states().map(|state| model.expected_reward(any(state))).collect();
        let later = (1..lead).fold(now, |values, _| states().map(|state| model.expected_next(any(state), &values)).collect());
        let arrival = |state, slot| model.expected_next(model.pair(state, slot), &later);
        let slots = |state| 0..model.slots(state);
        let best: Vec<f64> =
            states().map(|state| slots(state).map(|slot| arrival(state, slot)).fold(f64::NEG_INFINITY, f64::max)).collect();
        let greedy = |score: &dyn Fn(State, u32) -> f64| {
            let highest = |state| slots(state).max_by(|a, b| score(state, *a).total_cmp(&score(state, *b))).unwrap();
            cost_a_period(&model, Some(&Policy::Fixed(states().map(highest).collect())))
        };
        close(greedy(&arrival), myopic, 0.005);
        close(greedy(&|state, slot| arrival(state, slot) + model.expected_next(model.pair(state, slot), &best)), myopic_2, 0.005);
    }
}

#[test]
fn zipkin_gets_dearer_with_lead_time_and_order_up_to_falls_behind() {
    let behind = |changes: &[(&str, &str)]| {
        let solved = Solved::new("lost_sales", changes, 0.95);
        (solved.baseline("base_stock").0 / solved.optimum - 1.0, solved.baseline("constant").0 / solved.optimum - 1.0)
    };
    let (l1, l2, l3) = (behind(&[("lead", "1")]), behind(&[]), behind(&[("lead", "3")]));
    assert!((0.04..0.05).contains(&l1.0) && (0.075..0.085).contains(&l2.0), "{l1:?} {l2:?}");
    assert!(l3.1 < l3.0, "a constant order beats order-up-to: {l3:?}");
    assert!((0.04..0.045).contains(&behind(&[("shortage", "9")]).0));
}

// Zheng and Federgruen 1991: h = 1, p = 9, K = 64, Poisson demand.

#[test]
fn zheng_federgruen_costs_and_rules() {
    let table =
        [("zheng_10", 6, 40, 35.022, 35.02155527), ("zheng_15", 10, 49, 42.698, 42.69781892), ("zheng_20", 14, 62, 49.173, 49.17303574)];
    for (preset, s, level, published, recomputed) in table {
        let environment = common::preset(preset);
        let model = Model::compile(environment.as_ref(), &[1.0; 3]);
        let gain = planner::average_reward(&model, None, 1e-9).unwrap();
        close(-gain.gain, published, 5e-4);
        close(-gain.gain, recomputed, 1e-8);
        for state in (0..model.states()).map(State) {
            let net_stock = state.0 as i32 - 20;
            let action = model.action(state, gain.policy[state.index()]).0 as i32;
            assert_eq!(action, if net_stock <= s { level + 20 } else { 0 }, "{preset}: net stock {net_stock}");
        }
    }
}

#[test]
fn the_best_reorder_rule_is_optimal_and_base_stock_is_not() {
    for (preset, discount, label) in [("zheng_10", 0.95, "(6, 38)"), ("zheng_15", 0.97, "(10, 49)"), ("zheng_20", 0.95, "(14, 62)")] {
        let solved = Solved::of(common::preset(preset), discount);
        let (value, rule) = solved.baseline("reorder_point");
        assert_eq!(rule, label);
        close(value, solved.optimum, 1e-6);
        assert!(solved.baseline("base_stock").0 < 1.3 * solved.optimum);
    }
}

#[test]
fn a_shop_where_nothing_costs_still_has_rules() {
    for changes in [[("fixed", "0"), ("shortage", "0")], [("holding", "0"), ("fixed", "0")], [("shortage", "0"), ("demand", "1")]] {
        let environment = scenario("backorder").unwrap().instance(&changes).unwrap();
        assert!(environment.baselines().iter().all(|baseline| !baseline.rules.is_empty()), "{changes:?}");
    }
}

// Seasons: our own numbers, so only what the presets claim.

#[test]
fn stocking_up_for_the_peak_pays() {
    let behind = |preset: &str, key| {
        let solved = Solved::of(common::preset(preset), 0.95);
        solved.baseline(key).0 / solved.optimum - 1.0
    };
    assert!((0.105..0.115).contains(&behind("seasons", "forecast_level")));
    assert!((0.205..0.215).contains(&behind("seasons", "base_stock")));
    assert!((0.275..0.285).contains(&behind("seasons_wait", "forecast_level")));
}

#[test]
fn a_forecast_without_switching_is_a_shop_without_seasons() {
    let one = [("classes", "Always:5,1"), ("order_max", "100"), ("capacity", "60")];
    let model = model("forecast", &one);
    let solution = planner::solve(&model, 0.95, 1e-9);
    // The newsvendor level: P(D <= 8) = .932 < 9 / 9.5 = .947 <= P(D <= 9) = .968.
    assert_eq!(solution.policy[0], 9);
    assert!(start_value(&model, &solution.values) < 0.0);
}
