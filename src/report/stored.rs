//! The results of a finished run, as groups again.

use std::collections::BTreeSet;

use super::folder::{Folder, FolderError};
use super::request::{RESOLVED, ReportError, RunProgress, Simulator, TOTALS};
use super::results::REPLICATIONS;
use super::simulate::{Simulated, simulate};
use super::table::CsvTable;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::runner::{Group, Journal, Store};
use crate::terminal::shown;

/// The experiment in a folder of results.
///
/// # Errors
/// If the folder has no results of this results version: they could not be computed again.
pub fn stored_experiment(folder: &Folder) -> Result<Experiment, ReportError> {
    let manifest = folder.manifest()?;
    if let Some(manifest) = &manifest
        && manifest.results_version != RESULTS_VERSION
    {
        let (path, version, by) = (shown(folder.path()), manifest.results_version, &manifest.cometsim_version);
        return Err(ReportError::Refused(format!(
            "{path} holds results of version {version}, written by cometsim {by}; this program gives version \
             {RESULTS_VERSION}, with other numbers, and cannot compute theirs again"
        )));
    }
    let experiment = experiment_of(folder, folder.read(RESOLVED)?)?;
    if let Some(warmup) = manifest.and_then(|manifest| manifest.chosen_warmup()) {
        experiment.choose_warmup(warmup);
    }
    Ok(experiment)
}

/// The results in a folder: its experiment (of a search with the points that were tried), and the groups with what a
/// comparison needs. Replications that the folder does not store are simulated again on `threads` threads (0: all cores),
/// and must be those of its tables.
///
/// # Errors
/// If the replications differ, or if the run fails.
pub fn groups_of(
    folder: &Folder,
    experiment: &Experiment,
    threads: usize,
    on_progress: &(dyn Fn(RunProgress) + Sync),
) -> Result<(Experiment, Vec<Group>), ReportError> {
    let earlier = totals_in(folder)?;
    let simulator = Simulator { experiment, threads, on_progress, keeps_pairs: true };
    let Simulated { experiment, groups, .. } = simulate(simulator, &mut Journal::none().with_earlier(earlier))?;
    let text = folder.read(REPLICATIONS)?;
    let table = CsvTable::parse(&String::from_utf8_lossy(&text))?;
    let known: BTreeSet<&str> =
        table.column("fingerprint").into_iter().flat_map(|column| table.texts(column)).collect();
    let mut all = groups.iter().flat_map(|group| &group.replications);
    if all.any(|replication| !known.contains(replication.fingerprint.as_str())) {
        return Err(ReportError::Altered(format!(
            "{}: the experiment gives other replications than {REPLICATIONS} has: see `cometsim verify`",
            shown(folder.path())
        )));
    }
    Ok((experiment.into_owned(), groups))
}

/// The totals in a folder, which has none if they are of another version or were left out.
///
/// # Errors
/// If they cannot be read.
pub(super) fn totals_in(folder: &Folder) -> Result<Store, FolderError> {
    if !folder.has(TOTALS) {
        return Ok(Store::default());
    }
    Ok(Store::of(folder.read(TOTALS)?))
}

/// The experiment of a folder, from the bytes of its file.
///
/// # Errors
/// If they are no experiment of this version.
pub fn experiment_of(folder: &Folder, bytes: Vec<u8>) -> Result<Experiment, ReportError> {
    let path = folder.path().join(RESOLVED);
    let text = String::from_utf8(bytes).map_err(|_| ReportError::Altered(format!("{} is no text", shown(&path))))?;
    Experiment::from_text(&path.display().to_string(), &text, folder.path(), &[])
        .map_err(|errors| ReportError::Experiment(Box::new(errors)))
}
