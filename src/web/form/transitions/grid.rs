//! The rows on show: an input a cell, paste, and the keys of a spreadsheet.

use js_sys::{Function, Reflect};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::{PAGE, Work};
use crate::form::input::{Text, mark};
use crate::i18n::{self, fill, say, t};
use crate::store::Store;
use retailq::environment::custom::Sheet;
use retailq::transitions::FIELDS;
use retailq::words::Words;

/// A text of the page.
type Heading = fn(Store) -> &'static str;

/// Columns with their headings and whether they hold numbers.
const COLUMNS: [(Heading, bool); FIELDS.len()] = [
    (|store| t(store, "grid.state"), false),
    (|store| t(store, "grid.action"), false),
    (|store| t(store, "grid.probability"), true),
    (|store| t(store, "grid.to"), false),
    (|store| t(store, "grid.reward"), true),
];
/// What the inputs' names begin with; row and column follow.
const CELL: &str = "grid-";

/// The table of the rows on show.
#[component]
pub fn Grid(work: Work, id: String, name: Words) -> impl IntoView {
    let store = work.binding.store;
    let shown = Memo::new(move |_| {
        let (first, count) = (work.first.get(), work.sheet.with(Sheet::len));
        (first, count.min(first + PAGE))
    });
    let heads = COLUMNS.map(|(heading, _)| view! { <th scope="col">{move || heading(store)}</th> });
    let paste = move |event: &ev::Event| {
        let (Some((row, column)), Some(text)) = (place(event), pasted(event)) else { return };
        let mut sheet = work.sheet.get_untracked();
        if sheet.paste(row, column, &text).is_some() {
            event.prevent_default();
            work.rearrange(move |current| *current = sheet);
        }
    };
    let key = move |event: KeyboardEvent| {
        let Some((row, column)) = place(&event) else { return };
        let to = match event.key().as_str() {
            "Enter" if event.ctrl_key() => {
                work.rearrange(|sheet| sheet.add_below(row));
                Some((row + 1, 2))
            }
            "Enter" | "ArrowDown" => Some((row + 1, column)).filter(|(row, _)| *row < work.sheet.with_untracked(Sheet::len)),
            "ArrowUp" => row.checked_sub(1).map(|row| (row, column)),
            _ => None,
        };
        if let Some((row, column)) = to {
            event.prevent_default();
            focus(work, row, column);
        }
    };
    view! {
        <table id=id aria-label=move || say(store, &name) on:paste=move |event| paste(&event) on:keydown=key>
            <thead><tr><th scope="col">"#"</th>{heads.into_iter().collect_view()}<td></td></tr></thead>
            <tbody>{move || (shown.get().0..shown.get().1).map(|row| line(work, row)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn line(work: Work, row: usize) -> AnyView {
    let store = work.binding.store;
    let number = row + 1;
    let fault = Memo::new(move |_| work.faults.with(|faults| faults.iter().find(|fault| fault.row as usize == number).cloned()));
    let fault_id = format!("{CELL}{row}-fault");
    let cell = |column: usize| {
        let (heading, numeric) = COLUMNS[column];
        let shown = Signal::derive(move || work.sheet.with(|sheet| sheet.shown(row, column, store.language.get())));
        let label = Signal::derive(move || fill(store, "table.cell", &[("row", &number.to_string()), ("column", heading(store))]));
        let edit = Callback::new(move |text: String| work.write(row, column, &text));
        let (id, described) = (format!("{CELL}{row}-{column}"), fault_id.clone());
        let wrong = move || fault.with(|fault| fault.as_ref().is_some_and(|fault| fault.field == column));
        mark(id.clone(), wrong);
        view! { <td class:faulty=wrong><Text id described label value=shown restored=work.renewed edit numeric/></td> }
    };
    let cells = (0..FIELDS.len()).map(cell).collect_view();
    let said = move || fault.get().map(|fault| i18n::fault(store, &fault.value, &fault.fault));
    let remove = move |_| {
        work.rearrange(|sheet| sheet.remove(row));
        focus(work, row.min(work.sheet.with_untracked(Sheet::len) - 1), 0);
    };
    view! {
        <tr class="cells">
            <th scope="row">{number}</th>
            {cells}
            <td><button class="icon" type="button" on:click=remove aria-label=move || fill(store, "table.remove", &[("row", &number.to_string())])>"×"</button></td>
        </tr>
        <tr class="row-fault" hidden=move || fault.with(Option::is_none)><td colspan="7"><p class="fault" id=fault_id>{said}</p></td></tr>
    }
    .into_any()
}

/// Puts the focus into a cell, on whichever page it is.
pub fn focus(work: Work, row: usize, column: usize) {
    work.turn_to(row);
    request_animation_frame(move || {
        let cell = document().get_element_by_id(&format!("{CELL}{row}-{column}"));
        if let Some(input) = cell.and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) {
            // An element that cannot take the focus leaves it where it was.
            let _ = input.focus();
        }
    });
}

/// Row and column of the cell an event happened in.
fn place(event: &ev::Event) -> Option<(usize, usize)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let id = target.id();
    let (row, column) = id.strip_prefix(CELL)?.split_once('-')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

/// The text that a paste brings.
fn pasted(event: &ev::Event) -> Option<String> {
    let clipboard = Reflect::get(event, &JsValue::from_str("clipboardData")).ok()?;
    let get: Function = Reflect::get(&clipboard, &JsValue::from_str("getData")).ok()?.dyn_into().ok()?;
    get.call1(&clipboard, &JsValue::from_str("text/plain")).ok()?.as_string()
}
