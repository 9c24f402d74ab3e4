//! The units on axes and beside values.

use super::format::{grouped, plain};
use crate::experiment::chart::AxisScale;
use crate::report::digits::{Digits, decade, shifted};
use crate::report::display_unit::{DisplayUnit, PERCENT, ladder, siblings};

/// The unit of an axis whose values are in `unit`: on a linear axis the one of its ends, on a logarithmic one that of its
/// middle. Shares are in percent.
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
        AxisScale::Log => (least + largest).div_euclid(2) + (least + largest).rem_euclid(2),
    };
    ladder.iter().rev().find(|step| wanted + step.shift >= 0).or(ladder.first()).copied()
}

/// A measured value for people, with the digits that half of its interval allows, at most four: `91 ms`, `12,300`.
pub fn measured(value: f64, half: Option<f64>, unit: &str) -> String {
    /// More significant digits are for tables.
    const MOST_DIGITS: i32 = 4;
    let mut shown = (value, half, unit);
    if let Some((from, ladder)) = siblings(unit)
        && value != 0.0
    {
        let decade = decade(value) - from.shift;
        let to = *ladder.iter().rev().find(|step| decade + step.shift >= 0).unwrap_or(&ladder[0]);
        let by = |value: f64| shifted(value, to.shift - from.shift);
        shown = (by(value), half.map(by), to.name);
    }
    let (value, half, unit) = shown;
    let digits = match Digits::of_half(value, half) {
        // An exact value that is no whole number may have endless decimals.
        Digits::Exact if value.fract() != 0.0 => Digits::Decimals(9).at_most(MOST_DIGITS, value),
        digits => digits.at_most(MOST_DIGITS, value),
    };
    with_unit(&grouped(&digits.write(value)), unit)
}

fn with_unit(number: &str, unit: &str) -> String {
    match unit {
        "" => number.to_owned(),
        "1/s" => format!("{number}/s"),
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
    let shown = axis_unit(unit, is_share, AxisScale::Linear, std::iter::once(value));
    match shown {
        Some(shown) => with_unit(&plain(shown.to(value)), shown.name),
        None => with_unit(&plain(value), unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(in_words(value, unit, false), text);
        }
        assert_eq!(in_words(0.25, "", true), "25 %");
    }

    #[test]
    fn measured_values_have_few_digits_and_units_of_their_own() {
        assert_eq!(measured(113.308_7, Some(0.001_2), "s"), "113.3 s");
        assert_eq!(measured(3.43e-6, Some(2e-8), "s"), "3.430 µs");
        assert_eq!(measured(0.0, Some(0.0), "s"), "0 s");
        assert_eq!(measured(100_000.0, Some(0.0), "1/s"), "100,000/s");
        assert_eq!(measured(0.702_642, Some(0.0), "Mbit/s"), "0.7026 Mbit/s");
        assert_eq!(measured(1_200.0, Some(60.0), "ms"), "1.20 s");
        assert_eq!(measured(66.123, Some(0.3), ""), "66.1");
    }

    #[test]
    fn an_axis_has_the_unit_of_its_end_or_of_its_middle() {
        let unit = |axis, values: &[f64]| axis_unit("s", false, axis, values.iter().copied()).map(|unit| unit.name);
        assert_eq!(unit(AxisScale::Linear, &[0.04, 0.9]), Some("ms"));
        assert_eq!(unit(AxisScale::Linear, &[0.04, 1.2]), Some("s"));
        assert_eq!(unit(AxisScale::Log, &[0.001, 1.0]), Some("ms"));
        assert_eq!(unit(AxisScale::Log, &[0.001, 100.0]), Some("s"));
        assert_eq!(unit(AxisScale::Log, &[]), None);
        assert_eq!(axis_unit("Mbit/s", false, AxisScale::Linear, [1.0].into_iter()), None);
    }
}
