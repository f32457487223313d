//! The page.

#[cfg(target_arch = "wasm32")]
fn main() {
    use leptos::prelude::*;
    mount_to_body(|| view! { <main><h1>"RetailQ"</h1></main> });
}

/// The page exists in the browser only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
