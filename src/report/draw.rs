//! The charts of an experiment, from its tables.

use super::chart::{self, Context, Tables};
use super::request::ReportError;
use super::results::{LATENCY_CDF, POPULATIONS, SUMMARY, TIMELINE, csv_files};
use super::table::CsvTable;
use crate::experiment::Experiment;
use crate::experiment::chart::Chart;
use crate::runner::Stopwatch;

/// The note on the charts of a quick run.
const QUICK_NOTE: &str = "quick run: a smoke test, not for publication";
/// The note on charts drawn from tables that may not be the results.
const ALTERED_NOTE: &str = "drawn from altered tables: not the results of the run";

/// All charts as SVG and PNG; a note on them says so where the tables are altered.
pub(super) fn draw(
    experiment: &Experiment,
    is_altered: bool,
    tables: &[(&str, String)],
) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let parsed = Parsed::of(tables)?;
    let mut notes = Vec::new();
    if experiment.quick() {
        notes.push(QUICK_NOTE);
    }
    if is_altered {
        notes.push(ALTERED_NOTE);
    }
    let note = notes.join("; ");
    let note = if note.is_empty() { None } else { Some(note.as_str()) };
    let context = Context { title: experiment.title(), swept: experiment.swept(), note };
    let mut files = Vec::new();
    for chart in experiment.charts() {
        let (svg, png) = parsed.draw(chart, &context)?;
        files.push((format!("charts/{}.svg", chart.name), svg.into_bytes()));
        files.push((format!("charts/{}.png", chart.name), png));
    }
    Ok(files)
}

/// A lower bound for the time to draw the charts of `experiment`, in seconds: it draws the first chart without data.
///
/// # Errors
/// If it cannot be drawn.
pub fn drawing_seconds(experiment: &Experiment) -> Result<f64, ReportError> {
    let Some(chart) = experiment.charts().first() else { return Ok(0.0) };
    let parsed = Parsed::of(&csv_files(experiment, &[])?)?;
    let context = Context { title: experiment.title(), swept: experiment.swept(), note: None };
    let clock = Stopwatch::start();
    parsed.draw(chart, &context)?;
    Ok(clock.seconds() * experiment.charts().len() as f64)
}

/// The tables that charts are drawn from.
struct Parsed {
    summary: CsvTable,
    latency_cdf: CsvTable,
    timeline: CsvTable,
    populations: CsvTable,
}

impl Parsed {
    /// Only a mix has populations.
    fn of(tables: &[(&str, String)]) -> Result<Parsed, ReportError> {
        let parsed = |name| CsvTable::parse(tables.iter().find(|table| table.0 == name).map_or("", |table| &table.1));
        Ok(Parsed {
            summary: parsed(SUMMARY)?,
            latency_cdf: parsed(LATENCY_CDF)?,
            timeline: parsed(TIMELINE)?,
            populations: parsed(POPULATIONS)?.by_population(),
        })
    }

    /// A chart as SVG and as PNG.
    fn draw(&self, chart: &Chart, context: &Context) -> Result<(String, Vec<u8>), ReportError> {
        let failed = |source| ReportError::Chart { name: chart.name.clone(), source };
        let summary = if chart.by_population { &self.populations } else { &self.summary };
        let tables = Tables { summary, latency_cdf: &self.latency_cdf, timeline: &self.timeline };
        let svg = chart::draw(chart, &tables, context).map_err(failed)?.svg;
        let png = chart::png(&svg).map_err(failed)?;
        Ok((svg, png))
    }
}
