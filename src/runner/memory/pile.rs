//! Upper bounds for queues, without a simulation.

use crate::model::scenario::{Arrivals, Pace, Process, TraceMessage, TransportConfig};
use crate::model::{Scenario, clients_together};
use crate::units::Time;

/// A request that waits, with the room of a list that grows, in bytes.
const REQUEST: f64 = 250.0;
/// A message that waits, likewise.
const MESSAGE: f64 = 48.0;
/// Clients beyond this number are not examined one by one.
const MOST_CLIENTS: u32 = 1 << 24;

/// An upper bound for the queues in a run of `scenario`, in bytes: all requests and messages of all clients that are
/// simulated together.
pub(in crate::runner) fn highest_pile(scenario: &Scenario) -> f64 {
    let seconds = scenario.window.horizon().as_secs_f64();
    let rate = |process: &Process| process.mean_rate(scenario.window.horizon());
    let sends = scenario.clients.sends.as_ref().map_or(0.0, |sends| rate(&sends.process));
    let messages = match &scenario.source.arrivals {
        Arrivals::InRequest { .. } => 0.0,
        Arrivals::PerClient(process) | Arrivals::Broadcast(process) => rate(process),
        Arrivals::Group { size } => sends * f64::from(*size),
    };
    let kinds = (0..scenario.populations.len().max(1)).map(|place| scenario.of_population(place));
    let polls = kinds.map(|kind| requests(&kind)).fold(0.0, f64::max);
    let of_each = seconds * ((polls + sends) * REQUEST + messages * (MESSAGE + REQUEST));
    of_each * f64::from(clients_together(scenario))
}

/// Most requests of a client per second that may stay open.
fn requests(scenario: &Scenario) -> f64 {
    let each = |time: Time| 1.0 / time.max(Time(1)).as_secs_f64();
    let after_timeouts = each(scenario.clients.timeout);
    match &scenario.transport {
        TransportConfig::ShortPoll(poll) if poll.pace == Pace::AfterReply => after_timeouts,
        TransportConfig::ShortPoll(poll) => each(poll.interval) + after_timeouts,
        TransportConfig::LongPoll(_) | TransportConfig::AdaptivePoll(_) => after_timeouts,
        // Pushes are counted with the messages.
        TransportConfig::Streaming(stream) => after_timeouts + stream.keep_alive.map_or(0.0, each),
        TransportConfig::Sse(sse) => after_timeouts + sse.stream.keep_alive.map_or(0.0, each),
        TransportConfig::WebSocket(socket) => after_timeouts + socket.stream.keep_alive.map_or(0.0, each),
    }
}

/// The rows for all clients in the lists of the clients that have rows of their own.
pub(super) fn rows_for_all(rows: &[TraceMessage]) -> f64 {
    let for_all = rows.iter().filter(|row| row.client.is_none()).count();
    if for_all == 0 || for_all == rows.len() {
        return 0.0;
    }
    let last = rows.iter().filter_map(|row| row.client).max().unwrap_or(0).min(MOST_CLIENTS);
    let mut has_own = vec![false; last as usize + 1];
    for client in rows.iter().filter_map(|row| row.client) {
        has_own[client.min(last) as usize] = true;
    }
    for_all as f64 * has_own.iter().filter(|has| **has).count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_for_all_stand_in_the_list_of_each_client_with_own_rows() {
        let row = |client| TraceMessage { time: Time::ZERO, client, bytes: None };
        assert!(rows_for_all(&[row(None), row(None)]).abs() < 1e-9);
        assert!((rows_for_all(&[row(None), row(Some(3)), row(None), row(Some(3)), row(Some(1))]) - 4.0).abs() < 1e-9);
    }
}
