//! `experiment.precision`: replications until estimates are precise.

use super::claim::in_unit_of;
use super::diagnostics::{Diagnostics, Problem};
use super::node::{Node, Value};
use super::plan::{Goal, HalfWidth};
use super::typed::Typed;
use crate::model::Metric;
use crate::model::metric::Aggregation;

/// Refuses a largest number of replications below the smallest.
pub(super) fn check(root: &Node, diagnostics: &mut Diagnostics) {
    let number = |name: &str| {
        let node = root.get(&["experiment", name])?;
        match node.typed {
            Some(Typed::Count(count)) => Some((count, node.span)),
            _ => None,
        }
    };
    if let (Some((fewest, _)), Some((most, span))) = (number("replications"), number("max_replications"))
        && most < fewest
    {
        let problem = Problem::new(format!("`max_replications` is {most}, and there are at least {fewest}"));
        let problem = problem.at(span, "less than `replications`");
        diagnostics.error(problem.help("write a larger number, or fewer replications to begin with"));
    }
}

/// The goals in the value of the key `path`: a table, or a list of them.
pub(super) fn goals(path: &str, node: &Node) -> Result<Vec<Goal>, Problem> {
    let items = match &node.value {
        Value::List(items) if !items.is_empty() => items.iter().collect(),
        Value::Table(_) => vec![node],
        _ => {
            let problem = Problem::new(format!("`{path}` names no goal")).at(node.span, "wrong kind of value");
            return Err(problem.help(EXAMPLE));
        }
    };
    let goals = items.into_iter().map(|item| goal(path, item)).collect::<Result<Vec<Goal>, Problem>>()?;
    let twice = goals.iter().enumerate().find(|(place, goal)| goals[..*place].iter().any(|g| g.metric == goal.metric));
    match twice {
        None => Ok(goals),
        Some((_, goal)) => {
            let message = format!("`{path}` has two goals for `{}`", goal.metric.name());
            Err(Problem::new(message).at(node.span, "one is enough").help("keep the narrower one"))
        }
    }
}

/// How a goal is written.
const EXAMPLE: &str = "write precision = [{ metric = \"latency_mean_s\", half_width = \"2 %\" }]";

fn goal(path: &str, node: &Node) -> Result<Goal, Problem> {
    let Some(table) = node.as_table() else {
        let problem = Problem::new(format!("a goal of `{path}` is a table, not {}", node.kind()));
        return Err(problem.at(node.span, "wrong kind of value").help(EXAMPLE));
    };
    if let Some(entry) = table.entries.iter().find(|entry| !["metric", "half_width"].contains(&entry.key.as_str())) {
        let problem = Problem::new(format!("unknown key `{}` in a goal of `{path}`", entry.key));
        let problem = problem.at(entry.key_span, "unknown key").near(&entry.key, ["metric", "half_width"]);
        return Err(match entry.key.as_str() {
            "max_replications" => problem.help("it stands in [experiment], above the goals: max_replications = 400"),
            _ => problem.help("allowed: metric, half_width"),
        });
    }
    let part = |name: &str| {
        table.get(name).ok_or_else(|| {
            Problem::new(format!("a goal of `{path}` has no `{name}`")).at(node.span, "incomplete").help(EXAMPLE)
        })
    };
    let metric = metric(path, part("metric")?)?;
    Ok(Goal { metric, half_width: half_width(path, metric, part("half_width")?)? })
}

/// The metric that a value of the key `path` names; it must have an interval.
pub(super) fn metric(path: &str, node: &Node) -> Result<Metric, Problem> {
    let name = node.as_text().unwrap_or_default();
    let Some(metric) = Metric::from_name(name) else {
        let names = Metric::ALL.iter().map(|metric| metric.name());
        let problem = Problem::new(format!("`{path}` names no metric")).at(node.span, "not known").near(name, names);
        return Err(problem.help("`cometsim guide metrics` lists them"));
    };
    if has_interval(metric) {
        return Ok(metric);
    }
    let problem = Problem::new(format!("`{name}` in `{path}` never has an interval"));
    Err(problem.at(node.span, "no interval").help("name a mean, a rate, a share or a percentile"))
}

fn has_interval(metric: Metric) -> bool {
    !matches!(metric.aggregation(), Aggregation::Minimum | Aggregation::Maximum | Aggregation::Sum)
}

/// A percentage, or a number with the unit of the metric.
fn half_width(path: &str, metric: Metric, node: &Node) -> Result<HalfWidth, Problem> {
    let unit = metric.unit();
    let read = |text: &str| {
        if let Some(percent) = text.strip_suffix('%') {
            return Some(HalfWidth::Fraction(percent.trim().parse::<f64>().ok()? / 100.0));
        }
        in_unit_of(unit, text).map(HalfWidth::Absolute)
    };
    let text = match &node.value {
        Value::Text(text) => text.trim(),
        Value::Integer(text) | Value::Float(text) if unit.is_empty() => text,
        _ => "",
    };
    match read(text) {
        Some(half @ (HalfWidth::Fraction(number) | HalfWidth::Absolute(number)))
            if number.is_finite() && number > 0.0 =>
        {
            Ok(half)
        }
        _ => {
            let problem = Problem::new(format!("the half_width of `{}` in `{path}` is wrong", metric.name()));
            let example = match unit {
                "" => "a number above 0".to_owned(),
                unit => format!("a number above 0 with its unit such as \"1 {unit}\""),
            };
            Err(problem
                .at(node.span, "no half-width")
                .help(format!("allowed: a percentage such as \"2 %\", or {example}")))
        }
    }
}
