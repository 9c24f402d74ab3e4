//! What a message passes between client and server: links, and packets that are lost.

use cometsim::model::scenario::Link;
use cometsim::units::BitRate;

use super::wire::{encrypted, packet_sizes};
use super::world::{Class, Kind, World};

/// What is sent, which names the losses.
#[derive(Clone, Copy)]
pub enum Flow {
    Up = 0,
    Down = 1,
    Push = 2,
    Handshake = 3,
}

/// When `bytes` begin and end to pass a link that is free from `free` on.
fn pass(capacity: BitRate, free: &mut u64, now: u64, bytes: u64) -> (u64, u64) {
    let begin = now.max(*free);
    let nanos = (u128::from(bytes) * 8 * 1_000_000_000).div_ceil(u128::from(capacity.0));
    *free = begin.saturating_add(nanos as u64);
    (begin, *free)
}

impl World<'_> {
    /// How many bytes on the wire `bytes` of HTTP are.
    fn size(&self, bytes: u64) -> u64 {
        match &self.scenario.wire {
            Some(wire) => packet_sizes(wire, encrypted(wire, bytes)).iter().sum(),
            None => bytes,
        }
    }

    /// The same, for frames.
    pub fn size_of(&self, bytes: u64) -> u64 {
        self.size(bytes)
    }

    fn client_link(&self, client: u32) -> Link {
        self.view(client).network.client_link.unwrap_or(Link { up: None, down: None })
    }

    /// When `bytes` that leave the client now reach the link of the server.
    pub fn travel_up(&mut self, client: u32, number: u64, bytes: u64, delay: u64) -> u64 {
        let (now, size) = (self.now, self.size(bytes));
        let mut left = now;
        if let Some(capacity) = self.client_link(client).up.filter(|_| size > 0) {
            let browser = self.browser(client);
            left = pass(capacity, &mut self.client_links[browser].0, now, size).1;
        }
        if number < super::sends::SEND || !self.sends_frames(client) {
            self.request(client, number).sizes.0 = size;
        }
        let lost = self.lose_message(client, Flow::Up, number, bytes);
        left.saturating_add(delay).saturating_add(lost)
    }

    /// When `bytes` that leave the server now reach the client.
    pub fn travel_down(&mut self, client: u32, flow: Flow, number: u64, bytes: u64, delay: u64) -> u64 {
        let (now, size) = (self.now, self.size(bytes));
        let mut left = now;
        if let Some(capacity) = self.scenario.server_link.and_then(|link| link.down).filter(|_| size > 0) {
            let (begin, end) = pass(capacity, &mut self.server_link.1, now, size);
            self.note(client, |log| log.down_link.push((now, begin, end)));
            left = end;
        }
        if let Some(capacity) = self.client_link(client).down.filter(|_| size > 0) {
            let browser = self.browser(client);
            left = pass(capacity, &mut self.client_links[browser].1, left, size).1;
        }
        self.note(client, |log| log.waited_for_links.push((now, left, bytes)));
        if matches!(flow, Flow::Down) {
            self.request(client, number).sizes.1 = size;
        }
        let lost = self.lose_message(client, flow, number, bytes);
        left.saturating_add(delay).saturating_add(lost)
    }

    /// A request, or a frame, reaches the link of the server, if there is one.
    pub fn reach_link(&mut self, client: u32, number: u64) {
        let now = self.now;
        let frame = self.frame(client, number);
        let size = frame.map_or_else(|| self.request(client, number).sizes.0, |frame| frame.size);
        let Some(capacity) = self.scenario.server_link.and_then(|link| link.up).filter(|_| size > 0) else {
            self.arrive(client, number);
            return;
        };
        let (begin, end) = pass(capacity, &mut self.server_link.0, now, size);
        self.note(client, |log| {
            log.arrivals.push(now);
            log.up_link.push((now, begin, end));
        });
        self.push(end, Class::Server, client, number, Kind::Arrive);
    }

    /// How much later a message arrives because of what is lost.
    fn lose_message(&mut self, client: u32, flow: Flow, number: u64, bytes: u64) -> u64 {
        let Some(wire) = self.scenario.wire else { return 0 };
        self.lose(client, flow, number, &packet_sizes(&wire, encrypted(&wire, bytes)))
    }

    /// How much later packets arrive because of those that are lost: as much as the last of them.
    pub fn lose(&mut self, client: u32, flow: Flow, number: u64, sizes: &[u64]) -> u64 {
        let Some(loss) = self.view(client).network.loss else { return 0 };
        let now = self.now;
        let is_up = match flow {
            Flow::Up => true,
            Flow::Down | Flow::Push => false,
            Flow::Handshake => number.is_multiple_of(2),
        };
        let mut latest = 0;
        for (packet, &size) in (0..).zip(sizes) {
            let losses = self.draws.losses(client, (flow as u64, number, packet), loss.rate);
            let mut at = now;
            let mut wait = loss.timeout.0;
            for _ in 0..losses {
                let lost = at;
                at = at.saturating_add(wait.min(loss.max_timeout.0));
                wait = wait.saturating_mul(2);
                self.note(client, |log| {
                    log.lost_packets.push(lost);
                    log.packets.push((at, 1, size, is_up));
                });
            }
            latest = latest.max(at - now);
        }
        latest
    }
}
