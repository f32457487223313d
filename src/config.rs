//! Everything that determines a run, from raw text to checked value.
//!
//! An [`Experiment`] is a preset with changes: values of the scenario's parameters, of the learner's, and weights of the reward parts.
//! Links, files and forms all change it through [`Experiment::set`]; past [`Experiment::compile`] the engine cannot fail.

mod standard;

use std::sync::Arc;

use crate::agent::dqn::Dqn;
use crate::agent::dqn::saved::Saved;
use crate::agent::dqn::senses::{RAW_ENCODINGS, Senses};
pub use crate::agent::parameters::{applies, learner_parameters};
use crate::agent::{Algorithm, StepSize, algorithm};
use crate::environment::{Preset, SCENARIOS, Scenario, preset, scenario};
use crate::invalid::Invalid;
use crate::mdp::Environment;
use crate::model::Model;
use crate::order::sort;
use crate::parameter::{Group, Kind, Parameter, Value, Values};
use crate::planner::check_discount;
use crate::schedule::Schedule;
use crate::text::{alike, exact_number, nearest_names};
use crate::words::{Language, Words};

/// A value as it arrives: text from a link or a field, JSON from a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// The textual form.
    Text(String),
    /// A JSON value.
    Json(serde_json::Value),
}

impl Raw {
    fn read(&self, kind: &Kind, key: &str) -> Result<Value, Invalid> {
        match self {
            Raw::Text(text) => kind.parse(key, text),
            Raw::Json(json) => kind.from_json(key, json),
        }
    }

    /// The value as it arrived.
    pub fn show(&self) -> String {
        match self {
            Raw::Text(text) => text.clone(),
            Raw::Json(json) => json.to_string(),
        }
    }
}

/// A moment of a run: episodes completed, and steps taken in the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Episodes completed.
    pub episode: u32,
    /// Steps taken in the episode under way.
    pub step: u32,
}

/// A problem and how it is learned, every single value in range.
#[derive(Clone)]
pub struct Experiment {
    /// The model.
    pub scenario: &'static Scenario,
    /// The preset it started from.
    pub preset: &'static Preset,
    /// Values of the scenario's parameters.
    pub problem: Values,
    /// Values of [`learner_parameters`].
    pub learner: Values,
    /// Weights of reward parts, 1 where none is given.
    pub weights: Vec<(String, f64)>,
    /// A saved network that the run begins with; files hold it, links do not.
    pub network: Option<Arc<Saved>>,
}

/// How a run learns, typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Key of the learner.
    pub algorithm: String,
    /// Discount of the objective: what optimum and learner are measured by.
    pub discount: f64,
    /// Learning rate.
    pub alpha: Schedule,
    /// Discount the learner uses, which may rise towards that of the objective.
    pub gamma: Schedule,
    /// Chance of exploring.
    pub epsilon: Schedule,
    /// Value of every pair before learning.
    pub initial_value: f64,
    /// Planned number of episodes.
    pub episodes: u32,
    /// Steps after which an episode is cut.
    pub steps: u32,
    /// Seed of all streams.
    pub seed: u32,
    /// Values of all parameters of learning; each learner takes its own from them.
    pub options: Values,
    /// A saved network to begin with.
    pub network: Option<Arc<Saved>>,
}

impl Settings {
    /// The learning rate in an episode.
    pub fn step_size(&self, episode: u32) -> StepSize {
        match self.alpha {
            Schedule::Visits { exponent } => StepSize::Visits(exponent),
            schedule => StepSize::Rate(schedule.at(episode)),
        }
    }
}

/// A checked experiment, ready to run.
pub struct Setup {
    /// The problem.
    pub environment: Box<dyn Environment>,
    /// The problem, compiled.
    pub model: Model,
    /// How it is learned.
    pub settings: Settings,
}

/// Prefix of reward weights among the keys: `w.holding=2`.
pub const WEIGHT: &str = "w.";
/// Range of a weight.
pub const WEIGHTS: Kind = Kind::Number { min: -1e6, max: 1e6 };

impl Experiment {
    /// A preset as published.
    pub fn from_preset(scenario: &'static Scenario, preset: &'static Preset) -> Result<Self, Vec<Invalid>> {
        let defaults = |parameters: &[Parameter]| Values::defaults(parameters).map_err(|error| vec![error]);
        let mut experiment = Self {
            scenario,
            preset,
            problem: defaults(&(scenario.parameters)())?,
            learner: defaults(&learner_parameters())?,
            weights: Vec::new(),
            network: None,
        };
        let mut draft = for_every_learner(preset.draft);
        if let Some(index) = draft.iter().position(|(key, _)| key == "algorithm") {
            // A preset of another learner than the first builds on that learner's schedules.
            let (_, raw) = draft.remove(index);
            let key = raw.show();
            draft.splice(0..0, for_learner(preset, &key));
            experiment.learner.set("algorithm", Value::Choice(key)).map_err(|error| vec![error])?;
        }
        experiment.apply(&draft)?;
        Ok(experiment)
    }

    /// The preset shown first.
    pub fn first() -> Result<Self, Vec<Invalid>> {
        Self::from_draft(Some("puterman"), None, &[])
    }

    /// A preset, or the first of a scenario, with changes. Every error is reported, not only the first.
    pub fn from_draft(preset_key: Option<&str>, scenario_key: Option<&str>, draft: &[(String, Raw)]) -> Result<Self, Vec<Invalid>> {
        let (scenario, preset) = find(preset_key, scenario_key).map_err(|error| vec![error])?;
        let mut experiment = Self::from_preset(scenario, preset)?;
        experiment.apply(draft)?;
        Ok(experiment)
    }

    /// Makes all changes, and reports every one that was refused.
    fn apply(&mut self, draft: &[(String, Raw)]) -> Result<(), Vec<Invalid>> {
        // First the algorithm, whose schedules the others may change; then the discount, which gamma follows unless it is set too.
        let rank = |key: &str| ["algorithm", "discount"].iter().position(|first| *first == key).unwrap_or(2);
        let mut ordered: Vec<_> = draft.iter().collect();
        sort(&mut ordered, |a, b| rank(&a.0).cmp(&rank(&b.0)));
        let errors: Vec<Invalid> = ordered.into_iter().filter_map(|(key, raw)| self.set(key, raw).err()).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Changes one value: a parameter of the problem, of the learner, or a reward weight (`w.part`).
    pub fn set(&mut self, key: &str, raw: &Raw) -> Result<(), Invalid> {
        if let Some(part) = key.strip_prefix(WEIGHT) {
            let Value::Number(weight) = raw.read(&WEIGHTS, key)? else { return Ok(()) };
            // In the order of their names, so that the same experiment has but one link.
            let place = self.weights.partition_point(|(name, _)| name.as_str() < part);
            match self.weights.get_mut(place).filter(|(name, _)| name == part) {
                Some((_, known)) => *known = weight,
                None => self.weights.insert(place, (part.to_owned(), weight)),
            }
            return Ok(());
        }
        let parameter = self.parameters().into_iter().find(|parameter| parameter.key == key);
        let parameter = parameter.ok_or_else(|| self.unknown(key, raw))?;
        let value = raw.read(&parameter.kind, key)?;
        match (key, &value) {
            ("discount", discount) => self.let_gamma_follow(discount)?,
            ("algorithm", Value::Choice(algorithm)) => self.let_schedules_follow(algorithm)?,
            _ => {}
        }
        let values = if parameter.group == Group::Learner { &mut self.learner } else { &mut self.problem };
        values.set(key, value)
    }

    /// Every parameter: the scenario's, then the learner's.
    pub fn parameters(&self) -> Vec<Parameter> {
        (self.scenario.parameters)().into_iter().chain(learner_parameters()).collect()
    }

    /// The value of a parameter of the problem or the learner.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.problem.get(key).or_else(|_| self.learner.get(key)).ok()
    }

    /// Builds the problem without compiling it: quick, and finds what single ranges cannot.
    pub fn build(&self) -> Result<Box<dyn Environment>, Invalid> {
        let environment = (self.scenario.build)(&self.problem)?;
        let parts = environment.reward_parts();
        for (name, weight) in &self.weights {
            if !parts.iter().any(|part| part.key == name) {
                let known = parts.iter().map(|part| format!("{WEIGHT}{}", part.key)).collect::<Vec<_>>().join(", ");
                let fault = phrase!("no such reward part; there are {known}", "没有这个奖励分量；可用的有 {known}");
                return Err(Invalid::new(format!("{WEIGHT}{name}"), exact_number(*weight), fault));
            }
        }
        Ok(environment)
    }

    /// Whether an option of a choice has a meaning here: pictures and words are to be seen in some problems only.
    pub fn offers(&self, option: &str) -> bool {
        !RAW_ENCODINGS.contains(&option) || self.build().is_ok_and(|environment| Senses::new(environment.as_ref(), option).is_ok())
    }

    /// Weight of a reward part.
    pub fn weight(&self, part: &str) -> f64 {
        self.weights.iter().find(|(name, _)| name == part).map_or(1.0, |(_, weight)| *weight)
    }

    /// Weight of each reward part of a problem.
    pub fn part_weights(&self, environment: &dyn Environment) -> Vec<f64> {
        environment.reward_parts().iter().map(|part| self.weight(part.key)).collect()
    }

    /// Checks all that can be checked before the problem is compiled.
    pub fn check(&self) -> Result<(Settings, Box<dyn Environment>), Invalid> {
        let settings = self.settings()?;
        let environment = self.build()?;
        if let Some(algorithm) = algorithm(&settings.algorithm) {
            (algorithm.check)(environment.as_ref(), &settings.options, settings.network.as_deref())?;
        }
        Ok((settings, environment))
    }

    /// Checks and compiles everything.
    pub fn compile(&self) -> Result<Setup, Invalid> {
        let (settings, environment) = self.check()?;
        let model = Model::compile(environment.as_ref(), &self.part_weights(environment.as_ref()));
        check_discount(&model, settings.discount)?;
        Ok(Setup { environment, model, settings })
    }

    /// The learner's values, typed.
    pub fn settings(&self) -> Result<Settings, Invalid> {
        let learner = &self.learner;
        let (chosen, alpha) = (learner.choice("algorithm")?, learner.schedule("alpha")?);
        if matches!(alpha, Schedule::Visits { .. }) && !algorithm(chosen).is_some_and(Algorithm::is_table) {
            let fault = words!(
                "only a table counts visits; a network learns at a constant, linear or exponential rate",
                "只有表格记录访问次数；网络的学习率应为常数、线性或指数"
            );
            return Err(Invalid::new("alpha", "", fault));
        }
        if self.network.is_some() && chosen != Dqn::ALGORITHM.key {
            return Err(Invalid::new(
                "network",
                chosen,
                words!("only a deep Q-network begins with saved weights", "只有深度 Q 网络能从保存的权重开始"),
            ));
        }
        Ok(Settings {
            algorithm: chosen.to_owned(),
            discount: learner.number("discount")?,
            alpha,
            gamma: learner.schedule("gamma")?,
            epsilon: learner.schedule("epsilon")?,
            initial_value: learner.number("q0")?,
            episodes: learner.number("episodes")? as u32,
            steps: learner.number("steps")? as u32,
            seed: learner.number("seed")? as u32,
            options: learner.clone(),
            network: self.network.clone(),
        })
    }

    fn unknown(&self, key: &str, raw: &Raw) -> Invalid {
        let known = self.parameters().into_iter().map(|parameter| parameter.key);
        let fault = match key.starts_with("utm_") {
            true => words!("says nothing about an experiment; leave it out", "与实验无关，请删去"),
            false => no_such(&words!("parameter", "参数"), key, known),
        };
        Invalid::new(key, raw.show(), fault)
    }
}

fn read_draft(draft: &str) -> Vec<(String, Raw)> {
    let entries = draft.split('&').filter_map(|entry| entry.split_once('='));
    entries.map(|(key, text)| (key.to_owned(), Raw::Text(text.to_owned()))).collect()
}

/// The entries of a preset's draft that hold whoever learns.
fn for_every_learner(draft: &str) -> Vec<(String, Raw)> {
    let is_for_one = |key: &str| key.split_once('.').is_some_and(|(owner, _)| algorithm(owner).is_some());
    read_draft(draft).into_iter().filter(|(key, _)| !is_for_one(key)).collect()
}

/// What a learner makes of a preset: its own schedules, then the entries that the preset has for it, written `dqn.episodes=2000`.
fn for_learner(preset: &Preset, key: &str) -> Vec<(String, Raw)> {
    let own = |(name, raw): (String, Raw)| Some((name.strip_prefix(key)?.strip_prefix('.')?.to_owned(), raw));
    let schedules = read_draft(algorithm(key).map_or("", |algorithm| algorithm.draft));
    let own: Vec<_> = read_draft(preset.draft).into_iter().filter_map(own).collect();
    // The preset's entries stand in place of the learner's.
    let kept = schedules.into_iter().filter(|(name, _)| !own.iter().any(|(other, _)| other == name)).collect::<Vec<_>>();
    kept.into_iter().chain(own).collect()
}

fn find(preset_key: Option<&str>, scenario_key: Option<&str>) -> Result<(&'static Scenario, &'static Preset), Invalid> {
    if let Some(key) = preset_key {
        let known = SCENARIOS.iter().flat_map(|scenario| scenario.presets).map(|preset| preset.key);
        return preset(key).ok_or_else(|| {
            let of_scenario = scenario(key).map(|scenario| scenario.presets.iter().map(|preset| preset.key).collect::<Vec<_>>().join(", "));
            let fault = match of_scenario {
                Some(presets) => phrase!("is a scenario; its presets are {presets}", "是情景名；它的预设有 {presets}"),
                None => no_such(&words!("preset", "预设"), key, known),
            };
            Invalid::new("preset", key, fault)
        });
    }
    let key = scenario_key.unwrap_or_default();
    let known = || SCENARIOS.iter().map(|scenario| scenario.key);
    let unknown = || Invalid::new("scenario", key, no_such(&words!("scenario", "情景"), key, known()));
    let scenario = scenario(key).ok_or_else(unknown)?;
    Ok((scenario, scenario.presets.first().ok_or_else(unknown)?))
}

/// Of more names than these only a few are listed: anybody reads the parameters of a problem, nobody the presets of all.
const MOST_LISTED: usize = 40;
const SOME_LISTED: usize = 5;

/// That there is no such thing, and what may have been meant.
fn no_such(kind: &Words, name: &str, known: impl Iterator<Item = &'static str>) -> Words {
    let (en, zh) = (kind.get(Language::English), kind.get(Language::Chinese));
    let known: Vec<&str> = known.collect();
    let meant: Vec<&str> = known.iter().copied().filter(|known| alike(known, name)).take(1).collect();
    let meant = if meant.is_empty() { nearest_names(&known, name) } else { meant };
    let count = known.len();
    if !meant.is_empty() {
        let meant = meant.join(", ");
        phrase!("no such {en}; perhaps {meant}", "没有这个{zh}；或许是 {meant}")
    } else if count > MOST_LISTED {
        let some = known[..SOME_LISTED].join(", ");
        phrase!("no such {en}; there are {count}, such as {some}", "没有这个{zh}；共有 {count} 个，例如 {some}")
    } else {
        phrase!("no such {en}; there are {}", "没有这个{zh}；可用的有 {}", known.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn changed(changes: &[(&str, &str)]) -> Result<Experiment, Vec<Invalid>> {
        let draft: Vec<_> = changes.iter().map(|(key, text)| ((*key).to_owned(), Raw::Text((*text).to_owned()))).collect();
        Experiment::from_draft(Some("puterman"), None, &draft)
    }

    #[test]
    fn every_preset_is_valid() {
        for scenario in SCENARIOS {
            for preset in scenario.presets {
                let experiment = Experiment::from_preset(scenario, preset).unwrap_or_else(|errors| panic!("{}: {errors:?}", preset.key));
                experiment.build().unwrap_or_else(|error| panic!("{}: {error}", preset.key));
                assert!(experiment.changes().is_empty(), "{}", preset.key);
            }
        }
    }

    #[test]
    fn no_learner_shares_a_key_with_a_problem() {
        for scenario in SCENARIOS {
            let mut keys: Vec<_> = (scenario.parameters)().iter().chain(&learner_parameters()).map(|parameter| parameter.key).collect();
            keys.sort_unstable();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{}", scenario.key);
        }
        assert!(applies("alpha", "dqn") && applies("hidden", "dqn") && !applies("hidden", "q_learning"));
    }

    #[test]
    fn raw_encodings_are_offered_where_there_is_something_to_see() {
        let offers = |preset: &str, option: &str| Experiment::from_draft(Some(preset), None, &[]).unwrap().offers(option);
        assert!(offers("clarify", "text") && offers("troubleshoot", "text") && offers("zipkin_l1_p4", "pixels"));
        assert!(!offers("clarify", "pixels") && !offers("tiger", "text") && !offers("zipkin_l2_p4", "pixels"));
        assert!(offers("puterman", "one_hot") && !offers("puterman", "text"));
    }

    #[test]
    fn a_preset_has_entries_of_its_own_for_a_learner() {
        let episodes = |learner: &str| {
            let draft = [("algorithm".to_owned(), Raw::Text(learner.to_owned()))];
            Experiment::from_draft(Some("troubleshoot"), None, &draft).unwrap().settings().unwrap().episodes
        };
        assert_eq!((episodes("q_learning"), episodes("dqn")), (300_000, 20_000));
    }

    #[test]
    fn all_errors_are_named_at_once() {
        let errors = changed(&[("capacity", "-1"), ("colour", "red"), ("epsilon", "7")]).err().unwrap();
        assert_eq!(errors.iter().map(|error| error.key.as_str()).collect::<Vec<_>>(), ["capacity", "colour", "epsilon"]);
        assert!(changed(&[("w.postage", "2")]).unwrap().build().is_err());
    }
}
