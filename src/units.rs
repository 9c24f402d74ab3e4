//! Quantities as types: integer nanoseconds, integer bytes, exact ratios.
//!
//! Every quantity is parsed exactly from text such as `"0.5 s"`, `"871 B"`, `"0.03 /s"` or `"15/999"`. A text that
//! would have to be rounded is an error, so a result never depends on a hidden conversion.

mod decimal;
mod parse;
mod print;

pub use parse::UnitError;

/// An instant, in nanoseconds from the start of a run, or a span, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Time(pub u64);

impl Time {
    /// The start of a run, and the empty span.
    pub const ZERO: Time = Time(0);
    /// An instant that no run reaches, for events that will not happen.
    pub const NEVER: Time = Time(u64::MAX);
    /// The longest span that an experiment may name: 2^61 ns, about 73 years. Sums of two such spans stay below
    /// [`Time::NEVER`].
    pub const LONGEST: Time = Time(1 << 61);

    /// A span of whole milliseconds.
    pub const fn from_millis(milliseconds: u64) -> Time {
        Time(milliseconds * 1_000_000)
    }

    /// A span of whole seconds.
    pub const fn from_secs(seconds: u64) -> Time {
        Time(seconds * 1_000_000_000)
    }

    /// The span in seconds, for reports.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// `self + span`, or [`Time::NEVER`] if the sum does not fit.
    #[must_use]
    pub const fn plus(self, span: Time) -> Time {
        Time(self.0.saturating_add(span.0))
    }

    /// `self - earlier`, or zero if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Time) -> Time {
        Time(self.0.saturating_sub(earlier.0))
    }

    /// The next time that is easy to read: whole tenths of a second below 10 s, whole seconds below 1 min, tens of them
    /// below 10 min, then whole minutes.
    #[must_use]
    pub const fn rounded_up(self) -> Time {
        let step = match self.0 / 1_000_000_000 {
            0..10 => 100_000_000,
            10..60 => 1_000_000_000,
            60..600 => 10_000_000_000,
            _ => 60_000_000_000,
        };
        Time(self.0.div_ceil(step).saturating_mul(step))
    }

    /// `self` repeated `count` times, or [`Time::NEVER`] if the product does not fit.
    #[must_use]
    pub const fn times(self, count: u64) -> Time {
        Time(self.0.saturating_mul(count))
    }
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Bytes(pub u64);

/// A capacity, in bits per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BitRate(pub u64);

/// A rate: `numerator / denominator` events per second, in lowest terms and never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    numerator: u64,
    denominator: u64,
}

/// A probability in (0, 1], as an exact ratio in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probability {
    numerator: u64,
    denominator: u64,
}

impl BitRate {
    /// The time that `bytes` take, rounded up to whole nanoseconds; [`Time::NEVER`] if it does not fit.
    #[must_use]
    pub fn time_of(self, bytes: u64) -> Time {
        const NANOS_PER_BYTE: u64 = 8 * 1_000_000_000;
        if let Some(bit_nanos) = bytes.checked_mul(NANOS_PER_BYTE) {
            return Time(bit_nanos.div_ceil(self.0.max(1)));
        }
        let nanos = (u128::from(bytes) * u128::from(NANOS_PER_BYTE)).div_ceil(u128::from(self.0.max(1)));
        u64::try_from(nanos).map_or(Time::NEVER, Time)
    }
}

impl Rate {
    /// `numerator / denominator` per second; `None` if the rate would be zero or undefined.
    pub fn new(numerator: u64, denominator: u64) -> Option<Rate> {
        let (numerator, denominator) = lowest_terms(numerator, denominator)?;
        Some(Rate { numerator, denominator })
    }

    /// The ratio of events to seconds, such as `1/30`.
    pub fn ratio(self) -> String {
        format!("{}/{}", self.numerator, self.denominator)
    }

    /// The rate per second.
    pub fn per_second(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The mean gap between two events, in nanoseconds.
    pub fn mean_gap_nanos(self) -> f64 {
        1e9 * self.denominator as f64 / self.numerator as f64
    }
}

impl Probability {
    /// Certainty.
    pub const ONE: Probability = Probability { numerator: 1, denominator: 1 };

    /// `numerator / denominator`; `None` outside (0, 1].
    pub fn new(numerator: u64, denominator: u64) -> Option<Probability> {
        let (numerator, denominator) = lowest_terms(numerator, denominator)?;
        if numerator <= denominator { Some(Probability { numerator, denominator }) } else { None }
    }

    /// The ratio as a floating-point number.
    pub fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

/// The ratio with its common factors removed; `None` if either part is zero.
fn lowest_terms(numerator: u64, denominator: u64) -> Option<(u64, u64)> {
    if numerator == 0 || denominator == 0 {
        return None;
    }
    let divisor = greatest_common_divisor(numerator, denominator);
    Some((numerator / divisor, denominator / divisor))
}

/// The greatest common divisor, by Euclid's algorithm (*Elements*, book VII, proposition 2).
pub fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
