//! The charts of an experiment, from its tables.

use super::chart::{self, Context, Looks, PictureFormat, Tables};
use super::record::NamedFiles;
use super::request::ReportError;
use super::results::{LATENCY_CDF, POPULATIONS, SUMMARY, TIMELINE, TextFile, csv_files};
use super::run_events::run_events;
use super::table::CsvTable;
use crate::experiment::Experiment;
use crate::experiment::chart::Chart;
use crate::runner::Stopwatch;

/// The note on the charts of a quick run.
pub(super) const QUICK_NOTE: &str = "quick run: a smoke test, not for publication";
/// The note on charts drawn from tables that may not be the results.
const ALTERED_NOTE: &str = "drawn from altered tables: not the results of the run";

/// All charts in each of the formats; a note on them says so where the tables are altered.
pub(super) fn draw(experiment: &Experiment, is_altered: bool, tables: &[TextFile]) -> Result<NamedFiles, ReportError> {
    draw_some(experiment, experiment.charts(), is_altered, (tables, &PictureFormat::ALL))
}

/// These charts of the experiment in these formats.
pub(super) fn draw_some(
    experiment: &Experiment,
    charts: &[Chart],
    is_altered: bool,
    (tables, formats): (&[TextFile], &[PictureFormat]),
) -> Result<NamedFiles, ReportError> {
    let tables = parsed(experiment, tables)?;
    let note = note(experiment, is_altered);
    let (looks, spans) = (Looks::of(experiment), run_events(experiment));
    let context = Context {
        title: experiment.title(),
        swept: experiment.swept(),
        note: note.as_deref(),
        looks: &looks,
        spans: &spans,
    };
    let mut files = Vec::new();
    for chart in charts {
        files.extend(drawn(chart, &tables, &context, formats)?);
    }
    Ok(files)
}

/// What is said of charts that must not be taken for results.
pub(super) fn note(experiment: &Experiment, is_altered: bool) -> Option<String> {
    let notes = [(experiment.quick(), QUICK_NOTE), (is_altered, ALTERED_NOTE)];
    let notes: Vec<&str> = notes.into_iter().filter(|(is_true, _)| *is_true).map(|(_, note)| note).collect();
    if notes.is_empty() { None } else { Some(notes.join("; ")) }
}

/// A lower bound for the time to draw the charts of `experiment`, in seconds: it draws the first chart without data.
///
/// # Errors
/// If it cannot be drawn.
pub fn drawing_seconds(experiment: &Experiment) -> Result<f64, ReportError> {
    let Some(chart) = experiment.charts().first() else { return Ok(0.0) };
    let tables = parsed(experiment, &csv_files(experiment, &[])?)?;
    let looks = Looks::of(experiment);
    let context =
        Context { title: experiment.title(), swept: experiment.swept(), note: None, looks: &looks, spans: &[] };
    let clock = Stopwatch::start();
    drawn(chart, &tables, &context, &PictureFormat::ALL)?;
    Ok(clock.seconds() * experiment.charts().len() as f64)
}

/// The tables of an experiment that its charts are drawn from.
pub(super) fn parsed(experiment: &Experiment, files: &[TextFile]) -> Result<Tables, csv::Error> {
    // Only a mix has populations.
    let table = |name| {
        let text = files.iter().find(|file| file.0 == name).map_or("", |file| file.1.as_str());
        CsvTable::whole(experiment, text)
    };
    Ok(Tables {
        summary: table(SUMMARY)?.with_all_metrics(),
        populations: table(POPULATIONS)?.with_all_metrics().by_population(),
        latency_cdf: table(LATENCY_CDF)?,
        timeline: table(TIMELINE)?,
    })
}

/// A chart in these formats.
fn drawn(
    chart: &Chart,
    tables: &Tables,
    context: &Context,
    formats: &[PictureFormat],
) -> Result<NamedFiles, ReportError> {
    let failed = |source| ReportError::Chart { name: chart.name.clone(), source };
    let drawing = chart::draw(chart, tables, context).map_err(failed)?;
    formats.iter().map(|format| Ok((picture_name(chart, *format), drawing.bytes(*format).map_err(failed)?))).collect()
}

/// The folder of the charts.
pub(super) const CHARTS: &str = "charts/";

/// The name of a picture in a folder of results.
pub(super) fn picture_name(chart: &Chart, format: PictureFormat) -> String {
    format!("{CHARTS}{}.{}", chart.name, format.ending())
}
