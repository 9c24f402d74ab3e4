//! Delays and other random times: one draw per message, named by client and request number.

use std::sync::Arc;

use crate::model::prefetched_draws::{PrefetchedDraws, Sampler};
use crate::model::scenario::Delay;
use crate::random::{Exponential, Lognormal, Pareto, TruncatedNormal, Uniform, Weibull, below};
use crate::units::Time;

/// Draws one time for each request of a client.
pub(crate) type DelaySampler = PrefetchedDraws<DelayDistribution>;

/// The distribution of a time, such as a one-way delay or a service time.
#[derive(Clone, Debug)]
pub(crate) enum DelayDistribution {
    Constant(Time),
    Uniform(Uniform),
    Exponential(Exponential),
    Normal(TruncatedNormal),
    Lognormal(Lognormal),
    Pareto(Pareto),
    Weibull(Weibull),
    Empirical(Arc<[Time]>),
}

impl DelayDistribution {
    pub fn new(delay: &Delay) -> DelayDistribution {
        let nanos = |time: Time| time.0 as f64;
        match delay {
            Delay::Constant(time) => DelayDistribution::Constant(*time),
            Delay::Uniform { low, high } => DelayDistribution::Uniform(Uniform::new(low.0, high.0)),
            Delay::Exponential(mean) => DelayDistribution::Exponential(Exponential::new(nanos(*mean))),
            Delay::Normal { mean, sd } => DelayDistribution::Normal(TruncatedNormal::new(nanos(*mean), nanos(*sd))),
            Delay::Lognormal { median, sigma } => DelayDistribution::Lognormal(Lognormal::new(nanos(*median), *sigma)),
            Delay::Pareto { min, shape } => DelayDistribution::Pareto(Pareto::new(nanos(*min), *shape)),
            Delay::Weibull { scale, shape } => DelayDistribution::Weibull(Weibull::new(nanos(*scale), *shape)),
            Delay::Empirical(samples) => DelayDistribution::Empirical(samples.clone()),
        }
    }
}

impl Sampler for DelayDistribution {
    /// In nanoseconds.
    #[inline]
    fn value(&self, bits: u64) -> u64 {
        match self {
            DelayDistribution::Constant(time) => time.0,
            DelayDistribution::Uniform(law) => law.from_bits(bits),
            DelayDistribution::Exponential(law) => law.from_bits(bits),
            DelayDistribution::Normal(law) => law.from_bits(bits),
            DelayDistribution::Lognormal(law) => law.from_bits(bits),
            DelayDistribution::Pareto(law) => law.from_bits(bits),
            DelayDistribution::Weibull(law) => law.from_bits(bits),
            DelayDistribution::Empirical(samples) => samples[below(bits, samples.len() as u64) as usize].0,
        }
    }

    fn replace_bits(&self, values: &mut [u64]) {
        match self {
            DelayDistribution::Exponential(law) => law.replace_bits(values),
            _ => {
                for bits in values {
                    *bits = self.value(*bits);
                }
            }
        }
    }
}
