//! What a run costs, where the work that costs has closed forms.

use super::Expected;
use crate::model::Work;
use crate::model::metric::Metric;
use crate::model::scenario::Scenario;

/// Puts the costs of the rates that are there.
pub fn put(out: &mut Expected, scenario: &Scenario) {
    let Some(cost) = &scenario.cost else { return };
    let Some(requests) = out.get(Metric::RequestsPerSecond) else { return };
    if let Some(radio) = cost.radio.filter(|_| !scenario.clients.come_and_go()) {
        let interval = f64::from(scenario.population()) / requests;
        out.put(Metric::PhoneCurrentMean, radio.idle_ma + radio.charge_mas / interval);
    }
    let rates = [Metric::ServerChecksPerSecond, Metric::HttpBytesPerSecond, Metric::HttpDownBytesPerSecond];
    let [Some(checks), Some(bytes), Some(down)] = rates.map(|metric| out.get(metric)) else { return };
    let cores = cost.cores(Work { requests, checks, bytes });
    out.put(Metric::ServerCoresMean, cores);
    out.put(Metric::CostPerDay, cost.per_day(cores, down));
}
