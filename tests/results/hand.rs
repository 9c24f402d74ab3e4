//! One client whose every byte and nanosecond can be worked out by hand.

use cometsim::model::scenario::*;
use cometsim::model::{Totals, simulate};
use cometsim::units::{Bytes, Probability, Time};

/// One client 10 ms away that polls once a second from t = 0 on, with the headers of the published example on the wire
/// and a message of 21 bytes in every reply; ten seconds from t = 0 on.
pub fn one_client() -> Scenario {
    Scenario {
        seed: 1,
        window: Window { warmup: Time::ZERO, duration: Time::from_secs(10), bin: Time::from_secs(1) },
        clients: Clients::staying(1),
        source: Source {
            arrivals: Arrivals::InRequest { hit: Probability::ONE },
            payload: Bytes(21),
            keep: Keep::All,
            spread: None,
        },
        http: Http {
            request_header: Bytes(716),
            response_header: Bytes(193),
            request_body: Bytes(0),
            empty_body: Bytes(0),
            message_framing: Bytes(0),
            http2: None,
        },
        server: Server::PLAIN,
        network: Network::constant(Time::from_millis(10)),
        server_link: None,
        transport: polls(1_000),
        ticks: Ticks::Skip,
        path: EnginePath::Auto,
        cost: None,
        wire: None,
        populations: Vec::new(),
    }
}

/// Polls so many milliseconds apart, the first one at t = 0.
pub fn polls(milliseconds: u64) -> TransportConfig {
    TransportConfig::ShortPoll(ShortPoll {
        interval: Time::from_millis(milliseconds),
        pace: Pace::FixedRate,
        phase: Phase::At(Time::ZERO),
        piggyback: false,
    })
}

/// What a stream has that is never closed.
pub const OPEN: PushStream =
    PushStream { recycle_after: None, recycle_bytes: None, keep_alive: None, retry: Time::ZERO };

/// A WebSocket that is never closed.
pub fn websocket() -> TransportConfig {
    TransportConfig::WebSocket(WebSocket { stream: OPEN, upgrade_request: Bytes(113), upgrade_response: Bytes(129) })
}

/// A message every so many milliseconds, the first one at `phase`.
pub fn every(milliseconds: u64, phase: u64) -> Process {
    Process::Periodic { every: Time::from_millis(milliseconds), phase: Phase::At(Time::from_millis(phase)) }
}

pub fn run(scenario: &Scenario) -> Totals {
    simulate(scenario, 0, 0..scenario.population())
}
