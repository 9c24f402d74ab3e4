//! From an experiment to a folder of results.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest, Sha256};

use super::around::{Around, look_around};
use super::chart::{self, ChartError, Context, Tables};
use super::folder::{Folder, FolderError};
use super::manifest::{Build, MANIFEST, Manifest, RunFacts, build, digest, hex, sha256};
use super::results::{LATENCY_CDF, POPULATIONS, SUMMARY, TIMELINE, csv_files};
use super::table::Table;
use super::warnings;
use crate::experiment::Experiment;
use crate::model::RESULTS_VERSION;
use crate::runner::{self, Journal, JournalError, Progress, Stopwatch};

/// Name of the experiment with every default written out.
pub const RESOLVED: &str = "resolved.toml";
/// What a quick run's charts say.
const QUICK_NOTE: &str = "quick run: a smoke test, not for publication";

/// What is asked of [`produce`].
pub struct Request<'a> {
    /// What to run.
    pub experiment: &'a Experiment,
    /// Threads to use; 0: one per core.
    pub threads: usize,
    /// Whether to discard what lies in the folder.
    pub is_fresh: bool,
    /// Name of the experiment file, for the manifest.
    pub file: String,
    /// The command, for the manifest.
    pub command: Vec<String>,
    /// The overrides, for the manifest.
    pub overrides: Vec<String>,
    /// Is told how far the run is.
    pub on_progress: &'a (dyn Fn(Progress) + Sync),
}

/// What [`produce`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The results were there already.
    Nothing {
        /// Version of the program that wrote them.
        written_by: String,
        /// How many columns of this program they lack.
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
    /// A file could not be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The simulation could not be run.
    #[error(transparent)]
    Runner(#[from] runner::RunError),
    /// Finished work could not be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A table could not be written or read.
    #[error("a table could not be written or read")]
    Table(#[from] csv::Error),
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
/// If the folder holds something else, or anything on the way fails. What is finished by then is kept for the next time.
pub fn produce(folder: &Folder, request: &Request) -> Result<Done, RunError> {
    let (replaced, damaged) = match look_around(folder, request)? {
        Around::Same(manifest, missing) => {
            return Ok(Done::Nothing { written_by: manifest.cometsim_version, missing: missing.len() });
        }
        Around::OtherCharts(manifest, there) => return change_charts(folder, request, &manifest, &there),
        Around::Free(damaged) => (None, damaged),
        Around::Replaced(manifest) => (Some(manifest), Vec::new()),
    };
    let identity = digest(&request.experiment.identity());
    folder.create()?;
    let started = Instant::now();
    // Nothing is removed before the lock is held.
    let work = digest_of_work(&identity, request.experiment);
    let journal = Journal::open(&folder.journal(), &work, request.experiment.quick(), request.is_fresh);
    let mut journal = journal.map_err(|error| match error {
        JournalError::OtherExperiment { .. } => RunError::Refused(error.to_string()),
        JournalError::File { .. } | JournalError::InUse { .. } => RunError::Journal(error),
    })?;
    if let Some(manifest) = replaced {
        folder.discard_results(&manifest)?;
    }
    let groups = runner::run(request.experiment, request.threads, &mut journal, request.on_progress)?;
    let mut files: Vec<(String, Vec<u8>)> =
        vec![(RESOLVED.to_owned(), request.experiment.resolved_toml().into_bytes())];
    for input in request.experiment.inputs() {
        files.push((format!("inputs/{}", input.name), input.bytes.clone()));
    }
    let tables = csv_files(request.experiment, &groups)?;
    files.extend(tables.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())));
    files.extend(draw(request.experiment, |name| {
        let file = files.iter().find(|(file, _)| file == name);
        Ok(file.map(|(_, bytes)| bytes.clone()).unwrap_or_default())
    })?);
    let mut manifest = manifest(request, &files, &hex(&identity), started.elapsed());
    manifest.warnings.extend(warnings::of_results(request.experiment, &groups));
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    files.push((MANIFEST.to_owned(), text.into_bytes()));
    for (name, bytes) in &files {
        folder.write(name, bytes)?;
    }
    folder.discard_partial()?;
    drop(journal);
    Ok(Done::Written { files: files.into_iter().map(|(name, _)| name).collect(), damaged })
}

/// The digest of what unfinished work is of: the replications number the jobs.
fn digest_of_work(identity: &[u8; 32], experiment: &Experiment) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(identity);
    for count in experiment.replications_of_points() {
        hasher.update(count.to_le_bytes());
    }
    hasher.finalize().into()
}

/// Draws the charts of `request` from the tables in the folder, which are those of the experiment `there`: only title or
/// charts have changed.
fn change_charts(folder: &Folder, request: &Request, before: &Manifest, there: &Experiment) -> Result<Done, RunError> {
    let charts = draw(request.experiment, |name| folder.read(name))?;
    let resolved = (RESOLVED.to_owned(), there.resolved_toml_with_charts_of(request.experiment).into_bytes());
    let files: Vec<_> = std::iter::once(resolved).chain(charts).collect();
    let mut manifest = manifest(request, &files, &before.identity, Duration::ZERO);
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
    folder.discard_charts(before)?;
    for (name, bytes) in &files {
        folder.write(name, bytes)?;
    }
    folder.write(MANIFEST, format!("{}\n", serde_json::to_string_pretty(&manifest)?).as_bytes())?;
    folder.tidy();
    let names = files.into_iter().map(|(name, _)| name);
    let files = names.chain(std::iter::once(MANIFEST.to_owned())).collect();
    Ok(Done::Written { files, damaged: Vec::new() })
}

/// This build, where it draws charts of what another one ran.
fn redrawn_by(before: &Manifest) -> Option<Build> {
    let this = Build::this();
    if Build::of(before) == this { None } else { Some(this) }
}

/// Draws the charts of a finished run again, from its CSV files, and notes them in its manifest.
///
/// # Errors
/// If a table is missing or a chart cannot be drawn or written.
pub fn redraw(folder: &Folder, experiment: &Experiment) -> Result<Vec<String>, RunError> {
    let charts = draw(experiment, |name| folder.read(name))?;
    for (name, bytes) in &charts {
        folder.write(name, bytes)?;
    }
    if let Some(mut manifest) = folder.manifest()? {
        manifest.results.extend(digests(&charts));
        manifest.redrawn_by = redrawn_by(&manifest);
        folder.write(MANIFEST, format!("{}\n", serde_json::to_string_pretty(&manifest)?).as_bytes())?;
    }
    folder.tidy();
    Ok(charts.into_iter().map(|(name, _)| name).collect())
}

/// All charts as SVG and PNG, from the tables that `read` gives.
fn draw(
    experiment: &Experiment,
    read: impl Fn(&str) -> Result<Vec<u8>, FolderError>,
) -> Result<Vec<(String, Vec<u8>)>, RunError> {
    let table = |name| Ok::<_, RunError>(Table::parse(&String::from_utf8_lossy(&read(name)?))?);
    let (summary, latency_cdf, timeline) = (table(SUMMARY)?, table(LATENCY_CDF)?, table(TIMELINE)?);
    let populations = if experiment.is_mix() { table(POPULATIONS)?.by_population() } else { Table::default() };
    let note = experiment.quick().then_some(QUICK_NOTE);
    let context = Context { title: experiment.title(), swept: experiment.swept(), note };
    let mut files = Vec::new();
    for chart in experiment.charts() {
        let failed = |source| RunError::Chart { name: chart.name.clone(), source };
        let summary = if chart.by_population { &populations } else { &summary };
        let tables = Tables { summary, latency_cdf: &latency_cdf, timeline: &timeline };
        let svg = chart::svg(chart, &tables, &context).map_err(failed)?;
        let png = chart::png(&svg).map_err(failed)?;
        files.push((format!("charts/{}.svg", chart.name), svg.into_bytes()));
        files.push((format!("charts/{}.png", chart.name), png));
    }
    Ok(files)
}

/// Time that the charts of `experiment` take at least, in seconds: the first is drawn, without data, and thrown away.
///
/// # Errors
/// If it cannot be drawn.
pub fn drawing_seconds(experiment: &Experiment) -> Result<f64, RunError> {
    let Some(chart) = experiment.charts().first() else { return Ok(0.0) };
    let files = csv_files(experiment, &[])?;
    let table = |name| Table::parse(files.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| text));
    let (summary, latency_cdf, timeline) = (table(SUMMARY)?, table(LATENCY_CDF)?, table(TIMELINE)?);
    let tables = Tables { summary: &summary, latency_cdf: &latency_cdf, timeline: &timeline };
    let context = Context { title: experiment.title(), swept: experiment.swept(), note: None };
    let failed = |source| RunError::Chart { name: chart.name.clone(), source };
    let clock = Stopwatch::start();
    chart::png(&chart::svg(chart, &tables, &context).map_err(failed)?).map_err(failed)?;
    Ok(clock.seconds() * experiment.charts().len() as f64)
}

fn digests(files: &[(String, Vec<u8>)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect()
}

/// The digests of the input files of `experiment`, and of the file that was asked for.
fn inputs(experiment: &Experiment, request: &Request) -> BTreeMap<String, String> {
    let inputs = experiment.inputs().iter().map(|input| (input.name.clone(), sha256(&input.bytes)));
    inputs.chain([(request.file.clone(), sha256(request.experiment.text().as_bytes()))]).collect()
}

fn manifest(request: &Request, files: &[(String, Vec<u8>)], identity: &str, elapsed: Duration) -> Manifest {
    let (cometsim_version, git_commit, target) = build();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Manifest {
        cometsim_version: cometsim_version.to_owned(),
        results_version: RESULTS_VERSION,
        git_commit: git_commit.to_owned(),
        target: target.to_owned(),
        title: request.experiment.title().to_owned(),
        seed: request.experiment.seed(),
        quick: request.experiment.quick(),
        command: request.command.clone(),
        overrides: request.overrides.clone(),
        identity: identity.to_owned(),
        inputs: inputs(request.experiment, request),
        results: digests(files),
        warnings: request.experiment.foreseen().to_vec(),
        redrawn_by: None,
        run: RunFacts {
            time: utc(SystemTime::now()),
            host: format!("{} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH),
            threads: if request.threads == 0 { cores } else { request.threads },
            duration_s: elapsed.as_millis() as f64 / 1000.0,
        },
    }
}

/// An instant as `2010-01-31T12:34:56Z`; the calendar from days is Hinnant's `civil_from_days`.
fn utc(now: SystemTime) -> String {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |span| span.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let era_day = days + 719_468;
    let (era, day_of_era) = (era_day / 146_097, era_day % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_in_utc() {
        let at = |seconds| utc(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(at(1_264_941_296), "2010-01-31T12:34:56Z");
    }
}
