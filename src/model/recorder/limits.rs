//! What comes of the limits of the server, of the network, and of clients that come and go.

use super::Recorder;
use crate::model::observer::Observer;
use crate::model::totals::{Served, Waits};
use crate::units::Time;

impl<O: Observer> Recorder<O> {
    /// The totals of the server, if what happens `now` is in the window.
    #[inline]
    fn served(&mut self, now: Time) -> Option<&mut Served> {
        if self.start <= now && now < self.horizon { Some(&mut self.totals.served) } else { None }
    }

    /// The proxy gives up a request.
    pub(super) fn gateway_timeout(&mut self, now: Time) {
        if let Some(count) = self.served(now).and_then(|served| served.gateway_timeouts.as_mut()) {
            *count += 1;
        }
    }

    /// The proxy cuts a push connection.
    pub(super) fn connection_cut(&mut self, now: Time) {
        if let Some(count) = self.served(now).and_then(|served| served.cuts.as_mut()) {
            *count += 1;
        }
    }

    /// A request finds the backlog full.
    pub(super) fn refused(&mut self, now: Time) {
        if let Some(pool) = self.served(now).and_then(|served| served.pool.as_mut()) {
            pool.refused += 1;
        }
    }

    /// A restart of the server breaks a request, or a request finds the server down.
    pub(super) fn broken(&mut self, now: Time) {
        if let Some(count) = self.served(now).and_then(|served| served.broken.as_mut()) {
            *count += 1;
        }
    }

    /// A request gets the connection of the browser for which it has waited since `asked`.
    #[inline]
    pub fn connected(&mut self, now: Time, asked: Time) {
        wait_ends(self.served(now).and_then(|served| served.browser_waits.as_mut()), now, asked);
    }

    /// A request gets the session lock for which it has waited since `asked`.
    #[inline]
    pub fn locked(&mut self, now: Time, asked: Time) {
        wait_ends(self.served(now).and_then(|served| served.lock_waits.as_mut()), now, asked);
    }

    /// `packets` packets with `bytes` bytes in all are sent at `now`, which may be at or after the horizon.
    #[inline]
    pub fn packets(&mut self, is_up: bool, now: Time, packets: u64, bytes: u64) {
        self.work_on_packets(now, bytes);
        if let Some(wire) = self.served(now).and_then(|served| served.wire.as_mut()) {
            wire.packets += packets;
            wire.bytes += bytes;
            wire.bytes_down += if is_up { 0 } else { bytes };
        }
    }

    /// A packet that is sent at `now` is lost.
    pub fn packet_lost(&mut self, now: Time) {
        if let Some(lost) = self.served(now).and_then(|served| served.lost_packets.as_mut()) {
            *lost += 1;
        }
    }

    /// A message reaches the link of the server at `now`, and occupies it from `begin` to `end`.
    pub fn passes_link(&mut self, is_up: bool, now: Time, begin: Time, end: Time) {
        let served = &mut self.totals.served;
        let Some(link) = (if is_up { &mut served.up_link } else { &mut served.down_link }) else { return };
        if now >= self.start {
            link.messages += 1;
            link.wait_nanos += u128::from(begin.0 - now.0);
        }
        link.busy_nanos += u128::from(end.min(self.horizon).since(begin.max(self.start)).0);
    }

    /// A client sends a message.
    pub fn message_sent(&mut self, now: Time) {
        if let Some(sends) = self.served(now).and_then(|served| served.sends.as_mut()) {
            sends.sent += 1;
        }
    }

    /// A send has failed.
    pub(super) fn send_failed(&mut self, now: Time) {
        if let Some(sends) = self.served(now).and_then(|served| served.sends.as_mut()) {
            sends.failed += 1;
        }
    }

    /// A connection is opened.
    pub fn connection_opened(&mut self, now: Time) {
        self.work_on_handshake(now);
        if let Some(wire) = self.served(now).and_then(|served| served.wire.as_mut()) {
            wire.connections += 1;
        }
    }

    /// A client comes, and stays until `end`.
    pub fn visit(&mut self, begin: Time, end: Time) {
        if let Some(visits) = &mut self.totals.served.visits {
            visits.online_nanos += u128::from(end.min(self.horizon).since(begin.max(self.start)).0);
        }
    }

    /// A client leaves.
    pub(super) fn left(&mut self, now: Time) {
        if let Some(visits) = self.served(now).and_then(|served| served.visits.as_mut()) {
            visits.left += 1;
        }
    }

    /// A worker takes a request that arrived at `arrived`.
    pub(super) fn started(&mut self, now: Time, arrived: Time) {
        if let Some(pool) = self.served(now).and_then(|served| served.pool.as_mut()) {
            pool.started += 1;
            pool.wait_nanos += u128::from(now.0 - arrived.0);
        }
    }

    /// From `now` on `busy` workers are occupied, and `waiting` requests wait.
    pub fn workers(&mut self, now: Time, busy: u32, waiting: usize) {
        self.busy.set(now, u64::from(busy), self.start);
        self.queue.set(now, waiting as u64, self.start);
    }
}

fn wait_ends(waits: Option<&mut Waits>, now: Time, since: Time) {
    if let Some(waits) = waits {
        waits.count += 1;
        waits.nanos += u128::from(now.0 - since.0);
    }
}
