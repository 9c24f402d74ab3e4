//! A row of the table of keys.

use super::kind::ValueKind;

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
