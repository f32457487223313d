//! The page, driven as a visitor would.

mod golden;
mod harness;
mod lighthouse;
mod smoke;
mod visitor;
