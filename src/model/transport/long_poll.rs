//! Long polling (Comet): the server holds the request until it has something or the hold ends.

use super::{Action, Transport, View};
use crate::model::client::Request;
use crate::model::scenario::{Check, FirstCheck, LongPoll, Ticks};
use crate::random::below;
use crate::units::Time;

/// Long polling.
#[derive(Debug)]
pub(crate) struct LongPolling {
    turnaround: Time,
    start_within: Time,
    looks: Looks,
}

#[derive(Debug)]
enum Looks {
    Checks(Checks),
    Notified { hold: Time },
}

/// The server's check loop. Checks are numbered from 1.
#[derive(Debug)]
struct Checks {
    every: Time,
    count: u32,
    first: FirstCheck,
}

impl LongPolling {
    pub fn new(long_poll: &LongPoll, start_within: Time) -> LongPolling {
        let looks = match long_poll.check {
            Check::Every { every, count, first } => Looks::Checks(Checks { every, count, first }),
            Check::Notify { hold } => Looks::Notified { hold },
        };
        LongPolling { turnaround: long_poll.turnaround, start_within, looks }
    }
}

impl Checks {
    /// Sleeps before the check of this number.
    fn sleeps(&self, number: u64) -> u64 {
        number - u64::from(self.first == FirstCheck::OnArrival)
    }

    fn time(&self, request: &Request, number: u64) -> Time {
        request.arrived.plus(self.every.times(self.sleeps(number)))
    }

    /// The number of the last look: the last check, or on arrival the end of the sleep behind it.
    fn last(&self) -> u64 {
        u64::from(self.count) + u64::from(self.first == FirstCheck::OnArrival)
    }

    /// The number of the first check at or after `instant`.
    fn first_from(&self, request: &Request, instant: Time) -> u64 {
        let sleeps = instant.since(request.arrived).0.div_ceil(self.every.0);
        sleeps + u64::from(self.first == FirstCheck::OnArrival)
    }

    /// When the server looks next.
    fn next_look(&self, view: &View, request: &Request) -> Time {
        let next = u64::from(request.checks) + 1;
        let number = match view.ticks {
            Ticks::Each => next,
            Ticks::Skip if view.in_request => request.hit_check.max(next),
            Ticks::Skip if view.has_news(request) => next,
            Ticks::Skip => self.first_from(request, view.next_creation).max(next),
        };
        self.time(request, number.min(self.last()))
    }

    fn look(&self, view: &View, request: &mut Request, now: Time) -> Action {
        let number = match view.ticks {
            Ticks::Each => u64::from(request.checks) + 1,
            Ticks::Skip => self.first_from(request, now),
        };
        if number > u64::from(self.count) {
            return Action::GiveUp;
        }
        request.checks = number as u32;
        if view.finds(request) || number == self.last() {
            return Action::Answer;
        }
        Action::Hold(self.next_look(view, request))
    }
}

impl Transport for LongPolling {
    fn first_departure(&self, bits: u64) -> Time {
        Time(below(bits, self.start_within.0))
    }

    fn departure_after_departure(&self, _now: Time) -> Time {
        Time::NEVER
    }

    fn departure_after_reply(&self, now: Time) -> Option<Time> {
        Some(now.plus(self.turnaround))
    }

    fn departure_after_timeout(&self, now: Time) -> Option<Time> {
        Some(now)
    }

    fn arrive(&self, view: &View, request: &mut Request, now: Time) -> Action {
        match &self.looks {
            Looks::Checks(checks) if checks.first == FirstCheck::OnArrival => checks.look(view, request, now),
            Looks::Checks(checks) => Action::Hold(checks.next_look(view, request)),
            Looks::Notified { .. } => self.look(view, request, now),
        }
    }

    fn look(&self, view: &View, request: &mut Request, now: Time) -> Action {
        match &self.looks {
            Looks::Checks(checks) => checks.look(view, request, now),
            Looks::Notified { .. } if view.has_news(request) => Action::Answer,
            Looks::Notified { hold } => {
                let end = request.arrived.plus(*hold);
                if now >= end { Action::GiveUp } else { Action::Hold(end) }
            }
        }
    }

    fn wake(&self, now: Time) -> Option<Time> {
        matches!(self.looks, Looks::Notified { .. }).then_some(now)
    }

    fn checks(&self, request: &Request, now: Time) -> (Time, Time, u64) {
        match &self.looks {
            Looks::Notified { .. } => (request.arrived, Time(1), 0),
            Looks::Checks(checks) => {
                let sleeps = now.since(request.arrived).0 / checks.every.0;
                let number = sleeps + u64::from(checks.first == FirstCheck::OnArrival);
                (checks.time(request, 1), checks.every, number.min(u64::from(checks.count)))
            }
        }
    }
}
