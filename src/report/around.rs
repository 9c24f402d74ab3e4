//! The contents of a folder before a run, and whether the run may use it.

use super::folder::Folder;
use super::manifest::{Manifest, build, digest, hex, sha256};
use super::produce::{RESOLVED, Request, RunError};
use super::results::csv_files;
use super::table::CsvTable;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::terminal::shown;

/// More keys than this are not named if two experiments differ.
const MOST_KEYS: usize = 6;
/// Help for a folder that holds something else.
const ELSEWHERE: &str = "choose another folder with --out, or add --fresh to replace them";

/// The contents of a folder before a run.
pub(super) enum Around {
    /// The results of the same experiment, undamaged; columns of this program that they lack.
    Same(Box<Manifest>, Vec<String>),
    /// The numbers of the same experiment, with other charts or another title, or with these files damaged, which
    /// contain no numbers.
    OtherCharts(Box<Manifest>, Box<Experiment>, Vec<String>),
    /// No finished results, or results of the same experiment in which these files are damaged.
    Free(Vec<String>),
    /// Results to be replaced.
    Replaced(Box<Manifest>),
}

/// Examines the folder to which a run will write.
///
/// # Errors
/// If it holds anything that must not be replaced.
pub(super) fn look_around(folder: &Folder, request: &Request) -> Result<Around, RunError> {
    let path = shown(folder.path());
    let refused = |reason: String| Err(RunError::Refused(reason));
    if !folder.is_there()? {
        return Ok(Around::Free(Vec::new()));
    }
    let manifest = match folder.manifest() {
        Ok(None) => {
            check_files(folder, request)?;
            return Ok(Around::Free(Vec::new()));
        }
        Ok(Some(manifest)) => manifest,
        Err(_) if request.is_fresh => return Ok(Around::Free(Vec::new())),
        Err(error) => {
            let error = anyhow::Error::new(error);
            return refused(format!(
                "{path} holds results that cannot be read ({error:#}): add --fresh to replace them, or choose another \
                 folder with --out"
            ));
        }
    };
    if request.is_fresh {
        return Ok(Around::Replaced(Box::new(manifest)));
    }
    let identity = request.experiment.identity();
    let is_same = manifest.results_version == RESULTS_VERSION && manifest.identity == hex(&digest(&identity));
    // A smoke run may always be replaced.
    if manifest.quick && !is_same {
        return Ok(Around::Replaced(Box::new(manifest)));
    }
    if manifest.results_version != RESULTS_VERSION {
        return refused(format!(
            "{path} holds results of version {}, written by cometsim {}; cometsim {} gives version {RESULTS_VERSION}, \
             with other numbers (see CHANGELOG.md): {ELSEWHERE}",
            manifest.results_version,
            manifest.cometsim_version,
            build().0
        ));
    }
    let there = experiment_of(folder, &manifest)?;
    if !is_same {
        let title = &manifest.title;
        if request.experiment.quick() {
            let what = "a full run, and a quick one is no match for them";
            return refused(format!("{path} holds the results of {what} (`{title}`): {ELSEWHERE}"));
        }
        let mut differences = there.identity().differences(&identity);
        let more = differences.len().saturating_sub(MOST_KEYS);
        differences.truncate(MOST_KEYS);
        if more > 0 {
            differences.push(format!("and {more} more"));
        }
        let differences: String = differences.iter().map(|difference| format!("\n  {difference}")).collect();
        return refused(format!(
            "{path} holds the results of a different experiment (`{title}`):{differences}\n{ELSEWHERE}"
        ));
    }
    if let Err(error) = check_replications(&path, &there, request.experiment) {
        return if manifest.quick { Ok(Around::Replaced(Box::new(manifest))) } else { Err(error) };
    }
    let mut damaged = folder.damaged(&manifest);
    if !manifest.altered.is_empty() {
        let charts = manifest.results.keys().filter(|name| name.starts_with("charts/"));
        damaged.extend(charts.filter(|name| !damaged.contains(name)).cloned().collect::<Vec<_>>());
    }
    if damaged.iter().any(|name| *name != RESOLVED && !name.starts_with("charts/")) {
        return Ok(Around::Free(damaged));
    }
    let missing = missing_columns(folder, request.experiment)?;
    let here = request.experiment;
    let is_whole = damaged.is_empty();
    if is_whole
        && there.title() == here.title()
        && there.charts() == here.charts()
        && there.accepted() == here.accepted()
    {
        return Ok(Around::Same(Box::new(manifest), missing));
    }
    check_charts(&path, request.experiment, &manifest, &missing)?;
    Ok(Around::OtherCharts(Box::new(manifest), Box::new(there), damaged))
}

/// Refuses to overwrite files without a manifest or unfinished work of this program.
fn check_files(folder: &Folder, request: &Request) -> Result<(), RunError> {
    if request.is_fresh || folder.has_unfinished_work() {
        return Ok(());
    }
    let mut names = vec![RESOLVED.to_owned()];
    names.extend(csv_files(request.experiment, &[])?.into_iter().map(|(name, _)| name.to_owned()));
    for chart in request.experiment.charts() {
        names.extend(["svg", "png"].map(|ending| format!("charts/{}.{ending}", chart.name)));
    }
    names.extend(request.experiment.inputs().iter().map(|input| format!("inputs/{}", input.name)));
    let Some(name) = names.into_iter().find(|name| folder.has(name)) else { return Ok(()) };
    Err(RunError::Refused(format!(
        "{} has a file {name}, and no manifest says that it is of an earlier run: move it away, {ELSEWHERE}",
        shown(folder.path())
    )))
}

/// The experiment of the results in a folder. A run that was interrupted while only title or charts changed has left
/// the file of the next experiment; only the numbers have to be of the same experiment.
fn experiment_of(folder: &Folder, manifest: &Manifest) -> Result<Experiment, RunError> {
    let path = shown(folder.path());
    let refused = |why: String| RunError::Refused(format!("{path} holds results whose {RESOLVED} {why}: {ELSEWHERE}"));
    let altered = || refused("is not what the manifest says".to_owned());
    let bytes = folder.read(RESOLVED).map_err(|_| altered())?;
    let is_whole = manifest.results.get(RESOLVED) == Some(&sha256(&bytes));
    let text = String::from_utf8(bytes).map_err(|_| altered())?;
    let (there, here) = (&manifest.cometsim_version, build().0);
    let name = folder.path().join(RESOLVED).display().to_string();
    match Experiment::from_text(&name, &text, folder.path(), &[]) {
        Ok(there) if is_whole || hex(&digest(&there.identity())) == manifest.identity => Ok(there),
        Err(_) if is_whole => {
            Err(refused(format!("was written by cometsim {there}, and cometsim {here} cannot read it")))
        }
        _ => Err(altered()),
    }
}

/// More or fewer replications are the same experiment, but other results.
fn check_replications(path: &str, there: &Experiment, here: &Experiment) -> Result<(), RunError> {
    let (there, here) = (there.replications_of_points(), here.replications_of_points());
    let Some(point) = there.iter().zip(&here).position(|(there, here)| there != here) else { return Ok(()) };
    let is_uniform = |counts: &[u32]| counts.iter().all(|count| *count == counts[0]);
    let (there_count, here_count) = (there[point], here[point]);
    Err(RunError::Refused(if is_uniform(&there) && is_uniform(&here) {
        format!(
            "{path} holds this experiment with {there_count} replications, and {here_count} are asked for: keep them with \
             --replications {there_count}, choose another folder with --out, or add --fresh to replace them"
        )
    } else {
        format!(
            "{path} holds this experiment with {there_count} replications of point {point}, and {here_count} are asked \
             for: {ELSEWHERE}"
        )
    }))
}

/// The columns of this program's tables that those in the folder lack.
fn missing_columns(folder: &Folder, experiment: &Experiment) -> Result<Vec<String>, RunError> {
    let mut missing = Vec::new();
    for (name, text) in csv_files(experiment, &[])? {
        let here = CsvTable::parse(&text)?;
        // A missing table lacks all its columns.
        let bytes = folder.read(name).unwrap_or_default();
        let there = CsvTable::parse(&String::from_utf8_lossy(&bytes))?;
        missing.extend(here.header.into_iter().filter(|column| there.column(column).is_none()));
    }
    Ok(missing)
}

/// Refuses to draw columns that the tables lack.
fn check_charts(path: &str, experiment: &Experiment, manifest: &Manifest, missing: &[String]) -> Result<(), RunError> {
    for chart in experiment.charts() {
        let mut columns = chart.y.iter().chain(&chart.x).chain(&chart.value);
        if let Some(column) = columns.find(|column| missing.contains(column)) {
            return Err(RunError::Refused(format!(
                "the chart `{}` shows `{column}`, which the results of cometsim {} in {path} do not have: {ELSEWHERE}",
                chart.name, manifest.cometsim_version
            )));
        }
    }
    Ok(())
}
