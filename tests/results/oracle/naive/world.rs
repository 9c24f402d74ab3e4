//! The state of the naive simulation, its event queue and its logs.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use cometsim::model::scenario::{Keep, OnLostReply, Scenario};

use super::draws::Draws;
use super::multiplexed::Browser;
use super::sends::{Frame, SEND};
use super::source::Process;
use super::wire::Tcp;

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

/// What has become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Waiting,
    OnTheWay,
    Delivered(u64),
    Lost(u64),
    Superseded(u64),
}

impl Fate {
    /// The instant since which nothing more can happen to the message.
    pub fn settled(self) -> Option<u64> {
        match self {
            Fate::Waiting | Fate::OnTheWay => None,
            Fate::Delivered(at) | Fate::Lost(at) | Fate::Superseded(at) => Some(at),
        }
    }
}

/// One message for one client.
#[derive(Clone, Debug)]
pub struct Message {
    pub created: u64,
    pub bytes: u64,
    pub fate: Fate,
    /// Copies in replies on their way.
    pub copies: u32,
    /// When it came to the mailbox, and when something first took it from there.
    pub put: u64,
    pub taken: Option<u64>,
    /// A newer message has taken its place (`keep = "latest"`).
    pub overwritten: bool,
}

/// One request, from its departure on.
#[expect(clippy::struct_excessive_bools, reason = "what has happened to it, in any combination")]
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// How many of the client's messages had reached it at departure: the number of the newest one.
    pub named: usize,
    /// With scope `request`: the check that hits.
    pub hit_at: u64,
    /// The client has asked.
    pub asked: u64,
    /// It has a connection, or had one, and since when.
    pub sent: bool,
    pub departed: u64,
    /// That connection had been closed by a restart.
    pub meets_reset: bool,
    /// It has reached the server.
    pub came: Option<u64>,
    /// The server has begun to work on it.
    pub started: Option<u64>,
    /// It has the lock of its session, or had it.
    pub has_lock: bool,
    /// The server has begun to look for messages.
    pub arrived: Option<u64>,
    /// The server holds it, or pushes on its connection, from this instant on.
    pub held_from: Option<u64>,
    /// The proxy has given it up.
    pub cut_off: bool,
    pub cut_off_at: Option<u64>,
    /// The server has got the reset of it.
    pub reset: bool,
    /// Packets of the request, and of the end of its response.
    pub packets: (u64, u64),
    /// Bytes of the request and of the end of its response, on the way.
    pub sizes: (u64, u64),
    /// A notified request that has found something, and waits for more.
    pub lingers: bool,
    /// When the server goes on with an open connection.
    pub step_due: u64,
    /// The proxy has cut the connection.
    pub is_cut: bool,
    /// The response has begun.
    pub responded: bool,
    /// The server has answered, or has dropped the request because its client left.
    pub ended: Option<u64>,
    /// The client has timed out.
    pub left: Option<u64>,
    /// The client has the reply.
    pub done: bool,
    pub answered: Option<u64>,
    pub cargo: Vec<usize>,
}

/// One client, with its requests by number and its messages in order of creation.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub requests: Vec<Request>,
    pub messages: Vec<Message>,
    pub stopped: bool,
    pub errors_in_a_row: u32,
    /// There are messages for the client from this instant on.
    pub from: u64,
    /// When the client has left for good.
    pub gone: Option<u64>,
    /// The server has been told so by a message for others.
    pub told: bool,
    /// What was pushed to it, and on which connection.
    pub pushes: Vec<Push>,
    pub connection: Connection,
    /// What the client sends in requests beside the others, or in frames.
    pub posts: Vec<Request>,
    pub frames: Vec<Frame>,
    pub last_frame: u64,
    pub tcp: Vec<Tcp>,
    /// Adaptive polls: the time to the next one, and when the last reply came.
    pub interval: u64,
    pub last_reply: u64,
}

/// Something that the server pushed.
#[derive(Clone, Debug)]
pub struct Push {
    pub sent: u64,
    pub cargo: Vec<usize>,
    pub packets: u64,
    /// Bytes with which the client answers.
    pub answer: u64,
}

/// The connection on which the server pushes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Connection {
    pub last_sent: u64,
    pub last_arrival: u64,
    pub bytes: u64,
}

/// A check of the server.
#[derive(Clone, Copy, Debug)]
pub struct CheckDone {
    pub at: u64,
    pub answers: bool,
}

/// A reply that the server sent.
#[derive(Clone, Copy, Debug)]
pub struct ReplySent {
    pub at: u64,
    pub messages: u64,
    pub payload: u64,
    pub header: u64,
    pub body: u64,
    /// Whether it is the reply to a poll.
    pub is_of_poll: bool,
}

/// A copy of a message that reached a listening client.
#[derive(Clone, Copy, Debug)]
pub struct Landing {
    pub at: u64,
    pub sent: u64,
    pub created: u64,
    /// Whether the client did not have it yet.
    pub first: bool,
}

/// Everything that happened, in the order in which it happened.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub trials: Vec<u64>,
    pub creations: Vec<u64>,
    pub departures: Vec<u64>,
    pub arrivals: Vec<u64>,
    pub checks: Vec<CheckDone>,
    pub replies: Vec<ReplySent>,
    pub reply_arrivals: Vec<u64>,
    pub landings: Vec<Landing>,
    pub timeouts: Vec<u64>,
    pub stops: Vec<u64>,
    pub services: Vec<u64>,
    pub good_replies: Vec<u64>,
    pub orphans: Vec<u64>,
    pub ghosts: Vec<u64>,
    pub gateway_timeouts: Vec<u64>,
    pub refusals: Vec<u64>,
    /// When requests were taken by a worker, and how long they had waited.
    pub starts: Vec<(u64, u64)>,
    /// Workers occupied and requests waiting from an instant on.
    pub levels: Vec<(u64, u64, u64)>,
    /// Requests that the restart broke or refused.
    pub broken: Vec<u64>,
    /// Of the broken ones those that were at the server.
    pub broken_at_server: Vec<u64>,
    /// When requests got a connection, and how long they had waited; the same for the lock.
    pub connections: Vec<(u64, u64)>,
    pub locks: Vec<(u64, u64)>,
    /// When clients came, and when they left or will leave.
    pub visits: Vec<(u64, u64)>,
    pub leaves: Vec<u64>,
    /// Header and body of each request.
    pub request_sizes: Vec<(u64, u64, u64)>,
    /// Bytes of the messages that clients send.
    pub payloads_up: Vec<(u64, u64)>,
    /// Bytes of clients that are no requests.
    pub more_up: Vec<(u64, u64)>,
    /// What was pushed: bytes, and how many of them are messages.
    pub pushed: Vec<(u64, u64, u64)>,
    /// Connections that the proxy cut.
    pub idle_timeouts: Vec<u64>,
    /// What the server did on open connections.
    pub steps: Vec<u64>,
    /// When packets left, how many, with how many bytes, and whether they went up.
    pub packets: Vec<(u64, u64, u64, bool)>,
    /// When the server pushed something, and when clients sent frames.
    pub pushes: Vec<u64>,
    pub frames: Vec<u64>,
    /// Clients that sent something, or got something by itself.
    pub wakes: Vec<(u32, u64)>,
    /// What the server sent: when, when it had passed the links, and its bytes.
    pub waited_for_links: Vec<(u64, u64, u64)>,
    /// From when until when each TCP connection was open.
    pub lives: Vec<(u64, u64)>,
    /// When connections were opened.
    pub opened: Vec<u64>,
    /// What passed the link of the server: when it came, and when it began and ended to pass.
    pub up_link: Vec<(u64, u64, u64)>,
    pub down_link: Vec<(u64, u64, u64)>,
    /// When packets were sent that were lost.
    pub lost_packets: Vec<u64>,
    /// When clients sent messages, and when that failed.
    pub clicks: Vec<u64>,
    pub failures: Vec<u64>,
    /// When messages were sent that reached the server for a room.
    pub to_rooms: Vec<u64>,
}

/// A finished run.
#[derive(Clone, Debug)]
pub struct Run {
    pub log: Log,
    /// The clients with these numbers.
    pub clients: Range<u32>,
    pub people: Vec<Person>,
    /// The part of the log that is about the clients of each population of a mix.
    pub parts: Vec<Log>,
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
