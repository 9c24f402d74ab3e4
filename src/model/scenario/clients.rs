//! Who the clients are, and when they come and go.

use super::{Backoff, Delay, OnError, Process};
use crate::units::{Bytes, Rate, Time};

/// The population of clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Clients {
    /// How many there are from the start, at least one.
    pub count: u32,
    /// The first requests leave uniformly in `[0, start_within)`, but for those of short polls, which have a phase; zero starts
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
    /// Further clients that come in the course of the run, per second: a Poisson process from t = 0 on. Each replication has
    /// a number of its own.
    pub arrival_rate: Option<Rate>,
    /// Further clients that come in a short time.
    pub crowd: Option<Crowd>,
    /// The browsers that clients share; `None`: each client has as many connections as it wants.
    pub browsers: Option<Browsers>,
    /// What each client sends; `None`: nothing.
    pub sends: Option<Sends>,
}

/// Messages that clients send: each is a request of its own, whose reply carries nothing, or a frame of a WebSocket.
#[derive(Clone, Debug, PartialEq)]
pub struct Sends {
    /// When a client sends: one independent process for each. A client sends nothing before its first request, and nothing
    /// after it has stopped or left.
    pub process: Process,
    /// Size of a message.
    pub payload: Bytes,
}

impl Clients {
    /// So many clients that start at t = 0, stay, wait 80 s for a reply, retry after timeouts and stop after errors.
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

    /// How many clients are expected in a run up to `horizon`, whenever they come.
    pub fn population(&self, horizon: Time) -> u64 {
        let crowd = self.crowd.map_or(0, |crowd| crowd.count);
        u64::from(self.count) + u64::from(crowd) + self.arrivals(horizon)
    }

    /// How many clients there are, but for those that come one by one.
    pub(crate) fn there_in_any_case(&self) -> u32 {
        self.count.saturating_add(self.crowd.map_or(0, |crowd| crowd.count))
    }

    /// How many are expected to come one by one.
    fn arrivals(&self, horizon: Time) -> u64 {
        self.arrival_rate.map_or(0, |rate| (horizon.0 as f64 / rate.mean_gap_nanos()) as u64)
    }

    /// Whether clients come or go in the course of the run.
    pub fn come_and_go(&self) -> bool {
        self.session.is_some() || self.arrival_rate.is_some() || self.crowd.is_some()
    }
}

/// Clients that come in a short time: a flash crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// When the first may come.
    pub at: Time,
    /// How many they are.
    pub count: u32,
    /// They come uniformly in `[at, at + within)`; zero brings all at once.
    pub within: Time,
}

/// Browsers: clients with consecutive numbers are the tabs of one browser, which has so many connections to the server
/// (HTTP/1.1; six in the browsers of today). Further requests wait in the browser, first in, first out, while their
/// timeout runs.
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
    /// It asks again after a while, as after an error. Timeouts and errors count together; a reply ends the row.
    Backoff(Backoff),
    /// It asks no more.
    Stop,
}
