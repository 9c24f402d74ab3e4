//! How requests fail at the server: the proxy gives up, the server restarts.

use super::log::ReplySent;
use super::path::Flow;
use super::sends::SEND;
use super::wire::End;
use super::world::{Class, Kind, Lock, World};

impl World<'_> {
    pub fn time_out_at_gateway(&mut self, client: u32, number: u64) {
        let request = self.request(client, number);
        let has_begun = request.arrived.is_some() && self.view(client).transport.stream().is_some() && number < SEND;
        let request = self.request(client, number);
        if request.ended.is_some() || request.left.is_some() || has_begun {
            return;
        }
        let is_started = request.started.is_some();
        let now = self.now;
        self.note(client, |log| log.gateway_timeouts.push(now));
        self.send_error(client, number);
        if self.scenario.server.notices_disconnect {
            self.disconnected(client, number);
            return;
        }
        self.request(client, number).cut_off = true;
        self.request(client, number).cut_off_at = Some(now);
        if is_started {
            let now = self.now;
            self.note(client, |log| log.orphans.push(now));
        }
    }

    /// Everything at the server ends.
    pub fn restart(&mut self) {
        let now = self.now;
        for client in self.clients.clone() {
            for number in self.numbers(client) {
                let request = self.request(client, number);
                if request.came.is_some() && request.ended.is_none() {
                    request.ended = Some(now);
                    self.note(client, |log| log.broken_at_server.push(now));
                    self.break_connection(client, number);
                }
            }
        }
        self.busy = 0;
        self.waiting.clear();
        self.note_levels();
        self.locks.fill(Lock::default());
    }

    /// The client, if it still waits, learns that its request has come to nothing.
    pub fn break_connection(&mut self, client: u32, number: u64) {
        let now = self.now;
        self.note(client, |log| log.broken.push(now));
        let request = self.request(client, number);
        if request.left.is_none() && !request.cut_off {
            request.packets.1 = 0;
            let is_open = request.arrived.is_some();
            let delay = self.draws.down_delay(client, number, &self.view(client).network.down);
            let mut arrival = self.now.saturating_add(delay);
            let is_open = is_open && number < SEND;
            if is_open && self.view(client).transport.stream().is_some() {
                arrival = arrival.max(self.person(client).connection.last_arrival);
            }
            let arrival = self.in_order_down(client, number, arrival, 0);
            self.push(arrival, Class::Client, client, number, Kind::Error);
        }
    }

    pub fn send_error(&mut self, client: u32, number: u64) {
        if self.is_unheard(client, number) {
            return;
        }
        let now = self.now;
        let (header, body) = self.reply_size(client, 0);
        let is_of_poll = self.is_poll(client, number);
        let reply = ReplySent { at: now, messages: 0, payload: 0, header, body, is_of_poll };
        self.note(client, |log| log.replies.push(reply));
        let packets = self.put(End::Server, client, number, header + body);
        self.request(client, number).packets.1 = packets;
        let delay = self.draws.down_delay(client, number, &self.view(client).network.down);
        let arrival = self.travel_down(client, Flow::Down, number, header + body, delay);
        let arrival = self.in_order_down(client, number, arrival, header + body);
        self.push(arrival, Class::Client, client, number, Kind::Error);
    }
}
