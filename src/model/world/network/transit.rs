//! Messages in transit: the stages of each, and its arrival.

use super::http2::Http2Connection;
use super::links::pass;
use super::message::{Exchange, Message, MessageKind, Packets, Side};
use super::path::NetworkPath;
use super::state::NetworkState;
use crate::model::ids::ClientIndex;
use crate::model::observer::{Happening, Observer};
use crate::model::prefetched_draws::Sampler;
use crate::model::recorder::Recorder;
use crate::model::scenario::Http2;
use crate::units::Time;

/// Most packets of one message that a run with bounded work counts.
const MOST_PACKETS: u64 = 4096;
/// Most losses of one packet that a run with bounded work counts.
const MOST_LOSSES: u64 = 64;

/// The network at one instant, for the clients of one population.
pub(in crate::model::world) struct Transit<'a, O: Observer> {
    pub network: &'a mut NetworkState,
    pub path: &'a mut NetworkPath,
    pub recorder: &'a mut Recorder<O>,
    pub now: Time,
}

/// The cost of sending a request on a connection.
pub(in crate::model::world) struct Connected {
    /// How long the connection takes to open.
    pub opening: Time,
    /// Whether the server has closed it, which the client does not know.
    pub is_broken: bool,
}

/// A message in transit.
#[derive(Clone, Copy)]
pub(in crate::model::world) struct Passage {
    pub arrival: Time,
    /// Bytes with all headers; 0 if sizes do not matter.
    pub size: u64,
}

impl<O: Observer> Transit<'_, O> {
    /// Gives a request that leaves a connection.
    #[inline]
    pub fn connect(&mut self, exchange: Exchange) -> Connected {
        if self.network.has_sizes {
            self.take_connection(exchange)
        } else {
            Connected { opening: Time::ZERO, is_broken: false }
        }
    }

    fn take_connection(&mut self, exchange: Exchange) -> Connected {
        let restart_known = self.restart_known(exchange.client);
        let (is_new, opened) = match (&mut self.network.http2, &mut self.network.tcp) {
            (Some(http2), _) if self.path.http2.is_some() => {
                http2.connect(exchange.client, self.now, restart_known, self.recorder)
            }
            (_, Some(tcp)) => tcp.connect(exchange, self.now, restart_known, self.recorder),
            (_, None) => return Connected { opening: Time::ZERO, is_broken: false },
        };
        let opening = if is_new { self.shake_hands(exchange) } else { Time::ZERO };
        Connected { opening, is_broken: opened < self.network.restart && self.network.restart <= self.now }
    }

    /// From when a client knows which connections the restart has closed.
    fn restart_known(&self, client: ClientIndex) -> Time {
        if self.network.restart == Time::NEVER {
            return Time::NEVER;
        }
        let bits = self.network.closings.stream(u64::from(self.network.number(client).0)).at(0);
        self.network.restart.plus(Time(self.path.down.law().value(bits)))
    }

    /// The connection of a client that uses HTTP/2.
    #[inline]
    fn http2(&mut self, client: ClientIndex) -> Option<(Http2, &mut Http2Connection)> {
        let sizes = self.path.http2?;
        self.network.http2.as_mut().map(|connections| (sizes, connections.of(client)))
    }

    /// The round trips of TCP and TLS that open a connection. Returns how long they take.
    fn shake_hands(&mut self, exchange: Exchange) -> Time {
        let Some(tcp) = &self.network.tcp else { return Time::ZERO };
        let (packets, up, down) = tcp.rules.handshake();
        let (flights, handshakes) = (tcp.flights(), tcp.handshakes);
        self.recorder.connection_opened(self.now);
        self.recorder.packets(true, self.now, packets, up);
        self.recorder.packets(false, self.now, 0, down);
        let stream = handshakes.stream(u64::from(self.network.number(exchange.client).0));
        let mut length = Time::ZERO;
        for (flight, packets) in (0..).zip(flights) {
            let number = exchange.number.name().wrapping_mul(4).wrapping_add(flight);
            let message = Message { exchange, kind: MessageKind::Handshake, number, bytes: 0 };
            let law = if message.sender() == Side::Client { self.path.up.law() } else { self.path.down.law() };
            let delay = Time(law.value(stream.at(number)));
            length = length.plus(delay).plus(self.resend(&message, packets));
        }
        let client = self.network.number(exchange.client);
        let recorder = self.recorder.about(client, exchange.number);
        recorder.tell(self.now, Happening::Connecting(self.now.plus(length)));
        length
    }

    /// Header and body of a request, which has the `plain` sizes over HTTP/1.1 and may name an event.
    #[inline]
    pub fn request_size(&mut self, client: ClientIndex, plain: (u64, u64), event_id: Option<u64>) -> (u64, u64) {
        match self.http2(client) {
            Some((sizes, connection)) => (connection.request_header(sizes, event_id), Http2::framed(plain.1)),
            None => plain,
        }
    }

    /// Header and body of a reply, which has the `plain` sizes over HTTP/1.1.
    #[inline]
    pub fn reply_size(&mut self, client: ClientIndex, plain: (u64, u64)) -> (u64, u64) {
        let now = self.now;
        match self.http2(client) {
            Some((sizes, connection)) => (connection.response_header(sizes, now), Http2::framed(plain.1)),
            None => plain,
        }
    }

    /// A client sends a message on an open connection. It would arrive at `arrival` with its delay alone. It arrives at
    /// the server, or at its link.
    #[inline]
    pub fn send_up(&mut self, message: Message, arrival: Time) -> Passage {
        if self.network.has_sizes { self.pass_up(message, arrival) } else { Passage { arrival, size: 0 } }
    }

    fn pass_up(&mut self, message: Message, arrival: Time) -> Passage {
        let client = message.exchange.client;
        let size = self.send_packets(&message);
        let mut left = self.now;
        if let (Some(link), Some(links)) = (self.path.link, &mut self.network.client_links)
            && let Some((_, end)) = pass(link.up, &mut links.of(client).up, left, size)
        {
            left = end;
        }
        let arrival = arrival.plus(left.since(self.now)).plus(self.lose(&message));
        Passage { arrival: self.in_order_up(message.exchange, arrival), size }
    }

    /// The server sends a message, which would arrive at `arrival` with its delay alone.
    #[inline]
    pub fn send_down(&mut self, message: Message, arrival: Time) -> Passage {
        if !self.network.has_sizes {
            return Passage { arrival, size: 0 };
        }
        let (delay, size) = self.pass_down(&message);
        Passage { arrival: self.in_order_down(message.exchange, arrival.plus(delay), message.bytes), size }
    }

    /// The server sends a message. Returns the time that links and losses add to its delay, and its size in transit.
    pub fn pass_down(&mut self, message: &Message) -> (Time, u64) {
        if !self.network.has_sizes {
            return (Time::ZERO, 0);
        }
        let size = self.send_packets(message);
        let mut left = self.now;
        if let Some((link, queues)) = &mut self.network.server_link
            && let Some((begin, end)) = pass(link.down, &mut queues.down, left, size)
        {
            self.recorder.passes_link(false, self.now, begin, end);
            left = end;
        }
        if let (Some(link), Some(links)) = (self.path.link, &mut self.network.client_links)
            && let Some((_, end)) = pass(link.down, &mut links.of(message.exchange.client).down, left, size)
        {
            left = end;
        }
        self.recorder.waited_for_links(self.now, left, message.bytes);
        (left.since(self.now).plus(self.lose(message)), size)
    }

    /// When a message arrives at the server, where messages of one connection do not overtake each other.
    #[inline]
    fn in_order_up(&mut self, exchange: Exchange, arrival: Time) -> Time {
        match self.http2(exchange.client) {
            Some((_, connection)) => connection.in_order_up(exchange, arrival),
            None => arrival,
        }
    }

    /// When a message arrives at the client, where messages of one connection do not overtake each other.
    #[inline]
    pub fn in_order_down(&mut self, exchange: Exchange, arrival: Time, bytes: u64) -> Time {
        match self.http2(exchange.client) {
            Some((_, connection)) => connection.in_order_down(exchange, arrival, bytes),
            None => arrival,
        }
    }

    /// A message reaches the link of the server. Returns when it has passed; `None` if it passes at once.
    #[inline]
    pub fn pass_server_link_up(&mut self, size: u64) -> Option<Time> {
        let (link, queues) = self.network.server_link.as_mut()?;
        let (begin, end) = pass(link.up, &mut queues.up, self.now, size)?;
        self.recorder.passes_link(true, self.now, begin, end);
        Some(end)
    }

    /// The packets of a message leave. Returns their bytes in all.
    #[inline]
    pub fn send_packets(&mut self, message: &Message) -> u64 {
        let Some(tcp) = &self.network.tcp else { return message.bytes };
        let (acks, end) = (tcp.acks, message.sender());
        let Packets { count, bytes, .. } = tcp.packets(message.bytes);
        self.recorder.packets(end == Side::Client, self.now, count, bytes);
        if let Some(receiver) = self.network.receiver(self.path, end, message.exchange) {
            receiver.send(count, self.now, (end, acks), self.recorder);
        }
        bytes
    }

    /// The packets of a message with this size arrive at one end of the connection of a request.
    #[inline]
    pub fn receive(&mut self, end: Side, exchange: Exchange, size: u64) {
        let Some(tcp) = &self.network.tcp else { return };
        let (acks, packets) = (tcp.acks, size.div_ceil(tcp.rules.segment.0 + tcp.rules.header.0));
        if let Some(receiver) = self.network.receiver(self.path, end, exchange) {
            receiver.receive(packets, self.now, (end, acks), self.recorder);
        }
    }

    /// The delay of a message by lost packets.
    #[inline]
    fn lose(&mut self, message: &Message) -> Time {
        match &self.network.tcp {
            Some(tcp) if self.path.losses.is_some() => self.resend(message, tcp.packets(message.bytes)),
            _ => Time::ZERO,
        }
    }

    /// Counts the packets of a message that are lost and sent again. Returns the delay of the message.
    fn resend(&mut self, message: &Message, packets: Packets) -> Time {
        let Some(losses) = &self.path.losses else { return Time::ZERO };
        let (is_up, client) = (message.sender() == Side::Client, self.network.number(message.exchange.client));
        let (most_packets, most_losses) =
            if self.network.is_bounded { (MOST_PACKETS, MOST_LOSSES) } else { (u64::MAX, u64::MAX) };
        let mut latest = Time::ZERO;
        self.network.is_shortened |= packets.count > most_packets;
        for packet in 0..packets.count.min(most_packets) {
            let drawn = losses.count(client, message, packet);
            let count = drawn.min(most_losses);
            self.network.is_shortened |= count < drawn;
            for attempt in 0..count {
                let (lost, again) = (self.now.plus(losses.delay(attempt)), self.now.plus(losses.delay(attempt + 1)));
                self.recorder.packet_lost(lost);
                let recorder = self.recorder.about(client, message.exchange.number);
                recorder.tell(self.now, Happening::PacketLost { lost, again, is_up });
                self.recorder.packets(is_up, again, 1, packets.size_of(packet));
            }
            latest = latest.max(losses.delay(count));
        }
        latest
    }

    /// The client has the whole response to a request: its last part, which has this size, arrives. A response that
    /// ends without a byte has lost its connection. After an error, `broken` is when that cannot have been open any
    /// more.
    #[inline]
    pub fn end_response(&mut self, exchange: Exchange, size: u64, broken: Option<Time>) {
        self.receive(Side::Client, exchange, size);
        let (network, is_closed) = (&mut *self.network, size == 0);
        match (&mut network.http2, &mut network.tcp) {
            (Some(http2), _) if self.path.http2.is_some() => {
                http2.release(exchange.client, self.now);
                if let (true, Some(broken)) = (is_closed, broken) {
                    http2.close_broken(exchange.client, self.now, broken, self.recorder);
                }
            }
            (_, Some(tcp)) if is_closed || self.path.closes_connection => tcp.close(exchange, self.now, self.recorder),
            (_, Some(tcp)) => tcp.release(exchange, self.now),
            (_, None) => {}
        }
    }

    /// The client gives up a request, and closes its connection of HTTP/1.1.
    pub fn close(&mut self, exchange: Exchange) {
        if let (None, Some(tcp)) = (self.path.http2, &mut self.network.tcp) {
            tcp.close(exchange, self.now, self.recorder);
        }
    }

    /// The client gives up a request of HTTP/2, and sends a frame that resets it. `None` over HTTP/1.1.
    pub fn reset(&mut self, exchange: Exchange) -> Option<Passage> {
        self.path.http2?;
        self.recorder.frame_sent(self.now, Http2::RESET);
        let size = self.send_packets(&Message::up(exchange, Http2::RESET));
        let delay = Time(self.path.up.of(self.network.number(exchange.client), exchange.number.name()));
        let arrival = self.in_order_up(exchange, self.now.plus(delay));
        if let Some(http2) = &mut self.network.http2 {
            http2.release(exchange.client, self.now);
        }
        Some(Passage { arrival, size })
    }

    /// Whether the restart has closed the connection of a message that left at `since` and arrives now.
    #[inline]
    pub fn has_lost_connection(&self, since: Time) -> bool {
        let has_connections = self.network.tcp.is_some() || self.path.http2.is_some();
        has_connections && since < self.network.restart && self.network.restart <= self.now
    }
}
