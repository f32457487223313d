//! The update of a step written out term by term, with the numbers it was made of.

use leptos::prelude::*;

use super::super::i18n::{fill, t};
use super::super::store::Store;
use super::color;
use super::moment::amount;
use crate::chart::Role;
use crate::protocol::Moment;
use crate::text::short_number;

/// Three lines: target, error, new value.
pub fn update(store: Store, moment: &Moment) -> AnyView {
    let gamma = short_number(moment.gamma);
    let target = match moment.terminated {
        true => formula("target = r", format!("= {}", amount(moment.target))),
        false => formula(
            "target = r + γ · max Q(s′,·)",
            format!("= {} + {gamma} · {} = {}", amount(moment.reward), operand(moment.next_value), amount(moment.target)),
        ),
    };
    let error =
        formula("δ = target − Q(s,a)", format!("= {} − {} = {}", amount(moment.target), operand(moment.before), amount(moment.error)));
    let alpha = crate::chart::figure(moment.alpha, 3);
    let value = formula("Q(s,a) ← Q(s,a) + α · δ", format!("= {} + {alpha} · {} =", amount(moment.before), operand(moment.error)));
    let note = moment.terminated.then(|| view! { <p class="faint">{t(store, "view.update.terminal")}</p> });
    let pair = (moment.state, moment.action);
    let visits = fill(store, "view.update.visits", &[("n", &crate::chart::whole(f64::from(moment.visits)))]);
    view! {
        <div class="update">
            <p>{target}</p>
            <p>{error}</p>
            <p>{value}" "<b style:color=color(Role::Learner)>{amount(moment.after)}</b></p>
            {note}
            <p class="faint">
                {visits}" "
                <button id="reveal" class="link" type="button" on:click=move |_| store.reveal(pair)>{t(store, "view.update.reveal")}</button>
            </p>
        </div>
    }
    .into_any()
}

fn formula(left: &'static str, right: String) -> AnyView {
    view! { <span class="term">{left}</span>" "<span class="term">{right}</span> }.into_any()
}

/// A number as it stands after a sign: negative ones in brackets.
fn operand(value: f64) -> String {
    let text = amount(value);
    if value < 0.0 { format!("({text})") } else { text }
}
