//! A folder of results against a new run of the same experiment.

use std::collections::BTreeSet;

use super::compare_tables::compare;
use super::compare_totals::compare as compare_totals;
use super::folder::{Folder, FolderError};
use super::manifest::{Build, Manifest};
use super::request::{RESOLVED, TOTALS};
use super::results::{ANSWER, COLUMNS, PAGE, POPULATIONS, REPLICATIONS, SUMMARY, is_view};
use super::stored::totals_in;
use super::table::CsvTable;
use crate::experiment::Experiment;
use crate::experiment::chart::metric_of;

/// More names than this are not listed.
const MOST_NAMES: usize = 6;

/// A folder of results.
#[derive(Clone, Copy)]
pub struct ResultFolder<'a> {
    /// Its path.
    pub folder: &'a Folder,
    /// Its manifest.
    pub manifest: &'a Manifest,
}

/// A folder of results and a new run of its experiment.
#[derive(Clone, Copy)]
pub struct FolderPair<'a> {
    /// The results.
    pub there: ResultFolder<'a>,
    /// The new run.
    pub here: ResultFolder<'a>,
    /// The experiment of both.
    pub experiment: &'a Experiment,
    /// Whether to compare all files byte for byte, whichever build wrote them.
    pub all_bytes: bool,
}

/// The result of comparing a folder with a new run.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The differences, in words.
    pub differences: Vec<String>,
    /// The number of differences; not all of them are named.
    pub count: usize,
    /// Parts that are new or were not compared, and are no differences.
    pub notes: Vec<String>,
    /// Parts of the manifest that cannot be checked from the folder, in words.
    pub unchecked: Vec<String>,
    /// Whether all files were compared byte for byte.
    pub is_by_bytes: bool,
    /// Files that the folder has.
    pub files: usize,
    /// Tables that were compared.
    pub tables: usize,
    /// Cells of tables that are the same, except fingerprints.
    pub values: usize,
    /// Fingerprints of replications that are the same.
    pub fingerprints: usize,
    /// Replications whose stored totals are the same.
    pub totals: usize,
}

impl Comparison {
    /// Adds a difference.
    pub fn differ(&mut self, difference: String) {
        self.differences.push(difference);
        self.count += 1;
    }

    /// Compares results with a new run: every existing value; byte for byte if the same build of the program wrote both,
    /// or with `all_bytes`.
    ///
    /// # Errors
    /// If a file of the new run cannot be read.
    pub fn folders(&mut self, pair: FolderPair) -> Result<(), FolderError> {
        Comparer { pair, found: self }.all()
    }
}

struct Comparer<'a> {
    pair: FolderPair<'a>,
    found: &'a mut Comparison,
}

impl Comparer<'_> {
    fn all(&mut self) -> Result<(), FolderError> {
        let (there, here) = (&self.pair.there.manifest.results, &self.pair.here.manifest.results);
        let names: BTreeSet<&String> = there.keys().chain(here.keys()).collect();
        let is_compared = |name: &String| !is_view(name) || self.is_by_bytes(name);
        let (compared, others): (Vec<&String>, Vec<&String>) = names.into_iter().partition(|name| is_compared(name));
        let is_there = |name: &&String| there.contains_key(*name);
        let others: Vec<&String> = others.into_iter().filter(is_there).collect();
        let mut new_files = Vec::new();
        self.found.files = there.len();
        for name in compared {
            match (there.get(name), here.get(name)) {
                (Some(_), None) => self.found.differ(format!("{name}: a new run does not write it")),
                (None, _) if self.is_by_bytes(name) => self.found.differ(format!("{name}: only a new run writes it")),
                (None, _) => new_files.push(name.clone()),
                (Some(old), Some(new)) => self.file(name, old == new)?,
            }
        }
        let is_by_bytes = self.is_by_bytes("") && self.is_by_bytes(RESOLVED) && there.get(TOTALS) == here.get(TOTALS);
        self.found.is_by_bytes = self.pair.all_bytes || is_by_bytes;
        self.note(&new_files, &others);
        Ok(())
    }

    /// Lists new parts, and parts that were compared by value or not at all.
    fn note(&mut self, new_files: &[String], others: &[&String]) {
        if !self.is_by_bytes("") {
            let note = "written by another build of cometsim: values are compared, not bytes";
            let by = Build::of(self.pair.there.manifest);
            self.found.notes.insert(0, format!("{note} ({by} there, {} here)", Build::this()));
        }
        if !new_files.is_empty() {
            self.found.notes.push(format!("only a new run writes {}", listed(new_files)));
        }
        let charts = others.iter().filter(|name| name.starts_with("charts/")).count();
        if charts > 0 {
            self.found.notes.push(format!("{charts} files of charts were drawn by another build and are not compared"));
        }
        for name in others.iter().filter(|name| !name.starts_with("charts/")) {
            self.found.notes.push(format!("{name} was written by another build and is not compared"));
        }
    }

    /// Whether a file is compared byte for byte.
    fn is_by_bytes(&self, name: &str) -> bool {
        let manifest = self.pair.there.manifest;
        let is_mine = |build: &Build| build.is_same_program(&Build::this());
        let is_same = match (&manifest.redrawn_by, name) {
            (Some(build), name) if name.starts_with("charts/") => is_mine(build),
            // It has the digits and words of one build and the warnings of the other.
            (Some(build), ANSWER | PAGE) => is_mine(build) && is_mine(&Build::of(manifest)),
            // Drawing charts again may rewrite this file.
            (Some(_), RESOLVED) => false,
            _ => is_mine(&Build::of(manifest)),
        };
        self.pair.all_bytes || is_same || name.starts_with("inputs/")
    }

    /// A file that both have; `is_same` if both manifests have the same digest.
    fn file(&mut self, name: &str, is_same: bool) -> Result<(), FolderError> {
        // The words of another build may differ.
        if name == COLUMNS && !self.is_by_bytes(name) {
            return Ok(());
        }
        if name == TOTALS {
            return self.totals(is_same);
        }
        let is_table = std::path::Path::new(name).extension().is_some_and(|extension| extension == "csv");
        let count = self.found.count;
        if is_table && !name.starts_with("inputs/") {
            self.table(name)?;
        }
        if !is_same && self.is_by_bytes(name) && self.found.count == count {
            self.found.differ(format!("{name}: a new run gives other bytes"));
        }
        Ok(())
    }

    /// The stored totals, by value; `is_same` if both have the same bytes.
    fn totals(&mut self, is_same: bool) -> Result<(), FolderError> {
        let here = totals_in(self.pair.here.folder)?;
        // A missing file has been reported.
        let Ok(there) = totals_in(self.pair.there.folder) else { return Ok(()) };
        if !there.is_of_this_version() && !self.is_by_bytes(TOTALS) {
            self.found.notes.push(format!("{TOTALS} is of another version, and is not compared"));
            return Ok(());
        }
        let replications = self.pair.here.folder.read(REPLICATIONS)?;
        let replications = CsvTable::parse(&String::from_utf8_lossy(&replications)).unwrap_or_default();
        // A run with a lower precision keeps what is there.
        let may_be_more = self.pair.experiment.precision().is_some();
        let found = compare_totals(&there, &here, &replications, may_be_more);
        self.found.totals += found.same;
        self.found.count += found.count;
        self.found.differences.extend(found.differences);
        if found.unused > 0 {
            let count = found.unused;
            self.found.notes.push(format!("{TOTALS}: {count} replications that no table uses are not compared"));
        } else if !is_same && found.count == 0 {
            self.found.notes.push(format!("{TOTALS}: the same totals in other bytes"));
        }
        if !is_same && found.count == 0 && self.pair.all_bytes {
            self.found.differ(format!("{TOTALS}: a new run gives other bytes"));
        }
        Ok(())
    }

    /// Two tables in one layout.
    fn alike(&self, name: &str, there: CsvTable, here: CsvTable) -> (CsvTable, CsvTable) {
        let experiment = self.pair.experiment;
        let mut there = there.with_key_names(experiment);
        // A program that describes its columns has written all metrics that it knows: others are empty.
        if self.pair.there.manifest.results.contains_key(COLUMNS) && [SUMMARY, POPULATIONS].contains(&name) {
            let known = self.known_metrics();
            let is_known = |column: &str| metric_of(column).is_some_and(|(metric, _)| known.contains(metric.name()));
            let empty = here.header.iter().filter(|column| is_known(column) && there.column(column).is_none());
            let empty: Vec<String> = empty.cloned().collect();
            there = there.with_empty(empty);
        }
        if places(&there) == places(&here) {
            return (there, here);
        }
        (there.with_all_points(experiment), here.with_all_points(experiment))
    }

    /// The columns that the folder has of the replications: all metrics are among them.
    fn known_metrics(&self) -> BTreeSet<String> {
        let bytes = self.pair.there.folder.read(REPLICATIONS).unwrap_or_default();
        let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let table = CsvTable::parse(&String::from_utf8_lossy(header)).unwrap_or_default();
        table.header.into_iter().collect()
    }

    fn table(&mut self, name: &str) -> Result<(), FolderError> {
        let here = self.pair.here.folder.read(name)?;
        // A missing file has been reported.
        let Ok(there) = self.pair.there.folder.read(name) else { return Ok(()) };
        let [there, here] = [there, here].map(|bytes| CsvTable::parse(&String::from_utf8_lossy(&bytes)));
        let (Ok(there), Ok(here)) = (there, here) else {
            self.found.differ(format!("{name}: it is no table"));
            return Ok(());
        };
        let (there, here) = self.alike(name, there, here);
        let found = compare(name, &there, &here);
        let fingerprints =
            if name == REPLICATIONS && there.column("fingerprint").is_some() { there.rows.len() } else { 0 };
        self.found.tables += 1;
        self.found.fingerprints += fingerprints;
        self.found.values += found.cells.saturating_sub(fingerprints);
        self.found.differences.extend(found.differences);
        self.found.count += found.count;
        if !found.new_columns.is_empty() {
            let columns = listed(&found.new_columns);
            if self.is_by_bytes(name) {
                self.found.differ(format!("{name}: only a new run has {columns}"));
            } else {
                self.found.notes.push(format!("{name}: only a new run has {columns}"));
            }
        }
        if found.new_closed_forms > 0 {
            let count = found.new_closed_forms;
            self.found.notes.push(format!("{name}: only a new run has the closed forms of {count} values"));
        }
        Ok(())
    }
}

/// The points and transports that a table has rows of.
fn places(table: &CsvTable) -> BTreeSet<(&str, &str)> {
    let (Some(point), Some(transport)) = (table.column("point"), table.column("transport")) else {
        return BTreeSet::new();
    };
    table.texts(point).zip(table.texts(transport)).collect()
}

/// Names in a row, the first ones, and how many more there are.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
