//! The world of one run: clients under one transport, and what each event does.

mod browsers;
mod errors;
mod guard;
mod http2;
mod kind;
mod loss;
mod memory;
mod older;
mod path;
mod pauses;
mod radio;
mod restart;
mod schedule;
mod sends;
mod serve;
mod settle;
mod shares;
mod streams;
mod visits;
mod wire;
mod workers;

use errors::Retries;
pub(crate) use guard::Guard;
use http2::Multiplexed;
use kind::{Kind, Kinds};
pub(crate) use memory::{limits_bytes, waiting_bytes_at_a_guess};
use older::OlderRequests;
use path::{ClientLinks, Lanes};
use sends::Sends;
use shares::Shares;
use visits::Visits;
use wire::{End, Wire};
use workers::{HandingOn, Workers};

use crate::engine::Key;
use crate::model::account::Account;
use crate::model::client::{Client, Ending, Request, Stage, is_send};
use crate::model::delay::{DelayLaw, DelaySampler};
use crate::model::mail::Mail;
use crate::model::scenario::{Arrivals, Restart, Scenario, Ticks};
use crate::model::totals::Totals;
use crate::model::transport::Transport;
use crate::random::{Family, Purpose};
use crate::units::Time;

/// Clients with consecutive numbers in the whole population; places count from the first of them.
///
/// Without `LIMITED` the server is plain: nothing that its limits need costs an instruction.
#[expect(clippy::struct_excessive_bools, reason = "what a scenario has, asked for at each event")]
pub(crate) struct World<'a, T, M: Mail, const LIMITED: bool> {
    /// What the client at work has in common with those of its population.
    kind: Kind<'a, T>,
    kinds: Kinds<'a, T>,
    mail: M,
    starts: Family,
    notices_disconnect: bool,
    /// Whether checks are counted when the hold ends, all at once.
    counts_checks_at_end: bool,
    service: Option<DelaySampler>,
    read_timeout: Option<Time>,
    is_behind_proxy: bool,
    workers: Option<Workers>,
    /// The session of each browser: one request at a time.
    locks: Option<Shares>,
    handing_on: HandingOn,
    retries: Option<Retries>,
    restart: Option<Restart>,
    /// When clients learn that the restart has closed an idle connection.
    closings: Family,
    connections: Option<Shares>,
    visits: Option<Visits>,
    wire: Option<Wire>,
    /// The link of the server.
    server_link: Option<Lanes>,
    client_links: Option<ClientLinks>,
    multiplexed: Option<Multiplexed>,
    /// Whether anything but a delay is between clients and server.
    has_path: bool,
    sends: Option<Sends>,
    /// When the phone of each client last turned on its radio; empty where that is not asked for.
    radios: Vec<Time>,
    has_radios: bool,
    /// Whether the events of all clients take place in the order of time.
    keeps_order: bool,
    /// Whether there are events beyond those of messages, requests and timeouts.
    has_further_events: bool,
    /// Clients whose next event has been brought forward by another client.
    woken: Vec<u32>,
    first_client: u32,
    /// The newest request of each client, or the one that it will send next: nearly all events are about it. A stopped
    /// client never sends it.
    requests: Vec<Request<M::Request>>,
    clients: Vec<Client<M>>,
    /// Until when the proxy waits for the newest request of each client; empty without a proxy.
    gateway_due: Vec<Time>,
    /// The bytes of the newest request of each client, or of its reply, on the way; empty where they do not matter.
    sizes: Vec<u64>,
    older: OlderRequests<M::Request>,
    account: Account,
    /// Up to where clients run: the horizon, or an instant before it.
    end: Time,
    /// Says when to stop before the end, where somebody wants to know only what the run takes.
    guard: Option<Guard<'a>>,
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
    /// The server restarts.
    Restart,
    /// The client sends a message of its own.
    Send,
    /// The client leaves for good.
    Leave,
}

impl<'a, T: Transport, M: Mail, const LIMITED: bool> World<'a, T, M, LIMITED> {
    /// A world without clients, with the transport of each population.
    pub fn new(scenario: &Scenario, transports: &'a [T], mail: M, replication: u32) -> World<'a, T, M, LIMITED> {
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let (server, clients) = (&scenario.server, &scenario.clients);
        let tabs = clients.browsers.map_or(1, |browsers| browsers.tabs);
        let service = |law| DelaySampler::new(DelayLaw::new(law), family(Purpose::Service), scenario.runs_on_queue());
        let (kind, kinds) = Kinds::new(scenario, transports, replication);
        World {
            kind,
            kinds,
            mail,
            starts: family(Purpose::Start),
            notices_disconnect: server.notices_disconnect,
            counts_checks_at_end: scenario.ticks == Ticks::Skip && server.check_drift.is_none(),
            service: server.service.as_ref().map(service),
            read_timeout: server.read_timeout,
            is_behind_proxy: server.is_behind_proxy(),
            workers: server.pool.map(Workers::new),
            locks: server.session_lock.then(|| Shares::new(tabs, 1)),
            handing_on: HandingOn::default(),
            retries: Retries::new(scenario, replication),
            restart: server.restart,
            closings: family(Purpose::Closing),
            connections: clients.browsers.map(|browsers| Shares::new(tabs, browsers.connections)),
            visits: Visits::new(scenario, replication, family(Purpose::Session)),
            wire: Wire::new(scenario, replication),
            server_link: scenario.server_link.map(Lanes::new),
            client_links: ClientLinks::new(scenario),
            multiplexed: Multiplexed::new(scenario),
            has_path: path::is_needed(scenario),
            keeps_order: matches!(scenario.source.arrivals, Arrivals::Group { .. }),
            has_further_events: server.read_timeout.is_some()
                || server.restart.is_some()
                || clients.come_and_go()
                || clients.sends.is_some(),
            sends: Sends::new(scenario, replication),
            radios: Vec::new(),
            has_radios: scenario.cost.is_some_and(|cost| cost.radio.is_some()),
            woken: Vec::new(),
            first_client: 0,
            requests: Vec::new(),
            clients: Vec::new(),
            gateway_due: Vec::new(),
            sizes: Vec::new(),
            older: OlderRequests::new(),
            account: Account::new(scenario),
            end: scenario.window.horizon(),
            guard: None,
        }
    }

    /// Puts the clients with these numbers, before their start, in the place of those that were there.
    pub fn populate(&mut self, clients: std::ops::Range<u32>) {
        self.first_client = clients.start;
        self.older.clear();
        self.requests.clear();
        self.clients.clear();
        self.requests.reserve(clients.len());
        self.clients.reserve(clients.len());
        if LIMITED {
            self.populate_limits(clients.clone());
        }
        self.seat(clients.clone());
        let starts = self.starts;
        for number in clients {
            self.turn_to((number - self.first_client) as usize);
            let bits = starts.stream(u64::from(number)).at(0);
            let mut departure = self.kind.transport.first_departure(bits);
            let mut messages_from = Time::ZERO;
            if LIMITED {
                departure = self.kind.pauses.first_departure(number).unwrap_or(departure);
                if let Some(visits) = &mut self.visits {
                    (departure, messages_from) = visits.begin(number, departure, bits, &mut self.account);
                }
            }
            self.requests.push(Request::departing(departure));
            self.clients.push(Client::new(self.mail.client(number, messages_from)));
        }
    }

    /// Makes room for what so many clients need on a limited server.
    fn populate_limits(&mut self, numbers: std::ops::Range<u32>) {
        let clients = numbers.len();
        if self.read_timeout.is_some() {
            self.gateway_due.clear();
            self.gateway_due.resize(clients, Time::NEVER);
        }
        if self.has_path {
            self.sizes.clear();
            self.sizes.resize(clients, 0);
        }
        if let Some(links) = &mut self.client_links {
            links.clear(clients);
        }
        if let Some(retries) = &mut self.retries {
            retries.clear(clients);
        }
        if let Some(connections) = &mut self.connections {
            connections.clear(clients);
        }
        if let Some(locks) = &mut self.locks {
            locks.clear(clients);
        }
        if let Some(visits) = &mut self.visits {
            visits.clear();
        }
        if let Some(wire) = &mut self.wire {
            wire.clear(clients);
        }
        if let Some(multiplexed) = &mut self.multiplexed {
            multiplexed.clear(clients);
        }
        if self.has_radios {
            self.radios.clear();
            self.radios.resize(clients, Time::NEVER);
        }
        if let Some(sends) = &mut self.sends {
            sends.populate(numbers);
        }
        self.clear_kinds(clients);
    }

    fn run_event(&mut self, place: usize, now: Time, event: Event) {
        match event {
            Event::Source => self.run_source(place, now),
            Event::DepartAgain => self.depart_again(place, now),
            Event::GatewayTimeout(slot) => self.time_out_at_gateway(place, slot, now),
            Event::Timeout(slot) => self.give_up(place, slot, now),
            Event::Restart => self.break_requests(place, now),
            Event::Send => self.send_message(place, now),
            Event::Leave => self.leave(place, now),
            Event::Step(Slot::Newest) => match self.requests[place].stage {
                Stage::Idle => self.depart(place, now),
                Stage::Up | Stage::Link | Stage::Blocked | Stage::Queued | Stage::Locked => {
                    self.arrive(place, Slot::Newest, now);
                }
                Stage::Service => self.end_service(place, Slot::Newest, now),
                Stage::Open => self.step_stream(place, Slot::Newest, now),
                Stage::Held | Stage::Lingering => {
                    _ = self.look(place, Slot::Newest, now, now_only(now), now_only(now));
                }
                Stage::Down => self.take_reply(place, Slot::Newest, now),
            },
            Event::Step(Slot::Older(index)) => match self.older.of(place)[index].request.stage {
                Stage::Idle | Stage::Blocked | Stage::Up | Stage::Link | Stage::Queued | Stage::Locked => {
                    self.arrive(place, Slot::Older(index), now);
                }
                Stage::Service => self.end_service(place, Slot::Older(index), now),
                Stage::Open => self.step_stream(place, Slot::Older(index), now),
                Stage::Held | Stage::Lingering => {
                    _ = self.look(place, Slot::Older(index), now, now_only(now), now_only(now));
                }
                Stage::Down => self.take_reply(place, Slot::Older(index), now),
            },
        }
    }

    /// The source runs a trial, or creates a message.
    fn run_source(&mut self, place: usize, now: Time) {
        let number = self.first_client + place as u32;
        let (mut until, mut is_there) = (self.end_of_trials(now), true);
        if LIMITED && let Some(visits) = &self.visits {
            until = until.min(visits.end(place).plus(Time(1)));
            is_there = !visits.has_left(place);
        }
        let mail = &mut self.clients[place].mail;
        if !self.mail.run_source(mail, number, now, until, is_there, &mut self.account) {
            return;
        }
        if !is_there {
            self.tell_server(place);
        }
        if self.kind.transport.is_notified() {
            let older = self.older.of_mut(place).iter_mut().map(|older| &mut older.request);
            for request in older.chain([&mut self.requests[place]]) {
                if matches!(request.stage, Stage::Held | Stage::Open) {
                    request.due = now;
                }
            }
        }
        self.forget(place);
    }

    /// The client asks.
    #[inline]
    fn depart(&mut self, place: usize, now: Time) {
        let number = self.first_client + place as u32;
        if LIMITED && self.waits_for_connection(place, number, now) {
            return;
        }
        let client = &mut self.clients[place];
        let up = Time(self.kind.up.of(number, client.requests));
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
        self.count_request(place, Slot::Newest, now);
    }

    fn depart_again(&mut self, place: usize, now: Time) {
        self.set_newest_aside(place);
        self.depart(place, now);
    }

    /// A reply reaches the client, which may have left.
    #[inline]
    fn take_reply(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        if LIMITED && self.has_path {
            self.end_reply_on_wire(place, slot, now);
        }
        let request = match slot {
            Slot::Newest => &self.requests[place],
            Slot::Older(index) => &self.older.of(place)[index].request,
        };
        if LIMITED && request.ending == Ending::Error {
            self.take_error(place, slot, now);
            return;
        }
        if let (Slot::Older(index), true) = (slot, LIMITED && request.ending.is_push()) {
            self.take_push(place, index, now);
            return;
        }
        let client = &mut self.clients[place];
        if request.awaited {
            // The end of a connection is no reply.
            let is_end = LIMITED
                && self.kind.streams.is_some()
                && !matches!(slot, Slot::Older(index) if is_send(self.older.of(place)[index].number));
            if !is_end {
                self.account.goodput(now);
            }
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
        let (was_awaited, ending) = (request.awaited, request.ending);
        let carried = if LIMITED { self.mail.carried(request) } else { 0 };
        match slot {
            Slot::Newest => {
                let request = &mut self.requests[place];
                request.due = self.kind.transport.departure_after_reply(request.sent, now);
                request.stage = Stage::Idle;
                if LIMITED {
                    let (client, number) = (self.first_client + place as u32, self.clients[place].requests - 1);
                    self.kind.pauses.adapt(place, carried, now);
                    request.due = self.kind.pauses.after_reply(place, client, number, request.due);
                    let is_cut = ending == Ending::Cut;
                    if let Some(rules) = self.kind.transport.stream().filter(|_| !is_cut) {
                        let answer = rules.end().1;
                        self.account.answered_push(now, answer);
                        self.put_on_wire(End::Client, place, number, now, answer);
                    }
                }
            }
            Slot::Older(index) => {
                self.older.remove(place, index);
            }
        }
        self.forget(place);
        if LIMITED && was_awaited {
            self.free_connection(place, now);
        }
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

    /// The totals of all clients that were settled.
    pub fn close(self) -> Totals {
        self.account.close()
    }
}
