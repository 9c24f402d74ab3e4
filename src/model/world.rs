//! The state of one run: clients, server and network, and the effect of each event.

mod client;
mod dispatch;
mod guard;
mod memory;
mod network;
mod outstanding;
mod population;
mod resource;
mod server;

use client::ClientSide;
pub(crate) use guard::Guard;
pub(crate) use memory::{client_bytes, limits_bytes, waiting_bytes_at_a_guess};
use network::NetworkState;
use outstanding::OutstandingRequests;
use population::{PopulationState, Populations};
use server::ServerState;

use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observed, Observer};
use crate::model::recorder::Recorder;
use crate::model::request::{Request, Stage};
use crate::model::scenario::{Arrivals, Scenario};
use crate::model::totals::Totals;
use crate::model::transport::Transport;
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The clients of a range of numbers; indices count from the first of them.
///
/// Without `LIMITED` the server is plain, and nothing that limits need is compiled in. An event of a long poll on the queue
/// takes 52 instructions, one of a short poll 111 (callgrind, x86-64); with limits both take more than twice as many.
pub(crate) struct World<'a, T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> {
    /// The active population.
    population: PopulationState<'a, T>,
    populations: Populations<'a, T>,
    store: M,
    starts: Family,
    server: ServerState,
    network: NetworkState,
    client_side: ClientSide,
    /// Whether the events of all clients run in order of time.
    keeps_order: bool,
    /// Whether there are events other than those of messages, requests and timeouts.
    has_further_events: bool,
    /// Clients whose next event has been brought forward by another client.
    woken: Vec<ClientIndex>,
    first_client: u32,
    /// The newest request of each client, or the one that it will send next: nearly all events are about it. A stopped
    /// client never sends it.
    requests: PerClient<Request<M::Request>>,
    clients: PerClient<ClientState<M>>,
    older: OutstandingRequests<M::Request>,
    recorder: Recorder<O>,
    /// The end of the current span: the horizon, or an instant before it.
    end: Time,
    /// Stops the run before the end, if only its cost is to be estimated.
    guard: Option<Guard<'a>>,
}

/// The state of one client, except its requests.
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

    /// The client has got a message that was created at `created`, perhaps newer than all that it had.
    #[inline]
    fn note_newest(&mut self, created: Option<Time>, now: Time, recorder: &mut Recorder<impl Observer>) {
        if let Some(created) = created
            && (created > self.newest || self.newest == Time::NEVER)
        {
            recorder.newer(now, self.newest, created);
            self.newest = created;
        }
    }
}

/// One of the open requests of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Newest,
    /// The index in the list of the older ones.
    Older(usize),
}

impl<'a, T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'a, T, M, O, LIMITED> {
    /// A world without clients, with the transport of each population.
    pub fn new(
        (scenario, replication): (&Scenario, u32),
        transports: &'a [T],
        store: M,
        observer: O,
    ) -> World<'a, T, M, O, LIMITED> {
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let (server, clients) = (&scenario.server, &scenario.clients);
        let (population, populations) = Populations::new(scenario, transports, replication);
        World {
            population,
            populations,
            store,
            starts: family(Purpose::Start),
            server: ServerState::new(scenario, replication),
            network: NetworkState::new(scenario, replication),
            client_side: ClientSide::new(scenario, replication),
            keeps_order: matches!(scenario.source.arrivals, Arrivals::Group { .. }),
            has_further_events: server.read_timeout.is_some()
                || server.restart.is_some()
                || clients.come_and_go()
                || clients.sends.is_some(),
            woken: Vec::new(),
            first_client: 0,
            requests: PerClient::new(),
            clients: PerClient::new(),
            older: OutstandingRequests::new(),
            recorder: Recorder::new(scenario, observer),
            end: scenario.window.horizon(),
            guard: None,
        }
    }

    /// Replaces the clients by those with these numbers, before their start.
    pub fn populate(&mut self, clients: std::ops::Range<u32>) {
        self.first_client = clients.start;
        self.woken.clear();
        self.older.clear();
        self.requests.clear(clients.len());
        self.clients.clear(clients.len());
        if LIMITED {
            self.server.clear(clients.len());
            self.network.clear(ClientNumber(self.first_client), clients.len());
            self.client_side.populate(clients.clone());
            self.clear_populations(clients.len());
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
                if let Some(sessions) = &mut self.client_side.sessions {
                    (departure, messages_from) = sessions.begin(number, departure, bits, &mut self.recorder);
                }
            }
            self.requests.push(Request::departing(departure));
            self.clients.push(ClientState::new(self.store.client(number, messages_from)));
        }
    }

    /// Tells the recorder and the other observer what happens to a request.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what happens is known where this is called: the rest of it falls away")]
    fn observe(&mut self, client: ClientIndex, slot: Slot, now: Time, what: Happening) {
        self.observe_request(client, self.request_number(client, slot), now, what);
    }

    /// The same for a request that may not be open any more.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what happens is known where this is called: the rest of it falls away")]
    fn observe_request(&mut self, client: ClientIndex, number: RequestNumber, now: Time, what: Happening) {
        let client = self.number_of(client);
        let observed = Observed { client: client.0, request: number.into(), now, what };
        self.recorder.observe(observed);
    }

    /// The same for what is about the client, not about a request.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what happens is known where this is called: the rest of it falls away")]
    fn observe_client(&mut self, client: ClientIndex, now: Time, what: Happening) {
        self.observe_request(client, RequestNumber::LAST, now, what);
    }

    /// The number of a client in the whole population.
    #[inline]
    fn number_of(&self, client: ClientIndex) -> ClientNumber {
        ClientNumber(self.first_client + client.0)
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
