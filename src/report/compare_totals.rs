//! Compares the stored totals of two folders by value: equal totals may be stored as other bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::request::TOTALS;
use super::table::CsvTable;
use crate::experiment::RunKey;
use crate::runner::{RecordName, Store, fingerprint};

/// More differences than this are only counted.
const MOST: usize = 5;

/// The result of comparing stored totals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TotalsComparison {
    /// The first differences in words, and the number of further ones.
    pub differences: Vec<String>,
    /// The number of differences.
    pub count: usize,
    /// Replications with the same totals.
    pub same: usize,
    /// Replications after those of a new run, which no table has.
    pub unused: usize,
}

/// Compares stored totals with those of a new run, whose table of replications names their places. With `may_be_more`
/// there may be replications after those of the new run.
pub(super) fn compare(there: &Store, here: &Store, replications: &CsvTable, may_be_more: bool) -> TotalsComparison {
    let places = places(here, replications);
    let mut found = TotalsComparison::default();
    let mut differences = Vec::new();
    let of = |(key, number): &RecordName| match places.get(key) {
        Some(place) => format!("{TOTALS}: {place}, replication {number}"),
        None => format!("{TOTALS}: replication {number} of a scenario that the experiment does not have"),
    };
    let names: BTreeSet<&RecordName> = there.names().chain(here.names()).collect();
    for name in names {
        match (there.totals(name), here.totals(name)) {
            (Some(old), Some(new)) if old == new => found.same += 1,
            (Some(old), Some(new)) => {
                let fields = old.differences(&new);
                let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
                differences.push(format!("{}: other {}", of(name), fields.join(", ")));
            }
            (Some(_), None) if may_be_more && is_after(name, here) => found.unused += 1,
            (Some(_), None) => differences.push(format!("{}: a new run does not have it", of(name))),
            (None, _) => differences.push(format!("{}: missing or unreadable", of(name))),
        }
    }
    match there.bytes_left() {
        0 => {}
        bytes => differences.push(format!("{TOTALS}: {bytes} bytes at its end are not those of a replication")),
    }
    found.count = differences.len();
    if let Some(more) = found.count.checked_sub(MOST + 1) {
        differences.truncate(MOST);
        differences.push(format!("{TOTALS}: {} more replications differ", more + 1));
    }
    found.differences = differences;
    found
}

/// Whether a replication comes after those that a new run has of the same scenario.
fn is_after((key, number): &RecordName, here: &Store) -> bool {
    let last = here.names().filter(|(other, _)| other == key).map(|(_, number)| *number).max();
    last.is_some_and(|last| *number > last)
}

/// The first place of each scenario, in words, from the fingerprint of its first replication.
fn places(store: &Store, replications: &CsvTable) -> BTreeMap<RunKey, String> {
    let column = |name: &str| replications.column(name);
    let (Some(point), Some(transport), Some(digest)) = (column("point"), column("transport"), column("fingerprint"))
    else {
        return BTreeMap::new();
    };
    let rows = (0..replications.rows.len()).rev();
    let rows: BTreeMap<&str, usize> = rows.map(|row| (replications.text(row, digest), row)).collect();
    let place = |(key, number): &RecordName| {
        let row = *rows.get(fingerprint(&store.totals(&(*key, *number))?).as_str())?;
        Some((
            *key,
            format!("point {}, transport {}", replications.text(row, point), replications.text(row, transport)),
        ))
    };
    store.names().filter(|(_, number)| *number == 0).filter_map(place).collect()
}
