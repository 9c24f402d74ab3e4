//! What is known of the source: rates, and how many messages fall into a span.

use super::UNKNOWN;
use crate::model::scenario::{Arrivals, Keep, Phase, Process, Scenario, Ticks, Trace};
use crate::units::Time;

/// A process of messages as one client sees it.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    /// Its law.
    pub law: Law<'a>,
    /// Whether all clients see the same process.
    pub shared: bool,
    /// Whether a mailbox keeps only the newest message.
    pub latest: bool,
}

/// The law of a process.
#[derive(Clone, Copy, Debug)]
pub enum Law<'a> {
    /// Exponential gaps, this many messages per second.
    Poisson(f64),
    /// A Bernoulli trial every so many nanoseconds, a hit with this probability.
    Lattice {
        /// Nanoseconds between trials.
        every: u64,
        /// Probability of a message.
        hit: f64,
        /// The first trial.
        phase: Phase,
    },
    /// Recorded instants.
    Trace(&'a Trace),
}

impl<'a> Feed<'a> {
    /// The process of a scenario; `None` with scope `request`.
    pub fn new(scenario: &'a Scenario) -> Option<Feed<'a>> {
        let (process, shared) = match &scenario.source.arrivals {
            Arrivals::InRequest { .. } => return None,
            Arrivals::PerClient(process) => (process, false),
            Arrivals::Broadcast(process) => (process, true),
        };
        let law = match process {
            Process::Poisson { rate } => Law::Poisson(rate.per_second()),
            Process::Tick { every, hit, phase } => Law::Lattice { every: every.0, hit: hit.as_f64(), phase: *phase },
            Process::Periodic { every, phase } => Law::Lattice { every: every.0, hit: 1.0, phase: *phase },
            Process::Trace(trace) => Law::Trace(trace),
        };
        Some(Feed { law, shared, latest: scenario.source.keep == Keep::Latest })
    }

    /// Messages per second and client.
    pub fn rate(&self) -> f64 {
        match self.law {
            Law::Poisson(rate) => rate,
            Law::Lattice { every, hit, .. } => hit / (every as f64 / 1e9),
            Law::Trace(_) => UNKNOWN,
        }
    }

    /// Whether the process looks the same at any time: Poisson, or a lattice of random phase.
    pub fn is_stationary(&self) -> bool {
        match self.law {
            Law::Poisson(_) => true,
            Law::Lattice { phase, .. } => phase == Phase::Random,
            Law::Trace(_) => false,
        }
    }

    /// `E[age]` of the newest message ever created, seen at a time that knows nothing of the process: `E[G²] / 2 E[G]`
    /// of the gap G between messages.
    pub fn newest_age(&self) -> f64 {
        match self.law {
            Law::Poisson(rate) => 1.0 / rate,
            Law::Lattice { every, hit, .. } => every as f64 / 1e9 * (2.0 - hit) / (2.0 * hit),
            Law::Trace(_) => UNKNOWN,
        }
    }

    /// Expected messages created in the window, all recipients together.
    pub fn created(&self, scenario: &Scenario) -> f64 {
        let clients = f64::from(scenario.clients.count);
        match self.law {
            Law::Poisson(rate) => clients * rate * scenario.window.duration.as_secs_f64(),
            Law::Lattice { hit, .. } => clients * hit * self.trials(scenario),
            Law::Trace(trace) => trace_count(trace, scenario).0,
        }
    }

    /// Expected events of the source in the window: trials of a tick process where every tick is an event, else
    /// creations; one process of all clients counts once.
    pub fn events(&self, scenario: &Scenario) -> f64 {
        let recipients = f64::from(scenario.clients.count);
        let processes = if self.shared { 1.0 } else { recipients };
        match self.law {
            Law::Lattice { .. } if is_tick(scenario) && scenario.ticks == Ticks::Each => {
                processes * self.trials(scenario)
            }
            Law::Trace(trace) if self.shared => trace_count(trace, scenario).1,
            _ => self.created(scenario) / recipients * processes,
        }
    }

    /// Expected trials of one lattice in the window.
    fn trials(&self, scenario: &Scenario) -> f64 {
        let Law::Lattice { every, phase, .. } = self.law else { return UNKNOWN };
        match phase {
            Phase::Random => scenario.window.duration.0 as f64 / every as f64,
            Phase::At(first) => {
                let (start, end) = (i128::from(scenario.window.warmup.0), i128::from(scenario.window.horizon().0));
                lattice_points(first, every, start - 1, end - 1) as f64
            }
        }
    }
}

fn is_tick(scenario: &Scenario) -> bool {
    matches!(
        scenario.source.arrivals,
        Arrivals::PerClient(Process::Tick { .. }) | Arrivals::Broadcast(Process::Tick { .. })
    )
}

/// How many `k >= 0` have `after < first + k × every <= until`, all in nanoseconds.
pub fn lattice_points(first: Time, every: u64, after: i128, until: i128) -> i128 {
    let (first, every) = (i128::from(first.0), i128::from(every));
    let up_to = |end: i128| if end < first { 0 } else { (end - first) / every + 1 };
    (up_to(until) - up_to(after)).max(0)
}

/// Messages of a trace in the window: per recipient, and entries.
fn trace_count(trace: &Trace, scenario: &Scenario) -> (f64, f64) {
    let (start, end) = (i128::from(scenario.window.warmup.0), i128::from(scenario.window.horizon().0));
    let last = trace.messages.last().map_or(0, |message| message.time.0);
    let (mut copies, mut entries) = (0.0, 0.0);
    for message in &trace.messages {
        let times = if trace.repeat && last > 0 {
            lattice_points(message.time, last, start - 1, end - 1)
        } else {
            lattice_points(message.time, u64::MAX, start - 1, end - 1)
        };
        let recipients = message.client.map_or(scenario.clients.count, |_| 1);
        copies += times as f64 * f64::from(recipients);
        entries += times as f64;
    }
    (copies, entries)
}

/// How the gap between two looks meets a lattice of trials at an unrelated phase: it holds `floor` trials, and one more
/// with probability `extra`.
pub fn trials_in(gap: u64, every: u64) -> (f64, f64) {
    ((gap / every) as f64, (gap % every) as f64 / every as f64)
}

/// `Σ_{i<m} hit (1-hit)^i (i + 1/2)`: the mean age of the newest hit among `m` trials at an unrelated phase, in trial
/// gaps, counted only where there is a hit.
pub fn newest_in_trials(hit: f64, trials: f64) -> f64 {
    let none = libm::pow(1.0 - hit, trials);
    (1.0 - none) / 2.0 + if hit < 1.0 { (1.0 - hit) * (1.0 - none) / hit - trials * none } else { 0.0 }
}

/// `(1 - e^{-λΔ}) / λ - Δ e^{-λΔ}`: the mean age of the newest Poisson message within a gap, counted only where there
/// is one.
pub fn newest_in_gap(rate: f64, gap: f64) -> f64 {
    -libm::expm1(-rate * gap) / rate - gap * libm::exp(-rate * gap)
}
