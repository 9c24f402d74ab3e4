//! From an experiment to a folder of results.

use std::time::Instant;

use sha2::{Digest, Sha256};

use super::around::{Around, look_around};
use super::chart::ChartError;
use super::draw::draw;
use super::folder::{Folder, FolderError, Held, HoldError};
use super::manifest::{Manifest, digest, hex};
use super::record;
use super::redraw::change_charts;
use super::results::csv_files;
use super::warnings;
use crate::experiment::{Diagnostics, Experiment};
use crate::runner::{self, JobProgress, Journal, JournalError};

/// Name of the experiment with every default written out.
pub const RESOLVED: &str = "resolved.toml";

/// The request to [`produce`].
pub struct Request<'a> {
    /// The experiment to run.
    pub experiment: &'a Experiment,
    /// Threads to use; 0: one per core.
    pub threads: usize,
    /// Whether to discard the contents of the folder.
    pub is_fresh: bool,
    /// Name of the experiment file, for the manifest.
    pub file: String,
    /// The command, for the manifest.
    pub command: Vec<String>,
    /// The overrides, for the manifest.
    pub overrides: Vec<String>,
    /// Receives the progress of the run.
    pub on_progress: &'a (dyn Fn(JobProgress) + Sync),
    /// Receives notes for the user that are not failures, a line at a time.
    pub on_note: &'a dyn Fn(&str),
}

/// The outcome of [`produce`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The results were there already.
    Nothing {
        /// Version of the program that wrote them.
        written_by: String,
        /// The number of columns of this program that they lack.
        missing: usize,
    },
    /// Results were written.
    Written {
        /// The files.
        files: Vec<String>,
        /// Files of the same results that were missing or altered before.
        damaged: Vec<String>,
    },
}

/// Why there are no results.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder holds something else.
    #[error("{0}")]
    Refused(String),
    /// The files are not those of the run.
    #[error("{0}")]
    Altered(String),
    /// The experiment in the folder is wrong.
    #[error("the experiment in the folder is wrong")]
    Experiment(Box<Diagnostics>),
    /// Another run uses the folder, or it cannot be locked.
    #[error(transparent)]
    Hold(#[from] HoldError),
    /// A file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The simulation could not be run.
    #[error(transparent)]
    Runner(#[from] runner::RunFailure),
    /// Finished work could not be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A table could not be written or read.
    #[error("a table could not be written or read")]
    CsvTable(#[from] csv::Error),
    /// A chart could not be drawn.
    #[error("chart `{name}` could not be drawn")]
    Chart {
        /// Its name.
        name: String,
        /// Why.
        source: ChartError,
    },
    /// The manifest could not be written.
    #[error("the manifest could not be written")]
    Manifest(#[from] serde_json::Error),
}

/// Runs an experiment and writes its results to `folder`, or finds that they are there.
///
/// # Errors
/// If the folder holds something else, or a step fails. Finished replications are kept for the next run.
pub fn produce(folder: &Folder, request: &Request) -> Result<Done, RunError> {
    // Make and lock nothing if there is nothing to do: the folder may be read-only.
    if let Around::Same(manifest, missing) = look_around(folder, request)? {
        sweep_up(folder, request.on_note);
        return Ok(nothing(*manifest, &missing));
    }
    let held = folder.hold(request.on_note)?;
    let done = produce_held(folder, request, &held)?;
    finish(held, request.on_note);
    Ok(done)
}

/// As [`produce`], in a folder that no other run can change any more.
fn produce_held(folder: &Folder, request: &Request, held: &Held) -> Result<Done, RunError> {
    let (replaced, damaged) = match look_around(folder, request)? {
        Around::Same(manifest, missing) => return Ok(nothing(*manifest, &missing)),
        Around::OtherCharts(manifest, there, damaged) => {
            return change_charts(folder, request, &manifest, &there, damaged);
        }
        Around::Free(damaged) => (None, damaged),
        Around::Replaced(manifest) => (Some(manifest), Vec::new()),
    };
    folder.check_ways()?;
    let before = folder.manifest().ok().flatten();
    let identity = digest(&request.experiment.identity());
    let started = Instant::now();
    let work = digest_of_work(&identity, request.experiment);
    let (file, path) = (held.journal()?, folder.journal());
    let journal = Journal::open(file, &path, &work, request.experiment.quick(), request.is_fresh);
    let mut journal = journal.map_err(|error| match error {
        JournalError::OtherExperiment { .. } => RunError::Refused(error.to_string()),
        JournalError::File { .. } | JournalError::Foreign { .. } => RunError::Journal(error),
    })?;
    if let Some(manifest) = replaced {
        folder.discard_results(&manifest)?;
    }
    let groups = runner::run(&request.experiment.plan(), request.threads, &mut journal, request.on_progress)?;
    drop(journal);
    let mut files: Vec<(String, Vec<u8>)> =
        vec![(RESOLVED.to_owned(), request.experiment.resolved_toml().into_bytes())];
    for input in request.experiment.inputs() {
        files.push((format!("inputs/{}", input.name), input.bytes.clone()));
    }
    let tables = csv_files(request.experiment, &groups)?;
    files.extend(tables.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())));
    files.extend(draw(request.experiment, false, |name| {
        let file = files.iter().find(|(file, _)| file == name);
        Ok(file.map(|(_, bytes)| bytes.clone()).unwrap_or_default())
    })?);
    let mut manifest = record::manifest(request, &files, &hex(&identity), started.elapsed());
    manifest.warnings.extend(warnings::of_results(request.experiment, &groups));
    // The manifest certifies the other files, so it is written when they are on the disk.
    folder.write(&files)?;
    files.push(record::file(&manifest)?);
    folder.write(&files[files.len() - 1..])?;
    if let Some(before) = before {
        folder.discard_others(&before, &manifest)?;
    }
    Ok(Done::Written { files: files.into_iter().map(|(name, _)| name).collect(), damaged })
}

fn nothing(manifest: Manifest, missing: &[String]) -> Done {
    Done::Nothing { written_by: manifest.cometsim_version, missing: missing.len() }
}

/// Removes the unfinished work. All results are there, so failing to do so is not an error.
pub(super) fn finish(held: Held, on_note: &dyn Fn(&str)) {
    if let Err(error) = held.finish() {
        note_of(error, on_note);
    }
}

/// Removes the unfinished work that an earlier, finished run could not remove.
fn sweep_up(folder: &Folder, on_note: &dyn Fn(&str)) {
    if !folder.has_partial() {
        return;
    }
    match folder.hold(&|_| ()) {
        Ok(held) => finish(held, on_note),
        // Another run uses it now.
        Err(HoldError::InUse(_) | HoldError::Owned { .. }) => {}
        Err(HoldError::Folder(error)) => note_of(error, on_note),
    }
}

fn note_of(error: FolderError, on_note: &dyn Fn(&str)) {
    on_note(&format!("warning: {:#}; the results are complete", anyhow::Error::new(error)));
}

/// The digest that identifies unfinished work. It includes the replications, which number the jobs.
fn digest_of_work(identity: &[u8; 32], experiment: &Experiment) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(identity);
    for count in experiment.replications_of_points() {
        hasher.update(count.to_le_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(seed: u32) -> Experiment {
        let text = format!(
            "[experiment]\nseed = {seed}\nreplications = 1\nwarmup = \"45 s\"\nduration = \"60 s\"\n[clients]\ncount = 2\n\
             [[transport]]\nname = \"polls\"\nshort_poll = {{ interval = \"5 s\" }}\n"
        );
        Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap()
    }

    fn request(experiment: &Experiment) -> Request<'_> {
        Request {
            experiment,
            threads: 1,
            is_fresh: false,
            file: "x.toml".to_owned(),
            command: Vec::new(),
            overrides: Vec::new(),
            on_progress: &|_| {},
            on_note: &|note| panic!("{note}"),
        }
    }

    #[test]
    fn what_another_run_leaves_between_look_and_lock_is_not_replaced() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = || Folder::inside(scratch.path(), "x");
        let (one, other) = (experiment(1), experiment(2));
        let slow = folder();
        assert!(matches!(look_around(&slow, &request(&other)), Ok(Around::Free(_))));
        assert!(matches!(produce(&folder(), &request(&one)), Ok(Done::Written { .. })));
        let before = slow.manifest().unwrap();
        assert!(before.is_some());

        let held = slow.hold(&|_| ()).unwrap();
        assert!(matches!(produce_held(&slow, &request(&other), &held), Err(RunError::Refused(_))));
        drop(held);
        assert_eq!(slow.manifest().unwrap(), before);
        assert!(!slow.has_partial(), "a run that has not begun leaves nothing");

        let held = slow.hold(&|_| ()).unwrap();
        assert!(matches!(produce_held(&slow, &request(&one), &held), Ok(Done::Nothing { .. })));
        held.finish().unwrap();
        assert!(!slow.has_partial());
    }

    #[test]
    fn a_folder_is_held_by_one_at_a_time_and_charts_wait_too() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = || Folder::inside(scratch.path(), "x");
        let one = experiment(1);
        produce(&folder(), &request(&one)).unwrap();
        let first = folder();
        let held = first.hold(&|_| ()).unwrap();
        assert!(matches!(folder().hold(&|_| ()), Err(HoldError::InUse(_))));
        let is_in_use = |error: &RunError| matches!(error, RunError::Hold(HoldError::InUse(_)));
        assert!(crate::report::redraw(&folder(), false, &|_| ()).is_err_and(|error| is_in_use(&error)));
        // Nothing to do: the rest belongs to the run in progress.
        assert!(matches!(produce(&folder(), &request(&one)), Ok(Done::Nothing { .. })));
        assert!(first.has_partial());
        held.finish().unwrap();
        crate::report::redraw(&folder(), false, &|_| ()).unwrap();
        assert!(!first.has_partial());
    }
}
