//! The page: everything that knows the browser.
//!
//! The [`store`] holds what is seen, the [`driver`] decides what the worker is asked next, the [`worker_link`] carries messages, and
//! each region of the page is one small file.

pub mod i18n;
pub mod records;
pub mod worker_link;
pub mod driver;
pub mod store;
pub mod actions;
pub mod view;
