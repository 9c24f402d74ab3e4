//! The commands of Slurm: what they answer, and what to do about what they refuse.

use std::ffi::OsString;
use std::io;
use std::process::Command;

use thiserror::Error;

/// Elements of an array at most where Slurm does not say: the default of `MaxArraySize`.
const USUAL_MAX_ARRAY: usize = 1001;
/// Jobs that the controller holds besides the elements of an array: the merge, and one that it keeps free.
const OTHER_JOBS: usize = 2;
/// What `squeue` shows as the end of a job that has none yet.
const NO_END: &[&str] = &["NONE", "N/A"];

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
    (
        "temporarily un",
        "the controller holds as many jobs as it can (MaxJobCount): try later, or give a smaller --max-array",
    ),
    ("unable to contact", "the controller of the cluster does not answer: try again later"),
    ("socket timed out", "the controller of the cluster does not answer: try again later"),
];
const USUAL_ADVICE: &str = "see `man sbatch`, and --dry-run for the command";

/// Runs a command and gives what it prints.
fn run(command: &'static str, arguments: &[OsString]) -> Result<String, SlurmError> {
    // Messages are looked at, so they must be in English.
    let mut asked = Command::new(command);
    asked.args(arguments).env("LC_ALL", "C.UTF-8");
    // What a user likes to see of the queue is not all of it.
    let of_squeue =
        std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("SQUEUE_"));
    of_squeue.for_each(|name| {
        asked.env_remove(name);
    });
    let output = asked.output();
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

/// How many elements an array may have on this cluster. Limits of a user, such as `MaxSubmitJobs`, are in the accounting
/// database, which a cluster may lack.
pub(super) fn most_elements() -> Result<usize, SlurmError> {
    most_of(&run("scontrol", &["show".into(), "config".into()])?)
}

/// How many elements an array may have, by the configuration of the cluster.
fn most_of(config: &str) -> Result<usize, SlurmError> {
    let value = |name: &str| -> Option<usize> {
        let mut pairs = config.lines().filter_map(|line| line.split_once('='));
        pairs.find(|(key, _)| key.trim() == name).and_then(|(_, value)| value.trim().parse().ok())
    };
    match value("MaxArraySize").unwrap_or(USUAL_MAX_ARRAY) {
        most @ (0 | 1) => Err(SlurmError::NoArrays { most }),
        most => Ok(value("MaxJobCount").map_or(most, |jobs| most.min(jobs.saturating_sub(OTHER_JOBS).max(1)))),
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
    let options = ["--noheader", "--array", "--format=%F %K %T %e"].map(OsString::from);
    let answer = run("squeue", &[&options[..], &[format!("--name={name}").into()]].concat())?;
    Ok(answer.lines().filter_map(queued_job).collect())
}

/// The job of a line of `squeue`: number, element, state and end. One that only completes, which may take minutes where a
/// node does not answer, runs its tasks no more; but one that completes without an end goes back into the queue.
fn queued_job(line: &str) -> Option<QueuedJob> {
    let mut words = line.split_whitespace();
    let (job, element) = (words.next()?.parse().ok()?, words.next()?.parse().ok());
    let (state, end) = (words.next()?, words.next()?);
    if state == "COMPLETING" && !NO_END.contains(&end) { None } else { Some(QueuedJob { job, element }) }
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

    #[test]
    fn an_array_is_as_long_as_the_cluster_allows() {
        let config = |array: &str, jobs: &str| most_of(&format!("Other = 5\n{array}\nMaxJobCount  {jobs}\n"));
        assert!(matches!(config("MaxArraySize            = 1001", "= 10000"), Ok(1001)));
        assert!(matches!(config("MaxArraySize = 4001", "= 3000"), Ok(2998)));
        assert!(matches!(config("MaxArraySize = 21", "= 2"), Ok(1)));
        assert!(matches!(config("MaxArraySize = 21", "= (null)"), Ok(21)));
        assert!(matches!(config("", ""), Ok(USUAL_MAX_ARRAY)));
        assert!(matches!(config("MaxArraySize = 1", "= 10000"), Err(SlurmError::NoArrays { most: 1 })));
    }

    #[test]
    fn a_job_that_only_completes_runs_no_tasks() {
        let job = |element| Some(QueuedJob { job: 12, element });
        assert_eq!(queued_job("12 3 RUNNING 2026-11-26T20:47:24"), job(Some(3)));
        assert_eq!(queued_job("12 N/A PENDING N/A"), job(None));
        assert_eq!(queued_job("12 3 COMPLETING 2026-11-26T20:47:24"), None);
        assert_eq!(queued_job("12 3 COMPLETING NONE"), job(Some(3)));
        assert_eq!(queued_job(""), None);
    }
}
