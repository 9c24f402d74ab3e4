//! Errors, and what clients do about them.

use super::{Slot, World};
use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::recorder::ReplySize;
use crate::model::request::{Ending, Origin, Stage};
use crate::model::scenario::{Backoff, OnError, Scenario};
use crate::model::transport::Transport;
use crate::random::{Family, Purpose};
use crate::units::Time;

/// How clients ask again after errors and timeouts.
#[derive(Debug)]
pub(super) struct Retries {
    /// `None` where a client stops at the first error.
    after_errors: Option<Backoff>,
    jitters: Family,
    /// What has gone wrong for each client since its last reply.
    in_a_row: PerClient<u32>,
}

impl Retries {
    /// `None` where nobody waits after what goes wrong.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Retries> {
        let after_errors = match scenario.clients.on_error {
            OnError::Retry(backoff) if scenario.may_fail() => Some(backoff),
            OnError::Retry(_) | OnError::Stop => None,
        };
        if after_errors.is_none() && !scenario.backs_off_after_timeouts() {
            return None;
        }
        let jitters = Family::new(scenario.seed, replication, Purpose::Backoff);
        Some(Retries { after_errors, jitters, in_a_row: PerClient::new() })
    }

    /// Forgets all errors of so many clients.
    pub fn clear(&mut self, clients: usize) {
        self.in_a_row.reset(clients, 0);
    }

    /// A reply has reached the client.
    #[inline]
    pub fn forget(&mut self, client: ClientIndex) {
        self.in_a_row[client] = 0;
    }

    /// How long the client waits after what went wrong with this request.
    fn wait(
        &mut self,
        backoff: Backoff,
        client: ClientIndex,
        client_number: ClientNumber,
        request: RequestNumber,
    ) -> Time {
        let failures = &mut self.in_a_row[client];
        *failures = failures.saturating_add(1);
        Time(backoff.wait(*failures, self.jitters.stream(u64::from(client_number.0)).at(request.name())))
    }
}

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The request gets an error for a reply: a header alone.
    pub(super) fn send_error(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if let (true, Slot::Older(index)) = (self.is_unheard(client, slot), slot) {
            self.older.remove(client, index);
            return;
        }
        let (header, body) = self.reply_size(client, now, 0);
        let is_of_poll = self.population.transport.push().is_none() && self.origin(client, slot) == Origin::Poll;
        self.recorder.reply_sent(now, ReplySize { header, body, payload: 0 }, is_of_poll);
        self.recorder.work_on_bytes(now, header + body);
        if !is_of_poll {
            self.recorder.other_reply(now);
        }
        self.request(client, slot).ending = Ending::Error;
        self.send_reply(client, slot, now, header + body);
    }

    /// When a client asks again that waits after what went wrong with a request, sent at `sent`.
    pub(super) fn departure_after_failure(
        &mut self,
        client: ClientIndex,
        number: RequestNumber,
        sent: Time,
        now: Time,
        backoff: Backoff,
    ) -> Time {
        let client_number = self.number_of(client);
        let wait =
            self.retries.as_mut().map_or(Time::ZERO, |retries| retries.wait(backoff, client, client_number, number));
        let departure = self.population.transport.departure_after_error(sent, now, wait);
        self.population.pauses.or_at_random(client, departure)
    }

    /// An error reaches the client, which may have left.
    pub(super) fn take_error(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let request = *self.request(client, slot);
        let (number, origin) = (self.request_number(client, slot), self.origin(client, slot));
        if let Slot::Older(index) = slot {
            self.older.remove(client, index);
        }
        if request.is_awaited() && origin == Origin::Send {
            self.recorder.send_failed(now);
        } else if request.is_awaited() {
            match self.retries.as_ref().and_then(|retries| retries.after_errors) {
                None => self.stop(client, slot, now),
                Some(backoff) => {
                    let departure = self.departure_after_failure(client, number, request.sent, now, backoff);
                    if slot == Slot::Newest {
                        let newest = &mut self.requests[client];
                        newest.due = departure;
                        newest.stage = Stage::Idle;
                    }
                }
            }
        }
        self.forget(client);
        if request.is_awaited() {
            self.free_connection(client, now);
        }
    }
}
