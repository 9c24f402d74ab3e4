//! Long polling with regular checks: scope `request` (the tutorial), and messages that wait in a mailbox.
//!
//! A request is one cycle of a renewal process: hold H, then g = delay down + turnaround + delay up. In a mailbox the
//! first check of a request covers the gap Δ since the last check, each later one the time s between checks.

use super::arrival_gaps::{newest_in_gap, newest_in_trials, trials_in};
use super::arrival_process::{ArrivalProcess, Law};
use super::checks::{RequestChecks, Schedule, mean_of};
use super::cycle::{Cycle, DataGap, RoundTrip, age_after_warmup, put_pending, request_hit};
use super::expected::{Expected, UNKNOWN};
use super::latency::{Mixture, keep_percentiles_of_even_phases, put_delay, put_wait};
use super::steady_state::{RenewalCycle, is_steady, is_steady_at_once};
use crate::model::metric::Metric;
use crate::model::scenario::{FirstCheck, LongPoll, Phase, Scenario};
use crate::units::greatest_common_divisor;

/// The closed forms of a long poll with regular checks.
pub fn expected(scenario: &Scenario, poll: &LongPoll, schedule: Schedule) -> Option<Expected> {
    let trip = RoundTrip::without_timeouts(scenario, poll)?;
    let polls = LongPolls { scenario, schedule, trip };
    match request_hit(scenario) {
        Some(hit) => polls.in_request(hit),
        None => polls.mailbox(&ArrivalProcess::new(scenario)?),
    }
}

/// The long polls of one scenario.
struct LongPolls<'a> {
    scenario: &'a Scenario,
    schedule: Schedule,
    trip: RoundTrip,
}

impl LongPolls<'_> {
    /// Scope `request`: checks K = min(Geometric(p), n).
    fn in_request(&self, hit: f64) -> Option<Expected> {
        let (scenario, trip) = (self.scenario, &self.trip);
        let checks = RequestChecks { schedule: self.schedule, first_empty: 1.0 - hit, step_empty: 1.0 - hit };
        let kinds = [(1.0, checks)];
        let renewal = self.steady_renewal(&kinds)?;
        let cycle = Cycle::of_checks(scenario, &kinds, trip.mean(), 1.0 - checks.no_data());
        let mut out = cycle.metrics(scenario);
        put_delay(&mut out, &trip.down);
        let age = self.mean_since_data(&checks) + trip.down.mean;
        out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - cycle.no_data) / cycle.length, age));
        self.put_pending_of_even_starts(&mut out, renewal);
        Some(out)
    }

    /// Scopes `client` and `broadcast`: Poisson messages, or trials on a lattice that divides the time between checks.
    fn mailbox(&self, arrivals: &ArrivalProcess) -> Option<Expected> {
        let (scenario, trip) = (self.scenario, &self.trip);
        let statistics = match arrivals.law {
            Law::Poisson(rate) => self.poisson_statistics(rate),
            Law::Lattice { every, hit, phase } if self.has_random_offset(every, phase) => {
                self.lattice_statistics(every, hit)?
            }
            _ => return None,
        };
        let kinds = self.in_proportion(statistics.checks);
        let (length, no_data) =
            (mean_of(&kinds, RequestChecks::hold) + trip.mean(), mean_of(&kinds, RequestChecks::no_data));
        let carried = if arrivals.latest { 1.0 - no_data } else { arrivals.rate * length };
        let renewal = self.steady_renewal(&kinds)?;
        let mut out = Cycle::of_checks(scenario, &kinds, trip.mean(), carried).metrics(scenario);
        let reached = [kinds[0].0, kinds[1].0, mean_of(&kinds, RequestChecks::later)];
        let newest = dot(reached, statistics.newest) / (1.0 - no_data);
        if arrivals.latest {
            out.put(Metric::LatencyMean, newest + trip.down.mean);
        } else if let Some(wait) = statistics.wait {
            put_wait(&mut out, &wait(reached), &trip.down);
            if let (Law::Lattice { every, .. }, Some(round)) = (arrivals.law, trip.constant_nanos()) {
                let spread = scenario.clients.start_within.0 > 0 || !arrivals.shared;
                let phases = if spread { scenario.clients.count } else { 1 };
                keep_percentiles_of_even_phases(&mut out, every, greatest_common_divisor(every, round), phases);
            }
        } else {
            let squares = dot(reached, statistics.gap_squares);
            out.put(Metric::LatencyMean, squares / (2.0 * length) + trip.down.mean);
        }
        if self.schedule.first == FirstCheck::AfterSleep && trip.constant_nanos().is_some() {
            let age = newest + self.mean_since_data(&kinds[0].1) + trip.down.mean;
            out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - no_data) / length, age));
        }
        self.put_pending_of_even_starts(&mut out, renewal);
        Some(out)
    }

    /// Poisson messages: memoryless, so the gaps may be random.
    fn poisson_statistics(&self, rate: f64) -> CheckStatistics {
        let (schedule, trip) = (self.schedule, &self.trip);
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
    /// A later check covers j = s / `every` trials. The gap Δ of a first check holds ⌊Δ / every⌋ trials or, with the
    /// phase o of the last trial before the check in [0, f every), one more. From cycle to cycle o moves by g, whatever
    /// the trials give, and is in that interval in the same fraction of the cycles from every start.
    fn lattice_statistics(&self, every: u64, hit: f64) -> Option<CheckStatistics> {
        let (schedule, round) = (self.schedule, self.trip.constant_nanos()?);
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
        // The phase o is uniform at first; the condition that the first check found nothing skews it at the later
        // checks.
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
    /// arrival, the messages of the last sleep before "no data" wait for the next request, and the two kinds form a
    /// Markov chain.
    fn in_proportion(&self, checks: [RequestChecks; 2]) -> [(f64, RequestChecks); 2] {
        let after_empty = match self.schedule.first {
            FirstCheck::AfterSleep => 0.0,
            FirstCheck::OnArrival => checks[0].no_data() / (1.0 - checks[1].no_data() + checks[0].no_data()),
        };
        [(1.0 - after_empty, checks[0]), (after_empty, checks[1])]
    }

    /// The cycle from request to request; `None` if it is not steady in the window.
    fn steady_renewal(&self, kinds: &[(f64, RequestChecks)]) -> Option<RenewalCycle> {
        let (every, first, trip) = (self.schedule.every, &kinds[0].1, &self.trip);
        let is_on_lattice = trip.constant_nanos().is_some_and(|round| round.is_multiple_of(every.0));
        let longest = if first.no_data() > 0.0 { first.longest() } else { every.as_secs_f64() };
        let spread = self.scenario.clients.start_within.as_secs_f64();
        let renewal = RenewalCycle {
            mean: mean_of(kinds, RequestChecks::hold) + trip.mean(),
            variance: mean_of(kinds, RequestChecks::hold_variance) + trip.variance(),
            longest: longest + trip.mean(),
            capped: mean_of(kinds, RequestChecks::held_longest),
            spread,
            step: if is_on_lattice { every.as_secs_f64() } else { 0.0 },
            step_spread: spread,
        };
        if is_steady(self.scenario, renewal) { Some(renewal) } else { None }
    }

    /// Puts the pending messages, if the checks of the clients are uniform over the phases of one sleep.
    fn put_pending_of_even_starts(&self, out: &mut Expected, renewal: RenewalCycle) {
        let (every, trip) = (self.schedule.every, &self.trip);
        let start = self.scenario.clients.start_within.0;
        if start > 0 && start.is_multiple_of(every.0) && is_steady_at_once(self.scenario, renewal) {
            let longest = every.as_secs_f64() + trip.longest() + trip.down.high_nanos / 1e9;
            put_pending(out, self.scenario, longest);
        }
    }

    /// The mean time since the last reply with data, if all requests begin alike.
    fn mean_since_data(&self, checks: &RequestChecks) -> f64 {
        let ((mean, variance), trip) = (checks.data_hold(), &self.trip);
        let gap = DataGap {
            no_data: checks.no_data(),
            empty: (checks.longest() + trip.mean(), trip.variance()),
            data: (mean + trip.mean(), variance + trip.variance()),
        };
        gap.mean_since()
    }

    /// Whether the time between checks is a multiple of that between trials, these are at an unrelated phase between
    /// the checks of a client, uniform over one period, and a fixed lattice fills the window evenly.
    fn has_random_offset(&self, every: u64, phase: Phase) -> bool {
        let start = self.scenario.clients.start_within.0;
        let even_window = self.scenario.window.duration.0.is_multiple_of(every);
        let is_unrelated = phase == Phase::Random || (start > 0 && start.is_multiple_of(every) && even_window);
        self.schedule.every.0.is_multiple_of(every) && is_unrelated
    }
}

/// What the checks find of a process. There are three kinds of checks: the first of a request after a reply with data,
/// the first of a request after "no data", and all later ones.
struct CheckStatistics {
    /// Requests after data, and after "no data".
    checks: [RequestChecks; 2],
    /// The distribution of the wait, from the number of checks of each kind per cycle; `None` if only its mean is
    /// known.
    wait: Option<Box<dyn Fn([f64; 3]) -> Mixture>>,
    /// `E[Δ²]` of the gap that each kind of check covers.
    gap_squares: [f64; 3],
    /// `E[age of the newest message; there is one]` at each kind of check.
    newest: [f64; 3],
}

/// `Σ a_i b_i` over the kinds of check that happen.
fn dot(often: [f64; 3], values: [f64; 3]) -> f64 {
    often.iter().zip(values).filter(|(often, _)| **often > 0.0).map(|(often, value)| often * value).sum()
}
