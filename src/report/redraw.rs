//! Charts without a simulation: drawn again from the tables of a finished run.

use std::collections::BTreeMap;
use std::time::Duration;

use super::draw::draw;
use super::folder::Folder;
use super::manifest::{Build, Manifest, sha256};
use super::produce::{Done, RESOLVED, Request, RunError, finish};
use super::record::{self, digests, inputs};
use crate::experiment::Experiment;
use crate::terminal::shown;

/// Draws the charts of `request` from the tables in the folder, which belong to the experiment `there`: only title or
/// charts have changed, or files without numbers are `damaged`.
///
/// # Errors
/// If a table cannot be read, or a chart cannot be drawn or written.
pub(super) fn change_charts(
    folder: &Folder,
    request: &Request,
    before: &Manifest,
    there: &Experiment,
    damaged: Vec<String>,
) -> Result<Done, RunError> {
    let charts = draw(request.experiment, false, |name| Ok(folder.read(name)?))?;
    let resolved = (RESOLVED.to_owned(), there.resolved_toml_with_charts_of(request.experiment).into_bytes());
    let mut files: Vec<_> = std::iter::once(resolved).chain(charts).collect();
    let mut manifest = record::manifest(request, &files, &before.identity, Duration::ZERO);
    let kept = before.results.iter().filter(|(name, _)| !name.starts_with("charts/") && *name != RESOLVED);
    manifest.results.extend(kept.map(|(name, digest)| (name.clone(), digest.clone())));
    manifest.inputs = inputs(there, request);
    manifest.cometsim_version.clone_from(&before.cometsim_version);
    manifest.git_commit.clone_from(&before.git_commit);
    manifest.target.clone_from(&before.target);
    manifest.redrawn_by = redrawn_by(before);
    manifest.run = before.run.clone();
    manifest.warnings.clone_from(&before.warnings);
    let accepted = request.experiment.accepted();
    manifest.warnings.iter_mut().for_each(|warning| warning.accepted = accepted.contains(&warning.id));
    folder.write(&files)?;
    files.push(record::file(&manifest)?);
    folder.write(&files[files.len() - 1..])?;
    folder.discard_others(before, &manifest)?;
    Ok(Done::Written { files: files.into_iter().map(|(name, _)| name).collect(), damaged })
}

/// This build, if it draws charts of a run of another build.
fn redrawn_by(before: &Manifest) -> Option<Build> {
    let this = Build::this();
    if Build::of(before) == this { None } else { Some(this) }
}

/// Draws the charts of a finished run again, from its CSV files, and records them in its manifest. Files that differ
/// from the manifest are refused; with `is_forced` charts and manifest say that they differ.
///
/// # Errors
/// If a table is missing or altered, or a chart cannot be drawn or written.
pub fn redraw(folder: &Folder, is_forced: bool, on_note: &dyn Fn(&str)) -> Result<Vec<String>, RunError> {
    let held = folder.hold(on_note)?;
    let manifest = folder.manifest()?;
    let (files, altered) = results_of(folder, manifest.as_ref());
    if !is_forced {
        check_altered(folder, manifest.as_ref(), &altered)?;
    }
    let read = |name: &str| match files.get(name) {
        Some(bytes) => Ok(bytes.clone()),
        None => Ok(folder.read(name)?),
    };
    let text = String::from_utf8(read(RESOLVED)?)
        .map_err(|_| RunError::Altered(format!("{} is no text", shown(&folder.path().join(RESOLVED)))))?;
    let path = folder.path().join(RESOLVED);
    let experiment = Experiment::from_text(&path.display().to_string(), &text, folder.path(), &[])
        .map_err(|errors| RunError::Experiment(Box::new(errors)))?;
    let is_complete = manifest.is_some() && altered.is_empty();
    let charts = draw(&experiment, !is_complete, read)?;
    folder.write(&charts)?;
    if let Some(mut manifest) = manifest {
        manifest.results.extend(digests(&charts));
        manifest.redrawn_by = redrawn_by(&manifest);
        manifest.altered = altered;
        folder.write(&[record::file(&manifest)?])?;
    }
    // Unfinished work beside incomplete results belongs to a run that will continue it.
    if is_complete {
        finish(held, on_note);
    }
    Ok(charts.into_iter().map(|(name, _)| name).collect())
}

/// All results except the charts, if they can be read, and the names of those that differ from the manifest.
fn results_of(folder: &Folder, manifest: Option<&Manifest>) -> (BTreeMap<String, Vec<u8>>, Vec<String>) {
    let (mut files, mut altered) = (BTreeMap::new(), Vec::new());
    let results = manifest.into_iter().flat_map(|manifest| &manifest.results);
    for (name, digest) in results.filter(|(name, _)| !name.starts_with("charts/")) {
        let bytes = folder.read(name).ok();
        if bytes.as_ref().is_none_or(|bytes| sha256(bytes) != *digest) {
            altered.push(name.clone());
        }
        files.extend(bytes.map(|bytes| (name.clone(), bytes)));
    }
    (files, altered)
}

fn check_altered(folder: &Folder, manifest: Option<&Manifest>, altered: &[String]) -> Result<(), RunError> {
    let path = shown(folder.path());
    let what = match manifest {
        None => format!("{path} has no manifest, which says what its files are"),
        Some(_) if altered.is_empty() => return Ok(()),
        Some(_) => {
            let files: String = altered.iter().map(|name| format!("\n  {name}")).collect();
            format!("{path} has files that are not what the manifest says:{files}")
        }
    };
    Err(RunError::Altered(format!(
        "{what}\nrun the experiment again for charts of its results, or add --force: the charts and the manifest then say \
         that they are not"
    )))
}
