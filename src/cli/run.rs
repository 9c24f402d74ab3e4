//! `cometsim run`: runs experiment files and writes folders of results.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args, ValueHint};

use super::Failure;
use super::answer::{print_answer, screen};
use super::arguments::{Overrides, Threads};
use super::check::all_good;
use super::failure::{note, note_usual_source, print_diagnostics, print_warnings};
use super::interrupt::handle_interrupts;
use super::machine::{MemoryLimits, check_memory, threads_or_all};
use super::output::print_line;
use super::progress::ProgressDisplay;
use super::watch::Watch;
use crate::experiment::Experiment;
use crate::experiment::warning::Warning;
use crate::report::{Build, Done, Folder, JudgedClaim, PAGE, RunRequest, produce, width, wrapped};
use crate::runner::estimate_memory;
use crate::terminal::{shell_word, shown};

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
    /// Discard the results in the folder, even complete ones, and start again
    #[arg(long)]
    fresh: bool,
    /// Run even if the experiment needs more memory than the machine has
    #[arg(long)]
    force: bool,
    /// Show no progress on standard error
    #[arg(long)]
    quiet: bool,
}

/// Reads all files before the first run, so that nothing is written if one of them is wrong.
pub(super) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let kept = match arguments.fresh {
        true => "finished runs are kept; the same command without --fresh goes on from there",
        false => "finished runs are kept; the same command goes on from there",
    };
    handle_interrupts(kept);
    let overrides = arguments.overrides.all();
    let loaded = all_good(arguments.files.iter().map(|file| Experiment::load(file, &overrides)))?;
    let mut files = Vec::new();
    for (path, experiment) in arguments.files.iter().zip(loaded) {
        print_diagnostics(experiment.warnings());
        note_usual_source(path, &experiment);
        files.push(ExperimentFile { path, name: stem(path)?, experiment });
    }
    refuse_twins(&files)?;
    let limits = MemoryLimits::of_this_process();
    let mut needs = Vec::new();
    for file in &files {
        let present = limits.map(|limits| limits.least());
        let need = estimate_memory(&file.experiment.plan(), threads_or_all(arguments.threads.asked()), present);
        if !arguments.force {
            check_memory(file.path, need, limits.as_ref())?;
        }
        needs.push(need);
    }
    // A forced run is watched too: being killed by the system would not help.
    let watch = limits.map(|limits| Watch::start(limits, kept));
    let mut failed = 0;
    for (place, (file, need)) in files.iter().zip(needs).enumerate() {
        if let Some(watch) = &watch {
            watch.expect(need.mostly);
        }
        let title = match files.len() {
            1 => file.name.clone(),
            count => format!("[{}/{count}] {}", place + 1, file.name),
        };
        failed += run_one(arguments, &overrides, file, &title)?;
    }
    if files.len() > 1 {
        print_line("")?;
        print_line(format_args!("a page on all of them: cometsim index {}", shell_word(&arguments.out)))?;
    }
    judged(failed)
}

/// An experiment file that was read.
struct ExperimentFile<'a> {
    path: &'a Path,
    /// Name of its folder of results.
    name: String,
    experiment: Experiment,
}

/// Refuses two files whose results would share a folder.
fn refuse_twins(files: &[ExperimentFile]) -> Result<(), Failure> {
    // Some file systems do not distinguish capitals.
    let folders: Vec<String> = files.iter().map(|file| file.name.to_lowercase()).collect();
    let Some(twice) = (1..folders.len()).find(|place| folders[..*place].contains(&folders[*place])) else {
        return Ok(());
    };
    let name = &files[twice].name;
    Err(Failure::Wrong(anyhow!("two files are named `{name}`: their results would share a folder")))
}

/// The name of an experiment: the stem of its file, which was checked when the file was read.
pub(super) fn stem(file: &Path) -> Result<String, Failure> {
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

/// Runs one experiment, with its progress under `title`; gives the number of its claims that fail.
fn run_one(
    arguments: &RunArguments,
    overrides: &[String],
    file: &ExperimentFile,
    title: &str,
) -> Result<usize, Failure> {
    let ExperimentFile { path, name, experiment } = file;
    let progress = ProgressDisplay::new(title, arguments.quiet);
    let folder = Folder::inside(&arguments.out, name);
    let request = RunRequest {
        experiment,
        threads: usize::from(arguments.threads.asked()),
        is_fresh: arguments.fresh,
        file: file_name(path),
        command: command(path, overrides),
        overrides: overrides.to_vec(),
        repeats: None,
        on_progress: &|done| progress.report(done),
        on_note: &note,
    };
    let outcome = produce(&folder, &request);
    progress.finish(outcome.is_ok());
    print_results(&folder, experiment, &outcome?)
}

/// Prints the results of an experiment; gives the number of its claims that fail.
pub(super) fn print_results(folder: &Folder, experiment: &Experiment, outcome: &Done) -> Result<usize, Failure> {
    print_outcome(folder, experiment, outcome)?;
    // Warnings about the experiment were shown before the run.
    print_warnings(folder, Warning::is_of_results)?;
    let manifest = folder.manifest()?;
    let is_open = |claim: &&JudgedClaim| !claim.holds() && !claim.fails();
    match manifest.as_ref().map_or(0, |manifest| manifest.claims.iter().filter(is_open).count()) {
        0 => {}
        1 => note("note: 1 claim cannot be told: it is marked ? above, with the reason"),
        count => note(&format!("note: {count} claims cannot be told: they are marked ? above, with the reasons")),
    }
    Ok(manifest.map_or(0, |manifest| manifest.claims.iter().filter(|claim| claim.fails()).count()))
}

/// The exit of a command whose results have so many claims that fail.
pub(super) fn judged(failed: usize) -> Result<(), Failure> {
    match failed {
        0 => Ok(()),
        1 => Err(Failure::Claim(anyhow!("1 claim fails: it is marked ✗ above; all results are written"))),
        count => Err(Failure::Claim(anyhow!("{count} claims fail: they are marked ✗ above; all results are written"))),
    }
}

/// Prints the answer, and where its files are.
fn print_outcome(folder: &Folder, experiment: &Experiment, outcome: &Done) -> Result<(), Failure> {
    let path = shown(folder.path());
    if let Done::Written { damaged, .. } = outcome {
        for name in damaged {
            print_line(format_args!("{path}: {name} was not what the manifest says, and is written anew"))?;
        }
    }
    print_answer(folder, experiment)?;
    print_line("")?;
    let status = match outcome {
        Done::Nothing { missing: 0, .. } => "the results are there already; nothing to do".to_owned(),
        Done::Nothing { written_by, missing } => format!(
            "the results are there already, written by cometsim {written_by} without {missing} of the columns of \
             cometsim {}; nothing to do (--fresh writes them anew)",
            Build::this().cometsim_version
        ),
        Done::Written { files, .. } => counted_files(files),
    };
    print_line(format_args!("{path}: {status}"))?;
    if let Done::Written { files, .. } = outcome
        && !charts(files).is_empty()
    {
        for line in wrapped(&format!("charts: {}", charts(files).join(", ")), screen().columns) {
            print_line(line)?;
        }
    }
    print_places(folder)?;
    if experiment.quick() && matches!(outcome, Done::Written { .. }) {
        print_line(format_args!("{path}: a quick run, not for publication: run it without --quick for results"))?;
    }
    Ok(())
}

/// Prints where the page of a folder is, and the commands for more. A line ends between two commands.
fn print_places(folder: &Folder) -> Result<(), Failure> {
    let path = shell_word(folder.path());
    if folder.has(PAGE) {
        print_line(format_args!("open {} in a browser", shown(&folder.path().join(PAGE))))?;
    }
    let more = [format!("more: cometsim show {path}"), format!("to cite it: cometsim cite {path}")];
    match more.join("; ") {
        line if width(&line) <= screen().columns => print_line(line)?,
        _ => more.iter().try_for_each(print_line)?,
    }
    Ok(())
}

/// The names of the charts among files.
fn charts(files: &[String]) -> Vec<String> {
    let stem = |name: &String| Some(shown(Path::new(name.strip_prefix("charts/")?.strip_suffix(".png")?)));
    files.iter().filter_map(stem).collect()
}

/// How many files were written, and which kinds.
fn counted_files(files: &[String]) -> String {
    let is_table = |name: &String| Path::new(name).extension().is_some_and(|ending| ending == "csv");
    let tables = files.iter().filter(|name| is_table(name) && !name.starts_with("inputs/")).count();
    let kinds: Vec<String> = [(tables, "table"), (charts(files).len(), "chart")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
        .collect();
    match kinds.is_empty() {
        true => format!("{} files", files.len()),
        false => format!("{} files, among them {}", files.len(), kinds.join(" and ")),
    }
}

/// The name of a file without its folders.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The command in a repeatable form: without the folders of this machine and without options that change no result.
pub(super) fn command(file: &Path, overrides: &[String]) -> Vec<String> {
    let file = if file.is_absolute() { file.file_name().map_or(file, Path::new) } else { file };
    let mut command = vec!["cometsim".to_owned(), "run".to_owned(), file.display().to_string()];
    for value in overrides {
        command.extend(["--set".to_owned(), value.clone()]);
    }
    command
}
