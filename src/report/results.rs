//! The CSV files of a run.

use super::cells::{cell, csv_text, without_empty, word};
use super::codebook::columns_csv;
use super::folder::FolderError;
use super::places::{self, GroupRow, places};
pub use super::tables::{
    COLUMNS, LATENCY_CDF, POPULATIONS, REPLICATIONS, SEARCH, SUMMARY, SUMMARY_LONG, TIMELINE, TextFile,
};
use crate::experiment::Experiment;
use crate::experiment::chart::TIME_LINE;
use crate::model::metric::Aggregation;
use crate::model::scenario::Window;
use crate::model::{Metric, megabits};
use crate::runner::Group;
use crate::stats::{Estimate, Histogram};
use crate::theory::{self, Expected};

/// Name of the table that people read, with the sentence that answers.
pub const ANSWER: &str = "summary.md";
/// Name of the page that people look at.
pub const PAGE: &str = "index.html";

/// Whether a file shows what the tables have, and has no numbers of its own: a chart, the table for people, or the page.
pub(super) fn is_view(name: &str) -> bool {
    name.starts_with("charts/") || [ANSWER, PAGE].contains(&name)
}

/// The CSV files of a run, in a fixed order, without what it compares, claims or searches.
///
/// # Errors
/// If a row cannot be written, which does not happen in memory.
pub fn csv_files(experiment: &Experiment, groups: &[Group]) -> Result<Vec<TextFile>, csv::Error> {
    all_csv_files(experiment, groups, Vec::new())
}

/// The CSV files of a run, with `more` tables that follow from it; the codebook describes them all.
///
/// # Errors
/// If a row cannot be written, which does not happen in memory.
pub(super) fn all_csv_files(
    experiment: &Experiment,
    groups: &[Group],
    more: Vec<TextFile>,
) -> Result<Vec<TextFile>, csv::Error> {
    let tables = TableWriter { experiment, places: places(experiment, groups) };
    let mut files = vec![
        (SUMMARY, tables.summary()?),
        (REPLICATIONS, tables.replications()?),
        (LATENCY_CDF, tables.latency_cdf()?),
        (TIMELINE, tables.timeline()?),
    ];
    if experiment.is_mix() {
        files.push((POPULATIONS, tables.populations()?));
    }
    files.push((SUMMARY_LONG, tables.summary_long()?));
    files.extend(more);
    let columns = columns_csv(experiment, &files)?;
    files.push((COLUMNS, columns));
    Ok(files)
}

/// The CSV files of `experiment` from which its views are made, from the bytes that `read` gives.
pub(super) fn viewed_files(
    experiment: &Experiment,
    read: impl Fn(&str) -> Result<Vec<u8>, FolderError>,
) -> Result<Vec<TextFile>, FolderError> {
    let mut names = vec![SUMMARY, LATENCY_CDF, TIMELINE, REPLICATIONS];
    if experiment.is_mix() {
        names.push(POPULATIONS);
    }
    if experiment.search().is_some() {
        names.push(SEARCH);
    }
    let file = |name| Ok((name, String::from_utf8_lossy(&read(name)?).into_owned()));
    names.into_iter().map(file).collect()
}

fn strings<const N: usize>(names: [&str; N]) -> impl Iterator<Item = String> {
    names.map(str::to_owned).into_iter()
}

/// The columns of all metrics in a summary.
pub(super) fn summary_columns() -> impl Iterator<Item = String> {
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
    places: Vec<GroupRow<'a>>,
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
        csv_text(
            &header.chain(quick("quick")).collect::<Vec<_>>(),
            rows.map(|cells| cells.into_iter().chain(quick("true")).collect()),
        )
    }

    /// The columns of point, transport and swept values, and these.
    fn columns<const N: usize>(&self, others: [&str; N]) -> impl Iterator<Item = String> {
        places::columns(self.experiment).chain(strings(others))
    }

    fn summary(&self) -> Result<String, csv::Error> {
        let header = self.columns(RUN).chain(summary_columns());
        let row = |place: &GroupRow| {
            let group = place.group;
            let metrics = summary_cells(&theory::expected(&group.scenario), |metric| group.estimate(metric));
            place.with(run_cells(group).into_iter().chain(metrics))
        };
        let (header, rows) = without_empty(header.collect(), self.places.iter().map(row).collect());
        self.table(header.into_iter(), rows.into_iter())
    }

    fn populations(&self) -> Result<String, csv::Error> {
        let header = self.columns(["population", "clients"]).chain(strings(RUN)).chain(summary_columns());
        let row = |place: &GroupRow, number: usize| {
            let group = place.group;
            let population = &group.scenario.populations[number];
            let closed_forms = theory::expected_of_population(&group.scenario, number);
            let metrics = summary_cells(&closed_forms, |metric| group.population_estimate(number, metric));
            let cells = [word(&population.name), population.count.to_string()];
            place.with(cells.into_iter().chain(run_cells(group)).chain(metrics))
        };
        let rows = self
            .places
            .iter()
            .flat_map(|place| (0..place.group.scenario.populations.len()).map(move |number| row(place, number)))
            .collect();
        let (header, rows) = without_empty(header.collect(), rows);
        self.table(header.into_iter(), rows.into_iter())
    }

    /// A row per value: of all clients, then of each population.
    fn summary_long(&self) -> Result<String, csv::Error> {
        let keys = self.experiment.swept().iter().map(|key| key.column.clone());
        let header = strings(["point"]).chain(keys).chain(strings(LONG));
        let rows = self.places.iter().flat_map(|place| {
            let group = place.group;
            let all = theory::expected(&group.scenario);
            let mut rows = place.long_rows("", &all, |metric| group.estimate(metric));
            for (number, population) in group.scenario.populations.iter().enumerate() {
                let closed_forms = theory::expected_of_population(&group.scenario, number);
                let estimate = |metric| group.population_estimate(number, metric);
                rows.extend(place.long_rows(&population.name, &closed_forms, estimate));
            }
            rows
        });
        self.table(header, rows)
    }

    fn replications(&self) -> Result<String, csv::Error> {
        let metrics = Metric::ALL.iter().map(|metric| metric.name().to_owned());
        let row = |place: &GroupRow, number: usize| {
            let replication = &place.group.replications[number];
            let cells = [number.to_string(), replication.fingerprint.clone()];
            place.with(cells.into_iter().chain(replication.metrics.iter().map(|value| cell(*value))))
        };
        let rows = self
            .places
            .iter()
            .flat_map(|place| (0..place.group.replications.len()).map(move |number| row(place, number)));
        self.table(self.columns(["replication", "fingerprint"]).chain(metrics), rows)
    }

    fn latency_cdf(&self) -> Result<String, csv::Error> {
        let rows = self.places.iter().flat_map(|place| {
            let values = thinned(&place.group.pooled.latency).into_iter();
            values.map(|(nanos, fraction)| place.with([nanos as f64 / 1e9, fraction].map(number)))
        });
        self.table(self.columns(["latency_s", "fraction"]), rows)
    }

    fn timeline(&self) -> Result<String, csv::Error> {
        let has_intervals = self.places.iter().any(|place| !place.group.bin_half_widths.is_empty());
        let rows = self.places.iter().flat_map(|place| {
            let group = place.group;
            let warmup = group.scenario.window.warmup.as_secs_f64();
            group.pooled.bins.iter().enumerate().map(move |(place_in_time, bin)| {
                let width = bin.width.as_secs_f64();
                let means = rates(bin.counts().map(|count| count as f64), width * group.replications.len() as f64);
                let halves = group.bin_half_widths.get(place_in_time).map(|halves| rates(*halves, width));
                let mut cells = vec![number(bin.start.as_secs_f64())];
                for (column, mean) in means.into_iter().enumerate() {
                    cells.push(number(mean));
                    if has_intervals {
                        // Where nothing was counted, it is not known how rare it is.
                        cells.push(cell(if mean > 0.0 { halves.map(|halves| halves[column]) } else { None }));
                    }
                }
                cells.push(number(warmup));
                place.with(cells)
            })
        });
        let endings: &[&str] = if has_intervals { &["", "_ci95"] } else { &[""] };
        let of_bins = TIME_LINE.iter().flat_map(|name| endings.iter().map(move |ending| format!("{name}{ending}")));
        self.table(self.columns(["time_s"]).chain(of_bins).chain(strings(["warmup_s"])), rows)
    }
}

/// The values under [`TIME_LINE`], of these [counts](crate::model::BinTotals::counts) in so many seconds.
fn rates([requests, http_bytes, held_nanos, delivered]: [f64; 4], seconds: f64) -> [f64; 4] {
    [requests / seconds, megabits(http_bytes / seconds), held_nanos / 1e9 / seconds, delivered / seconds]
}

impl GroupRow<'_> {
    /// Its cells and these.
    fn with(&self, others: impl IntoIterator<Item = String>) -> Vec<String> {
        self.cells.iter().cloned().chain(others).collect()
    }

    /// The rows of all metrics with a value or a closed form in a tidy table.
    fn long_rows(
        &self,
        population: &str,
        closed_forms: &Expected,
        estimate: impl Fn(Metric) -> Option<Estimate>,
    ) -> Vec<Vec<String>> {
        let [point, transport, keys @ ..] = self.cells.as_slice() else { return Vec::new() };
        let row = |metric: &Metric| {
            let (estimate, theory) = (estimate(*metric), closed_forms.get(*metric));
            if estimate.is_none() && theory.is_none() {
                return None;
            }
            let interval = estimate.and_then(|estimate| estimate.interval);
            let names = [transport.clone(), word(population), metric.name().to_owned(), metric.unit().to_owned()];
            let numbers = [
                estimate.map(|estimate| estimate.value),
                interval.map(|interval| interval.low),
                interval.map(|interval| interval.high),
                estimate.map(|estimate| estimate.samples as f64),
                theory,
            ];
            let place = std::iter::once(point).chain(keys).cloned();
            Some(place.chain(names).chain(numbers.map(cell)).collect())
        };
        Metric::ALL.iter().filter_map(row).collect()
    }
}

/// The columns of a tidy table after the swept keys.
const LONG: [&str; 9] =
    ["transport", "population", "metric", "unit", "estimate", "low95", "high95", "samples", "theory"];

/// The columns about the run in the summaries.
const RUN: [&str; 4] = ["replications", "duration_s", "warmup_s", "seed"];

/// The cells under [`RUN`].
fn run_cells(group: &Group) -> [String; 4] {
    let Window { warmup, duration, .. } = group.scenario.window;
    let [duration, warmup] = [duration, warmup].map(|time| number(time.as_secs_f64()));
    [group.replications.len().to_string(), duration, warmup, group.scenario.seed.to_string()]
}

/// A cell with a value.
fn number(value: f64) -> String {
    cell(Some(value))
}
