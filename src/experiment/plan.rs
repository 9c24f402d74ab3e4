//! The experiment to be run: points and scenarios.

mod precision;
mod runs;

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::model::Scenario;
pub use precision::{Goal, HalfWidth, Precision};
use runs::PointRuns;
pub use runs::{PlannedRun, RunKey};

/// The scenarios of one point, one for each transport.
type Scenarios = Arc<[Arc<Scenario>]>;

/// Points, each with the scenarios of its transports, which are resolved when they are asked for. It is all that the
/// runner knows of an experiment: [`Experiment::plan`](super::Experiment::plan) makes one of a file, [`Plan::new`] one
/// without a file.
///
/// ```
/// use cometsim::experiment::Plan;
/// use cometsim::model::Metric;
/// use cometsim::model::scenario::{Scenario, ShortPoll};
/// use cometsim::runner::{Journal, run};
/// use cometsim::units::Time;
///
/// // One point for 10 and one for 20 clients, with two replications each.
/// let plan = Plan::new(&["short polling"], vec![2, 2], |point| {
///     let clients = 10 * (point as u32 + 1);
///     vec![Scenario::new(clients, ShortPoll::every(Time::from_secs(10)))]
/// });
/// let groups = run(&plan, 1, &mut Journal::none(), &|_| ())?;
/// let requests = groups[1].estimate(Metric::RequestsPerSecond).expect("requests were sent");
/// assert!((requests.value - 2.0).abs() < 0.01);
/// # Ok::<(), cometsim::runner::RunFailure>(())
/// ```
pub struct Plan<'a> {
    transports: Vec<String>,
    replications: Vec<u32>,
    input_bytes: u64,
    keeps_pairs: bool,
    keeps_latencies: bool,
    precision: Option<Precision>,
    only: Option<Vec<usize>>,
    resolve: Box<dyn Fn(usize) -> Vec<Scenario> + Send + Sync + 'a>,
    /// The last point that was resolved: jobs of one point follow each other, and each asks for its scenario.
    last: Mutex<Option<(usize, Scenarios)>>,
    runs: Arc<OnceLock<Vec<PlannedRun>>>,
}

impl<'a> Plan<'a> {
    /// A plan of as many points as `replications` has numbers: how many there are of each transport at each point.
    /// `resolve` gives the scenarios of a point, one for each transport, the same whenever it is called.
    pub fn new(
        transports: &[impl AsRef<str>],
        replications: Vec<u32>,
        resolve: impl Fn(usize) -> Vec<Scenario> + Send + Sync + 'a,
    ) -> Plan<'a> {
        Plan {
            transports: transports.iter().map(|name| name.as_ref().to_owned()).collect(),
            replications,
            input_bytes: 0,
            keeps_pairs: false,
            keeps_latencies: false,
            precision: None,
            only: None,
            resolve: Box::new(resolve),
            last: Mutex::new(None),
            runs: Arc::default(),
        }
    }

    /// The same with the latencies of each replication, which the search for a percentile needs.
    #[must_use]
    pub fn keeping_latencies(self) -> Plan<'a> {
        Plan { keeps_latencies: true, ..self }
    }

    /// Whether groups keep the latencies of each replication.
    pub fn keeps_latencies(&self) -> bool {
        self.keeps_latencies
    }

    /// The same with as many replications as are needed for this precision.
    #[must_use]
    pub fn with_precision(self, precision: Option<Precision>) -> Plan<'a> {
        Plan { precision, ..self }
    }

    /// The same without runs of other transports than these.
    #[must_use]
    pub fn only(self, transports: &[usize]) -> Plan<'a> {
        Plan { only: Some(transports.to_vec()), runs: Arc::default(), ..self }
    }

    /// The same with `count` replications at every point.
    #[must_use]
    pub fn with_replications(self, count: u32) -> Plan<'a> {
        Plan { replications: vec![count; self.replications.len()], runs: Arc::default(), ..self }
    }

    /// Whether a transport is simulated.
    fn has(&self, transport: usize) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&transport))
    }

    /// The precision at which replications stop.
    pub fn precision(&self) -> Option<&Precision> {
        self.precision.as_ref()
    }

    /// The same with the `runs` of an earlier plan of the same experiment, if they are known.
    pub(super) fn with_runs(self, runs: &Arc<OnceLock<Vec<PlannedRun>>>) -> Plan<'a> {
        Plan { runs: Arc::clone(runs), ..self }
    }

    /// What is simulated, each scenario once: in the order of the first points and of the transports.
    pub fn runs(&self) -> &[PlannedRun] {
        self.runs.get_or_init(|| runs::of((0..self.points()).map(|point| self.runs_at(point))))
    }

    /// The same with `bytes` of memory for the files that the scenarios are made from.
    pub(super) fn with_inputs(self, bytes: u64) -> Plan<'a> {
        Plan { input_bytes: bytes, ..self }
    }

    /// The same with what a comparison of transports needs: the leave-one-out values of every metric.
    #[must_use]
    pub fn keeping_pairs(self) -> Plan<'a> {
        Plan { keeps_pairs: true, ..self }
    }

    /// Whether groups keep the leave-one-out values of every metric.
    pub fn keeps_pairs(&self) -> bool {
        self.keeps_pairs
    }

    /// The names of the transports.
    pub fn transports(&self) -> &[String] {
        &self.transports
    }

    /// How many points there are.
    pub fn points(&self) -> usize {
        self.replications.len()
    }

    /// Replications of each transport at a point.
    pub fn replications(&self, point: usize) -> u32 {
        self.replications[point]
    }

    /// Replications of each transport, point by point.
    pub fn replications_of_points(&self) -> &[u32] {
        &self.replications
    }

    /// The scenarios of a point, one for each transport.
    pub fn scenarios(&self, point: usize) -> Scenarios {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, scenarios)) if *known == point => scenarios.clone(),
            _ => {
                let scenarios: Scenarios = (self.resolve)(point).into_iter().map(Arc::new).collect();
                *last = Some((point, scenarios.clone()));
                scenarios
            }
        }
    }

    fn runs_at(&self, point: usize) -> PointRuns {
        let replications = self.precision.as_ref().map_or(self.replications[point], |precision| precision.most);
        let scenarios = self.scenarios(point);
        let numbered = scenarios.iter().cloned().enumerate().filter(|(transport, _)| self.has(*transport));
        (replications, numbered.collect())
    }

    /// The scenario of a run.
    pub fn scenario(&self, run: &PlannedRun) -> Arc<Scenario> {
        Arc::clone(&self.scenarios(run.point())[run.transport])
    }

    /// Memory of the files that the scenarios were made from, in bytes.
    pub fn input_bytes(&self) -> u64 {
        self.input_bytes
    }
}

impl fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { transports, replications, input_bytes, keeps_pairs, .. } = self;
        f.debug_struct("Plan")
            .field("transports", transports)
            .field("replications", replications)
            .field("input_bytes", input_bytes)
            .field("keeps_pairs", keeps_pairs)
            .finish_non_exhaustive()
    }
}
