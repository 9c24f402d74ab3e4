//! Values with no more digits than can be seen.

use crate::report::chart::Reach;
use crate::report::digits::{Digits, fixed, significant};

/// Significant digits of a value without an interval: one more than is shown.
pub(super) const BARE: i32 = 4;
/// Significant digits of a value that is exact.
pub(super) const EXACT: i32 = 7;
/// Significant digits of a swept value: those that no arithmetic touches.
pub(super) const WHOLE: i32 = 12;
/// Significant digits of an instant: those of a second in ten years.
pub(super) const INSTANT: i32 = 9;
/// Significant digits of half the width of an interval: one more than is shown.
const HALF: i32 = 3;

/// How far an interval reaches below and above.
pub(super) fn reach(error: Option<Reach>) -> Option<[f64; 2]> {
    error.map(|error| [error.below, error.above].map(|part| rounded(part, HALF)))
}

/// A value with the digits that its interval allows, and one more.
pub(super) fn kept(value: f64, error: Option<Reach>) -> f64 {
    match Digits::of_half(value, error.map(|error| f64::midpoint(error.below, error.above))) {
        Digits::Exact => rounded(value, EXACT),
        Digits::Decimals(decimals) => fixed(value, decimals + 1).parse().unwrap_or(value),
        Digits::Rough => rounded(value, BARE),
    }
}

/// A value with so many significant digits.
pub(super) fn rounded(value: f64, digits: i32) -> f64 {
    if value.is_finite() { significant(value, digits).parse().unwrap_or(value) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_one_digit_more_than_is_shown() {
        let half = |half| Some(Reach { below: half, above: half });
        assert_eq!(kept(0.123_456, half(0.004_2)).to_string(), "0.1235");
        assert_eq!(kept(696_919.166_6, half(0.826)).to_string(), "696919.17");
        assert_eq!(kept(0.123_456, None).to_string(), "0.1235");
        assert_eq!(rounded(1_234_567_891.0, WHOLE).to_string(), "1234567891");
        assert_eq!(rounded(0.1 + 0.2, WHOLE).to_string(), "0.3");
        assert_eq!(kept(15.384_615_384, half(0.0)).to_string(), "15.38462");
    }
}
