//! Short polling: one check per poll, on arrival.
//!
//! Polls at a fixed rate leave at phase + kT in any case, so their number is exact, not an average. Paced after the
//! reply, the period is T + delay up + delay down. Let G be the gap between two arrivals at the server. A message
//! created at an unrelated time waits `E[G²] / 2 E[G]` for the next arrival, uniformly on [0, G) if G is constant.

mod lattice;
mod polls;

use super::arrival_gaps::{newest_in_gap, newest_in_trials, trials_in};
use super::arrival_process::{ArrivalProcess, Law};
use super::cycle::{age_after_warmup, put_pending, request_hit};
use super::delay::DelayDistribution;
use super::expected::{Expected, UNKNOWN};
use super::expected_counts::ExpectedCounts;
use super::latency::{Mixture, PERCENTILES, keep_percentiles_of_even_phases, put_delay, put_wait};
use crate::model::metric::Metric;
use crate::model::scenario::{Pace, Phase, Scenario, ShortPoll};
use crate::units::{Time, greatest_common_divisor};
use polls::Polls;

/// The closed forms of short polling.
pub fn expected(scenario: &Scenario, poll: ShortPoll) -> Option<Expected> {
    let [up, down] = DelayDistribution::both_ways(scenario);
    if up.high_nanos + down.high_nanos > scenario.clients.timeout.0 as f64 {
        return None;
    }
    let polls = Polls { scenario, poll, up, down };
    let mut counts = ExpectedCounts {
        requests: polls.departures(),
        replies: polls.arrivals(),
        returns: polls.returns(),
        checks: polls.arrivals(),
        ..ExpectedCounts::NOTHING
    };
    let mut out = Expected::default();
    match (request_hit(scenario), ArrivalProcess::new(scenario)) {
        (Some(hit), _) => in_request(&mut out, &mut counts, &polls, hit),
        (None, Some(arrivals)) => mailbox(&mut out, &mut counts, &polls, &arrivals),
        (None, None) => {}
    }
    for (metric, value) in counts.metrics(scenario).iter() {
        out.put(metric, value);
    }
    out.put_zeros(&[Metric::HeldRequestsMean, Metric::HeldRequestsPeak]);
    if polls.is_uniform() {
        let longest = poll.interval.as_secs_f64() + (polls.up.high_nanos + polls.down.high_nanos) / 1e9;
        put_pending(&mut out, scenario, longest);
    }
    Some(out)
}

/// Scope `request`: every poll is a separate trial.
fn in_request(out: &mut Expected, counts: &mut ExpectedCounts, polls: &Polls, hit: f64) {
    counts.empty = counts.replies * (1.0 - hit);
    counts.carried = counts.replies * hit;
    counts.created = counts.carried;
    counts.delivered = counts.returns * hit;
    counts.superseded = 0.0;
    counts.source_and_check_events = counts.checks;
    counts.payload = polls.scenario.source.payload.0 as f64;
    put_delay(out, &polls.down);
    if polls.keeps_order() && polls.is_even_or_whole() {
        let gap = polls.gap_mean();
        let jitter = match polls.poll.pace {
            Pace::FixedRate => hit * polls.up.variance / gap,
            Pace::AfterReply | Pace::Poisson => (polls.up.variance + polls.down.variance) / (2.0 * gap),
        };
        let between = gap * (2.0 - hit) / (2.0 * hit) + jitter;
        out.put(Metric::AgeMean, age_after_warmup(polls.scenario, hit / gap, between + polls.down.mean));
    }
}

/// Scopes `client` and `broadcast`.
fn mailbox(out: &mut Expected, counts: &mut ExpectedCounts, polls: &Polls, arrivals: &ArrivalProcess) {
    let scenario = polls.scenario;
    counts.created = arrivals.created(scenario);
    counts.superseded = if arrivals.latest { UNKNOWN } else { 0.0 };
    counts.source_and_check_events = arrivals.events(scenario) + counts.checks;
    counts.payload = if matches!(arrivals.law, Law::Trace(_)) { UNKNOWN } else { scenario.source.payload.0 as f64 };
    if !polls.redelivers_nothing() {
        counts.duplicated = UNKNOWN;
        counts.superseded = UNKNOWN;
        return;
    }
    if !polls.is_settled() {
        return;
    }
    if arrivals.is_stationary() || polls.is_uniform() {
        if fills_evenly(polls, arrivals) {
            unrelated(out, counts, polls, arrivals);
        }
    } else {
        lattice::on_one_lattice(out, counts, polls, arrivals);
    }
}

/// Whether messages fill the window evenly: a stationary process, or a fixed lattice or day that fits a whole number of
/// times into the window or the interval.
fn fills_evenly(polls: &Polls, arrivals: &ArrivalProcess) -> bool {
    match arrivals.law {
        Law::Lattice { every, .. } if !arrivals.is_stationary() => {
            polls.scenario.window.duration.0.is_multiple_of(every) || polls.poll.interval.0.is_multiple_of(every)
        }
        Law::Day(profile) => {
            let has_whole_periods = |span: Time| span.0.is_multiple_of(profile.period.0);
            has_whole_periods(polls.scenario.window.duration) || has_whole_periods(polls.poll.interval)
        }
        Law::Poisson(_) | Law::Lattice { .. } | Law::Bursts(_) | Law::Stationary => true,
        Law::Trace(_) => false,
    }
}

/// Polls and messages at unrelated phases: one of them is stationary.
fn unrelated(out: &mut Expected, counts: &mut ExpectedCounts, polls: &Polls, arrivals: &ArrivalProcess) {
    let rate = arrivals.rate;
    let gap = polls.constant_gap_nanos();
    let empty = gap.map_or(UNKNOWN, |gap| empty_chance(arrivals, gap));
    counts.empty = counts.replies * empty;
    if arrivals.latest {
        counts.carried = counts.replies * (1.0 - empty);
        counts.delivered = counts.returns * (1.0 - empty);
        if arrivals.is_stationary() && polls.is_even_or_whole() {
            let taken = polls.clients() * polls.duration() / polls.gap_mean() * (1.0 - empty);
            // If no gap holds two trials, the difference is only rounding.
            let never = matches!(arrivals.law, Law::Lattice { every, .. } if gap.is_some_and(|gap| gap <= every));
            counts.superseded = if never { 0.0 } else { counts.created - taken };
        }
    } else if arrivals.is_stationary() {
        counts.carried = counts.replies * rate * polls.gap_mean();
        counts.delivered = counts.returns * rate * polls.gap_mean();
    } else {
        counts.carried = polls.clients() * rate * polls.duration();
        counts.delivered = counts.carried;
    }
    put_unrelated_latency(out, polls, arrivals, empty);
    if polls.keeps_order() && polls.is_even_or_whole() {
        let age = polls.mean_wait() + arrivals.newest_age + polls.down.mean;
        out.put(Metric::AgeMean, age_after_warmup(polls.scenario, arrivals.slowest_rate(), age));
    }
}

/// Latency of polls and messages at unrelated phases.
fn put_unrelated_latency(out: &mut Expected, polls: &Polls, arrivals: &ArrivalProcess, empty: f64) {
    let Some(nanos) = polls.constant_gap_nanos() else {
        if !arrivals.latest && polls.arrives_in_order() {
            out.put(Metric::LatencyMean, polls.mean_wait() + polls.down.mean);
        }
        return;
    };
    let gap = nanos as f64 / 1e9;
    if !arrivals.latest {
        put_wait(out, &Mixture::uniform(0.0, gap), &polls.down);
        if let Law::Lattice { every, .. } = arrivals.law {
            let unrelated = polls.poll.phase == Phase::Random || !arrivals.shared;
            let phases = if unrelated { polls.scenario.clients.count } else { 1 };
            keep_percentiles_of_even_phases(out, nanos, greatest_common_divisor(nanos, every), phases);
        }
        return;
    }
    match arrivals.law {
        Law::Poisson(rate) => {
            out.put(Metric::LatencyMean, newest_in_gap(rate, gap) / (1.0 - empty) + polls.down.mean);
            if polls.down.is_constant() {
                for (metric, q) in PERCENTILES {
                    out.put(metric, -libm::log1p(-q * (1.0 - empty)) / rate + polls.down.mean);
                }
            }
        }
        Law::Lattice { every, hit, .. } => {
            let (floor, extra) = trials_in(nanos, every);
            // Trials within the gap: `floor` at any phase, and one more at the oldest `extra` of the phases.
            let last = hit * libm::pow(1.0 - hit, floor) * extra * (floor + extra / 2.0);
            let age = every as f64 / 1e9 * (newest_in_trials(hit, floor) + last);
            out.put(Metric::LatencyMean, age / (1.0 - empty) + polls.down.mean);
        }
        Law::Bursts(bursts) => {
            out.put(Metric::LatencyMean, bursts.newest_in_gap(gap) / (1.0 - empty) + polls.down.mean);
        }
        Law::Stationary | Law::Day(_) | Law::Trace(_) => {}
    }
}

/// `P(no message in a gap)`: `e^{-λG}` for Poisson messages, two such terms for bursts of them, `(1-f) q^⌊G/s⌋ + f
/// q^⌈G/s⌉` for trials on a lattice of s.
fn empty_chance(arrivals: &ArrivalProcess, gap: u64) -> f64 {
    match arrivals.law {
        Law::Poisson(rate) => libm::exp(-rate * (gap as f64 / 1e9)),
        Law::Lattice { every, hit, .. } => {
            let (floor, extra) = trials_in(gap, every);
            (1.0 - extra) * libm::pow(1.0 - hit, floor) + extra * libm::pow(1.0 - hit, floor + 1.0)
        }
        Law::Bursts(bursts) => bursts.none_within(gap as f64 / 1e9),
        Law::Stationary | Law::Day(_) | Law::Trace(_) => UNKNOWN,
    }
}
