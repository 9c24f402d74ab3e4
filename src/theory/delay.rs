//! Moments, bounds, percentiles and Laplace transforms of one-way delays. Rounding to whole nanoseconds is ignored.

use std::f64::consts::{PI, SQRT_2};

use super::expected::UNKNOWN;
use crate::model::scenario::{Delay, Scenario};
use crate::units::Time;

/// A delay without an upper bound counts as never above the value that it exceeds with this probability.
pub const NEGLIGIBLE: f64 = 5e-10;

/// The distribution of a one-way delay; spans in seconds unless the name says nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct DelayDistribution {
    /// Mean; infinite if the integral diverges.
    pub mean: f64,
    /// Variance, in seconds squared; infinite if the integral diverges.
    pub variance: f64,
    /// Greatest lower bound, in nanoseconds.
    pub low_nanos: f64,
    /// Upper bound, or the value exceeded with probability [`NEGLIGIBLE`], in nanoseconds.
    pub high_nanos: f64,
    delay: Delay,
}

impl DelayDistribution {
    /// The distribution of `delay`.
    pub fn new(delay: &Delay) -> DelayDistribution {
        let (mean, variance, low_nanos, high_nanos) = moments_and_bounds(delay);
        DelayDistribution { mean, variance, low_nanos, high_nanos, delay: delay.clone() }
    }

    /// The delays of a scenario, up and down.
    pub fn both_ways(scenario: &Scenario) -> [DelayDistribution; 2] {
        [&scenario.network.up, &scenario.network.down].map(DelayDistribution::new)
    }

    /// Whether every draw is the same.
    pub fn is_constant(&self) -> bool {
        self.low_nanos >= self.high_nanos
    }

    /// The span that the draws cover, in nanoseconds.
    pub fn range_nanos(&self) -> f64 {
        self.high_nanos - self.low_nanos
    }

    /// The quantile of order `q` in (0, 1), in seconds. Unknown on a step of a discrete distribution, where a sample
    /// falls on either side.
    pub fn quantile(&self, q: f64) -> f64 {
        match &self.delay {
            _ if self.is_constant() => self.mean,
            Delay::Constant(span) => span.as_secs_f64(),
            Delay::Uniform { low, high } => low.as_secs_f64() + q * (high.as_secs_f64() - low.as_secs_f64()),
            Delay::Exponential(mean) => -mean.as_secs_f64() * libm::log1p(-q),
            Delay::Normal { mean, sd } => upper_truncated_normal(*mean, *sd, 1.0 - q) / 1e9,
            Delay::Lognormal { median, sigma } => upper_lognormal(*median, *sigma, 1.0 - q) / 1e9,
            Delay::Pareto { min, shape } => min.as_secs_f64() * libm::pow(1.0 - q, -1.0 / shape),
            Delay::Weibull { scale, shape } => scale.as_secs_f64() * libm::pow(-libm::log1p(-q), 1.0 / shape),
            Delay::Empirical(samples) => empirical_quantile(samples, q),
        }
    }

    /// `E[exp(-rate × delay)]`; unknown for distributions without a simple transform.
    pub fn laplace(&self, rate: f64) -> f64 {
        match &self.delay {
            _ if self.is_constant() => libm::exp(-rate * self.mean),
            Delay::Uniform { low, high } => {
                let width = rate * (high.as_secs_f64() - low.as_secs_f64());
                libm::exp(-rate * low.as_secs_f64()) * -libm::expm1(-width) / width
            }
            Delay::Exponential(mean) => 1.0 / (1.0 + rate * mean.as_secs_f64()),
            Delay::Empirical(samples) => average(samples, |span| libm::exp(-rate * span)),
            _ => UNKNOWN,
        }
    }
}

/// Mean (s), variance (s²), lower bound and (practical) upper bound (ns).
fn moments_and_bounds(delay: &Delay) -> (f64, f64, f64, f64) {
    let nanos = |span: Time| span.0 as f64;
    match *delay {
        Delay::Constant(span) => (span.as_secs_f64(), 0.0, nanos(span), nanos(span)),
        Delay::Uniform { low, high } => {
            let (from, to) = (low.as_secs_f64(), high.as_secs_f64());
            (from.midpoint(to), (to - from) * (to - from) / 12.0, nanos(low), nanos(high))
        }
        Delay::Exponential(mean) => {
            let seconds = mean.as_secs_f64();
            (seconds, seconds * seconds, 0.0, -nanos(mean) * libm::log(NEGLIGIBLE))
        }
        Delay::Normal { mean, sd } if sd == Time::ZERO => (mean.as_secs_f64(), 0.0, nanos(mean), nanos(mean)),
        Delay::Normal { mean, sd } => {
            let (center, variance) = truncated_normal(mean.as_secs_f64(), sd.as_secs_f64());
            (center, variance, 0.0, upper_truncated_normal(mean, sd, NEGLIGIBLE))
        }
        Delay::Lognormal { median, sigma } => {
            let mean = median.as_secs_f64() * libm::exp(sigma * sigma / 2.0);
            let (low, high) = if sigma <= 0.0 {
                (nanos(median), nanos(median))
            } else {
                (0.0, upper_lognormal(median, sigma, NEGLIGIBLE))
            };
            (mean, mean * mean * libm::expm1(sigma * sigma), low, high)
        }
        Delay::Pareto { min, shape } => {
            let (mean, variance) = pareto(min.as_secs_f64(), shape);
            (mean, variance, nanos(min), nanos(min) * libm::pow(NEGLIGIBLE, -1.0 / shape))
        }
        Delay::Weibull { scale, shape } => {
            let (seconds, first) = (scale.as_secs_f64(), libm::tgamma(1.0 + 1.0 / shape));
            let variance = seconds * seconds * (libm::tgamma(1.0 + 2.0 / shape) - first * first);
            (seconds * first, variance, 0.0, nanos(scale) * libm::pow(-libm::log(NEGLIGIBLE), 1.0 / shape))
        }
        Delay::Empirical(ref samples) => {
            let mean = average(samples, |span| span);
            let variance = average(samples, |span| (span - mean) * (span - mean));
            let bound = |sample: Option<&Time>| sample.copied().map_or(UNKNOWN, nanos);
            (mean, variance, bound(samples.first()), bound(samples.last()))
        }
    }
}

/// Mean and variance of a normal conditioned on values of at least 0 (Johnson, Kotz and Balakrishnan,
/// *Continuous Univariate Distributions* 1, section 13.10.1).
fn truncated_normal(mean: f64, sd: f64) -> (f64, f64) {
    let alpha = -mean / sd;
    let hazard = libm::exp(-alpha * alpha / 2.0) / libm::sqrt(2.0 * PI) / upper_normal(alpha);
    (mean + sd * hazard, sd * sd * (1.0 + alpha * hazard - hazard * hazard))
}

/// Mean and variance of a Pareto distribution; infinite for a shape of at most 1 and 2.
fn pareto(min: f64, shape: f64) -> (f64, f64) {
    let mean = if shape > 1.0 { shape * min / (shape - 1.0) } else { f64::INFINITY };
    let variance =
        if shape > 2.0 { min * min * shape / ((shape - 1.0) * (shape - 1.0) * (shape - 2.0)) } else { f64::INFINITY };
    (mean, variance)
}

/// The value, in nanoseconds, that a normal delay of at least 0 exceeds with probability `tail`.
fn upper_truncated_normal(mean: Time, sd: Time, tail: f64) -> f64 {
    let (mean, sd) = (mean.0 as f64, sd.0 as f64);
    mean + sd * upper_normal_quantile(tail * upper_normal(-mean / sd))
}

/// The same of a log-normal delay.
fn upper_lognormal(median: Time, sigma: f64, tail: f64) -> f64 {
    median.0 as f64 * libm::exp(sigma * upper_normal_quantile(tail))
}

/// `P(Z > z)` of the standard normal.
fn upper_normal(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// The `z` with `P(Z > z) = tail`, by bisection.
fn upper_normal_quantile(tail: f64) -> f64 {
    let (mut low, mut high) = (-40.0_f64, 40.0_f64);
    for _ in 0..100 {
        let middle = low.midpoint(high);
        if upper_normal(middle) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    low.midpoint(high)
}

/// The mean of `f` over the samples, each in seconds.
fn average(samples: &[Time], f: impl Fn(f64) -> f64) -> f64 {
    samples.iter().map(|span| f(span.as_secs_f64())).sum::<f64>() / samples.len() as f64
}

/// The sample at fraction `q`; unknown if `q` falls between two different samples.
fn empirical_quantile(samples: &[Time], q: f64) -> f64 {
    let place = q * samples.len() as f64;
    let at = |place: f64| samples.get(place as usize).map_or(UNKNOWN, |span| span.as_secs_f64());
    let (below, above) = (at((place - 1e-6).max(0.0)), at(place + 1e-6));
    if below < above { UNKNOWN } else { below }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(actual: f64, wanted: f64, relative: f64) {
        assert!((actual - wanted).abs() <= relative * wanted.abs(), "{actual} against {wanted}");
    }

    #[test]
    fn delay_moments_agree_with_integrals_over_quantiles() {
        let samples: Vec<Time> = [20, 30, 30, 70].into_iter().map(Time::from_millis).collect();
        let ms = Time::from_millis;
        let laws = [
            Delay::Uniform { low: ms(10), high: ms(90) },
            Delay::Exponential(ms(50)),
            Delay::Normal { mean: ms(20), sd: ms(30) },
            Delay::Lognormal { median: ms(50), sigma: 0.5 },
            Delay::Pareto { min: ms(20), shape: 6.0 },
            Delay::Weibull { scale: ms(50), shape: 1.7 },
            Delay::Empirical(samples.into()),
        ];
        for delay in laws {
            let law = DelayDistribution::new(&delay);
            let steps = 40_000;
            let at = |k: i32| law.quantile((f64::from(k) + 0.5) / f64::from(steps));
            let mean = (0..steps).map(at).sum::<f64>() / f64::from(steps);
            let square = (0..steps).map(|k| at(k) * at(k)).sum::<f64>() / f64::from(steps);
            close(mean, law.mean, 1e-4);
            close(square - mean * mean, law.variance, 1e-2);
            let transform = law.laplace(7.0);
            if transform.is_finite() {
                let integral = (0..steps).map(|k| libm::exp(-7.0 * at(k))).sum::<f64>() / f64::from(steps);
                close(transform, integral, 1e-5);
            }
        }
    }
}
