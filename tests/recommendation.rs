//! Recommendation: the published numbers of the boredom model, and what the other presets claim.
#![allow(clippy::unwrap_used)] // a test may fail where it stands

mod common;

use common::{Solved, close, compile, myopic};
use retailq::environment::{Scenario, scenario};
use retailq::mdp::{Environment, State};
use retailq::model::Model;
use retailq::planner::{self, Policy};
use retailq::words::Language;

fn boredom() -> &'static Scenario {
    scenario("boredom").unwrap()
}

/// The categories a policy shows from a start on, once it has settled, and its mean reward over a multiple of its period.
fn long_run(environment: &dyn Environment, model: &Model, policy: &[u32], start: State) -> (String, f64) {
    const SETTLED: usize = 2000;
    let initial = |slot: u32| english_name(environment, slot).chars().next().unwrap();
    let mut state = start;
    let (mut shown, mut rewards, mut seen) = (String::new(), Vec::new(), None);
    for step in 0.. {
        let slot = policy[state.index()];
        if step == SETTLED {
            seen = Some(state);
        } else if seen == Some(state) {
            break;
        }
        let pair = model.pair(state, slot);
        if step >= SETTLED {
            shown.push(initial(slot));
            rewards.push(model.expected_reward(pair));
        }
        state = model.successors(pair).next().unwrap().1;
    }
    let smallest = (0..shown.len()).map(|turn| format!("{}{}", &shown[turn..], &shown[..turn])).min().unwrap();
    (smallest, rewards.iter().sum::<f64>() / rewards.len() as f64)
}

fn english_name(environment: &dyn Environment, slot: u32) -> String {
    let name = environment.action_name(retailq::mdp::Action(slot));
    name.get(Language::English).trim_start_matches("recommend ").to_owned()
}

fn slots(policy: Policy) -> Vec<u32> {
    match policy {
        Policy::Fixed(slots) => slots,
        Policy::Uniform | Policy::Mixed(_) => unreachable!(),
    }
}

/// Optimal and greedy long runs of a preset, from its first start state.
fn runs(preset: &str, discount: f64) -> [(String, f64); 2] {
    let environment = common::preset(preset);
    let model = compile(environment.as_ref());
    let start = model.start()[0].0;
    let optimal = planner::solve(&model, discount, 1e-9).policy;
    [optimal, slots(myopic(&model))].map(|policy| long_run(environment.as_ref(), &model, &policy, start))
}

#[test]
fn warlop_instances() {
    let table = [
        (0.9, 35.87617534173511, 35.48164993472842, 32.209757167999804, 34.395592215566204),
        (0.95, 71.56960388354847, 70.48647361683862, 64.75122916671906, 68.59452753467195),
        (0.99, 357.31418315121846, 350.420526656852, 325.1052806486102, 342.26136689217697),
    ];
    for (discount, optimum, greedy, random, round_robin) in table {
        let solved = Solved::new("boredom", &[], discount);
        assert_eq!((solved.states, solved.pairs, solved.first_action), (1024, 4096, 2));
        close(solved.optimum, optimum, 2e-8);
        close(solved.myopic, greedy, 2e-8);
        close(solved.random, random, 2e-8);
        close(solved.baseline("round_robin").0, round_robin, 1e-7);
        assert_eq!(solved.baseline("greedy").0.to_bits(), solved.rules("greedy", 1e-8)[0].0.to_bits());
        close(solved.baseline("greedy").0, greedy, 1e-7);
    }
}

#[test]
fn warlop_single_categories() {
    let table = [
        (0.9, [16.07126989081793, 27.62451960330934, 24.395597791568754, 16.440848467904374]),
        (0.95, [32.142539781635826, 52.235821138804894, 44.992295154125934, 28.200056538681306]),
        (0.99, [160.71269890817905, 247.18534814572493, 208.2184959154448, 119.62248482335968]),
    ];
    for (discount, values) in table {
        let solved = Solved::new("boredom", &[], discount);
        for ((value, label), expected) in solved.rules("single", 1e-8).iter().zip(values) {
            close(*value, expected, 1e-7);
            assert!(!label.is_empty());
        }
        assert_eq!(solved.baseline("popularity").1, "Thriller");
        close(solved.baseline("popularity").0, values[2], 1e-7);
        assert_eq!(solved.baseline("single").1, "Comedy");
    }
}

#[test]
fn warlop_average_rewards() {
    let environment = boredom().instance(&[]).unwrap();
    let model = compile(environment.as_ref());
    close(planner::average_reward(&model, None, 1e-10).unwrap().gain, 3.57213992, 5e-9);
    for (slot, published) in [1.6071, 2.4339, 2.0380, 1.1388].into_iter().enumerate() {
        let always = Policy::Fixed(vec![slot as u32; model.states() as usize]);
        close(planner::average_reward(&model, Some(&always), 1e-9).unwrap().gain, published, 5e-5);
    }
}

#[test]
fn warlop_cycles() {
    for discount in [0.5, 0.8, 0.9, 0.95, 0.99] {
        let [(optimal, gain), (greedy, greedy_gain)] = runs("warlop", discount);
        assert!(["ACT", "ATC"].contains(&optimal.as_str()), "{optimal}");
        close(gain, 3.5721399176954725, 1e-12);
        assert_eq!(greedy, "ATCTCT");
        close(greedy_gain, 3.499025065104167, 1e-12);
    }
}

#[test]
fn warlop_planning_leaves_greedy_between_discounts_of_two_and_three_tenths() {
    let [(at_two_tenths, _), (greedy, _)] = runs("warlop", 0.2);
    assert_eq!(at_two_tenths, greedy);
    let [(at_three_tenths, gain), _] = runs("warlop", 0.3);
    assert_eq!(at_three_tenths.len(), 3);
    close(gain, 3.57213992, 5e-9);
}

#[test]
fn warlop_toys() {
    let toy_a = Solved::of(common::preset("toy_a"), 0.99);
    close(toy_a.optimum, 50.36200277, 5e-9);
    close(toy_a.myopic, 50.11937314, 1e-8);
    let [(_, gain), _] = runs("toy_a", 0.99);
    close(gain, 0.50236772, 5e-9);
    let toy_b = Solved::of(common::preset("toy_b"), 0.99);
    close(toy_b.optimum, 53.26719529, 5e-9);
    let [(rhythm, gain), (_, greedy)] = runs("toy_b", 0.99);
    assert_eq!(rhythm, "HSSSSSSSS");
    close(gain, 0.53441667, 5e-9);
    close(greedy, 0.496, 5e-4);
    close(greedy, 0.49551190, 5e-9);
    let model = compile(common::preset("toy_b").as_ref());
    let staple = Policy::Fixed(vec![1; model.states() as usize]);
    close(planner::average_reward(&model, Some(&staple), 1e-10).unwrap().gain, 0.472821, 5e-7);
}

#[test]
fn the_million_pair_case_solves_and_planning_beats_greedy() {
    let environment = common::preset("warlop_ten");
    let model = compile(environment.as_ref());
    assert_eq!(model.pair_count(), 1_000_000);
    let start = model.start()[0].0;
    let optimal = planner::solve(&model, 0.95, 1e-6).policy;
    let (rhythm, gain) = long_run(environment.as_ref(), &model, &optimal, start);
    let (bored, greedy) = long_run(environment.as_ref(), &model, &slots(myopic(&model)), start);
    assert_eq!((rhythm.as_str(), bored.as_str()), ("C", "T"));
    assert!((1.045..1.055).contains(&(gain / greedy)), "{gain} {greedy}");
}

#[test]
fn greedy_finds_the_rhythm_too_where_drama_gains_from_repetition() {
    let [(optimal, gain), (greedy, greedy_gain)] = runs("warlop_drama", 0.95);
    assert_eq!((optimal.as_str(), greedy.as_str()), ("DDT", "DDT"));
    close(gain, greedy_gain, 1e-12);
    let solved = Solved::of(common::preset("warlop_drama"), 0.95);
    assert!(solved.pairs == 15_625 && solved.myopic < solved.optimum);
}

#[test]
fn each_segment_has_its_own_rhythm() {
    let environment = common::preset("segments");
    let model = compile(environment.as_ref());
    let optimal = planner::solve(&model, 0.95, 1e-9).policy;
    let rhythms: Vec<String> = model.start().iter().map(|(start, _)| long_run(environment.as_ref(), &model, &optimal, *start).0).collect();
    assert_eq!(rhythms, ["ATCT", "CT"]);
    assert_eq!(environment.describe(model.start()[1].0, Language::English), "Families; last shown: Action, Action, Action");
}

#[test]
fn what_counts_decides_what_the_funnel_shows() {
    let environment = common::preset("funnel");
    let rhythm = |weights: [f64; 3]| {
        let model = Model::compile(environment.as_ref(), &weights);
        long_run(environment.as_ref(), &model, &planner::solve(&model, 0.9, 1e-9).policy, model.start()[0].0).0
    };
    assert_eq!(rhythm([1.0, 0.0, 0.0]), "ATCT");
    assert_eq!(rhythm([1.0, 1.0, 1.0]).len(), 3);
    assert_eq!(rhythm([1.0, 4.0, 20.0]), "AC");
}

#[test]
fn a_funnel_with_one_row_keeps_the_optimum_of_the_ratings() {
    let changes = [("reading", "funnel"), ("funnel", ".3,.4")];
    let model = compile(boredom().instance(&changes).unwrap().as_ref());
    let ratings = planner::solve(&common::model("boredom", &[]), 0.95, 1e-10);
    let clicks = planner::solve(&model, 0.95, 1e-10);
    let share = (1.0 + 0.3 + 0.12) / 5.0;
    for (click, rating) in clicks.values.iter().zip(&ratings.values) {
        close(*click, share * rating, 1e-8);
    }
}

#[test]
fn impossible_funnels_are_refused() {
    let refused = |changes: &[(&str, &str)]| boredom().instance(changes).err().unwrap();
    let boring = refused(&[("phi", "Hit:1,-2;Staple:.5,-.01"), ("reading", "funnel")]);
    assert_eq!(boring.key, "phi");
    assert!(boring.message(Language::English).contains("that of Hit reaches -"), "{boring}");
    assert_eq!(refused(&[("reading", "funnel"), ("funnel", ".3,.4;.3,.4")]).key, "funnel");
    assert_eq!(refused(&[("phi", "A:1;B:1;C:1;D:1;E:1;F:1;G:1;H:1;I:1;J:1"), ("memory", "6")]).key, "memory");
    assert_eq!(refused(&[("memory", "9")]).key, "memory");
    assert_eq!(refused(&[("phi", "Only:1")]).key, "phi");
}

#[test]
fn likings_of_categories_that_there_are_not_are_refused_unless_they_say_nothing() {
    let built = |segments| boredom().instance(&[("segments", segments)]);
    let fault = built("Families:.1,0,0,0,0;Thrill-seekers:.2,0,0,0,5").err().unwrap();
    let given = "segments = .2,0,0,0,5";
    assert_eq!(
        fault.message(Language::English),
        format!("{given}: row 2 has a liking of category 5, but there are only 4 categories; add the category, or set this number to 0")
    );
    assert_eq!(
        fault.message(Language::Chinese),
        format!("{given}：第 2 行写了对第 5 类的喜好，但品类只有 4 个；请添加品类，或将此数改为 0")
    );
    for segments in ["A:.1,.2,.3,.4", "A:.1,.2,.3,.4,0,0", "A:.1"] {
        assert!(built(segments).is_ok(), "{segments}");
    }
}

#[test]
fn a_customer_is_described_as_a_retailer_would() {
    let environment = boredom().instance(&[]).unwrap();
    let model = compile(environment.as_ref());
    let mut state = State(0);
    for category in [2, 1] {
        state = model.successors(model.pair(state, category)).next().unwrap().1;
    }
    assert_eq!(environment.describe(state, Language::English), "last shown: Comedy, Thriller, Action, Action, Action");
    assert_eq!(environment.describe(state, Language::Chinese), "最近展示：喜剧片、惊悚片、动作片、动作片、动作片");
}
