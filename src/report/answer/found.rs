//! What a search has found.

use crate::experiment::Experiment;
use crate::report::table::CsvTable;

/// An answer of a search.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Number of the transport; of two that are compared the first.
    pub transport: usize,
    /// The value of the key, in the unit of its column, and the ends of its interval.
    pub answer: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub outcome: SearchEnding,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SearchEnding {
    Yes,
    Nowhere,
    Everywhere,
    NotMonotone,
    /// The metric has no value where it would decide.
    NoValue,
}

impl SearchEnding {
    fn from_word(word: &str) -> Option<SearchEnding> {
        Some(match word {
            "yes" => SearchEnding::Yes,
            "nowhere" => SearchEnding::Nowhere,
            "everywhere" => SearchEnding::Everywhere,
            "not monotone" => SearchEnding::NotMonotone,
            "no value" => SearchEnding::NoValue,
            _ => return None,
        })
    }
}

impl Found {
    /// The rows of the table of answers.
    pub fn all(experiment: &Experiment, table: &CsvTable) -> Vec<Found> {
        let found = |row: usize| {
            let column = |name: &str| table.column(name);
            let number = |name: &str| table.number(row, column(name)?);
            let name = table.text(row, column("transport")?);
            Some(Found {
                transport: experiment.transports().iter().position(|transport| transport == name)?,
                answer: number("answer"),
                low: number("low95"),
                high: number("high95"),
                outcome: SearchEnding::from_word(table.text(row, column("found")?))?,
            })
        };
        (0..table.rows.len()).filter_map(found).collect()
    }
}
