//! `train`: the run of a link, with one seed or several.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use retailq::agent::dqn::{Dqn, saved::Saved};
use retailq::agent::{Algorithm, algorithm};
use retailq::config::{Experiment, Position, Setup};
use retailq::evaluate::Yardstick;
use retailq::invalid::Invalid;
use retailq::share::{Shared, to_file};
use retailq::study::seeds::reseeded;
use retailq::trainer::{Limit, Trainer};
use serde_json::{Value as Json, json};

use super::answer::{compile, head};
use super::arguments::Options;
use super::save;

pub fn train(shared: &Shared, options: &Options) -> Result<Json, Vec<Invalid>> {
    let setup = compile(shared)?;
    if let Some(path) = &options.save {
        check_save(path, &setup)?;
    }
    let yardstick = Rc::new(Yardstick::new(&setup));
    let mut report = head(shared, &setup);
    // Large problems are not kept twice.
    drop(setup);
    let (mut runs, mut trained) = (Vec::new(), None);
    for offset in 0..options.seeds {
        let compiled = reseeded(&shared.experiment, offset).and_then(|experiment| experiment.compile());
        let setup = Rc::new(compiled.map_err(|error| vec![error])?);
        let (run, network) = train_once(&setup, &yardstick, shared.position)?;
        runs.push(run);
        trained = network;
    }
    if let Some(path) = &options.save {
        save_network(path, shared, trained)?;
    }
    let gap = |run: &Json| run["gap_percent"].as_f64().unwrap_or(f64::NAN);
    let mean = runs.iter().map(gap).sum::<f64>() / runs.len() as f64;
    report.extend([("optimum".to_owned(), json!(yardstick.value)), ("random".to_owned(), json!(yardstick.random))]);
    match (runs.len(), runs.pop()) {
        (1, Some(Json::Object(run))) => report.extend(run),
        (_, last) => {
            runs.extend(last);
            report.extend([("mean_gap_percent".to_owned(), json!(mean)), ("runs".to_owned(), json!(runs))]);
        }
    }
    Ok(Json::Object(report))
}

fn train_once(setup: &Rc<Setup>, yardstick: &Rc<Yardstick>, position: Position) -> Result<(Json, Option<Saved>), Vec<Invalid>> {
    let begin = Instant::now();
    let trainer = trained(setup, yardstick, position)?;
    let seconds = begin.elapsed().as_secs_f64();
    let checkup = trainer.measure();
    let report = json!({
        "seed": setup.settings.seed,
        "fingerprint": format!("{:016x}", trainer.fingerprint()),
        "episodes": trainer.position().episode,
        "steps": trainer.steps(),
        "greedy_value": checkup.value,
        "gap_percent": 100.0 * (1.0 - checkup.share),
        "max_distance": checkup.distance,
        "states_not_optimal": checkup.wrong,
        "diverged": trainer.network().is_some_and(Dqn::diverged),
        "seconds": seconds,
        "steps_per_second": trainer.steps() as f64 / seconds,
    });
    Ok((report, trainer.network().map(Dqn::saved)))
}

/// The run at a position; at the beginning nothing is learned, so then at its planned end.
pub fn trained(setup: &Rc<Setup>, yardstick: &Rc<Yardstick>, position: Position) -> Result<Trainer, Vec<Invalid>> {
    let mut trainer = Trainer::new(Rc::clone(setup), Rc::clone(yardstick)).map_err(|error| vec![error])?;
    let target = if position == Position::default() { Position { episode: setup.settings.episodes, step: 0 } } else { position };
    trainer.advance(Limit { steps: u64::MAX, episode: target.episode });
    let steps = trainer.steps() + u64::from(target.step);
    trainer.advance(Limit { steps, episode: target.episode + 1 });
    Ok(trainer)
}

/// Refuses before any training what could not be saved after it.
fn check_save(path: &str, setup: &Setup) -> Result<(), Vec<Invalid>> {
    if algorithm(&setup.settings.algorithm).is_none_or(Algorithm::is_table) {
        let fault = retailq::words!("only a deep Q-network can be saved", "只有深度 Q 网络可以保存");
        return Err(vec![Invalid::new("save", path, fault)]);
    }
    save::check(path).map_err(|error| unwritable(path, &error))
}

/// Writes the experiment with its trained network; a run of it begins at the beginning.
fn save_network(path: &str, shared: &Shared, network: Option<Saved>) -> Result<(), Vec<Invalid>> {
    let experiment = Experiment { network: network.map(Arc::new), ..shared.experiment.clone() };
    save::write(path, &to_file(&experiment, Position::default())).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &str, error: &std::io::Error) -> Vec<Invalid> {
    vec![Invalid::new("save", format!("{path}: {error}"), retailq::words!("cannot be written", "无法写入"))]
}
