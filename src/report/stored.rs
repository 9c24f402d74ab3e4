//! The groups of a finished run.

use super::folder::Folder;
use super::redraw::experiment_of;
use super::request::{RESOLVED, ReportError};
use super::results::REPLICATIONS;
use super::table::CsvTable;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::runner::{self, Group, JobProgress, Journal};
use crate::terminal::shown;

/// The experiment in a folder of results, and its groups with what a comparison needs. The experiment is simulated again
/// on `threads` threads (0: all cores), and its replications must be those of the folder.
///
/// # Errors
/// If the folder has no results of this results version, if they differ, or if the run fails.
pub fn groups_of(
    folder: &Folder,
    threads: usize,
    on_progress: &(dyn Fn(JobProgress) + Sync),
) -> Result<(Experiment, Vec<Group>), ReportError> {
    let path = shown(folder.path());
    if let Some(manifest) = folder.manifest()?
        && manifest.results_version != RESULTS_VERSION
    {
        let (version, by) = (manifest.results_version, manifest.cometsim_version);
        return Err(ReportError::Refused(format!(
            "{path} holds results of version {version}, written by cometsim {by}; this program gives version \
             {RESULTS_VERSION}, with other numbers, and cannot compute theirs again"
        )));
    }
    let experiment = experiment_of(folder, folder.read(RESOLVED)?)?;
    let groups = groups_again(folder, &experiment, threads, on_progress)?;
    Ok((experiment, groups))
}

/// The groups of `experiment`, whose results are in the folder.
pub(super) fn groups_again(
    folder: &Folder,
    experiment: &Experiment,
    threads: usize,
    on_progress: &(dyn Fn(JobProgress) + Sync),
) -> Result<Vec<Group>, ReportError> {
    let plan = experiment.plan().keeping_pairs();
    let groups = runner::run(&plan, threads, &mut Journal::none(), on_progress)?;
    let text = folder.read(REPLICATIONS)?;
    let table = CsvTable::parse(&String::from_utf8_lossy(&text))?;
    let column = table.column("fingerprint");
    let known: std::collections::BTreeSet<&str> = column.into_iter().flat_map(|column| table.texts(column)).collect();
    let all = groups.iter().flat_map(|group| &group.replications);
    if all.clone().any(|replication| !known.contains(replication.fingerprint.as_str())) {
        return Err(ReportError::Altered(format!(
            "{}: a new run of the experiment gives other replications than {REPLICATIONS} has: see `cometsim verify`",
            shown(folder.path())
        )));
    }
    Ok(groups)
}
