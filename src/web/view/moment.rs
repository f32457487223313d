//! The step just taken, in retail words and with the run's own numbers.

use leptos::prelude::*;

use super::calm::run_pulse;
use super::observation::observation;
use super::update::update;
use super::{card, color};
use crate::i18n::{fill, t};
use crate::store::{Running, Store};
use retailq::chart::scale::{column, magnitude};
use retailq::chart::{Role, figure};
use retailq::mdp::{Action, State};
use retailq::order::sort;
use retailq::protocol;
use retailq::words::Language;

/// Most actions listed; of more, the best believed and the one taken.
const MOST_ACTIONS: usize = 7;

/// The last step, from state to update.
#[component]
pub fn Moment() -> impl IntoView {
    let store = Store::get();
    card("moment", move || t(store, "view.moment.title"), last_step(store, story).into_any())
}

/// The last step as `write` tells it, or that there was none yet.
pub(super) fn last_step(store: Store, write: fn(Store, &Running, &protocol::Moment) -> AnyView) -> impl Fn() -> Option<AnyView> {
    let tick = run_pulse(store, 160);
    move || {
        tick.track();
        let running = store.experiment.get_untracked()?;
        let moment = store.progress.with_untracked(|progress| progress.as_ref().and_then(|progress| progress.moment.clone()));
        Some(match moment.filter(|moment| fits(&running, moment)) {
            Some(moment) => write(store, &running, &moment),
            None => view! { <p class="faint">{t(store, "view.moment.none")}</p> }.into_any(),
        })
    }
}

/// Whether a step can be one of this problem.
fn fits(running: &Running, moment: &protocol::Moment) -> bool {
    let environment = &running.environment;
    let mut available = Vec::new();
    let states = environment.state_count();
    if moment.state >= states || moment.next >= states {
        return false;
    }
    environment.available(State(moment.state), &mut available);
    available.iter().map(|action| action.0).eq(moment.actions.iter().copied())
}

fn story(store: Store, running: &Running, moment: &protocol::Moment) -> AnyView {
    let (environment, language) = (&running.environment, store.language.get());
    let state = environment.describe(State(moment.state), language);
    let next = environment.describe(State(moment.next), language);
    let event = environment.event(State(moment.state), Action(moment.action), moment.outcome, language);
    let end = match (moment.terminated, moment.truncated) {
        (true, _) => Some(t(store, "view.moment.terminated")),
        (_, true) => Some(t(store, "view.moment.truncated")),
        _ => None,
    };
    let seen = moment.observation.as_ref().map(|seen| {
        let seen = observation(store, seen);
        view! { <dt>{t(store, "view.observation.title")}</dt><dd>{seen}</dd> }
    });
    view! {
        <dl class="story">
            <dt>{t(store, "view.moment.state")}</dt>
            <dd>{state}</dd>
            {seen}
            <dt>{t(store, "view.moment.actions")}</dt>
            <dd>{actions(store, running, moment, language)}{reason(store, moment)}</dd>
            <dt>{t(store, "view.moment.event")}</dt>
            <dd>
                {(!event.is_empty()).then(|| view! { <div>{event}</div> })}
                <div>{fill(store, "view.moment.next", &[("state", &next)])}</div>
                {end.map(|end| view! { <div class="ending">{end}</div> })}
            </dd>
            <dt>{t(store, "view.moment.reward")}</dt>
            <dd>{reward(store, running, moment, language)}</dd>
            <dt>{t(store, "view.moment.update")}</dt>
            <dd>{update(store, moment)}</dd>
        </dl>
    }
    .into_any()
}

/// What each action was believed to be worth: bars from the least to the most of this state.
fn actions(store: Store, running: &Running, moment: &protocol::Moment, language: Language) -> AnyView {
    let best = moment.believed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = moment.believed.iter().copied().fold(f64::INFINITY, f64::min);
    let mut slots: Vec<usize> = (0..moment.believed.len().min(moment.actions.len())).collect();
    let hidden = slots.len().saturating_sub(MOST_ACTIONS);
    if hidden > 0 {
        let taken = moment.slot as usize;
        sort(&mut slots, |a, b| (*b == taken).cmp(&(*a == taken)).then(moment.believed[*b].total_cmp(&moment.believed[*a])));
        slots.truncate(MOST_ACTIONS);
        sort(&mut slots, usize::cmp);
    }
    let only = moment.believed.len() == 1;
    let role = if moment.explored && !only { Role::Explore } else { Role::Learner };
    let texts = column(&slots.iter().map(|slot| moment.believed[*slot]).collect::<Vec<_>>(), 4);
    let row = |(slot, text): (usize, String)| {
        let value = moment.believed[slot];
        let length = if best > least { 6.0 + 94.0 * (value - least) / (best - least) } else { 50.0 };
        let taken = slot == moment.slot as usize;
        let mark = taken.then(|| match (only, moment.explored) {
            (true, _) => t(store, "view.moment.only"),
            (_, true) => t(store, "view.moment.explored"),
            (_, false) => t(store, "view.moment.exploited"),
        });
        let paint = if taken { color(role) } else { "var(--edge)" };
        view! {
            <li class:taken=taken>
                <span class="name">{running.environment.action_text(Action(moment.actions[slot]), language)}</span>
                <span class="track"><span class="bar" style:width=format!("{length:.1}%") style:background=paint></span></span>
                <span class="value">{text}</span>
                <span class="mark" style:color=color(role)>{mark}</span>
            </li>
        }
    };
    let rows: Vec<_> = slots.into_iter().zip(texts).map(row).collect();
    let more = (hidden > 0).then(|| view! { <p class="faint">{fill(store, "view.moment.hidden", &[("n", &hidden.to_string())])}</p> });
    let bars = (best > least).then(|| view! { <p class="faint">{t(store, "view.moment.bars")}</p> });
    view! { <ul class="beliefs">{rows}</ul>{more}{bars} }.into_any()
}

fn reason(store: Store, moment: &protocol::Moment) -> AnyView {
    let best = moment.believed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let ties = moment.believed.iter().filter(|value| **value == best).count();
    let epsilon = retailq::text::short_number(moment.epsilon);
    let count = if ties > 1 { ties } else { moment.believed.len() }.to_string();
    let values = [("epsilon", epsilon.as_str()), ("n", &count)];
    let text = match (moment.explored, ties) {
        _ if moment.believed.len() == 1 => t(store, "view.moment.why_only").to_owned(),
        (true, _) => fill(store, "view.moment.why_explore", &values),
        (false, 1) => fill(store, "view.moment.why_exploit", &values),
        (false, _) => fill(store, "view.moment.why_tie", &values),
    };
    view! { <p class="reason">{text}</p> }.into_any()
}

/// The reward, part by part; costs to the left of the axis.
fn reward(store: Store, running: &Running, moment: &protocol::Moment, language: Language) -> AnyView {
    let names = running.environment.reward_parts();
    let mut parts: Vec<(String, Role, f64)> = names
        .iter()
        .zip(&moment.parts)
        .enumerate()
        .map(|(index, (part, value))| (part.name.get(language).to_owned(), Role::part(part.key, index), *value))
        .collect();
    // What is left over is the noise of the observation.
    let noise = moment.reward - moment.parts.iter().sum::<f64>();
    if noise.abs() > 1e-9 * (1.0 + moment.reward.abs()) {
        parts.push((t(store, "view.moment.noise").to_owned(), Role::Random, noise));
    }
    let largest = parts.iter().map(|(_, _, value)| value.abs()).fold(0.0, f64::max);
    let row = |(name, role, value): (String, Role, f64)| {
        let length = if largest > 0.0 { 50.0 * value.abs() / largest } else { 0.0 };
        let from = if value < 0.0 { 50.0 - length } else { 50.0 };
        view! {
            <li>
                <span class="name">{name}</span>
                <span class="track signed">
                    <span class="bar" style:left=format!("{from:.1}%") style:width=format!("{length:.1}%") style:background=color(role)></span>
                </span>
                <span class="value">{signed(value)}</span>
            </li>
        }
    };
    // A single part is the reward.
    let total = (parts.len() > 1).then(|| {
        view! {
            <li class="total">
                <span class="name">{t(store, "view.moment.total")}</span><span class="track"></span>
                <span class="value">{signed(moment.reward)}</span>
            </li>
        }
    });
    let rows: Vec<_> = parts.into_iter().map(row).collect();
    view! { <ul class="reward-parts">{rows}{total}</ul> }.into_any()
}

pub(super) fn signed(value: f64) -> String {
    let text = amount(value);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A value before and after its update, with as many decimals as make the change visible.
pub(super) fn change(before: f64, after: f64) -> [String; 2] {
    if before.fract() == 0.0 && after.fract() == 0.0 {
        return [before, after].map(amount);
    }
    let visible = if before == after { 0 } else { -magnitude(after - before) };
    let decimals = visible.max(3 - magnitude(before.abs().max(after.abs())));
    [before, after].map(|value| figure(value, (decimals + 1 + magnitude(value)).max(1) as u32))
}

/// An amount without needless decimals.
pub fn amount(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e9 { retailq::chart::whole(value) } else { figure(value, 4) }
}
