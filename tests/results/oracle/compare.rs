//! The engine's totals and metrics beside the naive ones.

use cometsim::model::metric::Metric;
use cometsim::model::scenario::{Scenario, Ticks};
use cometsim::model::{Totals, simulate};
use cometsim::units::Time;

use super::naive::Expected;

/// Simulates all clients in blocks of `block`, and adds them up.
pub fn simulate_in_blocks(scenario: &Scenario, replication: u32, block: u32) -> Totals {
    let clients = scenario.population();
    let mut blocks = (0..clients).step_by(block as usize).map(|first| {
        let last = clients.min(first.saturating_add(block));
        assert!(!scenario.is_coupled() || block >= clients, "these clients cannot be taken apart");
        simulate(scenario, replication, first..last)
    });
    let mut totals = blocks.next().expect("at least one client");
    blocks.for_each(|block| totals.merge(&block));
    totals
}

/// Every difference, one a line; empty where both agree.
pub fn differences(scenario: &Scenario, expected: &Expected, totals: &Totals) -> String {
    let mut lines = differences_of_one(scenario, expected, totals, true);
    assert_eq!(expected.parts.len(), totals.parts.len());
    for (place, (naive, engine)) in expected.parts.iter().zip(&totals.parts).enumerate() {
        let found = differences_of_one(&scenario.of_population(place), naive, engine, false);
        if !found.is_empty() {
            lines.extend([format!("population {place}:\n{found}")]);
        }
    }
    lines
}

/// The differences of all clients, or of one population, of which events and what the whole server does are not known.
fn differences_of_one(scenario: &Scenario, expected: &Expected, totals: &Totals, is_all: bool) -> String {
    let mut lines = String::new();
    let mut compare = |name: &str, expected: String, engine: String| {
        if expected != engine {
            lines.extend([name, ": naive ", &expected, ", engine ", &engine, "\n"]);
        }
    };
    for (name, naive, engine) in integers(scenario, expected, totals) {
        if ["events", "shared"].contains(&name) && !is_all {
            continue;
        }
        compare(name, naive.to_string(), engine.to_string());
    }
    for (metric, naive) in expected.metrics(scenario.ticks == Ticks::Each) {
        if !is_all && (metric == Metric::Events || metric.is_of_whole_server()) {
            continue;
        }
        let engine = totals.metric(metric, scenario);
        if !(is_quantile(metric) && within(naive, engine, 1e-3)) {
            compare(metric.name(), format!("{naive:?}"), format!("{engine:?}"));
        }
    }
    compare("number of bins", expected.bins.len().to_string(), totals.bins.iter().count().to_string());
    let horizon = scenario.window.horizon();
    for (i, (naive, engine)) in expected.bins.iter().zip(totals.bins.iter()).enumerate() {
        let start = scenario.window.bin.times(i as u64);
        let width = scenario.window.bin.min(horizon.since(start));
        let naive = (start, width, naive.requests, naive.http_bytes, naive.delivered, naive.held);
        let engine: (Time, Time, u64, u64, u64, u128) =
            (engine.start, engine.width, engine.requests, engine.http_bytes, engine.delivered, engine.held_nanos);
        compare(&format!("bin {i}"), format!("{naive:?}"), format!("{engine:?}"));
    }
    lines
}

fn is_quantile(metric: Metric) -> bool {
    matches!(metric, Metric::LatencyP50 | Metric::LatencyP90 | Metric::LatencyP95 | Metric::LatencyP99)
}

/// Whether two numbers differ by no more than this share of the first.
fn within(exact: Option<f64>, other: Option<f64>, share: f64) -> bool {
    match (exact, other) {
        (Some(exact), Some(other)) => (exact - other).abs() <= share * exact,
        (exact, other) => exact == other,
    }
}

fn integers(scenario: &Scenario, e: &Expected, t: &Totals) -> Vec<(&'static str, u128, u128)> {
    let latency_sum = e.latencies.iter().map(|&latency| u128::from(latency)).sum();
    let counts = [
        ("requests", e.requests, t.requests),
        ("replies", e.replies, t.replies),
        ("empty_replies", e.empty_replies, t.empty_replies),
        ("http_up_bytes", e.up_bytes, t.http_up_bytes),
        ("http_down_bytes", e.down_bytes, t.http_down_bytes),
        ("header_bytes", e.header_bytes, t.header_bytes),
        ("payload_bytes", e.payload_bytes, t.payload_bytes),
        ("created", e.created, t.created),
        ("delivered", e.delivered, t.delivered),
        ("lost", e.lost, t.lost),
        ("superseded", e.superseded, t.superseded),
        ("duplicated", e.duplicated, t.duplicated),
        ("pending_start", e.pending_start, t.pending_start),
        ("pending_end", e.pending_end, t.pending_end),
        ("arrived", e.arrived, t.arrived),
        ("open", e.open, t.open),
        ("shared", e.shared, t.shared),
        ("latencies", e.latencies.len() as u64, t.latency.count()),
        ("holds", e.holds_ended, t.holds),
        ("open_start", e.open_at_start, t.open_start),
        ("open_end", e.open_at_end, t.open_end),
        ("checks", e.checks, t.checks),
        ("work", e.work, t.served.work.as_ref().map_or(0, |work| work.nanos)),
        ("timeouts", e.timeouts, t.timeouts),
        ("stopped", e.stopped, t.stopped),
        ("events", e.events(scenario.ticks == Ticks::Each), t.events),
    ];
    let areas = [
        ("latency sum", latency_sum, t.latency.sum()),
        ("age_area_doubled", e.age_twice, t.age_area_doubled),
        ("age_nanos", e.age_span, t.age_nanos),
        ("held_nanos", e.held, t.held_nanos),
        ("hold_nanos", e.hold_sum, t.hold_nanos),
    ];
    let counts = counts.into_iter().map(|(name, a, b)| (name, u128::from(a), u128::from(b)));
    counts.chain(areas).collect()
}
