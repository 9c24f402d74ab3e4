//! Closed forms: the values that a simulation must measure, computed without simulating.
//!
//! [`expected()`] gives, for one scenario, the value of every metric that has a closed form under it. The forms hold in
//! the steady state. Each is given only under these conditions:
//!
//! - No timeout can fire (except in the `closed_network` module). A delay without an upper bound counts as never above the
//!   value that it exceeds with probability 5 × 10⁻¹⁰, so at most one request in 10⁹ could time out.
//! - The run has forgotten its start when the window opens. The `steady_state` module states the rule, which leaves a bias of
//!   at most 0.05 %.
//! - Ratios (per reply, per message) are ratios of long-run rates, and percentiles are percentiles of the long-run
//!   distribution. The ratio of the sums over all replications, and the percentile of all their messages together, tend
//!   to these, however few messages each replication has.
//!
//! A metric that is an extreme of random samples (peaks, minimum and maximum of a continuous latency) has no form.

mod arrival_gaps;
mod arrival_process;
mod checks;
mod closed_network;
mod cost;
mod cycle;
mod delay;
mod expected;
mod expected_counts;
mod interrupted_poisson;
mod latency;
mod links;
mod long_poll;
mod loss;
mod mixes;
mod network;
mod notify;
mod packets;
mod pool;
mod push;
mod queueing;
mod sends;
mod short_poll;
mod steady_state;

use crate::model::metric::Metric;
use crate::model::scenario::{Check, Scenario, TransportConfig};
use crate::units::Time;
use arrival_process::ArrivalProcess;
pub use expected::Expected;
pub use queueing::{engset, erlang_b, erlang_c, pollaczek_khinchine};

/// The closed form of every metric that has one under this scenario (steady state); metrics without are absent.
pub fn expected(scenario: &Scenario) -> Expected {
    if scenario.is_mix() {
        return mixes::of_all(scenario, expected);
    }
    if network::is_needed(scenario) {
        return network::expected(scenario, expected);
    }
    if !packets::stays_open(scenario) {
        return Expected::default();
    }
    let mut out = of_transport(scenario).or_else(|| pool::expected(scenario)).unwrap_or_default();
    let arrivals = ArrivalProcess::new(scenario);
    if arrivals.as_ref().is_some_and(ArrivalProcess::clusters) {
        leave_out_what_clusters(&mut out);
    }
    cost::put(&mut out, scenario);
    packets::put(&mut out, scenario);
    if !scenario.clients.come_and_go()
        && let Some(created) = arrivals.and_then(|arrivals| arrivals.created_whatever_happens(scenario))
    {
        out.put(Metric::MessagesCreated, created);
    }
    out
}

/// The closed forms of one population of the mix `scenario`.
///
/// # Panics
/// If the mix has no population with this number.
pub fn expected_of_population(scenario: &Scenario, population: usize) -> Expected {
    mixes::of_population(scenario, population, expected)
}

/// The closed forms of the transport on a server whose limits have no effect, without timeouts.
fn of_transport(scenario: &Scenario) -> Option<Expected> {
    if !pool::is_without_effect(scenario) {
        return None;
    }
    let mut out = match &scenario.transport {
        TransportConfig::ShortPoll(poll) => short_poll::expected(scenario, *poll),
        TransportConfig::LongPoll(poll) => match poll.check {
            Check::Every { every, count, first } => {
                long_poll::expected(scenario, poll, checks::Schedule { every, count, first })
            }
            Check::Notify { hold } if poll.linger == Time::ZERO => notify::expected(scenario, poll, hold),
            Check::Notify { .. } => None,
        },
        // Of adaptive polls no closed form is known.
        other => push::expected(scenario, other.stream()?),
    }?;
    pool::put_without_effect(&mut out, scenario);
    Some(out)
}

/// Leaves out the metrics that depend on how messages cluster; a constant latency does not.
fn leave_out_what_clusters(out: &mut Expected) {
    let least = out.get(Metric::LatencyMin);
    let is_constant = least.is_some() && least == out.get(Metric::LatencyMax);
    out.leave_out(|metric| match metric {
        Metric::RequestsPerMessage | Metric::HttpBytesPerMessage => true,
        _ => !is_constant && latency::is_percentile(metric),
    });
}
