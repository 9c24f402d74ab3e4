//! The runs of a plan: what is simulated, each scenario once.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::Scenario;
use crate::model::scenario::{Arrivals, Delay, EnginePath, Network, Process, Trace, TraceMessage};
use crate::units::Time;

/// The replications of one scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRun {
    /// Digest of its scenario.
    pub key: RunKey,
    /// The points that have this scenario, in rising order; more than one if the swept keys do not touch the transport.
    pub points: Vec<usize>,
    /// Number of its transport.
    pub transport: usize,
    /// How many replications there are; with a precision the most that there may be.
    pub replications: u32,
}

impl PlannedRun {
    /// The first point that has the scenario.
    pub fn point(&self) -> usize {
        self.points.first().copied().unwrap_or_default()
    }
}

/// Digest of everything that decides the totals of a replication but its number: equal keys are equal scenarios. As text
/// it is hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunKey(pub [u8; 16]);

impl fmt::Display for RunKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A point: how many replications it has, and the scenarios of its transports with their numbers.
pub(super) type PointRuns = (u32, Vec<(usize, Arc<Scenario>)>);

/// The runs of these points, in the order of their first points and of the transports.
pub(super) fn of(points: impl Iterator<Item = PointRuns>) -> Vec<PlannedRun> {
    let mut digests = Digests::default();
    let mut runs: Vec<PlannedRun> = Vec::new();
    let mut places = BTreeMap::new();
    for (point, (replications, scenarios)) in points.enumerate() {
        for (transport, scenario) in scenarios {
            let key = digests.key(&scenario);
            let place = *places.entry((transport, key, replications)).or_insert(runs.len());
            match runs.get_mut(place) {
                Some(run) => run.points.push(point),
                None => runs.push(PlannedRun { key, points: vec![point], transport, replications }),
            }
        }
    }
    runs
}

/// Digests of scenarios. The rows of input files are digested once: points share them.
#[derive(Default)]
struct Digests {
    traces: BTreeMap<*const TraceMessage, RunKey>,
    samples: BTreeMap<*const Time, RunKey>,
}

impl Digests {
    /// The path of the engine changes no totals. The scenario is digested as its debug text, which names every field, and shows numbers without rounding and the
    /// same on every machine.
    fn key(&mut self, scenario: &Scenario) -> RunKey {
        let mut plain = Scenario { path: EnginePath::Auto, ..scenario.clone() };
        let mut rows = Vec::new();
        if let Arrivals::PerClient(process) | Arrivals::Broadcast(process) = &mut plain.source.arrivals {
            rows.extend(self.take_trace(process));
        }
        rows.extend(self.take_samples(&mut plain.network));
        for population in &mut plain.populations {
            rows.extend(self.take_samples(&mut population.network));
        }
        digest(&(plain, rows))
    }

    /// Takes the rows out of a trace.
    fn take_trace(&mut self, process: &mut Process) -> Option<RunKey> {
        let Process::Trace(trace) = process else { return None };
        let messages = Arc::clone(&trace.messages);
        *trace = Arc::new(Trace { messages: Arc::default(), repeat: trace.repeat });
        Some(*self.traces.entry(messages.as_ptr()).or_insert_with(|| digest(&messages)))
    }

    /// Takes the samples out of measured delays.
    fn take_samples(&mut self, network: &mut Network) -> Vec<RunKey> {
        let mut taken = Vec::new();
        for (way, delay) in [&mut network.up, &mut network.down].into_iter().enumerate() {
            if let Delay::Empirical(samples) = delay {
                let key = *self.samples.entry(samples.as_ptr()).or_insert_with(|| digest(&samples));
                taken.extend([RunKey([way as u8; 16]), key]);
                *samples = Arc::default();
            }
        }
        taken
    }
}

/// The digest of a debug text.
fn digest(value: &impl fmt::Debug) -> RunKey {
    let mut sink = DigestedText(Sha256::new());
    // A digest takes any text.
    let _ = write!(sink, "{value:?}");
    let mut key = [0; 16];
    key.copy_from_slice(&sink.0.finalize()[..16]);
    RunKey(key)
}

/// Digests a text in the parts in which it is written.
struct DigestedText(Sha256);

impl fmt::Write for DigestedText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scenario::{LongPoll, ShortPoll};

    fn polls(seconds: u64) -> Arc<Scenario> {
        Arc::new(Scenario::new(2, ShortPoll::every(Time::from_secs(seconds))))
    }

    fn holds() -> Arc<Scenario> {
        Arc::new(Scenario::new(2, LongPoll::default()))
    }

    #[test]
    fn a_transport_that_does_not_change_is_one_run() {
        let points = (1..=3).map(|seconds| (3, vec![(0, polls(seconds)), (1, holds())]));
        let runs: Vec<_> = of(points).into_iter().map(|run| (run.transport, run.points)).collect();
        assert_eq!(runs, [(0, vec![0]), (1, vec![0, 1, 2]), (0, vec![1]), (0, vec![2])]);
    }

    #[test]
    fn other_numbers_of_replications_and_other_rows_are_other_runs() {
        assert_eq!(of([3, 4].map(|replications| (replications, vec![(0, holds())])).into_iter()).len(), 2);
        let delayed = |nanos: u64| {
            let mut scenario = Scenario::new(2, LongPoll::default());
            scenario.network.down = Delay::Empirical(Arc::new([Time(nanos)]));
            scenario
        };
        let keys = [1, 1, 2].map(|nanos| Digests::default().key(&delayed(nanos)));
        assert!(keys[0] == keys[1] && keys[0] != keys[2]);
    }
}
