//! One client: its open requests, its mailbox, and which of its events is next.

use std::ops::Range;

use smallvec::SmallVec;

use crate::engine::{Class, Key};
use crate::model::mailbox::Mailbox;
use crate::model::source::Cursor;
use crate::units::Time;

/// A request, from its departure until its reply has reached the client or the server has dropped it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Counts the requests of the client from 0.
    pub number: u64,
    pub stage: Stage,
    /// Whether the client still waits for the reply.
    pub awaited: bool,
    /// When the stage ends, or the server looks again.
    pub due: Time,
    /// When the client gives up.
    pub deadline: Time,
    /// When it reached the server.
    pub arrived: Time,
    /// How many messages the client had when it asked.
    pub named: u64,
    /// Server checks so far.
    pub checks: u32,
    /// Scope `request`: the check that hits.
    pub hit_check: u64,
    /// The messages that the reply carries.
    pub carried: Range<u64>,
}

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// On its way to the server.
    Up,
    /// Held by the server.
    Held,
    /// Its reply is on the way to the client.
    Down,
}

/// An event of a client. The number is the place of the request among the open ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The source runs a trial or creates a message.
    Source,
    /// A request reaches the server.
    RequestArrives(usize),
    /// The server looks again at a request that it holds.
    ServerActs(usize),
    /// A reply reaches the client.
    ReplyArrives(usize),
    /// The client gives up a request.
    Timeout(usize),
    /// The client asks.
    Depart,
}

/// The state of one client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// When the next request leaves.
    pub departure: Time,
    /// Requests sent so far.
    pub requests: u64,
    /// A stopped client never asks again.
    pub stopped: bool,
    pub arrivals: Cursor,
    pub mailbox: Mailbox,
    /// How many messages the client knows of: one more than the number of the newest it has.
    pub has: u64,
    /// When the newest message that the client has was created, and since when it has it.
    pub newest_created: Time,
    pub newest_since: Time,
    /// In the order of their numbers. Nearly always one.
    pub open: SmallVec<[Request; 1]>,
}

impl Client {
    pub fn new(departure: Time, arrivals: Cursor) -> Client {
        Client {
            departure,
            requests: 0,
            stopped: false,
            arrivals,
            mailbox: Mailbox::default(),
            has: 0,
            newest_created: Time::ZERO,
            newest_since: Time::NEVER,
            open: SmallVec::new(),
        }
    }

    /// The earliest pending event: by time, class, request number, and a reply before the timeout of its request.
    pub fn next_event(&self) -> Option<(Key, Event)> {
        let mut first = (Key::new(self.arrivals.next, Class::Source), Event::Source);
        let mut offer = |time, class, event| {
            let key = Key::new(time, class);
            if key < first.0 {
                first = (key, event);
            }
        };
        for (place, request) in self.open.iter().enumerate() {
            match request.stage {
                Stage::Up => offer(request.due, Class::Server, Event::RequestArrives(place)),
                Stage::Held => offer(request.due, Class::Server, Event::ServerActs(place)),
                Stage::Down => offer(request.due, Class::Client, Event::ReplyArrives(place)),
            }
            if request.awaited {
                offer(request.deadline, Class::Client, Event::Timeout(place));
            }
        }
        offer(self.departure, Class::Client, Event::Depart);
        (first.0.time() < Key::new(Time::NEVER, Class::Source).time()).then_some(first)
    }

    /// The least number of known messages that an open or a future request names.
    pub fn least_named(&self) -> u64 {
        self.open.iter().map(|request| request.named).fold(self.has, u64::min)
    }
}
