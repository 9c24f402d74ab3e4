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

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "exactness is what is tested")]
mod tests {
    use super::*;

    #[test]
    fn a_textbook_interval() {
        // Law, example 4.26: ten observations, 90 % there; mean 1.34 and variance 0.17, here with t(0.975, 9) = 2.262.
        let values = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09];
        let summary = summarize(values.into_iter().map(Some)).unwrap();
        assert!((summary.mean - 1.343).abs() < 1e-12);
        let half_width = summary.half_width.unwrap();
        assert!((half_width - 2.262_157_162_798_2 * (0.167_512_222_222_222_f64 / 10.0).sqrt()).abs() < 1e-12);
        assert_eq!(summary.samples, 10);
    }

    #[test]
    fn equal_samples_give_their_value_exactly() {
        for (x, n) in [(0.1, 3), (1e17 / 3.0, 7), (-2.2, 20)] {
            let summary = summarize((0..n).map(|_| Some(x))).unwrap();
            assert_eq!(summary, Summary { mean: x, half_width: Some(0.0), samples: n });
        }
    }

    #[test]
    fn missing_samples_are_skipped() {
        assert_eq!(summarize([None, None].into_iter()), None);
        assert_eq!(summarize([].into_iter()), None);
        let one = summarize([None, Some(4.5), None].into_iter()).unwrap();
        assert_eq!(one, Summary { mean: 4.5, half_width: None, samples: 1 });
        let two = summarize([Some(1.0), None, Some(3.0)].into_iter()).unwrap();
        assert_eq!((two.mean, two.samples), (2.0, 2));
        assert!((two.half_width.unwrap() - 12.706_204_736_174_7).abs() < 1e-9);
    }
}
