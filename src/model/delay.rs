//! Delays and other random times: one draw per message, named by client and request number.

use std::sync::Arc;

use crate::model::prefetched_draws::{PrefetchedDraws, Sampler};
use crate::model::scenario::Delay;
use crate::random::{Exponential, Lognormal, Pareto, TruncatedNormal, Uniform, Weibull, below};
use crate::units::Time;

/// Draws one time for each request of a client.
pub(crate) type DelaySampler = PrefetchedDraws<DelayLaw>;

/// The distribution of a time, such as a one-way delay or a service time.
#[derive(Clone, Debug)]
pub(crate) enum DelayLaw {
    Constant(Time),
    Uniform(Uniform),
    Exponential(Exponential),
    Normal(TruncatedNormal),
    Lognormal(Lognormal),
    Pareto(Pareto),
    Weibull(Weibull),
    Empirical(Arc<[Time]>),
}

impl DelayLaw {
    pub fn new(delay: &Delay) -> DelayLaw {
        let nanos = |time: Time| time.0 as f64;
        match delay {
            Delay::Constant(time) => DelayLaw::Constant(*time),
            Delay::Uniform { low, high } => DelayLaw::Uniform(Uniform::new(low.0, high.0)),
            Delay::Exponential(mean) => DelayLaw::Exponential(Exponential::new(nanos(*mean))),
            Delay::Normal { mean, sd } => DelayLaw::Normal(TruncatedNormal::new(nanos(*mean), nanos(*sd))),
            Delay::Lognormal { median, sigma } => DelayLaw::Lognormal(Lognormal::new(nanos(*median), *sigma)),
            Delay::Pareto { min, shape } => DelayLaw::Pareto(Pareto::new(nanos(*min), *shape)),
            Delay::Weibull { scale, shape } => DelayLaw::Weibull(Weibull::new(nanos(*scale), *shape)),
            Delay::Empirical(samples) => DelayLaw::Empirical(samples.clone()),
        }
    }
}

impl Sampler for DelayLaw {
    /// In nanoseconds.
    #[inline]
    fn value(&self, bits: u64) -> u64 {
        match self {
            DelayLaw::Constant(time) => time.0,
            DelayLaw::Uniform(law) => law.from_bits(bits),
            DelayLaw::Exponential(law) => law.from_bits(bits),
            DelayLaw::Normal(law) => law.from_bits(bits),
            DelayLaw::Lognormal(law) => law.from_bits(bits),
            DelayLaw::Pareto(law) => law.from_bits(bits),
            DelayLaw::Weibull(law) => law.from_bits(bits),
            DelayLaw::Empirical(samples) => samples[below(bits, samples.len() as u64) as usize].0,
        }
    }

    fn replace_bits(&self, values: &mut [u64]) {
        match self {
            DelayLaw::Exponential(law) => law.replace_bits(values),
            _ => {
                for bits in values {
                    *bits = self.value(*bits);
                }
            }
        }
    }
}
