//! The server holds a request, and checks for messages until it answers.

use crate::engine::{Class, Key};
use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::{Happening, Observer};
use crate::model::request::{ChecksLeft, Origin, Request, Stage};
use crate::model::transport::{Action, Transport};
use crate::model::world::guard::MOST_IN_A_ROW;
use crate::model::world::{Slot, World};
use crate::units::Time;

/// How far a held request may be checked before other events.
#[derive(Clone, Copy, Debug)]
pub(super) struct CheckBounds {
    /// From this key on, a reply or the start of lingering has to wait for other clients.
    pub others: Key,
    /// Empty checks stop here: at the next other event of the client, or at a limit of the run.
    pub client: Key,
}

impl CheckBounds {
    /// Bounds for events of this instant only.
    pub fn at(now: Time) -> CheckBounds {
        let end = Key::start_of(now.plus(Time(1)));
        CheckBounds { others: end, client: end }
    }
}

/// Checks of one request in a row.
#[derive(Clone, Copy)]
struct CheckRun {
    /// What the transport counts in the request, after them.
    checks_left: u32,
    /// The instant of the last one, or of the next one if there are more.
    now: Time,
    /// Empty checks that count.
    empty: u64,
    /// What the server does after the last one; `None` if there are more checks.
    end: Option<Action>,
}

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The server begins to check for messages.
    #[inline]
    pub(super) fn open_hold(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if LIMITED && self.origin(client, slot) == Origin::Send {
            self.take_send(client, slot, now);
            return;
        }
        if LIMITED && let Some(protocol) = self.population.transport.push() {
            self.open_stream(client, slot, now, protocol);
            return;
        }
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        let request = match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        };
        let before = *request;
        (request.stage, request.since) = (Stage::HELD, now);
        let view = self.store.view(&self.clients[client].messages, &request.messages, name, number);
        let action = self.population.transport.arrive(view, request, now);
        if let Action::Hold(until) | Action::Linger(until) = action {
            request.due = until;
            if matches!(action, Action::Linger(_)) {
                request.stage = Stage::Lingering { checks_left: ChecksLeft(request.checks_left()) };
            }
            if LIMITED && let Some(drift) = &mut self.population.drift {
                request.due = until.plus(Time(drift.of(name, sleep(number, request.checks_left()))));
            }
        }
        if O::WATCHES {
            self.recorder.about(name, number);
        }
        self.count_check_at_arrival(action, now);
        match action {
            Action::Hold(_) | Action::Linger(_) => {
                self.observe_request(client, number, now, Happening::Held);
                if LIMITED {
                    self.enter_server(&before, now);
                } else {
                    self.recorder.hold_opened(now);
                }
            }
            Action::Answer | Action::GiveUp => {
                if self.population.transport.may_hold() {
                    self.recorder.hold_of_no_time(now);
                }
                if LIMITED {
                    self.leave_server(&before, now);
                }
                let request = *self.request(client, slot);
                self.recorder.about(name, number);
                self.count_skipped_checks(&request, now);
                self.answer(client, slot, now, action == Action::Answer);
            }
        }
    }

    /// Counts a check at the arrival of a request.
    #[inline]
    fn count_check_at_arrival(&mut self, action: Action, now: Time) {
        if self.population.transport.counts_as_check(true, action) {
            if !self.server.counts_checks_at_end {
                self.recorder.tell(now, Happening::Checked { finds: action == Action::Answer });
            }
            let counted = u64::from(self.recorder.counts(now));
            if action == Action::Answer {
                self.recorder.answering_checks(counted);
            } else {
                self.recorder.empty_checks(counted);
            }
            if LIMITED {
                self.recorder.work_on_check(now);
            }
        }
    }

    /// The server checks a held request until it replies or reaches a bound. Returns the key of the event that has to
    /// wait for other clients.
    #[inline]
    pub(super) fn check(&mut self, client: ClientIndex, slot: Slot, now: Time, bounds: CheckBounds) -> Option<Key> {
        let run = self.check_in_a_row(client, slot, (now, bounds.client));
        let key = Key::new(run.now, Class::Server);
        match run.end {
            Some(Action::Linger(until)) => {
                return self.begin_to_linger(client, slot, run, (until, bounds.others));
            }
            Some(action) if key < bounds.others => {
                self.end_checks(client, slot, run, action);
                return None;
            }
            _ => {}
        }
        let request = self.request(client, slot);
        request.set_checks_left(run.checks_left);
        request.due = run.now;
        self.count_checks(run.empty, 0);
        if run.end.is_some() { Some(key) } else { None }
    }

    /// Empty checks of a request, up to the first that is not, or to a bound. What the transport sees of the request is a
    /// copy, the bound is an instant, and all checks of a run count or none: this saves eight instructions per check.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "nearly all events come through here: as one function they stay in registers"
    )]
    fn check_in_a_row(&mut self, client: ClientIndex, slot: Slot, (mut now, bound): (Time, Key)) -> CheckRun {
        let request = *self.request(client, slot);
        let mut held = request.held();
        let name = self.number_of(client);
        let number = if LIMITED { self.request_number(client, slot) } else { RequestNumber::of_poll(0) };
        let messages = &self.clients[client].messages;
        let next_creation = self.store.next_creation(messages);
        let range = request.messages;
        let has_news = || self.store.has_news(messages, &range);
        let transport = self.population.transport;
        let counts_empty = self.population.counts_empty_checks;
        let mut bound = bound.first_instant_of(Class::Server);
        let counts = counts_empty && self.recorder.counts(now);
        if counts_empty && !counts {
            // A run does not go on from the warm-up into the window.
            bound = bound.min(self.recorder.start());
        }
        if O::WATCHES {
            let number = self.request_number(client, slot);
            self.recorder.about(name, number);
        }
        let mut in_a_row = 0;
        let end = loop {
            match transport.check(has_news, next_creation, &mut held, now) {
                Action::Hold(until) => {
                    in_a_row += 1;
                    if counts_empty {
                        self.recorder.tell(now, Happening::Checked { finds: false });
                    }
                    if LIMITED && counts_empty {
                        self.recorder.work_on_check(now);
                    }
                    now = until;
                    if LIMITED && let Some(drift) = &mut self.population.drift {
                        now = until.plus(Time(drift.of(name, sleep(number, held.checks_left))));
                    }
                    let has_to_pause = LIMITED && self.guard.is_some() && in_a_row == MOST_IN_A_ROW;
                    if now >= bound || has_to_pause {
                        break None;
                    }
                }
                action => break Some(action),
            }
        };
        CheckRun { checks_left: held.checks_left, now, empty: if counts { in_a_row } else { 0 }, end }
    }

    /// The last check of a run leads to an answer.
    #[inline]
    fn end_checks(&mut self, client: ClientIndex, slot: Slot, run: CheckRun, action: Action) {
        let is_check = self.population.transport.counts_as_check(false, action);
        let last = u64::from(is_check && self.recorder.counts(run.now));
        if LIMITED && is_check {
            self.recorder.work_on_check(run.now);
        }
        if is_check && !self.server.counts_checks_at_end {
            self.observe(client, slot, run.now, Happening::Checked { finds: action == Action::Answer });
        }
        self.count_checks(run.empty, last);
        self.end_hold(client, slot, run.now);
        self.answer(client, slot, run.now, action == Action::Answer);
        if LIMITED {
            self.grant_released(run.now);
        }
    }

    /// The last check of a run finds something, and the request waits for more until `until`; from `others` on that has
    /// to wait for other clients, which may give a worker to a request that takes the messages at this instant.
    ///
    /// Out of line: in line it costs each check a tenth of its instructions.
    #[cold]
    #[inline(never)]
    fn begin_to_linger(
        &mut self,
        client: ClientIndex,
        slot: Slot,
        run: CheckRun,
        (until, others): (Time, Key),
    ) -> Option<Key> {
        let key = Key::new(run.now, Class::Server);
        let request = self.request(client, slot);
        if LIMITED && key >= others {
            request.set_checks_left(run.checks_left);
            request.due = run.now;
            self.count_checks(run.empty, 0);
            return Some(key);
        }
        let checks_left = ChecksLeft(run.checks_left);
        (request.stage, request.due) = (Stage::Lingering { checks_left }, until);
        let counts = self.population.counts_empty_checks && self.recorder.counts(run.now);
        self.count_checks(run.empty + u64::from(counts), 0);
        if LIMITED && self.population.counts_empty_checks {
            self.recorder.work_on_check(run.now);
        }
        None
    }

    /// Counts empty checks, and those that lead to an answer.
    #[inline]
    fn count_checks(&mut self, empty: u64, answering: u64) {
        if LIMITED {
            self.recorder.empty_checks(empty);
            self.recorder.answering_checks(answering);
        } else {
            // Either each check is an event, or there are no empty ones.
            self.recorder.answering_checks(empty + answering);
        }
    }

    /// The server has done with a request that it held.
    #[inline]
    pub(super) fn end_hold(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let request = *self.request(client, slot);
        if LIMITED {
            self.recorder.hold_ended(request.since, now);
            self.leave_server(&request, now);
        } else {
            self.recorder.hold_closed(request.since, now);
        }
        self.observe(client, slot, now, Happening::HoldEnded);
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        self.recorder.about(name, number);
        self.count_skipped_checks(&request, now);
    }

    /// Counts the checks of a request whose hold ends, if they are not counted one by one.
    #[inline]
    pub(super) fn count_skipped_checks(&mut self, request: &Request<M::Request>, now: Time) {
        if self.server.counts_checks_at_end {
            let (first, every, count) = self.population.transport.checks(request, now);
            self.recorder.checks(first, every, count);
            if LIMITED {
                self.recorder.work_on_checks(first, every, count);
            }
        }
    }
}

/// The name of the drift of a sleep: the number of checks after the one that ends it.
fn sleep(request: RequestNumber, checks_left: u32) -> u64 {
    request.name() << 32 | u64::from(checks_left)
}
