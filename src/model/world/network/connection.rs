//! The common parts of connections of HTTP/1.1 and HTTP/2: the acknowledgements of TCP, and the end of a connection.

use super::message::Side;
use crate::model::observer::Observer;
use crate::model::recorder::Recorder;
use crate::model::scenario::Wire;
use crate::units::Time;

/// The end at the server of a connection that would end at `end`; a restart closes all connections.
pub(super) fn end_at_server(end: Time, opened: Time, restart: Time) -> Time {
    if opened < restart { end.min(restart) } else { end }
}

/// The rules of acknowledgements: apart from the other rules, so that little is copied for each message.
#[derive(Clone, Copy, Debug)]
pub(super) struct AckRules {
    client_delay: Time,
    server_delay: Time,
    /// Bytes of an acknowledgement.
    header: u64,
}

impl AckRules {
    pub fn new(wire: &Wire) -> AckRules {
        AckRules { client_delay: wire.ack_delay, server_delay: wire.server_ack_delay, header: wire.header.0 }
    }
}

/// One end of a connection: since when it has an unacknowledged packet, or `NEVER`.
///
/// Every second packet with data is acknowledged at once, any other with the next packet that leaves, but no later than
/// after the delay (RFC 5681, section 4.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver(Time);

impl Receiver {
    /// Sends the delayed acknowledgement, a packet without data, if it was due before `now`.
    #[inline]
    fn expire(&mut self, now: Time, (side, rules): (Side, AckRules), recorder: &mut Recorder<impl Observer>) {
        let delay = if side == Side::Client { rules.client_delay } else { rules.server_delay };
        let due = self.0.plus(delay);
        if self.0 != Time::NEVER && due < now {
            recorder.packets(side == Side::Client, due, 1, rules.header);
            self.0 = Time::NEVER;
        }
    }

    /// Packets with data arrive.
    #[inline]
    pub fn receive(
        &mut self,
        packets: u64,
        now: Time,
        (side, rules): (Side, AckRules),
        recorder: &mut Recorder<impl Observer>,
    ) {
        self.expire(now, (side, rules), recorder);
        let open = packets + u64::from(self.0 != Time::NEVER);
        recorder.packets(side == Side::Client, now, open / 2, open / 2 * rules.header);
        if packets > 0 {
            self.0 = if open % 2 == 1 { now } else { Time::NEVER };
        }
    }

    /// Packets with data leave, and carry the acknowledgement.
    #[inline]
    pub fn send(&mut self, packets: u64, now: Time, end: (Side, AckRules), recorder: &mut Recorder<impl Observer>) {
        self.expire(now, end, recorder);
        if packets > 0 {
            self.0 = Time::NEVER;
        }
    }
}

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    client: Receiver,
    server: Receiver,
}

impl Ends {
    pub const NEW: Ends = Ends { client: Receiver(Time::NEVER), server: Receiver(Time::NEVER) };

    #[inline]
    pub fn at(&mut self, end: Side) -> &mut Receiver {
        if end == Side::Client { &mut self.client } else { &mut self.server }
    }

    /// Sends the acknowledgements that were due before `now`. The others are not sent.
    pub fn close(&mut self, now: Time, rules: AckRules, recorder: &mut Recorder<impl Observer>) {
        for end in [Side::Client, Side::Server] {
            self.at(end).expire(now, (end, rules), recorder);
        }
    }
}
