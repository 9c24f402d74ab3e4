//! Text to quantities, exactly.

use std::str::FromStr;

use super::decimal::{Decimal, DecimalError, split_number};
use super::{BitRate, Bytes, Probability, Rate, Time};

/// Why a text is not the required quantity. The message says what is allowed; the caller adds the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The text does not start with a number.
    #[error("`{text}` is not a number with a unit")]
    NotANumber {
        /// The text.
        text: String,
    },
    /// The text is neither a number nor a ratio of whole numbers.
    #[error("`{text}` is not a number, a percentage or a ratio of whole numbers")]
    NotARatio {
        /// The text.
        text: String,
    },
    /// A number without the unit that is needed.
    #[error("`{text}` needs a unit")]
    MissingUnit {
        /// The text.
        text: String,
    },
    /// The unit is not one of this quantity.
    #[error("`{unit}` is not a unit of {quantity}")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
        /// The quantity, such as "time".
        quantity: &'static str,
    },
    /// Less than zero.
    #[error("`{text}` is negative")]
    Negative {
        /// The text.
        text: String,
    },
    /// An integer of the base unit cannot hold the value without rounding.
    #[error("`{text}` would have to be rounded to {resolution}")]
    Rounded {
        /// The text.
        text: String,
        /// The smallest step, such as "whole nanoseconds".
        resolution: &'static str,
    },
    /// Too large, or with too many digits.
    #[error("`{text}` is out of range")]
    OutOfRange {
        /// The text.
        text: String,
    },
    /// A probability outside (0, 1].
    #[error("`{text}` is not above 0 and at most 1")]
    NotAProbability {
        /// The text.
        text: String,
    },
    /// A rate of zero.
    #[error("`{text}` must be above 0")]
    Zero {
        /// The text.
        text: String,
    },
}

/// A unit: its name, and its size as a ratio of the base unit.
type Unit = (&'static str, u128, u128);

const SECOND: u128 = 1_000_000_000;
const TIME_UNITS: &[Unit] = &[
    ("ns", 1, 1),
    ("us", 1_000, 1),
    ("µs", 1_000, 1),
    ("μs", 1_000, 1),
    ("ms", 1_000_000, 1),
    ("s", SECOND, 1),
    ("min", 60 * SECOND, 1),
    ("h", 3_600 * SECOND, 1),
    ("d", 86_400 * SECOND, 1),
];
const BYTE_UNITS: &[Unit] = &[
    ("B", 1, 1),
    ("kB", 1_000, 1),
    ("MB", 1_000_000, 1),
    ("GB", 1_000_000_000, 1),
    ("KiB", 1 << 10, 1),
    ("MiB", 1 << 20, 1),
    ("GiB", 1 << 30, 1),
];
const RATE_UNITS: &[Unit] = &[("/s", 1, 1), ("/min", 1, 60), ("/h", 1, 3_600), ("/d", 1, 86_400)];

const BIT_RATE_UNITS: &[Unit] =
    &[("bit/s", 1, 1), ("kbit/s", 1_000, 1), ("Mbit/s", 1_000_000, 1), ("Gbit/s", 1_000_000_000, 1)];

impl Time {
    /// The units of a time.
    pub const UNITS: &'static str = "ns, us, ms, s, min, h, d";

    /// The time nearest to a decimal number of seconds, for recorded instants that are finer than a nanosecond.
    ///
    /// # Errors
    /// If the text is not a decimal number of at least zero, or more than [`Time::LONGEST`].
    pub fn from_seconds_rounded(text: &str) -> Result<Time, UnitError> {
        let (number, rest) = split_number(text);
        if number.is_empty() || !rest.is_empty() {
            return Err(UnitError::NotANumber { text: text.to_owned() });
        }
        let (numerator, denominator) = decimal(text, number, SECOND)?;
        let nearest = numerator / denominator + u128::from(numerator % denominator >= denominator.div_ceil(2));
        in_range(text, nearest).and_then(|nanoseconds| longest(text, nanoseconds))
    }
}

impl Bytes {
    /// The units of a size.
    pub const UNITS: &'static str = "B, kB, MB, GB, KiB, MiB, GiB";
}

impl Rate {
    /// The units of a rate.
    pub const UNITS: &'static str = "/s, /min, /h, /d";
}

impl BitRate {
    /// The units of a capacity.
    pub const UNITS: &'static str = "bit/s, kbit/s, Mbit/s, Gbit/s";
}

impl FromStr for Time {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Time, UnitError> {
        whole(text, TIME_UNITS, "time", "whole nanoseconds").and_then(|nanoseconds| longest(text, nanoseconds))
    }
}

impl FromStr for Bytes {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Bytes, UnitError> {
        let bytes = whole(text, BYTE_UNITS, "size", "whole bytes")?;
        // The size of a message fits 32 bits, which keeps a mailbox small.
        if bytes > u64::from(u32::MAX) {
            return Err(UnitError::OutOfRange { text: text.to_owned() });
        }
        Ok(Bytes(bytes))
    }
}

impl FromStr for BitRate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<BitRate, UnitError> {
        match whole(text, BIT_RATE_UNITS, "capacity", "whole bit/s")? {
            0 => Err(UnitError::Zero { text: text.to_owned() }),
            bits => Ok(BitRate(bits)),
        }
    }
}

impl FromStr for Rate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Rate, UnitError> {
        let (numerator, denominator) = quantity(text, RATE_UNITS, "rate")?;
        if numerator == 0 {
            return Err(UnitError::Zero { text: text.to_owned() });
        }
        let (numerator, denominator) = reduce(text, numerator, denominator)?;
        Rate::new(numerator, denominator).ok_or_else(|| UnitError::OutOfRange { text: text.to_owned() })
    }
}

impl FromStr for Probability {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Probability, UnitError> {
        let not_a_ratio = || UnitError::NotARatio { text: text.to_owned() };
        let (numerator, denominator) = if let Some((above, below)) = text.split_once('/') {
            let integer = |part: &str| part.trim().parse::<u64>().map_err(|_| not_a_ratio());
            (integer(above)?, integer(below)?)
        } else {
            let (number, unit) = split_number(text);
            if number.is_empty() {
                return Err(not_a_ratio());
            }
            let (numerator, denominator) = decimal(text, number, 1)?;
            let denominator = match unit {
                "" => Some(denominator),
                "%" => denominator.checked_mul(100),
                _ => return Err(UnitError::UnknownUnit { unit: unit.to_owned(), quantity: "probability" }),
            };
            let denominator = denominator.ok_or_else(|| UnitError::OutOfRange { text: text.to_owned() })?;
            reduce(text, numerator, denominator)?
        };
        Probability::new(numerator, denominator).ok_or_else(|| UnitError::NotAProbability { text: text.to_owned() })
    }
}

/// The value in base units as an integer.
fn whole(text: &str, units: &[Unit], name: &'static str, resolution: &'static str) -> Result<u64, UnitError> {
    let (numerator, denominator) = quantity(text, units, name)?;
    if numerator % denominator != 0 {
        return Err(UnitError::Rounded { text: text.to_owned(), resolution });
    }
    in_range(text, numerator / denominator)
}

/// The value in base units as a ratio.
fn quantity(text: &str, units: &[Unit], name: &'static str) -> Result<(u128, u128), UnitError> {
    let (number, unit) = split_number(text);
    if number.is_empty() {
        return Err(UnitError::NotANumber { text: text.to_owned() });
    }
    if unit.is_empty() {
        return Err(UnitError::MissingUnit { text: text.to_owned() });
    }
    let Some(&(_, factor, divisor)) = units.iter().find(|(symbol, ..)| *symbol == unit) else {
        return Err(UnitError::UnknownUnit { unit: unit.to_owned(), quantity: name });
    };
    let (numerator, denominator) = decimal(text, number, factor)?;
    let denominator =
        denominator.checked_mul(divisor).ok_or_else(|| UnitError::OutOfRange { text: text.to_owned() })?;
    Ok((numerator, denominator))
}

/// A decimal number times `factor`, as a ratio.
fn decimal(text: &str, number: &str, factor: u128) -> Result<(u128, u128), UnitError> {
    let text = || text.to_owned();
    let number = Decimal::parse(number).map_err(|error| match error {
        DecimalError::NotANumber => UnitError::NotANumber { text: text() },
        DecimalError::Negative => UnitError::Negative { text: text() },
        DecimalError::TooLong => UnitError::OutOfRange { text: text() },
    })?;
    number.ratio(factor).ok_or_else(|| UnitError::OutOfRange { text: text() })
}

/// The ratio in lowest terms and 64 bits.
fn reduce(text: &str, numerator: u128, denominator: u128) -> Result<(u64, u64), UnitError> {
    let (mut a, mut b) = (numerator, denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    Ok((in_range(text, numerator / a)?, in_range(text, denominator / a)?))
}

fn in_range(text: &str, value: u128) -> Result<u64, UnitError> {
    u64::try_from(value).map_err(|_| UnitError::OutOfRange { text: text.to_owned() })
}

fn longest(text: &str, nanoseconds: u64) -> Result<Time, UnitError> {
    if Time(nanoseconds) > Time::LONGEST {
        return Err(UnitError::OutOfRange { text: text.to_owned() });
    }
    Ok(Time(nanoseconds))
}
