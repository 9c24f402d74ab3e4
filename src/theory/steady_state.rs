//! When a run counts as steady: how much the start may still affect the measured window.

use std::f64::consts::PI;

use crate::model::scenario::Scenario;

/// The greatest relative bias at which a closed form is given.
pub const TOLERANCE: f64 = 5e-4;

/// A cycle that a client repeats (one request to the next), in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenewalCycle {
    /// Mean length.
    pub mean: f64,
    /// Variance of the length.
    pub variance: f64,
    /// Longest length.
    pub longest: f64,
    /// Fraction of the cycles with the longest length.
    pub capped: f64,
    /// Clients start uniformly over this span.
    pub spread: f64,
    /// Step on which cycle lengths may lie; zero for none.
    pub step: f64,
    /// Phases within the step are uniform over this span.
    pub step_spread: f64,
}

/// Whether the window shows the steady state: the warm-up takes at least two longest cycles, and the estimated bias of
/// the number of cycles in the window is at most [`TOLERANCE`].
pub fn is_steady(scenario: &Scenario, renewal: RenewalCycle) -> bool {
    scenario.window.warmup.as_secs_f64() >= 2.0 * renewal.longest && bias(scenario, renewal) <= TOLERANCE
}

/// Whether counts at one instant, the opening of the window, are within 1 % of the steady state. Nothing averages
/// there.
pub fn is_steady_at_once(scenario: &Scenario, renewal: RenewalCycle) -> bool {
    let uneven_step = renewal.step > 0.0 && spread_left(renewal.step_spread, renewal.step) > 1e-9;
    2.0 * amplitude(scenario, renewal) <= 0.01 && !uneven_step
}

/// Estimates the relative bias of the expected number of cycles in the window.
///
/// The rate at which cycles begin oscillates around `1 / C`. An oscillation of relative amplitude `2 A` leaves at most
/// `2 A C / (π D)` over a window D. A starts as the first Fourier coefficient of the phase of a client, `|sinc(π w /
/// C)|` after a start uniform over w, and shrinks in two ways:
/// - The phase diffuses: after k cycles of squared coefficient of variation c² a factor `exp(-2 π² c² k)` is left.
/// - If a fraction r of the cycles has the longest length L ("no data"), clients that started together stay together
///   while all their cycles are of that kind: `r^k` after k longest cycles, at the period L.
///
/// Cycles on a lattice of a step never smooth the phase within the step. This only matters in a window that is not a
/// whole number of steps.
fn bias(scenario: &Scenario, renewal: RenewalCycle) -> f64 {
    let duration = scenario.window.duration.as_secs_f64();
    let left = |amplitude: f64, cycle: f64| 2.0 * amplitude * cycle / (PI * duration);
    let within_step = if renewal.step > 0.0 && !is_whole(duration / renewal.step) {
        left(spread_left(renewal.step_spread, renewal.step), renewal.step)
    } else {
        0.0
    };
    let whole = renewal.variance <= 0.0 && is_whole(duration / renewal.mean);
    within_step + if whole { 0.0 } else { left(amplitude(scenario, renewal), renewal.mean) }
}

/// A: half the relative amplitude of the oscillations longer than a step when the window opens.
fn amplitude(scenario: &Scenario, renewal: RenewalCycle) -> f64 {
    let settling = (scenario.window.warmup.as_secs_f64() - renewal.spread).max(0.0);
    let variation = renewal.variance / (renewal.mean * renewal.mean);
    let diffused = libm::exp(-2.0 * PI * PI * variation * settling / renewal.mean);
    let together = libm::pow(renewal.capped, settling / renewal.longest);
    (1.0 - renewal.capped) * spread_left(renewal.spread, renewal.mean) * diffused
        + spread_left(renewal.spread, renewal.longest) * together
}

/// The first Fourier coefficient, at period `period`, of a start uniform over `spread`.
fn spread_left(spread: f64, period: f64) -> f64 {
    if spread <= 0.0 {
        return 1.0;
    }
    let angle = PI * spread / period;
    (libm::sin(angle) / angle).abs()
}

/// Whether a ratio is a whole number up to rounding.
fn is_whole(ratio: f64) -> bool {
    (ratio - libm::round(ratio)).abs() <= 1e-9 * ratio
}
