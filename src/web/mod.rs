//! The page: everything that knows the browser.
//!
//! The [`store`] holds what is seen, the [`driver`] decides what the worker is asked next, the [`worker_link`] carries messages, and
//! each region of the page is one small file.

#![cfg(target_arch = "wasm32")]

#[macro_use]
extern crate retailq;

mod i18n;
mod worker_link;
pub mod worker;
mod driver;
mod heading;
mod questions;
mod pool;
mod studies;
mod store;
mod actions;
mod storage;
mod preferences;
mod address;
mod curve;
mod focus;
mod form;
mod problem;
mod learner;
mod transport;
mod goto;
mod standing;
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
