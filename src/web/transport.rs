//! The third region: moving through the run.

use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;

use super::i18n::{fill, t};
use super::standing::Standing;
use super::store::{Running, Status, Store};
use retailq::chart::whole;
use retailq::config::Position;
use retailq::protocol::Goal;
use retailq::text::{parse_number, short_number};

/// The slider of speeds runs from one step a second, in tenths of a power of ten; its right end is everything.
const FASTEST: f64 = 70.0;

/// Buttons, timeline, speed and where the run stands.
#[component]
pub fn Transport() -> impl IntoView {
    let store = Store::get();
    view! {
        <section class="card transport" aria-labelledby="transport-title">
            <h2 id="transport-title" class="hidden">{move || t(store, "transport.title")}</h2>
            <div class="controls">
                <Buttons/>
                <Speed/>
            </div>
            <div class="controls">
                <Jumps/>
                <Timeline/>
            </div>
            <Standing/>
        </section>
    }
    .into_any()
}

#[component]
fn Buttons() -> impl IntoView {
    let store = Store::get();
    let running = move || store.goal().is_some_and(|goal| !matches!(goal, Goal::Steps(_)));
    let beginning = move || store.progress.with(|progress| progress.as_ref().is_none_or(|progress| progress.steps == 0.0));
    let unable = move || store.facts.with(Option::is_none) || matches!(store.status.get(), Status::Crashed(_));
    // Once the plan is over, as many episodes follow again.
    let is_over = move || store.position().episode >= store.planned_episodes();
    let play = move || match (running(), is_over()) {
        (true, _) => t(store, "transport.pause"),
        (_, true) => t(store, "transport.more"),
        (_, false) => t(store, "transport.play"),
    };
    let drawing = move || if running() { "M5 3h3v10H5zM9.5 3h3v10h-3z" } else { "M5 2.5v11l8.5-5.5z" };
    view! {
        <div class="buttons" role="group" aria-label=move || t(store, "transport.run")>
            <IconButton id="reset" path="M3 3h2v10H3zM13.5 3v10L6 8z" label=|store| t(store, "transport.reset")
                disabled=Signal::derive(move || unable() || beginning()) press=Callback::new(move |()| store.reset())/>
            <IconButton id="back" path="M11 3v10L4 8zM12 3h1.5v10H12z" label=|store| t(store, "transport.back")
                disabled=Signal::derive(move || unable() || beginning()) press=Callback::new(move |()| store.step(false))/>
            <button id="play" class="primary" type="button" disabled=unable on:click=move |_| store.toggle()>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d=drawing/></svg>{play}
            </button>
            <IconButton id="step" path="M5 3v10l7-5zM2.5 3H4v10H2.5z" label=|store| t(store, "transport.step")
                disabled=Signal::derive(unable) press=Callback::new(move |()| store.step(true))/>
            <IconButton id="episode" path="M2.5 3v10L8 8zM7.500 3v10L13 8zM13 3h1.500v10H13z" label=|store| t(store, "transport.episode")
                disabled=Signal::derive(unable) press=Callback::new(move |()| store.run_episodes(1))/>
        </div>
    }
    .into_any()
}

/// A button that keeps the focus while it is of no use, so that a key pressed once too often meets no other.
#[component]
fn IconButton(
    id: &'static str,
    path: &'static str,
    label: fn(Store) -> &'static str,
    disabled: Signal<bool>,
    press: Callback<()>,
) -> impl IntoView {
    let store = Store::get();
    view! {
        <button id=id class="square" type="button" aria-label=move || label(store) title=move || label(store)
            aria-disabled=move || disabled.get().to_string() on:click=move |_| if !disabled.get_untracked() { press.run(()) }>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d=path/></svg>
        </button>
    }
    .into_any()
}

#[component]
fn Jumps() -> impl IntoView {
    let store = Store::get();
    let count = NodeRef::<html::Input>::new();
    let run = move || {
        // The browser says what is wrong with the count, beside it.
        let Some(count) = count.get_untracked().filter(|input| input.report_validity()) else { return };
        store.run_episodes(parse_number(&count.value()).unwrap_or_default() as u32);
    };
    let unable = move || store.facts.with(Option::is_none);
    view! {
        <div class="jumps">
            <span class="joined">
                <input id="run-count" node_ref=count class="number" type="number" min="1" max="1000000" step="1" required value="100"
                    aria-label=move || t(store, "transport.count")
                    on:keydown=move |ev| if ev.key() == "Enter" { run() }/>
                <button id="run" type="button" disabled=unable on:click=move |_| run()>{move || t(store, "transport.run_episodes")}</button>
            </span>
            <button id="converge" type="button" disabled=unable on:click=move |_| store.run_to_convergence()>{move || t(store, "transport.converge")}</button>
        </div>
    }
    .into_any()
}

#[component]
fn Speed() -> impl IntoView {
    let store = Store::get();
    let text = move || match store.speed.get() {
        speed if speed.is_infinite() => t(store, "speed.everything").to_owned(),
        speed if speed < 10.0 => fill(store, "speed.steps", &[("steps", &short_number(speed))]),
        speed => fill(store, "speed.steps", &[("steps", &whole(speed))]),
    };
    let place = move || {
        let speed = store.speed.get();
        if speed.is_infinite() { FASTEST } else { libm::round(10.0 * libm::log10(speed)) }
    };
    let slide = move |ev| {
        let place = parse_number(&event_target_value(&ev)).unwrap_or(FASTEST);
        store.speed_chosen.set_value(true);
        store.speed.set(if place >= FASTEST { f64::INFINITY } else { round(libm::exp10(place / 10.0)) });
    };
    view! {
        <div class="speed">
            <label class="caption" for="speed">{move || t(store, "speed.label")} " " <output>{text}</output></label>
            <input id="speed" type="range" min="0" max=FASTEST step="1" prop:value=place aria-valuetext=text on:input=slide/>
        </div>
    }
    .into_any()
}

/// Two digits are enough for a speed.
fn round(speed: f64) -> f64 {
    let units = libm::exp10(1.0 - libm::floor(libm::log10(speed)));
    libm::round(speed * units) / units
}

#[component]
fn Timeline() -> impl IntoView {
    let store = Store::get();
    let furthest = RwSignal::new(1u32);
    let slider = NodeRef::<html::Input>::new();
    // The timeline is as long as the plan, or as what was come to of a longer run, and while it is on its way somewhere reaches until there.
    Effect::new(move |previous: Option<(Option<Rc<Running>>, u32)>| {
        let run = store.experiment.get();
        // While the run is on its way to a place of the timeline, the thumb waits for it there.
        let heading = match store.jump() {
            Some(Goal::Position(target)) => Some(target.episode),
            _ => None,
        };
        let (planned, reached) = (store.planned_episodes(), store.position().episode);
        let current = heading.unwrap_or(reached);
        let seen = previous
            .filter(|(of, _)| of.as_ref().map(Rc::as_ptr) == run.as_ref().map(Rc::as_ptr))
            .map_or(reached, |(_, seen)| seen.max(reached));
        let longest = planned.max(current).max(seen);
        if longest != furthest.get_untracked() {
            furthest.set(longest);
        }
        if let Some(slider) = slider.get() {
            slider.set_max(&longest.to_string());
            slider.set_value(&current.to_string());
        }
        (run, seen)
    });
    let seek = move |ev| {
        if let Ok(episode) = event_target_value(&ev).parse() {
            store.seek(Position { episode, step: 0 });
        }
    };
    let ends = move || [whole(store.position().episode.into()), whole(furthest.get().into())];
    let text = move || {
        let [episode, episodes] = ends();
        fill(store, "timeline.text", &[("episode", &episode), ("episodes", &episodes)])
    };
    view! {
        <div class="timeline">
            <label for="timeline">{move || t(store, "timeline.label")} " " <output aria-live="off">{move || ends().join(" / ")}</output></label>
            <input id="timeline" node_ref=slider type="range" min="0" step="1" aria-valuetext=text on:input=seek/>
        </div>
    }
    .into_any()
}
