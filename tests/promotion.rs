//! Promotion scenarios against published numbers, the solved instances and small computations of their own.
#![allow(clippy::unwrap_used)] // a test may fail where it stands

mod common;

use common::instance::{Instance, all_close, refusal};
use common::{close, myopic};
use retailq::environment::reference_price::Customers;
use retailq::mdp::State;
use retailq::planner::{Policy, average_reward, evaluate_steps, greedy};
use retailq::words::Language;

const PFEIFER_DISCOUNT: f64 = 1.0 / 1.2;
const RESPONSE: [f64; 4] = [0.3, 0.2, 0.15, 0.05];

fn mail_while(instance: &Instance, last: u32) -> Vec<f64> {
    instance.values_of(move |state| u32::from(state.0 < last))
}

#[test]
fn pfeifer_carraway_values_are_the_published_ones() {
    let published = Instance::new("recency", &[("timing", "paper")], PFEIFER_DISCOUNT);
    let always = published.policy(|_| 1);
    let four_periods = evaluate_steps(&published.model, &always, PFEIFER_DISCOUNT, 5);
    all_close(&four_periods, &[50.114969, 4.219907, 0.592110], 5e-7);
    all_close(&published.values(&always), &[52.319609, 5.553784, 1.250773, -1.820016, 0.0], 5e-7);
    all_close(&mail_while(&published, 3), &[53.149425, 6.620690, 2.643678, 0.0, 0.0], 5e-7);
    all_close(&published.solution.values, &[53.149425, 6.620690, 2.643678, 0.0, 0.0], 5e-7);
    assert_eq!(published.decisions(), ["mail", "mail", "mail", "send nothing"]);
    close(published.baseline("mail_everybody"), 52.319609, 5e-7);
    close(published.baseline("never"), 40.0, 1e-12);
    close(published.baseline("break_even"), 53.149425, 5e-7);
    close(Instance::preset("pfeifer").optimum(), 53.149425, 5e-7);
}

#[test]
fn pfeifer_carraway_instance_with_the_margin_on_the_transition() {
    // The instance counts a dummy action in the lapsed state, 9 pairs in all; here that state is terminal and has none.
    let instance = Instance::new("recency", &[], PFEIFER_DISCOUNT);
    assert_eq!((instance.model.states(), instance.model.pair_count()), (5, 8));
    close(instance.optimum(), 18.39080459770115, 1e-9);
    close(instance.myopic_value(), 18.39080459770115, 1e-9);
    close(instance.random_value(), 7.153373158383406, 1e-9);
    close(instance.baseline("never"), 0.0, 0.0);
    close(instance.baseline("mail_everybody"), 17.817412530512613, 1e-9);
    assert_eq!(instance.decisions(), ["mail", "mail", "mail", "send nothing"]);
}

#[test]
fn the_two_timings_differ_by_the_margin_of_the_first_purchase() {
    // V_paper(1) = margin + V'(1), where V' is paid a period later than the transition timing does.
    let published = Instance::new("recency", &[("timing", "paper")], PFEIFER_DISCOUNT);
    close(published.solution.values[0] - 40.0, 13.149425, 5e-7);
    let mut later = [0.0; 5];
    for _ in 0..2000 {
        for r in (0..4).rev() {
            let mail = -4.0 + PFEIFER_DISCOUNT * (RESPONSE[r] * (40.0 + later[0]) + (1.0 - RESPONSE[r]) * later[r + 1]);
            later[r] = mail.max(PFEIFER_DISCOUNT * later[r + 1]);
        }
    }
    all_close(&published.solution.values[1..], &later[1..], 1e-9);
}

/// Values of the recency chain, margin on the transition, by plain value iteration.
fn recency_chain(response: &[f64], margin: f64, reach: f64, discount: f64) -> Vec<f64> {
    let mut values = vec![0.0; response.len() + 1];
    for _ in 0..20_000 {
        for (r, p) in response.iter().enumerate().rev() {
            let mail = p * margin - reach + discount * (p * values[0] + (1.0 - p) * values[r + 1]);
            values[r] = mail.max(discount * values[r + 1]);
        }
    }
    values
}

#[test]
fn other_response_rates_solve_right() {
    let long = [0.5, 0.4, 0.35, 0.2, 0.3, 0.05, 0.0, 0.02, 0.6, 0.01];
    let text = long.map(|p| p.to_string()).join(",");
    let instance = Instance::new("recency", &[("response", &text), ("margin", "12.5"), ("reach", "1.75")], 0.97);
    all_close(&instance.solution.values, &recency_chain(&long, 12.5, 1.75, 0.97), 1e-8);
    let single = Instance::new("recency", &[("response", "1"), ("margin", "3"), ("reach", "1")], 0.9);
    close(single.optimum(), 20.0, 1e-8);
}

#[test]
fn the_cdnow_customer_is_worth_longer_than_the_order_of_the_month() {
    let cdnow = Instance::preset("cdnow");
    assert_eq!(cdnow.model.states(), 13);
    let mailed = |policy: &Policy| match policy {
        Policy::Fixed(slots) => slots.iter().take_while(|slot| **slot == 1).count(),
        Policy::Uniform | Policy::Mixed(_) => 0,
    };
    let optimal = Policy::Fixed(cdnow.solution.policy.clone());
    assert_eq!((mailed(&myopic(&cdnow.model)), mailed(&optimal)), (5, 9));
    let rates = [0.236189, 0.147281, 0.094635, 0.078993, 0.069812, 0.044996, 0.037625, 0.037379, 0.031926, 0.025571, 0.030699, 0.019382];
    all_close(&cdnow.solution.values, &recency_chain(&rates, 14.43, 0.7, cdnow.discount), 1e-8);
}

const MENU_POLICY: [[&str; 3]; 4] = [
    ["bundle", "gift", "10 % coupon"],
    ["gift", "gift", "10 % coupon"],
    ["gift", "25 % coupon", "25 % coupon"],
    ["gift", "send nothing", "send nothing"],
];

#[test]
fn menu_instance() {
    // 13 states; the instance's 73 pairs include a dummy action in the lapsed state, which is terminal here.
    let menu = Instance::new("promotion_menu", &[], 0.95);
    assert_eq!((menu.model.states(), menu.model.pair_count()), (13, 72));
    close(menu.optimum(), 32.61355291598307, 1e-8);
    close(menu.myopic_value(), 29.41066255371888, 1e-8);
    close(menu.random_value(), 15.197490771173674, 1e-8);
    let blanket: Vec<f64> = menu.rules("blanket").into_iter().map(|(_, value)| value).collect();
    all_close(&blanket, &[21.829427174444035, 21.51808879998446, 11.464509220658792, 31.465105858742195, 29.108555812550904], 1e-8);
    close(menu.baseline("blanket_coupon"), 21.51808879998446, 1e-8);
    close(menu.baseline("never"), 0.0, 0.0);
    assert_eq!(menu.decisions(), MENU_POLICY.concat());
}

#[test]
fn menu_instance_with_stock() {
    let menu = Instance::new("promotion_menu", &[("stock", "3")], 0.95);
    assert_eq!((menu.model.states(), menu.model.pair_count()), (49, 288));
    close(menu.optimum(), 29.263125405096545, 1e-8);
    close(menu.myopic_value(), 27.642952268527655, 1e-8);
    close(menu.random_value(), 13.450683216630457, 1e-8);
    let blanket: Vec<f64> = menu.rules("blanket").into_iter().map(|(_, value)| value).collect();
    all_close(&blanket, &[18.851915324951708, 16.540033947713397, 3.877728422881182, 24.275907239097805, 26.204623107765112], 1e-8);
    let (n, b, g, c) = ("send nothing", "bundle", "gift", "10 % coupon");
    let policy = [
        [n, b, b, b, n, b, b, g, n, c, c, c],
        [n, b, g, g, n, c, g, g, n, c, c, c],
        [n, b, g, g, n, c, g, g, n, c, c, c],
        [n, n, n, g, n, n, n, n, n, n, n, n],
    ];
    assert_eq!(menu.decisions(), policy.concat());
}

#[test]
fn a_menu_of_one_mailing_is_pfeifer_and_carraway() {
    for changes in [[("mem", "0"), ("kappa", "0")], [("mem", "2"), ("kappa", "0")], [("mem", "0"), ("kappa", "3")]] {
        let one = Instance::new("promotion_menu", &[changes[0], changes[1], ("offers", "mail:0,0,0,0")], PFEIFER_DISCOUNT);
        close(one.optimum(), 18.39080459770115, 1e-9);
        close(one.baseline("break_even"), 18.39080459770115, 1e-9);
    }
}

/// An offer as the instances write it: discount, gift, extra, uplift.
type Offer = [f64; 4];

struct Menu<'a> {
    response: &'a [f64],
    price: f64,
    margin: f64,
    reach: f64,
    offers: &'a [Offer],
    memory: usize,
    kappa: f64,
    stock: usize,
    restock: f64,
}

/// Value of every (recency, memory, stock), by plain value iteration.
fn solve_menu(menu: &Menu, discount: f64) -> Vec<f64> {
    let (recencies, memories, stocks) = (menu.response.len(), menu.memory + 1, menu.stock + 1);
    let mut values = vec![0.0; recencies * memories * stocks];
    for _ in 0..5000 {
        let old = values.clone();
        let at = |r: usize, m: usize, k: usize| if r == recencies { 0.0 } else { old[(r * memories + m) * stocks + k] };
        // Value at the end of a month with `k` units before the delivery.
        let ahead = |r: usize, m: usize, k: usize| {
            if k < menu.stock { menu.restock * at(r, m, k + 1) + (1.0 - menu.restock) * at(r, m, k) } else { at(r, m, k) }
        };
        for r in 0..recencies {
            for m in 0..memories {
                for k in 0..stocks {
                    let mut best = discount * ahead(r + 1, m, k);
                    for [cut, gift, extra, uplift] in menu.offers {
                        let odds = menu.response[r] / (1.0 - menu.response[r]);
                        let strength = uplift - if *cut > 0.0 { 0.0 } else { menu.kappa * m as f64 };
                        let odds = odds * strength.exp();
                        let buys = if menu.stock > 0 && k == 0 { 0.0 } else { odds / (1.0 + odds) };
                        let after = if *cut > 0.0 { (m + 1).min(menu.memory) } else { m.max(1) - 1 };
                        let left = if menu.stock > 0 { k.max(1) - 1 } else { k };
                        let bought = menu.margin - cut * menu.price - gift + extra + discount * ahead(0, after, left);
                        let value = buys * bought + (1.0 - buys) * discount * ahead(r + 1, m, k) - menu.reach;
                        best = best.max(value);
                    }
                    values[(r * memories + m) * stocks + k] = best;
                }
            }
        }
    }
    values
}

#[test]
fn other_menus_solve_right() {
    let offers: [Offer; 3] = [[0.0, 0.0, 0.0, 0.0], [0.3, 1.0, 0.0, 0.9], [0.0, 2.5, 4.0, 0.2]];
    let table = "plain:0,0,0,0;deep|大折扣:.3,1,0,.9;mixed:0,2.5,4,.2";
    for (memory, kappa, stock, restock) in [(0, 0.4, 0, 0.5), (3, 0.8, 0, 0.5), (1, 0.2, 5, 0.35), (4, 1.5, 2, 1.0), (2, 0.35, 1, 0.0)] {
        let menu = Menu {
            response: &[0.6, 0.25, 0.4, 0.1, 0.02],
            price: 80.0,
            margin: 31.0,
            reach: 2.25,
            offers: &offers,
            memory,
            kappa,
            stock,
            restock,
        };
        let (memory, kappa, stock, restock) = (memory.to_string(), kappa.to_string(), stock.to_string(), restock.to_string());
        let changes = [
            ("response", ".6,.25,.4,.1,.02"),
            ("price", "80"),
            ("margin", "31"),
            ("reach", "2.25"),
            ("offers", table),
            ("mem", &memory),
            ("kappa", &kappa),
            ("stock", &stock),
            ("restock", &restock),
        ];
        let instance = Instance::new("promotion_menu", &changes, 0.93);
        let expected = solve_menu(&menu, 0.93);
        assert_eq!(instance.model.states() as usize, expected.len() + 1);
        all_close(&instance.solution.values, &expected, 1e-8);
    }
}

#[test]
fn the_uplift_of_a_coupon_follows_from_its_discount_unless_given() {
    let table = "mail:0,0,0;10 % coupon:.1,0,0;25 % coupon:.25,0,0";
    let given = "mail:0,0,0,0;10 % coupon:.1,0,0,.2760445510235049;25 % coupon:.25,0,0,.753727029823666";
    let implied = Instance::new("promotion_menu", &[("offers", table)], 0.95);
    all_close(&Instance::new("promotion_menu", &[("offers", given)], 0.95).solution.values, &implied.solution.values, 1e-12);
}

#[test]
fn the_edges_of_the_menu_stay_finite() {
    let changes =
        [("response", "0,1,.5"), ("offers", "half:.95,1e6,1e6,20;other:0,0,0,-20"), ("stock", "20"), ("mem", "6"), ("kappa", "10")];
    let edge = Instance::new("promotion_menu", &changes, 0.9);
    assert!(edge.solution.values.iter().all(|value| value.is_finite()));
}

#[test]
fn a_customer_is_described_as_a_retailer_would() {
    let menu = Instance::new("promotion_menu", &[("stock", "3")], 0.95);
    // The last coordinate runs fastest: 3 memories × 4 stocks to a month, 4 stocks to a memory.
    let state = State(12 + 4 + 3);
    assert_eq!(menu.environment.levels(state), [1, 1, 3]);
    assert_eq!(menu.environment.describe(state, Language::English), "last bought 2 months ago, 1 coupon lately, 3 in stock");
    assert_eq!(menu.environment.describe(state, Language::Chinese), "上次购买在 2 个月前，近期用过 1 张券，库存 3 件");
    assert_eq!(menu.environment.describe(State(48), Language::English), "customer lost");
    assert_eq!(menu.environment.levels(State(48)), [4, 0, 0]);
}

#[test]
fn catalogue_values_are_the_published_ones() {
    let far = Instance::new("catalogue", &[], 0.9);
    all_close(&far.solution.values, &[257.69230769, 290.65934066], 5e-9);
    assert_eq!(far.decisions(), ["send the catalogue", "send the catalogue"]);
    all_close(&far.values(&myopic(&far.model)), &[254.109589, 288.356164], 5e-7);
    all_close(&far.values_of(|_| 0), &[161.926606, 175.688073], 5e-7);
    close(far.baseline("break_even"), 254.109589, 5e-7);
    close(far.baseline("mail_everybody"), 257.69230769, 5e-9);
    close(far.baseline("never"), 161.926606, 5e-7);
    close(average_reward(&far.model, None, 1e-10).unwrap().gain, 28.33333333, 5e-9);
}

#[test]
fn small_buyers_get_a_catalogue_only_above_ten_thirteenths() {
    for (discount, decision) in [(10.0 / 13.0 - 1e-6, "send nothing"), (10.0 / 13.0 + 1e-6, "send the catalogue"), (0.7, "send nothing")] {
        assert_eq!(Instance::new("catalogue", &[], discount).decisions(), [decision, "send the catalogue"]);
    }
}

#[test]
fn another_catalogue_solves_right() {
    // Both mailed for ever: V = r + γ P V, solved by hand.
    let changes = [("classes", "a:1,9,.9,.25;b:2,21,.1,.75"), ("cost", "4")];
    let house = Instance::new("catalogue", &changes, 0.5);
    // (1 - .125) x - .375 y = 5 and -.125 x + (1 - .375) y = 17.
    let determinant = 0.875 * 0.625 - 0.375 * 0.125;
    all_close(&house.solution.values, &[(5.0 * 0.625 + 0.375 * 17.0) / determinant, (0.875 * 17.0 + 0.125 * 5.0) / determinant], 1e-9);
}

#[test]
fn the_toymaker_is_howards() {
    let toymaker = Instance::new("toymaker", &[], 0.9);
    all_close(&toymaker.solution.values, &[22.19780220, 12.30769231], 5e-9);
    all_close(&toymaker.solution.values, &[22.2, 12.3], 0.05);
    all_close(&toymaker.values(&myopic(&toymaker.model)), &[15.494505, 5.604396], 5e-7);
    assert_eq!(toymaker.decisions(), ["advertising", "research"]);
    let gain = average_reward(&toymaker.model, None, 1e-11).unwrap();
    close(gain.gain, 2.0, 1e-10);
    close(gain.relative[0] - gain.relative[1], 10.0, 1e-8);
    close(toymaker.baseline("always_spend"), 22.19780220, 5e-9);
    close(toymaker.baseline("this_week"), 15.494505, 5e-7);
}

const CUSTOMERS: Customers = Customers { market: 100.0, slope: 1.0, gain: 1.5, memory: 0.7, cost: 20.0 };

/// The price the optimal policy settles at, for prices that form a continuum (from the Euler equation).
fn steady_price(customers: &Customers, discount: f64) -> f64 {
    let Customers { market, slope, gain, memory, cost } = customers;
    let future = discount * gain * (1.0 - memory) / (1.0 - discount * memory);
    (market + (slope + gain - future) * cost) / (2.0 * slope + gain - future)
}

#[test]
fn the_steady_price_has_its_closed_form() {
    close(steady_price(&CUSTOMERS, 0.95), 55.973154, 5e-7);
    close(steady_price(&CUSTOMERS, 0.0), 42.857143, 5e-7);
    close(steady_price(&CUSTOMERS, 1.0), 60.0, 1e-9);
}

/// The price and reference at which a policy comes to rest, ignoring the list between two of its prices.
fn rest(instance: &Instance, policy: &[u32], lowest: f64, step: f64, memory: f64) -> f64 {
    let mut reference = lowest + step * f64::from(instance.model.states() - 1);
    for _ in 0..2000 {
        let level = ((reference - lowest) / step).round();
        let price = lowest + step * f64::from(policy[level as usize]);
        reference = memory * reference + (1.0 - memory) * price;
    }
    reference
}

#[test]
fn a_fine_list_of_prices_settles_at_the_closed_form() {
    let changes = [("prices", "401"), ("lowest", "30"), ("highest", "75")];
    let step = 45.0 / 400.0;
    let fine = Instance::new("reference_price", &changes, 0.95);
    let steady = rest(&fine, &fine.solution.policy, 30.0, step, 0.7);
    close(steady, 55.9875, 1e-9);
    close(steady, steady_price(&CUSTOMERS, 0.95), step);
    let today = greedy(&fine.model, 0.0, &[0.0; 401]);
    close(rest(&fine, &today, 30.0, step, 0.7), 42.857143, step);
}

#[test]
fn the_steady_price_follows_changed_customers() {
    for (market, slope, gain, memory, cost, discount) in [(100.0, 1.0, 1.5, 0.2, 20.0, 0.95), (80.0, 0.8, 0.5, 0.85, 30.0, 0.9)] {
        let customers = Customers { market, slope, gain, memory, cost };
        let texts = [market, slope, gain, memory, cost].map(|x: f64| x.to_string());
        let keys = ["market", "slope", "gain", "memory", "cost"];
        let mut changes: Vec<(&str, &str)> = keys.into_iter().zip(texts.iter().map(String::as_str)).collect();
        changes.extend([("prices", "301"), ("lowest", "40"), ("highest", "70")]);
        let instance = Instance::new("reference_price", &changes, discount);
        close(rest(&instance, &instance.solution.policy, 40.0, 0.1, memory), steady_price(&customers, discount), 0.1);
    }
}

#[test]
fn short_sighted_discounts_spoil_the_price_image() {
    let shop = Instance::preset("reference_price");
    let (optimum, today) = (shop.optimum(), shop.baseline("best_today"));
    assert!(today < optimum && shop.baseline("fixed") <= optimum && shop.baseline("textbook") <= shop.baseline("fixed"));
    close(steady_price(&CUSTOMERS, 0.95), 56.0, 0.1);
    close(steady_price(&Customers { memory: 0.2, ..CUSTOMERS }, 0.95), 58.2, 0.1);
}

#[test]
fn nonsense_is_refused_by_name() {
    assert_eq!(refusal("recency", &[("response", ".3,1.2")]).0, "response");
    assert_eq!(refusal("recency", &[("timing", "never")]).0, "timing");
    assert_eq!(refusal("promotion_menu", &[("offers", "free:1,0,0,0")]).0, "offers");
    assert_eq!(refusal("promotion_menu", &[("restock", "2")]).0, "restock");
    assert_eq!(refusal("catalogue", &[("classes", "a:1,2,.5,.5")]).0, "classes");
    assert_eq!(refusal("toymaker", &[("choices", "a:2,1,1;b:0,1,1;c:0,1,1;d:0,1,1")]).0, "choices");
    let (key, message) = refusal("reference_price", &[("lowest", "80")]);
    assert!(key == "lowest" && message.contains("70"), "{message}");
}

#[test]
fn the_claims_of_the_presets_hold() {
    let menu = Instance::preset("menu");
    close(menu.optimum() / menu.myopic_value(), 1.11, 5e-3);
    close(menu.optimum() / menu.baseline("blanket_coupon"), 1.52, 5e-3);
    // No coupon but to the customer about to be lost.
    assert_eq!(Instance::preset("menu_forgetful").decisions(), ["bundle", "gift", "gift", "25 % coupon"]);
    let pfeifer = Instance::preset("pfeifer");
    assert_eq!(pfeifer.decisions(), Instance::preset("pfeifer_transition").decisions());
    assert_eq!(Instance::preset("catalogue_impatient").decisions(), ["send nothing", "send the catalogue"]);
}
