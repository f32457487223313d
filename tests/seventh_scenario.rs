//! A seventh scenario in one file: everything else, from the form's values to the trained policy, follows from it.
//!
//! A baker sells the last loaves of the day: at full price, 4, each hour sells one with chance .4, at half price for sure; what is left
//! at closing time is worth nothing. Worked out by hand: with one loaf and one hour left, full price is worth .4 x 4 = 1.6, half price 2.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::rc::Rc;

use retailq::config::Experiment;
use retailq::environment::{Preset, Problem, Scenario, shared::space::Space};
use retailq::evaluate::{Yardstick, measure_baseline};
use retailq::invalid::Invalid;
use retailq::mdp::{Action, Baseline, Environment, Factor, Levels, Outcome, RewardPart, Rule, State};
use retailq::parameter::{Group, Kind, Parameter, Values};
use retailq::trainer::{Limit, Trainer};
use retailq::words::{Language, Words};
use retailq::{phrase, words};

static SCENARIO: Scenario = Scenario {
    key: "baker",
    problem: Problem::Pricing,
    name: words!("Last loaves", "最后几个面包"),
    summary: words!("When to mark down the last loaves of the day.", "一天最后几个面包何时降价。"),
    source: retailq::words!("an example", "例子"),
    parameters,
    presets: &[Preset {
        key: "baker",
        name: words!("The corner bakery", "街角面包店"),
        claim: words!("Wait while there is time, then halve the price", "时间够就等，最后再半价"),
        source: None,
        printed: None,
        draft: "discount=1&episodes=4000&steps=10&alpha=visits:.7&epsilon=lin:1:.1:3000",
    }],
    build,
};

fn parameters() -> Vec<Parameter> {
    let whole = |key, name, default| Parameter {
        key,
        name,
        help: words!("More is more to sell.", "越多可卖的越多。"),
        unit: Words::NONE,
        group: Group::State,
        kind: Kind::Integer { min: 1, max: 20 },
        default,
    };
    vec![whole("loaves", words!("Loaves", "面包数"), "2"), whole("hours", words!("Hours", "小时数"), "3")]
}

fn build(values: &Values) -> Result<Box<dyn Environment>, Invalid> {
    let (loaves, hours) = (values.integer("loaves")? as u32, values.integer("hours")? as u32);
    Ok(Box::new(Bakery { loaves, hours, space: Space::new(vec![loaves + 1, hours + 1]) }))
}

struct Bakery {
    loaves: u32,
    hours: u32,
    space: Space,
}

impl Environment for Bakery {
    fn factors(&self) -> Vec<Factor> {
        let factor = |key, name, max: u32| Factor { key, name, unit: Words::NONE, levels: Levels::Integers { min: 0, max: max as i32 } };
        vec![factor("loaves", words!("loaves", "面包"), self.loaves), factor("hours", words!("hours left", "剩余小时"), self.hours)]
    }

    fn state_count(&self) -> u32 {
        self.space.count()
    }

    fn levels(&self, state: State) -> Vec<u32> {
        self.space.levels(state)
    }

    fn action_count(&self) -> u32 {
        2
    }

    fn action_name(&self, action: Action) -> Words {
        if action.0 == 0 { words!("full price", "原价") } else { words!("half price", "半价") }
    }

    fn available(&self, state: State, actions: &mut Vec<Action>) {
        if !self.levels(state).contains(&0) {
            actions.extend([Action(0), Action(1)]);
        }
    }

    fn outcomes(&self, state: State, action: Action, outcomes: &mut Vec<Outcome>) {
        let [loaves, hours] = self.levels(state)[..] else { return };
        let (sold, kept) = (self.space.state(&[loaves - 1, hours - 1]), self.space.state(&[loaves, hours - 1]));
        let (chance, price) = if action.0 == 0 { (0.4, 4.0) } else { (1.0, 2.0) };
        outcomes.extend([Outcome::new(chance, sold, [price]), Outcome::new(1.0 - chance, kept, [0.0])]);
    }

    fn reward_parts(&self) -> Vec<RewardPart> {
        vec![RewardPart { key: "revenue", name: words!("revenue", "收入") }]
    }

    fn start(&self) -> Vec<(State, f64)> {
        vec![(self.space.state(&[self.loaves, self.hours]), 1.0)]
    }

    fn baselines(&self) -> Vec<Baseline> {
        let always = |action: u32| Rule { label: phrase!("{action}", "{action}"), choose: Box::new(move |_| Action(action)), nearby: None };
        vec![Baseline { key: "one_price", name: words!("one price", "固定价"), rules: vec![always(0), always(1)] }]
    }
}

#[test]
fn a_scenario_of_one_file_is_solved_measured_and_learned() {
    let experiment = Experiment::from_preset(&SCENARIO, &SCENARIO.presets[0]).unwrap_or_else(|errors| panic!("{errors:?}"));
    let setup = Rc::new(experiment.compile().unwrap());
    let yardstick = Rc::new(Yardstick::new(&setup));
    // By hand, with one loaf and 1, 2 hours left: 2, 2.8; with two loaves and 1, 2, 3 hours: 2, 4, .4 (4 + 2.8) + .6 x 4 = 5.12.
    assert!((yardstick.value - 5.12).abs() < 1e-9, "{}", yardstick.value);
    // Full price all day sells .432 x 1 + .352 x 2 loaves, half price two.
    let one_price = measure_baseline(&setup, 0).unwrap();
    assert!((one_price.value - 4.0 * 1.136).abs() < 1e-9, "{}", one_price.value);
    let mut trainer = Trainer::new(Rc::clone(&setup), yardstick).unwrap();
    trainer.advance(Limit { steps: u64::MAX, episode: setup.settings.episodes });
    assert!(trainer.measure().share > 0.999);
    assert_eq!(setup.environment.describe(State(0), Language::English), "loaves 0, hours left 0");
}
