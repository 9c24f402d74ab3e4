//! What is simulated: one validated scenario, with units as types and every default filled in.
//!
//! A scenario is one point of a sweep under one transport. It holds no text and no paths; a program that uses the crate
//! as a library builds it directly, the experiment file resolves into it.

mod server;
mod source;

use std::sync::Arc;

use crate::units::{Bytes, Probability, Rate, Time};
pub use server::{Backoff, OnError, OnLostReply, Pool, Server};
pub use source::{DayProfile, Spread};

/// One simulated system: who the clients are, where messages come from, how they travel.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Root of all random streams.
    pub seed: u64,
    /// What part of the run is measured.
    pub window: Window,
    /// The population.
    pub clients: Clients,
    /// Where messages come from.
    pub source: Source,
    /// Sizes of headers and bodies.
    pub http: Http,
    /// How the server treats requests, whatever the transport.
    pub server: Server,
    /// One-way delays.
    pub network: Network,
    /// How clients get their messages.
    pub transport: Transport,
    /// Whether server ticks are events of their own. Changes no result but the number of events.
    pub ticks: Ticks,
    /// How clients are brought together. Changes no result.
    pub path: EnginePath,
}

/// The measured part of a run, `[warmup, warmup + duration)`, and the width of a time bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Simulated before anything counts.
    pub warmup: Time,
    /// Length of the measured window.
    pub duration: Time,
    /// Width of a time bin; bins start at t = 0.
    pub bin: Time,
}

impl Window {
    /// The end of the run: `warmup + duration`.
    pub fn horizon(&self) -> Time {
        self.warmup.plus(self.duration)
    }
}

/// The population of clients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clients {
    /// How many there are, at least one.
    pub count: u32,
    /// Long polling: the first requests leave uniformly in `[0, start_within)`; zero starts all at t = 0.
    pub start_within: Time,
    /// From the sending of a request until its reply must have arrived; greater than zero.
    pub timeout: Time,
    /// What a client does after a timeout.
    pub on_timeout: OnTimeout,
    /// What a client does after an error.
    pub on_error: OnError,
}

/// What a client does after a timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    /// It asks again.
    Retry,
    /// It asks no more.
    Stop,
}

/// Where messages come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What creates messages, and for whom.
    pub arrivals: Arrivals,
    /// Size of a message that does not bring its own.
    pub payload: Bytes,
    /// What a mailbox keeps.
    pub keep: Keep,
    /// How the rates of the clients differ: with scope `client` and the processes `poisson`, `on_off` and `day`, else
    /// without effect. `None`: all have the same.
    pub spread: Option<Spread>,
}

/// What creates messages, and for whom (`source.scope`).
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Each server check is itself the trial: a hit creates one message, carried by that reply.
    InRequest {
        /// Probability of a hit at one check.
        hit: Probability,
    },
    /// One independent process per client.
    PerClient(Process),
    /// One process for all; every message goes to every mailbox.
    Broadcast(Process),
}

/// When messages are created.
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
    /// The messages; times never fall.
    pub messages: Vec<TraceMessage>,
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
    /// Its size; `None`: [`Source::payload`].
    pub bytes: Option<Bytes>,
}

/// What a mailbox keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Every message.
    All,
    /// Only the newest; what is overwritten counts as superseded.
    Latest,
}

/// Sizes on the HTTP account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Http {
    /// Header of a request.
    pub request_header: Bytes,
    /// Header of a reply.
    pub response_header: Bytes,
    /// Body of a request.
    pub request_body: Bytes,
    /// Body of a reply without messages.
    pub empty_body: Bytes,
    /// Added to every message in a body.
    pub message_framing: Bytes,
}

/// One-way delays, one draw per message.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// From client to server.
    pub up: Delay,
    /// From server to client.
    pub down: Delay,
}

/// Distribution of a one-way delay; all spans in nanoseconds after rounding to the nearest.
#[derive(Clone, Debug, PartialEq)]
pub enum Delay {
    /// Always the same.
    Constant(Time),
    /// Uniform in `[low, high)`.
    Uniform {
        /// Least delay.
        low: Time,
        /// Bound that is not reached; greater than `low`.
        high: Time,
    },
    /// Exponential with this mean.
    Exponential(Time),
    /// Normal, truncated at zero: the distribution under the condition that the delay is not negative.
    Normal {
        /// Mean before truncation.
        mean: Time,
        /// Standard deviation before truncation.
        sd: Time,
    },
    /// Log-normal.
    Lognormal {
        /// Median.
        median: Time,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Pareto.
    Pareto {
        /// Least delay.
        min: Time,
        /// Tail index, greater than zero.
        shape: f64,
    },
    /// Weibull.
    Weibull {
        /// Scale.
        scale: Time,
        /// Shape, greater than zero.
        shape: f64,
    },
    /// One of the samples, each with the same probability; in rising order, never empty.
    Empirical(Arc<[Time]>),
}

impl Delay {
    /// About the median.
    fn middle(&self) -> Time {
        match self {
            Delay::Constant(middle)
            | Delay::Exponential(middle)
            | Delay::Normal { mean: middle, .. }
            | Delay::Lognormal { median: middle, .. }
            | Delay::Pareto { min: middle, .. }
            | Delay::Weibull { scale: middle, .. } => *middle,
            Delay::Uniform { low, high } => Time(low.0.midpoint(high.0)),
            Delay::Empirical(samples) => samples.get(samples.len() / 2).copied().unwrap_or(Time::ZERO),
        }
    }
}

impl Scenario {
    /// Whether a client has several requests open at once not only now and then.
    pub fn overlaps(&self) -> bool {
        let round_trip = self.network.up.middle().plus(self.network.down.middle());
        match self.transport {
            Transport::ShortPoll(poll) => poll.pace == Pace::FixedRate && round_trip.times(2) > poll.interval,
            Transport::LongPoll(poll) => self.clients.timeout < poll.check.longest_hold(),
        }
    }

    /// Whether clients share something, so that all of them have to be simulated together.
    pub fn is_coupled(&self) -> bool {
        self.server.pool.is_some()
    }

    /// Whether all clients of a replication run on one event queue.
    pub fn runs_on_queue(&self) -> bool {
        self.path == EnginePath::Queue || self.is_coupled()
    }

    /// Whether a request may end in an error.
    pub fn may_fail(&self) -> bool {
        self.server.read_timeout.is_some() || self.server.pool.is_some_and(|pool| pool.backlog.is_some())
    }
}

/// How clients get their messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Ask at an interval; the server answers at once.
    ShortPoll(ShortPoll),
    /// Ask, and the server holds the request.
    LongPoll(LongPoll),
}

/// Short polling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortPoll {
    /// Time between polls; greater than zero.
    pub interval: Time,
    /// What the interval is counted from.
    pub pace: Pace,
    /// The first poll: uniform in one interval, or fixed.
    pub phase: Phase,
}

/// What the interval of a short poll is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Polls leave at `phase + k * interval`, whatever is still open.
    FixedRate,
    /// The next poll leaves one interval after the reply or the timeout.
    AfterReply,
}

/// Long polling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongPoll {
    /// When the server looks for messages.
    pub check: Check,
    /// Between a reply and the client's next request.
    pub turnaround: Time,
}

/// When the server looks for messages while it holds a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// At regular checks.
    Every {
        /// Time between checks; greater than zero.
        every: Time,
        /// Checks at most, at least one; then "no data".
        count: u32,
        /// Whether the first check comes before the first sleep.
        first: FirstCheck,
    },
    /// The instant the mailbox has something; "no data" after `hold`.
    Notify {
        /// Longest hold; greater than zero.
        hold: Time,
    },
}

impl Check {
    /// The longest possible hold of a request.
    pub fn longest_hold(&self) -> Time {
        match *self {
            Check::Every { every, count, .. } => every.times(u64::from(count)),
            Check::Notify { hold } => hold,
        }
    }
}

/// Whether the first check comes before the first sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstCheck {
    /// Checks at s, 2s, …, ns after arrival; the last one answers either way.
    AfterSleep,
    /// Checks at 0, s, …, (n-1)s after arrival; "no data" at ns, without another look.
    OnArrival,
}

/// Whether server ticks are events of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticks {
    /// Every server check and every source trial is an event.
    Each,
    /// The queue jumps to the hit.
    Skip,
}

/// How clients are brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnginePath {
    /// Clients that share nothing run one after the other; clients that share a pool of workers run on one event queue.
    Auto,
    /// All clients of a replication run on one event queue.
    Queue,
}
