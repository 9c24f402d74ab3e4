//! Errors, and what clients do about them.

use super::{Slot, World};
use crate::model::account::ReplySize;
use crate::model::client::{Ending, Stage, is_send};
use crate::model::mail::Mail;
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
    in_a_row: Vec<u32>,
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
        Some(Retries { after_errors, jitters, in_a_row: Vec::new() })
    }

    /// Forgets all errors of so many clients.
    pub fn clear(&mut self, clients: usize) {
        self.in_a_row.clear();
        self.in_a_row.resize(clients, 0);
    }

    /// A reply has reached the client at `place`.
    #[inline]
    pub fn forget(&mut self, place: usize) {
        self.in_a_row[place] = 0;
    }

    /// How long the client at `place` waits after what went wrong with this request.
    fn wait(&mut self, backoff: Backoff, place: usize, client: u32, request: u64) -> Time {
        let failures = &mut self.in_a_row[place];
        *failures = failures.saturating_add(1);
        Time(backoff.wait(*failures, self.jitters.stream(u64::from(client)).at(request)))
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The request gets an error for a reply: a header alone.
    pub(super) fn send_error(&mut self, place: usize, slot: Slot, now: Time) {
        if let (true, Slot::Older(index)) = (self.is_unheard(place, slot), slot) {
            self.older.remove(place, index);
            return;
        }
        let (header, body) = self.reply_size(place, now, 0);
        let is_of_poll = self.kind.transport.stream().is_none() && !is_send(self.request_number(place, slot));
        self.account.reply_sent(now, ReplySize { header, body, payload: 0 }, is_of_poll);
        self.account.work_on_bytes(now, header + body);
        if !is_of_poll {
            self.account.other_reply(now);
        }
        self.request(place, slot).ending = Ending::Error;
        self.send_reply(place, slot, now, header + body);
    }

    /// When a client asks again that waits after what went wrong with a request, sent at `sent`.
    pub(super) fn departure_after_failure(
        &mut self,
        place: usize,
        number: u64,
        sent: Time,
        now: Time,
        backoff: Backoff,
    ) -> Time {
        let client = self.first_client + place as u32;
        let wait = self.retries.as_mut().map_or(Time::ZERO, |retries| retries.wait(backoff, place, client, number));
        let departure = self.kind.transport.departure_after_error(sent, now, wait);
        self.kind.pauses.or_at_random(place, departure)
    }

    /// An error reaches the client, which may have left.
    pub(super) fn take_error(&mut self, place: usize, slot: Slot, now: Time) {
        let request = *self.request(place, slot);
        let number = self.request_number(place, slot);
        if request.awaited {
            self.end_on_wire(place, slot, now, Ending::Error);
        }
        if let Slot::Older(index) = slot {
            self.older.remove(place, index);
        }
        if request.awaited && is_send(number) {
            self.account.send_failed(now);
        } else if request.awaited {
            match self.retries.as_ref().and_then(|retries| retries.after_errors) {
                None => self.stop(place, slot, now),
                Some(backoff) => {
                    let departure = self.departure_after_failure(place, number, request.sent, now, backoff);
                    if slot == Slot::Newest {
                        let newest = &mut self.requests[place];
                        newest.due = departure;
                        newest.stage = Stage::Idle;
                    }
                }
            }
        }
        self.forget(place);
        if request.awaited {
            self.free_connection(place, now);
        }
    }
}
