//! What went wrong and what is going on, said to everybody.

use leptos::prelude::*;

use super::address::open_first;
use super::focus::{focus, go_on_from};
use super::i18n::{fill, gap, say, sentences, t, told};
use super::standing::outcome;
use super::store::{Status, Store};
use super::view::moment::amount;
use retailq::agent::DIVERGED;
use retailq::chart::{share_text, whole};
use retailq::config::Position;
use retailq::mdp::Action;

/// Milliseconds between announcements to a screen reader.
const ANNOUNCE_EVERY: f64 = 4000.0;

/// A broken link, a worker that crashed, a network that diverged, a form that does not fit together.
#[component]
pub fn Notices() -> impl IntoView {
    let store = Store::get();
    let broken = move || {
        let errors = store.broken.get();
        (!errors.is_empty()).then(|| {
            let line = |error: &retailq::invalid::Invalid| view! { <li>{error.message(store.language.get())}</li> };
            let nothing = store.experiment.with(Option::is_none);
            let leave = move |event| {
                go_on_from(&event, "scenario");
                store.broken.update(Vec::clear);
                if nothing {
                    store.mark_discrete();
                    open_first(store);
                }
            };
            let (about, button) = if nothing {
                (t(store, "broken.nothing"), t(store, "broken.open_default"))
            } else {
                (t(store, "broken.kept"), t(store, "notice.dismiss"))
            };
            view! {
                <div id="broken" class="notice bad" role="alert">
                    <div><strong>{t(store, "broken.title")}</strong> {gap(store)} {about} <ul>{errors.iter().map(line).collect_view()}</ul></div>
                    <button id="leave-broken" type="button" on:click=leave>{button}</button>
                </div>
            }
        })
    };
    let crash = move || match store.status.get() {
        Status::Crashed(message) => Some(view! {
            <div id="crash" class="notice bad" role="alert">
                <p>{fill(store, "crash.dead", &[("message", &message)])}</p>
                <button type="button" on:click=move |_| store.restart_worker()>{t(store, "crash.restart")}</button>
            </div>
        }),
        _ => None,
    };
    let restarted = move || {
        store.restarted.get().then(|| {
            view! {
                <div id="restarted" class="notice" role="status">
                    <p>{t(store, "crash.restarted")}</p>
                    <button type="button" on:click=move |_| store.restarted.set(false)>{t(store, "notice.dismiss")}</button>
                </div>
            }
        })
    };
    let is_diverged = Memo::new(move |_| store.progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.diverged)));
    let diverged = move || {
        let words = || DIVERGED.get(store.language.get()).to_owned();
        is_diverged.get().then(|| view! { <div id="diverged" class="notice bad" role="alert"><p>{words()}</p></div> })
    };
    view! { <div class="notices">{broken} {crash} {restarted} {diverged} {move || refused(store)}</div> }.into_any()
}

/// That the form does not fit together, wherever its fields are: what runs is not what it shows.
fn refused(store: Store) -> Option<AnyView> {
    let error = store.refused.with(|errors| errors.first().cloned()).filter(|_| store.broken.with(Vec::is_empty))?;
    let said = fill(store, "notice.refused", &[("fault", &told(store, &error))]);
    let field = if error.key == "scenario" { error.key.clone() } else { ["field-", &error.key].concat() };
    let view = view! {
        <div id="refused" class="notice bad" role="status">
            <p>{said}</p>
            <button type="button" on:click=move |_| focus(&field)>{t(store, "notice.show")}</button>
        </div>
    };
    Some(view.into_any())
}

/// Says now and then how far the run is, for those who do not see the charts.
#[component]
pub fn Announcer() -> impl IntoView {
    let store = Store::get();
    let text = RwSignal::new(String::new());
    let said_at = StoredValue::new(0.0);
    Effect::new(move |before: Option<f64>| {
        let still = !store.is_moving();
        let stand = store.progress.with(|progress| progress.as_ref().map(|progress| (progress.position, progress.steps)));
        let (Some((position, steps)), before) = (stand, before.unwrap_or_default()) else { return 0.0 };
        // Who goes step by step wants to hear the step.
        if still && (steps - before).abs() == 1.0 {
            text.set(step_text(store, position).unwrap_or_default());
            return steps;
        }
        let now = js_sys::Date::now();
        if !still && now - said_at.get_value() < ANNOUNCE_EVERY {
            return steps;
        }
        said_at.set_value(now);
        let share = store.records.with_untracked(|records| records.checkups.last().map_or(0.0, |checkup| checkup.share));
        let values = [whole(position.episode.into()), whole(position.step.into()), share_text(share.abs())];
        let values = [("episode", values[0].as_str()), ("step", &values[1]), ("share", &values[2])];
        let progress = if share < 0.0 { fill(store, "announce.astray", &values) } else { fill(store, "announce.progress", &values) };
        text.set(sentences(store, progress, untrack(|| outcome(store)).map(|outcome| outcome.text).unwrap_or_default()));
        steps
    });
    view! { <p class="hidden" aria-live="polite">{text}</p> }.into_any()
}

/// What was done in the last step, and what came of it.
pub fn step_text(store: Store, position: Position) -> Option<String> {
    let moment = store.progress.with_untracked(|progress| progress.as_ref()?.moment.clone())?;
    let running = store.experiment.get_untracked()?;
    let action = say(store, &running.environment.action_name(Action(moment.action)));
    let texts = [whole(position.episode.into()), whole(position.step.into()), amount(moment.reward), amount(moment.after)];
    let values = [("episode", texts[0].as_str()), ("step", &texts[1]), ("action", &action), ("reward", &texts[2]), ("value", &texts[3])];
    Some(fill(store, "announce.step", &values))
}
