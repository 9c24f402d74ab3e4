//! The world of one run: all clients under one transport, and what each event does.

use crate::engine::{self, Key};
use crate::model::account::{Account, ReplySize};
use crate::model::client::{Client, Event, Request, Stage};
use crate::model::mailbox::Rules;
use crate::model::network::Line;
use crate::model::scenario::{Arrivals, Http, OnTimeout, Scenario, Ticks};
use crate::model::source::Source;
use crate::model::totals::Totals;
use crate::model::transport::{Action, Transport, View};
use crate::random::{Family, Geometric, Purpose};
use crate::units::Time;

/// A block of clients. Client numbers are those of the whole population, places count from the start of the block.
pub(crate) struct World<'a, T> {
    transport: &'a T,
    source: Source,
    up: Line,
    down: Line,
    /// Scope `request`: the check that hits, per request.
    hits: Option<(Family, Geometric)>,
    rules: Rules,
    http: Http,
    timeout: Time,
    on_timeout: OnTimeout,
    notices_disconnect: bool,
    ticks: Ticks,
    first_client: u32,
    clients: Vec<Client>,
    account: Account,
}

impl<'a, T: Transport> World<'a, T> {
    pub fn new(scenario: &Scenario, transport: &'a T, replication: u32, clients: std::ops::Range<u32>) -> World<'a, T> {
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let source = Source::new(scenario, replication);
        let start = family(Purpose::Start);
        let population = clients.clone().map(|client| {
            let departure = transport.first_departure(start.stream(u64::from(client)).at(0));
            Client::new(departure, source.start(client))
        });
        World {
            clients: population.collect(),
            up: Line::new(&scenario.network.up, family(Purpose::UpDelay)),
            down: Line::new(&scenario.network.down, family(Purpose::DownDelay)),
            hits: match scenario.source.arrivals {
                Arrivals::InRequest { hit } => Some((family(Purpose::Hit), Geometric::new(hit.as_f64()))),
                _ => None,
            },
            rules: Rules { keep: scenario.source.keep, on_lost_reply: scenario.server.on_lost_reply },
            http: scenario.http,
            timeout: scenario.clients.timeout,
            on_timeout: scenario.clients.on_timeout,
            notices_disconnect: scenario.server.notices_disconnect,
            ticks: scenario.ticks,
            first_client: clients.start,
            account: Account::new(&scenario.window),
            transport,
            source,
        }
    }

    /// The source runs a trial, or creates a message.
    fn run_source(&mut self, place: usize, now: Time) {
        let number = self.first_client + place as u32;
        let client = &mut self.clients[place];
        if self.source.counts_events_of(number) {
            self.account.event(now);
        }
        if let Some(bytes) = self.source.advance_due(&mut client.arrivals, number) {
            create(&mut self.account, client, self.rules, now, bytes);
            if let Some(due) = self.transport.wake(now) {
                for request in client.open.iter_mut().filter(|request| request.stage == Stage::Held) {
                    request.due = due;
                }
            }
        }
    }

    /// The client asks.
    fn depart(&mut self, place: usize, now: Time) {
        let number = self.first_client + place as u32;
        let client = &mut self.clients[place];
        let request = client.requests;
        client.requests += 1;
        client.departure = self.transport.departure_after_departure(now);
        self.account.event(now);
        self.account.request_sent(now, self.http.request_header.0, self.http.request_body.0);
        let hit_check =
            self.hits.map_or(0, |(family, gap)| gap.from_bits(family.stream(u64::from(number)).at(request)));
        client.open.push(Request {
            number: request,
            stage: Stage::Up,
            awaited: true,
            due: now.plus(self.up.delay(number, request)),
            deadline: now.plus(self.timeout),
            arrived: Time::ZERO,
            named: client.has,
            checks: 0,
            hit_check,
            carried: 0..0,
        });
    }

    /// The server takes a request, or looks again at one that it holds.
    fn serve(&mut self, place: usize, slot: usize, now: Time, is_new: bool) {
        let client = &mut self.clients[place];
        let view = View {
            mailbox: &client.mailbox,
            rules: self.rules,
            ticks: self.ticks,
            next_creation: client.arrivals.next,
            in_request: self.hits.is_some(),
        };
        let request = &mut client.open[slot];
        let checks_before = request.checks;
        let action = if is_new {
            self.account.event(now);
            if !request.awaited && self.notices_disconnect {
                client.open.remove(slot);
                return;
            }
            request.stage = Stage::Held;
            request.arrived = now;
            self.account.hold_opened(now);
            self.transport.arrive(&view, request, now)
        } else {
            self.transport.look(&view, request, now)
        };
        let has_checked = request.checks > checks_before;
        if has_checked && self.ticks == Ticks::Each {
            self.account.check(now);
        }
        if has_checked && (self.ticks == Ticks::Each || action == Action::Answer) {
            self.account.event(now);
        }
        match action {
            Action::Hold(until) => request.due = until,
            Action::Answer => self.answer(place, slot, now, true),
            Action::GiveUp => self.answer(place, slot, now, false),
        }
    }

    /// The server answers, with what the mailbox has or with "no data".
    fn answer(&mut self, place: usize, slot: usize, now: Time, takes: bool) {
        self.end_hold(place, slot, now);
        let number = self.first_client + place as u32;
        let client = &mut self.clients[place];
        let request = &client.open[slot];
        if takes && self.hits.is_some() && u64::from(request.checks) == request.hit_check {
            create(&mut self.account, client, self.rules, now, self.source.payload());
        }
        let request = &mut client.open[slot];
        if takes {
            request.carried = client.mailbox.take(self.rules, request.named);
        }
        let messages = request.carried.end - request.carried.start;
        let payload = client.mailbox.bytes(&request.carried);
        let body = match messages {
            0 => self.http.empty_body.0,
            count => payload + count * self.http.message_framing.0,
        };
        self.account.reply_sent(now, ReplySize { header: self.http.response_header.0, body, payload }, messages == 0);
        request.stage = Stage::Down;
        request.due = now.plus(self.down.delay(number, request.number));
    }

    fn end_hold(&mut self, place: usize, slot: usize, now: Time) {
        let request = &self.clients[place].open[slot];
        self.account.hold_closed(request.arrived, now);
        if self.ticks == Ticks::Skip {
            let (first, every, count) = self.transport.checks(request, now);
            self.account.checks(first, every, count);
        }
    }

    /// A reply reaches the client, which may have left.
    fn take_reply(&mut self, place: usize, slot: usize, now: Time) {
        let client = &mut self.clients[place];
        let request = client.open.remove(slot);
        self.account.event(now);
        let account = &mut self.account;
        let end = request.carried.end;
        let has_messages = !request.carried.is_empty();
        let duplicates = client.mailbox.arrive(self.rules, request.carried, request.awaited, |fate, created| {
            account.settled(now, fate, created);
        });
        account.duplicated(now, duplicates);
        if request.awaited {
            if has_messages && end > client.has {
                self.account.age(client.newest_since, now, client.newest_created);
                client.has = end;
                client.newest_since = now;
                client.newest_created = client.mailbox.created(end - 1).unwrap_or(now);
            }
            if let (false, Some(departure)) = (client.stopped, self.transport.departure_after_reply(now)) {
                client.departure = departure;
            }
        }
        client.mailbox.forget(self.rules, client.least_named());
    }

    /// The client gives up a request.
    fn give_up(&mut self, place: usize, slot: usize, now: Time) {
        self.account.event(now);
        self.account.timeout(now);
        let client = &mut self.clients[place];
        let request = &mut client.open[slot];
        request.awaited = false;
        let is_held = request.stage == Stage::Held;
        match self.on_timeout {
            OnTimeout::Retry => {
                if let Some(departure) = self.transport.departure_after_timeout(now) {
                    client.departure = departure;
                }
            }
            OnTimeout::Stop if !client.stopped => {
                client.stopped = true;
                client.departure = Time::NEVER;
                self.account.stopped(now);
            }
            OnTimeout::Stop => {}
        }
        if is_held && self.notices_disconnect {
            self.end_hold(place, slot, now);
            self.clients[place].open.remove(slot);
        }
    }

    /// Settles what is open at the horizon and returns the totals.
    pub fn close(mut self, horizon: Time) -> Totals {
        for client in &self.clients {
            for request in client.open.iter().filter(|request| request.stage == Stage::Held) {
                self.account.open_at_end(request.arrived);
                if self.ticks == Ticks::Skip {
                    let (first, every, count) = self.transport.checks(request, horizon);
                    self.account.checks(first, every, count);
                }
            }
            for created in client.mailbox.open() {
                self.account.pending_at_end(created);
            }
            self.account.age(client.newest_since, horizon, client.newest_created);
        }
        self.account.close()
    }
}

/// A message is created for `client`.
fn create(account: &mut Account, client: &mut Client, rules: Rules, now: Time, bytes: u32) {
    account.created(now);
    client.mailbox.create(rules, now, bytes, |fate, created| account.settled(now, fate, created));
    client.mailbox.forget(rules, client.least_named());
}

impl<T: Transport> engine::World for World<'_, T> {
    fn first_event(&self, actor: u32) -> Option<Key> {
        self.clients[actor as usize].next_event().map(|(key, _)| key)
    }

    fn run_event(&mut self, actor: u32, now: Time) -> Option<Key> {
        let place = actor as usize;
        let (_, event) = self.clients[place].next_event()?;
        match event {
            Event::Source => self.run_source(place, now),
            Event::RequestArrives(slot) => self.serve(place, slot, now, true),
            Event::ServerActs(slot) => self.serve(place, slot, now, false),
            Event::ReplyArrives(slot) => self.take_reply(place, slot, now),
            Event::Timeout(slot) => self.give_up(place, slot, now),
            Event::Depart => self.depart(place, now),
        }
        self.first_event(actor)
    }
}
