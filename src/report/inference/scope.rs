//! The part of an experiment that is compared.

use crate::model::Metric;

/// What is compared.
#[derive(Clone, Copy)]
pub struct PairScope<'a> {
    /// The metrics.
    pub metrics: &'a [Metric],
    /// The points; `None`: all.
    pub points: Option<&'a [usize]>,
    /// Names of transports besides the baseline; `None`: all.
    pub transports: Option<&'a [String]>,
}

impl PairScope<'_> {
    /// All points and transports.
    pub fn all(metrics: &[Metric]) -> PairScope<'_> {
        PairScope { metrics, points: None, transports: None }
    }

    pub(super) fn has_point(&self, point: usize) -> bool {
        self.points.is_none_or(|points| points.contains(&point))
    }

    /// Whether a transport of this name is asked for.
    pub fn has_transport(&self, name: &String) -> bool {
        self.transports.is_none_or(|names| names.contains(name))
    }
}
