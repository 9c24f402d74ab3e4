//! What differs between the populations of a mix: how clients ask, and over what network.

use super::World;
use super::loss::Losses;
use super::pauses::Pauses;
use super::streams::Streams;
use crate::model::delay::{DelayLaw, DelaySampler};
use crate::model::mail::Mail;
use crate::model::scenario::{self, Delay, Http, Http2, Link, OnTimeout, Scenario, Ticks};
use crate::model::transport::{Action, Pushing, Transport};
use crate::model::turns::Turns;
use crate::random::{Family, Purpose};
use crate::units::Time;

/// What the clients of one population have in common.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what a population has, asked for at each event")]
pub(super) struct Kind<'a, T> {
    pub transport: &'a T,
    pub up: DelaySampler,
    pub down: DelaySampler,
    pub http: Http,
    pub timeout: Time,
    pub on_timeout: OnTimeout,
    /// Whether a look that leads to nothing is counted.
    pub every_look_counts: bool,
    /// What each sleep takes on top.
    pub drift: Option<DelaySampler>,
    pub pauses: Pauses,
    /// Whether the server holds a request of these clients, if only for no time.
    pub holds: bool,
    /// The connections on which the server pushes.
    pub streams: Option<Streams>,
    /// HTTP/2, but for a WebSocket.
    pub http2: Option<Http2>,
    /// Whether each request needs one of the connections of its browser: under HTTP/1.1, but for a WebSocket.
    pub needs_connection: bool,
    /// Whether the reply to what a client sends takes along what waits for it.
    pub piggybacks: bool,
    /// What each client has, or the tabs of a browser together.
    pub link: Option<Link>,
    pub losses: Option<Losses>,
}

impl<'a, T: Transport> Kind<'a, T> {
    /// The clients of `scenario`, all of one kind. Those of a mix take turns in any order, so that draws made ahead for one
    /// of them would be lost.
    fn new(scenario: &Scenario, transport: &'a T, replication: u32, in_turns: bool) -> Kind<'a, T> {
        let (server, clients) = (&scenario.server, &scenario.clients);
        let family = |purpose| Family::new(scenario.seed, replication, purpose);
        let line = |law: &Delay, purpose| DelaySampler::new(DelayLaw::new(law), family(purpose), in_turns);
        let is_websocket = transport.stream().is_some_and(Pushing::closes_connection);
        let looks_in_vain = transport.is_check(false, Action::Hold(Time::ZERO));
        Kind {
            transport,
            up: line(&scenario.network.up, Purpose::UpDelay),
            down: line(&scenario.network.down, Purpose::DownDelay),
            http: scenario.http,
            timeout: clients.timeout,
            on_timeout: clients.on_timeout,
            every_look_counts: (scenario.ticks == Ticks::Each || server.check_drift.is_some()) && looks_in_vain,
            // One draw for each sleep, so none is made ahead.
            drift: (server.check_drift.as_ref().filter(|_| looks_in_vain))
                .map(|law| DelaySampler::new(DelayLaw::new(law), family(Purpose::Drift), true)),
            pauses: Pauses::new(scenario, &line),
            holds: !matches!(
                scenario.transport,
                scenario::TransportConfig::ShortPoll(_) | scenario::TransportConfig::AdaptivePoll(_)
            ),
            http2: scenario.http.http2.filter(|_| !is_websocket),
            needs_connection: scenario.http.http2.is_none() && !is_websocket,
            piggybacks: scenario.transport.piggybacks(),
            link: scenario.network.client_link,
            losses: Losses::new(scenario, replication),
            streams: (transport.stream()).map(|rules| Streams::new(*rules, scenario, family(Purpose::PushDelay))),
        }
    }
}

/// The populations of a mix. One of them is at work in the world; the others wait here.
#[derive(Debug)]
pub(super) struct Kinds<'a, T> {
    turns: Turns,
    /// The population of each client, by place; empty without a mix.
    of_place: Vec<u32>,
    /// By population; `None` in the place of the one at work.
    waiting: Vec<Option<Kind<'a, T>>>,
    at_work: usize,
}

impl<'a, T: Transport> Kinds<'a, T> {
    /// The first population, at work, and all others. `transports` has one for each, at least one.
    pub fn new(scenario: &Scenario, transports: &'a [T], replication: u32) -> (Kind<'a, T>, Kinds<'a, T>) {
        let in_turns = scenario.runs_on_queue();
        let kind = |place| Kind::new(&scenario.of_population(place), &transports[place], replication, in_turns);
        let others = (1..scenario.populations.len()).map(|place| Some(kind(place)));
        let waiting = std::iter::once(None).chain(others).collect();
        (kind(0), Kinds { turns: Turns::new(scenario), of_place: Vec::new(), waiting, at_work: 0 })
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Puts the population of the client at `place` to work. Returns the one that was at work before.
    #[inline]
    pub(super) fn turn_to(&mut self, place: usize) -> usize {
        let before = self.kinds.at_work;
        if LIMITED && let Some(&population) = self.kinds.of_place.get(place) {
            self.turn_back(population as usize);
        }
        before
    }

    /// Clients with these numbers take the places.
    pub(super) fn seat(&mut self, numbers: std::ops::Range<u32>) {
        let kinds = &mut self.kinds;
        if LIMITED && kinds.turns.is_mix() {
            kinds.of_place.clear();
            kinds.of_place.extend(kinds.turns.from(numbers.start).take(numbers.len()));
        }
    }

    /// The population at work.
    #[inline]
    pub(super) fn at_work(&self) -> usize {
        self.kinds.at_work
    }

    /// Puts this population to work.
    #[inline]
    pub(super) fn turn_back(&mut self, population: usize) {
        if LIMITED && population != self.kinds.at_work {
            self.exchange(population);
        }
    }

    #[cold]
    fn exchange(&mut self, population: usize) {
        if let Some(kind) = self.kinds.waiting[population].take() {
            let before = std::mem::replace(&mut self.kind, kind);
            self.kinds.waiting[self.kinds.at_work] = Some(before);
            self.kinds.at_work = population;
            self.account.turn_to(population);
        }
    }

    /// Forgets what populations keep of their clients, and makes room for so many.
    pub(super) fn clear_kinds(&mut self, clients: usize) {
        for kind in self.kinds.waiting.iter_mut().flatten().chain([&mut self.kind]) {
            kind.pauses.clear(clients);
            if let Some(streams) = &mut kind.streams {
                streams.clear(clients);
            }
        }
    }
}
