//! Where messages come from: processes, their rates over the day and from client to client, and recorded messages.

use std::sync::Arc;

use crate::units::{Bytes, Probability, Rate, Time};

/// The source of messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The process that creates messages, and their recipients.
    pub arrivals: Arrivals,
    /// Size of a message without a size of its own.
    pub payload: Bytes,
    /// The messages that a mailbox keeps.
    pub keep: Keep,
    /// Rates that differ between clients: with scope `client` and the processes `poisson`, `on_off` and `day`, else
    /// without effect. `None`: all have the same.
    pub spread: Option<Spread>,
}

impl Source {
    /// Messages of 20 bytes, all of which are kept.
    pub const fn new(arrivals: Arrivals) -> Source {
        Source { arrivals, payload: Bytes(20), keep: Keep::All, spread: None }
    }
}

/// The process that creates messages, and their recipients (`source.scope`).
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Each server check is the trial: a hit creates one message, carried by that reply.
    InRequest {
        /// Probability of a hit at one check.
        hit: Probability,
    },
    /// One independent process per client.
    PerClient(Process),
    /// One process for all; every message goes to every mailbox.
    Broadcast(Process),
    /// A send ([`Clients::sends`](super::Clients::sends)) goes to all clients of its group, the sender included:
    /// clients with consecutive numbers.
    Group {
        /// Clients of a group, at least one.
        size: u32,
    },
}

/// The process of creations.
#[derive(Clone, Debug, PartialEq)]
pub enum Process {
    /// A Bernoulli trial at `phase`, `phase + every`, `phase + 2 every`, …
    Tick {
        /// Time between trials; greater than zero.
        every: Time,
        /// Probability that a trial creates a message.
        hit: Probability,
        /// The first trial.
        phase: Phase,
    },
    /// Exponential gaps, from t = 0 on.
    Poisson {
        /// Messages per second.
        rate: Rate,
    },
    /// A message at `phase`, `phase + every`, `phase + 2 every`, …
    Periodic {
        /// Time between messages; greater than zero.
        every: Time,
        /// The first message.
        phase: Phase,
    },
    /// Recorded instants, replayed.
    Trace(Arc<Trace>),
    /// Exponential ON and OFF periods in turn; exponential gaps while ON, nothing while OFF. An interrupted Poisson
    /// process: Kuczura, "The interrupted Poisson process as an overflow process", Bell System Technical Journal 52(3),
    /// 1973, 437-448. At t = 0 it is in its stationary state: ON with probability `on / (on + off)`.
    OnOff {
        /// Mean of the ON periods; greater than zero.
        on: Time,
        /// Mean of the OFF periods; greater than zero.
        off: Time,
        /// Messages per second while ON.
        rate: Rate,
    },
    /// Poisson messages at a rate that follows the time of day.
    Day(Arc<DayProfile>),
}

impl Default for Process {
    /// A trial every 0.5 s that hits with probability 15/999.
    fn default() -> Process {
        let hit = Probability::new(15, 999).expect("a ratio between 0 and 1");
        Process::Tick { every: Time::from_millis(500), hit, phase: Phase::Random }
    }
}

/// The first instant of a lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Uniform in one period, drawn once per process.
    Random,
    /// Fixed.
    At(Time),
}

/// Recorded messages, in the order of their times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The messages; times never fall. After the last message of a trace that does not repeat there is silence.
    pub messages: Arc<Vec<TraceMessage>>,
    /// After the last message the trace starts again, its times counted from there: message `i` of round `r` is
    /// created at `r * last + messages[i].time`, where `last` is the time of the last message (greater than zero).
    pub repeat: bool,
}

/// One recorded message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceMessage {
    /// When it is created.
    pub time: Time,
    /// The only client that gets it (scope `client`); `None`: every client gets it.
    pub client: Option<u32>,
    /// Its size in bytes; `None`: [`Source::payload`].
    pub bytes: Option<u32>,
}

/// The messages that a mailbox keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Every message.
    All,
    /// Only the newest; a replaced message counts as superseded.
    Latest,
}

impl Source {
    /// The process that creates messages; `None` if messages exist in requests only.
    pub(crate) fn process(&self) -> Option<&Process> {
        match &self.arrivals {
            Arrivals::InRequest { .. } | Arrivals::Group { .. } => None,
            Arrivals::PerClient(process) | Arrivals::Broadcast(process) => Some(process),
        }
    }
}

impl Process {
    /// Mean messages per second; for a trace at most its messages per second of `span`.
    pub fn mean_rate(&self, span: Time) -> f64 {
        match self {
            Process::Tick { every, hit, .. } => hit.as_f64() / every.as_secs_f64(),
            Process::Poisson { rate } => rate.per_second(),
            Process::Periodic { every, .. } => every.as_secs_f64().recip(),
            Process::Trace(trace) => {
                let last = trace.messages.last().map_or(Time::ZERO, |message| message.time);
                let rounds = if trace.repeat { f64::max(span.0 as f64 / last.0 as f64, 1.0) } else { 1.0 };
                rounds * trace.messages.len() as f64 / span.as_secs_f64()
            }
            Process::OnOff { on, off, rate } => {
                rate.per_second() * on.as_secs_f64() / (on.as_secs_f64() + off.as_secs_f64())
            }
            Process::Day(profile) => profile.rate.per_second(),
        }
    }
}

/// A rate that follows the time of day: `rate * shape[i] / mean(shape)` in the `i`-th of equal parts of the period, the
/// first of which begins at t = 0.
#[derive(Clone, Debug, PartialEq)]
pub struct DayProfile {
    /// The mean rate, in messages per second.
    pub rate: Rate,
    /// Relative rates of the parts: at least one number, none below zero, one above, a finite sum.
    pub shape: Vec<f64>,
    /// Period of the shape; at least as many nanoseconds as parts.
    pub period: Time,
}

/// Rates that differ between clients: the rate of client k is the rate of the process times a weight with mean 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Zipf's law: `w_k = (k + 1)^-s / mean` over the whole population, k = 0, 1, …; the exponent s is not negative.
    /// (Breslau et al., "Web caching and Zipf-like distributions: evidence and implications", INFOCOM 1999, find 0.64
    /// to 0.83 for the pages of the web.)
    Zipf(f64),
    /// Log-normal: `w = exp(sigma Z - sigma² / 2)`, Z standard normal, drawn for each client; sigma is not negative.
    /// The mean is 1 in expectation.
    Lognormal(f64),
}
