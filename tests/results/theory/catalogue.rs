//! Scenarios that between them use every closed form.

use std::sync::Arc;

use cometsim::model::scenario::*;
use cometsim::units::{Bytes, Rate, Time};

use super::scenarios::{delays, every, notify, paced, poisson, short, tick, tutorial};

/// A name for the message of a failure, and a scenario.
pub type Case = (&'static str, Scenario);

/// All cases.
pub fn cases() -> Vec<Case> {
    let mut cases = in_request();
    cases.extend(short_unrelated());
    cases.extend(short_on_one_lattice());
    cases.extend(short_bursts());
    cases.extend(mailbox());
    cases.extend(notified());
    cases
}

/// A hundred clients, bodies of every kind.
fn small() -> Scenario {
    let mut scenario = tutorial(1, 20);
    scenario.clients.count = 100;
    scenario.window.warmup = Time::from_secs(200);
    scenario.window.duration = Time::from_secs(900);
    scenario.http.request_body = Bytes(7);
    scenario.http.empty_body = Bytes(41);
    scenario.http.message_framing = Bytes(22);
    scenario
}

/// The small scenario with changes.
pub fn with(change: impl FnOnce(&mut Scenario)) -> Scenario {
    let mut scenario = small();
    change(&mut scenario);
    scenario
}

/// A uniform delay, in milliseconds.
pub fn uniform(low: u64, high: u64) -> Delay {
    Delay::Uniform { low: Time::from_millis(low), high: Time::from_millis(high) }
}

/// Scope `request`, under every law of delay.
fn in_request() -> Vec<Case> {
    let ms = Time::from_millis;
    let samples = [ms(10), ms(30), ms(35), ms(90), ms(90), ms(200), ms(220)];
    let long = |up: Delay, down: Delay, first| {
        with(|scenario| {
            scenario.network = Network::delays(up, down);
            scenario.transport = every(500, 60, first, 6);
        })
    };
    let (sleep, arrival) = (FirstCheck::AfterSleep, FirstCheck::OnArrival);
    vec![
        ("request, long, exponential and uniform", long(Delay::Exponential(ms(80)), uniform(20, 120), sleep)),
        (
            "request, long, log-normal and Weibull",
            long(Delay::Lognormal { median: ms(50), sigma: 0.5 }, Delay::Weibull { scale: ms(60), shape: 1.5 }, sleep),
        ),
        (
            "request, long on arrival, normal and Pareto",
            long(Delay::Normal { mean: ms(20), sd: ms(30) }, Delay::Pareto { min: ms(20), shape: 4.5 }, arrival),
        ),
        ("request, long on arrival, empirical", long(Delay::Empirical(samples.into()), uniform(0, 9), arrival)),
        ("request, every tick an event", with(|scenario| scenario.ticks = Ticks::Each)),
        ("request, sure hit", {
            let mut scenario = tutorial(1, 1);
            scenario.clients.count = 50;
            scenario
        }),
        (
            "request, short",
            with(|scenario| {
                scenario.network = Network::delays(uniform(10, 400), uniform(10, 300));
                scenario.transport = short(1300, Phase::Random);
            }),
        ),
        (
            "request, short, fixed phase",
            with(|scenario| {
                scenario.network = delays(330);
                scenario.transport = short(1300, Phase::At(ms(70)));
            }),
        ),
        (
            "request, short, paced",
            with(|scenario| {
                scenario.network = Network::delays(uniform(10, 800), Delay::Exponential(ms(200)));
                scenario.transport = paced(2000);
            }),
        ),
    ]
}

/// Short polls and messages at unrelated phases.
fn short_unrelated() -> Vec<Case> {
    let case = |arrivals: Arrivals, network: Network, transport: TransportConfig, keep: Keep| {
        with(|scenario| {
            scenario.source.arrivals = arrivals;
            scenario.source.keep = keep;
            scenario.network = network;
            scenario.transport = transport;
        })
    };
    let random = Phase::Random;
    let jitter = || Network::delays(uniform(0, 600), uniform(50, 400));
    let ticks = |milliseconds, one_in| Arrivals::PerClient(tick(milliseconds, one_in, random));
    let periodic = |ms, phase| Process::Periodic { every: Time::from_millis(ms), phase };
    vec![
        ("short, Poisson", case(poisson(2, 5), delays(50), short(2000, random), Keep::All)),
        ("short, Poisson, fixed phase", case(poisson(2, 5), delays(50), short(1700, Phase::At(Time(1))), Keep::All)),
        ("short, Poisson, latest", case(poisson(4, 5), delays(50), short(2000, random), Keep::Latest)),
        ("short, Poisson, paced", case(poisson(2, 5), delays(300), paced(2000), Keep::All)),
        ("short, Poisson, paced, latest", case(poisson(2, 5), delays(200), paced(2600), Keep::Latest)),
        ("short, Poisson, jitter", case(poisson(2, 5), jitter(), short(1500, random), Keep::All)),
        ("short, Poisson, paced, jitter", case(poisson(2, 5), jitter(), paced(1500), Keep::All)),
        ("short, ticks", case(ticks(500, 5), delays(50), short(1700, random), Keep::All)),
        ("short, ticks, latest", case(ticks(500, 5), delays(50), short(1700, random), Keep::Latest)),
        ("short, rare polls of ticks, latest", case(ticks(700, 3), delays(0), short(500, random), Keep::Latest)),
        (
            "short, periodic at a fixed phase",
            case(Arrivals::PerClient(periodic(900, Phase::At(Time(5)))), delays(50), short(2000, random), Keep::All),
        ),
        (
            "short, broadcast of random phase",
            case(Arrivals::Broadcast(periodic(1100, random)), delays(50), short(2000, random), Keep::All),
        ),
        ("short, broadcast ticks, each an event", {
            let arrivals = Arrivals::Broadcast(tick(500, 5, random));
            let mut scenario = case(arrivals, delays(50), short(2000, random), Keep::All);
            scenario.ticks = Ticks::Each;
            scenario
        }),
    ]
}

/// Short polls and ticks at fixed phases.
fn short_on_one_lattice() -> Vec<Case> {
    let case = |every_ms, interval, phase, keep, duration| {
        with(|scenario| {
            let ticks = tick(every_ms, 4, Phase::At(Time::from_millis(30)));
            scenario.source.arrivals = Arrivals::PerClient(ticks);
            scenario.source.keep = keep;
            scenario.network = delays(40);
            scenario.transport = short(interval, Phase::At(Time::from_millis(phase)));
            scenario.window.duration = Time::from_millis(duration);
        })
    };
    vec![
        ("lattice, coprime", case(600, 1000, 90, Keep::All, 900_000)),
        ("lattice, coprime, cut window", case(600, 1000, 90, Keep::All, 300_123)),
        ("lattice, polls on every fifth tick", case(200, 1000, 0, Keep::All, 300_000)),
        ("lattice, latest", case(200, 1000, 0, Keep::Latest, 300_400)),
        ("lattice, many polls between ticks", case(2000, 500, 200, Keep::All, 300_100)),
    ]
}

/// Messages at `numerator / denominator` per second while ON; mean periods in milliseconds.
pub fn bursts(on: u64, off: u64, numerator: u64, denominator: u64) -> Process {
    let rate = Rate::new(numerator, denominator).unwrap();
    Process::OnOff { on: Time::from_millis(on), off: Time::from_millis(off), rate }
}

/// A quiet and a busy time, one message in two seconds on average; the period in seconds.
pub fn day(period: u64) -> Process {
    let shape = vec![0.0, 1.0, 5.0, 2.0];
    Process::Day(Arc::new(DayProfile { rate: Rate::new(1, 2).unwrap(), shape, period: Time::from_secs(period) }))
}

/// Short polls of messages.
fn polled(arrivals: Arrivals, network: Network, transport: TransportConfig) -> Scenario {
    with(|scenario| {
        scenario.source.arrivals = arrivals;
        scenario.network = network;
        scenario.transport = transport;
    })
}

/// Up to 0.6 s up and 0.4 s down.
fn jitter() -> Network {
    Network::delays(uniform(0, 600), uniform(50, 400))
}

/// Short polls of messages that come in bursts.
fn short_bursts() -> Vec<Case> {
    let latest = |mut scenario: Scenario| {
        scenario.source.keep = Keep::Latest;
        scenario
    };
    let random = Phase::Random;
    let frequent = || Arrivals::PerClient(bursts(3000, 4000, 2, 1));
    let short_ones = Arrivals::PerClient(bursts(1500, 6000, 3, 1));
    let long_ones = Arrivals::PerClient(bursts(5000, 2000, 1, 1));
    vec![
        ("bursts", polled(frequent(), delays(50), short(2000, random))),
        ("bursts, fixed phase", polled(frequent(), delays(50), short(1700, Phase::At(Time(1))))),
        ("bursts, latest", latest(polled(short_ones, delays(50), short(2000, random)))),
        ("bursts, paced, latest", latest(polled(long_ones, delays(200), paced(2600)))),
        ("bursts, jitter", polled(frequent(), jitter(), short(1500, random))),
        ("bursts, broadcast", {
            let process = bursts(3000, 4000, 2, 1);
            polled(Arrivals::Broadcast(process), delays(50), short(2000, random))
        }),
    ]
}

/// Cases in which only sums have a form, not how many polls find something: an empty body has no bytes here.
pub fn cases_of_sums() -> Vec<Case> {
    let case = |arrivals: Arrivals, spread, network: Network, transport: TransportConfig| {
        let mut scenario = polled(arrivals, network, transport);
        scenario.source.spread = spread;
        scenario.http.empty_body = Bytes(0);
        scenario
    };
    let random = Phase::Random;
    let own = |period| Arrivals::PerClient(day(period));
    let frequent = Arrivals::PerClient(bursts(3000, 4000, 2, 1));
    let (zipf, lognormal) = (Some(Spread::Zipf(1.0)), Some(Spread::Lognormal(0.5)));
    vec![
        ("Poisson, Zipf", case(poisson(2, 5), zipf, delays(50), short(2000, random))),
        ("Poisson, Zipf, paced, jitter", case(poisson(2, 5), zipf, jitter(), paced(1500))),
        ("Poisson, log-normal", case(poisson(2, 5), lognormal, delays(50), short(2000, random))),
        ("bursts, Zipf", case(frequent, zipf, delays(50), short(2000, random))),
        ("day, whole periods", case(own(90), None, delays(50), short(2000, random))),
        ("day, Zipf, jitter", case(own(300), zipf, jitter(), short(1500, random))),
        ("day, cut window", case(own(97), None, delays(50), short(2000, random))),
        ("day, broadcast", case(Arrivals::Broadcast(day(90)), None, delays(50), short(2000, random))),
        ("day, latest", {
            let mut scenario = case(own(90), None, delays(50), short(2000, random));
            scenario.source.keep = Keep::Latest;
            scenario
        }),
        ("Poisson, Zipf, latest", {
            let mut scenario = case(poisson(2, 5), zipf, delays(50), short(2000, random));
            scenario.source.keep = Keep::Latest;
            scenario
        }),
    ]
}

/// Messages that wait for the checks of a long poll.
fn mailbox() -> Vec<Case> {
    let case = |arrivals: Arrivals, network: Network, transport: TransportConfig| {
        with(|scenario| {
            scenario.source.arrivals = arrivals;
            scenario.network = network;
            scenario.transport = transport;
        })
    };
    let latest = |mut scenario: Scenario| {
        scenario.source.keep = Keep::Latest;
        scenario
    };
    let (sleep, arrival) = (FirstCheck::AfterSleep, FirstCheck::OnArrival);
    let ticks = |ms, one_in| Arrivals::PerClient(tick(ms, one_in, Phase::Random));
    let jitter = || Network::delays(uniform(100, 900), Delay::Exponential(Time::from_millis(200)));
    let sure = Arrivals::PerClient(Process::Periodic { every: Time::from_millis(250), phase: Phase::Random });
    vec![
        ("mailbox, Poisson", case(poisson(1, 10), delays(150), every(500, 40, sleep, 10))),
        ("mailbox, frequent Poisson", case(poisson(3, 1), delays(150), every(500, 2, sleep, 0))),
        ("mailbox, Poisson, latest", latest(case(poisson(1, 2), delays(150), every(900, 4, sleep, 0)))),
        ("mailbox, Poisson, jitter", case(poisson(1, 5), jitter(), every(500, 40, sleep, 0))),
        ("mailbox, Poisson, on arrival", case(poisson(1, 5), delays(200), every(700, 8, arrival, 50))),
        ("mailbox, Poisson, on arrival, latest", latest(case(poisson(1, 2), delays(200), every(700, 3, arrival, 50)))),
        ("mailbox, Poisson, on arrival, jitter", case(poisson(1, 5), jitter(), every(700, 4, arrival, 0))),
        ("mailbox, ticks without delay", {
            let mut scenario = case(ticks(500, 20), delays(0), every(500, 40, sleep, 0));
            scenario.clients.count = 1000;
            scenario.window.duration = Time::from_secs(300);
            scenario
        }),
        ("mailbox, ticks, latest", latest(case(ticks(100, 20), delays(150), every(500, 6, sleep, 0)))),
        ("mailbox, ticks, turning phase", case(ticks(500, 3), delays(87), every(500, 5, sleep, 0))),
        ("mailbox, several ticks a check, turning", case(ticks(200, 6), delays(57), every(800, 3, sleep, 3))),
        ("mailbox, ticks, on arrival", case(ticks(250, 9), delays(250), every(500, 6, arrival, 0))),
        ("mailbox, sure ticks", case(sure, delays(70), every(500, 30, sleep, 0))),
        (
            "mailbox, broadcast",
            case(Arrivals::Broadcast(tick(500, 8, Phase::Random)), delays(100), every(500, 8, sleep, 0)),
        ),
    ]
}

/// Long polls that are answered when a message comes.
fn notified() -> Vec<Case> {
    let case = |arrivals: Arrivals, network: Network, hold| {
        with(|scenario| {
            scenario.source.arrivals = arrivals;
            scenario.network = network;
            scenario.transport = notify(hold);
            scenario.window.warmup = Time::from_secs(300);
        })
    };
    let jitter = || Network::delays(uniform(100, 900), Delay::Exponential(Time::from_millis(200)));
    let ticks = |ms, one_in| Arrivals::PerClient(tick(ms, one_in, Phase::Random));
    let regular = Process::Periodic { every: Time::from_millis(2300), phase: Phase::Random };
    vec![
        ("notify, 0.1 /s", case(poisson(1, 10), delays(50), 75_000)),
        ("notify, 1 /s", case(poisson(1, 1), delays(50), 4_000)),
        (
            "notify, 10 /s",
            with(|scenario| {
                scenario.clients.count = 30;
                scenario.source.arrivals = poisson(10, 1);
                scenario.network = delays(50);
                scenario.transport = notify(300);
            }),
        ),
        ("notify, short hold", case(poisson(1, 4), delays(400), 3_000)),
        ("notify, latest", {
            let mut scenario = case(poisson(2, 1), delays(400), 2_000);
            scenario.source.keep = Keep::Latest;
            scenario
        }),
        ("notify, jitter", case(poisson(1, 2), jitter(), 10_000)),
        ("notify, ticks", case(ticks(500, 10), delays(100), 9_800)),
        ("notify, ticks on no lattice of the hold", case(ticks(500, 5), delays(170), 4_000)),
        ("notify, ticks, round trip of several", case(ticks(300, 6), delays(350), 1_234)),
        ("notify, periodic", case(Arrivals::PerClient(regular), delays(350), 1_500)),
        ("notify, ticks, latest", {
            let mut scenario = case(ticks(300, 3), delays(350), 1_234);
            scenario.source.keep = Keep::Latest;
            scenario
        }),
        ("notify, ticks without delay", case(ticks(500, 40), delays(0), 20_000)),
        (
            "notify, broadcast",
            with(|scenario| {
                let Arrivals::PerClient(process) = poisson(1, 2) else { return };
                scenario.source.arrivals = Arrivals::Broadcast(process);
                scenario.network = delays(100);
                scenario.transport = notify(4_000);
            }),
        ),
    ]
}
