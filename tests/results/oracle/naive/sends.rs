//! What clients send: in requests beside the others, or in frames.

use cometsim::model::scenario::{Arrivals, Process, TransportConfig};

use super::connections::frame;
use super::draws::Draws;
use super::person::{Fate, Message, Request};
use super::wire::End;
use super::world::{Class, Kind, World};

/// The numbers of what clients send begin here.
pub const SEND: u64 = (1 << 63) + (1 << 31);
/// Behind all numbers of requests.
const LAST: u64 = u64::MAX - 1;

/// A message in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub clicked: u64,
    pub size: u64,
    pub packets: u64,
    /// It waits for a connection.
    pub waits: bool,
    pub failed: bool,
}

impl World<'_> {
    pub fn sends_frames(&self, client: u32) -> bool {
        matches!(self.view(client).transport, TransportConfig::WebSocket(_))
    }

    /// The frame of this number, if it is one.
    pub fn frame(&mut self, client: u32, number: u64) -> Option<Frame> {
        let count = number.checked_sub(SEND)?;
        self.sends_frames(client).then(|| self.person(client).frames[count as usize])
    }

    /// All instants at which clients want to send.
    pub fn plan_sends(&mut self) {
        let Some(sends) = self.scenario.clients.sends.clone() else { return };
        let of_sends = Draws::of_sends(self.scenario.seed, self.draws.replication());
        let draws = std::mem::replace(&mut self.draws, of_sends);
        for client in self.clients.clone() {
            for time in self.send_times(client, &sends.process) {
                self.push(time, Class::Client, client, LAST, Kind::Send);
            }
        }
        self.draws = draws;
    }

    fn send_times(&self, client: u32, process: &Process) -> Vec<u64> {
        let mut times = Vec::new();
        match process {
            Process::Poisson { rate } => {
                let mut time = 0u64;
                for index in 0.. {
                    time += self.draws.exponential_gap(Some(client), index, rate.mean_gap_nanos());
                    if time >= self.horizon {
                        break;
                    }
                    times.push(time);
                }
            }
            Process::Periodic { every, phase } => {
                let first = match phase {
                    cometsim::model::scenario::Phase::At(time) => time.0,
                    cometsim::model::scenario::Phase::Random => self.draws.source_phase(Some(client), every.0),
                };
                times.extend((first..self.horizon).step_by(every.0 as usize));
            }
            Process::OnOff { on, off, rate } => {
                times = self.burst_times_at(Some(client), *on, *off, rate.mean_gap_nanos());
            }
            _ => unreachable!("clients do not send like this"),
        }
        times
    }

    /// The client sends a message, if it has come and not stopped.
    pub fn send_message(&mut self, client: u32) {
        let now = self.now;
        let person = self.person(client);
        if person.requests.is_empty() || person.stopped {
            return;
        }
        self.note(client, |log| log.clicks.push(now));
        if self.sends_frames(client) {
            let frame = Frame { clicked: now, size: 0, packets: 0, waits: true, failed: false };
            let person = self.person(client);
            person.frames.push(frame);
            let newest = person.requests.last().expect("it has asked");
            if newest.responded && !newest.done && newest.left.is_none() {
                let number = SEND + person.frames.len() as u64 - 1;
                self.send_frame(client, number);
            }
            return;
        }
        let person = self.person(client);
        let number = SEND + person.posts.len() as u64;
        person.posts.push(Request { asked: now, ..Request::default() });
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
        let timeout = now.saturating_add(self.view(client).clients.timeout.0);
        self.push(timeout, Class::Client, client, number, Kind::Timeout);
    }

    pub fn payload(&self) -> u64 {
        self.scenario.clients.sends.as_ref().map_or(0, |sends| sends.payload.0)
    }

    /// The size of the body of a request.
    pub fn body_of_request(&self, client: u32, number: u64) -> u64 {
        let view = self.view(client);
        match number >= SEND {
            true => self.payload(),
            // A page gets a stream, and opens a WebSocket, with a GET.
            false if view.transport.stream().is_some() => 0,
            false => view.http.request_body.0,
        }
    }

    fn send_frame(&mut self, client: u32, number: u64) {
        let now = self.now;
        let bytes = frame(self.payload()) + 4;
        let payload = self.payload();
        self.note(client, |log| {
            log.more_up.push((now, bytes));
            log.payloads_up.push((now, payload));
            log.frames.push(now);
            log.wakes.push((client, now));
        });
        let packets = self.put(End::Client, client, number, bytes);
        let delay = self.draws.up_delay(client, number, &self.view(client).network.up);
        let arrival = self.travel_up(client, number, bytes, delay);
        let size = self.size_of(bytes);
        let person = self.person(client);
        let arrival = arrival.max(person.last_frame);
        person.last_frame = arrival;
        let frame = &mut person.frames[(number - SEND) as usize];
        (frame.waits, frame.packets, frame.size) = (false, packets, size);
        self.push(arrival, Class::Server, client, number, Kind::ReachLink);
    }

    /// The response on this connection has begun: what has waited for it leaves, if it is the newest one.
    pub fn send_waiting_frames(&mut self, client: u32, number: u64) {
        if self.person(client).requests.len() as u64 != number + 1 {
            return;
        }
        for count in 0..self.person(client).frames.len() as u64 {
            let frame = self.person(client).frames[count as usize];
            if frame.waits && !frame.failed {
                self.send_frame(client, SEND + count);
            }
        }
    }

    /// The frames that wait for a connection are lost.
    pub fn drop_frames(&mut self, client: u32) {
        let now = self.now;
        let mut failed = 0;
        for frame in &mut self.person(client).frames {
            if frame.waits && !frame.failed {
                frame.failed = true;
                failed += 1;
            }
        }
        for _ in 0..failed {
            self.note(client, |log| log.failures.push(now));
        }
    }

    /// A frame reaches the server.
    pub fn take_frame(&mut self, client: u32, number: u64, is_down: bool) {
        let now = self.now;
        let frame = self.person(client).frames[(number - SEND) as usize];
        if is_down {
            self.note(client, |log| log.failures.push(now));
        } else {
            self.deliver(client, frame.clicked);
        }
    }

    /// The server takes what a client sent with a request, and answers.
    pub fn take_post(&mut self, client: u32, number: u64) {
        let clicked = self.request(client, number).asked;
        self.deliver(client, clicked);
        let in_request = matches!(self.scenario.source.arrivals, Arrivals::InRequest { .. });
        let takes = self.view(client).transport.piggybacks() && !in_request;
        let found = if takes { self.available(client, number) } else { Vec::new() };
        self.answer(client, number, found);
    }

    /// What a client sent goes to all of its group.
    fn deliver(&mut self, client: u32, created: u64) {
        let Arrivals::Group { size } = self.scenario.source.arrivals else { return };
        let first = client / size * size;
        let (now, bytes) = (self.now, self.payload());
        self.log.to_rooms.push(created);
        for member in first..self.clients.end.min(first.saturating_add(size)) {
            if self.person(member).from > now {
                continue;
            }
            if self.person(member).gone.is_some() {
                self.person(member).told = true;
                self.wake_all(member);
                continue;
            }
            self.supersede_older(member);
            let message =
                Message { created, bytes, fate: Fate::Waiting, copies: 0, put: now, taken: None, overwritten: false };
            self.person(member).messages.push(message);
            self.wake_all(member);
        }
    }
}
