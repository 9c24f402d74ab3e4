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
                    self.push(now, Class::Server, client, number, Kind::Wake);
                    self.push(now.saturating_add(hold.0), Class::Server, client, number, Kind::NoData);
                    return;
                }
            },
        };
        self.push(first_check, Class::Server, client, number, Kind::Check { number: 1 });
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
        self.log.replies.push(ReplySent { at: now, messages: cargo.len() as u64, payload });
        let request = self.request(client, number);
        request.ended = Some(now);
        request.answered = Some(now);
        request.cargo = cargo;
        let delay = self.draws.down_delay(client, number, &self.scenario.network.down);
        self.push(now.saturating_add(delay), Class::Client, client, number, Kind::Reply);
    }

    /// The client has left: with `notices_disconnect` a held request ends at once.
    pub fn disconnected(&mut self, client: u32, number: u64) {
        let now = self.now;
        let request = self.request(client, number);
        if request.arrived.is_some() && request.ended.is_none() {
            request.ended = Some(now);
        }
    }
}
