//! The life of an event, from top to bottom. Only this file and those in `dispatch/` know all parts of the world. A part owns
//! its state, knows none of the others, takes what it needs as arguments, and returns what happens next.
//!
//! A poll over HTTP/1.1 takes one way through them:
//!
//! | the poll | dispatched by | with the part |
//! | --- | --- | --- |
//! | leaves its client | `depart` here; with limits `send_request` in `transfers.rs` | `client/`; `network/path.rs` for the delay |
//! | arrives at the server | `arrive` in `admission.rs` | `server.rs`: a worker, a lock, the time of service |
//! | is held | `open_hold` and `check` in `holds.rs` | `model/transport/` decides, `model/message_store/` knows |
//! | is answered | `answer` in `answers.rs` | `model/message_store/`; `network/path.rs` for the delay |
//! | is back | `take_reply` here | `model/message_store/`; `model/transport/` says when it asks again |
//!
//! Each step tells the recorder (`model/recorder.rs`), which counts. Between two steps the request waits for
//! `Request::due`; `schedule.rs` says which event of a client is next, and which has to wait for other clients. What goes
//! wrong is in `failures.rs` (timeouts, errors), `server_failures.rs` (restarts, 504) and `leaving.rs`; pushes are in
//! `pushes.rs`, what clients send in `sends.rs`, the connections of browsers in `browsers.rs`, and the end of a run in
//! `settle.rs`.

mod admission;
mod answers;
mod browsers;
mod failures;
mod holds;
mod leaving;
mod pushes;
mod schedule;
mod sends;
mod server_failures;
mod settle;
mod transfers;

use std::ops::ControlFlow;

use super::{Slot, World};
use crate::engine::{self, Key};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer};
use crate::model::request::{Ending, Origin, Request, Stage};
use crate::model::transport::Transport;
use crate::units::Time;
use holds::CheckBounds;
use schedule::{Event, Limits};

/// Whether the client goes on, or the key of its next event.
type Flow = ControlFlow<Option<Key>>;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> engine::EventHandler
    for World<'_, T, M, O, LIMITED>
{
    fn next_event(&mut self, actor: u32) -> Option<Key> {
        let client = ClientIndex(actor);
        self.activate(client);
        let (key, event) = self.next(client);
        pending(self.turn(client, key, event))
    }

    #[inline]
    fn run_until(&mut self, actor: u32, limit: Key) -> Option<Key> {
        let client = ClientIndex(actor);
        self.activate(client);
        let end = Key::start_of(self.end);
        let limits = Limits { others: limit.min(end), end };
        loop {
            if LIMITED && self.guard.is_some() && self.has_to_stop(client) {
                return None;
            }
            let (stage, now) = (self.requests[client].stage, self.requests[client].due);
            let step = Key::new(now, stage.class());
            let others = self.before_others(client);
            if step > others {
                if let ControlFlow::Break(next) = self.run_next(client, limits) {
                    return next;
                }
            } else {
                let (turn, bound) = self.turn_of_newest(client, (step, stage), limits);
                if turn >= bound {
                    return pending(turn);
                }
                if LIMITED && self.keeps_order() {
                    self.note_event(client, turn, Event::Step(Slot::Newest));
                }
                if stage.is_checked() {
                    let until = if LIMITED && self.keeps_order() { limits.others } else { limits.end };
                    let bounds = CheckBounds { others: limits.others, client: others.min(until) };
                    let waits = self.check(client, Slot::Newest, now, bounds);
                    if waits.is_some() {
                        return waits;
                    }
                } else {
                    self.step(client, (Slot::Newest, stage), now);
                }
            }
            if LIMITED && !self.woken.is_empty() {
                return self.next_event(actor);
            }
        }
    }

    fn wakes_others(&self) -> bool {
        LIMITED && (self.server.has_queues() || self.client_side.connections.is_some() || self.keeps_order())
    }

    fn next_woken(&mut self) -> Option<u32> {
        self.woken.pop().map(|client| client.0)
    }

    /// Reads the data of the next event of a client, so that they are in the cache by then. `black_box` keeps the
    /// compiler from removing reads of unused values.
    #[inline]
    fn preload(&self, actor: u32) {
        let (request, state) = (&self.requests[ClientIndex(actor)], &self.clients[ClientIndex(actor)]);
        std::hint::black_box((request.due, request.messages));
        std::hint::black_box((state.requests, state.newest));
        self.store.preload(&state.messages);
    }
}

/// The key of an event, or `None` if it never happens.
#[inline]
fn pending(turn: Key) -> Option<Key> {
    if turn < Key::start_of(Time::NEVER) { Some(turn) } else { None }
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// When it is the turn of the newest request, and the bound that its step must not reach: the next event of another
    /// client where others can notice the step, else the end.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "nearly all events come through here: as one function they stay in registers"
    )]
    fn turn_of_newest(&self, client: ClientIndex, (step, stage): (Key, Stage), limits: Limits) -> (Key, Key) {
        match stage {
            Stage::Up if LIMITED && !self.keeps_order() => (self.requests[client].arrival_turn(), limits.others),
            Stage::Up => (step, limits.others),
            Stage::Link | Stage::Service | Stage::Open if LIMITED => (step, limits.others),
            Stage::Held { .. } | Stage::Lingering { .. } if LIMITED && self.keeps_order() => (step, limits.others),
            Stage::Idle | Stage::Down if LIMITED && self.depends_on_others(client) => (step, limits.others),
            _ => (step, limits.end),
        }
    }

    /// The next event of a client, whatever it is about. Out of line: so the steps of newest requests keep their registers,
    /// which saves one instruction in twenty.
    #[inline(never)]
    fn run_next(&mut self, client: ClientIndex, limits: Limits) -> Flow {
        let (key, event) = self.next(client);
        let checks_until = if self.keeps_order() { limits.others } else { limits.end };
        if LIMITED
            && key < checks_until
            && let Event::Step(slot) = event
            && self.is_held_older(client, slot)
        {
            self.note_event(client, key, event);
            let bounds = self.bounds_of_checks(client, event, limits);
            return match self.check(client, slot, key.time(), bounds) {
                Some(waits) => ControlFlow::Break(Some(waits)),
                None => ControlFlow::Continue(()),
            };
        }
        let touches_others = self.is_shared(client, event) || (LIMITED && self.waits_for_others(client));
        let turn = self.turn(client, key, event);
        if turn >= if touches_others { limits.others } else { limits.end } {
            return ControlFlow::Break(pending(turn));
        }
        if LIMITED && self.keeps_order() {
            self.note_event(client, turn, event);
        }
        self.run_event(client, key.time(), event);
        ControlFlow::Continue(())
    }

    #[inline]
    fn run_event(&mut self, client: ClientIndex, now: Time, event: Event) {
        match event {
            Event::Source => self.run_source(client, now),
            Event::DepartAgain => {
                self.set_newest_aside(client);
                self.depart(client, now);
            }
            Event::GatewayTimeout(slot) => self.time_out_at_gateway(client, slot, now),
            Event::Timeout(slot) => self.give_up(client, slot, now),
            Event::Restart => self.break_requests(client, now),
            Event::Send => self.send_message(client, now),
            Event::Leave => self.leave(client, now),
            Event::Step(slot) => {
                let stage = self.request(client, slot).stage;
                self.step(client, (slot, stage), now);
            }
        }
    }

    /// The stage of a request ends.
    #[inline]
    fn step(&mut self, client: ClientIndex, (slot, stage): (Slot, Stage), now: Time) {
        match stage {
            Stage::Idle => self.depart(client, now),
            Stage::Service if LIMITED => self.end_service(client, slot, now),
            Stage::Open if LIMITED => self.step_stream(client, slot, now),
            Stage::Held { .. } | Stage::Lingering { .. } => {
                _ = self.check(client, slot, now, CheckBounds::at(now));
            }
            Stage::Down => self.take_reply(client, slot, now),
            // Only an arrival is left that has a time.
            _ => self.arrive(client, slot, now),
        }
    }

    /// The source runs a trial, or creates a message.
    fn run_source(&mut self, client: ClientIndex, now: Time) {
        let number = self.number_of(client);
        let (mut until, mut is_there) = (self.end_of_trials(now), true);
        if LIMITED {
            until = until.min(self.client_side.end_of_session(client).plus(Time(1)));
            is_there = !self.client_side.has_left(client);
        }
        let messages = &mut self.clients[client].messages;
        let recorder = self.recorder.about(number, RequestNumber::LAST);
        if !self.store.run_source(messages, number, now, until, is_there, recorder) {
            return;
        }
        if !is_there {
            self.tell_server(client);
        }
        if self.population.transport.is_notified() {
            let older = self.older.of_mut(client).iter_mut().map(|older| &mut older.request);
            for request in older.chain([&mut self.requests[client]]) {
                if request.stage.is_woken_by_messages() {
                    request.due = now;
                }
            }
        }
        self.forget(client);
    }

    /// The client asks.
    #[inline]
    fn depart(&mut self, client: ClientIndex, now: Time) {
        let state = &mut self.clients[client];
        let number = RequestNumber::of_poll(state.requests);
        state.requests += 1;
        let messages = self.store.ask(&state.messages);
        let request = Request { sent: now, since: now, messages, ..Request::departing(Time::NEVER) };
        let name = self.number_of(client);
        if LIMITED {
            self.requests[client] = Request { stage: Stage::Blocked, ..request };
            let next = RequestNumber::of_poll(self.clients[client].requests);
            self.population.think_time.departed(client, name, next, now);
            if self.takes_connection(client, number, now) {
                self.send_request(client, Slot::Newest, now);
            } else {
                self.observe_request(client, number, now, Happening::Blocked);
            }
        } else {
            let due = now.plus(Time(self.population.path.up.of(name, number.name())));
            self.requests[client] = Request { stage: Stage::Up, due, ..request };
            self.recorder.event(now);
            let (header, body) = (self.population.http.request_header.0, self.population.http.request_body.0);
            self.observe_request(client, number, now, Happening::Sent { header, body });
        }
    }

    /// A reply, or something that was pushed, reaches the client, which may have left.
    #[inline]
    fn take_reply(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        if LIMITED && self.takes_no_reply(client, slot, now) {
            return;
        }
        let request = self.request(client, slot);
        let (is_awaited, ending) = (request.is_awaited(), request.ending);
        if is_awaited {
            // The end of a connection is not a reply.
            let is_stream = LIMITED && self.population.streams.is_some() && self.origin(client, slot) == Origin::Poll;
            let what = if is_stream { Happening::StreamEnded } else { Happening::Received };
            self.observe(client, slot, now, what);
            if LIMITED {
                self.client_side.forget_failures(client);
            }
        } else {
            self.observe(client, slot, now, Happening::Ignored);
        }
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        let request = match slot {
            Slot::Newest => &self.requests[client],
            Slot::Older(index) => &self.older.of(client)[index].request,
        };
        let carried = if LIMITED { self.store.carried(request) } else { 0 };
        let state = &mut self.clients[client];
        let recorder = self.recorder.about(name, number);
        let created = self.store.arrive(&mut state.messages, request, now, recorder);
        state.note_newest(created, now, &mut self.recorder);
        match slot {
            Slot::Newest => {
                self.plan_next_departure(client, carried, now);
                if LIMITED && ending != Ending::Cut {
                    self.answer_end_of_stream(client, now);
                }
            }
            Slot::Older(index) => {
                self.older.remove(client, index);
            }
        }
        self.forget(client);
        if LIMITED && is_awaited {
            self.free_connection(client, now);
        }
    }

    /// After the reply to its newest request, with `carried` messages, the client asks again.
    #[inline]
    fn plan_next_departure(&mut self, client: ClientIndex, carried: u64, now: Time) {
        let request = &mut self.requests[client];
        let (transport, state) = (self.population.transport, self.population.states.of(client));
        request.stage = Stage::Idle;
        request.due = transport.departure_after_reply(state, request.sent, carried, now);
        if LIMITED {
            let (name, number) = (self.number_of(client), self.request_number(client, Slot::Newest));
            let departure = self.requests[client].due;
            self.requests[client].due = self.population.think_time.after_reply(client, (name, number), departure);
        }
    }
}
