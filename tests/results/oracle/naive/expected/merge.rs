//! The numbers of several clients together.

use super::{Bin, Expected, Piece};

impl Expected {
    /// Adds the numbers of other clients of the same scenario.
    pub fn add(&mut self, other: &Expected) {
        (self.duration, self.bin) = (other.duration, other.bin);
        self.has_proxy = other.has_proxy;
        self.has_restart = other.has_restart;
        self.has_wire = other.has_wire;
        self.has_visits = other.has_visits;
        let add = |mine: &mut Option<u64>, theirs: Option<u64>| {
            *mine = theirs.map(|theirs| mine.unwrap_or(0) + theirs);
        };
        add(&mut self.cuts, other.cuts);
        add(&mut self.lost_packets, other.lost_packets);
        add(&mut self.clicks, other.clicks);
        add(&mut self.failures, other.failures);
        self.online += other.online;
        for (mine, theirs) in self.counts().into_iter().zip(other.clone().counts()) {
            *mine += *theirs;
        }
        self.latencies.extend(&other.latencies);
        self.latencies.sort_unstable();
        self.age_twice += other.age_twice;
        self.age_span += other.age_span;
        self.held += other.held;
        self.hold_sum += other.hold_sum;
        self.stay_sum += other.stay_sum;
        self.longest_stay = self.longest_stay.max(other.longest_stay);
        self.bins.resize(other.bins.len(), Bin::default());
        for (mine, theirs) in self.bins.iter_mut().zip(&other.bins) {
            mine.requests += theirs.requests;
            mine.http_bytes += theirs.http_bytes;
            mine.held += theirs.held;
            mine.delivered += theirs.delivered;
        }
        let empty = |piece: &Piece| Piece { http_bytes: 0, held: 0, work: 0, ..*piece };
        if self.pieces.is_empty() {
            self.pieces = other.pieces.iter().map(empty).collect();
        }
        for (mine, theirs) in self.pieces.iter_mut().zip(&other.pieces) {
            mine.http_bytes += theirs.http_bytes;
            mine.held += theirs.held;
            mine.work += theirs.work;
        }
        (self.cost, self.workers) = (other.cost, other.workers);
        self.clients += other.clients;
        self.memory.resize(other.memory.len(), 0);
        self.memory.iter_mut().zip(&other.memory).for_each(|(mine, theirs)| *mine += theirs);
        self.parts.resize(other.parts.len(), Expected::default());
        for (mine, theirs) in self.parts.iter_mut().zip(&other.parts) {
            mine.add(theirs);
        }
    }

    fn counts(&mut self) -> [&mut u64; 37] {
        [
            &mut self.requests,
            &mut self.replies,
            &mut self.poll_replies,
            &mut self.empty_replies,
            &mut self.up_bytes,
            &mut self.down_bytes,
            &mut self.header_bytes,
            &mut self.payload_bytes,
            &mut self.created,
            &mut self.delivered,
            &mut self.lost,
            &mut self.superseded,
            &mut self.duplicated,
            &mut self.pending_start,
            &mut self.pending_end,
            &mut self.arrived,
            &mut self.open,
            &mut self.holds_ended,
            &mut self.open_at_start,
            &mut self.open_at_end,
            &mut self.checks,
            &mut self.timeouts,
            &mut self.stopped,
            &mut self.events_each,
            &mut self.events_skip,
            &mut self.good_replies,
            &mut self.orphans,
            &mut self.ghosts,
            &mut self.gateway_timeouts,
            &mut self.broken,
            &mut self.left,
            &mut self.wire_bytes,
            &mut self.wire_down,
            &mut self.work,
            &mut self.wakes,
            &mut self.packets,
            &mut self.opened,
        ]
    }
}
