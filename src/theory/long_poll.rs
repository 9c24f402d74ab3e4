//! Long polling with regular checks: scope `request` (the tutorial), and messages that wait in a mailbox.
//!
//! A request is one cycle of a renewal process: hold H, then g = delay down + turnaround + delay up. In a mailbox the
//! first check of a request covers the gap Δ since the last check, each later one the time s between checks.

use super::arrival_gaps::{newest_in_gap, newest_in_trials, trials_in};
use super::arrival_process::{ArrivalProcess, Law};
use super::checks::{RequestChecks, Schedule};
use super::cycle::{Cycle, DataGap, RoundTrip, age_after_warmup, put_pending, request_hit};
use super::expected::{Expected, UNKNOWN};
use super::latency::{put_delay, put_wait};
use super::mixture::Mixture;
use super::steady_state::{RenewalCycle, is_steady, is_steady_at_once};
use crate::model::metric::Metric;
use crate::model::scenario::{FirstCheck, LongPoll, Phase, Scenario, Ticks};

/// The closed forms of a long poll with regular checks.
pub fn expected(scenario: &Scenario, poll: &LongPoll, schedule: Schedule) -> Expected {
    let Some(trip) = RoundTrip::without_timeouts(scenario, poll) else { return Expected::default() };
    let known = match (request_hit(scenario), ArrivalProcess::new(scenario)) {
        (Some(hit), _) => in_request(scenario, schedule, &trip, hit),
        (None, Some(arrivals)) => mailbox(scenario, schedule, &trip, &arrivals),
        (None, None) => None,
    };
    known.unwrap_or_default()
}

/// Scope `request`: checks K = min(Geometric(p), n).
fn in_request(scenario: &Scenario, schedule: Schedule, trip: &RoundTrip, hit: f64) -> Option<Expected> {
    let checks = RequestChecks { schedule, first_empty: 1.0 - hit, step_empty: 1.0 - hit };
    let checks = [(1.0, checks)];
    let renewal = renewal_of(scenario, schedule, trip, &checks);
    let cycle = cycle_of(scenario, schedule, trip, &checks, 1.0 - checks[0].1.no_data());
    if !is_steady(scenario, renewal) {
        return None;
    }
    let mut out = cycle.metrics(scenario);
    put_delay(&mut out, &trip.down);
    let age = data_gap(&checks[0].1, trip).mean_since() + trip.down.mean;
    out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - cycle.no_data) / cycle.length, age));
    put_pending_of_even_starts(&mut out, scenario, schedule, trip, renewal);
    Some(out)
}

/// Scopes `client` and `broadcast`: Poisson messages, or trials on a lattice that divides the time between checks.
fn mailbox(scenario: &Scenario, schedule: Schedule, trip: &RoundTrip, arrivals: &ArrivalProcess) -> Option<Expected> {
    let statistics = match arrivals.law {
        Law::Poisson(rate) => poisson_statistics(schedule, trip, rate),
        Law::Lattice { every, hit, phase } => {
            let fits = schedule.every.0.is_multiple_of(every) && has_random_offset(scenario, every, phase);
            if !fits {
                return None;
            }
            lattice_statistics(schedule, trip, every, hit)?
        }
        Law::Bursts(_) | Law::Stationary(_) | Law::Day(_) | Law::Trace(_) => return None,
    };
    let checks = in_proportion(schedule, statistics.checks);
    let length = checks.iter().map(|(share, checks)| share * checks.hold()).sum::<f64>() + trip.mean();
    let no_data: f64 = checks.iter().map(|(share, checks)| share * checks.no_data()).sum();
    let carried = if arrivals.latest { 1.0 - no_data } else { arrivals.rate() * length };
    let renewal = renewal_of(scenario, schedule, trip, &checks);
    let cycle = cycle_of(scenario, schedule, trip, &checks, carried);
    if !is_steady(scenario, renewal) {
        return None;
    }
    let mut out = cycle.metrics(scenario);
    let reached = [checks[0].0, checks[1].0, checks.iter().map(|(share, checks)| share * checks.later()).sum()];
    let newest = dot(reached, statistics.newest) / (1.0 - no_data);
    if arrivals.latest {
        out.put(Metric::LatencyMean, newest + trip.down.mean);
    } else if let Some(wait) = statistics.wait.map(|wait| wait(reached)) {
        put_wait(&mut out, &wait, &trip.down);
        drop_percentiles_of_few_phases(&mut out, scenario, arrivals, trip);
    } else {
        let squares = dot(reached, statistics.gap_squares);
        out.put(Metric::LatencyMean, squares / (2.0 * length) + trip.down.mean);
    }
    if schedule.first == FirstCheck::AfterSleep && trip.constant_nanos().is_some() {
        let age = newest + data_gap(&checks[0].1, trip).mean_since() + trip.down.mean;
        out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - no_data) / length, age));
    }
    put_pending_of_even_starts(&mut out, scenario, schedule, trip, renewal);
    Some(out)
}

/// What the checks find of a process. There are three kinds of checks: the first of a request after a reply with data,
/// the first of a request after "no data", and all later ones.
struct CheckStatistics {
    /// Requests after data, and after "no data".
    checks: [RequestChecks; 2],
    /// The distribution of the wait, from the number of checks of each kind per cycle; `None` if only its mean is known.
    wait: Option<Box<dyn Fn([f64; 3]) -> Mixture>>,
    /// `E[Δ²]` of the gap that each kind of check covers.
    gap_squares: [f64; 3],
    /// `E[age of the newest message; there is one]` at each kind of check.
    newest: [f64; 3],
}

/// Poisson messages: memoryless, so the gaps may be random.
fn poisson_statistics(schedule: Schedule, trip: &RoundTrip, rate: f64) -> CheckStatistics {
    let step = schedule.every.as_secs_f64();
    let (short, long) = (trip.mean(), trip.mean() + step);
    let after_data = if schedule.first == FirstCheck::OnArrival { short } else { long };
    let step_empty = libm::exp(-rate * step);
    let long_empty = trip.laplace(rate) * step_empty;
    let first_empty = if schedule.first == FirstCheck::OnArrival { trip.laplace(rate) } else { long_empty };
    let constant = trip.constant_nanos().is_some();
    let newest = |gap: f64| if constant { newest_in_gap(rate, gap) } else { UNKNOWN };
    let square = |gap: f64| gap * gap + trip.variance();
    CheckStatistics {
        checks: [
            RequestChecks { schedule, first_empty, step_empty },
            RequestChecks { schedule, first_empty: long_empty, step_empty },
        ],
        wait: constant.then(|| -> Box<dyn Fn([f64; 3]) -> Mixture> {
            Box::new(move |reached| {
                let piece = |law: Mixture, gap: f64, times: f64| law.with(0.0, gap, times * gap);
                let law = piece(Mixture::default(), after_data, reached[0]);
                piece(piece(law, long, reached[1]), step, reached[2])
            })
        }),
        gap_squares: [square(after_data), square(long), step * step],
        newest: [newest(after_data), newest(long), newest_in_gap(rate, step)],
    }
}

/// Trials every `every` nanoseconds, a divisor of the time between checks, at an unrelated phase; constant delays.
///
/// A later check covers j = s / `every` trials. The gap Δ of a first check holds ⌊Δ / every⌋ trials or, with the phase o
/// of the last trial before the check in [0, f every), one more. From cycle to cycle o moves by g, whatever the trials
/// give, and is in that interval in the same fraction of the cycles from every start.
fn lattice_statistics(schedule: Schedule, trip: &RoundTrip, every: u64, hit: f64) -> Option<CheckStatistics> {
    let round = trip.constant_nanos()?;
    let on_arrival = schedule.first == FirstCheck::OnArrival;
    let (floor, extra) = trials_in(round, every);
    let per_step = schedule.every.0 / every;
    if per_step > 1000 || (on_arrival && extra > 0.0) {
        return None;
    }
    let (quiet, steps) = (1.0 - hit, per_step as f64);
    let empty = |trials: f64| (1.0 - extra) * libm::pow(quiet, trials) + extra * libm::pow(quiet, trials + 1.0);
    let first_trials = if on_arrival { floor } else { floor + steps };
    let checks =
        |trials: f64| RequestChecks { schedule, first_empty: empty(trials), step_empty: libm::pow(quiet, steps) };
    let newest = |trials: f64| {
        let value = newest_in_trials(hit, trials) * every as f64 / 1e9;
        if extra > 0.0 { UNKNOWN } else { value }
    };
    let gap = (first_trials + extra) * every as f64 / 1e9;
    let long = (floor + steps + extra) * every as f64 / 1e9;
    // The phase o is uniform at first; the condition that the first check found nothing skews it at the later checks.
    let tilt = if empty(first_trials) > 0.0 { libm::pow(quiet, first_trials) / empty(first_trials) } else { 1.0 };
    let period = every as f64 / 1e9;
    Some(CheckStatistics {
        checks: [checks(first_trials), checks(floor + steps)],
        wait: Some(Box::new(move |reached| {
            let mut law = Mixture::default().with(0.0, gap, reached[0] * gap).with(0.0, long, reached[1] * long);
            for trial in 0..per_step {
                let (start, turn) = (trial as f64 * period, (trial as f64 + extra) * period);
                law = law.with(start, turn, reached[2] * extra * period * tilt * quiet);
                law = law.with(turn, start + period, reached[2] * (1.0 - extra) * period * tilt);
            }
            law
        })),
        gap_squares: [UNKNOWN; 3],
        newest: [newest(first_trials), newest(floor + steps), newest(steps)],
    })
}

/// The fractions of requests that follow data and "no data". With the sleep first both begin alike. With a check on
/// arrival, the messages of the last sleep before "no data" wait for the next request, and the two kinds form a Markov
/// chain.
fn in_proportion(schedule: Schedule, checks: [RequestChecks; 2]) -> [(f64, RequestChecks); 2] {
    let after_empty = match schedule.first {
        FirstCheck::AfterSleep => 0.0,
        FirstCheck::OnArrival => checks[0].no_data() / (1.0 - checks[1].no_data() + checks[0].no_data()),
    };
    [(1.0 - after_empty, checks[0]), (after_empty, checks[1])]
}

/// The cycle of requests of several kinds, each with its fraction.
fn cycle_of(
    scenario: &Scenario,
    schedule: Schedule,
    trip: &RoundTrip,
    checks: &[(f64, RequestChecks)],
    carried: f64,
) -> Cycle {
    let mean = |f: &dyn Fn(&RequestChecks) -> f64| checks.iter().map(|(share, checks)| share * f(checks)).sum::<f64>();
    let (hold, no_data, checks) =
        (mean(&RequestChecks::hold), mean(&RequestChecks::no_data), mean(&RequestChecks::checks));
    let answering = if schedule.first == FirstCheck::OnArrival { 1.0 - no_data } else { 1.0 };
    let check_events = if scenario.ticks == Ticks::Each { checks } else { answering };
    Cycle { hold, length: hold + trip.mean(), no_data, carried, checks, check_events }
}

/// The cycle from request to request.
fn renewal_of(
    scenario: &Scenario,
    schedule: Schedule,
    trip: &RoundTrip,
    checks: &[(f64, RequestChecks)],
) -> RenewalCycle {
    let mean = |f: &dyn Fn(&RequestChecks) -> f64| checks.iter().map(|(share, checks)| share * f(checks)).sum::<f64>();
    let step = match trip.constant_nanos() {
        Some(round) if round.is_multiple_of(schedule.every.0) => schedule.every.as_secs_f64(),
        _ => 0.0,
    };
    let longest = if checks[0].1.no_data() > 0.0 { checks[0].1.longest() } else { schedule.every.as_secs_f64() };
    RenewalCycle {
        mean: mean(&RequestChecks::hold) + trip.mean(),
        variance: mean(&RequestChecks::hold_variance) + trip.variance(),
        longest: longest + trip.mean(),
        capped: mean(&RequestChecks::held_longest),
        spread: scenario.clients.start_within.as_secs_f64(),
        step,
        step_spread: scenario.clients.start_within.as_secs_f64(),
    }
}

/// Puts the pending messages, if the checks of the clients are uniform over the phases of one sleep.
fn put_pending_of_even_starts(
    out: &mut Expected,
    scenario: &Scenario,
    schedule: Schedule,
    trip: &RoundTrip,
    renewal: RenewalCycle,
) {
    let longest = schedule.every.as_secs_f64() + trip.longest() + trip.down.high_nanos / 1e9;
    let start = scenario.clients.start_within.0;
    if start > 0 && start.is_multiple_of(schedule.every.0) && is_steady_at_once(scenario, renewal) {
        put_pending(out, scenario, longest);
    }
}

/// The gap between replies with data, if all requests begin alike.
fn data_gap(checks: &RequestChecks, trip: &RoundTrip) -> DataGap {
    let (mean, variance) = checks.data_hold();
    DataGap {
        no_data: checks.no_data(),
        empty: (checks.longest() + trip.mean(), trip.variance()),
        data: (mean + trip.mean(), variance + trip.variance()),
    }
}

/// Whether the trials are at an unrelated phase between the checks of a client, uniform over one period, and a fixed
/// lattice fills the window evenly.
fn has_random_offset(scenario: &Scenario, every: u64, phase: Phase) -> bool {
    let start = scenario.clients.start_within.0;
    let even_window = scenario.window.duration.0.is_multiple_of(every);
    phase == Phase::Random || (start > 0 && start.is_multiple_of(every) && even_window)
}

/// Leaves out percentiles if there are too few phases between trials and checks to fill the distribution of the wait.
fn drop_percentiles_of_few_phases(
    out: &mut Expected,
    scenario: &Scenario,
    arrivals: &ArrivalProcess,
    trip: &RoundTrip,
) {
    let (Law::Lattice { every, .. }, Some(round)) = (arrivals.law, trip.constant_nanos()) else { return };
    let spread = scenario.clients.start_within.0 > 0 || !arrivals.shared;
    let phases = if spread { scenario.clients.count } else { 1 };
    super::latency::keep_percentiles_of_even_phases(
        out,
        every,
        crate::units::greatest_common_divisor(every, round),
        phases,
    );
}

/// `Σ a_i b_i` over the kinds of check that happen.
fn dot(often: [f64; 3], values: [f64; 3]) -> f64 {
    often.iter().zip(values).filter(|(often, _)| **often > 0.0).map(|(often, value)| often * value).sum()
}
