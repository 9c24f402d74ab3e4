//! Packets that are lost, and sent again.

use super::World;
use super::guard::MOST_IN_A_ROW;
use super::wire::End;
use crate::model::ids::{ClientIndex, ClientNumber, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::prefetched_draws::Sampler;
use crate::model::scenario::{Loss, Scenario};
use crate::model::transport::Transport;
use crate::random::{Family, Geometric, Purpose};
use crate::units::Time;

/// Losses of one packet that are counted where a guard watches the run, at most.
const MOST_LOST: u64 = 64;

/// Which packets of a client are lost.
#[derive(Debug)]
pub(super) struct Losses {
    rules: Loss,
    /// Attempts until a packet arrives.
    attempts: Geometric,
    draws: Family,
}

/// Packets that leave together: all but the last are full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packets {
    pub count: u64,
    pub full: u64,
    pub last: u64,
}

/// What packets are of, which names their draws.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum Flow {
    /// A request, or what a client sends.
    Up = 0,
    /// A reply, or the end of a response.
    Down = 1,
    /// What the server pushes.
    Push = 2,
    /// What opens a connection.
    Handshake = 3,
}

impl Losses {
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Losses> {
        scenario.network.loss.map(|rules| Losses {
            rules,
            attempts: Geometric::new(1.0 - rules.rate.as_f64()),
            draws: Family::new(scenario.seed, replication, Purpose::Loss),
        })
    }

    /// How often this packet of a message is lost.
    fn of(&self, client_number: ClientNumber, (flow, number): (Flow, u64), packet: u64) -> u64 {
        let number = number ^ ((packet >> 16) << 32);
        let name = (flow as u64) << 61 | (number & ((1 << 45) - 1)) << 16 | packet & 0xffff;
        self.attempts.value(self.draws.stream(u64::from(client_number.0)).at(name)) - 1
    }
}

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// How much later a request, or a reply, of so many bytes of HTTP arrives because of what is lost.
    pub(super) fn lose_message(
        &mut self,
        end: End,
        client: ClientIndex,
        number: RequestNumber,
        now: Time,
        bytes: u64,
    ) -> Time {
        let flow = if end == End::Client { Flow::Up } else { Flow::Down };
        match self.wire.as_ref().filter(|_| self.population.losses.is_some()).map(|wire| wire.packets(bytes)) {
            Some(packets) => self.lose(client, (flow, number.name()), now, packets),
            None => Time::ZERO,
        }
    }

    /// How much later packets that leave now arrive because of those that are lost. Counts what is sent again.
    pub(super) fn lose(&mut self, client: ClientIndex, name: (Flow, u64), now: Time, packets: Packets) -> Time {
        let Some(losses) = &self.population.losses else { return Time::ZERO };
        let is_up = match name.0 {
            Flow::Up => true,
            Flow::Down | Flow::Push => false,
            // The flights of a handshake take turns.
            Flow::Handshake => name.1.is_multiple_of(2),
        };
        let mut latest = Time::ZERO;
        let (most, most_lost) = if self.guard.is_some() { (MOST_IN_A_ROW, MOST_LOST) } else { (u64::MAX, u64::MAX) };
        let mut is_shortened = packets.count > most;
        for packet in 0..packets.count.min(most) {
            let lost = losses.of(self.number_of(client), name, packet);
            is_shortened |= lost > most_lost;
            let lost = lost.min(most_lost);
            let size = if packet + 1 == packets.count { packets.last } else { packets.full };
            for attempt in 0..lost {
                self.recorder.packet_lost(now.plus(losses.rules.delay(attempt)));
                self.recorder.packets(is_up, now.plus(losses.rules.delay(attempt + 1)), 1, size);
            }
            latest = latest.max(losses.rules.delay(lost));
        }
        if let Some(guard) = self.guard.as_mut().filter(|_| is_shortened) {
            guard.shorten();
        }
        latest
    }
}
