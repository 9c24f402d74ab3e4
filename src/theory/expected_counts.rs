//! Metrics from expected counts over the window.

use super::expected::{Expected, FAILURES, UNKNOWN};
use crate::model::metric::Metric;
use crate::model::scenario::Scenario;

/// Expected counts over the measured window, all clients together; [`UNKNOWN`] if no closed form holds.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedCounts {
    /// Requests that leave.
    pub requests: f64,
    /// Replies that leave.
    pub replies: f64,
    /// Replies that leave without a message.
    pub empty: f64,
    /// Messages in the replies that leave.
    pub carried: f64,
    /// Replies that reach the client.
    pub returns: f64,
    /// Messages by what happened to them, and copies delivered again.
    pub created: f64,
    pub delivered: f64,
    pub superseded: f64,
    pub duplicated: f64,
    /// Server checks.
    pub checks: f64,
    /// Events of the source, of the server checks that count as events, and no others.
    pub source_and_check_events: f64,
    /// Size of every message, bytes.
    pub payload: f64,
}

impl ExpectedCounts {
    /// Nothing known.
    pub const NOTHING: ExpectedCounts = ExpectedCounts {
        requests: UNKNOWN,
        replies: UNKNOWN,
        empty: UNKNOWN,
        carried: UNKNOWN,
        returns: UNKNOWN,
        created: UNKNOWN,
        delivered: UNKNOWN,
        superseded: UNKNOWN,
        duplicated: 0.0,
        checks: UNKNOWN,
        source_and_check_events: UNKNOWN,
        payload: UNKNOWN,
    };

    /// The metrics that follow if no timeout can fire.
    pub fn metrics(&self, scenario: &Scenario) -> Expected {
        let mut out = Expected::default();
        let duration = scenario.window.duration.as_secs_f64();
        out.put(Metric::RequestsPerSecond, self.requests / duration);
        out.put(Metric::RepliesPerSecond, self.replies / duration);
        out.put(Metric::EmptyReplyFraction, self.empty / self.replies);
        out.put(Metric::RequestsPerMessage, self.requests / self.delivered);
        out.put(Metric::MessagesCreated, self.created);
        out.put(Metric::MessagesDelivered, self.delivered);
        out.put(Metric::MessagesSuperseded, self.superseded);
        out.put(Metric::ServerChecksPerSecond, self.checks / duration);
        out.put(Metric::Events, self.requests + self.replies + self.returns + self.source_and_check_events);
        out.put(Metric::MessagesDuplicated, self.duplicated);
        out.put(Metric::GoodputPerSecond, self.returns / duration);
        out.put(Metric::MessagesLost, 0.0);
        out.put_zeros(FAILURES);
        self.put_bytes(scenario, &mut out);
        out
    }

    /// The metrics of the HTTP account.
    fn put_bytes(&self, scenario: &Scenario, out: &mut Expected) {
        let (http, duration) = (&scenario.http, scenario.window.duration.as_secs_f64());
        let header =
            times(self.requests, http.request_header.0 as f64) + times(self.replies, http.response_header.0 as f64);
        let up = self.requests * (http.request_header.0 + http.request_body.0) as f64;
        let payload = times(self.carried, self.payload);
        let body =
            payload + times(self.carried, http.message_framing.0 as f64) + times(self.empty, http.empty_body.0 as f64);
        let down = self.replies * http.response_header.0 as f64 + body;
        out.put(Metric::HttpUpBytesPerSecond, up / duration);
        out.put(Metric::HttpDownBytesPerSecond, down / duration);
        out.put(Metric::HeaderBytesPerSecond, header / duration);
        out.put(Metric::PayloadBytesPerSecond, payload / duration);
        put_http_rate(out, (up + down) / duration);
        out.put(Metric::HttpBytesPerMessage, (up + down) / self.delivered);
    }
}

/// Puts the bytes per second of both directions, in all units.
pub fn put_http_rate(out: &mut Expected, bytes: f64) {
    out.put(Metric::HttpBytesPerSecond, bytes);
    out.put(Metric::HttpMbitPerSecond, bytes * 8.0 / 1e6);
    out.put(Metric::HttpMibitPerSecond, bytes * 8.0 / 1_048_576.0);
}

/// `count × size`, where a size of zero needs no count.
fn times(count: f64, size: f64) -> f64 {
    if size <= 0.0 { 0.0 } else { count * size }
}
