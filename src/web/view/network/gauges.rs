//! How full the memory is, when the target network follows, and how often the network has learned.

use leptos::prelude::*;

use crate::i18n::{fill, t};
use crate::store::Store;
use crate::view::calm::run_pulse;
use crate::view::color;
use retailq::agent::DIVERGED;
use retailq::agent::dqn::Lesson;
use retailq::chart::{Role, whole};
use retailq::config::Settings;

/// One line of words and two gauges.
pub fn gauges(store: Store) -> AnyView {
    let tick = run_pulse(store, 160);
    let content = move || {
        tick.track();
        let settings = store.network()?;
        let (steps, lesson, diverged) = store.progress.with_untracked(|progress| {
            progress.as_ref().map_or((0.0, None, false), |progress| (progress.steps, progress.lesson.clone(), progress.diverged))
        });
        let stands = match (&lesson, diverged) {
            (_, true) => DIVERGED.get(store.language.get()).to_owned(),
            (Some(lesson), _) => fill(store, "view.network.updates", &[("n", &whole(lesson.updates))]),
            (None, _) => fill(store, "view.network.watching", &[("n", &whole(warmup(&settings)))]),
        };
        let view = view! {
            <p class="network-stands" class:ending=diverged>{stands}</p>
            <div class="network-gauges">{memory(store, &settings, lesson.as_ref(), steps)}{copy(store, &settings, lesson.as_ref())}</div>
        };
        Some(view)
    };
    view! { {content} }.into_any()
}

/// Steps before learning begins.
fn warmup(settings: &Settings) -> f64 {
    settings.options.integer("warmup").map_or(0.0, |steps| steps as f64)
}

fn memory(store: Store, settings: &Settings, lesson: Option<&Lesson>, steps: f64) -> AnyView {
    let capacity = settings.options.integer("replay").map_or(0.0, |capacity| capacity as f64);
    if capacity == 0.0 {
        return view! { <p>{t(store, "view.network.forgets")}</p> }.into_any();
    }
    let filled = lesson.map_or(steps.min(capacity), |lesson| f64::from(lesson.remembered));
    let text = fill(store, "view.network.memory", &[("n", &whole(filled)), ("of", &whole(capacity))]);
    gauge(text, filled / capacity)
}

fn copy(store: Store, settings: &Settings, lesson: Option<&Lesson>) -> AnyView {
    let every = settings.options.integer("target_every").map_or(0.0, |every| every as f64);
    if every == 0.0 {
        return view! { <p>{t(store, "view.network.alone")}</p> }.into_any();
    }
    let left = lesson.and_then(|lesson| lesson.until_copy).unwrap_or(every);
    let text = fill(store, "view.network.copy", &[("n", &whole(left)), ("every", &whole(every))]);
    gauge(text, 1.0 - left / every)
}

fn gauge(text: String, share: f64) -> AnyView {
    let length = format!("{:.1}%", 100.0 * share.clamp(0.0, 1.0));
    view! {
        <div>
            <p>{text}</p>
            <span class="track"><span class="bar" style:width=length style:background=color(Role::Learner)></span></span>
        </div>
    }
    .into_any()
}
