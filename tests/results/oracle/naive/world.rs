//! The state of the naive simulation, its event queue and its logs.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use super::draws::Draws;
use super::log::{Log, Run};
use super::multiplexed::Browser;
use super::person::{Person, Request};
use super::sends::SEND;
use super::source::Process;
use cometsim::model::scenario::{Keep, OnLostReply, Scenario};

/// At one instant the source acts first, then the server, then the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Source,
    Server,
    Client,
}

/// What happens. The order of the variants breaks ties between events of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Restart,
    Trial,
    Create { bytes: u64 },
    ReachLink,
    Arrive,
    Served,
    Check { number: u32 },
    Wake,
    LingerEnd,
    Step,
    NoData,
    GatewayTimeout,
    Reset { packets: u64 },
    Depart,
    Push { index: usize },
    Reply,
    Error,
    Timeout,
    Send,
    Leave,
}

/// One entry of the queue; the derived order of the fields is the order of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub time: u64,
    pub class: Class,
    pub client: u32,
    pub request: u64,
    pub kind: Kind,
}

/// The lock of a browser's session.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    pub is_taken: bool,
    /// Clients and requests that wait for it, and since when.
    pub waiting: VecDeque<(u32, u64, u64)>,
}

/// The running simulation.
pub struct World<'a> {
    pub scenario: &'a Scenario,
    /// What the clients of each population live in, one for all without a mix; and the population of each client of a mix.
    views: &'a [Scenario],
    kinds: &'a [usize],
    /// How many clients there are, and when those come that come one by one.
    pub population: u32,
    pub comers: Vec<u64>,
    parts: Vec<Log>,
    pub draws: Draws,
    pub clients: Range<u32>,
    pub horizon: u64,
    pub now: u64,
    pub people: Vec<Person>,
    pub processes: Vec<Process>,
    pub log: Log,
    pub busy: u64,
    /// Clients and requests that wait for a worker.
    pub waiting: VecDeque<(u32, u64)>,
    /// By browser: connections in use, and who waits for one.
    pub connections: Vec<(u32, VecDeque<(u32, u64)>)>,
    pub locks: Vec<Lock>,
    /// When the links are free again, up and down: that of the server, and those of the browsers.
    pub server_link: (u64, u64),
    pub client_links: Vec<(u64, u64)>,
    pub browsers: Vec<Browser>,
    queue: BinaryHeap<Reverse<Event>>,
}

impl<'a> World<'a> {
    pub fn new(
        scenario: &'a Scenario,
        views: &'a [Scenario],
        kinds: &'a [usize],
        replication: u32,
        clients: Range<u32>,
    ) -> World<'a> {
        let population = super::population(scenario, replication);
        World {
            scenario,
            views,
            kinds,
            population,
            comers: Draws::new(scenario.seed, replication).comers(scenario),
            parts: vec![Log::default(); scenario.populations.len()],
            draws: Draws::new(scenario.seed, replication),
            horizon: scenario.window.horizon().0,
            now: 0,
            people: vec![Person::default(); clients.len()],
            clients,
            processes: Vec::new(),
            log: Log::default(),
            busy: 0,
            waiting: VecDeque::new(),
            connections: vec![(0, VecDeque::new()); population as usize],
            locks: vec![Lock::default(); population as usize],
            server_link: (0, 0),
            client_links: vec![(0, 0); population as usize],
            browsers: vec![Browser::default(); population as usize],
            queue: BinaryHeap::new(),
        }
    }

    /// Runs to the horizon.
    pub fn run(mut self) -> Run {
        self.start_sources();
        self.start_clients();
        self.plan_sends();
        if let Some(restart) = self.scenario.server.restart {
            self.push(restart.at.0, Class::Source, 0, 0, Kind::Restart);
        }
        while let Some(Reverse(event)) = self.queue.pop() {
            if event.time >= self.horizon {
                break;
            }
            assert!(event.time >= self.now, "time moved back");
            self.now = event.time;
            self.handle(event);
        }
        self.acknowledge();
        Run { log: self.log, clients: self.clients, people: self.people, parts: self.parts }
    }

    fn kind(&self, client: u32) -> usize {
        self.kinds.get(client as usize).copied().unwrap_or(0)
    }

    /// What a client lives in.
    pub fn view(&self, client: u32) -> &'a Scenario {
        &self.views[self.kind(client)]
    }

    /// Notes something that is about a client.
    pub fn note(&mut self, client: u32, write: impl Fn(&mut Log)) {
        write(&mut self.log);
        let kind = self.kind(client);
        self.parts.get_mut(kind).into_iter().for_each(write);
    }

    fn handle(&mut self, event: Event) {
        let (client, number) = (event.client, event.request);
        match event.kind {
            Kind::Restart => self.restart(),
            Kind::Leave => self.leave(client),
            Kind::Trial => self.trial(client),
            Kind::Create { bytes } => self.create_from_process(client, bytes),
            Kind::ReachLink => self.reach_link(client, number),
            Kind::Send => self.send_message(client),
            Kind::Arrive => self.arrive(client, number),
            Kind::Served => self.served(client, number),
            Kind::Reset { packets } => self.reset_arrives(client, number, packets),
            Kind::GatewayTimeout => self.time_out_at_gateway(client, number),
            Kind::Error => self.error_arrives(client, number),
            Kind::Check { number: check } => self.check(client, number, check),
            Kind::Wake => self.wake(client, number),
            Kind::LingerEnd => self.end_linger(client, number),
            Kind::Step => self.step(client, number),
            Kind::Push { index } => self.push_arrives(client, number, index),
            Kind::NoData => self.no_data(client, number),
            Kind::Depart => self.depart(client, number),
            Kind::Reply => self.reply_arrives(client, number),
            Kind::Timeout => self.time_out(client, number),
        }
    }

    pub fn push(&mut self, time: u64, class: Class, client: u32, request: u64, kind: Kind) {
        self.queue.push(Reverse(Event { time, class, client, request, kind }));
    }

    pub fn person(&mut self, client: u32) -> &mut Person {
        &mut self.people[(client - self.clients.start) as usize]
    }

    pub fn request(&mut self, client: u32, number: u64) -> &mut Request {
        let person = self.person(client);
        match number.checked_sub(SEND) {
            None => &mut person.requests[number as usize],
            Some(count) => &mut person.posts[count as usize],
        }
    }

    /// The numbers of all requests of a client, with what it sends.
    pub fn numbers(&mut self, client: u32) -> Vec<u64> {
        let person = self.person(client);
        let (requests, posts) = (person.requests.len() as u64, person.posts.len() as u64);
        (0..requests).chain((0..posts).map(|count| SEND + count)).collect()
    }

    /// Whether the server sends no reply to a request.
    pub fn is_unheard(&mut self, client: u32, number: u64) -> bool {
        let server = &self.scenario.server;
        let has_proxy = server.has_proxy || server.read_timeout.is_some() || server.idle_timeout.is_some();
        let closes = has_proxy && !self.speaks_http2(client);
        let request = self.request(client, number);
        request.cut_off || request.reset || (closes && request.left.is_some())
    }

    /// The browser of a client.
    pub fn browser(&self, client: u32) -> usize {
        self.scenario.clients.browsers.map_or(client, |browsers| client / browsers.tabs) as usize
    }

    pub fn redelivers(&self) -> bool {
        self.scenario.server.on_lost_reply == OnLostReply::Redeliver
    }

    pub fn keeps_latest(&self) -> bool {
        self.scenario.source.keep == Keep::Latest
    }
}
