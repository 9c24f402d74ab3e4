//! Connections on which the server pushes.

use cometsim::model::scenario::{Sse, TransportConfig, WebSocket};

use super::log::ReplySent;
use super::multiplexed::framed;
use super::path::Flow;
use super::person::{Connection, Fate, Push};
use super::wire::End;
use super::world::{Class, Kind, World};

/// Sizes, written as texts where a standard has them as texts.
fn chunk(bytes: u64) -> u64 {
    format!("{bytes:x}\r\n\r\n").len() as u64 + bytes
}

pub fn frame(payload: u64) -> u64 {
    let length_field = if payload < 126 {
        0
    } else if payload < 65_536 {
        2
    } else {
        8
    };
    2 + length_field + payload
}

impl World<'_> {
    /// What is pushed in one piece: a chunk, or frames of HTTP/2 with 9 bytes each.
    fn chunk(&self, client: u32, bytes: u64) -> u64 {
        if self.speaks_http2(client) { framed(bytes) } else { chunk(bytes) }
    }

    /// Header bytes that the request of this client has beyond those of all requests.
    pub fn more_header(&self, client: u32, known: usize) -> u64 {
        match &self.view(client).transport {
            _ if self.speaks_http2(client) => 0,
            TransportConfig::Sse(Sse { ids: true, .. }) if known > 0 => {
                format!("Last-Event-ID: {known}\r\n").len() as u64
            }
            TransportConfig::WebSocket(WebSocket { upgrade_request, .. }) => upgrade_request.0,
            _ => 0,
        }
    }

    pub fn open_connection(&mut self, client: u32, number: u64) {
        let now = self.now;
        let (is_cut_off, is_left) = (self.is_unheard(client, number), self.request(client, number).left.is_some());
        let mut header = 0;
        if !is_cut_off {
            header = match &self.view(client).transport {
                TransportConfig::WebSocket(socket) => socket.upgrade_response.0,
                _ => self.reply_size(client, 0).0,
            };
            let reply = ReplySent { at: now, messages: 0, payload: 0, header, body: 0, is_of_poll: false };
            self.note(client, |log| log.replies.push(reply));
        }
        let packets = if is_cut_off { 0 } else { self.put(End::Server, client, number, header) };
        if is_cut_off || is_left {
            self.request(client, number).ended = Some(now);
            self.free(client, number);
            return;
        }
        self.request(client, number).held_from = Some(now);
        self.person(client).connection = Connection::default();
        self.send_push(client, number, Vec::new(), (packets, 0), header);
        self.go_on(client, number);
    }

    fn send_push(&mut self, client: u32, number: u64, cargo: Vec<usize>, (packets, answer): (u64, u64), bytes: u64) {
        let now = self.now;
        let index = self.person(client).pushes.len();
        let delay = self.draws.push_delay(client, index as u64, &self.view(client).network.down);
        let arrival = self.travel_down(client, Flow::Push, index as u64, bytes, delay);
        let person = self.person(client);
        person.pushes.push(Push { sent: now, cargo, packets, answer });
        person.connection.last_sent = now;
        person.connection.last_arrival = person.connection.last_arrival.max(arrival);
        let arrival = person.connection.last_arrival;
        let arrival = self.in_order_down(client, number, arrival, bytes);
        self.person(client).connection.last_arrival = arrival;
        self.push(arrival, Class::Client, client, number, Kind::Push { index });
    }

    pub fn step(&mut self, client: u32, number: u64) {
        let now = self.now;
        let request = self.request(client, number);
        if request.arrived.is_none() || request.ended.is_some() || request.step_due != now {
            return;
        }
        self.note(client, |log| log.steps.push(now));
        if self.request(client, number).left.is_none() {
            self.go_on(client, number);
            return;
        }
        let found = self.available(client, number);
        let redelivers = self.redelivers();
        for &i in &found {
            let message = &mut self.person(client).messages[i];
            message.copies += 1;
            message.taken.get_or_insert(now);
            if !redelivers {
                message.fate = Fate::OnTheWay;
            }
        }
        self.spill(client, &found);
        self.request(client, number).ended = Some(now);
        self.free(client, number);
    }

    fn go_on(&mut self, client: u32, number: u64) {
        let now = self.now;
        let view = self.view(client);
        let rules = *view.transport.stream().expect("a connection");
        let found = self.available(client, number);
        if !found.is_empty() {
            self.send_messages(client, number, found);
        }
        let opened = self.request(client, number).arrived.expect("it is open");
        let connection = self.person(client).connection;
        let is_old = rules.recycle_after.is_some_and(|after| now - opened >= after.0);
        let is_long = rules.recycle_bytes.is_some_and(|most| connection.bytes >= most.0);
        let idle = |span: Option<cometsim::units::Time>| span.is_some_and(|span| now - connection.last_sent >= span.0);
        let is_websocket = matches!(view.transport, TransportConfig::WebSocket(_));
        if is_old || is_long {
            let bytes = match is_websocket {
                true => frame(2),
                false if self.speaks_http2(client) => 9,
                false => "0\r\n\r\n".len() as u64,
            };
            self.note(client, |log| log.pushed.push((now, bytes, 0)));
            let packets = self.put(End::Server, client, number, bytes);
            self.end_connection(client, number, packets, bytes);
            return;
        }
        if idle(view.server.idle_timeout) {
            self.note(client, |log| log.idle_timeouts.push(now));
            self.request(client, number).is_cut = true;
            self.end_connection(client, number, 0, 0);
            return;
        }
        if idle(rules.keep_alive) {
            let (bytes, answer) = match &view.transport {
                TransportConfig::Streaming(_) => (self.chunk(client, 1), 0),
                TransportConfig::Sse(_) => (self.chunk(client, 3), 0),
                _ => (frame(0), frame(0) + 4),
            };
            self.note(client, |log| {
                log.pushed.push((now, bytes, 0));
                log.pushes.push(now);
            });
            let packets = self.put(End::Server, client, number, bytes);
            self.send_push(client, number, Vec::new(), (packets, answer), bytes);
        }
        let last_sent = self.person(client).connection.last_sent;
        let ends = [
            rules.recycle_after.map(|after| opened + after.0),
            rules.keep_alive.map(|span| last_sent + span.0),
            view.server.idle_timeout.map(|span| last_sent + span.0),
        ];
        self.request(client, number).step_due = u64::MAX;
        if let Some(due) = ends.into_iter().flatten().min() {
            self.request(client, number).step_due = due;
            self.push(due, Class::Server, client, number, Kind::Step);
        }
    }

    fn send_messages(&mut self, client: u32, number: u64, found: Vec<usize>) {
        let (now, redelivers, view) = (self.now, self.redelivers(), self.view(client));
        let (mut inside, mut payload) = (0, 0);
        for &i in &found {
            let message = &mut self.person(client).messages[i];
            message.copies += 1;
            message.taken.get_or_insert(now);
            if !redelivers {
                message.fate = Fate::OnTheWay;
            }
            payload += message.bytes;
            let text = message.bytes + view.http.message_framing.0;
            inside += match &view.transport {
                TransportConfig::Sse(sse) => {
                    let id = if sse.ids { format!("id: {}\n", i + 1) } else { String::new() };
                    (id + "data: \n\n").len() as u64 + text
                }
                TransportConfig::WebSocket(_) => frame(text),
                _ => text,
            };
        }
        let bytes =
            if matches!(view.transport, TransportConfig::WebSocket(_)) { inside } else { self.chunk(client, inside) };
        self.note(client, |log| log.pushed.push((now, bytes, payload)));
        self.note(client, |log| log.pushes.push(now));
        self.person(client).connection.bytes += bytes;
        let known = self.person(client).messages.len();
        self.request(client, number).named = known;
        let packets = self.put(End::Server, client, number, bytes);
        self.send_push(client, number, found, (packets, 0), bytes);
    }

    fn end_connection(&mut self, client: u32, number: u64, packets: u64, bytes: u64) {
        let now = self.now;
        let request = self.request(client, number);
        request.ended = Some(now);
        request.answered = Some(now);
        request.packets.1 = packets;
        let delay = self.draws.down_delay(client, number, &self.view(client).network.down);
        let arrival = self.travel_down(client, Flow::Down, number, bytes, delay);
        let arrival = self.in_order_down(client, number, arrival, bytes);
        let arrival = self.person(client).connection.last_arrival.max(arrival);
        self.push(arrival, Class::Client, client, number, Kind::Reply);
        self.free(client, number);
    }

    pub fn push_arrives(&mut self, client: u32, number: u64, index: usize) {
        let now = self.now;
        self.note(client, |log| log.reply_arrivals.push(now));
        let Push { sent, cargo, packets, answer } = self.person(client).pushes[index].clone();
        if self.request(client, number).left.is_some() {
            self.take_unheard(client, number, packets);
            self.spill(client, &cargo);
            return;
        }
        if self.request(client, number).responded {
            self.note(client, |log| log.wakes.push((client, now)));
        } else {
            self.note(client, |log| log.good_replies.push(now));
        }
        self.request(client, number).responded = true;
        self.send_waiting_frames(client, number);
        self.person(client).errors_in_a_row = 0;
        self.get(End::Client, client, number, packets);
        if answer > 0 {
            self.note(client, |log| {
                log.more_up.push((now, answer));
                log.frames.push(now);
            });
            let packets = self.put(End::Client, client, number, answer);
            self.get(End::Server, client, number, packets);
        }
        self.unpack(client, sent, &cargo);
    }
}
