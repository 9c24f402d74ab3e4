//! Whether the latencies of a window are those of all messages, or of survivors.

use crate::model::Metric;

/// From this share of the created messages on all arrive, to a reader.
pub const ENOUGH: f64 = 0.99;
/// A backlog that grows by more than this part of the created messages has no steady state.
pub const GROWTH: f64 = 0.05;

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
    /// The share of the messages created in the window that arrived by its end.
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

    /// From the metrics of one result. `None` if the latencies are those of all messages, or if nothing was created. They
    /// are also those of all messages where some wait when the window closes, and as many waited when it opened: a
    /// latency counts in the window in which its message arrives.
    pub fn of(value: impl Fn(Metric) -> Option<f64>) -> Option<Survivors> {
        let share = value(Metric::ArrivedFraction).filter(|share| *share < ENOUGH)?;
        let created = value(Metric::MessagesCreated).unwrap_or(1.0);
        let lost = 1.0 - share - value(Metric::PendingFraction).unwrap_or(0.0);
        let waiting = [Metric::MessagesPendingStart, Metric::MessagesPendingEnd].map(&value);
        let grows = match waiting {
            [Some(before), Some(after)] => after - before > GROWTH * created,
            _ => true,
        };
        let rest = if lost > 1.0 - ENOUGH { Rest::Lost } else { Rest::Waiting };
        let is_all = created == 0.0 || (rest == Rest::Waiting && !grows && share > 0.0);
        if is_all { None } else { Some(Survivors { share, rest }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survivors(share: f64, pending: f64, [before, after]: [f64; 2]) -> Option<Survivors> {
        Survivors::of(|metric| match metric {
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
        // Some are lost and some wait.
        assert_eq!(survivors(0.9, 0.08, [8.0, 8.0]), lost);
        assert_eq!(survivors(0.9, 0.1, [1.0, 10.0]), Some(Survivors { share: 0.9, rest: Rest::Waiting }));
        assert_eq!(survivors(0.99, 0.0, [0.0, 0.0]), None);
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
        let only =
            |share: f64| Survivors::of(|metric| if metric == Metric::ArrivedFraction { Some(share) } else { None });
        assert_eq!(only(0.9), Some(Survivors { share: 0.9, rest: Rest::Lost }));
        assert_eq!(only(1.0), None);
        assert_eq!(Survivors::of(|_| None), None);
        let none_created = Survivors::of(|metric| if metric == Metric::MessagesPendingEnd { None } else { Some(0.0) });
        assert_eq!(none_created, None);
    }
}
