//! HTTP/2: the one connection of each browser.

use cometsim::model::scenario::Transport;

use super::wire::{End, Tcp};
use super::world::World;

/// The connection of a browser.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    is_open: bool,
    /// Requests that clients wait for.
    requests: u64,
    opened: u64,
    idle_since: u64,
    has_requested: bool,
    /// The second of the last response.
    date: Option<u64>,
    last_up: u64,
    last_down: u64,
    /// What happened on each connection, the last one in use.
    pub tcp: Vec<Tcp>,
}

/// A body in frames of at most 16 KiB.
pub fn framed(body: u64) -> u64 {
    let mut frames = 0;
    while frames * 16_384 < body {
        frames += 1;
    }
    body + 9 * frames
}

impl World<'_> {
    pub fn speaks_http2(&self, client: u32) -> bool {
        let view = self.view(client);
        view.http.http2.is_some() && !matches!(view.transport, Transport::WebSocket(_))
    }

    fn of_browser(&mut self, client: u32) -> &mut Browser {
        let browser = self.browser(client);
        &mut self.browsers[browser]
    }

    /// A client asks; whether that opens a connection.
    pub fn connect_multiplexed(&mut self, client: u32) -> bool {
        let (now, wire, closing) = (self.now, self.scenario.wire, self.closing(client));
        let browser = self.of_browser(client);
        let is_idle = browser.requests == 0 && wire.is_some_and(|wire| now - browser.idle_since >= wire.keep_alive.0);
        let is_known = closing.is_some_and(|(at, known)| browser.opened < at && known <= now);
        let opens = !browser.is_open || is_idle || is_known;
        if opens {
            if let Some(tcp) = browser.tcp.last_mut() {
                tcp.closed = Some(now);
            }
            let (requests, mut tcp) = (browser.requests, std::mem::take(&mut browser.tcp));
            tcp.push(Tcp::default());
            *browser = Browser { is_open: true, requests, tcp, opened: now, ..Browser::default() };
        }
        browser.requests += 1;
        opens
    }

    /// When the connection of a client's browser was opened.
    pub fn connection_of_browser(&mut self, client: u32) -> u64 {
        self.of_browser(client).opened
    }

    /// Header and body of a request that leaves.
    pub fn request_size(&mut self, client: u32, number: u64, known: usize) -> (u64, u64) {
        let http = self.view(client).http;
        let body = self.body_of_request(client, number);
        match http.http2.filter(|_| self.speaks_http2(client)) {
            None if number >= super::sends::SEND => (http.request_header.0, body),
            None => (http.request_header.0 + self.more_header(client, known), body),
            Some(sizes) => {
                let browser = self.of_browser(client);
                let header = if browser.has_requested { sizes.request } else { sizes.first_request };
                browser.has_requested = true;
                (header.0, framed(body))
            }
        }
    }

    /// Header and body of a reply that leaves.
    pub fn reply_size(&mut self, client: u32, body: u64) -> (u64, u64) {
        let http = self.view(client).http;
        let second = self.now / 1_000_000_000;
        match http.http2.filter(|_| self.speaks_http2(client)) {
            None => (http.response_header.0, body),
            Some(sizes) => {
                let browser = self.of_browser(client);
                let header = match browser.date {
                    None => sizes.first_response.0,
                    Some(date) => sizes.response.0 + if date == second { 0 } else { sizes.date.0 },
                };
                browser.date = Some(second);
                (header, framed(body))
            }
        }
    }

    pub fn in_order_up(&mut self, client: u32, arrival: u64) -> u64 {
        if !self.speaks_http2(client) {
            return arrival;
        }
        let browser = self.of_browser(client);
        browser.last_up = browser.last_up.max(arrival);
        browser.last_up
    }

    pub fn in_order_down(&mut self, client: u32, arrival: u64, bytes: u64) -> u64 {
        if !self.speaks_http2(client) {
            return arrival;
        }
        let browser = self.of_browser(client);
        let arrival = arrival.max(browser.last_down);
        if bytes > 0 {
            browser.last_down = arrival;
        }
        arrival
    }

    /// A client waits for one request less.
    pub fn end_multiplexed(&mut self, client: u32, is_broken: bool) {
        if self.speaks_http2(client) {
            let now = self.now;
            let browser = self.of_browser(client);
            browser.requests -= 1;
            browser.idle_since = now;
            browser.is_open &= !is_broken;
        }
    }

    /// A client resets a request that it gives up.
    pub fn reset(&mut self, client: u32, number: u64) {
        if !self.speaks_http2(client) || !self.request(client, number).sent {
            return;
        }
        let now = self.now;
        self.note(client, |log| log.more_up.push((now, 13)));
        let packets = self.put(End::Client, client, number, 13);
        self.get(End::Server, client, number, packets);
        self.end_multiplexed(client, false);
    }
}
