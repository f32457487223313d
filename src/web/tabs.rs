//! The lower half of the run: what was learned, and what can be studied about it, one tab at a time.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::i18n::t;
use super::store::Store;
use super::view::{CompareTab, Network, PolicyMap, SweepTab, Verdicts};

/// A tab: its content exists only while it is open.
struct Tab {
    /// Name in identifiers.
    key: &'static str,
    title: fn(Store) -> &'static str,
    content: fn() -> AnyView,
    /// Whether it has anything to show for the running experiment.
    offered: fn(Store) -> bool,
}

/// Every tab, in the order of the page.
#[rustfmt::skip]
static TABS: &[Tab] = &[
    Tab { key: "policy", title: |store| t(store, "view.policy.title"), content: || view! { <PolicyMap/> }.into_any(), offered: |_| true },
    Tab { key: "verdict", title: |store| t(store, "view.verdict.title"), content: || view! { <Verdicts/> }.into_any(), offered: |_| true },
    Tab { key: "network", title: |store| t(store, "view.network.title"), content: || view! { <Network/> }.into_any(), offered: |store| store.network().is_some() },
    Tab { key: "compare", title: |store| t(store, "compare.title"), content: || view! { <CompareTab/> }.into_any(), offered: |_| true },
    Tab { key: "sweep", title: |store| t(store, "sweep.title"), content: || view! { <SweepTab/> }.into_any(), offered: |_| true },
];

/// Opens a tab by its key.
pub fn open_tab(store: Store, key: &str) {
    store.tab.set(TABS.iter().position(|tab| tab.key == key).unwrap_or_default());
}

/// The row of tabs and the one that is open.
#[component]
pub fn Tabs() -> impl IntoView {
    let store = Store::get();
    let chosen = store.tab;
    let offered =
        Memo::new(move |_| TABS.iter().enumerate().filter(|(_, tab)| (tab.offered)(store)).map(|(index, _)| index).collect::<Vec<_>>());
    let open = Memo::new(move |_| if offered.get().contains(&chosen.get()) { chosen.get() } else { 0 });
    let button = move |index: usize| {
        let tab = &TABS[index];
        let selected = move || open.get() == index;
        view! {
            <button id=id(index) type="button" role="tab" aria-controls="tab-panel" aria-selected=move || selected().to_string()
                tabindex=move || if selected() { "0" } else { "-1" }
                on:click=move |_| chosen.set(index) on:keydown=move |event| turn(&event, &offered.get_untracked(), index, chosen)>
                {move || (tab.title)(store)}
            </button>
        }
    };
    view! {
        <div class="tabs">
            <div class="tab-row" role="tablist" aria-label=move || t(store, "tabs.label") hidden=move || offered.get().len() < 2>
                {move || offered.get().into_iter().map(button).collect_view()}
            </div>
            <div id="tab-panel" role="tabpanel" aria-labelledby=move || id(open.get())>{move || (TABS[open.get()].content)()}</div>
        </div>
    }
    .into_any()
}

fn id(index: usize) -> String {
    ["tab-", TABS[index].key].concat()
}

/// Arrow keys move along the row; the page's own use of them must wait.
fn turn(event: &KeyboardEvent, offered: &[usize], index: usize, chosen: RwSignal<usize>) {
    let place = offered.iter().position(|other| *other == index).unwrap_or_default();
    let next = match event.key().as_str() {
        "ArrowRight" => (place + 1) % offered.len(),
        "ArrowLeft" => (place + offered.len() - 1) % offered.len(),
        "Home" => 0,
        "End" => offered.len() - 1,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    chosen.set(offered[next]);
    if let Some(button) = document().get_element_by_id(&id(offered[next])) {
        let _ = button.unchecked_into::<HtmlElement>().focus();
    }
}
