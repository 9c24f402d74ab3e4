//! The record of a run: its manifest.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::clock::utc;
use super::folder::Folder;
use super::manifest::{MANIFEST, Manifest, RunFacts, build, sha256};
use super::question::question;
use super::request::{ReportError, RunRequest};
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::units::Time;

/// Files with their names in the folder.
pub(super) type NamedFiles = Vec<(String, Vec<u8>)>;

/// The manifest as a file.
pub(super) fn file(manifest: &Manifest) -> Result<(String, Vec<u8>), ReportError> {
    let mut text = serde_json::to_string_pretty(manifest)?;
    text.push('\n');
    Ok((MANIFEST.to_owned(), text.into_bytes()))
}

/// Writes the files of a run and then its manifest, which vouches for them; gives the names of all.
pub(super) fn write(folder: &Folder, mut files: NamedFiles, manifest: &Manifest) -> Result<Vec<String>, ReportError> {
    // The manifest follows when the others are on the disk.
    folder.write(&files)?;
    files.push(file(manifest)?);
    folder.write(&files[files.len() - 1..])?;
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// The digests of files, by their names.
pub(super) fn digests(files: &[(String, Vec<u8>)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect()
}

/// The digests of the input files of `experiment`, and of the experiment file.
pub(super) fn inputs(experiment: &Experiment, request: &RunRequest) -> BTreeMap<String, String> {
    let inputs = experiment.inputs().iter().map(|input| (input.name.clone(), sha256(&input.bytes)));
    inputs.chain([(request.file.clone(), sha256(request.experiment.text().as_bytes()))]).collect()
}

/// The manifest of a run that wrote `files` and took `elapsed`.
pub(super) fn manifest(
    request: &RunRequest,
    files: &[(String, Vec<u8>)],
    identity: &str,
    elapsed: Duration,
) -> Manifest {
    let (cometsim_version, git_commit, target) = build();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Manifest {
        cometsim_version: cometsim_version.to_owned(),
        results_version: RESULTS_VERSION,
        git_commit: git_commit.to_owned(),
        target: target.to_owned(),
        title: request.experiment.title().to_owned(),
        question: question(request.experiment.text()),
        seed: request.experiment.seed(),
        quick: request.experiment.quick(),
        chosen_warmup_s: request.experiment.chosen_warmup().map(Time::as_secs_f64),
        command: request.command.clone(),
        overrides: request.overrides.clone(),
        identity: identity.to_owned(),
        inputs: inputs(request.experiment, request),
        results: digests(files),
        warnings: request.experiment.foreseen().to_vec(),
        redrawn_by: None,
        altered: Vec::new(),
        claims: Vec::new(),
        run: RunFacts {
            time: utc(SystemTime::now()),
            host: format!("{} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH),
            threads: if request.threads == 0 { cores } else { request.threads },
            duration_s: elapsed.as_millis() as f64 / 1000.0,
        },
    }
}
