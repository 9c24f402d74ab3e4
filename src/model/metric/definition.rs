//! The row of a metric in the table.

use super::formula::Formula;

/// A row of the table of metrics, without its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Definition {
    pub name: &'static str,
    pub unit: &'static str,
    /// Alone on an axis; on an axis that related metrics share; in the legend of such an axis.
    pub labels: [&'static str; 3],
    pub formula: Formula,
    pub messages: Influence,
    /// Whether it belongs to the server as a whole, so that the populations of a mix do not have it.
    pub is_of_server: bool,
}

/// Whether the messages that are created change a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Influence {
    /// They do.
    Always,
    /// They do, unless all clients poll at a pace of their own and send nothing.
    UnlessPaced,
    /// They do not.
    Never,
}

/// A metric that messages change, and that a population has too.
pub(super) const fn metric(
    name: &'static str,
    unit: &'static str,
    labels: [&'static str; 3],
    formula: Formula,
) -> Definition {
    Definition { name, unit, labels, formula, messages: Influence::Always, is_of_server: false }
}

impl Definition {
    /// Messages change it only where clients do not poll at a pace of their own.
    pub const fn unless_paced(self) -> Definition {
        Definition { messages: Influence::UnlessPaced, ..self }
    }

    /// Messages do not change it.
    pub const fn never_by_messages(self) -> Definition {
        Definition { messages: Influence::Never, ..self }
    }

    /// Only the server as a whole has it.
    pub const fn of_server(self) -> Definition {
        Definition { is_of_server: true, ..self }
    }
}
