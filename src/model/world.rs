//! The world of one run: clients under one transport, and what each event does.

mod older;
mod serve;

use older::OlderRequests;

use crate::engine::{self, Class, Key};
use crate::model::account::Account;
use crate::model::client::{Client, Older, Request, Stage};
use crate::model::mail::Mail;
use crate::model::network::{DelayLaw, Line};
use crate::model::scenario::{EnginePath, Http, OnTimeout, Scenario, Ticks};
use crate::model::totals::Totals;
use crate::model::transport::{Action, Transport};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// Clients with consecutive numbers in the whole population; places count from the first of them.
pub(crate) struct World<'a, T, M: Mail> {
    transport: &'a T,
    mail: M,
    up: Line,
    down: Line,
    starts: Family,
    http: Http,
    timeout: Time,
    on_timeout: OnTimeout,
    notices_disconnect: bool,
    ticks: Ticks,
    /// Whether a look that leads to nothing is an event.
    every_look_counts: bool,
    first_client: u32,
    /// The newest request of each client, or the one that it will send next: nearly all events are about it. A stopped
    /// client never sends it.
    requests: Vec<Request<M::Request>>,
    clients: Vec<Client<M>>,
    older: OlderRequests<M::Request>,
    account: Account,
}

/// One of the open requests of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Newest,
    /// The place in the list of the older ones.
    Older(usize),
}

/// What a client's next event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The source runs a trial or creates a message.
    Source,
    /// The stage of a request ends, or the server looks again.
    Step(Slot),
    /// The client gives up a request.
    Timeout(Slot),
    /// The client asks while the newest request is open.
    DepartAgain,
}

impl<'a, T: Transport, M: Mail> World<'a, T, M> {
    /// A world without clients.
    pub fn new(scenario: &Scenario, transport: &'a T, mail: M, replication: u32) -> World<'a, T, M> {
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let in_turns = scenario.path == EnginePath::Queue;
        World {
            transport,
            mail,
            up: Line::new(DelayLaw::new(&scenario.network.up), family(Purpose::UpDelay), in_turns),
            down: Line::new(DelayLaw::new(&scenario.network.down), family(Purpose::DownDelay), in_turns),
            starts: family(Purpose::Start),
            http: scenario.http,
            timeout: scenario.clients.timeout,
            on_timeout: scenario.clients.on_timeout,
            notices_disconnect: scenario.server.notices_disconnect,
            ticks: scenario.ticks,
            every_look_counts: scenario.ticks == Ticks::Each && transport.is_check(false, Action::Hold(Time::ZERO)),
            first_client: 0,
            requests: Vec::new(),
            clients: Vec::new(),
            older: OlderRequests::new(),
            account: Account::new(&scenario.window, scenario.ticks),
        }
    }

    /// Puts the clients with these numbers, before their start, in the place of those that were there.
    pub fn populate(&mut self, clients: std::ops::Range<u32>) {
        self.first_client = clients.start;
        self.older.clear();
        self.requests.clear();
        self.clients.clear();
        let (starts, transport) = (self.starts, self.transport);
        self.requests.extend(clients.clone().map(|number| {
            let departure = transport.first_departure(starts.stream(u64::from(number)).at(0));
            Request::departing(departure)
        }));
        self.clients.extend(clients.map(|number| Client::new(self.mail.client(number))));
    }

    /// The earliest pending event of a client: by time, class, request number, and a reply before the timeout of its
    /// request.
    #[inline]
    fn next(&self, place: usize) -> (Key, Event) {
        let request = &self.requests[place];
        let mut first = (Key::new(self.mail.next_creation(&self.clients[place].mail), Class::Source), Event::Source);
        let mut offer = |key, event| {
            if key < first.0 {
                first = (key, event);
            }
        };
        for (index, Older { request, .. }) in self.older.of(place).iter().enumerate() {
            offer(Key::new(request.due, request.stage.class()), Event::Step(Slot::Older(index)));
            if request.awaited {
                offer(Key::new(request.sent.plus(self.timeout), Class::Client), Event::Timeout(Slot::Older(index)));
            }
        }
        offer(Key::new(request.due, request.stage.class()), Event::Step(Slot::Newest));
        if request.stage != Stage::Idle {
            offer(Key::new(request.sent.plus(self.timeout), Class::Client), Event::Timeout(Slot::Newest));
            offer(Key::new(self.transport.departure_while_open(request.sent), Class::Client), Event::DepartAgain);
        }
        first
    }

    /// The earliest pending event of a client without older requests, but for the next step of its newest one.
    #[inline]
    fn other_events(&self, place: usize) -> Key {
        let source = Key::new(self.mail.next_creation(&self.clients[place].mail), Class::Source);
        let request = &self.requests[place];
        if request.stage == Stage::Idle {
            return source;
        }
        let departure = self.transport.departure_while_open(request.sent);
        source.min(Key::new(request.sent.plus(self.timeout).min(departure), Class::Client))
    }

    /// Whether other clients may notice the event: the server takes, answers or drops a request. What a client does by
    /// itself, its own messages, and looks of the server that find nothing are nobody else's business.
    fn is_shared(&self, place: usize, event: Event) -> bool {
        match event {
            Event::Source | Event::DepartAgain => false,
            Event::Timeout(_) => self.notices_disconnect,
            Event::Step(Slot::Newest) => self.requests[place].stage.class() == Class::Server,
            Event::Step(Slot::Older(index)) => self.older.of(place)[index].request.stage.class() == Class::Server,
        }
    }

    fn run_event(&mut self, place: usize, now: Time, event: Event) {
        match event {
            Event::Source => self.run_source(place, now),
            Event::DepartAgain => self.depart_again(place, now),
            Event::Timeout(slot) => self.give_up(place, slot, now),
            Event::Step(Slot::Newest) => match self.requests[place].stage {
                Stage::Idle => self.depart(place, now),
                Stage::Up => self.arrive(place, Slot::Newest, now),
                Stage::Held => _ = self.look(place, Slot::Newest, now, now_only(now), now_only(now)),
                Stage::Down => self.take_reply(place, Slot::Newest, now),
            },
            Event::Step(Slot::Older(index)) => match self.older.of(place)[index].request.stage {
                Stage::Idle | Stage::Up => self.arrive(place, Slot::Older(index), now),
                Stage::Held => _ = self.look(place, Slot::Older(index), now, now_only(now), now_only(now)),
                Stage::Down => self.take_reply(place, Slot::Older(index), now),
            },
        }
    }

    /// The source runs a trial, or creates a message.
    fn run_source(&mut self, place: usize, now: Time) {
        let number = self.first_client + place as u32;
        if !self.mail.run_source(&mut self.clients[place].mail, number, now, &mut self.account) {
            return;
        }
        if self.transport.is_notified() {
            let older = self.older.of_mut(place).iter_mut().map(|older| &mut older.request);
            for request in older.chain([&mut self.requests[place]]).filter(|request| request.stage == Stage::Held) {
                request.due = now;
            }
        }
        self.forget(place);
    }

    /// The client asks.
    #[inline]
    fn depart(&mut self, place: usize, now: Time) {
        let number = self.first_client + place as u32;
        let client = &mut self.clients[place];
        let up = Time(self.up.of(number, client.requests));
        client.requests += 1;
        self.requests[place] = Request {
            sent: now,
            due: now.plus(up),
            since: now,
            looks_left: 0,
            stage: Stage::Up,
            awaited: true,
            hits: false,
            mail: self.mail.ask(&client.mail),
        };
        self.account.event(now);
        self.account.request_sent(now, self.http.request_header.0, self.http.request_body.0);
    }

    fn depart_again(&mut self, place: usize, now: Time) {
        self.set_aside(place);
        self.depart(place, now);
    }

    /// Moves the newest request of a client to the older ones.
    fn set_aside(&mut self, place: usize) {
        let older = Older { number: self.clients[place].requests - 1, request: self.requests[place] };
        self.older.push(self.clients.len(), place, older);
    }

    /// A reply reaches the client, which may have left.
    #[inline]
    fn take_reply(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        let request = match slot {
            Slot::Newest => &self.requests[place],
            Slot::Older(index) => &self.older.of(place)[index].request,
        };
        let client = &mut self.clients[place];
        if let Some(created) = self.mail.arrive(&mut client.mail, request, now, &mut self.account)
            && (created > client.newest || client.newest == Time::NEVER)
        {
            self.account.newer(now, client.newest, created);
            client.newest = created;
        }
        match slot {
            Slot::Newest => {
                let request = &mut self.requests[place];
                request.due = self.transport.departure_after_reply(request.sent, now);
                request.stage = Stage::Idle;
            }
            Slot::Older(index) => {
                self.older.remove(place, index);
            }
        }
        self.forget(place);
    }

    /// The client gives up a request.
    fn give_up(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        self.account.timeout(now);
        let is_held = self.request(place, slot).stage == Stage::Held;
        let is_dropped = is_held && self.notices_disconnect;
        if is_dropped {
            self.end_hold(place, slot, now);
        }
        self.request(place, slot).awaited = false;
        let sent = self.request(place, slot).sent;
        match (slot, is_dropped) {
            (Slot::Newest, false) => self.set_aside(place),
            (Slot::Older(index), true) => {
                self.older.remove(place, index);
            }
            (Slot::Newest, true) | (Slot::Older(_), false) => {}
        }
        match self.on_timeout {
            OnTimeout::Retry if slot == Slot::Newest => {
                self.requests[place] = Request::departing(self.transport.departure_after_timeout(sent, now));
            }
            OnTimeout::Retry => {}
            OnTimeout::Stop => self.stop(place, slot, now),
        }
    }

    /// The client asks no more. What is open goes on.
    fn stop(&mut self, place: usize, given_up: Slot, now: Time) {
        let request = &self.requests[place];
        if request.stage == Stage::Idle && request.due == Time::NEVER {
            return;
        }
        if given_up != Slot::Newest && request.stage != Stage::Idle {
            self.set_aside(place);
        }
        self.requests[place] = Request::departing(Time::NEVER);
        self.account.stopped(now);
    }

    #[inline]
    fn forget(&mut self, place: usize) {
        let client = &mut self.clients[place];
        if !self.mail.has_records(&client.mail) {
            return;
        }
        let newest = Some(&self.requests[place]).filter(|request| request.stage != Stage::Idle);
        let older = self.older.of(place).iter().map(|older| &older.request);
        self.mail.forget(&mut client.mail, older.chain(newest).map(|request| &request.mail));
    }

    /// Settles what is open at the horizon.
    pub fn settle(&mut self, horizon: Time) {
        for (place, client) in self.clients.iter().enumerate() {
            let older = self.older.of(place).iter().map(|older| &older.request);
            for request in older.chain([&self.requests[place]]) {
                if request.stage == Stage::Held {
                    self.account.open_at_end(request.since);
                    if self.ticks == Ticks::Skip {
                        let (first, every, count) = self.transport.checks(request, horizon);
                        self.account.checks(first, every, count);
                    }
                }
                self.mail.close_reply(request, &mut self.account);
            }
            self.mail.close(&client.mail, &mut self.account);
        }
    }

    /// The totals of all clients that were settled.
    pub fn close(self) -> Totals {
        self.account.close()
    }
}

/// A limit for what happens at one instant alone.
fn now_only(now: Time) -> Key {
    Key::start_of(now.plus(Time(1)))
}

impl<T: Transport, M: Mail> engine::World for World<'_, T, M> {
    fn next_event(&self, actor: u32) -> Option<Key> {
        let (key, _) = self.next(actor as usize);
        (key.time() < Key::start_of(Time::NEVER).time()).then_some(key)
    }

    #[inline]
    fn run_until(&mut self, actor: u32, limit: Key) -> Option<Key> {
        let place = actor as usize;
        let end = Key::start_of(self.account.horizon());
        let limit = limit.min(end);
        loop {
            let request = &self.requests[place];
            let (step, now) = (Key::new(request.due, request.stage.class()), request.due);
            let others = if self.older.has_any(place) { Key::start_of(Time::ZERO) } else { self.other_events(place) };
            if step > others {
                let (key, event) = self.next(place);
                if key >= if self.is_shared(place, event) { limit } else { end } {
                    return (key < Key::start_of(Time::NEVER)).then_some(key);
                }
                self.run_event(place, key.time(), event);
                continue;
            }
            if step >= if request.stage == Stage::Up { limit } else { end } {
                return (step < Key::start_of(Time::NEVER)).then_some(step);
            }
            match request.stage {
                Stage::Idle => self.depart(place, now),
                Stage::Up => self.arrive(place, Slot::Newest, now),
                Stage::Held => {
                    let answer = self.look(place, Slot::Newest, now, limit, others.min(end));
                    if answer.is_some() {
                        return answer;
                    }
                }
                Stage::Down => self.take_reply(place, Slot::Newest, now),
            }
        }
    }

    #[inline]
    fn preload(&self, actor: u32) {
        let (request, client) = (&self.requests[actor as usize], &self.clients[actor as usize]);
        std::hint::black_box((request.due, request.mail));
        std::hint::black_box((client.requests, client.newest));
        self.mail.preload(&client.mail);
    }
}
