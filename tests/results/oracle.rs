//! A naive second implementation of the model: laws that its numbers obey, and the engine's numbers against it.

pub mod compare;
mod examples;
pub mod naive;
pub mod scenarios;

use std::str::FromStr;

use cometsim::model::Metric;
use cometsim::model::scenario::{Arrivals, EnginePath, OnLostReply, Process, Scenario, Ticks};
use cometsim::units::{Bytes, Probability};
use compare::{differences, simulate_in_blocks};
use naive::{Draws, Expected, Run};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};
use scenarios::scenario;

/// How many random scenarios a test takes in the place of its own number.
const CASES: &str = "COMETSIM_ORACLE_CASES";

/// The number from which the scenarios are drawn: other scenarios for another one.
const SEED: &str = "COMETSIM_ORACLE_SEED";

/// A number from the environment.
///
/// # Panics
/// If the variable is there, but is no such number.
fn from_environment<N: FromStr>(name: &str) -> Option<N> {
    let text = std::env::var_os(name)?;
    let number = text.to_str().and_then(|text| text.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{name} is {}, which is no number that fits", text.display())))
}

/// Puts random scenarios to the test: `cases` of them, the same ones in every run, or as the environment says. A failure
/// shows the smallest one.
fn for_all(cases: u32, test: impl Fn(&Scenario) -> TestCaseResult) {
    let cases = from_environment(CASES).unwrap_or(cases);
    let seed: u64 = from_environment(SEED).unwrap_or(0);
    println!("{cases} scenarios of seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    if let Err(failure) = runner.run(&scenario(), |scenario| test(&scenario)) {
        panic!("with {CASES}={cases} {SEED}={seed}: {failure}");
    }
}

fn run(scenario: &Scenario) -> Run {
    naive::run(scenario, 0, 0..naive::population(scenario, 0))
}

/// The engine and the naive model agree in every number, with ticks as events and without, client by client
/// whole and in blocks, and through one queue.
#[test]
fn the_engine_agrees_with_the_naive_model() {
    for_all(3_000, |scenario| {
        let expected = naive::expected(scenario, 3);
        for ticks in [Ticks::Each, Ticks::Skip] {
            let everyone = scenario.population();
            let apart = if scenario.is_coupled() { everyone } else { 1 };
            for (path, block) in
                [(EnginePath::Auto, everyone), (EnginePath::Auto, apart), (EnginePath::Queue, everyone)]
            {
                let scenario = Scenario { ticks, path, ..scenario.clone() };
                let totals = simulate_in_blocks(&scenario, 3, block);
                let found = differences(&scenario, &expected, &totals);
                prop_assert!(found.is_empty(), "{ticks:?}, {path:?}, blocks of {block}:\n{found}");
            }
        }
        Ok(())
    });
}

/// Little's law in a window: the requests that are at the server, and the time at the server of those with which it is done
/// in the window, differ only at its edges.
#[test]
fn requests_at_the_server_obey_littles_law() {
    for_all(1_000, |scenario| {
        let expected = naive::expected(scenario, 0);
        let difference = expected.held.abs_diff(expected.stay_sum);
        let edges = u128::from(expected.open_at_start + expected.open_at_end);
        prop_assert!(difference <= edges * u128::from(expected.longest_stay), "{difference} ns at {edges} edges");
        Ok(())
    });
}

/// A peak is the mean of a part of the window, and all parts are looked at.
#[test]
fn no_peak_is_below_its_mean() {
    for_all(1_000, |scenario| {
        let totals = simulate_in_blocks(scenario, 0, scenario.population());
        for (peak, mean) in [
            (Metric::HeldRequestsPeak, Metric::HeldRequestsMean),
            (Metric::HttpMbitPerSecondPeak, Metric::HttpMbitPerSecond),
            (Metric::ServerCoresPeak, Metric::ServerCoresMean),
            (Metric::WorkersBusyPeak, Metric::WorkersBusyMean),
        ] {
            let [highest, average] = [peak, mean].map(|metric| totals.metric(metric, scenario));
            prop_assert!(highest >= average, "{}: {highest:?} below {average:?}", peak.name());
        }
        Ok(())
    });
}

/// Headers, messages and the rest make up all bytes.
#[test]
fn parts_of_the_traffic_are_no_more_than_all() {
    for_all(1_000, |scenario| {
        let expected = naive::expected(scenario, 0);
        prop_assert!(expected.header_bytes + expected.payload_bytes <= expected.http_bytes());
        Ok(())
    });
}

#[test]
fn bytes_are_the_sum_over_messages() {
    for_all(1_000, |scenario| {
        let run = run(scenario);
        let expected = Expected::from_run(scenario, &run);
        if naive::pushes(scenario) || scenario.uses_http2() || scenario.clients.sends.is_some() {
            // What is pushed has other frames than a reply, and what a client sends another body than a poll.
            return Ok(());
        }
        let (from, until) = (scenario.window.warmup.0, scenario.window.horizon().0);
        let mut body = 0;
        let mut payload = 0;
        for (client, person) in (0..).zip(&run.people) {
            let http = naive::view(scenario, client).http;
            for request in
                person.requests.iter().filter(|request| request.answered.is_some_and(|at| from <= at && at < until))
            {
                let sizes = request.cargo.iter().map(|&i| person.messages[i].bytes);
                payload += sizes.clone().sum::<u64>();
                body += sizes.map(|size| size + http.message_framing.0).sum::<u64>();
                body += if request.cargo.is_empty() { http.empty_body.0 } else { 0 };
            }
        }
        let request_bodies = match scenario.is_mix() {
            false => expected.requests * scenario.http.request_body.0,
            true => {
                let parts = expected.parts.iter().zip(&scenario.populations);
                parts.map(|(part, population)| part.requests * population.http.request_body.0).sum()
            }
        };
        let bodies = body + request_bodies;
        prop_assert_eq!(expected.payload_bytes, payload);
        prop_assert_eq!(expected.http_bytes(), expected.header_bytes + bodies);
        Ok(())
    });
}

#[test]
fn a_message_is_no_faster_than_its_reply() {
    for_all(1_000, |scenario| {
        for landing in run(scenario).log.landings {
            prop_assert!(landing.created <= landing.sent && landing.sent <= landing.at);
        }
        Ok(())
    });
}

#[test]
fn larger_headers_never_lower_the_bandwidth() {
    for_all(500, |scenario| {
        if naive::pushes(scenario) || scenario.wire.is_some() || naive::has_links(scenario) || scenario.uses_http2() {
            // The response to a WebSocket's handshake has a header of its own; a reply without a byte closes a connection;
            // what is larger passes a link later; and HTTP/2 has other headers.
            return Ok(());
        }
        let mut larger = scenario.clone();
        let populations = larger.populations.iter_mut().map(|population| &mut population.http);
        for http in std::iter::once(&mut larger.http).chain(populations) {
            http.request_header = Bytes(http.request_header.0 + 1);
            http.response_header = Bytes(http.response_header.0 + 100);
        }
        let (before, after) = (naive::expected(scenario, 0), naive::expected(&larger, 0));
        prop_assert_eq!(after.http_bytes(), before.http_bytes() + before.requests + 100 * before.replies);
        prop_assert_eq!(after.latencies, before.latencies);
        Ok(())
    });
}

/// Clients do not touch each other, so groups of them can be simulated apart.
#[test]
fn all_clients_together_are_the_union_of_each_alone() {
    for_all(500, |scenario| {
        if scenario.is_coupled() {
            return Ok(());
        }
        let together = Expected::from_run(scenario, &run(scenario));
        let mut apart = Expected::default();
        for client in 0..naive::population(scenario, 0) {
            apart.add(&Expected::from_run(scenario, &naive::run(scenario, 0, client..client + 1)));
        }
        if matches!(scenario.source.arrivals, Arrivals::Broadcast(_)) {
            // Its creations are events of the one process, and are repeated in each part.
            (apart.events_each, apart.events_skip) = (together.events_each, together.events_skip);
        }
        (apart.trials, apart.shared) = (together.trials, together.shared);
        for (apart, together) in apart.parts.iter_mut().zip(&together.parts) {
            (apart.trials, apart.shared) = (together.trials, together.shared);
        }
        prop_assert_eq!(apart, together);
        Ok(())
    });
}

#[test]
fn skipped_ticks_leave_no_more_events() {
    for_all(500, |scenario| {
        let expected = naive::expected(scenario, 0);
        prop_assert!(expected.events_skip <= expected.events_each);
        prop_assert!(expected.events_each - expected.events_skip <= expected.checks + expected.trials);
        Ok(())
    });
}

/// Gaps are monotone in the probability of a hit. The instants of the hits are sums of gaps, so the one set of instants
/// is no subset of the other; but hit number `i` never comes later.
#[test]
fn a_likelier_hit_comes_no_later() {
    for_all(500, |scenario| {
        let Arrivals::PerClient(Process::Tick { hit, .. }) = scenario.source.arrivals else { return Ok(()) };
        let draws = Draws::new(scenario.seed, 0);
        let likelier = Probability::new(999, 1000).unwrap_or(hit);
        let mut totals = (0u64, 0u64);
        for i in 0..50 {
            totals.0 = totals.0.saturating_add(draws.trials(Some(0), i, hit));
            totals.1 = totals.1.saturating_add(draws.trials(Some(0), i, likelier));
            prop_assert!(hit == Probability::ONE || totals.1 <= totals.0);
        }
        Ok(())
    });
}

#[test]
fn redelivery_loses_nothing_and_counts_every_copy() {
    for_all(1_000, |scenario| {
        if scenario.server.on_lost_reply == OnLostReply::Drop {
            let expected = naive::expected(scenario, 0);
            prop_assert_eq!(expected.duplicated, 0);
            return Ok(());
        }
        let run = run(scenario);
        let expected = Expected::from_run(scenario, &run);
        let (from, until) = (scenario.window.warmup.0, scenario.window.horizon().0);
        let landed = run.log.landings.iter().filter(|landing| from <= landing.at && landing.at < until).count() as u64;
        prop_assert_eq!(expected.lost, 0);
        prop_assert_eq!(expected.delivered + expected.duplicated, landed);
        Ok(())
    });
}

/// The random scenarios are worth their time only if they reach every corner.
#[test]
fn every_metric_and_every_fate_occurs() {
    const EACH: u32 = 66;
    let seen = std::cell::RefCell::new(std::collections::BTreeMap::new());
    let taken = std::cell::Cell::new(0);
    for_all(2_000, |scenario| {
        taken.set(taken.get() + 1);
        for (metric, value) in naive::expected(scenario, 0).metrics(true) {
            *seen.borrow_mut().entry(metric).or_insert(0) += u32::from(value.is_some_and(|value| value > 0.0));
        }
        Ok(())
    });
    let taken = taken.get();
    for (metric, count) in seen.into_inner() {
        println!("{}: {count}", metric.name());
        assert!(count >= taken / EACH, "{} is above zero in {count} of {taken} scenarios", metric.name());
    }
}
