//! A visitor without a screen: serves `dist/` as a static host would, and drives headless Chromium through the page.
//!
//! [`Browser`] owns the site and the browser's process, [`Page`] is a tab. A test reads like what a visitor does:
//!
//! ```no_run
//! let browser = retailq_browser_tests::Browser::start();
//! let mut page = browser.page();
//! page.open("");
//! page.click("#play");
//! page.wait_for("document.querySelector('#episode').textContent === '300'", 5.0);
//! ```
//!
//! This is test code: whatever goes wrong panics, saying what was expected.

mod browser;
mod connection;
mod firefox;
mod input;
mod log;
mod page;
mod process;
mod site;
mod weight;

pub use browser::Browser;
pub use firefox::Firefox;
pub use log::Message;
pub use page::{Frames, Page, screens};
pub use weight::compressed;

use std::path::PathBuf;

/// The built page: `RETAILQ_DIST`, or the project's `dist/`.
pub fn dist() -> PathBuf {
    let own = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../dist");
    let directory = std::env::var_os("RETAILQ_DIST").map_or_else(own, PathBuf::from);
    assert!(directory.join("index.html").is_file(), "{} holds no page: run `cargo xtask dist` first", directory.display());
    directory
}
