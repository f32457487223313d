//! The verdict as a sentence that is read from the numbers, whichever way they fall.

use leptos::prelude::*;

use crate::i18n::{self, fill, say, t};
use crate::store::Store;
use retailq::agent::{Algorithm, algorithm};
use retailq::chart::{figure, whole};
use retailq::rollout::{MYOPIC, Player};
use retailq::sample::Estimate;
use retailq::verdict::{Report, Standing, in_percent};
use retailq::words::Words;

/// The learner's rule.
pub fn rule(store: Store) -> Option<&'static Algorithm> {
    store.experiment.with(|running| algorithm(&running.as_ref()?.settings.algorithm))
}

/// Name of the learner's rule.
pub fn learner_name(store: Store) -> String {
    rule(store).map_or_else(String::new, |algorithm| algorithm.name.get(store.language.get()).to_owned())
}

/// Name of a policy.
pub fn player_name(store: Store, player: Player, name: Option<&Words>) -> String {
    match player {
        Player::Learner => fill(store, "view.verdict.learner", &[("learner", &learner_name(store))]),
        Player::Optimum => t(store, "view.yardstick.optimum").to_owned(),
        Player::Myopic => say(store, &MYOPIC),
        Player::Random => t(store, "view.yardstick.random").to_owned(),
        Player::Baseline(_) => name.map_or_else(String::new, |name| say(store, name)),
    }
}

/// What the episodes say of the learner: against the best of the trade, then against the optimum.
pub fn sentences(store: Store, report: &Report) -> Option<String> {
    let (rival, optimum) = (report.rival()?, report.of(Player::Optimum)?);
    if report.episodes < 2 {
        return None;
    }
    Some(i18n::sentences(store, against_trade(store, report, rival), against_optimum(store, report, optimum)))
}

fn against_trade(store: Store, report: &Report, rival: &Standing) -> String {
    // Seen from the learner; the size of a loss, from the rival.
    let ahead = Estimate { mean: -rival.ahead.mean, ..rival.ahead };
    let is_lost = ahead.mean < 0.0 && !ahead.may_be_zero();
    let [gap, interval] = difference(store, if is_lost { rival.ahead } else { ahead }, &rival.earned);
    let texts =
        [whole(f64::from(report.episodes)), learner_name(store), player_name(store, rival.player, rival.name.as_ref()), gap, interval];
    let keys = ["n", "learner", "rival", "gap", "interval"];
    let values: Vec<(&str, &str)> = keys.into_iter().zip(texts.iter().map(String::as_str)).collect();
    match ahead {
        _ if is_nothing(&ahead) => fill(store, "view.verdict.same", &values),
        _ if ahead.is_certain() && ahead.mean < 0.0 => fill(store, "view.verdict.always_lost", &values),
        _ if ahead.is_certain() => fill(store, "view.verdict.always_won", &values),
        _ if ahead.may_be_zero() => fill(store, "view.verdict.tied", &values),
        _ if ahead.mean < 0.0 => fill(store, "view.verdict.lost", &values),
        _ => fill(store, "view.verdict.won", &values),
    }
}

fn against_optimum(store: Store, report: &Report, optimum: &Standing) -> String {
    let ahead = optimum.ahead;
    let [gap, interval] = difference(store, ahead, &optimum.earned);
    let steps = whole(f64::from(report.steps));
    let values = [("gap", gap.as_str()), ("interval", &interval), ("steps", &steps)];
    let learner = report.of(Player::Learner).and_then(|learner| learner.exact);
    // What is optimal without end need not be the best for episodes that are cut.
    let truly_less = learner.zip(optimum.exact).is_some_and(|(learner, optimum)| learner > optimum + 1e-6 * (1.0 + optimum.abs()));
    match ahead {
        _ if is_nothing(&ahead) => t(store, "view.verdict.optimal").to_owned(),
        _ if ahead.mean < 0.0 && truly_less => fill(store, "view.verdict.cut", &values),
        _ if ahead.mean < 0.0 && ahead.may_be_zero() => fill(store, "view.verdict.lucky", &values),
        _ if ahead.mean < 0.0 => fill(store, "view.verdict.very_lucky", &values),
        _ if ahead.may_be_zero() => fill(store, "view.verdict.near", &values),
        _ if ahead.is_certain() => fill(store, "view.verdict.always_short", &values),
        _ => fill(store, "view.verdict.short", &values),
    }
}

/// Whether two policies earned the same, episode by episode.
fn is_nothing(difference: &Estimate) -> bool {
    difference.is_certain() && difference.mean.abs() < 1e-9
}

/// The size of a difference and its interval, as amounts, and in percent of what it is compared with where that tells more.
fn difference(store: Store, difference: Estimate, reference: &Estimate) -> [String; 2] {
    let (low, high) = difference.interval();
    let [amount, low_amount, high_amount] = [difference.mean.abs(), low, high].map(|value| figure(value, 3));
    let amounts = [("amount", amount.as_str()), ("low", &low_amount), ("high", &high_amount)];
    let may_be_nothing = reference.mean.abs() <= 2.0 * reference.half;
    if may_be_nothing || in_percent(difference.mean, reference.mean).is_none() {
        return [fill(store, "view.verdict.amount", &amounts), fill(store, "view.verdict.from_to", &amounts)];
    }
    let [percent, from, to] =
        [difference.mean.abs(), low, high].map(|value| [&figure(100.0 * value / reference.mean.abs(), 2), "\u{a0}%"].concat());
    let shares = [("percent", percent.as_str()), ("from", &from), ("to", &to)];
    let values: Vec<(&str, &str)> = amounts.into_iter().chain(shares).collect();
    [fill(store, "view.verdict.percent", &values), fill(store, "view.verdict.percent_from_to", &values)]
}
