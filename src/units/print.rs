//! Quantities to text that parses back to the same value.

use std::fmt;

use super::decimal::print_scaled;
use super::{BitRate, Bytes, Probability, Rate, Time};

impl fmt::Display for Time {
    /// In seconds from 0.1 s on, else in the largest of ms, us and ns with a whole part above 0.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (places, unit) = match self.0 {
            0 | 100_000_000.. => (9, "s"),
            1_000_000.. => (6, "ms"),
            1_000.. => (3, "us"),
            _ => (0, "ns"),
        };
        write!(f, "{} {unit}", print_scaled(u128::from(self.0), places))
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} B", self.0)
    }
}

impl fmt::Display for BitRate {
    /// In the largest unit that gives a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("Gbit/s", 1_000_000_000), ("Mbit/s", 1_000_000), ("kbit/s", 1_000), ("bit/s", 1)];
        let fits = units.iter().find(|(_, size)| self.0.is_multiple_of(*size)).unwrap_or(&units[3]);
        write!(f, "{} {}", self.0 / fits.1, fits.0)
    }
}

impl fmt::Display for Rate {
    /// In the first of `/s`, `/min`, `/h` and `/d` in which the rate is a finite decimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, seconds) in [("/s", 1), ("/min", 60), ("/h", 3_600), ("/d", 86_400)] {
            if let Some(number) = finite_decimal(u128::from(self.numerator) * seconds, u128::from(self.denominator)) {
                return write!(f, "{number} {unit}");
            }
        }
        write!(f, "{} /s", self.per_second())
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// The ratio as a decimal number of at most 18 places, if it is one.
fn finite_decimal(numerator: u128, denominator: u128) -> Option<String> {
    (0..=18).find_map(|places| {
        let scaled = numerator.checked_mul(10u128.pow(places))?;
        (scaled % denominator == 0).then(|| print_scaled(scaled / denominator, places as usize))
    })
}
