//! Distributions of random spans whose mean no run can measure.

use super::view::{ClientsView, ResolvedPoint};
use crate::experiment::node::Span;
use crate::experiment::warning::{Diagnosis, Gathering, Marker, WarningKind};
use crate::model::scenario::{Check, Delay, TransportConfig};

/// The settings of each transport or population.
pub(super) fn look(view: &ClientsView, found: &mut Gathering) {
    if let TransportConfig::LongPoll(poll) = &view.scenario.transport
        && let Some((what, place)) =
            heavy("turnaround", &poll.turnaround, view.place(&[&["long_poll", "turnaround"]], &[]))
    {
        view.add(found, what, place);
    }
    let reader = view.point.reader;
    let network = &view.scenario.network;
    for (path, law) in [("network.up", &network.up), ("network.down", &network.down)] {
        let keys: Vec<&str> = path.split('.').collect();
        if view.population_has(&keys).is_some()
            && let Some((what, place)) = heavy(path, law, view.place(&[&keys], &[path]))
        {
            view.add(found, what, place);
        }
    }
    if let (Some(Check::Every { .. }), Some(drift)) =
        (view.scenario.transport.check(), &view.scenario.server.check_drift)
        && let Some((what, place)) = heavy("server.check.drift", drift, reader.span("server.check.drift"))
    {
        view.add(found, what, place);
    }
}

/// The common settings.
pub(super) fn look_at_all(point: &ResolvedPoint, found: &mut Gathering) {
    let Some(scenario) = point.scenarios.first() else { return };
    let network = [("network.up", Some(&scenario.network.up)), ("network.down", Some(&scenario.network.down))];
    let others = [("server.service", &scenario.server.service), ("clients.session", &scenario.clients.session)];
    let others = others.map(|(path, law)| (path, law.as_ref()));
    for (path, law) in network.into_iter().chain(others) {
        if let Some((what, place)) = law.and_then(|law| heavy(path, law, point.reader.span(path))) {
            point.add(found, what, place);
        }
    }
}

/// A Pareto distribution has a mean for shapes above 1, and a variance for shapes above 2.
fn heavy(path: &str, law: &Delay, place: Span) -> Option<(Diagnosis, Marker)> {
    let Delay::Pareto { shape, .. } = law else { return None };
    if *shape > 2.0 {
        return None;
    }
    let (lacks, detail) = if *shape > 1.0 {
        ("variance", "means settle slowly, and their intervals do not cover what they should")
    } else {
        ("mean", "each longer run has a larger mean: the one that is reported means nothing")
    };
    let what = Diagnosis {
        kind: WarningKind::NoFiniteVariance,
        cause: path.to_owned(),
        weight: 2.0 - shape,
        message: format!("`{path}` has no finite {lacks}: a Pareto law of shape {shape}"),
        details: vec![detail.to_owned()],
        help: "report percentiles in the place of means, or write a shape above 2".to_owned(),
    };
    Some((what, (place, "heavy tail".to_owned())))
}
