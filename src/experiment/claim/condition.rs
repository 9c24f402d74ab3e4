//! What a claim says of a number, and whether an interval bears it out.

use super::quantity::{in_unit_of, units};

/// What is claimed of a number, in the unit of the metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Condition {
    /// It is above this one.
    Above(f64),
    /// It is at least this one.
    AtLeast(f64),
    /// It is below this one.
    Below(f64),
    /// It is at most this one.
    AtMost(f64),
    /// It differs from the first by at most the second.
    Within(f64, f64),
    /// It is what the closed form says.
    Theory,
}

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The whole interval satisfies it.
    Holds,
    /// A part of the interval satisfies it, or there is no interval.
    CannotBeTold,
    /// No part of the interval satisfies it.
    Fails,
}

impl Verdict {
    /// In a word, or three.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::CannotBeTold => "cannot be told",
            Verdict::Fails => "fails",
        }
    }
}

/// Numbers that agree to this fraction are equal: a closed form and an exact result are rounded differently.
const ROUNDING: f64 = 1e-9;

impl Condition {
    /// Reads a condition on a number with the unit `unit`.
    ///
    /// # Errors
    /// With a message and the help that belongs to it.
    pub(super) fn parse(text: &str, unit: &str) -> Result<Condition, (String, String)> {
        let text = text.trim();
        let wrong = |message: String| {
            let examples = "write \"> 20\", \"<= 0.3 s\", \"= 23.4 within 2 %\" or \"= theory\"";
            (message, examples.to_owned())
        };
        let sign = text.find(|c: char| !matches!(c, '<' | '>' | '=')).unwrap_or(text.len());
        let (sign, rest) = (&text[..sign], text[sign..].trim());
        let number = |text: &str| match in_unit_of(unit, text) {
            Some(number) => Ok(number),
            None if unit.is_empty() => Err(wrong(format!("`{text}` is not a plain number or a percentage"))),
            None => {
                Err((format!("`{text}` is no number in the unit of this metric"), format!("units: {}", units(unit))))
            }
        };
        match sign {
            ">" => number(rest).map(Condition::Above),
            ">=" => number(rest).map(Condition::AtLeast),
            "<" => number(rest).map(Condition::Below),
            "<=" => number(rest).map(Condition::AtMost),
            "=" if rest == "theory" => Ok(Condition::Theory),
            "=" => {
                let Some((value, by)) = rest.split_once("within") else {
                    number(rest)?;
                    let help = format!("write how close it has to be: \"= {rest} within 2 %\"");
                    return Err(("no estimate equals a number to the last digit".to_owned(), help));
                };
                let value = number(value.trim())?;
                let by = match by.trim().strip_suffix('%') {
                    Some(percent) => value.abs() * number(percent.trim())? / 100.0,
                    None => number(by.trim())?,
                };
                if by < 0.0 {
                    return Err(wrong("a distance cannot be below 0".to_owned()));
                }
                Ok(Condition::Within(value, by))
            }
            "" => Err(wrong("a condition begins with <, <=, >, >= or =".to_owned())),
            other => Err(wrong(format!("`{other}` compares nothing: there are <, <=, >, >= and ="))),
        }
    }

    /// How far the interval lies inside what is claimed, in the unit of the metric: below 0 where a part of it lies outside.
    pub fn slack(self, (low, high): (f64, f64), theory: Option<f64>) -> f64 {
        match self {
            Condition::Above(limit) | Condition::AtLeast(limit) => low - limit,
            Condition::Below(limit) | Condition::AtMost(limit) => limit - high,
            Condition::Within(value, by) => f64::min(low - (value - by), value + by - high),
            Condition::Theory => theory.map_or(f64::NEG_INFINITY, |theory| f64::min(theory - low, high - theory)),
        }
    }

    /// The verdict on a number that lies between `low` and `high`, and whose closed form is `theory`.
    pub fn verdict(self, (low, high): (f64, f64), theory: Option<f64>) -> Verdict {
        let verdict = |holds: bool, fails: bool| match (holds, fails) {
            (true, _) => Verdict::Holds,
            (_, true) => Verdict::Fails,
            _ => Verdict::CannotBeTold,
        };
        match self {
            Condition::Above(limit) => verdict(low > limit, high <= limit),
            Condition::AtLeast(limit) => verdict(low >= limit, high < limit),
            Condition::Below(limit) => verdict(high < limit, low >= limit),
            Condition::AtMost(limit) => verdict(high <= limit, low > limit),
            Condition::Within(value, by) => {
                let by = by + value.abs() * ROUNDING;
                let (least, most) = (value - by, value + by);
                verdict(least <= low && high <= most, high < least || low > most)
            }
            Condition::Theory => match theory {
                Some(theory) => {
                    let rounding = theory.abs() * ROUNDING;
                    verdict(low - rounding <= theory && theory <= high + rounding, true)
                }
                None => Verdict::CannotBeTold,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_and_judged_by_the_whole_interval() {
        use Verdict::{CannotBeTold, Fails, Holds};
        for (text, unit, interval, verdict) in [
            ("> 20", "", (20.1, 21.0), Holds),
            ("> 20", "", (20.0, 21.0), CannotBeTold),
            ("> 20", "", (19.0, 20.0), Fails),
            (">= 20", "", (20.0, 21.0), Holds),
            ("<5 %", "", (0.01, 0.049), Holds),
            ("< 300 ms", "s", (0.3, 0.4), Fails),
            ("<= 0.3 s", "s", (0.3, 0.3), Holds),
            ("= 23.4 within 2 %", "", (23.0, 23.8), Holds),
            ("= 23.4 within 2 %", "", (22.0, 23.8), CannotBeTold),
            ("= 39.7 s within 100 ms", "s", (39.9, 40.0), Fails),
            ("= -1 within 10 %", "", (-1.05, -0.95), Holds),
            ("= 0.3 within 0 %", "", (0.1 + 0.2, 0.1 + 0.2), Holds),
            ("= 0.3 within 0 %", "", (0.300_001, 0.300_001), Fails),
        ] {
            let condition = Condition::parse(text, unit).unwrap();
            assert_eq!(condition.verdict(interval, None), verdict, "{text} {interval:?}");
        }
        let theory = Condition::parse("= theory", "s").unwrap();
        assert_eq!(theory.verdict((1.0, 2.0), Some(1.5)), Holds);
        assert_eq!(theory.verdict((1.0, 2.0), Some(2.5)), Fails);
        assert_eq!(theory.verdict((0.1 + 0.2, 0.1 + 0.2), Some(0.3)), Holds);
        assert_eq!(theory.verdict((1.0, 2.0), None), CannotBeTold);
        for text in ["", "20", "=> 3", "> x", "= 3", "> 3 s", "= 3 within", "= 3 within -1", "== 3"] {
            assert!(Condition::parse(text, "").is_err(), "{text}");
        }
    }
}
