//! TCP connections: what happens on each is written down, and acknowledgements are worked out when the run is over.

use cometsim::model::scenario::{Tls, TransportConfig, Wire};

use super::log::Log;
use super::path::Flow;
use super::sends::SEND;
use super::world::World;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Client,
    Server,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Sends(u64),
    Receives(u64),
}

/// One TCP connection of a client.
#[derive(Clone, Debug, Default)]
pub struct Tcp {
    request: Option<u64>,
    idle_since: u64,
    pub opened: u64,
    /// Under HTTP/2: when the server's end was closed.
    pub ended: Option<u64>,
    pub closed: Option<u64>,
    history: Vec<(u64, End, What)>,
}

impl Tcp {
    /// One that is opened now.
    pub fn open(now: u64) -> Tcp {
        Tcp { opened: now, ..Tcp::default() }
    }
}

/// The packets for a number of bytes, and the bytes of all of them.
fn packets(wire: &Wire, bytes: u64) -> (u64, u64) {
    let mut packets = 0;
    let mut left = bytes;
    while left > 0 {
        left = left.saturating_sub(wire.segment.0);
        packets += 1;
    }
    (packets, bytes + packets * wire.header.0)
}

/// The size of each packet that carries a part of the data.
pub fn packet_sizes(wire: &Wire, bytes: u64) -> Vec<u64> {
    let mut sizes = Vec::new();
    let mut left = bytes;
    while left > 0 {
        let data = left.min(wire.segment.0);
        sizes.push(data + wire.header.0);
        left -= data;
    }
    sizes
}

/// The bytes with what TLS adds to its records.
pub fn encrypted(wire: &Wire, bytes: u64) -> u64 {
    let Some(tls) = &wire.tls else { return bytes };
    let records = bytes / 16_384 + u64::from(!bytes.is_multiple_of(16_384));
    bytes + records * tls.record.0
}

impl World<'_> {
    /// A request gets a connection; how long it takes to open it.
    pub fn connect(&mut self, client: u32, number: u64) -> u64 {
        let closing = self.closing(client);
        if self.speaks_http2(client) {
            if self.connect_multiplexed(client) {
                return self.shake_hands(client, number);
            }
            let (now, opened) = (self.now, self.connection_of_browser(client));
            self.request(client, number).meets_reset = closing.is_some_and(|(at, _)| opened < at && at <= now);
            return 0;
        }
        let Some(wire) = self.scenario.wire else { return 0 };
        let now = self.now;
        let person = self.person(client);
        for tcp in &mut person.tcp {
            let is_known = closing.is_some_and(|(at, known)| tcp.opened < at && known <= now);
            let is_old = now - tcp.idle_since >= wire.keep_alive.0;
            if tcp.closed.is_none() && tcp.request.is_none() && (is_old || is_known) {
                tcp.closed = Some(now);
            }
        }
        let idle = person.tcp.iter_mut().filter(|tcp| tcp.closed.is_none() && tcp.request.is_none());
        if let Some(tcp) = idle.max_by_key(|tcp| tcp.idle_since) {
            tcp.request = Some(number);
            let opened = tcp.opened;
            self.request(client, number).meets_reset = closing.is_some_and(|(at, _)| opened < at && at <= now);
            return 0;
        }
        person.tcp.push(Tcp { request: Some(number), opened: now, ..Tcp::default() });
        self.shake_hands(client, number)
    }

    /// When a restart closes all connections, and when a client knows that of an idle one.
    pub fn closing(&self, client: u32) -> Option<(u64, u64)> {
        let at = self.scenario.server.restart?.at.0;
        Some((at, at.saturating_add(self.draws.closing(client, &self.view(client).network.down))))
    }

    /// Opens a connection for a request; how long that takes.
    fn shake_hands(&mut self, client: u32, number: u64) -> u64 {
        let Some(wire) = self.scenario.wire else { return 0 };
        let now = self.now;
        let mut sent = vec![(1, wire.header.0 + 8, true), (1, wire.header.0 + 8, false), (1, wire.header.0, true)];
        if let Some(Tls { client, server, .. }) = &wire.tls {
            // Every second packet of a flight is acknowledged by itself.
            for (flight, is_up) in [(packets(&wire, client.0), true), (packets(&wire, server.0), false)] {
                sent.extend([(flight.0, flight.1, is_up), (flight.0 / 2, flight.0 / 2 * wire.header.0, !is_up)]);
            }
        }
        self.note(client, |log| {
            log.opened.push(now);
            log.packets.extend(sent.iter().map(|(packets, bytes, is_up)| (now, *packets, *bytes, *is_up)));
        });
        let mut flights = vec![vec![wire.header.0 + 8]; 2];
        if let Some(Tls { client, server, .. }) = &wire.tls {
            flights.extend([client, server].map(|bytes| packet_sizes(&wire, bytes.0)));
        }
        let mut sum = 0u64;
        for (flight, sizes) in (0..).zip(flights) {
            let name = number.wrapping_mul(4).wrapping_add(flight);
            let network = &self.view(client).network;
            let law = if flight % 2 == 0 { &network.up } else { &network.down };
            sum = sum.saturating_add(self.draws.handshake(client, name, law));
            sum = sum.saturating_add(self.lose(client, Flow::Handshake, name, &sizes));
        }
        sum
    }

    fn tcp(&mut self, client: u32, number: u64) -> Option<&mut Tcp> {
        if self.speaks_http2(client) {
            let browser = self.browser(client);
            return self.browsers[browser].tcp.last_mut();
        }
        // A frame goes over the connection of the newest request.
        let is_frame = number >= SEND && matches!(self.view(client).transport, TransportConfig::WebSocket(_));
        let number = if is_frame { (self.person(client).requests.len() as u64).wrapping_sub(1) } else { number };
        self.person(client).tcp.iter_mut().find(|tcp| tcp.closed.is_none() && tcp.request == Some(number))
    }

    pub fn put(&mut self, end: End, client: u32, number: u64, bytes: u64) -> u64 {
        let Some(wire) = self.scenario.wire else { return 0 };
        let now = self.now;
        let (packets, all) = packets(&wire, encrypted(&wire, bytes));
        self.note(client, |log| log.packets.push((now, packets, all, end == End::Client)));
        if let Some(tcp) = self.tcp(client, number) {
            tcp.history.push((now, end, What::Sends(packets)));
        }
        packets
    }

    pub fn get(&mut self, end: End, client: u32, number: u64, packets: u64) {
        let now = self.now;
        if let Some(tcp) = self.tcp(client, number) {
            tcp.history.push((now, end, What::Receives(packets)));
        }
    }

    /// Something reaches a client that does not wait for it any more: over HTTP/2 its connection is there still.
    pub fn take_unheard(&mut self, client: u32, number: u64, packets: u64) {
        if self.speaks_http2(client) {
            self.get(End::Client, client, number, packets);
        }
    }

    /// The client has the end of a response.
    pub fn end_of_response(&mut self, client: u32, number: u64, packets: u64, is_error: bool) {
        self.get(End::Client, client, number, packets);
        if self.speaks_http2(client) {
            let is_silent = self.request(client, number).sizes.1 == 0;
            self.end_multiplexed(client, (is_error && is_silent).then_some(number));
            return;
        }
        if packets == 0 || matches!(self.view(client).transport, TransportConfig::WebSocket(_)) {
            self.close(client, number);
        }
        let now = self.now;
        if let Some(tcp) = self.tcp(client, number) {
            tcp.request = None;
            tcp.idle_since = now;
        }
    }

    pub fn close(&mut self, client: u32, number: u64) {
        let now = self.now;
        if let Some(tcp) = self.tcp(client, number) {
            tcp.closed = Some(now);
        }
    }

    /// Adds the packets that only acknowledge.
    pub fn acknowledge(&mut self) {
        let Some(wire) = self.scenario.wire else { return };
        for client in self.clients.clone() {
            let browser = self.browser(client);
            let is_first = client == self.clients.start || self.browser(client - 1) != browser;
            let shared = if is_first { self.connections_of(browser) } else { Vec::new() };
            for tcp in self.person(client).tcp.clone().into_iter().chain(shared) {
                let end = tcp.closed.unwrap_or(self.horizon);
                let idle_end = if tcp.request.is_none() { tcp.idle_since + wire.keep_alive.0 } else { u64::MAX };
                let mut ended = tcp.ended.unwrap_or(end.min(idle_end));
                // A restart ends all that were opened before it.
                if let Some(restart) = self.scenario.server.restart
                    && tcp.opened < restart.at.0
                {
                    ended = ended.min(restart.at.0);
                }
                let life = (tcp.opened, ended);
                self.note(client, |log| log.lives.push(life));
                for side in [End::Client, End::Server] {
                    for at in acknowledgements(&wire, side, &tcp, end) {
                        self.note(client, |log: &mut Log| {
                            log.packets.push((at, 1, wire.header.0, side == End::Client));
                        });
                    }
                }
            }
        }
    }
}

/// When one end of a connection sends packets that only acknowledge.
fn acknowledgements(wire: &Wire, side: End, tcp: &Tcp, end: u64) -> Vec<u64> {
    let mut sent = Vec::new();
    let mut waiting: Vec<u64> = Vec::new();
    let delay = match side {
        End::Client => wire.ack_delay.0,
        End::Server => wire.server_ack_delay.0,
    };
    let pass = |waiting: &mut Vec<u64>, sent: &mut Vec<u64>, now: u64| {
        if let Some(since) = waiting.first().filter(|since| **since + delay < now) {
            sent.push(since + delay);
            waiting.clear();
        }
    };
    for (at, _, what) in tcp.history.iter().filter(|(_, whose, _)| *whose == side) {
        pass(&mut waiting, &mut sent, *at);
        match *what {
            What::Sends(packets) if packets > 0 => waiting.clear(),
            What::Sends(_) => (),
            What::Receives(packets) => {
                for _ in 0..packets {
                    waiting.push(*at);
                    if waiting.len() == 2 {
                        sent.push(*at);
                        waiting.clear();
                    }
                }
            }
        }
    }
    pass(&mut waiting, &mut sent, end);
    sent
}
