//! Supply-chain scenarios against published numbers and against small computations of their own.

mod common;

use std::cell::Cell;

use retailq::demand::Demand;
use retailq::environment::{beer_factory, serial_chain};
use retailq::mdp::State;
use retailq::planner::{Policy, average_reward, evaluate, greedy, solve};
use retailq::random::{Purpose, Stream};
use retailq::theory::beer_game::{Board, Policy as StagePolicy, Record, STAGES, View, play};
use retailq::theory::cachon_zipkin::Chain;
use retailq::theory::clark_scarf::{Stage, solve as clark_scarf};

use common::{anchor_adjust, best_rule, close, compile, instance, naive_values, policy_iteration, preset, value_iteration};

#[test]
fn chain_u3_is_the_instance() {
    let (environment, model) = instance(&serial_chain::SCENARIO, &[]);
    assert_eq!((model.states(), model.pair_count()), (91, 1180));
    let solution = solve(&model, 0.95, 1e-10);
    close(model.at_start(&solution.values), -41.38888888888886, 1e-9);
    let start = model.start()[0].0;
    assert_eq!(environment.action_name(model.action(start, solution.policy[start.index()])).get(Default::default()), "order 3");
    let myopic = greedy(&model, 0.0, &vec![0.0; model.states() as usize]);
    close(model.at_start(&evaluate(&model, &Policy::Fixed(myopic), 0.95, 1e-10)), -476.6433658734517, 1e-8);
    close(model.at_start(&evaluate(&model, &Policy::Uniform, 0.95, 1e-10)), -131.38707637407737, 1e-8);
    let local = best_rule(environment.as_ref(), &model, "local_base_stock", 0.95);
    assert_eq!(local.0, "shop 2, warehouse 2");
    close(local.1, -44.84235574063054, 1e-9);
    let echelon = best_rule(environment.as_ref(), &model, "echelon_base_stock", 0.95);
    assert_eq!(echelon.0, "shop 2, together 3");
    close(echelon.1, -41.38888888888887, 1e-9);
}

#[test]
fn value_and_policy_iteration_agree() {
    let (_, model) = instance(&serial_chain::SCENARIO, &[]);
    for (a, b) in value_iteration(&model, 0.95).iter().zip(&policy_iteration(&model, 0.95)) {
        close(*a, *b, 1e-8);
    }
}

#[test]
fn long_run_cost_is_that_of_clark_and_scarf() {
    let agree = |changes: &[(&str, &str)], h1: f64, h2: f64, backorder: f64, demand: &[f64]| {
        let (_, model) = instance(&serial_chain::SCENARIO, changes);
        let stages = [h1, h2].map(|echelon_holding| Stage { echelon_holding, lead_time_demand: demand.to_vec() });
        close(-average_reward(&model, None, 1e-10).unwrap().gain, clark_scarf(&stages, backorder).cost, 1e-8);
    };
    let uniform = Demand::Uniform { min: 0, max: 2 }.probabilities();
    agree(&[], 0.5, 0.5, 4.0, &uniform);
    agree(&[("h1", "1"), ("h2", "1"), ("b", "10")], 1.0, 1.0, 10.0, &uniform);
    let wide = [("h1", ".7"), ("h2", ".2"), ("b", "6"), ("demand", ".5,.2,.2,.1"), ("il_min", "-9"), ("il_max", "8"), ("oh_max", "8")];
    agree(&wide, 0.7, 0.2, 6.0, &[0.5, 0.2, 0.2, 0.1]);
    let stage = |echelon_holding| Stage { echelon_holding, lead_time_demand: uniform.clone() };
    let best = clark_scarf(&[stage(0.5), stage(0.5)], 4.0);
    assert_eq!(best.levels, [2, 3]);
    close(best.cost, 17.0 / 9.0, 1e-12);
    close(clark_scarf(&[stage(1.0), stage(1.0)], 10.0).cost, 4.0, 1e-12);
}

#[test]
fn poisson_demand_of_four() {
    let environment = preset("chain_poisson");
    let model = compile(environment.as_ref());
    assert_eq!((model.states(), model.pair_count()), (989, 146_454));
    close(-average_reward(&model, None, 1e-10).unwrap().gain, 3.9430740080, 1e-8);
    let demand = Demand::parse("demand", "poisson:4:30").unwrap().probabilities();
    let best = clark_scarf(&[0.25; 2].map(|echelon_holding| Stage { echelon_holding, lead_time_demand: demand.clone() }), 9.0);
    assert_eq!(best.levels, [8, 13]);
    close(best.cost, 3.9430740080, 1e-9);
    let optimum = model.at_start(&solve(&model, 0.95, 1e-9).values);
    let echelon = best_rule(environment.as_ref(), &model, "echelon_base_stock", 0.95);
    assert!(echelon.1 <= optimum + 1e-7 && echelon.1 > optimum * 1.01, "{echelon:?} {optimum}");
}

#[test]
fn selfish_managers_pay_what_cachon_and_zipkin_say() {
    let changes = [("h1", "1"), ("h2", "1"), ("b", "10"), ("share", ".3")];
    let (environment, model) = instance(&serial_chain::SCENARIO, &changes);
    let demand = Demand::Uniform { min: 0, max: 2 }.probabilities();
    let game = Chain { shop_holding: 2.0, warehouse_holding: 1.0, backorder: 10.0, share: 0.3, demand };
    let (equilibria, best) = game.solve();
    assert_eq!(equilibria.len(), 1);
    close(equilibria[0].cost / best.unwrap().cost, 5.0 / 3.0, 1e-9);
    // In the chain itself both pay the pipeline h2 E[D] = 1 on top.
    let baseline = environment.baselines().into_iter().find(|baseline| baseline.key == "selfish").unwrap();
    let slots = (0..model.states()).map(|state| model.slot(State(state), (baseline.rules[0].choose)(State(state))).unwrap()).collect();
    let gain = average_reward(&model, Some(&Policy::Fixed(slots)), 1e-10).unwrap().gain;
    close(-gain, 5.0 + 1.0, 1e-8);
    close(best_rule(environment.as_ref(), &model, "selfish", 0.95).1, -127.0, 1e-8);
    close(model.at_start(&solve(&model, 0.95, 1e-10).values), -89.0, 1e-8);
}

/// The chain once more, by plain value iteration written from the formulas, with parameters of nobody's.
#[test]
fn other_numbers_agree_with_a_plain_computation() {
    let changes = [
        ("h1", ".3"),
        ("h2", "1.1"),
        ("b", "7.5"),
        ("demand", ".1,.4,.2,.3"),
        ("il_min", "-5"),
        ("il_max", "7"),
        ("oh_max", "8"),
        ("q1_max", "3"),
        ("q2_max", "5"),
    ];
    let (_, model) = instance(&serial_chain::SCENARIO, &changes);
    let index = |il: i32, oh: i32| ((il + 5) * 9 + oh) as usize;
    let options = |state: usize| {
        let (il, oh) = (state as i32 / 9 - 5, state as i32 % 9);
        let mut options = Vec::new();
        for q1 in 0..=oh.min(3).min(7 - il) {
            for q2 in 0..=5.min(8 - oh + q1) {
                let mut reward = 0.0;
                let mut next = Vec::new();
                for (d, p) in [0.1, 0.4, 0.2, 0.3].into_iter().enumerate() {
                    let net = il + q1 - d as i32;
                    let left = oh - q1 + q2;
                    reward -= p * (1.1 * f64::from(left) + 1.4 * f64::from(net.max(0)) + 7.5 * f64::from((-net).max(0)));
                    next.push((p, index(net.max(-5), left)));
                }
                options.push((reward, next));
            }
        }
        options
    };
    let values = naive_values(13 * 9, 0.9, options);
    let solution = solve(&model, 0.9, 1e-10);
    for (value, naive) in solution.values.iter().zip(&values) {
        close(*value, *naive, 1e-8);
    }
}

/// How much more orders swing than sales, where a shop orders up to its forecast of lead-time demand, the mean of the last `window` periods:
/// variance of orders over variance of independent demand, `1 + 2L/p + 2L²/p²` (F. Chen, Z. Drezner, J. K. Ryan and D. Simchi-Levi,
/// *Quantifying the bullwhip effect in a simple supply chain*, Management Science 46(3), 2000).
fn variance_ratio(lead_time: u32, window: u32) -> f64 {
    let share = f64::from(lead_time) / f64::from(window);
    1.0 + 2.0 * share + 2.0 * share * share
}

/// The same ratio measured over some simulated periods of uniform demand. Orders may be negative: the closed form takes returns as free.
fn simulated_ratio(lead_time: u32, window: u32, periods: u32, stream: &mut Stream) -> f64 {
    let window = window.max(1);
    let mut recent: Vec<f64> = (0..window).map(|_| stream.uniform()).collect();
    let mut sum: f64 = recent.iter().sum();
    let order_up_to = |sum: f64| f64::from(lead_time) * sum / f64::from(window);
    let (mut orders, mut demands) = (Moments::default(), Moments::default());
    for period in 0..periods {
        let demand = stream.uniform();
        let oldest = &mut recent[(period % window) as usize];
        let next = sum + demand - *oldest;
        orders.add(order_up_to(next) - order_up_to(sum) + demand);
        demands.add(demand);
        *oldest = demand;
        sum = next;
    }
    orders.variance() / demands.variance()
}

#[derive(Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, x: f64) {
        self.count += 1.0;
        self.sum += x;
        self.squares += x * x;
    }

    fn variance(&self) -> f64 {
        let mean = self.sum / self.count;
        self.squares / self.count - mean * mean
    }
}

#[test]
fn the_bullwhip_of_chen_and_others() {
    let mut stream = Stream::new(1, Purpose::Evaluation);
    for (lead_time, window, published) in [(1, 5, 1.48), (2, 5, 2.12), (4, 10, 2.12)] {
        close(variance_ratio(lead_time, window), published, 1e-12);
        close(simulated_ratio(lead_time, window, 2_000_000, &mut stream), published, 0.01);
    }
}

#[test]
fn impossible_chains_are_refused() {
    let refused = |changes: &[(&str, &str)]| serial_chain::SCENARIO.instance(changes).err().unwrap().key;
    assert_eq!(refused(&[("b", "-1")]), "b");
    assert_eq!(refused(&[("il_min", "1")]), "il_min");
    assert_eq!(refused(&[("demand", ".5,.6")]), "demand");
    let huge = [("il_min", "-100"), ("il_max", "100"), ("oh_max", "100"), ("q1_max", "100"), ("q2_max", "100")];
    assert_eq!(refused(&huge), "oh_max");
}

/// Plays Sterman's board, the factory following given orders from week 5 on.
fn play_board(factory_orders: &[i32]) -> [Record; STAGES] {
    let (rule, next) = (anchor_adjust(28.0), Cell::new(0));
    let stage: StagePolicy = &|view| rule.order(view);
    let factory = |_: &View| {
        next.set(next.get() + 1);
        factory_orders.get(next.get() - 1).copied().unwrap_or(8)
    };
    play(&Board::default(), [stage, stage, stage, &factory])
}

#[test]
fn the_beer_game_costs_204_of_which_the_factory_can_change_14() {
    let (stage, factory) = (anchor_adjust(28.0), anchor_adjust(20.0));
    let stage: StagePolicy = &|view| stage.order(view);
    let records = play(&Board::default(), [stage, stage, stage, &|view| factory.order(view)]);
    assert_eq!(records.each_ref().map(|record| record.cost), [46.0, 50.0, 54.0, 54.0]);
    assert_eq!(records.iter().map(|record| record.cost).sum::<f64>(), 204.0);
    let settled: f64 = records[3].weeks.iter().take(7).map(|week| Board::default().cost(week.net)).sum();
    let (environment, model) = instance(&beer_factory::SCENARIO, &[]);
    assert_eq!(best_rule(environment.as_ref(), &model, "anchor_adjust", 1.0), ("S′ = 20".to_owned(), settled - 54.0));
    assert_eq!(settled, 40.0);
}

#[test]
fn the_optimal_factory_does_on_the_board_what_the_model_says() {
    let (_, model) = instance(&beer_factory::SCENARIO, &[]);
    let solution = solve(&model, 1.0, 1e-10);
    let mut state = model.start()[0].0;
    let mut orders = Vec::new();
    while !model.is_terminal(state) {
        let slot = solution.policy[state.index()];
        orders.push(4 * model.action(state, slot).0 as i32);
        state = model.successors(model.pair(state, slot)).next().unwrap().1;
    }
    close(model.at_start(&solution.values), -2.0, 1e-12);
    assert_eq!(play_board(&orders)[3].cost, 40.0 + 2.0);
    // The others order the same however badly the factory delivers: the reason why the position is enough of a state.
    let orders_of = |records: [Record; STAGES]| records[2].weeks.iter().map(|week| week.order).collect::<Vec<_>>();
    assert_eq!(orders_of(play_board(&[0; 32])), orders_of(play_board(&[20; 32])));
}
