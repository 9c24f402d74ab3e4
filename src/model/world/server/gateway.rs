//! The proxy in front of the server.

use crate::model::ids::{ClientIndex, PerClient};
use crate::model::scenario::Server;
use crate::units::Time;

/// A proxy that gives up requests which the server has not answered in time: with 504.
#[derive(Debug)]
pub(in crate::model::world) struct Gateway {
    read_timeout: Option<Time>,
    /// Whether there is one. It notices that a client has closed its connection, and sends no reply.
    pub is_present: bool,
    /// When it gives up the newest request of each client; empty if it never does.
    due: PerClient<Time>,
}

impl Gateway {
    pub fn new(server: &Server) -> Gateway {
        Gateway { read_timeout: server.read_timeout, is_present: server.is_behind_proxy(), due: PerClient::new() }
    }

    /// Forgets all requests, and makes room for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        if self.read_timeout.is_some() {
            self.due.reset(clients, Time::NEVER);
        }
    }

    /// When it gives up a request that arrives at `now`; `None` if it never does.
    #[inline]
    pub fn timeout_of(&self, now: Time) -> Option<Time> {
        self.read_timeout.map(|timeout| now.plus(timeout))
    }

    /// When it gives up the newest request of a client; `NEVER` if it does not.
    #[inline]
    pub fn due(&self, client: ClientIndex) -> Time {
        self.due.get(client).copied().unwrap_or(Time::NEVER)
    }

    /// Sets when it gives up the newest request of a client.
    #[inline]
    pub fn set_due(&mut self, client: ClientIndex, due: Time) {
        self.due[client] = due;
    }
}
