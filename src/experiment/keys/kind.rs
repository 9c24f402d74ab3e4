//! What values a key takes.

use crate::units::{BitRate, Bytes, Rate, Time};

/// What values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text of so many characters at most.
    Text(usize),
    /// Any text, or an empty one for none.
    Title,
    /// A whole number from the first to the last.
    Count(u64, u64),
    /// A number above zero.
    Positive,
    /// A number of at least zero.
    NotNegative,
    /// `true` or `false`.
    Flag,
    /// A time of at least zero.
    Time,
    /// A time above zero.
    Span,
    /// A size.
    Bytes,
    /// A rate above zero.
    Rate,
    /// A capacity above zero, or a table with one for each direction.
    BitRateOrTable,
    /// A capacity above zero.
    BitRate,
    /// A probability in (0, 1].
    Probability,
    /// A share in [0, 1].
    Share,
    /// A time, or the word.
    TimeOr(&'static str),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A table, or the word.
    TableOr(&'static str),
    /// One of these words, or a table.
    ChoiceOrTable(&'static [&'static str]),
    /// A time, or a table with the distribution of one.
    TimeOrTable,
    /// A file, relative to the experiment file.
    File(FileUse),
    /// One text, or a list of them.
    Texts,
    /// A list of such words.
    Words(&'static [&'static str]),
    /// A list of numbers of at least zero, one of them above, so many at most.
    Numbers(usize),
    /// A table, whose keys have rows of their own.
    Table,
    /// A list of such tables, each with a name.
    List,
}

/// What a file is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileUse {
    /// Recorded messages.
    Trace,
    /// Measured delays.
    Delays,
}

impl ValueKind {
    /// The unit of the numbers in a result column; `None` for plain numbers and words.
    pub fn unit(self) -> Option<&'static str> {
        match self {
            ValueKind::Time | ValueKind::Span | ValueKind::TimeOr(_) | ValueKind::TimeOrTable => Some("s"),
            ValueKind::Bytes => Some("B"),
            ValueKind::Rate => Some("/s"),
            ValueKind::BitRate | ValueKind::BitRateOrTable => Some("Mbit/s"),
            _ => None,
        }
    }

    /// Whether a table may stand in the place of a plain value.
    pub(in crate::experiment) fn allows_table(self) -> bool {
        matches!(
            self,
            ValueKind::TableOr(_) | ValueKind::ChoiceOrTable(_) | ValueKind::TimeOrTable | ValueKind::BitRateOrTable
        )
    }

    /// What is allowed, in words.
    pub fn allowed(self) -> String {
        match self {
            ValueKind::Text(_) => "a string".to_owned(),
            ValueKind::Title => "a string, empty for no title".to_owned(),
            ValueKind::Count(low, high) => format!("a whole number from {low} to {high}"),
            ValueKind::Positive => "a number above 0".to_owned(),
            ValueKind::NotNegative => "a number of at least 0".to_owned(),
            ValueKind::Flag => "true or false, without quotes".to_owned(),
            ValueKind::Time => format!("a time such as \"0.5 s\" (units: {})", Time::UNITS),
            ValueKind::Span => format!("a time above 0 such as \"0.5 s\" (units: {})", Time::UNITS),
            ValueKind::Bytes => format!("a size such as \"871 B\" (units: {})", Bytes::UNITS),
            ValueKind::Rate => format!("a rate above 0 such as \"0.03 /s\" (units: {})", Rate::UNITS),
            ValueKind::BitRate => {
                format!("a capacity above 0 such as \"100 Mbit/s\" (units: {})", BitRate::UNITS)
            }
            ValueKind::BitRateOrTable => {
                "a capacity such as \"100 Mbit/s\", or one for each direction such as { up = \"1 Mbit/s\", down = \"16 Mbit/s\" }"
                    .to_owned()
            }
            ValueKind::Probability => "a probability above 0 and at most 1, such as \"15/999\", \"5 %\" or 0.01".to_owned(),
            ValueKind::Share => "a share from 0 to 1, such as \"50 %\" or 0.5".to_owned(),
            ValueKind::TimeOr(word) => format!("a time such as \"0.5 s\", or \"{word}\""),
            ValueKind::Choice(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or "),
            ValueKind::ChoiceOrTable(words) => format!("{}, or a table", ValueKind::Choice(words).allowed()),
            ValueKind::TimeOrTable => {
                "a time such as \"6 ms\", or a distribution such as { exponential = \"6 ms\" }".to_owned()
            }
            ValueKind::TableOr(word) => format!("a table, or \"{word}\""),
            ValueKind::File(_) => "the path of a file, relative to the experiment file".to_owned(),
            ValueKind::Texts => "a string, or a list of strings".to_owned(),
            ValueKind::Words(words) => format!("a list of: {}", words.join(", ")),
            ValueKind::Numbers(most) => format!("a list of 1 to {most} numbers of at least 0, one of them above 0"),
            ValueKind::Table => "a table".to_owned(),
            ValueKind::List => "a list of tables".to_owned(),
        }
    }
}
