//! The CSV files of a run.

use csv::Writer;

use super::folder::FolderError;
use super::table::of_word;
use crate::experiment::Experiment;
use crate::experiment::chart::TIME_LINE;
use crate::model::metric::Aggregation;
use crate::model::{Metric, megabits};
use crate::runner::Group;
use crate::stats::{Estimate, Histogram};
use crate::theory::{self, Expected};

/// Name of the table with a row per point and transport.
pub const SUMMARY: &str = "summary.csv";
/// Name of the table with a row per point, transport and population; only a mix has one.
pub const POPULATIONS: &str = "populations.csv";
/// Name of the table with a row per point, transport and replication.
pub const REPLICATIONS: &str = "replications.csv";
/// Name of the table with the distribution of the latency.
pub const LATENCY_CDF: &str = "latency_cdf.csv";
/// Name of the table with a row per time bin.
pub const TIMELINE: &str = "timeline.csv";

/// Name of the table that people read, with the sentence that answers.
pub const ANSWER: &str = "summary.md";

/// Whether a file shows what the tables have, and has no numbers of its own: a chart, or the table for people.
pub(super) fn is_view(name: &str) -> bool {
    name.starts_with("charts/") || name == ANSWER
}

/// Name and text of a file.
pub type TextFile = (&'static str, String);

/// The CSV files of a run, in a fixed order.
///
/// # Errors
/// If a row cannot be written, which does not happen in memory.
pub fn csv_files(experiment: &Experiment, groups: &[Group]) -> Result<Vec<TextFile>, csv::Error> {
    let tables = TableWriter { experiment, groups };
    let mut files = vec![
        (SUMMARY, tables.summary()?),
        (REPLICATIONS, tables.replications()?),
        (LATENCY_CDF, tables.latency_cdf()?),
        (TIMELINE, tables.timeline()?),
    ];
    if experiment.is_mix() {
        files.push((POPULATIONS, tables.populations()?));
    }
    Ok(files)
}

/// The CSV files of `experiment` from which its charts are drawn, from the bytes that `read` gives.
pub(super) fn charted_files(
    experiment: &Experiment,
    read: impl Fn(&str) -> Result<Vec<u8>, FolderError>,
) -> Result<Vec<TextFile>, FolderError> {
    let mut names = vec![SUMMARY, LATENCY_CDF, TIMELINE];
    if experiment.is_mix() {
        names.push(POPULATIONS);
    }
    let file = |name| Ok((name, String::from_utf8_lossy(&read(name)?).into_owned()));
    names.into_iter().map(file).collect()
}

/// The shortest decimal that reads back the same; empty without a value.
fn cell(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map(|value| value.to_string()).unwrap_or_default()
}

/// A cell with a word.
fn word(text: &str) -> String {
    of_word(text).into_owned()
}

/// A cell with the value of a swept key: a number or a word.
fn number_or_word(text: &str) -> String {
    if text.parse::<f64>().is_ok() { text.to_owned() } else { word(text) }
}

fn strings<const N: usize>(names: [&str; N]) -> impl Iterator<Item = String> {
    names.map(str::to_owned).into_iter()
}

/// The columns of all metrics in a summary.
fn summary_columns() -> impl Iterator<Item = String> {
    Metric::ALL.iter().flat_map(|metric| columns(*metric).iter().map(|column| format!("{}{column}", metric.name())))
}

/// The endings of the columns of a metric.
fn columns(metric: Metric) -> &'static [&'static str] {
    match metric.aggregation() {
        Aggregation::Quantile(_) => &["", "_ci95", "_low95", "_high95", "_theory"],
        _ => &["", "_ci95", "_theory"],
    }
}

/// The cells under [`summary_columns`].
fn summary_cells(closed_forms: &Expected, estimate: impl Fn(Metric) -> Option<Estimate>) -> Vec<String> {
    let mut cells = Vec::new();
    for metric in Metric::ALL {
        let estimate = estimate(*metric);
        let interval = estimate.and_then(|estimate| estimate.interval);
        for column in columns(*metric) {
            cells.push(cell(match *column {
                "_ci95" => interval.map(|interval| interval.half_width),
                "_low95" => interval.map(|interval| interval.low),
                "_high95" => interval.map(|interval| interval.high),
                "_theory" => closed_forms.get(*metric),
                _ => estimate.map(|estimate| estimate.value),
            }));
        }
    }
    cells
}

/// Latency in nanoseconds and the fraction of deliveries that took at most as long: the first, the last, and as many in
/// between as a curve needs, finer towards the tail. The last latency is the largest one.
fn thinned(latency: &Histogram) -> Vec<(u64, f64)> {
    /// Steps of the fraction at which a point is kept, in the middle of the distribution.
    const STEPS: f64 = 200.0;
    /// Towards 1 a point is kept whenever the rest has shrunk by this factor.
    const TAIL: f64 = 0.8;
    let count = latency.count();
    let mut kept: Vec<(u64, f64)> = Vec::new();
    for (nanos, cumulative) in latency.distribution() {
        let fraction = cumulative as f64 / count as f64;
        let is_needed = kept.last().is_none_or(|(_, last)| {
            fraction - last >= 1.0 / STEPS || 1.0 - fraction <= (1.0 - last) * TAIL || cumulative == count
        });
        if is_needed {
            kept.push((nanos, fraction));
        }
    }
    kept
}

/// The data of the tables.
struct TableWriter<'a> {
    experiment: &'a Experiment,
    groups: &'a [Group],
}

impl TableWriter<'_> {
    /// A CSV text. A quick run has a last column that says so.
    fn table(
        &self,
        header: impl Iterator<Item = String>,
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Result<String, csv::Error> {
        let is_quick = self.experiment.quick();
        let quick = |cell: &str| if is_quick { Some(cell.to_owned()) } else { None };
        let mut writer = Writer::from_writer(Vec::new());
        writer.write_record(header.map(|name| word(&name)).chain(quick("quick")))?;
        for cells in rows {
            writer.write_record(cells.into_iter().chain(quick("true")))?;
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
    }

    /// The columns of point, transport and swept values.
    fn place_columns(&self) -> impl Iterator<Item = String> {
        strings(["point", "transport"]).chain(self.experiment.swept().iter().map(|key| key.path.clone()))
    }

    /// The cells under [`TableWriter::place_columns`].
    fn place(&self, group: &Group) -> Vec<String> {
        let mut cells = Vec::from(self.short_place(group));
        cells.extend(self.experiment.coordinates(group.point).iter().map(|value| number_or_word(value)));
        cells
    }

    fn short_place(&self, group: &Group) -> [String; 2] {
        [group.point.to_string(), word(&self.experiment.transports()[group.transport])]
    }

    fn summary(&self) -> Result<String, csv::Error> {
        let header = self.place_columns().chain(strings(["replications"])).chain(summary_columns());
        let row = |group: &Group| {
            let mut cells = self.place(group);
            cells.push(group.replications.len().to_string());
            cells.extend(summary_cells(&theory::expected(&group.scenario), |metric| group.estimate(metric)));
            cells
        };
        self.table(header, self.groups.iter().map(row))
    }

    fn populations(&self) -> Result<String, csv::Error> {
        let header = self.place_columns().chain(strings(["population", "clients", "replications"]));
        let row = |group: &Group, number: usize| {
            let population = &group.scenario.populations[number];
            let closed_forms = theory::expected_of_population(&group.scenario, number);
            let replications = group.replications.len().to_string();
            let mut cells = self.place(group);
            cells.extend([word(&population.name), population.count.to_string(), replications]);
            cells.extend(summary_cells(&closed_forms, |metric| group.population_estimate(number, metric)));
            cells
        };
        let rows = self
            .groups
            .iter()
            .flat_map(|group| (0..group.scenario.populations.len()).map(move |number| row(group, number)));
        self.table(header.chain(summary_columns()), rows)
    }

    fn replications(&self) -> Result<String, csv::Error> {
        let metrics = Metric::ALL.iter().map(|metric| metric.name().to_owned());
        let header = self.place_columns().chain(strings(["replication", "fingerprint"])).chain(metrics);
        let row = |group: &Group, number: usize| {
            let replication = &group.replications[number];
            let mut cells = self.place(group);
            cells.extend([number.to_string(), replication.fingerprint.clone()]);
            cells.extend(replication.metrics.iter().map(|value| cell(*value)));
            cells
        };
        let rows =
            self.groups.iter().flat_map(|group| (0..group.replications.len()).map(move |number| row(group, number)));
        self.table(header, rows)
    }

    fn latency_cdf(&self) -> Result<String, csv::Error> {
        let rows = self.groups.iter().flat_map(|group| {
            let values = thinned(&group.pooled.latency).into_iter();
            values.map(|(nanos, fraction)| self.short_row(group, [nanos as f64 / 1e9, fraction]))
        });
        self.table(strings(["point", "transport", "latency_s", "fraction"]), rows)
    }

    fn timeline(&self) -> Result<String, csv::Error> {
        let rows = self.groups.iter().flat_map(|group| {
            group.pooled.bins.iter().map(|bin| {
                let seconds = bin.width.as_secs_f64() * group.replications.len() as f64;
                let values = [
                    bin.start.as_secs_f64(),
                    bin.requests as f64 / seconds,
                    megabits(bin.http_bytes as f64 / seconds),
                    bin.held_nanos as f64 / 1e9 / seconds,
                    bin.delivered as f64 / seconds,
                ];
                self.short_row(group, values)
            })
        });
        self.table(strings(["point", "transport", "time_s"]).chain(strings(TIME_LINE)), rows)
    }

    fn short_row<const N: usize>(&self, group: &Group, values: [f64; N]) -> Vec<String> {
        self.short_place(group).into_iter().chain(values.map(|value| cell(Some(value)))).collect()
    }
}
