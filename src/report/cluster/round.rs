//! A round: replications that are known to be needed, and the task of each. An experiment that needs to know results
//! first (`precision`, `search`) has several rounds.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::experiment::Experiment;
use crate::report::request::{Lack, ReportError, Simulator};
use crate::report::simulate::simulate;
use crate::runner::{Divided, Journal, divide};

/// The first bytes of the file of a round.
const MAGIC: &[u8; 17] = b"cometsim-round-1\n";
/// Length of the SHA-256 at its end.
const DIGEST: usize = 32;

/// A round of tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Round {
    /// Its number, from 1.
    pub number: u32,
    /// The values of a search at which there are replications; empty without a search.
    pub tried: Vec<u64>,
    /// The replications, and the task of each.
    pub divided: Divided,
}

impl Round {
    /// The round with this number in which `tasks` simulate what is lacking.
    ///
    /// # Errors
    /// If a value of a search is wrong.
    pub fn new(experiment: &Experiment, lack: Lack, (number, tasks): (u32, u32)) -> Result<Round, ReportError> {
        let tried: Vec<u64> = lack.tried.into_iter().collect();
        let of_round = with_values(experiment, &tried)?;
        let divided = divide(&of_round.plan(), &lack.names, tasks);
        Ok(Round { number, tried, divided })
    }

    /// The file of the round. Each task reads it as a whole, so it is short: 25 bytes for a scenario.
    ///
    /// # Errors
    /// If it cannot be encoded, which does not happen in memory.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let round = postcard::to_stdvec(self).map_err(io::Error::other)?;
        let mut bytes = [MAGIC.as_slice(), &round].concat();
        let digest = Sha256::digest(&bytes);
        bytes.extend(digest);
        Ok(bytes)
    }

    /// The round of a file; `None` if it was cut off or altered.
    pub fn of_bytes(bytes: &[u8]) -> Option<Round> {
        let (written, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        let round = written.strip_prefix(MAGIC)?;
        if Sha256::digest(written).as_slice() != digest {
            return None;
        }
        postcard::from_bytes(round).ok()
    }

    /// The experiment with the points that the round numbers.
    ///
    /// # Errors
    /// If a value of a search is wrong.
    pub fn experiment<'a>(&self, experiment: &'a Experiment) -> Result<Cow<'a, Experiment>, ReportError> {
        with_values(experiment, &self.tried)
    }
}

/// An experiment with these values of a search as its points.
fn with_values<'a>(experiment: &'a Experiment, tried: &[u64]) -> Result<Cow<'a, Experiment>, ReportError> {
    if tried.is_empty() {
        return Ok(Cow::Borrowed(experiment));
    }
    let found = experiment.with_tried(tried).map_err(|errors| ReportError::Experiment(Box::new(errors)))?;
    Ok(Cow::Owned(found))
}

/// What is to be simulated before the experiment has its results, with what a final `journal` has; `None` if nothing.
///
/// # Errors
/// If the journal cannot be read.
pub(super) fn lacking(
    experiment: &Experiment,
    threads: usize,
    journal: &mut Journal,
) -> Result<Option<Lack>, ReportError> {
    let simulator = Simulator { experiment, threads, on_progress: &|_| {}, keeps_pairs: false };
    match simulate(simulator, journal) {
        Ok(_) => Ok(None),
        Err(ReportError::Lacking(lack)) => Ok(Some(lack)),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_that_was_cut_off_or_altered_is_not_read() {
        let divided = Divided { spans: Vec::new(), starts: vec![(0, 0); 3] };
        let round = Round { number: 2, tried: vec![7, 300], divided };
        let bytes = round.to_bytes().unwrap();
        assert_eq!(Round::of_bytes(&bytes), Some(round));
        for place in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[place] ^= 1;
            assert_eq!(Round::of_bytes(&altered), None, "{place}");
            assert_eq!(Round::of_bytes(&bytes[..place]), None, "{place}");
        }
    }
}
