//! Replications until estimates are precise.

use crate::model::Metric;

/// Replications until all goals are met.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// The goals, at least one.
    pub goals: Vec<Goal>,
    /// Fewest replications.
    pub fewest: u32,
    /// Most replications, even if a goal is not met by then.
    pub most: u32,
}

/// A half-width of a 95 % interval that is small enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// The metric.
    pub metric: Metric,
    /// The half-width.
    pub half_width: HalfWidth,
}

/// A half-width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfWidth {
    /// As a fraction of the estimate.
    Fraction(f64),
    /// In the unit of the metric.
    Absolute(f64),
}
