//! The step just taken in two lines, for where there is no room for the whole story.

use leptos::prelude::*;

use super::color;
use super::moment::{amount, change, last_step};
use crate::i18n::{fill, t};
use crate::store::{Running, Store};
use retailq::chart::Role;
use retailq::mdp::{Action, State};
use retailq::protocol::Moment;

/// State and action; reward and update.
#[component]
pub fn Summary() -> impl IntoView {
    let store = Store::get();
    let content = last_step(store, lines);
    view! { <section class="moment-summary" aria-label=move || t(store, "view.moment.title")>{content}</section> }.into_any()
}

fn lines(store: Store, running: &Running, moment: &Moment) -> AnyView {
    let (environment, language) = (&running.environment, store.language.get());
    let state = environment.describe(State(moment.state), language);
    let action = environment.action_text(Action(moment.action), language);
    let (role, mark) = match moment.explored {
        true => (Role::Explore, t(store, "view.moment.explored")),
        false => (Role::Learner, t(store, "view.moment.exploited")),
    };
    let (reward, [before, after]) = (amount(moment.reward), change(moment.before, moment.after));
    let update = fill(store, "view.moment.summary", &[("reward", &reward), ("before", &before), ("after", &after)]);
    view! {
        <p>{state} " → " <b>{action}</b> " " <span class="mark" style:color=color(role)>{mark}</span></p>
        <p class="faint">{update}</p>
    }
    .into_any()
}
