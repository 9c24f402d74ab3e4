//! The pending events of a client, and which of them have to wait for events of other clients.

use super::holds::CheckBounds;
use crate::engine::{Class, Key};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::Observer;
use crate::model::request::{Awaited, Origin, Request, Stage};
use crate::model::transport::Transport;
use crate::model::world::outstanding::Outstanding;
use crate::model::world::{Slot, World};
use crate::units::Time;

/// The kind of a client's next event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The source runs a trial or creates a message.
    Source,
    /// The stage of a request ends, or the server checks again.
    Step(Slot),
    /// The proxy gives up a request.
    GatewayTimeout(Slot),
    /// The client gives up a request.
    Timeout(Slot),
    /// The client asks while the newest request is open.
    DepartAgain,
    /// The server restarts.
    Restart,
    /// The client sends a message of its own.
    Send,
    /// The client leaves for good.
    Leave,
}

/// How far a client may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The next event of another client.
    pub others: Key,
    /// The end of the run, or of a part of it.
    pub end: Key,
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The earliest pending event of a client: by time, class, request number, and a reply before the timeout of its
    /// request.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "an event of a server with limits costs a twentieth less")]
    pub(super) fn next(&self, client: ClientIndex) -> (Key, Event) {
        let request = &self.requests[client];
        let mut first =
            (Key::new(self.store.next_creation(&self.clients[client].messages), Class::Source), Event::Source);
        let mut offer = |key, event| {
            if key < first.0 {
                first = (key, event);
            }
        };
        self.offer_older_events(client, |number, key, event| {
            if !(LIMITED && number.is_of_send()) {
                offer(key, event);
            }
        });
        offer(Key::new(request.due, request.stage.class()), Event::Step(Slot::Newest));
        if request.stage != Stage::Idle {
            if LIMITED {
                offer(self.gateway_key(client), Event::GatewayTimeout(Slot::Newest));
            }
            offer(Key::new(self.timeout_of(request), Class::Client), Event::Timeout(Slot::Newest));
            offer(Key::new(self.departure_while_open(client, request.sent), Class::Client), Event::DepartAgain);
        }
        if LIMITED {
            if self.client_side.senders.is_some() {
                self.offer_older_events(client, |number, key, event| {
                    if number.is_of_send() {
                        offer(key, event);
                    }
                });
                offer(self.send_key(client), Event::Send);
            }
            offer(self.restart_key(client), Event::Restart);
            offer(self.leave_key(client), Event::Leave);
        }
        first
    }

    /// The instant of that event.
    pub(in crate::model::world) fn next_instant(&self, client: ClientIndex) -> Time {
        self.next(client).0.time()
    }

    /// Calls `offer` with each pending event of the older requests of a client, and the number of the request.
    #[inline]
    fn offer_older_events(&self, client: ClientIndex, mut offer: impl FnMut(RequestNumber, Key, Event)) {
        for (index, Outstanding { number, request, gateway_due, .. }) in self.older.of(client).iter().enumerate() {
            offer(*number, Key::new(request.due, request.stage.class()), Event::Step(Slot::Older(index)));
            if request.is_awaited() {
                if LIMITED && request.stage.awaits_response() {
                    offer(*number, Key::new(*gateway_due, Class::Server), Event::GatewayTimeout(Slot::Older(index)));
                }
                offer(*number, Key::new(self.timeout_of(request), Class::Client), Event::Timeout(Slot::Older(index)));
            }
        }
    }

    /// How far the newest request of a client may go before something else is due.
    #[inline]
    pub(super) fn before_others(&self, client: ClientIndex) -> Key {
        match self.older.has_any(client) {
            false => self.other_events(client),
            true if LIMITED => self.before_older_events(client),
            true => Key::start_of(Time::ZERO),
        }
    }

    /// The key up to which the newest request of a client may run before its older requests. At the same key an older
    /// request comes first, except a send.
    #[cold]
    #[inline(never)]
    fn before_older_events(&self, client: ClientIndex) -> Key {
        let mut first = self.restart_key(client).before();
        self.offer_older_events(client, |number, key, _| {
            first = first.min(if number.is_of_send() { key } else { key.before() });
        });
        self.other_events(client).min(first)
    }

    /// The earliest pending event of a client, except events of its older requests and the next step of its newest one.
    #[inline]
    fn other_events(&self, client: ClientIndex) -> Key {
        let mut source = Key::new(self.store.next_creation(&self.clients[client].messages), Class::Source);
        if LIMITED && self.has_further_events {
            source = source.min(self.leave_key(client)).min(self.send_key(client));
        }
        let request = &self.requests[client];
        if matches!(request.stage, Stage::Idle) {
            return source;
        }
        let departure = self.departure_while_open(client, request.sent);
        let others = source.min(Key::new(self.timeout_of(request).min(departure), Class::Client));
        if LIMITED && self.has_further_events {
            others.min(self.gateway_key(client)).min(self.restart_key(client))
        } else {
            others
        }
    }

    /// When the client gives up a request that it waits for, unless the response has begun.
    #[inline]
    fn timeout_of(&self, request: &Request<M::Request>) -> Time {
        let has_begun = LIMITED && request.awaited == Awaited::Rest;
        if has_begun { Time::NEVER } else { request.sent.plus(self.population.timeout) }
    }

    /// When the client asks while its newest request, sent at `sent`, is open.
    #[inline]
    fn departure_while_open(&self, client: ClientIndex, sent: Time) -> Time {
        let departure = self.population.transport.departure_while_open(sent);
        if LIMITED { self.population.think_time.or_at_random(client, departure) } else { departure }
    }

    /// When a client leaves.
    #[inline]
    fn leave_key(&self, client: ClientIndex) -> Key {
        Key::new(self.client_side.end_of_session(client), Class::Client)
    }

    /// When a client sends a message.
    #[inline]
    fn send_key(&self, client: ClientIndex) -> Key {
        Key::new(self.client_side.next_send(client), Class::Client)
    }

    /// When the proxy gives up the newest request of a client.
    #[inline]
    fn gateway_key(&self, client: ClientIndex) -> Key {
        let awaits_response = self.requests[client].stage.awaits_response();
        Key::new(if awaits_response { self.server.gateway.due(client) } else { Time::NEVER }, Class::Server)
    }

    /// Whether other clients may notice the event: the server takes, answers or drops a request. No other client
    /// notices what a client does by itself, its own messages, and empty checks.
    #[inline]
    pub(super) fn is_shared(&self, client: ClientIndex, event: Event) -> bool {
        let shares_connections = LIMITED && self.client_side.connections.is_some();
        if LIMITED && self.keeps_order() {
            return true;
        }
        match event {
            Event::Source => false,
            Event::Restart => true,
            Event::DepartAgain | Event::Send => shares_connections,
            Event::GatewayTimeout(_) if LIMITED && self.network.has_server_link() => true,
            Event::Timeout(_) | Event::GatewayTimeout(_) | Event::Leave => {
                self.server.notices_disconnect || shares_connections
            }
            Event::Step(Slot::Newest) => self.requests[client].stage.class() == Class::Server || shares_connections,
            Event::Step(Slot::Older(index)) => {
                self.older.of(client)[index].request.stage.class() == Class::Server || shares_connections
            }
        }
    }

    /// Whether a request of the client waits until others are done.
    #[inline]
    pub(super) fn waits_for_others(&self, client: ClientIndex) -> bool {
        (self.server.has_queues() || self.client_side.connections.is_some())
            && (self.requests[client].stage.waits_for_others()
                || self.older.of(client).iter().any(|older| older.request.stage.waits_for_others()))
    }

    /// Whether a step is a check of an older request that is held.
    #[inline]
    pub(super) fn is_held_older(&self, client: ClientIndex, slot: Slot) -> bool {
        let Slot::Older(index) = slot else { return false };
        self.older.of(client)[index].request.stage.is_checked()
    }

    /// How far an older request may be checked: `event` is the next check.
    pub(super) fn bounds_of_checks(&self, client: ClientIndex, event: Event, limits: Limits) -> CheckBounds {
        let newest = &self.requests[client];
        let mut bound = self
            .other_events(client)
            .min(self.restart_key(client))
            .min(Key::new(newest.due, newest.stage.class()))
            .min(limits.end);
        self.offer_older_events(client, |_, key, other| {
            if other != event {
                bound = bound.min(key);
            }
        });
        if self.keeps_order() {
            bound = bound.min(limits.others);
        }
        CheckBounds { others: limits.others, client: bound }
    }

    /// Whether other clients affect what a client receives and sends: they free connections for it, or a worker for a
    /// request that checks its mailbox.
    #[inline]
    pub(super) fn depends_on_others(&self, client: ClientIndex) -> bool {
        self.client_side.connections.is_some()
            || self.keeps_order()
            || (self.older.has_any(client) && self.waits_for_others(client))
    }

    /// Whether the events of all clients run in order of time, because clients write into the mailboxes of others.
    #[inline]
    pub(super) fn keeps_order(&self) -> bool {
        self.keeps_order
    }

    /// Records the event that runs, if it matters to others. An arrival without delay runs with the key of its
    /// departure.
    pub(super) fn note_event(&mut self, client: ClientIndex, turn: Key, event: Event) {
        let request = match event {
            Event::Step(Slot::Newest) => Some(&self.requests[client]),
            Event::Step(Slot::Older(index)) => Some(&self.older.of(client)[index].request),
            _ => None,
        };
        let turn = match request {
            Some(request) if request.stage == Stage::Up => request.arrival_turn(),
            _ => turn,
        };
        let number = match event {
            Event::Step(slot) | Event::GatewayTimeout(slot) if self.clients[client].requests > 0 => {
                self.request_number(client, slot)
            }
            _ => RequestNumber::LAST,
        };
        if let Some(senders) = &mut self.client_side.senders {
            // Work that a client makes the server do at once comes after all other work of the server at that instant.
            senders.last_event = senders.last_event.max((turn, client, number));
        }
    }

    /// The key of the client's next event among the events of all clients.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call with its arguments in memory costs as much as the rest")]
    pub(super) fn turn(&self, client: ClientIndex, key: Key, event: Event) -> Key {
        let Event::Step(slot) = event else { return key };
        let request = match slot {
            Slot::Newest => &self.requests[client],
            Slot::Older(index) => &self.older.of(client)[index].request,
        };
        if !LIMITED || request.stage != Stage::Up || self.keeps_order() {
            return key;
        }
        // Giving up a request may free a worker for another client at that instant, so the reset is a server event
        // then.
        let is_noticed = self.server.notices_disconnect && self.origin(client, slot) == Origin::Reset;
        if is_noticed { key } else { request.arrival_turn() }
    }
}
