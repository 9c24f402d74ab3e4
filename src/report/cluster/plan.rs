//! The plan of an experiment: what its tasks need, so that they need no other file.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::TasksError;
use super::files::{self, DRAFT, INPUTS, PLAN, TASKS};
use super::round::{Round, lacking};
use crate::experiment::warning::Warning;
use crate::experiment::{Experiment, InputPlaces};
use crate::model::RESULTS_VERSION;
use crate::report::existing::{Existing, existing_results};
use crate::report::folder::Folder;
use crate::report::manifest::{Build, hex, identity};
use crate::report::request::{ReportError, RunRequest};
use crate::report::stored::totals_in;
use crate::report::warnings::settle_warmup;
use crate::runner::{Journal, TaskParts};
use crate::units::Time;

/// What the tasks of an experiment need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TaskPlan {
    /// Version of the results.
    pub results_version: u32,
    /// The program that made the plan.
    pub program: String,
    /// Digest of the experiment.
    pub identity: String,
    /// How many tasks each round has.
    pub tasks: u32,
    /// Path of the experiment file as it was given.
    pub path: String,
    /// Name of the experiment file, for the manifest.
    pub file: String,
    /// The command of a run, for the manifest.
    pub command: Vec<String>,
    /// The overrides.
    pub overrides: Vec<String>,
    /// The warm-up that was chosen, in nanoseconds.
    pub warmup: Option<u64>,
    /// The warnings about it.
    pub of_warmup: Vec<Warning>,
    /// The names of the input files in the folder of the plan, by their paths as written.
    pub inputs: BTreeMap<String, String>,
    /// The text of the experiment file.
    pub text: String,
}

/// The request for a plan: a run, and how to divide it.
pub struct TaskRequest<'a> {
    /// The run that it stands for. Its threads serve the choice of a warm-up.
    pub run: RunRequest<'a>,
    /// Path of the experiment file.
    pub path: &'a Path,
    /// The folder of the results; what is there is not planned.
    pub results: &'a Path,
    /// How many tasks there are to be.
    pub tasks: u32,
}

/// The outcome of [`plan_tasks`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// The plan was made.
    New,
    /// The plan was there already.
    Present,
    /// The results are there already.
    Finished,
}

/// This program, as plans and parts name it.
pub(super) fn program() -> String {
    let Build { cometsim_version, git_commit } = Build::this();
    format!("{cometsim_version} (commit {git_commit})")
}

/// Divides the replications of an experiment that the folder of the results lacks among tasks, and writes the plan to
/// `folder`, which is the same folder unless the plan is made only to look at it.
///
/// # Errors
/// If the folder holds another plan or other results, or cannot be written.
pub fn plan_tasks(folder: &Path, request: &TaskRequest) -> Result<Planned, ReportError> {
    let plan = request.plan();
    let is_fresh = request.run.is_fresh;
    let results = Folder::new(request.results);
    match existing_results(&results, &request.run)? {
        Existing::Same(_) => return Ok(Planned::Finished),
        Existing::Replaced(manifest) if is_fresh => results.discard_results(&manifest)?,
        _ => {}
    }
    if let Some((found, _)) = if is_fresh { None } else { read(folder)? } {
        compare(folder, &found, &plan)?;
        return Ok(Planned::Present);
    }
    refuse_other_files(folder)?;
    let experiment = request.run.experiment;
    let of_warmup = settle_warmup(experiment, request.run.threads)?;
    let plan = TaskPlan { warmup: experiment.chosen_warmup().map(|warmup| warmup.0), of_warmup, ..plan };
    let mut journal = Journal::none().with_earlier(totals_in(&results)?).with_parts(TaskParts::default());
    let lack = lacking(experiment, request.run.threads, &mut journal)?.unwrap_or_default();
    let round = Round::new(experiment, lack, (1, request.tasks))?;

    if is_fresh {
        remove_plan(folder)?;
    }
    write(folder, (&plan, &round), experiment)
}

/// Writes a plan with its first round and the input files.
fn write(folder: &Path, (plan, round): (&TaskPlan, &Round), experiment: &Experiment) -> Result<Planned, ReportError> {
    files::make_folder(folder)?;
    let draft = draft_folder(folder)?;
    files::write(&draft.path().join(PLAN), &files::json(plan, &folder.join(PLAN))?)?;
    let of_round = draft.path().join(files::round_name(1));
    files::write(&of_round, &round.to_bytes().map_err(files::failed(&of_round))?)?;
    let inputs = draft.path().join(INPUTS);
    files::make_folder(&inputs)?;
    for input in experiment.inputs() {
        files::write(&inputs.join(&input.name), &input.bytes)?;
    }
    files::sync_folder(draft.path());
    place(&draft, folder, plan)
}

/// Refuses a folder of the name of a plan in which there is something else.
fn refuse_other_files(folder: &Path) -> Result<(), TasksError> {
    let path = folder.join(TASKS);
    match fs::read_dir(&path).map(|mut entries| entries.next().is_some()) {
        Ok(true) if !path.join(PLAN).exists() => Err(TasksError::NotAPlan { path }),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Err(TasksError::NotAPlan { path }),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(files::failed(&path)(error)),
        _ => Ok(()),
    }
}

/// Removes the plan in a folder. It loses its name first, so that what is left after a kill is no plan.
fn remove_plan(folder: &Path) -> Result<(), TasksError> {
    let path = folder.join(TASKS);
    if !path.exists() {
        return Ok(());
    }
    let around = draft_folder(folder)?;
    fs::rename(&path, around.path().join(TASKS)).map_err(files::failed(&path))?;
    around.close().map_err(files::failed(&path))
}

/// Gives a plan its name, unless another process has just made one.
fn place(draft: &tempfile::TempDir, folder: &Path, plan: &TaskPlan) -> Result<Planned, ReportError> {
    let path = folder.join(TASKS);
    let moved = fs::rename(draft.path(), &path);
    files::sync_folder(folder);
    let Err(error) = moved else { return Ok(Planned::New) };
    let (found, _) = read(folder)?.ok_or_else(|| files::failed(&path)(error))?;
    compare(folder, &found, plan)?;
    Ok(Planned::Present)
}

/// A folder in which a plan is made; it is removed unless it is moved.
fn draft_folder(folder: &Path) -> Result<tempfile::TempDir, TasksError> {
    let mut builder = tempfile::Builder::new();
    files::shared(builder.prefix(DRAFT), 0o777).tempdir_in(folder).map_err(files::failed(folder))
}

/// The plan in a folder and its bytes, if there is one.
pub(super) fn read(folder: &Path) -> Result<Option<(TaskPlan, Vec<u8>)>, TasksError> {
    let path = folder.join(TASKS).join(PLAN);
    let bytes = files::read_if_any(&path)?;
    bytes.map(|bytes| Ok((files::parse(&path, &bytes)?, bytes))).transpose()
}

/// Refuses a folder with a plan that is not the one to be made.
fn compare(folder: &Path, found: &TaskPlan, wanted: &TaskPlan) -> Result<(), TasksError> {
    found.check_program(folder)?;
    let what = if found.identity != wanted.identity {
        format!("a plan of another experiment, {}", crate::terminal::shown(Path::new(&found.file)))
    } else if (&found.text, &found.overrides, &found.file) != (&wanted.text, &wanted.overrides, &wanted.file) {
        "a plan of the same experiment with another text, or with other overrides".to_owned()
    } else if found.tasks != wanted.tasks {
        format!("a plan of {} tasks, not {}", found.tasks, wanted.tasks)
    } else {
        return Ok(());
    };
    Err(TasksError::OtherPlan { path: folder.to_owned(), what })
}

impl TaskRequest<'_> {
    fn plan(&self) -> TaskPlan {
        let RunRequest { experiment, .. } = self.run;
        TaskPlan {
            results_version: RESULTS_VERSION,
            program: program(),
            identity: hex(&identity(experiment)),
            tasks: self.tasks,
            path: self.path.display().to_string(),
            file: self.run.file.clone(),
            command: self.run.command.clone(),
            overrides: self.run.overrides.clone(),
            warmup: None,
            of_warmup: Vec::new(),
            inputs: experiment.input_names(),
            text: experiment.text().to_owned(),
        }
    }
}

impl TaskPlan {
    /// Refuses a plan of another program.
    ///
    /// # Errors
    /// If it is one.
    pub fn check_program(&self, folder: &Path) -> Result<(), TasksError> {
        let here = program();
        if (self.results_version, &self.program) == (RESULTS_VERSION, &here) {
            return Ok(());
        }
        Err(TasksError::OtherProgram { path: folder.to_owned(), planned: self.program.clone(), here })
    }

    /// The experiment of the plan in `folder`, with its warnings if that `is_complete`.
    ///
    /// # Errors
    /// If it is not the one that was planned.
    pub fn experiment(&self, folder: &Path, is_complete: bool) -> Result<Experiment, ReportError> {
        let stored = self.inputs.iter().map(|(written, name)| (written.clone(), name.clone())).collect();
        let places = InputPlaces { folder: folder.join(TASKS).join(INPUTS), stored };
        let read = if is_complete { Experiment::from_parts } else { Experiment::from_known_parts };
        let experiment = read(&self.path, &self.text, &places, &self.overrides)
            .map_err(|errors| ReportError::Experiment(Box::new(errors)))?;
        if let Some(warmup) = self.warmup {
            experiment.choose_warmup(Time(warmup));
        }
        if hex(&identity(&experiment)) != self.identity {
            let tasks: PathBuf = folder.join(TASKS);
            let why = "its input files are not those of the plan".to_owned();
            return Err(TasksError::Damaged { path: tasks.join(INPUTS), folder: tasks, why }.into());
        }
        Ok(experiment)
    }
}
