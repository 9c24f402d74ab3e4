//! Values of the file as what they stand for, and texts as TOML writes them.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::units::{BitRate, Bytes, Probability, Rate, Time};

/// A value that has been read by the kind of its key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Typed {
    /// A text, a word or a table: the document has it.
    AsWritten,
    Flag(bool),
    Count(u64),
    Number(f64),
    Time(Time),
    Bytes(Bytes),
    Rate(Rate),
    BitRate(BitRate),
    Probability(Probability),
    Share(f64),
    Numbers(Arc<[f64]>),
}

impl Typed {
    /// As a number in its smallest unit.
    pub fn number(&self) -> Option<f64> {
        Some(match *self {
            Typed::AsWritten | Typed::Flag(_) | Typed::Numbers(_) => return None,
            Typed::Count(count) => count as f64,
            Typed::Number(number) | Typed::Share(number) => number,
            Typed::Time(time) => time.0 as f64,
            Typed::Bytes(bytes) => bytes.0 as f64,
            Typed::Rate(rate) => rate.per_second(),
            Typed::BitRate(rate) => rate.0 as f64,
            Typed::Probability(probability) => probability.as_f64(),
        })
    }

    /// As a number in the unit of its column; `None` where the column has the text.
    pub fn in_unit_of_column(&self) -> Option<f64> {
        match self {
            Typed::Time(time) => Some(time.as_secs_f64()),
            Typed::BitRate(rate) => Some(rate.0 as f64 / 1e6),
            other => other.number(),
        }
    }

    /// The canonical text of this value, as TOML; `None` if it is the text as written.
    pub fn canonical(&self) -> Option<String> {
        match self {
            Typed::AsWritten | Typed::Flag(_) => None,
            Typed::Count(count) => Some(count.to_string()),
            Typed::Number(number) | Typed::Share(number) => Some(float(*number)),
            Typed::Time(time) => Some(quoted(&time.to_string())),
            Typed::Bytes(bytes) => Some(quoted(&bytes.to_string())),
            Typed::Rate(rate) => Some(canonical_rate(*rate)),
            Typed::BitRate(rate) => Some(quoted(&rate.to_string())),
            Typed::Probability(probability) => Some(quoted(&probability.to_string())),
            Typed::Numbers(numbers) => {
                let numbers: Vec<String> = numbers.iter().copied().map(float).collect();
                Some(format!("[{}]", numbers.join(", ")))
            }
        }
    }
}

/// A rate as a decimal if that is exact, else as a ratio.
fn canonical_rate(rate: Rate) -> String {
    let text = rate.to_string();
    if text.parse() == Ok(rate) { quoted(&text) } else { quoted(&format!("{} /s", rate.ratio())) }
}

/// The shortest decimal that reads back the same; there is no negative zero.
fn float(number: f64) -> String {
    (number + 0.0).to_string()
}

/// The name of a key as TOML, in quotes if it needs them.
pub(super) fn quoted_key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if is_bare { name.to_owned() } else { quoted(name) }
}

/// A text as a string of TOML.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
