//! The experiments of the repository, run as they are.

use std::path::Path;

use cometsim::experiment::Experiment;
use cometsim::model::scenario::Scenario;
use cometsim::model::{Metric, simulate};

/// The scenarios of one of the experiments, by point and transport, with so many clients at most.
pub fn experiment(name: &str, clients: u32) -> Vec<Vec<Scenario>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{name}.toml"));
    let experiment = Experiment::load(&file, &[]).unwrap_or_else(|errors| panic!("{errors}"));
    let mut points: Vec<Vec<Scenario>> = (0..experiment.points()).map(|point| experiment.scenarios(point)).collect();
    for scenario in points.iter_mut().flatten() {
        scenario.clients.count = scenario.clients.count.min(clients);
    }
    points
}

/// Metrics of the first replication.
pub fn measure<const N: usize>(scenario: &Scenario, metrics: [Metric; N]) -> [f64; N] {
    let totals = simulate(scenario, 0, 0..scenario.population());
    metrics.map(|metric| totals.metric(metric, scenario).unwrap())
}
