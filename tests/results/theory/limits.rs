//! Scenarios of servers with limits that have closed forms.

use cometsim::model::scenario::*;
use cometsim::units::Time;

use super::catalogue::{Case, uniform, with};
use super::scenarios::{poisson, short};

/// Servers with limits; at least five forms each.
pub fn cases() -> Vec<Case> {
    let ms = Time::from_millis;
    let retry = Backoff { first: ms(1000), factor: 1.0, max: ms(1000), jitter: 0.0 };
    let pool = |workers, backlog| Some(Pool { workers, backlog });
    let polls = |interval, pace, service: Delay, pool: Option<Pool>| {
        with(|scenario| {
            scenario.transport = TransportConfig::ShortPoll(ShortPoll { pace, ..ShortPoll::every(ms(interval)) });
            scenario.server = Server { service: Some(service), pool, ..Server::PLAIN };
            scenario.clients.on_error = OnError::Retry(retry);
        })
    };
    let lognormal = Delay::Lognormal { median: ms(60), sigma: 1.0 };
    let pareto = Delay::Pareto { min: ms(20), shape: 3.5 };
    vec![
        ("Erlang C, ten workers", polls(1000, Pace::Poisson, Delay::Exponential(ms(80)), pool(10, None))),
        ("Erlang C, one worker", polls(1000, Pace::Poisson, Delay::Exponential(ms(7)), pool(1, None))),
        ("Erlang C, behind a network", {
            let mut scenario = polls(1000, Pace::Poisson, Delay::Exponential(ms(35)), pool(5, None));
            scenario.network = Network::delays(uniform(10, 900), Delay::Exponential(ms(50)));
            scenario
        }),
        ("Erlang B, constant service", polls(1000, Pace::Poisson, Delay::Constant(ms(50)), pool(6, Some(0)))),
        ("Erlang B, log-normal service", polls(1000, Pace::Poisson, lognormal, pool(8, Some(0)))),
        ("Engset, Pareto service", polls(1000, Pace::AfterReply, pareto, pool(3, Some(0)))),
        ("Engset, uniform service", polls(1000, Pace::AfterReply, uniform(10, 90), pool(4, Some(0)))),
        ("closed on workers", closed(60, Server { pool: pool(20, None), ..Server::PLAIN })),
        ("closed on workers with room to wait", closed(60, Server { pool: pool(20, Some(40)), ..Server::PLAIN })),
        (
            "closed on workers with service",
            closed(50, Server { pool: pool(10, None), service: Some(Delay::Exponential(ms(300))), ..Server::PLAIN }),
        ),
        ("closed on enough workers", closed(50, Server { pool: pool(50, None), ..Server::PLAIN })),
        ("orphans", {
            let mut scenario = closed(50, Server { pool: pool(1_000, None), ..Server::PLAIN });
            scenario.clients.timeout = ms(7_300);
            scenario
        }),
        ("a mix of near and far, long and short polls", {
            let mut scenario = closed(100, Server::PLAIN);
            let population = |count, transport, delay| Population {
                start_within: Time::from_secs(30),
                timeout: Time::from_secs(4_000),
                network: Network::delays(Delay::Exponential(ms(delay)), uniform(10, 90)),
                transport,
                ..Population::new(&format!("{count}"), count, &scenario)
            };
            scenario.populations =
                vec![population(70, scenario.transport.clone(), 20), population(30, short(3_000, Phase::Random), 200)];
            scenario.source.arrivals = poisson(1, 20);
            scenario
        }),
        ("orphans without workers", {
            let mut scenario = closed(50, Server::PLAIN);
            scenario.clients.timeout = ms(2_100);
            scenario
        }),
    ]
}

/// So many clients that never give up on this server.
fn closed(clients: u32, server: Server) -> Scenario {
    with(|scenario| {
        scenario.clients.count = clients;
        scenario.clients.start_within = Time::from_secs(30);
        scenario.clients.timeout = Time::from_secs(4_000);
        scenario.server = server;
        scenario.window.warmup = Time::from_secs(1_000);
    })
}

/// Packets on the wire, and connections on which the server pushes.
pub fn wire_and_push() -> Vec<Case> {
    let ms = Time::from_millis;
    let stream = |recycle_after| PushStream { recycle_after, ..PushStream::endless(ms(200)) };
    let socket = |stream| TransportConfig::WebSocket(WebSocket { stream, ..WebSocket::default() });
    let tcp = Wire::default();
    let pushing = |transport| {
        let mut scenario = closed(40, Server::PLAIN);
        scenario.network = super::scenarios::delays(50);
        scenario.source.arrivals = poisson(1, 4);
        scenario.transport = transport;
        scenario
    };
    vec![
        ("packets of long polls", {
            let mut scenario = closed(60, Server::PLAIN);
            scenario.network = super::scenarios::delays(20);
            scenario.wire = Some(tcp);
            scenario
        }),
        ("packets of short polls", {
            let mut scenario = closed(60, Server::PLAIN);
            scenario.network = super::scenarios::delays(20);
            scenario.transport = short(1_000, Phase::Random);
            scenario.wire = Some(tcp);
            scenario
        }),
        ("packets of pushes", {
            let mut scenario = pushing(socket(stream(None)));
            scenario.source.arrivals = poisson(5, 1);
            scenario.wire = Some(Wire { ack_delay: ms(200), ..tcp });
            scenario
        }),
        ("streaming", pushing(TransportConfig::Streaming(stream(None)))),
        ("server-sent events", pushing(TransportConfig::Sse(Sse { stream: stream(None), ids: false }))),
        ("a WebSocket", pushing(socket(stream(None)))),
        ("a WebSocket that is recycled", pushing(socket(stream(Some(ms(29_700)))))),
    ]
}
