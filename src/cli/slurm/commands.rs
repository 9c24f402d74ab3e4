//! The commands of Slurm: what they answer, and what to do about what they refuse.

use std::ffi::OsString;
use std::io;
use std::process::Command;

use thiserror::Error;

/// Elements of an array at most where Slurm does not say: the default of `MaxArraySize`.
const USUAL_MAX_ARRAY: usize = 1001;

/// What a command of Slurm refused.
#[derive(Debug, Error)]
pub(super) enum SlurmError {
    /// The machine is no part of a cluster.
    #[error(
        "there is no `{command}` on this machine: run this on a login node of the cluster, or add --dry-run to see the \
         scripts"
    )]
    Missing { command: &'static str },
    #[error("cannot start `{command}`")]
    NotStarted { command: &'static str, source: io::Error },
    #[error("`{command}` failed: {words}; {advice}")]
    Refused { command: &'static str, words: String, advice: &'static str },
    #[error("`{command}` answered `{answer}`, which is no number of a job")]
    Answer { command: &'static str, answer: String },
    #[error("this cluster takes no job arrays (its MaxArraySize is {most}): run the tasks by another way of the guide")]
    NoArrays { most: usize },
}

/// What users write wrong, by a word of Slurm's answer, and what to do. The first one that is found counts.
const ADVICE: &[(&str, &str)] = &[
    ("account or", "ask your site which account to give with --account"),
    ("invalid account", "ask your site which account to give with --account"),
    ("partition", "`sinfo --summarize` lists the partitions for --partition"),
    ("array", "give --max-array a number below MaxArraySize of `scontrol show config`"),
    ("submit limit", "give --max-array two less than the jobs that you may have in the queue"),
    ("submitjob", "give --max-array two less than the jobs that you may have in the queue"),
    ("time limit", "give --time less than the limit of the partition in `sinfo --summarize`"),
    ("time specification", "write --time as minutes, hours:minutes:seconds or days-hours"),
    ("qos", "`sacctmgr show qos` lists what to give with --extra='--qos=…'"),
    ("memory", "no node has as much memory: give less with --extra='--mem=…'"),
    ("node configuration", "no node has as many cores: give a smaller --cpus-per-task"),
    ("cpu count", "no node has as many cores: give a smaller --cpus-per-task"),
    ("unrecognized option", "correct the options in --extra, `sbatch --help` lists them"),
    ("unable to contact", "the controller of the cluster does not answer: try again later"),
    ("socket timed out", "the controller of the cluster does not answer: try again later"),
];
const USUAL_ADVICE: &str = "see `man sbatch`, and --dry-run for the command";

/// Runs a command and gives what it prints.
fn run(command: &'static str, arguments: &[OsString]) -> Result<String, SlurmError> {
    // Messages are looked at, so they must be in English.
    let output = Command::new(command).args(arguments).env("LC_ALL", "C.UTF-8").output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SlurmError::Missing { command },
        _ => SlurmError::NotStarted { command, source: error },
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let words: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let words = if words.is_empty() { output.status.to_string() } else { words.join("; ") };
    Err(SlurmError::Refused { command, advice: advice(&words), words })
}

fn advice(words: &str) -> &'static str {
    let words = words.to_lowercase();
    ADVICE.iter().find(|(word, _)| words.contains(word)).map_or(USUAL_ADVICE, |(_, advice)| advice)
}

/// Submits a job and gives its number.
pub(super) fn submit(arguments: &[OsString]) -> Result<u64, SlurmError> {
    const SBATCH: &str = "sbatch";
    let answer = run(SBATCH, arguments)?;
    // With several clusters the name of the cluster follows.
    let number = answer.lines().last().unwrap_or_default().split(';').next().unwrap_or_default();
    number.trim().parse().map_err(|_| SlurmError::Answer { command: SBATCH, answer: answer.clone() })
}

/// How many elements an array may have.
pub(super) fn most_elements() -> Result<usize, SlurmError> {
    let answer = run("scontrol", &["show".into(), "config".into()])?;
    let value = answer.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        if key.trim() == "MaxArraySize" { value.trim().parse().ok() } else { None }
    });
    match value.unwrap_or(USUAL_MAX_ARRAY) {
        most @ (0 | 1) => Err(SlurmError::NoArrays { most }),
        most => Ok(most),
    }
}

/// The usual value of [`most_elements`], where there is no Slurm to ask.
pub(super) fn usual_most_elements() -> usize {
    USUAL_MAX_ARRAY
}

/// A job that waits or runs, or an element of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QueuedJob {
    pub job: u64,
    /// The element, if the job is an array.
    pub element: Option<usize>,
}

/// The jobs of a name that wait or run. Needs no database: the controller knows them.
pub(super) fn queued(name: &str) -> Result<Vec<QueuedJob>, SlurmError> {
    let options = ["--noheader", "--array", "--format=%F %K"].map(OsString::from);
    let answer = run("squeue", &[&options[..], &[format!("--name={name}").into()]].concat())?;
    let read = |line: &str| {
        let (job, element) = line.trim().split_once(' ')?;
        Some(QueuedJob { job: job.parse().ok()?, element: element.trim().parse().ok() })
    };
    Ok(answer.lines().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_slurm_refuses_comes_with_what_to_do() {
        let told =
            |words: &str| advice(words).split("--").nth(1).and_then(|option| option.split(['=', ' ', ',', '`']).next());
        for (words, option) in [
            ("sbatch: error: invalid partition specified: nix", Some("summarize")),
            ("Batch job submission failed: Invalid job array specification", Some("max-array")),
            ("Invalid account or account/partition combination specified", Some("account")),
            (
                "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
                Some("max-array"),
            ),
            ("AssocMaxSubmitJobLimit", Some("max-array")),
            ("Invalid --time specification", Some("time")),
            ("Requested time limit is invalid (missing or exceeds some limit)", Some("time")),
            ("Memory specification can not be satisfied; Requested node configuration is not available", Some("extra")),
            ("Requested node configuration is not available", Some("cpus-per-task")),
            ("sbatch: unrecognized option '--nonsense'", Some("extra")),
            ("Unable to contact slurm controller (connect failure)", None),
            ("something new", Some("dry-run")),
        ] {
            assert_eq!(told(words), option, "{words}");
        }
    }
}
