//! What the user wrote.
pub mod chart;
