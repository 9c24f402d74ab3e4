//! Units in which people read a column of numbers.

use crate::model::Metric;
use crate::report::digits::{decade, shifted};
use crate::stats::{Estimate, Interval};

/// A unit, and the power of ten that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DisplayUnit {
    /// Its name; empty for plain numbers.
    pub name: &'static str,
    /// A value of the tables times ten to the power of this is in this unit.
    pub shift: i32,
}

/// Units by those of the tables, from small to large.
const LADDERS: &[(&str, &[(&str, i32)])] = &[
    ("s", &[("ns", 9), ("µs", 6), ("ms", 3), ("s", 0)]),
    ("B", &[("B", 0), ("kB", -3), ("MB", -6), ("GB", -9), ("TB", -12)]),
    ("B/s", &[("B/s", 0), ("kB/s", -3), ("MB/s", -6), ("GB/s", -9), ("TB/s", -12)]),
];

/// A smaller unit is taken where the least value of a column would begin behind this many decimals.
const MOST_DECIMALS: i32 = 3;

impl DisplayUnit {
    /// The largest unit in which the largest value of a column is at least 1 and the least one can still be read.
    pub fn of(metric: Metric, values: impl Iterator<Item = f64>) -> DisplayUnit {
        let plain = DisplayUnit { name: metric.unit(), shift: 0 };
        if metric.unit().is_empty() && metric.name().ends_with("_fraction") {
            return DisplayUnit { name: "%", shift: 2 };
        }
        let Some((_, ladder)) = LADDERS.iter().find(|(unit, _)| *unit == metric.unit()) else { return plain };
        let decades: Vec<i32> = values.filter(|value| *value != 0.0).map(decade).collect();
        let (Some(least), Some(largest)) = (decades.iter().min(), decades.iter().max()) else { return plain };
        let fits = |(_, shift): &&(&str, i32)| largest + shift >= 0 && least + shift >= -MOST_DECIMALS;
        let (name, shift) = ladder.iter().rev().find(fits).unwrap_or(&ladder[0]);
        DisplayUnit { name, shift: *shift }
    }

    /// An estimate in this unit.
    pub fn convert(self, estimate: &Estimate) -> Estimate {
        let to = |value: f64| shifted(value, self.shift);
        let interval = estimate.interval.map(|interval| Interval {
            low: to(interval.low),
            high: to(interval.high),
            half_width: to(interval.half_width),
        });
        Estimate { value: to(estimate.value), interval, samples: estimate.samples }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(metric: Metric, values: &[f64]) -> &'static str {
        DisplayUnit::of(metric, values.iter().copied()).name
    }

    #[test]
    fn one_unit_fits_a_column() {
        assert_eq!(unit(Metric::LatencyMean, &[0.091, 0.341]), "ms");
        assert_eq!(unit(Metric::LatencyMean, &[0.091, 11.5]), "s");
        assert_eq!(unit(Metric::LatencyMean, &[0.000_4, 1.5]), "ms");
        assert_eq!(unit(Metric::LatencyMean, &[0.0, 0.0]), "s");
        assert_eq!(unit(Metric::HttpBytesPerSecond, &[3_600.0, 446_300.0]), "kB/s");
        assert_eq!(unit(Metric::HttpBytesPerMessage, &[217.0, 652.0]), "B");
        assert_eq!(unit(Metric::ArrivedFraction, &[1.0]), "%");
        assert_eq!(unit(Metric::RequestsPerMessage, &[30.4]), "");
    }
}
