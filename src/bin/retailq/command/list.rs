//! What there is to solve, and all that can be set.

use retailq::config::{Experiment, learner_parameters};
use retailq::environment::{Preset, SCENARIOS, Scenario, preset, scenario};
use retailq::invalid::Invalid;
use retailq::mdp::Action;
use retailq::parameter::{Column, Kind, Parameter, Value};
use retailq::words::{Language::English, Words};
use serde_json::{Value as Json, json};

use super::answer::level_value;

/// Most names of levels and actions where all scenarios are listed.
const MOST_NAMES: u32 = 40;

/// Scenarios, or one by its key or that of a preset, with everything a file can set.
pub fn list(key: &str) -> Result<Json, Vec<Invalid>> {
    let named: Vec<(&Scenario, &Preset)> = match (preset(key), scenario(key)) {
        (Some(named), _) => vec![named],
        (None, Some(scenario)) => scenario.presets.first().map(|preset| (scenario, preset)).into_iter().collect(),
        _ if key.is_empty() => SCENARIOS.iter().filter_map(|scenario| Some((*scenario, scenario.presets.first()?))).collect(),
        _ => Vec::new(),
    };
    if named.is_empty() {
        let known = SCENARIOS.iter().map(|scenario| scenario.key).collect::<Vec<_>>().join(", ");
        let fault = retailq::phrase!("no such scenario or preset; there are {known}", "没有这个情景或预设；可用的有 {known}");
        return Err(vec![Invalid::new("scenario", key, fault)]);
    }
    // `solve` tells actions by their place among those of a preset.
    let most = if key.is_empty() { MOST_NAMES } else { u32::MAX };
    let catalogues = named.into_iter().map(|(scenario, preset)| catalogue(scenario, preset, most)).collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "scenarios": catalogues }))
}

/// Everything about a scenario, with the values of one of its presets, and of each factor and the actions at most so many names.
fn catalogue(scenario: &'static Scenario, preset: &'static Preset, most: u32) -> Result<Json, Vec<Invalid>> {
    let experiment = Experiment::from_preset(scenario, preset)?;
    let environment = experiment.build().map_err(|error| vec![error])?;
    let declared = |parameter: &Parameter| declaration(parameter, experiment.value(parameter.key).map(Value::to_text).as_deref());
    let factors = environment.factors().into_iter().map(|factor| {
        let count = factor.levels.count();
        let levels: Vec<Json> = (0..count.min(most)).map(|level| level_value(&factor.levels, level)).collect();
        json!({ "key": factor.key, "name": factor.name.get(English), "unit": factor.unit.get(English), "count": count, "levels": levels })
    });
    let actions = (0..environment.action_count().min(most)).map(|action| environment.action_text(Action(action), English));
    let (factors, actions): (Vec<_>, Vec<_>) = (factors.collect(), actions.collect());
    let presets = scenario.presets.iter().map(|preset| {
        let english = |words: &Option<Words>| words.as_ref().map(|words| words.get(English).to_owned());
        json!({
            "preset": preset.key,
            "name": preset.name.get(English),
            "claim": preset.claim.get(English),
            "source": english(&preset.source),
            "printed": english(&preset.printed),
            "changes": preset.draft,
        })
    });
    let parts = environment.reward_parts().into_iter().map(|part| json!({ "key": part.key, "name": part.name.get(English) }));
    Ok(json!({
        "scenario": scenario.key,
        "problem": scenario.problem.name().get(English),
        "name": scenario.name.get(English),
        "source": scenario.source.get(English),
        "presets": presets.collect::<Vec<_>>(),
        "shown_preset": preset.key,
        "parameters": (scenario.parameters)().iter().map(declared).collect::<Vec<_>>(),
        "weights": parts.collect::<Vec<_>>(),
        "learner": learner_parameters().iter().map(declared).collect::<Vec<_>>(),
        "state_factors": factors,
        "action_count": environment.action_count(),
        "actions": actions,
    }))
}

fn declaration(parameter: &Parameter, value: Option<&str>) -> Json {
    let mut fields = json!({
        "key": parameter.key,
        "name": parameter.name.get(English),
        "meaning": parameter.help.get(English),
        "unit": parameter.unit.get(English),
        "allowed": parameter.kind.expected().get(English),
        "default": parameter.default,
        "value": value,
    });
    if let (Kind::Table { columns, .. }, Json::Object(fields)) = (&parameter.kind, &mut fields) {
        let column = |column: &Column| json!({ "name": column.name.get(English), "min": column.min, "max": column.max });
        fields.insert("columns".to_owned(), columns.iter().map(column).collect());
    }
    fields
}
