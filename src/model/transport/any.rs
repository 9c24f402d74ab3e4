//! Any of the transports: those of the populations of a mix.

use super::stream::Framing;
use super::{Action, AdaptivePolling, LongPolling, Pushing, ShortPolling, Transport, View};
use crate::model::request::Request;
use crate::model::scenario::{self, Scenario};
use crate::units::Time;

/// One of the transports.
#[derive(Debug)]
pub(crate) enum AnyTransport {
    ShortPoll(ShortPolling),
    LongPoll(LongPolling),
    AdaptivePoll(AdaptivePolling),
    Push(Pushing),
}

impl AnyTransport {
    /// The transport of `scenario`.
    pub fn new(scenario: &Scenario) -> AnyTransport {
        let push = |rules, framing| AnyTransport::Push(Pushing::new(scenario, rules, framing));
        match &scenario.transport {
            scenario::TransportConfig::ShortPoll(poll) => AnyTransport::ShortPoll(ShortPolling(*poll)),
            scenario::TransportConfig::LongPoll(poll) => AnyTransport::LongPoll(LongPolling::new(poll, scenario)),
            scenario::TransportConfig::AdaptivePoll(poll) => AnyTransport::AdaptivePoll(AdaptivePolling {
                rules: *poll,
                start_within: scenario.clients.start_within,
            }),
            scenario::TransportConfig::Streaming(stream) => push(*stream, Framing::Chunks),
            scenario::TransportConfig::Sse(sse) => push(sse.stream, Framing::Events { ids: sse.ids }),
            scenario::TransportConfig::WebSocket(socket) => push(
                socket.stream,
                Framing::Frames {
                    upgrade_request: socket.upgrade_request.0,
                    upgrade_response: socket.upgrade_response.0,
                },
            ),
        }
    }
}

/// Asks the transport that it is.
macro_rules! ask {
    ($any:expr, $transport:ident => $answer:expr) => {
        match $any {
            AnyTransport::ShortPoll($transport) => $answer,
            AnyTransport::LongPoll($transport) => $answer,
            AnyTransport::AdaptivePoll($transport) => $answer,
            AnyTransport::Push($transport) => $answer,
        }
    };
}

impl Transport for AnyTransport {
    fn first_departure(&self, bits: u64) -> Time {
        ask!(self, transport => transport.first_departure(bits))
    }

    fn departure_while_open(&self, sent: Time) -> Time {
        ask!(self, transport => transport.departure_while_open(sent))
    }

    fn departure_after_reply(&self, sent: Time, now: Time) -> Time {
        ask!(self, transport => transport.departure_after_reply(sent, now))
    }

    fn departure_after_timeout(&self, sent: Time, now: Time) -> Time {
        ask!(self, transport => transport.departure_after_timeout(sent, now))
    }

    fn departure_after_error(&self, sent: Time, now: Time, wait: Time) -> Time {
        ask!(self, transport => transport.departure_after_error(sent, now, wait))
    }

    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action {
        ask!(self, transport => transport.arrive(view, request, now))
    }

    fn look<R>(&self, has_news: impl Fn() -> bool, next_creation: Time, request: &mut Request<R>, now: Time) -> Action {
        ask!(self, transport => transport.look(has_news, next_creation, request, now))
    }

    fn is_check(&self, at_arrival: bool, action: Action) -> bool {
        ask!(self, transport => transport.is_check(at_arrival, action))
    }

    fn next_look<R>(&self, request: &Request<R>, creation: Time) -> Time {
        ask!(self, transport => transport.next_look(request, creation))
    }

    fn is_notified(&self) -> bool {
        ask!(self, transport => transport.is_notified())
    }

    fn stream(&self) -> Option<&Pushing> {
        ask!(self, transport => transport.stream())
    }

    fn checks<R>(&self, request: &Request<R>, now: Time) -> (Time, Time, u64) {
        ask!(self, transport => transport.checks(request, now))
    }
}
