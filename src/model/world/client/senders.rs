//! The sends of clients: their process, size and recipients.

use crate::engine::Key;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::scenario::{Arrivals, Scenario};
use crate::model::source::{Cursor, Generator};
use crate::units::Time;

/// The sources of the messages that clients send.
#[derive(Debug)]
pub(in crate::model::world) struct Senders {
    source: Generator,
    /// Clients of a group, which receives the sends of its clients; `None`: sends end at the server.
    group: Option<u32>,
    clients: PerClient<Sender>,
    /// The last event in the order of events, where clients wake each other: its turn, its client, its request.
    pub last_event: (Key, ClientIndex, RequestNumber),
}

/// Before all events.
fn no_event() -> (Key, ClientIndex, RequestNumber) {
    (Key::start_of(Time::ZERO), ClientIndex(0), RequestNumber::of_poll(0))
}

#[derive(Clone, Copy, Debug)]
struct Sender {
    cursor: Cursor,
    /// Messages sent so far.
    sent: u64,
    /// When its last frame arrives. Nothing overtakes it.
    last_arrival: Time,
}

impl Senders {
    /// Memory of one client, in bytes.
    pub const CLIENT_BYTES: usize = size_of::<Sender>();

    /// `None` without sends.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Senders> {
        let sends = scenario.clients.sends.as_ref()?;
        let group = match scenario.source.arrivals {
            Arrivals::Group { size } => Some(size),
            _ => None,
        };
        let source = Generator::of_sends(sends, scenario, replication);
        Some(Senders { source, group, clients: PerClient::new(), last_event: no_event() })
    }

    /// Resets the sends, for clients with these numbers.
    pub fn populate(&mut self, clients: std::ops::Range<u32>) {
        let sender =
            |number| Sender { cursor: self.source.start(number, Time::ZERO), sent: 0, last_arrival: Time::ZERO };
        self.clients = clients.map(sender).collect();
        self.last_event = no_event();
    }

    /// Size of a message, in bytes.
    pub fn payload(&self) -> u32 {
        self.source.payload()
    }

    /// When the source of a client runs next.
    #[inline]
    pub fn next(&self, client: ClientIndex) -> Time {
        self.clients[client].cursor.next
    }

    /// The source of a client runs one trial. Returns whether there is a message. A trial is an event that is not
    /// counted.
    pub fn run_source(&mut self, client: ClientIndex, number: ClientNumber, now: Time) -> bool {
        self.source.advance_due(&mut self.clients[client].cursor, number.0, now, |_| {}).is_some()
    }

    /// The number of the next message of a client, which is sent now.
    pub fn count(&mut self, client: ClientIndex) -> RequestNumber {
        let sent = &mut self.clients[client].sent;
        *sent += 1;
        RequestNumber::of_send(*sent - 1)
    }

    /// When a frame arrives that would arrive at `arrival` alone, and does not overtake the one before.
    pub fn in_order(&mut self, client: ClientIndex, arrival: Time) -> Time {
        let last = &mut self.clients[client].last_arrival;
        *last = arrival.max(*last);
        *last
    }

    /// The group of a client; `None` where its messages end at the server.
    pub fn group_of(&self, client: ClientIndex) -> Option<impl Iterator<Item = ClientIndex> + use<>> {
        let size = self.group?;
        let first = client.0 / size * size;
        let end = first.saturating_add(size).min(self.clients.len() as u32);
        Some((first..end).map(ClientIndex))
    }
}
