//! How many times one value is another.

use crate::report::digits::{significant, with_half as in_digits};
use crate::stats::{Contrast, Estimate, Interval, Jackknifed};

/// From this ratio on, less is said in times, below it in percent.
const TIMES: f64 = 2.0;
/// Values that differ by less than this part of them differ by the rounding of floating-point numbers.
const EQUAL: f64 = 1e-12;

/// A value with what its comparisons are made of.
#[derive(Clone, Debug)]
pub(super) struct PairedValue {
    pub estimate: Estimate,
    /// The value without each replication; `None` without an interval.
    pub without_each: Option<Jackknifed>,
}

impl PairedValue {
    /// This against another, by pairs of replications; `None` where one of them has no interval.
    fn against(&self, other: &PairedValue) -> Option<Contrast> {
        let (one, other) = self.without_each.as_ref().zip(other.without_each.as_ref())?;
        Some(Contrast::paired(one, other))
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
        (value, None) => value,
    }
}

/// Whether two values can be told apart, by pairs of replications: the 95 % interval of their difference leaves out 0.
/// `None` where one has no interval.
pub(super) fn differ_in_pairs(one: &PairedValue, other: &PairedValue) -> Option<bool> {
    let contrast = one.against(other)?;
    let is_rounding = contrast.difference.abs() <= EQUAL * one.estimate.value.abs().max(other.estimate.value.abs());
    Some(!is_rounding && contrast.excludes_zero()?)
}

/// Whether two estimates can be told apart: their 95 % intervals do not overlap. `None` where one has no interval.
pub(super) fn differ(one: &Estimate, other: &Estimate) -> Option<bool> {
    let (one, other) = one.interval.zip(other.interval)?;
    Some(one.high < other.low || other.high < one.low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value whose replications have these means; without an interval if there is one only.
    fn of(values: &[f64]) -> PairedValue {
        let without_each = Jackknifed::of_mean(values.iter().copied().map(Some));
        let value = values.iter().sum::<f64>() / values.len() as f64;
        PairedValue { estimate: Estimate::bare(value, values.len()), without_each }
    }

    #[test]
    fn a_ratio_has_the_interval_of_its_pairs() {
        let (less, much) = (of(&[200.0, 210.0, 220.0]), of(&[2230.0, 2350.0, 2470.0]));
        let contrast = Contrast::paired(much.without_each.as_ref().unwrap(), less.without_each.as_ref().unwrap());
        let half = contrast.ratio_interval.unwrap().half_width;
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
    fn pairs_tell_apart_what_intervals_do_not() {
        let (one, other) = ([1.0, 2.0, 3.0], [1.1, 2.1, 3.11]);
        assert_eq!(differ_in_pairs(&of(&one), &of(&other)), Some(true));
        assert_eq!(differ_in_pairs(&of(&one), &of(&[1.1, 1.9, 3.0])), Some(false));
        assert_eq!(differ_in_pairs(&of(&one), &of(&[1.0])), None);
    }

    #[test]
    fn what_rounding_makes_is_no_difference() {
        let (one, other) = (of(&[2.0, 2.0, 2.0]), of(&[2.0 + 1e-15, 2.0 + 1e-15, 2.0 + 1e-15]));
        assert_eq!(differ_in_pairs(&one, &other), Some(false));
        let (less, much) = (of(&[22.0, 22.0 + 4e-15, 22.0]), of(&[26.0, 26.0, 26.0 - 4e-15]));
        assert_eq!(fewer(&less, &much).unwrap(), "15.3846 % fewer");
    }

    #[test]
    fn overlapping_intervals_do_not_differ() {
        let estimate = |value: f64, half: Option<f64>| Estimate {
            value,
            interval: half.map(|half| Interval::around(value, half)),
            samples: 5,
        };
        let one = estimate(1.0, Some(0.1));
        assert_eq!(differ(&one, &estimate(1.15, Some(0.1))), Some(false));
        assert_eq!(differ(&one, &estimate(1.3, Some(0.1))), Some(true));
        assert_eq!(differ(&one, &estimate(1.3, None)), None);
    }
}
