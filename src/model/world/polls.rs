//! Polls, as their clients see them: when they leave, and what their replies bring.

use super::network::Message;
use super::{Slot, World};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::request::{Ending, Origin, Request, Stage};
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The client asks.
    #[inline]
    pub(super) fn depart(&mut self, client: ClientIndex, now: Time) {
        let state = &mut self.clients[client];
        let number = RequestNumber::of_poll(state.requests);
        state.requests += 1;
        let (stage, messages) = (Stage::Blocked, self.store.ask(&state.messages));
        self.requests[client] = Request { sent: now, since: now, stage, messages, ..Request::departing(Time::NEVER) };
        if LIMITED {
            let (name, next) = (self.number_of(client), RequestNumber::of_poll(self.clients[client].requests));
            self.population.think_time.departed(client, name, next, now);
            if !self.takes_connection(client, number, now) {
                return;
            }
        }
        self.send_request(client, Slot::Newest, now);
    }

    /// The client asks while its newest request is open.
    pub(super) fn depart_again(&mut self, client: ClientIndex, now: Time) {
        self.set_newest_aside(client);
        self.depart(client, now);
    }

    /// A reply reaches its client, which may have given up the request.
    #[inline]
    pub(super) fn take_reply(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        if LIMITED {
            if self.network.has_sizes {
                self.receive_reply(client, slot, now);
            }
            if self.request(client, slot).ending == Ending::Error {
                self.take_error(client, slot, now);
                return;
            }
            if let Slot::Older(index) = slot
                && self.older.of(client)[index].origin.is_push()
            {
                self.take_push(client, index, now);
                return;
            }
        }
        let request = *self.request(client, slot);
        if request.is_awaited() {
            // The end of a connection on which the server pushed is no reply.
            if !LIMITED || self.population.streams.is_none() || self.origin(client, slot) != Origin::Poll {
                self.recorder.goodput(now);
            }
            if LIMITED {
                self.client_side.forget_failures(client);
            }
        }
        self.take_messages(client, &request, now);
        match slot {
            Slot::Newest => self.think(client, &request, now),
            Slot::Older(index) => self.older.remove(client, index),
        }
        self.forget(client);
        if LIMITED && request.is_awaited() {
            self.free_connection(client, now);
        }
    }

    /// The client gets the messages of a reply, or what was pushed.
    #[inline]
    pub(super) fn take_messages(&mut self, client: ClientIndex, reply: &Request<M::Request>, now: Time) {
        let state = &mut self.clients[client];
        if let Some(created) = self.store.arrive(&mut state.messages, reply, now, &mut self.recorder)
            && (created > state.newest || state.newest == Time::NEVER)
        {
            self.recorder.newer(now, state.newest, created);
            state.newest = created;
        }
    }

    /// The client has the reply to its newest request, and asks again after its think time.
    #[inline]
    fn think(&mut self, client: ClientIndex, reply: &Request<M::Request>, now: Time) {
        let carried = if LIMITED { self.store.carried(reply) } else { 0 };
        let (transport, state) = (self.population.transport, self.population.states.of(client));
        let mut departure = transport.departure_after_reply(state, reply.sent, carried, now);
        if LIMITED {
            let (name, exchange) = (self.number_of(client), self.exchange(client, Slot::Newest));
            departure = self.population.think_time.after_reply(client, (name, exchange.number), departure);
            if reply.ending != Ending::Cut
                && let Some(protocol) = transport.push()
            {
                let answer = protocol.end().1;
                self.recorder.answered_push(now, answer);
                self.transit(now).send_packets(&Message::up(exchange, answer));
            }
        }
        let request = &mut self.requests[client];
        (request.due, request.stage) = (departure, Stage::Idle);
    }
}
