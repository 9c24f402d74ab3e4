//! One number against another: their difference and their ratio with confidence intervals.

use super::jackknifed::{Jackknifed, jackknife_error};
use super::{Interval, student_t_quantile, student_t_tails};

/// The difference and the ratio of two estimates of one metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// The first minus the second, in the unit of the metric.
    pub difference: f64,
    /// The 95 % confidence interval of the difference; `None` if no interval would cover as it should.
    pub difference_interval: Option<Interval>,
    /// The first divided by the second; `None` unless both have the same sign in every replication.
    pub ratio: Option<f64>,
    /// The 95 % confidence interval of the ratio.
    pub ratio_interval: Option<Interval>,
    /// The two-sided p-value of "there is no difference"; `None` without an interval.
    pub p_value: Option<f64>,
    /// How many times as many replications would give this interval without pairing: the sum of the variances of both
    /// over the variance of the difference. `None` if not paired, or if the difference does not vary.
    pub saved: Option<f64>,
    /// The degrees of freedom of the intervals; `None` without one.
    pub degrees: Option<u32>,
}

/// Values whose sign is in doubt give no ratio.
fn quotient(one: f64, other: f64) -> Option<f64> {
    let is_defined = other != 0.0 && one * other >= 0.0;
    if is_defined { Some(one / other) } else { None }
}

/// The standard errors of a difference and of a ratio, and the degrees of freedom of both.
#[derive(Clone, Copy)]
struct Errors {
    difference: f64,
    ratio: Option<f64>,
    degrees: u32,
}

impl Contrast {
    /// Of two values that have no intervals.
    pub fn bare(one: f64, other: f64) -> Contrast {
        Contrast {
            difference: one - other,
            difference_interval: None,
            ratio: quotient(one, other),
            ratio_interval: None,
            p_value: None,
            saved: None,
            degrees: None,
        }
    }

    /// Of two estimates from the same R replications, which share their random numbers: the jackknife of the pair.
    ///
    /// The leave-one-out values of f(a, b) are f(`a_(r)`, `b_(r)`); the half-width is t(0.975, R - 1) s with
    /// s² = (R - 1) / R `Σ(f_(r) - mean)²` (Law, "Simulation Modeling and Analysis", 5th ed., section 10.2.1, paired-t
    /// with the jackknife of section 9.4). The resolutions of both values widen it. It is [`Contrast::bare`] with one
    /// replication. Of unequal numbers the first replications are pairs, and R is the smaller number.
    pub fn paired(one: &Jackknifed, other: &Jackknifed) -> Contrast {
        let bare = Contrast::bare(one.value, other.value);
        let (Some(first), Some(second)) = (degrees(one), degrees(other)) else { return bare };
        let errors = if first == second {
            let pairs = || one.others.iter().zip(&other.others);
            let differences: Vec<f64> = pairs().map(|(one, other)| one - other).collect();
            let ratios: Option<Vec<f64>> = pairs().map(|(one, other)| quotient(*one, *other)).collect();
            let ratio = ratios.map(|ratios| jackknife_error(&ratios));
            Errors { difference: jackknife_error(&differences), ratio, degrees: first }
        } else {
            // The influence of each replication on both values; that of a ratio by the delta method.
            let difference = influence_error(one, other, 1.0);
            let ratio = bare.ratio.map(|ratio| influence_error(one, other, ratio) / other.value.abs());
            Errors { difference, ratio, degrees: first.min(second) }
        };
        let apart = |side: &Jackknifed| side.standard_error() * side.standard_error();
        let saved = (apart(one) + apart(other)) / (errors.difference * errors.difference);
        let saved = if saved.is_finite() { Some(saved) } else { None };
        Contrast { saved, ..bare.with(errors, one, other) }
    }

    /// Of two estimates from independent replications: Welch's interval ("The generalization of Student's problem when
    /// several different population variances are involved", Biometrika 34, 1947), with the degrees of freedom rounded
    /// down; that of the ratio by the delta method. It is [`Contrast::bare`] if a side has one replication.
    pub fn independent(one: &Jackknifed, other: &Jackknifed) -> Contrast {
        let bare = Contrast::bare(one.value, other.value);
        let (Some(first), Some(second)) = (degrees(one), degrees(other)) else { return bare };
        let [one_error, other_error] = [one, other].map(Jackknifed::standard_error);
        let squares = [one_error * one_error, other_error * other_error];
        let sum = squares[0] + squares[1];
        let parts = squares[0] * squares[0] / f64::from(first) + squares[1] * squares[1] / f64::from(second);
        let welch = if parts > 0.0 { libm::floor(sum * sum / parts) as u32 } else { first.min(second) };
        let ratio = bare.ratio.map(|ratio| {
            let scaled = ratio * other_error;
            (squares[0] + scaled * scaled).sqrt() / other.value.abs()
        });
        bare.with(Errors { difference: sum.sqrt(), ratio, degrees: welch.max(1) }, one, other)
    }

    /// The same with the intervals that these standard errors give.
    fn with(self, errors: Errors, one: &Jackknifed, other: &Jackknifed) -> Contrast {
        let factor = student_t_quantile(0.975, errors.degrees);
        let blur = one.resolution + other.resolution;
        let is_equal = self.difference == 0.0 && errors.difference == 0.0;
        let half = if is_equal { 0.0 } else { factor * errors.difference + blur };
        let beyond = f64::max(self.difference.abs() - blur, 0.0);
        let t = if beyond > 0.0 { beyond / errors.difference } else { 0.0 };
        let ratio = self.ratio.and_then(|ratio| errors.ratio.map(|error| (ratio, error)));
        let ratio_interval = ratio.map(|(ratio, error)| {
            let blur = (one.resolution + ratio * other.resolution) / other.value.abs();
            Interval::around(ratio, if is_equal { 0.0 } else { factor * error + blur })
        });
        Contrast {
            difference_interval: Some(Interval::around(self.difference, half)),
            ratio: ratio.map(|(ratio, _)| ratio),
            ratio_interval,
            p_value: Some(student_t_tails(t, errors.degrees)),
            degrees: Some(errors.degrees),
            ..self
        }
    }

    /// The interval of the difference leaves out 0: the two differ, as far as this pair alone can tell.
    pub fn excludes_zero(&self) -> Option<bool> {
        self.difference_interval.map(|interval| interval.low > 0.0 || interval.high < 0.0)
    }
}

/// One less than the number of replications, if there are at least two.
fn degrees(side: &Jackknifed) -> Option<u32> {
    match side.others.len() {
        0 | 1 => None,
        count => Some(u32::try_from(count - 1).unwrap_or(u32::MAX)),
    }
}

/// The one-sided p-value of "the number is at most `limit`", of an estimate with a 95 % interval that is symmetric about it.
/// It is below 0.025 where the interval lies above the limit.
pub fn p_value_above(limit: f64, estimate: f64, interval: Interval, degrees: u32) -> f64 {
    let beyond = estimate - limit;
    if beyond <= 0.0 {
        return 1.0;
    }
    let error = interval.half_width / student_t_quantile(0.975, degrees);
    if error > 0.0 { student_t_tails(beyond / error, degrees) / 2.0 } else { 0.0 }
}

/// The p-values of a family of tests after Holm's step-down, in the order given: with them the probability of one wrong
/// rejection or more is at most the level (Holm, "A simple sequentially rejective multiple test procedure",
/// Scandinavian Journal of Statistics 6, 1979).
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least: f64 = 0.0;
    for (rank, place) in order.into_iter().enumerate() {
        least = least.max(p_values[place] * (p_values.len() - rank) as f64).min(1.0);
        adjusted[place] = least;
    }
    adjusted
}

/// The standard error of one value minus `factor` times the other, of which the first replications are pairs.
fn influence_error(one: &Jackknifed, other: &Jackknifed, factor: f64) -> f64 {
    let longest = one.others.len().max(other.others.len());
    let part = |side: &Jackknifed, replication: usize| side.influence(replication).unwrap_or(0.0);
    let squares: f64 = (0..longest)
        .map(|replication| part(one, replication) - factor * part(other, replication))
        .map(|difference| difference * difference)
        .sum();
    let pairs = one.others.len().min(other.others.len()) as f64;
    (pairs / (pairs - 1.0) * squares).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(values: &[f64]) -> Jackknifed {
        Jackknifed::of_mean(values.iter().copied().map(Some)).unwrap()
    }

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() <= 1e-12 * other.abs().max(1.0)
    }

    #[test]
    fn differences_of_means_are_the_paired_t_test() {
        // Differences 1, 2, 3: mean 2, s = 1, standard error 1/√3, t(0.975, 2) = 0.95 / √(2 · 0.975 · 0.025).
        let found = Contrast::paired(&means(&[11.0, 22.0, 33.0]), &means(&[10.0, 20.0, 30.0]));
        let interval = found.difference_interval.unwrap();
        assert!(close(found.difference, 2.0) && close(interval.half_width, 0.95 / (3.0 * 0.048_75_f64).sqrt()));
        // t = 2√3 with 2 degrees: p = 1 - t/√(2 + t²).
        let t = 2.0 * 3.0_f64.sqrt();
        assert!(close(found.p_value.unwrap(), 1.0 - t / (2.0 + t * t).sqrt()));
        // Variances of the means: 121/3 and 100/3; of the difference: 1/3.
        assert!(close(found.saved.unwrap(), 221.0));
        assert!(close(found.ratio.unwrap(), 1.1));
        assert!(found.ratio_interval.unwrap().contains(1.1) && found.ratio_interval.unwrap().half_width < 1e-12);
    }

    #[test]
    fn equal_replications_are_equal_for_certain() {
        let one = means(&[0.1, 0.2, 0.7]);
        let found = Contrast::paired(&one, &one);
        assert_eq!(found.difference_interval, Some(Interval::around(0.0, 0.0)));
        assert_eq!(found.ratio_interval, Some(Interval::around(1.0, 0.0)));
        assert_eq!((found.p_value, found.saved, found.excludes_zero()), (Some(1.0), None, Some(false)));
    }

    #[test]
    fn a_constant_difference_is_certain_unless_it_is_within_the_resolution() {
        let found = Contrast::paired(&means(&[3.0, 5.0]), &means(&[2.0, 4.0]));
        assert_eq!((found.p_value, found.excludes_zero()), (Some(0.0), Some(true)));
        let blurred = Jackknifed { resolution: 1.5, ..means(&[3.0, 5.0]) };
        let found = Contrast::paired(&blurred, &means(&[2.0, 4.0]));
        assert_eq!((found.p_value, found.excludes_zero()), (Some(1.0), Some(false)));
    }

    #[test]
    fn ratios_need_one_sign_and_intervals_need_equal_counts() {
        assert_eq!(Contrast::paired(&means(&[1.0, 2.0]), &means(&[0.0, 0.0])).ratio, None);
        assert_eq!(Contrast::paired(&means(&[1.0, 2.0]), &means(&[-1.0, 2.0])).ratio, None);
        let found = Contrast::paired(&means(&[1.0, 2.0]), &means(&[2.0, 4.0, 6.0]));
        // Influences of -1/4 and 1/4 on the one, of -2/3, 0 and 2/3 on the other; two of them are pairs.
        let squares = [-0.25 + 2.0 / 3.0, 0.25, -2.0 / 3.0].map(|influence: f64| influence * influence);
        let half = student_t_quantile(0.975, 1) * (2.0 * squares.iter().sum::<f64>()).sqrt();
        assert!(close(found.difference_interval.unwrap().half_width, half));
        assert_eq!((found.difference, found.ratio), (-2.5, Some(0.375)));
        assert_eq!(Jackknifed::of_mean([Some(1.0), None].into_iter()), None);
        assert_eq!(Jackknifed::of_mean([Some(1.0)].into_iter()), None);
    }

    #[test]
    fn independent_samples_are_compared_as_welch_does() {
        // Variances of the means 4 and 1, 4 and 2 degrees: 25 / (16/4 + 1/2) = 5.55.
        let one = means(&[20.0 - 40.0_f64.sqrt(), 20.0, 20.0, 20.0, 20.0 + 40.0_f64.sqrt()]);
        let other = means(&[10.0 - 3.0_f64.sqrt(), 10.0, 10.0 + 3.0_f64.sqrt()]);
        let found = Contrast::independent(&one, &other);
        let half = student_t_quantile(0.975, 5) * 5.0_f64.sqrt();
        assert!(close(found.difference_interval.unwrap().half_width, half));
        let half = student_t_quantile(0.975, 5) * (4.0_f64 + 2.0 * 2.0).sqrt() / 10.0;
        assert!(close(found.ratio_interval.unwrap().half_width, half));
        assert_eq!(found.saved, None);
    }

    #[test]
    fn a_one_sided_test_agrees_with_the_interval() {
        let interval = Interval::around(3.0, 1.0);
        for (limit, p) in [(2.0, 0.025), (4.0, 1.0), (3.0, 1.0), (3.0 - 1e-9, 0.5)] {
            let found = p_value_above(limit, 3.0, interval, 7);
            assert!((found - p).abs() < 1e-6, "{limit}: {found}");
        }
        assert!(p_value_above(2.0, 3.0, Interval::around(3.0, 0.0), 7) <= 0.0);
    }

    #[test]
    fn holm_multiplies_by_the_tests_that_are_left() {
        let found = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        assert!(found.iter().zip(expected).all(|(found, expected)| close(*found, expected)), "{found:?}");
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
