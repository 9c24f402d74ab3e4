//! The command line: one short function per command.

mod chart;
mod check;
mod failure;
mod interrupt;
mod machine;
mod plan;
mod progress;
mod run;
mod say;
mod shell;
mod verify;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use failure::Failure;

/// Simulates web clients that poll, long-poll and wait, and counts what it costs.
#[derive(Debug, Parser)]
#[command(version, about, long_about = LONG_ABOUT, after_help = EXIT_CODES, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "cometsim simulates web clients that get their data by short polling (ask every T seconds) or \
    long polling (Comet: the server holds the request), and counts what it costs in bytes and how late the data arrive.\n\n\
    An experiment is a TOML file. A run writes CSV tables, PNG and SVG charts and a manifest to output/<experiment>/. \
    The same file and seed give the same bytes on any machine, with any number of threads.";

const EXIT_CODES: &str = "Exit codes: 0 done; 1 it failed (disk, memory, interrupted); 2 the experiment file or the \
    command is wrong; 3 a verification failed, or a chart would be of altered tables.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run experiment files: CSV tables, charts and a manifest
    Run(run::RunArguments),
    /// Look for errors in experiment files, without running them
    Check {
        /// Experiment files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Override a key by its dotted path; VALUE is TOML, a bare word is a string
        #[arg(long = "set", value_name = "KEY=VALUE")]
        overrides: Vec<String>,
    },
    /// Print an experiment with every default written out, its points, and what a run will take
    Plan {
        /// Experiment file
        file: PathBuf,
        /// Override a key by its dotted path; VALUE is TOML, a bare word is a string
        #[arg(long = "set", value_name = "KEY=VALUE")]
        overrides: Vec<String>,
    },
    /// Draw the charts of a finished run again from its CSV files
    Chart {
        /// Folder of the run, such as output/comet
        folder: PathBuf,
        /// Draw them from tables that are not those of the run, too; charts and manifest then say so
        #[arg(long)]
        force: bool,
    },
    /// Run an experiment again from its folder and compare every value with those there
    Verify {
        /// Folder of the run, such as output/comet
        folder: PathBuf,
        /// Compare every file byte for byte, whichever version wrote it
        #[arg(long)]
        bytes: bool,
        /// Threads to use [default: one per core]
        #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(0..=1024))]
        threads: u16,
        /// No progress on standard error
        #[arg(long)]
        quiet: bool,
    },
    /// Print a completion script for a shell
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

impl Arguments {
    /// What the program was called with; otherwise its exit code, once help, version or what is wrong is printed.
    ///
    /// # Errors
    /// If there is nothing to do, or what there is cannot be understood.
    pub fn read() -> Result<Arguments, ExitCode> {
        Arguments::try_parse().map_err(|error| {
            let printed = error.print();
            let printed = if error.use_stderr() { Ok(()) } else { say::said(printed) };
            match printed {
                Ok(()) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
                Err(failure) => {
                    failure.print();
                    ExitCode::from(1)
                }
            }
        })
    }

    /// Does what the command says.
    ///
    /// # Errors
    /// With what went wrong, and so the exit code.
    pub fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Run(arguments) => run::run(&arguments),
            Command::Check { files, overrides } => check::check(&files, &overrides),
            Command::Plan { file, overrides } => plan::plan(&file, &overrides),
            Command::Chart { folder, force } => chart::chart(&folder, force),
            Command::Verify { folder, bytes, threads, quiet } => {
                verify::verify(&folder, bytes, usize::from(threads), quiet)
            }
            Command::Completions { shell } => shell::completions(shell),
            Command::Man => shell::manual(),
        }
    }
}
