//! Replications against a closed form.

use std::thread;

use cometsim::model::metric::{Aggregation, Metric};
use cometsim::model::scenario::Scenario;
use cometsim::model::{Quotient, Totals, simulate};
use cometsim::stats::{Histogram, Packed, Ratio, jackknife, pooled_quantile, student_t_quantile, summarize};
use cometsim::theory::expected;

/// One metric: its closed form, and what the replications measured.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub metric: Metric,
    pub theory: f64,
    pub measured: Measured,
}

/// What the replications measured, as the summary takes it together.
#[derive(Clone, Debug)]
pub enum Measured {
    /// Rates, counts and time averages: a value of each replication.
    Values(Vec<f64>),
    /// Ratios: what each replication adds to both sums, and the unit.
    Ratios(Vec<Ratio>, Quotient),
    /// Latencies, together and of each replication.
    Latencies(Box<Histogram>, Vec<Packed>, f64),
    /// The least or the greatest of all.
    Extreme(f64),
}

/// Values that differ by no more than this, relative to the closed form, are equal except for rounding.
const ROUNDING: f64 = 1e-12;
/// Relative error of a percentile from the histogram.
const HISTOGRAM: f64 = 0.0005;
/// Share by which a percentile of too few messages for an interval at the level asked for may be off.
const VAGUE: f64 = 0.2;

impl Comparison {
    /// What all replications together say.
    pub fn value(&self) -> f64 {
        match &self.measured {
            Measured::Values(values) => summarize(values.iter().copied().map(Some)).unwrap().mean,
            Measured::Ratios(ratios, unit) => unit.in_unit(jackknife(ratios).unwrap().value),
            Measured::Latencies(pooled, _, p) => pooled.quantile(*p).unwrap() as f64 / 1e9,
            Measured::Extreme(value) => *value,
        }
    }

    /// The ends of the confidence interval.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        let value = self.value();
        let half = match &self.measured {
            Measured::Values(values) => {
                let half = summarize(values.iter().copied().map(Some)).unwrap().half_width.unwrap();
                half * factor(values.len(), confidence)
            }
            Measured::Ratios(ratios, unit) => {
                let half = jackknife(ratios).unwrap().half_width().unwrap_or(0.0);
                half / unit.divisor * factor(ratios.len(), confidence)
            }
            Measured::Latencies(pooled, parts, p) => {
                let found = pooled_quantile(pooled, parts.iter(), *p, confidence).unwrap();
                match found.interval {
                    Some(interval) => return (interval.low / 1e9, interval.high / 1e9),
                    None => VAGUE * value,
                }
            }
            Measured::Extreme(_) => 0.0,
        };
        (value - half, value + half)
    }

    /// Half the width of the confidence interval.
    pub fn half_width(&self, confidence: f64) -> f64 {
        let (low, high) = self.interval(confidence);
        (high - low) / 2.0
    }

    /// Whether the closed form lies within the interval; a percentile may be off by the error of the histogram as well.
    pub fn is_within(&self, confidence: f64) -> bool {
        let resolution = if matches!(self.measured, Measured::Latencies(..)) { HISTOGRAM } else { ROUNDING };
        let ((low, high), more) = (self.interval(confidence), resolution * self.theory.abs());
        low - more <= self.theory && self.theory <= high + more
    }

    /// Whether so few messages are on their way that the count is nothing like normal: fewer than 30 in all replications.
    pub fn is_rare(&self) -> bool {
        let pending = [Metric::MessagesPendingStart, Metric::MessagesPendingEnd];
        match &self.measured {
            Measured::Values(values) if pending.contains(&self.metric) => {
                self.theory > 0.0 && self.theory * (values.len() as f64) < 30.0
            }
            Measured::Ratios(ratios, _) if self.metric.aggregation() == Aggregation::Fraction => {
                let messages: u128 = ratios.iter().map(|ratio| ratio.below).sum();
                let rare = self.theory.min(1.0 - self.theory);
                rare > 0.0 && rare * (messages as f64) < 30.0
            }
            _ => false,
        }
    }

    #[track_caller]
    pub fn assert_within(&self, confidence: f64) {
        let (value, ends) = (self.value(), self.interval(confidence));
        assert!(self.is_within(confidence), "{:?}: {} against {value}, {ends:?}", self.metric, self.theory);
    }
}

/// What turns a half-width at 95 % of so many replications into one of another level.
fn factor(replications: usize, confidence: f64) -> f64 {
    let degrees = replications as u32 - 1;
    student_t_quantile(f64::midpoint(1.0, confidence), degrees) / student_t_quantile(0.975, degrees)
}

/// Every metric that has a closed form, against `replications` runs.
pub fn compare(scenario: &Scenario, replications: u32) -> Vec<Comparison> {
    let forms: Vec<(Metric, f64)> = expected(scenario).iter().collect();
    let runs = replicate(scenario, replications, |totals, scenario| {
        let of = |&(metric, _): &(Metric, f64)| (totals.metric(metric, scenario), totals.quotient(metric, scenario));
        (forms.iter().map(of).collect::<Vec<_>>(), totals.latency.clone())
    });
    let latency = || {
        let mut pooled = Histogram::new();
        for (_, latency) in &runs {
            pooled.merge(latency);
        }
        (Box::new(pooled), runs.iter().map(|(_, latency)| Packed::from(latency)).collect::<Vec<_>>())
    };
    let compared = forms.iter().enumerate().map(|(place, &(metric, theory))| {
        let values = || runs.iter().filter_map(|(run, _)| run[place].0);
        assert!(values().next().is_some(), "{metric:?} has no sample");
        let measured = match metric.aggregation() {
            Aggregation::Ratio | Aggregation::Fraction => {
                let quotients: Vec<Quotient> = runs.iter().filter_map(|(run, _)| run[place].1).collect();
                Measured::Ratios(quotients.iter().map(|quotient| quotient.ratio).collect(), quotients[0])
            }
            Aggregation::Quantile(p) => {
                let (pooled, parts) = latency();
                Measured::Latencies(pooled, parts, p)
            }
            Aggregation::Minimum => Measured::Extreme(values().reduce(f64::min).unwrap()),
            Aggregation::Maximum => Measured::Extreme(values().reduce(f64::max).unwrap()),
            Aggregation::Average | Aggregation::Sum => Measured::Values(values().collect()),
        };
        Comparison { metric, theory, measured }
    });
    compared.collect()
}

/// What `measure` takes from each replication, in their order; two run at a time.
pub fn replicate<T: Send>(
    scenario: &Scenario,
    replications: u32,
    measure: impl Fn(&Totals, &Scenario) -> T + Sync,
) -> Vec<T> {
    let run = |replication| measure(&simulate(scenario, replication, 0..scenario.population()), scenario);
    let (run, half) = (&run, replications / 2);
    thread::scope(|scope| {
        let second = scope.spawn(move || (half..replications).map(run).collect::<Vec<T>>());
        let mut all: Vec<T> = (0..half).map(run).collect();
        all.extend(second.join().unwrap());
        all
    })
}
