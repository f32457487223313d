//! The Q-table as a heat map: states down, actions across; colour tells how far a value lies below the best of its row.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::FOCUSABLE;
use super::policy::{Row, describe, legend};
use crate::focus::bring_into_view;
use crate::i18n::{fill, t};
use crate::questions::{Pair, Slice};
use crate::store::{Running, Store};
use retailq::agent::dqn::senses::RAW_ENCODINGS;
use retailq::chart::{figure, whole};
use retailq::mdp::{Action, State};

/// More columns than this have no room for numbers.
const MOST_NUMBERED: u32 = 10;

/// The cells a visitor looks at.
#[derive(Clone, Copy)]
pub struct Pointed {
    /// Under the pointer.
    pub hovered: RwSignal<Option<Pair>>,
    /// Moved to by keys.
    pub chosen: RwSignal<Option<Pair>>,
}

/// The rows of a table that has arrived, a page of all states where something is decided.
pub fn heat(store: Store, running: &Running, slice: &Slice, pointed: Pointed, decided: Memo<Vec<u32>>) -> AnyView {
    let (environment, language) = (running.environment.as_ref(), store.language.get());
    let rows: Vec<(u32, Row)> =
        slice.states.iter().enumerate().filter_map(|(place, state)| Some((*state, Row::at(environment, slice, place)?))).collect();
    let columns = environment.action_count();
    let narrow = columns > MOST_NUMBERED;
    let name = |action| environment.action_text(Action(action), language);
    let heads: Vec<_> = (0..columns).map(|action| view! { <th scope="col"><span>{name(action)}</span></th> }).collect();
    let spread = |row: &Row| row.learned.iter().fold(0.0, |most: f64, value| most.max(row.top() - value));
    let spread = rows.iter().map(|(_, row)| spread(row)).fold(0.0, f64::max);
    let chosen = pointed.chosen.get();
    // As of the table: the last step's update is in it.
    let moment = store.progress.with_untracked(|progress| progress.as_ref().and_then(|progress| progress.moment.clone()));
    let updated = moment.map(|moment| (moment.state, moment.action));
    let line = |(state, row): &(u32, Row)| {
        let cell = |action: u32| match row.actions.iter().position(|available| available.0 == action) {
            Some(slot) => {
                let pair = Some((*state, action));
                let look = Look { spread, narrow, chosen: chosen == pair, updated: updated == pair };
                cell(store, row, slot, (*state, action), look, pointed)
            }
            None => view! { <td class="unavailable"></td> }.into_any(),
        };
        let cells: Vec<_> = (0..columns).map(cell).collect();
        view! { <tr><th scope="row">{describe(running, *state, language)}</th>{cells}</tr> }
    };
    let lines: Vec<_> = rows.iter().map(line).collect();
    let shades = (t(store, "view.policy.top").to_owned(), t(store, "view.policy.below").to_owned());
    let is_raw =
        store.network().is_some_and(|settings| settings.options.choice("encoding").is_ok_and(|encoding| RAW_ENCODINGS.contains(&encoding)));
    let available: Vec<Pair> = rows.iter().flat_map(|(state, row)| row.actions.iter().map(|action| (*state, action.0))).collect();
    view! {
        <div class="scroll tall">
            <table class="numbers heat" class:narrow=narrow role="grid" prop:tabIndex=FOCUSABLE aria-label=t(store, "view.policy.table")
                aria-activedescendant=chosen.map(cell_id)
                on:keydown=move |event| choose(store, &event, &available, pointed.chosen, decided)
                on:pointerleave=move |_| pointed.hovered.set(None)>
                <thead><tr><th scope="col">{t(store, "view.policy.state")}</th>{heads}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        <p class="legend">
            {legend(store, "values", shades)}
            <span><span class="shades unvisited-key"></span>" "{t(store, "view.policy.unvisited")}</span>
            {is_raw.then(|| view! { <span>{t(store, "view.policy.raw")}</span> })}
            {updated.map(|_| view! { <span><span class="updated-key">"✎"</span>" "{t(store, "view.policy.updated")}</span> })}
        </p>
    }
    .into_any()
}

/// Identifier of a cell.
pub fn cell_id((state, action): Pair) -> String {
    format!("q-{state}-{action}")
}

/// Arrow keys move between available cells, Home and End to the ends of a row, over the edge of the page as do Page Up and Page Down; Enter
/// asks how the value came about. Whatever else the page does with them must wait.
fn choose(store: Store, event: &KeyboardEvent, available: &[Pair], chosen: RwSignal<Option<Pair>>, decided: Memo<Vec<u32>>) {
    let key = event.key();
    let current = chosen.get_untracked().filter(|pair| available.contains(pair));
    let next = match (key.as_str(), current) {
        ("Enter", Some(pair)) => {
            event.prevent_default();
            return store.tell(pair);
        }
        ("ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End" | "PageUp" | "PageDown", None) => available.first().copied(),
        ("ArrowLeft", Some((state, action))) => row(available, state).filter(|pair| pair.1 < action).max(),
        ("ArrowRight", Some((state, action))) => row(available, state).filter(|pair| pair.1 > action).min(),
        ("Home", Some((state, _))) => row(available, state).min(),
        ("End", Some((state, _))) => row(available, state).max(),
        // Straight up or down where there is such a cell, else the nearest of the next row.
        ("ArrowUp" | "ArrowDown", Some((state, action))) => {
            let others = available.iter().copied().filter(|pair| if key == "ArrowDown" { pair.0 > state } else { pair.0 < state });
            others.min_by_key(|pair| (pair.0.abs_diff(state), pair.1.abs_diff(action)))
        }
        ("PageUp" | "PageDown", _) => None,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    // The cell last gone to, on another page, is still to come.
    if store.questions.revealed.with_untracked(Option::is_some) {
        return;
    }
    let Some(next) = next else {
        let beyond = current.and_then(|(_, action)| beyond(store, available, key.ends_with("Down"), action, decided));
        // Left and right there is nothing beyond.
        return if key.ends_with("Up") || key.ends_with("Down") {
            store.questions.revealed.set(beyond)
        };
    };
    chosen.set(Some(next));
    if let Some(cell) = document().get_element_by_id(&cell_id(next)) {
        bring_into_view(&cell);
    }
}

/// The available cells of a state.
fn row(available: &[Pair], state: u32) -> impl Iterator<Item = Pair> {
    available.iter().copied().filter(move |pair| pair.0 == state)
}

/// The cell of the next page down or up that is nearest to an action.
fn beyond(store: Store, available: &[Pair], down: bool, action: u32, decided: Memo<Vec<u32>>) -> Option<Pair> {
    let (edge, _) = if down { available.last() } else { available.first() }?;
    let state = decided.with_untracked(|states| {
        let place = states.binary_search(edge).ok()?;
        states.get(if down { place + 1 } else { place.checked_sub(1)? }).copied()
    })?;
    let mut actions = Vec::new();
    store.experiment.with_untracked(|running| running.iter().for_each(|it| it.environment.available(State(state), &mut actions)));
    actions.iter().map(|other| (state, other.0)).min_by_key(|pair| pair.1.abs_diff(action))
}

/// How the cells of a table are drawn.
struct Look {
    spread: f64,
    narrow: bool,
    chosen: bool,
    updated: bool,
}

fn cell(store: Store, row: &Row, slot: usize, pair: Pair, look: Look, pointed: Pointed) -> AnyView {
    let (learned, visits) = (row.learned[slot], row.visits[slot]);
    let greedy = row.greedy == Some(slot);
    // Where the greedy action is optimal, other optimal ones need no mark.
    let instead = !greedy && row.is_optimal(slot) && row.greedy.is_some_and(|greedy| !row.is_optimal(greedy));
    let (mark, meaning) = match (greedy, instead) {
        (true, _) => ("●", t(store, "view.policy.greedy")),
        (_, true) => ("◇", t(store, "view.policy.optimal_instead")),
        _ => ("", ""),
    };
    let (pencil, changed) = if look.updated { ("✎", t(store, "view.policy.updated")) } else { ("", "") };
    // What is left of a zero beside values that matter is one.
    let shown = figure(if learned.abs() < 1e-6 * look.spread { 0.0 } else { learned }, 4);
    view! {
        <td id=cell_id(pair) class="cell" class:greedy=greedy class:instead=instead class:unvisited=visits == 0.0 class:chosen=look.chosen
            class:updated=look.updated style:background=shade(row.top() - learned, look.spread)
            on:pointerenter=move |_| pointed.hovered.set(Some(pair)) on:click=move |_| store.tell(pair)>
            <span class="mark" aria-hidden="true">{mark}</span><span class:hidden=look.narrow>{shown}</span><span class="updated-mark" aria-hidden="true">{pencil}</span>
            <span class="hidden">{meaning}" "{changed}</span>
        </td>
    }
    .into_any()
}

/// From the learner's colour for the best of a row to that of exploring for the worst of all; the legend shows the same in the style sheet.
fn shade(below: f64, spread: f64) -> String {
    let depth = if spread > 0.0 { (below / spread).clamp(0.0, 1.0).sqrt() } else { 0.0 };
    let (hue, strength) = if depth < 0.5 { ("learner", 1.0 - 2.0 * depth) } else { ("explore", 2.0 * depth - 1.0) };
    format!("color-mix(in srgb, var(--{hue}) {:.0}%, var(--sunken))", 45.0 * strength)
}

/// Everything known of the cell pointed at: value, optimal value, visits.
pub fn detail(store: Store, pointed: Pointed) -> AnyView {
    let text = move || {
        let running = store.experiment.get()?;
        let (state, action) = pointed.hovered.get().or_else(|| pointed.chosen.get())?;
        store.questions.slice.with(|slice| {
            let slice = slice.as_ref()?;
            let row = Row::at(running.environment.as_ref(), slice, slice.states.iter().position(|other| *other == state)?)?;
            let slot = row.actions.iter().position(|available| available.0 == action)?;
            let language = store.language.get();
            let action = running.environment.action_text(Action(action), language);
            let numbers = [figure(row.learned[slot], 5), figure(row.optimal[slot], 5), whole(row.visits[slot])];
            let values = [
                ("state", describe(&running, state, language)),
                ("action", action),
                ("q", numbers[0].clone()),
                ("optimal", numbers[1].clone()),
                ("visits", numbers[2].clone()),
            ];
            Some(fill(store, "view.policy.detail", &values.each_ref().map(|(key, text)| (*key, text.as_str()))))
        })
    };
    // While the run goes on the numbers change too fast to be read out.
    let live = move || if store.is_playing() { "off" } else { "polite" };
    view! { <p class="detail" aria-live=live>{move || text().unwrap_or_else(|| t(store, "view.policy.hint").to_owned())}</p> }.into_any()
}
