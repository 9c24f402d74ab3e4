//! The ratio of two sums over independent replications, and its confidence interval by the jackknife.

use super::{Estimate, Interval, student_t_quantile};

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
    let sum = parts
        .iter()
        .fold(Ratio::default(), |sum, part| Ratio { above: sum.above + part.above, below: sum.below + part.below });
    let value = sum.value()?;
    let samples = parts.iter().filter(|part| part.below > 0).count();
    let half = if sum.above > 0 { half_width(parts, sum) } else { None };
    let interval = half.map(|half| Interval::around(value, half));
    Some(Estimate { value, interval, samples })
}

fn half_width(parts: &[Ratio], sum: Ratio) -> Option<f64> {
    let degrees = u32::try_from(parts.len().checked_sub(1)?).unwrap_or(u32::MAX);
    if degrees == 0 {
        return None;
    }
    let others = |part: &Ratio| Ratio { above: sum.above - part.above, below: sum.below - part.below }.value();
    let others: Vec<f64> = parts.iter().map(others).collect::<Option<_>>()?;
    let count = parts.len() as f64;
    // Sums of differences: no rounding if all are equal.
    let origin = *others.first()?;
    let mean = origin + others.iter().map(|other| other - origin).sum::<f64>() / count;
    let squares: f64 = others.iter().map(|other| (other - mean) * (other - mean)).sum();
    Some(student_t_quantile(0.975, degrees) * (f64::from(degrees) / count * squares).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratios(parts: &[(u128, u128)]) -> Vec<Ratio> {
        parts.iter().map(|&(above, below)| Ratio { above, below }).collect()
    }

    /// 3/2 and 1/2 of two replications: the ratio is 4/4. Without the first it is 1/2, without the second 3/2; their
    /// mean is 1, s² = 1/2 (1/4 + 1/4) = 1/4, and t(0.975, 1) = 12.706.
    #[test]
    fn a_ratio_is_that_of_the_sums() {
        let found = jackknife(&ratios(&[(3, 2), (1, 2)])).unwrap();
        assert!((found.value - 1.0).abs() < 1e-15);
        assert!((found.half_width().unwrap() - 12.706_204_736_174_7 * 0.5).abs() < 1e-9);
        assert_eq!(found.samples, 2);
    }

    /// With equal denominators the jackknife is Student's interval of the mean: values 1, 2, 3, 6 have mean 3 and
    /// variance 14/3, and t(0.975, 3) = 3.182.
    #[test]
    fn equal_denominators_give_students_interval() {
        let found = jackknife(&ratios(&[(10, 10), (20, 10), (30, 10), (60, 10)])).unwrap();
        assert!((found.value - 3.0).abs() < 1e-15);
        let student = 3.182_446_305_283_709_6 * (14.0_f64 / 3.0 / 4.0).sqrt();
        assert!((found.half_width().unwrap() - student).abs() < 1e-12);
    }

    #[test]
    fn there_is_no_interval_without_a_second_denominator_or_a_numerator() {
        assert_eq!(jackknife(&[]), None);
        assert_eq!(jackknife(&ratios(&[(0, 0), (0, 0)])), None);
        assert_eq!(jackknife(&ratios(&[(5, 2)])), Some(Estimate::bare(2.5, 1)));
        assert_eq!(jackknife(&ratios(&[(5, 2), (0, 0)])), Some(Estimate::bare(2.5, 1)));
        assert_eq!(jackknife(&ratios(&[(0, 2), (0, 3)])), Some(Estimate::bare(0.0, 2)));
    }

    #[test]
    fn equal_ratios_have_an_interval_without_width() {
        let found = jackknife(&ratios(&[(1, 3), (2, 6), (3, 9)])).unwrap();
        assert_eq!(found.half_width(), Some(0.0));
    }
}
