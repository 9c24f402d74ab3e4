//! The source: its rates, and the number of messages in a span.

use super::arrival_gaps::lattice_points;
use super::expected::UNKNOWN;
use super::interrupted_poisson::InterruptedPoisson;
use crate::model::scenario::{Arrivals, DayProfile, Keep, Phase, Process, Scenario, Ticks, Trace};
use crate::units::Time;

/// A process of messages as one client sees it.
#[derive(Clone, Debug)]
pub struct ArrivalProcess<'a> {
    /// Its distribution.
    pub law: Law<'a>,
    /// Messages per second and client.
    pub rate: f64,
    /// `E[age]` of the newest message ever created, seen at an independent time: `E[G²] / 2 E[G]` of the gap G between
    /// messages.
    pub newest_age: f64,
    /// Whether all clients see the same process.
    pub shared: bool,
    /// Whether a mailbox keeps only the newest message.
    pub latest: bool,
}

/// The distribution of a process.
#[derive(Clone, Copy, Debug)]
pub enum Law<'a> {
    /// Exponential gaps, this many messages per second.
    Poisson(f64),
    /// A Bernoulli trial at regular intervals.
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
    /// ON and OFF periods in turn.
    Bursts(InterruptedPoisson),
    /// A stationary process of which only the mean rate over the clients is used.
    Stationary,
    /// A rate that follows the time of day.
    Day(&'a DayProfile),
}

impl<'a> ArrivalProcess<'a> {
    /// The process of a scenario; `None` with scope `request`.
    pub fn new(scenario: &'a Scenario) -> Option<ArrivalProcess<'a>> {
        let (process, shared) = match &scenario.source.arrivals {
            Arrivals::InRequest { .. } | Arrivals::Group { .. } => return None,
            Arrivals::PerClient(process) => (process, false),
            Arrivals::Broadcast(process) => (process, true),
        };
        let is_spread = scenario.source.spread.is_some() && !shared;
        let lattice = |every: Time, hit: f64, phase: Phase| {
            let period = every.0 as f64 / 1e9;
            (Law::Lattice { every: every.0, hit, phase }, hit / period, period * (2.0 - hit) / (2.0 * hit))
        };
        let (law, rate, newest_age) = match process {
            // The weights are 1 on average, so metrics proportional to the rate do not change.
            Process::Poisson { rate } if is_spread => (Law::Stationary, rate.per_second(), UNKNOWN),
            Process::Poisson { rate } => (Law::Poisson(rate.per_second()), rate.per_second(), 1.0 / rate.per_second()),
            Process::OnOff { on, off, rate } => {
                let bursts = InterruptedPoisson::new(rate.per_second(), on.as_secs_f64(), off.as_secs_f64());
                let (law, newest_age) =
                    if is_spread { (Law::Stationary, UNKNOWN) } else { (Law::Bursts(bursts), bursts.newest_age()) };
                (law, bursts.mean_rate(), newest_age)
            }
            Process::Day(profile) => (Law::Day(profile), profile.rate.per_second(), UNKNOWN),
            Process::Tick { every, hit, phase } => lattice(*every, hit.as_f64(), *phase),
            Process::Periodic { every, phase } => lattice(*every, 1.0, *phase),
            Process::Trace(trace) => (Law::Trace(trace), UNKNOWN, UNKNOWN),
        };
        Some(ArrivalProcess { law, rate, newest_age, shared, latest: scenario.source.keep == Keep::Latest })
    }

    /// Whether the process is stationary: Poisson, bursts, or a lattice of random phase.
    pub fn is_stationary(&self) -> bool {
        match self.law {
            Law::Poisson(_) | Law::Bursts(_) | Law::Stationary => true,
            Law::Lattice { phase, .. } => phase == Phase::Random,
            Law::Trace(_) | Law::Day(_) => false,
        }
    }

    /// The asymptotic rate, per second, at which the probability of no message yet decays.
    pub fn slowest_rate(&self) -> f64 {
        match self.law {
            Law::Bursts(bursts) => bursts.phases[1].1,
            _ => self.rate,
        }
    }

    /// Expected messages created in the window, all recipients together.
    pub fn created(&self, scenario: &Scenario) -> f64 {
        let clients = f64::from(scenario.clients.count);
        match self.law {
            Law::Poisson(_) | Law::Bursts(_) | Law::Stationary => {
                clients * self.rate * scenario.window.duration.as_secs_f64()
            }
            Law::Day(profile) => {
                let until = |time: Time| seconds_at_mean(profile, time);
                clients * self.rate * (until(scenario.window.horizon()) - until(scenario.window.warmup))
            }
            Law::Lattice { hit, .. } => clients * hit * self.trials(scenario),
            Law::Trace(trace) => trace_count(trace, scenario).0,
        }
    }

    /// The same for processes without other closed forms: no transport changes the number of messages. `None` for
    /// processes that have other closed forms.
    pub fn created_whatever_happens(&self, scenario: &Scenario) -> Option<f64> {
        match self.law {
            Law::Bursts(_) | Law::Stationary | Law::Day(_) => Some(self.created(scenario)),
            Law::Poisson(_) | Law::Lattice { .. } | Law::Trace(_) => None,
        }
    }

    /// Whether messages cluster at some clients or at some times, in a way that has no form.
    pub fn clusters(&self) -> bool {
        matches!(self.law, Law::Stationary | Law::Day(_))
    }

    /// Expected events of the source in the window: trials if every tick is an event, else creations. A process that
    /// all clients share counts once.
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
        match self.law {
            Law::Lattice { every, phase: Phase::Random, .. } => scenario.window.duration.0 as f64 / every as f64,
            Law::Lattice { every, phase: Phase::At(first), .. } => points_in_window(scenario, first, every),
            _ => UNKNOWN,
        }
    }
}

fn is_tick(scenario: &Scenario) -> bool {
    use Arrivals::{Broadcast, PerClient};
    matches!(scenario.source.arrivals, PerClient(Process::Tick { .. }) | Broadcast(Process::Tick { .. }))
}

/// How many `k >= 0` have `first + k × every` in the window.
fn points_in_window(scenario: &Scenario, first: Time, every: u64) -> f64 {
    let (start, end) = (i128::from(scenario.window.warmup.0), i128::from(scenario.window.horizon().0));
    lattice_points(first, every, start - 1, end - 1) as f64
}

/// Messages of a trace in the window: per recipient, and entries.
fn trace_count(trace: &Trace, scenario: &Scenario) -> (f64, f64) {
    let last = trace.messages.last().map_or(0, |message| message.time.0);
    let period = if trace.repeat && last > 0 { last } else { u64::MAX };
    let (mut copies, mut entries) = (0.0, 0.0);
    for message in trace.messages.iter() {
        let times = points_in_window(scenario, message.time, period);
        let recipients = message.client.map_or(scenario.clients.count, |_| 1);
        copies += times * f64::from(recipients);
        entries += times;
    }
    (copies, entries)
}

/// The integral of `rate / mean rate` of a day profile from t = 0, in seconds.
fn seconds_at_mean(profile: &DayProfile, time: Time) -> f64 {
    let (count, sum) = (profile.shape.len() as f64, profile.shape.iter().sum::<f64>());
    let (whole, rest) = (time.0 / profile.period.0, time.0 % profile.period.0);
    let parts = rest as f64 / profile.period.0 as f64 * count;
    let passed = |(place, share): (u32, &f64)| (parts - f64::from(place)).clamp(0.0, 1.0) * share / sum;
    let within: f64 = (0..).zip(&profile.shape).map(passed).sum();
    profile.period.as_secs_f64() * (whole as f64 + within)
}
