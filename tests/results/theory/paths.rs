//! Scenarios of links, lost packets, HTTP/2 and clients that send, which have closed forms.

use cometsim::model::scenario::*;
use cometsim::units::{BitRate, Bytes, Probability, Rate, Time};

use super::catalogue::{Case, with};
use super::scenarios::{delays, poisson, short};

/// At least four forms each.
pub fn cases() -> Vec<Case> {
    vec![
        ("polls on a link: M/D/1 up, no wait down", polls(Link { up: rate(1_000_000), down: rate(1_000_000) })),
        ("polls on a link: M/D/1 under a load of 0.9", polls(Link { up: rate(615_200), down: None })),
        ("replies of two sizes on a link: M/G/1", {
            let mut scenario = polls(Link { up: None, down: rate(500_000) });
            scenario.source.payload = Bytes(800);
            scenario
        }),
        ("messages through the links of their clients", {
            let mut scenario = pushing(poisson(5, 1));
            scenario.network.client_link = Some(Link { up: None, down: rate(6_000) });
            scenario
        }),
        ("messages through the link of the server", {
            let mut scenario = pushing(poisson(5, 1));
            scenario.server_link = Some(Link { up: None, down: rate(200_000) });
            scenario
        }),
        ("one packet in ten is lost", lossy(1, 10, Rate::new(1, 5))),
        ("one packet in four is lost, many wait for it", lossy(1, 4, Rate::new(8, 1))),
        ("HTTP/2: every poll but the first has 67 bytes", {
            let mut scenario = with(|scenario| scenario.clients.count = 20);
            scenario.source.arrivals = Arrivals::InRequest { hit: Probability::ONE };
            scenario.http.http2 = Some(Http2::EXAMPLE);
            scenario.network = delays(20);
            scenario.transport = short(1_000, Phase::Random);
            scenario
        }),
        ("rooms of ten on WebSockets", {
            let mut scenario = pushing(Arrivals::Group { size: 10 });
            scenario.clients.sends = Some(sends());
            scenario
        }),
        ("rooms of ten on short polls", {
            let mut scenario = pushing(Arrivals::Group { size: 10 });
            scenario.clients.sends = Some(sends());
            scenario.transport = short(2_000, Phase::Random);
            scenario
        }),
    ]
}

/// A capacity in bits per second.
#[expect(clippy::unnecessary_wraps, reason = "it stands where there may be none")]
fn rate(bits: u64) -> Option<BitRate> {
    Some(BitRate(bits))
}

fn sends() -> Sends {
    Sends { process: Process::Poisson { rate: Rate::new(1, 4).unwrap() }, payload: Bytes(20) }
}

/// 100 clients that poll at random, once a second on average: 553,600 bit/s up.
fn polls(link: Link) -> Scenario {
    with(|scenario| {
        scenario.clients.count = 100;
        scenario.window.duration = Time::from_secs(2_000);
        scenario.network = delays(30);
        scenario.server_link = Some(link);
        scenario.transport =
            TransportConfig::ShortPoll(ShortPoll { pace: Pace::Poisson, ..ShortPoll::every(Time::from_secs(1)) });
    })
}

/// 40 clients on a WebSocket each that are never closed.
fn pushing(arrivals: Arrivals) -> Scenario {
    let stream = PushStream::endless(Time::from_secs(1));
    with(|scenario| {
        scenario.clients.count = 40;
        scenario.clients.start_within = Time::from_secs(5);
        scenario.network = delays(50);
        scenario.source.arrivals = arrivals;
        scenario.transport = TransportConfig::WebSocket(WebSocket { stream, ..WebSocket::default() });
    })
}

fn lossy(numerator: u64, denominator: u64, rate: Option<Rate>) -> Scenario {
    let mut scenario = pushing(Arrivals::PerClient(Process::Poisson { rate: rate.unwrap() }));
    scenario.window.warmup = Time::from_secs(300);
    scenario.network.loss = Some(Loss {
        rate: Probability::new(numerator, denominator).unwrap(),
        timeout: Time::from_millis(200),
        max_timeout: Time::from_secs(60),
    });
    scenario.wire = Some(Wire::default());
    scenario
}
