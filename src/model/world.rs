//! The world of one run: clients under one transport, and what each event does.

mod errors;
mod older;
mod schedule;
mod serve;
mod workers;

use errors::Retries;
use older::OlderRequests;
use workers::Workers;

use crate::engine::Key;
use crate::model::account::Account;
use crate::model::client::{Client, Ending, Older, Request, Stage};
use crate::model::mail::Mail;
use crate::model::network::{DelayLaw, Line};
use crate::model::scenario::{Http, OnTimeout, Scenario, Ticks};
use crate::model::totals::Totals;
use crate::model::transport::{Action, Transport};
use crate::random::{Family, Purpose};
use crate::units::Time;

/// Clients with consecutive numbers in the whole population; places count from the first of them.
///
/// Without `LIMITED` the server is plain: nothing that its limits need costs an instruction.
pub(crate) struct World<'a, T, M: Mail, const LIMITED: bool> {
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
    service: Option<Line>,
    read_timeout: Option<Time>,
    workers: Option<Workers>,
    retries: Option<Retries>,
    /// Clients whose next event has been brought forward by another client.
    woken: Vec<u32>,
    first_client: u32,
    /// The newest request of each client, or the one that it will send next: nearly all events are about it. A stopped
    /// client never sends it.
    requests: Vec<Request<M::Request>>,
    clients: Vec<Client<M>>,
    /// Until when the proxy waits for the newest request of each client; empty without a proxy.
    gateway_due: Vec<Time>,
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

/// A limit for what happens at one instant alone.
fn now_only(now: Time) -> Key {
    Key::start_of(now.plus(Time(1)))
}

/// What a client's next event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The source runs a trial or creates a message.
    Source,
    /// The stage of a request ends, or the server looks again.
    Step(Slot),
    /// The proxy gives up a request.
    GatewayTimeout(Slot),
    /// The client gives up a request.
    Timeout(Slot),
    /// The client asks while the newest request is open.
    DepartAgain,
}

impl<'a, T: Transport, M: Mail, const LIMITED: bool> World<'a, T, M, LIMITED> {
    /// A world without clients.
    pub fn new(scenario: &Scenario, transport: &'a T, mail: M, replication: u32) -> World<'a, T, M, LIMITED> {
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let in_turns = scenario.runs_on_queue();
        let server = &scenario.server;
        let service = server.service.as_ref().map(DelayLaw::new);
        World {
            transport,
            mail,
            up: Line::new(DelayLaw::new(&scenario.network.up), family(Purpose::UpDelay), in_turns),
            down: Line::new(DelayLaw::new(&scenario.network.down), family(Purpose::DownDelay), in_turns),
            starts: family(Purpose::Start),
            http: scenario.http,
            timeout: scenario.clients.timeout,
            on_timeout: scenario.clients.on_timeout,
            notices_disconnect: server.notices_disconnect,
            ticks: scenario.ticks,
            every_look_counts: scenario.ticks == Ticks::Each && transport.is_check(false, Action::Hold(Time::ZERO)),
            service: service.map(|law| Line::new(law, family(Purpose::Service), in_turns)),
            read_timeout: server.read_timeout,
            workers: server.pool.map(Workers::new),
            retries: Retries::new(scenario.clients.on_error, scenario.seed, replication)
                .filter(|_| scenario.may_fail()),
            woken: Vec::new(),
            first_client: 0,
            requests: Vec::new(),
            clients: Vec::new(),
            gateway_due: Vec::new(),
            older: OlderRequests::new(),
            account: Account::new(&scenario.window, server, scenario.ticks),
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
        if self.read_timeout.is_some() {
            self.gateway_due.clear();
            self.gateway_due.resize(self.clients.len(), Time::NEVER);
        }
        if let Some(retries) = &mut self.retries {
            retries.clear(self.clients.len());
        }
    }

    fn run_event(&mut self, place: usize, now: Time, event: Event) {
        match event {
            Event::Source => self.run_source(place, now),
            Event::DepartAgain => self.depart_again(place, now),
            Event::GatewayTimeout(slot) => self.time_out_at_gateway(place, slot, now),
            Event::Timeout(slot) => self.give_up(place, slot, now),
            Event::Step(Slot::Newest) => match self.requests[place].stage {
                Stage::Idle => self.depart(place, now),
                Stage::Up | Stage::Queued => self.arrive(place, Slot::Newest, now),
                Stage::Service => self.end_service(place, Slot::Newest, now),
                Stage::Held => _ = self.look(place, Slot::Newest, now, now_only(now), now_only(now)),
                Stage::Down => self.take_reply(place, Slot::Newest, now),
            },
            Event::Step(Slot::Older(index)) => match self.older.of(place)[index].request.stage {
                Stage::Idle | Stage::Up | Stage::Queued => self.arrive(place, Slot::Older(index), now),
                Stage::Service => self.end_service(place, Slot::Older(index), now),
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
            ending: Ending::Reply,
            mail: self.mail.ask(&client.mail),
        };
        self.account.event(now);
        self.account.request_sent(now, self.http.request_header.0, self.http.request_body.0);
    }

    fn depart_again(&mut self, place: usize, now: Time) {
        self.set_newest_aside(place);
        self.depart(place, now);
    }

    /// Moves the newest request of a client to the older ones.
    fn set_newest_aside(&mut self, place: usize) {
        self.set_aside(place, self.clients[place].requests - 1, self.requests[place]);
    }

    /// Puts a request to the older ones of its client.
    fn set_aside(&mut self, place: usize, number: u64, request: Request<M::Request>) {
        let gateway_due = self.gateway_due.get(place).copied().unwrap_or(Time::NEVER);
        self.older.insert(self.clients.len(), place, Older { number, gateway_due, request });
    }

    /// A reply reaches the client, which may have left.
    #[inline]
    fn take_reply(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        let request = match slot {
            Slot::Newest => &self.requests[place],
            Slot::Older(index) => &self.older.of(place)[index].request,
        };
        if LIMITED && request.ending == Ending::Error {
            self.take_error(place, slot, now);
            return;
        }
        let client = &mut self.clients[place];
        if request.awaited {
            self.account.goodput(now);
            if let Some(retries) = self.retries.as_mut().filter(|_| LIMITED) {
                retries.forget(place);
            }
        }
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
        let stage = self.request(place, slot).stage;
        let is_dropped = stage.is_at_server() && self.notices_disconnect;
        if is_dropped && stage == Stage::Held {
            self.end_hold(place, slot, now);
        } else if !is_dropped && matches!(stage, Stage::Service | Stage::Held) {
            self.account.orphan(now);
        }
        self.request(place, slot).awaited = false;
        let sent = self.request(place, slot).sent;
        match (slot, is_dropped) {
            (Slot::Newest, false) => self.set_newest_aside(place),
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
        if LIMITED && is_dropped {
            self.drop_work(stage, now);
        }
    }

    /// The client asks no more. What is open goes on.
    fn stop(&mut self, place: usize, given_up: Slot, now: Time) {
        let request = &self.requests[place];
        if request.stage == Stage::Idle && request.due == Time::NEVER {
            return;
        }
        if given_up != Slot::Newest && request.stage != Stage::Idle {
            self.set_newest_aside(place);
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
