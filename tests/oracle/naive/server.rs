//! What the server does with a request.

use cometsim::model::scenario::{Arrivals, Check, FirstCheck, Transport};

use super::world::{CheckDone, Class, Fate, Kind, ReplySent, World};

impl World<'_> {
    pub fn arrive(&mut self, client: u32, number: u64) {
        self.log.arrivals.push(self.now);
        if self.scenario.server.notices_disconnect && self.request(client, number).left.is_some() {
            return;
        }
        let now = self.now;
        self.request(client, number).came = Some(now);
        if let Some(timeout) = self.scenario.server.read_timeout
            && self.request(client, number).left.is_none()
        {
            self.push(now.saturating_add(timeout.0), Class::Server, client, number, Kind::GatewayTimeout);
        }
        match self.scenario.server.pool {
            Some(pool) if self.busy == u64::from(pool.workers) => {
                if pool.backlog.is_some_and(|most| self.waiting.len() as u64 == u64::from(most)) {
                    self.log.refusals.push(now);
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
            self.log.ghosts.push(now);
        }
        self.log.starts.push((now, waited));
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
            self.log.services.push(self.now);
            self.open(client, number);
        }
    }

    /// A worker is free again, and takes the next request.
    fn free(&mut self) {
        self.busy -= 1;
        self.note_levels();
        if self.scenario.server.pool.is_some_and(|pool| self.busy < u64::from(pool.workers))
            && let Some((client, number)) = self.waiting.pop_front()
        {
            self.start(client, number);
        }
    }

    fn note_levels(&mut self) {
        let waiting = self.waiting.len() as u64;
        self.log.levels.push((self.now, self.busy, waiting));
    }

    pub fn time_out_at_gateway(&mut self, client: u32, number: u64) {
        let request = self.request(client, number);
        if request.ended.is_some() || request.left.is_some() {
            return;
        }
        let is_started = request.started.is_some();
        self.log.gateway_timeouts.push(self.now);
        self.send_error(client, number);
        if self.scenario.server.notices_disconnect {
            self.disconnected(client, number);
            return;
        }
        self.request(client, number).cut_off = true;
        if is_started {
            self.log.orphans.push(self.now);
        }
    }

    fn send_error(&mut self, client: u32, number: u64) {
        self.log.replies.push(ReplySent { at: self.now, messages: 0, payload: 0, is_error: true });
        let delay = self.draws.down_delay(client, number, &self.scenario.network.down);
        self.push(self.now.saturating_add(delay), Class::Client, client, number, Kind::Error);
    }

    /// The server begins to look for messages.
    fn open(&mut self, client: u32, number: u64) {
        let now = self.now;
        self.request(client, number).arrived = Some(now);
        if let Arrivals::InRequest { hit } = self.scenario.source.arrivals {
            self.request(client, number).hit_at = self.draws.hit_check(client, number, hit);
        }
        let first_check = match self.scenario.transport {
            Transport::ShortPoll(_) => now,
            Transport::LongPoll(poll) => match poll.check {
                Check::Every { first: FirstCheck::OnArrival, .. } => now,
                Check::Every { every, first: FirstCheck::AfterSleep, .. } => now.saturating_add(every.0),
                Check::Notify { hold } => {
                    self.push(now.saturating_add(hold.0), Class::Server, client, number, Kind::NoData);
                    self.wake(client, number);
                    return;
                }
            },
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
        let (every, count, first) = match self.scenario.transport {
            Transport::ShortPoll(_) => (0, 1, FirstCheck::AfterSleep),
            Transport::LongPoll(poll) => match poll.check {
                Check::Every { every, count, first } => (every.0, count, first),
                Check::Notify { .. } => unreachable!("notify makes no checks"),
            },
        };
        let exhausted = check == count;
        let answers = !found.is_empty() || (exhausted && first == FirstCheck::AfterSleep);
        self.log.checks.push(CheckDone { at: self.now, answers });
        if answers {
            self.answer(client, number, found);
            return;
        }
        let next = if exhausted { Kind::NoData } else { Kind::Check { number: check + 1 } };
        self.push(self.now.saturating_add(every), Class::Server, client, number, next);
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
        if self.request(client, number).ended.is_none() && !found.is_empty() {
            self.answer(client, number, found);
        }
    }

    /// The end of the longest hold. Checks do not look again; `notify` has missed nothing, so its mailbox is empty.
    pub fn no_data(&mut self, client: u32, number: u64) {
        if self.request(client, number).ended.is_none() {
            self.answer(client, number, Vec::new());
        }
    }

    fn answer(&mut self, client: u32, number: u64, cargo: Vec<usize>) {
        let now = self.now;
        let redelivers = self.redelivers();
        let messages = &mut self.person(client).messages;
        let payload = cargo.iter().map(|&i| messages[i].bytes).sum();
        for &i in &cargo {
            messages[i].copies += 1;
            if !redelivers {
                messages[i].fate = Fate::OnTheWay;
            }
        }
        let request = self.request(client, number);
        request.ended = Some(now);
        if request.cut_off {
            self.spill(client, &cargo);
            self.free();
            return;
        }
        self.log.replies.push(ReplySent { at: now, messages: cargo.len() as u64, payload, is_error: false });
        let request = self.request(client, number);
        request.answered = Some(now);
        request.cargo = cargo;
        let delay = self.draws.down_delay(client, number, &self.scenario.network.down);
        self.push(now.saturating_add(delay), Class::Client, client, number, Kind::Reply);
        self.free();
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
            self.free();
        } else {
            self.waiting.retain(|waiting| *waiting != (client, number));
            self.note_levels();
        }
    }
}
