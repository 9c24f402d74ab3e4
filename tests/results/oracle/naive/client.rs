//! What a client does.

use cometsim::model::scenario::{
    AdaptivePoll, AdaptiveRule, Backoff, OnError, OnTimeout, Pace, Phase, ShortPoll, TransportConfig,
};

use super::log::Landing;
use super::person::{Fate, Request};
use super::sends::SEND;
use super::wire::End;
use super::world::{Class, Kind, World};

impl World<'_> {
    pub fn start_clients(&mut self) {
        for client in self.clients.clone() {
            let first = match &self.view(client).transport {
                TransportConfig::ShortPoll(ShortPoll { pace: Pace::Poisson, interval, .. }) => {
                    self.draws.poll_gap(client, 0, *interval)
                }
                TransportConfig::ShortPoll(poll) => match poll.phase {
                    Phase::At(time) => time.0,
                    Phase::Random => self.draws.start(client, poll.interval.0),
                },
                TransportConfig::AdaptivePoll(poll) => {
                    self.person(client).interval = poll.min.0;
                    self.draws.start(client, self.view(client).clients.start_within.0)
                }
                _ => self.draws.start(client, self.view(client).clients.start_within.0),
            };
            let first = self.come(client, first);
            self.push(first, Class::Client, client, 0, Kind::Depart);
        }
    }

    /// When a client first asks, who would ask at `first` if it were there from the start; and plans when it leaves.
    fn come(&mut self, client: u32, first: u64) -> u64 {
        let clients = &self.scenario.clients;
        let crowd = clients.crowd.filter(|crowd| client < clients.count + crowd.count);
        let begin = match crowd {
            _ if client < clients.count => first,
            Some(crowd) => crowd.at.0 + self.draws.start(client, crowd.within.0),
            None => self.comers[(client - clients.count - clients.crowd.map_or(0, |crowd| crowd.count)) as usize],
        };
        let end = clients.session.as_ref().map(|law| begin.saturating_add(self.draws.session(client, law)));
        self.note(client, |log| log.visits.push((begin, end.unwrap_or(u64::MAX))));
        if client >= clients.count {
            self.person(client).from = begin;
        }
        if let Some(end) = end {
            self.push(end, Class::Client, client, u64::MAX, Kind::Leave);
        }
        begin
    }

    pub fn depart(&mut self, client: u32, number: u64) {
        if self.person(client).stopped {
            return;
        }
        let now = self.now;
        let person = self.person(client);
        assert_eq!(person.requests.len() as u64, number, "requests are numbered 0, 1, 2, …");
        person.requests.push(Request { asked: now, ..Request::default() });
        let browser = self.browser(client);
        match self.scenario.clients.browsers {
            Some(browsers) if self.connections[browser].0 == browsers.connections && self.is_counted(client) => {
                self.connections[browser].1.push_back((client, number));
            }
            _ => {
                let arrival = self.send(client, number);
                self.push(arrival, Class::Server, client, number, Kind::ReachLink);
            }
        }
        let timeout = self.now.saturating_add(self.view(client).clients.timeout.0);
        self.push(timeout, Class::Client, client, number, Kind::Timeout);
        if let TransportConfig::ShortPoll(poll) = &self.view(client).transport
            && poll.pace != Pace::AfterReply
        {
            let gap = match poll.pace {
                Pace::Poisson => self.draws.poll_gap(client, number + 1, poll.interval),
                _ => poll.interval.0,
            };
            self.push(self.now.saturating_add(gap), Class::Client, client, number + 1, Kind::Depart);
        }
    }

    /// Whether the requests of a client are among those for which its browser has few connections.
    pub fn is_counted(&self, client: u32) -> bool {
        !self.speaks_http2(client) && !matches!(self.view(client).transport, TransportConfig::WebSocket(_))
    }

    /// A request gets a connection and leaves the browser; when it reaches the link of the server.
    pub fn send(&mut self, client: u32, number: u64) -> u64 {
        let (now, browser) = (self.now, self.browser(client));
        self.connections[browser].0 += u32::from(self.is_counted(client));
        self.note(client, |log| log.departures.push(now));
        let person = self.person(client);
        let newest = person.messages.iter().rposition(|message| matches!(message.fate, Fate::Delivered(_)));
        let known = newest.map_or(0, |i| i + 1);
        let request = self.request(client, number);
        request.named = known;
        request.sent = true;
        request.departed = now;
        let waited = now - request.asked;
        let opening = self.connect(client, number);
        let (header, body) = self.request_size(client, number, known);
        self.note(client, |log| {
            log.request_sizes.push((now, header, body));
            log.wakes.push((client, now));
        });
        if number >= SEND {
            let payload = self.payload();
            self.note(client, |log| log.payloads_up.push((now, payload)));
        }
        let packets = self.put(End::Client, client, number, header + body);
        self.request(client, number).packets.0 = packets;
        self.note(client, |log| log.connections.push((now, waited)));
        let delay = opening.saturating_add(self.draws.up_delay(client, number, &self.view(client).network.up));
        let arrival = self.travel_up(client, number, header + body, delay);
        self.in_order_up(client, number, arrival)
    }

    /// A request does not need its connection any more, or its place in the browser's queue.
    fn free_connection(&mut self, client: u32, number: u64) {
        let browser = self.browser(client);
        if !self.is_counted(client) {
            return;
        }
        if !self.request(client, number).sent {
            self.connections[browser].1.retain(|waiting| *waiting != (client, number));
            return;
        }
        self.connections[browser].0 -= 1;
        if let Some((next, number)) = self.connections[browser].1.pop_front() {
            // What takes no time happens at once, whoever is next in the order of events.
            match self.send(next, number) {
                arrival if arrival == self.now => self.reach_link(next, number),
                arrival => self.push(arrival, Class::Server, next, number, Kind::ReachLink),
            }
        }
    }

    pub fn reply_arrives(&mut self, client: u32, number: u64) {
        let now = self.now;
        self.note(client, |log| log.reply_arrivals.push(now));
        let request = self.request(client, number);
        let cargo = request.cargo.clone();
        let sent = request.answered.expect("a reply has been sent");
        let packets = request.packets.1;
        if request.left.is_some() {
            self.take_unheard(client, number, packets);
            self.spill(client, &cargo);
            return;
        }
        request.done = true;
        self.end_of_response(client, number, packets, false);
        let now = self.now;
        let is_post = number >= SEND;
        if self.view(client).transport.stream().is_none() || is_post {
            self.note(client, |log| log.good_replies.push(now));
        }
        self.person(client).errors_in_a_row = 0;
        self.unpack(client, sent, &cargo);
        if is_post {
            self.free_connection(client, number);
            return;
        }
        let pause = match &self.view(client).transport {
            TransportConfig::ShortPoll(poll) if poll.pace != Pace::AfterReply => None,
            TransportConfig::ShortPoll(poll) => Some(poll.interval.0),
            TransportConfig::LongPoll(poll) => Some(self.draws.turnaround(client, number, &poll.turnaround)),
            TransportConfig::AdaptivePoll(poll) => Some(self.adapt(client, cargo.len() as u64, poll)),
            other => other.stream().map(|stream| stream.retry.0),
        };
        let is_cut = self.request(client, number).is_cut;
        if let (TransportConfig::WebSocket(_), false) = (&self.view(client).transport, is_cut) {
            let now = self.now;
            self.note(client, |log| log.more_up.push((now, 2 + 4 + 2)));
            self.put(End::Client, client, number, 2 + 4 + 2);
        }
        if let Some(pause) = pause {
            self.push(self.now.saturating_add(pause), Class::Client, client, number + 1, Kind::Depart);
        }
        self.free_connection(client, number);
    }

    /// The time to the next adaptive poll after a reply with so many messages.
    fn adapt(&mut self, client: u32, messages: u64, poll: &AdaptivePoll) -> u64 {
        let now = self.now;
        let person = self.person(client);
        let before = person.interval as f64;
        let wanted = match poll.rule {
            _ if messages == 0 => before * poll.factor,
            AdaptiveRule::Reset => 0.0,
            AdaptiveRule::Rate(weight) => {
                weight * ((now - person.last_reply) as f64 / messages as f64) + (1.0 - weight) * before
            }
        };
        person.interval = (wanted.round().min(poll.max.0 as f64) as u64).max(poll.min.0);
        person.last_reply = now;
        person.interval
    }

    /// A reply reaches a client that listens.
    pub fn unpack(&mut self, client: u32, sent: u64, cargo: &[usize]) {
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
            self.note(client, |log| log.landings.push(Landing { at, sent, created, first }));
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
        let now = self.now;
        self.note(client, |log| log.reply_arrivals.push(now));
        let request = self.request(client, number);
        let packets = request.packets.1;
        if request.left.is_some() {
            self.take_unheard(client, number, packets);
            return;
        }
        request.done = true;
        self.end_of_response(client, number, packets, true);
        if number >= SEND {
            self.note(client, |log| log.failures.push(now));
        } else {
            self.retry_or_stop(client, number);
        }
        self.free_connection(client, number);
    }

    fn retry_or_stop(&mut self, client: u32, number: u64) {
        let OnError::Retry(backoff) = self.scenario.clients.on_error else {
            self.stop(client);
            return;
        };
        self.back_off(client, number, backoff);
    }

    /// The client asks again, later from failure to failure.
    fn back_off(&mut self, client: u32, number: u64, backoff: Backoff) {
        self.person(client).errors_in_a_row += 1;
        if matches!(&self.view(client).transport, TransportConfig::ShortPoll(poll) if poll.pace != Pace::AfterReply) {
            return;
        }
        let errors = self.person(client).errors_in_a_row;
        // A factor beyond what a number holds times no time is no time.
        let grown = match backoff.first.0 {
            0 => 0.0,
            first => first as f64 * backoff.factor.powi(errors.cast_signed() - 1),
        };
        let spread = 1.0 - backoff.jitter + 2.0 * backoff.jitter * self.draws.jitter(client, number);
        let wait = (grown.min(backoff.max.0 as f64) * spread).round() as u64;
        self.push(self.now.saturating_add(wait), Class::Client, client, number + 1, Kind::Depart);
    }

    fn stop(&mut self, client: u32) {
        if !self.person(client).stopped {
            self.person(client).stopped = true;
            let now = self.now;
            self.drop_frames(client);
            self.note(client, |log| log.stops.push(now));
        }
    }

    pub fn time_out(&mut self, client: u32, number: u64) {
        let now = self.now;
        let request = self.request(client, number);
        if request.done || request.left.is_some() || request.responded {
            return;
        }
        self.note(client, |log| log.timeouts.push(now));
        self.reset(client, number);
        self.abandon(client, number);
        if number >= SEND {
            self.note(client, |log| log.failures.push(now));
        } else if self.view(client).clients.on_timeout == OnTimeout::Stop {
            self.stop(client);
        } else if let OnTimeout::Backoff(backoff) = self.view(client).clients.on_timeout {
            self.back_off(client, number, backoff);
        } else {
            let pause = match &self.view(client).transport {
                TransportConfig::ShortPoll(poll) if poll.pace != Pace::AfterReply => None,
                TransportConfig::ShortPoll(poll) => Some(poll.interval.0),
                TransportConfig::LongPoll(_) => Some(0),
                TransportConfig::AdaptivePoll(_) => Some(self.person(client).interval),
                other => other.stream().map(|stream| stream.retry.0),
            };
            if let Some(pause) = pause {
                self.push(now.saturating_add(pause), Class::Client, client, number + 1, Kind::Depart);
            }
        }
        if self.scenario.server.notices_disconnect {
            self.disconnected(client, number);
        }
        self.free_connection(client, number);
    }

    /// The client waits no more for a request.
    fn abandon(&mut self, client: u32, number: u64) {
        let now = self.now;
        let notices = self.scenario.server.notices_disconnect;
        if self.request(client, number).sent && !self.speaks_http2(client) {
            self.close(client, number);
        }
        let request = self.request(client, number);
        request.left = Some(now);
        if request.started.is_some() && request.ended.is_none() && !request.cut_off && !notices {
            self.note(client, |log| log.orphans.push(now));
        }
    }

    pub fn leave(&mut self, client: u32) {
        let now = self.now;
        self.note(client, |log| log.leaves.push(now));
        let person = self.person(client);
        person.stopped = true;
        person.gone = Some(now);
        self.drop_frames(client);
        let open = |request: &Request| !request.done && request.left.is_none();
        let mut numbers = self.numbers(client);
        numbers.retain(|&number| open(self.request(client, number)));
        for &number in &numbers {
            if number >= SEND {
                self.note(client, |log| log.failures.push(now));
            }
            self.reset(client, number);
            self.abandon(client, number);
            // It leaves all queues before anything becomes free.
            if !self.request(client, number).sent {
                self.free_connection(client, number);
            }
            if self.scenario.server.notices_disconnect {
                let browser = self.browser(client);
                self.locks[browser].waiting.retain(|waiting| (waiting.0, waiting.1) != (client, number));
                if self.request(client, number).started.is_none() {
                    self.disconnected(client, number);
                }
            }
        }
        let sent: Vec<u64> = numbers.into_iter().filter(|&number| self.request(client, number).sent).collect();
        if self.scenario.server.notices_disconnect {
            for &number in &sent {
                self.disconnected(client, number);
            }
        }
        for number in sent {
            self.free_connection(client, number);
        }
    }
}
