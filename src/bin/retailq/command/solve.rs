//! `solve`: the exact optimum and the whole policy.

use std::time::Instant;

use retailq::config::Setup;
use retailq::evaluate::Yardstick;
use retailq::invalid::Invalid;
use retailq::mdp::State;
use retailq::planner::average_reward;
use retailq::share::Shared;
use retailq::words::Language::English;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json, json};

use super::answer::{Told, compile, head, print};

/// Larger problems are not worth the wait for their average reward.
const MOST_OUTCOMES_FOR_AVERAGE: usize = 10_000_000;

pub fn solve(shared: &Shared, compact: bool) -> Result<(), Vec<Invalid>> {
    let begin = Instant::now();
    let setup = compile(shared)?;
    let compiled = begin.elapsed().as_secs_f64();
    let yardstick = Yardstick::new(&setup);
    let solved = begin.elapsed().as_secs_f64();
    let model = &setup.model;
    let average = (model.outcome_count() <= MOST_OUTCOMES_FOR_AVERAGE).then(|| average_reward(model, None, 1e-10)).flatten();
    let told = Told::new(setup.environment.as_ref());
    let start: Vec<Json> = model.start().iter().map(|(state, p)| json!({ "state": told.state(*state), "probability": p })).collect();
    let mut report = head(shared, &setup);
    report.extend([
        ("value".to_owned(), json!(yardstick.value)),
        ("error_bound".to_owned(), json!(yardstick.optimum.error_bound)),
        ("average_reward".to_owned(), json!(average.map(|average| average.gain))),
        ("myopic".to_owned(), json!(yardstick.myopic)),
        ("random".to_owned(), json!(yardstick.random)),
        ("seconds".to_owned(), json!({ "compile": compiled, "solve": solved - compiled })),
        ("start".to_owned(), json!(start)),
    ]);
    print(&Solved { report, told, setup: &setup, yardstick: &yardstick }, compact)
}

/// The answer of `solve`: a report, and the policy state by state.
struct Solved<'a> {
    report: Map<String, Json>,
    told: Told<'a>,
    setup: &'a Setup,
    yardstick: &'a Yardstick,
}

impl Serialize for Solved<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.report {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry("policy", &Decisions(self))?;
        map.end()
    }
}

/// What to do in each state that does not end the episode.
struct Decisions<'a>(&'a Solved<'a>);

impl Serialize for Decisions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let model = &self.0.setup.model;
        let states = (0..model.states()).map(State).filter(|state| !model.is_terminal(*state));
        serializer.collect_seq(states.map(|state| decision(self.0, state)))
    }
}

fn decision(solved: &Solved, state: State) -> Json {
    let Solved { told, setup, yardstick, .. } = solved;
    let (environment, model) = (setup.environment.as_ref(), &setup.model);
    let slot = yardstick.optimum.policy[state.index()];
    let action = model.action(state, slot);
    let name = |slot| environment.action_text(model.action(state, slot), English);
    let values =
        (0..model.slots(state)).map(|slot| json!({ "action": name(slot), "value": yardstick.action_values[model.pair(state, slot)] }));
    json!({
        "state": told.state(state),
        "label": environment.describe(state, English),
        "value": yardstick.optimum.values[state.index()],
        "action": name(slot),
        "action_index": action.0,
        "action_values": values.collect::<Vec<_>>(),
    })
}
