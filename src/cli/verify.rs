//! `cometsim verify`: run it again, compare every result byte for byte.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::Failure;
use super::failure::{print_warnings, require_results};
use super::interrupt::handle_interrupts;
use super::progress::Progress;
use super::say::say;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::report::{Folder, MANIFEST, Manifest, RESOLVED, Request, identity, identity_hex, produce};
use crate::runner::Jobs;

/// Runs the experiment in the folder again in a temporary folder and compares.
pub(super) fn verify(path: &Path, threads: usize, is_quiet: bool) -> Result<(), Failure> {
    require_results(path, MANIFEST)?;
    handle_interrupts();
    let folder = Folder::new(path);
    let bytes = folder.read(MANIFEST).map_err(|error| Failure::Wrong(error.into()))?;
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .with_context(|| format!("{} cannot be read", path.join(MANIFEST).display()))
        .map_err(Failure::Wrong)?;
    let mut differences: Vec<String> = folder
        .damaged(&manifest)
        .iter()
        .map(|name| format!("{name}: the file is not what the manifest says"))
        .collect();
    if manifest.results_version != RESULTS_VERSION {
        differences.push(format!(
            "results version {} was written by cometsim {}; this is version {RESULTS_VERSION}: see CHANGELOG.md",
            manifest.results_version, manifest.cometsim_version
        ));
    }
    let experiment = match Experiment::load(&path.join(RESOLVED), &[]) {
        Ok(experiment) => experiment,
        // Without what it ran from, nothing can be run again.
        Err(_) if !differences.is_empty() => return tell(path, &differences),
        Err(errors) => return Err(Failure::File(errors.into())),
    };
    if identity_hex(&identity(&experiment)) != manifest.identity {
        differences.push(format!("{RESOLVED}: it is not the experiment that the manifest names"));
    }
    differences.extend(run_again(&experiment, &manifest, threads, is_quiet)?);
    print_warnings(&folder, |_| true)?;
    if differences.is_empty() {
        return say(format_args!("{}: {} results are the same, byte for byte", path.display(), manifest.results.len()));
    }
    tell(path, &differences)
}

/// Prints what differs, and fails.
fn tell(path: &Path, differences: &[String]) -> Result<(), Failure> {
    for difference in differences {
        say(difference)?;
    }
    Err(Failure::Differs(anyhow!("{}: {} difference(s)", path.display(), differences.len())))
}

/// What differs between the results of a new run and those of the manifest.
fn run_again(
    experiment: &Experiment,
    manifest: &Manifest,
    threads: usize,
    is_quiet: bool,
) -> Result<Vec<String>, Failure> {
    let temporary = tempfile::tempdir().context("cannot make a temporary folder")?;
    let progress = Progress::new("verify", Jobs::of(experiment).count(), is_quiet);
    let folder = Folder::new(temporary.path().join("again"));
    let request = Request {
        experiment,
        threads,
        is_fresh: false,
        file: RESOLVED.to_owned(),
        command: Vec::new(),
        overrides: Vec::new(),
        on_progress: &|done| progress.report(done),
    };
    produce(&folder, &request)?;
    progress.finish();
    let again = folder.manifest()?.ok_or_else(|| anyhow!("the new run left no manifest"))?;
    let names =
        manifest.results.keys().chain(again.results.keys().filter(|name| !manifest.results.contains_key(*name)));
    let differs = |name: &&String| manifest.results.get(*name) != again.results.get(*name);
    Ok(names.filter(differs).map(|name| format!("{name}: a new run gives other bytes")).collect())
}
