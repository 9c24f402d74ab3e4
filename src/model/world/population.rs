//! The populations of a mix: how their clients ask, and their network.

use super::World;
use super::client::ThinkTime;
use super::network::NetworkPath;
use super::server::Streams;
use crate::model::delay::{DelayLaw, DelaySampler};
use crate::model::ids::{ClientIndex, PerClient};
use crate::model::message_store::MessageStore;
use crate::model::observer::Observer;
use crate::model::scenario::{Delay, Http, OnTimeout, Scenario, Ticks};
use crate::model::transport::{Action, Push, Transport};
use crate::model::turns::Turns;
use crate::random::{Family, Purpose};
use crate::units::Time;

/// The common state and settings of the clients of one population.
#[derive(Debug)]
pub(super) struct PopulationState<'a, T: Transport> {
    pub transport: &'a T,
    pub path: NetworkPath,
    pub http: Http,
    pub timeout: Time,
    pub on_timeout: OnTimeout,
    /// Whether a check that leads to nothing is counted.
    pub counts_empty_checks: bool,
    /// The drift of each sleep.
    pub drift: Option<DelaySampler>,
    pub think_time: ThinkTime,
    pub states: TransportStates<T::State>,
    /// The push connections.
    pub streams: Option<Streams>,
    /// Whether each request needs one of the connections of its browser: over HTTP/1.1, except a WebSocket.
    pub needs_connection: bool,
    /// Whether the reply to a send carries the messages in the mailbox.
    pub piggybacks: bool,
}

/// The transport's state of each client. Without one, all share the state of a new client.
#[derive(Debug)]
pub(super) struct TransportStates<S> {
    new_client: S,
    of_client: PerClient<S>,
}

impl<S: Clone> TransportStates<S> {
    fn new(new_client: S) -> TransportStates<S> {
        TransportStates { new_client, of_client: PerClient::new() }
    }

    fn reset(&mut self, clients: usize) {
        self.of_client.reset(clients, self.new_client.clone());
    }

    /// The state of a client.
    #[inline]
    pub fn of(&mut self, client: ClientIndex) -> &mut S {
        // Known to the compiler: a plain transport pays nothing for it.
        if size_of::<S>() == 0 {
            return &mut self.new_client;
        }
        self.of_client.get_mut(client).unwrap_or(&mut self.new_client)
    }
}

impl<'a, T: Transport> PopulationState<'a, T> {
    /// The clients of `scenario`, all with the same settings. Clients of a mix alternate in any order, so that
    /// prefetched draws of one would be lost.
    fn new(scenario: &Scenario, transport: &'a T, replication: u32, in_turns: bool) -> PopulationState<'a, T> {
        let (server, clients) = (&scenario.server, &scenario.clients);
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let line = |law: &Delay, purpose| DelaySampler::new(DelayLaw::new(law), family(purpose), in_turns);
        let (up, down) = (&scenario.network.up, &scenario.network.down);
        let delays = (line(up, Purpose::UpDelay), line(down, Purpose::DownDelay));
        let is_websocket = transport.push().is_some_and(Push::closes_connection);
        let empty_checks = transport.counts_as_check(false, Action::Hold(Time::ZERO));
        let drift = if empty_checks { server.check_drift.as_ref() } else { None };
        PopulationState {
            transport,
            path: NetworkPath::new(scenario, delays, is_websocket, replication),
            http: scenario.http,
            timeout: clients.timeout,
            on_timeout: clients.on_timeout,
            counts_empty_checks: (scenario.ticks == Ticks::Each || server.check_drift.is_some()) && empty_checks,
            // One draw for each sleep, so none is prefetched.
            drift: drift.map(|law| DelaySampler::new(DelayLaw::new(law), family(Purpose::Drift), true)),
            think_time: ThinkTime::new(transport.random_gap(), &line),
            states: TransportStates::new(transport.new_client()),
            needs_connection: scenario.http.http2.is_none() && !is_websocket,
            piggybacks: transport.piggybacks(),
            streams: transport.push().map(|_| Streams::new(scenario, family(Purpose::PushDelay))),
        }
    }
}

/// The populations of a mix, except the active one, which is in the world.
#[derive(Debug)]
pub(super) struct Populations<'a, T: Transport> {
    turns: Turns,
    /// The population of each client, by client; empty without a mix.
    of_client: PerClient<u32>,
    /// By population; `None` for the active one.
    waiting: Vec<Option<PopulationState<'a, T>>>,
    active: usize,
}

impl<'a, T: Transport> Populations<'a, T> {
    /// The first population, which is active, and all others. `transports` has one for each, at least one.
    pub fn new(
        scenario: &Scenario,
        transports: &'a [T],
        replication: u32,
    ) -> (PopulationState<'a, T>, Populations<'a, T>) {
        let in_turns = scenario.runs_on_queue();
        let state =
            |index| PopulationState::new(&scenario.of_population(index), &transports[index], replication, in_turns);
        let others = (1..scenario.populations.len()).map(|index| Some(state(index)));
        let waiting = std::iter::once(None).chain(others).collect();
        (state(0), Populations { turns: Turns::new(scenario), of_client: PerClient::new(), waiting, active: 0 })
    }
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// Activates the population of the client. Returns the one that was active before.
    #[inline]
    pub(super) fn activate(&mut self, client: ClientIndex) -> usize {
        let before = self.populations.active;
        if LIMITED && let Some(&population) = self.populations.of_client.get(client) {
            self.activate_population(population as usize);
        }
        before
    }

    /// Assigns each client with these numbers to its population.
    pub(super) fn seat(&mut self, numbers: std::ops::Range<u32>) {
        let populations = &mut self.populations;
        if LIMITED && populations.turns.is_mix() {
            populations.of_client = populations.turns.from(numbers.start).take(numbers.len()).collect();
        }
    }

    /// The active population.
    #[inline]
    pub(super) fn active(&self) -> usize {
        self.populations.active
    }

    /// Activates this population.
    #[inline]
    pub(super) fn activate_population(&mut self, population: usize) {
        if LIMITED && population != self.populations.active {
            self.swap(population);
        }
    }

    #[cold]
    fn swap(&mut self, population: usize) {
        if let Some(next) = self.populations.waiting[population].take() {
            let before = std::mem::replace(&mut self.population, next);
            self.populations.waiting[self.populations.active] = Some(before);
            self.populations.active = population;
            self.recorder.activate(population);
        }
    }

    /// Forgets the state of all clients, and makes room for this number of clients.
    pub(super) fn clear_populations(&mut self, clients: usize) {
        for population in self.populations.waiting.iter_mut().flatten().chain([&mut self.population]) {
            population.think_time.clear(clients);
            if population.transport.keeps_state() {
                population.states.reset(clients);
            }
            if let Some(streams) = &mut population.streams {
                streams.clear(clients);
            }
        }
    }
}
