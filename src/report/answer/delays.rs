//! What a reader has to know of latencies without a network.

use super::sheet::{Sheet, SheetRow};
use super::tabled::Tabled;
use crate::model::scenario::{Delay, Network};
use crate::units::Time;

/// Says that no delay is set, where a latency is 0 although messages wait for something.
pub(super) fn without(tabled: &Tabled, sheet: &Sheet) -> Option<String> {
    let is_latency = |place: &usize| sheet.heads[*place].metric.name().starts_with("latency_");
    let is_zero = |row: &&SheetRow| {
        (0..sheet.heads.len()).filter(is_latency).any(|place| row.estimates[place].is_some_and(|it| it.value == 0.0))
    };
    let mut rows = sheet.rows().filter(is_zero);
    let is_told = rows.any(|row| !tabled.is_in_request(row.point) && has_no_delay(tabled, row));
    let words = "0: no network delay is set ([network]): latencies are those of the transports alone";
    if is_told { Some(words.to_owned()) } else { None }
}

/// Whether the messages of a row are in transit for no time.
fn has_no_delay(tabled: &Tabled, row: &SheetRow) -> bool {
    let scenarios = tabled.experiment.scenarios(row.point);
    let Some(scenario) = scenarios.get(row.transport) else { return false };
    let is_bare = |network: &Network| [&network.up, &network.down] == [&Delay::Constant(Time::ZERO); 2];
    match scenario.populations.as_slice() {
        [] => is_bare(&scenario.network),
        populations => populations
            .iter()
            .filter(|population| row.population.as_ref().is_none_or(|name| *name == population.name))
            .any(|population| is_bare(&population.network)),
    }
}
