//! Charts without a simulation: drawn again from the tables of a finished run.

use std::collections::BTreeMap;
use std::time::Duration;

use super::answer::{self, Remarks};
use super::codebook::columns_csv;
use super::draw::{CHARTS, draw, draw_some};
use super::existing::OtherCharts;
use super::folder::{Folder, Sharing};
use super::inference::{compared_metrics, is_inferred, judge, named, names, tables};
use super::leftovers;
use super::manifest::{Build, Manifest, sha256};
use super::page::{self, PageSource};
use super::picture_wish::PictureWish;
use super::record::{self, digests, inputs};
use super::request::{Done, RESOLVED, ReportError, RunRequest};
use super::results::{is_view, viewed_files};
use super::stored::{experiment_of, groups_of};
use super::table::CsvTable;
use super::tables::{COLUMNS, SUMMARY, TABLES, TextFile};
use super::tried::with_points_of;
use crate::experiment::Experiment;
use crate::terminal::shown;

/// Draws the charts of `request` from the tables in the folder, whose numbers are those of its experiment.
pub(super) fn change_charts(folder: &Folder, request: &RunRequest, other: OtherCharts) -> Result<Done, ReportError> {
    let OtherCharts { manifest: before, experiment: there, damaged } = other;
    let viewed = viewed_files(&there, |name| folder.read(name))?;
    let experiment = with_points_of(request.experiment, &summary_of(&viewed)?)?;
    let mut files = vec![(RESOLVED.to_owned(), there.resolved_toml_with_charts_of(request.experiment).into_bytes())];
    let mut warnings = before.warnings.clone();
    let accepted = request.experiment.accepted();
    for warning in &mut warnings {
        warning.accepted = accepted.contains(&warning.id);
    }
    // A damaged experiment may be that of a run that was interrupted before it wrote these tables.
    let keeps_inferred =
        !damaged.iter().any(|name| name == RESOLVED || is_inferred(name)) && asks_the_same(&there, request.experiment);
    let mut claims = Vec::new();
    if keeps_inferred {
        claims.clone_from(&before.claims);
    } else {
        let mut inferred = Vec::new();
        if !names(&experiment).is_empty() {
            let (_, groups) = groups_of(folder, &there, request.threads, request.on_progress)?;
            claims = judge(&experiment, &groups);
            inferred = tables(&experiment, &groups, &claims)?;
        }
        files.extend(codebook(folder, &before, (&experiment, &inferred))?);
        files.extend(named(inferred));
    }
    let remarks = Remarks { warnings: &warnings, claims: &claims, is_altered: false };
    files.push(answer::file(&experiment, &viewed, remarks)?);
    files.extend(draw(&experiment, false, &viewed)?);
    let mut manifest = record::manifest(request, &files, &before.identity, Duration::ZERO);
    let kept = before.results.iter().filter(|(name, _)| !is_view(name) && *name != RESOLVED);
    let kept = kept.filter(|(name, _)| keeps_inferred || !(is_inferred(name) || *name == COLUMNS));
    manifest.results.extend(kept.map(|(name, digest)| (name.clone(), digest.clone())));
    manifest.inputs = inputs(&there, request);
    manifest.cometsim_version.clone_from(&before.cometsim_version);
    manifest.git_commit.clone_from(&before.git_commit);
    manifest.target.clone_from(&before.target);
    manifest.redrawn_by = redrawn_by(&before);
    manifest.run = before.run.clone();
    let page = page::file(&PageSource {
        experiment: &experiment,
        tables: &viewed,
        resolved: &there.resolved_toml_with_charts_of(request.experiment),
        remarks,
        manifest: Some(&manifest),
    })?;
    manifest.results.extend(digests(std::slice::from_ref(&page)));
    files.push(page);
    manifest.warnings = warnings;
    manifest.claims = claims;
    let files = record::write(folder, files, &manifest)?;
    folder.discard_others(&before, &manifest)?;
    Ok(Done::Written { files, damaged })
}

/// The table with a row per point.
fn summary_of(tables: &[TextFile]) -> Result<CsvTable, csv::Error> {
    CsvTable::parse(tables.iter().find(|(name, _)| *name == SUMMARY).map_or("", |(_, text)| text))
}

/// The codebook of the tables in a folder that has one, with these in place of what was inferred before.
fn codebook(
    folder: &Folder,
    before: &Manifest,
    (experiment, inferred): (&Experiment, &[TextFile]),
) -> Result<Option<(String, Vec<u8>)>, ReportError> {
    if !before.results.contains_key(COLUMNS) {
        return Ok(None);
    }
    let mut described = Vec::new();
    for name in TABLES.into_iter().filter(|name| before.results.contains_key(*name) && !is_inferred(name)) {
        described.push((name, String::from_utf8_lossy(&folder.read(name)?).into_owned()));
    }
    described.extend(inferred.iter().cloned());
    Ok(Some((COLUMNS.to_owned(), columns_csv(experiment, &described)?.into_bytes())))
}

/// Whether both experiments have the same comparison and the same claims.
fn asks_the_same(one: &Experiment, other: &Experiment) -> bool {
    (one.baseline(), one.claims()) == (other.baseline(), other.claims())
        && (one.baseline().is_none() || compared_metrics(one) == compared_metrics(other))
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
pub fn redraw(folder: &Folder, is_forced: bool, on_note: &dyn Fn(&str)) -> Result<Vec<String>, ReportError> {
    let held = folder.hold(Sharing::Alone, on_note)?;
    let StoredTables { manifest, altered, experiment, resolved, tables } = StoredTables::read(folder, is_forced)?;
    let is_complete = manifest.is_some() && altered.is_empty();
    let mut views = draw(&experiment, !is_complete, &tables)?;
    let (warnings, claims) =
        manifest.as_ref().map_or((&[][..], &[][..]), |manifest| (&manifest.warnings, &manifest.claims));
    let remarks = Remarks { warnings, claims, is_altered: !is_complete };
    views.push(answer::file(&experiment, &tables, remarks)?);
    views.push(page::file(&PageSource {
        experiment: &*with_points_of(&experiment, &summary_of(&tables)?)?,
        tables: &tables,
        resolved: &resolved,
        remarks,
        manifest: manifest.as_ref(),
    })?);
    folder.write(&views)?;
    if let Some(mut manifest) = manifest {
        manifest.results.extend(digests(&views));
        manifest.redrawn_by = redrawn_by(&manifest);
        manifest.altered = altered;
        folder.write(&[record::file(&manifest)?])?;
    }
    // Unfinished work beside results that are not complete belongs to a run that can continue.
    if is_complete {
        leftovers::remove(held, on_note);
    }
    Ok(views.into_iter().map(|(name, _)| name).collect())
}

/// Draws charts of a finished run again, from its CSV files, for another place: nothing in the folder changes. Files that
/// differ from the manifest are refused; with `is_forced` the charts say that they differ.
///
/// # Errors
/// If a table is missing or altered, or no chart has a name that is wished for, or a chart cannot be drawn.
pub fn pictures(folder: &Folder, is_forced: bool, wish: &PictureWish) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let stored = StoredTables::read(folder, is_forced)?;
    let is_complete = stored.manifest.is_some() && stored.altered.is_empty();
    let charts = wish.charts(stored.experiment.charts())?;
    let drawn = draw_some(&stored.experiment, &charts, !is_complete, (&stored.tables, &wish.formats))?;
    let bare = |name: String| name.strip_prefix(CHARTS).map(str::to_owned).unwrap_or(name);
    Ok(drawn.into_iter().map(|(name, bytes)| (bare(name), bytes)).collect())
}

/// The tables of a folder, and what they are tables of.
struct StoredTables {
    manifest: Option<Manifest>,
    /// The files that differ from the manifest.
    altered: Vec<String>,
    experiment: Experiment,
    /// The text of the experiment.
    resolved: String,
    tables: Vec<TextFile>,
}

impl StoredTables {
    /// Reads them; altered ones are refused unless `is_forced`.
    fn read(folder: &Folder, is_forced: bool) -> Result<StoredTables, ReportError> {
        let manifest = folder.manifest()?;
        let (files, altered) = results_of(folder, manifest.as_ref());
        if !is_forced {
            check_altered(folder, manifest.as_ref(), &altered)?;
        }
        let read = |name: &str| match files.get(name) {
            Some(bytes) => Ok(bytes.clone()),
            None => folder.read(name),
        };
        let resolved = read(RESOLVED)?;
        let experiment = experiment_of(folder, resolved.clone())?;
        let tables = viewed_files(&experiment, read)?;
        let resolved = String::from_utf8_lossy(&resolved).into_owned();
        Ok(StoredTables { manifest, altered, experiment, resolved, tables })
    }
}

/// All results except the charts, if they can be read, and the names of those that differ from the manifest.
fn results_of(folder: &Folder, manifest: Option<&Manifest>) -> (BTreeMap<String, Vec<u8>>, Vec<String>) {
    let (mut files, mut altered) = (BTreeMap::new(), Vec::new());
    let results = manifest.into_iter().flat_map(|manifest| &manifest.results);
    for (name, digest) in results.filter(|(name, _)| !is_view(name)) {
        let bytes = folder.read(name).ok();
        if bytes.as_ref().is_none_or(|bytes| sha256(bytes) != *digest) {
            altered.push(name.clone());
        }
        files.extend(bytes.map(|bytes| (name.clone(), bytes)));
    }
    (files, altered)
}

fn check_altered(folder: &Folder, manifest: Option<&Manifest>, altered: &[String]) -> Result<(), ReportError> {
    let path = shown(folder.path());
    let what = match manifest {
        None => format!("{path} has no manifest, which says what its files are"),
        Some(_) if altered.is_empty() => return Ok(()),
        Some(_) => {
            let files: String = altered.iter().map(|name| format!("\n  {name}")).collect();
            format!("{path} has files that are not what the manifest says:{files}")
        }
    };
    Err(ReportError::Altered(format!(
        "{what}\nrun the experiment again for charts of its results, or add --force: the charts and the manifest then say \
         that they are not"
    )))
}
