//! The network between a client and the server.

use std::sync::Arc;

use super::{Link, Loss};
use crate::units::Time;

/// The network between a client and the server: one-way delays, one draw per message, a link and packet loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// From client to server.
    pub up: Delay,
    /// From server to client.
    pub down: Delay,
    /// The link of each client; `None`: no limit.
    pub client_link: Option<Link>,
    /// Packet loss; needs [`Scenario::wire`](super::Scenario::wire). `None`: none.
    pub loss: Option<Loss>,
}

impl Network {
    /// The same delay in both directions, without limits and losses.
    pub const fn constant(delay: Time) -> Network {
        Network::delays(Delay::Constant(delay), Delay::Constant(delay))
    }

    /// A network with delays only.
    pub const fn delays(up: Delay, down: Delay) -> Network {
        Network { up, down, client_link: None, loss: None }
    }
}

/// Distribution of a one-way delay; all spans in nanoseconds after rounding to the nearest.
#[derive(Clone, Debug, PartialEq)]
pub enum Delay {
    /// Constant.
    Constant(Time),
    /// Uniform in `[low, high)`.
    Uniform {
        /// Least delay.
        low: Time,
        /// Upper bound, exclusive; greater than `low`.
        high: Time,
    },
    /// Exponential with this mean.
    Exponential(Time),
    /// Normal, truncated at zero: conditioned on a delay of at least 0.
    Normal {
        /// Mean before truncation.
        mean: Time,
        /// Standard deviation before truncation.
        sd: Time,
    },
    /// Log-normal.
    Lognormal {
        /// Median.
        median: Time,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Pareto.
    Pareto {
        /// Least delay.
        min: Time,
        /// Tail index, greater than zero.
        shape: f64,
    },
    /// Weibull.
    Weibull {
        /// Scale.
        scale: Time,
        /// Shape, greater than zero.
        shape: f64,
    },
    /// One of the samples, each with the same probability; in rising order, never empty.
    Empirical(Arc<[Time]>),
}

impl Delay {
    /// An approximation of the median.
    pub fn middle(&self) -> Time {
        match self {
            Delay::Constant(middle)
            | Delay::Exponential(middle)
            | Delay::Normal { mean: middle, .. }
            | Delay::Lognormal { median: middle, .. }
            | Delay::Pareto { min: middle, .. }
            | Delay::Weibull { scale: middle, .. } => *middle,
            Delay::Uniform { low, high } => Time(low.0.midpoint(high.0)),
            Delay::Empirical(samples) => samples.get(samples.len() / 2).copied().unwrap_or(Time::ZERO),
        }
    }
}
