//! Packet loss and retransmission.

use super::message::Message;
use crate::model::ids::ClientNumber;
use crate::model::prefetched_draws::Sampler;
use crate::model::scenario::{Loss, Scenario};
use crate::random::{Family, Geometric, Purpose};
use crate::units::Time;

/// The lost packets of the clients of one population.
#[derive(Debug)]
pub(super) struct Losses {
    rules: Loss,
    /// Attempts until a packet arrives.
    attempts: Geometric,
    draws: Family,
}

impl Losses {
    /// `None` without loss.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Losses> {
        scenario.network.loss.map(|rules| Losses {
            rules,
            attempts: Geometric::new(1.0 - rules.rate.as_f64()),
            draws: Family::new(scenario.seed, replication, Purpose::Loss),
        })
    }

    /// How often this packet of a message of `client` is lost.
    pub fn count(&self, client: ClientNumber, message: &Message, packet: u64) -> u64 {
        let number = message.number ^ ((packet >> 16) << 32);
        let name = (message.kind as u64) << 61 | (number & ((1 << 45) - 1)) << 16 | packet & 0xffff;
        self.attempts.value(self.draws.stream(u64::from(client.0)).at(name)) - 1
    }

    /// The delay of a packet that is lost this number of times.
    pub fn delay(&self, losses: u64) -> Time {
        self.rules.delay(losses)
    }
}
