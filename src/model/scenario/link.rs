//! Links of finite capacity, and packet loss.

use crate::units::{BitRate, Probability, Time};

/// A link: a message waits for its predecessors, first in, first out, and takes its bytes / capacity. Requests and
/// replies have the bytes of their packets, or HTTP bytes without packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Capacity towards the server; `None`: no limit.
    pub up: Option<BitRate>,
    /// Capacity towards the clients; `None`: no limit.
    pub down: Option<BitRate>,
}

/// Packet loss: each packet is lost independently and sent again after a time that doubles with each loss (RFC 6298,
/// section 5.5). No later packet of the connection overtakes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Share of the packets that are lost; below 1.
    pub rate: Probability,
    /// From a lost packet to the next attempt; greater than zero.
    pub timeout: Time,
    /// The longest time between two attempts; not below `timeout`.
    pub max_timeout: Time,
}

impl Loss {
    /// The time from the first attempt to the last one, for a packet that is lost this number of times.
    pub fn delay(&self, losses: u64) -> Time {
        let (mut sum, mut wait) = (Time::ZERO, self.timeout.min(self.max_timeout));
        for done in 0..losses {
            if wait >= self.max_timeout {
                return sum.plus(self.max_timeout.times(losses - done));
            }
            sum = sum.plus(wait);
            wait = wait.times(2).min(self.max_timeout);
        }
        sum
    }
}
