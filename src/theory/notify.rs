//! Long polling that replies at the instant a message is created.
//!
//! After a reply the next request arrives g = delay down + turnaround + delay up later. If a message came meanwhile,
//! the server replies on arrival, else at the next message or after the longest hold h. For Poisson messages (rate λ)
//!
//! - `P(nothing on arrival) = E[e^(-λg)]`, `E[H] = P(nothing) (1 - e^(-λh)) / λ`, `C = E[g] + E[H]`,
//! - only messages of the gap wait: `E[latency] = E[down] + E[g²] / 2C`.
//!
//! With g = 2d and a long hold the last formula is `d (1 + x / (x + e^-x))`, x = 2dλ.

mod lattice;

use super::arrival_gaps::newest_in_gap;
use super::arrival_process::{ArrivalProcess, Law};
use super::cycle::{Cycle, DataGap, RoundTrip, age_after_warmup, put_pending};
use super::expected::{Expected, UNKNOWN};
use super::latency::{Mixture, PERCENTILES, put_wait};
use super::steady_state::{RenewalCycle, TOLERANCE, is_steady, is_steady_at_once};
use crate::model::metric::Metric;
use crate::model::scenario::{LongPoll, Phase, Scenario};
use crate::units::Time;
use lattice::NotifiedTrials;

/// The closed forms of a notified long poll.
pub fn expected(scenario: &Scenario, poll: &LongPoll, hold: Time) -> Option<Expected> {
    let trip = RoundTrip::without_timeouts(scenario, poll)?;
    let arrivals = ArrivalProcess::new(scenario)?;
    match arrivals.law {
        Law::Poisson(rate) => poisson(scenario, &trip, hold, rate, arrivals.latest),
        Law::Lattice { .. } => on_lattice(scenario, &trip, hold, &arrivals),
        Law::Bursts(_) | Law::Stationary | Law::Day(_) | Law::Trace(_) => None,
    }
}

/// Poisson messages.
fn poisson(scenario: &Scenario, trip: &RoundTrip, hold: Time, rate: f64, latest: bool) -> Option<Expected> {
    let (longest, gap) = (hold.as_secs_f64(), trip.mean());
    let nothing = trip.laplace(rate);
    let ended_by_message = -libm::expm1(-rate * longest);
    let mean_hold = nothing * ended_by_message / rate;
    let length = gap + mean_hold;
    let no_data = nothing * libm::exp(-rate * longest);
    // Half the second moment of min(Exponential(λ), h): the integral of x e^(-λx) up to h.
    let half_square = newest_in_gap(rate, longest) / rate;
    let square = nothing * 2.0 * half_square;
    let renewal = RenewalCycle {
        mean: length,
        variance: (square - mean_hold * mean_hold).max(0.0) + trip.variance(),
        longest: longest + gap,
        capped: no_data,
        spread: scenario.clients.start_within.as_secs_f64(),
        ..RenewalCycle::default()
    };
    // An unknown transform leaves the cycle unknown, and no steady state.
    if !is_steady(scenario, renewal) {
        return None;
    }
    let carried = if latest { 1.0 - no_data } else { rate * length };
    let cycle = Cycle { hold: mean_hold, length, no_data, carried, checks: 0.0, check_events: 0.0 };
    let mut out = cycle.metrics(scenario);
    let constant = trip.constant_nanos().is_some();
    if !latest && constant {
        let wait = Mixture::default().with(0.0, 0.0, nothing * ended_by_message / rate).with(0.0, gap, gap);
        put_wait(&mut out, &wait, &trip.down);
    } else if !latest {
        let square = gap * gap + trip.variance();
        out.put(Metric::LatencyMean, trip.down.mean + square / (2.0 * length));
    } else if constant {
        out.put(Metric::LatencyMean, trip.down.mean + newest_in_gap(rate, gap) / (1.0 - no_data));
    }
    if constant {
        let instant_answers = scenario.window.duration.as_secs_f64() / length * nothing * ended_by_message;
        if instant_answers * f64::from(scenario.clients.count) > 25.0 {
            out.put(Metric::LatencyMin, trip.down.mean);
        }
        let newest = newest_in_gap(rate, gap) / (1.0 - no_data);
        let age = newest + poisson_gap(rate, gap, longest).mean_since() + trip.down.mean;
        out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - no_data) / length, age));
    }
    if is_steady_at_once(scenario, renewal) {
        put_pending(&mut out, scenario, trip.longest() + trip.down.high_nanos / 1e9);
    }
    Some(out)
}

/// The gap between replies with data for Poisson messages and a constant round trip.
fn poisson_gap(rate: f64, gap: f64, hold: f64) -> DataGap {
    let nothing = libm::exp(-rate * gap);
    let ended = -libm::expm1(-rate * hold);
    let no_data = nothing * (1.0 - ended);
    let success = 1.0 - no_data;
    // Moments of an exponential hold, counted only if it ends before the longest.
    let first = newest_in_gap(rate, hold);
    let second = 2.0 / rate * first - hold * hold * (1.0 - ended);
    let mean = nothing * first / success;
    let variance = nothing * second / success - mean * mean;
    DataGap { no_data, empty: (hold + gap, 0.0), data: (mean + gap, variance.max(0.0)) }
}

/// Trials at regular instants, with a constant round trip: see [`lattice`].
fn on_lattice(scenario: &Scenario, trip: &RoundTrip, hold: Time, arrivals: &ArrivalProcess) -> Option<Expected> {
    let Law::Lattice { every, hit, phase } = arrivals.law else { return None };
    let trials = NotifiedTrials { every, hit, round: trip.constant_nanos()?, hold: hold.0 };
    let walk = trials.walk()?;
    let (length, no_data) = (walk.length / walk.requests, walk.empty / walk.requests);
    let period = trials.every as f64 / 1e9;
    let renewal = RenewalCycle {
        mean: length,
        variance: (walk.length_squares / walk.requests - length * length).max(0.0),
        longest: (trials.hold + trials.round) as f64 / 1e9,
        capped: no_data,
        spread: scenario.clients.start_within.as_secs_f64(),
        step: period,
        step_spread: if phase == Phase::Random { period } else { 0.0 },
    };
    // A client keeps the offset of its start until its first walk ends, for this fraction of the window.
    let (warmup, duration) = (scenario.window.warmup.as_secs_f64(), scenario.window.duration.as_secs_f64());
    let astray = libm::exp(-warmup / walk.length);
    if !is_steady(scenario, renewal) || astray * walk.length / duration > TOLERANCE {
        return None;
    }
    let hold = walk.hold / walk.requests;
    let carried = if arrivals.latest { 1.0 - no_data } else { walk.waits.mass() / walk.requests };
    let cycle = Cycle { hold, length, no_data, carried, checks: 0.0, check_events: 0.0 };
    let mut out = cycle.metrics(scenario);
    if arrivals.latest {
        out.put(Metric::LatencyMean, walk.newest / (walk.requests - walk.empty) + trip.down.mean);
    } else {
        out.put(Metric::LatencyMean, walk.waits.mean() + trip.down.mean);
        let sources = if arrivals.shared { 1.0 } else { f64::from(scenario.clients.count) };
        let messages = sources * arrivals.rate * duration;
        for (metric, q) in PERCENTILES {
            let noise = 6.0 * libm::sqrt(q * (1.0 - q) / messages) + astray;
            let (low, high) = (walk.waits.quantile((q - noise).max(0.0)), walk.waits.quantile((q + noise).min(1.0)));
            out.put(metric, if low < high { UNKNOWN } else { low + trip.down.mean });
        }
        let nobody_astray = astray * f64::from(scenario.clients.count) < 1e-6;
        if walk.waits.mean() <= 0.0 && (nobody_astray || trials.round == 0) {
            out.put(Metric::LatencyMin, trip.down.mean);
            out.put(Metric::LatencyMax, trip.down.mean);
        }
    }
    let age = walk.age / walk.length + trip.down.mean;
    out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - no_data) / length, age));
    if is_steady_at_once(scenario, renewal) {
        put_pending(&mut out, scenario, trip.longest() + trip.down.high_nanos / 1e9);
    }
    Some(out)
}
