//! The model.
pub mod metric;
pub mod scenario;
