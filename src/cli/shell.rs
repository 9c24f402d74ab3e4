//! `cometsim completions` and `cometsim man`.

use clap::{Command, ValueHint};
use clap_complete::Shell;

use super::Failure;
use super::output::print_bytes;

/// Prints a completion script.
pub(super) fn completions(shell: Shell, mut command: Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "cometsim", &mut script);
    if shell == Shell::Bash {
        script = with_files(&command, &String::from_utf8_lossy(&script)).into_bytes();
    }
    Ok(print_bytes(&script)?)
}

/// A script for bash in which commands with a file or folder argument offer these, and options only after a dash.
fn with_files(program: &Command, script: &str) -> String {
    const FIRST_WORD: &str = "if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then";
    const FILES: &str = "[[ ${cur} == -* ]] || opts=\"\"\n            if [[ ${cur} == -* ]] ; then";
    let mut changed = script.to_owned();
    for command in program.get_subcommands() {
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
pub(super) fn manual(mut command: Command) -> Result<(), Failure> {
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        clap_mangen::Man::new(subcommand.clone()).render(&mut page)?;
    }
    Ok(print_bytes(&page)?)
}
