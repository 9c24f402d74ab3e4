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
        source: Source { payload: Bytes(21), ..Source::new(Arrivals::InRequest { hit: Probability::ONE }) },
        http: Http { request_header: Bytes(716), response_header: Bytes(193), ..Http::default() },
        network: Network::constant(Time::from_millis(10)),
        ..Scenario::new(1, polls(1_000))
    }
}

/// Polls so many milliseconds apart, the first one at t = 0.
pub fn polls(milliseconds: u64) -> TransportConfig {
    TransportConfig::ShortPoll(ShortPoll {
        phase: Phase::At(Time::ZERO),
        ..ShortPoll::every(Time::from_millis(milliseconds))
    })
}

/// What a stream has that is never closed.
pub const OPEN: PushStream = PushStream::endless(Time::ZERO);

/// A WebSocket that is never closed.
pub fn websocket() -> TransportConfig {
    TransportConfig::WebSocket(WebSocket { stream: OPEN, ..WebSocket::default() })
}

/// A message every so many milliseconds, the first one at `phase`.
pub fn every(milliseconds: u64, phase: u64) -> Process {
    Process::Periodic { every: Time::from_millis(milliseconds), phase: Phase::At(Time::from_millis(phase)) }
}

pub fn run(scenario: &Scenario) -> Totals {
    simulate(scenario, 0, 0..scenario.population())
}
