//! The CSV files of a run.

mod cdf;

use csv::Writer;

use super::folder::FolderError;
use crate::experiment::Experiment;
use crate::experiment::chart::TIME_LINE;
use crate::model::metric::Aggregation;
use crate::model::{Metric, megabits};
use crate::runner::Group;
use crate::stats::Estimate;
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

/// The CSV files of a run: name and text, in a fixed order.
///
/// # Errors
/// If a row cannot be written, which does not happen in memory.
pub fn csv_files(experiment: &Experiment, groups: &[Group]) -> Result<Vec<(&'static str, String)>, csv::Error> {
    Ok(tables(experiment, groups)?.files())
}

/// The tables of a run, as CSV texts.
///
/// # Errors
/// As [`csv_files`].
pub(super) fn tables(experiment: &Experiment, groups: &[Group]) -> Result<ResultTables, csv::Error> {
    let writer = TableWriter { experiment, groups };
    let charted = ChartedTables {
        summary: writer.summary()?,
        latency_cdf: writer.latency_cdf()?,
        timeline: writer.timeline()?,
        populations: if experiment.is_mix() { Some(writer.populations()?) } else { None },
    };
    Ok(ResultTables { charted, replications: writer.replications()? })
}

/// The tables of a run, as CSV texts.
pub(super) struct ResultTables {
    pub charted: ChartedTables,
    replications: String,
}

impl ResultTables {
    /// Name and text of each, in a fixed order.
    pub fn files(self) -> Vec<(&'static str, String)> {
        let ChartedTables { summary, latency_cdf, timeline, populations } = self.charted;
        let mut files = vec![
            (SUMMARY, summary),
            (REPLICATIONS, self.replications),
            (LATENCY_CDF, latency_cdf),
            (TIMELINE, timeline),
        ];
        files.extend(populations.map(|text| (POPULATIONS, text)));
        files
    }
}

/// The tables that charts are drawn from, as CSV texts.
pub(super) struct ChartedTables {
    pub summary: String,
    pub latency_cdf: String,
    pub timeline: String,
    /// Only a mix has one.
    pub populations: Option<String>,
}

impl ChartedTables {
    /// From the bytes that `read` gives.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn read(
        is_mix: bool,
        read: impl Fn(&str) -> Result<Vec<u8>, FolderError>,
    ) -> Result<ChartedTables, FolderError> {
        let text = |name: &str| read(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(ChartedTables {
            summary: text(SUMMARY)?,
            latency_cdf: text(LATENCY_CDF)?,
            timeline: text(TIMELINE)?,
            populations: if is_mix { Some(text(POPULATIONS)?) } else { None },
        })
    }
}

/// The data of the tables.
struct TableWriter<'a> {
    experiment: &'a Experiment,
    groups: &'a [Group],
}

/// Rows of a CSV file in memory. A quick run has a last column that says so.
struct CsvRows {
    writer: Writer<Vec<u8>>,
    is_quick: bool,
}

impl CsvRows {
    fn new(experiment: &Experiment, header: impl IntoIterator<Item = String>) -> Result<CsvRows, csv::Error> {
        let mut rows = CsvRows { writer: Writer::from_writer(Vec::new()), is_quick: experiment.quick() };
        let quick = if rows.is_quick { Some("quick".to_owned()) } else { None };
        rows.writer.write_record(header.into_iter().map(|name| word(&name)).chain(quick))?;
        Ok(rows)
    }

    fn add(&mut self, cells: impl IntoIterator<Item = String>) -> Result<(), csv::Error> {
        let quick = if self.is_quick { Some("true".to_owned()) } else { None };
        self.writer.write_record(cells.into_iter().chain(quick))
    }

    fn text(self) -> Result<String, csv::Error> {
        let bytes = self.writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
    }
}

/// The shortest decimal that reads back the same; empty without a value.
fn cell(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map(|value| value.to_string()).unwrap_or_default()
}

/// A cell with a word.
fn word(text: &str) -> String {
    super::cell::of_word(text).into_owned()
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

impl TableWriter<'_> {
    fn swept_keys(&self) -> impl Iterator<Item = String> {
        self.experiment.swept().iter().map(|key| key.path.clone())
    }

    /// Point, transport and swept values of a group.
    fn place(&self, group: &Group) -> Vec<String> {
        let mut cells = Vec::from(self.short_place(group));
        cells.extend(self.experiment.coordinates(group.point).iter().map(|value| number_or_word(value)));
        cells
    }

    fn short_place(&self, group: &Group) -> [String; 2] {
        [group.point.to_string(), word(&self.experiment.transports()[group.transport])]
    }

    fn summary(&self) -> Result<String, csv::Error> {
        let header = strings(["point", "transport"]).chain(self.swept_keys()).chain(strings(["replications"]));
        let mut rows = CsvRows::new(self.experiment, header.chain(summary_columns()))?;
        for group in self.groups {
            let closed_forms = theory::expected(&group.scenario);
            let mut cells = self.place(group);
            cells.push(group.replications.len().to_string());
            cells.extend(summary_cells(&closed_forms, |metric| group.estimate(metric)));
            rows.add(cells)?;
        }
        rows.text()
    }

    fn populations(&self) -> Result<String, csv::Error> {
        let header = strings(["point", "transport"]).chain(self.swept_keys());
        let header = header.chain(strings(["population", "clients", "replications"])).chain(summary_columns());
        let mut rows = CsvRows::new(self.experiment, header)?;
        for group in self.groups {
            for (number, population) in group.scenario.populations.iter().enumerate() {
                let closed_forms = theory::expected_of_population(&group.scenario, number);
                let mut cells = self.place(group);
                let replications = group.replications.len().to_string();
                cells.extend([word(&population.name), population.count.to_string(), replications]);
                cells.extend(summary_cells(&closed_forms, |metric| group.population_estimate(number, metric)));
                rows.add(cells)?;
            }
        }
        rows.text()
    }

    fn replications(&self) -> Result<String, csv::Error> {
        let header = strings(["point", "transport"]).chain(self.swept_keys());
        let metrics = Metric::ALL.iter().map(|metric| metric.name().to_owned());
        let mut rows =
            CsvRows::new(self.experiment, header.chain(strings(["replication", "fingerprint"])).chain(metrics))?;
        for group in self.groups {
            for (number, replication) in group.replications.iter().enumerate() {
                let mut cells = self.place(group);
                cells.extend([number.to_string(), replication.fingerprint.clone()]);
                cells.extend(replication.metrics.iter().map(|value| cell(*value)));
                rows.add(cells)?;
            }
        }
        rows.text()
    }

    fn latency_cdf(&self) -> Result<String, csv::Error> {
        let mut rows = CsvRows::new(self.experiment, strings(["point", "transport", "latency_s", "fraction"]))?;
        for group in self.groups {
            for (nanos, fraction) in cdf::thinned(&group.pooled.latency) {
                let values = [cell(Some(nanos as f64 / 1e9)), cell(Some(fraction))];
                rows.add(self.short_place(group).into_iter().chain(values))?;
            }
        }
        rows.text()
    }

    fn timeline(&self) -> Result<String, csv::Error> {
        let header = strings(["point", "transport", "time_s"]).chain(strings(TIME_LINE));
        let mut rows = CsvRows::new(self.experiment, header)?;
        for group in self.groups {
            let replications = group.replications.len() as f64;
            for bin in group.pooled.bins.iter() {
                let seconds = bin.width.as_secs_f64() * replications;
                let values = [
                    bin.start.as_secs_f64(),
                    bin.requests as f64 / seconds,
                    megabits(bin.http_bytes as f64 / seconds),
                    bin.held_nanos as f64 / 1e9 / seconds,
                    bin.delivered as f64 / seconds,
                ];
                rows.add(self.short_place(group).into_iter().chain(values.map(|value| cell(Some(value)))))?;
            }
        }
        rows.text()
    }
}
