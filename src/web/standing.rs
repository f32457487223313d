//! Where the run stands, in words and by its fingerprint; while it is on its way, where to, and how to stop it.

use leptos::prelude::*;

use super::focus::go_on_from;
use super::goto::GoTo;
use super::i18n::{fill, sentences, t};
use super::notices::step_text;
use super::store::Store;
use super::view::looks_optimal;
use retailq::chart::{share_text, whole};
use retailq::config::Position;
use retailq::evaluate::OPTIMAL;
use retailq::protocol::Goal;
use retailq::session::{CONVERGED_CHECKUPS, CONVERGED_STRETCH};
use retailq::text::short_number;

/// Episode, and how many are planned.
pub fn episode_text(store: Store) -> String {
    let (episode, planned) = (store.position().episode, store.planned_episodes());
    let texts = [episode, planned].map(|count| whole(count.into()));
    let values = [("episode", texts[0].as_str()), ("planned", &texts[1])];
    if episode > planned { fill(store, "standing.beyond", &values) } else { fill(store, "standing.within", &values) }
}

/// A moment of the run. Links write it as `120.5`, which reads like a fraction.
pub fn moment_text(store: Store, position: Position) -> String {
    let texts = [position.episode, position.step].map(|count| whole(count.into()));
    let values = [("episode", texts[0].as_str()), ("step", &texts[1])];
    if position.step == 0 { fill(store, "standing.start", &values) } else { fill(store, "standing.moment", &values) }
}

/// How the learning came out.
#[derive(Clone, PartialEq)]
pub struct Outcome {
    /// Whether it has converged.
    pub converged: bool,
    /// What came out.
    pub text: String,
    /// What exactly that means.
    pub help: String,
}

/// How the learning came out: that it has converged, or that the planned episodes were over first.
pub fn outcome(store: Store) -> Option<Outcome> {
    let (position, converged, diverged) =
        store.progress.with(|progress| progress.as_ref().map(|progress| (progress.position, progress.converged, progress.diverged)))?;
    if converged {
        let texts = [CONVERGED_CHECKUPS.to_string(), short_number(100.0 * CONVERGED_STRETCH), share_text(OPTIMAL)];
        let values = [("count", texts[0].as_str()), ("stretch", &texts[1]), ("share", &texts[2])];
        let help = fill(store, "standing.converged_help", &values);
        let text = if is_as_good(store) { t(store, "standing.converged") } else { t(store, "standing.nearly") };
        return Some(Outcome { converged, text: text.to_owned(), help });
    }
    let planned = store.planned_episodes();
    if store.is_moving() || diverged || position.episode < planned {
        return None;
    }
    // Of what was measured elsewhere nothing is said.
    let measured = store.progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.measured));
    let share = store.records.with(|records| records.checkups.last().map(|checkup| checkup.share)).filter(|_| measured)?;
    let texts = [whole(position.episode.into()), share_text(share), whole(planned.into())];
    let values = [("episode", texts[0].as_str()), ("share", &texts[1]), ("planned", &texts[2])];
    let text = match share {
        ..0.0 => fill(store, "standing.astray", &values),
        OPTIMAL.. => t(store, "standing.just_optimal").to_owned(),
        _ => fill(store, "standing.unconverged", &values),
    };
    let why = aims_elsewhere(store, planned).or_else(|| still_exploring(store, planned)).unwrap_or_default();
    let help = sentences(store, fill(store, "standing.unconverged_help", &values), why);
    Some(Outcome { converged, text, help })
}

/// Whether nobody sees the last measured value fall short of the optimum.
fn is_as_good(store: Store) -> bool {
    let value = store.records.with(|records| records.checkups.last().map(|checkup| checkup.value));
    store.facts.with(|facts| facts.as_ref().zip(value).is_none_or(|(facts, value)| looks_optimal(facts, value)))
}

/// That the learner looked ahead by another discount than that of the objective when the planned episodes were over, if so.
fn aims_elsewhere(store: Store, planned: u32) -> Option<String> {
    let running = store.experiment.get()?;
    let (gamma, discount) = (running.settings.gamma.at(planned), running.settings.discount);
    let values = [("gamma", &*short_number(gamma)), ("discount", &*short_number(discount))];
    ((gamma - discount).abs() > 1e-3).then(|| fill(store, "standing.elsewhere", &values))
}

/// That exploration was planned to go on for longer than the run, if so.
fn still_exploring(store: Store, planned: u32) -> Option<String> {
    let epsilon = |episode| store.experiment.with(|running| running.as_ref().map(|running| running.settings.epsilon.at(episode)));
    let (now, floor) = (epsilon(planned)?, epsilon(u32::MAX)?);
    let values = [("epsilon", &*short_number(now)), ("floor", &*short_number(floor))];
    (now > floor + 0.01).then(|| fill(store, "standing.exploring", &values))
}

/// Position, outcome and fingerprint; during a jump its aim and progress, with a way to stop it.
#[component]
pub fn Standing() -> impl IntoView {
    let store = Store::get();
    let position =
        move || fill(store, "standing.position", &[("episode", &episode_text(store)), ("step", &whole(store.position().step.into()))]);
    let total = move || {
        let steps = store.progress.with(|progress| progress.as_ref().map_or(0.0, |progress| progress.steps));
        (steps > 0.0).then(|| fill(store, "standing.total", &[("steps", &whole(steps))]))
    };
    let found = Memo::new(move |_| outcome(store));
    let jump = Memo::new(move |_| store.jump().filter(|goal| !matches!(goal, Goal::Steps(_))));
    let aim = move || match jump.get() {
        Some(Goal::Position(target)) => {
            let moment = moment_text(store, target);
            let values = [("moment", moment.as_str())];
            if store.is_rebuilding() { fill(store, "standing.rebuilding", &values) } else { fill(store, "standing.heading", &values) }
        }
        _ => t(store, "standing.converging").to_owned(),
    };
    let share = move || {
        let current = store.position().episode;
        match jump.get() {
            Some(Goal::Position(target)) if target.episode > 0 => f64::from(current) / f64::from(target.episode),
            Some(Goal::Convergence { before }) => f64::from(current) / f64::from(before),
            _ => 0.0,
        }
    };
    let still = move || jump.get().is_none();
    let outcome = move || {
        let Outcome { converged, text, help } = found.get().filter(|_| still())?;
        let about = help.clone();
        let mark = converged.then_some("✓ ");
        Some(view! { <p id="outcome" class:converged=converged title=about>{mark} {text} <span class="hidden">" " {help}</span></p> })
    };
    // On a phone the step itself stands far below.
    let last_step = move || {
        store.progress.track();
        (!store.is_moving()).then(|| step_text(store, store.position())).flatten()
    };
    view! {
        <div class="standing">
            <p id="position">{position}</p>
            <p id="total">{total}</p>
            <GoTo/>
        </div>
        <div class="standing">
            <p id="behind" class="fault" hidden=move || !store.is_behind()>{move || t(store, "standing.behind")}</p>
            {outcome}
            <div class="jump" hidden=still>
                <span id="aim">{aim}</span>
                <progress max="1" prop:value=move || share().min(1.0) aria-label=move || t(store, "standing.jump")></progress>
                <button id="cancel" class="small" type="button" on:click=move |event| {
                    go_on_from(&event, "play");
                    store.halt();
                }>{move || t(store, "standing.cancel")}</button>
            </div>
            <p class="fingerprint" hidden=move || !still() title=move || t(store, "standing.fingerprint_help")>
                <span>{move || t(store, "standing.fingerprint")}</span> " "
                <code id="fingerprint">{move || store.fingerprint.get().unwrap_or_else(|| "…".to_owned())}</code>
                <span class="hidden">" " {move || t(store, "standing.fingerprint_help")}</span>
            </p>
        </div>
        <p class="last-step">{last_step}</p>
    }
    .into_any()
}
