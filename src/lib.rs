pub mod engine;
pub mod experiment;
pub mod model;
pub mod random;
pub mod stats;
pub mod units;
