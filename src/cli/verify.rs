//! `cometsim verify`: runs the experiment of a folder again and compares.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::Failure;
use super::failure::{name_warnings, note, require_results};
use super::interrupt::{handle_interrupts, temporary_folder};
use super::machine::MemoryLimits;
use super::output::print_line;
use super::progress::ProgressDisplay;
use super::watch::Watch;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::report::{
    Build, Comparison, Folder, FolderPair, MANIFEST, Manifest, RESOLVED, ReportError, ResultFolder, RunRequest,
    experiment_of, identity, identity_hex, produce,
};
use crate::terminal::{shown, without_controls};

/// The message of an interrupted verification.
const INTERRUPTED: &str = "nothing was verified, and the folder is as it was";

/// Runs the experiment in the folder again in a temporary folder and compares.
pub(super) fn verify(path: &Path, all_bytes: bool, threads: usize, is_quiet: bool) -> Result<(), Failure> {
    require_results(path, MANIFEST)?;
    handle_interrupts(INTERRUPTED);
    let folder = Folder::new(path);
    let bytes = folder.read(MANIFEST).map_err(|error| Failure::Wrong(error.into()))?;
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .with_context(|| format!("{} cannot be read", shown(&path.join(MANIFEST))))
        .map_err(Failure::Wrong)?;
    let damaged = folder.damaged(&manifest).into_iter();
    let damaged: Vec<String> = damaged.map(|name| format!("{name}: the file is not what the manifest says")).collect();
    if manifest.results_version != RESULTS_VERSION {
        return other_version(path, &manifest, &damaged);
    }
    let mut found = Comparison { count: damaged.len(), differences: damaged, ..Comparison::default() };
    let read = folder.read(RESOLVED).map_err(ReportError::from);
    let experiment = match read.and_then(|bytes| experiment_of(&folder, bytes)) {
        Ok(experiment) => experiment,
        // Without its experiment nothing can be run again.
        Err(_) if found.count > 0 => return print_verdict(path, &found),
        Err(error) => {
            Failure::from(error).print();
            let there = &manifest.cometsim_version;
            found.differ(format!("{RESOLVED}: it was written by cometsim {there}, {} cannot read it", this()));
            return print_verdict(path, &found);
        }
    };
    if identity_hex(&identity(&experiment)) != manifest.identity {
        found.differ(format!("{RESOLVED}: it is not the experiment that the manifest names"));
    }
    found.manifest(&folder, &manifest, &experiment);
    let there = ResultFolder { folder: &folder, manifest: &manifest };
    name_warnings(&folder)?;
    let temporary = temporary_folder().context("cannot make a temporary folder")?;
    let new = run_again((&experiment, there.manifest), temporary.path(), threads, is_quiet)?;
    let manifest = new.manifest()?.ok_or_else(|| anyhow!("the new run left no manifest"))?;
    found.warmup(there.manifest, &manifest);
    found.warnings(there.manifest, &manifest);
    found.claims(there.manifest, &manifest);
    let here = ResultFolder { folder: &new, manifest: &manifest };
    found.folders(FolderPair { there, here, experiment: &experiment, all_bytes })?;
    if let Err(error) = temporary.close() {
        note(&format!("warning: the temporary folder could not be removed: {error}"));
    }
    if found.count == 0 {
        let unchecked = found.unchecked.join(", ");
        found.notes.push(format!("not checked, as a folder cannot tell: {unchecked}"));
    }
    print_verdict(path, &found)
}

/// This program and its version.
fn this() -> String {
    format!("cometsim {}", Build::this().cometsim_version)
}

/// Prints the result: the verdict first if all is the same, else the differences.
fn print_verdict(path: &Path, found: &Comparison) -> Result<(), Failure> {
    let path = shown(path);
    if found.count == 0 {
        let Comparison { files, fingerprints, values, tables, totals, .. } = found;
        let stored = if *totals > 0 { format!(", the totals of {totals} replications") } else { String::new() };
        print_line(match found.is_by_bytes {
            true => format!("{path}: verified: {files} files are the same, byte for byte"),
            false => format!(
                "{path}: verified: {fingerprints} fingerprints{stored} and {values} values in {tables} tables are the same"
            ),
        })?;
    }
    let notes = found.notes.iter().map(|note| format!("note: {note}"));
    for line in found.differences.iter().cloned().chain(notes) {
        print_line(without_controls(&line, |_| false))?;
    }
    match found.count {
        0 => Ok(()),
        1 => Err(Failure::Differs(anyhow!("{path}: not verified: 1 difference"))),
        count => Err(Failure::Differs(anyhow!("{path}: not verified: {count} differences"))),
    }
}

/// Says that the results have another results version. They are not run again, because other numbers are expected.
fn other_version(path: &Path, manifest: &Manifest, damaged: &[String]) -> Result<(), Failure> {
    let (path, version, there) = (shown(path), manifest.results_version, Build::of(manifest));
    print_line(format_args!(
        "{path}: these are results of version {version}, written by cometsim {}; {} gives version {RESULTS_VERSION}, with \
         other numbers",
        there.cometsim_version,
        this()
    ))?;
    print_line(format_args!(
        "to verify them, install cometsim {there}; CHANGELOG.md lists the versions, and under \"Results change\" what changed"
    ))?;
    for difference in damaged {
        print_line(without_controls(difference, |_| false))?;
    }
    if damaged.is_empty() {
        print_line("all files are what the manifest says; they were not run again")?;
    }
    Err(Failure::Differs(anyhow!("{path}: not verified: results of version {version}")))
}

/// Runs the experiment again into a folder in `temporary`.
fn run_again(
    (experiment, there): (&Experiment, &Manifest),
    temporary: &Path,
    threads: usize,
    is_quiet: bool,
) -> Result<Folder, Failure> {
    // No refusal for lack of memory: this run has succeeded somewhere.
    let _watch = MemoryLimits::of_this_process().map(|limits| Watch::start(limits, INTERRUPTED));
    let progress = ProgressDisplay::new("verify", is_quiet);
    let folder = Folder::temporary(temporary, "again");
    let request = RunRequest {
        experiment,
        threads,
        is_fresh: false,
        file: RESOLVED.to_owned(),
        command: Vec::new(),
        overrides: Vec::new(),
        repeats: Some(there),
        on_progress: &|done| progress.report(done),
        on_note: &note,
    };
    produce(&folder, &request)?;
    progress.finish(false);
    Ok(folder)
}
