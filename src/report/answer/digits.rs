//! Numbers with the digits that their intervals allow.

use crate::stats::Estimate;

/// Significant digits of a value without an interval.
const BARE: i32 = 3;
/// An exact value is written out if it has at most this many digits.
const EXACT: usize = 7;
/// Significant digits of an exact value that has more.
const SHORTENED: i32 = 5;
/// A half-width that begins with at most this is known to two digits, any other one to one: as the Particle Data Group
/// rounds.
const TWO_DIGITS_BELOW: f64 = 3.0;

/// How far a value is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// All of it.
    Exact,
    /// To this many decimals; negative ones stand for tens, hundreds and so on.
    Decimals(i32),
    /// There is no interval: it says little.
    Rough,
}

impl Digits {
    /// The digits of an estimate.
    pub fn of(estimate: &Estimate) -> Digits {
        match estimate.half_width() {
            None => Digits::Rough,
            Some(0.0) => Digits::Exact,
            Some(half) => Digits::Decimals(decimals(half)),
        }
    }

    /// These digits of a value, but no more than `most` significant ones, unless it is exact.
    #[must_use]
    pub fn at_most(self, most: i32, value: f64) -> Digits {
        match self {
            Digits::Decimals(decimals) if value != 0.0 => {
                let (_, exponent) = scientific(&format!("{value:.*e}", (most - 1).max(0) as usize));
                Digits::Decimals(decimals.min((most - 1 - exponent).max(0)))
            }
            other => other,
        }
    }

    /// The value with these digits.
    pub fn write(self, value: f64) -> String {
        match self {
            Digits::Exact => exact(value),
            Digits::Decimals(decimals) => fixed(value, decimals),
            Digits::Rough => significant(value, BARE),
        }
    }
}

/// The decimals to the first digit of a half-width, or to its second one if the first is small.
pub(super) fn decimals(half: f64) -> i32 {
    // Rounding to two digits comes first: 0.0996 is 0.10.
    let (mantissa, exponent) = scientific(&format!("{half:.1e}"));
    if mantissa < TWO_DIGITS_BELOW { 1 - exponent } else { -exponent }
}

/// The value to this many decimals; with negative ones to tens, hundreds and so on.
pub(super) fn fixed(value: f64, decimals: i32) -> String {
    let places = decimals.max(0) as usize;
    let text = format!("{:.places$}", shifted(value, decimals.min(0)));
    let is_zero = text.chars().all(|digit| matches!(digit, '0' | '.' | '-'));
    let text = if is_zero { text.trim_start_matches('-').to_owned() } else { text };
    let zeros = if is_zero { 0 } else { (-decimals).max(0) as usize };
    text + &"0".repeat(zeros)
}

/// The value to this many significant digits.
pub(super) fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    // Rounding may add a digit: 9.996 is 10.0.
    let (_, exponent) = scientific(&format!("{value:.*e}", (digits - 1).max(0) as usize));
    fixed(value, digits - 1 - exponent)
}

fn exact(value: f64) -> String {
    let text = value.to_string();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits <= EXACT || !text.contains('.') { text } else { without_zeros(&significant(value, SHORTENED)) }
}

/// The text of a number without zeros at the end of its decimals.
pub(super) fn without_zeros(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

/// `value` times ten to the power of `places`, rounded once.
pub(super) fn shifted(value: f64, places: i32) -> f64 {
    if places == 0 {
        return value;
    }
    let text = format!("{value:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return value };
    let exponent = exponent.parse::<i32>().unwrap_or(0) + places;
    format!("{mantissa}e{exponent}").parse().unwrap_or(value)
}

/// The power of ten at or below a value that is not 0.
pub(super) fn decade(value: f64) -> i32 {
    scientific(&format!("{value:e}")).1
}

/// Mantissa and exponent.
fn scientific(text: &str) -> (f64, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa.parse::<f64>().unwrap_or(0.0).abs(), exponent.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    fn written(value: f64, half: Option<f64>) -> String {
        let interval = half.map(|half| Interval::around(value, half));
        Digits::of(&Estimate { value, interval, samples: 5 }).write(value)
    }

    #[test]
    fn digits_end_where_the_half_width_begins() {
        assert_eq!(written(0.123_456, Some(0.004_2)), "0.123");
        assert_eq!(written(0.123_456, Some(0.001_2)), "0.1235");
        assert_eq!(written(0.123_456, Some(0.029)), "0.123");
        assert_eq!(written(0.123_456, Some(0.03)), "0.12");
        assert_eq!(written(26_689.4, Some(312.0)), "26700");
        assert_eq!(written(26_689.4, Some(120.0)), "26690");
        assert_eq!(written(-0.000_1, Some(0.05)), "0.00");
        assert_eq!(written(3.0, Some(500.0)), "0");
        assert_eq!(written(0.5, Some(0.099_6)), "0.50");
    }

    #[test]
    fn without_an_interval_three_digits_and_exact_ones_stay() {
        assert_eq!(written(0.091_234, None), "0.0912");
        assert_eq!(written(9.996, None), "10.0");
        assert_eq!(written(0.0, None), "0");
        assert_eq!(written(123_456.0, None), "123000");
        assert_eq!(written(69_900.0, Some(0.0)), "69900");
        assert_eq!(written(0.25, Some(0.0)), "0.25");
        assert_eq!(written(652.333_333_333, Some(0.0)), "652.33");
        assert_eq!(written(12_345_678.0, Some(0.0)), "12345678");
    }

    #[test]
    fn shifts_are_exact() {
        let shifted = |value, places| shifted(value, places).to_string();
        assert_eq!(shifted(0.1, 3), "100");
        assert_eq!(shifted(87_830.03, -3), "87.83003");
        assert_eq!(shifted(0.0, 6), "0");
        assert_eq!((decade(0.099), decade(1.0), decade(-25.0)), (-2, 0, 1));
    }
}
