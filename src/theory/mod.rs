//! What is known of retail problems by other means than decision processes: policies and prices of the trade, which the scenarios offer
//! as baselines and the tests hold against the optimum.

pub mod beer_game;
pub mod cachon_zipkin;
pub mod clark_scarf;
pub mod logit;
pub mod reorder_point;
