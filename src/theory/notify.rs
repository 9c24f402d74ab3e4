//! Long polling that answers at the instant a message is there.
//!
//! After an answer the next request arrives g = delay down + turnaround + delay up later. If a message came meanwhile it
//! is answered on arrival, else at the next message or after the longest hold h. For Poisson messages (rate λ)
//!
//! - `P(nothing on arrival) = E[e^(-λg)]`, `E[H] = P(nothing) (1 - e^(-λh)) / λ`, `C = E[g] + E[H]`,
//! - only messages of the gap wait: `E[latency] = E[down] + E[g²] / 2C`.
//!
//! With g = 2d and a long hold the last is `d (1 + x / (x + e^-x))`, x = 2dλ.

use super::cycle::{Cycle, DataGap, RoundTrip, age_after_warmup, put_pending};
use super::mixture::Mixture;
use super::source::{Feed, Law, newest_in_gap};
use super::steady::{Rhythm, is_steady};
use super::wait::{put_delay, put_wait};
use super::{Expected, looks};
use crate::model::metric::Metric;
use crate::model::scenario::{FirstCheck, LongPoll, Phase, Scenario};
use crate::units::Time;

/// The closed forms of a long poll that is answered when a message comes.
pub fn expected(scenario: &Scenario, poll: &LongPoll, hold: Time) -> Expected {
    let Some(trip) = RoundTrip::without_timeouts(scenario, poll) else { return Expected::default() };
    let known = match Feed::new(scenario) {
        Some(feed) => match feed.law {
            Law::Poisson(rate) => poisson(scenario, &trip, hold, rate, feed.latest),
            Law::Lattice { every, hit, phase } => lattice(scenario, &trip, hold, Lattice { every, hit, phase }),
            Law::Trace(_) => None,
        },
        None => None,
    };
    known.unwrap_or_default()
}

/// Poisson messages.
fn poisson(scenario: &Scenario, trip: &RoundTrip, hold: Time, rate: f64, latest: bool) -> Option<Expected> {
    let (longest, gap) = (hold.as_secs_f64(), trip.mean());
    let nothing = trip.laplace(rate);
    let ended_by_message = -libm::expm1(-rate * longest);
    let mean_hold = nothing * ended_by_message / rate;
    let length = gap + mean_hold;
    let no_data = nothing * libm::exp(-rate * longest);
    let square = nothing * 2.0 * exponential_second_half(rate, longest);
    let rhythm = Rhythm {
        mean: length,
        variance: (square - mean_hold * mean_hold).max(0.0) + trip.variance(),
        longest: longest + gap,
        capped: no_data,
        spread: scenario.clients.start_within.as_secs_f64(),
        step: 0.0,
    };
    // A transform that is not known leaves the cycle unknown, and nothing steady.
    if !is_steady(scenario, rhythm) {
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
    put_pending(&mut out, scenario);
    Some(out)
}

/// `∫_0^h x e^{-λx} dx / λ × λ`, half the second moment of `min(Exponential(λ), h)`.
fn exponential_second_half(rate: f64, hold: f64) -> f64 {
    newest_in_gap(rate, hold) / rate
}

/// The gap between replies with data for Poisson messages and a constant round trip.
fn poisson_gap(rate: f64, gap: f64, hold: f64) -> DataGap {
    let nothing = libm::exp(-rate * gap);
    let ended = -libm::expm1(-rate * hold);
    let no_data = nothing * (1.0 - ended);
    let success = 1.0 - no_data;
    // Moments of an exponential hold, counted only where it ends before the longest.
    let first = newest_in_gap(rate, hold);
    let second = 2.0 / rate * first - hold * hold * (1.0 - ended);
    let mean = nothing * first / success;
    let variance = nothing * second / success - mean * mean;
    DataGap { no_data, empty: (hold + gap, 0.0), data: (mean + gap, variance.max(0.0)) }
}

/// Trials at regular instants.
#[derive(Clone, Copy)]
struct Lattice {
    every: u64,
    hit: f64,
    phase: Phase,
}

/// Trials at regular instants, where every answer falls on one: a constant round trip shorter than the gap between
/// trials, and `hold + g` a whole number of them. The first wait for a message puts a client on the lattice for good, so
/// from then on nothing waits, and the trials of a request number min(Geometric(p), (hold + g) / every).
fn lattice(scenario: &Scenario, trip: &RoundTrip, hold: Time, source: Lattice) -> Option<Expected> {
    let round = trip.constant_nanos()?;
    let trials = hold.0.checked_add(round)? / source.every;
    let exact = (hold.0 + round).is_multiple_of(source.every) || source.hit >= 1.0;
    let before_window = source.hit / source.every as f64 * scenario.window.warmup.0 as f64;
    let count = u32::try_from(trials).ok().filter(|&count| count > 0)?;
    if !exact || round >= source.every || (round > 0 && before_window < 25.0 && source.hit < 1.0) {
        return None;
    }
    let schedule = looks::Schedule { every: Time(source.every), count, first: FirstCheck::AfterSleep };
    let quiet = 1.0 - source.hit;
    let looks = looks::Looks { schedule, first_empty: quiet, step_empty: quiet };
    let (length, gap) = (looks.hold(), trip.mean());
    let rhythm = Rhythm {
        mean: length,
        variance: looks.hold_variance(),
        longest: hold.as_secs_f64() + gap,
        capped: looks.no_data(),
        spread: match source.phase {
            Phase::Random => source.every as f64 / 1e9,
            Phase::At(_) => 0.0,
        },
        step: source.every as f64 / 1e9,
    };
    if !is_steady(scenario, rhythm) {
        return None;
    }
    let no_data = looks.no_data();
    let cycle = Cycle { hold: length - gap, length, no_data, carried: 1.0 - no_data, checks: 0.0, check_events: 0.0 };
    let mut out = cycle.metrics(scenario);
    put_delay(&mut out, &trip.down);
    let (mean, variance) = looks.data_hold();
    let between = DataGap { no_data, empty: (looks.longest(), 0.0), data: (mean, variance) };
    let age = between.mean_since() + trip.down.mean;
    out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - no_data) / length, age));
    put_pending(&mut out, scenario);
    Some(out)
}
