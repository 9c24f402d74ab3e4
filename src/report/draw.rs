//! The charts of an experiment, from its tables.

use super::chart::{self, Context, Tables};
use super::produce::RunError;
use super::results::{LATENCY_CDF, POPULATIONS, SUMMARY, TIMELINE, csv_files};
use super::table::CsvTable;
use crate::experiment::Experiment;
use crate::runner::Stopwatch;

/// The note on the charts of a quick run.
const QUICK_NOTE: &str = "quick run: a smoke test, not for publication";
/// The note on charts that are drawn from altered tables.
const ALTERED_NOTE: &str = "drawn from altered tables: not the results of the run";

/// All charts as SVG and PNG, from the tables that `read` gives, with a note if these are altered.
///
/// # Errors
/// If a table cannot be read or a chart cannot be drawn.
pub(super) fn draw(
    experiment: &Experiment,
    is_altered: bool,
    read: impl Fn(&str) -> Result<Vec<u8>, RunError>,
) -> Result<Vec<(String, Vec<u8>)>, RunError> {
    let table = |name| Ok::<_, RunError>(CsvTable::parse(&String::from_utf8_lossy(&read(name)?))?);
    let (summary, latency_cdf, timeline) = (table(SUMMARY)?, table(LATENCY_CDF)?, table(TIMELINE)?);
    let populations = if experiment.is_mix() { table(POPULATIONS)?.by_population() } else { CsvTable::default() };
    let notes = [experiment.quick().then_some(QUICK_NOTE), is_altered.then_some(ALTERED_NOTE)];
    let note = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let note = Some(note.as_str()).filter(|note| !note.is_empty());
    let context = Context { title: experiment.title(), swept: experiment.swept(), note };
    let mut files = Vec::new();
    for chart in experiment.charts() {
        let failed = |source| RunError::Chart { name: chart.name.clone(), source };
        let summary = if chart.by_population { &populations } else { &summary };
        let tables = Tables { summary, latency_cdf: &latency_cdf, timeline: &timeline };
        let svg = chart::svg(chart, &tables, &context).map_err(failed)?;
        let png = chart::png(&svg).map_err(failed)?;
        files.push((format!("charts/{}.svg", chart.name), svg.into_bytes()));
        files.push((format!("charts/{}.png", chart.name), png));
    }
    Ok(files)
}

/// A lower bound for the time to draw the charts of `experiment`, in seconds: it draws the first chart without data.
///
/// # Errors
/// If it cannot be drawn.
pub fn drawing_seconds(experiment: &Experiment) -> Result<f64, RunError> {
    let Some(chart) = experiment.charts().first() else { return Ok(0.0) };
    let files = csv_files(experiment, &[])?;
    let table = |name| CsvTable::parse(files.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| text));
    let (summary, latency_cdf, timeline) = (table(SUMMARY)?, table(LATENCY_CDF)?, table(TIMELINE)?);
    let tables = Tables { summary: &summary, latency_cdf: &latency_cdf, timeline: &timeline };
    let context = Context { title: experiment.title(), swept: experiment.swept(), note: None };
    let failed = |source| RunError::Chart { name: chart.name.clone(), source };
    let clock = Stopwatch::start();
    chart::png(&chart::svg(chart, &tables, &context).map_err(failed)?).map_err(failed)?;
    Ok(clock.seconds() * experiment.charts().len() as f64)
}
