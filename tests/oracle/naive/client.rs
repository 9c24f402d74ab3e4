//! What a client does.

use cometsim::model::scenario::{OnError, OnTimeout, Pace, Phase, Transport};

use super::world::{Class, Fate, Kind, Landing, Request, World};

impl World<'_> {
    pub fn start_clients(&mut self) {
        for client in self.clients.clone() {
            let first = match self.scenario.transport {
                Transport::ShortPoll(poll) => match poll.phase {
                    Phase::At(time) => time.0,
                    Phase::Random => self.draws.start(client, poll.interval.0),
                },
                Transport::LongPoll(_) => self.draws.start(client, self.scenario.clients.start_within.0),
            };
            self.push(first, Class::Client, client, 0, Kind::Depart);
        }
    }

    pub fn depart(&mut self, client: u32, number: u64) {
        if self.person(client).stopped {
            return;
        }
        self.log.departures.push(self.now);
        let person = self.person(client);
        assert_eq!(person.requests.len() as u64, number, "requests are numbered 0, 1, 2, …");
        let newest = person.messages.iter().rposition(|message| matches!(message.fate, Fate::Delivered(_)));
        person.requests.push(Request { named: newest.map_or(0, |i| i + 1), ..Request::default() });
        let delay = self.draws.up_delay(client, number, &self.scenario.network.up);
        self.push(self.now.saturating_add(delay), Class::Server, client, number, Kind::Arrive);
        let timeout = self.now.saturating_add(self.scenario.clients.timeout.0);
        self.push(timeout, Class::Client, client, number, Kind::Timeout);
        if let Transport::ShortPoll(poll) = self.scenario.transport
            && poll.pace == Pace::FixedRate
        {
            let next = self.now.saturating_add(poll.interval.0);
            self.push(next, Class::Client, client, number + 1, Kind::Depart);
        }
    }

    pub fn reply_arrives(&mut self, client: u32, number: u64) {
        self.log.reply_arrivals.push(self.now);
        let request = self.request(client, number);
        let cargo = request.cargo.clone();
        let sent = request.answered.expect("a reply has been sent");
        if request.left.is_some() {
            self.spill(client, &cargo);
            return;
        }
        request.done = true;
        self.log.good_replies.push(self.now);
        self.person(client).errors_in_a_row = 0;
        self.unpack(client, sent, &cargo);
        let pause = match self.scenario.transport {
            Transport::ShortPoll(poll) if poll.pace == Pace::FixedRate => return,
            Transport::ShortPoll(poll) => poll.interval.0,
            Transport::LongPoll(poll) => poll.turnaround.0,
        };
        self.push(self.now.saturating_add(pause), Class::Client, client, number + 1, Kind::Depart);
    }

    /// A reply reaches a client that listens.
    fn unpack(&mut self, client: u32, sent: u64, cargo: &[usize]) {
        let at = self.now;
        for &i in cargo {
            let message = &mut self.person(client).messages[i];
            message.copies -= 1;
            let first = !matches!(message.fate, Fate::Delivered(_));
            assert!(!first || message.fate.settled().is_none(), "a settled message was delivered");
            if first {
                message.fate = Fate::Delivered(at);
            }
            let created = message.created;
            self.log.landings.push(Landing { at, sent, created, first });
        }
    }

    /// A reply reaches a client that has left the request.
    pub fn spill(&mut self, client: u32, cargo: &[usize]) {
        let (now, redelivers) = (self.now, self.redelivers());
        for &i in cargo {
            let message = &mut self.person(client).messages[i];
            message.copies -= 1;
            if !redelivers {
                message.fate = Fate::Lost(now);
            } else if message.overwritten && message.copies == 0 && message.fate.settled().is_none() {
                message.fate = Fate::Superseded(now);
            }
        }
    }

    pub fn error_arrives(&mut self, client: u32, number: u64) {
        self.log.reply_arrivals.push(self.now);
        let request = self.request(client, number);
        if request.left.is_some() {
            return;
        }
        request.done = true;
        let OnError::Retry(backoff) = self.scenario.clients.on_error else {
            self.stop(client);
            return;
        };
        self.person(client).errors_in_a_row += 1;
        if matches!(self.scenario.transport, Transport::ShortPoll(poll) if poll.pace == Pace::FixedRate) {
            return;
        }
        let errors = self.person(client).errors_in_a_row;
        let grown = backoff.first.0 as f64 * backoff.factor.powi(errors.cast_signed() - 1);
        let spread = 1.0 - backoff.jitter + 2.0 * backoff.jitter * self.draws.jitter(client, number);
        let wait = (grown.min(backoff.max.0 as f64) * spread).round() as u64;
        self.push(self.now.saturating_add(wait), Class::Client, client, number + 1, Kind::Depart);
    }

    fn stop(&mut self, client: u32) {
        if !self.person(client).stopped {
            self.person(client).stopped = true;
            self.log.stops.push(self.now);
        }
    }

    pub fn time_out(&mut self, client: u32, number: u64) {
        let now = self.now;
        let request = self.request(client, number);
        if request.done {
            return;
        }
        request.left = Some(now);
        self.log.timeouts.push(now);
        let request = self.request(client, number);
        if request.started.is_some() && request.ended.is_none() && !request.cut_off {
            if self.scenario.server.notices_disconnect {
                self.disconnected(client, number);
            } else {
                self.log.orphans.push(now);
            }
        } else if self.scenario.server.notices_disconnect {
            self.disconnected(client, number);
        }
        if self.scenario.clients.on_timeout == OnTimeout::Stop {
            self.stop(client);
            return;
        }
        let pause = match self.scenario.transport {
            Transport::ShortPoll(poll) if poll.pace == Pace::FixedRate => return,
            Transport::ShortPoll(poll) => poll.interval.0,
            Transport::LongPoll(_) => 0,
        };
        self.push(now.saturating_add(pause), Class::Client, client, number + 1, Kind::Depart);
    }
}
