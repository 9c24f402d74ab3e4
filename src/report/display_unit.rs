//! Units in which people read a column of numbers.

use crate::model::Metric;
use crate::report::digits::{decade, fixed, shifted};
use crate::stats::{Estimate, Interval};

/// A unit, and the power of ten that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisplayUnit {
    /// Its name; empty for plain numbers.
    pub name: &'static str,
    /// A value of the tables times ten to the power of this is in this unit.
    pub shift: i32,
}

/// Parts of a hundred, of a share.
pub const PERCENT: DisplayUnit = unit("%", 2);

/// Units by those of the tables, from small to large.
const LADDERS: &[(&str, &[DisplayUnit])] = &[
    ("s", &[unit("ns", 9), unit("µs", 6), unit("ms", 3), unit("s", 0)]),
    ("B", &[unit("B", 0), unit("kB", -3), unit("MB", -6), unit("GB", -9), unit("TB", -12)]),
    ("B/s", &[unit("B/s", 0), unit("kB/s", -3), unit("MB/s", -6), unit("GB/s", -9), unit("TB/s", -12)]),
    ("Mbit/s", &[unit("Mbit/s", 0), unit("Gbit/s", -3), unit("Tbit/s", -6)]),
];

/// Smaller units that a single value may have, but no column or axis, whose traffic is always told in Mbit/s.
const SMALL_RATES: [DisplayUnit; 2] = [unit("bit/s", 6), unit("kbit/s", 3)];

const fn unit(name: &'static str, shift: i32) -> DisplayUnit {
    DisplayUnit { name, shift }
}

/// The units in place of one of the tables, from small to large; `None` if there are no others.
pub fn ladder(unit: &str) -> Option<&'static [DisplayUnit]> {
    LADDERS.iter().find(|(known, _)| *known == unit).map(|(_, ladder)| *ladder)
}

/// The unit of a single value, in which it is at least 1 if there is one; `None` if there is no other than that of the
/// tables.
pub fn of_one(unit: &str, value: f64) -> Option<DisplayUnit> {
    let ladder = ladder(unit)?;
    if value == 0.0 || !value.is_finite() {
        return None;
    }
    let small = if unit == "Mbit/s" { &SMALL_RATES[..] } else { &[] };
    let units: Vec<DisplayUnit> = small.iter().chain(ladder).copied().collect();
    let decade = decade(value);
    units.iter().rev().find(|step| decade + step.shift >= 0).or(units.first()).copied()
}

/// The unit of this name, and all that can stand in its place, from small to large.
pub fn siblings(name: &str) -> Option<(DisplayUnit, &'static [DisplayUnit])> {
    LADDERS.iter().find_map(|(_, ladder)| Some((*ladder.iter().find(|unit| unit.name == name)?, *ladder)))
}

/// A smaller unit is taken where the least value of a column would begin behind this many decimals.
const MOST_DECIMALS: i32 = 3;
/// But not if the largest one is more than so many powers of ten larger.
const MOST_DECADES: i32 = 6;

impl DisplayUnit {
    /// The largest unit in which the largest value of a column is at least 1 and the least one can still be read.
    pub fn of(metric: Metric, values: impl Iterator<Item = f64>) -> DisplayUnit {
        if metric.unit().is_empty() && metric.name().ends_with("_fraction") {
            return PERCENT;
        }
        let plain = unit(metric.unit(), 0);
        let Some(ladder) = ladder(metric.unit()) else { return plain };
        let decades: Vec<i32> = values.filter(|value| *value != 0.0).map(decade).collect();
        let (Some(least), Some(largest)) = (decades.iter().min(), decades.iter().max()) else { return plain };
        let is_wide = largest - least > MOST_DECADES;
        let fits = |unit: &&DisplayUnit| largest + unit.shift >= 0 && (is_wide || least + unit.shift >= -MOST_DECIMALS);
        *ladder.iter().rev().find(fits).unwrap_or(&ladder[0])
    }

    /// What stands for a value in this unit with more zeros than can be read, where a smaller unit is only for others:
    /// `<0.001`.
    pub fn nearly_nothing(self, value: f64) -> Option<String> {
        let has_smaller = siblings(self.name).is_some_and(|(unit, ladder)| ladder.first() != Some(&unit));
        let is_tiny = has_smaller && value > 0.0 && decade(value) < -MOST_DECIMALS;
        if is_tiny { Some(format!("<{}", fixed(shifted(1.0, -MOST_DECIMALS), MOST_DECIMALS))) } else { None }
    }

    /// A value of the tables in this unit.
    pub fn to(self, value: f64) -> f64 {
        shifted(value, self.shift)
    }

    /// An estimate in this unit.
    pub fn convert(self, estimate: &Estimate) -> Estimate {
        let to = |value: f64| self.to(value);
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
    fn a_value_of_zeros_is_nearly_nothing() {
        let shown = |name: &str, value| siblings(name).unwrap().0.nearly_nothing(value);
        assert_eq!(shown("s", 0.000_999).as_deref(), Some("<0.001"));
        assert_eq!(shown("s", 0.001), None);
        assert_eq!(shown("s", 0.0), None);
        // There is nothing smaller.
        assert_eq!(shown("B/s", 0.000_1), None);
        assert_eq!(PERCENT.nearly_nothing(0.000_1), None);
    }

    #[test]
    fn one_unit_fits_a_column() {
        assert_eq!(unit(Metric::LatencyMean, &[0.091, 0.341]), "ms");
        assert_eq!(unit(Metric::LatencyMean, &[0.091, 11.5]), "s");
        assert_eq!(unit(Metric::LatencyMean, &[0.000_4, 1.5]), "ms");
        assert_eq!(unit(Metric::LatencyMean, &[0.000_4, 113.0]), "ms");
        assert_eq!(unit(Metric::LatencyMean, &[0.000_003, 113.0]), "s");
        assert_eq!(unit(Metric::LatencyMean, &[0.0, 0.0]), "s");
        assert_eq!(unit(Metric::HttpBytesPerSecond, &[3_600.0, 446_300.0]), "kB/s");
        assert_eq!(unit(Metric::HttpBytesPerMessage, &[217.0, 652.0]), "B");
        assert_eq!(unit(Metric::ArrivedFraction, &[1.0]), "%");
        assert_eq!(unit(Metric::RequestsPerMessage, &[30.4]), "");
    }
}
