//! The closed forms against sums and recursions that do not use them. No simulation is run.

use super::forms::{close, value};
use super::scenarios::{delays, every, notify, poisson, tutorial_of_one};
use cometsim::model::metric::Metric;
use cometsim::model::scenario::*;
use cometsim::theory::expected;
use cometsim::units::{Probability, Time};

/// Expected requests in the window per client, from the renewal equation on a lattice of one check (no delays): exact
/// for any start and warm-up.
fn requests_by_recursion(scenario: &Scenario, p: f64, count: i32, step: f64) -> f64 {
    let steps = |span: Time| (span.as_secs_f64() / step).round() as usize;
    let (start, warmup, horizon) =
        (steps(scenario.clients.start_within), steps(scenario.window.warmup), steps(scenario.window.horizon()));
    let quiet: f64 = 1.0 - p;
    // Chance of a cycle of k checks; the last one answers either way.
    let cycle = |k: i32| if k < count { p * quiet.powi(k - 1) } else { quiet.powi(count - 1) };
    // Within a step the start is even, so departures per step are all that matters.
    let mut departures = vec![0.0; horizon];
    for at in 0..horizon {
        let first = if at < start { 1.0 / start as f64 } else { 0.0 };
        departures[at] = first + (1..=count).zip(departures[..at].iter().rev()).map(|(k, d)| cycle(k) * d).sum::<f64>();
    }
    departures[warmup..].iter().sum()
}

#[test]
fn what_counts_as_steady_is_steady() {
    let (mut accepted, mut refused) = (0, 0);
    for (numerator, denominator) in [(15, 999), (1, 10), (1, 100), (1, 300), (1, 1000), (1, 5000)] {
        for start in [1, 10, 30, 40, 60] {
            for (warmup, duration) in [(90, 300), (120, 1800), (137, 911), (300, 1000), (600, 3600), (2400, 600)] {
                let mut scenario = tutorial_of_one(numerator, denominator);
                scenario.clients.start_within = Time::from_secs(start);
                scenario.window = Window {
                    warmup: Time::from_secs(warmup),
                    duration: Time::from_secs(duration),
                    bin: Time::from_secs(1),
                };
                let p = numerator as f64 / denominator as f64;
                let exact = requests_by_recursion(&scenario, p, 80, 0.5) / duration as f64;
                match expected(&scenario).get(Metric::RequestsPerSecond) {
                    Some(form) => {
                        accepted += 1;
                        assert!((form / exact - 1.0).abs() < 5e-4, "{p} {start} {warmup} {duration}: {form} {exact}");
                    }
                    None => refused += 1,
                }
            }
        }
    }
    assert!(accepted >= 60 && refused >= 60, "{accepted} accepted, {refused} refused");
}

#[test]
fn the_herd_of_the_tutorial_is_off_by_0_8_percent() {
    let mut scenario = tutorial_of_one(1, 1000);
    scenario.clients.start_within = Time::from_secs(1);
    scenario.window = Window { warmup: Time::from_secs(120), duration: Time::from_secs(1800), bin: Time(1) };
    let exact = requests_by_recursion(&scenario, 0.001, 80, 0.5) / 1800.0;
    close(exact / 0.026_000_8 - 1.0, 0.008, 0.1);
}

/// A small generator, so that the checks below share nothing with the simulator.
struct Lehmer(u64);

impl Lehmer {
    fn unit(&mut self) -> f64 {
        self.0 = self.0 * 48_271 % 0x7fff_ffff;
        self.0 as f64 / 2_147_483_647.0
    }

    fn exponential(&mut self, rate: f64) -> f64 {
        -self.unit().ln() / rate
    }
}

/// What one client does with Poisson messages, walked through look by look: requests per second, share of replies
/// without data, mean latency, mean age.
fn walk(rate: f64, delay: f64, looks: impl Fn(f64, f64) -> Vec<(f64, bool)>, requests: u32) -> [f64; 4] {
    let mut random = Lehmer(20_100_427);
    let (mut sent, mut next) = (0.0, random.exponential(rate));
    let (mut messages, mut empty, mut latency, mut area) = (0.0, 0.0, 0.0, 0.0);
    let (mut newest, mut last_delivery) = (0.0, 0.0);
    for _ in 0..requests {
        let arrival: f64 = sent + delay;
        let (mut answer, mut taken) = (arrival, 0);
        for (look, takes) in looks(arrival, next) {
            answer = look;
            while takes && next <= look {
                latency += look + delay - next;
                taken += 1;
                if taken == 1 {
                    let received = look + delay;
                    area += (received - last_delivery) * (f64::midpoint(received, last_delivery) - newest);
                    last_delivery = received;
                }
                newest = next;
                next += random.exponential(rate);
            }
            if taken > 0 {
                break;
            }
        }
        messages += f64::from(taken);
        empty += if taken == 0 { 1.0 } else { 0.0 };
        sent = answer + delay;
    }
    [f64::from(requests) / sent, empty / f64::from(requests), latency / messages, area / last_delivery]
}

/// Asserts that a walk of half a million requests agrees within its noise.
#[track_caller]
fn agrees(scenario: &Scenario, walked: [f64; 4], metrics: &[Metric]) {
    let all = [Metric::RequestsPerSecond, Metric::EmptyReplyFraction, Metric::LatencyMean, Metric::AgeMean];
    for (metric, walked) in all.into_iter().zip(walked) {
        if metrics.contains(&metric) {
            close(value(scenario, metric), walked, 0.012);
        }
    }
}

#[test]
fn poisson_messages_walked_through_the_checks_agree() {
    let all = [Metric::RequestsPerSecond, Metric::EmptyReplyFraction, Metric::LatencyMean, Metric::AgeMean];
    for (first, metrics) in [(FirstCheck::AfterSleep, &all[..]), (FirstCheck::OnArrival, &all[..3])] {
        let mut scenario = tutorial_of_one(1, 10);
        scenario.source.arrivals = poisson(1, 3);
        scenario.network = delays(200);
        scenario.transport = every(700, 5, first, 0);
        let checks = |arrival: f64, _: f64| match first {
            FirstCheck::AfterSleep => (1..=5).map(|k| (arrival + 0.7 * f64::from(k), true)).collect(),
            FirstCheck::OnArrival => (0..=5).map(|k| (arrival + 0.7 * f64::from(k), k < 5)).collect::<Vec<_>>(),
        };
        agrees(&scenario, walk(1.0 / 3.0, 0.2, checks, 500_000), metrics);
    }
}

#[test]
fn poisson_messages_walked_through_notification_agree() {
    let all = [Metric::RequestsPerSecond, Metric::EmptyReplyFraction, Metric::LatencyMean, Metric::AgeMean];
    let mut scenario = tutorial_of_one(1, 10);
    scenario.source.arrivals = poisson(2, 5);
    scenario.network = delays(300);
    scenario.transport = notify(4_000);
    let walked = walk(0.4, 0.3, |arrival, next| vec![(next.clamp(arrival, arrival + 4.0), true)], 500_000);
    agrees(&scenario, walked, &all);
}

#[test]
fn moments_of_the_tutorials_hold_agree_with_plain_sums() {
    for (numerator, denominator, count) in [(15, 999, 80_u16), (1, 3, 1), (1, 3, 7), (999, 1000, 4)] {
        let mut scenario = tutorial_of_one(numerator, denominator);
        scenario.transport = every(500, u32::from(count), FirstCheck::AfterSleep, 0);
        scenario.clients.start_within = Time::from_millis(500 * u64::from(count));
        scenario.window.warmup = Time::from_secs(1000);
        let p = numerator as f64 / denominator as f64;
        let chance = |k: u16| p * (1.0 - p).powi(i32::from(k) - 1);
        let lost = 1.0 - (1..=count).map(chance).sum::<f64>();
        let checks = (1..=count).map(|k| f64::from(k) * chance(k)).sum::<f64>() + f64::from(count) * lost;
        close(value(&scenario, Metric::HoldMean), 0.5 * checks, 1e-9);
        close(1.0 - value(&scenario, Metric::EmptyReplyFraction), 1.0 - lost, 1e-9);
        // Without delays the replies with data come at trials: the gap between them is 0.5 s × Geometric(p).
        close(value(&scenario, Metric::AgeMean), 0.25 * (2.0 - p) / p, 1e-6);
    }
}

#[test]
fn ticks_in_a_mailbox_without_delays_are_the_tutorial() {
    let mut scenario = tutorial_of_one(15, 999);
    let request = expected(&scenario);
    scenario.source.arrivals = Arrivals::PerClient(Process::Tick {
        every: Time::from_millis(500),
        hit: Probability::new(15, 999).unwrap(),
        phase: Phase::Random,
    });
    for metric in [Metric::RequestsPerSecond, Metric::EmptyReplyFraction, Metric::HttpBytesPerSecond, Metric::HoldMean]
    {
        close(value(&scenario, metric), request.get(metric).unwrap(), 1e-12);
    }
    close(value(&scenario, Metric::LatencyMean), 0.25, 1e-12);
}
