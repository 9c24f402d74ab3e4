//! The recorder of one run: it counts events of the measured window in the totals.

mod ages;
mod costs;
mod level;
mod limits;
mod stays;
mod telling;

use crate::model::bins::Places;
use crate::model::ids::{ClientNumber, RequestNumber};
use crate::model::observer::{Fate, Happening, MessageId, Observed, Observer, ReplySize};
use crate::model::scenario::{Scenario, Ticks};
use crate::model::totals::{Peak, Totals};
use crate::units::Time;
use costs::Costs;
use level::Level;

/// Counts events. Unless a method says otherwise, the instant of the event is before the horizon.
#[derive(Debug)]
pub(crate) struct Recorder<O> {
    start: Time,
    middle: Time,
    horizon: Time,
    places: Places,
    /// All bits if checks are counted one by one, no bit if they are counted at the end of a hold. A mask, to avoid a
    /// branch in each check.
    counts_checks: u64,
    /// All bits if an empty check is an event.
    counts_empty_as_events: u64,
    costs: Option<Costs>,
    busy: Level,
    queue: Level,
    /// The totals of the active population.
    totals: Totals,
    /// In a mix: the totals of each population, with empty totals in place of the active one.
    parts: Vec<Totals>,
    active: usize,
    /// Watches too; `()` if nothing does.
    observer: O,
    /// What the observer is told about next; nothing without one.
    subject: (ClientNumber, RequestNumber),
}

impl<O: Observer> Observer for Recorder<O> {
    /// Always in line: the compiler knows what happens wherever this is called, and leaves out the rest.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what happens is known where this is called: the rest of it falls away")]
    fn observe(&mut self, observed: Observed) {
        let now = observed.now;
        match observed.what {
            Happening::Sent { header, body } => self.request_sent(now, header, body),
            Happening::Arrived => self.event(now),
            Happening::Started(arrived) => self.started(now, arrived),
            Happening::Answered { size, is_empty } => self.reply_sent(now, size, is_empty),
            Happening::Refused => self.refused(now),
            Happening::GatewayTimedOut => self.gateway_timeout(now),
            Happening::Broken => self.broken(now),
            Happening::Received => self.goodput(now),
            Happening::TimedOut => self.timeout(now),
            Happening::Orphaned => self.orphan(now),
            Happening::Haunted => self.ghost(now),
            Happening::Cut => self.connection_cut(now),
            Happening::SendFailed => self.send_failed(now),
            Happening::Stopped => self.stopped(now),
            Happening::Left => self.left(now),
            // The rest is counted by calls, or only watched.
            _ => {}
        }
        self.observer.observe(observed);
    }
}

impl<O: Observer> Recorder<O> {
    pub fn new(scenario: &Scenario, observer: O) -> Recorder<O> {
        let all_if = |condition: bool| if condition { u64::MAX } else { 0 };
        let each = scenario.ticks == Ticks::Each;
        let totals = Totals::new(scenario);
        Recorder {
            start: scenario.window.warmup,
            middle: scenario.window.middle(),
            horizon: scenario.window.horizon(),
            places: totals.bins.places(),
            counts_checks: all_if(each || scenario.server.check_drift.is_some()),
            counts_empty_as_events: all_if(each),
            costs: Costs::new(scenario),
            busy: Level::default(),
            queue: Level::default(),
            parts: scenario.populations.iter().map(|_| totals.clone()).collect(),
            active: 0,
            totals,
            observer,
            subject: (ClientNumber(0), RequestNumber::LAST),
        }
    }

    /// Makes this population the active one.
    pub fn activate(&mut self, population: usize) {
        std::mem::swap(&mut self.totals, &mut self.parts[self.active]);
        std::mem::swap(&mut self.totals, &mut self.parts[population]);
        self.active = population;
    }

    /// When the warm-up ends: events from here on count.
    #[inline]
    pub fn start(&self) -> Time {
        self.start
    }

    /// When the run ends.
    #[inline]
    pub fn horizon(&self) -> Time {
        self.horizon
    }

    /// Events counted so far.
    pub fn events(&self) -> u64 {
        self.totals.events + self.parts.iter().map(|part| part.events).sum::<u64>()
    }

    /// The totals so far, with messages and requests still open.
    pub fn so_far(mut self) -> Totals {
        for part in std::mem::take(&mut self.parts) {
            self.totals.merge(&part);
        }
        self.totals
    }

    /// Whether events at `now` count.
    #[inline]
    pub fn counts(&self, now: Time) -> bool {
        now >= self.start
    }

    #[inline]
    pub fn event(&mut self, now: Time) {
        self.totals.events += u64::from(self.counts(now));
    }

    #[inline]
    fn request_sent(&mut self, now: Time, header: u64, body: u64) {
        self.totals.bins.request(self.places.of(now), header + body);
        if self.counts(now) {
            self.totals.requests += 1;
            self.totals.http_up_bytes += header + body;
            self.totals.header_bytes += header;
        }
    }

    #[inline]
    fn reply_sent(&mut self, now: Time, size: ReplySize, is_empty: bool) {
        self.totals.bins.reply(self.places.of(now), size.header + size.body);
        if self.counts(now) {
            self.totals.replies += 1;
            self.totals.empty_replies += u64::from(is_empty);
            self.totals.http_down_bytes += size.header + size.body;
            self.totals.header_bytes += size.header;
            self.totals.payload_bytes += size.payload;
        }
    }

    /// The reply is not one to a poll.
    pub fn other_reply(&mut self, now: Time) {
        self.totals.served.other_replies += u64::from(self.counts(now));
    }

    /// A client sends bytes of a message.
    pub fn payload_sent(&mut self, now: Time, bytes: u64) {
        self.totals.payload_bytes += if self.counts(now) { bytes } else { 0 };
    }

    /// The server sends `bytes` in the body of a response that has begun, `payload` of them messages.
    pub fn pushed(&mut self, now: Time, bytes: u64, payload: u64) {
        self.work_on_bytes(now, bytes);
        self.totals.bins.reply(self.places.of(now), bytes);
        if self.counts(now) {
            self.totals.http_down_bytes += bytes;
            self.totals.payload_bytes += payload;
        }
    }

    /// A client sends bytes that are not a request.
    pub fn frame_sent(&mut self, now: Time, bytes: u64) {
        self.work_on_bytes(now, bytes);
        self.totals.bins.reply(self.places.of(now), bytes);
        self.totals.http_up_bytes += if self.counts(now) { bytes } else { 0 };
    }

    #[inline]
    pub fn created(&mut self, now: Time, message: MessageId, (created, bytes): (Time, u64)) {
        self.totals.created += u64::from(self.counts(created));
        self.tell(now, Happening::Created { message, created, bytes });
    }

    /// A message that goes to several clients is created.
    pub fn shared(&mut self, now: Time) {
        self.totals.shared += u64::from(self.counts(now));
    }

    /// The fate of a message created at `created` is settled.
    #[inline]
    pub fn settled(&mut self, now: Time, message: MessageId, fate: Fate, created: Time) {
        self.tell(now, Happening::Settled { message, fate, created });
        if fate == Fate::Delivered {
            self.totals.bins.delivered(self.places.of(now), now.0 - created.0);
        }
        if !self.counts(now) {
            return;
        }
        self.totals.pending_start += u64::from(!self.counts(created));
        match fate {
            Fate::Delivered => {
                self.totals.delivered += 1;
                self.totals.arrived += u64::from(self.counts(created));
                let latency = now.0 - created.0;
                self.totals.latency.record(latency);
                if now < self.middle {
                    self.totals.early += 1;
                    self.totals.early_nanos += u128::from(latency);
                }
            }
            Fate::Lost => self.totals.lost += 1,
            Fate::Superseded => self.totals.superseded += 1,
        }
    }

    pub fn duplicated(&mut self, now: Time, copies: u64) {
        if O::WATCHES && copies > 0 {
            self.tell(now, Happening::Duplicated(copies));
        }
        self.totals.duplicated += if self.counts(now) { copies } else { 0 };
    }

    /// The fate of a message created at `created` is open at the horizon.
    pub fn pending_at_end(&mut self, created: Time) {
        self.totals.pending_end += 1;
        self.totals.open += u64::from(self.counts(created));
        self.totals.pending_start += u64::from(!self.counts(created));
    }

    /// The server has made this number of checks in the window that led to an answer. If checks are not counted one by
    /// one, they are counted at the end of the hold.
    #[inline]
    pub fn answering_checks(&mut self, checks: u64) {
        self.totals.events += checks;
        self.totals.checks += checks & self.counts_checks;
    }

    /// The server has made this number of empty checks in the window.
    #[inline]
    pub fn empty_checks(&mut self, checks: u64) {
        self.totals.events += checks & self.counts_empty_as_events;
        self.totals.checks += checks & self.counts_checks;
    }

    /// `count` checks at `first`, `first + every`, …, of which only those before the horizon happen.
    #[inline]
    pub fn checks(&mut self, first: Time, every: Time, count: u64) {
        if O::WATCHES && count > 0 {
            self.tell(first.plus(every.times(count - 1)), Happening::Checks { first, every, count });
        }
        self.totals.checks += checks_between(self.start, self.horizon, first, every, count);
    }

    fn timeout(&mut self, now: Time) {
        self.totals.timeouts += u64::from(self.counts(now));
    }

    fn stopped(&mut self, now: Time) {
        self.totals.stopped += u64::from(self.counts(now));
    }

    /// A reply has reached a client that waits for it.
    #[inline]
    fn goodput(&mut self, now: Time) {
        self.totals.served.goodput += u64::from(self.counts(now));
    }

    /// The server goes on with a request whose client has given it up.
    fn orphan(&mut self, now: Time) {
        self.totals.served.orphans += u64::from(self.counts(now));
    }

    /// The server begins with a request whose client has given it up.
    fn ghost(&mut self, now: Time) {
        self.totals.served.ghosts += u64::from(self.counts(now));
    }

    /// The totals of the whole run.
    ///
    /// # Panics
    /// If messages are not conserved: a defect of the program, not of its input.
    pub fn close(mut self) -> Totals {
        if !self.parts.is_empty() {
            let mut all = self.parts[self.active].clone();
            std::mem::swap(&mut self.totals, &mut self.parts[self.active]);
            self.parts.iter().for_each(|part| all.merge(part));
            all.parts = self.parts;
            self.totals = all;
        }
        self.totals.served.memory = self.costs.take().map(Costs::into_memory);
        if let Some(pool) = &mut self.totals.served.pool {
            for level in [&mut self.busy, &mut self.queue] {
                level.set(self.horizon, 0, self.start);
            }
            (pool.busy_nanos, pool.busy_peak) = (self.busy.area(), Peak(self.busy.peak()));
            (pool.queue_nanos, pool.queue_peak) = (self.queue.area(), Peak(self.queue.peak()));
        }
        let (into, out) = self.totals.conservation();
        assert_eq!(into, out, "messages are not conserved: {:?}", self.totals);
        self.totals
    }
}

/// How many of `count` instants `first`, `first + every`, … lie in `[start, end)`.
#[inline]
fn checks_between(start: Time, end: Time, first: Time, every: Time, count: u64) -> u64 {
    if first >= start && first.plus(every.times(count)) <= end {
        return count;
    }
    let before = |instant: Time| instant.0.saturating_sub(first.0).div_ceil(every.0).min(count);
    before(end) - before(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lattice_checks_are_counted_in_the_window() {
        for (first, every, count) in [(0, 5, 10), (7, 5, 3), (12, 7, 100), (29, 1, 4), (30, 5, 2), (10, 10, 2)] {
            let found = checks_between(Time(10), Time(30), Time(first), Time(every), count);
            let naive = (0..count).map(|index| first + index * every).filter(|t| (10..30).contains(t)).count();
            assert_eq!(found, naive as u64, "{first} {every} {count}");
        }
    }
}
