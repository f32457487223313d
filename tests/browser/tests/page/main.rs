//! The page, driven as a visitor would.

mod golden;
mod harness;
mod smoke;
mod visitor;
