//! A metric that is a ratio of sums.

use crate::stats::Ratio;

/// A metric that is a ratio of sums: numerator / denominator / divisor + offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quotient {
    /// Numerator and denominator.
    pub ratio: Ratio,
    /// Converts the ratio into the unit of the metric.
    pub divisor: f64,
    /// The value for a numerator of zero.
    pub offset: f64,
}

impl Quotient {
    /// Of two counts.
    pub(crate) fn of(above: u64, below: u64) -> Quotient {
        Quotient { ratio: Ratio { above: above.into(), below: below.into() }, divisor: 1.0, offset: 0.0 }
    }

    /// A ratio in nanoseconds, as a metric in seconds.
    pub(crate) fn nanos(above: u128, below: u128) -> Quotient {
        Quotient { ratio: Ratio { above, below }, divisor: 1e9, offset: 0.0 }
    }

    /// The metric; `None` if the denominator is zero.
    pub fn value(&self) -> Option<f64> {
        self.ratio.value().map(|ratio| self.in_unit(ratio))
    }

    /// A ratio in the unit of the metric.
    pub fn in_unit(&self, ratio: f64) -> f64 {
        ratio / self.divisor + self.offset
    }
}
