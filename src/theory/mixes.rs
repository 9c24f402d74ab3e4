//! Mixes of populations that share nothing: each has the closed forms of a run of its own, and their rates add up.

use super::expected::Expected;
use crate::model::metric::Metric;
use crate::model::scenario::{Arrivals, Process, Scenario};

/// Metrics of which all clients together have the sum.
const SUMS: &[Metric] = &[
    Metric::RequestsPerSecond,
    Metric::RepliesPerSecond,
    Metric::HttpBytesPerSecond,
    Metric::HttpUpBytesPerSecond,
    Metric::HttpDownBytesPerSecond,
    Metric::HeaderBytesPerSecond,
    Metric::PayloadBytesPerSecond,
    Metric::HttpMbitPerSecond,
    Metric::HttpMibitPerSecond,
    Metric::MessagesCreated,
    Metric::MessagesDelivered,
    Metric::HeldRequestsMean,
    Metric::ServerChecksPerSecond,
    Metric::GoodputPerSecond,
    Metric::ServerCoresMean,
    Metric::CostPerDay,
];

/// Averages, and what they are weighted with.
const AVERAGES: &[(Metric, Metric)] = &[
    (Metric::LatencyMean, Metric::MessagesDelivered),
    (Metric::RequestsPerMessage, Metric::MessagesDelivered),
    (Metric::HttpBytesPerMessage, Metric::MessagesDelivered),
    (Metric::EmptyReplyFraction, Metric::RepliesPerSecond),
    (Metric::HoldMean, Metric::RepliesPerSecond),
    (Metric::ArrivedFraction, Metric::MessagesCreated),
    (Metric::PendingFraction, Metric::MessagesCreated),
];

/// The closed forms of one population of the mix `scenario`; `of_one` gives those of a scenario without a mix.
pub fn of_population(scenario: &Scenario, population: usize, of_one: fn(&Scenario) -> Expected) -> Expected {
    if scenario.populations[population].count == 0 || scenario.is_coupled() || !is_like_alone(scenario) {
        return Expected::default();
    }
    let mut out = of_one(&scenario.of_population(population));
    if scenario.source.is_broadcast() {
        // An event of the shared source counts once, not once per population.
        out.leave_out(|metric| metric == Metric::Events);
    }
    out
}

/// The closed forms of all clients of the mix `scenario` together.
pub fn of_all(scenario: &Scenario, of_one: fn(&Scenario) -> Expected) -> Expected {
    let inhabited = (0..scenario.populations.len()).filter(|place| scenario.populations[*place].count > 0);
    let parts: Vec<Expected> = inhabited.map(|place| of_population(scenario, place, of_one)).collect();
    let mut out = Expected::default();
    for &metric in SUMS {
        if let Some(values) = parts.iter().map(|part| part.get(metric)).collect::<Option<Vec<f64>>>() {
            out.put(metric, values.iter().sum());
        }
    }
    for &(metric, weight) in AVERAGES {
        let weighted = parts.iter().map(|part| Some((part.get(metric)?, part.get(weight)?)));
        if let Some(values) = weighted.collect::<Option<Vec<(f64, f64)>>>() {
            let weights: f64 = values.iter().map(|(_, weight)| weight).sum();
            out.put(metric, values.iter().map(|(value, weight)| value * weight).sum::<f64>() / weights);
        }
    }
    out
}

/// Whether a client gets the same messages as in a run of its population alone, in which it has another number.
fn is_like_alone(scenario: &Scenario) -> bool {
    let process = match &scenario.source.arrivals {
        Arrivals::InRequest { .. } | Arrivals::Group { .. } => None,
        Arrivals::PerClient(process) | Arrivals::Broadcast(process) => Some(process),
    };
    scenario.source.spread.is_none() && !matches!(process, Some(Process::Trace(_)))
}
