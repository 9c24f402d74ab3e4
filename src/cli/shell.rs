//! `cometsim completions` and `cometsim man`.

use std::io;

use clap::CommandFactory;

use super::{Arguments, Failure};

/// Prints a completion script.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "cometsim", &mut script);
    print(&script)
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
    print(&page)
}

/// Writes to standard output; a reader that has closed it, such as `head`, is no failure.
fn print(bytes: &[u8]) -> Result<(), Failure> {
    match io::Write::write_all(&mut io::stdout(), bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
