//! One-way delays: one draw per message, named by client and request number.

use std::sync::Arc;

use crate::model::scenario::Delay;
use crate::random::{Exponential, Family, Lognormal, Pareto, TruncatedNormal, Uniform, Weibull, below};
use crate::units::Time;

/// Draws the delays of one direction.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    family: Family,
    sampler: Sampler,
}

#[derive(Clone, Debug)]
enum Sampler {
    Constant(Time),
    Uniform(Uniform),
    Exponential(Exponential),
    Normal(TruncatedNormal),
    Lognormal(Lognormal),
    Pareto(Pareto),
    Weibull(Weibull),
    Empirical(Arc<[Time]>),
}

impl Line {
    pub fn new(delay: &Delay, family: Family) -> Line {
        let nanos = |time: Time| time.0 as f64;
        let sampler = match delay {
            Delay::Constant(time) => Sampler::Constant(*time),
            Delay::Uniform { low, high } => Sampler::Uniform(Uniform::new(low.0, high.0)),
            Delay::Exponential(mean) => Sampler::Exponential(Exponential::new(nanos(*mean))),
            Delay::Normal { mean, sd } => Sampler::Normal(TruncatedNormal::new(nanos(*mean), nanos(*sd))),
            Delay::Lognormal { median, sigma } => Sampler::Lognormal(Lognormal::new(nanos(*median), *sigma)),
            Delay::Pareto { min, shape } => Sampler::Pareto(Pareto::new(nanos(*min), *shape)),
            Delay::Weibull { scale, shape } => Sampler::Weibull(Weibull::new(nanos(*scale), *shape)),
            Delay::Empirical(samples) => Sampler::Empirical(samples.clone()),
        };
        Line { family, sampler }
    }

    /// The delay of the message of `request` of `client`.
    #[inline]
    pub fn delay(&self, client: u32, request: u64) -> Time {
        let bits = || self.family.stream(u64::from(client)).at(request);
        match &self.sampler {
            Sampler::Constant(time) => *time,
            Sampler::Uniform(sampler) => Time(sampler.from_bits(bits())),
            Sampler::Exponential(sampler) => Time(sampler.from_bits(bits())),
            Sampler::Normal(sampler) => Time(sampler.from_bits(bits())),
            Sampler::Lognormal(sampler) => Time(sampler.from_bits(bits())),
            Sampler::Pareto(sampler) => Time(sampler.from_bits(bits())),
            Sampler::Weibull(sampler) => Time(sampler.from_bits(bits())),
            Sampler::Empirical(samples) => samples[below(bits(), samples.len() as u64) as usize],
        }
    }
}
