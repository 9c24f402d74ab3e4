//! The values of a range.

use super::checks::written_values;
use crate::experiment::diagnostics::Problem;
use crate::experiment::document::check_assigned;
use crate::experiment::keys::ValueKind;
use crate::experiment::node::{Entry, Node, Value};
use crate::experiment::path::Path;
use crate::experiment::{suggest, values};
use crate::units::{BitRate, Bytes, Probability, Rate, Time};

/// How a range is written.
const RANGE: &str = "{ from = 10, to = 1000, steps = 5 }, with scale = \"log\" for equal ratios";

/// Digits behind the point of a share.
const SHARE: f64 = 1e12;

/// Numbers of steps that are tried for a proposal.
const MOST_TRIED: usize = 50;
/// Values of a range for which a number of steps is proposed, at most: each trial takes as long as the range.
const MOST_PROPOSED: u64 = 1000;

/// The values of `{ from, to, steps, scale }`, the ends exact, the others rounded to the resolution of the key.
pub(super) fn values(column: &str, path: &Path, node: &Node) -> Result<Vec<Node>, Problem> {
    let allowed = ["from", "to", "steps", "scale"];
    let table = node.as_table().map(|table| table.entries.as_slice()).unwrap_or_default();
    let unknown: Vec<&Entry> = table.iter().filter(|entry| !allowed.contains(&entry.key.as_str())).collect();
    if let Some(first) = unknown.first() {
        let names: Vec<String> = unknown.iter().map(|entry| format!("`{}`", entry.key)).collect();
        let keys = if unknown.len() == 1 { "key" } else { "keys" };
        let problem = Problem::new(format!("unknown {keys} {} in a range", names.join(", ")));
        let problem = problem.at(first.key_span, "unknown key");
        let meant = |name: &str| suggest::range_part(name).or_else(|| suggest::nearest(name, allowed).first().copied());
        let meant: Vec<&str> = unknown.iter().filter_map(|entry| meant(&entry.key)).collect();
        let problem = match meant.is_empty() {
            true => problem,
            false => problem.help(format!("did you mean `{}`?", meant.join("`, `"))),
        };
        return Err(problem.help(format!("write {RANGE}")));
    }
    let part = |name: &str| {
        node.get(&[name]).ok_or_else(|| {
            Problem::new(format!("the range of `{column}` has no `{name}`"))
                .at(node.span, "incomplete")
                .help(format!("write {RANGE}"))
        })
    };
    let Some(kind) = path.kind().filter(|kind| has_ranges(*kind)) else { return Err(no_range(column, path, node)) };
    let (from, to, steps) = (part("from")?, part("to")?, part("steps")?);
    let (low, high) = (end(column, path, kind, from)?, end(column, path, kind, to)?);
    let steps = values::count("steps", 2, 1_000_000, steps)?;
    let is_log = match node.get(&["scale"]) {
        None => false,
        Some(scale) => {
            values::check("scale", ValueKind::Choice(&["linear", "log"]), scale)?;
            scale.as_text() == Some("log")
        }
    };
    if is_log && (low <= 0.0 || high <= 0.0) {
        return Err(Problem::new("a logarithmic range must begin and end above zero")
            .at(if low <= 0.0 { from.span } else { to.span }, "zero")
            .help("begin and end above zero, or use scale = \"linear\""));
    }
    let spread = |steps: u64, step: u64| {
        let share = step as f64 / (steps - 1) as f64;
        if is_log {
            libm::exp(libm::log(low) * (1.0 - share) + libm::log(high) * share)
        } else {
            low + (high - low) * share
        }
    };
    let value = |steps: u64, step: u64| match step {
        0 => Ok(from.clone()),
        step if step == steps - 1 => Ok(to.clone()),
        step => {
            let value = Node { value: written(kind, spread(steps, step)), span: node.span };
            check_assigned(path, &value).map(|()| value)
        }
    };
    let list = |steps: u64| (0..steps).map(|step| value(steps, step)).collect::<Result<Vec<Node>, Problem>>();
    let different = |nodes: &[Node]| {
        let mut numbers: Vec<f64> = nodes.iter().filter_map(|node| number(kind, node)).collect();
        numbers.dedup();
        numbers.len() as u64
    };
    let nodes = list(steps)?;
    let found = different(&nodes);
    if found == steps {
        return Ok(nodes);
    }
    let has_as_many = |steps: &u64| list(*steps).is_ok_and(|nodes| different(&nodes) == *steps);
    let tried = if found <= MOST_PROPOSED { MOST_TRIED } else { 0 };
    let fits = (2..=found).rev().take(tried).find(has_as_many);
    Err(too_many_steps(column, node, steps, found, fits))
}

/// An end of a range: a number.
fn end(column: &str, path: &Path, kind: ValueKind, node: &Node) -> Result<f64, Problem> {
    check_assigned(path, node)?;
    number(kind, node).ok_or_else(|| {
        Problem::new(format!("`{column}` cannot have a range with `{}`", values::plain(node)))
            .at(node.span, "no number")
            .help("a range goes from one number to another; list words and tables: [\"…\", \"…\"]")
    })
}

/// A range of `steps` values of which only some differ; with how many steps all do.
fn too_many_steps(column: &str, node: &Node, steps: u64, different: u64, fits: Option<u64>) -> Problem {
    let values = if different == 1 { "one value only".to_owned() } else { format!("{different} different values") };
    let problem = Problem::new(format!("the range of `{column}` has {steps} steps, but {values}"))
        .at(node.get(&["steps"]).map_or(node.span, |steps| steps.span), "the same points again");
    if different == 1 {
        return problem.help("write an end that differs, or the one value in a list");
    }
    let steps = fits.map_or_else(|| "fewer steps".to_owned(), |steps| format!("steps = {steps}"));
    problem
        .help(format!("values between the ends are rounded to the resolution of the key: write {steps}, or list them"))
}

/// Whether values of this kind are numbers.
fn has_ranges(kind: ValueKind) -> bool {
    !matches!(
        kind,
        ValueKind::Text(_)
            | ValueKind::Title
            | ValueKind::Flag
            | ValueKind::Choice(_)
            | ValueKind::TableOr(_)
            | ValueKind::ChoiceOrTable(_)
            | ValueKind::File(_)
            | ValueKind::Texts
            | ValueKind::Words(_)
            | ValueKind::Numbers(_)
            | ValueKind::Table
            | ValueKind::List
    )
}

/// A range of what is no number.
fn no_range(column: &str, path: &Path, node: &Node) -> Problem {
    let what = if path.kind().is_none() { "a table" } else { "no number" };
    Problem::new(format!("`{column}` is {what}: it has no range"))
        .at(node.span, "a range")
        .help(format!("list the values: {}", written_values(path)))
}

/// A checked value as a number in its smallest unit.
fn number(kind: ValueKind, node: &Node) -> Option<f64> {
    let text = values::plain(node).replace('_', "");
    match kind {
        ValueKind::Time | ValueKind::Span | ValueKind::TimeOr(_) | ValueKind::TimeOrTable => {
            text.parse::<Time>().ok().map(|time| time.0 as f64)
        }
        ValueKind::Bytes => text.parse::<Bytes>().ok().map(|bytes| bytes.0 as f64),
        ValueKind::Rate => text.parse::<Rate>().ok().map(Rate::per_second),
        ValueKind::BitRate | ValueKind::BitRateOrTable => text.parse::<BitRate>().ok().map(|rate| rate.0 as f64),
        ValueKind::Probability => text.parse::<Probability>().ok().map(Probability::as_f64),
        ValueKind::Share => values::share("", node).ok(),
        ValueKind::Count(..) | ValueKind::Positive | ValueKind::NotNegative => text.parse().ok(),
        _ => None,
    }
}

/// A number in the smallest unit of its key as a value of the file.
fn written(kind: ValueKind, number: f64) -> Value {
    let whole = (number + 0.5) as u64;
    match kind {
        ValueKind::Bytes => Value::Text(Bytes(whole).to_string()),
        ValueKind::BitRate | ValueKind::BitRateOrTable => Value::Text(BitRate(whole).to_string()),
        ValueKind::Count(..) => Value::Integer(whole.to_string()),
        // Nine digits are exact as a ratio of 64-bit numbers down to 10^-11.
        ValueKind::Rate => Value::Text(format!("{number:.8e} /s")),
        ValueKind::Probability => Value::Text(format!("{number:.8e}")),
        ValueKind::Share => Value::Float(format!("{:?}", libm::round(number * SHARE) / SHARE)),
        ValueKind::Positive | ValueKind::NotNegative => Value::Float(format!("{number:?}")),
        _ => Value::Text(Time(whole).to_string()),
    }
}
