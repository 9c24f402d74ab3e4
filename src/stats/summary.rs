//! The mean of independent replications and its confidence interval.

use super::student_t_quantile;

/// A mean over independent samples with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The mean, in the unit of the samples.
    pub mean: f64,
    /// The half-width of the 95 % confidence interval, in the unit of the samples; `None` for a single sample.
    pub half_width: Option<f64>,
    /// How many samples there were.
    pub samples: usize,
}

/// The summary of the samples that are not `None`; `None` without any.
///
/// The half-width is t(0.975, n - 1) * s / sqrt(n), where s is the standard deviation with divisor n - 1 (Law,
/// "Simulation Modeling and Analysis", 5th ed., eq. 4.12). Equal samples give exactly their value and half-width 0.
pub fn summarize(values: impl Iterator<Item = Option<f64>>) -> Option<Summary> {
    let values: Vec<f64> = values.flatten().collect();
    let samples = values.len();
    let origin = *values.first()?;
    // Sums of differences: no rounding if all are equal, less if they are close.
    let mean = origin + values.iter().map(|x| x - origin).sum::<f64>() / samples as f64;
    Some(Summary { mean, half_width: half_width(&values, mean), samples })
}

fn half_width(values: &[f64], mean: f64) -> Option<f64> {
    let degrees = u32::try_from(values.len().checked_sub(1)?).unwrap_or(u32::MAX);
    if degrees == 0 {
        return None;
    }
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let variance = squares / f64::from(degrees);
    Some(student_t_quantile(0.975, degrees) * (variance / values.len() as f64).sqrt())
}
