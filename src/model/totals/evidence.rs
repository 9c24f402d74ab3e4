//! What the estimate of a metric rests on: how many things that are independent of each other.
//!
//! Replications are independent, and the intervals are made from what differs between them. They hold once enough has
//! happened in all of them together; below that they are too narrow, or miss the truth on one side.

use super::Totals;
use crate::model::metric::{Class, Metric};
use crate::model::scenario::{Arrivals, Process, Scenario, TransportConfig};

/// Fewest things in a count, in the denominator of a ratio, behind a quantile, and fewest messages behind what messages
/// change. Measured coverage of 95 % intervals, for 5 to 1,000 replications: of Poisson counts 0.94 to 0.97 at 50, but 0.88
/// to 0.96 at 5 to 10, and as low as 0.5 to 0.9 for those of them that happen to reach a lower limit.
const LEAST: u64 = 50;
/// Fewest things whose mean duration is a ratio: durations may be skewed. Log-normal ones of σ = 1 are covered in 0.91 at 50
/// to 100, and in 0.93 or more from 200 on.
const LEAST_DURATIONS: u64 = 200;
/// Fewest messages above a quantile on average.
const LEAST_ABOVE_QUANTILE: f64 = 10.0;

impl Totals {
    /// How many of the latencies are of messages that are independent of each other: those of one broadcast or one burst count
    /// once. `whole` as for [`Totals::suffice`].
    pub fn independent_messages(&self, scenario: &Scenario, whole: &Totals) -> u64 {
        let evidence = Evidence { totals: self, whole, scenario, metric: Metric::LatencyMean };
        evidence.once(self.latency.count())
    }

    /// Whether these totals, merged of all replications, suffice for an interval of `metric`. `whole` are those of all
    /// populations: the same for all clients together.
    pub fn suffice(&self, metric: Metric, scenario: &Scenario, whole: &Totals) -> bool {
        let evidence = Evidence { totals: self, whole, scenario, metric };
        evidence.has_messages()
            && match metric.class() {
                Class::Average | Class::Peak => evidence.own_count().is_none_or(|count| count >= LEAST),
                Class::Ratio => evidence.denominator() >= evidence.least_denominator(),
                Class::Fraction => evidence.smaller_part() >= LEAST,
                Class::Quantile(p) => {
                    let messages = evidence.once(self.latency.count());
                    messages >= LEAST && messages as f64 * (1.0 - p) >= LEAST_ABOVE_QUANTILE * (1.0 - 1e-12)
                }
                Class::Minimum | Class::Maximum | Class::Sum => false,
            }
    }
}

struct Evidence<'a> {
    totals: &'a Totals,
    whole: &'a Totals,
    scenario: &'a Scenario,
    metric: Metric,
}

impl Evidence<'_> {
    /// Messages created in the window, each once, however many clients it goes to, and a burst once.
    fn messages(&self) -> u64 {
        let messages = if self.goes_to_many() { self.whole.shared } else { self.totals.created };
        (messages as f64 / self.burst()) as u64
    }

    /// Messages that come together.
    fn burst(&self) -> f64 {
        let process = match (&self.scenario.source.arrivals, &self.scenario.clients.sends) {
            (Arrivals::PerClient(process) | Arrivals::Broadcast(process), _) => process,
            (Arrivals::Group { .. }, Some(sends)) => &sends.process,
            _ => return 1.0,
        };
        dispersion(process)
    }

    fn goes_to_many(&self) -> bool {
        matches!(self.scenario.source.arrivals, Arrivals::Broadcast(_) | Arrivals::Group { .. })
    }

    /// Whether there are enough messages, where messages change the metric: with few, what they change is not normal, and
    /// without any it looks as if it never changed.
    fn has_messages(&self) -> bool {
        let sent = self.totals.served.sends.map_or(u64::MAX, |sends| sends.sent);
        !self.is_moved_by_messages() || self.messages().min(sent) >= LEAST
    }

    /// Whether the metric depends on what messages there are. Polls that leave at a pace of their own do not.
    fn is_moved_by_messages(&self) -> bool {
        let keeps_pace = |transport: &TransportConfig| transport.pace().is_some();
        let populations = &self.scenario.populations;
        let all_keep_pace = if populations.is_empty() {
            keeps_pace(&self.scenario.transport)
        } else {
            populations.iter().all(|population| keeps_pace(&population.transport))
        };
        match self.metric {
            Metric::ClientsOnlineMean | Metric::ClientsLeft | Metric::MessagesSent => false,
            Metric::RequestsPerSecond
            | Metric::RepliesPerSecond
            | Metric::HeaderBytesPerSecond
            | Metric::HeldRequestsMean
            | Metric::HeldRequestsPeak
            | Metric::HoldMean
            | Metric::ServerChecksPerSecond
            | Metric::Timeouts
            | Metric::ClientsStopped
            | Metric::GoodputPerSecond
            | Metric::OrphanRequests
            | Metric::GhostRequests
            | Metric::GatewayTimeouts
            | Metric::Refused
            | Metric::WorkersBusyMean
            | Metric::WorkersBusyPeak
            | Metric::QueueWaitMean
            | Metric::QueueLengthMean
            | Metric::BrokenRequests
            | Metric::BrowserWaitMean
            | Metric::LockWaitMean
            | Metric::ServerMemoryBytesPeak
            | Metric::PhoneCurrentMean
            | Metric::PacketsPerSecond
            | Metric::ConnectionsOpened
            | Metric::UpLinkWaitMean
            | Metric::UpLinkBusy
            | Metric::HttpUpBytesPerSecond
            | Metric::PacketsLost => self.totals.served.sends.is_some() || !all_keep_pace,
            _ => true,
        }
    }

    /// Of so many things that happened to clients: copies of one message happen to many together, and messages of one burst,
    /// and count once. Rounded down.
    fn once(&self, count: u64) -> u64 {
        if !self.is_moved_by_messages() {
            return count;
        }
        if !self.goes_to_many() {
            return (count as f64 / self.burst()) as u64;
        }
        let (messages, copies) = match (self.whole.shared, self.totals.created) {
            (messages, copies) if messages > 0 && copies > 0 => (messages, copies),
            _ => (1, u64::from(self.scenario.population())),
        };
        let once = u128::from(count) * u128::from(messages) / u128::from(copies.max(messages));
        (once as f64 / self.burst()) as u64
    }

    /// What a count counts; `None` for what is no count.
    fn own_count(&self) -> Option<u64> {
        let (totals, served) = (self.totals, &self.totals.served);
        let once = |count: u64| Some(self.once(count));
        match self.metric {
            Metric::RequestsPerSecond => once(totals.requests),
            Metric::HttpUpBytesPerSecond => once(totals.requests + totals.served.sends.map_or(0, |sends| sends.sent)),
            Metric::RepliesPerSecond => once(totals.replies),
            Metric::MessagesCreated => once(totals.created),
            Metric::MessagesDelivered | Metric::PayloadBytesPerSecond => once(totals.delivered),
            Metric::MessagesLost => once(totals.lost),
            Metric::MessagesSuperseded => once(totals.superseded),
            Metric::MessagesDuplicated => once(totals.duplicated),
            Metric::MessagesPendingStart => once(totals.pending_start),
            Metric::MessagesPendingEnd => once(totals.pending_end),
            Metric::ServerChecksPerSecond => once(totals.checks),
            Metric::Timeouts => once(totals.timeouts),
            Metric::ClientsStopped => once(totals.stopped),
            Metric::GoodputPerSecond => once(served.goodput),
            Metric::OrphanRequests => once(served.orphans),
            Metric::GhostRequests => once(served.ghosts),
            Metric::GatewayTimeouts => once(served.gateway_timeouts?),
            Metric::Refused => once(served.pool?.refused),
            Metric::BrokenRequests => once(served.broken?),
            Metric::ConnectionsOpened => once(served.wire?.connections),
            // One for each packet, client and message by itself.
            Metric::PacketsLost => served.lost_packets,
            Metric::ClientsLeft => Some(served.visits?.left),
            Metric::MessagesSent => Some(served.sends?.sent),
            Metric::SendsFailed => Some(served.sends?.failed),
            _ => None,
        }
    }

    /// How many of them there must be.
    fn least_denominator(&self) -> u64 {
        match self.metric {
            Metric::RequestsPerMessage | Metric::HttpBytesPerMessage | Metric::PhoneCurrentMean => LEAST,
            _ => LEAST_DURATIONS,
        }
    }

    /// Things in the denominator of a ratio.
    fn denominator(&self) -> u64 {
        let (totals, served) = (self.totals, &self.totals.served);
        let count = match self.metric {
            Metric::HoldMean => totals.holds,
            Metric::QueueWaitMean => served.pool.map_or(0, |pool| pool.started),
            Metric::BrowserWaitMean => served.browser_waits.map_or(0, |waits| waits.count),
            Metric::LockWaitMean => served.lock_waits.map_or(0, |waits| waits.count),
            Metric::UpLinkWaitMean => served.up_link.map_or(0, |link| link.messages),
            Metric::DownLinkWaitMean => served.down_link.map_or(0, |link| link.messages),
            Metric::PhoneCurrentMean => served.wakes.unwrap_or(0),
            // Per message delivered, and the age, which each of them ends.
            _ => totals.delivered,
        };
        self.once(count)
    }

    /// Of a fraction: what it counts, or what it does not count.
    fn smaller_part(&self) -> u64 {
        let Some(quotient) = self.totals.quotient(self.metric, self.scenario) else { return 0 };
        let ratio = quotient.ratio;
        let smaller = ratio.above.min(ratio.below.saturating_sub(ratio.above));
        self.once(u64::try_from(smaller).unwrap_or(u64::MAX))
    }
}

/// `Var / mean` of the number of messages in a long time: for ON and OFF periods of means 1/α and 1/β, and λ messages per
/// second while ON, `1 + 2 λ α / (α + β)²` (Cox & Lewis, "The Statistical Analysis of Series of Events", 1966).
fn dispersion(process: &Process) -> f64 {
    let Process::OnOff { on, off, rate } = process else { return 1.0 };
    let (alpha, beta) = (1.0 / on.as_secs_f64(), 1.0 / off.as_secs_f64());
    1.0 + 2.0 * rate.per_second() * alpha / ((alpha + beta) * (alpha + beta))
}
