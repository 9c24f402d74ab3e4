//! Links of finite capacity, and packets that are lost.

use crate::units::{BitRate, Probability, Time};

/// A link: what passes it waits, first in, first out, and takes its bytes / capacity. Requests and replies have the bytes of
/// their packets, or those of HTTP where packets are not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Capacity towards the server; `None`: no limit.
    pub up: Option<BitRate>,
    /// Capacity towards the clients; `None`: no limit.
    pub down: Option<BitRate>,
}

/// Packets that are lost, each by itself, and sent again after a time that doubles from loss to loss (RFC 6298, section
/// 5.5). Nothing overtakes them on their connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Share of the packets that are lost; below 1.
    pub rate: Probability,
    /// From a packet that is lost to the next attempt; greater than zero.
    pub timeout: Time,
    /// The longest time between two attempts; not below `timeout`.
    pub max_timeout: Time,
}

impl Loss {
    /// How long after its first attempt a packet is sent for the last time, if it is lost so often.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let second = Time::from_secs;
        let loss = Loss { rate: Probability::ONE, timeout: second(1), max_timeout: second(5) };
        let delays: Vec<u64> = (0..6).map(|losses| loss.delay(losses).0 / 1_000_000_000).collect();
        assert_eq!(delays, [0, 1, 3, 7, 12, 17]);
        assert_eq!(Loss { max_timeout: second(1), ..loss }.delay(3), second(3));
    }
}
