//! Failed requests: timeouts of clients, errors, and when a client asks again.

use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer};
use crate::model::request::{Origin, Request, Stage};
use crate::model::scenario::{Backoff, OnTimeout};
use crate::model::transport::Transport;
use crate::model::world::network::Exchange;
use crate::model::world::{Slot, World};
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The client gives up a request after its timeout.
    pub(super) fn give_up(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        self.observe(client, slot, now, Happening::TimedOut);
        let Request { sent, stage, .. } = *self.request(client, slot);
        let (number, origin) = (self.request_number(client, slot), self.origin(client, slot));
        self.abandon(client, slot, now);
        if LIMITED && stage != Stage::Blocked {
            self.send_reset(client, number, now);
        }
        if origin == Origin::Send {
            self.observe_request(client, number, now, Happening::SendFailed);
        } else {
            let departure = match self.population.on_timeout {
                // An older poll changes nothing: the client asks after its newest one.
                OnTimeout::Retry if slot != Slot::Newest => Some(Time::NEVER),
                OnTimeout::Retry => {
                    let state = self.population.states.of(client);
                    let departure = self.population.transport.departure_after_timeout(state, sent, now);
                    Some(self.population.think_time.or_at_random(client, departure))
                }
                OnTimeout::Backoff(backoff) => {
                    Some(self.departure_after_failure(Exchange { client, number }, sent, now, backoff))
                }
                OnTimeout::Stop => None,
            };
            self.go_on(client, slot, now, departure);
        }
        if LIMITED {
            self.free_server(client, stage, now);
            self.free_browser(client, stage, now);
        }
    }

    /// An error reaches the client, which may have given up the request.
    pub(super) fn take_error(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let request = *self.request(client, slot);
        let (number, origin) = (self.request_number(client, slot), self.origin(client, slot));
        let what = if request.is_awaited() { Happening::Failed } else { Happening::Ignored };
        self.observe(client, slot, now, what);
        if let Slot::Older(index) = slot {
            self.older.remove(client, index);
        }
        if request.is_awaited() && origin == Origin::Send {
            self.observe_request(client, number, now, Happening::SendFailed);
        } else if request.is_awaited() {
            let backoff = self.client_side.retries.as_ref().and_then(|retries| retries.after_errors);
            let exchange = Exchange { client, number };
            let departure = backoff.map(|backoff| self.departure_after_failure(exchange, request.sent, now, backoff));
            self.go_on(client, slot, now, departure);
        }
        self.forget(client);
        if request.is_awaited() {
            self.free_connection(client, now);
        }
    }

    /// When a client asks again that waits after the failure of a request.
    fn departure_after_failure(&mut self, failed: Exchange, sent: Time, now: Time, backoff: Backoff) -> Time {
        let Exchange { client, number } = failed;
        let name = (self.number_of(client), number);
        let wait = self.client_side.retries.as_mut().map_or(Time::ZERO, |retries| retries.wait(backoff, client, name));
        let departure = self.population.transport.departure_after_error(sent, now, wait);
        self.population.think_time.or_at_random(client, departure)
    }

    /// A poll has failed. If it was the newest one, the client asks again at `departure`; `None`: it stops.
    fn go_on(&mut self, client: ClientIndex, slot: Slot, now: Time, departure: Option<Time>) {
        match departure {
            None => self.stop(client, slot, now),
            Some(departure) if slot == Slot::Newest => {
                self.requests[client] = Request::departing(departure);
                if departure < Time::NEVER {
                    self.observe_client(client, now, Happening::Retries(departure));
                }
            }
            Some(_) => {}
        }
    }

    /// The client asks no more. Its other open requests go on.
    fn stop(&mut self, client: ClientIndex, failed: Slot, now: Time) {
        let request = &self.requests[client];
        if request.stage == Stage::Idle && request.due == Time::NEVER {
            return;
        }
        if failed != Slot::Newest && request.stage != Stage::Idle {
            self.set_newest_aside(client);
        }
        self.requests[client] = Request::departing(Time::NEVER);
        self.drop_waiting_frames(client, now);
        self.observe_client(client, now, Happening::Stopped);
    }
}
