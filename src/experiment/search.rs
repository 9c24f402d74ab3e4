//! `[search]`: the value of one key at which a target is met.

mod read;

use super::node::{Node, Span, Value};
use super::typed::Typed;
use crate::model::Metric;
use crate::units::{BitRate, Bytes, Time};

pub(super) use read::{Known, range_as_sweep, read};

/// A search for the value of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The dotted path of the key, as written.
    pub key: String,
    /// What is sought.
    pub target: Target,
    /// The target as tables show it.
    pub text: String,
    /// The transports, by their numbers: each has an answer, or two have one together.
    pub transports: Vec<usize>,
    /// The population whose metric counts, by its number; `None`: all clients.
    pub population: Option<usize>,
    /// The first and the last value, in the smallest unit of the key.
    pub range: [u64; 2],
    /// Whether values are whole numbers, which are all told apart.
    pub is_whole: bool,
    kind: Unit,
}

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A metric of at most this value, in its unit.
    AtMost(Metric, f64),
    /// A metric of at least this value, in its unit.
    AtLeast(Metric, f64),
    /// A metric that is equal for two transports.
    Equal(Metric),
}

impl Target {
    /// Its metric.
    pub fn metric(self) -> Metric {
        match self {
            Target::AtMost(metric, _) | Target::AtLeast(metric, _) | Target::Equal(metric) => metric,
        }
    }
}

/// The smallest unit of a key, in which its values are whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    One,
    Nanosecond,
    Byte,
    BitPerSecond,
    /// A billionth, of a rate per second.
    BillionthPerSecond,
    /// A billionth.
    Billionth,
}

/// Parts of a number without a unit.
const BILLION: f64 = 1e9;

impl Unit {
    /// The unit of a value, and how many of it the value is; `None` for words and tables.
    fn of(typed: &Typed) -> Option<(Unit, u64)> {
        let parts = |number: f64| (number * BILLION).round() as u64;
        Some(match typed {
            Typed::Count(count) => (Unit::One, *count),
            Typed::Time(time) => (Unit::Nanosecond, time.0),
            Typed::Bytes(bytes) => (Unit::Byte, bytes.0),
            Typed::BitRate(rate) => (Unit::BitPerSecond, rate.0),
            Typed::Rate(rate) => (Unit::BillionthPerSecond, parts(rate.per_second())),
            Typed::Number(number) | Typed::Share(number) => (Unit::Billionth, parts(*number)),
            Typed::Probability(probability) => (Unit::Billionth, parts(probability.as_f64())),
            _ => return None,
        })
    }
}

impl Search {
    /// The position of a value in the unit of the key's column; `None` outside of the range.
    pub fn position(&self, value: f64) -> Option<u64> {
        let parts = match self.kind {
            Unit::One | Unit::Byte => 1.0,
            Unit::BitPerSecond => 1e6,
            Unit::Nanosecond | Unit::Billionth | Unit::BillionthPerSecond => BILLION,
        };
        // A value that is no number becomes 0.
        let position = (value * parts).round() as u64;
        if value.is_finite() && (self.range[0]..=self.range[1]).contains(&position) { Some(position) } else { None }
    }

    /// A value of the key as the file would have it.
    pub(super) fn node(&self, position: u64) -> Node {
        let decimal = || (position as f64 / BILLION).to_string();
        let text = match self.kind {
            Unit::One => return Node::new(Value::Integer(position.to_string()), Span::default()),
            Unit::Billionth => return Node::new(Value::Float(decimal()), Span::default()),
            Unit::Nanosecond => Time(position).to_string(),
            Unit::Byte => Bytes(position).to_string(),
            Unit::BitPerSecond => BitRate(position).to_string(),
            Unit::BillionthPerSecond => format!("{} /s", decimal()),
        };
        Node::text(text, Span::default())
    }
}
