//! Parts of scenarios.

use cometsim::model::scenario::*;
use cometsim::units::{Bytes, Probability, Rate, Time};

/// The tutorial's long poll: checks every 0.5 s, 80 at most, scope `request`, no delays; 1,000 clients, half an hour.
pub fn tutorial(numerator: u64, denominator: u64) -> Scenario {
    Scenario {
        server_link: None,
        seed: 2010,
        window: Window { warmup: Time::from_secs(120), duration: Time::from_secs(1800), bin: Time::from_secs(1) },
        clients: Clients { start_within: Time::from_secs(40), timeout: Time::from_secs(80), ..Clients::staying(1000) },
        source: Source {
            arrivals: Arrivals::InRequest { hit: Probability::new(numerator, denominator).unwrap() },
            payload: Bytes(20),
            keep: Keep::All,
            spread: None,
        },
        http: Http {
            http2: None,
            request_header: Bytes(692),
            response_header: Bytes(179),
            request_body: Bytes(0),
            empty_body: Bytes(0),
            message_framing: Bytes(0),
        },
        server: Server::PLAIN,
        network: Network::constant(Time::ZERO),
        transport: every(500, 80, FirstCheck::AfterSleep, 0),
        ticks: Ticks::Skip,
        path: EnginePath::Auto,
        cost: None,
        wire: None,
        populations: Vec::new(),
    }
}

/// The same constant delay both ways, in milliseconds.
pub fn delays(milliseconds: u64) -> Network {
    let delay = Delay::Constant(Time::from_millis(milliseconds));
    Network { client_link: None, loss: None, up: delay.clone(), down: delay }
}

/// Poisson messages for every client, `numerator / denominator` per second.
pub fn poisson(numerator: u64, denominator: u64) -> Arrivals {
    Arrivals::PerClient(Process::Poisson { rate: Rate::new(numerator, denominator).unwrap() })
}

/// A trial every so many milliseconds that hits with probability 1 / `one_in`.
pub fn tick(milliseconds: u64, one_in: u64, phase: Phase) -> Process {
    Process::Tick { every: Time::from_millis(milliseconds), hit: Probability::new(1, one_in).unwrap(), phase }
}

/// A short poll at a fixed rate, the interval in milliseconds.
pub fn short(interval: u64, phase: Phase) -> TransportConfig {
    TransportConfig::ShortPoll(ShortPoll {
        piggyback: false,
        interval: Time::from_millis(interval),
        pace: Pace::FixedRate,
        phase,
    })
}

/// A short poll paced after the reply, the interval in milliseconds.
pub fn paced(interval: u64) -> TransportConfig {
    let interval = Time::from_millis(interval);
    TransportConfig::ShortPoll(ShortPoll { piggyback: false, interval, pace: Pace::AfterReply, phase: Phase::Random })
}

/// A long poll with regular checks; spans in milliseconds.
pub fn every(milliseconds: u64, count: u32, first: FirstCheck, turnaround: u64) -> TransportConfig {
    let check = Check::Every { every: Time::from_millis(milliseconds), count, first };
    TransportConfig::LongPoll(LongPoll {
        piggyback: false,
        check,
        turnaround: Delay::Constant(Time::from_millis(turnaround)),
        linger: Time::ZERO,
    })
}

/// A long poll that is notified, the hold in milliseconds.
pub fn notify(hold: u64) -> TransportConfig {
    let check = Check::Notify { hold: Time::from_millis(hold) };
    TransportConfig::LongPoll(LongPoll {
        piggyback: false,
        check,
        turnaround: Delay::Constant(Time::ZERO),
        linger: Time::ZERO,
    })
}
