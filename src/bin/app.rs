//! The page.

#[cfg(target_arch = "wasm32")]
fn main() {
    leptos::mount::mount_to_body(|| leptos::prelude::IntoView::into_view("RetailQ"));
}

/// The page exists in the browser only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
