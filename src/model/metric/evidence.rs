//! Whether there is enough data for the interval of an estimate to hold.
//!
//! Replications are independent, and intervals are made from the differences between them. They hold once enough
//! independent things have happened in all replications together; with fewer they are too narrow, or miss the truth on
//! one side.

use super::Metric;
use super::definition::Influence;
use super::formula::{Evidence, LEAST};
use super::table::DEFINITIONS;
use crate::model::scenario::{Arrivals, Process, Scenario, TransportConfig};
use crate::model::totals::Totals;

/// Fewest messages above a quantile on average, for an interval of the quantile.
pub const LEAST_ABOVE_QUANTILE: f64 = 10.0;

impl Totals {
    /// The number of latencies of independent messages: the messages of one broadcast or one burst count once. `whole`
    /// as for [`Totals::suffice`].
    pub fn independent_messages(&self, scenario: &Scenario, whole: &Totals) -> u64 {
        WindowMessages { totals: self, whole, scenario }.independent(self.latency.count())
    }

    /// Whether these totals, merged of all replications, suffice for an interval of `metric`. `whole` are the totals of
    /// all populations together.
    pub fn suffice(&self, metric: Metric, scenario: &Scenario, whole: &Totals) -> bool {
        let definition = &DEFINITIONS[metric as usize];
        let messages = WindowMessages { totals: self, whole, scenario };
        let is_moved = match definition.messages {
            Influence::Always => true,
            Influence::UnlessPaced => self.served.sends.is_some() || !all_keep_pace(scenario),
            Influence::Never => false,
        };
        if is_moved && messages.count() < LEAST {
            return false;
        }
        let independent = |count: u64| if is_moved { messages.independent(count) } else { count };
        match definition.formula.evidence(self, scenario) {
            Evidence::Uncounted => true,
            Evidence::Things(count, least) => independent(count) >= least,
            Evidence::Independent(count) => count >= LEAST,
            Evidence::Latencies(count, order) => {
                let messages = independent(count);
                messages >= LEAST && messages as f64 * (1.0 - order) >= LEAST_ABOVE_QUANTILE * (1.0 - 1e-12)
            }
            Evidence::NoInterval => false,
        }
    }
}

/// Whether every client polls at its own pace, whatever the replies carry.
fn all_keep_pace(scenario: &Scenario) -> bool {
    let keeps_pace = |transport: &TransportConfig| transport.short_poll().is_some();
    if scenario.populations.is_empty() {
        return keeps_pace(&scenario.transport);
    }
    scenario.populations.iter().all(|population| keeps_pace(&population.transport))
}

/// The messages of the window.
struct WindowMessages<'a> {
    totals: &'a Totals,
    whole: &'a Totals,
    scenario: &'a Scenario,
}

impl WindowMessages<'_> {
    /// Messages created or sent in the window, whichever are fewer: with few, what they change is not normally
    /// distributed, and without any it looks as if it never changed.
    fn count(&self) -> u64 {
        let messages = if self.goes_to_many() { self.whole.shared } else { self.totals.created };
        let sent = self.totals.served.sends.map_or(u64::MAX, |sends| sends.sent);
        ((messages as f64 / self.burst()) as u64).min(sent)
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

    /// How many of `count` things that happened to clients are independent of each other, rounded down. The copies of
    /// one message and the messages of one burst act on many clients together and count once.
    fn independent(&self, count: u64) -> u64 {
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
}

/// `Var / mean` of the number of messages in a long time: for ON and OFF periods of means 1/α and 1/β, and λ messages
/// per second while ON, `1 + 2 λ α / (α + β)²` (Cox & Lewis, "The Statistical Analysis of Series of Events", 1966).
fn dispersion(process: &Process) -> f64 {
    let Process::OnOff { on, off, rate } = process else { return 1.0 };
    let (alpha, beta) = (1.0 / on.as_secs_f64(), 1.0 / off.as_secs_f64());
    1.0 + 2.0 * rate.per_second() * alpha / ((alpha + beta) * (alpha + beta))
}
