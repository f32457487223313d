//! What several scenarios are made of.

pub mod field;
pub mod phrases;
pub mod shelf;
pub mod space;
pub mod stock;
