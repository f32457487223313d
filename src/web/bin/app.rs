//! The page and its workers: one file, downloaded and compiled once. Where there is no window it answers the page's messages.

#[cfg(target_arch = "wasm32")]
fn main() {
    if web_sys::window().is_some() {
        retailq_page::app::mount();
    } else {
        retailq_page::worker::run();
    }
}

/// The page exists in the browser only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
