//! What the server does with a request.

use cometsim::model::scenario::{Arrivals, Check, FirstCheck, LongPoll, TransportConfig};

use super::log::{CheckDone, ReplySent};
use super::path::Flow;
use super::person::Fate;
use super::sends::SEND;
use super::wire::End;
use super::world::{Class, Kind, World};

impl World<'_> {
    pub fn arrive(&mut self, client: u32, number: u64) {
        let now = self.now;
        self.note(client, |log| log.arrivals.push(now));
        let is_down = self.scenario.server.restart.is_some_and(|restart| {
            let until = restart.at.0 + restart.down.0.max(1);
            (restart.at.0..until).contains(&now)
        });
        if let Some(frame) = self.frame(client, number) {
            self.get(End::Server, client, number, frame.packets);
            self.take_frame(client, number, is_down);
            return;
        }
        let packets = self.request(client, number).packets.0;
        self.get(End::Server, client, number, packets);
        if self.scenario.server.notices_disconnect && self.request(client, number).left.is_some() {
            return;
        }
        let now = self.now;
        let has_connections = self.scenario.wire.is_some() || self.speaks_http2(client);
        let restart = self.scenario.server.restart.filter(|_| has_connections);
        let request = self.request(client, number);
        request.came = Some(now);
        let is_reset = request.meets_reset
            || restart.is_some_and(|restart| request.departed < restart.at.0 && restart.at.0 <= now);
        if is_down || is_reset {
            self.request(client, number).ended = Some(now);
            self.break_connection(client, number);
            return;
        }
        if let Some(timeout) = self.scenario.server.read_timeout
            && self.request(client, number).left.is_none()
        {
            self.push(now.saturating_add(timeout.0), Class::Server, client, number, Kind::GatewayTimeout);
        }
        match self.scenario.server.pool {
            Some(pool) if self.busy == u64::from(pool.workers) => {
                if pool.backlog.is_some_and(|most| self.waiting.len() as u64 == u64::from(most)) {
                    self.note(client, |log| log.refusals.push(now));
                    self.request(client, number).ended = Some(now);
                    self.send_error(client, number);
                } else {
                    self.waiting.push_back((client, number));
                    self.note_levels();
                }
            }
            _ => self.start(client, number),
        }
    }

    /// A worker takes the request, where there are workers.
    fn start(&mut self, client: u32, number: u64) {
        let now = self.now;
        self.busy += 1;
        self.note_levels();
        let request = self.request(client, number);
        request.started = Some(now);
        let waited = now - request.came.expect("it has come");
        if request.left.is_some() || request.cut_off {
            self.note(client, |log| log.ghosts.push(now));
        }
        self.note(client, |log| log.starts.push((now, waited)));
        let browser = self.browser(client);
        if self.scenario.server.session_lock && self.locks[browser].is_taken {
            self.locks[browser].waiting.push_back((client, number, now));
            return;
        }
        self.lock(client, number, now);
    }

    /// A request gets the lock of its session, and the server works on it.
    fn lock(&mut self, client: u32, number: u64, since: u64) {
        let (now, browser) = (self.now, self.browser(client));
        self.locks[browser].is_taken = true;
        self.request(client, number).has_lock = true;
        self.note(client, |log| log.locks.push((now, now - since)));
        match &self.scenario.server.service {
            None => self.open(client, number),
            Some(law) => {
                let work = self.draws.service(client, number, law);
                self.push(now.saturating_add(work), Class::Server, client, number, Kind::Served);
            }
        }
    }

    pub fn served(&mut self, client: u32, number: u64) {
        if self.request(client, number).ended.is_none() {
            let now = self.now;
            self.note(client, |log| log.services.push(now));
            self.open(client, number);
        }
    }

    /// A request occupies nothing any more: the next one of its session goes on, and a worker takes the next request.
    pub fn free(&mut self, client: u32, number: u64) {
        let browser = self.browser(client);
        if self.request(client, number).has_lock {
            self.locks[browser].is_taken = false;
            if let Some((client, number, since)) = self.locks[browser].waiting.pop_front() {
                self.lock(client, number, since);
            }
        } else {
            self.locks[browser].waiting.retain(|waiting| (waiting.0, waiting.1) != (client, number));
        }
        self.busy -= 1;
        self.note_levels();
        if self.scenario.server.pool.is_some_and(|pool| self.busy < u64::from(pool.workers))
            && let Some((client, number)) = self.waiting.pop_front()
        {
            self.start(client, number);
        }
    }

    pub fn note_levels(&mut self) {
        let waiting = self.waiting.len() as u64;
        self.log.levels.push((self.now, self.busy, waiting));
    }

    /// Whether a request asks for messages, and the reply is there at once.
    pub fn is_poll(&self, client: u32, number: u64) -> bool {
        number < SEND && self.view(client).transport.stream().is_none()
    }

    /// The server begins to look for messages.
    fn open(&mut self, client: u32, number: u64) {
        let now = self.now;
        self.request(client, number).arrived = Some(now);
        if matches!(self.view(client).transport, TransportConfig::LongPoll(_)) && number < SEND {
            self.request(client, number).held_from = Some(now);
        }
        if number >= SEND {
            self.take_post(client, number);
            return;
        }
        if let Arrivals::InRequest { hit } = self.scenario.source.arrivals {
            self.request(client, number).hit_at = self.draws.hit_check(client, number, hit);
        }
        if self.view(client).transport.stream().is_some() {
            self.open_connection(client, number);
            return;
        }
        let first_check = match &self.view(client).transport {
            TransportConfig::ShortPoll(_) | TransportConfig::AdaptivePoll(_) => now,
            TransportConfig::LongPoll(poll) => match poll.check {
                Check::Every { first: FirstCheck::OnArrival, .. } => now,
                Check::Every { every, first: FirstCheck::AfterSleep, .. } => {
                    now.saturating_add(every.0).saturating_add(self.drift_before(client, number, 1))
                }
                Check::Notify { hold } => {
                    self.push(now.saturating_add(hold.0), Class::Server, client, number, Kind::NoData);
                    self.wake(client, number);
                    return;
                }
            },
            _ => unreachable!("connections are opened elsewhere"),
        };
        if first_check == now {
            self.check(client, number, 1);
        } else {
            self.push(first_check, Class::Server, client, number, Kind::Check { number: 1 });
        }
    }

    /// Check `check` (from 1) of a request.
    pub fn check(&mut self, client: u32, number: u64, check: u32) {
        if self.request(client, number).ended.is_some() {
            return;
        }
        let found = self.look(client, number, check);
        let (every, count, first) = match &self.view(client).transport {
            TransportConfig::ShortPoll(_) | TransportConfig::AdaptivePoll(_) => (0, 1, FirstCheck::AfterSleep),
            TransportConfig::LongPoll(poll) => match poll.check {
                Check::Every { every, count, first } => (every.0, count, first),
                Check::Notify { .. } => unreachable!("notify makes no checks"),
            },
            _ => unreachable!("connections make no checks"),
        };
        let exhausted = check == count;
        let told = self.person(client).told && !matches!(self.scenario.source.arrivals, Arrivals::InRequest { .. });
        let answers = told || !found.is_empty() || (exhausted && first == FirstCheck::AfterSleep);
        let now = self.now;
        self.note(client, |log| log.checks.push(CheckDone { at: now, answers }));
        if answers {
            self.answer(client, number, found);
            return;
        }
        let next = if exhausted { Kind::NoData } else { Kind::Check { number: check + 1 } };
        let drift = self.drift_before(client, number, check + 1);
        self.push(self.now.saturating_add(every).saturating_add(drift), Class::Server, client, number, next);
    }

    /// What the sleep before look `look` (from 1) of a request takes on top.
    fn drift_before(&mut self, client: u32, number: u64, look: u32) -> u64 {
        let Some(law) = self.scenario.server.check_drift.clone() else { return 0 };
        let TransportConfig::LongPoll(LongPoll { check: Check::Every { count, first, .. }, .. }) =
            self.view(client).transport
        else {
            return 0;
        };
        // A look on arrival is followed by as many sleeps as there are checks: the last look is none of them.
        let last = u64::from(count) + u64::from(first == FirstCheck::OnArrival);
        let looks = match self.scenario.source.arrivals {
            Arrivals::InRequest { .. } => self.request(client, number).hit_at.min(last),
            _ => last,
        };
        self.draws.drift(client, number, looks - u64::from(look), &law)
    }

    /// What this check finds; with scope `request`, it is itself the trial.
    fn look(&mut self, client: u32, number: u64, check: u32) -> Vec<usize> {
        if !matches!(self.scenario.source.arrivals, Arrivals::InRequest { .. }) {
            return self.available(client, number);
        }
        if self.request(client, number).hit_at != u64::from(check) {
            return Vec::new();
        }
        vec![self.create(client, self.scenario.source.payload.0)]
    }

    pub fn wake(&mut self, client: u32, number: u64) {
        let found = self.available(client, number);
        let now = self.now;
        let TransportConfig::LongPoll(LongPoll { check: Check::Notify { hold }, linger, .. }) =
            self.view(client).transport
        else {
            unreachable!("only notified requests are woken")
        };
        let told = self.person(client).told;
        let request = self.request(client, number);
        if request.ended.is_some() || request.lingers || (found.is_empty() && !told) {
            return;
        }
        let end = request.arrived.expect("it is held").saturating_add(hold.0);
        if linger.0 == 0 || now >= end {
            self.answer(client, number, found);
            return;
        }
        request.lingers = true;
        self.push(end.min(now + linger.0), Class::Server, client, number, Kind::LingerEnd);
    }

    pub fn end_linger(&mut self, client: u32, number: u64) {
        if self.request(client, number).ended.is_none() {
            let found = self.available(client, number);
            self.answer(client, number, found);
        }
    }

    /// The end of the longest hold. Checks do not look again; `notify` has missed nothing, so its mailbox is empty.
    pub fn no_data(&mut self, client: u32, number: u64) {
        let request = self.request(client, number);
        if request.ended.is_none() && !request.lingers {
            self.answer(client, number, Vec::new());
        }
    }

    pub fn answer(&mut self, client: u32, number: u64, cargo: Vec<usize>) {
        let now = self.now;
        let redelivers = self.redelivers();
        let messages = &mut self.person(client).messages;
        let payload = cargo.iter().map(|&i| messages[i].bytes).sum();
        for &i in &cargo {
            messages[i].copies += 1;
            messages[i].taken.get_or_insert(now);
            if !redelivers {
                messages[i].fate = Fate::OnTheWay;
            }
        }
        let request = self.request(client, number);
        request.ended = Some(now);
        if self.is_unheard(client, number) {
            self.spill(client, &cargo);
            self.free(client, number);
            return;
        }
        let http = self.view(client).http;
        let body = match cargo.len() as u64 {
            0 => http.empty_body.0,
            messages => payload + messages * http.message_framing.0,
        };
        let (header, body) = self.reply_size(client, body);
        let messages = cargo.len() as u64;
        let is_of_poll = self.is_poll(client, number);
        let reply = ReplySent { at: now, messages, payload, header, body, is_of_poll };
        self.note(client, |log| log.replies.push(reply));
        let packets = self.put(End::Server, client, number, header + body);
        let request = self.request(client, number);
        request.packets.1 = packets;
        request.answered = Some(now);
        request.cargo = cargo;
        let delay = self.draws.down_delay(client, number, &self.view(client).network.down);
        let arrival = self.travel_down(client, Flow::Down, number, header + body, delay);
        let arrival = self.in_order_down(client, number, arrival, header + body);
        self.push(arrival, Class::Client, client, number, Kind::Reply);
        self.free(client, number);
    }

    /// The client has left: with `notices_disconnect` a held request ends at once.
    pub fn disconnected(&mut self, client: u32, number: u64) {
        let now = self.now;
        let request = self.request(client, number);
        if request.came.is_none() || request.ended.is_some() {
            return;
        }
        request.ended = Some(now);
        if request.started.is_some() {
            self.free(client, number);
        } else {
            self.waiting.retain(|waiting| *waiting != (client, number));
            self.note_levels();
        }
    }
}
