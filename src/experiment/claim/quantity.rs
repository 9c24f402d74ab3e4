//! A number with a unit, in the unit of a metric.

use crate::units::{BitRate, Bytes, Rate, Time};

/// The number in `text` in the unit `unit` of a metric; a number without a unit is in that unit already, and `%` is a
/// hundredth where the metric has none. `None` if it is no number, or has a unit of something else.
pub fn in_unit_of(unit: &str, text: &str) -> Option<f64> {
    let (number, written) = split(text);
    let number: f64 = number.replace('_', "").parse().ok()?;
    let (times, over) = if written.is_empty() { (1.0, 1.0) } else { factor(unit, written)? };
    let value = number * times / over;
    if value.is_finite() { Some(value) } else { None }
}

/// The units that a number in the unit of a metric may have.
pub(super) fn units(unit: &str) -> String {
    match unit {
        "s" => Time::UNITS.to_owned(),
        "B" => Bytes::UNITS.to_owned(),
        "B/s" => Bytes::UNITS.split(", ").map(|name| format!("{name}/s")).collect::<Vec<_>>().join(", "),
        "1/s" => Rate::UNITS.to_owned(),
        "Mbit/s" => BitRate::UNITS.to_owned(),
        other => other.to_owned(),
    }
}

/// The number that a text begins with, and the rest, both trimmed.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let is_of_number = |(place, c): (usize, char)| {
        let before = text[..place].chars().next_back();
        let is_exponent = matches!(c, 'e' | 'E')
            && before.is_some_and(|c| c.is_ascii_digit())
            && text[place + 1..].starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
        let is_sign = matches!(c, '+' | '-') && before.is_none_or(|c| matches!(c, 'e' | 'E'));
        c.is_ascii_digit() || matches!(c, '.' | '_') || is_exponent || is_sign
    };
    let end = text.char_indices().find(|place| !is_of_number(*place)).map_or(text.len(), |(end, _)| end);
    (text[..end].trim(), text[end..].trim())
}

/// The factor from a written unit to that of the metric, as a ratio.
fn factor(unit: &str, written: &str) -> Option<(f64, f64)> {
    if unit == written {
        return Some((1.0, 1.0));
    }
    let one = format!("1 {written}");
    match unit {
        "" if written == "%" => Some((1.0, 100.0)),
        "s" => one.parse::<Time>().ok().map(|time| (time.0 as f64, 1e9)),
        "B" => one.parse::<Bytes>().ok().map(|bytes| (bytes.0 as f64, 1.0)),
        "B/s" => format!("1 {}", written.strip_suffix("/s")?).parse::<Bytes>().ok().map(|bytes| (bytes.0 as f64, 1.0)),
        "1/s" => one.parse::<Rate>().ok().map(|rate| (rate.per_second(), 1.0)),
        "Mbit/s" => one.parse::<BitRate>().ok().map(|rate| (rate.0 as f64, 1e6)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_the_unit_of_the_metric() {
        for (unit, text, value) in [
            ("s", "300 ms", 0.3),
            ("s", "-2 min", -120.0),
            ("s", "0.3", 0.3),
            ("B/s", "871 kB/s", 871_000.0),
            ("B", "+1 KiB", 1024.0),
            ("1/s", "6 /min", 0.1),
            ("Mbit/s", "500 kbit/s", 0.5),
            ("mA", "3 mA", 3.0),
            ("", "5 %", 0.05),
            ("", "1e3", 1000.0),
            ("", "1_000", 1000.0),
        ] {
            assert_eq!(in_unit_of(unit, text), Some(value), "{text}");
        }
        for (unit, text) in [("s", "3 kB"), ("", "3 s"), ("s", "x"), ("s", ""), ("B", "5 %"), ("", "1 2"), ("", "-")] {
            assert_eq!(in_unit_of(unit, text), None, "{text}");
        }
    }
}
