//! How long an answer takes where there is no message.

use super::{Delay, Scenario};
use crate::units::Time;

impl Scenario {
    /// From the arrival of a request to its answer, where no message comes: the middle of the service, and the longest hold.
    pub fn answer_without_message(&self) -> Time {
        let service = self.server.service.as_ref().map_or(Time::ZERO, Delay::middle);
        service.plus(self.transport.longest_check())
    }

    /// From the sending of a request to its reply, where no message comes, with the middles of the delays.
    pub fn reply_without_message(&self) -> Time {
        self.network.up.middle().plus(self.answer_without_message()).plus(self.network.down.middle())
    }

    /// When the last of the clients that are there from the start has sent its first request, as far as
    /// [`Clients::start_within`](super::Clients::start_within) says so: of a mix that of the latest population.
    pub fn last_start(&self) -> Time {
        if self.is_mix() {
            let some = (0..self.populations.len()).filter(|place| self.populations[*place].count > 0);
            return some.map(|place| self.of_population(place).last_start()).max().unwrap_or(Time::ZERO);
        }
        if self.transport.spreads_starts() { self.clients.start_within } else { Time::ZERO }
    }
}
