//! Bytes that TCP and TLS add to HTTP.

use crate::units::{Bytes, Time};

/// Packets, acknowledgements and connections of HTTP/1.1 over TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// Most bytes of data in a packet; greater than zero.
    pub segment: Bytes,
    /// TCP and IP header of a packet.
    pub header: Bytes,
    /// How long a client delays an acknowledgement to send it with data, before it sends a separate packet.
    pub ack_delay: Time,
    /// The same for the server. Zero: only data that leave at the same instant carry an acknowledgement.
    pub server_ack_delay: Time,
    /// How long an idle connection stays open.
    pub keep_alive: Time,
    /// TLS 1.3; `None`: plain HTTP.
    pub tls: Option<Tls>,
}

impl Default for Wire {
    /// IPv4 over Ethernet with TCP timestamps, the delayed acknowledgements of Linux and the keep-alive of nginx; no
    /// TLS.
    fn default() -> Wire {
        Wire {
            segment: Bytes(1448),
            header: Bytes(52),
            ack_delay: Time::from_millis(40),
            server_ack_delay: Time::ZERO,
            keep_alive: Time::from_secs(75),
            tls: None,
        }
    }
}

/// TLS 1.3 (RFC 8446): one more round trip for a connection, and more bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Bytes that a client sends in a handshake.
    pub client: Bytes,
    /// Bytes that the server sends in a handshake.
    pub server: Bytes,
    /// Bytes added to each record of at most 2^14 bytes.
    pub record: Bytes,
}

impl Default for Tls {
    fn default() -> Tls {
        Tls { client: Bytes(259), server: Bytes(774), record: Bytes(22) }
    }
}

impl Wire {
    /// The packets for a number of bytes of HTTP, and all bytes of these packets.
    pub fn packets(&self, bytes: u64) -> (u64, u64) {
        self.packets_of(self.data(bytes))
    }

    /// The bytes that TCP carries for `bytes` of HTTP.
    pub fn data(&self, bytes: u64) -> u64 {
        bytes + self.tls.map_or(0, |tls| bytes.div_ceil(1 << 14) * tls.record.0)
    }

    /// Packets with this number of bytes of data, and all bytes of these packets.
    pub(crate) fn packets_of(&self, bytes: u64) -> (u64, u64) {
        let packets = bytes.div_ceil(self.segment.0);
        (packets, bytes + packets * self.header.0)
    }

    /// A handshake: packets, bytes of the client, bytes of the server. The first packet of each side has 8 more bytes
    /// of options than the others. Every second packet of a flight of TLS is acknowledged separately, the last one with
    /// the next flight or the request.
    pub fn handshake(&self) -> (u64, u64, u64) {
        let (up, down) = (2 * self.header.0 + 8, self.header.0 + 8);
        let Some(tls) = &self.tls else { return (3, up, down) };
        let (client, server) = (self.packets_of(tls.client.0), self.packets_of(tls.server.0));
        let (by_server, by_client) = (client.0 / 2, server.0 / 2);
        let packets = 3 + client.0 + by_server + server.0 + by_client;
        (packets, up + client.1 + by_client * self.header.0, down + server.1 + by_server * self.header.0)
    }
}
