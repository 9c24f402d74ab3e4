//! The backoff of clients after errors and timeouts.

use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::scenario::{Backoff, OnError, Scenario};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The failures in a row of each client.
#[derive(Debug)]
pub(in crate::model::world) struct Retries {
    /// `None`: a client stops at the first error.
    pub after_errors: Option<Backoff>,
    jitters: Family,
    /// Since the last reply.
    failures: PerClient<u32>,
}

impl Retries {
    /// `None` if no client backs off.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Retries> {
        let after_errors = match scenario.clients.on_error {
            OnError::Retry(backoff) if scenario.may_fail() => Some(backoff),
            OnError::Retry(_) | OnError::Stop => None,
        };
        if after_errors.is_none() && !scenario.backs_off_after_timeouts() {
            return None;
        }
        let jitters = Family::new(scenario.seed, replication, Purpose::Backoff);
        Some(Retries { after_errors, jitters, failures: PerClient::new() })
    }

    /// No client has failed, for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.failures.reset(clients, 0);
    }

    /// A reply has reached a client.
    #[inline]
    pub fn forget(&mut self, client: ClientIndex) {
        self.failures[client] = 0;
    }

    /// A request of a client has failed. Returns how long the client waits. `name`: of the draw.
    pub fn wait(&mut self, backoff: Backoff, client: ClientIndex, name: (ClientNumber, RequestNumber)) -> Time {
        let failures = &mut self.failures[client];
        *failures = failures.saturating_add(1);
        Time(backoff.wait(*failures, self.jitters.stream(u64::from(name.0.0)).at(name.1.name())))
    }
}
