//! The page: everything that knows the browser.
//!
//! The [`store`] holds what is seen, the [`driver`] decides what the worker is asked next, the [`worker_link`] carries messages, and
//! each region of the page is one small file.

use crate::records;

mod i18n;
pub mod worker_link;
mod driver;
mod pool;
mod studies;
mod store;
mod actions;
mod format;
mod storage;
mod preferences;
mod address;
mod form;
mod problem;
mod learner;
mod transport;
mod dialog;
mod caption;
mod sheets;
mod files;
mod qr;
mod share_dialog;
mod gallery;
mod embed;
mod report;
mod keys;
mod notices;
mod view;
mod tabs;
pub mod app;
