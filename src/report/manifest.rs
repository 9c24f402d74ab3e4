//! The manifest: the run, its inputs and its results.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::inference::JudgedClaim;
use crate::experiment::Experiment;
use crate::experiment::warning::Warning;
use crate::model::RESULTS_VERSION;
use crate::units::Time;

/// Name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// The run, its inputs and its results. A field that later versions add has a default: earlier manifests lack it.
/// `verify` compares the fields that the folder can confirm; see the guide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program.
    pub cometsim_version: String,
    /// Version of the results: equal versions give equal results.
    pub results_version: u32,
    /// Commit from which the program was built, if known.
    pub git_commit: String,
    /// Target that the program was built for.
    pub target: String,
    /// Title of the experiment.
    pub title: String,
    /// The first comment of the experiment file, which asks what it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Root of all random streams.
    pub seed: u64,
    /// Whether this is a smoke run, not for publication.
    pub quick: bool,
    /// The warm-up that was chosen in seconds (`warmup = "auto"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_warmup_s: Option<f64>,
    /// The command, without the folders of this machine.
    pub command: Vec<String>,
    /// `KEY=VALUE` of every `--set`.
    pub overrides: Vec<String>,
    /// Digest of everything that decides the numbers: the results version and [`Experiment::identity`].
    pub identity: String,
    /// SHA-256 of every input, by its name.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of every result, by its path in the folder.
    pub results: BTreeMap<String, String>,
    /// The warnings.
    #[serde(default)]
    pub warnings: Vec<Warning>,
    /// The build that drew the charts again, if it differs from the build that ran the experiment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redrawn_by: Option<Build>,
    /// Altered files from which `chart --force` drew the charts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub altered: Vec<String>,
    /// The verdicts on the claims of the experiment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<JudgedClaim>,
    /// Where and when; not compared.
    pub run: RunFacts,
}

impl Manifest {
    /// The warm-up that was chosen (`warmup = "auto"`).
    pub fn chosen_warmup(&self) -> Option<Time> {
        self.chosen_warmup_s.map(|seconds| Time((seconds * 1e9).round() as u64))
    }
}

/// A build of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Version of the program.
    pub cometsim_version: String,
    /// Commit from which it was built, if known.
    pub git_commit: String,
}

impl Build {
    /// This one.
    pub fn this() -> Build {
        let (version, commit, _) = build();
        Build { cometsim_version: version.to_owned(), git_commit: commit.to_owned() }
    }

    /// The one that ran an experiment.
    pub fn of(manifest: &Manifest) -> Build {
        Build { cometsim_version: manifest.cometsim_version.clone(), git_commit: manifest.git_commit.clone() }
    }

    /// Whether both are of the same sources. Two builds of one version may differ before it is released, so both have
    /// to name the same commit, without changes.
    pub fn is_same_program(&self, other: &Build) -> bool {
        self == other && !self.git_commit.is_empty() && self.git_commit.chars().all(|c| c.is_ascii_hexdigit())
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (commit, changes) = self.git_commit.split_at(self.git_commit.find('-').unwrap_or(self.git_commit.len()));
        match commit.get(..12).unwrap_or(commit) {
            "" | "unknown" => write!(f, "{}", self.cometsim_version),
            short => write!(f, "{} (commit {short}{changes})", self.cometsim_version),
        }
    }
}

/// Where, when and how long. Not compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFacts {
    /// End of the run, in UTC.
    pub time: String,
    /// Kind of machine.
    pub host: String,
    /// Number of threads.
    pub threads: usize,
    /// Wall-clock time of the run, in seconds.
    pub duration_s: f64,
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes).into())
}

/// The digest of everything that decides the numbers: the results version and the identity of the experiment.
pub fn identity(experiment: &Experiment) -> [u8; 32] {
    let version = Sha256::new_with_prefix(RESULTS_VERSION.to_le_bytes());
    version.chain_update(experiment.identity().text()).finalize().into()
}

/// An identity in hexadecimal.
pub fn hex(identity: &[u8; 32]) -> String {
    identity.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Version and build of the program, as in the manifest.
pub fn build() -> (&'static str, &'static str, &'static str) {
    (env!("CARGO_PKG_VERSION"), env!("COMETSIM_GIT_COMMIT"), env!("COMETSIM_TARGET"))
}
