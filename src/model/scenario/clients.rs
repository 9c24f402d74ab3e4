//! The clients, and when they come and go.

use super::{Backoff, Delay, OnError, Process};
use crate::units::{Bytes, Rate, Time};

/// The population of clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Clients {
    /// Number of clients that are online from the start, at least one.
    pub count: u32,
    /// The first requests leave uniformly in `[0, start_within)`, except short polls, which have a phase; zero starts
    /// all at t = 0.
    pub start_within: Time,
    /// From the sending of a request until its reply must have arrived; greater than zero.
    pub timeout: Time,
    /// What a client does after a timeout.
    pub on_timeout: OnTimeout,
    /// What a client does after an error.
    pub on_error: OnError,
    /// How long a client stays, from its first request on; `None`: to the end of the run.
    pub session: Option<Delay>,
    /// Further clients that come during the run, per second: a Poisson process from t = 0 on. Each replication has its
    /// own number of them.
    pub arrival_rate: Option<Rate>,
    /// Further clients that come in a short time.
    pub crowd: Option<Crowd>,
    /// The browsers that clients share; `None`: no limit of connections.
    pub browsers: Option<Browsers>,
    /// The sends of each client; `None`: none.
    pub sends: Option<Sends>,
}

/// Sends: each is a separate request with an empty reply, or a WebSocket frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Sends {
    /// The process of sends, independent for each client. A client sends nothing before its first request, and nothing
    /// after it has stopped or left.
    pub process: Process,
    /// Size of a message.
    pub payload: Bytes,
}

impl Clients {
    /// `count` clients that start at t = 0, stay, wait 80 s for a reply, retry after timeouts and stop after errors.
    pub const fn staying(count: u32) -> Clients {
        Clients {
            count,
            start_within: Time::ZERO,
            timeout: Time::from_secs(80),
            on_timeout: OnTimeout::Retry,
            on_error: OnError::Stop,
            session: None,
            arrival_rate: None,
            crowd: None,
            browsers: None,
            sends: None,
        }
    }

    /// The expected number of clients in a run up to `horizon`, whenever they come.
    pub fn population(&self, horizon: Time) -> u64 {
        let crowd = self.crowd.map_or(0, |crowd| crowd.count);
        u64::from(self.count) + u64::from(crowd) + self.arrivals(horizon)
    }

    /// The number of clients, except those from `arrival_rate`.
    pub(crate) fn there_in_any_case(&self) -> u32 {
        self.count.saturating_add(self.crowd.map_or(0, |crowd| crowd.count))
    }

    /// The expected number of clients from `arrival_rate`.
    fn arrivals(&self, horizon: Time) -> u64 {
        self.arrival_rate.map_or(0, |rate| (horizon.0 as f64 / rate.mean_gap_nanos()) as u64)
    }

    /// Whether clients come or go during the run.
    pub fn come_and_go(&self) -> bool {
        self.session.is_some() || self.arrival_rate.is_some() || self.crowd.is_some()
    }
}

/// Clients that come in a short time: a flash crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// The start of the crowd.
    pub at: Time,
    /// Number of clients.
    pub count: u32,
    /// They come uniformly in `[at, at + within)`; zero brings all at once.
    pub within: Time,
}

/// Browsers: clients with consecutive numbers are the tabs of one browser, which has a limited number of connections to
/// the server (HTTP/1.1; six in today's browsers). Further requests wait in the browser, first in, first out, while
/// their timeout runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browsers {
    /// Clients that share a browser, at least one.
    pub tabs: u32,
    /// Connections of a browser, at least one.
    pub connections: u32,
}

/// What a client does after a timeout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OnTimeout {
    /// It asks again, as its transport does: a long poll at once, a push after its `retry`.
    Retry,
    /// It backs off, as after an error. Timeouts and errors count in the same row; a reply ends the row.
    Backoff(Backoff),
    /// It stops.
    Stop,
}
