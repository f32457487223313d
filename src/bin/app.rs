//! The page.

#[cfg(target_arch = "wasm32")]
fn main() {
    retailq::web::app::mount();
}

/// The page exists in the browser only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
