//! The comparison of transports with a baseline, of the same replications of one experiment.

use std::collections::{BTreeMap, BTreeSet};

use super::scope::PairScope;
use crate::experiment::Experiment;
use crate::experiment::chart::{Chart, ChartKind};
use crate::model::Metric;
use crate::model::metric::Aggregation;
use crate::report::metric_words::usual;
use crate::runner::Group;
use crate::stats::{Contrast, Jackknifed, holm};
use crate::theory;

/// Differences with a p-value below this are significant, after the correction of the family.
pub const LEVEL: f64 = 0.05;

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

    /// The closed form of a metric.
    pub fn closed_form(self, metric: Metric) -> Option<f64> {
        let scenario = &self.group.scenario;
        match self.population {
            Some(population) => theory::expected_of_population(scenario, population).get(metric),
            None => theory::expected(scenario).get(metric),
        }
    }

    /// The leave-one-out values of a metric. What cannot be other than 0, or than all, by its closed form varies by
    /// nothing; what is so because no other event was seen may be rare, and has none.
    fn jackknifed(self, metric: Metric) -> Option<Jackknifed> {
        let measured = self.group.jackknifed(self.population, metric);
        measured.cloned().or_else(|| {
            let value = self.extreme(metric)?;
            let is_certain = self.group.replications.len() > 1 && self.closed_form(metric) == Some(value);
            let others = || vec![value; self.group.replications.len()];
            if is_certain { Some(Jackknifed { value, others: others(), resolution: 0.0 }) } else { None }
        })
    }

    /// The value of a metric that is 0 in every replication, or a share that is all in every one.
    pub fn extreme(self, metric: Metric) -> Option<f64> {
        let value = self.value(metric)?;
        let is_extreme = value <= 0.0 || (metric.aggregation() == Aggregation::Fraction && value >= 1.0);
        let is_everywhere = || self.replications(metric).all(|other| other == Some(value));
        if is_extreme && is_everywhere() { Some(value) } else { None }
    }
}

/// How a contrast is made of the leave-one-out values of two sides.
pub(super) type Method = fn(&Jackknifed, &Jackknifed) -> Contrast;

/// The contrast of one metric of two groups of the same seed; `None` without a value of both.
pub(super) fn paired(one: MeasuredClients, other: MeasuredClients, metric: Metric) -> Option<Contrast> {
    contrasted(one, other, metric, Contrast::paired)
}

/// The contrast of one metric of two groups by `method`; bare where one of them has no interval.
fn contrasted(one: MeasuredClients, other: MeasuredClients, metric: Metric, method: Method) -> Option<Contrast> {
    let values = (one.value(metric)?, other.value(metric)?);
    let [first, second] = [one, other].map(|side| side.jackknifed(metric));
    Some(match (first, second) {
        (Some(first), Some(second)) => method(&first, &second),
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
    /// Name of the experiment of the transport, if the baseline is another experiment.
    pub experiment: Option<String>,
    /// The metric.
    pub metric: Metric,
    /// The value of the transport and that of the baseline.
    pub values: [f64; 2],
    /// Difference and ratio, with the p-value of this pair alone.
    pub contrast: Contrast,
    /// The p-value after Holm's step-down over all rows.
    pub p_value: Option<f64>,
    /// Whether both have the same value in every replication; rounding of floating-point numbers makes no difference.
    pub is_equal: bool,
    /// Why there is no interval; `None` if there is one, or if both are equal.
    pub gap: Option<Gap>,
}

/// Why a difference has no interval.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A smallest, largest or summed value.
    Combined,
    /// There is one replication.
    OneReplication,
    /// One side is 0 in all replications, or a share of it is all.
    Extreme {
        /// Its name.
        name: String,
        /// Whether it is all, not 0.
        is_all: bool,
    },
    /// There are too few events.
    FewEvents,
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
    charted_metrics(experiment).into_iter().chain(usual()).collect::<BTreeSet<Metric>>().into_iter().collect()
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

/// Every transport in the scope against `baseline` at every point in it, in the order of point, transport and metric. Where
/// several points have the same two groups, the first one stands for all.
pub fn contrasts(experiment: &Experiment, groups: &[Group], baseline: &str, scope: PairScope) -> Vec<PairRow> {
    let pairs = pairs(experiment, groups, (baseline, scope));
    let of_pair = |pair: &NamedPair| scope.metrics.iter().filter_map(|metric| pair.row(*metric)).collect::<Vec<_>>();
    let mut rows: Vec<PairRow> = pairs.iter().flat_map(of_pair).collect();
    correct(&mut rows);
    rows
}

/// What [`contrasts`] cannot compare, as one of the two has no value.
pub fn one_sided(experiment: &Experiment, groups: &[Group], baseline: &str, scope: PairScope) -> Vec<OneSided> {
    let pairs = pairs(experiment, groups, (baseline, scope));
    pairs.iter().flat_map(|pair| pair.one_sided(scope.metrics)).collect()
}

/// Every transport in the scope beside `baseline`, at every point in it.
fn pairs<'a>(
    experiment: &'a Experiment,
    groups: &'a [Group],
    (baseline, scope): (&'a str, PairScope),
) -> Vec<NamedPair<'a>> {
    let names = experiment.transports();
    let Some(base) = names.iter().position(|name| name == baseline) else { return Vec::new() };
    let places = by_place(groups);
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    let is_asked = |point: usize, transport: usize| {
        transport != base && scope.has_point(point) && scope.has_transport(&names[transport])
    };
    for ((point, transport), group) in places.iter().filter(|((point, transport), _)| is_asked(*point, *transport)) {
        let Some(other) = places.get(&(*point, base)) else { continue };
        if seen.insert((*transport, group.point, other.point)) {
            let sides = [MeasuredClients::all(group), MeasuredClients::all(other)];
            let names = [&names[*transport], baseline];
            pairs.push(NamedPair { point: *point, names, experiment: None, sides, method: Contrast::paired });
        }
    }
    pairs
}

/// Two groups with their names.
pub(super) struct NamedPair<'a> {
    pub point: usize,
    pub names: [&'a str; 2],
    /// Name of the first side's experiment, if the other side is another experiment.
    pub experiment: Option<&'a str>,
    pub sides: [MeasuredClients<'a>; 2],
    pub method: Method,
}

impl NamedPair<'_> {
    /// The row of a metric, before the correction; `None` without a value of both.
    pub fn row(&self, metric: Metric) -> Option<PairRow> {
        let [one, other] = self.sides;
        let contrast = contrasted(one, other, metric, self.method)?;
        let values = [one.value(metric)?, other.value(metric)?];
        let is_equal = are_equal(one.replications(metric), other.replications(metric));
        let has_gap = contrast.difference_interval.is_none() && !is_equal;
        let gap = if has_gap { Some(self.gap(metric)) } else { None };
        let [transport, baseline] = self.names.map(str::to_owned);
        let points = one.group.points.len().min(other.group.points.len());
        let experiment = self.experiment.map(str::to_owned);
        let p_value = None;
        Some(PairRow {
            point: self.point,
            points,
            transport,
            baseline,
            experiment,
            metric,
            values,
            contrast,
            p_value,
            is_equal,
            gap,
        })
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

    /// Why there is no interval.
    fn gap(&self, metric: Metric) -> Gap {
        if matches!(metric.aggregation(), Aggregation::Minimum | Aggregation::Maximum | Aggregation::Sum) {
            return Gap::Combined;
        }
        if self.sides.iter().any(|side| side.group.replications.len() < 2) {
            return Gap::OneReplication;
        }
        let names = match self.experiment {
            Some(experiment) => [experiment, self.names[1]],
            None => self.names,
        };
        let lacks = |side: &MeasuredClients| side.jackknifed(metric).is_none();
        let extreme = |(side, name): (&MeasuredClients, &str)| {
            let value = if lacks(side) { side.extreme(metric) } else { None };
            value.map(|value| Gap::Extreme { name: name.to_owned(), is_all: value != 0.0 })
        };
        self.sides.iter().zip(names).find_map(extreme).unwrap_or(Gap::FewEvents)
    }
}

/// Values that differ by less than this part of them differ by the rounding of floating-point numbers.
const ROUNDING: f64 = 1e-12;

/// Whether two rows of values are the same as far as rounding tells.
fn are_equal(mut one: impl Iterator<Item = Option<f64>>, mut other: impl Iterator<Item = Option<f64>>) -> bool {
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(None), Some(None)) => {}
            (Some(Some(first)), Some(Some(second))) => {
                if (first - second).abs() > ROUNDING * first.abs().max(second.abs()) {
                    return false;
                }
            }
            _ => return false,
        }
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
