//! The title of an axis.

use std::fmt::{Display, Formatter, Result};

use super::units::is_time;
use crate::report::display_unit::siblings;

/// What the values of an axis are, and in which unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AxisTitle {
    /// Without the unit.
    pub name: String,
    /// Empty for plain numbers.
    pub unit: String,
}

impl AxisTitle {
    /// The same unit behind other words. A unit in brackets at their end is left out if it is that of the axis, or one
    /// that can stand in its place: the axis may be in milliseconds where the words were written for seconds.
    pub fn reword(&mut self, words: &str) {
        let cut = words.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        let is_own = |unit: &str| {
            let same_kind = siblings(&self.unit).is_some_and(|(_, kind)| kind.iter().any(|one| one.name == unit));
            !unit.is_empty() && (unit == self.unit || same_kind || (is_time(unit) && is_time(&self.unit)))
        };
        self.name = match cut {
            Some((name, unit)) if is_own(unit.trim()) => name.trim_end().to_owned(),
            _ => words.to_owned(),
        };
    }
}

impl Display for AxisTitle {
    /// `mean data latency (ms)`.
    fn fmt(&self, text: &mut Formatter) -> Result {
        match (self.name.as_str(), self.unit.as_str()) {
            (name, "") => text.write_str(name),
            (name, unit) => write!(text, "{name} ({unit})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_stands_once_behind_other_words() {
        let worded = |unit: &str, words: &str| {
            let mut title = AxisTitle { name: "usual".to_owned(), unit: unit.to_owned() };
            title.reword(words);
            title.to_string()
        };
        assert_eq!(worded("ms", "delay"), "delay (ms)");
        assert_eq!(worded("ms", "delay (ms)"), "delay (ms)");
        assert_eq!(worded("ms", "delay (s)"), "delay (ms)");
        assert_eq!(worded("min", "since the start (s)"), "since the start (min)");
        assert_eq!(worded("kB/s", "1,000 polls a second (MB/s) "), "1,000 polls a second (kB/s)");
        assert_eq!(worded("%", "messages that arrive(%)"), "messages that arrive (%)");
        assert_eq!(worded("1/s", "messages (1/s)"), "messages (1/s)");
        // Brackets that are no unit of the axis are words.
        assert_eq!(worded("", "cost per day (US dollars)"), "cost per day (US dollars)");
        assert_eq!(worded("s", "delay (one way)"), "delay (one way) (s)");
        assert_eq!(worded("", "clients ()"), "clients ()");
        assert_eq!(worded("s", "时延（秒）"), "时延（秒） (s)");
    }
}
