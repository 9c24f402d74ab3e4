//! How the server and its proxy treat requests, and how clients react to errors.

use super::Delay;
use crate::units::Time;

/// How the server treats requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// A request ends at the instant its client gives it up.
    pub notices_disconnect: bool,
    /// The fate of messages in a reply to a request that was given up.
    pub on_lost_reply: OnLostReply,
    /// Work on each request before its first check; `None`: it takes no time.
    pub service: Option<Delay>,
    /// The workers that execute requests; `None`: an event-driven server without a limit.
    pub pool: Option<Pool>,
    /// There is a proxy between clients and server: no reply is sent to a request that was given up. Each of the next
    /// two fields implies a proxy.
    pub has_proxy: bool,
    /// The proxy gives up a request that is not answered within this time after its arrival: the client gets a 504 and
    /// the request runs on. `None`: it never does.
    pub read_timeout: Option<Time>,
    /// The proxy cuts a push connection on which nothing was sent for this time. `None`: it never does.
    pub idle_timeout: Option<Time>,
    /// The requests of one browser exclude each other (the session files of PHP): a further request occupies its worker
    /// and waits, first in, first out, until the previous one has ended.
    pub session_lock: bool,
    /// What is added to each sleep of the check loop; `None`: nothing.
    pub check_drift: Option<Delay>,
    /// The server restarts once; `None`: never.
    pub restart: Option<Restart>,
}

impl Server {
    /// An event-driven server without limit or proxy, which does not notice that clients give up.
    pub const PLAIN: Server = Server {
        notices_disconnect: false,
        on_lost_reply: OnLostReply::Drop,
        service: None,
        pool: None,
        has_proxy: false,
        read_timeout: None,
        idle_timeout: None,
        session_lock: false,
        check_drift: None,
        restart: None,
    };

    /// Whether there is a proxy.
    pub fn is_behind_proxy(&self) -> bool {
        self.has_proxy || self.read_timeout.is_some() || self.idle_timeout.is_some()
    }

    /// Whether anything keeps a request from being checked at the instant it arrives, at regular checks, until it is
    /// answered.
    pub fn is_limited(&self) -> bool {
        self.service.is_some()
            || self.pool.is_some()
            || self.is_behind_proxy()
            || self.session_lock
            || self.check_drift.is_some()
            || self.restart.is_some()
    }
}

/// A restart of the server: all requests at the server end, and requests that arrive while it is down are refused.
/// Clients get an error, for which no byte is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restart {
    /// The instant at which it goes down.
    pub at: Time,
    /// How long it is down; a request that arrives at that instant is refused in any case.
    pub down: Time,
}

impl Restart {
    /// Whether the server is down at `now`.
    #[inline]
    pub(crate) fn is_down(&self, now: Time) -> bool {
        self.at <= now && now < self.at.plus(self.down.max(Time(1)))
    }
}

/// A pool of workers. A request occupies one from the start of its service to the end of its hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Workers, at least one.
    pub workers: u32,
    /// Requests that may wait for a worker, first in, first out; further ones are refused with a 502. `None`: no limit.
    pub backlog: Option<u32>,
}

/// The fate of messages in a reply to a request that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnLostReply {
    /// They are lost.
    Drop,
    /// They stay in the mailbox until a reply is known to have arrived.
    Redeliver,
}

/// What a client does after an error: a request that was refused (502), given up by the proxy (504), or broken by a
/// restart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OnError {
    /// It stops.
    Stop,
    /// It backs off. Short polls at a fixed rate continue at that rate.
    Retry(Backoff),
}

/// Exponential backoff: after the n-th error in a row a client waits `first × factor^(n-1)`, at most `max`, times a
/// factor drawn uniformly from `[1 - jitter, 1 + jitter)`. (The form of gRPC's connection backoff.)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// Wait after the first error.
    pub first: Time,
    /// Growth from error to error, at least 1.
    pub factor: f64,
    /// The longest wait, before jitter.
    pub max: Time,
    /// Spread around the wait, from 0 to 1.
    pub jitter: f64,
}

impl Default for Backoff {
    /// 1 s, 2 s, 4 s, … up to 30 s, spread by half.
    fn default() -> Backoff {
        Backoff { first: Time::from_secs(1), factor: 2.0, max: Time::from_secs(30), jitter: 0.5 }
    }
}

impl Backoff {
    /// The wait after this number of errors in a row (from 1), in nanoseconds, from 64 random bits.
    pub(crate) fn wait(&self, errors: u32, bits: u64) -> u64 {
        let mut wait = self.first.0 as f64;
        let max = self.max.0 as f64;
        for _ in 1..errors {
            if wait >= max || wait <= 0.0 {
                break;
            }
            wait *= self.factor;
        }
        let unit = (bits >> 11) as f64 / (1u64 << 53) as f64;
        libm::round(wait.min(max) * (1.0 - self.jitter + 2.0 * self.jitter * unit)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_spread_around_it() {
        let second = |seconds| Time::from_secs(seconds);
        let even = Backoff { first: second(1), factor: 2.0, max: second(30), jitter: 0.0 };
        let waits: Vec<u64> = (1..8).map(|errors| even.wait(errors, 77) / 1_000_000_000).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(even.wait(u32::MAX, 0), second(30).0);
        let spread = Backoff { jitter: 0.5, ..even };
        assert_eq!(spread.wait(1, 0), second(1).0 / 2);
        assert!((1_499_999_999..=1_500_000_000).contains(&spread.wait(1, u64::MAX)));
        let at_once = Backoff { first: Time::ZERO, ..even };
        assert_eq!(at_once.wait(u32::MAX, 5), 0);
    }
}
