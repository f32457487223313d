//! The mini-batch of the last gradient step: what was remembered, what the network said of it, and what it was told.

use leptos::prelude::*;

use crate::i18n::{fill, t};
use crate::store::{Running, Store};
use crate::view::FOCUSABLE;
use crate::view::moment::amount;
use retailq::agent::dqn::{Portrait, Replayed};
use retailq::chart::whole;
use retailq::mdp::{Action, State};

/// Most transitions listed.
const MOST_ROWS: usize = 40;

/// A row a transition.
pub fn table(store: Store, running: &Running, portrait: &Portrait) -> AnyView {
    let count = portrait.batch.len();
    if count == 0 {
        return view! { <p class="faint">{t(store, "view.network.no_batch")}</p> }.into_any();
    }
    let rows: Vec<_> = portrait.batch.iter().take(MOST_ROWS).filter_map(|replayed| row(store, running, replayed)).collect();
    let about = match count {
        1 => t(store, "view.network.last_only").to_owned(),
        _ => fill(store, "view.network.drawn", &[("n", &whole(count as f64)), ("shown", &whole(count.min(MOST_ROWS) as f64))]),
    };
    view! {
        <p class="faint">{about}</p>
        <div class="scroll mini-batch" role="group" prop:tabIndex=FOCUSABLE aria-label=t(store, "view.network.batch")>
            <table class="numbers">
                <thead><tr>
                    <th scope="col">{t(store, "view.network.state")}</th>
                    <th scope="col">{t(store, "view.network.action")}</th>
                    <th scope="col" class="amount">{t(store, "view.network.reward")}</th>
                    <th scope="col">{t(store, "view.network.next")}</th>
                    <th scope="col" class="amount">{t(store, "view.network.before")}</th>
                    <th scope="col" class="amount">{t(store, "view.network.target")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Nothing for a transition that cannot be one of this problem.
fn row(store: Store, running: &Running, replayed: &Replayed) -> Option<AnyView> {
    let (environment, language) = (&running.environment, store.language.get());
    let mut available: Vec<Action> = Vec::new();
    if replayed.state.max(replayed.next) >= environment.state_count() {
        return None;
    }
    environment.available(State(replayed.state), &mut available);
    let action = environment.action_name(*available.get(replayed.slot as usize)?);
    let state = environment.describe(State(replayed.state), language);
    let next = environment.describe(State(replayed.next), language);
    let end = replayed.terminated.then(|| view! { <span class="faint">" "{t(store, "view.policy.terminal")}</span> });
    let view = view! {
        <tr>
            <th scope="row">{state}</th>
            <td class="words">{action.get(language).to_owned()}</td>
            <td>{amount(replayed.reward)}</td>
            <td class="words">{next}{end}</td>
            <td>{amount(replayed.before)}</td>
            <td>{amount(replayed.target)}</td>
        </tr>
    };
    Some(view.into_any())
}
