//! How many times one value is another.

use super::digits::{Digits, decimals, significant};
use crate::stats::Estimate;

/// From this ratio on, less is said in times, below it in percent.
const TIMES: f64 = 2.0;
/// Significant digits of a ratio of exact values.
const EXACT: i32 = 4;
/// Significant digits at most.
const MOST: i32 = 4;

/// How much less `less` is than `more`: `11.2 times fewer`, `14 % fewer`; `None` if `less` is 0. Shown as far as both
/// intervals allow; `about` where one is missing.
pub(super) fn fewer(less: &Estimate, more: &Estimate) -> Option<String> {
    if less.value <= 0.0 {
        return None;
    }
    let relative = |estimate: &Estimate| Some(estimate.half_width()? / estimate.value.abs());
    // The sum is not too small whatever the correlation of the two.
    let spread = relative(less).zip(relative(more)).map(|(one, other)| one + other);
    let ratio = more.value / less.value;
    let (value, unit) = if ratio >= TIMES { (ratio, " times") } else { (100.0 - 100.0 / ratio, " %") };
    let scale = if ratio >= TIMES { ratio } else { 100.0 / ratio };
    Some(match spread {
        None => format!("about {}{unit} fewer", significant(value, 2)),
        Some(0.0) => format!("{}{unit} fewer", trimmed(&significant(value, EXACT))),
        Some(spread) => {
            let digits = Digits::Decimals(decimals(scale * spread)).at_most(MOST, value);
            format!("{}{unit} fewer", digits.write(value))
        }
    })
}

/// Whether two estimates can be told apart: their 95 % intervals do not overlap. `None` where one has no interval.
pub(super) fn differ(one: &Estimate, other: &Estimate) -> Option<bool> {
    let (one, other) = one.interval.zip(other.interval)?;
    Some(one.high < other.low || other.high < one.low)
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    fn estimate(value: f64, half: Option<f64>) -> Estimate {
        Estimate { value, interval: half.map(|half| Interval::around(value, half)), samples: 5 }
    }

    #[test]
    fn a_ratio_has_the_digits_that_both_intervals_allow() {
        let fewer = |less, more| fewer(&less, &more);
        let exact = |value| estimate(value, Some(0.0));
        assert_eq!(fewer(estimate(217.0, Some(2.0)), estimate(2427.0, Some(10.0))).unwrap(), "11.18 times fewer");
        assert_eq!(fewer(estimate(217.0, Some(20.0)), estimate(2427.0, Some(100.0))).unwrap(), "11.2 times fewer");
        assert_eq!(fewer(estimate(22.0, Some(1.0)), estimate(33_000.0, Some(15_000.0))).unwrap(), "1500 times fewer");
        assert_eq!(fewer(exact(2.0), exact(5.0)).unwrap(), "2.5 times fewer");
        assert_eq!(fewer(exact(80.0), exact(100.0)).unwrap(), "20 % fewer");
        assert_eq!(fewer(estimate(2.0, None), exact(7.0)).unwrap(), "about 3.5 times fewer");
        assert_eq!(fewer(exact(0.0), exact(7.0)), None);
    }

    #[test]
    fn overlapping_intervals_do_not_differ() {
        let one = estimate(1.0, Some(0.1));
        assert_eq!(differ(&one, &estimate(1.15, Some(0.1))), Some(false));
        assert_eq!(differ(&one, &estimate(1.3, Some(0.1))), Some(true));
        assert_eq!(differ(&one, &estimate(1.3, None)), None);
    }
}
