//! What a sentence compares: transports at one point, or variants of transports.

use super::labels::PointLabels;
use super::readings::ReadRow;
use super::sheet::{ENOUGH, is_in_request};
use super::tabled::Tabled;
use crate::model::Metric;
use crate::stats::Estimate;

/// A transport at a point, for all of its clients.
#[derive(Clone, Debug)]
pub(super) struct Rival {
    pub name: String,
    /// HTTP bytes for each message.
    pub bytes: Option<Estimate>,
    /// Requests for each message.
    pub requests: Option<Estimate>,
    /// 95th percentile of the latency; `None` if a message exists only in the request that finds it.
    pub late: Option<Estimate>,
    /// Mean latency, likewise.
    pub mean: Option<Estimate>,
    /// The share of its messages that arrived, if latencies are not those of all messages.
    pub few: Option<f64>,
    /// Whether messages were created, and some arrived.
    pub has_messages: bool,
}

impl Rival {
    fn new(name: String, reading: &ReadRow, is_never_late: bool) -> Rival {
        let of = |metric| reading.estimate(metric);
        let late = |metric| if is_never_late { None } else { of(metric) };
        let share = of(Metric::ArrivedFraction).map(|share| share.value);
        Rival {
            name,
            bytes: of(Metric::HttpBytesPerMessage),
            requests: of(Metric::RequestsPerMessage),
            late: late(Metric::LatencyP95),
            mean: late(Metric::LatencyMean),
            few: share.filter(|share| *share < ENOUGH),
            has_messages: of(Metric::MessagesDelivered).is_some_and(|delivered| delivered.value > 0.0),
        }
    }
}

/// The transports at a point.
pub(super) fn at_point(tabled: &Tabled, point: usize) -> Vec<Rival> {
    let is_never_late = is_in_request(tabled.experiment, point);
    let rival = |(transport, name): (usize, &String)| {
        let readings = tabled.readings.at(point, transport);
        let reading = readings.into_iter().find(|reading| reading.population.is_none())?;
        Some(Rival::new(name.clone(), reading, is_never_late))
    };
    tabled.experiment.transports().iter().enumerate().filter_map(rival).collect()
}

/// The transports with every value of the swept keys that belong to them.
pub(super) fn variants(tabled: &Tabled, labels: &PointLabels) -> Vec<Rival> {
    let mut seen: Vec<(usize, String)> = Vec::new();
    let mut rivals = Vec::new();
    for point in 0..tabled.experiment.points() {
        for (transport, name) in tabled.experiment.transports().iter().enumerate() {
            let variant = (transport, labels.of_transport(point, name));
            if seen.contains(&variant) {
                continue;
            }
            let readings = tabled.readings.at(point, transport);
            if let Some(reading) = readings.into_iter().find(|reading| reading.population.is_none()) {
                let named = if variant.1.is_empty() { name.clone() } else { format!("{name}, {}", variant.1) };
                rivals.push(Rival::new(named, reading, is_in_request(tabled.experiment, point)));
            }
            seen.push(variant);
        }
    }
    rivals
}
