//! Where the keyboard is.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Moves the focus to the element with this id. What cannot take it, as a group of fields, at least comes into view.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
        bring_into_view(&element);
    }
}

/// Scrolls no further than is needed to see an element.
pub fn bring_into_view(element: &Element) {
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    nearest.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
}

/// The button pressed here goes away, or no longer works: whoever pressed it with a key goes on from the element with this id.
pub fn go_on_from(event: &MouseEvent, id: &str) {
    if event.detail() == 0 {
        focus(id);
    }
}
