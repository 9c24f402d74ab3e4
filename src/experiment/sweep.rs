//! Sweeps: swept keys, their values, and how they combine into points.

mod axis;
mod column;
mod range;

use super::check::check_assigned;
use super::diagnostics::{Diagnostics, Problem};
use super::fill::Open;
use super::keys::{KeyRow, ValueKind};
use super::names::Names;
use super::node::{Entry, Node, Span, Table, Value};
use super::normalize::without_off;
use super::path::{Path, assign};
use super::{suggest, values};

pub(super) use axis::{STEPS, SweepAxis};
pub(super) use column::swept_keys;

/// The swept keys and how they combine.
#[derive(Clone, Debug, Default)]
pub(super) struct Sweep {
    pub axes: Vec<SweepAxis>,
    pub is_zip: bool,
    /// Whether a swept key was refused and is missing in `axes`.
    pub is_incomplete: bool,
}

/// More points than this are refused.
const MOST_POINTS: u128 = 1_000_000;

impl Sweep {
    pub fn points(&self) -> usize {
        match self.axes.first() {
            Some(first) if self.is_zip => first.values.len(),
            _ => self.axes.iter().fold(1, |points, axis| points.saturating_mul(axis.values.len())),
        }
    }

    /// The value of every axis at a point; the first axis varies slowest.
    pub fn at(&self, point: usize) -> impl Iterator<Item = (&SweepAxis, &Node)> {
        self.places(point).map(|(axis, place)| (axis, &axis.values[place]))
    }

    /// Gives every swept key its value at a point.
    pub fn assign(&self, root: &mut Node, point: usize) {
        for (axis, node) in self.at(point) {
            assign(root, &axis.path, node.clone());
        }
    }

    /// The index of the value of every axis at a point.
    pub fn places(&self, point: usize) -> impl Iterator<Item = (&SweepAxis, usize)> {
        self.axes.iter().enumerate().map(move |(number, axis)| {
            // The number of consecutive points with the same value. It may overflow with too many points.
            let run = self.axes[number + 1..].iter().fold(1, |run: usize, axis| run.saturating_mul(axis.values.len()));
            (axis, if self.is_zip { point } else { point / run % axis.values.len() })
        })
    }

    /// Whether a point differs from all earlier ones in a key that matters to another.
    pub fn needs_check(&self, point: usize) -> bool {
        self.is_first(point, |axis| !axis.path.key.is_some_and(KeyRow::is_independent))
    }

    /// Whether a point may differ from all earlier ones in these axes.
    pub fn is_first(&self, point: usize, is_meant: impl Fn(&SweepAxis) -> bool) -> bool {
        self.is_zip || self.places(point).all(|(axis, place)| place == 0 || is_meant(axis))
    }

    /// Whether all points have the same keys, so that one complete document serves them all in turn.
    pub fn keeps_structure(&self) -> bool {
        self.axes.iter().all(|axis| !axis.path.is_key("source.scope") && !axis.path.changes_structure())
    }

    /// The keys that a complete document of the first point leaves to each point.
    pub fn leaves_open(&self) -> Open {
        let is_of_http2 = |axis: &SweepAxis| ["http", "http.http2"].contains(&axis.path.dotted().as_str());
        Open {
            source: self.axes.iter().any(|axis| axis.path.is_key("source.scope")),
            http2: self.axes.iter().any(|axis| is_of_http2(axis) && axis.path.changes_structure()),
        }
    }

    /// Removes the refused axes.
    pub fn leave_out(&mut self, is_refused: impl FnMut(&mut SweepAxis) -> bool) {
        self.is_incomplete |= self.axes.extract_if(.., is_refused).count() > 0;
    }

    /// Reads the table `[sweep]`.
    pub fn read(root: &Node, names: &Names, diagnostics: &mut Diagnostics) -> Sweep {
        let Some(node) = root.get(&["sweep"]) else { return Sweep::default() };
        let Some(table) = node.as_table() else {
            let problem = Problem::new("`sweep` must be a table").at(node.span, "not a table");
            diagnostics
                .error(problem.help("write [sweep], and below it lines such as \"clients.count\" = [100, 1000]"));
            return Sweep { is_incomplete: true, ..Sweep::default() };
        };
        let mut sweep = Sweep::default();
        let (modes, keys): (Vec<&Entry>, Vec<&Entry>) = table.entries.iter().partition(|entry| entry.key == "mode");
        for entry in modes {
            match ValueKind::Choice(&["grid", "zip"]).parse("sweep.mode", &entry.node) {
                Ok(_) => sweep.is_zip = entry.node.as_text() == Some("zip"),
                Err(problem) => diagnostics.error(problem),
            }
        }
        for entry in &keys {
            if diagnostics.has_more() {
                sweep.is_incomplete = true;
                break;
            }
            match read_axis(entry, names, diagnostics) {
                Some(axis) => sweep.add(axis, entry.key_span, diagnostics),
                None => sweep.is_incomplete = true,
            }
        }
        if keys.is_empty() {
            let problem = Problem::new("the sweep is empty").at(node.span, "no key to sweep");
            diagnostics.error(problem.help("add a line such as \"clients.count\" = [100, 1000], or remove [sweep]"));
        }
        sweep.check_size(node.span, diagnostics);
        axis::clashes(&sweep.axes, diagnostics);
        if sweep.is_zip {
            axis::equal_points(&sweep.axes, node.span, diagnostics);
        } else {
            sweep.axes.iter().for_each(|axis| axis::equal_values(axis, diagnostics));
        }
        sweep
    }

    fn add(&mut self, axis: SweepAxis, span: Span, diagnostics: &mut Diagnostics) {
        if self.axes.iter().any(|other| other.path.is_same(&axis.path)) {
            let problem = Problem::new(format!("`{}` is swept twice", axis.column)).at(span, "the second time");
            diagnostics.error(problem.help("join the two lists into one"));
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
            let problem = Problem::new(format!("the sweep has {count} points; {MOST_POINTS} are the most"));
            let problem = problem.at(span, "too many points");
            diagnostics.error(problem.help("use fewer values, or mode = \"zip\" to step all lists together"));
        }
    }
}

/// Normalises the swept keys: those written without quotes are nested tables.
pub(super) fn normalize(root: &mut Node) {
    let Value::Table(table) = &mut root.value else { return };
    let Some(sweep) = table.entries.iter_mut().find(|entry| entry.key == "sweep") else { return };
    let Value::Table(sweep) = &mut sweep.node.value else { return };
    let mut flat = Vec::new();
    for entry in std::mem::take(&mut sweep.entries) {
        flatten(entry, &mut flat);
    }
    sweep.entries = flat;
}

/// Joins the names of nested tables to dotted paths.
pub(super) fn flatten(entry: Entry, flat: &mut Vec<Entry>) {
    let path = entry.key.clone();
    let is_range = |table: &Table| is_range(&path, table);
    match entry.node.value {
        Value::Table(table) if !table.entries.is_empty() && !is_range(&table) => {
            for mut below in table.entries {
                let is_plain = below.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                let part = if is_plain { below.key } else { format!("\"{}\"", below.key) };
                below.key = format!("{}.{part}", entry.key);
                flatten(below, flat);
            }
        }
        _ => flat.push(entry),
    }
}

/// Whether a table below `path` is a range, even a misspelled one, and not a table of keys.
fn is_range(path: &str, table: &Table) -> bool {
    // Transports and populations may have the names of a range's parts.
    if super::keys::is_list(path) {
        return false;
    }
    let is_plain = |entry: &Entry| !matches!(entry.node.value, Value::List(_) | Value::Table(_));
    let is_part = |entry: &Entry| suggest::range_part(&entry.key).is_some() || entry.key == "scale";
    let is_of_plain_key = super::keys::find(path).is_some_and(|key| !key.kind.allows_table());
    ["from", "to", "steps"].iter().any(|name| table.get(name).is_some())
        || is_of_plain_key
        || (table.entries.iter().all(is_plain) && table.entries.iter().filter(|entry| is_part(entry)).count() >= 2)
}

/// Reads one swept key; `None` after an error.
fn read_axis(entry: &Entry, names: &Names, diagnostics: &mut Diagnostics) -> Option<SweepAxis> {
    let column = &entry.key;
    if names.transports.is_empty() && column.starts_with("transport.") {
        // That there is no transport is reported elsewhere.
        return None;
    }
    let path = Path::parse(column, entry.key_span, names);
    let path = path.and_then(|path| axis::may_be_swept(&path, column, entry.key_span).map(|()| path));
    let path = path.map_err(|problem| diagnostics.error(problem)).ok()?;
    let node = &entry.node;
    let values = match &node.value {
        Value::List(items) if items.is_empty() => {
            let problem = Problem::new(format!("the sweep of `{column}` is empty")).at(node.span, "no value");
            Err(problem.help("give at least one value"))
        }
        Value::List(items) => {
            let mut values: Vec<Node> = items.iter().map(|item| without_off(&path, item)).collect();
            let check = |item: &mut Node| check_assigned(&path, item).err();
            let mut problems: Vec<Problem> = values.iter_mut().filter_map(check).collect();
            let last = problems.pop();
            for problem in problems {
                diagnostics.error(problem);
            }
            last.map_or(Ok(values), Err)
        }
        Value::Table(_) => range::values(column, &path, node),
        _ => {
            let problem = Problem::new(format!("the sweep of `{column}` must be a list or a range"));
            Err(problem.at(node.span, "one value").help(one_value_help(node)))
        }
    };
    let values = values.map_err(|problem| diagnostics.error(problem)).ok()?;
    Some(SweepAxis { path, column: column.clone(), values, is_range: node.is_table(), span: entry.key_span })
}

fn one_value_help(node: &Node) -> String {
    let value = match node.as_text() {
        Some(text) => format!("\"{text}\""),
        None => values::plain(node),
    };
    format!("write [{value}], a list of several, or a range {{ from = {value}, to = …, steps = 5, scale = \"log\" }}")
}
