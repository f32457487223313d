//! A small honest picture of the present state, from its factors alone: what can be counted stands on a shelf, what has a name is a chip.

use leptos::prelude::*;

use super::calm::run_pulse;
use super::card;
use crate::i18n::t;
use crate::store::{Running, Store};
use retailq::mdp::{Environment, Factor, Levels, State};
use retailq::words::Language;

/// Most places drawn one by one; more become a bar.
const MOST_PLACES: i32 = 24;
/// Keys of factors that count what has been ordered and not arrived.
const UNDER_WAY: &str = "due";
/// Most names shown beside each other; of more, only the one that holds.
const MOST_CHIPS: usize = 8;

/// The state the next step starts from.
#[component]
pub fn Scene() -> impl IntoView {
    let store = Store::get();
    let tick = run_pulse(store, 100);
    let content = move || {
        tick.track();
        let running = store.experiment.get_untracked()?;
        let (state, anew) = store.progress.with_untracked(|progress| match progress {
            Some(progress) => (State(progress.state), progress.moment.as_ref().is_some_and(|moment| moment.terminated || moment.truncated)),
            None => (start(running.environment.as_ref()), false),
        });
        (state.0 < running.environment.state_count()).then(|| picture(store, &running, state, anew))
    };
    card("scene", move || t(store, "view.scene.title"), content.into_any())
}

/// Where episodes most often begin.
fn start(environment: &dyn Environment) -> State {
    let starts = environment.start();
    starts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(State(0), |(state, _)| state)
}

/// The factors of the state, and whether it is the end of an episode, or `anew` the start of the one after the step just taken.
fn picture(store: Store, running: &Running, state: State, anew: bool) -> AnyView {
    let (environment, language) = (&running.environment, store.language.get());
    let mut available = Vec::new();
    environment.available(state, &mut available);
    let end = match (available.is_empty(), anew) {
        (true, _) => Some(t(store, "view.scene.terminal")),
        (_, true) => Some(t(store, "view.scene.begins")),
        _ => None,
    };
    let end = end.map(|end| view! { <p class="ending">{end}</p> });
    let factors = environment.factors();
    let named = |index: usize| factors.get(index).map(|factor| &factor.levels).filter(|levels| matches!(levels, Levels::Named(_)));
    // Places that can hold the same, as in a history, say only what they hold.
    let brief = |index: usize| {
        named(index).is_some_and(|levels| [index.wrapping_sub(1), index + 1].iter().any(|beside| named(*beside) == Some(levels)))
    };
    let gauges: Vec<_> = factors
        .iter()
        .zip(environment.levels(state))
        .enumerate()
        .map(|(index, (factor, level))| gauge(factor, level, brief(index), language))
        .collect();
    view! { <div class="gauges">{gauges}</div>{end} }.into_any()
}

fn gauge(factor: &Factor, level: u32, brief: bool, language: Language) -> AnyView {
    let value = factor.levels.label(level, language);
    let (name, unit) = (factor.name.get(language).to_owned(), factor.unit_of(&value, language).to_owned());
    let (value, drawing) = match &factor.levels {
        Levels::Integers { min, max } if !unit.is_empty() && max - min.min(&0) <= MOST_PLACES => {
            let under_way = factor.key.starts_with(UNDER_WAY);
            (Some(value), shelf((*min.min(&0), *max), factor.levels.value(level) as i32, under_way))
        }
        Levels::Named(names) if !brief && names.len() <= MOST_CHIPS => {
            let names = names.iter().map(|name| name.get(language).to_owned());
            (None, chips(names, level as usize))
        }
        Levels::Named(_) => (None, chips(std::iter::once(value), 0)),
        Levels::Integers { .. } | Levels::Numbers(_) => {
            let last = factor.levels.count().saturating_sub(1);
            (Some(value), bar(factor.levels.value(0), factor.levels.value(last), factor.levels.value(level)))
        }
    };
    let value = value.map(|value| view! { " "<b>{value}</b>" "<span class="faint">{unit}</span> });
    view! { <div class="gauge" class:brief=brief><div class="gauge-name">{name}{value}</div>{drawing}</div> }.into_any()
}

/// A place for each unit: boxes stand in the filled ones, on a shelf or on the cart that brings them. Below zero, what is owed hangs to
/// the left of the post.
fn shelf((min, max): (i32, i32), value: i32, under_way: bool) -> AnyView {
    const SIDE: i32 = 22;
    let x = |place: i32| (place - min) * (SIDE + 4) + 2;
    let slot = |place: i32| {
        let full = if place >= 0 { place < value } else { place >= value };
        let class = match (full, place < 0) {
            (false, _) => "place",
            (true, false) => "box",
            (true, true) => "owed",
        };
        let tape = (class == "box").then(|| {
            let path = format!("M{} 4v{}", x(place) + SIDE / 2, SIDE / 3);
            view! { <path class="tape" d=path></path> }
        });
        view! { <g><rect class=class x=x(place) y="4" width=SIDE height=SIDE rx="3"></rect>{tape}</g> }
    };
    let slots: Vec<_> = (min..max).map(slot).collect();
    let width = x(max.max(min + 1)) + 2;
    let post = (min < 0).then(|| view! { <path class="plank" d=format!("M{} 0v32", x(0) - 2)></path> });
    let wheels = under_way.then(|| {
        let wheel = |cx: i32| view! { <circle class="wheel" cx=cx cy=SIDE + 10 r="4"></circle> };
        view! { {wheel(12)}{wheel(width - 12)} }
    });
    let plank = format!("M0 {0}h{width}", SIDE + 7);
    view! {
        <svg class="shelf" viewBox=format!("0 0 {width} 37") style:max-width=format!("{width}px") aria-hidden="true">
            {slots}{post}<path class="plank" d=plank></path>{wheels}
        </svg>
    }
    .into_any()
}

/// A filled length between the ends of the scale.
fn bar(low: f64, high: f64, value: f64) -> AnyView {
    let place = |value: f64| if high > low { 200.0 * ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 200.0 };
    let zero = place(0.0_f64.clamp(low.min(high), high.max(low)));
    let end = place(value);
    let class = if value < 0.0 { "owed" } else { "box" };
    view! {
        <svg class="shelf" viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true">
            <rect class="place" x="0" y="3" width="200" height="12" rx="2"></rect>
            <rect class=class x=format!("{:.1}", zero.min(end)) y="3" width=format!("{:.1}", (end - zero).abs().max(2.0)) height="12"></rect>
        </svg>
    }
    .into_any()
}

fn chips(names: impl Iterator<Item = String>, chosen: usize) -> AnyView {
    let chip = |(index, name): (usize, String)| {
        let holds = index == chosen;
        view! { <li class="chip" class:holds=holds aria-current=holds.then_some("true")>{name}</li> }
    };
    let chips: Vec<_> = names.enumerate().map(chip).collect();
    view! { <ul class="chips">{chips}</ul> }.into_any()
}
