//! When it is a client's turn: its pending events, and which of them have to wait for those of other clients.

use super::{Event, Slot, World};
use crate::engine::{self, Class, Key};
use crate::model::client::{Ending, Older, Request, Stage, is_send};
use crate::model::mail::Mail;
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The earliest pending event of a client: by time, class, request number, and a reply before the timeout of its
    /// request.
    #[inline]
    pub(super) fn next(&self, place: usize) -> (Key, Event) {
        let request = &self.requests[place];
        let mut first = (Key::new(self.mail.next_creation(&self.clients[place].mail), Class::Source), Event::Source);
        let mut offer = |key, event| {
            if key < first.0 {
                first = (key, event);
            }
        };
        self.offer_older_events(place, |number, key, event| {
            if !(LIMITED && is_send(number)) {
                offer(key, event);
            }
        });
        offer(Key::new(request.due, request.stage.class()), Event::Step(Slot::Newest));
        if request.stage != Stage::Idle {
            if LIMITED {
                offer(self.gateway_key(place), Event::GatewayTimeout(Slot::Newest));
            }
            offer(Key::new(request.sent.plus(self.kind.timeout), Class::Client), Event::Timeout(Slot::Newest));
            offer(Key::new(self.departure_while_open(place, request.sent), Class::Client), Event::DepartAgain);
        }
        if LIMITED {
            if self.sends.is_some() {
                self.offer_older_events(place, |number, key, event| {
                    if is_send(number) {
                        offer(key, event);
                    }
                });
                offer(self.send_key(place), Event::Send);
            }
            offer(self.restart_key(place), Event::Restart);
            offer(self.leave_key(place), Event::Leave);
        }
        first
    }

    /// Calls `offer` with each pending event of the older requests of a client, and the number of the request.
    #[inline]
    fn offer_older_events(&self, place: usize, mut offer: impl FnMut(u64, Key, Event)) {
        for (index, Older { number, request, gateway_due, .. }) in self.older.of(place).iter().enumerate() {
            offer(*number, Key::new(request.due, request.stage.class()), Event::Step(Slot::Older(index)));
            if request.awaited {
                if LIMITED && request.stage.awaits_response() {
                    offer(*number, Key::new(*gateway_due, Class::Server), Event::GatewayTimeout(Slot::Older(index)));
                }
                offer(
                    *number,
                    Key::new(request.sent.plus(self.kind.timeout), Class::Client),
                    Event::Timeout(Slot::Older(index)),
                );
            }
        }
    }

    /// As far as the newest request of a client may go before something else is due: at the same turn as an older
    /// request, that one comes first, but for what the client sends.
    #[cold]
    #[inline(never)]
    fn before_older_events(&self, place: usize) -> Key {
        let mut first = self.restart_key(place).before();
        self.offer_older_events(place, |number, key, _| {
            first = first.min(if is_send(number) { key } else { key.before() });
        });
        self.other_events(place).min(first)
    }

    /// The earliest pending event of a client, but for its older requests and the next step of its newest one.
    #[inline]
    fn other_events(&self, place: usize) -> Key {
        let mut source = Key::new(self.mail.next_creation(&self.clients[place].mail), Class::Source);
        if LIMITED && self.has_further_events {
            source = source.min(self.leave_key(place)).min(self.send_key(place));
        }
        let request = &self.requests[place];
        if request.stage == Stage::Idle {
            return source;
        }
        let departure = self.departure_while_open(place, request.sent);
        let others = source.min(Key::new(request.sent.plus(self.kind.timeout).min(departure), Class::Client));
        if LIMITED && self.has_further_events {
            others.min(self.gateway_key(place)).min(self.restart_key(place))
        } else {
            others
        }
    }

    /// When the client asks although its newest request, sent at `sent`, is open.
    #[inline]
    fn departure_while_open(&self, place: usize, sent: Time) -> Time {
        let departure = self.kind.transport.departure_while_open(sent);
        if LIMITED { self.kind.pauses.or_at_random(place, departure) } else { departure }
    }

    /// When a client leaves.
    #[inline]
    fn leave_key(&self, place: usize) -> Key {
        Key::new(self.visits.as_ref().map_or(Time::NEVER, |visits| visits.end(place)), Class::Client)
    }

    /// When a client sends a message of its own.
    #[inline]
    fn send_key(&self, place: usize) -> Key {
        Key::new(self.sends.as_ref().map_or(Time::NEVER, |sends| sends.next(place)), Class::Client)
    }

    /// When the proxy gives up the newest request of a client.
    #[inline]
    fn gateway_key(&self, place: usize) -> Key {
        let awaits_response = self.requests[place].stage.awaits_response();
        let due = self.gateway_due.get(place).filter(|_| awaits_response);
        Key::new(due.copied().unwrap_or(Time::NEVER), Class::Server)
    }

    /// Whether other clients may notice the event: the server takes, answers or drops a request. What a client does by
    /// itself, its own messages, and looks of the server that find nothing are nobody else's business.
    fn is_shared(&self, place: usize, event: Event) -> bool {
        let shares_connections = LIMITED && self.connections.is_some();
        if LIMITED && self.keeps_order() {
            return true;
        }
        match event {
            Event::Source => false,
            Event::Restart => true,
            Event::DepartAgain | Event::Send => shares_connections,
            Event::GatewayTimeout(_) if LIMITED && self.server_link.is_some() => true,
            Event::Timeout(_) | Event::GatewayTimeout(_) | Event::Leave => {
                self.notices_disconnect || shares_connections
            }
            Event::Step(Slot::Newest) => self.requests[place].stage.class() == Class::Server || shares_connections,
            Event::Step(Slot::Older(index)) => {
                self.older.of(place)[index].request.stage.class() == Class::Server || shares_connections
            }
        }
    }

    /// Whether the event is a look at an older request.
    fn is_held(&self, place: usize, event: Event) -> bool {
        let Event::Step(Slot::Older(index)) = event else { return false };
        matches!(self.older.of(place)[index].request.stage, Stage::Held | Stage::Lingering)
    }

    /// The server looks at an older request until something else happens to its client; see [`Self::look`].
    fn look_at_older(&mut self, place: usize, key: Key, event: Event, limit: Key, end: Key) -> Option<Key> {
        let Event::Step(slot) = event else { return None };
        let newest = &self.requests[place];
        let mut alone = self
            .other_events(place)
            .min(self.restart_key(place))
            .min(Key::new(newest.due, newest.stage.class()))
            .min(end);
        self.offer_older_events(place, |_, key, other| {
            if other != event {
                alone = alone.min(key);
            }
        });
        if self.keeps_order() {
            alone = alone.min(limit);
        }
        self.look(place, slot, key.time(), limit, alone)
    }

    /// Whether others may act on what a client gets and sends by itself: they give it connections, or a worker to a
    /// request that looks into its mailbox.
    #[inline]
    fn depends_on_others(&self, place: usize, has_older: bool) -> bool {
        self.connections.is_some() || self.keeps_order() || (has_older && self.waits_for_others(place))
    }

    /// Whether the events of all clients take place in the order of time: where clients write into the mailboxes of
    /// others.
    #[inline]
    fn keeps_order(&self) -> bool {
        self.keeps_order
    }

    /// Notes what takes place, where that matters to others. What has come without taking any time does so in the turn of
    /// its departure.
    fn note_event(&mut self, place: usize, turn: Key, event: Event) {
        let request = match event {
            Event::Step(Slot::Newest) => Some(&self.requests[place]),
            Event::Step(Slot::Older(index)) => Some(&self.older.of(place)[index].request),
            _ => None,
        };
        let arrived = request.filter(|request| request.stage == Stage::Up).map(Request::arrival_turn);
        let turn = arrived.unwrap_or(turn);
        let number = match event {
            Event::Step(slot) | Event::GatewayTimeout(slot) if self.clients[place].requests > 0 => {
                self.request_number(place, slot)
            }
            _ => u64::MAX,
        };
        if let Some(sends) = &mut self.sends {
            // What a client lets the server do at once comes behind all that the server had to do at that instant.
            sends.now = sends.now.max((turn, place, number));
        }
    }

    /// When it is the turn of the client's next event among those of all clients.
    pub(super) fn turn(&self, place: usize, key: Key, event: Event) -> Key {
        let request = match event {
            Event::Step(Slot::Newest) => &self.requests[place],
            Event::Step(Slot::Older(index)) => &self.older.of(place)[index].request,
            _ => return key,
        };
        // What a client gives up may give a worker to another one at that instant: the reset takes its turn beside that.
        let is_noticed = LIMITED && request.ending == Ending::Reset && self.notices_disconnect;
        let follows_departure = LIMITED && request.stage == Stage::Up && !is_noticed && !self.keeps_order();
        if follows_departure { request.arrival_turn() } else { key }
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> engine::EventHandler for World<'_, T, M, LIMITED> {
    fn next_event(&mut self, actor: u32) -> Option<Key> {
        let place = actor as usize;
        self.turn_to(place);
        let (key, event) = self.next(place);
        let turn = self.turn(place, key, event);
        (turn < Key::start_of(Time::NEVER)).then_some(turn)
    }

    #[inline]
    fn run_until(&mut self, actor: u32, limit: Key) -> Option<Key> {
        let place = actor as usize;
        self.turn_to(place);
        let end = Key::start_of(self.end);
        let limit = limit.min(end);
        loop {
            if LIMITED && self.guard.is_some() && self.has_to_stop(place) {
                return None;
            }
            let request = &self.requests[place];
            let (step, now) = (Key::new(request.due, request.stage.class()), request.due);
            let has_older = self.older.has_any(place);
            let others = match has_older {
                false => self.other_events(place),
                true if LIMITED => self.before_older_events(place),
                true => Key::start_of(Time::ZERO),
            };
            if step > others {
                let (key, event) = self.next(place);
                let looks_alone = LIMITED && key < if self.keeps_order() { limit } else { end };
                if looks_alone && self.is_held(place, event) {
                    self.note_event(place, key, event);
                    let answer = self.look_at_older(place, key, event, limit, end);
                    if answer.is_some() {
                        return answer;
                    }
                    if !self.woken.is_empty() {
                        return self.next_event(actor);
                    }
                    continue;
                }
                let touches_others = self.is_shared(place, event) || (LIMITED && self.waits_for_others(place));
                let turn = self.turn(place, key, event);
                if turn >= if touches_others { limit } else { end } {
                    return (turn < Key::start_of(Time::NEVER)).then_some(turn);
                }
                if LIMITED && self.keeps_order() {
                    self.note_event(place, turn, event);
                }
                self.run_event(place, key.time(), event);
                if LIMITED && !self.woken.is_empty() {
                    return self.next_event(actor);
                }
                continue;
            }
            let (turn, bound) = match request.stage {
                Stage::Up => (if LIMITED && !self.keeps_order() { request.arrival_turn() } else { step }, limit),
                Stage::Link | Stage::Service | Stage::Open if LIMITED => (step, limit),
                Stage::Held | Stage::Lingering if LIMITED && self.keeps_order() => (step, limit),
                Stage::Idle | Stage::Down if LIMITED && self.depends_on_others(place, has_older) => (step, limit),
                _ => (step, end),
            };
            if turn >= bound {
                return (turn < Key::start_of(Time::NEVER)).then_some(turn);
            }
            let stage = request.stage;
            if LIMITED && self.keeps_order() {
                self.note_event(place, turn, Event::Step(Slot::Newest));
            }
            match stage {
                Stage::Idle => self.depart(place, now),
                Stage::Service if LIMITED => self.end_service(place, Slot::Newest, now),
                Stage::Open if LIMITED => self.step_stream(place, Slot::Newest, now),
                Stage::Held | Stage::Lingering => {
                    let alone = if LIMITED && self.keeps_order() { others.min(limit) } else { others.min(end) };
                    let answer = self.look(place, Slot::Newest, now, limit, alone);
                    if answer.is_some() {
                        return answer;
                    }
                }
                Stage::Down => self.take_reply(place, Slot::Newest, now),
                // Nothing but an arrival is left that has a time.
                _ => self.arrive(place, Slot::Newest, now),
            }
            if LIMITED && !self.woken.is_empty() {
                return self.next_event(actor);
            }
        }
    }

    fn wakes_others(&self) -> bool {
        LIMITED && (self.workers.is_some() || self.locks.is_some() || self.connections.is_some() || self.keeps_order())
    }

    fn next_woken(&mut self) -> Option<u32> {
        self.woken.pop()
    }

    #[inline]
    fn preload(&self, actor: u32) {
        let (request, client) = (&self.requests[actor as usize], &self.clients[actor as usize]);
        std::hint::black_box((request.due, request.mail));
        std::hint::black_box((client.requests, client.newest));
        self.mail.preload(&client.mail);
    }
}
