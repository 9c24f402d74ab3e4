//! Named random streams and portable samplers.
//!
//! A number is drawn by name, not by order: [`Family`] is (seed, replication, purpose), [`Family::stream`] adds the
//! entity, [`Stream::at`] the number of the draw. So request 17 of client 4 has the same delay whatever the other
//! clients, the transport or the threads do (common random numbers).
//!
//! A sampler turns one draw into one value by the inverse of its distribution function. All maths uses `libm`, which is
//! compiled from the same source everywhere, so the same draw gives the same bits on every platform. The samplers of
//! `rand_distr` would not: they use the platform's maths once another dependency enables `num-traits/std`, as
//! `plotters` does. The samplers here only implement its `Distribution` trait.

mod log;
mod normal;
mod sampler;
mod stream;

pub use normal::inverse_normal_cdf;
pub use sampler::{
    Exponential, Geometric, LONGEST_NANOS, Lognormal, Pareto, TruncatedNormal, Uniform, Weibull, below, open_unit, unit,
};
pub use stream::{Family, Purpose, Stream, StreamRng};
