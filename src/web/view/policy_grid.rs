//! The greedy policy over two factors: one down, one across, a colour for each action.

use leptos::prelude::*;

use super::super::i18n::fill;
use super::super::questions::Slice;
use super::super::store::{Running, Store};
use super::policy::{Row, describe, legend};
use super::policy_axes::Axes;
use crate::mdp::{Action, State};
use crate::words::Language;

/// The map of the greedy policy; where it is not optimal, the optimal action stands beside it.
pub fn grid(store: Store, running: &Running, slice: &Slice, axes: &Axes) -> AnyView {
    let (environment, language) = (running.environment.as_ref(), store.language.get());
    let factors = environment.factors();
    let (Some(down), Some(across)) = (factors.get(axes.down), factors.get(axes.across)) else { return ().into_any() };
    let (height, width) = (down.levels.count(), across.levels.count());
    let mut cells: Vec<Option<AnyView>> = (0..height * width).map(|_| None).collect();
    let states = slice.states.iter().copied().filter(|state| *state < environment.state_count());
    for (index, state) in (0..).zip(states) {
        let levels = environment.levels(State(state));
        let place = levels.get(axes.down).zip(levels.get(axes.across)).map(|(row, column)| (row * width + column) as usize);
        let mut actions = Vec::new();
        environment.available(State(state), &mut actions);
        if let (Some(cell), Some(row)) = (place.and_then(|place| cells.get_mut(place)), Row::at(actions, &slice.table, index)) {
            *cell = Some(field(store, running, state, &row, language));
        }
    }
    let mut cells = cells.into_iter();
    let heads: Vec<_> = (0..width).map(|level| view! { <th scope="col">{across.levels.label(level, language)}</th> }).collect();
    let rows: Vec<_> = (0..height)
        .map(|level| {
            let fields: Vec<_> = cells.by_ref().take(width as usize).map(|cell| cell.unwrap_or_else(nothing)).collect();
            view! { <tr><th scope="row">{down.levels.label(level, language)}</th>{fields}</tr> }
        })
        .collect();
    let axes = fill(store, "view.policy.axes", &[("down", down.name.get(language)), ("across", across.name.get(language))]);
    let label = axes.clone();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="numbers policy-map">
                <caption>{axes}</caption>
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="legend">{legend(store)}</p>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! { <td class="unavailable"></td> }.into_any()
}

fn field(store: Store, running: &Running, state: u32, row: &Row, language: Language) -> AnyView {
    let Some(slot) = row.greedy() else { return nothing() };
    let name = |slot: usize| running.environment.action_name(row.actions[slot]).get(language).to_owned();
    let best = (0..row.actions.len()).find(|slot| row.is_optimal(*slot)).filter(|_| !row.is_optimal(slot));
    let words = [("state", describe(running, state, language)), ("action", name(slot)), ("optimal", best.map(name).unwrap_or_default())];
    let words: Vec<(&str, &str)> = words.iter().map(|(key, text)| (*key, text.as_str())).collect();
    let title = match best {
        Some(_) => fill(store, "view.policy.field_differs", &words),
        None => fill(store, "view.policy.field", &words),
    };
    let last = running.environment.action_count().saturating_sub(1).max(1);
    let strength = 8.0 + 42.0 * f64::from(row.actions[slot].0) / f64::from(last);
    let instead = best.map(|best| view! { <span class="optimal-key">" ◇"{short(running, row.actions[best], language)}</span> });
    view! {
        <td class="cell" class:instead=best.is_some() title=title
            style:background=format!("color-mix(in srgb, var(--learner) {strength:.0}%, transparent)")>
            {short(running, row.actions[slot], language)}{instead}
        </td>
    }
    .into_any()
}

/// The number in an action's name, or its first letters: a map has no room for more.
fn short(running: &Running, action: Action, language: Language) -> String {
    let name = running.environment.action_name(action);
    let name = name.get(language);
    let digits: String =
        name.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    if digits.is_empty() { if action.0 == 0 { "–".to_owned() } else { name.chars().take(4).collect() } } else { digits }
}
