//! Conditions on a comparison, for programs that have to stop where a number has become worse.

use super::contrasts::PairRow;
use crate::experiment::claim::{Condition, Verdict, in_unit_of};
use crate::model::Metric;
use crate::report::metric_words::named;

/// `METRIC > LIMIT`: a limit of the difference, absolute or relative.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As written.
    pub text: String,
    /// The metric.
    pub metric: Metric,
    is_relative: bool,
    condition: Condition,
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
        let condition = match sign {
            ">" => Condition::Above(limit),
            ">=" => Condition::AtLeast(limit),
            "<" => Condition::Below(limit),
            _ => Condition::AtMost(limit),
        };
        Ok(Limit { text: text.trim().to_owned(), metric, is_relative, condition })
    }

    /// Whether the row is beyond the limit: the whole interval, or a part of it.
    pub fn verdict(&self, row: &PairRow) -> Verdict {
        let contrast = &row.contrast;
        let ends = match (self.is_relative, row.is_equal) {
            (_, true) => Some((0.0, 0.0)),
            (true, _) => contrast.ratio_interval.map(|interval| (interval.low - 1.0, interval.high - 1.0)),
            (false, _) => contrast.difference_interval.map(|interval| (interval.low, interval.high)),
        };
        ends.map_or(Verdict::CannotBeTold, |ends| self.condition.verdict(ends, None))
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
            assert_eq!(Limit::parse(text).unwrap().verdict(&worse), verdict, "{text}");
        }
        let equal = row([&[1.0, 2.0], &[1.0, 2.0]]);
        assert_eq!(Limit::parse("latency_p95_s > 0 %").unwrap().verdict(&equal), Verdict::Fails);
        for text in ["latency_p95_s", "latency > 5 %", "latency_p95_s > 5 kB", "latency_p95_s > x %", "> 5 %"] {
            assert!(Limit::parse(text).is_err(), "{text}");
        }
    }
}
