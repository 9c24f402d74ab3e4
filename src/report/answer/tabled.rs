//! An experiment with the tables of its results.

use super::readings::Readings;
use crate::experiment::Experiment;
use crate::report::table::CsvTable;

/// An experiment with the tables of its results.
pub struct Tabled<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) readings: Readings,
}

impl<'a> Tabled<'a> {
    /// The experiment with its tables as CSV; that of populations is empty if it is not a mix.
    ///
    /// # Errors
    /// If a text is no CSV.
    pub fn new(experiment: &'a Experiment, summary: &str, populations: &str) -> Result<Tabled<'a>, csv::Error> {
        let whole = |text| CsvTable::whole(experiment, text);
        let readings = Readings::new(experiment, &whole(summary)?, &whole(populations)?);
        Ok(Tabled { experiment, readings })
    }
}
