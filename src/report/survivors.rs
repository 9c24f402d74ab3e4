//! Whether the latencies of a window are those of all messages, or of survivors.

use crate::model::Metric;

/// From this share of the created messages on all arrive, to a reader.
pub const ENOUGH: f64 = 0.99;
/// A backlog that grows by more than this part of the created messages has no steady state.
const GROWTH: f64 = 0.05;

/// The messages that wait when windows open and when they close: counts over all replications.
#[derive(Clone, Copy, Debug)]
pub struct Backlog {
    pub before: f64,
    pub after: f64,
    /// The messages created in the windows.
    pub created: f64,
    /// How many of them are copies of one message to many clients, which wait and arrive together.
    pub copies: f64,
}

impl Backlog {
    /// By how much it rises, as a part of the created messages.
    pub fn rise(&self) -> f64 {
        (self.after - self.before) / self.created.max(1.0)
    }

    /// Whether it rises by so little that no reader has to know.
    pub fn is_steady(&self) -> bool {
        self.rise() <= GROWTH
    }

    /// Whether it rises, and by more than a steady state would now and then: three standard deviations of the difference
    /// of two Poisson counts. Their mean is that of the start, where a backlog that grows is small, and at least half a
    /// message.
    pub fn grows(&self) -> bool {
        let scatter = 3.0 * ((2.0 * self.before + self.copies) * self.copies).sqrt();
        !self.is_steady() && self.after - self.before > scatter
    }
}

/// Whether the values of a metric may look better the fewer messages arrive. Not so the age of information, which grows,
/// and what is counted for each message that arrives.
pub fn falls_with(metric: &str) -> bool {
    let is_traffic =
        ["bytes_per_s", "bit_per_s", "packets_per_s", "cost_per_day"].iter().any(|name| metric.contains(name));
    metric.starts_with("latency_") || is_traffic
}

/// What becomes of the messages that did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// They never arrive: they are lost, or a newer one replaced them.
    Lost,
    /// They wait, and there are more and more of them.
    Waiting,
}

/// The messages that a latency is of, if these are not all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Survivors {
    /// The share of the messages created in the window that arrived by its end; without a backlog that grows, of those
    /// that do not wait any more.
    pub share: f64,
    pub rest: Rest,
}

impl Survivors {
    /// The metrics that tell.
    pub const METRICS: [Metric; 5] = [
        Metric::ArrivedFraction,
        Metric::PendingFraction,
        Metric::MessagesCreated,
        Metric::MessagesPendingStart,
        Metric::MessagesPendingEnd,
    ];

    /// From the metrics of one result, means of so many `replications`. `None` if the latencies are those of all
    /// messages, or if nothing was created. They are also those of all messages where some wait when the window closes,
    /// and as many waited when it opened: a latency counts in the window in which its message arrives. The copies of a
    /// message count as messages of their own, as a table does not tell them.
    pub fn of(replications: f64, value: impl Fn(Metric) -> Option<f64>) -> Option<Survivors> {
        let arrived = value(Metric::ArrivedFraction).filter(|share| *share < ENOUGH)?;
        let created = value(Metric::MessagesCreated).unwrap_or(1.0);
        let pending = value(Metric::PendingFraction).unwrap_or(0.0);
        let lost = 1.0 - arrived - pending;
        let waiting = [Metric::MessagesPendingStart, Metric::MessagesPendingEnd].map(&value);
        // By how much the backlog grows; all that waits if it is not known how many waited before.
        let growth = match waiting {
            [Some(before), Some(after)] => {
                let [before, after, created] = [before, after, created].map(|mean| mean * replications);
                Some(Backlog { before, after, created, copies: 1.0 }).filter(Backlog::grows).map(|known| known.rise())
            }
            _ => Some(pending).filter(|pending| *pending > 1.0 - ENOUGH),
        };
        let settled = 1.0 - pending;
        let is_lost = lost > (1.0 - ENOUGH) * settled;
        match growth {
            _ if created == 0.0 => None,
            Some(growth) if !is_lost || growth > lost => Some(Survivors { share: arrived, rest: Rest::Waiting }),
            _ if is_lost => Some(Survivors { share: arrived / settled, rest: Rest::Lost }),
            _ if arrived == 0.0 => Some(Survivors { share: 0.0, rest: Rest::Waiting }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survivors(share: f64, pending: f64, [before, after]: [f64; 2]) -> Option<Survivors> {
        Survivors::of(4.0, |metric| match metric {
            Metric::ArrivedFraction => Some(share),
            Metric::PendingFraction => Some(pending),
            Metric::MessagesCreated => Some(100.0),
            Metric::MessagesPendingStart => Some(before),
            Metric::MessagesPendingEnd => Some(after),
            _ => None,
        })
    }

    #[test]
    fn a_latency_leaves_out_what_is_lost_and_a_backlog_that_grows() {
        let lost = Some(Survivors { share: 0.9, rest: Rest::Lost });
        assert_eq!(survivors(0.9, 0.0, [0.0, 0.0]), lost);
        assert_eq!(survivors(0.9, 0.1, [1.0, 10.0]), Some(Survivors { share: 0.9, rest: Rest::Waiting }));
        assert_eq!(survivors(0.99, 0.0, [0.0, 0.0]), None);
    }

    #[test]
    fn of_what_is_lost_and_what_waits_the_greater_part_is_told() {
        // In a steady state those that wait fare as the others did.
        let lost = |share| Some(Survivors { share, rest: Rest::Lost });
        assert_eq!(survivors(0.5, 0.25, [25.0, 25.0]), lost(0.5 / 0.75));
        assert_eq!(survivors(0.5, 0.25, [0.0, 25.0]), lost(0.5 / 0.75));
        assert_eq!(survivors(0.0, 0.25, [25.0, 25.0]), lost(0.0));
        assert_eq!(survivors(0.5, 0.375, [0.0, 37.5]), Some(Survivors { share: 0.5, rest: Rest::Waiting }));
    }

    #[test]
    fn a_backlog_grows_by_more_than_chance() {
        let backlog = |before, after, created, copies| Backlog { before, after, created, copies };
        assert!(backlog(0.0, 60.0, 1_000.0, 1.0).grows());
        assert!(!backlog(0.0, 50.0, 1_000.0, 1.0).grows());
        // 3 sqrt(2,001) = 134.
        assert!(!backlog(1_000.0, 1_060.0, 1_000.0, 1.0).grows());
        // Of few messages most wait.
        assert!(backlog(0.0, 8.0, 12.0, 1.0).grows());
        assert!(!backlog(0.0, 3.0, 12.0, 1.0).grows());
        // One message to 60 clients on its way.
        assert!(!backlog(0.0, 60.0, 1_000.0, 60.0).grows());
        assert!((backlog(10.0, 60.0, 1_000.0, 1.0).rise() - 0.05).abs() < 1e-12);
    }

    #[test]
    fn as_many_that_wait_at_both_ends_leave_nothing_out() {
        assert_eq!(survivors(0.9, 0.1, [10.0, 10.0]), None);
        assert_eq!(survivors(0.9, 0.095, [10.0, 10.0]), None);
        // Nothing that was created in the window has a latency.
        assert!(survivors(0.0, 1.0, [100.0, 100.0]).is_some());
    }

    #[test]
    fn an_older_table_says_less() {
        let only = |share: f64| {
            Survivors::of(1.0, |metric| if metric == Metric::ArrivedFraction { Some(share) } else { None })
        };
        assert_eq!(only(0.9), Some(Survivors { share: 0.9, rest: Rest::Lost }));
        assert_eq!(only(1.0), None);
        let without_counts = |metric| match metric {
            Metric::ArrivedFraction | Metric::PendingFraction => Some(0.5),
            _ => None,
        };
        assert_eq!(Survivors::of(1.0, without_counts), Some(Survivors { share: 0.5, rest: Rest::Waiting }));
        assert_eq!(Survivors::of(1.0, |_| None), None);
        let none_created =
            Survivors::of(1.0, |metric| if metric == Metric::MessagesPendingEnd { None } else { Some(0.0) });
        assert_eq!(none_created, None);
    }
}
