//! A folder of results against a new run of the same experiment.

use std::collections::BTreeSet;

use super::compare_tables::compare;
use super::folder::{Folder, FolderError};
use super::manifest::{Build, Manifest};
use super::request::{RESOLVED, TOTALS};
use super::results::{ANSWER, REPLICATIONS, is_view};
use super::table::CsvTable;

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
}

impl Comparison {
    /// Adds a difference.
    pub fn differ(&mut self, difference: String) {
        self.differences.push(difference);
        self.count += 1;
    }

    /// Compares the results `there` with a new run `here`: every existing column by value; byte for byte if the same
    /// build of the program wrote both, or with `all_bytes`.
    ///
    /// # Errors
    /// If a file of the new run cannot be read.
    pub fn folders(&mut self, there: ResultFolder, here: ResultFolder, all_bytes: bool) -> Result<(), FolderError> {
        Comparer { there, here, all_bytes, found: self }.all()
    }
}

struct Comparer<'a> {
    there: ResultFolder<'a>,
    here: ResultFolder<'a>,
    all_bytes: bool,
    found: &'a mut Comparison,
}

impl Comparer<'_> {
    fn all(&mut self) -> Result<(), FolderError> {
        let (there, here) = (&self.there.manifest.results, &self.here.manifest.results);
        let names: BTreeSet<&String> = there.keys().chain(here.keys()).collect();
        let is_compared = |name: &String| !(is_view(name) || name == TOTALS) || self.is_by_bytes(name);
        let (compared, others): (Vec<&String>, Vec<&String>) = names.into_iter().partition(|name| is_compared(name));
        let is_there = |name: &&String| *name != TOTALS && there.contains_key(*name);
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
        self.found.is_by_bytes = self.all_bytes || (self.is_by_bytes("") && self.is_by_bytes(RESOLVED));
        self.note(&new_files, &others);
        Ok(())
    }

    /// Lists new parts, and parts that were compared by value or not at all.
    fn note(&mut self, new_files: &[String], others: &[&String]) {
        if !self.is_by_bytes("") {
            let note = "written by another build of cometsim: values are compared, not bytes";
            let by = Build::of(self.there.manifest);
            self.found.notes.insert(0, format!("{note} ({by} there, {} here)", Build::this()));
        }
        if !new_files.is_empty() {
            self.found.notes.push(format!("only a new run writes {}", listed(new_files)));
        }
        let charts = others.iter().filter(|name| name.starts_with("charts/")).count();
        if charts > 0 {
            self.found.notes.push(format!("{charts} files of charts were drawn by another build and are not compared"));
        }
        if others.len() > charts {
            self.found.notes.push(format!("{ANSWER} was written by another build and is not compared"));
        }
    }

    /// Whether a file is compared byte for byte.
    fn is_by_bytes(&self, name: &str) -> bool {
        let manifest = self.there.manifest;
        let is_mine = |build: &Build| build.is_same_program(&Build::this());
        let is_same = match (&manifest.redrawn_by, name) {
            (Some(build), name) if name.starts_with("charts/") => is_mine(build),
            // It has the digits and words of one build and the warnings of the other.
            (Some(build), ANSWER) => is_mine(build) && is_mine(&Build::of(manifest)),
            // Drawing charts again may rewrite this file.
            (Some(_), RESOLVED) => false,
            _ => is_mine(&Build::of(manifest)),
        };
        self.all_bytes || is_same || name.starts_with("inputs/")
    }

    /// A file that both have; `is_same` if both manifests have the same digest.
    fn file(&mut self, name: &str, is_same: bool) -> Result<(), FolderError> {
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

    fn table(&mut self, name: &str) -> Result<(), FolderError> {
        let here = self.here.folder.read(name)?;
        // A missing file has been reported.
        let Ok(there) = self.there.folder.read(name) else { return Ok(()) };
        let [there, here] = [there, here].map(|bytes| CsvTable::parse(&String::from_utf8_lossy(&bytes)));
        let (Ok(there), Ok(here)) = (there, here) else {
            self.found.differ(format!("{name}: it is no table"));
            return Ok(());
        };
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

/// Names in a row, the first ones, and how many more there are.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
