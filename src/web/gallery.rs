//! Every preset with the one line that its run then shows: one click opens it and plays.

use leptos::html;
use leptos::prelude::*;

use super::caption::title;
use super::dialog::Dialog;
use super::i18n::{fill, say, t};
use super::storage;
use super::store::Store;
use retailq::environment::{Preset, Problem, SCENARIOS, Scenario};

const SEEN: &str = "retailq.gallery";

/// The button in the head of the page; until the gallery was opened once, it stands out.
#[component]
pub fn GalleryButton(open: RwSignal<bool>) -> impl IntoView {
    let store = Store::get();
    let fresh = RwSignal::new(storage::read(SEEN).is_none());
    let press = move |_| {
        fresh.set(false);
        storage::write(SEEN, "seen");
        open.set(true);
    };
    let text = move || t(store, "gallery.title");
    view! { <button id="gallery" class="quiet" class:fresh=move || fresh.get() type="button" on:click=press>{text}</button> }.into_any()
}

/// The gallery; its cards exist only while it is open.
#[component]
pub fn Gallery(open: RwSignal<bool>) -> impl IntoView {
    let store = Store::get();
    let content = move || {
        open.get().then(|| {
            let groups: Vec<_> = Problem::ALL.into_iter().filter_map(|problem| group(store, problem, open)).collect();
            let (jumps, groups): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
            view! { <nav class="row" aria-label=t(store, "gallery.groups")>{jumps}</nav>{groups} }
        })
    };
    view! {
        <Dialog id="gallery-dialog" title=|store| t(store, "gallery.title") open>
            <p>{move || t(store, "gallery.about")}</p>
            {content}
        </Dialog>
    }
    .into_any()
}

/// The way to the cards of a problem, and the cards.
fn group(store: Store, problem: Problem, open: RwSignal<bool>) -> Option<(AnyView, AnyView)> {
    let scenarios = SCENARIOS.iter().filter(|scenario| scenario.problem == problem);
    let presets = scenarios.flat_map(|scenario| scenario.presets.iter().map(move |preset| (*scenario, preset)));
    let cards: Vec<_> = presets.map(|(scenario, preset)| card(store, scenario, preset, open)).collect();
    let name = say(store, &problem.name());
    let heading = NodeRef::<html::H3>::new();
    // Not a link: the address belongs to the run. The next Tab goes on from the heading.
    let jump = move |_| heading.get_untracked().map_or((), |heading| drop(heading.focus()));
    (!cards.is_empty()).then(|| {
        (
            view! { <button class="small" type="button" on:click=jump>{name.clone()}</button> }.into_any(),
            view! { <h3 node_ref=heading tabindex="-1">{name}</h3><ul class="examples">{cards}</ul> }.into_any(),
        )
    })
}

fn card(store: Store, scenario: &'static Scenario, preset: &'static Preset, open: RwSignal<bool>) -> AnyView {
    let source = match &preset.source {
        Some(source) => fill(store, "problem.source", &[("source", &say(store, source))]),
        None => t(store, "gallery.own").to_owned(),
    };
    let pick = move |_| {
        open.set(false);
        store.mark_discrete();
        store.show_preset(preset.key);
        // What was chosen is read from its top.
        if let Ok(Some(column)) = document().query_selector(".set-up") {
            column.set_scroll_top(0);
        }
    };
    view! {
        <li>
            <button class="example" type="button" data-preset=preset.key on:click=pick>
                <svg viewBox="0 0 32 32" aria-hidden="true"><path d=drawing(scenario.key)></path></svg>
                <span class="example-claim">{say(store, &preset.claim)}</span>
                <span class="example-name">{title(store, scenario, preset)}</span>
                <span class="example-source">{source}</span>
            </button>
        </li>
    }
    .into_any()
}

/// What a scenario is about, in a few strokes.
fn drawing(scenario: &str) -> &'static str {
    match scenario {
        // Genres in turn.
        "boredom" => "M3 26h26M6 26V15h5v11M14 26V7h5v19M22 26V12h5v14",
        // A present.
        "promotion_menu" => "M5 14h22v12H5zM4 9h24v5H4zM16 9v17M16 9c-3-7-10-4-7-1 1 1 4 1 7 1 3 0 6 0 7-1 3-3-4-6-7 1",
        // A letter.
        "recency" => "M4 8h24v17H4zM4 9l12 9 12-9",
        // An open book.
        "catalogue" => "M16 9C13 7 8 7 4 8v17c4-1 9-1 12 1 3-2 8-2 12-1V8c-4-1-9-1-12 1zv17",
        // Building blocks.
        "toymaker" => "M5 17h10v10H5zM17 17h10v10H17zM11 7h10v10H11z",
        // A price tag, and the price that is remembered.
        "reference_price" => "M4 4h11l9 9-11 11-9-9zM9 9h.1M18 27l10-10",
        // A shelf that is filled at once.
        "puterman" => "M3 26h26M5 18h6v8H5zM13 18h6v8h-6zM21 18h6v8h-6zM16 4v9M12 9l4 4 4-4",
        // What is on its way.
        "lost_sales" => "M3 9h15v14H3zM18 14h6l5 5v4H18zM6 25a2 2 0 1 0 4 0M20 25a2 2 0 1 0 4 0",
        // Stock that falls and is filled up.
        "backorder" => "M4 5v22h24M4 9l7 11V9l7 11V9l7 11V9",
        // Seasons.
        "forecast" => "M3 21C7 7 11 7 15 16s8 8 13-10M3 27h26",
        // Level after level.
        "serial_chain" => "M3 12h7v8H3zM13 12h7v8h-7zM23 12h6v8h-6zM10 16h3M20 16h3",
        // A mug.
        "beer_factory" => "M7 8h13v18H7zM20 12h3c6 0 6 10 0 10h-3M11 13v8M16 13v8",
        // A question.
        "clarify" => "M4 5h24v16H14l-6 6v-6H4zM13 11c0-4 6-4 6 0 0 2-3 2-3 4M16 18h.1",
        // A headset.
        "troubleshoot" => "M5 19v-3a11 11 0 0 1 22 0v3M5 18h4v8H5zM23 18h4v8h-4zM27 26c0 3-5 3-9 3",
        // Two shops, two prices.
        "duopoly" => "M3 27h26M5 27V15h8v12M19 27V9h8v18M9 15V9M23 9V3",
        // A price that comes down.
        "clearance" => "M3 6h6v6h6v6h6v6h8M3 29h26",
        // States and ways between them.
        "garnet" => "M8 8l16 4M8 8l4 16M12 24l12-12M24 12l3 13M12 24l15 1",
        // A table of one's own.
        _ => "M4 6h24v20H4zM4 13h24M4 20h24M12 6v20",
    }
}
