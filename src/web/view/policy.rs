//! What was learned: the Q-table as a heat map with states in words, and the greedy policy as a map over two factors of the state.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::super::i18n::{fill, sentences, t};
use super::super::store::{Running, Store, Table};
use super::calm::pulse;
use super::card;
use super::policy_axes::{Axes, is_mappable, pickers};
use super::policy_grid::grid;
use super::policy_heat::{Pointed, cell_id, detail, heat};
use crate::chart::whole;
use crate::mdp::{Action, Environment, State};
use crate::planner::OPTIMAL;
use crate::words::Language;

/// Most cells of the table shown at once.
const MOST_CELLS: u32 = 320;
/// Milliseconds between two looks at the table while the run goes on.
const REFRESH: u64 = 300;

/// The heat map of the Q-table, a window at a time, or the map of the policy.
#[component]
pub fn PolicyMap() -> impl IntoView {
    let store = Store::get();
    let first = RwSignal::new(0);
    let as_map = RwSignal::new(false);
    let mappable = Memo::new(move |_| {
        store.experiment.with(|running| running.as_ref().is_some_and(|running| is_mappable(running.environment.as_ref())))
    });
    let rows =
        Memo::new(move |_| store.facts.with(|facts| facts.as_ref().map_or(1, |facts| (MOST_CELLS / facts.stride.max(1)).clamp(4, 24))));
    let states = Memo::new(move |_| store.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.states)));
    let axes = RwSignal::new(None::<Axes>);
    Effect::new(move |_| {
        first.set(0);
        as_map.set(false);
        axes.set(store.experiment.with(|running| running.as_ref().and_then(|running| Axes::first(running.environment.as_ref()))));
    });
    // The states of the map are looked up once, not at every refresh.
    let mapped = Memo::new(move |_| {
        let running = store.experiment.get()?;
        as_map.get().then(|| axes.with(|axes| axes.as_ref().map(|axes| axes.states(running.environment.as_ref()))))?
    });
    let refresh = pulse(
        move || {
            store.progress.track();
            store.facts.track();
        },
        REFRESH,
    );
    Effect::new(move |_| {
        refresh.track();
        let (first, count) = (first.get(), rows.get());
        match mapped.get() {
            Some(states) => store.request_rows(states),
            None if states.get() > 0 => store.request_table(first, count),
            None => {}
        }
    });
    let pointed = Pointed { hovered: RwSignal::new(None), chosen: RwSignal::new(None) };
    // The page of the table with the cell that is to be shown, and then the cell.
    Effect::new(move |_| {
        let (Some(pair), rows) = (store.questions.revealed.get(), rows.get()) else { return };
        as_map.set(false);
        first.set(pair.0 / rows * rows);
        pointed.chosen.set(Some(pair));
    });
    Effect::new(move |_| show_revealed(store));
    let body = move || {
        let running = store.experiment.get()?;
        if as_map.get() {
            let slice = store.questions.slice.get().filter(|slice| slice.table.stride > 0)?;
            if mapped.with(|states| states.as_ref() != Some(&slice.states)) {
                return None;
            }
            return axes.with(|axes| axes.as_ref().map(|axes| grid(store, &running, &slice, axes)));
        }
        let table = store.table.get().filter(|table| table.stride > 0 && table.first + table.count <= running.environment.state_count())?;
        Some(heat(store, &running, &table, pointed))
    };
    let content = view! {
        <p>{move || wrong(store)}</p>
        <div class="policy-controls">
            {move || mappable.get().then(|| views(store, as_map))}
            {move || (!as_map.get() && states.get() > rows.get()).then(|| pager(store, first, rows.get(), states.get()))}
        </div>
        {move || as_map.get().then(|| pickers(store, axes))}
        {body}
        {move || (!as_map.get()).then(|| detail(store, pointed))}
    };
    card("policy", move || t(store, "view.policy.title"), content.into_any())
}

/// Once the cell that is to be shown is there, it gets the focus, and is asked for no more.
fn show_revealed(store: Store) {
    let Some((state, action)) = store.questions.revealed.get() else { return };
    let there = store.table.with(|table| table.as_ref().is_some_and(|table| (table.first..table.first + table.count).contains(&state)));
    if !there {
        return;
    }
    request_animation_frame(move || {
        let Some(cell) = document().get_element_by_id(&cell_id((state, action))) else { return };
        store.questions.revealed.set(None);
        if let Ok(Some(grid)) = cell.closest("[role=grid]") {
            let _ = grid.unchecked_into::<HtmlElement>().focus();
        }
        cell.scroll_into_view_with_bool(false);
    });
}

/// How far the greedy policy still is from an optimal one, as last measured.
fn wrong(store: Store) -> String {
    let Some(checkup) = store.records.with(|records| records.checkups.last().copied()) else {
        return t(store, "view.policy.not_yet").to_owned();
    };
    let texts = [checkup.wrong, checkup.episode].map(whole);
    let values = [("n", texts[0].as_str()), ("episode", &texts[1])];
    let found = match checkup.wrong {
        0.0 => t(store, "view.policy.optimal").to_owned(),
        1.0 => fill(store, "view.policy.one_differs", &values),
        _ if checkup.share >= OPTIMAL => fill(store, "view.policy.differ_for_nothing", &values),
        _ => fill(store, "view.policy.differ", &values),
    };
    sentences(store, found, uncounted(store))
}

/// That some states are not counted, because nobody comes to them.
pub(super) fn uncounted(store: Store) -> String {
    let unreachable = store.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.states - facts.reachable));
    if unreachable == 0 { String::new() } else { fill(store, "view.policy.uncounted", &[("n", &whole(f64::from(unreachable)))]) }
}

fn views(store: Store, as_map: RwSignal<bool>) -> AnyView {
    let choice = |name: &'static str, map: bool| {
        let pressed = move || if as_map.get() == map { "true" } else { "false" };
        view! { <button type="button" aria-pressed=pressed on:click=move |_| as_map.set(map)>{name}</button> }
    };
    let (table, map) = (choice(t(store, "view.policy.table"), false), choice(t(store, "view.policy.map"), true));
    view! { <div class="choice" role="group" aria-label=t(store, "view.policy.view")>{table}{map}</div> }.into_any()
}

fn pager(store: Store, first: RwSignal<u32>, rows: u32, states: u32) -> AnyView {
    let last_page = (states - 1) / rows * rows;
    let range = move || {
        let from = first.get();
        let numbers = [from + 1, (from + rows).min(states), states].map(|number| whole(f64::from(number)));
        fill(store, "view.policy.range", &[("from", &numbers[0]), ("to", &numbers[1]), ("of", &numbers[2])])
    };
    let turn = move |to: fn(u32, u32, u32) -> u32| first.update(|first| *first = to(*first, rows, last_page));
    // Not inside the view: there a > would end the tag.
    let at_end = move || first.get() >= last_page;
    view! {
        <div class="pager">
            <button type="button" aria-label=t(store, "view.policy.previous") disabled=move || first.get() == 0
                on:click=move |_| turn(|first, rows, _| first.saturating_sub(rows))>"‹"</button>
            <span>{range}</span>
            <button type="button" aria-label=t(store, "view.policy.following") disabled=at_end
                on:click=move |_| turn(|first, rows, last| (first + rows).min(last))>"›"</button>
        </div>
    }
    .into_any()
}

/// A state's row of the table.
pub(super) struct Row<'a> {
    /// Actions by slot.
    pub actions: Vec<Action>,
    /// Learned values by slot.
    pub learned: &'a [f64],
    /// Optimal values by slot.
    pub optimal: &'a [f64],
    /// Updates by slot.
    pub visits: &'a [f64],
}

impl<'a> Row<'a> {
    /// The row of a state, if the table has it.
    pub fn of(environment: &dyn Environment, table: &'a Table, state: u32) -> Option<Self> {
        let mut actions = Vec::new();
        environment.available(State(state), &mut actions);
        Self::at(actions, table, state.checked_sub(table.first)?)
    }

    /// The row at a place of the table, of a state with these actions.
    pub fn at(actions: Vec<Action>, table: &'a Table, place: u32) -> Option<Self> {
        let from = place as usize * table.stride as usize;
        let range = from..from + actions.len();
        let (learned, optimal) = (table.learned.get(range.clone())?, table.optimal.get(range.clone())?);
        Some(Self { actions, learned, optimal, visits: table.visits.get(range)? })
    }

    /// The slot the learner believes best; the first among equals, as it acts.
    pub fn greedy(&self) -> Option<usize> {
        best(self.learned)
    }

    /// The value the learner believes best.
    pub fn top(&self) -> f64 {
        self.greedy().map_or(0.0, |slot| self.learned[slot])
    }

    /// Whether a slot is optimal, up to the accuracy of the solution.
    pub fn is_optimal(&self, slot: usize) -> bool {
        let top = best(self.optimal).map_or(0.0, |slot| self.optimal[slot]);
        self.optimal[slot] >= top - 1e-7 * (1.0 + top.abs())
    }
}

fn best(values: &[f64]) -> Option<usize> {
    let mut best = None;
    for (slot, value) in values.iter().enumerate() {
        if best.is_none_or(|best: usize| *value > values[best]) {
            best = Some(slot);
        }
    }
    best
}

/// The marks, explained.
pub(super) fn legend(store: Store) -> AnyView {
    view! {
        <span class="key greedy-key">"●"</span>" "{t(store, "view.policy.greedy")}" "
        <span class="key optimal-key">"◇"</span>" "{t(store, "view.policy.optimal_instead")}
    }
    .into_any()
}

/// The words of a state: used by both views.
pub(super) fn describe(running: &Running, state: u32, language: Language) -> String {
    running.environment.describe(State(state), language)
}
