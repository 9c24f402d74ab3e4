//! What a sentence compares: transports at one point, or variants of transports.

use std::collections::BTreeSet;

use super::ratio::PairedValue;
use super::tabled::Tabled;
use crate::model::Metric;
use crate::report::labels::PointLabels;
use crate::report::survivors::Survivors;
use crate::stats::Estimate;

/// A transport at a point, for all of its clients.
#[derive(Clone, Debug)]
pub(super) struct Rival {
    pub name: String,
    /// The name of the transport.
    pub transport: String,
    /// HTTP bytes for each message.
    pub bytes: Option<PairedValue>,
    /// Requests for each message.
    pub requests: Option<Estimate>,
    /// 95th percentile of the latency; `None` if a message exists only in the request that finds it.
    pub late: Option<PairedValue>,
    /// Mean latency, likewise.
    pub mean: Option<Estimate>,
    /// The messages that its latencies are of, if not all.
    pub few: Option<Survivors>,
    /// Whether messages were created, and some arrived.
    pub has_messages: bool,
}

impl Rival {
    /// A transport, by its number, at a point; `None` without a row in the table.
    fn new(tabled: &Tabled, point: usize, transport: usize, name: String) -> Option<Rival> {
        let reading = tabled.readings.whole(point, transport)?;
        let of = |metric| reading.estimate(metric);
        let latency = |metric| if tabled.is_in_request(point) { None } else { of(metric) };
        let bytes = of(Metric::HttpBytesPerMessage).map(|estimate| {
            let by_replication = tabled.pairs.bytes_per_message(point, transport, tabled.seconds(point));
            PairedValue { estimate, by_replication }
        });
        let late = latency(Metric::LatencyP95)
            .map(|estimate| PairedValue { estimate, by_replication: tabled.pairs.late(point, transport) });
        Some(Rival {
            name,
            transport: tabled.experiment.transports()[transport].clone(),
            bytes,
            requests: of(Metric::RequestsPerMessage),
            late,
            mean: latency(Metric::LatencyMean),
            few: reading.survivors(),
            has_messages: of(Metric::MessagesDelivered).is_some_and(|delivered| delivered.value > 0.0),
        })
    }
}

/// The transports at a point.
pub(super) fn at_point(tabled: &Tabled, point: usize) -> Vec<Rival> {
    let names = tabled.experiment.transports().iter().enumerate();
    names.filter_map(|(transport, name)| Rival::new(tabled, point, transport, name.clone())).collect()
}

/// The transports with every value of the swept keys that belong to them.
pub(super) fn variants(tabled: &Tabled, labels: &PointLabels) -> Vec<Rival> {
    let mut seen: BTreeSet<(usize, String)> = BTreeSet::new();
    let mut rivals = Vec::new();
    for point in 0..tabled.experiment.points() {
        for (transport, name) in tabled.experiment.transports().iter().enumerate() {
            let variant = labels.of_transport(point, transport);
            let named = if variant.is_empty() { name.clone() } else { format!("{name}, {variant}") };
            if seen.insert((transport, variant)) {
                rivals.extend(Rival::new(tabled, point, transport, named));
            }
        }
    }
    rivals
}
