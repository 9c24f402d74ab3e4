//! `cometsim run`: experiment files in, result folders out.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args, ValueHint};

use super::Failure;
use super::arguments::{Overrides, Threads};
use super::check::all_good;
use super::failure::{note, print_diagnostics, print_warnings};
use super::interrupt::handle_interrupts;
use super::machine::{Limits, check_memory, threads_or_all};
use super::progress::Progress;
use super::say::say;
use super::watch::Watch;
use crate::experiment::warning::Warning;
use crate::experiment::{Experiment, shown};
use crate::report::{Build, Done, Folder, RunRequest, produce};
use crate::runner::{Jobs, memory_need};

/// Arguments of `cometsim run`.
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Experiment files
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Folder for the folders of results, one per experiment
    #[arg(long, value_name = "DIR", default_value = "output", value_hint = ValueHint::DirPath)]
    out: PathBuf,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    threads: Threads,
    /// Discard the contents of the folder of results and start again
    #[arg(long)]
    fresh: bool,
    /// Run even if the experiment needs more memory than the machine has
    #[arg(long)]
    force: bool,
    /// Show no progress on standard error
    #[arg(long)]
    quiet: bool,
}

/// Reads all files before the first run, so that nothing is written while one of them is wrong.
pub(super) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let kept = match arguments.fresh {
        true => "finished runs are kept; the same command without --fresh goes on from there",
        false => "finished runs are kept; the same command goes on from there",
    };
    handle_interrupts(kept);
    let overrides = arguments.overrides.all();
    let loaded = all_good(arguments.files.iter().map(|file| Experiment::load(file, &overrides)))?;
    let mut experiments = Vec::new();
    for (file, experiment) in arguments.files.iter().zip(loaded) {
        print_diagnostics(experiment.warnings());
        experiments.push((file, stem(file)?, experiment));
    }
    // Some file systems know no capitals.
    let folders: Vec<String> = experiments.iter().map(|(_, name, _)| name.to_lowercase()).collect();
    if let Some(twice) = (1..folders.len()).find(|place| folders[..*place].contains(&folders[*place])) {
        let name = &experiments[twice].1;
        return Err(Failure::Wrong(anyhow!("two files are named `{name}`: their results would share a folder")));
    }
    let limits = Limits::of_this_process();
    let mut needs = Vec::new();
    for (file, _, experiment) in &experiments {
        let present = limits.map(|limits| limits.least());
        let need = memory_need(experiment, threads_or_all(arguments.threads.asked()), present);
        if !arguments.force {
            check_memory(file, need, limits.as_ref())?;
        }
        needs.push(need);
    }
    // What is forced is watched too: being killed by the system would not help.
    let watch = limits.map(|limits| Watch::start(limits, kept));
    for ((file, name, experiment), need) in experiments.iter().zip(needs) {
        if let Some(watch) = &watch {
            watch.expect(need.mostly);
        }
        run_one(arguments, &overrides, file, name, experiment)?;
    }
    Ok(())
}

/// The name of an experiment: the stem of its file, which can be a name on every machine since the file was read.
fn stem(file: &Path) -> Result<String, Failure> {
    let wrong = |why: String| Failure::Wrong(anyhow!("{}: {why}", shown(file)));
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.ok_or_else(|| wrong("the name of the file is not UTF-8".to_owned()))?;
    if stem.starts_with('.') {
        return Err(wrong(format!(
            "`{}` cannot be the name of a folder of results, as it begins with a dot: rename the file",
            shown(Path::new(stem))
        )));
    }
    Ok(stem.to_owned())
}

fn run_one(
    arguments: &RunArguments,
    overrides: &[String],
    file: &Path,
    name: &str,
    experiment: &Experiment,
) -> Result<(), Failure> {
    let progress = Progress::new(name, Jobs::of(experiment).count(), arguments.quiet);
    let folder = Folder::inside(&arguments.out, name);
    let request = RunRequest {
        experiment,
        threads: usize::from(arguments.threads.asked()),
        is_fresh: arguments.fresh,
        file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        command: command(file, overrides),
        overrides: overrides.to_vec(),
        on_progress: &|done| progress.report(done),
        on_note: &note,
    };
    let outcome = produce(&folder, &request);
    progress.finish();
    let path = shown(folder.path());
    match outcome? {
        Done::Nothing { missing: 0, .. } => {
            say(format_args!("{path}: the results are there already; nothing to do"))?;
        }
        Done::Nothing { written_by, missing } => say(format_args!(
            "{path}: the results are there already, written by cometsim {written_by} without {missing} of the columns of \
             cometsim {}; nothing to do (--fresh writes them anew)",
            Build::this().cometsim_version
        ))?,
        Done::Written { files, damaged } => {
            for name in damaged {
                say(format_args!("{path}: {name} was not what the manifest says, and is written anew"))?;
            }
            for name in files {
                say(shown(&folder.path().join(name)))?;
            }
            if experiment.quick() {
                say(format_args!("{path}: a quick run, not for publication: run it without --quick for results"))?;
            }
        }
    }
    // Those about the experiment have been shown before the run.
    print_warnings(&folder, Warning::is_of_results)
}

/// The command as it can be repeated anywhere: without the folders of this machine and without what changes no result.
fn command(file: &Path, overrides: &[String]) -> Vec<String> {
    let file = if file.is_absolute() { file.file_name().map_or(file, Path::new) } else { file };
    let mut command = vec!["cometsim".to_owned(), "run".to_owned(), file.display().to_string()];
    for value in overrides {
        command.extend(["--set".to_owned(), value.clone()]);
    }
    command
}
