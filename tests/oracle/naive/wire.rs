//! TCP connections: what happens on each is written down, and acknowledgements are worked out when the run is over.

use cometsim::model::scenario::{Tls, Transport, Wire};

use super::world::{Log, World};

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
    closed: Option<u64>,
    history: Vec<(u64, End, What)>,
}

/// Packets for so many bytes, and all their bytes.
fn packets(wire: &Wire, bytes: u64) -> (u64, u64) {
    let mut packets = 0;
    let mut left = bytes;
    while left > 0 {
        left = left.saturating_sub(wire.segment.0);
        packets += 1;
    }
    (packets, bytes + packets * wire.header.0)
}

/// The bytes with what TLS adds to its records.
fn encrypted(wire: &Wire, bytes: u64) -> u64 {
    let Some(tls) = &wire.tls else { return bytes };
    let records = bytes / 16_384 + u64::from(!bytes.is_multiple_of(16_384));
    bytes + records * tls.record.0
}

impl World<'_> {
    /// A request gets a connection; how long it takes to open it.
    pub fn connect(&mut self, client: u32, number: u64) -> u64 {
        let Some(wire) = self.scenario.wire else { return 0 };
        let now = self.now;
        let person = self.person(client);
        for tcp in &mut person.tcp {
            if tcp.closed.is_none() && tcp.request.is_none() && now - tcp.idle_since >= wire.keep_alive.0 {
                tcp.closed = Some(now);
            }
        }
        let idle = person.tcp.iter_mut().filter(|tcp| tcp.closed.is_none() && tcp.request.is_none());
        if let Some(tcp) = idle.max_by_key(|tcp| tcp.idle_since) {
            tcp.request = Some(number);
            return 0;
        }
        person.tcp.push(Tcp { request: Some(number), ..Tcp::default() });
        let mut sent = vec![(1, wire.header.0 + 8), (1, wire.header.0 + 8), (1, wire.header.0)];
        if let Some(Tls { client, server, .. }) = &wire.tls {
            sent.extend([packets(&wire, client.0), packets(&wire, server.0)]);
        }
        self.note(client, |log| {
            log.opened.push(now);
            log.packets.extend(sent.iter().map(|(packets, bytes)| (now, *packets, *bytes)));
        });
        let network = &self.view(client).network;
        let trips = if wire.tls.is_some() { 2 } else { 1 };
        (0..trips).fold(0u64, |sum, trip| {
            let (there, back) = (4 * number + 2 * trip, 4 * number + 2 * trip + 1);
            sum.saturating_add(self.draws.handshake(client, there, &network.up)).saturating_add(self.draws.handshake(
                client,
                back,
                &network.down,
            ))
        })
    }

    fn tcp(&mut self, client: u32, number: u64) -> Option<&mut Tcp> {
        self.person(client).tcp.iter_mut().find(|tcp| tcp.closed.is_none() && tcp.request == Some(number))
    }

    pub fn put(&mut self, end: End, client: u32, number: u64, bytes: u64) -> u64 {
        let Some(wire) = self.scenario.wire else { return 0 };
        let now = self.now;
        let (packets, all) = packets(&wire, encrypted(&wire, bytes));
        self.note(client, |log| log.packets.push((now, packets, all)));
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

    /// The client has the end of a response.
    pub fn end_of_response(&mut self, client: u32, number: u64, packets: u64) {
        self.get(End::Client, client, number, packets);
        if packets == 0 || matches!(self.view(client).transport, Transport::WebSocket(_)) {
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
            for tcp in self.person(client).tcp.clone() {
                let end = tcp.closed.unwrap_or(self.horizon);
                for side in [End::Client, End::Server] {
                    for at in acknowledgements(&wire, side, &tcp, end) {
                        self.note(client, |log: &mut Log| log.packets.push((at, 1, wire.header.0)));
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
    let pass = |waiting: &mut Vec<u64>, sent: &mut Vec<u64>, now: u64| {
        if let Some(since) = waiting.first().filter(|since| **since + wire.ack_delay.0 < now) {
            sent.push(since + wire.ack_delay.0);
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
