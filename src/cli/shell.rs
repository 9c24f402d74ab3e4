//! `cometsim completions` and `cometsim man`.

use clap::{CommandFactory, ValueHint};
use clap_complete::Shell;

use super::output::print_bytes;
use super::{Arguments, Failure};

/// Prints a completion script.
pub(super) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "cometsim", &mut script);
    match shell {
        Shell::Bash => print_bytes(with_files(&String::from_utf8_lossy(&script)).as_bytes()),
        _ => print_bytes(&script),
    }
}

/// A script for bash in which commands with a file or folder argument offer these, and options only after a dash.
fn with_files(script: &str) -> String {
    const FIRST_WORD: &str = "if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then";
    const FILES: &str = "[[ ${cur} == -* ]] || opts=\"\"\n            if [[ ${cur} == -* ]] ; then";
    let mut changed = script.to_owned();
    for command in Arguments::command().get_subcommands() {
        let is_path = |hint| matches!(hint, ValueHint::FilePath | ValueHint::DirPath);
        if !command.get_positionals().any(|argument| is_path(argument.get_value_hint())) {
            continue;
        }
        let label = format!("cometsim__subcmd__{})\n", command.get_name());
        let Some(start) = changed.rfind(&label) else { continue };
        let rest = changed[start..].replacen(FIRST_WORD, FILES, 1);
        changed.replace_range(start.., &rest);
    }
    changed
}

/// Prints the manual page of the program, followed by the pages of its commands.
pub(super) fn manual() -> Result<(), Failure> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        clap_mangen::Man::new(subcommand.clone()).render(&mut page)?;
    }
    print_bytes(&page)
}
