//! Memory of clients beyond their basic state.

use super::client::Senders;
use super::network::NetworkState;
use super::resource::Resources;
use super::server::Streams;
use super::{ClientState, OutstandingRequests, World};
use crate::model::message_store::{LargestRequest, MessageStore};
use crate::model::observer::Observer;
use crate::model::request::Request;
use crate::model::scenario::{Scenario, TransportConfig};
use crate::model::transport::{Transport, state_bytes};
use crate::units::Time;

/// Memory of a client with one request, in bytes.
pub(crate) const fn client_bytes<M: MessageStore>() -> usize {
    size_of::<ClientState<M>>() + size_of::<Request<M::Request>>()
}

/// Memory that the limits of a scenario add to the state of a client, in bytes, without waiting requests.
pub(crate) fn limits_bytes(scenario: &Scenario) -> usize {
    let has = usize::from;
    let resources = has(scenario.server.session_lock) + has(scenario.clients.browsers.is_some());
    let tabs = scenario.clients.browsers.map_or(1, |browsers| browsers.tabs as usize);
    let of_kind = |transport: &TransportConfig| {
        has(transport.polls_at_random()) * size_of::<Time>()
            + state_bytes(transport)
            + has(transport.stream().is_some()) * Streams::CLIENT_BYTES
    };
    let kinds: usize = match scenario.is_mix() {
        false => of_kind(&scenario.transport),
        true => scenario.populations.iter().map(|population| of_kind(&population.transport)).sum(),
    };
    let times = has(scenario.cost.is_some())
        + has(scenario.server.read_timeout.is_some())
        + has(scenario.clients.come_and_go())
        + has(scenario.is_coupled());
    let sends = has(scenario.clients.sends.is_some()) * Senders::CLIENT_BYTES;
    kinds
        + NetworkState::client_bytes(scenario)
        + has(scenario.clients.come_and_go())
        + sends
        + size_of::<u32>() * has(scenario.is_mix())
        + size_of::<Time>() * times
        + size_of::<u32>() * has(scenario.may_fail() || scenario.backs_off_after_timeouts())
        + resources * Resources::RESOURCE_BYTES / tabs
}

/// Approximate memory of a client for outstanding requests and connections, in bytes, if only the scenario is known.
pub(crate) fn waiting_bytes_at_a_guess(scenario: &Scenario) -> usize {
    let older = if scenario.overlaps() { OutstandingRequests::<LargestRequest>::CLIENT_BYTES } else { 0 };
    older + NetworkState::connection_bytes(scenario)
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// Current memory of messages, outstanding requests, connections, and queues for workers, locks and connections, in
    /// bytes. It varies during a run.
    pub fn waiting_bytes(&self) -> usize {
        let mailboxes: usize = self.clients.iter().map(|client| self.store.bytes(&client.messages)).sum();
        mailboxes
            + self.older.bytes()
            + self.network.bytes()
            + self.server.bytes()
            + self.client_side.connections.as_ref().map_or(0, Resources::bytes)
    }
}
