//! Requests, replies and resets enter and leave the network.

use crate::engine::Class;
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer, ReplySize};
use crate::model::request::{Awaited, Ending, Origin, Request, Stage};
use crate::model::scenario::Http2;
use crate::model::transport::Transport;
use crate::model::world::network::{Exchange, Message, Passage, Side, Transit};
use crate::model::world::outstanding::Outstanding;
use crate::model::world::{Slot, World};
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The network at one instant, for the active population.
    #[inline]
    pub(super) fn transit(&mut self, now: Time) -> Transit<'_, O> {
        Transit { network: &mut self.network, path: &mut self.population.path, recorder: &mut self.recorder, now }
    }

    /// A request and its connection. A frame uses the connection of the newest request.
    #[inline]
    pub(super) fn exchange(&self, client: ClientIndex, slot: Slot) -> Exchange {
        let slot = if self.origin(client, slot) == Origin::Frame { Slot::Newest } else { slot };
        Exchange { client, number: self.request_number(client, slot) }
    }

    /// A request leaves its client, on a connection.
    pub(super) fn send_request(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        let (exchange, origin) = (self.exchange(client, slot), self.origin(client, slot));
        let connected = self.transit(now).connect(exchange);
        if connected.is_broken {
            self.request(client, slot).ending = Ending::Unconnected;
        }
        let (header, body) = self.request_size(client, origin, now);
        self.observe(client, slot, now, Happening::Sent { header, body });
        if origin == Origin::Send {
            self.recorder.payload_sent(now, self.client_side.payload_of_sends());
        }
        self.recorder.work_on_request(now, header + body);
        self.client_side.wake(client, now, &mut self.recorder);
        let delay = Time(self.population.path.up.of(self.number_of(client), exchange.number.name()));
        let arrival = now.plus(delay).plus(connected.opening);
        let passage = self.transit(now).send_up(Message::up(exchange, header + body), arrival);
        self.set_under_way(client, slot, (Stage::Up, now), passage);
    }

    /// Header and body of a request that leaves.
    #[inline]
    fn request_size(&mut self, client: ClientIndex, origin: Origin, now: Time) -> (u64, u64) {
        let http = &self.population.http;
        let (plain, event_id) = match (origin, self.population.transport.push()) {
            (Origin::Send, _) => ((http.request_header.0, self.client_side.payload_of_sends()), None),
            (_, None) => ((http.request_header.0, http.request_body.0), None),
            // A push connection is requested with a GET, which has no body.
            (_, Some(protocol)) => {
                let known = self.store.known(&self.clients[client].messages);
                ((protocol.request_header(http, known), 0), protocol.named_event(known))
            }
        };
        self.transit(now).request_size(client, plain, event_id)
    }

    /// Header and body of a reply that leaves, with this body over HTTP/1.1.
    #[inline]
    pub(super) fn reply_size(&mut self, client: ClientIndex, now: Time, body: u64) -> (u64, u64) {
        let header = self.population.http.response_header.0;
        self.transit(now).reply_size(client, (header, body))
    }

    /// A request reaches the server, or its link. Returns whether it has arrived, with a connection.
    #[inline]
    pub(super) fn leaves_network(&mut self, client: ClientIndex, slot: Slot, now: Time) -> bool {
        let request = *self.request(client, slot);
        if self.transit(now).has_lost_connection(request.since)
            && matches!(request.ending, Ending::Reply | Ending::Nowhere)
        {
            self.request(client, slot).ending = Ending::Unconnected;
        }
        let (size, origin) = (self.size(client, slot), self.origin(client, slot));
        if request.stage == Stage::Up
            && origin != Origin::Reset
            && let Some(due) = self.transit(now).pass_server_link_up(size)
        {
            let request = self.request(client, slot);
            (request.stage, request.since, request.due) = (Stage::Link, now, due);
            return false;
        }
        self.set_size(client, slot, 0);
        let exchange = self.exchange(client, slot);
        self.transit(now).receive(Side::Server, exchange, size);
        if origin == Origin::Reset
            && let Slot::Older(index) = slot
        {
            self.take_reset(client, index);
            return false;
        }
        true
    }

    /// A reply leaves the server.
    #[inline]
    pub(super) fn send_reply(&mut self, client: ClientIndex, slot: Slot, now: Time, bytes: u64) {
        let exchange = self.exchange(client, slot);
        let delay = Time(self.population.path.down.of(self.number_of(client), exchange.number.name()));
        let passage = self.transit(now).send_down(Message::down(exchange, bytes), now.plus(delay));
        self.set_under_way(client, slot, (Stage::Down, now), passage);
    }

    /// A request, a frame or a reply is on its way from now on.
    #[inline]
    pub(super) fn set_under_way(&mut self, client: ClientIndex, slot: Slot, from: (Stage, Time), passage: Passage) {
        let request = self.request(client, slot);
        ((request.stage, request.since), request.due) = (from, passage.arrival);
        self.set_size(client, slot, passage.size);
    }

    /// The server answers with an error: a header alone.
    pub(super) fn send_error(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if let (true, Slot::Older(index)) = (self.is_unheard(client, slot), slot) {
            self.older.remove(client, index);
            return;
        }
        let (header, body) = self.reply_size(client, now, 0);
        let is_of_poll = self.population.transport.push().is_none() && self.origin(client, slot) == Origin::Poll;
        let size = ReplySize { header, body, payload: 0 };
        self.observe(client, slot, now, Happening::Answered { size, is_empty: is_of_poll });
        self.recorder.work_on_bytes(now, header + body);
        if !is_of_poll {
            self.recorder.other_reply(now);
        }
        self.request(client, slot).ending = Ending::Error;
        self.send_reply(client, slot, now, header + body);
    }

    /// A reply or a push reaches its client.
    #[inline]
    pub(super) fn receive_reply(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let (exchange, size) = (self.exchange(client, slot), self.size(client, slot));
        let request = *self.request(client, slot);
        // Over HTTP/2 the connection of a request that was given up is still open.
        if !request.is_awaited() && self.population.path.http2.is_some() {
            self.transit(now).receive(Side::Client, exchange, size);
        } else if request.is_awaited() && self.origin(client, slot).is_request() {
            let broken = match (request.ending, request.awaited) {
                (Ending::Error, Awaited::Rest) => self.server.restart.map(|restart| restart.at),
                (Ending::Error, _) => Some(request.sent.plus(Time(1))),
                _ => None,
            };
            self.transit(now).end_response(exchange, size, broken);
        }
    }

    /// A message leaves the network. Returns whether it was an error or a push, which is then complete.
    #[inline]
    pub(super) fn takes_no_reply(&mut self, client: ClientIndex, slot: Slot, now: Time) -> bool {
        if self.network.has_sizes {
            self.receive_reply(client, slot, now);
        }
        if self.request(client, slot).ending == Ending::Error {
            self.take_error(client, slot, now);
            return true;
        }
        if let Slot::Older(index) = slot
            && self.older.of(client)[index].origin.is_push()
        {
            self.take_push(client, index, now);
            return true;
        }
        false
    }

    /// A client that gives up a request of HTTP/2 resets it.
    pub(super) fn send_reset(&mut self, client: ClientIndex, number: RequestNumber, now: Time) {
        let Some(Passage { arrival, size }) = self.transit(now).reset(Exchange { client, number }) else { return };
        self.observe_request(client, number, now, Happening::Reset { bytes: Http2::RESET });
        let awaited = Awaited::Nothing;
        let request = Request { stage: Stage::Up, since: now, awaited, ..Request::departing(arrival) };
        let reset = Outstanding { number, origin: Origin::Reset, gateway_due: Time::NEVER, size, request };
        self.older.insert(self.clients.len(), client, reset);
    }

    /// The server receives a reset: it sends no reply any more (RFC 9113, section 5.1).
    fn take_reset(&mut self, client: ClientIndex, index: usize) {
        let number = self.older.of(client)[index].number;
        self.older.remove(client, index);
        let is_meant = |older: &&mut Outstanding<M::Request>| {
            older.number == number && older.origin.is_request() && older.request.stage.class() == Class::Server
        };
        if let Some(older) = self.older.of_mut(client).iter_mut().find(is_meant)
            && older.request.ending != Ending::Unconnected
        {
            older.request.ending = Ending::Nowhere;
        }
    }

    /// The bytes of a request, or of its reply, in transit.
    #[inline]
    pub(in crate::model::world) fn size(&self, client: ClientIndex, slot: Slot) -> u64 {
        match slot {
            Slot::Newest => self.network.sizes.get(client).copied().unwrap_or(0),
            Slot::Older(index) => self.older.of(client)[index].size,
        }
    }

    #[inline]
    pub(super) fn set_size(&mut self, client: ClientIndex, slot: Slot, size: u64) {
        match slot {
            Slot::Newest => {
                if let Some(mine) = self.network.sizes.get_mut(client) {
                    *mine = size;
                }
            }
            Slot::Older(index) => self.older.of_mut(client)[index].size = size,
        }
    }
}
