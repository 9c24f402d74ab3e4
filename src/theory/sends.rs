//! Sends without failures.

use super::delay::DelayDistribution;
use super::expected::Expected;
use super::pool;
use crate::model::metric::Metric;
use crate::model::scenario::{Arrivals, Pace, Process, Response, Scenario};

/// The closed forms of sends that are a Poisson process.
pub fn expected(scenario: &Scenario) -> Option<Expected> {
    let sends = scenario.clients.sends.as_ref()?;
    let Process::Poisson { rate } = sends.process else { return None };
    if !goes_well(scenario) {
        return None;
    }
    let mut out = Expected::default();
    let duration = scenario.window.duration.as_secs_f64();
    let messages = f64::from(scenario.clients.count) * rate.per_second() * duration;
    out.put(Metric::MessagesSent, messages);
    out.put_zeros(&[Metric::SendsFailed, Metric::Timeouts, Metric::ClientsStopped, Metric::MessagesLost]);
    if let Arrivals::Group { size } = scenario.source.arrivals
        && scenario.clients.count.is_multiple_of(size)
    {
        out.put(Metric::MessagesCreated, messages * f64::from(size));
        put_frames(&mut out, scenario);
    }
    Some(out)
}

/// Whether all clients have asked before the window opens, without limits and timeouts.
fn goes_well(scenario: &Scenario) -> bool {
    let trip: f64 = DelayDistribution::both_ways(scenario).iter().map(|delay| delay.high_nanos).sum();
    // Polls at random have no latest first one.
    let first = match scenario.transport.short_poll() {
        Some(poll) if poll.pace == Pace::Poisson => return false,
        Some(poll) => poll.interval,
        None => scenario.clients.start_within,
    };
    let hold = scenario.transport.longest_hold().0 as f64;
    !scenario.server.is_limited()
        && !pool::changes_the_model(scenario)
        && 3.0 * trip + hold <= scenario.clients.timeout.0 as f64
        && first.0 as f64 + 3.0 * trip < scenario.window.warmup.0 as f64
}

/// Frames on endless connections take one transit up and one down.
fn put_frames(out: &mut Expected, scenario: &Scenario) {
    let Some(stream) = scenario.transport.stream() else { return };
    let is_endless = stream.recycle_after.is_none()
        && stream.recycle_bytes.is_none()
        && scenario.server.idle_timeout.is_none()
        && scenario.transport.response() == Response::Upgrade;
    let [up, down] = DelayDistribution::both_ways(scenario);
    if is_endless && up.is_constant() && down.is_constant() {
        for metric in [Metric::LatencyMean, Metric::LatencyMin, Metric::LatencyMax] {
            out.put(metric, up.mean + down.mean);
        }
        out.put(Metric::RequestsPerSecond, 0.0);
    }
}
