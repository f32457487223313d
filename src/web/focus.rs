//! Where the keyboard is.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Moves the focus to the element with this id, and it into view. What cannot take the focus leaves it where it was.
pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.scroll_into_view();
        let _ = element.focus();
    }
}

/// The button pressed here goes away, or no longer works: whoever pressed it with a key goes on from the element with this id.
pub fn go_on_from(event: &MouseEvent, id: &str) {
    if event.detail() == 0 {
        focus(id);
    }
}
