//! The counters of one replication: integers and a histogram, which merge exactly.

mod counter;
mod halves;
mod memory;
mod quotient;
mod server;

use serde::{Deserialize, Serialize};

use crate::model::bins::{Bins, peak};
use crate::model::scenario::{Scenario, Window};
use crate::stats::Histogram;
use crate::units::Time;
pub use counter::Peak;
pub use halves::Half;
pub(crate) use memory::Grid;
pub use memory::MemoryUse;
pub use quotient::Quotient;
pub use server::{Served, Waits};

/// Declares [`Totals`] once, so that no counter can be forgotten in a merge or a fingerprint. Counters after the
/// semicolon are in no fingerprint.
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
            /// Counters of the server, its links and its connections.
            pub served: Served,
            /// In a mix: the totals of each population, without the shared counters of the server.
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
            ///
            /// # Panics
            /// If the totals are of different time bins.
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

            /// The names of the fields in which these totals differ from others.
            pub fn differences(&self, other: &Totals) -> Vec<&'static str> {
                let fields = [
                    $((stringify!($field), self.$field == other.$field),)*
                    $((stringify!($later), self.$later == other.$later),)*
                    ("latency", self.latency == other.latency),
                    ("bins", self.bins == other.bins),
                    ("events", self.events == other.events),
                    ("early", self.early == other.early),
                    ("early_nanos", self.early_nanos == other.early_nanos),
                    ("served", self.served == other.served),
                    ("parts", self.parts == other.parts),
                ];
                fields.into_iter().filter(|(_, is_equal)| !is_equal).map(|(name, _)| name).collect()
            }

            /// Writes to `sink`, little-endian, the counters of a fingerprint: those that existed when this results
            /// version began, without `events`, which depends on `engine.ticks`.
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
    /// Messages whose reply reached a client that had given up.
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
    /// Messages both created and delivered in the window.
    arrived: u64,
    /// Of the messages created in the window, those whose fate was open at the horizon.
    open: u64,
    /// Messages of a source that clients share, or that went to a group: each once, however many clients it goes to.
    shared: u64,
    ;
    // Counters that were added since results version 2 began. They are in no fingerprint: the same run would get
    // another one, and no folder of an earlier version could be verified. A new results version moves them up.
}

impl Totals {
    /// All clients of the replication are included: drops data that are needed only to merge further clients.
    pub fn complete(&mut self) {
        if let Some(memory) = &mut self.served.memory {
            memory.complete();
        }
    }

    /// Messages that entered the window, and messages whose fate is known or open: equal in every run.
    pub fn conservation(&self) -> (u64, u64) {
        (self.pending_start + self.created, self.delivered + self.lost + self.superseded + self.pending_end)
    }

    /// HTTP bytes, both ways.
    pub fn http_bytes(&self) -> u64 {
        self.http_up_bytes + self.http_down_bytes
    }

    /// The largest mean number of requests at the server over one time bin.
    pub(crate) fn held_peak(&self, window: &Window) -> f64 {
        let held = self.bins.iter().map(|bin| bin.held_nanos);
        peak(window, held, self.held_nanos, |held, width| held as f64 / width.0 as f64)
    }

    /// The largest mean HTTP rate over one time bin, in units of 10^6 bit per second.
    pub(crate) fn http_mbit_peak(&self, window: &Window) -> f64 {
        let bytes = self.bins.iter().map(|bin| bin.http_bytes.into());
        let rate = |bytes: u128, width: Time| megabits(bytes as f64 / width.as_secs_f64());
        peak(window, bytes, self.http_bytes().into(), rate)
    }
}

/// Bytes to units of 10^6 bit.
pub fn megabits(bytes: f64) -> f64 {
    bytes * 8.0 / 1e6
}
