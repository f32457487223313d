//! What the browser remembers for the visitor. Where storage is blocked it throws, and nothing is remembered.

use leptos::prelude::window;

/// A remembered choice.
pub fn read(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Remembers a choice, if the browser lets it.
pub fn write(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}
