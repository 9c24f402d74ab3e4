//! Long polling with regular checks: scope `request` (the tutorial), and messages that wait in a mailbox.
//!
//! A request is one cycle of a renewal process: hold H, then g = delay down + turnaround + delay up. In a mailbox the
//! first look of a request covers the gap Δ since the last look, each later one the time s between looks.

use super::cycle::{Cycle, DataGap, RoundTrip, age_after_warmup, put_pending, request_hit};
use super::looks::{Looks, Schedule};
use super::mixture::Mixture;
use super::source::{Feed, Law, newest_in_gap, newest_in_trials, trials_in};
use super::steady::{Rhythm, is_steady, is_steady_at_once};
use super::wait::{put_delay, put_wait};
use super::{Expected, UNKNOWN};
use crate::model::metric::Metric;
use crate::model::scenario::{FirstCheck, LongPoll, Phase, Scenario, Ticks};

/// The closed forms of a long poll with regular checks.
pub fn expected(scenario: &Scenario, poll: &LongPoll, schedule: Schedule) -> Expected {
    let Some(trip) = RoundTrip::without_timeouts(scenario, poll) else { return Expected::default() };
    let known = match (request_hit(scenario), Feed::new(scenario)) {
        (Some(hit), _) => in_request(scenario, schedule, &trip, hit),
        (None, Some(feed)) => mailbox(scenario, schedule, &trip, &feed),
        (None, None) => None,
    };
    known.unwrap_or_default()
}

/// Scope `request`: checks K = min(Geometric(p), n).
fn in_request(scenario: &Scenario, schedule: Schedule, trip: &RoundTrip, hit: f64) -> Option<Expected> {
    let looks = Looks { schedule, first_empty: 1.0 - hit, step_empty: 1.0 - hit };
    let looks = [(1.0, looks)];
    let rhythm = rhythm_of(scenario, schedule, trip, &looks);
    let cycle = cycle_of(scenario, schedule, trip, &looks, 1.0 - looks[0].1.no_data());
    is_steady(scenario, rhythm).then(|| {
        let mut out = cycle.metrics(scenario);
        put_delay(&mut out, &trip.down);
        let age = data_gap(&looks[0].1, trip).mean_since() + trip.down.mean;
        out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - cycle.no_data) / cycle.length, age));
        put_pending_of_even_starts(&mut out, scenario, schedule, trip, rhythm);
        out
    })
}

/// Scopes `client` and `broadcast`: Poisson messages, or trials on a lattice that divides the time between looks.
fn mailbox(scenario: &Scenario, schedule: Schedule, trip: &RoundTrip, feed: &Feed) -> Option<Expected> {
    let view = match feed.law {
        Law::Poisson(rate) => poisson_view(schedule, trip, rate),
        Law::Lattice { every, hit, phase } => {
            let fits = schedule.every.0.is_multiple_of(every) && has_random_offset(scenario, every, phase);
            lattice_view(schedule, trip, every, hit).filter(|_| fits)?
        }
        Law::Bursts(_) | Law::Stationary(_) | Law::Day(_) | Law::Trace(_) => return None,
    };
    let looks = in_proportion(schedule, view.looks);
    let length = looks.iter().map(|(share, looks)| share * looks.hold()).sum::<f64>() + trip.mean();
    let no_data: f64 = looks.iter().map(|(share, looks)| share * looks.no_data()).sum();
    let carried = if feed.latest { 1.0 - no_data } else { feed.rate() * length };
    let rhythm = rhythm_of(scenario, schedule, trip, &looks);
    let cycle = cycle_of(scenario, schedule, trip, &looks, carried);
    if !is_steady(scenario, rhythm) {
        return None;
    }
    let mut out = cycle.metrics(scenario);
    let reached = [looks[0].0, looks[1].0, looks.iter().map(|(share, looks)| share * looks.later()).sum()];
    let newest = dot(reached, view.newest) / (1.0 - no_data);
    if feed.latest {
        out.put(Metric::LatencyMean, newest + trip.down.mean);
    } else if let Some(wait) = view.wait.map(|wait| wait(reached)) {
        put_wait(&mut out, &wait, &trip.down);
        drop_percentiles_of_few_phases(&mut out, scenario, feed, trip);
    } else {
        let squares = dot(reached, view.gap_squares);
        out.put(Metric::LatencyMean, squares / (2.0 * length) + trip.down.mean);
    }
    if schedule.first == FirstCheck::AfterSleep && trip.constant_nanos().is_some() {
        let age = newest + data_gap(&looks[0].1, trip).mean_since() + trip.down.mean;
        out.put(Metric::AgeMean, age_after_warmup(scenario, (1.0 - no_data) / length, age));
    }
    put_pending_of_even_starts(&mut out, scenario, schedule, trip, rhythm);
    Some(out)
}

/// What the looks find of a process. There are three kinds of looks: the first of a request after a reply with data,
/// the first of a request after "no data", and all later ones.
struct View {
    /// Requests after data, and after "no data".
    looks: [Looks; 2],
    /// The distribution of the wait, from the number of looks of each kind per cycle; `None` if only its mean is known.
    wait: Option<Box<dyn Fn([f64; 3]) -> Mixture>>,
    /// `E[Δ²]` of the gap that each kind of look covers.
    gap_squares: [f64; 3],
    /// `E[age of the newest message; there is one]` at each kind of look.
    newest: [f64; 3],
}

/// Poisson messages: memoryless, so the gaps may be random.
fn poisson_view(schedule: Schedule, trip: &RoundTrip, rate: f64) -> View {
    let step = schedule.every.as_secs_f64();
    let (short, long) = (trip.mean(), trip.mean() + step);
    let after_data = if schedule.first == FirstCheck::OnArrival { short } else { long };
    let step_empty = libm::exp(-rate * step);
    let long_empty = trip.laplace(rate) * step_empty;
    let first_empty = if schedule.first == FirstCheck::OnArrival { trip.laplace(rate) } else { long_empty };
    let constant = trip.constant_nanos().is_some();
    let newest = |gap: f64| if constant { newest_in_gap(rate, gap) } else { UNKNOWN };
    let square = |gap: f64| gap * gap + trip.variance();
    View {
        looks: [Looks { schedule, first_empty, step_empty }, Looks { schedule, first_empty: long_empty, step_empty }],
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

/// Trials every `every` nanoseconds, a divisor of the time between looks, at an unrelated phase; constant delays.
///
/// A later look covers j = s / `every` trials. The gap Δ of a first look holds ⌊Δ / every⌋ trials or, with the phase o
/// of the last trial before the look in [0, f every), one more. From cycle to cycle o moves by g, whatever the trials
/// give, and is in that interval in the same fraction of the cycles from every start.
fn lattice_view(schedule: Schedule, trip: &RoundTrip, every: u64, hit: f64) -> Option<View> {
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
    let looks = |trials: f64| Looks { schedule, first_empty: empty(trials), step_empty: libm::pow(quiet, steps) };
    let newest = |trials: f64| {
        let value = newest_in_trials(hit, trials) * every as f64 / 1e9;
        if extra > 0.0 { UNKNOWN } else { value }
    };
    let gap = (first_trials + extra) * every as f64 / 1e9;
    let long = (floor + steps + extra) * every as f64 / 1e9;
    // The phase o is uniform at first; the condition that the first look found nothing skews it at the later looks.
    let tilt = if empty(first_trials) > 0.0 { libm::pow(quiet, first_trials) / empty(first_trials) } else { 1.0 };
    let period = every as f64 / 1e9;
    Some(View {
        looks: [looks(first_trials), looks(floor + steps)],
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
fn in_proportion(schedule: Schedule, looks: [Looks; 2]) -> [(f64, Looks); 2] {
    let after_empty = match schedule.first {
        FirstCheck::AfterSleep => 0.0,
        FirstCheck::OnArrival => looks[0].no_data() / (1.0 - looks[1].no_data() + looks[0].no_data()),
    };
    [(1.0 - after_empty, looks[0]), (after_empty, looks[1])]
}

/// The cycle of requests of several kinds, each with its fraction.
fn cycle_of(scenario: &Scenario, schedule: Schedule, trip: &RoundTrip, looks: &[(f64, Looks)], carried: f64) -> Cycle {
    let mean = |f: &dyn Fn(&Looks) -> f64| looks.iter().map(|(share, looks)| share * f(looks)).sum::<f64>();
    let (hold, no_data, checks) = (mean(&Looks::hold), mean(&Looks::no_data), mean(&Looks::looks));
    let answering = if schedule.first == FirstCheck::OnArrival { 1.0 - no_data } else { 1.0 };
    let check_events = if scenario.ticks == Ticks::Each { checks } else { answering };
    Cycle { hold, length: hold + trip.mean(), no_data, carried, checks, check_events }
}

/// The rhythm of the requests.
fn rhythm_of(scenario: &Scenario, schedule: Schedule, trip: &RoundTrip, looks: &[(f64, Looks)]) -> Rhythm {
    let mean = |f: &dyn Fn(&Looks) -> f64| looks.iter().map(|(share, looks)| share * f(looks)).sum::<f64>();
    let step = match trip.constant_nanos() {
        Some(round) if round.is_multiple_of(schedule.every.0) => schedule.every.as_secs_f64(),
        _ => 0.0,
    };
    let longest = if looks[0].1.no_data() > 0.0 { looks[0].1.longest() } else { schedule.every.as_secs_f64() };
    Rhythm {
        mean: mean(&Looks::hold) + trip.mean(),
        variance: mean(&Looks::hold_variance) + trip.variance(),
        longest: longest + trip.mean(),
        capped: mean(&Looks::held_longest),
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
    rhythm: Rhythm,
) {
    let longest = schedule.every.as_secs_f64() + trip.longest() + trip.down.high_nanos / 1e9;
    let start = scenario.clients.start_within.0;
    if start > 0 && start.is_multiple_of(schedule.every.0) && is_steady_at_once(scenario, rhythm) {
        put_pending(out, scenario, longest);
    }
}

/// The gap between replies with data, if all requests begin alike.
fn data_gap(looks: &Looks, trip: &RoundTrip) -> DataGap {
    let (mean, variance) = looks.data_hold();
    DataGap {
        no_data: looks.no_data(),
        empty: (looks.longest() + trip.mean(), trip.variance()),
        data: (mean + trip.mean(), variance + trip.variance()),
    }
}

/// Whether the trials are at an unrelated phase between the looks of a client, uniform over one period, and a fixed
/// lattice fills the window evenly.
fn has_random_offset(scenario: &Scenario, every: u64, phase: Phase) -> bool {
    let start = scenario.clients.start_within.0;
    let even_window = scenario.window.duration.0.is_multiple_of(every);
    phase == Phase::Random || (start > 0 && start.is_multiple_of(every) && even_window)
}

/// Leaves out percentiles if there are too few phases between trials and looks to fill the distribution of the wait.
fn drop_percentiles_of_few_phases(out: &mut Expected, scenario: &Scenario, feed: &Feed, trip: &RoundTrip) {
    let (Law::Lattice { every, .. }, Some(round)) = (feed.law, trip.constant_nanos()) else { return };
    let spread = scenario.clients.start_within.0 > 0 || !feed.shared;
    let phases = if spread { scenario.clients.count } else { 1 };
    super::wait::keep_percentiles_of_even_phases(
        out,
        every,
        crate::units::greatest_common_divisor(every, round),
        phases,
    );
}

/// `Σ a_i b_i` over the kinds of look that happen.
fn dot(often: [f64; 3], values: [f64; 3]) -> f64 {
    often.iter().zip(values).filter(|(often, _)| **often > 0.0).map(|(often, value)| often * value).sum()
}
