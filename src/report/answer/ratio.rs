//! How many times one value is another.

use super::pairs::ByReplication;
use crate::report::digits::{significant, significant_at_most, with_half as in_digits};
use crate::stats::{Contrast, Estimate, Interval};

/// From this ratio on, less is said in times, below it in percent.
const TIMES: f64 = 2.0;
/// Two values whose ratio lies within this of 1, with its whole interval, are alike.
const CLOSE: f64 = 0.01;
/// Significant digits of a ratio that is the same in all replications.
const EXACT_DIGITS: i32 = 4;

/// A value with what its comparisons are made of.
#[derive(Clone, Debug)]
pub(super) struct PairedValue {
    pub estimate: Estimate,
    pub by_replication: ByReplication,
}

/// What can be said of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// One is larger.
    Apart,
    /// They are equal, or nearly so.
    Alike,
    /// It cannot be told which one is larger.
    Unknown,
}

impl PairedValue {
    /// This against another, by pairs of replications; `None` with fewer than two.
    fn paired(&self, other: &PairedValue) -> Option<Contrast> {
        let [one, other] = [self, other].map(|value| value.by_replication.without_each.as_ref());
        Some(Contrast::paired(one?, other?))
    }

    /// The same; `None` where one of them has no interval.
    fn against(&self, other: &PairedValue) -> Option<Contrast> {
        self.estimate.interval.and(other.estimate.interval).and_then(|_| self.paired(other))
    }

    /// What can be said of this and another. By pairs of replications the 95 % interval of their difference leaves out 0, or
    /// they are equal in every replication, or the 95 % interval of their ratio is close to 1. One replication counts as it
    /// is, and has no interval.
    pub fn standing(&self, other: &PairedValue) -> Standing {
        let [one, two] = [self, other].map(|value| &value.by_replication.each);
        let is_close = |ends: Interval| 1.0 - CLOSE <= ends.low && ends.high <= 1.0 + CLOSE;
        let is_equal = !one.is_empty() && one == two;
        match self.paired(other) {
            Some(contrast) if contrast.excludes_zero() == Some(true) => Standing::Apart,
            _ if is_equal => Standing::Alike,
            Some(contrast) if contrast.ratio_interval.is_some_and(is_close) => Standing::Alike,
            None if one.len().max(two.len()) <= 1 && self.estimate.value.total_cmp(&other.estimate.value).is_ne() => {
                Standing::Apart
            }
            _ => Standing::Unknown,
        }
    }
}

/// How much less `less` is than `more`: `11.2 ± 0.1 times fewer`, `14.0 ± 0.3 % fewer`; `about` without an interval;
/// `None` if `less` is 0.
pub(super) fn fewer(less: &PairedValue, more: &PairedValue) -> Option<String> {
    if less.estimate.value <= 0.0 {
        return None;
    }
    let ratio = more.estimate.value / less.estimate.value;
    let interval = more.against(less).and_then(|contrast| contrast.ratio_interval);
    if ratio >= TIMES {
        return Some(format!("{} times fewer", with_half(ratio, interval)));
    }
    let saved = |ratio: f64| 100.0 - 100.0 / ratio;
    let interval = interval.filter(|ends| ends.low > 0.0);
    let interval = interval.map(|ends| Interval::between(saved(ends.low), saved(ends.high)));
    Some(format!("{} % fewer", with_half(saved(ratio), interval)))
}

/// How much more `more` is than `less`: `11.2 ± 0.1 times as many`, `14.0 ± 0.3 % more`, likewise.
pub(super) fn more(more: &PairedValue, less: &PairedValue) -> Option<String> {
    if less.estimate.value <= 0.0 {
        return None;
    }
    let ratio = more.estimate.value / less.estimate.value;
    let interval = more.against(less).and_then(|contrast| contrast.ratio_interval);
    if ratio >= TIMES {
        return Some(format!("{} times as many", with_half(ratio, interval)));
    }
    let added = |ratio: f64| 100.0 * ratio - 100.0;
    let interval = interval.map(|ends| Interval::between(added(ends.low), added(ends.high)));
    Some(format!("{} % more", with_half(added(ratio), interval)))
}

/// A number with half the width of its interval.
fn with_half(value: f64, interval: Option<Interval>) -> String {
    let Some(interval) = interval else { return format!("about {}", significant(value, 2)) };
    match in_digits(value, Some(interval.half_width)) {
        (value, Some(half)) => format!("{value} ± {half}"),
        (_, None) => significant_at_most(value, EXACT_DIGITS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Jackknifed;

    /// A value whose replications have these means; without an interval if there is one only.
    fn of(values: &[f64]) -> PairedValue {
        let without_each = Jackknifed::of_mean(values.iter().copied().map(Some));
        let value = values.iter().sum::<f64>() / values.len() as f64;
        let interval = without_each.as_ref().map(|_| Interval::around(value, 0.0));
        let estimate = Estimate { interval, ..Estimate::bare(value, values.len()) };
        PairedValue { estimate, by_replication: ByReplication { each: values.to_vec(), without_each } }
    }

    #[test]
    fn a_ratio_has_the_interval_of_its_pairs() {
        let (less, much) = (of(&[200.0, 210.0, 220.0]), of(&[2230.0, 2350.0, 2470.0]));
        let half = much.against(&less).unwrap().ratio_interval.unwrap().half_width;
        assert!((0.09..0.1).contains(&half), "{half}");
        assert_eq!(fewer(&less, &much).unwrap(), "11.19 ± 0.10 times fewer");
        assert_eq!(more(&much, &less).unwrap(), "11.19 ± 0.10 times as many");
        assert_eq!(fewer(&of(&[2.0, 2.0]), &of(&[5.0, 5.0])).unwrap(), "2.5 times fewer");
        assert_eq!(fewer(&of(&[80.0, 80.0]), &of(&[100.0, 100.0])).unwrap(), "20 % fewer");
        assert_eq!(more(&of(&[100.0, 100.0]), &of(&[80.0, 80.0])).unwrap(), "25 % more");
        assert_eq!(fewer(&of(&[2.0]), &of(&[7.0])).unwrap(), "about 3.5 times fewer");
        assert_eq!(fewer(&of(&[0.0, 0.0]), &of(&[7.0, 7.0])), None);
    }

    #[test]
    fn what_rounding_makes_is_no_difference() {
        let (less, much) = (of(&[22.0, 22.0 + 4e-15, 22.0]), of(&[26.0, 26.0, 26.0 - 4e-15]));
        assert_eq!(fewer(&less, &much).unwrap(), "15.38 % fewer");
    }

    #[test]
    fn values_are_alike_only_if_their_pairs_show_it() {
        let one = of(&[1.0, 2.0, 3.0]);
        for (other, standing) in [
            // Intervals that overlap, and pairs that all differ.
            (&[1.1, 2.1, 3.11][..], Standing::Apart),
            (&[1.1, 1.9, 3.0], Standing::Unknown),
            (&[1.0, 2.0, 3.0], Standing::Alike),
            (&[1.001, 1.999, 3.001], Standing::Alike),
            (&[1.0], Standing::Unknown),
        ] {
            assert_eq!(one.standing(&of(other)), standing, "{other:?}");
            assert_eq!(of(other).standing(&one), standing, "{other:?}");
        }
        for (other, standing) in [(1.0, Standing::Alike), (1.001, Standing::Apart)] {
            assert_eq!(of(&[1.0]).standing(&of(&[other])), standing, "one replication: {other}");
        }
        let nothing = of(&[0.0, 0.0]);
        assert_eq!(nothing.standing(&nothing), Standing::Alike);
        assert_eq!(nothing.standing(&of(&[0.1, 0.2])), Standing::Unknown);
        assert_eq!(nothing.standing(&of(&[0.1, 0.1])), Standing::Apart);
    }
}
