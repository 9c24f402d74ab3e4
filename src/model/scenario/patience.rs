//! The time of a reply without a message.

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
}
