//! Replications against a closed form.

use std::thread;

use cometsim::model::metric::Metric;
use cometsim::model::scenario::Scenario;
use cometsim::model::{Totals, simulate};
use cometsim::stats::{student_t_quantile, summarize};
use cometsim::theory::expected;

/// One metric: its closed form, and what the replications measured.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub metric: Metric,
    pub theory: f64,
    pub values: Vec<f64>,
}

/// Values that differ by no more than this, relative to the closed form, are equal but for rounding.
const ROUNDING: f64 = 1e-12;
/// Relative error of a percentile from the histogram.
const HISTOGRAM: f64 = 0.0005;

impl Comparison {
    /// The mean of the replications.
    pub fn mean(&self) -> f64 {
        summarize(self.values.iter().copied().map(Some)).unwrap().mean
    }

    /// Half the width of the confidence interval.
    pub fn half_width(&self, confidence: f64) -> f64 {
        let summary = summarize(self.values.iter().copied().map(Some)).unwrap();
        let degrees = self.values.len() as u32 - 1;
        let factor = student_t_quantile(f64::midpoint(1.0, confidence), degrees) / student_t_quantile(0.975, degrees);
        summary.half_width.unwrap() * factor
    }

    /// Whether the closed form lies within the interval; a percentile may be off by the error of the histogram as well.
    pub fn is_within(&self, confidence: f64) -> bool {
        let quantiles = [Metric::LatencyP50, Metric::LatencyP90, Metric::LatencyP95, Metric::LatencyP99];
        let resolution = if quantiles.contains(&self.metric) { HISTOGRAM } else { ROUNDING };
        (self.mean() - self.theory).abs() <= self.half_width(confidence) + resolution * self.theory.abs()
    }

    /// Whether so few messages are on their way that the count is nothing like normal: fewer than 30 in all replications.
    pub fn is_rare(&self) -> bool {
        let pending = [Metric::MessagesPendingStart, Metric::MessagesPendingEnd].contains(&self.metric);
        pending && self.theory > 0.0 && self.theory * (self.values.len() as f64) < 30.0
    }

    #[track_caller]
    pub fn assert_within(&self, confidence: f64) {
        let (mean, half_width) = (self.mean(), self.half_width(confidence));
        assert!(self.is_within(confidence), "{:?}: {} against {mean} ± {half_width}", self.metric, self.theory);
    }
}

/// Every metric that has a closed form, against `replications` runs.
pub fn compare(scenario: &Scenario, replications: u32) -> Vec<Comparison> {
    let forms: Vec<(Metric, f64)> = expected(scenario).iter().collect();
    let runs = replicate(scenario, replications, |totals, scenario| {
        forms.iter().map(|&(metric, _)| totals.metric(metric, scenario)).collect::<Vec<_>>()
    });
    let compared = forms.iter().enumerate().map(|(place, &(metric, theory))| {
        let values = runs.iter().map(|run| run[place].unwrap_or_else(|| panic!("{metric:?} has no sample"))).collect();
        Comparison { metric, theory, values }
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
