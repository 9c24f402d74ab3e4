//! Numbers with the digits that their intervals allow.

use crate::stats::Estimate;

/// Significant digits of a value without an interval.
const BARE: i32 = 3;
/// Significant digits of an exact value: whole numbers have all.
const EXACT: i32 = 6;
/// A half-width of at most this part of a value is the rounding of floating-point numbers, not scatter: the value is
/// exact.
const ROUNDING: f64 = 1e-9;
/// A half-width that begins with at most this is known to two digits, any other one to one: as the Particle Data Group
/// rounds.
const TWO_DIGITS_BELOW: f64 = 3.0;

/// How far a value is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
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
        Digits::of_half(estimate.value, estimate.half_width())
    }

    /// The digits of a value, from half the width of its interval.
    pub fn of_half(value: f64, half: Option<f64>) -> Digits {
        match half {
            None => Digits::Rough,
            Some(half) if !half.is_finite() => Digits::Rough,
            Some(half) if half <= ROUNDING * value.abs() => Digits::Exact,
            Some(half) => Digits::Decimals(decimals(half)),
        }
    }

    /// These digits of a value, but no more than `most` significant ones, unless it is exact.
    #[must_use]
    pub fn at_most(self, most: i32, value: f64) -> Digits {
        match self {
            Digits::Decimals(decimals) if value != 0.0 => {
                Digits::Decimals(decimals.min((most - 1 - rounded_decade(value, most)).max(0)))
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

/// A number with half the width of its interval, if it has one and is not exact: `4.753 ± 0.044` in two parts.
pub fn with_half(value: f64, half: Option<f64>) -> (String, Option<String>) {
    let digits = Digits::of_half(value, half);
    let half = match (digits, half) {
        (Digits::Decimals(decimals), Some(half)) => Some(fixed(half, decimals)),
        _ => None,
    };
    (digits.write(value), half)
}

/// A number with its interval and its unit: `0.300 (0.290 to 0.310) s`.
pub fn in_words(value: f64, ends: Option<(f64, f64)>, unit: &str) -> String {
    let digits = Digits::of_half(value, ends.map(|(low, high)| (high - low) / 2.0));
    let text = match (digits, ends) {
        (Digits::Decimals(decimals), Some((low, high))) => {
            format!("{} ({} to {})", digits.write(value), fixed(low, decimals), fixed(high, decimals))
        }
        _ => digits.write(value),
    };
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}

/// The decimals to the first digit of a half-width, or to its second one if the first is small.
pub fn decimals(half: f64) -> i32 {
    // Rounding to two digits comes first: 0.0996 is 0.10.
    let (mantissa, exponent) = scientific(&format!("{half:.1e}"));
    if mantissa < TWO_DIGITS_BELOW { 1 - exponent } else { -exponent }
}

/// The value to this many decimals; with negative ones to tens, hundreds and so on.
pub fn fixed(value: f64, decimals: i32) -> String {
    let places = decimals.max(0) as usize;
    let text = format!("{:.places$}", shifted(value, decimals.min(0)));
    let is_zero = text.chars().all(|digit| matches!(digit, '0' | '.' | '-'));
    let text = if is_zero { text.trim_start_matches('-').to_owned() } else { text };
    let zeros = if is_zero { 0 } else { (-decimals).max(0) as usize };
    text + &"0".repeat(zeros)
}

/// The value to this many significant digits.
pub fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    fixed(value, digits - 1 - rounded_decade(value, digits))
}

/// The same, without zeros at the end of its decimals.
pub fn significant_at_most(value: f64, digits: i32) -> String {
    without_zeros(&significant(value, digits))
}

fn exact(value: f64) -> String {
    let decimals = if value == 0.0 { 0 } else { EXACT - 1 - decade(value) };
    without_zeros(&fixed(value, decimals.max(0)))
}

/// The text of a number without zeros at the end of its decimals.
fn without_zeros(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

/// `value` times ten to the power of `places`, rounded once.
pub fn shifted(value: f64, places: i32) -> f64 {
    if places == 0 {
        return value;
    }
    let text = format!("{value:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return value };
    let exponent = exponent.parse::<i32>().unwrap_or(0) + places;
    format!("{mantissa}e{exponent}").parse().unwrap_or(value)
}

/// The power of ten at or below a value that is not 0.
pub fn decade(value: f64) -> i32 {
    scientific(&format!("{value:e}")).1
}

/// The power of ten at or below a value that is not 0, rounded to this many significant digits: that of 9.996 to three
/// digits is 1.
pub fn rounded_decade(value: f64, digits: i32) -> i32 {
    scientific(&format!("{value:.*e}", (digits - 1).max(0) as usize)).1
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
        assert_eq!(written(652.333_333_333, Some(0.0)), "652.333");
        assert_eq!(written(12_345_678.0, Some(0.0)), "12345678");
    }

    #[test]
    fn an_interval_that_rounding_makes_is_none() {
        assert_eq!(with_half(15.384_615_384_615_387, Some(2.8e-17)), ("15.3846".to_owned(), None));
        assert_eq!(with_half(50.000_000_000_000_01, Some(1e-14)), ("50".to_owned(), None));
        assert_eq!(with_half(15.384_6, Some(0.002_8)), ("15.3846".to_owned(), Some("0.0028".to_owned())));
        // The interval of what is about 0 is no part of it.
        assert_eq!(with_half(0.0, Some(1e-12)).1.as_deref(), Some("0.0000000000010"));
        assert_eq!(with_half(0.123_456, None), ("0.123".to_owned(), None));
        assert_eq!(with_half(1e-5, Some(0.0)), ("0.00001".to_owned(), None));
    }

    #[test]
    fn an_interval_in_words_has_the_digits_of_its_number() {
        assert_eq!(in_words(0.3, Some((0.29, 0.31)), "s"), "0.300 (0.290 to 0.310) s");
        assert_eq!(in_words(1.234_567, Some((1.18, 1.29)), ""), "1.23 (1.18 to 1.29)");
        assert_eq!(in_words(2.0, Some((2.0, 2.0)), "kB"), "2 kB");
        assert_eq!(in_words(1.0 / 3.0, Some((1.0 / 3.0, 1.0 / 3.0)), ""), "0.333333");
        assert_eq!(in_words(-0.0, None, ""), "0");
    }

    #[test]
    fn shifts_are_exact() {
        let shifted = |value, places| shifted(value, places).to_string();
        assert_eq!(shifted(0.1, 3), "100");
        assert_eq!(shifted(87_830.03, -3), "87.83003");
        assert_eq!(shifted(0.0, 6), "0");
        assert_eq!((decade(0.099), decade(1.0), decade(-25.0)), (-2, 0, 1));
        assert_eq!((rounded_decade(9.996, 3), rounded_decade(9.99, 3), rounded_decade(-0.1, 3)), (1, 0, -1));
        for power in -12..12 {
            assert_eq!(decade(libm::exp10(f64::from(power))), power);
        }
    }
}
