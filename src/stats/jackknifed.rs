//! A number with its leave-one-out values, which is what a comparison of two numbers needs.

/// The value of a metric over all replications, and what it would be without each of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Jackknifed {
    /// The value, in the unit of the metric.
    pub value: f64,
    /// The values without the first, the second, ... replication, in the unit of the metric.
    pub others: Vec<f64>,
    /// How far `value` may be from the number that it stands for because of rounding to a bucket of a histogram.
    pub resolution: f64,
}

impl Jackknifed {
    /// The mean of one value per replication; `None` if a replication has none, or if there are fewer than two.
    pub fn of_mean(values: impl Iterator<Item = Option<f64>>) -> Option<Jackknifed> {
        let values: Vec<f64> = values.collect::<Option<_>>()?;
        if values.len() < 2 {
            return None;
        }
        let mean = mean(&values);
        let degrees = values.len() as f64 - 1.0;
        let others = values.iter().map(|value| mean - (value - mean) / degrees).collect();
        Some(Jackknifed { value: mean, others, resolution: 0.0 })
    }

    /// The same number in another unit: each value divided by `divisor`, plus `offset`.
    #[must_use]
    pub fn in_unit(self, divisor: f64, offset: f64) -> Jackknifed {
        let convert = |value: f64| value / divisor + offset;
        let others = self.others.into_iter().map(convert).collect();
        Jackknifed { value: convert(self.value), others, resolution: self.resolution / divisor.abs() }
    }

    /// How much a replication moves the value: over all of them the sum is 0. `None` without this replication.
    pub(super) fn influence(&self, replication: usize) -> Option<f64> {
        let count = self.others.len() as f64;
        self.others.get(replication).map(|other| (count - 1.0) / count * (mean(&self.others) - other))
    }

    /// The standard error: s² = (R - 1) / R `Σ(θ_(r) - mean)²` over the leave-one-out values `θ_(r)` of R replications.
    pub fn standard_error(&self) -> f64 {
        jackknife_error(&self.others)
    }
}

/// The standard error of a number with these leave-one-out values. Equal values give exactly 0.
pub(super) fn jackknife_error(others: &[f64]) -> f64 {
    let count = others.len() as f64;
    let mean = mean(others);
    let squares: f64 = others.iter().map(|other| (other - mean) * (other - mean)).sum();
    ((count - 1.0) / count * squares).sqrt()
}

/// The mean by sums of differences: no rounding if all are equal.
fn mean(values: &[f64]) -> f64 {
    let origin = values.first().copied().unwrap_or_default();
    origin + values.iter().map(|value| value - origin).sum::<f64>() / values.len() as f64
}
