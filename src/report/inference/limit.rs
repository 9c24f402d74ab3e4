//! Conditions on a comparison, for programs that have to stop where a number has become worse.

use super::contrasts::{LEVEL, PairRow};
use crate::experiment::claim::{Condition, Verdict, in_unit_of};
use crate::model::Metric;
use crate::report::metric_words::named;
use crate::stats::{Contrast, Interval, holm, p_value_above};

/// `METRIC > LIMIT`: a limit of the difference, absolute or relative.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As written.
    pub text: String,
    /// The metric.
    pub metric: Metric,
    is_relative: bool,
    /// In the unit of the metric, or a fraction of the baseline.
    value: f64,
    sign: Sign,
}

/// The side of a limit that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Sign {
    fn condition(self, limit: f64) -> Condition {
        match self {
            Sign::Above => Condition::Above(limit),
            Sign::AtLeast => Condition::AtLeast(limit),
            Sign::Below => Condition::Below(limit),
            Sign::AtMost => Condition::AtMost(limit),
        }
    }
}

impl Limit {
    /// Reads `latency_p95_s > +5 %` or `latency_p95_s > 20 ms`.
    ///
    /// # Errors
    /// With the reason in words.
    pub fn parse(text: &str) -> Result<Limit, String> {
        let example = "write 'latency_p95_s > +5 %' or 'latency_p95_s > 20 ms'";
        let place = text.find(['<', '>']).ok_or_else(|| format!("`{text}` has no < or >: {example}"))?;
        let (name, rest) = (text[..place].trim(), &text[place..]);
        let metric = named(name).map_err(|near| {
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            format!("there is no metric `{name}`: {near}{example}")
        })?;
        let sign = if rest[1..].starts_with('=') { &rest[..2] } else { &rest[..1] };
        let number = rest[sign.len()..].trim();
        let (is_relative, limit) = match number.strip_suffix('%') {
            Some(percent) => (true, in_unit_of("", percent).map(|percent| percent / 100.0)),
            None => (false, in_unit_of(metric.unit(), number)),
        };
        let limit = limit.ok_or_else(|| format!("`{number}` is neither a percentage nor a {name}: {example}"))?;
        let sign = match sign {
            ">" => Sign::Above,
            ">=" => Sign::AtLeast,
            "<" => Sign::Below,
            _ => Sign::AtMost,
        };
        Ok(Limit { text: text.trim().to_owned(), metric, is_relative, value: limit, sign })
    }

    /// Whether each row of the metric is beyond the limit. It is if the whole interval is, and if that would be a rare
    /// accident in all these rows together: the one-sided test survives Holm's correction for their number.
    pub fn verdicts(&self, rows: &[PairRow]) -> Vec<Verdict> {
        let p_values: Vec<Option<f64>> = rows.iter().map(|row| self.p_value(row)).collect();
        let mut corrected = holm(&p_values.iter().flatten().copied().collect::<Vec<_>>()).into_iter();
        let mut verdict = |(row, p_value): (&PairRow, Option<f64>)| {
            let corrected = p_value.and_then(|_| corrected.next());
            match self.verdict(row) {
                Verdict::Holds if corrected.is_some_and(|p| p >= LEVEL) => Verdict::CannotBeTold,
                verdict => verdict,
            }
        };
        rows.iter().zip(p_values).map(&mut verdict).collect()
    }

    /// The number that is judged in a row, its interval and the limit: the relative difference, or the difference where
    /// that is meant, or where the baseline allows no ratio. `None` without an interval.
    fn measured(&self, row: &PairRow) -> Option<(f64, Interval, f64)> {
        let Contrast { difference, difference_interval, ratio, ratio_interval, .. } = row.contrast;
        let from_1 = |ends: Interval| Interval { low: ends.low - 1.0, high: ends.high - 1.0, ..ends };
        match (self.is_relative, ratio.zip(ratio_interval)) {
            (true, Some((ratio, ends))) => Some((ratio - 1.0, from_1(ends), self.value)),
            (true, None) => Some((difference, difference_interval?, self.value * row.values[1].abs())),
            (false, _) => Some((difference, difference_interval?, self.value)),
        }
    }

    /// By the whole interval, or a part of it, of this row alone.
    fn verdict(&self, row: &PairRow) -> Verdict {
        if row.is_equal {
            // Any part of nothing is nothing.
            let limit = if self.is_relative && row.values[1] == 0.0 { 0.0 } else { self.value };
            return self.sign.condition(limit).verdict((0.0, 0.0), None);
        }
        let Some((_, ends, limit)) = self.measured(row) else { return Verdict::CannotBeTold };
        self.sign.condition(limit).verdict((ends.low, ends.high), None)
    }

    /// The one-sided p-value of "it is not beyond the limit"; `None` without a test.
    fn p_value(&self, row: &PairRow) -> Option<f64> {
        if row.is_equal {
            return None;
        }
        let ((value, ends, limit), degrees) = (self.measured(row)?, row.contrast.degrees?);
        Some(match self.sign {
            Sign::Above | Sign::AtLeast => p_value_above(limit, value, ends, degrees),
            Sign::Below | Sign::AtMost => p_value_above(-limit, -value, ends, degrees),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Contrast, Jackknifed};

    fn row(values: [&[f64]; 2]) -> PairRow {
        let [one, other] = values.map(|values| Jackknifed::of_mean(values.iter().copied().map(Some)).unwrap());
        PairRow {
            point: 0,
            points: 1,
            transport: "a".to_owned(),
            baseline: "b".to_owned(),
            experiment: None,
            metric: Metric::LatencyP95,
            values: [one.value, other.value],
            contrast: Contrast::paired(&one, &other),
            p_value: None,
            is_equal: values[0] == values[1],
            gap: None,
        }
    }

    #[test]
    fn a_limit_is_passed_where_the_whole_interval_is_beyond_it() {
        let worse = row([&[1.10, 1.11, 1.12], &[1.0, 1.01, 1.02]]);
        for (text, verdict) in [
            ("latency_p95_s > +5 %", Verdict::Holds),
            ("latency_p95_s>50 ms", Verdict::Holds),
            ("latency_p95_s > 20 %", Verdict::Fails),
            ("latency_p95_s > 9.9 %", Verdict::CannotBeTold),
            ("latency_p95_s < -0.1 s", Verdict::Fails),
        ] {
            assert_eq!(Limit::parse(text).unwrap().verdicts(std::slice::from_ref(&worse)), [verdict], "{text}");
        }
        let equal = row([&[1.0, 2.0], &[1.0, 2.0]]);
        assert_eq!(Limit::parse("latency_p95_s > 0 %").unwrap().verdicts(&[equal]), [Verdict::Fails]);
        for text in ["latency_p95_s", "latency > 5 %", "latency_p95_s > 5 kB", "latency_p95_s > x %", "> 5 %"] {
            assert!(Limit::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_relative_limit_of_nothing_is_one_of_the_difference() {
        let worse = row([&[1.10, 1.11, 1.12], &[0.0, 0.0, 0.0]]);
        assert_eq!(worse.contrast.ratio, None);
        let none = row([&[0.0, 0.0, 0.0], &[0.0, 0.0, 0.0]]);
        for (text, verdict, of_none) in [
            ("latency_p95_s > +5 %", Verdict::Holds, Verdict::Fails),
            ("latency_p95_s > -5 %", Verdict::Holds, Verdict::Fails),
            ("latency_p95_s < 5 %", Verdict::Fails, Verdict::Fails),
        ] {
            let rows = [worse.clone(), none.clone()];
            assert_eq!(Limit::parse(text).unwrap().verdicts(&rows), [verdict, of_none], "{text}");
        }
    }

    #[test]
    fn of_many_rows_one_that_stands_out_by_chance_is_not_certain() {
        let limit = Limit::parse("latency_p95_s > 0 %").unwrap();
        // t = 3.5 with 4 degrees: p = 0.0125 of this row alone.
        let by_chance = row([&[1.1, 1.2, 1.3, 1.3, 1.0], &[1.0, 1.0, 1.1, 1.1, 1.0]]);
        assert_eq!(limit.verdicts(std::slice::from_ref(&by_chance)), [Verdict::Holds]);
        let noise = row([&[1.1, 1.0, 1.3, 1.0, 1.0], &[1.0, 1.1, 1.1, 1.1, 1.1]]);
        let equal = row([&[1.0; 5], &[1.0; 5]]);
        let many = |other: &PairRow| [&[by_chance.clone()][..], &vec![other.clone(); 19]].concat();
        assert_eq!(limit.verdicts(&many(&noise))[0], Verdict::CannotBeTold);
        assert_eq!(limit.verdicts(&many(&equal))[0], Verdict::Holds, "equal values are no tests");
    }
}
