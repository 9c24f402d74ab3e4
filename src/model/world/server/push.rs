//! Connections on which the server pushes messages as they come.

use crate::model::delay::DelayLaw;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient};
use crate::model::prefetched_draws::Sampler;
use crate::model::scenario::Scenario;
use crate::model::transport::OpenConnection;
use crate::random::Family;
use crate::units::Time;

/// The connections of the clients of one population.
#[derive(Debug)]
pub(in crate::model::world) struct Streams {
    /// After how long without a push the proxy cuts a connection.
    idle_timeout: Option<Time>,
    delays: (DelayLaw, Family),
    open: PerClient<OpenStream>,
}

/// The connection of a client.
#[derive(Clone, Copy, Debug, Default)]
struct OpenStream {
    /// When something was last sent.
    last_sent: Time,
    /// When what was sent last arrives: nothing overtakes it.
    last_arrival: Time,
    /// Bytes of the body so far.
    bytes: u64,
    /// Pushes of the client on all its connections so far.
    pushes: u64,
}

impl Streams {
    /// What a client takes.
    pub const CLIENT_BYTES: usize = size_of::<OpenStream>();

    pub fn new(scenario: &Scenario, delays: Family) -> Streams {
        let delays = (DelayLaw::new(&scenario.network.down), delays);
        Streams { idle_timeout: scenario.server.idle_timeout, delays, open: PerClient::new() }
    }

    /// Forgets all connections, and makes room for this number of clients.
    pub fn clear(&mut self, clients: usize) {
        self.open.reset(clients, OpenStream::default());
    }

    /// A new connection of a client is open.
    pub fn reopen(&mut self, client: ClientIndex) {
        let pushes = self.open[client].pushes;
        self.open[client] = OpenStream { pushes, ..OpenStream::default() };
    }

    /// Pushes of a client on all its connections so far.
    pub fn pushes(&self, client: ClientIndex) -> u64 {
        self.open[client].pushes
    }

    /// The server sends messages of this size.
    pub fn count_bytes(&mut self, client: ClientIndex, bytes: u64) {
        self.open[client].bytes += bytes;
    }

    /// What was sent last arrives later than its delay says, after what was sent to others.
    pub fn set_last_arrival(&mut self, client: ClientIndex, arrival: Time) {
        self.open[client].last_arrival = arrival;
    }

    /// When a push that is sent now arrives, if that takes `more` than the delay.
    pub fn arrival_of_push(&mut self, client: ClientIndex, client_number: ClientNumber, now: Time, more: Time) -> Time {
        let stream = &mut self.open[client];
        let (law, family) = &self.delays;
        let delay = Time(law.value(family.stream(u64::from(client_number.0)).at(stream.pushes)));
        stream.pushes += 1;
        stream.last_sent = now;
        stream.last_arrival = stream.last_arrival.max(now.plus(delay).plus(more));
        stream.last_arrival
    }

    /// When something arrives that is sent after all pushes, and would arrive at `arrival`.
    pub fn in_order(&self, client: ClientIndex, arrival: Time) -> Time {
        arrival.max(self.open[client].last_arrival)
    }

    /// The connection of a client, opened at `opened`, as the protocol sees it.
    #[inline]
    pub fn connection(&self, client: ClientIndex, opened: Time) -> OpenConnection {
        let OpenStream { last_sent, bytes, .. } = self.open[client];
        OpenConnection { opened, last_sent, bytes }
    }

    /// When the proxy cuts the connection of a client if nothing is sent on it.
    #[inline]
    pub fn cut_off(&self, client: ClientIndex) -> Time {
        self.idle_timeout.map_or(Time::NEVER, |idle| self.open[client].last_sent.plus(idle))
    }
}
