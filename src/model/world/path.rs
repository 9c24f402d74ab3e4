//! What a message passes between client and server: links, lost packets, and those before it on its connection.

use super::wire::End;
use super::{Slot, World};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::request::{Origin, Stage};
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
    fn pass(&mut self, now: Time, bytes: u64) -> (Time, Time) {
        pass(self.capacity, &mut self.free, now, bytes)
    }
}

/// When so many bytes that come at `now` begin to pass a direction that is free from `free` on, and when they have passed.
fn pass(capacity: Option<BitRate>, free: &mut Time, now: Time, bytes: u64) -> (Time, Time) {
    let Some(capacity) = capacity.filter(|_| bytes > 0) else { return (now, now) };
    let begin = now.max(*free);
    *free = begin.plus(capacity.time_of(bytes));
    (begin, *free)
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

/// The links of the clients: the tabs of a browser share one. Its capacity is that of the population of whoever uses it.
#[derive(Debug)]
pub(super) struct ClientLinks {
    tabs: usize,
    /// By browser: from when on it is free, up and down.
    free: Vec<(Time, Time)>,
}

impl ClientLinks {
    /// What a browser takes.
    pub const BROWSER_BYTES: usize = size_of::<(Time, Time)>();

    /// `None` where no client has a link.
    pub fn new(scenario: &Scenario) -> Option<ClientLinks> {
        let tabs = scenario.clients.browsers.map_or(1, |browsers| browsers.tabs as usize);
        scenario.has_client_links().then(|| ClientLinks { tabs, free: Vec::new() })
    }

    /// All are free, for so many clients.
    pub fn clear(&mut self, clients: usize) {
        self.free.clear();
        self.free.resize(clients.div_ceil(self.tabs), (Time::ZERO, Time::ZERO));
    }

    fn up(&mut self, client: ClientIndex) -> &mut Time {
        &mut self.free[client.position() / self.tabs].0
    }

    fn down(&mut self, client: ClientIndex) -> &mut Time {
        &mut self.free[client.position() / self.tabs].1
    }
}

/// Whether anything but a delay is between clients and server, so that sizes matter.
pub(super) fn is_needed(scenario: &Scenario) -> bool {
    scenario.wire.is_some() || scenario.server_link.is_some() || scenario.has_client_links() || scenario.uses_http2()
}

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// So many bytes of HTTP leave a client, once its connection is open. Says when they reach the server, or its link,
    /// where they would do so at `arrival` by the delay alone, and their size on the way.
    pub(super) fn send_up(
        &mut self,
        client: ClientIndex,
        number: RequestNumber,
        now: Time,
        bytes: u64,
        arrival: Time,
    ) -> (Time, u64) {
        let size = self.put_on_wire(End::Client, client, number, now, bytes);
        let mut left = now;
        if let (Some(link), Some(links)) = (self.population.link, &mut self.client_links) {
            left = pass(link.up, links.up(client), now, size).1;
        }
        let lost = self.lose_message(End::Client, client, number, now, bytes);
        (arrival.plus(left.since(now)).plus(lost), size)
    }

    /// So many bytes of HTTP leave the server. Says when they reach the client, where they would do so at `arrival` by the
    /// delay alone, and their size on the way. `number` is that of the request whose connection they take.
    pub(super) fn send_down(
        &mut self,
        client: ClientIndex,
        number: RequestNumber,
        now: Time,
        bytes: u64,
        arrival: Time,
    ) -> (Time, u64) {
        let size = self.put_on_wire(End::Server, client, number, now, bytes);
        let left = self.pass_down(client, now, size);
        self.recorder.waited_for_links(now, left, bytes);
        let lost = self.lose_message(End::Server, client, number, now, bytes);
        (self.in_order_down(client, number, arrival.plus(left.since(now)).plus(lost), bytes), size)
    }

    /// When so many bytes have passed the links on their way down.
    pub(super) fn pass_down(&mut self, client: ClientIndex, now: Time, size: u64) -> Time {
        let mut left = now;
        if let Some(lanes) = self.server_link.as_mut().filter(|lanes| lanes.down.capacity.is_some() && size > 0) {
            let (begin, end) = lanes.down.pass(now, size);
            self.recorder.passes_link(false, now, begin, end);
            left = end;
        }
        if let (Some(link), Some(links)) = (self.population.link, &mut self.client_links) {
            left = pass(link.down, links.down(client), left, size).1;
        }
        left
    }

    /// A request reaches the link of the server, if there is one.
    pub(super) fn enter_link(&mut self, client: ClientIndex, slot: Slot, now: Time) -> bool {
        let (size, origin) = (self.size(client, slot), self.origin(client, slot));
        let Some(lanes) = self.server_link.as_mut().filter(|lanes| lanes.up.capacity.is_some()) else { return false };
        let request = match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        };
        if request.stage != Stage::Up || origin == Origin::Reset || size == 0 {
            return false;
        }
        let (begin, end) = lanes.up.pass(now, size);
        request.stage = Stage::Link;
        request.since = now;
        request.due = end;
        self.recorder.passes_link(true, now, begin, end);
        true
    }

    /// The bytes of a request, or of its reply, on the way.
    pub(super) fn size(&self, client: ClientIndex, slot: Slot) -> u64 {
        match slot {
            Slot::Newest => self.sizes.get(client).copied().unwrap_or(0),
            Slot::Older(index) => self.older.of(client)[index].size,
        }
    }

    pub(super) fn set_size(&mut self, client: ClientIndex, slot: Slot, size: u64) {
        match slot {
            Slot::Newest => self.sizes.get_mut(client).into_iter().for_each(|mine| *mine = size),
            Slot::Older(index) => self.older.of_mut(client)[index].size = size,
        }
    }
}
