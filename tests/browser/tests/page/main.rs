//! The page, driven as a visitor would.

mod harness;
mod smoke;
