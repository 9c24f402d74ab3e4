//! Random scenarios, biased to the corners where two readings of the model part.
//!
//! Most times are multiples of one step, so that a source, a check, a poll, a timeout and the edges of the window meet at
//! one instant; some are not, so that nothing relies on it.

mod sources;
mod transports;
mod valid;

use cometsim::model::scenario::{
    Arrivals, Backoff, Browsers, Clients, Cost, Crowd, Delay, EnginePath, Http, Http2, Link, Loss, Network, OnError,
    OnLostReply, OnTimeout, Pool, Population, Process, Radio, Restart, Scenario, Sends, Server, Source, Ticks, Tls,
    TransportConfig, Window, Wire,
};
use cometsim::units::{BitRate, Bytes, Probability, Rate, Time};
use proptest::collection::vec;
use proptest::prelude::*;
use sources::{arrivals, fit_trace, keep, phase, rate, spread};
use transports::{delay, transport};
use valid::{let_polls_overlap, make_valid};

/// The lattice of most times, in nanoseconds.
pub const STEP: u64 = 250_000_000;

/// A span of `low..=high` steps, rarely off the lattice, never zero unless `low` is.
fn steps(low: u64, high: u64) -> impl Strategy<Value = Time> {
    prop_oneof![
        9 => (low..=high).prop_map(|count| Time(count * STEP)),
        1 => (low * STEP..=high * STEP).prop_map(Time),
    ]
}

/// Any scenario that an experiment file can describe, small enough to simulate in a moment.
pub fn scenario() -> impl Strategy<Value = Scenario> {
    // Boxed, so that a test's thread has room for them in a debug build.
    let parts = (
        (any::<u64>(), window(), clients()),
        (arrivals().boxed(), spread(), bytes(60), keep(), http()),
        (
            server().boxed(),
            network().boxed(),
            transport().boxed(),
            timeout(),
            any::<bool>(),
            any::<bool>(),
            come_and_go().boxed(),
            populations().boxed(),
            wire().boxed(),
            more().boxed(),
        ),
    );
    parts.prop_map(|((seed, window, clients), (arrivals, spread, payload, keep, http), rest)| {
        let (server, network, transport, timeout, overlap, each) = (rest.0, rest.1, rest.2, rest.3, rest.4, rest.5);
        let clients = Clients { session: rest.6.0, arrival_rate: rest.6.1, crowd: rest.6.2, ..clients };
        let mut scenario = Scenario {
            server_link: None,
            seed,
            window,
            clients,
            source: Source { arrivals, payload, keep, spread },
            http,
            server,
            network,
            transport,
            ticks: if each { Ticks::Each } else { Ticks::Skip },
            path: EnginePath::Auto,
            cost: None,
            wire: rest.8,
            populations: Vec::new(),
        };
        scenario.clients.timeout = timeout.resolve(&scenario);
        if overlap {
            let_polls_overlap(&mut scenario);
        }
        rest.9.add_to(&mut scenario);
        make_valid(&mut scenario);
        mix(&mut scenario, rest.7, &rest.9);
        fit_trace(&mut scenario);
        scenario
    })
}

/// What half of the scenarios have beyond delays, and messages that clients send.
#[derive(Clone, Debug)]
struct More {
    sends: Option<Sends>,
    group: Option<u32>,
    piggyback: bool,
    server_link: Option<Link>,
    client_link: Option<Link>,
    loss: Option<Loss>,
    http2: Option<Http2>,
    cost: Option<Cost>,
}

impl More {
    fn add_to(&self, scenario: &mut Scenario) {
        scenario.cost = self.cost;
        scenario.clients.sends.clone_from(&self.sends);
        if let (Some(size), Some(_)) = (self.group, &self.sends) {
            scenario.source.arrivals = Arrivals::Group { size };
        }
        scenario.server_link = self.server_link;
        self.add_to_kind(scenario.wire.is_some(), &mut scenario.network, &mut scenario.http, &mut scenario.transport);
    }

    fn add_to_kind(&self, has_wire: bool, network: &mut Network, http: &mut Http, transport: &mut TransportConfig) {
        network.client_link = self.client_link;
        network.loss = self.loss.filter(|_| has_wire);
        http.http2 = self.http2;
        match transport {
            TransportConfig::ShortPoll(poll) => poll.piggyback = self.piggyback,
            TransportConfig::LongPoll(poll) => poll.piggyback = self.piggyback,
            TransportConfig::AdaptivePoll(poll) => poll.piggyback = self.piggyback,
            TransportConfig::Streaming(_) | TransportConfig::Sse(_) | TransportConfig::WebSocket(_) => (),
        }
    }
}

fn more() -> impl Strategy<Value = More> {
    let process = prop_oneof![
        1 => rate().prop_map(|rate| Process::Poisson { rate }),
        3 => (steps(1, 20), phase()).prop_map(|(every, phase)| Process::Periodic { every, phase }),
        1 => (steps(1, 40), steps(1, 40), rate()).prop_map(|(on, off, rate)| Process::OnOff { on, off, rate }),
    ];
    let sends = (process, bytes(200)).prop_map(|(process, payload)| Some(Sends { process, payload }));
    let sends = prop_oneof![1 => Just(None), 1 => sends];
    let group = prop_oneof![1 => Just(None), 2 => (1..=4u32).prop_map(Some)];
    let timeouts = (steps(1, 4), steps(0, 12));
    let loss = (1..=10u64, timeouts).prop_map(|(share, (timeout, more))| {
        let rate = Probability::new(share, 20).unwrap_or(Probability::ONE);
        Some(Loss { rate, timeout, max_timeout: timeout.plus(more) })
    });
    let loss = prop_oneof![2 => Just(None), 1 => loss];
    let http2 = (bytes(600), bytes(60), bytes(200), bytes(40), bytes(40)).prop_map(
        |(first_request, request, first_response, response, date)| {
            Some(Http2 { first_request, request, first_response, response, date })
        },
    );
    let http2 = prop_oneof![2 => Just(None), 1 => http2];
    (sends, group, any::<bool>(), link(), link(), loss, http2, cost()).prop_map(
        |(sends, group, piggyback, server_link, client_link, loss, http2, cost)| More {
            sends,
            group,
            piggyback,
            server_link,
            client_link,
            loss,
            http2,
            cost,
        },
    )
}

/// Three in five scenarios ask for no costs. Prices are primes of different sizes, so that nothing stands for anything else.
fn cost() -> impl Strategy<Value = Option<Cost>> {
    let radio = prop_oneof![Just(None), Just(Some(Radio { idle_ma: 5.0, charge_mas: 300.0 }))];
    let cost = (radio, bytes(2_000)).prop_map(|(radio, memory_per_connection)| {
        Some(Cost {
            cpu_per_request: Time(100_003),
            cpu_per_check: Time(10_007),
            cpu_per_byte: Time(3),
            cpu_per_push: Time(20_011),
            cpu_per_handshake: Time(1_000_003),
            memory_per_connection,
            memory_per_worker: Bytes(700_001),
            memory_base: Bytes(11),
            price_per_gb: 0.09,
            price_per_core_hour: 0.04,
            radio,
        })
    });
    prop_oneof![3 => Just(None), 2 => cost]
}

/// Links on which a message of usual size takes some milliseconds to some steps.
fn link() -> impl Strategy<Value = Option<Link>> {
    let rate = || prop_oneof![1 => Just(None), 2 => (2_000..200_000u64).prop_map(|bits| Some(BitRate(bits)))];
    let link = (rate(), rate()).prop_map(|(up, down)| up.or(down).map(|_| Link { up, down }));
    prop_oneof![2 => Just(None), 1 => link]
}

/// Half of the scenarios have no TCP.
fn wire() -> impl Strategy<Value = Option<Wire>> {
    let tls = (bytes(300), bytes(900), bytes(30)).prop_map(|(client, server, record)| Tls { client, server, record });
    let tls = prop_oneof![2 => Just(None), 1 => tls.prop_map(Some)];
    let segment = prop_oneof![Just(Bytes(1_448)), (1..200u64).prop_map(Bytes)];
    let server_ack_delay = prop_oneof![2 => Just(Time::ZERO), 1 => steps(0, 6)];
    let wire = (segment, bytes(60), (steps(0, 6), server_ack_delay), steps(1, 20), tls).prop_map(
        |(segment, header, (ack_delay, server_ack_delay), keep_alive, tls)| {
            Some(Wire { segment, header, ack_delay, server_ack_delay, keep_alive, tls })
        },
    );
    prop_oneof![Just(None), wire]
}

/// What a population is made of.
type Part = (u32, Time, OnTimeout, Http, Network, TransportConfig, Timeout);

/// Three in four scenarios are no mix. A population may be empty.
fn populations() -> impl Strategy<Value = Vec<Part>> {
    let start_within = prop_oneof![1 => Just(Time::ZERO), 3 => steps(1, 40)];
    let part = (0..=3u32, start_within, on_timeout(), http(), network(), transport(), timeout());
    prop_oneof![3 => Just(Vec::new()), 1 => vec(part, 1..4)]
}

/// Makes a mix of a scenario.
fn mix(scenario: &mut Scenario, parts: Vec<Part>, more: &More) {
    if parts.iter().all(|part| part.0 == 0) {
        return;
    }
    (scenario.clients.arrival_rate, scenario.clients.crowd) = (None, None);
    scenario.clients.count = parts.iter().map(|part| part.0).sum();
    // A connection that several populations share would have to belong to one of them.
    let shares = scenario.clients.browsers.is_some_and(|browsers| browsers.tabs > 1) && scenario.wire.is_some();
    scenario.http.http2 = scenario.http.http2.filter(|_| !shares);
    for (place, (count, start_within, on_timeout, mut http, mut network, mut transport, timeout)) in
        parts.into_iter().enumerate()
    {
        if place % 2 == 0 {
            more.add_to_kind(scenario.wire.is_some(), &mut network, &mut http, &mut transport);
            http.http2 = http.http2.filter(|_| !shares);
        }
        let mut alone = Scenario { http, network, transport, populations: Vec::new(), ..scenario.clone() };
        alone.clients.timeout = timeout.resolve(&alone);
        make_valid(&mut alone);
        scenario.clients.on_error = alone.clients.on_error;
        scenario.populations.push(Population {
            name: format!("population {place}"),
            count,
            start_within,
            timeout: alone.clients.timeout,
            on_timeout,
            http,
            network: alone.network,
            transport: alone.transport,
        });
    }
}

/// A timeout, some of them placed at the end of the longest hold or of the round trip.
#[derive(Clone, Copy, Debug)]
enum Timeout {
    Fixed(Time),
    AroundHold(i64),
    RoundTrip,
}

fn timeout() -> impl Strategy<Value = Timeout> {
    prop_oneof![
        3 => steps(1, 12).prop_map(Timeout::Fixed),
        3 => (-2..=4i64).prop_map(Timeout::AroundHold),
        1 => Just(Timeout::RoundTrip),
        4 => Just(Timeout::Fixed(Time::from_secs(80))),
        1 => (STEP / 8..STEP).prop_map(|span| Timeout::Fixed(Time(span))),
    ]
}

impl Timeout {
    fn resolve(self, scenario: &Scenario) -> Time {
        let hold = match &scenario.transport {
            TransportConfig::ShortPoll(_) => Time::ZERO,
            transport => transport.longest_hold(),
        };
        let constant = |delay: &Delay| if let Delay::Constant(time) = delay { *time } else { Time::ZERO };
        let round_trip = constant(&scenario.network.up).plus(constant(&scenario.network.down));
        let time = match self {
            Timeout::Fixed(time) => time,
            Timeout::RoundTrip => round_trip,
            Timeout::AroundHold(offset) => {
                Time(hold.plus(round_trip).0.saturating_add_signed(offset * STEP.cast_signed()))
            }
        };
        time.max(Time(STEP / 8))
    }
}

fn window() -> impl Strategy<Value = Window> {
    let warmup = prop_oneof![2 => Just(Time::ZERO), 3 => steps(1, 60)];
    let duration = prop_oneof![6 => steps(1, 80), 1 => steps(80, 400)];
    let bin = prop_oneof![
        4 => steps(1, 8),
        1 => Just(Time::from_secs(1)),
        1 => (STEP / 2..8 * STEP).prop_map(Time),
        1 => steps(100, 600),
    ];
    (warmup, duration, bin).prop_map(|(warmup, duration, bin)| Window { warmup, duration, bin })
}

fn clients() -> impl Strategy<Value = Clients> {
    let start_within = prop_oneof![1 => Just(Time::ZERO), 3 => steps(1, 40)];
    let browsers = prop_oneof![
        5 => Just(None),
        2 => (1..=4u32, 1..=3u32).prop_map(|(tabs, connections)| Some(Browsers { tabs, connections })),
    ];
    (1..=6u32, start_within, on_timeout(), on_error(), browsers).prop_map(
        |(count, start_within, on_timeout, on_error, browsers)| Clients {
            start_within,
            on_timeout,
            on_error,
            browsers,
            ..Clients::staying(count)
        },
    )
}

/// Three in five populations stay as they are.
fn come_and_go() -> impl Strategy<Value = (Option<Delay>, Option<Rate>, Option<Crowd>)> {
    let session = prop_oneof![1 => Just(None), 2 => delay().prop_map(Some), 1 => steps(1, 60).prop_map(|time| Some(Delay::Constant(time)))];
    let rate = prop_oneof![1 => Just(None), 1 => (1..=20u64).prop_map(|hundredths| Rate::new(hundredths, 100))];
    let crowd = (steps(0, 60), 1..=4u32, steps(0, 8)).prop_map(|(at, count, within)| Some(Crowd { at, count, within }));
    let crowd = prop_oneof![1 => Just(None), 1 => crowd];
    prop_oneof![3 => Just((None, None, None)), 2 => (session, rate, crowd)]
}

fn on_error() -> impl Strategy<Value = OnError> {
    prop_oneof![1 => Just(OnError::Stop), 3 => backoff().prop_map(OnError::Retry)]
}

fn on_timeout() -> impl Strategy<Value = OnTimeout> {
    prop_oneof![4 => Just(OnTimeout::Retry), 1 => Just(OnTimeout::Stop), 1 => backoff().prop_map(OnTimeout::Backoff)]
}

fn backoff() -> impl Strategy<Value = Backoff> {
    let factor = prop_oneof![Just(1.0), Just(2.0), Just(1.5)];
    let jitter = prop_oneof![2 => Just(0.0), 1 => Just(0.5), 1 => Just(1.0)];
    (steps(0, 4), factor, steps(1, 20), jitter).prop_map(|(first, factor, max, jitter)| Backoff {
        first,
        factor,
        max,
        jitter,
    })
}

/// Half of the servers are event-driven without a limit.
fn server() -> impl Strategy<Value = Server> {
    let service =
        prop_oneof![3 => Just(None), 1 => Just(Some(Delay::Constant(Time::ZERO))), 2 => delay().prop_map(Some)];
    let backlog = prop_oneof![2 => Just(None), 3 => (0..=3u32).prop_map(Some)];
    let pool = (1..=3u32, backlog).prop_map(|(workers, backlog)| Some(Pool { workers, backlog }));
    let pool = prop_oneof![1 => Just(None), 2 => pool];
    let read_timeout = prop_oneof![1 => Just(None), 2 => steps(1, 8).prop_map(Some)];
    let drift = prop_oneof![3 => Just(None), 1 => delay().prop_map(Some)];
    let restart = (steps(0, 80), prop_oneof![Just(Time::ZERO), steps(1, 8)]);
    let restart = prop_oneof![2 => Just(None), 1 => restart.prop_map(|(at, down)| Some(Restart { at, down }))];
    let idle_timeout = prop_oneof![1 => Just(None), 2 => steps(1, 12).prop_map(Some)];
    let has_proxy = prop_oneof![2 => Just(false), 1 => Just(true)];
    let further = (any::<bool>(), drift, restart, (idle_timeout, has_proxy));
    (any::<bool>(), any::<bool>(), service, pool, read_timeout, any::<bool>(), further).prop_map(
        |(notices_disconnect, redeliver, service, pool, read_timeout, plain, further)| {
            let (session_lock, check_drift, restart, (idle_timeout, has_proxy)) = further;
            let on_lost_reply = if redeliver { OnLostReply::Redeliver } else { OnLostReply::Drop };
            let beside = Server { notices_disconnect, on_lost_reply, ..Server::PLAIN };
            if plain {
                beside
            } else {
                Server {
                    service,
                    pool,
                    has_proxy,
                    read_timeout,
                    idle_timeout,
                    session_lock,
                    check_drift,
                    restart,
                    ..beside
                }
            }
        },
    )
}

fn bytes(most: u64) -> impl Strategy<Value = Bytes> {
    prop_oneof![1 => Just(Bytes(0)), 5 => (0..=most).prop_map(Bytes)]
}

fn http() -> impl Strategy<Value = Http> {
    (bytes(900), bytes(900), bytes(20), bytes(20), bytes(20)).prop_map(|sizes| Http {
        request_header: sizes.0,
        response_header: sizes.1,
        request_body: sizes.2,
        empty_body: sizes.3,
        message_framing: sizes.4,
        ..Http::default()
    })
}

fn network() -> impl Strategy<Value = Network> {
    (delay(), delay()).prop_map(|(up, down)| Network::delays(up, down))
}
