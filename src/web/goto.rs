//! A field that goes to any step of the run: `120:5`, or as links write it, `120.5`.

use leptos::html;
use leptos::prelude::*;

use super::i18n::{self, fill, t};
use super::store::Store;
use retailq::config::Position;
use retailq::share::{in_episode, parse_position, position_text};

/// The field, and what is wrong with what stands in it.
#[component]
pub fn GoTo() -> impl IntoView {
    let store = Store::get();
    let field = NodeRef::<html::Input>::new();
    let fault = RwSignal::new(None::<String>);
    // Where the visitor wanted to go; the run may end the episode before.
    let wanted = RwSignal::new(None::<Position>);
    let go = move || {
        let Some(input) = field.get_untracked() else { return };
        match target(store, input.value().trim()) {
            Ok(position) => {
                fault.set(None);
                wanted.set(Some(position));
                store.seek(position);
            }
            Err(message) => {
                wanted.set(None);
                fault.set(Some(message));
            }
        }
    };
    // The field says where the run stands, unless somebody is typing.
    Effect::new(move |_| {
        let text = position_text(store.position()).replace('.', ":");
        if let Some(input) = field.get()
            && document().active_element().as_ref() != Some(input.as_ref())
        {
            input.set_value(&text);
        }
    });
    Effect::new(move |_| {
        store.experiment.track();
        fault.set(None);
        wanted.set(None);
    });
    Effect::new(move |_| {
        let moving = store.is_moving();
        let (Some(target), stand) = (wanted.get(), store.position()) else { return };
        if moving {
            return;
        }
        wanted.set(None);
        if stand == (Position { episode: target.episode + 1, step: 0 }) && target.step > 0 {
            let values = [target.episode.to_string(), target.step.to_string()];
            fault.set(Some(fill(store, "goto.ended", &[("episode", &values[0]), ("step", &values[1])])));
        }
    });
    let unable = move || store.facts.with(Option::is_none);
    view! {
        <span class="joined goto">
            <input id="goto" node_ref=field type="text" inputmode="decimal" enterkeyhint="go" autocomplete="off" placeholder="120:5"
                aria-label=move || t(store, "goto.label") title=move || t(store, "goto.label") aria-describedby="goto-fault"
                on:keydown=move |event| if event.key() == "Enter" { go() }/>
            <button id="goto-go" type="button" disabled=unable on:click=move |_| go()>{move || t(store, "goto.go")}</button>
        </span>
        <p id="goto-fault" class="fault" role="alert">{move || fault.get().unwrap_or_default()}</p>
    }
    .into_any()
}

/// The position a text names, or what is wrong with it.
fn target(store: Store, text: &str) -> Result<Position, String> {
    let fault = |fault| i18n::fault(store, text, &fault);
    let position = parse_position(&text.replace([':', '：'], ".")).map_err(|error| fault(error.fault))?;
    let steps = store.experiment.with_untracked(|running| running.as_ref().map_or(0, |running| running.settings.steps));
    in_episode(position, steps).map_err(fault)
}
