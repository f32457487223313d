//! RetailQ: see Q-learning solve published retail problems, with the exact optimum beside the learner.
//!
//! The modules are declared in the order in which values flow, and **a module uses only modules declared above it**.
//! A test in `tests/architecture.rs` holds that rule.

#[macro_use]
pub mod words;
pub mod agent;
pub mod beer_game;
pub mod bullwhip;
pub mod cachon_zipkin;
pub mod clark_scarf;
pub mod config;
pub mod csv;
pub mod demand;
pub mod environment;
pub mod invalid;
pub mod mdp;
pub mod model;
pub mod parameter;
pub mod planner;
pub mod random;
pub mod schedule;
pub mod share;
pub mod text;
pub mod transitions;
