//! From an experiment to a folder of results.

use std::collections::BTreeSet;
use std::time::Instant;

use super::answer::{self, Remarks};
use super::draw::draw;
use super::existing::{Existing, existing_results};
use super::extended;
use super::folder::{Folder, Held, Sharing};
use super::inference::{judge, tables};
use super::leftovers::{remove, remove_if_any};
use super::manifest::{Manifest, hex, identity};
use super::page::{self, PageSource};
use super::record::{self, NamedFiles, digests};
use super::redraw::change_charts;
use super::request::{Done, RESOLVED, ReportError, RunRequest, Simulator, TOTALS};
use super::results::all_csv_files;
use super::simulate::{Simulated, simulate};
use super::stored::totals_in;
use super::tables::{SEARCH, TextFile};
use super::warnings;
use crate::experiment::Experiment;
use crate::experiment::warning::Warning;
use crate::runner::{Group, Journal, JournalError, RecordName, TaskParts};

/// A larger store is not kept: it would have to be read and written as a whole.
const MOST_STORED: usize = 256 << 20;

/// Runs an experiment and writes its results to `folder`, or finds that they are there.
///
/// # Errors
/// If the folder holds something else, or any step fails. Jobs that are finished by then are kept for the next run.
pub fn produce(folder: &Folder, request: &RunRequest) -> Result<Done, ReportError> {
    // Make and lock nothing if there is nothing to do: the folder may be read-only.
    if let Existing::Same(done) = existing_results(folder, request)? {
        remove_if_any(folder, Sharing::Alone, request.on_note);
        return Ok(done);
    }
    let held = folder.hold(Sharing::Alone, request.on_note)?;
    let done = produce_held(folder, request, &held)?;
    remove(held, request.on_note);
    Ok(done)
}

/// As [`produce`], in a folder that no other run can change.
fn produce_held(folder: &Folder, request: &RunRequest, held: &Held) -> Result<Done, ReportError> {
    let before = match Before::of(folder, request)? {
        Ok(before) => before,
        Err(done) => return Ok(done),
    };
    let started = Instant::now();
    let of_warmup = warnings::settle_warmup(request.experiment, request.threads)?;
    before.check(folder, request)?;
    let mut journal = open_journal(folder, request, held)?;
    before.discard(folder)?;
    let simulated = simulate(simulator(request), &mut journal)?;
    write((folder, request), (simulated, journal), (&before, of_warmup), started)
}

/// Writes the results of the tasks of a plan, of which `parts` has the replications, or finds that they are there.
/// `of_warmup` are the warnings about the warm-up that the plan has chosen. Several processes may do this at once: they
/// write the same bytes.
///
/// # Errors
/// As [`produce`], and if replications are lacking; then nothing was changed.
pub(super) fn produce_merged(
    folder: &Folder,
    request: &RunRequest,
    (parts, of_warmup): (TaskParts, Vec<Warning>),
) -> Result<Done, ReportError> {
    let started = Instant::now();
    let mut journal = Journal::none().with_earlier(totals_in(folder)?).with_parts(parts);
    let simulated = simulate(simulator(request), &mut journal)?;
    let held = folder.hold(Sharing::SameBytes, request.on_note)?;
    let done = match Before::of(folder, request)? {
        Ok(before) => {
            before.check(folder, request)?;
            let identity = identity(request.experiment);
            Journal::mark(&held.journal()?, &folder.journal(), &identity, request.experiment.quick())?;
            before.discard(folder)?;
            write((folder, request), (simulated, journal), (&before, of_warmup), started)?
        }
        Err(done) => done,
    };
    remove(held, request.on_note);
    Ok(done)
}

fn simulator<'a>(request: &RunRequest<'a>) -> Simulator<'a> {
    let RunRequest { experiment, threads, on_progress, .. } = *request;
    Simulator { experiment, threads, on_progress, keeps_pairs: false }
}

/// What a folder holds when its results are about to be written.
struct Before {
    manifest: Option<Manifest>,
    /// Results that are not added to.
    replaced: Option<Box<Manifest>>,
    /// Files of the same results that are missing or altered.
    damaged: Vec<String>,
}

impl Before {
    /// What is in the folder, or the outcome if nothing is to be simulated.
    ///
    /// # Errors
    /// If the folder holds anything that must not be replaced.
    fn of(folder: &Folder, request: &RunRequest) -> Result<Result<Before, Done>, ReportError> {
        let (replaced, damaged) = match existing_results(folder, request)? {
            Existing::Same(done) => return Ok(Err(done)),
            Existing::OtherCharts(other) => return Ok(Err(change_charts(folder, request, *other)?)),
            Existing::Free(damaged) => (None, damaged),
            Existing::Replaced(manifest) => (Some(manifest), Vec::new()),
        };
        folder.check_ways()?;
        Ok(Ok(Before { manifest: folder.manifest().ok().flatten(), replaced, damaged }))
    }

    /// Says what of the results is replaced, if they are added to.
    ///
    /// # Errors
    /// If they have another warm-up.
    fn check(&self, folder: &Folder, request: &RunRequest) -> Result<(), ReportError> {
        match (&self.replaced, &self.manifest) {
            (None, Some(manifest)) => extended::check(folder, request, manifest),
            _ => Ok(()),
        }
    }

    /// Removes results that are not added to.
    ///
    /// # Errors
    /// If that cannot be done.
    fn discard(&self, folder: &Folder) -> Result<(), ReportError> {
        Ok(self.replaced.iter().try_for_each(|manifest| folder.discard_results(manifest))?)
    }
}

/// Writes what was simulated, and removes what only the results `before` had.
fn write(
    (folder, request): (&Folder, &RunRequest),
    (simulated, journal): (Simulated, Journal),
    (before, of_warmup): (&Before, Vec<Warning>),
    started: Instant,
) -> Result<Done, ReportError> {
    let Simulated { experiment, groups, answers } = simulated;
    let mut warnings = experiment.foreseen().to_vec();
    warnings.extend(of_warmup);
    warnings.extend(warnings::of_results(&experiment, &groups));
    let claims = judge(&experiment, &groups);
    let mut more: Vec<TextFile> = answers.map(|table| (SEARCH, table)).into_iter().collect();
    more.extend(tables(&experiment, &groups, &claims)?);
    let tables = all_csv_files(&experiment, &groups, more)?;
    let remarks = Remarks { warnings: &warnings, claims: &claims, is_altered: false };
    let mut files = result_files(&experiment, &tables, remarks)?;
    files.extend(stored(&journal, (&experiment, &groups), request.on_note)?);
    drop(journal);
    let identity = hex(&identity(request.experiment));
    let mut manifest = record::manifest(request, &files, &identity, started.elapsed());
    let page = page::file(&PageSource {
        experiment: &experiment,
        tables: &tables,
        resolved: &experiment.resolved_toml(),
        remarks,
        manifest: Some(request.repeats.unwrap_or(&manifest)),
    })?;
    manifest.results.extend(digests(std::slice::from_ref(&page)));
    files.push(page);
    manifest.claims = claims;
    manifest.warnings = warnings;
    let files = record::write(folder, files, &manifest)?;
    if let Some(before) = &before.manifest {
        folder.discard_others(before, &manifest)?;
    }
    Ok(Done::Written { files, damaged: before.damaged.clone() })
}

/// The totals of the groups as a file, if it is not too large. Replications that a higher precision has left stay there.
fn stored(
    journal: &Journal,
    (experiment, groups): (&Experiment, &[Group]),
    on_note: &dyn Fn(&str),
) -> Result<Option<(String, Vec<u8>)>, ReportError> {
    let earlier = |group: &Group| if experiment.precision().is_some() { journal.earlier(group.key) } else { 0 };
    let store = journal.store(replications_of(groups, earlier), MOST_STORED)?;
    if store.is_none() {
        on_note(&format!(
            "note: {TOTALS} would be too large and is left out: more replications will start from the beginning"
        ));
    }
    Ok(store.map(|bytes| (TOTALS.to_owned(), bytes)))
}

/// The journal of the jobs that an interrupted run has finished, with those of the results in the folder.
fn open_journal(folder: &Folder, request: &RunRequest, held: &Held) -> Result<Journal, ReportError> {
    let (file, path, is_quick) = (held.journal()?, folder.journal(), request.experiment.quick());
    let identity = identity(request.experiment);
    let journal = Journal::open(file, &path, &identity, is_quick, request.is_fresh).map_err(|error| match error {
        JournalError::OtherExperiment { .. } => ReportError::Refused(error.to_string()),
        _ => ReportError::Journal(error),
    })?;
    if request.is_fresh {
        return Ok(journal);
    }
    Ok(journal.with_earlier(totals_in(folder)?))
}

/// The replications of the groups, as many as they have or as `earlier` gives, each once: two transports may have the
/// same scenario.
fn replications_of(groups: &[Group], earlier: impl Fn(&Group) -> u32) -> impl Iterator<Item = RecordName> {
    let mut seen = BTreeSet::new();
    let count = move |group: &Group| (group.replications.len() as u32).max(earlier(group));
    let all = groups.iter().flat_map(move |group| (0..count(group)).map(|number| (group.key, number)));
    all.filter(move |name| seen.insert(*name))
}

/// All results but the page and the manifest, from the tables: names and bytes.
fn result_files(experiment: &Experiment, tables: &[TextFile], remarks: Remarks) -> Result<NamedFiles, ReportError> {
    let charts = draw(experiment, false, tables)?;
    let answer = answer::file(experiment, tables, remarks)?;
    let mut files = vec![(RESOLVED.to_owned(), experiment.resolved_toml().into_bytes())];
    files.extend(experiment.inputs().iter().map(|input| (format!("inputs/{}", input.name), input.bytes.clone())));
    files.extend(tables.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())));
    files.push(answer);
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
            repeats: None,
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

        let held = slow.hold(Sharing::Alone, &|_| ()).unwrap();
        assert!(matches!(produce_held(&slow, &request(&other), &held), Err(ReportError::Refused(_))));
        drop(held);
        assert_eq!(slow.manifest().unwrap(), before);
        assert!(!slow.has_partial(), "a run that has not begun leaves nothing");

        let held = slow.hold(Sharing::Alone, &|_| ()).unwrap();
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
        let held = first.hold(Sharing::Alone, &|_| ()).unwrap();
        assert!(matches!(folder().hold(Sharing::Alone, &|_| ()), Err(HoldError::InUse(_))));
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
