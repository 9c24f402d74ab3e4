//! The two batch scripts: one runs the tasks of an element of the array, one merges them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::Failure;
use crate::report::ranges;
use crate::terminal::shown;

/// What the scripts call, by absolute paths: a job has the search path of its node.
#[derive(Debug)]
pub(super) struct ScriptPaths {
    /// The program, quoted for a shell.
    program: String,
    /// The folder of the plan, quoted for a shell.
    quoted_folder: String,
    folder: PathBuf,
}

impl ScriptPaths {
    /// This program, and a folder.
    ///
    /// # Errors
    /// If a shell cannot be told a path.
    pub fn of(folder: &Path) -> Result<ScriptPaths, Failure> {
        let folder = std::path::absolute(folder)?;
        Ok(ScriptPaths { program: quoted(&std::env::current_exe()?)?, quoted_folder: quoted(&folder)?, folder })
    }

    /// The file with the output of jobs. `name` may have the symbols of `sbatch --output`; nothing in the path is one.
    pub fn log(&self, name: &str) -> String {
        let folder = self.folder.join("tasks").join("logs");
        format!("{}/{name}", folder.display().to_string().replace('%', "%%"))
    }

    /// A script whose elements run these tasks of a round.
    pub fn tasks_script(&self, round: u32, elements: &[Vec<u32>]) -> String {
        let mut script =
            "#!/bin/sh\n# The tasks of each element of the job array.\ncase \"$SLURM_ARRAY_TASK_ID\" in\n".to_owned();
        for (element, tasks) in elements.iter().enumerate() {
            let _ = writeln!(script, "{element}) tasks={} ;;", ranges(tasks));
        }
        let ScriptPaths { program, quoted_folder: folder, .. } = self;
        // A task that gets a signal keeps its finished replications, and the next start goes on from them. Slurm puts a
        // job back into the queue that it preempts, or whose node fails, whatever its exit code.
        let _ = write!(
            script,
            "*) echo \"no element $SLURM_ARRAY_TASK_ID\" >&2; exit 2 ;;\nesac\n\
             # In place of the shell, the program gets the signals.\n\
             exec {program} task {folder} --round {round} --index \"$tasks\" --quiet\n"
        );
        script
    }

    /// A script that merges what the tasks wrote, and submits the next round if there is one.
    pub fn merge_script(&self) -> String {
        let ScriptPaths { program, quoted_folder: folder, .. } = self;
        format!(
            "#!/bin/sh\n{program} merge {folder}\ncode=$?\n\
             # 5: the experiment needs more replications.\n\
             [ \"$code\" -ne 5 ] || exec {program} slurm --continue {folder}\n\
             exit \"$code\"\n"
        )
    }
}

/// A path in the quotes of a shell.
fn quoted(path: &Path) -> Result<String, Failure> {
    let text = path.to_str().and_then(|text| shlex::try_quote(text).ok());
    let unfit = || Failure::Wrong(anyhow!("{}: a batch script cannot have this path, rename it in UTF-8", shown(path)));
    Ok(text.ok_or_else(unfit)?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_any_path() {
        for path in ["/a b/it's", "/x\"$HOME`y", "/长轮询", "/100 %A", "/a\nb", "/-n"] {
            let words = shlex::split(&quoted(Path::new(path)).unwrap());
            assert_eq!(words, Some(vec![path.to_owned()]));
        }
        let places = ScriptPaths::of(Path::new("/scratch/100 %A")).unwrap();
        assert_eq!(places.log("%A_%a"), "/scratch/100 %%A/tasks/logs/%A_%a");
        assert!(places.merge_script().contains(" merge '/scratch/100 %A'\n"));
    }
}
