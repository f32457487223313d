//! The engine in its own thread: answers the page's messages.

#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::JsCast;
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let _ = scope.post_message(&env!("CARGO_PKG_VERSION").into());
}

/// The worker exists in the browser only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
