//! Estimates of the metrics from all replications of a group.

use crate::experiment::{Goal, HalfWidth};
use crate::model::metric::{Aggregation, Metric};
use crate::model::{Quotient, Scenario, Totals};
use crate::stats::{
    Estimate, Interval, Jackknifed, Packed, PooledQuantile, Ratio, jackknife, pooled_quantile, summarize, without_each,
};

/// The parts of a replication that are kept until its group is full: of all clients, or of one population.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// The metrics that are ratios, in their order.
    quotients: Vec<(Metric, Quotient)>,
    latency: Packed,
}

impl Sample {
    pub fn new(totals: &Totals, scenario: &Scenario) -> Sample {
        let quotient = |metric: &Metric| Some((*metric, totals.quotient(*metric, scenario)?));
        Sample { quotients: Metric::ALL.iter().filter_map(quotient).collect(), latency: Packed::from(&totals.latency) }
    }

    pub fn latency(&self) -> &Packed {
        &self.latency
    }

    fn quotient(&self, metric: Metric) -> Option<&Quotient> {
        self.quotients.iter().find(|(known, _)| *known == metric).map(|(_, quotient)| quotient)
    }
}

/// All replications of all clients, or of one population.
pub(super) struct Replicated<'a> {
    pub scenario: &'a Scenario,
    /// In the order of the replications.
    pub samples: Vec<&'a Sample>,
    /// The values of all metrics of each replication.
    pub values: Vec<&'a [Option<f64>]>,
    /// Merged.
    pub pooled: &'a Totals,
    /// The totals of all populations, merged.
    pub whole: &'a Totals,
}

impl Replicated<'_> {
    /// Every metric, in the order of [`Metric::ALL`].
    pub fn estimates(&self) -> Vec<Option<Estimate>> {
        Metric::ALL.iter().map(|metric| self.estimate(*metric)).collect()
    }

    /// The half-width of a goal's metric as a multiple of the goal: at most 1 if it is met, infinite without an
    /// interval.
    pub fn excess(&self, goal: &Goal) -> f64 {
        let Some(estimate) = self.estimate(goal.metric) else { return f64::INFINITY };
        let wanted = match goal.half_width {
            HalfWidth::Fraction(fraction) => fraction * estimate.value.abs(),
            HalfWidth::Absolute(half_width) => half_width,
        };
        match estimate.half_width() {
            Some(half_width) if half_width <= 0.0 => 0.0,
            Some(half_width) if wanted > 0.0 => half_width / wanted,
            _ => f64::INFINITY,
        }
    }

    /// A metric, with an interval only where there is enough data for one. Metrics are in the order in which they are
    /// declared.
    fn estimate(&self, metric: Metric) -> Option<Estimate> {
        let is_honest = self.pooled.suffice(metric, self.scenario, self.whole);
        self.bare_estimate(metric, metric as usize).map(|estimate| estimate.only_if(is_honest))
    }

    fn bare_estimate(&self, metric: Metric, place: usize) -> Option<Estimate> {
        let values = || self.values.iter().map(move |values| values[place]);
        let combined = |combine: fn(f64, f64) -> f64| {
            let value = values().flatten().reduce(combine)?;
            Some(Estimate::bare(value, values().flatten().count()))
        };
        match metric.aggregation() {
            Aggregation::Average => {
                let estimate = Estimate::from(summarize(values())?);
                // An event that never happened may be rare.
                Some(estimate.only_if(values().flatten().any(|value| value != 0.0)))
            }
            Aggregation::Ratio | Aggregation::Fraction => self.ratio(metric),
            Aggregation::Quantile(p) => {
                let latencies = self.samples.iter().map(|sample| &sample.latency);
                let nanos = pooled_quantile(&self.pooled.latency, latencies, p, 0.95)?;
                let ends = |ends: Interval| Interval::between(ends.low / 1e9, ends.high / 1e9);
                let interval = nanos.interval.map(ends);
                Some(Estimate { value: nanos.value / 1e9, interval, samples: nanos.samples })
            }
            Aggregation::Minimum => combined(f64::min),
            Aggregation::Maximum => combined(f64::max),
            Aggregation::Sum => combined(|sum, value| sum + value),
        }
    }

    /// The leave-one-out values of every metric that has an interval, in the order of [`Metric::ALL`].
    pub fn without_each(&self) -> Vec<Option<Jackknifed>> {
        let value = |(place, metric): (usize, &Metric)| {
            if self.pooled.suffice(*metric, self.scenario, self.whole) { self.jackknifed(*metric, place) } else { None }
        };
        Metric::ALL.iter().enumerate().map(value).collect()
    }

    fn jackknifed(&self, metric: Metric, place: usize) -> Option<Jackknifed> {
        let values = || self.values.iter().map(move |values| values[place]);
        match metric.aggregation() {
            Aggregation::Average if values().flatten().any(|value| value != 0.0) => Jackknifed::of_mean(values()),
            Aggregation::Ratio | Aggregation::Fraction => {
                let (parts, unit) = self.parts(metric)?;
                Some(without_each(&parts)?.in_unit(unit.divisor, unit.offset))
            }
            Aggregation::Quantile(p) => {
                let latencies = self.samples.iter().map(|sample| &sample.latency);
                let quantile = PooledQuantile::of(&self.pooled.latency, latencies, p)?;
                Some(quantile.without_each()?.in_unit(1e9, 0.0))
            }
            Aggregation::Average | Aggregation::Minimum | Aggregation::Maximum | Aggregation::Sum => None,
        }
    }

    fn ratio(&self, metric: Metric) -> Option<Estimate> {
        let (parts, unit) = self.parts(metric)?;
        let found = jackknife(&parts)?;
        let value = unit.in_unit(found.value);
        let interval = found.half_width().map(|half| Interval::around(value, half / unit.divisor));
        Some(Estimate { value, interval, samples: found.samples })
    }

    /// Numerator and denominator of a ratio in each replication, and its unit.
    fn parts(&self, metric: Metric) -> Option<(Vec<Ratio>, &Quotient)> {
        let quotients = || self.samples.iter().map(|sample| sample.quotient(metric));
        let parts = quotients().map(|quotient| quotient.map_or_else(Ratio::default, |quotient| quotient.ratio));
        Some((parts.collect(), quotients().flatten().next()?))
    }
}
