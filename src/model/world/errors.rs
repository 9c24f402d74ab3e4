//! Errors, and what clients do about them.

use super::{Slot, World};
use crate::model::account::ReplySize;
use crate::model::client::{Ending, Stage, is_send};
use crate::model::mail::Mail;
use crate::model::scenario::{Backoff, OnError};
use crate::model::transport::Transport;
use crate::random::{Family, Purpose};
use crate::units::Time;

/// How clients ask again after errors.
#[derive(Debug)]
pub(super) struct Retries {
    backoff: Backoff,
    jitters: Family,
    /// The errors of each client since its last reply.
    in_a_row: Vec<u32>,
}

impl Retries {
    /// `None` where a client stops at the first error.
    pub fn new(on_error: OnError, seed: u64, replication: u32) -> Option<Retries> {
        match on_error {
            OnError::Stop => None,
            OnError::Retry(backoff) => {
                let jitters = Family::new(seed, replication, Purpose::Backoff);
                Some(Retries { backoff, jitters, in_a_row: Vec::new() })
            }
        }
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

    /// How long the client at `place` waits after an error of this request.
    fn wait(&mut self, place: usize, client: u32, request: u64) -> Time {
        let errors = &mut self.in_a_row[place];
        *errors = errors.saturating_add(1);
        Time(self.backoff.wait(*errors, self.jitters.stream(u64::from(client)).at(request)))
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
            match &mut self.retries {
                None => self.stop(place, slot, now),
                Some(retries) => {
                    let wait = retries.wait(place, self.first_client + place as u32, number);
                    if slot == Slot::Newest {
                        let newest = &mut self.requests[place];
                        let departure = self.kind.transport.departure_after_error(request.sent, now, wait);
                        newest.due = self.kind.pauses.or_at_random(place, departure);
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
