//! A row of the table of keys.

use super::kind::ValueKind;

/// A key of the experiment file, or a table of which there is something to say.
#[derive(Clone, Copy, Debug)]
pub struct KeyRow {
    /// Dotted path; for a transport or a chart without its name.
    pub path: &'static str,
    /// What values it takes.
    pub kind: ValueKind,
    /// What holds where it is not written.
    pub absent: WhenAbsent,
    /// What it means, in a line.
    pub doc: &'static str,
    pub(super) also: &'static [Also],
}

/// What holds where a key is not written. Defaults are written as in the file, strings without their quotes.
#[derive(Clone, Copy, Debug)]
pub enum WhenAbsent {
    /// Nothing: it is needed, or what it describes is not there.
    Nothing,
    /// What it describes is not there; `"off"` says the same.
    Off,
    /// The value of this key.
    Inherits(&'static str),
    /// This default; in the table of a transport wherever there is that table.
    Default(&'static str),
    /// This default, under a condition.
    DefaultWhen(When, &'static str),
}

/// When a key has its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// This table is there.
    In(&'static str),
    /// This key is there.
    With(&'static str),
    /// `source.scope` is this word.
    Scope(&'static str),
    /// Its table has nothing else of which there may be one.
    NoOther,
    /// The source has another process neither by its keys nor by its scope.
    NoOtherProcess,
    /// The server has a check loop.
    Checks,
    /// Not every population has a count of its own.
    Uncounted,
}

/// What else there is to say of a key or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Also {
    /// Of those in its table with this mark one may stand there.
    OneOf,
    /// How it is written, where it is one of several kinds.
    Example(&'static str),
    /// A value that is right in itself is right together with any others.
    Independent,
    /// It decides no number. `engine.ticks` does: it decides the column `events`. How many replications there are does not:
    /// each is what it is, however many there are.
    DecidesNothing,
    /// A sweep cannot vary it, and what to do instead.
    Fixed(&'static [&'static str]),
}

impl KeyRow {
    /// The default, where there is one.
    pub fn default(&self) -> Option<&'static str> {
        match self.absent {
            WhenAbsent::Default(default) | WhenAbsent::DefaultWhen(_, default) => Some(default),
            _ => None,
        }
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.kind, ValueKind::Table | ValueKind::List)
    }

    /// Whether a value that is right in itself is right together with any others.
    pub(in crate::experiment) fn is_independent(&self) -> bool {
        self.also.contains(&Also::Independent)
    }

    /// What to do instead of sweeping it, where a sweep cannot vary it.
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
