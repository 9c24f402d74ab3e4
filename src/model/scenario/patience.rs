//! Times that follow from the settings: of a reply without a message, and of the start.

use super::{Delay, Scenario};
use crate::units::Time;

impl Scenario {
    /// From the arrival of a request to its reply without a message: the median of the service, and the longest hold.
    pub fn answer_without_message(&self) -> Time {
        let service = self.server.service.as_ref().map_or(Time::ZERO, Delay::middle);
        service.plus(self.transport.longest_check())
    }

    /// From the sending of a request to its reply without a message, with the medians of the delays.
    pub fn reply_without_message(&self) -> Time {
        self.network.up.middle().plus(self.answer_without_message()).plus(self.network.down.middle())
    }

    /// The latest first request of the clients that are online from the start, if
    /// [`Clients::start_within`](super::Clients::start_within) decides it; in a mix that of the latest population.
    pub fn last_start(&self) -> Time {
        if self.is_mix() {
            let some = (0..self.populations.len()).filter(|place| self.populations[*place].count > 0);
            return some.map(|place| self.of_population(place).last_start()).max().unwrap_or(Time::ZERO);
        }
        if self.transport.spreads_starts() { self.clients.start_within } else { Time::ZERO }
    }

    /// The shortest warm-up without a trace of the start: all clients that are online from the start have sent their
    /// first request, have been through their longest cycle, and have the reply, with the medians of the delays. In a
    /// mix that of the population that needs longest.
    pub fn shortest_warmup(&self) -> Time {
        if self.is_mix() {
            let some = (0..self.populations.len()).filter(|place| self.populations[*place].count > 0);
            return some.map(|place| self.of_population(place).shortest_warmup()).max().unwrap_or(Time::ZERO);
        }
        let service = self.server.service.as_ref().map_or(Time::ZERO, Delay::middle);
        let round_trip = self.network.up.middle().plus(service).plus(self.network.down.middle());
        self.last_start().plus(self.transport.longest_cycle()).plus(round_trip)
    }
}
