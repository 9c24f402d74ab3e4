//! An experiment with the tables of its results.

use std::borrow::Cow;

use super::found::Found;
use super::pairs::Pairs;
use super::readings::Readings;
use super::samples::Samples;
use super::sheet::is_in_request;
use crate::experiment::Experiment;
use crate::report::inference::JudgedClaim;
use crate::report::request::ReportError;
use crate::report::table::CsvTable;
use crate::report::tried::with_points_of;

/// Tables of a run as CSV. One that a run does not have is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct TableTexts<'a> {
    /// A row per point and transport.
    pub summary: &'a str,
    /// A row per population of a mix.
    pub populations: &'a str,
    /// A row per replication.
    pub replications: &'a str,
    /// A row per answer of a search.
    pub search: &'a str,
    /// A row per value: only tables for programs need it.
    pub long: &'a str,
}

/// An experiment with the tables of its results.
pub struct Tabled<'a> {
    /// With the points of the tables.
    pub(super) experiment: Cow<'a, Experiment>,
    pub(super) readings: Readings,
    pub(super) pairs: Pairs,
    /// What a search has found.
    pub(super) found: Vec<Found>,
    pub(super) samples: Samples,
    pub(super) claims: &'a [JudgedClaim],
    /// Whether messages exist only in the request that finds them, if that is the same at all points.
    is_in_request: Option<bool>,
    /// The length of the window, if it is the same at all points.
    seconds: Option<f64>,
}

impl<'a> Tabled<'a> {
    /// The experiment with its tables, and the verdicts on its claims.
    ///
    /// # Errors
    /// If a text is no CSV, or has values that a search cannot have tried.
    pub fn new(
        experiment: &'a Experiment,
        texts: TableTexts,
        claims: &'a [JudgedClaim],
    ) -> Result<Tabled<'a>, ReportError> {
        let summary = CsvTable::parse(texts.summary)?.with_key_names(experiment);
        let experiment = with_points_of(experiment, &summary)?;
        let whole = |text| CsvTable::whole(&experiment, text);
        let summary = summary.with_all_points(&experiment);
        let readings = Readings::new(&experiment, &summary, &whole(texts.populations)?);
        let pairs = Pairs::new(&experiment, &whole(texts.replications)?);
        let samples = Samples::new(&experiment, &whole(texts.long)?);
        let found = Found::all(&experiment, &CsvTable::parse(texts.search)?);
        let varies = |table: &str| experiment.swept().iter().any(|key| key.path.starts_with(table));
        let is_in_request = if varies("source") { None } else { Some(is_in_request(&experiment, 0)) };
        let seconds = if varies("experiment") { None } else { Some(window_seconds(&experiment, 0)) };
        Ok(Tabled { experiment, readings, pairs, found, samples, claims, is_in_request, seconds })
    }

    /// Whether messages exist only in the request that finds them, so that they are never late, at a point.
    pub(super) fn is_in_request(&self, point: usize) -> bool {
        self.is_in_request.unwrap_or_else(|| is_in_request(&self.experiment, point))
    }

    /// The length of the window at a point.
    pub(super) fn seconds(&self, point: usize) -> f64 {
        self.seconds.unwrap_or_else(|| window_seconds(&self.experiment, point))
    }
}

fn window_seconds(experiment: &Experiment, point: usize) -> f64 {
    experiment.scenarios(point).first().map_or(0.0, |scenario| scenario.window.duration.as_secs_f64())
}
