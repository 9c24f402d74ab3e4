//! What one replication measured: integers and a histogram, mergeable exactly.

mod evidence;
mod halves;
mod memory;
mod quotient;
mod served;

use serde::{Deserialize, Serialize};

use crate::model::bins::{Bins, peak};
use crate::model::metric::Metric;
use crate::model::scenario::{Scenario, Window};
use crate::stats::Histogram;
use crate::units::Time;
pub use halves::Half;
pub(crate) use memory::Grid;
pub use memory::MemoryUse;
pub use quotient::Quotient;
pub use served::{Served, Waits};

/// Declares [`Totals`] once, so that no counter can be forgotten in a merge or a fingerprint. Those behind the semicolon
/// are in no fingerprint.
macro_rules! totals {
    ($($(#[$doc:meta])* $field:ident: $kind:ty,)* ; $($(#[$later_doc:meta])* $later:ident: $later_kind:ty,)*) => {
        /// The integer totals of the measured window. Totals of other clients or replications merge in any order.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct Totals {
            $($(#[$doc])* pub $field: $kind,)*
            $($(#[$later_doc])* pub $later: $later_kind,)*
            /// Latency of each delivery, in nanoseconds.
            pub latency: Histogram,
            /// Time bins over the whole run.
            pub bins: Bins,
            /// Events of the simulation.
            pub events: u64,
            /// Messages delivered in the first half of the window.
            pub early: u64,
            /// Their latencies, added up, in nanoseconds.
            pub early_nanos: u128,
            /// What the server's work came to.
            pub served: Served,
            /// In a mix: those of each population. What the server has for all of them is not in these.
            pub parts: Vec<Totals>,
        }

        impl Totals {
            /// Nothing measured yet.
            pub(crate) fn new(scenario: &Scenario) -> Totals {
                let window = &scenario.window;
                Totals {
                    $($field: 0,)*
                    $($later: 0,)*
                    latency: Histogram::default(),
                    bins: Bins::new(window.bin, window.horizon()),
                    events: 0,
                    early: 0,
                    early_nanos: 0,
                    served: Served::new(scenario),
                    parts: Vec::new(),
                }
            }

            /// Adds the totals of other clients, or of another replication, of the same scenario.
            pub fn merge(&mut self, other: &Totals) {
                $(self.$field += other.$field;)*
                $(self.$later += other.$later;)*
                self.latency.merge(&other.latency);
                self.bins.merge(&other.bins);
                self.events += other.events;
                self.early += other.early;
                self.early_nanos += other.early_nanos;
                self.served.merge(&other.served);
                for (mine, theirs) in self.parts.iter_mut().zip(&other.parts) {
                    mine.merge(theirs);
                }
            }

            /// Writes to `sink`, little-endian, what a fingerprint is of: what was counted when this results version
            /// began, but for `events`, which depends on `engine.ticks`.
            pub fn feed(&self, sink: &mut impl FnMut(&[u8])) {
                $(sink(&self.$field.to_le_bytes());)*
                self.latency.feed(sink);
                self.bins.feed(sink);
                self.served.feed(sink);
                for part in &self.parts {
                    part.feed(sink);
                }
            }
        }
    };
}

totals! {
    /// Requests sent.
    requests: u64,
    /// Replies sent.
    replies: u64,
    /// Replies to polls sent without a message.
    empty_replies: u64,
    /// HTTP bytes of requests.
    http_up_bytes: u64,
    /// HTTP bytes of replies.
    http_down_bytes: u64,
    /// Bytes of headers, both ways.
    header_bytes: u64,
    /// Bytes of messages, both ways.
    payload_bytes: u64,
    /// Messages created, once per recipient.
    created: u64,
    /// Messages that reached their client for the first time.
    delivered: u64,
    /// Messages whose reply reached a client that had left.
    lost: u64,
    /// Messages overwritten before they were delivered.
    superseded: u64,
    /// Copies that reached a client again.
    duplicated: u64,
    /// Messages whose fate was open at the start of the window.
    pending_start: u64,
    /// Messages whose fate was open at the horizon.
    pending_end: u64,
    /// Twice the integral of the age over the observed time, in ns².
    age_area_doubled: u128,
    /// Client time in which the age is defined, in nanoseconds.
    age_nanos: u128,
    /// Integral of the requests at the server over the window, in request-nanoseconds.
    held_nanos: u128,
    /// Holds that ended.
    holds: u64,
    /// The lengths of the holds that ended, added up, in nanoseconds.
    hold_nanos: u128,
    /// Requests at the server at the start of the window.
    open_start: u64,
    /// Requests at the server at the horizon.
    open_end: u64,
    /// Server checks.
    checks: u64,
    /// Timeouts that fired.
    timeouts: u64,
    /// Clients that stopped.
    stopped: u64,
    /// Of the messages created in the window, those delivered in it.
    arrived: u64,
    /// Of the messages created in the window, those whose fate was open at the horizon.
    open: u64,
    /// Messages of a source that clients share, or that went to a group: each once, however many clients it goes to.
    shared: u64,
    ;
    // Counters that were added since results version 2 began. They are in no fingerprint: it would be another one for the
    // same run, and no folder of an earlier version could be verified. A new results version moves them up.
}

impl Totals {
    /// All clients of the replication are in: drops what was needed only to add others.
    pub fn complete(&mut self) {
        if let Some(memory) = &mut self.served.memory {
            memory.complete();
        }
    }

    /// What went in, and what came out: equal in every run.
    pub fn conservation(&self) -> (u64, u64) {
        (self.pending_start + self.created, self.delivered + self.lost + self.superseded + self.pending_end)
    }

    /// The value of `metric` in one replication of `scenario`; `None` where there was no sample.
    pub fn metric(&self, metric: Metric, scenario: &Scenario) -> Option<f64> {
        let window = &scenario.window;
        let seconds = window.duration.as_secs_f64();
        let per_second = |count: u64| Some(count as f64 / seconds);
        let count = |count: u64| Some(count as f64);
        let http_bytes = self.http_up_bytes + self.http_down_bytes;
        let quantile = |q: f64| self.latency.quantile(q).map(|nanos| nanos as f64 / 1e9);
        match metric {
            Metric::RequestsPerSecond => per_second(self.requests),
            Metric::RepliesPerSecond => per_second(self.replies),
            Metric::HttpBytesPerSecond => per_second(http_bytes),
            Metric::HttpUpBytesPerSecond => per_second(self.http_up_bytes),
            Metric::HttpDownBytesPerSecond => per_second(self.http_down_bytes),
            Metric::HeaderBytesPerSecond => per_second(self.header_bytes),
            Metric::PayloadBytesPerSecond => per_second(self.payload_bytes),
            Metric::HttpMbitPerSecond => per_second(http_bytes).map(megabits),
            Metric::HttpMibitPerSecond => per_second(http_bytes).map(|bytes| bytes * 8.0 / f64::from(1 << 20)),
            Metric::LatencyMin => self.latency.min().map(|nanos| nanos as f64 / 1e9),
            Metric::LatencyP50 => quantile(0.50),
            Metric::LatencyP90 => quantile(0.90),
            Metric::LatencyP95 => quantile(0.95),
            Metric::LatencyP99 => quantile(0.99),
            Metric::LatencyMax => self.latency.max().map(|nanos| nanos as f64 / 1e9),
            Metric::MessagesCreated => count(self.created),
            Metric::MessagesDelivered => count(self.delivered),
            Metric::MessagesLost => count(self.lost),
            Metric::MessagesSuperseded => count(self.superseded),
            Metric::MessagesDuplicated => count(self.duplicated),
            Metric::MessagesPendingStart => count(self.pending_start),
            Metric::MessagesPendingEnd => count(self.pending_end),
            Metric::HeldRequestsMean => Some(self.held_nanos as f64 / window.duration.0 as f64),
            Metric::HeldRequestsPeak => {
                let held = self.bins.iter().map(|bin| bin.held_nanos);
                Some(peak(window, held, self.held_nanos, |held, width| held as f64 / width.0 as f64))
            }
            Metric::HttpMbitPerSecondPeak => {
                let bytes = self.bins.iter().map(|bin| bin.http_bytes.into());
                let rate = |bytes: u128, width: Time| megabits(bytes as f64 / width.as_secs_f64());
                Some(peak(window, bytes, http_bytes.into(), rate))
            }
            Metric::ServerChecksPerSecond => per_second(self.checks),
            Metric::Timeouts => count(self.timeouts),
            Metric::ClientsStopped => count(self.stopped),
            Metric::Events => count(self.events),
            Metric::GoodputPerSecond => per_second(self.served.goodput),
            Metric::OrphanRequests => count(self.served.orphans),
            Metric::GhostRequests => count(self.served.ghosts),
            Metric::GatewayTimeouts => self.served.gateway_timeouts.map(|count| count as f64),
            Metric::Refused | Metric::WorkersBusyMean | Metric::WorkersBusyPeak | Metric::QueueLengthMean => {
                self.pool_metric(metric, window)
            }
            Metric::BrokenRequests => self.served.broken.map(|count| count as f64),
            Metric::ClientsOnlineMean => {
                self.served.visits.map(|visits| visits.online_nanos as f64 / window.duration.0 as f64)
            }
            Metric::ClientsLeft => self.served.visits.map(|visits| visits.left as f64),
            Metric::ServerCoresMean | Metric::ServerCoresPeak | Metric::ServerMemoryBytesPeak | Metric::CostPerDay => {
                self.cost(metric, scenario)
            }
            Metric::WireBytesPerSecond => self.served.wire.and_then(|wire| per_second(wire.bytes)),
            Metric::WireMbitPerSecond => self.served.wire.and_then(|wire| per_second(wire.bytes).map(megabits)),
            Metric::PacketsPerSecond => self.served.wire.and_then(|wire| per_second(wire.packets)),
            Metric::ConnectionsOpened => self.served.wire.map(|wire| wire.connections as f64),
            Metric::UpLinkBusy => self.served.up_link.map(|link| link.busy_nanos as f64 / window.duration.0 as f64),
            Metric::DownLinkBusy => self.served.down_link.map(|link| link.busy_nanos as f64 / window.duration.0 as f64),
            Metric::PacketsLost => {
                self.served.lost_packets.filter(|_| scenario.loses_packets()).map(|count| count as f64)
            }
            Metric::MessagesSent => self.served.sends.map(|sends| sends.sent as f64),
            Metric::SendsFailed => self.served.sends.map(|sends| sends.failed as f64),
            Metric::MessagesMeasured => count(self.latency.count()),
            Metric::ReplicationsWithMessages => count(u64::from(self.latency.count() > 0)),
            Metric::EmptyReplyFraction
            | Metric::RequestsPerMessage
            | Metric::HttpBytesPerMessage
            | Metric::LatencyMean
            | Metric::AgeMean
            | Metric::HoldMean
            | Metric::QueueWaitMean
            | Metric::BrowserWaitMean
            | Metric::LockWaitMean
            | Metric::PhoneCurrentMean
            | Metric::UpLinkWaitMean
            | Metric::DownLinkWaitMean
            | Metric::ArrivedFraction
            | Metric::PendingFraction => self.quotient(metric, scenario)?.value(),
            Metric::ConnectionsCut => self.served.cuts.map(|count| count as f64),
        }
    }

    /// The value of `metric` for one population of the mix `scenario` in one replication; `None` where there was no sample,
    /// or where it is of the server as a whole.
    pub fn population_metric(&self, metric: Metric, scenario: &Scenario, population: usize) -> Option<f64> {
        let part = self.parts.get(population).filter(|_| !metric.is_of_whole_server())?;
        part.metric(metric, &scenario.of_population(population))
    }

    /// The metrics of a server with a pool of workers.
    fn pool_metric(&self, metric: Metric, window: &Window) -> Option<f64> {
        let pool = self.served.pool?;
        let time_average = |nanos: u128| Some(nanos as f64 / window.duration.0 as f64);
        match metric {
            Metric::Refused => Some(pool.refused as f64),
            Metric::WorkersBusyMean => time_average(pool.busy_nanos),
            Metric::WorkersBusyPeak => Some(pool.busy_peak as f64),
            _ => time_average(pool.queue_nanos),
        }
    }
}

/// Bytes to units of 10^6 bit.
pub fn megabits(bytes: f64) -> f64 {
    bytes * 8.0 / 1e6
}
