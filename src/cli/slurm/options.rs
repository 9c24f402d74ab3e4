//! How jobs are to be submitted.

use std::ffi::OsString;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::scripts::ScriptPaths;
use crate::cli::arguments::whole_number;

/// Options for all jobs, in this round and in those that follow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
pub(super) struct JobOptions {
    /// Partition of the jobs [default: that of the cluster]
    #[arg(long, value_name = "NAME")]
    partition: Option<String>,
    /// Time limit of a job: minutes, hours:minutes:seconds or days-hours [default: that of the partition]
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Account to charge
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// Cores, and threads, of each job
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole_number::<1, 1024>)]
    pub cpus_per_task: u64,
    /// More options of sbatch, such as '--mem=4G --qos=low'; may be repeated
    #[arg(long, value_name = "OPTIONS", allow_hyphen_values = true, value_parser = in_shell_quotes)]
    extra: Vec<String>,
    /// Elements of the job array at most, where you may have few jobs [default: what the cluster allows]
    #[arg(long, value_name = "N", value_parser = whole_number::<1, 1_000_000>)]
    pub max_array: Option<u64>,
    /// Tasks of each element of the job array [default: as many as take 10 s]
    #[arg(long, value_name = "N", value_parser = whole_number::<1, 1_000_000>)]
    pub bundle: Option<u64>,
}

/// Options in one text must be words of a shell.
fn in_shell_quotes(text: &str) -> Result<String, String> {
    match shlex::split(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("a quote is not closed".to_owned()),
    }
}

impl JobOptions {
    /// The options of `sbatch` for a job. `own` are those that the user cannot change.
    pub fn arguments(&self, places: &ScriptPaths, (log, own): (&str, &[String])) -> Vec<OsString> {
        let mut all = vec![
            // What a job said before it was put back into the queue stays.
            "--open-mode=append".to_owned(),
            "--requeue".to_owned(),
            format!("--output={}", places.log(log)),
            format!("--cpus-per-task={}", self.cpus_per_task),
        ];
        let named = [("partition", &self.partition), ("time", &self.time), ("account", &self.account)];
        all.extend(named.iter().filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?))));
        all.extend(self.extra.iter().filter_map(|text| shlex::split(text)).flatten());
        all.extend_from_slice(own);
        all.into_iter().map(OsString::from).collect()
    }
}
