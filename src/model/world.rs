//! The world of one run: clients under one transport, and what each event does.

mod admission;
mod answers;
mod browsers;
mod client;
mod failures;
mod guard;
mod holds;
mod leaving;
mod memory;
mod network;
mod outstanding;
mod population;
mod resource;
mod schedule;
mod sends;
mod server;
mod server_failures;
mod settle;
mod streams;
mod transfers;

use client::{Radios, Retries, Senders, Sessions};
pub(crate) use guard::Guard;
use holds::CheckBounds;
pub(crate) use memory::{client_bytes, limits_bytes, waiting_bytes_at_a_guess};
use network::{Message, NetworkState};
use outstanding::OutstandingRequests;
use population::{PopulationState, Populations};
use resource::Resources;
use server::ServerState;

use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::recorder::Recorder;
use crate::model::request::{Ending, Origin, Request, Stage};
use crate::model::scenario::{Arrivals, Scenario};
use crate::model::totals::Totals;
use crate::model::transport::Transport;
use crate::random::{Family, Purpose};
use crate::units::Time;

/// Clients with consecutive numbers in the whole population; places count from the first of them.
///
/// Without `LIMITED` the server is plain: nothing that its limits need costs an instruction.
#[expect(clippy::struct_excessive_bools, reason = "what a scenario has, asked for at each event")]
pub(crate) struct World<'a, T: Transport, M: MessageStore, const LIMITED: bool> {
    /// What the client at work has in common with those of its population.
    population: PopulationState<'a, T>,
    populations: Populations<'a, T>,
    store: M,
    starts: Family,
    server: ServerState,
    retries: Option<Retries>,
    connections: Option<Resources>,
    sessions: Option<Sessions>,
    network: NetworkState,
    senders: Option<Senders>,
    radios: Option<Radios>,
    /// Whether the events of all clients take place in the order of time.
    keeps_order: bool,
    /// Whether there are events beyond those of messages, requests and timeouts.
    has_further_events: bool,
    /// Clients whose next event has been brought forward by another client.
    woken: Vec<ClientIndex>,
    first_client: u32,
    /// The newest request of each client, or the one that it will send next: nearly all events are about it. A stopped
    /// client never sends it.
    requests: PerClient<Request<M::Request>>,
    clients: PerClient<ClientState<M>>,
    /// The bytes of the newest request of each client, or of its reply, on the way; empty where they do not matter.
    sizes: PerClient<u64>,
    older: OutstandingRequests<M::Request>,
    recorder: Recorder,
    /// Up to where clients run: the horizon, or an instant before it.
    end: Time,
    /// Says when to stop before the end, where somebody wants to know only what the run takes.
    guard: Option<Guard<'a>>,
}

/// The state of one client, but for its requests.
#[derive(Clone, Debug)]
pub(crate) struct ClientState<M: MessageStore> {
    /// Polls sent so far.
    requests: u64,
    /// When the newest message that the client has was created; `NEVER` without one.
    newest: Time,
    messages: M::Client,
}

impl<M: MessageStore> ClientState<M> {
    fn new(messages: M::Client) -> ClientState<M> {
        ClientState { requests: 0, newest: Time::NEVER, messages }
    }
}

/// One of the open requests of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Newest,
    /// The client in the list of the older ones.
    Older(usize),
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

impl<'a, T: Transport, M: MessageStore, const LIMITED: bool> World<'a, T, M, LIMITED> {
    /// A world without clients, with the transport of each population.
    pub fn new(scenario: &Scenario, transports: &'a [T], store: M, replication: u32) -> World<'a, T, M, LIMITED> {
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let (server, clients) = (&scenario.server, &scenario.clients);
        let tabs = clients.browsers.map_or(1, |browsers| browsers.tabs);
        let (population, populations) = Populations::new(scenario, transports, replication);
        World {
            population,
            populations,
            store,
            starts: family(Purpose::Start),
            server: ServerState::new(scenario, replication),
            retries: Retries::new(scenario, replication),
            connections: clients.browsers.map(|browsers| Resources::new(tabs, browsers.connections)),
            sessions: Sessions::new(scenario, replication),
            network: NetworkState::new(scenario, replication),
            keeps_order: matches!(scenario.source.arrivals, Arrivals::Group { .. }),
            has_further_events: server.read_timeout.is_some()
                || server.restart.is_some()
                || clients.come_and_go()
                || clients.sends.is_some(),
            senders: Senders::new(scenario, replication),
            radios: Radios::new(scenario),
            woken: Vec::new(),
            first_client: 0,
            requests: PerClient::new(),
            clients: PerClient::new(),
            sizes: PerClient::new(),
            older: OutstandingRequests::new(),
            recorder: Recorder::new(scenario),
            end: scenario.window.horizon(),
            guard: None,
        }
    }

    /// Puts the clients with these numbers, before their start, in the client of those that were there.
    pub fn populate(&mut self, clients: std::ops::Range<u32>) {
        self.first_client = clients.start;
        self.older.clear();
        self.requests.clear(clients.len());
        self.clients.clear(clients.len());
        if LIMITED {
            self.populate_limits(clients.clone());
        }
        self.seat(clients.clone());
        let starts = self.starts;
        for number in clients.map(ClientNumber) {
            self.activate(ClientIndex(number.0 - self.first_client));
            let bits = starts.stream(u64::from(number.0)).at(0);
            let mut departure = self.population.transport.first_departure(bits);
            let mut messages_from = Time::ZERO;
            if LIMITED {
                departure = self.population.think_time.first_departure(number).unwrap_or(departure);
                if let Some(sessions) = &mut self.sessions {
                    (departure, messages_from) = sessions.begin(number, departure, bits, &mut self.recorder);
                }
            }
            self.requests.push(Request::departing(departure));
            self.clients.push(ClientState::new(self.store.client(number, messages_from)));
        }
    }

    /// Makes room for what so many clients need on a limited server.
    fn populate_limits(&mut self, numbers: std::ops::Range<u32>) {
        let clients = numbers.len();
        self.server.clear(clients);
        if self.network.has_sizes() {
            self.sizes.reset(clients, 0);
        }
        self.network.clear(ClientNumber(self.first_client), clients);
        if let Some(retries) = &mut self.retries {
            retries.clear(clients);
        }
        if let Some(connections) = &mut self.connections {
            connections.clear(clients);
        }
        if let Some(sessions) = &mut self.sessions {
            sessions.clear(clients);
        }
        if let Some(radios) = &mut self.radios {
            radios.clear(clients);
        }
        if let Some(senders) = &mut self.senders {
            senders.populate(numbers);
        }
        self.clear_kinds(clients);
    }

    /// The number of a client in the whole population.
    #[inline]
    fn number_of(&self, client: ClientIndex) -> ClientNumber {
        ClientNumber(self.first_client + client.0)
    }

    fn run_event(&mut self, client: ClientIndex, now: Time, event: Event) {
        match event {
            Event::Source => self.run_source(client, now),
            Event::DepartAgain => self.depart_again(client, now),
            Event::GatewayTimeout(slot) => self.time_out_at_gateway(client, slot, now),
            Event::Timeout(slot) => self.give_up(client, slot, now),
            Event::Restart => self.break_requests(client, now),
            Event::Send => self.send_message(client, now),
            Event::Leave => self.leave(client, now),
            Event::Step(Slot::Newest) => match self.requests[client].stage {
                Stage::Idle => self.depart(client, now),
                Stage::Up | Stage::Link | Stage::Blocked | Stage::Queued | Stage::Locked => {
                    self.arrive(client, Slot::Newest, now);
                }
                Stage::Service => self.end_service(client, Slot::Newest, now),
                Stage::Open => self.step_stream(client, Slot::Newest, now),
                Stage::Held { .. } | Stage::Lingering => {
                    _ = self.check(client, Slot::Newest, now, CheckBounds::at(now));
                }
                Stage::Down => self.take_reply(client, Slot::Newest, now),
            },
            Event::Step(Slot::Older(index)) => match self.older.of(client)[index].request.stage {
                Stage::Idle | Stage::Blocked | Stage::Up | Stage::Link | Stage::Queued | Stage::Locked => {
                    self.arrive(client, Slot::Older(index), now);
                }
                Stage::Service => self.end_service(client, Slot::Older(index), now),
                Stage::Open => self.step_stream(client, Slot::Older(index), now),
                Stage::Held { .. } | Stage::Lingering => {
                    _ = self.check(client, Slot::Older(index), now, CheckBounds::at(now));
                }
                Stage::Down => self.take_reply(client, Slot::Older(index), now),
            },
        }
    }

    /// The source runs a trial, or creates a message.
    fn run_source(&mut self, client: ClientIndex, now: Time) {
        let number = self.number_of(client);
        let (mut until, mut is_there) = (self.end_of_trials(now), true);
        if LIMITED && let Some(sessions) = &self.sessions {
            until = until.min(sessions.end_of(client).plus(Time(1)));
            is_there = !sessions.has_left(client);
        }
        let messages = &mut self.clients[client].messages;
        if !self.store.run_source(messages, number, now, until, is_there, &mut self.recorder) {
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

    fn depart_again(&mut self, client: ClientIndex, now: Time) {
        self.set_newest_aside(client);
        self.depart(client, now);
    }

    /// A reply reaches the client, which may have left.
    #[inline]
    fn take_reply(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        if LIMITED && self.network.has_sizes() {
            self.receive_reply(client, slot, now);
        }
        let request = match slot {
            Slot::Newest => &self.requests[client],
            Slot::Older(index) => &self.older.of(client)[index].request,
        };
        if LIMITED && request.ending == Ending::Error {
            self.take_error(client, slot, now);
            return;
        }
        if let Slot::Older(index) = slot
            && LIMITED
            && self.older.of(client)[index].origin.is_push()
        {
            self.take_push(client, index, now);
            return;
        }
        if request.is_awaited() {
            // The end of a connection is no reply.
            let is_end = LIMITED && self.population.streams.is_some() && self.origin(client, slot) == Origin::Poll;
            if !is_end {
                self.recorder.goodput(now);
            }
            if let Some(retries) = self.retries.as_mut().filter(|_| LIMITED) {
                retries.forget(client);
            }
        }
        let state = &mut self.clients[client];
        if let Some(created) = self.store.arrive(&mut state.messages, request, now, &mut self.recorder)
            && (created > state.newest || state.newest == Time::NEVER)
        {
            self.recorder.newer(now, state.newest, created);
            state.newest = created;
        }
        let (was_awaited, ending) = (request.is_awaited(), request.ending);
        let carried = if LIMITED { self.store.carried(request) } else { 0 };
        match slot {
            Slot::Newest => {
                let request = &mut self.requests[client];
                let (transport, state) = (self.population.transport, self.population.states.of(client));
                request.due = transport.departure_after_reply(state, request.sent, carried, now);
                request.stage = Stage::Idle;
                if LIMITED {
                    let (name, number) = (
                        ClientNumber(self.first_client + client.0),
                        RequestNumber::of_poll(self.clients[client].requests - 1),
                    );
                    request.due = self.population.think_time.after_reply(client, name, number, request.due);
                    if let Some(protocol) = transport.push()
                        && ending != Ending::Cut
                    {
                        let answer = protocol.end().1;
                        self.recorder.answered_push(now, answer);
                        let exchange = self.exchange(client, slot);
                        self.transit(now).send_packets(&Message::up(exchange, answer));
                    }
                }
            }
            Slot::Older(index) => {
                self.older.remove(client, index);
            }
        }
        self.forget(client);
        if LIMITED && was_awaited {
            self.free_connection(client, now);
        }
    }

    #[inline]
    fn forget(&mut self, client: ClientIndex) {
        let state = &mut self.clients[client];
        if !self.store.has_records(&state.messages) {
            return;
        }
        let newest = Some(&self.requests[client]).filter(|request| request.stage != Stage::Idle);
        let older = self.older.of(client).iter().map(|older| &older.request);
        self.store.forget(&mut state.messages, older.chain(newest).map(|request| &request.messages));
    }

    /// The totals of all clients that were settled.
    pub fn close(self) -> Totals {
        self.recorder.close()
    }
}
