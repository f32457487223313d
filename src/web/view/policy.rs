//! What was learned: the Q-table as a heat map with states in words, and the greedy policy as a map over two factors of the state.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::calm::pulse;
use super::card;
use super::policy_axes::{Axes, pickers, start};
use super::policy_grid::grid;
use super::policy_heat::{Pointed, cell_id, detail, heat};
use super::policy_rollout::{Casting, casting, rollouts};
use crate::i18n::{fill, sentences, t};
use crate::questions::Slice;
use crate::store::{Running, Store};
use retailq::agent::q_table::arg_max;
use retailq::chart::whole;
use retailq::evaluate::{OPTIMAL, is_optimal};
use retailq::mdp::{Action, Environment, State};
use retailq::words::Language;

/// Most cells of the table shown at once.
const MOST_CELLS: u32 = 320;
/// Milliseconds between two looks at the table while the run goes on.
const REFRESH: u64 = 300;

/// A way to look at what was learned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Look {
    /// The Q-table.
    #[default]
    Table,
    /// The policy over two factors of the state.
    Map,
    /// The policy at work.
    Episode,
}

/// How the visitor looks at what was learned; who leaves the tab finds it again so.
#[derive(Clone, Copy, Default)]
pub struct Outlook {
    look: RwSignal<Look>,
    /// The episode that is played, and beside whom.
    pub(super) casting: Casting,
    /// The plane of the map; none where there is no map.
    axes: RwSignal<Option<Axes>>,
    /// The first row of the table, among the states where something is decided.
    first: RwSignal<u32>,
    /// What all this was chosen for: preset and levels of each factor.
    chosen_for: StoredValue<(&'static str, Vec<u32>)>,
}

impl Outlook {
    /// Another problem begins on the map if it has two natural axes, or one and a table too long to be seen at once; else on the page of
    /// the table with the start.
    fn suit(self, running: &Running, decided: &[u32]) {
        let (environment, rows) = (running.environment.as_ref(), page_rows(running));
        let levels: Vec<u32> = environment.factors().iter().map(|factor| factor.levels.count()).collect();
        let natural = levels.len() == 2 || (levels.len() == 1 && decided.len() > rows as usize);
        let problem = (running.experiment.preset.key, levels);
        if self.chosen_for.with_value(|chosen_for| *chosen_for == problem) {
            return;
        }
        self.chosen_for.set_value(problem);
        let axes = Axes::first(environment);
        self.look.set(if natural && axes.is_some() { Look::Map } else { Look::Table });
        self.casting.clear();
        self.axes.set(axes);
        let begin = start(environment).and_then(|start| decided.binary_search(&start.0).ok()).unwrap_or_default() as u32;
        self.first.set(begin / rows * rows);
    }
}

/// Rows of a page of the table.
fn page_rows(running: &Running) -> u32 {
    (MOST_CELLS / running.environment.action_count().max(1)).clamp(4, 24)
}

/// The heat map of the Q-table, a window at a time, the map of the policy, or the policy at work.
#[component]
pub fn PolicyMap() -> impl IntoView {
    let store = Store::get();
    let Outlook { look, axes, first, .. } = store.outlook;
    let is = move |other: Look| look.get() == other;
    let rows = Memo::new(move |_| store.experiment.with(|running| running.as_ref().map_or(1, |running| page_rows(running))));
    // Where an episode has ended there is nothing to learn. Looked up once, as are the states of the map.
    let decided = Memo::new(move |_| store.experiment.with(|running| running.as_ref().map(|running| decided(running)).unwrap_or_default()));
    Effect::new(move |_| {
        store.experiment.with(|running| running.iter().for_each(|running| decided.with(|decided| store.outlook.suit(running, decided))))
    });
    let states = move || decided.with(|decided| decided.len() as u32);
    let shown = Memo::new(move |_| {
        let running = store.experiment.get()?;
        match axes.get().filter(|_| is(Look::Map)) {
            Some(axes) => Some(axes.states(running.environment.as_ref())),
            None => Some(decided.with(|decided| decided.iter().copied().skip(first.get() as usize).take(rows.get() as usize).collect())),
        }
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
        match shown.get() {
            _ if is(Look::Episode) => store.outlook.casting.request(store),
            Some(states) => store.request_rows(states),
            None => {}
        }
    });
    let pointed = Pointed { hovered: RwSignal::new(None), chosen: RwSignal::new(None) };
    // The page of the table with the cell that is to be shown, and then the cell.
    Effect::new(move |_| {
        let (Some(pair), rows) = (store.questions.revealed.get(), rows.get()) else { return };
        let place = decided.with(|decided| decided.iter().position(|state| *state == pair.0)).unwrap_or_default() as u32;
        look.set(Look::Table);
        first.set(place / rows * rows);
        pointed.chosen.set(Some(pair));
    });
    Effect::new(move |_| show_revealed(store));
    let body = move || {
        let running = store.experiment.get()?;
        if is(Look::Episode) {
            return rollouts(store, &running);
        }
        let slice = store.questions.slice.get().filter(|slice| slice.stride > 0)?;
        let here = shown.with(|shown| shown.as_ref() == Some(&slice.states));
        match axes.get().filter(|_| is(Look::Map)) {
            Some(axes) => here.then(|| grid(store, &running, &slice, &axes)),
            // Until the page turned to is there, the one before stays, and with it the focus.
            None => (here || slice.states.len() <= rows.get() as usize).then(|| heat(store, &running, &slice, pointed, decided)),
        }
    };
    let content = view! {
        <p>{move || wrong(store)}</p>
        <div class="policy-controls">
            {move || looks(store, look, axes.with(Option::is_some))}
            {move || (is(Look::Table) && states() > rows.get()).then(|| pages(store, first, rows.get(), states()))}
        </div>
        {move || is(Look::Map).then(|| pickers(store, axes))}
        {move || is(Look::Episode).then(|| casting(store))}
        {body}
        {move || is(Look::Table).then(|| detail(store, pointed))}
    };
    card("policy", move || t(store, "view.policy.title"), content.into_any())
}

/// The states in which something is decided.
fn decided(running: &Running) -> Vec<u32> {
    let mut available = Vec::new();
    let mut is_decided = |state: &u32| {
        available.clear();
        running.environment.available(State(*state), &mut available);
        !available.is_empty()
    };
    (0..running.environment.state_count()).filter(|state| is_decided(state)).collect()
}

/// Once the cell that is to be shown is there, it gets the focus, and is asked for no more.
fn show_revealed(store: Store) {
    let Some((state, action)) = store.questions.revealed.get() else { return };
    let there = store.questions.slice.with(|slice| slice.as_ref().is_some_and(|slice| slice.states.contains(&state)));
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

fn looks(store: Store, look: RwSignal<Look>, has_map: bool) -> AnyView {
    let choice = |name: &'static str, own: Look| {
        let pressed = move || if look.get() == own { "true" } else { "false" };
        view! { <button type="button" aria-pressed=pressed on:click=move |_| look.set(own)>{name}</button> }
    };
    let table = choice(t(store, "view.policy.table"), Look::Table);
    let map = has_map.then(|| choice(t(store, "view.policy.map"), Look::Map));
    let episode = choice(t(store, "view.policy.episode"), Look::Episode);
    view! { <div class="choice" role="group" aria-label=t(store, "view.policy.view")>{table}{map}{episode}</div> }.into_any()
}

fn pages(store: Store, first: RwSignal<u32>, rows: u32, states: u32) -> AnyView {
    let last_page = (states - 1) / rows * rows;
    let range = move || {
        let from = first.get();
        let numbers = [from + 1, (from + rows).min(states), states].map(|number| whole(f64::from(number)));
        fill(store, "view.policy.range", &[("from", &numbers[0]), ("to", &numbers[1]), ("of", &numbers[2])])
    };
    let names = [t(store, "view.policy.previous"), t(store, "view.policy.following")];
    pager(first, (rows, last_page), names, range)
}

/// Buttons that turn a number back and forth, `step` at a time from 0 to `last`, with what is shown between them.
pub(super) fn pager(
    at: RwSignal<u32>,
    (step, last): (u32, u32),
    [previous, following]: [&'static str; 2],
    shown: impl Fn() -> String + Send + 'static,
) -> AnyView {
    // Not inside the view: there a > would end the tag.
    let at_end = move || at.get() >= last;
    view! {
        <div class="pager">
            <button type="button" aria-label=previous aria-disabled=move || (at.get() == 0).to_string()
                on:click=move |_| at.update(|at| *at = at.saturating_sub(step))>"‹"</button>
            <span>{shown}</span>
            <button type="button" aria-label=following aria-disabled=move || at_end().to_string()
                on:click=move |_| at.update(|at| *at = at.saturating_add(step).min(last))>"›"</button>
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
    /// The slot the learner believes best; the first among equals, as it acts.
    pub greedy: Option<usize>,
    /// The best optimal value.
    best: f64,
}

impl<'a> Row<'a> {
    /// The row at a place of the slice, if the slice has it.
    pub fn at(environment: &dyn Environment, slice: &'a Slice, place: usize) -> Option<Self> {
        let state = slice.states.get(place).filter(|state| **state < environment.state_count())?;
        let mut actions = Vec::new();
        environment.available(State(*state), &mut actions);
        let from = place * slice.stride as usize;
        let (row, range) = (from..from + slice.stride as usize, from..from + actions.len());
        let (learned, optimal) = (slice.learned.get(row.clone())?, slice.optimal.get(row)?);
        let greedy = (!actions.is_empty()).then_some(arg_max(learned).0 as usize);
        let (best, visits) = (arg_max(optimal).1, slice.visits.get(range)?);
        Some(Self { learned: learned.get(..actions.len())?, optimal: optimal.get(..actions.len())?, actions, visits, greedy, best })
    }

    /// The value the learner believes best.
    pub fn top(&self) -> f64 {
        self.greedy.map_or(0.0, |slot| self.learned[slot])
    }

    /// Whether a slot is optimal, up to the accuracy of the solution.
    pub fn is_optimal(&self, slot: usize) -> bool {
        is_optimal(self.optimal[slot], self.best)
    }
}

/// The marks and colours, explained: `shades` go from one meaning to another.
pub(super) fn legend(store: Store, shades: &'static str, (from, to): (String, String)) -> AnyView {
    view! {
        <span><span class="greedy-key">"●"</span>" "{t(store, "view.policy.greedy")}</span>
        <span><span class="optimal-key">"◇"</span>" "{t(store, "view.policy.optimal_instead")}</span>
        <span>{from}" "<span class=["shades ", shades].concat()></span>" "{to}</span>
    }
    .into_any()
}

/// The words of a state: used by both views.
pub(super) fn describe(running: &Running, state: u32, language: Language) -> String {
    running.environment.describe(State(state), language)
}
