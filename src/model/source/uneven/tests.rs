//! Counts against their laws: fixed seeds, two-sided, at a significance of 0.1 % for each test.

use std::sync::Arc;

use super::super::{Cursor, Generator};
use super::*;
use crate::model::scenario::*;

/// The normal quantile of 0.1 %, two-sided.
const SIGNIFICANT: f64 = 3.29;

/// A scenario of which only the source and the horizon matter.
fn scenario(arrivals: Arrivals, spread: Option<Spread>, clients: u32, seconds: u64) -> Scenario {
    let time = Time::from_secs;
    Scenario {
        window: Window { warmup: Time::ZERO, duration: time(seconds), bin: time(1) },
        source: Source { spread, ..Source::new(arrivals) },
        ..Scenario::new(clients, LongPoll::default())
    }
}

fn per_client(process: Process, spread: Option<Spread>, clients: u32, seconds: u64) -> Scenario {
    scenario(Arrivals::PerClient(process), spread, clients, seconds)
}

fn rate(numerator: u64, denominator: u64) -> Rate {
    Rate::new(numerator, denominator).unwrap()
}

fn bursts(on: u64, off: u64, rate: Rate) -> Process {
    Process::OnOff { on: Time::from_secs(on), off: Time::from_secs(off), rate }
}

fn day(rate: Rate, shape: &[f64], period: Time) -> Process {
    Process::Day(Arc::new(DayProfile { rate, shape: shape.to_vec(), period }))
}

/// All messages of a client before the horizon.
fn messages(source: &Generator, client: u32, horizon: Time) -> Vec<Time> {
    let (mut cursor, mut times) = (source.start(client, Time::ZERO), Vec::new());
    while cursor.next < horizon {
        source.advance_due(&mut cursor, client, horizon, |time| times.push(time));
    }
    times
}

/// The messages of all clients.
fn all(scenario: &Scenario) -> Vec<Vec<Time>> {
    let source = Generator::new(scenario, 0);
    (0..scenario.clients.count).map(|client| messages(&source, client, scenario.window.horizon())).collect()
}

/// Mean and variance of a sample.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    (mean, values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0))
}

/// `1 + 2 λ α / (α + β)² (1 - (1 - e^-x) / x)`, x = (α + β) t: the index of dispersion of counts in a time t.
#[test]
fn bursts_have_the_mean_and_the_dispersion_of_their_law() {
    for (on, off, per_second, seconds) in [(10, 60, 1, 300), (5, 5, 4, 20), (30, 3, 2, 1000)] {
        let clients = 4000;
        let counts = all(&per_client(bursts(on, off, rate(per_second, 1)), None, clients, seconds));
        let (mean, variance) = moments(counts.iter().map(|times| times.len() as f64));
        let (on, off, lambda, time) = (on as f64, off as f64, per_second as f64, seconds as f64);
        let (alpha, beta) = (1.0 / on, 1.0 / off);
        let x = (alpha + beta) * time;
        let dispersion = 1.0 + 2.0 * lambda * alpha / ((alpha + beta) * (alpha + beta)) * (1.0 + libm::expm1(-x) / x);
        let expected = lambda * on / (on + off) * time;
        let z = (mean - expected) / libm::sqrt(variance / f64::from(clients));
        assert!(z.abs() < SIGNIFICANT, "mean {mean}, not {expected}: z = {z}");
        // The variance of a sample variance, from the fourth moment.
        let squares = counts.iter().map(|times| (times.len() as f64 - mean) * (times.len() as f64 - mean));
        let error = libm::sqrt(moments(squares).1 / f64::from(clients));
        let z = (variance - dispersion * expected) / error;
        assert!(z.abs() < SIGNIFICANT, "dispersion {}, not {dispersion}: z = {z}", variance / mean);
    }
}

/// The rate is the same in the first second as in any other: the process begins in its stationary state.
#[test]
fn bursts_begin_in_their_stationary_state() {
    let clients = 40_000;
    let times = all(&per_client(bursts(10, 30, rate(1, 1)), None, clients, 40));
    for second in [0, 1, 5, 39] {
        let within = |time: &&Time| time.0 / 1_000_000_000 == second;
        let (mean, variance) = moments(times.iter().map(|times| times.iter().filter(within).count() as f64));
        let z = (mean - 0.25) / libm::sqrt(variance / f64::from(clients));
        assert!(z.abs() < SIGNIFICANT, "{mean} in second {second}: z = {z}");
    }
}

/// A rare message in many short periods is not looked for beyond the horizon.
#[test]
fn bursts_end_at_the_horizon() {
    let process = Process::OnOff { on: Time(1000), off: Time(1000), rate: rate(1, 1_000_000_000) };
    let source = Generator::new(&per_client(process, None, 1, 1), 0);
    assert_eq!(source.start(0, Time::ZERO).next, Time::NEVER);
}

#[test]
fn a_day_has_its_rate_in_every_part() {
    let shape = [0.0, 0.5, 2.0, 4.0, 0.0, 3.5, 0.25];
    let (clients, days) = (300, 20);
    let period = Time(99_999_999_999);
    let times = all(&per_client(day(rate(1, 2), &shape, period), None, clients, 100 * days));
    let mut counts = [0u32; 7];
    for time in times.iter().flatten().filter(|time| time.0 < period.0 * days) {
        counts[(u128::from(time.0 % period.0) * 7 / u128::from(period.0)) as usize] += 1;
    }
    let mean_shape = shape.iter().sum::<f64>() / 7.0;
    for (part, (count, share)) in counts.iter().zip(shape).enumerate() {
        let expected = f64::from(clients) * days as f64 * 0.5 * period.as_secs_f64() / 7.0 * share / mean_shape;
        let z = (f64::from(*count) - expected) / libm::sqrt(expected.max(1.0));
        // An edge is rounded down to the nanosecond: a message of its last one would count in the next part.
        assert!(z.abs() < SIGNIFICANT, "{count} in part {part}, not {expected}: z = {z}");
        assert!(share > 0.0 || *count == 0, "{count} messages in part {part}, which has none");
    }
}

/// A level day is a Poisson process, draw for draw.
#[test]
fn a_level_day_is_even() {
    let even = per_client(Process::Poisson { rate: rate(1, 3) }, None, 20, 5000);
    let level = per_client(day(rate(1, 3), &[2.0; 10], Time::from_secs(70)), None, 20, 5000);
    assert_eq!(all(&even), all(&level));
}

#[test]
fn weights_are_one_on_average() {
    let of = |spread, clients: u32| {
        let scenario = per_client(Process::Poisson { rate: rate(1, 1) }, Some(spread), clients, 1);
        let weights = Weights::new(spread, &scenario, 0);
        (0..u64::from(clients)).map(|client| weights.of(client)).collect::<Vec<f64>>()
    };
    for (exponent, clients) in [(0.0, 10), (0.64, 1000), (1.0, 100_000), (2.5, 50_000)] {
        let weights = of(Spread::Zipf(exponent), clients);
        assert!((weights.iter().sum::<f64>() / f64::from(clients) - 1.0).abs() < 1e-11);
        assert!((weights[0] / weights[1] - libm::pow(2.0, exponent)).abs() < 1e-12 * weights[0]);
    }
    for sigma in [0.0, 0.5, 1.0] {
        let weights = of(Spread::Lognormal(sigma), 100_000);
        let (mean, variance) = moments(weights.iter().copied());
        assert!((mean - 1.0).abs() <= SIGNIFICANT * libm::sqrt(variance / 100_000.0) + 1e-12, "{mean}");
        let (center, spread) = moments(weights.iter().map(|weight| libm::log(*weight)));
        assert!((center + sigma * sigma / 2.0).abs() <= SIGNIFICANT * sigma / libm::sqrt(100_000.0));
        assert!((spread - sigma * sigma).abs() <= SIGNIFICANT * sigma * sigma * libm::sqrt(2.0 / 100_000.0));
    }
}

#[test]
fn zipf_gives_the_first_client_two_to_the_s_times_the_second() {
    let seconds = 40_000;
    for process in [
        Process::Poisson { rate: rate(1, 1) },
        day(rate(1, 1), &[1.0, 3.0], Time::from_secs(100)),
        bursts(1, 1, rate(2, 1)),
    ] {
        let is_bursty = matches!(process, Process::OnOff { .. });
        let times = all(&per_client(process, Some(Spread::Zipf(1.0)), 5, seconds));
        let counts: Vec<f64> = times.iter().map(|times| times.len() as f64).collect();
        let clients = (1..=5).map(|k| 1.0 / f64::from(k)).sum::<f64>() / 5.0;
        for (k, count) in (1..).zip(&counts) {
            let expected = seconds as f64 / f64::from(k) / clients;
            // While ON twice the mean rate; the dispersion of the bursts is 1 + that rate / 2.
            let dispersion = if is_bursty { 1.0 + expected / seconds as f64 } else { 1.0 };
            let z = (count - expected) / libm::sqrt(expected * dispersion);
            assert!(z.abs() < SIGNIFICANT, "{count} of client {k}, not {expected}: z = {z}");
        }
        // The larger dispersion of the two.
        let spread = if is_bursty { 3.2 } else { 1.0 } * (1.0 / counts[0] + 1.0 / counts[1]);
        let z = libm::log(counts[0] / counts[1] / 2.0) / libm::sqrt(spread);
        assert!(z.abs() < SIGNIFICANT, "{counts:?}: z = {z}");
    }
}

/// Common random numbers: at a higher rate no message comes later.
#[test]
fn a_higher_rate_brings_messages_forward() {
    type Make = fn(Rate) -> Process;
    let makes: [Make; 3] = [
        |rate| Process::Poisson { rate },
        |rate| day(rate, &[1.0, 0.0, 3.0], Time::from_secs(50)),
        |rate| bursts(10, 20, rate),
    ];
    for make in makes {
        let of = |rate| all(&per_client(make(rate), Some(Spread::Zipf(0.5)), 30, 1000));
        for (few, many) in of(rate(1, 3)).iter().zip(&of(rate(2, 5))) {
            assert!(few.len() <= many.len());
            assert!(few.iter().zip(many).all(|(later, sooner)| sooner <= later));
        }
    }
}

/// All clients see the messages of one process, and a spread has no effect on them.
#[test]
fn a_shared_process_is_the_same_for_all() {
    for process in [bursts(10, 20, rate(1, 1)), day(rate(1, 1), &[1.0, 2.0], Time::from_secs(9))] {
        let shared = |spread| all(&scenario(Arrivals::Broadcast(process.clone()), spread, 3, 500));
        let times = shared(None);
        assert!(!times[0].is_empty() && times.iter().all(|other| *other == times[0]));
        assert_eq!(shared(Some(Spread::Zipf(2.0))), times);
    }
}

/// Spreads that no experiment would have: everything stays a number, and nothing comes before the start.
#[test]
fn extreme_spreads_do_no_harm() {
    for spread in [Spread::Zipf(1e300), Spread::Zipf(50.0), Spread::Lognormal(1e300), Spread::Lognormal(40.0)] {
        let source = Generator::new(&per_client(Process::Poisson { rate: rate(1, 1) }, Some(spread), 1000, 1), 0);
        let rare =
            (1..1000).filter(|client| source.start(*client, Time::ZERO).next > Time::from_secs(1_000_000)).count();
        assert!(rare > 900, "{spread:?}: {rare}");
    }
}

/// The cursor is part of every client's state.
#[test]
fn the_cursor_stays_small() {
    assert_eq!(size_of::<Cursor>(), 24);
}
