//! The command line: one short function per command.

mod answer;
mod arguments;
mod chart;
mod check;
mod cite;
mod compare;
mod failure;
mod guide;
mod index;
mod interrupt;
mod machine;
mod output;
mod picture;
mod plan;
mod progress;
mod run;
mod shell;
mod show;
mod slurm;
mod task;
mod trace;
mod verify;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand, ValueHint};

use crate::model::RESULTS_VERSION;
use crate::report::Build;
use crate::terminal::shell_word;
use arguments::{Overrides, Threads};
pub use failure::Failure;

/// The command line of the program.
#[derive(Debug, Parser)]
#[command(version, long_version = LONG_VERSION.as_str(), about, long_about = LONG_ABOUT, after_help = AFTER_HELP, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// The version with what decides the numbers, and the commit.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let build = Build::this();
    format!("{}\nresults version {RESULTS_VERSION}\ncommit {}", build.cometsim_version, build.git_commit)
});

const LONG_ABOUT: &str = "cometsim simulates web clients that get their messages from a server in one of six ways: \
    short polling, long polling (Comet), adaptive polling, HTTP streaming, server-sent events or WebSockets.\n\n\
    It measures requests, bytes, connections and the latency of messages over HTTP/1.1 or HTTP/2. On request it adds \
    packets, TLS, packet loss, links of limited capacity, server workers and queues, and the cost in processor time, \
    memory and money.\n\n\
    An experiment is a TOML file. A run writes CSV tables, charts (PNG, SVG, PDF) and a manifest to output/<experiment>/. \
    The same file and seed give the same bytes on any machine, with any number of threads.";

const AFTER_HELP: &str = "Begin with a file of yours, such as that of `cometsim guide tutorial`, or with one of the \
    repository:\n  \
    cometsim check experiments/comet.toml   report errors and warnings of an experiment file\n  \
    cometsim run experiments/comet.toml     write its results to output/comet/\n\n\
    Exit codes: 0 done; 1 it failed (disk, memory, interrupted); 2 the experiment file or the command is wrong; \
    3 a verification or a --fail-if failed, or the tables of a chart were altered; 4 all is written, and a claim of the \
    experiment fails; 5 a merge needs another round of tasks; 75 a round of tasks \
    is not there yet.\n\nThe guide is in the program: `cometsim guide` lists its \
    pages, `cometsim guide keys` prints one.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run experiments and write their tables, charts and manifests; what is finished is not simulated again
    Run(run::RunArguments),
    /// Report errors and warnings of experiment files without running them
    Check {
        /// Experiment files
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        overrides: Overrides,
        /// Text for people, or one JSON document for programs
        #[arg(long, value_name = "FORMAT", value_enum, default_value_t = check::CheckFormat::Text)]
        format: check::CheckFormat,
    },
    /// Print an experiment with every default, its points, and the time and memory of a run; or divide it among tasks
    Plan(plan::PlanArguments),
    /// Run tasks of a plan, on any machine
    Task(task::TaskArguments),
    /// Write the results of a plan from the parts of its tasks: the same bytes as `run`
    Merge {
        /// Folder of the plan, which becomes the folder of the results
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
        #[command(flatten)]
        threads: Threads,
    },
    /// Tell which tasks of a plan are done, running or missing
    Status {
        /// Folder of the plan
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
    /// Submit the tasks of an experiment to Slurm, and a job that merges them
    Slurm(slurm::SlurmArguments),
    /// Print the table of a finished run again: other columns, points or transports, for a paper or a program
    Show(show::ShowArguments),
    /// Print how to cite a finished run
    Cite {
        /// Folder of the run, such as output/comet
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
    /// Draw the charts of a finished run again from its CSV files, also for a paper, a slide or a dark page
    Chart(chart::ChartArguments),
    /// Write a page over all experiments in a folder, with a picture and the answer of each
    Index {
        /// Folder that holds folders of runs, such as output
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
    /// Run the experiment of a folder again and compare every value
    Verify {
        /// Folder of the run, such as output/comet
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
        /// Compare every file byte for byte, whichever version wrote it
        #[arg(long)]
        bytes: bool,
        #[command(flatten)]
        threads: Threads,
        /// Show no progress on standard error
        #[arg(long)]
        quiet: bool,
    },
    /// Compare the transports of a run, or two runs: differences and ratios with 95 % intervals
    Compare(compare::CompareArguments),
    /// Show the life of one client, event by event: as text, a table, a sequence diagram and a trace for a viewer
    Trace(trace::TraceArguments),
    /// Print a page of the guide, such as keys, metrics or warnings; without a page, list them
    Guide {
        /// Page, or a heading in one
        #[arg(value_name = "PAGE", num_args = 0..)]
        page: Vec<String>,
    },
    /// Print a completion script for a shell; `cometsim guide completions` says how to load it
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// The command line, as clap describes it, for tests of the guide.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// A file or folder in place of a command: says which command takes it.
fn without_command(error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    let path = Path::new(word);
    let is_file = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) || path.is_file();
    let tip = match (is_file, path.is_dir()) {
        (true, _) => format!("to run it, write `cometsim run {}`", shell_word(word)),
        (_, true) => format!("to run its experiment again and compare, write `cometsim verify {}`", shell_word(word)),
        _ => return error,
    };
    let told = format!("`{word}` is no command\n\n  tip: {tip}");
    Arguments::command().error(ErrorKind::InvalidSubcommand, told)
}

impl Arguments {
    /// Parses the command line. Otherwise prints help, version or an error, and returns the exit code.
    ///
    /// # Errors
    /// If the command line is empty or wrong.
    pub fn read() -> Result<Arguments, ExitCode> {
        Arguments::try_parse().map_err(|error| {
            let error = without_command(error);
            let printed = error.print();
            let printed = if error.use_stderr() { Ok(()) } else { output::unless_reader_left(printed) };
            match printed {
                Ok(()) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
                Err(error) => {
                    Failure::from(error).print();
                    ExitCode::from(1)
                }
            }
        })
    }

    /// Runs the command.
    ///
    /// # Errors
    /// The failure, which gives the exit code.
    pub fn run(self) -> Result<(), Failure> {
        interrupt::outlive_size_limit();
        match self.command {
            Command::Run(arguments) => run::run(&arguments),
            Command::Check { files, overrides, format } => check::check(&files, &overrides.all(), format),
            Command::Plan(arguments) => plan::plan(&arguments),
            Command::Task(arguments) => task::task(&arguments),
            Command::Merge { folder, threads } => task::merge(&folder, &threads),
            Command::Status { folder } => task::status(&folder),
            Command::Slurm(arguments) => slurm::slurm(&arguments),
            Command::Show(arguments) => show::show(&arguments),
            Command::Cite { folder } => cite::cite(&folder),
            Command::Chart(arguments) => chart::chart(&arguments),
            Command::Index { folder } => index::index(&folder),
            Command::Verify { folder, bytes, threads, quiet } => {
                verify::verify(&folder, bytes, usize::from(threads.asked()), quiet)
            }
            Command::Compare(arguments) => compare::compare(&arguments),
            Command::Trace(arguments) => trace::trace(&arguments),
            Command::Guide { page } => {
                guide::guide(if page.is_empty() { None } else { Some(page.join(" ")) }.as_deref())
            }
            Command::Completions { shell } => shell::completions(shell, Arguments::command()),
            Command::Man => shell::manual(Arguments::command()),
        }
    }
}
