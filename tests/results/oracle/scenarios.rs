//! Random scenarios, biased to the corners where two readings of the model part.
//!
//! Most times are multiples of one step, so that a source, a check, a poll, a timeout and the edges of the window meet at
//! one instant; some are not, so that nothing relies on it.

use std::sync::Arc;

use cometsim::model::scenario::{
    AdaptivePoll, AdaptiveRule, Arrivals, Backoff, Browsers, Check, Clients, Cost, Crowd, DayProfile, Delay,
    EnginePath, FirstCheck, Http, Http2, Keep, Link, LongPoll, Loss, Network, OnError, OnLostReply, OnTimeout, Pace,
    Phase, Pool, Population, Process, PushStream, Radio, Restart, Scenario, Sends, Server, ShortPoll, Source, Spread,
    Sse, Ticks, Tls, Trace, TraceMessage, TransportConfig, WebSocket, Window, Wire,
};
use cometsim::units::{BitRate, Bytes, Probability, Rate, Time};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

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

fn keep() -> impl Strategy<Value = Keep> {
    prop_oneof![Just(Keep::All), Just(Keep::Latest)]
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

fn probability() -> impl Strategy<Value = Probability> {
    let ratio = |above, below| Probability::new(above, below).unwrap_or(Probability::ONE);
    prop_oneof![
        2 => Just(Probability::ONE),
        3 => (1..=9u64).prop_map(move |above| ratio(above, 10)),
        1 => Just(ratio(15, 999)),
        1 => (1..=999u64).prop_map(move |above| ratio(above, 1000)),
    ]
}

fn arrivals() -> impl Strategy<Value = Arrivals> {
    prop_oneof![
        2 => probability().prop_map(|hit| Arrivals::InRequest { hit }),
        5 => process().prop_map(Arrivals::PerClient),
        2 => process().prop_map(Arrivals::Broadcast),
    ]
}

fn phase() -> impl Strategy<Value = Phase> {
    prop_oneof![3 => steps(0, 4).prop_map(Phase::At), 1 => Just(Phase::Random)]
}

fn process() -> impl Strategy<Value = Process> {
    prop_oneof![
        3 => (steps(1, 6), probability(), phase()).prop_map(|(every, hit, phase)| Process::Tick { every, hit, phase }),
        1 => rate().prop_map(|rate| Process::Poisson { rate }),
        2 => (steps(1, 20), phase()).prop_map(|(every, phase)| Process::Periodic { every, phase }),
        2 => trace().prop_map(|trace| Process::Trace(Arc::new(trace))),
        1 => (steps(1, 40), steps(1, 40), rate()).prop_map(|(on, off, rate)| Process::OnOff { on, off, rate }),
        1 => day().prop_map(|profile| Process::Day(Arc::new(profile))),
    ]
}

fn rate() -> impl Strategy<Value = Rate> {
    (1..=30u64).prop_map(|tenths| Rate::new(tenths, 10).unwrap_or_else(|| unreachable!()))
}

/// Parts without messages, at the ends too, and parts that do not divide the period.
fn day() -> impl Strategy<Value = DayProfile> {
    let share = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 2 => 0.0..10.0f64];
    (rate(), vec(share, 1..8), steps(1, 60), any::<usize>()).prop_map(|(rate, mut shape, period, busy)| {
        let busy = busy % shape.len();
        shape[busy] += 1.0;
        DayProfile { rate, shape, period }
    })
}

/// Rates that differ where they may; elsewhere without effect.
fn spread() -> impl Strategy<Value = Option<Spread>> {
    let exponent = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 2 => 0.0..3.0f64];
    prop_oneof![
        2 => Just(None),
        1 => exponent.prop_map(|exponent| Some(Spread::Zipf(exponent))),
        1 => (0.0..1.5f64).prop_map(|sigma| Some(Spread::Lognormal(sigma))),
    ]
}

/// Messages with gaps of zero and more; who gets them is settled when the number of clients is known.
fn trace() -> impl Strategy<Value = Trace> {
    let gap = prop_oneof![2 => Just(Time::ZERO), 4 => steps(1, 10), 1 => (0..STEP).prop_map(Time)];
    let message = (gap, any::<u32>(), option::of(bytes(90)));
    (vec(message, 1..10), any::<bool>(), any::<bool>()).prop_map(|(messages, named, repeat)| {
        let mut time = Time::ZERO;
        let messages = messages.into_iter().map(|(gap, client, bytes)| {
            time = time.plus(gap);
            let bytes = bytes.map(|bytes| bytes.0 as u32);
            TraceMessage { time, client: named.then_some(client), bytes }
        });
        Trace { messages: Arc::new(messages.collect()), repeat }
    })
}

/// Replies to short polls that take longer than the interval and overtake each other: only so can a copy arrive twice.
fn let_polls_overlap(scenario: &mut Scenario) {
    if let TransportConfig::ShortPoll(ShortPoll { interval, pace: Pace::FixedRate, .. }) = scenario.transport {
        scenario.network.down = Delay::Uniform { low: interval, high: interval.times(4) };
        scenario.clients.timeout = scenario.clients.timeout.max(interval.times(3));
    }
}

/// Names only clients that exist; some lasts to the horizon although it does not repeat.
fn fit_trace(scenario: &mut Scenario) {
    let horizon = scenario.window.horizon();
    let (process, broadcast) = match &mut scenario.source.arrivals {
        Arrivals::PerClient(process) => (process, false),
        Arrivals::Broadcast(process) => (process, true),
        Arrivals::InRequest { .. } | Arrivals::Group { .. } => return,
    };
    let Process::Trace(trace) = process else { return };
    let trace = Arc::make_mut(trace);
    let population = scenario.clients.count;
    let messages = Arc::make_mut(&mut trace.messages);
    for message in messages.iter_mut() {
        message.client = message.client.map(|client| client % population).filter(|_| !broadcast);
    }
    let Some(&last) = messages.last() else { return };
    let is_followed_by_silence = !trace.repeat && messages.len() % 2 == 1;
    if is_followed_by_silence {
        return;
    }
    let end = if trace.repeat { last.time.max(Time(4 * STEP)) } else { last.time.max(horizon) };
    messages.push(TraceMessage { time: end, ..last });
}

fn delay() -> impl Strategy<Value = Delay> {
    let small = || (STEP / 20..4 * STEP).prop_map(Time);
    prop_oneof![
        5 => Just(Delay::Constant(Time::ZERO)),
        4 => steps(1, 6).prop_map(Delay::Constant),
        1 => small().prop_map(Delay::Constant),
        2 => (steps(0, 2), steps(1, 8)).prop_map(|(low, span)| Delay::Uniform { low, high: low.plus(span) }),
        1 => small().prop_map(Delay::Exponential),
        1 => (small(), small()).prop_map(|(mean, sd)| Delay::Normal { mean, sd }),
        1 => (small(), 0.1..1.5f64).prop_map(|(median, sigma)| Delay::Lognormal { median, sigma }),
        1 => (small(), 0.5..3.0f64).prop_map(|(min, shape)| Delay::Pareto { min, shape }),
        1 => (small(), 0.7..3.0f64).prop_map(|(scale, shape)| Delay::Weibull { scale, shape }),
        2 => vec(steps(0, 6), 1..5).prop_map(|mut samples| {
            samples.sort_unstable();
            Delay::Empirical(samples.into())
        }),
    ]
}

fn network() -> impl Strategy<Value = Network> {
    (delay(), delay()).prop_map(|(up, down)| Network::delays(up, down))
}

fn transport() -> impl Strategy<Value = TransportConfig> {
    let pace = prop_oneof![4 => Just(Pace::FixedRate), 2 => Just(Pace::AfterReply), 1 => Just(Pace::Poisson)];
    let interval = prop_oneof![steps(1, 3), steps(1, 12)];
    let short = (interval, pace, phase());
    let turnaround = prop_oneof![
        6 => Just(Delay::Constant(Time::ZERO)),
        2 => steps(1, 4).prop_map(Delay::Constant),
        2 => delay(),
    ];
    let linger = prop_oneof![1 => Just(Time::ZERO), 1 => steps(1, 8)];
    prop_oneof![
        3 => short.prop_map(|(interval, pace, phase)| TransportConfig::ShortPoll(ShortPoll { pace, phase, ..ShortPoll::every(interval) })),
        5 => (check(), turnaround, linger).prop_map(|(check, turnaround, linger)| {
            let linger = if matches!(check, Check::Notify { .. }) { linger } else { Time::ZERO };
            TransportConfig::LongPoll(LongPoll { turnaround, linger, ..LongPoll::new(check) })
        }),
        1 => adaptive_poll().prop_map(TransportConfig::AdaptivePoll),
        1 => stream().prop_map(TransportConfig::Streaming),
        1 => (stream(), any::<bool>()).prop_map(|(stream, ids)| TransportConfig::Sse(Sse { stream, ids })),
        1 => (stream(), bytes(150), bytes(150)).prop_map(|(stream, upgrade_request, upgrade_response)| {
            TransportConfig::WebSocket(WebSocket { stream, upgrade_request, upgrade_response })
        }),
    ]
}

fn adaptive_poll() -> impl Strategy<Value = AdaptivePoll> {
    let factor = prop_oneof![Just(1.0), Just(2.0), 1.0..4.0f64];
    let rule = prop_oneof![Just(AdaptiveRule::Reset), (0.0..=1.0f64).prop_map(AdaptiveRule::Rate)];
    (steps(1, 4), steps(0, 30), factor, rule).prop_map(|(min, more, factor, rule)| AdaptivePoll {
        min,
        max: min.plus(more),
        factor,
        rule,
        ..AdaptivePoll::default()
    })
}

fn stream() -> impl Strategy<Value = PushStream> {
    let span = |most| prop_oneof![1 => Just(None), 1 => steps(1, most).prop_map(Some)];
    let bytes = prop_oneof![1 => Just(None), 1 => (1..400u64).prop_map(|bytes| Some(Bytes(bytes)))];
    let retry = prop_oneof![1 => Just(Time::ZERO), 1 => steps(1, 8)];
    (span(40), bytes, span(20), retry).prop_map(|(recycle_after, recycle_bytes, keep_alive, retry)| PushStream {
        recycle_after,
        recycle_bytes,
        keep_alive,
        ..PushStream::endless(retry)
    })
}

fn check() -> impl Strategy<Value = Check> {
    let first = prop_oneof![Just(FirstCheck::AfterSleep), Just(FirstCheck::OnArrival)];
    let count = prop_oneof![1 => Just(1), 4 => 1..=12u32, 1 => 12..=40u32];
    prop_oneof![
        2 => (steps(1, 4), count, first).prop_map(|(every, count, first)| Check::Every { every, count, first }),
        1 => steps(1, 20).prop_map(|hold| Check::Notify { hold }),
    ]
}

/// Removes the combinations that an experiment file may not ask for.
fn make_valid(scenario: &mut Scenario) {
    if let OnError::Retry(backoff) = &mut scenario.clients.on_error
        && may_be_zero(&scenario.network.up)
        && may_be_zero(&scenario.network.down)
    {
        backoff.first = backoff.first.max(Time(STEP / 2));
        // A wait that is spread down to zero would be one of no time.
        backoff.jitter = backoff.jitter.min(0.5);
    }
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return };
    scenario.source.keep = Keep::All;
    scenario.server.on_lost_reply = OnLostReply::Drop;
    if scenario.transport.stream().is_some() {
        let check = Check::Every { every: Time(STEP), count: 7, first: FirstCheck::AfterSleep };
        scenario.transport = TransportConfig::LongPoll(LongPoll::new(check));
    }
    let TransportConfig::LongPoll(poll) = &mut scenario.transport else { return };
    if let Check::Notify { hold } = poll.check {
        poll.check = Check::Every { every: hold, count: 1, first: FirstCheck::AfterSleep };
        poll.linger = Time::ZERO;
    }
    let on_arrival = matches!(poll.check, Check::Every { first: FirstCheck::OnArrival, .. });
    let instant = on_arrival && hit == Probability::ONE && may_be_zero(&poll.turnaround);
    if instant && may_be_zero(&scenario.network.up) && may_be_zero(&scenario.network.down) {
        poll.turnaround = Delay::Constant(Time(STEP));
    }
}

/// Whether a delay is often exactly zero, so that a request cycle could take no time.
fn may_be_zero(delay: &Delay) -> bool {
    match delay {
        Delay::Constant(time) => *time == Time::ZERO,
        Delay::Empirical(samples) => samples.contains(&Time::ZERO),
        _ => false,
    }
}
