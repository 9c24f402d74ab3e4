//! One validated scenario, with units as types and every default filled in.
//!
//! A scenario is one point of a sweep under one transport. It contains no text and no paths. A program that uses the
//! crate as a library builds it directly; an experiment file resolves into it.

mod clients;
mod cost;
mod http;
mod link;
mod network;
mod patience;
mod population;
mod server;
mod source;
mod transport;
mod wire;

use crate::units::Time;
pub use clients::{Browsers, Clients, Crowd, OnTimeout, Sends};
pub use cost::{Cost, Radio};
pub use http::{Http, Http2};
pub use link::{Link, Loss};
pub use network::{Delay, Network};
pub use population::Population;
pub use server::{Backoff, OnError, OnLostReply, Pool, Restart, Server};
pub use source::{Arrivals, DayProfile, Keep, Phase, Process, Source, Spread, Trace, TraceMessage};
pub use transport::{
    AdaptivePoll, AdaptiveRule, Check, FirstCheck, LongPoll, Pace, PushStream, Response, ShortPoll, Sse,
    TransportConfig, TransportKind, WebSocket,
};
pub use wire::{Tls, Wire};

/// One simulated system: clients, source, server and network.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Root of all random streams.
    pub seed: u64,
    /// The measured part of the run.
    pub window: Window,
    /// The population.
    pub clients: Clients,
    /// The source of messages.
    pub source: Source,
    /// Sizes of headers and bodies.
    pub http: Http,
    /// How the server treats requests, whatever the transport.
    pub server: Server,
    /// The network between a client and the server.
    pub network: Network,
    /// The link of the server, which all clients share; `None`: no limit.
    pub server_link: Option<Link>,
    /// How clients get their messages.
    pub transport: TransportConfig,
    /// Whether ticks are events. Changes no result except the number of events.
    pub ticks: Ticks,
    /// Whether clients share an event queue. Changes no result.
    pub path: EnginePath,
    /// The costs of the server's work; `None`: not computed.
    pub cost: Option<Cost>,
    /// Packets, TCP and TLS; `None`: not simulated.
    pub wire: Option<Wire>,
    /// The populations of a mix, [`Clients::count`] clients in all, which take turns in the numbers of the clients.
    /// Their settings override the rest of the scenario. Empty if all clients have the same settings.
    pub populations: Vec<Population>,
}

impl Scenario {
    /// `count` clients of a server without limits, with the defaults of the experiment file: 30 min after a warm-up of
    /// 2 min, no delays, and a source that tries to create a message for each client every 0.5 s. Change what differs:
    ///
    /// ```
    /// use cometsim::model::scenario::{Network, Scenario, ShortPoll};
    /// use cometsim::units::Time;
    ///
    /// let mut scenario = Scenario::new(100, ShortPoll::every(Time::from_secs(1)));
    /// scenario.network = Network::constant(Time::from_millis(50));
    /// ```
    pub fn new(clients: u32, transport: impl Into<TransportConfig>) -> Scenario {
        let transport = transport.into();
        let start_within = transport.usual_start(Check::default().longest_hold());
        Scenario {
            seed: 2010,
            window: Window::default(),
            clients: Clients { start_within, ..Clients::staying(clients) },
            source: Source::new(Arrivals::PerClient(Process::default())),
            http: Http::default(),
            server: Server::PLAIN,
            network: Network::constant(Time::ZERO),
            server_link: None,
            transport,
            ticks: Ticks::Skip,
            path: EnginePath::Auto,
            cost: None,
            wire: None,
            populations: Vec::new(),
        }
    }
}

/// The measured part of a run, `[warmup, warmup + duration)`, and the width of a time bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Simulated time before the measured window.
    pub warmup: Time,
    /// Length of the measured window; greater than zero.
    pub duration: Time,
    /// Width of a time bin; greater than zero. Bins start at t = 0.
    pub bin: Time,
}

impl Default for Window {
    /// 30 min after a warm-up of 2 min, in bins of 1 s.
    fn default() -> Window {
        Window { warmup: Time::from_secs(120), duration: Time::from_secs(1800), bin: Time::from_secs(1) }
    }
}

impl Window {
    /// The middle of the measured part: the first half ends before it.
    pub fn middle(&self) -> Time {
        self.warmup.plus(Time(self.duration.0 / 2))
    }

    /// The number of time bins from t = 0 to the horizon.
    pub fn bins(&self) -> usize {
        self.horizon().0.div_ceil(self.bin.0) as usize
    }

    /// The end of the run: `warmup + duration`.
    pub fn horizon(&self) -> Time {
        self.warmup.plus(self.duration)
    }
}

impl Source {
    /// Whether all clients share one process.
    pub fn is_broadcast(&self) -> bool {
        matches!(self.arrivals, Arrivals::Broadcast(_))
    }
}

impl Scenario {
    /// Whether clients regularly have several requests open at once.
    pub fn overlaps(&self) -> bool {
        if self.is_mix() {
            return (0..self.populations.len()).any(|place| self.of_population(place).overlaps());
        }
        if self.clients.sends.is_some() {
            return true;
        }
        let round_trip = self.network.up.middle().plus(self.network.down.middle());
        match &self.transport {
            TransportConfig::ShortPoll(poll) => poll.pace.is_open_loop() && round_trip.times(2) > poll.interval,
            TransportConfig::LongPoll(poll) => self.clients.timeout < poll.check.longest_hold(),
            TransportConfig::AdaptivePoll(_) => false,
            // A message in transit to the client counts as a request.
            TransportConfig::Streaming(_) | TransportConfig::Sse(_) | TransportConfig::WebSocket(_) => {
                round_trip > Time::ZERO
            }
        }
    }

    /// The number of clients in the whole run; the expected number with [`Clients::arrival_rate`].
    pub fn population(&self) -> u32 {
        u32::try_from(self.clients.population(self.window.horizon())).unwrap_or(u32::MAX)
    }

    /// Whether clients share a resource, so that all of them have to be simulated together.
    pub fn is_coupled(&self) -> bool {
        self.server.pool.is_some()
            || self.server.session_lock
            || self.clients.browsers.is_some()
            || self.server_link.is_some()
            || matches!(self.source.arrivals, Arrivals::Group { .. })
    }

    /// Whether all clients of a replication run on one event queue.
    pub fn runs_on_queue(&self) -> bool {
        self.path == EnginePath::Queue || self.is_coupled()
    }

    /// Whether it has more than clients that stay and a server without limits and costs.
    pub fn is_limited(&self) -> bool {
        self.server.is_limited()
            || self.cost.is_some()
            || self.is_coupled()
            || self.is_mix()
            || self.wire.is_some()
            || self.network.client_link.is_some()
            || self.uses_http2()
            || self.clients.sends.is_some()
            || self.clients.come_and_go()
            || self.backs_off_after_timeouts()
            || !self.transport.is_plain()
    }

    /// Whether the run contains a single event, such as a restart, or its source follows a clock: it has no steady state
    /// by intention.
    pub fn is_meant_to_change(&self) -> bool {
        self.server.restart.is_some()
            || self.clients.crowd.is_some()
            || matches!(self.source.process(), Some(Process::Day(_) | Process::Trace(_)))
    }

    /// Whether any client uses HTTP/2.
    pub fn uses_http2(&self) -> bool {
        match self.is_mix() {
            false => self.http.http2.is_some(),
            true => self.populations.iter().any(|population| population.http.http2.is_some()),
        }
    }

    /// Whether any client has its own link.
    pub fn has_client_links(&self) -> bool {
        match self.is_mix() {
            false => self.network.client_link.is_some(),
            true => self.populations.iter().any(|population| population.network.client_link.is_some()),
        }
    }

    /// Whether any client loses packets.
    pub fn loses_packets(&self) -> bool {
        match self.is_mix() {
            false => self.network.loss.is_some(),
            true => self.populations.iter().any(|population| population.network.loss.is_some()),
        }
    }

    /// Whether clients back off after timeouts.
    pub fn backs_off_after_timeouts(&self) -> bool {
        let backs_off = |on_timeout| matches!(on_timeout, OnTimeout::Backoff(_));
        match self.is_mix() {
            false => backs_off(self.clients.on_timeout),
            true => self.populations.iter().any(|population| backs_off(population.on_timeout)),
        }
    }

    /// Whether a request may end in an error.
    pub fn may_fail(&self) -> bool {
        let server = &self.server;
        server.read_timeout.is_some()
            || server.restart.is_some()
            || server.pool.is_some_and(|pool| pool.backlog.is_some())
    }
}

/// Whether ticks are events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticks {
    /// Every server check and every source trial is an event.
    Each,
    /// The simulation skips to the hit.
    Skip,
}

/// Whether clients share an event queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnginePath {
    /// Clients that share nothing run one after the other; clients that share a resource run on one event queue.
    Auto,
    /// All clients of a replication run on one event queue.
    Queue,
}
