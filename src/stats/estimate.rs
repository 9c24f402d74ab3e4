//! A number from several replications, and its confidence interval.

use super::Summary;

/// The value of a metric over all replications, with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value, in the unit of the metric.
    pub value: f64,
    /// The 95 % confidence interval; `None` if no interval would cover as it should.
    pub interval: Option<Interval>,
    /// How many replications had a sample.
    pub samples: usize,
}

/// The ends of a 95 % confidence interval, in the unit of the metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Half the distance of the ends.
    pub half_width: f64,
}

impl Interval {
    /// The interval of this half-width around `value`.
    pub fn around(value: f64, half_width: f64) -> Interval {
        Interval { low: value - half_width, high: value + half_width, half_width }
    }

    /// The interval with these ends.
    pub fn between(low: f64, high: f64) -> Interval {
        Interval { low, high, half_width: (high - low) / 2.0 }
    }

    /// Whether it contains `value`.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

impl Estimate {
    /// A value without an interval.
    pub fn bare(value: f64, samples: usize) -> Estimate {
        Estimate { value, interval: None, samples }
    }

    /// Half the width of the interval, if there is one.
    pub fn half_width(&self) -> Option<f64> {
        self.interval.map(|interval| interval.half_width)
    }

    /// The same value, without its interval unless `is_honest`.
    #[must_use]
    pub fn only_if(self, is_honest: bool) -> Estimate {
        Estimate { interval: if is_honest { self.interval } else { None }, ..self }
    }
}

impl From<Summary> for Estimate {
    fn from(summary: Summary) -> Estimate {
        let interval = summary.half_width.map(|half_width| Interval::around(summary.mean, half_width));
        Estimate { value: summary.mean, interval, samples: summary.samples }
    }
}
