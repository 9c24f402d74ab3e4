//! Scenarios whose results have a true value that is known exactly.
//!
//! The processes are stationary, and the warm-up is longer than any latency: so the number of deliveries in the window is
//! on average that of creations, at whatever end of it a message is cut off, and the latencies of the deliveries follow
//! the law of the latency.

use cometsim::model::Metric;
use cometsim::model::scenario::*;
use cometsim::units::{Bytes, Rate, Time};

use crate::hand::{one_client, polls, websocket};

/// Clients that hear a broadcast: few, for the time that the test takes.
const LISTENERS: u32 = 3;
/// Clients that poll at the same instants.
const POLLERS: u32 = 10;
/// Clients that have messages of their own.
const CLIENTS: u32 = 2;
/// Time between messages, in seconds: so much longer than a delay that hardly ever a message waits on the stream for the
/// one before it (once in 10,000 times for the mean delay of 0.1 s).
const GAP: u64 = 1_000;
/// Polls that pick up the messages of [`Scope::Lockstep`], in seconds.
const POLL: u64 = 10;
/// Mean time between such messages, in seconds.
const LOCKSTEP_GAP: u64 = 20;

/// Law of the latency.
#[derive(Clone, Copy, Debug)]
pub enum Law {
    /// Of mean 0.1 s.
    Exponential,
    /// Of median 0.06 s and σ = 1.
    Lognormal,
    /// From 0 to the interval of the polls.
    Uniform,
}

/// Who gets a message.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// One client, pushed.
    Client,
    /// All clients, pushed with delays of their own.
    Broadcast,
    /// All clients, which poll at the same instants.
    Lockstep,
}

/// A scenario with a truth.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Messages a replication on average, each counted once.
    pub messages: f64,
    pub law: Law,
    pub scope: Scope,
}

impl Setting {
    fn clients(&self) -> u32 {
        match self.scope {
            Scope::Client => CLIENTS,
            Scope::Broadcast => LISTENERS,
            Scope::Lockstep => POLLERS,
        }
    }

    fn gap(&self) -> u64 {
        if matches!(self.scope, Scope::Lockstep) { LOCKSTEP_GAP } else { GAP }
    }

    fn delay(&self) -> Delay {
        match self.law {
            Law::Exponential => Delay::Exponential(Time::from_millis(100)),
            Law::Lognormal => Delay::Lognormal { median: Time::from_millis(60), sigma: 1.0 },
            Law::Uniform => Delay::Constant(Time::ZERO),
        }
    }

    /// Seconds of the window.
    fn window(&self) -> f64 {
        let processes = if matches!(self.scope, Scope::Client) { f64::from(CLIENTS) } else { 1.0 };
        self.messages * self.gap() as f64 / processes
    }

    pub fn scenario(&self) -> Scenario {
        let mut scenario = one_client();
        let process = Process::Poisson { rate: Rate::new(1, self.gap()).unwrap() };
        let duration = Time((self.window() * 1e9) as u64);
        let warmup = Time::from_secs(60);
        scenario.window = Window { warmup, duration, bin: warmup.plus(duration) };
        scenario.clients = Clients::staying(self.clients());
        scenario.source.arrivals = match self.scope {
            Scope::Client => Arrivals::PerClient(process),
            Scope::Broadcast | Scope::Lockstep => Arrivals::Broadcast(process),
        };
        scenario.source.payload = Bytes(100);
        scenario.network = Network { down: self.delay(), ..Network::constant(Time::ZERO) };
        scenario.transport = match self.scope {
            Scope::Client | Scope::Broadcast => websocket(),
            Scope::Lockstep => polls(1_000 * POLL),
        };
        scenario.transport = match scenario.transport {
            // Half an interval from the edges of the window, so that no poll lies on one.
            TransportConfig::ShortPoll(poll) => {
                TransportConfig::ShortPoll(ShortPoll { phase: Phase::At(Time::from_secs(POLL / 2)), ..poll })
            }
            other => other,
        };
        scenario
    }

    /// The true value of a metric.
    pub fn truth(&self, metric: Metric) -> f64 {
        let copies = self.window() / self.gap() as f64 * f64::from(self.clients());
        match metric {
            Metric::MessagesDelivered => copies,
            // A frame of a WebSocket has two bytes before 100 of payload; a poll has a request of 716 and a response of 193
            // bytes before them.
            Metric::HttpBytesPerSecond => match self.scope {
                Scope::Client | Scope::Broadcast => copies * 102.0 / self.window(),
                Scope::Lockstep => f64::from(POLLERS) * 909.0 / POLL as f64 + copies * 100.0 / self.window(),
            },
            Metric::LatencyMean => match self.law {
                Law::Exponential => 0.1,
                Law::Lognormal => 0.06 * 0.5_f64.exp(),
                Law::Uniform => POLL as f64 / 2.0,
            },
            Metric::LatencyP50 => self.quantile(0.5, 0.0),
            // The standard normal quantile of 0.95.
            Metric::LatencyP95 => self.quantile(0.95, 1.644_853_626_951_472_7),
            _ => unreachable!("no truth is known"),
        }
    }

    /// The quantile of order `p`, where `z` is that of the standard normal law.
    fn quantile(&self, p: f64, z: f64) -> f64 {
        match self.law {
            Law::Exponential => -0.1 * (1.0 - p).ln(),
            Law::Lognormal => 0.06 * z.exp(),
            Law::Uniform => POLL as f64 * p,
        }
    }
}
