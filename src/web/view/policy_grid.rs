//! The greedy policy over two factors: one down, one across, a colour for each action. Over one factor it stands beside the optimal one.

use leptos::prelude::*;

use super::FOCUSABLE;
use super::policy::{Row, describe, legend};
use super::policy_axes::Axes;
use crate::i18n::{fill, t};
use crate::questions::Slice;
use crate::store::{Running, Store};
use retailq::abbreviate::abbreviate;
use retailq::mdp::{Action, Environment, State};
use retailq::words::Language;

/// The map of the greedy policy; where it is not optimal, the optimal action stands beside it.
pub fn grid(store: Store, running: &Running, slice: &Slice, axes: &Axes) -> AnyView {
    let (environment, language) = (running.environment.as_ref(), store.language.get());
    let factors = environment.factors();
    let (Some(down), Some(across)) = (factors.get(axes.down), factors.get(axes.across)) else { return ().into_any() };
    let is_line = axes.is_line();
    // On a line the learned action and the optimal one stand where else two levels do.
    let (height, width) = (down.levels.count(), if is_line { 2 } else { across.levels.count() });
    let mut cells: Vec<Option<AnyView>> = (0..height * width).map(|_| None).collect();
    let names: Vec<String> = (0..environment.action_count()).map(|action| environment.action_text(Action(action), language)).collect();
    let names = abbreviate(&names);
    let learns_by_table = store.network().is_none();
    for (index, state) in slice.states.iter().enumerate() {
        let levels = environment.levels(State(*state));
        let place = levels.get(axes.down).zip(levels.get(axes.across));
        let place = place.map(|(row, column)| (row * width + if is_line { 0 } else { *column }) as usize);
        if let (Some(place), Some(row)) = (place, Row::at(environment, slice, index)) {
            // Where nothing was tried a table has no opinion, right or wrong.
            let is_untried = learns_by_table && row.visits.iter().all(|visits| *visits == 0.0);
            let fields = fields(store, running, *state, &row, &names, is_untried, is_line);
            cells.iter_mut().skip(place).zip(fields).for_each(|(cell, field)| *cell = Some(field));
        }
    }
    // Lines where nothing is decided, as after the last day, would be empty.
    let line = width as usize;
    let columns: Vec<usize> = (0..line).filter(|column| cells.iter().skip(*column).step_by(line).any(Option::is_some)).collect();
    let head = |column: &usize| view! { <th scope="col">{across.levels.label(*column as u32, language)}</th> };
    let heads: Vec<_> = columns.iter().filter(|_| !is_line).map(head).collect();
    let rows: Vec<_> = (0..height)
        .zip(cells.chunks_mut(line))
        .filter(|(_, cells)| cells.iter().any(Option::is_some))
        .map(|(level, cells)| {
            let fields: Vec<_> = columns.iter().map(|column| cells[*column].take().unwrap_or_else(nothing)).collect();
            view! { <tr><th scope="row">{down.levels.label(level, language)}</th>{fields}</tr> }
        })
        .collect();
    let names = [("down", down.name.get(language)), ("across", across.name.get(language))];
    let axes = if is_line { fill(store, "view.policy.line", &names) } else { fill(store, "view.policy.axes", &names) };
    let label = axes.clone();
    view! {
        <p class="faint map-axes">{axes}</p>
        <div class="scroll tall" prop:tabIndex=FOCUSABLE role="region" aria-label=label>
            <table class="numbers policy-map" class:line=is_line>
                <thead hidden=is_line><tr><td></td>{heads}</tr></thead>
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

/// What to do in a state, and on a line the optimal action as well; none where nothing is decided.
fn fields(store: Store, running: &Running, state: u32, row: &Row, names: &[String], is_untried: bool, is_line: bool) -> Vec<AnyView> {
    let (Some(slot), language) = (row.greedy, store.language.get()) else { return Vec::new() };
    let short = |slot: usize| names.get(row.actions[slot].index()).cloned().unwrap_or_default();
    let name = |slot: usize| running.environment.action_text(row.actions[slot], language);
    let optimum = if row.is_optimal(slot) { slot } else { (0..row.actions.len()).find(|slot| row.is_optimal(*slot)).unwrap_or(slot) };
    let differs = optimum != slot && !is_untried;
    let words = [("state", describe(running, state, language)), ("action", name(slot)), ("optimal", name(optimum))];
    let words: Vec<(&str, &str)> = words.iter().map(|(key, text)| (*key, text.as_str())).collect();
    let title = if differs { fill(store, "view.policy.field_differs", &words) } else { fill(store, "view.policy.field", &words) };
    let instead = differs.then(|| view! { <span class="optimal-key">" ◇\u{2060}"{short(optimum)}</span> }.into_any());
    let cell = |slot: usize, own: bool, text: String, instead: Option<AnyView>| {
        view! {
            <td class="cell" class:instead=own && differs class:unvisited=own && is_untried title=title.clone()
                style:background=shade(running.environment.as_ref(), row.actions[slot])>
                {text}{instead}
            </td>
        }
        .into_any()
    };
    if !is_line {
        return vec![cell(slot, true, short(slot), instead)];
    }
    let text = if differs { String::new() } else { short(optimum) };
    vec![cell(slot, true, short(slot), None), cell(optimum, false, text, instead)]
}

/// The colour of an action: the later among all, the stronger. The legend shows the same in the style sheet.
pub(super) fn shade(environment: &dyn Environment, action: Action) -> String {
    let last = environment.action_count().saturating_sub(1).max(1);
    let strength = 8.0 + 42.0 * f64::from(action.0) / f64::from(last);
    format!("color-mix(in srgb, var(--learner) {strength:.0}%, transparent)")
}
