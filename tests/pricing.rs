//! Pricing scenarios against published numbers, the solved instances and small computations of their own.
#![allow(clippy::unwrap_used)] // a test may fail where it stands

mod common;

use common::close;
use common::instance::{Instance, all_close, refusal};
use retailq::invalid::Invalid;
use retailq::mdp::{Levels, State};
use retailq::planner::check_discount;
use retailq::theory::logit::Logit;
use retailq::words::Language;

const CALVANO: Logit = Logit { quality: 2.0, cost: 1.0, outside: 0.0, differentiation: 0.25 };

fn prices(instance: &Instance) -> Vec<f64> {
    match &instance.environment.factors()[0].levels {
        Levels::Numbers(prices) => prices.clone(),
        _ => Vec::new(),
    }
}

fn indices(path: &[(u32, f64)]) -> Vec<u32> {
    path.iter().map(|step| step.0).collect()
}

#[test]
fn calvano_prices_and_profits_are_the_published_ones() {
    let (nash, monopoly) = (CALVANO.nash_price(), CALVANO.monopoly_price());
    all_close(&[nash, monopoly], &[1.47, 1.92], 5e-3);
    all_close(&[nash, monopoly], &[1.4729266600306228, 1.9249809190177618], 1e-12);
    all_close(&[CALVANO.profit(nash, nash), CALVANO.profit(monopoly, monopoly)], &[0.22292666, 0.33749046], 5e-9);
    close(CALVANO.profit(nash, nash), nash - CALVANO.cost - CALVANO.differentiation, 1e-12);
    close(CALVANO.profit(monopoly, monopoly), (monopoly - CALVANO.cost - CALVANO.differentiation) / 2.0, 1e-12);
}

#[test]
fn the_price_list_has_two_symmetric_equilibria_and_starts_at_the_lower() {
    let duopoly = Instance::new("duopoly", &[], 0.95);
    let list = prices(&duopoly);
    assert_eq!(list.len(), 15);
    all_close(&[list[0], list[14], list[1] - list[0]], &[1.427721, 1.970186, 0.038747], 1e-6);
    all_close(&[list[1], list[2]], &[1.466469, 1.505216], 5e-7);
    let best = |rival: f64| list.iter().copied().max_by(|a, b| CALVANO.profit(*a, rival).total_cmp(&CALVANO.profit(*b, rival)));
    let stable: Vec<usize> = (0..15).filter(|i| best(list[*i]) == Some(list[*i])).collect();
    assert_eq!(stable, [1, 2]);
    all_close(&[CALVANO.profit(list[1], list[1]), CALVANO.profit(list[2], list[2])], &[0.22020401, 0.23628235], 5e-9);
    assert_eq!(duopoly.environment.levels(duopoly.model.start()[0].0), [1, 1]);
}

#[test]
fn deviating_from_the_monopoly_price_pays_once() {
    let (nash, monopoly) = (CALVANO.nash_price(), CALVANO.monopoly_price());
    let offers = (0..=600_000).map(|i| 1.4 + f64::from(i) * 1e-6);
    let (price, profit) = offers
        .map(|price| (price, CALVANO.profit(price, monopoly)))
        .fold((0.0, 0.0), |best, this| if this.1 > best.1 { this } else { best });
    all_close(&[price, profit], &[1.661695, 0.411695], 1e-6);
    let (peace, war) = (CALVANO.profit(monopoly, monopoly), CALVANO.profit(nash, nash));
    close((profit - peace) / (profit - war), 0.39309797, 5e-9);
}

#[test]
fn a_grim_rival_keeps_the_peace_above_the_critical_discount() {
    let list = prices(&Instance::new("duopoly", &[], 0.95));
    let profit = |own: usize, rival: usize| CALVANO.profit(list[own], list[rival]);
    let deviation = (0..15).map(|own| profit(own, 13)).fold(0.0, f64::max);
    let critical = (deviation - profit(13, 13)) / (deviation - profit(1, 1));
    close(critical, 0.39487302, 5e-9);
    for (discount, peace) in [(critical + 1e-6, true), (critical - 1e-6, false), (0.395, true), (0.394, false), (0.95, true)] {
        let grim = Instance::new("duopoly", &[("rival", "grim")], discount);
        assert_eq!(grim.environment.levels(grim.model.start()[0].0), [13, 13]);
        let path = indices(&grim.path(&grim.solution.policy, 5));
        assert_eq!(path == [13; 5], peace, "{discount}: {path:?}");
        let expected = if peace { profit(13, 13) / (1.0 - discount) } else { deviation + discount / (1.0 - discount) * profit(1, 1) };
        close(grim.optimum(), expected, 1e-9);
    }
}

#[test]
fn calvano_tit_for_tat_instance() {
    let duopoly = Instance::preset("calvano_tft");
    assert_eq!((duopoly.model.states(), duopoly.model.pair_count()), (225, 3375));
    close(duopoly.optimum(), 6.5371061215718385, 1e-8);
    close(duopoly.myopic_value(), 4.404080169322288, 1e-8);
    close(duopoly.random_value(), 5.492643031449463, 1e-8);
    let path = duopoly.path(&duopoly.solution.policy, 30);
    assert_eq!(indices(&path)[0], 14);
    assert_eq!(indices(&path)[1..], [12; 29]);
    close(path[29].1, 0.336736675963553, 1e-12);
    let myopic = duopoly.values_of(|_| 1);
    close(duopoly.model.at_start(&myopic), 4.404080169322288, 1e-8);
    let fixed = duopoly.rules("fixed");
    assert_eq!(fixed.len(), 15);
    all_close(&[fixed[1].1, fixed[7].1, fixed[13].1], &[4.404080169322288, 5.956415854125195, 6.525564080309905], 1e-8);
    close(duopoly.baseline("nash"), 4.404080169322288, 1e-8);
    close(duopoly.baseline("monopoly"), 6.525564080309905, 1e-8);
    close(duopoly.baseline("match"), 4.404080169322288, 1e-8);
    assert!(duopoly.baseline("undercut") < duopoly.baseline("match"));
}

#[test]
fn calvano_best_reply_instance() {
    let duopoly = Instance::preset("calvano_best_reply");
    close(duopoly.optimum(), 4.774622369664734, 1e-8);
    close(duopoly.myopic_value(), 4.404080169322288, 1e-8);
    close(duopoly.random_value(), 4.386834419099975, 1e-8);
    let path = duopoly.path(&duopoly.solution.policy, 30);
    assert_eq!(indices(&path)[0], 5);
    assert_eq!(indices(&path)[1..], [7; 29]);
    close(path[29].1, 0.24169337469780858, 1e-12);
    let fixed = duopoly.rules("fixed");
    all_close(&[fixed[1].1, fixed[7].1, fixed[13].1], &[4.404080169322289, 4.774464207508222, 3.8637535372578085], 1e-8);
    close(duopoly.baseline("monopoly"), 3.8638, 5e-5);
}

#[test]
fn the_discount_is_the_price() {
    let profits = [(0.0, 0.2202), (0.2, 0.2517), (0.4, 0.2925), (0.6, 0.3223), (0.8, 0.3339), (0.95, 0.3367)];
    for (discount, profit) in profits {
        let duopoly = Instance::new("duopoly", &[], discount);
        let path = duopoly.path(&duopoly.solution.policy, 400);
        let tail: f64 = path[200..].iter().map(|step| step.1).sum::<f64>() / 200.0;
        close(tail, profit, 5e-5);
    }
}

/// A rival's answer to the shop's last price, its own, and the demand.
type Answer<'a> = &'a dyn Fn(usize, usize, usize) -> usize;

/// A duopoly as a stranger would write it: value of (own last, rival's last, demand) with a rival given as a function.
struct Duopoly<'a> {
    /// Profit of own price and the rival's, by demand.
    profit: Vec<Vec<Vec<f64>>>,
    stays: f64,
    rival: Answer<'a>,
}

impl Duopoly<'_> {
    fn solve(&self, discount: f64) -> Vec<f64> {
        let (times, count) = (self.profit.len(), self.profit[0].len());
        let mut values = vec![0.0; count * count * times];
        for _ in 0..2000 {
            let old = values.clone();
            for mine in 0..count {
                for theirs in 0..count {
                    for demand in 0..times {
                        let answer = (self.rival)(mine, theirs, demand);
                        let ahead = |own: usize| {
                            let at = |demand: usize| old[(own * count + answer) * times + demand];
                            if times == 1 { at(0) } else { self.stays * at(demand) + (1.0 - self.stays) * at(1 - demand) }
                        };
                        let value = |own: usize| self.profit[demand][own][answer] + discount * ahead(own);
                        values[(mine * count + theirs) * times + demand] = (0..count).map(value).fold(f64::NEG_INFINITY, f64::max);
                    }
                }
            }
        }
        values
    }
}

/// A price that solves `left(price) = mu` by secants, for a check of the bisection.
fn root(left: impl Fn(f64) -> f64, mu: f64, from: f64) -> f64 {
    let (mut a, mut b) = (from, from + 0.1);
    for _ in 0..100 {
        let (fa, fb) = (left(a) - mu, left(b) - mu);
        if fa == fb {
            break;
        }
        (a, b) = (b, b - fb * (b - a) / (fb - fa));
    }
    b
}

#[test]
fn other_duopolies_solve_right() {
    let (quality, cost, outside, mu, xi, count) = (3.0, 0.7, 0.4, 0.5, 0.25, 9);
    let share = |own: f64, rival: f64, outside: f64| {
        let weight = |price: f64| ((quality - price) / mu).exp();
        weight(own) / (weight(own) + weight(rival) + (outside / mu).exp())
    };
    let nash = root(|p| (p - cost) * (1.0 - share(p, p, outside)), mu, cost + mu);
    let monopoly = root(|p| (p - cost) * (1.0 - 2.0 * share(p, p, outside)), mu, nash);
    let (lowest, highest) = (nash - xi * (monopoly - nash), monopoly + xi * (monopoly - nash));
    let list: Vec<f64> = (0..count).map(|i| lowest + (highest - lowest) * i as f64 / (count - 1) as f64).collect();
    let table = |outside: f64| -> Vec<Vec<f64>> {
        list.iter().map(|own| list.iter().map(|rival| (own - cost) * share(*own, *rival, outside)).collect()).collect()
    };
    let best_reply = |profit: &[Vec<f64>], rival: usize| {
        let best = (0..count).map(|own| profit[own][rival]).fold(f64::NEG_INFINITY, f64::max);
        (0..count).find(|own| profit[*own][rival] == best).unwrap()
    };
    let nearest = |price: f64| {
        let distance = |i: &usize| (list[*i] - price).abs();
        (0..count).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap()
    };
    let steady = table(outside);
    let stable = (0..count).find(|i| best_reply(&steady, *i) == *i).unwrap_or_else(|| nearest(nash));
    let peace = nearest(monopoly);
    for swing in [0.0, 0.3] {
        let tables = if swing > 0.0 { vec![table(outside + swing), table(outside - swing)] } else { vec![steady.clone()] };
        let replies: Vec<Vec<usize>> = tables.iter().map(|profit| (0..count).map(|rival| best_reply(profit, rival)).collect()).collect();
        let rivals: [(&str, Answer); 5] = [
            ("static_nash", &|_, _, _| stable),
            ("tit_for_tat", &|mine, _, _| mine),
            ("best_reply", &|mine, _, demand| replies[demand][mine]),
            ("undercut", &|mine, _, _| if mine > stable { mine - 1 } else { stable }),
            ("grim", &|mine, theirs, _| if mine == peace && theirs == peace { peace } else { stable }),
        ];
        for (name, rival) in rivals {
            let swing_text = swing.to_string();
            let changes = [
                ("rival", name),
                ("prices", "9"),
                ("xi", ".25"),
                ("quality", "3"),
                ("cost", ".7"),
                ("outside", ".4"),
                ("mu", ".5"),
                ("swing", &swing_text),
                ("persistence", ".7"),
            ];
            let instance = Instance::new("duopoly", &changes, 0.9);
            all_close(&prices(&instance), &list, 1e-9);
            let expected = Duopoly { profit: tables.clone(), stays: 0.7, rival }.solve(0.9);
            assert_eq!(instance.solution.values.len(), expected.len());
            all_close(&instance.solution.values, &expected, 1e-8);
        }
    }
}

#[test]
fn good_times_call_for_higher_prices() {
    let duopoly = Instance::preset("calvano_demand");
    assert_eq!((duopoly.model.states(), duopoly.model.pair_count()), (450, 6750));
    assert_eq!(duopoly.model.start().len(), 2);
    let level = |state: u32| duopoly.model.action(State(state), duopoly.solution.policy[state as usize]).0;
    // Once prices have risen above the first few of the list: 2 × 16 states from one pair of equal prices to the next.
    for last in 6..15 {
        assert!(level(32 * last + 1) > level(32 * last), "{last}");
    }
    let text = duopoly.environment.describe(State(1), Language::English);
    assert_eq!(text, "we asked 1.247, the rival 1.247, good times");
}

#[test]
fn the_last_prices_are_described_as_a_retailer_would() {
    let duopoly = Instance::new("duopoly", &[], 0.95);
    let state = State(14 * 15 + 1);
    assert_eq!(duopoly.environment.describe(state, Language::English), "we asked 1.97, the rival 1.466");
    assert_eq!(duopoly.environment.describe(state, Language::Chinese), "上期本店 1.97，对手 1.466");
    let event = duopoly.environment.event(state, retailq::mdp::Action(14), 0, Language::English);
    assert_eq!(event, "the rival asked 1.97; 35 % of customers bought here");
}

#[test]
fn a_duopoly_may_be_as_large_as_the_engine_allows() {
    let build = |changes: &[(&str, &str)]| retailq::environment::scenario("duopoly").unwrap().instance(changes);
    assert_eq!(build(&[("prices", "125")]).unwrap().state_count(), 15_625);
    let refused: Invalid = build(&[("prices", "125"), ("swing", ".2")]).err().unwrap();
    assert_eq!(refused.key, "prices");
    assert_eq!(refusal("duopoly", &[("prices", "126")]).0, "prices");
    assert_eq!(refusal("duopoly", &[("rival", "random")]).0, "rival");
    let (key, message) = refusal("duopoly", &[("quality", "100"), ("xi", "1")]);
    assert!(key == "xi" && message.contains("negative"), "{message}");
}

#[test]
fn clearance_instance() {
    let season = Instance::preset("gvr_clearance");
    assert_eq!(season.discount, 1.0);
    check_discount(&season.model, 1.0).unwrap();
    // The instance counts a dummy action for every price in the 36 terminal states, 1,836 pairs in all; here those have none.
    assert_eq!((season.model.states(), season.model.pair_count()), (186, 1800));
    assert_eq!(season.environment.levels(season.model.start()[0].0), [5, 30]);
    close(season.optimum(), 7.4345222742897406, 1e-9);
    close(season.myopic_value(), 4.983733792592971, 1e-9);
    close(season.random_value(), 6.216689682036224, 1e-9);
    let start = season.model.start()[0].0;
    assert_eq!(season.model.action(start, season.solution.policy[start.index()]).0, 5);
    let fixed: Vec<f64> = season.rules("fixed").into_iter().map(|(_, value)| value).collect();
    let expected = [
        3.9988354322948614,
        4.983733792592971,
        5.897996968315855,
        6.624429549385518,
        7.040138657300869,
        7.097542230187974,
        6.844526050493625,
        6.381445341762697,
        5.809449010816615,
        5.203692310424748,
        4.610188714046761,
        4.053109192270788,
    ];
    assert_eq!(fixed.len(), expected.len());
    all_close(&fixed, &expected, 1e-9);
    close(season.baseline("fixed"), 7.0975, 5e-5);
    close(season.baseline("today"), 4.9837, 5e-5);
    assert!(season.baseline("markdown") < season.optimum() && season.baseline("run_out") < season.optimum());
}

#[test]
fn the_price_falls_with_time_and_rises_with_each_sale() {
    let season = Instance::preset("gvr_clearance");
    let price = |units: u32, days: u32| {
        let state = State(units * 31 + days);
        season.model.action(state, season.solution.policy[state.index()]).0
    };
    for units in 1..=5 {
        for days in 1..=30 {
            assert!(days == 1 || price(units, days) >= price(units, days - 1));
            assert!(units == 1 || price(units, days) <= price(units - 1, days));
        }
    }
    assert_eq!(season.environment.describe(State(3 * 31 + 12), Language::English), "3 left, 12 days to go");
    assert_eq!(season.environment.describe(State(3 * 31), Language::Chinese), "季末，剩余 3 件");
}

/// Customers of a season at price zero; a price above turns them away at a rate of 1.
const CUSTOMERS: f64 = 27.18281828459045;

/// J*(n, t): the largest expected revenue of `units` with a share `time` of a season left, ln Σ (customers × time / e)^i / i!, in continuous
/// time (Gallego and van Ryzin 1994, section 2.3).
fn best_revenue(customers: f64, units: u32, time: f64) -> f64 {
    let mean = customers * time / std::f64::consts::E;
    let (mut sum, mut term, mut scale) = (1.0_f64, 1.0, 0.0);
    for i in 1..=units {
        term *= mean / f64::from(i);
        sum += term;
        // A large sum is carried as its logarithm, since it would leave the range of numbers.
        if sum > 1e200 {
            scale += sum.ln();
            term /= sum;
            sum = 1.0;
        }
    }
    sum.ln() + scale
}

#[test]
fn gallego_and_van_ryzins_closed_form() {
    let revenues = [5, 10, 20].map(|units| best_revenue(CUSTOMERS, units, 1.0));
    all_close(&revenues, &[7.29821955, 9.46050009, 9.99841048], 5e-9);
    close(best_revenue(CUSTOMERS, 5, 1.0), 7.298219546076945, 1e-12);
    close(best_revenue(CUSTOMERS, 0, 1.0), 0.0, 0.0);
    close(best_revenue(CUSTOMERS, 7, 0.0), 0.0, 0.0);
    // Sums beyond the range of numbers: plenty of units make a Poisson sum of e^mean, and few a last term.
    close(best_revenue(1e6, 500_000, 1.0), 1e6 / std::f64::consts::E, 1e-6);
    assert!(best_revenue(1e-9, 500, 1.0) < 1e-8);
}

/// Expected revenue in continuous time of one price for the whole season: price × E min(units, Poisson).
fn fixed_revenue(units: u32, price: f64) -> f64 {
    let mean = CUSTOMERS * (-price).exp();
    let (mut term, mut sold, mut below) = ((-mean).exp(), 0.0, 0.0);
    for i in 0..units {
        sold += f64::from(i) * term;
        below += term;
        term *= mean / f64::from(i + 1);
    }
    price * (sold + f64::from(units) * (1.0 - below))
}

#[test]
fn the_best_fixed_price_is_nearly_optimal() {
    for (units, share) in [(5, 0.9578), (10, 0.9805), (20, 0.9999)] {
        let best = (0..30_000).map(|i| fixed_revenue(units, f64::from(i) * 1e-4)).fold(0.0, f64::max);
        close(best / best_revenue(CUSTOMERS, units, 1.0), share, 5e-5);
    }
}

/// Days instead of continuous time, every price allowed: the best price is the value of the last unit plus 1.
fn daily_revenue(units: usize, days: u32) -> f64 {
    let arrivals = CUSTOMERS / f64::from(days);
    let mut values = vec![0.0_f64; units + 1];
    for _ in 0..days {
        for k in (1..=units).rev() {
            let price: f64 = values[k] - values[k - 1] + 1.0;
            values[k] += arrivals * (-price).exp();
        }
    }
    values[units]
}

#[test]
fn shorter_days_approach_continuous_time() {
    for (days, revenue) in [(100, 9.50021259), (1000, 9.46441049), (10_000, 9.46089054)] {
        close(daily_revenue(10, days), revenue, 5e-9);
    }
    // The error is of the order of one day: ten times as many days, a tenth of it.
    let error = |days| daily_revenue(10, days) - best_revenue(CUSTOMERS, 10, 1.0);
    close(error(1000) / error(10_000), 10.0, 0.1);
}

#[test]
fn a_fine_price_list_approaches_all_prices() {
    let list = (0..100).map(|i| format!("{}", 0.9 + 0.02 * f64::from(i))).collect::<Vec<_>>().join(",");
    let season = Instance::new("clearance", &[("units", "10"), ("periods", "100"), ("price_list", &list)], 1.0);
    let continuous = daily_revenue(10, 100);
    assert!(season.optimum() <= continuous && season.optimum() > continuous - 1e-3, "{} {continuous}", season.optimum());
}

#[test]
fn other_seasons_solve_right() {
    let (units, days, demand, sensitivity, discount) = (7_usize, 20_u32, 13.5, 0.4, 0.98);
    let list = [3.0, 0.5, 1.75, 6.0];
    let mut values = vec![0.0; units + 1];
    for _ in 0..days {
        let old = values.clone();
        for k in 1..=units {
            let worth = |price: f64| {
                let sale = demand / f64::from(days) * (-sensitivity * price).exp();
                sale * (price + discount * old[k - 1]) + (1.0 - sale) * discount * old[k]
            };
            values[k] = list.iter().map(|price| worth(*price)).fold(0.0, f64::max);
        }
    }
    let changes = [("units", "7"), ("periods", "20"), ("demand", "13.5"), ("sensitivity", ".4"), ("price_list", "3,.5,1.75,6")];
    close(Instance::new("clearance", &changes, discount).optimum(), values[units], 1e-9);
}

#[test]
fn a_season_of_too_few_days_is_refused_with_the_number_needed() {
    let (key, message) = refusal("clearance", &[("periods", "12")]);
    assert!(key == "periods" && message.contains("at least 13"), "{message}");
    assert!(retailq::environment::scenario("clearance").unwrap().instance(&[("periods", "13")]).is_ok());
    assert_eq!(refusal("clearance", &[("demand", "1e6")]).0, "demand");
    assert_eq!(refusal("clearance", &[("units", "500"), ("periods", "5000")]).0, "periods");
}

#[test]
fn the_claims_of_the_presets_hold() {
    let ahead = |key: &str, baseline: &str| {
        let instance = Instance::preset(key);
        instance.optimum() / instance.baseline(baseline) - 1.0
    };
    close(ahead("calvano_tft", "nash"), 0.48, 5e-3);
    close(ahead("calvano_best_reply", "nash"), 0.08, 5e-3);
    assert!(ahead("calvano_undercut", "undercut") > 0.4);
    close(ahead("gvr_clearance", "fixed"), 0.05, 5e-3);
    close(ahead("clearance_short", "fixed"), 0.05, 5e-3);
}
