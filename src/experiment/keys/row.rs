//! A row of the table of keys, and the kind of values of a key.

use crate::experiment::typed::Typed;
use crate::units::{BitRate, Bytes, Rate, Time, UnitError};

/// A key of the experiment file, or a table.
#[derive(Clone, Copy, Debug)]
pub struct KeyRow {
    /// Dotted path; for a transport or a chart without its name.
    pub path: &'static str,
    /// The kind of its values.
    pub kind: ValueKind,
    /// Its value if it is not written.
    pub absent: WhenAbsent,
    /// Its meaning, in a line.
    pub doc: &'static str,
    pub(super) also: &'static [Also],
}

/// The value of a key that is not written. Defaults are written as in the file, strings without their quotes.
#[derive(Clone, Copy, Debug)]
pub enum WhenAbsent {
    /// None: it is required, or its feature is absent.
    Nothing,
    /// Its feature is absent, as with `"off"`.
    Off,
    /// The value of this key.
    Inherits(&'static str),
    /// This default; in the table of a transport, if the table exists.
    Default(&'static str),
    /// This default, under a condition.
    DefaultWhen(When, &'static str),
}

/// The condition of a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// This table is there.
    In(&'static str),
    /// This key is there.
    With(&'static str),
    /// `source.scope` is this word.
    Scope(&'static str),
    /// Its table has no alternative to it.
    NoOther,
    /// The source has no other process, by its keys or its scope.
    NoOtherProcess,
    /// The server has a check loop.
    Checks,
    /// Some population has no count.
    Uncounted,
}

/// Further properties of a key or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Also {
    /// Of the keys in its table with this mark, one may be there.
    OneOf,
    /// An example, if it is one of several kinds.
    Example(&'static str),
    /// A valid value is valid together with all values of other keys.
    Independent,
    /// It decides no number. (`engine.ticks` decides the column `events`. The number of replications decides none,
    /// because each replication stays the same.)
    DecidesNothing,
    /// A sweep cannot vary it; the text says what to do instead.
    Fixed(&'static [&'static str]),
}

impl KeyRow {
    /// The default, if there is one.
    pub fn default(&self) -> Option<&'static str> {
        match self.absent {
            WhenAbsent::Default(default) | WhenAbsent::DefaultWhen(_, default) => Some(default),
            _ => None,
        }
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.kind, ValueKind::Table | ValueKind::List)
    }

    /// Whether a valid value is valid together with all values of other keys.
    pub(in crate::experiment) fn is_independent(&self) -> bool {
        self.also.contains(&Also::Independent)
    }

    /// What to do instead of sweeping it, if a sweep cannot vary it.
    pub(in crate::experiment) fn fixed(&self) -> Option<&'static [&'static str]> {
        self.also.iter().find_map(|also| match also {
            Also::Fixed(help) => Some(*help),
            _ => None,
        })
    }

    pub(super) fn example(&self) -> Option<&'static str> {
        self.also.iter().find_map(|also| match also {
            Also::Example(example) => Some(*example),
            _ => None,
        })
    }
}

/// The kind of values of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text, with the most characters that it may have.
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
    /// A list of numbers of at least zero, one of them above, with the most that there may be.
    Numbers(usize),
    /// Values whose parts belong to other keys.
    Parts(Parts),
    /// A table, whose keys have rows of their own.
    Table,
    /// A list of such tables, each with a name.
    List,
}

/// Values whose parts belong to other keys, or to the experiment as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// A goal for the precision of a metric, or a list of them.
    Goals,
    /// The two ends of a range of values of another key.
    Range,
    /// A metric and two transports.
    Equal,
    /// A table of swept keys with a value of each.
    SweptValues,
    /// The ends of an axis of a chart.
    Ends,
    /// A table of transports with a label for each.
    Labels,
    /// Lines in a chart.
    Lines,
}

impl ValueKind {
    /// Whether a value may be a number, in some unit.
    pub(in crate::experiment) fn has_numbers(self) -> bool {
        !matches!(
            self,
            ValueKind::Text(_)
                | ValueKind::Title
                | ValueKind::Flag
                | ValueKind::Choice(_)
                | ValueKind::TableOr(_)
                | ValueKind::ChoiceOrTable(_)
                | ValueKind::File(_)
                | ValueKind::Texts
                | ValueKind::Words(_)
                | ValueKind::Numbers(_)
                | ValueKind::Parts(_)
                | ValueKind::Table
                | ValueKind::List
        )
    }
}

impl Parts {
    /// What is allowed, in words.
    fn what(self) -> &'static str {
        match self {
            Parts::Goals => "a list of tables such as { metric = \"latency_mean_s\", half_width = \"2 %\" }",
            Parts::Range => "a list of two values, such as [10, 100000] or [\"1 s\", \"100 s\"]",
            Parts::Equal => "a list such as [\"http_bytes_per_s\", \"short polling\", \"long polling\"]",
            Parts::SweptValues => "a table of swept keys, such as { \"clients.count\" = 1000 }",
            Parts::Ends => "a list of two numbers, such as [0, 100]",
            Parts::Labels => "a table of transports, such as { \"long polling\" = \"Comet\" }",
            Parts::Lines => "a list of tables such as { y = 50, label = \"capacity\" }",
        }
    }
}

/// The use of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileUse {
    /// Recorded messages.
    Trace,
    /// Measured delays.
    Delays,
}

/// The differences between the kinds of values with a unit.
pub(in crate::experiment) struct Quantity {
    /// The unit of a result column, and that of a bare number.
    pub unit: &'static str,
    /// All units.
    pub units: &'static str,
    /// How one is written.
    example: &'static str,
    /// The message for one that is too large.
    pub most: &'static str,
    pub parse: fn(&str) -> Result<Typed, UnitError>,
}

macro_rules! quantities {
    ($($name:ident: $type:ident, $unit:literal, $example:literal, $most:literal;)*) => {
        $(const $name: Quantity = Quantity {
            unit: $unit,
            units: $type::UNITS,
            example: $example,
            most: $most,
            parse: |text| text.parse().map(Typed::$type),
        };)*
    };
}

quantities! {
    TIME: Time, "s", "0.5 s", "the most is 26687 d, about 73 years";
    BYTES: Bytes, "B", "871 B", "the most is 4294967295 B, just below 4 GiB";
    RATE: Rate, "/s", "0.03 /s", "the most digits that fit are 19";
    BIT_RATE: BitRate, "Mbit/s", "100 Mbit/s", "the most is 18446744073 Gbit/s";
}

impl ValueKind {
    /// The quantity; `None` for plain numbers and words.
    pub(in crate::experiment) fn quantity(self) -> Option<&'static Quantity> {
        match self {
            ValueKind::Time | ValueKind::Span | ValueKind::TimeOr(_) | ValueKind::TimeOrTable => Some(&TIME),
            ValueKind::Bytes => Some(&BYTES),
            ValueKind::Rate => Some(&RATE),
            ValueKind::BitRate | ValueKind::BitRateOrTable => Some(&BIT_RATE),
            _ => None,
        }
    }

    /// The unit of the numbers in a result column; `None` for plain numbers and words.
    pub fn unit(self) -> Option<&'static str> {
        self.quantity().map(|quantity| quantity.unit)
    }

    /// Whether values are numbers, so that there are ranges of them.
    pub(in crate::experiment) fn is_number(self) -> bool {
        use ValueKind::{Count, NotNegative, Positive, Probability, Share};
        self.quantity().is_some() || matches!(self, Count(..) | Positive | NotNegative | Probability | Share)
    }

    /// Whether a table may replace a plain value.
    pub(in crate::experiment) fn allows_table(self) -> bool {
        use ValueKind::{BitRateOrTable, ChoiceOrTable, TableOr, TimeOrTable};
        matches!(self, TableOr(_) | ChoiceOrTable(_) | TimeOrTable | BitRateOrTable)
    }

    /// What is allowed, in words.
    pub fn allowed(self) -> String {
        let choice = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ");
        match self {
            ValueKind::Count(low, high) => format!("a whole number from {low} to {high}"),
            ValueKind::TimeOr(word) => format!("a time such as \"0.5 s\", or \"{word}\""),
            ValueKind::Choice(words) => choice(words),
            ValueKind::ChoiceOrTable(words) => format!("{}, or a table", choice(words)),
            ValueKind::TableOr(word) => format!("a table, or \"{word}\""),
            ValueKind::Words(words) => format!("a list of: {}", words.join(", ")),
            ValueKind::Numbers(most) => format!("a list of 1 to {most} numbers of at least 0, one of them above 0"),
            _ => match self.quantity() {
                Some(Quantity { example, units, .. }) if !self.allows_table() => {
                    format!("{} such as \"{example}\" (units: {units})", self.what())
                }
                _ => self.what().to_owned(),
            },
        }
    }

    /// The kind of a value, in words; for a quantity without its units.
    fn what(self) -> &'static str {
        match self {
            ValueKind::Text(_) => "a string",
            ValueKind::Title => "a string, empty for no title",
            ValueKind::Positive => "a number above 0",
            ValueKind::NotNegative => "a number of at least 0",
            ValueKind::Flag => "true or false, without quotes",
            ValueKind::Time => "a time",
            ValueKind::Span => "a time above 0",
            ValueKind::Bytes => "a size",
            ValueKind::Rate => "a rate above 0",
            ValueKind::BitRate => "a capacity above 0",
            ValueKind::BitRateOrTable => {
                "a capacity such as \"100 Mbit/s\", or one for each direction such as { up = \"1 Mbit/s\", down = \"16 Mbit/s\" }"
            }
            ValueKind::Probability => "a probability above 0 and at most 1, such as \"15/999\", \"5 %\" or 0.01",
            ValueKind::Share => "a share from 0 to 1, such as \"50 %\" or 0.5",
            ValueKind::TimeOrTable => "a time such as \"6 ms\", or a distribution such as { exponential = \"6 ms\" }",
            ValueKind::File(_) => "the path of a file, relative to the experiment file",
            ValueKind::Texts => "a string, or a list of strings",
            ValueKind::Parts(parts) => parts.what(),
            ValueKind::List => "a list of tables",
            _ => "a table",
        }
    }
}

/// Rows: path, kind, what holds where the key is absent, its doc, and what else there is to say.
macro_rules! rows {
    ($($path:expr, $kind:expr, $absent:expr $(=> $doc:expr)? $(, $also:expr)*;)*) => {
        &[$(KeyRow { path: $path, kind: $kind, absent: $absent, doc: concat!($($doc)?), also: &[$($also),*] },)*]
    };
}
pub(super) use rows;

/// Characters of a name at most.
pub(super) const NAME: usize = 100;
/// Characters of any other text at most: the path of a swept key, with a name in it.
pub(super) const OTHER: usize = 1000;
