//! The values of a range.

use super::axis::{STEPS, written_values};
use crate::experiment::check::check_assigned;
use crate::experiment::diagnostics::Problem;
use crate::experiment::keys::ValueKind;
use crate::experiment::likeness::nearest;
use crate::experiment::node::{Entry, Node, Value};
use crate::experiment::path::Path;
use crate::experiment::typed::Typed;
use crate::experiment::{suggest, values};
use crate::units::{BitRate, Bytes, Time};

/// The form of a range.
const RANGE: &str = "{ from = 10, to = 1000, steps = 5 }, with scale = \"log\" for equal ratios";

/// Digits after the point of a share.
const SHARE: f64 = 1e12;

/// Numbers of steps to try for a proposal.
const MOST_TRIED: usize = 50;
/// Most values of a range for which a number of steps is proposed: each trial takes as long as the range.
const MOST_PROPOSED: u64 = 1000;

/// A range whose parts are right.
struct Range<'a> {
    path: &'a Path,
    node: &'a Node,
    from: End,
    to: End,
    is_log: bool,
}

struct End {
    node: Node,
    typed: Typed,
    number: f64,
}

/// The values of `{ from, to, steps, scale }`, the ends exact, the others rounded to the resolution of the key.
pub(super) fn values(column: &str, path: &Path, node: &Node) -> Result<Vec<Node>, Problem> {
    check_parts(node)?;
    if !path.kind().is_some_and(ValueKind::is_number) {
        return Err(no_range(column, path, node));
    }
    let part = |name: &str| {
        node.get(&[name]).ok_or_else(|| {
            Problem::new(format!("the range of `{column}` has no `{name}`"))
                .at(node.span, "incomplete")
                .help(format!("write {RANGE}"))
        })
    };
    let (from, to, steps) = (part("from")?, part("to")?, part("steps")?);
    let (from, to) = (end(column, path, from)?, end(column, path, to)?);
    let Typed::Count(steps) = STEPS.parse("steps", steps)? else { return Err(no_range(column, path, node)) };
    let range = Range { path, node, from, to, is_log: is_log(node)? };
    range.check_scale()?;
    let values = range.values(steps)?;
    let different = different(&values);
    if different == steps {
        return Ok(values);
    }
    Err(too_many_steps(column, node, steps, different, range.fitting_steps(different)))
}

/// Refuses parts that a range does not have.
fn check_parts(node: &Node) -> Result<(), Problem> {
    let allowed = ["from", "to", "steps", "scale"];
    let table = node.as_table().map(|table| table.entries.as_slice()).unwrap_or_default();
    let unknown: Vec<&Entry> = table.iter().filter(|entry| !allowed.contains(&entry.key.as_str())).collect();
    let Some(first) = unknown.first() else { return Ok(()) };
    let names: Vec<String> = unknown.iter().map(|entry| format!("`{}`", entry.key)).collect();
    let keys = if unknown.len() == 1 { "key" } else { "keys" };
    let problem = Problem::new(format!("unknown {keys} {} in a range", names.join(", ")));
    let mut problem = problem.at(first.key_span, "unknown key");
    let meant = |name: &str| suggest::range_part(name).or_else(|| nearest(name, allowed).first().copied());
    let meant: Vec<&str> = unknown.iter().filter_map(|entry| meant(&entry.key)).collect();
    if !meant.is_empty() {
        problem = problem.help(format!("did you mean `{}`?", meant.join("`, `")));
    }
    Err(problem.help(format!("write {RANGE}")))
}

fn is_log(node: &Node) -> Result<bool, Problem> {
    let Some(scale) = node.get(&["scale"]) else { return Ok(false) };
    ValueKind::Choice(&["linear", "log"]).parse("scale", scale)?;
    Ok(scale.as_text() == Some("log"))
}

/// An end of a range: a number.
fn end(column: &str, path: &Path, node: &Node) -> Result<End, Problem> {
    let mut node = node.clone();
    check_assigned(path, &mut node)?;
    match node.typed.as_ref().and_then(|typed| Some((typed.clone(), typed.number()?))) {
        Some((typed, number)) => Ok(End { node, typed, number }),
        None => Err(Problem::new(format!("`{column}` cannot have a range with `{}`", values::plain(&node)))
            .at(node.span, "no number")
            .help("a range goes from one number to another; list words and tables: [\"…\", \"…\"]")),
    }
}

impl Range<'_> {
    fn check_scale(&self) -> Result<(), Problem> {
        let Some(end) = [&self.from, &self.to].into_iter().find(|end| self.is_log && end.number <= 0.0) else {
            return Ok(());
        };
        Err(Problem::new("a logarithmic range must begin and end above zero")
            .at(end.node.span, "zero")
            .help("begin and end above zero, or use scale = \"linear\""))
    }

    fn values(&self, steps: u64) -> Result<Vec<Node>, Problem> {
        (0..steps).map(|step| self.value(steps, step)).collect()
    }

    fn value(&self, steps: u64, step: u64) -> Result<Node, Problem> {
        if step == 0 {
            return Ok(self.from.node.clone());
        }
        if step == steps - 1 {
            return Ok(self.to.node.clone());
        }
        let (low, high) = (self.from.number, self.to.number);
        let share = step as f64 / (steps - 1) as f64;
        let number = if self.is_log {
            libm::exp(libm::log(low) * (1.0 - share) + libm::log(high) * share)
        } else {
            low + (high - low) * share
        };
        let mut value = Node::new(written_like(&self.from.typed, number), self.node.span);
        check_assigned(self.path, &mut value).map(|()| value)
    }

    /// The largest number of steps with which all values differ, if few have to be tried.
    fn fitting_steps(&self, different_values: u64) -> Option<u64> {
        let tried = if different_values <= MOST_PROPOSED { MOST_TRIED } else { 0 };
        let has_as_many = |steps: &u64| self.values(*steps).is_ok_and(|nodes| different(&nodes) == *steps);
        (2..=different_values).rev().take(tried).find(has_as_many)
    }
}

/// How many of the values differ from the one before them.
fn different(nodes: &[Node]) -> u64 {
    let mut numbers: Vec<f64> = nodes.iter().filter_map(|node| node.typed.as_ref()?.number()).collect();
    numbers.dedup();
    numbers.len() as u64
}

/// Reports a range of `steps` values that are not all different, and the number of steps with which they are.
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

/// A range of values that are not numbers.
fn no_range(column: &str, path: &Path, node: &Node) -> Problem {
    let what = if path.kind().is_none() { "a table" } else { "no number" };
    Problem::new(format!("`{column}` is {what}: it has no range"))
        .at(node.span, "a range")
        .help(format!("list the values: {}", written_values(path)))
}

/// A value of the file like another one, for a number in the smallest unit.
fn written_like(typed: &Typed, number: f64) -> Value {
    let whole = (number + 0.5) as u64;
    match typed {
        Typed::Bytes(_) => Value::Text(Bytes(whole).to_string()),
        Typed::BitRate(_) => Value::Text(BitRate(whole).to_string()),
        Typed::Count(_) => Value::Integer(whole.to_string()),
        // Nine digits are exact as a ratio of 64-bit numbers down to 10^-11.
        Typed::Rate(_) => Value::Text(format!("{number:.8e} /s")),
        Typed::Probability(_) => Value::Text(format!("{number:.8e}")),
        Typed::Share(_) => Value::Float(format!("{:?}", libm::round(number * SHARE) / SHARE)),
        Typed::Number(_) => Value::Float(format!("{number:?}")),
        _ => Value::Text(Time(whole).to_string()),
    }
}
