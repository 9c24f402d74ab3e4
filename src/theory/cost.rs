//! The costs of a run, if the underlying rates have closed forms.

use super::expected::Expected;
use crate::model::Work;
use crate::model::metric::Metric;
use crate::model::scenario::Scenario;

/// Puts the costs that follow from the rates already there.
pub fn put(out: &mut Expected, scenario: &Scenario) {
    let Some(cost) = &scenario.cost else { return };
    // Pushes have their own costs, and may share an instant.
    let pushes = scenario.transport.stream().is_some() || scenario.clients.sends.is_some();
    let (false, Some(requests)) = (pushes, out.get(Metric::RequestsPerSecond)) else { return };
    if let Some(radio) = cost.radio
        && !scenario.clients.come_and_go()
    {
        let interval = f64::from(scenario.population()) / requests;
        out.put(Metric::PhoneCurrentMean, radio.idle_ma + radio.charge_mas / interval);
    }
    // With packets the bytes of all packets count, and their directions have no form.
    let rates = [Metric::ServerChecksPerSecond, Metric::HttpBytesPerSecond, Metric::HttpDownBytesPerSecond];
    let [Some(checks), Some(bytes), Some(down)] = rates.map(|metric| out.get(metric)) else { return };
    if scenario.wire.is_some() {
        return;
    }
    let cores = cost.cores(Work { requests, checks, bytes, pushes: 0.0, handshakes: 0.0 });
    out.put(Metric::ServerCoresMean, cores);
    out.put(Metric::CostPerDay, cost.per_day(cores, down));
}
