//! Polls and trials both at fixed phases: everything except the hits is known.

use super::polls::Polls;
use crate::model::metric::Metric;
use crate::model::scenario::Phase;
use crate::theory::arrival_gaps::{lattice_points, trials_in};
use crate::theory::arrival_process::{ArrivalProcess, Law};
use crate::theory::cycle::age_after_warmup;
use crate::theory::expected::{Expected, UNKNOWN};
use crate::theory::expected_counts::ExpectedCounts;
use crate::theory::latency::PERCENTILES;
use crate::units::{Time, greatest_common_divisor};

/// Puts the metrics for constant delays.
pub fn on_one_lattice(out: &mut Expected, counts: &mut ExpectedCounts, polls: &Polls, arrivals: &ArrivalProcess) {
    let Law::Lattice { every, hit, phase: Phase::At(first) } = arrivals.law else { return };
    let (Phase::At(first_poll), Some(gap), true) =
        (polls.poll.phase, polls.constant_gap_nanos(), polls.down.is_constant())
    else {
        return;
    };
    let arrival = first_poll.plus(Time(polls.up.low_nanos as u64 + polls.opening_nanos()));
    let lattice = Lattice { arrival, gap, first, every, hit };
    let (start, end) = (i128::from(polls.scenario.window.warmup.0), i128::from(polls.scenario.window.horizon().0));
    let down = polls.down.low_nanos as i128;
    let answered = lattice.covered(start, end);
    let delivered = lattice.covered(start - down, end - down);
    counts.empty = polls.clients() * lattice.empty(answered);
    if arrivals.latest {
        counts.carried = counts.replies - counts.empty;
        counts.delivered = polls.clients() * (delivered.polls - lattice.empty(delivered));
    } else {
        counts.carried = polls.clients() * hit * answered.trials;
        counts.delivered = polls.clients() * hit * delivered.trials;
    }
    let whole = (end - start) % (i128::from(gap) * i128::from(every / lattice.common())) == 0;
    if arrivals.latest {
        lattice.put_latest(out, polls);
    } else if whole || lattice.points() == 1 {
        lattice.put_latency(out, polls, arrivals);
    }
    if whole || (gap.is_multiple_of(every) && (end - start) % i128::from(gap) == 0) {
        let seconds = |nanos: u64| nanos as f64 / 1e9;
        let since = lattice.offset() as f64 / 1e9 + seconds(every - lattice.common()) / 2.0;
        let newest = since + seconds(every) * (1.0 - hit) / hit;
        let age = seconds(gap) / 2.0 + newest + polls.down.mean;
        out.put(Metric::AgeMean, age_after_warmup(polls.scenario, arrivals.rate, age));
    }
}

/// Arrivals of polls at `arrival + k × gap`, against trials at `first + k × every` that hit with probability `hit`.
struct Lattice {
    arrival: Time,
    gap: u64,
    first: Time,
    every: u64,
    hit: f64,
}

/// The polls that arrive in a span: their number, and the trials since their predecessors.
#[derive(Clone, Copy)]
struct Covered {
    polls: f64,
    trials: f64,
}

impl Lattice {
    /// g' = gcd(T, s): the step of the lattice that holds both.
    fn common(&self) -> u64 {
        greatest_common_divisor(self.gap, self.every)
    }

    /// How many different waits there are, T / g'.
    fn points(&self) -> u64 {
        self.gap / self.common()
    }

    /// The shortest wait from a trial to an arrival, in nanoseconds.
    fn offset(&self) -> i128 {
        (i128::from(self.arrival.0) - i128::from(self.first.0)).rem_euclid(i128::from(self.common()))
    }

    /// The polls that arrive in `[start, end)`, each with a predecessor.
    fn covered(&self, start: i128, end: i128) -> Covered {
        let before = lattice_points(self.arrival, self.gap, -1, start - 1);
        let upto = lattice_points(self.arrival, self.gap, -1, end - 1);
        let instant = |poll: i128| i128::from(self.arrival.0) + poll * i128::from(self.gap);
        let trials = lattice_points(self.first, self.every, instant(before - 1), instant(upto - 1));
        Covered { polls: (upto - before) as f64, trials: trials as f64 }
    }

    /// Expected polls without a message. Every gap holds `floor` trials or one more; the total tells how many hold more.
    fn empty(&self, Covered { polls, trials }: Covered) -> f64 {
        let (floor, _) = trials_in(self.gap, self.every);
        let (more, quiet) = (trials - floor * polls, 1.0 - self.hit);
        (polls - more) * libm::pow(quiet, floor) + more * libm::pow(quiet, floor + 1.0)
    }

    /// The wait is uniform on {c, c + g', ..., c + T - g'} with c the [`offset`](Lattice::offset).
    fn put_latency(&self, out: &mut Expected, polls: &Polls, arrivals: &ArrivalProcess) {
        let (points, step) = (self.points(), self.common() as f64 / 1e9);
        let least = self.offset() as f64 / 1e9 + polls.down.mean;
        out.put(Metric::LatencyMean, least + (self.gap - self.common()) as f64 / 1e9 / 2.0);
        // Trials of one wait in the window, all unrelated processes together.
        let period = self.gap as f64 / 1e9 * (self.every / self.common()) as f64;
        let processes = if arrivals.shared { 1.0 } else { polls.clients() };
        let per_point = processes * (polls.duration() / period).max(1.0);
        if self.hit >= 1.0 || per_point * libm::log1p(-self.hit) < -25.0 {
            out.put(Metric::LatencyMin, least);
            out.put(Metric::LatencyMax, least + (points - 1) as f64 * step);
        }
        for (metric, q) in PERCENTILES {
            let place = q * points as f64;
            let messages = per_point * points as f64 * self.hit;
            let noise = if self.hit < 1.0 { 6.0 * libm::sqrt(q * (1.0 - q) / messages) } else { 0.0 };
            let margin = (noise * points as f64).max(1e-9);
            let (low, high) =
                (libm::floor((place - margin).max(0.0)), libm::floor((place + margin).min(points as f64 - 0.5)));
            out.put(metric, if low < high { UNKNOWN } else { least + low * step });
        }
    }

    /// The newest message of every poll, if each gap holds the same m trials: c + s E\[J\], J geometric below m.
    fn put_latest(&self, out: &mut Expected, polls: &Polls) {
        if !self.gap.is_multiple_of(self.every) {
            return;
        }
        let (trials, quiet) = ((self.gap / self.every) as f64, 1.0 - self.hit);
        let none = libm::pow(quiet, trials);
        let mean = quiet / self.hit - if none > 0.0 { trials * none / (1.0 - none) } else { 0.0 };
        let least = self.offset() as f64 / 1e9 + polls.down.mean;
        out.put(Metric::LatencyMean, least + mean * self.every as f64 / 1e9);
    }
}
