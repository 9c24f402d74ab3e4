//! The likely meaning of a value of the wrong kind or in another unit.

use crate::experiment::diagnostics::Problem;
use crate::experiment::keys::{Quantity, ValueKind};
use crate::experiment::node::{Node, Value};
use crate::experiment::parse;
use crate::units::{Rate, Time};

/// What to write for a value of the wrong kind, if that is clear.
pub(super) fn of_wrong_kind(path: &str, kind: ValueKind, node: &Node) -> Option<String> {
    match (&node.value, kind) {
        (Value::List(items), _)
            if !items.is_empty() && !path.starts_with("chart.") && path.rsplit('.').next() != Some("name") =>
        {
            Some(of_list(path, node))
        }
        (Value::Text(word) | Value::Integer(word), ValueKind::Flag) => {
            parse::flag(word).map(|flag| format!("write {flag}"))
        }
        (Value::Text(text) | Value::Float(text), ValueKind::Count(low, high)) => {
            let number = text.trim().replace(['_', ',', ' ', '\''], "").parse::<f64>().ok()?;
            let is_whole = number.fract() == 0.0 && number >= low as f64 && number <= high as f64;
            let quotes = if node.as_text().is_some() { " without quotes" } else { "" };
            if is_whole { Some(format!("write {}{quotes}", number as u64)) } else { None }
        }
        (Value::Text(text), ValueKind::Positive | ValueKind::NotNegative) => {
            let number = text.trim();
            number.parse::<f64>().ok().map(|_| format!("write {number} without quotes"))
        }
        _ => None,
    }
}

/// What to write for a number without a unit.
pub(super) fn with_unit(path: &str, number: &str, quantity: &Quantity) -> String {
    match usual_unit(path) {
        unit if quantity.unit == "s" && unit != quantity.unit => {
            format!("write \"{number} {unit}\" or \"{number} {}\", as you mean it", quantity.unit)
        }
        _ => format!("write \"{number} {}\" if that is what you mean", quantity.unit),
    }
}

/// The unit in which the times of a key usually are: delays and work are short.
pub(in crate::experiment) fn usual_unit(path: &str) -> &'static str {
    let steps: Vec<&str> = path.split('.').collect();
    let has = |step: &str| steps.contains(&step);
    let is_delay = has("network") && (has("up") || has("down"));
    let is_short = ["service", "drift", "turnaround", "ack_delay", "server_ack_delay"].into_iter().any(has);
    if is_delay || is_short { "ms" } else { "s" }
}

/// A list of values in place of one.
fn of_list(path: &str, node: &Node) -> String {
    let values = crate::experiment::write::inline(node);
    match path.split_once('.') {
        Some((list @ ("transport" | "population"), rest)) if !rest.starts_with(['"', '\'']) => {
            format!("to vary it, write [sweep] and below it \"{list}.NAME.KEY\" = {values}")
        }
        _ => format!("to vary it, write [sweep] and below it \"{}\" = {values}", path.replace('"', "'")),
    }
}

/// Adds to the problem of a unit that is not known what may be meant by it.
pub(super) fn of_unknown_unit(problem: Problem, text: &str, unit: &str, quantity: &Quantity) -> Problem {
    let units = quantity.units;
    let is_rate = units == Rate::UNITS;
    let help = match (if is_rate { rate_of_gap(text) } else { None }, synonym(unit)) {
        (Some(rate), _) => format!("write \"{rate}\""),
        (None, synonym) => match (in_largest(text, unit, quantity), synonym) {
            (Some(help), _) => help,
            (None, Some(symbol)) if units.split(", ").any(|known| known == symbol) => {
                format!("write `{symbol}` for `{unit}`")
            }
            _ => return problem.suggest(unit, units.split(", ")),
        },
    };
    problem.help(help).help(format!("allowed: {units}"))
}

/// Units beyond the largest known one: the largest, the number of it, and the quantity.
const LARGER: &[(&[&str], &str, f64)] = &[
    (&["TB", "Tb"], "GB", 1e3),
    (&["PB"], "GB", 1e6),
    (&["EB"], "GB", 1e9),
    (&["TiB"], "GiB", 1024.0),
    (&["PiB"], "GiB", 1024.0 * 1024.0),
    (&["w", "wk", "week", "weeks"], "d", 7.0),
    (&["month", "months"], "d", 30.0),
    (&["a", "y", "yr", "year", "years"], "d", 365.0),
    (&["Tbit/s", "Tbps", "Tb/s"], "Gbit/s", 1e3),
    (&["Pbit/s"], "Gbit/s", 1e6),
    (&["/week", "/w", "per week"], "/d", 1.0 / 7.0),
];

/// For a unit that is larger than all of this quantity: the largest, and how many of it.
fn in_largest(text: &str, unit: &str, quantity: &Quantity) -> Option<String> {
    let (_, largest, factor) = LARGER
        .iter()
        .find(|(names, largest, _)| names.contains(&unit) && quantity.units.split(", ").any(|unit| unit == *largest))?;
    let number: f64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
    let count = number * factor;
    let is_exact = count.fract() == 0.0 && (0.0..1e15).contains(&count);
    let is_allowed = (quantity.parse)(&format!("{count} {largest}")).is_ok();
    let how_many = if is_exact { format!(": {number} {unit} is {count} {largest}") } else { String::new() };
    // A rate has a largest number of digits, and no largest value.
    let has_most = quantity.units != Rate::UNITS;
    let limit = if has_most && !is_allowed { format!("; {}", quantity.most) } else { String::new() };
    Some(format!("the largest unit is {largest}{how_many}{limit}"))
}

/// The rate that is meant by a time between messages, such as "20 s", "1 per 20 s" or "1/20 /s".
fn rate_of_gap(text: &str) -> Option<String> {
    let (count, gap) = match text.parse::<Time>() {
        Ok(gap) => (1, gap),
        Err(_) => {
            let (count, gap) = text.split_once('/').or_else(|| text.split_once("per"))?;
            (count.trim().parse::<u64>().ok()?, gap.replace('/', "").trim().parse::<Time>().ok()?)
        }
    };
    ["1 s", "1 min", "1 h", "1 d"].iter().find_map(|unit| {
        let whole = unit.parse::<Time>().ok()?.0.checked_mul(count)?;
        let is_whole = count > 0 && whole.checked_rem(gap.0)? == 0;
        if is_whole { Some(format!("{} /{}", whole / gap.0, &unit[2..])) } else { None }
    })
}

/// The symbol of a unit with another common spelling.
fn synonym(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "sec" | "secs" | "second" | "seconds" | "S" => "s",
        "msec" | "millisecond" | "milliseconds" => "ms",
        "m" | "mins" | "minute" | "minutes" => "min",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "d",
        "b" | "byte" | "bytes" | "Byte" | "Bytes" => "B",
        "KB" | "K" | "k" => "kB",
        "Mbps" | "Mb/s" | "mbit/s" => "Mbit/s",
        "Gbps" | "Gb/s" | "gbit/s" => "Gbit/s",
        "kbps" | "Kbps" | "kb/s" | "Kbit/s" => "kbit/s",
        "bps" => "bit/s",
        "Hz" | "1/s" | "per s" | "per second" | "/sec" | "/second" | "s^-1" => "/s",
        "per min" | "per minute" | "/minute" => "/min",
        "per h" | "per hour" | "/hour" => "/h",
        "per d" | "per day" | "/day" => "/d",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_beyond_the_largest_is_counted_in_it() {
        let said = |text: &str, unit: &str, kind| in_largest(text, unit, ValueKind::quantity(kind).unwrap()).unwrap();
        assert_eq!(
            said("1 TB", "TB", ValueKind::Bytes),
            "the largest unit is GB: 1 TB is 1000 GB; the most is 4294967295 B, just below 4 GiB"
        );
        assert_eq!(said("2 weeks", "weeks", ValueKind::Span), "the largest unit is d: 2 weeks is 14 d");
        assert_eq!(
            said("0.5 Tbit/s", "Tbit/s", ValueKind::BitRate),
            "the largest unit is Gbit/s: 0.5 Tbit/s is 500 Gbit/s"
        );
        assert_eq!(said("1 /week", "/week", ValueKind::Rate), "the largest unit is /d");
        assert_eq!(in_largest("1 TB", "TB", ValueKind::Time.quantity().unwrap()), None);
        assert_eq!(in_largest("1 parsec", "parsec", ValueKind::Time.quantity().unwrap()), None);
    }
}
