//! What a message passes between client and server: links, lost packets, and those before it on its connection.

use super::wire::End;
use super::{Slot, World};
use crate::model::client::Stage;
use crate::model::mail::Mail;
use crate::model::scenario::{Link, Scenario};
use crate::model::transport::Transport;
use crate::units::{BitRate, Time};

/// One direction of a link: first in, first out.
#[derive(Clone, Copy, Debug)]
struct Lane {
    capacity: Option<BitRate>,
    free: Time,
}

impl Lane {
    /// When so many bytes that come at `now` begin to pass, and when they have passed.
    fn pass(&mut self, now: Time, bytes: u32) -> (Time, Time) {
        let Some(capacity) = self.capacity.filter(|_| bytes > 0) else { return (now, now) };
        let begin = now.max(self.free);
        self.free = begin.plus(capacity.time_of(u64::from(bytes)));
        (begin, self.free)
    }
}

/// A link, both ways.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lanes {
    up: Lane,
    down: Lane,
}

impl Lanes {
    pub fn new(link: Link) -> Lanes {
        let lane = |capacity| Lane { capacity, free: Time::ZERO };
        Lanes { up: lane(link.up), down: lane(link.down) }
    }
}

/// The links of the clients of one population.
#[derive(Debug)]
pub(super) struct ClientLinks {
    link: Link,
    /// By place of the client.
    lanes: Vec<Lanes>,
}

impl ClientLinks {
    /// What a client takes.
    pub const CLIENT_BYTES: usize = size_of::<Lanes>();

    pub fn new(scenario: &Scenario) -> Option<ClientLinks> {
        scenario.network.client_link.map(|link| ClientLinks { link, lanes: Vec::new() })
    }

    /// All are free, for so many clients.
    pub fn clear(&mut self, clients: usize) {
        self.lanes.clear();
        self.lanes.resize(clients, Lanes::new(self.link));
    }
}

/// Whether anything but a delay is between clients and server, so that sizes matter.
pub(super) fn is_needed(scenario: &Scenario) -> bool {
    let has_client_links = scenario.network.client_link.is_some()
        || scenario.populations.iter().any(|population| population.network.client_link.is_some());
    scenario.wire.is_some() || scenario.server_link.is_some() || has_client_links || scenario.uses_http2()
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// So many bytes of HTTP leave a client, once its connection is open. Says when they reach the server, or its link,
    /// where they would do so at `arrival` by the delay alone, and their size on the way.
    pub(super) fn send_up(&mut self, place: usize, number: u64, now: Time, bytes: u64, arrival: Time) -> (Time, u32) {
        let size = self.put_on_wire(End::Client, place, number, now, bytes);
        let mut left = now;
        if let Some(links) = &mut self.kind.links {
            left = links.lanes[place].up.pass(now, size).1;
        }
        let lost = self.lose_message(End::Client, place, number, now, bytes);
        (arrival.plus(left.since(now)).plus(lost), size)
    }

    /// So many bytes of HTTP leave the server. Says when they reach the client, where they would do so at `arrival` by the
    /// delay alone, and their size on the way. `number` is that of the request whose connection they take.
    pub(super) fn send_down(&mut self, place: usize, number: u64, now: Time, bytes: u64, arrival: Time) -> (Time, u32) {
        let size = self.put_on_wire(End::Server, place, number, now, bytes);
        let left = self.pass_down(place, now, size);
        self.account.waited_for_links(now, left, bytes);
        let lost = self.lose_message(End::Server, place, number, now, bytes);
        (self.in_order_down(place, arrival.plus(left.since(now)).plus(lost), bytes), size)
    }

    /// When so many bytes have passed the links on their way down.
    pub(super) fn pass_down(&mut self, place: usize, now: Time, size: u32) -> Time {
        let mut left = now;
        if let Some(lanes) = self.server_link.as_mut().filter(|lanes| lanes.down.capacity.is_some() && size > 0) {
            let (begin, end) = lanes.down.pass(now, size);
            self.account.passes_link(false, now, begin, end);
            left = end;
        }
        if let Some(links) = &mut self.kind.links {
            left = links.lanes[place].down.pass(left, size).1;
        }
        left
    }

    /// A request reaches the link of the server, if there is one.
    pub(super) fn enter_link(&mut self, place: usize, slot: Slot, now: Time) -> bool {
        let Some(lanes) = self.server_link.as_mut().filter(|lanes| lanes.up.capacity.is_some()) else { return false };
        let request = match slot {
            Slot::Newest => &mut self.requests[place],
            Slot::Older(index) => &mut self.older.of_mut(place)[index].request,
        };
        if request.stage != Stage::Up || request.looks_left == 0 {
            return false;
        }
        let (begin, end) = lanes.up.pass(now, request.looks_left);
        request.stage = Stage::Link;
        request.since = now;
        request.due = end;
        self.account.passes_link(true, now, begin, end);
        true
    }
}
