//! Sweeps: which keys take which values, and how they combine into points.

use super::diagnostics::{Diagnostics, Problem};
use super::document::check_assigned;
use super::keys::Kind;
use super::node::{Entry, Node, Span, Value};
use super::path::{Path, TransportName};
use super::values;
use crate::units::{Bytes, Probability, Rate, Time};

/// The swept keys and how they combine.
#[derive(Clone, Debug, Default)]
pub(super) struct Sweep {
    pub axes: Vec<Axis>,
    is_zip: bool,
}

/// One swept key and its values.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub path: Path,
    /// The dotted path as written: the name of its column.
    pub column: String,
    pub values: Vec<Node>,
}

/// More points than this are refused.
const MOST_POINTS: u128 = 1_000_000;

impl Sweep {
    pub fn points(&self) -> usize {
        match self.axes.first() {
            Some(first) if self.is_zip => first.values.len(),
            _ => self.axes.iter().map(|axis| axis.values.len()).product(),
        }
    }

    /// The value of every axis at a point; the first axis varies slowest.
    pub fn at(&self, point: usize) -> impl Iterator<Item = (&Axis, &Node)> {
        let mut rest = if self.is_zip { 1 } else { self.points() };
        self.axes.iter().map(move |axis| {
            let place = if self.is_zip {
                point
            } else {
                rest /= axis.values.len();
                point / rest % axis.values.len()
            };
            (axis, &axis.values[place])
        })
    }

    /// Reads the table `[sweep]`.
    pub fn read(root: &Node, transports: &[TransportName], diagnostics: &mut Diagnostics) -> Sweep {
        let Some(node) = root.get(&["sweep"]) else { return Sweep::default() };
        let Some(table) = node.as_table() else {
            diagnostics.error(Problem::new("`sweep` must be a table").at(node.span, "not a table"));
            return Sweep::default();
        };
        let mut sweep = Sweep::default();
        let mut keys = Vec::new();
        for entry in &table.entries {
            if entry.key == "mode" {
                match values::check("sweep.mode", Kind::Choice(&["grid", "zip"]), &entry.node) {
                    Ok(()) => sweep.is_zip = entry.node.as_text() == Some("zip"),
                    Err(problem) => diagnostics.error(problem),
                }
            } else {
                flatten(&entry.key, entry, &mut keys);
            }
        }
        for (column, entry) in &keys {
            match read_axis(column, entry, transports) {
                Ok(axis) => sweep.add(axis, entry.key_span, diagnostics),
                Err(problem) => diagnostics.error(problem),
            }
        }
        if keys.is_empty() {
            let problem = Problem::new("the sweep is empty").at(node.span, "no key to sweep");
            diagnostics.error(problem.help("add a line such as \"clients.count\" = [100, 1000], or remove [sweep]"));
        }
        sweep.check_size(node.span, diagnostics);
        sweep
    }

    fn add(&mut self, axis: Axis, span: Span, diagnostics: &mut Diagnostics) {
        let same = |other: &Axis| other.path.transport == axis.path.transport && other.path.steps == axis.path.steps;
        if self.axes.iter().any(same) {
            diagnostics.error(Problem::new(format!("`{}` is swept twice", axis.column)).at(span, "second time"));
        } else {
            self.axes.push(axis);
        }
    }

    fn check_size(&self, span: Span, diagnostics: &mut Diagnostics) {
        if self.is_zip {
            let lengths: Vec<usize> = self.axes.iter().map(|axis| axis.values.len()).collect();
            if lengths.windows(2).any(|pair| pair[0] != pair[1]) {
                let counted: Vec<String> =
                    self.axes.iter().map(|axis| format!("{} has {}", axis.column, axis.values.len())).collect();
                diagnostics.error(
                    Problem::new("with mode = \"zip\" all lists must be of one length")
                        .at(span, "lists of different lengths")
                        .help(counted.join(", "))
                        .help("make them equally long, or use mode = \"grid\" for all combinations"),
                );
            }
            return;
        }
        let points = self.axes.iter().try_fold(1u128, |points, axis| points.checked_mul(axis.values.len() as u128));
        if points.is_none_or(|points| points > MOST_POINTS) {
            let count = points.map_or("too many".to_owned(), |points| points.to_string());
            diagnostics.error(
                Problem::new(format!("the sweep has {count} points; {MOST_POINTS} are the most"))
                    .at(span, "too many points")
                    .help("use fewer values, or mode = \"zip\" to step all lists together"),
            );
        }
    }
}

/// Dotted keys that were written without quotes stand as tables in tables.
fn flatten<'a>(column: &str, entry: &'a Entry, keys: &mut Vec<(String, &'a Entry)>) {
    match entry.node.as_table() {
        Some(table) if table.get("from").is_none() && table.get("to").is_none() && table.get("steps").is_none() => {
            if table.entries.is_empty() {
                keys.push((column.to_owned(), entry));
            }
            for below in &table.entries {
                let is_plain = below.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                let part = if is_plain { below.key.clone() } else { format!("\"{}\"", below.key) };
                flatten(&format!("{column}.{part}"), below, keys);
            }
        }
        _ => keys.push((column.to_owned(), entry)),
    }
}

fn read_axis(column: &str, entry: &Entry, transports: &[TransportName]) -> Result<Axis, Problem> {
    let path = Path::parse(column, entry.key_span, transports)?;
    let values = match &entry.node.value {
        Value::List(items) if items.is_empty() => {
            return Err(Problem::new(format!("the sweep of `{column}` is empty"))
                .at(entry.node.span, "no value")
                .help("give at least one value"));
        }
        Value::List(items) => {
            for item in items {
                check_assigned(&path, item)?;
            }
            items.clone()
        }
        Value::Table(_) => range(column, &path, &entry.node)?,
        _ => {
            return Err(Problem::new(format!("the sweep of `{column}` must be a list or a range"))
                .at(entry.node.span, "one value")
                .help("write [10, 100] or { from = 10, to = 1000, steps = 5, scale = \"log\" }"));
        }
    };
    Ok(Axis { path, column: column.to_owned(), values })
}

/// The values of `{ from, to, steps, scale }`, the ends exact, the others rounded to the resolution of the key.
fn range(column: &str, path: &Path, node: &Node) -> Result<Vec<Node>, Problem> {
    let allowed = ["from", "to", "steps", "scale"];
    let table = node.as_table().map(|table| table.entries.as_slice()).unwrap_or_default();
    if let Some(entry) = table.iter().find(|entry| !allowed.contains(&entry.key.as_str())) {
        let problem = Problem::new(format!("unknown key `{}` in a range", entry.key)).at(entry.key_span, "unknown key");
        return Err(problem.suggest(&entry.key, allowed));
    }
    let part = |name: &str| {
        node.get(&[name]).ok_or_else(|| {
            Problem::new(format!("the range of `{column}` has no `{name}`"))
                .at(node.span, "incomplete")
                .help("write { from = 10, to = 1000, steps = 5 }, with scale = \"log\" for equal ratios")
        })
    };
    let (from, to, steps) = (part("from")?, part("to")?, part("steps")?);
    check_assigned(path, from)?;
    check_assigned(path, to)?;
    let steps = values::count("steps", 2, 1_000_000, steps)?;
    let is_log = match node.get(&["scale"]) {
        None => false,
        Some(scale) => {
            values::check("scale", Kind::Choice(&["linear", "log"]), scale)?;
            scale.as_text() == Some("log")
        }
    };
    let (Some(low), Some(high)) = (number(path.key.kind, from), number(path.key.kind, to)) else {
        return Err(Problem::new(format!("`{column}` is no number: it has no range"))
            .at(node.span, "a range")
            .help("list the values: [\"…\", \"…\"]"));
    };
    if is_log && (low <= 0.0 || high <= 0.0) {
        return Err(Problem::new("a logarithmic range must begin and end above zero").at(node.span, "reaches zero"));
    }
    let last = steps - 1;
    let between = |step: u64| {
        let share = step as f64 / last as f64;
        if is_log {
            libm::exp(libm::log(low) * (1.0 - share) + libm::log(high) * share)
        } else {
            low + (high - low) * share
        }
    };
    Ok((0..steps)
        .map(|step| match step {
            0 => from.clone(),
            step if step == last => to.clone(),
            step => Node { value: written(path.key.kind, between(step)), span: node.span },
        })
        .collect())
}

/// A checked value as a number in its smallest unit.
fn number(kind: Kind, node: &Node) -> Option<f64> {
    let text = values::plain(node).replace('_', "");
    match kind {
        Kind::Time | Kind::Span | Kind::TimeOr(_) => text.parse::<Time>().ok().map(|time| time.0 as f64),
        Kind::Bytes => text.parse::<Bytes>().ok().map(|bytes| bytes.0 as f64),
        Kind::Rate => text.parse::<Rate>().ok().map(Rate::per_second),
        Kind::Probability => text.parse::<Probability>().ok().map(Probability::as_f64),
        Kind::Count(..) | Kind::Positive | Kind::NotNegative => text.parse().ok(),
        _ => None,
    }
}

/// A number in the smallest unit of its key as a value of the file.
fn written(kind: Kind, number: f64) -> Value {
    let whole = (number + 0.5) as u64;
    match kind {
        Kind::Bytes => Value::Text(Bytes(whole).to_string()),
        Kind::Count(..) => Value::Integer(whole.to_string()),
        Kind::Rate => Value::Text(format!("{number} /s")),
        Kind::Probability => Value::Text(number.to_string()),
        Kind::Positive | Kind::NotNegative => Value::Float(format!("{number:?}")),
        _ => Value::Text(Time(whole).to_string()),
    }
}
