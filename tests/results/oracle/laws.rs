//! Laws that hold for the numbers of both implementations, whatever the scenario.
//!
//! Where the two agree in a number they may still both be wrong. A law says something about the numbers that neither
//! implementation has been told. Some laws hold for a part of the scenarios only: each of them must meet enough of those.

use std::cell::Cell;

use cometsim::model::scenario::{Arrivals, OnLostReply, Scenario, Ticks};
use cometsim::model::{Metric, Totals};
use cometsim::units::{Bytes, Probability};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use super::compare::simulate_in_blocks;
use super::for_all;
use super::naive::{self, Draws, Expected, Run};
use super::scenarios::scenario;

/// Scenarios for each law.
const CASES: u32 = 500;

/// One of so many scenarios at least is one for which a law holds.
const RAREST: u32 = 20;

/// Puts the scenarios for which a law holds to the test.
fn law(holds_for: impl Fn(&Scenario) -> bool, test: impl Fn(&Scenario) -> TestCaseResult) {
    let (taken, tested) = (Cell::new(0), Cell::new(0));
    for_all(CASES, scenario(), |scenario| {
        taken.set(taken.get() + 1);
        if !holds_for(scenario) {
            return Ok(());
        }
        tested.set(tested.get() + 1);
        test(scenario)
    });
    let (taken, tested): (u32, u32) = (taken.get(), tested.get());
    assert!(tested >= taken / RAREST, "only {tested} of {taken} scenarios are such that the law holds for them");
}

fn any(_: &Scenario) -> bool {
    true
}

/// What both implementations count.
#[derive(Debug)]
struct Counts {
    /// `naive` or `engine`.
    of: &'static str,
    requests: u64,
    replies: u64,
    http_bytes: u64,
    header_bytes: u64,
    payload_bytes: u64,
    created: u64,
    delivered: u64,
    lost: u64,
    superseded: u64,
    duplicated: u64,
    pending_start: u64,
    pending_end: u64,
    latencies: u64,
    latency_sum: u128,
    held: u128,
    open_start: u64,
    open_end: u64,
}

impl Counts {
    fn naive(e: &Expected) -> Counts {
        Counts {
            of: "naive",
            requests: e.requests,
            replies: e.replies,
            http_bytes: e.http_bytes(),
            header_bytes: e.header_bytes,
            payload_bytes: e.payload_bytes,
            created: e.created,
            delivered: e.delivered,
            lost: e.lost,
            superseded: e.superseded,
            duplicated: e.duplicated,
            pending_start: e.pending_start,
            pending_end: e.pending_end,
            latencies: e.latencies.len() as u64,
            latency_sum: e.latencies.iter().map(|&latency| u128::from(latency)).sum(),
            held: e.held,
            open_start: e.open_at_start,
            open_end: e.open_at_end,
        }
    }

    fn engine(t: &Totals) -> Counts {
        Counts {
            of: "engine",
            requests: t.requests,
            replies: t.replies,
            http_bytes: t.http_bytes(),
            header_bytes: t.header_bytes,
            payload_bytes: t.payload_bytes,
            created: t.created,
            delivered: t.delivered,
            lost: t.lost,
            superseded: t.superseded,
            duplicated: t.duplicated,
            pending_start: t.pending_start,
            pending_end: t.pending_end,
            latencies: t.latency.count(),
            latency_sum: t.latency.sum(),
            held: t.held_nanos,
            open_start: t.open_start,
            open_end: t.open_end,
        }
    }

    fn of_both(scenario: &Scenario) -> [Counts; 2] {
        [Counts::naive(&naive::expected(scenario, 0)), Counts::engine(&engine(scenario))]
    }
}

fn engine(scenario: &Scenario) -> Totals {
    simulate_in_blocks(scenario, 0, scenario.population())
}

fn run(scenario: &Scenario) -> Run {
    naive::run(scenario, 0, 0..naive::population(scenario, 0))
}

/// Every message that enters the window has a fate in it, or is pending at its end.
#[test]
fn no_message_appears_or_vanishes() {
    law(any, |scenario| {
        for c in Counts::of_both(scenario) {
            let fates = c.delivered + c.lost + c.superseded + c.pending_end;
            prop_assert_eq!(c.pending_start + c.created, fates, "{:?}", c);
            prop_assert_eq!(c.latencies, c.delivered, "{:?}", c);
        }
        Ok(())
    });
}

/// Little's law in a window: the requests that are at the server, and the time at the server of those with which it is done
/// in the window, differ only at its edges.
#[test]
fn requests_at_the_server_obey_littles_law() {
    law(any, |scenario| {
        let expected = naive::expected(scenario, 0);
        for c in [Counts::naive(&expected), Counts::engine(&engine(scenario))] {
            let difference = c.held.abs_diff(expected.stay_sum);
            let edges = u128::from(c.open_start + c.open_end);
            prop_assert!(difference <= edges * u128::from(expected.longest_stay), "{difference} ns: {c:?}");
        }
        Ok(())
    });
}

/// A peak is the mean of a part of the window, and all parts are looked at.
#[test]
fn no_peak_is_below_its_mean() {
    law(any, |scenario| {
        let totals = engine(scenario);
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
    law(any, |scenario| {
        for c in Counts::of_both(scenario) {
            prop_assert!(c.header_bytes + c.payload_bytes <= c.http_bytes, "{c:?}");
        }
        Ok(())
    });
}

/// What is pushed has other frames than a reply, and what a client sends another body than a poll.
fn has_polls_only(scenario: &Scenario) -> bool {
    !(naive::pushes(scenario) || scenario.uses_http2() || scenario.clients.sends.is_some())
}

#[test]
fn bytes_are_the_sum_over_messages() {
    law(has_polls_only, |scenario| {
        let run = run(scenario);
        let expected = Expected::from_run(scenario, &run);
        let (from, until) = (scenario.window.warmup.0, scenario.window.horizon().0);
        let mut body = 0;
        let mut payload = 0;
        for (client, person) in (0..).zip(&run.people) {
            let http = naive::view(scenario, client).http;
            let is_within = |at: u64| from <= at && at < until;
            for request in person.requests.iter().filter(|request| request.answered.is_some_and(is_within)) {
                let sizes = request.cargo.iter().map(|&i| person.messages[i].bytes);
                payload += sizes.clone().sum::<u64>();
                body += sizes.map(|size| size + http.message_framing.0).sum::<u64>();
                body += if request.cargo.is_empty() { http.empty_body.0 } else { 0 };
            }
        }
        let of_one = [(expected.requests, scenario.http.request_body)];
        let of_each = expected.parts.iter().zip(&scenario.populations);
        let of_each = of_each.map(|(part, population)| (part.requests, population.http.request_body));
        let requests: Vec<(u64, Bytes)> = if scenario.is_mix() { of_each.collect() } else { of_one.to_vec() };
        let bodies = body + requests.iter().map(|(requests, body)| requests * body.0).sum::<u64>();
        for c in [Counts::naive(&expected), Counts::engine(&engine(scenario))] {
            prop_assert_eq!(c.payload_bytes, payload, "{}", c.of);
            prop_assert_eq!(c.http_bytes, c.header_bytes + bodies, "{}", c.of);
        }
        Ok(())
    });
}

#[test]
fn a_message_is_no_faster_than_its_reply() {
    law(any, |scenario| {
        for landing in run(scenario).log.landings {
            prop_assert!(landing.created <= landing.sent && landing.sent <= landing.at);
        }
        Ok(())
    });
}

/// The response to a WebSocket's handshake has a header of its own; a reply without a byte closes a connection; what is
/// larger passes a link later; and HTTP/2 has other headers.
fn has_no_use_of_headers(scenario: &Scenario) -> bool {
    let has_network = scenario.wire.is_some() || naive::has_links(scenario) || scenario.uses_http2();
    !naive::pushes(scenario) && !has_network
}

#[test]
fn larger_headers_never_lower_the_bandwidth() {
    law(has_no_use_of_headers, |scenario| {
        let mut larger = scenario.clone();
        let populations = larger.populations.iter_mut().map(|population| &mut population.http);
        for http in std::iter::once(&mut larger.http).chain(populations) {
            http.request_header = Bytes(http.request_header.0 + 1);
            http.response_header = Bytes(http.response_header.0 + 100);
        }
        for (before, after) in Counts::of_both(scenario).iter().zip(Counts::of_both(&larger)) {
            prop_assert_eq!(
                after.http_bytes,
                before.http_bytes + before.requests + 100 * before.replies,
                "{}",
                after.of
            );
            prop_assert_eq!(
                (after.latencies, after.latency_sum),
                (before.latencies, before.latency_sum),
                "{}",
                after.of
            );
        }
        Ok(())
    });
}

fn has_clients_apart(scenario: &Scenario) -> bool {
    !scenario.is_coupled()
}

/// Clients that do not touch each other can be simulated apart.
#[test]
fn all_clients_together_are_the_union_of_each_alone() {
    law(has_clients_apart, |scenario| {
        let is_shared = matches!(scenario.source.arrivals, Arrivals::Broadcast(_));
        let together = naive::expected(scenario, 0);
        let mut apart = Expected::default();
        for client in 0..naive::population(scenario, 0) {
            apart.add(&Expected::from_run(scenario, &naive::run(scenario, 0, client..client + 1)));
        }
        if is_shared {
            // Its creations are events of the one process, and are repeated in each part.
            (apart.events_each, apart.events_skip) = (together.events_each, together.events_skip);
        }
        (apart.trials, apart.shared) = (together.trials, together.shared);
        for (apart, together) in apart.parts.iter_mut().zip(&together.parts) {
            (apart.trials, apart.shared) = (together.trials, together.shared);
        }
        prop_assert_eq!(apart, together);
        let (mut apart, together) = (simulate_in_blocks(scenario, 0, 1), engine(scenario));
        if is_shared {
            apart.events = together.events;
        }
        prop_assert_eq!(apart, together);
        Ok(())
    });
}

#[test]
fn skipped_ticks_leave_no_more_events() {
    law(any, |scenario| {
        let expected = naive::expected(scenario, 0);
        let [each, skip] =
            [Ticks::Each, Ticks::Skip].map(|ticks| engine(&Scenario { ticks, ..scenario.clone() }).events);
        for (each, skip) in [(expected.events_each, expected.events_skip), (each, skip)] {
            prop_assert!(skip <= each && each - skip <= expected.checks + expected.trials, "{skip} of {each}");
        }
        Ok(())
    });
}

/// Gaps are monotone in the probability of a hit. The instants of the hits are sums of gaps, so the one set of instants
/// is no subset of the other; but hit number `i` never comes later.
#[test]
fn a_likelier_hit_comes_no_later() {
    let one_in = |below| Probability::new(1, below).unwrap();
    for_all(CASES, (proptest::num::u64::ANY, 1..2_000u64, 1..2_000u64), |(seed, one, other)| {
        let draws = Draws::new(*seed, 0);
        let (likelier, rarer) = (one_in(*one.min(other)), one_in(*one.max(other)));
        let mut trials = (0u64, 0u64);
        for i in 0..50 {
            trials.0 = trials.0.saturating_add(draws.trials(Some(0), i, likelier));
            trials.1 = trials.1.saturating_add(draws.trials(Some(0), i, rarer));
            prop_assert!(trials.0 <= trials.1, "hit {i}: {trials:?}");
        }
        Ok(())
    });
}

#[test]
fn redelivery_loses_nothing_and_counts_every_copy() {
    let redelivers = |scenario: &Scenario| scenario.server.on_lost_reply == OnLostReply::Redeliver;
    law(redelivers, |scenario| {
        let run = run(scenario);
        let (from, until) = (scenario.window.warmup.0, scenario.window.horizon().0);
        let landed = run.log.landings.iter().filter(|landing| from <= landing.at && landing.at < until).count() as u64;
        for c in [Counts::naive(&Expected::from_run(scenario, &run)), Counts::engine(&engine(scenario))] {
            prop_assert_eq!((c.lost, c.delivered + c.duplicated), (0, landed), "{}", c.of);
        }
        Ok(())
    });
}

#[test]
fn without_redelivery_no_message_comes_twice() {
    law(
        |scenario| scenario.server.on_lost_reply == OnLostReply::Drop,
        |scenario| {
            for c in Counts::of_both(scenario) {
                prop_assert_eq!(c.duplicated, 0, "{}", c.of);
            }
            Ok(())
        },
    );
}
