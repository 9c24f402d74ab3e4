//! The contents of a folder before a run, and whether the run may write there.

use std::collections::BTreeMap;

use super::chart::PictureFormat;
use super::draw::picture_name;
use super::folder::Folder;
use super::inference::{is_inferred, names as inferred_names};
use super::manifest::{Manifest, build, hex, identity, sha256};
use super::request::{Done, RESOLVED, ReportError, RunRequest};
use super::results::{ANSWER, COLUMNS, PAGE, POPULATIONS, REPLICATIONS, SUMMARY, SUMMARY_LONG, csv_files, is_view};
use super::stored::{experiment_of, totals_in};
use super::table::CsvTable;
use crate::experiment::chart::metric_of;
use crate::experiment::{Experiment, RunKey};
use crate::model::RESULTS_VERSION;
use crate::terminal::shown;

/// More keys than this are not named if two experiments differ.
const MOST_KEYS: usize = 6;
/// Help for a folder that holds something else.
pub(super) const ELSEWHERE: &str = "choose another folder with --out, or add --fresh to replace them";

/// The contents of a folder before a run.
pub(super) enum Existing {
    /// The results of the same experiment, undamaged: there is nothing to do.
    Same(Done),
    /// Results with the numbers of the experiment.
    OtherCharts(Box<OtherCharts>),
    /// No finished results, or results of the same experiment in which these files are damaged.
    Free(Vec<String>),
    /// Results to be replaced.
    Replaced(Box<Manifest>),
}

/// Results with the numbers of an experiment, but with other charts or another title than it has now, or with damaged
/// files that hold no numbers.
pub(super) struct OtherCharts {
    pub manifest: Manifest,
    /// The experiment as the folder has it.
    pub experiment: Experiment,
    pub damaged: Vec<String>,
}

/// The contents of the folder of a run.
///
/// # Errors
/// If it holds anything that must not be replaced.
pub(super) fn existing_results(folder: &Folder, request: &RunRequest) -> Result<Existing, ReportError> {
    if !folder.is_there()? {
        return Ok(Existing::Free(Vec::new()));
    }
    let path = shown(folder.path());
    match folder.manifest() {
        Ok(Some(manifest)) if request.is_fresh => Ok(Existing::Replaced(Box::new(manifest))),
        Ok(Some(manifest)) => Finished { folder, path, experiment: request.experiment, manifest }.compare(),
        Ok(None) => {
            check_files(folder, request)?;
            Ok(Existing::Free(Vec::new()))
        }
        Err(_) if request.is_fresh => Ok(Existing::Free(Vec::new())),
        Err(error) => {
            let error = anyhow::Error::new(error);
            Err(ReportError::Refused(format!(
                "{path} holds results that cannot be read ({error:#}): add --fresh to replace them, or choose another \
                 folder with --out"
            )))
        }
    }
}

/// A folder with a manifest, and the experiment that is to run.
struct Finished<'a> {
    folder: &'a Folder,
    path: String,
    experiment: &'a Experiment,
    manifest: Manifest,
}

impl Finished<'_> {
    fn compare(self) -> Result<Existing, ReportError> {
        let (here, manifest) = (self.experiment, &self.manifest);
        let is_same = manifest.results_version == RESULTS_VERSION && manifest.identity == hex(&identity(here));
        // A smoke run may always be replaced.
        if manifest.quick && !is_same {
            return Ok(Existing::Replaced(Box::new(self.manifest)));
        }
        self.check_version()?;
        if self.is_being_extended() {
            return Ok(Existing::Free(Vec::new()));
        }
        let there = self.recorded_experiment()?;
        // Two experiments that leave the warm-up to the program are compared before it is chosen.
        if let (Some(warmup), false) = (manifest.chosen_warmup(), here.awaits_warmup()) {
            there.choose_warmup(warmup);
        }
        if self.is_extended(is_same, &there)? {
            return Ok(Existing::Free(self.damaged()));
        }
        if !is_same {
            return Err(self.refuse_other_experiment(&there));
        }
        match self.check_replications(&there) {
            Err(_) if manifest.quick => return Ok(Existing::Replaced(Box::new(self.manifest))),
            checked => checked?,
        }
        let damaged = self.damaged();
        if damaged.iter().any(|name| *name != RESOLVED && !is_view(name) && !is_inferred(name)) {
            return Ok(Existing::Free(damaged));
        }
        let missing = missing_columns(self.folder, here)?;
        let looks_alike = (there.title(), there.charts(), there.accepted())
            == (here.title(), here.charts(), here.accepted())
            && (there.baseline(), there.claims()) == (here.baseline(), here.claims());
        if damaged.is_empty() && looks_alike {
            let written_by = self.manifest.cometsim_version;
            return Ok(Existing::Same(Done::Nothing { written_by, missing: missing.len() }));
        }
        self.check_charts(&missing)?;
        let other = OtherCharts { manifest: self.manifest, experiment: there, damaged };
        Ok(Existing::OtherCharts(Box::new(other)))
    }

    /// Whether there is more to do, and everything in the folder is a part of it.
    fn is_extended(&self, is_same: bool, there: &Experiment) -> Result<bool, ReportError> {
        let here = self.experiment;
        let counts = |experiment: &Experiment| (experiment.replications_of_points(), experiment.precision());
        Ok(!(is_same && counts(there) == counts(here)) && self.is_part_of(there, here)?)
    }

    /// Whether `there` is a part of `here`: every replication in the folder is one here.
    fn is_part_of(&self, there: &Experiment, here: &Experiment) -> Result<bool, ReportError> {
        let mut stored = BTreeMap::<RunKey, u32>::new();
        for (key, number) in totals_in(self.folder)?.names() {
            let most = stored.entry(*key).or_default();
            *most = (number + 1).max(*most);
        }
        let plan = here.plan();
        let is_here = |transport: &str, key: RunKey, count: u32| {
            let mut runs = plan.runs().iter().filter(|run| run.key == key && run.replications >= count);
            runs.any(|run| here.transports()[run.transport] == transport)
        };
        Ok(there.plan().runs().iter().all(|run| {
            let count = stored.get(&run.key).copied().unwrap_or(run.replications);
            is_here(&there.transports()[run.transport], run.key, count)
        }))
    }

    /// Whether a run of this experiment was interrupted while it wrote its files over those of a part of it.
    fn is_being_extended(&self) -> bool {
        let is_of_another = |name: &str, bytes: &[u8]| self.manifest.results.get(name) != Some(&sha256(bytes));
        self.folder.unfinished_identity() == Some(identity(self.experiment))
            && self.folder.read(RESOLVED).is_ok_and(|bytes| {
                is_of_another(RESOLVED, &bytes) && bytes == self.experiment.resolved_toml().as_bytes()
            })
    }

    /// Results of another version have other numbers.
    fn check_version(&self) -> Result<(), ReportError> {
        let version = self.manifest.results_version;
        if version == RESULTS_VERSION {
            return Ok(());
        }
        Err(ReportError::Refused(format!(
            "{} holds results of version {version}, written by cometsim {}; cometsim {} gives version {RESULTS_VERSION}, \
             with other numbers (see CHANGELOG.md): {ELSEWHERE}",
            self.path,
            self.manifest.cometsim_version,
            build().0
        )))
    }

    /// Names the keys in which the experiments differ.
    fn refuse_other_experiment(&self, there: &Experiment) -> ReportError {
        let (path, title) = (&self.path, &self.manifest.title);
        if self.experiment.quick() {
            let what = "a full run, and a quick one is no match for them";
            return ReportError::Refused(format!("{path} holds the results of {what} (`{title}`): {ELSEWHERE}"));
        }
        let mut differences = there.identity().differences(&self.experiment.identity());
        let more = differences.len().saturating_sub(MOST_KEYS);
        differences.truncate(MOST_KEYS);
        if more > 0 {
            differences.push(format!("and {more} more"));
        }
        let differences: String = differences.iter().map(|difference| format!("\n  {difference}")).collect();
        ReportError::Refused(format!(
            "{path} holds the results of a different experiment (`{title}`):{differences}\n{ELSEWHERE}"
        ))
    }

    /// Files that differ from the manifest; all charts and the table for people if they were drawn from altered tables.
    fn damaged(&self) -> Vec<String> {
        let mut damaged = self.folder.damaged(&self.manifest);
        if !self.manifest.altered.is_empty() {
            let charts = self.manifest.results.keys().filter(|name| is_view(name));
            damaged.extend(charts.filter(|name| !damaged.contains(name)).cloned().collect::<Vec<_>>());
        }
        damaged
    }

    /// The experiment of the results. A run that was interrupted while only title or charts changed has left the file
    /// of the next experiment; only the numbers have to be of the same experiment.
    fn recorded_experiment(&self) -> Result<Experiment, ReportError> {
        let Finished { folder, path, manifest, .. } = self;
        let refused =
            |why: String| ReportError::Refused(format!("{path} holds results whose {RESOLVED} {why}: {ELSEWHERE}"));
        let altered = || refused("is not what the manifest says".to_owned());
        let bytes = folder.read(RESOLVED).map_err(|_| altered())?;
        let is_whole = manifest.results.get(RESOLVED) == Some(&sha256(&bytes));
        let (there, here) = (&manifest.cometsim_version, build().0);
        match experiment_of(folder, bytes) {
            Ok(there) if is_whole || hex(&identity(&there)) == manifest.identity => Ok(there),
            Err(_) if is_whole => {
                Err(refused(format!("was written by cometsim {there}, and cometsim {here} cannot read it")))
            }
            _ => Err(altered()),
        }
    }

    /// More or fewer replications are the same experiment, but other results.
    fn check_replications(&self, there: &Experiment) -> Result<(), ReportError> {
        let precise = (there.precision(), self.experiment.precision());
        let (path, there, here) =
            (&self.path, there.replications_of_points(), self.experiment.replications_of_points());
        if precise.0 != precise.1 {
            return Err(ReportError::Refused(format!(
                "{path} holds this experiment with more replications than may be asked for, or with another \
                 `precision`: {ELSEWHERE}"
            )));
        }
        let Some(point) = there.iter().zip(&here).position(|(there, here)| there != here) else { return Ok(()) };
        let is_uniform = |counts: &[u32]| counts.iter().all(|count| *count == counts[0]);
        let (there_count, here_count) = (there[point], here[point]);
        Err(ReportError::Refused(if is_uniform(&there) && is_uniform(&here) {
            format!(
                "{path} holds this experiment with {there_count} replications, and {here_count} are asked for: keep \
                 them with --replications {there_count}, choose another folder with --out, or add --fresh to replace \
                 them"
            )
        } else {
            format!(
                "{path} holds this experiment with {there_count} replications of point {point}, and {here_count} are \
                 asked for: {ELSEWHERE}"
            )
        }))
    }

    /// Refuses to draw columns that the tables lack.
    fn check_charts(&self, missing: &[String]) -> Result<(), ReportError> {
        for chart in self.experiment.charts() {
            let mut columns = chart.y.iter().chain(&chart.x).chain(&chart.value);
            if let Some(column) = columns.find(|column| missing.contains(column)) {
                return Err(ReportError::Refused(format!(
                    "the chart `{}` shows `{column}`, which the results of cometsim {} in {} do not have: {ELSEWHERE}",
                    chart.name, self.manifest.cometsim_version, self.path
                )));
            }
        }
        Ok(())
    }
}

/// Refuses to overwrite files without a manifest or unfinished work of this program.
fn check_files(folder: &Folder, request: &RunRequest) -> Result<(), ReportError> {
    if request.is_fresh || folder.has_unfinished_work() {
        return Ok(());
    }
    let mut names = [RESOLVED, ANSWER, PAGE].map(str::to_owned).to_vec();
    names.extend(csv_files(request.experiment, &[])?.into_iter().map(|(name, _)| name.to_owned()));
    names.extend(inferred_names(request.experiment).into_iter().map(str::to_owned));
    for chart in request.experiment.charts() {
        names.extend(PictureFormat::ALL.map(|format| picture_name(chart, format)));
    }
    names.extend(request.experiment.inputs().iter().map(|input| format!("inputs/{}", input.name)));
    let Some(name) = names.into_iter().find(|name| folder.has(name)) else { return Ok(()) };
    Err(ReportError::Refused(format!(
        "{} has a file {name}, and no manifest says that it is of an earlier run: move it away, {ELSEWHERE}",
        shown(folder.path())
    )))
}

/// The columns of this program's tables that those in the folder lack. A summary lacks the columns of the metrics that
/// its program does not know; others that are not there are empty. Each program writes all metrics that it knows into
/// the table of the replications.
fn missing_columns(folder: &Folder, experiment: &Experiment) -> Result<Vec<String>, ReportError> {
    let table_there = |name: &str| {
        // A missing table lacks all its columns.
        let bytes = folder.read(name).unwrap_or_default();
        Ok::<_, csv::Error>(CsvTable::parse(&String::from_utf8_lossy(&bytes))?.with_key_names(experiment))
    };
    let known = table_there(REPLICATIONS)?.header;
    let mut missing = Vec::new();
    for (name, text) in csv_files(experiment, &[])? {
        // These say nothing that the others do not say.
        if [COLUMNS, SUMMARY_LONG].contains(&name) {
            continue;
        }
        let here = CsvTable::parse(&text)?;
        let there = table_there(name)?;
        let is_empty = |column: &String| {
            [SUMMARY, POPULATIONS].contains(&name)
                && !there.header.is_empty()
                && metric_of(column).is_some_and(|(metric, _)| known.iter().any(|known| known == metric.name()))
        };
        missing.extend(here.header.into_iter().filter(|column| there.column(column).is_none() && !is_empty(column)));
    }
    Ok(missing)
}
