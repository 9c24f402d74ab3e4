//! The comparison of transports with a baseline, of the same replications of one experiment.

use std::collections::{BTreeMap, BTreeSet};

use crate::experiment::Experiment;
use crate::experiment::chart::{Chart, ChartKind};
use crate::model::Metric;
use crate::runner::Group;
use crate::stats::{Contrast, holm};

/// Differences with a p-value below this are significant, after the correction of the family.
pub const LEVEL: f64 = 0.05;

/// The metrics that are compared besides those of the charts.
const USUAL: [Metric; 6] = [
    Metric::LatencyMean,
    Metric::LatencyP95,
    Metric::HttpBytesPerSecond,
    Metric::HttpBytesPerMessage,
    Metric::RequestsPerMessage,
    Metric::ArrivedFraction,
];

/// Clients of a group: all, or one population.
#[derive(Clone, Copy)]
pub(super) struct MeasuredClients<'a> {
    pub group: &'a Group,
    pub population: Option<usize>,
}

impl<'a> MeasuredClients<'a> {
    /// All clients of a group.
    pub fn all(group: &'a Group) -> MeasuredClients<'a> {
        MeasuredClients { group, population: None }
    }

    /// The estimate of a metric, without an interval.
    pub fn value(self, metric: Metric) -> Option<f64> {
        let estimate = match self.population {
            Some(population) => self.group.population_estimate(population, metric),
            None => self.group.estimate(metric),
        };
        estimate.map(|estimate| estimate.value)
    }

    /// The value of a metric in each replication.
    pub fn replications(self, metric: Metric) -> impl Iterator<Item = Option<f64>> + 'a {
        self.group.replications.iter().map(move |replication| {
            let metrics = match self.population {
                Some(population) => replication.populations.get(population)?,
                None => &replication.metrics,
            };
            metrics.get(metric as usize).copied().flatten()
        })
    }
}

/// The contrast of one metric of two groups of the same seed; `None` without a value of both.
pub(super) fn paired(one: MeasuredClients, other: MeasuredClients, metric: Metric) -> Option<Contrast> {
    contrasted(one, other, metric, Contrast::paired)
}

/// The contrast of one metric of two groups by `method`; bare where one of them has no interval.
pub(super) fn contrasted(
    one: MeasuredClients,
    other: MeasuredClients,
    metric: Metric,
    method: fn(&crate::stats::Jackknifed, &crate::stats::Jackknifed) -> Contrast,
) -> Option<Contrast> {
    let values = (one.value(metric)?, other.value(metric)?);
    let [first, second] = [one, other].map(|side| side.group.jackknifed(side.population, metric));
    Some(match (first, second) {
        (Some(first), Some(second)) => method(first, second),
        _ => Contrast::bare(values.0, values.1),
    })
}

/// One metric of a transport, against that of the baseline.
#[derive(Clone, Debug)]
pub struct PairRow {
    /// Number of the point, of several the first one.
    pub point: usize,
    /// At how many points both sides are the same as at this one.
    pub points: usize,
    /// Name of the transport.
    pub transport: String,
    /// Name of the baseline.
    pub baseline: String,
    /// The metric.
    pub metric: Metric,
    /// The value of the transport and that of the baseline.
    pub values: [f64; 2],
    /// Difference and ratio, with the p-value of this pair alone.
    pub contrast: Contrast,
    /// The p-value after Holm's step-down over all rows.
    pub p_value: Option<f64>,
    /// Whether both have the same value in every replication.
    pub is_equal: bool,
}

impl PairRow {
    /// Whether there is a difference, after the correction; `None` if that cannot be told.
    pub fn is_significant(&self) -> Option<bool> {
        self.p_value.map(|p| p < LEVEL)
    }
}

/// The metrics of `comparison.csv`, in the order of the columns: those of the charts, and the usual ones.
pub fn compared_metrics(experiment: &Experiment) -> Vec<Metric> {
    charted_metrics(experiment).into_iter().chain(USUAL).collect::<BTreeSet<Metric>>().into_iter().collect()
}

/// The metrics of the charts, in the same order.
pub fn charted_metrics(experiment: &Experiment) -> Vec<Metric> {
    let charted: BTreeSet<Metric> = experiment.charts().iter().flat_map(metrics_of).collect();
    charted.into_iter().collect()
}

/// The metrics that a chart shows.
fn metrics_of(chart: &Chart) -> Vec<Metric> {
    if chart.kind == ChartKind::Timeline {
        // Its columns are those of the time line.
        return Vec::new();
    }
    let names = chart.y.iter().chain(&chart.x).chain(&chart.value);
    names.filter_map(|name| Metric::from_name(name)).collect()
}

/// The groups by point and transport.
pub(super) fn by_place(groups: &[Group]) -> BTreeMap<(usize, usize), &Group> {
    let places = groups.iter().flat_map(|group| group.points.iter().map(move |point| (point, group)));
    places.map(|(point, group)| ((*point, group.transport), group)).collect()
}

/// Every transport against `baseline` at every point, in the order of point, transport and metric. Where several points
/// have the same two groups, the first one stands for all.
pub fn contrasts(experiment: &Experiment, groups: &[Group], baseline: &str, metrics: &[Metric]) -> Vec<PairRow> {
    let names = experiment.transports();
    let Some(base) = names.iter().position(|name| name == baseline) else { return Vec::new() };
    let places = by_place(groups);
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for ((point, transport), group) in places.iter().filter(|((_, transport), _)| *transport != base) {
        let Some(other) = places.get(&(*point, base)) else { continue };
        if !seen.insert((*transport, group.point, other.point)) {
            continue;
        }
        let sides = [MeasuredClients::all(group), MeasuredClients::all(other)];
        for metric in metrics {
            let pair = NamedPair { point: *point, names: [&names[*transport], baseline], sides };
            rows.extend(pair.row(*metric, Contrast::paired));
        }
    }
    correct(&mut rows);
    rows
}

/// Two groups with their names.
pub(super) struct NamedPair<'a> {
    pub point: usize,
    pub names: [&'a str; 2],
    pub sides: [MeasuredClients<'a>; 2],
}

impl NamedPair<'_> {
    /// The row of a metric, before the correction; `None` without a value of both.
    pub fn row(
        &self,
        metric: Metric,
        method: fn(&crate::stats::Jackknifed, &crate::stats::Jackknifed) -> Contrast,
    ) -> Option<PairRow> {
        let [one, other] = self.sides;
        let contrast = contrasted(one, other, metric, method)?;
        let values = [one.value(metric)?, other.value(metric)?];
        let is_equal = one.replications(metric).eq(other.replications(metric));
        let [transport, baseline] = self.names.map(str::to_owned);
        let points = one.group.points.len().min(other.group.points.len());
        Some(PairRow {
            point: self.point,
            points,
            transport,
            baseline,
            metric,
            values,
            contrast,
            p_value: None,
            is_equal,
        })
    }
}

/// Corrects the p-values of all rows as one family.
pub(super) fn correct(rows: &mut [PairRow]) {
    let (places, p_values): (Vec<usize>, Vec<f64>) =
        rows.iter().enumerate().filter_map(|(place, row)| Some((place, row.contrast.p_value?))).unzip();
    for (place, p_value) in places.into_iter().zip(holm(&p_values)) {
        rows[place].p_value = Some(p_value);
    }
}
