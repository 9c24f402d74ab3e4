//! The random numbers, by the names that the model gives them.

use cometsim::model::scenario::Delay;
use cometsim::units::{Probability, Rate};

/// All draws of one replication.
pub struct Draws {
    seed: u64,
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Draws {
    pub fn new(seed: u64, replication: u32) -> Draws {
        Draws { seed: mix(seed ^ mix(u64::from(replication))) }
    }
    fn bits(&self, purpose: u64, entity: u64, at: u64) -> u64 {
        mix(mix(mix(self.seed ^ mix(purpose)) ^ entity).wrapping_add(at.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }
    fn unit(bits: u64) -> f64 {
        ((bits >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
    fn below(bits: u64, bound: u64) -> u64 {
        ((u128::from(bits) * u128::from(bound)) >> 64) as u64
    }
    fn geometric(bits: u64, p: Probability) -> u64 {
        if p == Probability::ONE {
            return 1;
        }
        1 + (Self::unit(bits).ln() / (1.0 - p.as_f64()).ln()).floor() as u64
    }
    pub fn start(&self, client: u32, range: u64) -> u64 {
        Self::below(self.bits(1, u64::from(client), 0), range)
    }
    pub fn source_phase(&self, recipient: Option<u32>, every: u64) -> u64 {
        Self::below(self.bits(2, recipient.map_or(1 << 40, u64::from), 0), every)
    }
    pub fn trials(&self, recipient: Option<u32>, index: u64, hit: Probability) -> u64 {
        Self::geometric(self.bits(3, recipient.map_or(1 << 40, u64::from), index), hit)
    }
    pub fn exponential_gap(&self, recipient: Option<u32>, index: u64, rate: Rate) -> u64 {
        let bits = self.bits(3, recipient.map_or(1 << 40, u64::from), index);
        (-Self::unit(bits).ln() * rate.mean_gap_nanos()).round() as u64
    }
    pub fn hit_check(&self, client: u32, request: u64, hit: Probability) -> u64 {
        Self::geometric(self.bits(4, u64::from(client), request), hit)
    }
    pub fn up_delay(&self, client: u32, request: u64, delay: &Delay) -> u64 {
        Self::delay(delay, self.bits(5, u64::from(client), request))
    }
    pub fn down_delay(&self, client: u32, request: u64, delay: &Delay) -> u64 {
        Self::delay(delay, self.bits(6, u64::from(client), request))
    }
    fn delay(delay: &Delay, bits: u64) -> u64 {
        let u = Self::unit(bits);
        match delay {
            Delay::Constant(time) => time.0,
            Delay::Uniform { low, high } => low.0 + Self::below(bits, high.0 - low.0),
            Delay::Exponential(mean) => (-u.ln() * mean.0 as f64).round() as u64,
            Delay::Normal { mean, sd } => (mean.0 as f64 + (u - 0.5) * sd.0 as f64).max(0.0) as u64,
            Delay::Lognormal { median, sigma } => (median.0 as f64 * (sigma * (2.0 * u - 1.0)).exp()) as u64,
            Delay::Pareto { min, shape } => (min.0 as f64 * u.powf(-1.0 / shape)) as u64,
            Delay::Weibull { scale, shape } => (scale.0 as f64 * (-u.ln()).powf(1.0 / shape)) as u64,
            Delay::Empirical(samples) => samples[Self::below(bits, samples.len() as u64) as usize].0,
        }
    }
}
