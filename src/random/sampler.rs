//! Samplers: one 64-bit draw in, one value out, by the inverse of the distribution function.
//!
//! Times are in nanoseconds: parameters as `f64`, values as `u64`, rounded to the nearest and at most
//! [`LONGEST_NANOS`]. A sampler of times reads the draw as the probability of a larger value, so a larger draw never
//! gives a larger time ([`Uniform`] is the exception: it rises with the draw). Formulas: Devroye, "Non-Uniform Random
//! Variate Generation", Springer 1986, chapters II and X.

use rand::Rng;
use rand::distr::Distribution;

use super::inverse_normal_cdf;
use super::log::ln;

/// The longest time that a sampler gives: 2^61 ns, about 73 years.
pub const LONGEST_NANOS: u64 = 1 << 61;

/// A uniform integer in [0, `bound`): the high half of `bits * bound`. 0 if `bound` is 0.
///
/// Each value has probability 1/`bound` up to 2^-64, so nothing is rejected and one draw always gives one value.
#[inline]
pub fn below(bits: u64, bound: u64) -> u64 {
    ((u128::from(bits) * u128::from(bound)) >> 64) as u64
}

/// A uniform number in (0, 1], one of 2^53: never 0, so its logarithm is finite.
#[inline]
pub fn unit(bits: u64) -> f64 {
    ((bits >> 11) + 1) as i64 as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A uniform number in (0, 1), one of 2^52, symmetric about 1/2: neither 0 nor 1, so its normal quantile is finite.
#[inline]
pub fn open_unit(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// Replaces each draw in `values` by `value(ln(unit(draw)))`. It works in blocks, so that the processor computes
/// several logarithms at once.
#[inline]
fn replace_bits(values: &mut [u64], value: impl Fn(f64) -> u64) {
    const TOGETHER: usize = 16;
    for values in values.chunks_mut(TOGETHER) {
        let mut logarithms = [1.0; TOGETHER];
        for (logarithm, bits) in logarithms.iter_mut().zip(values.iter()) {
            *logarithm = unit(*bits);
        }
        for logarithm in &mut logarithms[..values.len()] {
            *logarithm = ln(*logarithm);
        }
        for (bits, logarithm) in values.iter_mut().zip(logarithms) {
            *bits = value(logarithm);
        }
    }
}

/// A time in whole nanoseconds: the nearest, 0 for a negative one or NaN, at most [`LONGEST_NANOS`].
#[inline]
fn nanos(time: f64) -> u64 {
    // As `libm::round` rounds a time of at least 0: add the number before 1/2, then truncate.
    const BEFORE_HALF: f64 = 0.5 - 0.25 * f64::EPSILON;
    ((time + BEFORE_HALF) as i64).clamp(0, LONGEST_NANOS as i64) as u64
}

/// Trials up to and including the first success, in {1, 2, …}: P(K > k) = (1 - p)^k.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometric {
    ln_miss: f64,
}

impl Geometric {
    /// The distribution for success probability `p`, clamped to [0, 1]; NaN counts as 0. With `p` = 1 every value is 1,
    /// with `p` = 0 every value is `u64::MAX`.
    pub fn new(p: f64) -> Geometric {
        Geometric { ln_miss: if p > 0.0 { libm::log1p(-p.min(1.0)) } else { 0.0 } }
    }

    /// ceil(ln u / ln(1 - p)), at least 1, saturated at `u64::MAX`. A larger `p` gives no larger value for the same bits.
    #[inline]
    pub fn from_bits(&self, bits: u64) -> u64 {
        self.trials(ln(unit(bits)))
    }

    /// Replaces each element by its value: as [`Geometric::from_bits`], but several at once.
    pub fn replace_bits(&self, values: &mut [u64]) {
        replace_bits(values, |ln| self.trials(ln));
    }

    #[inline]
    fn trials(self, ln: f64) -> u64 {
        /// From here on every `f64` is a whole number.
        const WHOLE_FROM: f64 = (1u64 << 52) as f64;
        if self.ln_miss == 0.0 {
            return u64::MAX;
        }
        let trials = ln / self.ln_miss;
        if trials >= WHOLE_FROM {
            return trials as u64;
        }
        let below = trials as u64;
        (below + u64::from((below as f64) < trials)).max(1)
    }
}

/// Exponential times: P(X > x) = exp(-x / mean).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    mean: f64,
}

impl Exponential {
    /// The distribution with this mean in ns, which is not negative.
    pub fn new(mean: f64) -> Exponential {
        Exponential { mean }
    }

    /// -mean * ln u, in ns.
    #[inline]
    pub fn from_bits(&self, bits: u64) -> u64 {
        nanos(-self.mean * ln(unit(bits)))
    }

    /// Replaces each element by its value: as [`Exponential::from_bits`], but several at once.
    pub fn replace_bits(&self, values: &mut [u64]) {
        replace_bits(values, |ln| nanos(-self.mean * ln));
    }
}

/// Uniform integers in [low, high).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uniform {
    low: u64,
    width: u64,
}

impl Uniform {
    /// The distribution on [low, high); always `low` if `high` is not larger.
    pub fn new(low: u64, high: u64) -> Uniform {
        Uniform { low, width: high.saturating_sub(low) }
    }

    /// low + floor(u * (high - low)), exact; rises with the draw.
    #[inline]
    pub fn from_bits(&self, bits: u64) -> u64 {
        self.low + below(bits, self.width)
    }
}

/// Normal times, conditioned on at least 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal {
    mean: f64,
    sd: f64,
    kept: f64,
}

impl TruncatedNormal {
    /// The distribution of mean + sd Z given that it is at least 0, both in ns. They are the parameters before
    /// truncation; the mean of the values is larger. A negative mean counts as 0. With `sd` = 0 every value is the
    /// mean.
    pub fn new(mean: f64, sd: f64) -> TruncatedNormal {
        let mean = mean.max(0.0);
        let kept = if sd > 0.0 { 0.5 * libm::erfc(-mean / sd * core::f64::consts::FRAC_1_SQRT_2) } else { 1.0 };
        TruncatedNormal { mean, sd: sd.max(0.0), kept }
    }

    /// mean - sd * `Phi^-1`(u * Phi(mean / sd)), in ns: u is the probability of a larger value. The upper tail is
    /// read from small u, so it keeps its full precision.
    #[inline]
    pub fn from_bits(&self, bits: u64) -> u64 {
        nanos(self.mean - self.sd * inverse_normal_cdf(open_unit(bits) * self.kept))
    }
}

/// Lognormal times: ln X is normal with mean ln(median) and standard deviation sigma.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    median: f64,
    sigma: f64,
}

impl Lognormal {
    /// The distribution with this median in ns and this sigma (no unit), neither negative.
    pub fn new(median: f64, sigma: f64) -> Lognormal {
        Lognormal { median, sigma }
    }

    /// median * exp(-sigma * `Phi^-1`(u)), in ns.
    #[inline]
    pub fn from_bits(&self, bits: u64) -> u64 {
        nanos(self.median * libm::exp(-self.sigma * inverse_normal_cdf(open_unit(bits))))
    }
}

/// Pareto times: P(X > x) = (min / x)^shape for x >= min.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pareto {
    min: f64,
    power: f64,
}

impl Pareto {
    /// The distribution with this smallest value in ns and this shape, both positive. A shape <= 1 has no finite mean.
    pub fn new(min: f64, shape: f64) -> Pareto {
        Pareto { min, power: -1.0 / shape }
    }

    /// min * u^(-1 / shape), in ns; as exp(-ln u / shape), which takes half the time of a power.
    #[inline]
    pub fn from_bits(&self, bits: u64) -> u64 {
        nanos(self.min * libm::exp(self.power * ln(unit(bits))))
    }
}

/// Weibull times: P(X > x) = exp(-(x / scale)^shape).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    scale: f64,
    power: f64,
}

impl Weibull {
    /// The distribution with this scale in ns and this shape, both positive.
    pub fn new(scale: f64, shape: f64) -> Weibull {
        Weibull { scale, power: 1.0 / shape }
    }

    /// scale * (-ln u)^(1 / shape), in ns; as exp(ln(-ln u) / shape).
    #[inline]
    pub fn from_bits(&self, bits: u64) -> u64 {
        nanos(self.scale * libm::exp(self.power * libm::log(-ln(unit(bits)))))
    }
}

/// One draw of any `rand::Rng`, through the sampler's own `from_bits`.
macro_rules! distribution {
    ($($sampler:ty)*) => {$(
        impl Distribution<u64> for $sampler {
            #[inline]
            fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u64 {
                self.from_bits(rng.next_u64())
            }
        }
    )*};
}

distribution!(Geometric Exponential Uniform TruncatedNormal Lognormal Pareto Weibull);
