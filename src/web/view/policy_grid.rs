//! The greedy policy over two factors: one down, one across, a colour for each action.

use leptos::prelude::*;

use super::super::i18n::{fill, t};
use super::super::questions::Slice;
use super::super::store::{Running, Store};
use super::FOCUSABLE;
use super::policy::{Row, describe, legend};
use super::policy_axes::Axes;
use crate::abbreviate::abbreviate;
use crate::mdp::{Action, Environment, State};
use crate::words::Language;

/// The map of the greedy policy; where it is not optimal, the optimal action stands beside it.
pub fn grid(store: Store, running: &Running, slice: &Slice, axes: &Axes) -> AnyView {
    let (environment, language) = (running.environment.as_ref(), store.language.get());
    let factors = environment.factors();
    let (Some(down), Some(across)) = (factors.get(axes.down), factors.get(axes.across)) else { return ().into_any() };
    let (height, width) = (down.levels.count(), across.levels.count());
    let mut cells: Vec<Option<AnyView>> = (0..height * width).map(|_| None).collect();
    let names: Vec<String> = (0..environment.action_count()).map(|action| environment.action_text(Action(action), language)).collect();
    let names = abbreviate(&names);
    let learns_by_table = store.network().is_none();
    for (index, state) in slice.states.iter().enumerate() {
        let levels = environment.levels(State(*state));
        let place = levels.get(axes.down).zip(levels.get(axes.across)).map(|(row, column)| (row * width + column) as usize);
        if let (Some(cell), Some(row)) = (place.and_then(|place| cells.get_mut(place)), Row::at(environment, slice, index)) {
            // Where nothing was tried a table has no opinion, right or wrong.
            let is_untried = learns_by_table && row.visits.iter().all(|visits| *visits == 0.0);
            *cell = field(store, running, *state, &row, &names, is_untried);
        }
    }
    // Lines where nothing is decided, as after the last day, would be empty.
    let line = width as usize;
    let columns: Vec<usize> = (0..line).filter(|column| cells.iter().skip(*column).step_by(line).any(Option::is_some)).collect();
    let heads: Vec<_> =
        columns.iter().map(|column| view! { <th scope="col">{across.levels.label(*column as u32, language)}</th> }).collect();
    let rows: Vec<_> = (0..height)
        .zip(cells.chunks_mut(line))
        .filter(|(_, cells)| cells.iter().any(Option::is_some))
        .map(|(level, cells)| {
            let fields: Vec<_> = columns.iter().map(|column| cells[*column].take().unwrap_or_else(nothing)).collect();
            view! { <tr><th scope="row">{down.levels.label(level, language)}</th>{fields}</tr> }
        })
        .collect();
    let axes = fill(store, "view.policy.axes", &[("down", down.name.get(language)), ("across", across.name.get(language))]);
    let label = axes.clone();
    view! {
        <p class="faint map-axes">{axes}</p>
        <div class="scroll tall" prop:tabIndex=FOCUSABLE role="region" aria-label=label>
            <table class="numbers policy-map">
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="legend">
            {legend(store, "actions", ends(environment, language))}
            {learns_by_table.then(|| view! { <span><span class="shades unvisited-key"></span>" "{t(store, "view.policy.unvisited")}</span> })}
        </p>
    }
    .into_any()
}

/// The first action and the last, which have the ends of the shades.
pub(super) fn ends(environment: &dyn Environment, language: Language) -> (String, String) {
    [0, environment.action_count().saturating_sub(1)].map(|action| environment.action_text(Action(action), language)).into()
}

fn nothing() -> AnyView {
    view! { <td class="unavailable"></td> }.into_any()
}

/// What to do in a state; none where nothing is decided.
fn field(store: Store, running: &Running, state: u32, row: &Row, names: &[String], is_untried: bool) -> Option<AnyView> {
    let language = store.language.get();
    let slot = row.greedy?;
    let short = |slot: usize| names.get(row.actions[slot].index()).cloned().unwrap_or_default();
    let name = |slot: usize| running.environment.action_text(row.actions[slot], language);
    let best = (0..row.actions.len()).find(|slot| row.is_optimal(*slot)).filter(|_| !is_untried && !row.is_optimal(slot));
    let words = [("state", describe(running, state, language)), ("action", name(slot)), ("optimal", best.map(name).unwrap_or_default())];
    let words: Vec<(&str, &str)> = words.iter().map(|(key, text)| (*key, text.as_str())).collect();
    let title = match best {
        Some(_) => fill(store, "view.policy.field_differs", &words),
        None => fill(store, "view.policy.field", &words),
    };
    let instead = best.map(|best| view! { <span class="optimal-key">" ◇\u{2060}"{short(best)}</span> });
    let field = view! {
        <td class="cell" class:instead=best.is_some() class:unvisited=is_untried title=title
            style:background=shade(running.environment.as_ref(), row.actions[slot])>
            {short(slot)}{instead}
        </td>
    };
    Some(field.into_any())
}

/// The colour of an action: the later among all, the stronger. The legend shows the same in the style sheet.
pub(super) fn shade(environment: &dyn Environment, action: Action) -> String {
    let last = environment.action_count().saturating_sub(1).max(1);
    let strength = 8.0 + 42.0 * f64::from(action.0) / f64::from(last);
    format!("color-mix(in srgb, var(--learner) {strength:.0}%, transparent)")
}
