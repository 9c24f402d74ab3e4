//! `cometsim completions` and `cometsim man`.

use clap::CommandFactory;

use super::say::write;
use super::{Arguments, Failure};

/// Prints a completion script.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "cometsim", &mut script);
    write(&script)
}

/// Prints the manual page of the program and, behind it, those of its commands.
pub(super) fn manual() -> Result<(), Failure> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        clap_mangen::Man::new(subcommand.clone()).render(&mut page)?;
    }
    write(&page)
}
