//! From an experiment to a folder of results.

use std::time::Instant;

use sha2::{Digest, Sha256};

use super::draw::draw;
use super::existing::{Existing, existing_results};
use super::folder::{Folder, Held};
use super::leftovers::{remove, remove_if_any};
use super::manifest::{hex, identity};
use super::record::{self, NamedFiles};
use super::redraw::change_charts;
use super::request::{Done, RESOLVED, ReportError, RunRequest};
use super::results::csv_files;
use super::warnings;
use crate::experiment::Experiment;
use crate::runner::{self, Group, Journal, JournalError};

/// Runs an experiment and writes its results to `folder`, or finds that they are there.
///
/// # Errors
/// If the folder holds something else, or any step fails. Jobs that are finished by then are kept for the next run.
pub fn produce(folder: &Folder, request: &RunRequest) -> Result<Done, ReportError> {
    // Make and lock nothing if there is nothing to do: the folder may be read-only.
    if let Existing::Same(done) = existing_results(folder, request)? {
        remove_if_any(folder, request.on_note);
        return Ok(done);
    }
    let held = folder.hold(request.on_note)?;
    let done = produce_held(folder, request, &held)?;
    remove(held, request.on_note);
    Ok(done)
}

/// As [`produce`], in a folder that no other run can change.
fn produce_held(folder: &Folder, request: &RunRequest, held: &Held) -> Result<Done, ReportError> {
    let (replaced, damaged) = match existing_results(folder, request)? {
        Existing::Same(done) => return Ok(done),
        Existing::OtherCharts(other) => return change_charts(folder, request, *other),
        Existing::Free(damaged) => (None, damaged),
        Existing::Replaced(manifest) => (Some(manifest), Vec::new()),
    };
    folder.check_ways()?;
    let before = folder.manifest().ok().flatten();
    let identity = identity(request.experiment);
    let started = Instant::now();
    let of_warmup = warnings::settle_warmup(request.experiment, request.threads)?;
    let mut journal = open_journal(folder, request, held, &identity)?;
    if let Some(manifest) = replaced {
        folder.discard_results(&manifest)?;
    }
    let groups = runner::run(&request.experiment.plan(), request.threads, &mut journal, request.on_progress)?;
    drop(journal);
    let files = result_files(request.experiment, &groups)?;
    let mut manifest = record::manifest(request, &files, &hex(&identity), started.elapsed());
    manifest.warnings.extend(of_warmup);
    manifest.warnings.extend(warnings::of_results(request.experiment, &groups));
    let files = record::write(folder, files, &manifest)?;
    if let Some(before) = before {
        folder.discard_others(&before, &manifest)?;
    }
    Ok(Done::Written { files, damaged })
}

/// The journal of the jobs that an interrupted run has finished. They belong to an experiment with these numbers of
/// replications, which decide the numbers of the jobs.
fn open_journal(folder: &Folder, request: &RunRequest, held: &Held, identity: &[u8]) -> Result<Journal, ReportError> {
    let counts = request.experiment.replications_of_points();
    let work =
        counts.iter().fold(Sha256::new_with_prefix(identity), |work, count| work.chain_update(count.to_le_bytes()));
    let (file, path, is_quick) = (held.journal()?, folder.journal(), request.experiment.quick());
    Journal::open(file, &path, &work.finalize().into(), is_quick, request.is_fresh).map_err(|error| match error {
        JournalError::OtherExperiment { .. } => ReportError::Refused(error.to_string()),
        JournalError::File { .. } | JournalError::Foreign { .. } => ReportError::Journal(error),
    })
}

/// All results but the manifest: names and bytes.
fn result_files(experiment: &Experiment, groups: &[Group]) -> Result<NamedFiles, ReportError> {
    let tables = csv_files(experiment, groups)?;
    let charts = draw(experiment, false, &tables)?;
    let mut files = vec![(RESOLVED.to_owned(), experiment.resolved_toml().into_bytes())];
    files.extend(experiment.inputs().iter().map(|input| (format!("inputs/{}", input.name), input.bytes.clone())));
    files.extend(tables.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())));
    files.extend(charts);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::folder::HoldError;

    fn experiment(seed: u32) -> Experiment {
        let text = format!(
            "[experiment]\nseed = {seed}\nreplications = 1\nwarmup = \"45 s\"\nduration = \"60 s\"\n[clients]\ncount = 2\n\
             [[transport]]\nname = \"polls\"\nshort_poll = {{ interval = \"5 s\" }}\n"
        );
        Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap()
    }

    fn request(experiment: &Experiment) -> RunRequest<'_> {
        RunRequest {
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
        assert!(matches!(existing_results(&slow, &request(&other)), Ok(Existing::Free(_))));
        assert!(matches!(produce(&folder(), &request(&one)), Ok(Done::Written { .. })));
        let before = slow.manifest().unwrap();
        assert!(before.is_some());

        let held = slow.hold(&|_| ()).unwrap();
        assert!(matches!(produce_held(&slow, &request(&other), &held), Err(ReportError::Refused(_))));
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
        let is_in_use = |error: &ReportError| matches!(error, ReportError::Hold(HoldError::InUse(_)));
        assert!(crate::report::redraw(&folder(), false, &|_| ()).is_err_and(|error| is_in_use(&error)));
        // Nothing to do: the rest belongs to the run in progress.
        assert!(matches!(produce(&folder(), &request(&one)), Ok(Done::Nothing { .. })));
        assert!(first.has_partial());
        held.finish().unwrap();
        crate::report::redraw(&folder(), false, &|_| ()).unwrap();
        assert!(!first.has_partial());
    }
}
