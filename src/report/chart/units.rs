//! The units on axes and beside values.

use super::format::{grouped, plain};
use crate::experiment::chart::AxisScale;
use crate::report::digits::{Digits, decade, rounded_decade, shifted};
use crate::report::display_unit::{DisplayUnit, PERCENT, ladder, of_one, siblings};

/// The unit of an axis whose values are in `unit`: on a linear axis the one of its ends, on a logarithmic one that of its
/// middle; but from hundredths of a second to seconds it is seconds, and from a few bytes to 100,000 it is bytes, as
/// people say them. Shares are in percent.
pub fn axis_unit(
    unit: &str,
    is_share: bool,
    axis: AxisScale,
    values: impl Iterator<Item = f64>,
) -> Option<DisplayUnit> {
    if is_share {
        return Some(PERCENT);
    }
    let ladder = ladder(unit)?;
    let decades: Vec<i32> = values.filter(|value| *value != 0.0 && value.is_finite()).map(decade).collect();
    let (least, largest) = (*decades.iter().min()?, *decades.iter().max()?);
    let wanted = match axis {
        AxisScale::Linear => largest,
        AxisScale::Log if unit == "s" && least >= -2 && largest >= 0 => largest,
        AxisScale::Log if unit.starts_with('B') && least <= 1 && largest <= 4 => least,
        AxisScale::Log => (least + largest).div_euclid(2) + (least + largest).rem_euclid(2),
    };
    ladder.iter().rev().find(|step| wanted + step.shift >= 0).or(ladder.first()).copied()
}

/// The unit of an axis of bars, whose values are written in it, too: the one that fits the middle one of the values,
/// unless the largest would have more than four digits before its point.
pub fn column_unit(unit: &str, is_share: bool, axis: AxisScale, values: &[f64]) -> Option<DisplayUnit> {
    let usual = axis_unit(unit, is_share, axis, values.iter().copied());
    let ladder = if is_share { None } else { ladder(unit) };
    let shown = values.iter().filter(|value| **value != 0.0 && value.is_finite());
    let mut decades: Vec<i32> = shown.map(|value| decade(*value)).collect();
    decades.sort_unstable();
    let (Some(ladder), Some(middle), Some(largest)) = (ladder, decades.get(decades.len() / 2), decades.last()) else {
        return usual;
    };
    let wanted = ladder.iter().rev().find(|step| middle + step.shift >= 0).or(ladder.first());
    wanted.filter(|step| largest + step.shift < MOST_DIGITS).copied().or(usual)
}

/// More significant digits are for tables.
const MOST_DIGITS: i32 = 4;
/// Significant digits of a value without an interval.
const ROUGH_DIGITS: i32 = 3;

/// The values that stand below each other, behind bars or dots.
pub struct BarColumn {
    /// Decimals at most; `None` for dots: they differ by powers of ten.
    most_decimals: Option<i32>,
}

impl BarColumn {
    /// The column of these values on such an axis: no value has more decimals than the largest one may have.
    pub fn of(values: impl Iterator<Item = f64>, axis: AxisScale) -> BarColumn {
        let largest = values.map(f64::abs).fold(0.0, f64::max);
        let most = || (MOST_DIGITS - 1 - rounded_decade(largest, MOST_DIGITS)).max(0);
        BarColumn { most_decimals: if axis == AxisScale::Log || largest == 0.0 { None } else { Some(most()) } }
    }

    /// A value with the digits that half of its interval allows: `91 ms`, `12,300`. It keeps two significant digits.
    pub fn written(&self, value: f64, half: Option<f64>, unit: &str) -> String {
        if let Some((shift, unit)) = smaller_unit(value, unit) {
            let alone = BarColumn { most_decimals: None };
            return alone.written(shifted(value, shift), half.map(|half| shifted(half, shift)), unit);
        }
        let digits = match Digits::of_half(value, half) {
            Digits::Rough if value != 0.0 => Digits::Decimals(ROUGH_DIGITS - 1 - rounded_decade(value, ROUGH_DIGITS)),
            // An exact value that is no whole number may have endless decimals.
            Digits::Exact if value.fract() != 0.0 => Digits::Decimals(9).at_most(MOST_DIGITS, value),
            digits => digits.at_most(MOST_DIGITS, value),
        };
        let digits = match (digits, self.most_decimals) {
            (Digits::Decimals(decimals), Some(most)) if value != 0.0 => {
                Digits::Decimals(decimals.min(most.max(1 - rounded_decade(value, 2))))
            }
            (digits, _) => digits,
        };
        with_unit(&grouped(&digits.write(value)), unit)
    }
}

/// The unit of a value that would begin with too many zeros in that of its column, and the power of ten to it.
fn smaller_unit(value: f64, unit: &str) -> Option<(i32, &'static str)> {
    const MOST_ZEROS: i32 = 3;
    if value == 0.0 || !value.is_finite() || decade(value) >= -MOST_ZEROS {
        return None;
    }
    let (now, ladder) = siblings(unit)?;
    let fits = |step: &&DisplayUnit| decade(value) + step.shift - now.shift >= 0;
    let best = ladder.iter().rev().find(fits).or(ladder.first())?;
    if best.shift > now.shift { Some((best.shift - now.shift, best.name)) } else { None }
}

/// A number with its unit: `20 ms`, `5/s`.
pub fn with_unit(number: &str, unit: &str) -> String {
    match unit {
        "" => number.to_owned(),
        "1/s" | "/s" => format!("{number}/s"),
        unit => format!("{number} {unit}"),
    }
}

/// A value for people: `20 ms`, `50 %`, `1 in 100 s`.
pub fn in_words(value: f64, unit: &str, is_share: bool) -> String {
    /// Beyond this many seconds between two events, "every" is as hard to read as a small number.
    const LONGEST: f64 = 1e6;
    if unit == "1/s" {
        let every = 1.0 / value;
        let is_round = (every - every.round()).abs() < 1e-9 * every;
        return match value {
            value if value > 0.0 && value < 1.0 && is_round && every < LONGEST => {
                format!("1 in {} s", plain(every.round()))
            }
            value => with_unit(&plain(value), unit),
        };
    }
    if unit == "s"
        && let Some((number, unit)) = long_time(value)
    {
        return with_unit(&plain(number), unit);
    }
    let shown = if is_share { Some(PERCENT) } else { of_one(unit, value) };
    match shown {
        Some(shown) => with_unit(&plain(shown.to(value)), shown.name),
        None => with_unit(&plain(value), unit),
    }
}

/// Units of time beyond seconds, which are no powers of ten.
const LONG_TIMES: [(f64, &str); 3] = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min")];

/// A time of whole minutes, hours or days, at least two of them.
fn long_time(seconds: f64) -> Option<(f64, &'static str)> {
    let whole = |(unit, name): (f64, &'static str)| {
        let count = seconds / unit;
        if count >= 2.0 && count.fract() == 0.0 { Some((count, name)) } else { None }
    };
    LONG_TIMES.into_iter().find_map(whole)
}

/// The unit of an axis of time of this many seconds, and its seconds.
pub fn time_unit(seconds: f64) -> (&'static str, f64) {
    /// Shorter axes are in the next smaller unit.
    const SHORTEST: f64 = 5.0;
    let long = LONG_TIMES.into_iter().find(|(unit, _)| seconds >= SHORTEST * unit);
    long.map_or(("s", 1.0), |(unit, name)| (name, unit))
}

/// Whether a unit is one of time that an axis of seconds may have.
pub fn is_time(unit: &str) -> bool {
    unit == "s" || LONG_TIMES.iter().any(|(_, name)| *name == unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_axis_of_time_is_in_minutes_or_more() {
        for (seconds, unit) in [(180.0, "s"), (300.0, "min"), (3_600.0, "min"), (18_000.0, "h"), (604_800.0, "d")] {
            assert_eq!(time_unit(seconds).0, unit);
        }
    }

    #[test]
    fn values_are_in_the_units_of_people() {
        for (value, unit, text) in [
            (0.001, "s", "1 ms"),
            (0.5, "s", "500 ms"),
            (80.0, "s", "80 s"),
            (0.0, "s", "0 s"),
            (871.0, "B", "871 B"),
            (20_000.0, "B", "20 kB"),
            (0.01, "1/s", "1 in 100 s"),
            (0.3, "1/s", "0.3/s"),
            (5.0, "1/s", "5/s"),
            (1.0, "1/s", "1/s"),
            (100.0, "", "100"),
            (10.0, "Mbit/s", "10 Mbit/s"),
            (1_000.0, "Mbit/s", "1 Gbit/s"),
            (2_500.0, "Mbit/s", "2.5 Gbit/s"),
            (0.064, "Mbit/s", "64 kbit/s"),
            (0.0, "Mbit/s", "0 Mbit/s"),
            (60.0, "s", "60 s"),
            (130.0, "s", "130 s"),
            (600.0, "s", "10 min"),
            (5_400.0, "s", "90 min"),
            (7_200.0, "s", "2 h"),
            (86_400.0, "s", "24 h"),
            (172_800.0, "s", "2 d"),
        ] {
            assert_eq!(in_words(value, unit, false), text);
        }
        assert_eq!(in_words(0.25, "", true), "25 %");
    }

    #[test]
    fn measured_values_have_few_digits_and_units_of_their_own() {
        let alone = |value: f64, half, unit| {
            BarColumn::of(std::iter::once(value), AxisScale::Linear).written(value, half, unit)
        };
        assert_eq!(alone(113.308_7, Some(0.001_2), "s"), "113.3 s");
        assert_eq!(alone(3.43, Some(0.02), "µs"), "3.430 µs");
        assert_eq!(alone(0.0, Some(0.0), "s"), "0 s");
        assert_eq!(alone(100_000.0, Some(0.0), "1/s"), "100,000/s");
        assert_eq!(alone(0.702_642, Some(0.0), "Mbit/s"), "0.7026 Mbit/s");
        assert_eq!(alone(66.123, Some(0.3), ""), "66.1");
    }

    #[test]
    fn a_column_of_bars_has_one_unit_and_no_needless_decimals() {
        let unit = |values: &[f64]| column_unit("B/s", false, AxisScale::Linear, values).unwrap();
        assert_eq!(unit(&[871_000.0, 58_000.0, 1_010_000.0]).name, "kB/s");
        assert_eq!(unit(&[871.0, 58_000.0]).name, "kB/s");
        assert_eq!(unit(&[3e6, 4e6, 2e9]).name, "MB/s");
        assert_eq!(unit(&[3e6, 4e6, 2e10]).name, "GB/s");
        assert_eq!(column_unit("B/s", false, AxisScale::Linear, &[0.0, 0.0]), None);
        let values = [1_010.3, 58.432, 0.123_4, 0.0];
        let column = |axis| {
            let column = BarColumn::of(values.into_iter(), axis);
            values.map(|value| column.written(value, Some(value / 1_000.0), ""))
        };
        assert_eq!(column(AxisScale::Linear), ["1,010", "58", "0.12", "0"]);
        assert_eq!(column(AxisScale::Log), ["1,010", "58.43", "0.1234", "0"]);
        let waits = BarColumn::of([113.3, 4.5, 3.43e-6].into_iter(), AxisScale::Linear);
        assert_eq!([4.5, 3.43e-6].map(|value| waits.written(value, Some(value / 1_000.0), "s")), ["4.5 s", "3.430 µs"]);
        let few = BarColumn::of([2.5, 0.125].into_iter(), AxisScale::Linear);
        assert_eq!(few.written(0.125, Some(0.04), "s"), "0.12 s");
        // Without an interval.
        let rough = BarColumn::of([871.0, 58.0].into_iter(), AxisScale::Linear);
        assert_eq!([871.234, 58.123, 0.0].map(|value| rough.written(value, None, "")), ["871", "58.1", "0"]);
    }

    #[test]
    fn an_axis_has_the_unit_of_its_end_or_of_its_middle() {
        let unit = |axis, values: &[f64]| axis_unit("s", false, axis, values.iter().copied()).map(|unit| unit.name);
        assert_eq!(unit(AxisScale::Linear, &[0.04, 0.9]), Some("ms"));
        assert_eq!(unit(AxisScale::Linear, &[0.04, 1.2]), Some("s"));
        assert_eq!(unit(AxisScale::Log, &[0.001, 1.0]), Some("ms"));
        assert_eq!(unit(AxisScale::Log, &[0.001, 100.0]), Some("s"));
        assert_eq!(unit(AxisScale::Log, &[0.04, 5.0]), Some("s"));
        assert_eq!(unit(AxisScale::Log, &[0.04, 0.5]), Some("ms"));
        let bytes =
            |values: &[f64]| axis_unit("B", false, AxisScale::Log, values.iter().copied()).map(|unit| unit.name);
        assert_eq!(bytes(&[22.0, 26_000.0]), Some("B"));
        assert_eq!(bytes(&[220.0, 26_000.0]), Some("kB"));
        assert_eq!(unit(AxisScale::Log, &[]), None);
        assert_eq!(axis_unit("bytes", false, AxisScale::Linear, [1.0].into_iter()), None);
    }
}
