//! What the browser remembers for the visitor. Where storage is blocked it throws, and nothing is remembered; nor is anything by a page
//! that stands in a frame of another one.

use leptos::prelude::window;
use web_sys::Storage;

use super::address::is_embedded;

fn storage() -> Option<Storage> {
    if is_embedded() { None } else { window().local_storage().ok().flatten() }
}

/// A remembered choice.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers a choice, if the browser lets it.
pub fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}
