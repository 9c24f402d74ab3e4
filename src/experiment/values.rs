//! Nodes to typed values, by the kind of their key.

mod meant;

use super::diagnostics::Problem;
use super::keys::ValueKind;
use super::node::{Node, Value};
use super::showable;
use crate::units::{BitRate, Bytes, Probability, Rate, Time, UnitError};

/// What is wrong with the value of the key `path`, if anything.
pub(super) fn check(path: &str, kind: ValueKind, node: &Node) -> Result<(), Problem> {
    match kind {
        ValueKind::Title if node.as_text() == Some("") => Ok(()),
        ValueKind::Text(_) | ValueKind::Title | ValueKind::File(_) => text(path, kind, node).map(drop),
        ValueKind::Texts => texts(path, node).map(drop),
        ValueKind::Words(words) => list_of_words(path, words, node),
        ValueKind::Numbers(most) => numbers(path, most, node).map(drop),
        ValueKind::TimeOrTable | ValueKind::BitRateOrTable | ValueKind::ChoiceOrTable(_)
            if node.as_table().is_some() =>
        {
            Ok(())
        }
        ValueKind::Choice(words) | ValueKind::ChoiceOrTable(words) => choice(path, words, kind, node),
        ValueKind::Flag => match node.value {
            Value::Flag(_) => Ok(()),
            _ => Err(wrong_kind(path, kind, node)),
        },
        ValueKind::Count(low, high) => count(path, low, high, node).map(drop),
        ValueKind::Positive => number(path, kind, node, |value| value > 0.0).map(drop),
        ValueKind::NotNegative => number(path, kind, node, |value| value >= 0.0).map(drop),
        ValueKind::Time | ValueKind::TimeOrTable => time(path, kind, node).map(drop),
        ValueKind::Span => match time(path, kind, node)? {
            Time::ZERO => Err(Problem::new(format!("`{path}` must be above zero"))
                .at(node.span, "takes no time")
                .help(format!("allowed: {}", kind.allowed()))),
            _ => Ok(()),
        },
        ValueKind::TimeOr(word) if node.as_text() == Some(word) => Ok(()),
        ValueKind::TimeOr(word) => time_or(path, kind, word, node),
        ValueKind::Bytes => quantity::<Bytes>(path, kind, node, "B").map(drop),
        ValueKind::Rate => quantity::<Rate>(path, kind, node, "/s").map(drop),
        ValueKind::BitRate | ValueKind::BitRateOrTable => quantity::<BitRate>(path, kind, node, "Mbit/s").map(drop),
        ValueKind::Probability => probability(path, node).map(drop),
        ValueKind::Share => share(path, node).map(drop),
        ValueKind::Table | ValueKind::List if node.as_table().is_some() => Ok(()),
        ValueKind::Table | ValueKind::List => Err(wrong_kind(path, kind, node)),
        ValueKind::TableOr(word) => match &node.value {
            Value::Table(_) => Ok(()),
            Value::Text(text) if text == word => Ok(()),
            Value::Text(text) => Err(Problem::new(format!("`{path}` cannot be \"{text}\""))
                .at(node.span, "not known")
                .near(text, [word])
                .help(format!("allowed: {}", kind.allowed()))),
            _ => Err(wrong_kind(path, kind, node)),
        },
    }
}

fn wrong_kind(path: &str, kind: ValueKind, node: &Node) -> Problem {
    let problem = Problem::new(format!("`{path}` cannot be {}", node.kind())).at(node.span, "wrong kind of value");
    let problem = match meant::of_wrong_kind(path, kind, node) {
        Some(help) => problem.help(help),
        None => problem,
    };
    problem.help(format!("allowed: {}", kind.allowed()))
}

fn text<'a>(path: &str, kind: ValueKind, node: &'a Node) -> Result<&'a str, Problem> {
    match node.as_text() {
        Some("") => Err(Problem::new(format!("`{path}` is empty"))
            .at(node.span, "nothing here")
            .help(format!("allowed: {}, at least one character long", kind.allowed()))),
        Some(text) => showable::check(path, kind, text, node.span).map(|()| text),
        None => Err(wrong_kind(path, kind, node)),
    }
}

/// One text, or a list of them.
pub(super) fn texts<'a>(path: &str, node: &'a Node) -> Result<Vec<(&'a str, &'a Node)>, Problem> {
    match &node.value {
        Value::List(items) if items.is_empty() => {
            let problem = Problem::new(format!("`{path}` is an empty list")).at(node.span, "nothing here");
            Err(problem.help("name at least one, or leave the key out for the default"))
        }
        Value::List(items) => items.iter().map(|item| Ok((text(path, ValueKind::Texts, item)?, item))).collect(),
        _ => Ok(vec![(text(path, ValueKind::Texts, node)?, node)]),
    }
}

/// A list of numbers of at least zero, one of them above.
pub(super) fn numbers(path: &str, most: usize, node: &Node) -> Result<Vec<f64>, Problem> {
    let kind = ValueKind::Numbers(most);
    let Value::List(items) = &node.value else { return Err(wrong_kind(path, kind, node)) };
    let refused = |message: String, label: &str| {
        Err(Problem::new(message).at(node.span, label).help(format!("allowed: {}", kind.allowed())))
    };
    if items.is_empty() || items.len() > most {
        let label = if items.is_empty() { "nothing here" } else { "too many" };
        return refused(format!("`{path}` has {} numbers", items.len()), label);
    }
    let numbers = items.iter().map(|item| number(path, ValueKind::NotNegative, item, |value| value >= 0.0));
    let numbers = numbers.collect::<Result<Vec<f64>, Problem>>()?;
    match numbers.iter().sum::<f64>() {
        0.0 => refused(format!("all numbers of `{path}` are 0"), "nothing would happen"),
        sum if sum.is_finite() => Ok(numbers),
        _ => refused(format!("the numbers of `{path}` are too large to add up"), "too large"),
    }
}

fn choice(path: &str, words: &[&str], kind: ValueKind, node: &Node) -> Result<(), Problem> {
    let problem = match node.as_text() {
        Some(word) if words.contains(&word) => return Ok(()),
        Some(word) => Problem::new(format!("`{path}` cannot be \"{word}\""))
            .at(node.span, "not known")
            .near(word, words.iter().copied()),
        None => Problem::new(format!("`{path}` cannot be {}", node.kind())).at(node.span, "wrong kind of value"),
    };
    Err(problem.help(format!("allowed: {}", kind.allowed())))
}

/// A list of these words.
fn list_of_words(path: &str, words: &'static [&'static str], node: &Node) -> Result<(), Problem> {
    match &node.value {
        Value::List(items) => items.iter().try_for_each(|item| choice(path, words, ValueKind::Choice(words), item)),
        _ => Err(wrong_kind(path, ValueKind::Words(words), node)),
    }
}

/// A time, or a word that is near to `word`.
fn time_or(path: &str, kind: ValueKind, word: &str, node: &Node) -> Result<(), Problem> {
    match node.as_text().map(|text| (text, text.parse::<Time>())) {
        Some((text, Err(UnitError::NotANumber { .. }))) => Err(Problem::new(format!("`{path}` cannot be \"{text}\""))
            .at(node.span, "neither a time nor the word")
            .near(text, [word])
            .help(format!("allowed: {}", kind.allowed()))),
        _ => time(path, kind, node).map(drop),
    }
}

/// A whole number in a range.
pub(super) fn count(path: &str, low: u64, high: u64, node: &Node) -> Result<u64, Problem> {
    let kind = ValueKind::Count(low, high);
    let Value::Integer(digits) = &node.value else {
        return Err(wrong_kind(path, kind, node));
    };
    digits.parse().ok().filter(|number| (low..=high).contains(number)).ok_or_else(|| {
        Problem::new(format!("`{path}` cannot be {digits}"))
            .at(node.span, "out of range")
            .help(format!("allowed: {}", kind.allowed()))
    })
}

fn number(path: &str, kind: ValueKind, node: &Node, is_allowed: impl Fn(f64) -> bool) -> Result<f64, Problem> {
    let (Value::Integer(digits) | Value::Float(digits)) = &node.value else {
        return Err(wrong_kind(path, kind, node));
    };
    digits.replace('_', "").parse().ok().filter(|value: &f64| value.is_finite() && is_allowed(*value)).ok_or_else(
        || {
            Problem::new(format!("`{path}` cannot be {digits}"))
                .at(node.span, "out of range")
                .help(format!("allowed: {}", kind.allowed()))
        },
    )
}

/// A time; the word of [`ValueKind::TimeOr`] is none.
pub(super) fn time(path: &str, kind: ValueKind, node: &Node) -> Result<Time, Problem> {
    quantity(path, kind, node, "s")
}

fn quantity<T: std::str::FromStr<Err = UnitError>>(
    path: &str,
    kind: ValueKind,
    node: &Node,
    unit: &str,
) -> Result<T, Problem> {
    match &node.value {
        Value::Text(text) => text.parse().map_err(|error| unit_problem(path, kind, node, unit, &error)),
        Value::Integer(digits) | Value::Float(digits) => Err(Problem::new(format!("`{path}` needs a unit"))
            .at(node.span, "a bare number")
            .help(format!("write \"{digits} {unit}\" if that is what you mean"))
            .help(format!("allowed: {}", kind.allowed()))),
        _ => Err(wrong_kind(path, kind, node)),
    }
}

fn unit_problem(path: &str, kind: ValueKind, node: &Node, unit: &str, error: &UnitError) -> Problem {
    let problem = Problem::new(format!("`{path}`: {error}"));
    let problem = match error {
        UnitError::MissingUnit { text } => {
            problem.at(node.span, "no unit").help(format!("write \"{} {unit}\" if that is what you mean", text.trim()))
        }
        UnitError::UnknownUnit { unit, .. } => {
            let units = meant::units(kind);
            let problem = problem.at(node.span, "unknown unit");
            if let Some(rate) = node.as_text().filter(|_| kind == ValueKind::Rate).and_then(meant::rate_of_gap) {
                return problem.help(format!("write \"{rate}\"")).help(format!("allowed: {units}"));
            }
            if let Some(help) = node.as_text().and_then(|text| meant::in_largest(text, unit, kind)) {
                return problem.help(help).help(format!("allowed: {units}"));
            }
            return match meant::synonym(unit) {
                Some(symbol) if units.split(", ").any(|known| known == symbol) => {
                    problem.help(format!("write `{symbol}` for `{unit}`")).help(format!("allowed: {units}"))
                }
                _ => problem.suggest(unit, units.split(", ")),
            };
        }
        UnitError::OutOfRange { .. } => problem.at(node.span, "too large").help(meant::most(kind)),
        UnitError::Rounded { .. } => problem.at(node.span, "too fine"),
        _ => problem.at(node.span, "not allowed"),
    };
    problem.help(format!("allowed: {}", kind.allowed()))
}

/// A probability, as a ratio, a percentage or a decimal.
pub(super) fn probability(path: &str, node: &Node) -> Result<Probability, Problem> {
    let (Value::Text(text) | Value::Integer(text) | Value::Float(text)) = &node.value else {
        return Err(wrong_kind(path, ValueKind::Probability, node));
    };
    text.replace('_', "").parse().map_err(|error| {
        Problem::new(format!("`{path}`: {error}"))
            .at(node.span, "not a probability")
            .help(format!("allowed: {}", ValueKind::Probability.allowed()))
    })
}

/// A share, as a probability or zero.
pub(super) fn share(path: &str, node: &Node) -> Result<f64, Problem> {
    if let Value::Text(text) | Value::Integer(text) | Value::Float(text) = &node.value
        && text.trim().trim_end_matches('%').trim().parse::<f64>().is_ok_and(|number| number == 0.0)
    {
        return Ok(0.0);
    }
    probability(path, node).map(Probability::as_f64).map_err(|_| {
        Problem::new(format!("`{path}` cannot be {}", super::write::inline(node)))
            .at(node.span, "not a share")
            .help(format!("allowed: {}", ValueKind::Share.allowed()))
    })
}

/// A number of a key whose value has been checked.
pub(super) fn checked_number(node: &Node) -> f64 {
    match &node.value {
        Value::Integer(digits) | Value::Float(digits) => digits.replace('_', "").parse().unwrap_or(1.0),
        _ => 1.0,
    }
}

/// The value as a cell of a results table: a number in base units, or the text.
pub(super) fn cell(kind: ValueKind, node: &Node) -> String {
    let text = plain(node);
    let number = match kind {
        ValueKind::Time | ValueKind::Span | ValueKind::TimeOr(_) | ValueKind::TimeOrTable => {
            text.parse::<Time>().ok().map(Time::as_secs_f64)
        }
        ValueKind::Bytes => text.parse::<Bytes>().ok().map(|bytes| bytes.0 as f64),
        ValueKind::Rate => text.parse::<Rate>().ok().map(Rate::per_second),
        ValueKind::BitRate | ValueKind::BitRateOrTable => text.parse::<BitRate>().ok().map(|rate| rate.0 as f64 / 1e6),
        ValueKind::Probability => text.replace('_', "").parse::<Probability>().ok().map(Probability::as_f64),
        ValueKind::Share => share("", node).ok(),
        ValueKind::Positive | ValueKind::NotNegative => text.replace('_', "").parse::<f64>().ok(),
        _ => None,
    };
    number.map_or(text, |number| number.to_string())
}

/// The value as text: a string without its quotes, anything else as TOML.
pub(super) fn plain(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        _ => super::write::inline(node),
    }
}
