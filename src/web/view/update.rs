//! The update of a step written out term by term, with the numbers it was made of.
//!
//! A table moves one value by a part of the error. A network moves all its weights by a gradient of many remembered steps, so what the
//! step at hand did to its own value is told as before and after, and not as a sum that would not add up.

use leptos::prelude::*;

use super::color;
use super::moment::change;
use super::verdict_words::rule;
use crate::i18n::{fill, t};
use crate::store::Store;
use retailq::agent::DIVERGED;
use retailq::agent::dqn::Dqn;
use retailq::agent::dqn::options::next_term;
use retailq::chart::digits::Digits;
use retailq::chart::{Role, whole};
use retailq::config::Settings;
use retailq::mdp::Action;
use retailq::protocol::Moment;

/// Target, error, new value.
pub fn update(store: Store, moment: &Moment) -> AnyView {
    match store.network() {
        Some(settings) => network(store, moment, &settings),
        None => table(store, moment),
    }
}

fn target(store: Store, moment: &Moment, digits: Digits, follows: &str) -> AnyView {
    let name = t(store, "view.network.target");
    let [reward, target] = [moment.reward, moment.target].map(|value| digits.number(value));
    let (gamma, next) = (digits.rate(moment.gamma, moment.next_value), digits.operand(moment.next_value));
    match moment.terminated {
        true => formula([name, " = r"].concat(), format!("= {target}")),
        false => formula([name, " = r + γ · ", follows].concat(), format!("= {reward} + {gamma} · {next} {} {target}", digits.equals(0))),
    }
}

/// Whose value stands in the target.
fn followed(store: Store, moment: &Moment, is_chosen: bool) -> Option<AnyView> {
    let running = store.experiment.get()?;
    let name = running.environment.action_name(Action(moment.followed?));
    let values = [("action", name.get(store.language.get()))];
    let text = if is_chosen { fill(store, "view.update.chosen_next", &values) } else { fill(store, "view.update.best_next", &values) };
    Some(view! { <p class="faint">{text}</p> }.into_any())
}

fn error(store: Store, moment: &Moment, digits: Digits, value: &str) -> AnyView {
    let left = ["δ = ", t(store, "view.network.target"), " − ", value].concat();
    let [target, error] = [moment.target, moment.error].map(|value| digits.number(value));
    formula(left, format!("= {target} − {} {} {error}", digits.operand(moment.before), digits.equals(1)))
}

fn table(store: Store, moment: &Moment) -> AnyView {
    let digits = Digits::of(moment, 3);
    let algorithm = rule(store);
    let [own, next] = algorithm.map_or([""; 2], |algorithm| algorithm.terms);
    let target = target(store, moment, digits, next);
    let error = error(store, moment, digits, own);
    let [before, after] = [moment.before, moment.after].map(|value| digits.number(value));
    let (alpha, error_term, equals) = (digits.rate(moment.alpha, moment.error), digits.operand(moment.error), digits.equals(2));
    let step = format!("= {before} + {alpha} · {error_term} {equals}");
    let value = formula([own, " ← ", own, " + α · δ"].concat(), step);
    let two = (algorithm.is_some_and(|algorithm| algorithm.tables == 2))
        .then(|| view! { <p class="faint">{t(store, "view.update.two_tables")}</p> });
    let note = moment.terminated.then(|| view! { <p class="faint">{t(store, "view.update.terminal")}</p> });
    let pair = (moment.state, moment.action);
    let visits = fill(store, "view.update.visits", &[("n", &whole(f64::from(moment.visits)))]);
    let followed = followed(store, moment, algorithm.is_some_and(|algorithm| algorithm.on_policy));
    let mixed = moment.mixed.map(|mixed| {
        let left = [next, " = (1 − ε) · ", t(store, "view.update.best"), " + ε · ", t(store, "view.update.mean")].concat();
        view! { <p>{formula(left, ["= ", &digits.mixture(moment, mixed)].concat())}</p> }
    });
    view! {
        <div class="update">
            <p>{target}</p>
            {followed}
            {mixed}
            <p>{error}</p>
            <p>{value}" "<b style:color=color(Role::Learner)>{after}</b></p>
            <p class="faint">{t(store, "view.update.letters")}</p>
            {two}
            {note}
            <p class="faint">
                {visits}" "
                <button id="reveal" class="link" type="button" on:click=move |_| store.reveal(pair)>{t(store, "view.update.reveal")}</button>
            </p>
        </div>
    }
    .into_any()
}

fn network(store: Store, moment: &Moment, settings: &Settings) -> AnyView {
    let (options, digits) = (&settings.options, Digits::of(moment, 2));
    let number = |key: &str| options.integer(key).map_or(0.0, |value| value as f64);
    let (every, replay) = (number("target_every"), number("replay"));
    let target = target(store, moment, digits, next_term(options));
    let error = error(store, moment, digits, Dqn::ALGORITHM.terms[0]);
    let (learned, diverged) = store
        .progress
        .with_untracked(|progress| progress.as_ref().map_or((false, false), |progress| (progress.lesson.is_some(), progress.diverged)));
    let alpha = retailq::chart::figure(moment.alpha, 3);
    let values =
        [("alpha", alpha.as_str()), ("batch", &whole(number("batch"))), ("warmup", &whole(number("warmup"))), ("every", &whole(every))];
    let lesson = match (diverged, learned, replay > 0.0) {
        (true, ..) => DIVERGED.get(store.language.get()).to_owned(),
        (_, false, _) => fill(store, "view.update.watching", &values),
        (_, _, true) => fill(store, "view.update.batch", &values),
        (_, _, false) => fill(store, "view.update.last_only", &values),
    };
    let change = (learned && !diverged).then(|| {
        let [before, after] = change(moment.before, moment.after);
        let before = formula("Q(s,a; θ)".to_owned(), [&before, " →"].concat());
        view! { <p>{before}" "<b style:color=color(Role::Learner)>{after}</b></p> }
    });
    let frozen = (every > 0.0 && !moment.terminated).then(|| view! { <p class="faint">{fill(store, "view.update.frozen", &values)}</p> });
    let note = moment.terminated.then(|| view! { <p class="faint">{t(store, "view.update.terminal")}</p> });
    let visits = fill(store, "view.update.seen", &[("n", &whole(f64::from(moment.visits)))]);
    view! {
        <div class="update">
            <p>{target}</p>
            {frozen}
            <p>{error}</p>
            <p>{lesson}</p>
            {change}
            <p class="faint">{t(store, "view.update.letters")}</p>
            {note}
            <p class="faint">{visits}</p>
        </div>
    }
    .into_any()
}

fn formula(left: String, right: String) -> AnyView {
    view! { <span class="term">{left}</span>" "<span class="term">{right}</span> }.into_any()
}
