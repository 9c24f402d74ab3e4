//! HTTP/2: the one connection of each browser.

use cometsim::model::scenario::{Sse, TransportConfig};

use super::sends::SEND;
use super::wire::{End, Tcp};
use super::world::{Class, Kind, World};

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
    /// The event that was named last.
    event_id: Option<usize>,
    /// When what was sent last arrives, and of which client and request it is, in each direction.
    last_up: (u64, u32, u64),
    last_down: (u64, u32, u64),
    /// What happened on each connection, the last one in use.
    pub tcp: Vec<Tcp>,
}

/// The field `last-event-id` by HPACK: its name once on a connection, then an index of one byte; a number that was not the
/// last one named, with its length; or one byte for all of it.
fn event_field(before: Option<usize>, id: usize) -> u64 {
    let bits: usize = id.to_string().chars().map(|digit| if "012".contains(digit) { 5 } else { 6 }).sum();
    let value = 1 + bits.div_ceil(8) as u64;
    let name = 1 + "last-event-id".len() as u64 * 72 / 13 / 8;
    match before {
        None => 1 + name + value,
        Some(same) if same == id => 1,
        Some(_) => 1 + value,
    }
}

/// When something arrives behind what was sent before it: in the order of sending, which at one instant is that of
/// clients and requests, so that others come a nanosecond later.
fn behind((last, client, number): (u64, u32, u64), arrival: u64, of: (u32, u64)) -> u64 {
    if arrival > last {
        arrival
    } else if of >= (client, number) {
        last
    } else {
        last + 1
    }
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
        view.http.http2.is_some() && !matches!(view.transport, TransportConfig::WebSocket(_))
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
                let idle_end = browser.idle_since + wire.map_or(0, |wire| wire.keep_alive.0);
                let idle_end = if browser.requests == 0 { idle_end } else { now };
                tcp.ended.get_or_insert(idle_end);
            }
            let (requests, mut tcp) = (browser.requests, std::mem::take(&mut browser.tcp));
            tcp.push(Tcp::open(now));
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
        let is_sse =
            matches!(self.view(client).transport, TransportConfig::Sse(Sse { ids: true, .. })) && number < SEND;
        match http.http2.filter(|_| self.speaks_http2(client)) {
            None if number >= SEND => (http.request_header.0, body),
            None => (http.request_header.0 + self.more_header(client, known), body),
            Some(sizes) => {
                let browser = self.of_browser(client);
                let header = if browser.has_requested { sizes.request } else { sizes.first_request };
                browser.has_requested = true;
                let mut named = 0;
                if is_sse && known > 0 {
                    named = event_field(browser.event_id, known);
                    browser.event_id = Some(known);
                }
                (header.0 + named, framed(body))
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

    pub fn in_order_up(&mut self, client: u32, number: u64, arrival: u64) -> u64 {
        if !self.speaks_http2(client) {
            return arrival;
        }
        let browser = self.of_browser(client);
        let arrival = behind(browser.last_up, arrival, (client, number));
        browser.last_up = (arrival, client, number);
        arrival
    }

    pub fn in_order_down(&mut self, client: u32, number: u64, arrival: u64, bytes: u64) -> u64 {
        if !self.speaks_http2(client) {
            return arrival;
        }
        let browser = self.of_browser(client);
        let arrival = behind(browser.last_down, arrival, (client, number));
        if bytes > 0 {
            browser.last_down = (arrival, client, number);
        }
        arrival
    }

    /// A client waits for one request less. `broken`: the connection of this request has turned out to be closed.
    pub fn end_multiplexed(&mut self, client: u32, broken: Option<u64>) {
        if self.speaks_http2(client) {
            let now = self.now;
            let opened = self.of_browser(client).opened;
            let is_broken = broken.is_some_and(|number| {
                let request = self.request(client, number);
                let (responded, departed) = (request.responded, request.departed);
                let restart = self.scenario.server.restart;
                if responded { restart.is_some_and(|restart| opened < restart.at.0) } else { opened <= departed }
            });
            let browser = self.of_browser(client);
            browser.requests -= 1;
            browser.idle_since = now;
            if let (true, Some(tcp)) = (is_broken && browser.is_open, browser.tcp.last_mut()) {
                tcp.ended = Some(now);
            }
            browser.is_open &= !is_broken;
        }
    }

    /// The connections of a browser at the end of the run. The last one is open, or has been idle for too long.
    pub fn connections_of(&self, browser: usize) -> Vec<Tcp> {
        let keep_alive = self.scenario.wire.map_or(0, |wire| wire.keep_alive.0);
        let browser = &self.browsers[browser];
        let mut connections = browser.tcp.clone();
        if let Some(last) = connections.last_mut() {
            let idle_end = if browser.requests == 0 { browser.idle_since + keep_alive } else { self.horizon };
            last.ended.get_or_insert(idle_end.min(self.horizon));
        }
        connections
    }

    /// A client resets a request that it gives up.
    pub fn reset(&mut self, client: u32, number: u64) {
        if !self.speaks_http2(client) || !self.request(client, number).sent {
            return;
        }
        let now = self.now;
        self.note(client, |log| log.more_up.push((now, 13)));
        let packets = self.put(End::Client, client, number, 13);
        let delay = self.draws.up_delay(client, number, &self.view(client).network.up);
        let arrival = self.in_order_up(client, number, now.saturating_add(delay));
        self.push(arrival, Class::Server, client, number, Kind::Reset { packets });
        self.end_multiplexed(client, None);
    }

    /// The server learns that a client has given up a request.
    pub fn reset_arrives(&mut self, client: u32, number: u64, packets: u64) {
        let now = self.now;
        self.note(client, |log| log.arrivals.push(now));
        self.get(End::Server, client, number, packets);
        self.request(client, number).reset = true;
    }
}
