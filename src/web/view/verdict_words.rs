//! The verdict as a sentence that is read from the numbers, whichever way they fall.

use leptos::prelude::*;

use super::super::i18n::{fill, t};
use super::super::store::Store;
use crate::agent::{Algorithm, algorithm};
use crate::chart::{figure, whole};
use crate::verdict::{Estimate, Player, Report, Standing};

/// The learner's rule.
pub fn rule(store: Store) -> Option<&'static Algorithm> {
    store.experiment.with(|running| algorithm(running.as_ref()?.experiment.learner.choice("algorithm").ok()?))
}

/// Name of the learner's rule.
pub fn learner_name(store: Store) -> String {
    rule(store).map_or_else(String::new, |algorithm| algorithm.name.get(store.language.get()).to_owned())
}

/// Name of a policy.
pub fn player_name(store: Store, standing: &Standing) -> String {
    match standing.player {
        Player::Learner => fill(store, "view.verdict.learner", &[("learner", &learner_name(store))]),
        Player::Optimum => t(store, "view.yardstick.optimum").to_owned(),
        Player::Myopic => t(store, "view.yardstick.myopic").to_owned(),
        Player::Random => t(store, "view.yardstick.random").to_owned(),
        Player::Baseline(_) => standing.name.as_ref().map_or_else(String::new, |name| name.get(store.language.get()).to_owned()),
    }
}

/// What the episodes say of the learner: against the best of the trade, then against the optimum.
pub fn sentences(store: Store, report: &Report) -> Option<String> {
    let (rival, optimum) = (report.rival()?, report.of(Player::Optimum)?);
    if report.episodes < 2 {
        return None;
    }
    let joint = if store.language.get() == crate::words::Language::Chinese { "" } else { " " };
    Some([against_trade(store, report, rival), against_optimum(store, optimum)].join(joint))
}

fn against_trade(store: Store, report: &Report, rival: &Standing) -> String {
    // Seen from the learner.
    let (low, high) = (-rival.ahead.mean - rival.ahead.half, -rival.ahead.mean + rival.ahead.half);
    let texts = [
        whole(f64::from(report.episodes)),
        learner_name(store),
        player_name(store, rival),
        percent(&rival.ahead, &rival.earned),
        figure(low, 3),
        figure(high, 3),
        figure(rival.ahead.mean.abs(), 3),
    ];
    let keys = ["n", "learner", "rival", "gap", "low", "high", "amount"];
    let values: Vec<(&str, &str)> = keys.into_iter().zip(texts.iter().map(String::as_str)).collect();
    match rival.ahead {
        ahead if is_nothing(&ahead) => fill(store, "view.verdict.same", &values),
        ahead if ahead.is_certain() && ahead.mean > 0.0 => fill(store, "view.verdict.always_lost", &values),
        ahead if ahead.is_certain() => fill(store, "view.verdict.always_won", &values),
        ahead if ahead.may_be_zero() => fill(store, "view.verdict.tied", &values),
        ahead if ahead.mean > 0.0 => fill(store, "view.verdict.lost", &values),
        _ => fill(store, "view.verdict.won", &values),
    }
}

fn against_optimum(store: Store, optimum: &Standing) -> String {
    let gap = percent(&optimum.ahead, &optimum.earned);
    match optimum.ahead {
        ahead if is_nothing(&ahead) => t(store, "view.verdict.optimal").to_owned(),
        ahead if ahead.may_be_zero() || ahead.mean < 0.0 => t(store, "view.verdict.near").to_owned(),
        _ => fill(store, "view.verdict.short", &[("gap", &gap)]),
    }
}

/// Whether two policies earned the same, episode by episode.
fn is_nothing(difference: &Estimate) -> bool {
    difference.is_certain() && difference.mean.abs() < 1e-9
}

/// A mean difference in percent of what it is compared with; as an amount where that may be nothing.
fn percent(difference: &Estimate, reference: &Estimate) -> String {
    let size = difference.mean.abs();
    if reference.mean.abs() <= 2.0 * reference.half {
        figure(size, 3)
    } else {
        [&figure(100.0 * size / reference.mean.abs(), 2), "\u{a0}%"].concat()
    }
}
