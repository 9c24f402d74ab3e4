//! One swept key; errors about keys that a sweep cannot vary, and about equal values or points.

use std::collections::{BTreeMap, BTreeSet};

use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::identity::canonical_value;
use crate::experiment::keys::{self, KeyRow, ValueKind};
use crate::experiment::node::{Node, Span};
use crate::experiment::path::{Path, is_off};
use crate::experiment::resolve::AUTO;
use crate::experiment::typed::quoted;
use crate::experiment::write;

/// How many values a range may have.
pub(in crate::experiment) const STEPS: ValueKind = ValueKind::Count(2, 1_000_000);

/// One swept key and its values.
#[derive(Clone, Debug)]
pub(in crate::experiment) struct SweepAxis {
    pub path: Path,
    /// The dotted path as written.
    pub column: String,
    pub values: Vec<Node>,
    /// Whether they are a range, so that all of them differ.
    pub is_range: bool,
    /// The place of the key.
    pub span: Span,
}

impl SweepAxis {
    /// The unit of its numbers in the results.
    pub fn unit(&self) -> Option<&'static str> {
        self.path.kind().and_then(ValueKind::unit)
    }

    /// How many different values it has; counting ends above `most`.
    pub fn different_values(&self, most: usize) -> usize {
        let mut seen = BTreeSet::new();
        let mut places = 0..self.values.len();
        while seen.len() <= most
            && let Some(place) = places.next()
        {
            seen.insert(value(self, place));
        }
        seen.len()
    }

    /// Refuses a warm-up that is chosen for some points only: it holds for all points, so that they can be compared.
    pub fn check_warmups(&self) -> Result<(), Problem> {
        let is_auto = |node: &&Node| node.as_text() == Some(AUTO);
        let Some(auto) = self.values.iter().find(is_auto) else { return Ok(()) };
        if !self.path.is_key("experiment.warmup") || self.values.iter().all(|node| is_auto(&node)) {
            return Ok(());
        }
        let problem = Problem::new("`experiment.warmup` cannot be \"auto\" at some points only");
        Err(problem.at(auto.span, "one warm-up is chosen for all points").help(
            "sweep times only; or write warmup = \"auto\" under [experiment], run it, and sweep times about the one that \
             `manifest.json` names",
        ))
    }
}

/// Refuses keys that decide how a whole experiment is run and written.
pub(super) fn may_be_swept(path: &Path, column: &str, span: Span) -> Result<(), Problem> {
    if path.dotted() == "experiment" {
        let problem = Problem::new("`experiment` cannot be swept as a whole").at(span, "the same for all points");
        return Err(problem.help("sweep one of its keys: \"experiment.duration\" = [\"10 min\", \"30 min\"]"));
    }
    let Some(help) = path.key.and_then(KeyRow::fixed) else { return Ok(()) };
    let problem = Problem::new(format!("`{column}` cannot be swept")).at(span, "the same for all points");
    Err(help.iter().fold(problem, |problem, help| problem.help(*help)))
}

/// The list form of values that are not numbers.
pub(super) fn written_values(path: &Path) -> String {
    let listed = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        format!("[{}]", words.join(", "))
    };
    match path.kind() {
        Some(ValueKind::Choice(words) | ValueKind::ChoiceOrTable(words)) => listed(words),
        Some(ValueKind::Flag) => "[false, true]".to_owned(),
        Some(ValueKind::File(_)) => listed(&["one.csv", "other.csv"]),
        Some(ValueKind::Numbers(_)) => "[[1, 2], [2, 1]]".to_owned(),
        Some(ValueKind::TableOr(word)) => format!("[{}, {{ … }}]", quoted(word)),
        None if path.may_be_off => "[\"off\", { … }]".to_owned(),
        None => "[{ … }, { … }]".to_owned(),
        _ => "[\"…\", \"…\"]".to_owned(),
    }
}

/// Refuses two swept keys if one would undo the other.
pub(super) fn clashes(axes: &[SweepAxis], diagnostics: &mut Diagnostics) {
    for (place, later) in axes.iter().enumerate() {
        for earlier in &axes[..place] {
            let undoes = |one: &SweepAxis, other: &SweepAxis| {
                one.path.excludes(&other.path)
                    || one.path.steps_below(&other.path).is_some_and(|below| {
                        let keys: Vec<&str> = below.iter().map(String::as_str).collect();
                        !keys.is_empty()
                            && (std::ptr::eq(one, later)
                                || one.values.iter().any(|node| node.as_table().is_none() || node.get(&keys).is_some()))
                    })
            };
            if undoes(earlier, later) || undoes(later, earlier) {
                let (one, other) = (&earlier.column, &later.column);
                diagnostics.error(
                    Problem::new(format!(
                        "`{one}` and `{other}` cannot both be swept: one takes the place of the other"
                    ))
                    .at(later.span, "the second of them")
                    .help(whole_help(earlier, later)),
                );
            }
        }
    }
}

/// The table to sweep instead of two keys.
fn whole_help(one: &SweepAxis, other: &SweepAxis) -> String {
    let shared = one.path.steps.iter().zip(&other.path.steps).take_while(|(one, other)| one == other).count();
    let whole = one.path.steps[..shared].join(".");
    format!("list whole tables: sweep `{whole}`, or one key of it alone")
}

/// Refuses a value that a list has twice.
pub(super) fn equal_values(axis: &SweepAxis, diagnostics: &mut Diagnostics) {
    if axis.is_range {
        return;
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (place, node) in axis.values.iter().enumerate() {
        let value = value(axis, place);
        let Some(first) = seen.insert(value, place) else { continue };
        let (first, second) = (write::inline(&axis.values[first]), write::inline(node));
        let again = if first == second { String::new() } else { format!(": it is {first}") };
        let problem = Problem::new(format!("the sweep of `{}` has {second} twice{again}", axis.column));
        let problem = problem.at(node.span, "the same point again");
        diagnostics.error(problem.help("each value once: for more runs of a point write more replications"));
        return;
    }
}

/// Refuses equal points, if all lists step together.
pub(super) fn equal_points(axes: &[SweepAxis], span: Span, diagnostics: &mut Diagnostics) {
    if axes.iter().any(|axis| axis.is_range) {
        return;
    }
    let points = axes.iter().map(|axis| axis.values.len()).min().unwrap_or(0);
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for point in 0..points {
        let values: Vec<String> = axes.iter().map(|axis| value(axis, point)).collect();
        let Some(first) = seen.insert(values, point) else { continue };
        let place = axes.iter().find_map(|axis| axis.values.get(point)).map_or(span, |node| node.span);
        diagnostics.error(
            Problem::new(format!("points {} and {} of the sweep are the same", first + 1, point + 1))
                .at(place, "the same values again")
                .help("with mode = \"zip\" a value may stand in a list twice, but not all values of a point")
                .help("remove one of the two; for more runs of a point write more replications"),
        );
        return;
    }
}

/// A value in canonical form.
fn value(axis: &SweepAxis, place: usize) -> String {
    let node = &axis.values[place];
    if is_off(&axis.path, node) { keys::OFF.to_owned() } else { canonical_value(&axis.path.dotted(), node) }
}
