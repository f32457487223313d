//! `compare`: two experiments, pair by pair with the same seed.

use retailq::config::Position;
use retailq::invalid::Invalid;
use retailq::share::{Shared, to_link};
use retailq::study::compare::{Finding, Measure, Row};
use retailq::study::{self, Comparison};
use retailq::words::Language::English;
use serde_json::{Map, Value as Json, json};

use super::answer::Told;

pub fn compare(first: &Shared, second: &Shared, seeds: u32) -> Result<Json, Vec<Invalid>> {
    let single = |error: Invalid| vec![error];
    let (mut comparison, jobs) = Comparison::plan(&first.experiment, &second.experiment, seeds).map_err(single)?;
    for (index, outcome) in study::on_threads(jobs).into_iter().enumerate() {
        if let study::Outcome::Refused(errors) = outcome {
            return Err(errors);
        }
        comparison.take(index as u32, outcome);
    }
    let links = comparison.sides.each_ref().map(|side| format!("#{}", to_link(side, Position::default())));
    let differences = comparison
        .differences
        .iter()
        .map(|it| json!({ "key": it.key, "name": it.name.get(English), "values": it.values.each_ref().map(|value| value.get(English)) }));
    let measures = comparison.rows().into_iter().map(|row| (measure_key(row.measure).to_owned(), measure(&row)));
    let environment = comparison.sides[0].build().map_err(single)?;
    let told = Told::new(environment.as_ref());
    let decisions = comparison.disagreements(environment.as_ref()).map(|(found, of)| {
        let examples = found.iter().map(|it| {
            let actions = it.actions.map(|action| environment.action_text(action, English));
            json!({ "state": told.state(it.state), "actions": actions, "optimal": it.optimal })
        });
        json!({ "states": of, "different": found.len(), "examples": examples.collect::<Vec<_>>() })
    });
    let (verdict, better) = match comparison.finding() {
        Some(Finding::Better(side)) => ("better", Some(["first", "second"][side])),
        Some(Finding::BothOptimal) => ("both_optimal", None),
        Some(Finding::Same) => ("same", None),
        Some(Finding::Unclear) => ("unclear", None),
        Some(Finding::OnePair) => ("one_pair", None),
        Some(Finding::Apart) => ("different_problems", None),
        None => ("failed", None),
    };
    Ok(json!({
        "links": links,
        "differences": differences.collect::<Vec<_>>(),
        "seeds": comparison.pairs(),
        "same_problem": comparison.same_problem,
        "verdict": verdict,
        "better": better,
        "measures": measures.collect::<Map<String, Json>>(),
        "decisions": decisions,
        "faults": comparison.faults.iter().map(|fault| fault.get(English)).collect::<Vec<_>>(),
    }))
}

fn measure_key(measure: Measure) -> &'static str {
    match measure {
        Measure::Value => "greedy_value",
        Measure::Share => "share_of_optimum",
        Measure::Reach => "median_episodes_to_95_percent",
        Measure::Distance => "max_distance",
        Measure::Wrong => "states_not_optimal",
    }
}

fn measure(row: &Row) -> Json {
    let gap = row.difference.map(|gap| {
        // One pair has no interval.
        let end = |value: f64| value.is_finite().then_some(value);
        json!({ "mean": gap.mean, "interval_95_percent": [end(gap.low), end(gap.high)] })
    });
    json!({ "first": row.sides[0], "second": row.sides[1], "second_less_first": gap })
}
