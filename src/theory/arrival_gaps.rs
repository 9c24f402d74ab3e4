//! The messages within a gap: how many trials a gap holds, and how old its newest message is.

use crate::units::Time;

/// How many `k >= 0` have `after < first + k × every <= until`, all in nanoseconds.
pub fn lattice_points(first: Time, every: u64, after: i128, until: i128) -> i128 {
    let (first, every) = (i128::from(first.0), i128::from(every));
    let up_to = |end: i128| if end < first { 0 } else { (end - first) / every + 1 };
    (up_to(until) - up_to(after)).max(0)
}

/// Trials on a lattice at an unrelated phase in the gap between two checks: `floor` of them, and one more with
/// probability `extra`.
pub fn trials_in(gap: u64, every: u64) -> (f64, f64) {
    ((gap / every) as f64, (gap % every) as f64 / every as f64)
}

/// `Σ_{i<m} hit (1-hit)^i (i + 1/2)`: the mean age of the newest hit among `m` trials at an unrelated phase, in trial
/// gaps, counted only if there is a hit.
pub fn newest_in_trials(hit: f64, trials: f64) -> f64 {
    let none = libm::pow(1.0 - hit, trials);
    (1.0 - none) / 2.0 + if hit < 1.0 { (1.0 - hit) * (1.0 - none) / hit - trials * none } else { 0.0 }
}

/// `(1 - e^{-λΔ}) / λ - Δ e^{-λΔ}`: the mean age of the newest Poisson message within a gap, counted only if there
/// is one.
pub fn newest_in_gap(rate: f64, gap: f64) -> f64 {
    -libm::expm1(-rate * gap) / rate - gap * libm::exp(-rate * gap)
}
