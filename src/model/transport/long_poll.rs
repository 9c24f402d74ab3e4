//! Long polling (Comet): the server holds the request until it has a message or the hold ends.

use super::{Action, RandomGap, Transport, View};
use crate::model::divisor::Divisor;
use crate::model::request::{HeldRequest, Request};
use crate::model::scenario::{Check, Delay, FirstCheck, LongPoll, Scenario, Ticks};
use crate::random::below;
use crate::units::Time;

/// Long polling.
#[derive(Debug)]
pub(crate) struct LongPolling {
    /// From a reply to the next request, if it is always the same.
    turnaround: Time,
    random_turnaround: Option<Delay>,
    start_within: Time,
    piggybacks: bool,
    rule: CheckRule,
}

/// When the server checks for messages.
#[derive(Debug)]
enum CheckRule {
    Loop(CheckLoop),
    Notified(Notified),
}

/// A notified server.
#[derive(Debug)]
struct Notified {
    hold: Time,
    linger: Time,
}

impl Notified {
    #[inline]
    fn check(&self, has_news: bool, held: HeldRequest, now: Time) -> Action {
        let end = held.since.plus(self.hold);
        if held.is_lingering {
            return Action::Answer;
        }
        match has_news {
            true if self.linger == Time::ZERO || now >= end => Action::Answer,
            true => Action::Linger(now.plus(self.linger).min(end)),
            false if now >= end => Action::GiveUp,
            false => Action::Hold(end),
        }
    }
}

/// The server's check loop. Checks are numbered from 1.
#[derive(Debug)]
struct CheckLoop {
    every: Time,
    sleeps: Divisor,
    count: u32,
    first: FirstCheck,
    ticks: Ticks,
}

impl LongPolling {
    /// Long polling in `scenario`.
    pub fn new(long_poll: &LongPoll, scenario: &Scenario) -> LongPolling {
        // With drift, checks are not on a lattice, so none can be skipped.
        let ticks = if scenario.server.check_drift.is_some() { Ticks::Each } else { scenario.ticks };
        let rule = match long_poll.check {
            Check::Every { every, count, first } => {
                CheckRule::Loop(CheckLoop { every, sleeps: Divisor::new(every.0), count, first, ticks })
            }
            Check::Notify { hold } => CheckRule::Notified(Notified { hold, linger: long_poll.linger }),
        };
        let (turnaround, random_turnaround) = match &long_poll.turnaround {
            Delay::Constant(turnaround) => (*turnaround, None),
            random => (Time::ZERO, Some(random.clone())),
        };
        let (start_within, piggybacks) = (scenario.clients.start_within, long_poll.piggyback);
        LongPolling { turnaround, random_turnaround, start_within, piggybacks, rule }
    }
}

impl CheckLoop {
    /// 1 where the first check is at arrival, before the first sleep.
    #[inline]
    fn at_arrival(&self) -> u64 {
        u64::from(self.first == FirstCheck::OnArrival)
    }

    /// The instant of the check of this number of a request that arrived at `arrived`.
    #[inline]
    fn time(&self, arrived: Time, number: u64) -> Time {
        arrived.plus(self.every.times(number - self.at_arrival()))
    }

    /// The number of the last event of the loop: the last check, or with checks on arrival the end of the sleep after
    /// it.
    #[inline]
    fn last(&self) -> u64 {
        u64::from(self.count) + self.at_arrival()
    }

    /// The number of the first check at or after `instant`, or of the last one.
    fn first_from(&self, arrived: Time, instant: Time) -> u64 {
        let sleeps = instant.since(arrived).0.div_ceil(self.every.0);
        sleeps.saturating_add(self.at_arrival()).min(self.last())
    }

    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action {
        let last = self.last();
        request.hits = view.hit.is_some_and(|hit| hit <= u64::from(self.count));
        let last_check = view.hit.map_or(last, |hit| hit.min(last));
        let first_check = match (self.ticks, view.hit) {
            (Ticks::Each, _) => 1,
            (Ticks::Skip, Some(_)) => last_check,
            (Ticks::Skip, None) if view.has_news => 1,
            (Ticks::Skip, None) => self.first_from(now, view.next_creation),
        };
        request.set_checks_left((last_check - 1) as u32);
        match self.time(now, first_check) {
            due if due > now => Action::Hold(due),
            _ => {
                let mut held = request.held();
                let action = self.check(|| view.has_news, view.next_creation, &mut held, now);
                request.set_checks_left(held.checks_left);
                action
            }
        }
    }

    #[inline]
    fn check(&self, has_news: impl Fn() -> bool, next_creation: Time, held: &mut HeldRequest, now: Time) -> Action {
        let is_each = self.ticks == Ticks::Each;
        if is_each && held.checks_left > 0 && !has_news() {
            held.checks_left -= 1;
            return Action::Hold(now.plus(self.every));
        }
        let is_last = match self.ticks {
            Ticks::Each => held.checks_left == 0,
            Ticks::Skip => held.hits || now >= self.time(held.since, self.last()),
        };
        if is_last && !held.hits && self.first == FirstCheck::OnArrival {
            Action::GiveUp
        } else if is_each || is_last || has_news() {
            Action::Answer
        } else {
            Action::Hold(self.time(held.since, self.first_from(held.since, next_creation)))
        }
    }
}

impl Transport for LongPolling {
    type State = ();

    fn first_departure(&self, bits: u64) -> Time {
        Time(below(bits, self.start_within.0))
    }

    #[inline]
    fn departure_after_reply(&self, _client: &mut (), _sent: Time, _messages: u64, now: Time) -> Time {
        now.plus(self.turnaround)
    }

    fn departure_after_timeout(&self, _client: &mut (), _sent: Time, now: Time) -> Time {
        now
    }

    fn random_gap(&self) -> Option<RandomGap> {
        self.random_turnaround.clone().map(RandomGap::AfterReply)
    }

    fn piggybacks(&self) -> bool {
        self.piggybacks
    }

    #[inline]
    fn may_hold(&self) -> bool {
        true
    }

    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action {
        match &self.rule {
            CheckRule::Loop(checks) => checks.arrive(view, request, now),
            CheckRule::Notified(notified) => notified.check(view.has_news, request.held(), now),
        }
    }

    #[inline]
    fn check(&self, has_news: impl Fn() -> bool, next_creation: Time, held: &mut HeldRequest, now: Time) -> Action {
        match &self.rule {
            CheckRule::Loop(checks) => checks.check(has_news, next_creation, held, now),
            CheckRule::Notified(notified) => notified.check(has_news(), *held, now),
        }
    }

    #[inline]
    fn counts_as_check(&self, at_arrival: bool, action: Action) -> bool {
        match &self.rule {
            CheckRule::Loop(checks) if at_arrival => checks.first == FirstCheck::OnArrival,
            CheckRule::Loop(_) => action != Action::GiveUp,
            CheckRule::Notified(_) => false,
        }
    }

    fn next_check<R>(&self, request: &Request<R>, creation: Time) -> Time {
        match &self.rule {
            CheckRule::Loop(checks) if checks.ticks == Ticks::Skip => {
                let number = checks.first_from(request.since, creation).max(1);
                request.due.min(checks.time(request.since, number))
            }
            CheckRule::Loop(_) | CheckRule::Notified(_) => request.due,
        }
    }

    fn is_notified(&self) -> bool {
        matches!(self.rule, CheckRule::Notified(_))
    }

    #[inline]
    fn checks<R>(&self, request: &Request<R>, now: Time) -> (Time, Time, u64) {
        match &self.rule {
            CheckRule::Notified(_) => (request.since, Time(1), 0),
            CheckRule::Loop(checks) => {
                let sleeps = checks.sleeps.quotient(now.since(request.since).0);
                let number = sleeps + checks.at_arrival();
                (checks.time(request.since, 1), checks.every, number.min(u64::from(checks.count)))
            }
        }
    }
}
