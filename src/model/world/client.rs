//! The client side: the connections of browsers, failures, sessions, sends, and radios.

mod errors;
mod senders;
mod sessions;
mod think_time;

use errors::Retries;
pub(super) use senders::Senders;
use sessions::Sessions;
pub(super) use think_time::ThinkTime;

use super::resource::Resources;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient};
use crate::model::observer::Observer;
use crate::model::recorder::Recorder;
use crate::model::scenario::Scenario;
use crate::units::Time;

/// The state of clients beside their requests and messages; `None` for features that the scenario does not use.
#[derive(Debug)]
pub(super) struct ClientSide {
    /// The connections of each browser.
    pub connections: Option<Resources>,
    pub retries: Option<Retries>,
    pub sessions: Option<Sessions>,
    pub senders: Option<Senders>,
    /// When the phone of each client last turned on its radio.
    radios: Option<PerClient<Time>>,
}

impl ClientSide {
    pub fn new(scenario: &Scenario, replication: u32) -> ClientSide {
        let browsers = scenario.clients.browsers;
        ClientSide {
            connections: browsers.map(|browsers| Resources::new(browsers.tabs, browsers.connections)),
            retries: Retries::new(scenario, replication),
            sessions: Sessions::new(scenario, replication),
            senders: Senders::new(scenario, replication),
            radios: scenario.cost.and_then(|cost| cost.radio).map(|_| PerClient::new()),
        }
    }

    /// Forgets all clients, for those with these numbers.
    pub fn populate(&mut self, numbers: std::ops::Range<u32>) {
        let clients = numbers.len();
        if let Some(connections) = &mut self.connections {
            connections.clear(clients);
        }
        if let Some(retries) = &mut self.retries {
            retries.clear(clients);
        }
        if let Some(sessions) = &mut self.sessions {
            sessions.clear(clients);
        }
        if let Some(senders) = &mut self.senders {
            senders.populate(numbers);
        }
        if let Some(radios) = &mut self.radios {
            radios.reset(clients, Time::NEVER);
        }
    }

    /// A reply has reached a client.
    #[inline]
    pub fn forget_failures(&mut self, client: ClientIndex) {
        if let Some(retries) = &mut self.retries {
            retries.forget(client);
        }
    }

    /// When a client leaves.
    #[inline]
    pub fn end_of_session(&self, client: ClientIndex) -> Time {
        self.sessions.as_ref().map_or(Time::NEVER, |sessions| sessions.end_of(client))
    }

    /// Whether a client has left.
    #[inline]
    pub fn has_left(&self, client: ClientIndex) -> bool {
        self.sessions.as_ref().is_some_and(|sessions| sessions.has_left(client))
    }

    /// Whether a client comes during the run.
    pub fn comes_later(&self, client: ClientNumber) -> bool {
        self.sessions.as_ref().is_some_and(|sessions| sessions.comes_later(client))
    }

    /// When a client sends a message.
    #[inline]
    pub fn next_send(&self, client: ClientIndex) -> Time {
        self.senders.as_ref().map_or(Time::NEVER, |senders| senders.next(client))
    }

    /// Bytes of a send.
    #[inline]
    pub fn payload_of_sends(&self) -> u64 {
        self.senders.as_ref().map_or(0, |senders| u64::from(senders.payload()))
    }

    /// A client sends something, or gets something that it did not ask for. What happens at one instant turns its radio on
    /// once.
    #[inline]
    pub fn wake(&mut self, client: ClientIndex, now: Time, recorder: &mut Recorder<impl Observer>) {
        if let Some(radios) = &mut self.radios
            && radios[client] != now
        {
            radios[client] = now;
            recorder.woke(now);
        }
    }
}
