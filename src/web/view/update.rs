//! The update of a step written out term by term, with the numbers it was made of.
//!
//! A table moves one value by a part of the error. A network moves all its weights by a gradient of many remembered steps, so what the
//! step at hand did to its own value is told as before and after, and not as a sum that would not add up.

use leptos::prelude::*;

use super::super::i18n::{fill, t};
use super::super::store::Store;
use super::color;
use super::moment::{amount, change};
use crate::agent::DIVERGED;
use crate::chart::{Role, whole};
use crate::config::Settings;
use crate::protocol::Moment;
use crate::text::short_number;

/// Target, error, new value.
pub fn update(store: Store, moment: &Moment) -> AnyView {
    match store.network() {
        Some(settings) => network(store, moment, &settings),
        None => table(store, moment),
    }
}

fn target(store: Store, moment: &Moment, follows: &str) -> AnyView {
    let gamma = short_number(moment.gamma);
    let name = t(store, "view.network.target");
    match moment.terminated {
        true => formula([name, " = r"].concat(), format!("= {}", amount(moment.target))),
        false => formula(
            [name, " = r + γ · ", follows].concat(),
            format!("= {} + {gamma} · {} = {}", amount(moment.reward), operand(moment.next_value), amount(moment.target)),
        ),
    }
}

fn error(store: Store, moment: &Moment, value: &str) -> AnyView {
    let left = ["δ = ", t(store, "view.network.target"), " − ", value].concat();
    formula(left, format!("= {} − {} = {}", amount(moment.target), operand(moment.before), amount(moment.error)))
}

fn table(store: Store, moment: &Moment) -> AnyView {
    let target = target(store, moment, "max Q(s′,·)");
    let error = error(store, moment, "Q(s,a)");
    let alpha = crate::chart::figure(moment.alpha, 3);
    let [before, after] = change(moment.before, moment.after);
    let value = formula("Q(s,a) ← Q(s,a) + α · δ".to_owned(), format!("= {before} + {alpha} · {} =", operand(moment.error)));
    let note = moment.terminated.then(|| view! { <p class="faint">{t(store, "view.update.terminal")}</p> });
    let pair = (moment.state, moment.action);
    let visits = fill(store, "view.update.visits", &[("n", &whole(f64::from(moment.visits)))]);
    view! {
        <div class="update">
            <p>{target}</p>
            <p>{error}</p>
            <p>{value}" "<b style:color=color(Role::Learner)>{after}</b></p>
            <p class="faint">{t(store, "view.update.letters")}</p>
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
    let options = &settings.options;
    let number = |key: &str| options.integer(key).map_or(0.0, |value| value as f64);
    let (every, replay) = (number("target_every"), number("replay"));
    let double = options.choice("double").is_ok_and(|double| double == "yes");
    let target = target(
        store,
        moment,
        match (every > 0.0, double) {
            (false, _) => "max Q(s′,·; θ)",
            (true, false) => "max Q(s′,·; θ⁻)",
            (true, true) => "Q(s′, argmax Q(s′,·; θ); θ⁻)",
        },
    );
    let error = error(store, moment, "Q(s,a; θ)");
    let (learned, diverged) = store
        .progress
        .with_untracked(|progress| progress.as_ref().map_or((false, false), |progress| (progress.lesson.is_some(), progress.diverged)));
    let alpha = crate::chart::figure(moment.alpha, 3);
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

/// A number as it stands after a sign: negative ones in brackets.
fn operand(value: f64) -> String {
    let text = amount(value);
    if value < 0.0 { format!("({text})") } else { text }
}
