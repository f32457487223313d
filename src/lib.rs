//! RetailQ: see Q-learning solve published retail problems, with the exact optimum beside the learner.
//!
//! The modules are declared in the order in which values flow, and **a module uses only modules declared above it**.
//! A test in `tests/architecture.rs` holds that rule.

#[macro_use]
pub mod words;
pub mod order;
pub mod text;
pub mod abbreviate;
pub mod invalid;
pub mod typed;
pub mod base64;
pub mod pack;
pub mod json;
pub mod random;
pub mod schedule;
pub mod demand;
pub mod csv;
pub mod transitions;
pub mod parameter;
pub mod mdp;
pub mod theory;
pub mod environment;
pub mod model;
pub mod planner;
pub mod agent;
pub mod config;
pub mod share;

pub mod evaluate;
pub mod mistakes;
pub mod sample;
pub mod rollout;
pub mod verdict;
pub mod metrics;
pub mod trainer;
pub mod checkpoints;
pub mod story;
pub mod export;
pub mod budget;
pub mod protocol;
pub mod records;
pub mod session;

pub mod chart;
pub mod study;
