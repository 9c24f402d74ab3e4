//! The rows of a group in a table: its point, its transport, and the swept values.
//!
//! A group that holds for several points has one row for all of them. In it the cell of a swept key is empty if the
//! points differ in the key: the row holds for all points that have the values in its filled cells.

use super::cells::{number_or_word, word};
use crate::experiment::Experiment;
use crate::runner::Group;

/// A row of a group in each table with a row per point and transport.
pub(super) struct GroupRow<'a> {
    pub group: &'a Group,
    /// The cells under [`columns`].
    pub cells: Vec<String>,
}

/// The columns of point, transport and swept values.
pub(super) fn columns(experiment: &Experiment) -> impl Iterator<Item = String> {
    let keys = experiment.swept().iter().map(|key| key.column.clone());
    ["point", "transport"].map(str::to_owned).into_iter().chain(keys)
}

/// The rows of the groups, in the order of their points and transports.
pub(super) fn places<'a>(experiment: &Experiment, groups: &'a [Group]) -> Vec<GroupRow<'a>> {
    let shared = shared_values(experiment, groups);
    let mut rows: Vec<(usize, GroupRow)> = Vec::new();
    for (group, shared) in groups.iter().zip(shared) {
        match shared {
            Some(values) => {
                rows.push((group.point, GroupRow { group, cells: cells(experiment, group, group.point, values) }));
            }
            None => rows.extend(group.points.iter().map(|&point| {
                let values = experiment.coordinates(point).into_iter().map(Some).collect();
                (point, GroupRow { group, cells: cells(experiment, group, point, values) })
            })),
        }
    }
    rows.sort_by_key(|(point, place)| (*point, place.group.transport));
    rows.into_iter().map(|(_, place)| place).collect()
}

fn cells(experiment: &Experiment, group: &Group, point: usize, values: Vec<Option<String>>) -> Vec<String> {
    let values = values.into_iter().map(|value| value.map_or_else(String::new, |value| number_or_word(&value)));
    [point.to_string(), word(&experiment.transports()[group.transport])].into_iter().chain(values).collect()
}

/// The value of each swept key that all points of a group share. `None` for a group that needs a row for each of its
/// points: another point has the same values, or no transport is touched by a key, which would have no value anywhere.
fn shared_values(experiment: &Experiment, groups: &[Group]) -> Vec<Option<Vec<Option<String>>>> {
    let is_merged = groups.iter().any(|group| group.points.len() > 1);
    // Without merged groups the values of other points do not matter.
    let points = if is_merged { experiment.points() } else { 0 };
    let values: Vec<Vec<String>> = (0..points).map(|point| experiment.coordinates(point)).collect();
    let shared = |group: &Group| -> Vec<Option<String>> {
        if group.points.len() == 1 {
            return experiment.coordinates(group.point).into_iter().map(Some).collect();
        }
        let common = |key: usize| {
            let first = &values[group.point][key];
            if group.points.iter().all(|point| values[*point][key] == *first) { Some(first.clone()) } else { None }
        };
        (0..experiment.swept().len()).map(common).collect()
    };
    let all: Vec<_> = groups.iter().map(shared).collect();
    let is_touched = |key: usize| all.iter().any(|values| values[key].is_some());
    let are_touched = (0..experiment.swept().len()).all(is_touched);
    let holds = |group: &Group, shared: &[Option<String>]| {
        group.points.len() == 1 || values.iter().filter(|values| matches(shared, values)).count() == group.points.len()
    };
    let row = |(group, shared): (&Group, Vec<Option<String>>)| {
        if group.points.len() == 1 || (are_touched && holds(group, &shared)) { Some(shared) } else { None }
    };
    groups.iter().zip(all).map(row).collect()
}

/// Whether a row with these values holds for a point.
fn matches(shared: &[Option<String>], values: &[String]) -> bool {
    shared.iter().zip(values).all(|(shared, value)| shared.as_ref().is_none_or(|shared| shared == value))
}
