//! `retailq evaluate`: the verdict as JSON.

use std::rc::Rc;

use retailq::evaluate::{Baselines, Yardstick};
use retailq::invalid::Invalid;
use retailq::mdp::{Action, Environment, State};
use retailq::rollout::Player;
use retailq::sample::Estimate;
use retailq::share::Shared;
use retailq::verdict::{Report, Standing, Verdict};
use retailq::words::Language::English;
use serde_json::{Value as Json, json};

use super::answer::{compile, head};
use super::train::trained;

/// Most rules of a family that are listed.
const MOST_RULES: usize = 60;

/// Trains the learner, then measures it and its rivals.
pub fn evaluate(shared: &Shared, episodes: u32) -> Result<Json, Vec<Invalid>> {
    let setup = Rc::new(compile(shared)?);
    let yardstick = Rc::new(Yardstick::new(&setup));
    let trainer = trained(&setup, &yardstick, shared.position)?;
    let mut baselines = Baselines::new(Rc::clone(&setup));
    let mut verdict = Verdict::new(Rc::clone(&setup), Rc::clone(&yardstick), trainer.greedy());
    while !verdict.report(episodes).is_done() {
        verdict.advance(&mut baselines, episodes, u64::MAX / 2);
    }
    let verdict = verdict.report(episodes);
    let families = setup.environment.baselines().into_iter().enumerate();
    let measured = families.filter_map(|(index, family)| {
        let measured = baselines.get(index)?;
        let rules = family.rules.iter().zip(&measured.listed).take(MOST_RULES);
        let rules: Vec<Json> = rules.map(|(rule, value)| json!({ "rule": rule.label.get(English), "value": value })).collect();
        let (name, share) = (measured.name.get(English), yardstick.share(measured.value));
        Some(json!({ "key": family.key, "name": name, "value": measured.value, "share": share, "rules": rules }))
    });
    let checkup = trainer.measure();
    let mut report = head(shared, &setup);
    report.extend([
        ("value".to_owned(), json!(yardstick.value)),
        ("myopic".to_owned(), json!(yardstick.myopic)),
        ("random".to_owned(), json!(yardstick.random)),
        ("baselines".to_owned(), json!(measured.collect::<Vec<_>>())),
        (
            "learner".to_owned(),
            json!({
                "episodes": trainer.position().episode,
                "fingerprint": format!("{:016x}", trainer.fingerprint()),
                "value": checkup.value,
                "share": checkup.share,
            }),
        ),
        ("simulated".to_owned(), simulated(&verdict)),
        ("mistakes".to_owned(), mistakes(setup.environment.as_ref(), &verdict)),
    ]);
    Ok(Json::Object(report))
}

fn simulated(verdict: &Report) -> Json {
    let estimate = |estimate: &Estimate| {
        let (low, high) = estimate.interval();
        json!({ "mean": estimate.mean, "standard_error": estimate.error, "low": low, "high": high })
    };
    let policy = |standing: &Standing| {
        let name = match standing.player {
            Player::Learner => "learner",
            Player::Optimum => "optimum",
            Player::Baseline(_) => standing.name.as_ref().map_or("", |name| name.get(English)),
            Player::Myopic => "myopic",
            Player::Random => "random",
        };
        json!({
            "policy": name,
            "exact": standing.exact,
            "earned": estimate(&standing.earned),
            "more_than_learner": estimate(&standing.ahead),
        })
    };
    json!({
        "episodes": verdict.episodes,
        "steps": verdict.steps,
        "interval": "95 %, Student's t; differences are paired, episode by episode, on the same customers",
        "policies": verdict.standings.iter().map(policy).collect::<Vec<_>>(),
    })
}

fn mistakes(environment: &dyn Environment, verdict: &Report) -> Json {
    let Some(mistakes) = &verdict.mistakes else { return Json::Null };
    let name = |action: u32| environment.action_text(Action(action), English);
    let worst = mistakes.worst.iter().map(|mistake| {
        json!({
            "state": mistake.state,
            "label": environment.describe(State(mistake.state), English),
            "learner": name(mistake.taken),
            "optimum": name(mistake.best),
            "loss": mistake.loss,
            "share_of_time": mistake.share,
            "cost": mistake.cost,
        })
    });
    json!({
        "states": mistakes.wrong,
        "unreached": mistakes.unreached,
        "cost": mistakes.cost,
        "worst": worst.collect::<Vec<_>>(),
    })
}
