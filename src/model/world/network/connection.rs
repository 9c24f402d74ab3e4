//! The common parts of connections of HTTP/1.1 and HTTP/2: the acknowledgements of TCP, and the end of a connection.

use super::message::Side;
use crate::model::recorder::Recorder;
use crate::model::scenario::Wire;
use crate::units::Time;

/// The end at the server of a connection that would end at `end`; a restart closes all connections.
pub(super) fn end_at_server(end: Time, opened: Time, restart: Time) -> Time {
    if opened < restart { end.min(restart) } else { end }
}

/// One end of a connection: since when it has an unacknowledged packet, or `NEVER`.
///
/// Every second packet with data is acknowledged at once, any other with the next packet that leaves, but no later than
/// after the delay (RFC 5681, section 4.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver(Time);

/// How one end acknowledges packets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acknowledgement {
    is_up: bool,
    /// How long it waits for a packet with data.
    delay: Time,
    /// Bytes of a packet without data.
    bytes: u64,
}

impl Acknowledgement {
    pub fn of(end: Side, rules: &Wire) -> Acknowledgement {
        let delay = if end == Side::Client { rules.ack_delay } else { rules.server_ack_delay };
        Acknowledgement { is_up: end == Side::Client, delay, bytes: rules.header.0 }
    }
}

impl Receiver {
    /// Sends the delayed acknowledgement if it was due before `now`.
    fn expire(&mut self, now: Time, acknowledgement: Acknowledgement, recorder: &mut Recorder) {
        let due = self.0.plus(acknowledgement.delay);
        if self.0 != Time::NEVER && due < now {
            recorder.packets(acknowledgement.is_up, due, 1, acknowledgement.bytes);
            self.0 = Time::NEVER;
        }
    }

    /// Packets with data arrive.
    pub fn receive(&mut self, packets: u64, now: Time, acknowledgement: Acknowledgement, recorder: &mut Recorder) {
        self.expire(now, acknowledgement, recorder);
        let open = packets + u64::from(self.0 != Time::NEVER);
        recorder.packets(acknowledgement.is_up, now, open / 2, open / 2 * acknowledgement.bytes);
        if packets > 0 {
            self.0 = if open % 2 == 1 { now } else { Time::NEVER };
        }
    }

    /// Packets with data leave, and carry the acknowledgement.
    pub fn send(&mut self, packets: u64, now: Time, acknowledgement: Acknowledgement, recorder: &mut Recorder) {
        self.expire(now, acknowledgement, recorder);
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

    pub fn at(&mut self, end: Side) -> &mut Receiver {
        if end == Side::Client { &mut self.client } else { &mut self.server }
    }

    /// Sends the acknowledgements that were due before `now`. The others are not sent.
    pub fn close(&mut self, now: Time, rules: &Wire, recorder: &mut Recorder) {
        for end in [Side::Client, Side::Server] {
            self.at(end).expire(now, Acknowledgement::of(end, rules), recorder);
        }
    }
}
