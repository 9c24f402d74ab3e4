//! Long polling (Comet): the server holds the request until it has something or the hold ends.

use super::{Action, Transport, View};
use crate::model::divisor::Divisor;
use crate::model::request::{Request, Stage};
use crate::model::scenario::{Check, Delay, FirstCheck, LongPoll, Scenario, Ticks};
use crate::random::below;
use crate::units::Time;

/// Long polling.
#[derive(Debug)]
pub(crate) struct LongPolling {
    /// What is the same after every reply.
    turnaround: Time,
    start_within: Time,
    looks: Looks,
}

#[derive(Debug)]
enum Looks {
    Checks(Checks),
    Notified(Notified),
}

/// A server that is told of messages.
#[derive(Debug)]
struct Notified {
    hold: Time,
    linger: Time,
}

impl Notified {
    #[inline(never)]
    fn look<R>(&self, has_news: bool, request: &Request<R>, now: Time) -> Action {
        let end = request.since.plus(self.hold);
        if request.stage == Stage::Lingering {
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
struct Checks {
    every: Time,
    sleeps: Divisor,
    count: u32,
    first: FirstCheck,
    ticks: Ticks,
}

impl LongPolling {
    /// Long polling in `scenario`.
    pub fn new(long_poll: &LongPoll, scenario: &Scenario) -> LongPolling {
        // Where sleeps drift, checks are on no lattice on which one could jump.
        let ticks = if scenario.server.check_drift.is_some() { Ticks::Each } else { scenario.ticks };
        let looks = match long_poll.check {
            Check::Every { every, count, first } => {
                Looks::Checks(Checks { every, sleeps: Divisor::new(every.0), count, first, ticks })
            }
            Check::Notify { hold } => Looks::Notified(Notified { hold, linger: long_poll.linger }),
        };
        let turnaround = match long_poll.turnaround {
            Delay::Constant(turnaround) => turnaround,
            _ => Time::ZERO,
        };
        LongPolling { turnaround, start_within: scenario.clients.start_within, looks }
    }
}

impl Checks {
    /// 1 where the first check is at arrival, before the first sleep.
    #[inline]
    fn at_arrival(&self) -> u64 {
        u64::from(self.first == FirstCheck::OnArrival)
    }

    /// When the check of this number of a request that arrived at `arrived` takes place.
    #[inline]
    fn time(&self, arrived: Time, number: u64) -> Time {
        arrived.plus(self.every.times(number - self.at_arrival()))
    }

    /// The number of the last look: the last check, or on arrival the end of the sleep behind it.
    #[inline]
    fn last(&self) -> u64 {
        u64::from(self.count) + self.at_arrival()
    }

    /// The number of the first look at or after `instant`, or of the last one.
    fn first_from(&self, arrived: Time, instant: Time) -> u64 {
        let sleeps = instant.since(arrived).0.div_ceil(self.every.0);
        sleeps.saturating_add(self.at_arrival()).min(self.last())
    }

    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action {
        let last = self.last();
        request.hits = view.hit.is_some_and(|hit| hit <= u64::from(self.count));
        let last_look = view.hit.map_or(last, |hit| hit.min(last));
        let first_look = match (self.ticks, view.hit) {
            (Ticks::Each, _) => 1,
            (Ticks::Skip, Some(_)) => last_look,
            (Ticks::Skip, None) if view.has_news => 1,
            (Ticks::Skip, None) => self.first_from(now, view.next_creation),
        };
        request.set_checks_left((last_look - 1) as u32);
        match self.time(now, first_look) {
            due if due > now => Action::Hold(due),
            _ => self.look(|| view.has_news, view.next_creation, request, now),
        }
    }

    #[inline]
    fn look<R>(&self, has_news: impl Fn() -> bool, next_creation: Time, request: &mut Request<R>, now: Time) -> Action {
        let is_each = self.ticks == Ticks::Each;
        if is_each && request.checks_left() > 0 && !has_news() {
            request.set_checks_left(request.checks_left() - 1);
            return Action::Hold(now.plus(self.every));
        }
        let is_last = match self.ticks {
            Ticks::Each => request.checks_left() == 0,
            Ticks::Skip => request.hits || now >= self.time(request.since, self.last()),
        };
        if is_last && !request.hits && self.first == FirstCheck::OnArrival {
            Action::GiveUp
        } else if is_each || is_last || has_news() {
            Action::Answer
        } else {
            Action::Hold(self.time(request.since, self.first_from(request.since, next_creation)))
        }
    }
}

impl Transport for LongPolling {
    fn first_departure(&self, bits: u64) -> Time {
        Time(below(bits, self.start_within.0))
    }

    #[inline]
    fn departure_while_open(&self, _sent: Time) -> Time {
        Time::NEVER
    }

    #[inline]
    fn departure_after_reply(&self, _sent: Time, now: Time) -> Time {
        now.plus(self.turnaround)
    }

    fn departure_after_timeout(&self, _sent: Time, now: Time) -> Time {
        now
    }

    fn departure_after_error(&self, _sent: Time, now: Time, wait: Time) -> Time {
        now.plus(wait)
    }

    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action {
        match &self.looks {
            Looks::Checks(checks) => checks.arrive(view, request, now),
            Looks::Notified(_) => self.look(|| view.has_news, view.next_creation, request, now),
        }
    }

    #[inline]
    fn look<R>(&self, has_news: impl Fn() -> bool, next_creation: Time, request: &mut Request<R>, now: Time) -> Action {
        match &self.looks {
            Looks::Checks(checks) => checks.look(has_news, next_creation, request, now),
            Looks::Notified(notified) => notified.look(has_news(), request, now),
        }
    }

    #[inline]
    fn is_check(&self, at_arrival: bool, action: Action) -> bool {
        match &self.looks {
            Looks::Checks(checks) if at_arrival => checks.first == FirstCheck::OnArrival,
            Looks::Checks(_) => action != Action::GiveUp,
            Looks::Notified(_) => false,
        }
    }

    fn next_look<R>(&self, request: &Request<R>, creation: Time) -> Time {
        match &self.looks {
            Looks::Checks(checks) if checks.ticks == Ticks::Skip => {
                let number = checks.first_from(request.since, creation).max(1);
                request.due.min(checks.time(request.since, number))
            }
            Looks::Checks(_) | Looks::Notified(_) => request.due,
        }
    }

    fn is_notified(&self) -> bool {
        matches!(self.looks, Looks::Notified(_))
    }

    #[inline]
    fn checks<R>(&self, request: &Request<R>, now: Time) -> (Time, Time, u64) {
        match &self.looks {
            Looks::Notified(_) => (request.since, Time(1), 0),
            Looks::Checks(checks) => {
                let sleeps = checks.sleeps.quotient(now.since(request.since).0);
                let number = sleeps + checks.at_arrival();
                (checks.time(request.since, 1), checks.every, number.min(u64::from(checks.count)))
            }
        }
    }
}
