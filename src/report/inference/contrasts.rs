//! The comparison of transports with a baseline, of the same replications of one experiment.

use std::collections::{BTreeMap, BTreeSet};

use crate::experiment::Experiment;
use crate::experiment::chart::{Chart, ChartKind};
use crate::model::Metric;
use crate::runner::Group;
use crate::stats::{Contrast, Jackknifed, holm};

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

/// How two estimates are compared.
pub(super) type Method = fn(&Jackknifed, &Jackknifed) -> Contrast;

/// The contrast of one metric of two groups by `method`; bare where one of them has no interval.
fn contrasted(one: MeasuredClients, other: MeasuredClients, metric: Metric, method: Method) -> Option<Contrast> {
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

/// A metric of a transport or of the baseline, of which the other one has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneSided {
    /// Number of the point, of several the first one.
    pub point: usize,
    /// Name of the transport.
    pub transport: String,
    /// Name of the baseline.
    pub baseline: String,
    /// The metric.
    pub metric: Metric,
    /// Which of the two has no value.
    pub absent: String,
}

/// The metrics of `comparison.csv`, in the order of the columns: those of the charts, and the usual ones.
pub fn compared_metrics(experiment: &Experiment) -> Vec<Metric> {
    let charted: BTreeSet<Metric> = experiment.charts().iter().flat_map(metrics_of).chain(USUAL).collect();
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
    let pairs = pairs(experiment, groups, baseline);
    let of_pair = |pair: &NamedPair| metrics.iter().filter_map(|metric| pair.row(*metric)).collect::<Vec<_>>();
    let mut rows: Vec<PairRow> = pairs.iter().flat_map(of_pair).collect();
    correct(&mut rows);
    rows
}

/// What [`contrasts`] cannot compare, as one of the two has no value.
pub fn one_sided(experiment: &Experiment, groups: &[Group], baseline: &str, metrics: &[Metric]) -> Vec<OneSided> {
    let pairs = pairs(experiment, groups, baseline);
    pairs.iter().flat_map(|pair| pair.one_sided(metrics)).collect()
}

/// Every transport beside `baseline` at every point.
fn pairs<'a>(experiment: &'a Experiment, groups: &'a [Group], baseline: &'a str) -> Vec<NamedPair<'a>> {
    let names = experiment.transports();
    let Some(base) = names.iter().position(|name| name == baseline) else { return Vec::new() };
    let places = by_place(groups);
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for ((point, transport), group) in places.iter().filter(|((_, transport), _)| *transport != base) {
        let Some(other) = places.get(&(*point, base)) else { continue };
        if seen.insert((*transport, group.point, other.point)) {
            let sides = [MeasuredClients::all(group), MeasuredClients::all(other)];
            let names = [&names[*transport], baseline];
            pairs.push(NamedPair { point: *point, names, sides, method: Contrast::paired });
        }
    }
    pairs
}

/// Two groups with their names.
pub(super) struct NamedPair<'a> {
    pub point: usize,
    pub names: [&'a str; 2],
    pub sides: [MeasuredClients<'a>; 2],
    pub method: Method,
}

impl NamedPair<'_> {
    /// The row of a metric, before the correction; `None` without a value of both.
    pub fn row(&self, metric: Metric) -> Option<PairRow> {
        let [one, other] = self.sides;
        let contrast = contrasted(one, other, metric, self.method)?;
        let values = [one.value(metric)?, other.value(metric)?];
        let is_equal = one.replications(metric).eq(other.replications(metric));
        let [transport, baseline] = self.names.map(str::to_owned);
        Some(PairRow { point: self.point, transport, baseline, metric, values, contrast, p_value: None, is_equal })
    }

    /// The metrics that only one of the two has.
    pub fn one_sided(&self, metrics: &[Metric]) -> Vec<OneSided> {
        let [transport, baseline] = self.names;
        let of_metric = |metric: &Metric| {
            let absent = match self.sides.map(|side| side.value(*metric).is_some()) {
                [true, false] => baseline,
                [false, true] => transport,
                _ => return None,
            };
            let [transport, baseline, absent] = [transport, baseline, absent].map(str::to_owned);
            Some(OneSided { point: self.point, transport, baseline, metric: *metric, absent })
        };
        metrics.iter().filter_map(of_metric).collect()
    }
}

/// Corrects the p-values of all rows as one family. Values that are equal in every replication are no test, and a metric
/// is tested once, in whichever units it stands.
pub(super) fn correct(rows: &mut [PairRow]) {
    let mut tests: BTreeMap<(usize, &str, &str, Metric), Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate().filter(|(_, row)| row.contrast.p_value.is_some() && !row.is_equal) {
        let test = (row.point, row.transport.as_str(), row.baseline.as_str(), row.metric.in_bytes());
        tests.entry(test).or_default().push(place);
    }
    let tests: Vec<Vec<usize>> = tests.into_values().collect();
    let p_values: Vec<f64> = tests.iter().filter_map(|places| rows[places[0]].contrast.p_value).collect();
    for (places, p_value) in tests.iter().zip(holm(&p_values)) {
        for place in places {
            rows[*place].p_value = Some(p_value);
        }
    }
    rows.iter_mut().filter(|row| row.is_equal).for_each(|row| row.p_value = row.contrast.p_value);
}
