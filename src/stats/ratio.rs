//! The ratio of two sums over independent replications, and its confidence interval by the jackknife.

use super::{Estimate, Interval, Jackknifed, student_t_quantile};

/// The contribution of one replication to both sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    /// To the numerator.
    pub above: u128,
    /// To the denominator.
    pub below: u128,
}

impl Ratio {
    /// The ratio; `None` if the denominator is 0.
    pub fn value(self) -> Option<f64> {
        if self.below > 0 { Some(self.above as f64 / self.below as f64) } else { None }
    }
}

/// The ratio of the sums over all replications; `None` if the denominator is 0.
///
/// With R replications, and the ratio `θ_(r)` of all except the r-th, the half-width is t(0.975, R - 1) s with
/// s² = (R - 1) / R `Σ(θ_(r) - mean)²` (Miller, "The jackknife - a review", Biometrika 61, 1974; Law, "Simulation
/// Modeling and Analysis", 5th ed., section 9.4). There is no interval for one replication, if the whole denominator
/// comes from one replication, or if the numerator is zero.
pub fn jackknife(parts: &[Ratio]) -> Option<Estimate> {
    let sum = sum_of(parts);
    let value = sum.value()?;
    let samples = parts.iter().filter(|part| part.below > 0).count();
    let half = if sum.above > 0 { half_width(parts, sum) } else { None };
    let interval = half.map(|half| Interval::around(value, half));
    Some(Estimate { value, interval, samples })
}

/// The ratio with its leave-one-out values; `None` where [`jackknife`] gives no interval.
pub fn without_each(parts: &[Ratio]) -> Option<Jackknifed> {
    let sum = sum_of(parts);
    if parts.len() < 2 || sum.above == 0 {
        return None;
    }
    Some(Jackknifed { value: sum.value()?, others: others(parts, sum)?, resolution: 0.0 })
}

fn sum_of(parts: &[Ratio]) -> Ratio {
    let add = |sum: Ratio, part: &Ratio| Ratio { above: sum.above + part.above, below: sum.below + part.below };
    parts.iter().fold(Ratio::default(), add)
}

/// The ratio without each of the replications; `None` if one of them has the whole denominator.
fn others(parts: &[Ratio], sum: Ratio) -> Option<Vec<f64>> {
    let without = |part: &Ratio| Ratio { above: sum.above - part.above, below: sum.below - part.below }.value();
    parts.iter().map(without).collect()
}

fn half_width(parts: &[Ratio], sum: Ratio) -> Option<f64> {
    let degrees = u32::try_from(parts.len().checked_sub(1)?).unwrap_or(u32::MAX);
    if degrees == 0 {
        return None;
    }
    let others = others(parts, sum)?;
    let count = parts.len() as f64;
    // Sums of differences: no rounding if all are equal.
    let origin = *others.first()?;
    let mean = origin + others.iter().map(|other| other - origin).sum::<f64>() / count;
    let squares: f64 = others.iter().map(|other| (other - mean) * (other - mean)).sum();
    Some(student_t_quantile(0.975, degrees) * (f64::from(degrees) / count * squares).sqrt())
}
