//! Any of the transports, for the populations of a mix.

use super::adaptive_poll::{AdaptivePolling, PollInterval};
use super::push::{Push, Pushing};
use super::sse::EventStream;
use super::streaming::Chunked;
use super::websocket::WebSocketFrames;
use super::{Action, LongPolling, RandomGap, ShortPolling, Transport, View};
use crate::model::request::{HeldRequest, Request};
use crate::model::scenario::{Scenario, TransportConfig};
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
        match &scenario.transport {
            TransportConfig::ShortPoll(poll) => AnyTransport::ShortPoll(ShortPolling(*poll)),
            TransportConfig::LongPoll(poll) => AnyTransport::LongPoll(LongPolling::new(poll, scenario)),
            TransportConfig::AdaptivePoll(poll) => AnyTransport::AdaptivePoll(AdaptivePolling {
                rules: *poll,
                start_within: scenario.clients.start_within,
            }),
            TransportConfig::Streaming(stream) => {
                AnyTransport::Push(Pushing::new(Chunked::new(*stream, scenario), scenario))
            }
            TransportConfig::Sse(sse) => AnyTransport::Push(Pushing::new(EventStream::new(*sse, scenario), scenario)),
            TransportConfig::WebSocket(socket) => AnyTransport::Push(Pushing::new(WebSocketFrames(*socket), scenario)),
        }
    }
}

/// Memory that a transport takes for the state of each client, in bytes.
pub(crate) fn state_bytes(transport: &TransportConfig) -> usize {
    match transport {
        TransportConfig::AdaptivePoll(_) => size_of::<<AdaptivePolling as Transport>::State>(),
        TransportConfig::ShortPoll(_)
        | TransportConfig::LongPoll(_)
        | TransportConfig::Streaming(_)
        | TransportConfig::Sse(_)
        | TransportConfig::WebSocket(_) => 0,
    }
}

/// Forwards to the transport, with the state of a client if one is given: only adaptive polling keeps one.
macro_rules! ask {
    ($any:expr, $transport:ident => $answer:expr) => { ask!($any, _client, $transport => $answer) };
    ($any:expr, $client:ident, $transport:ident => $answer:expr) => {
        match ($any, &mut ()) {
            (AnyTransport::ShortPoll($transport), $client) => $answer,
            (AnyTransport::LongPoll($transport), $client) => $answer,
            (AnyTransport::AdaptivePoll($transport), _) => $answer,
            (AnyTransport::Push($transport), $client) => $answer,
        }
    };
}

impl Transport for AnyTransport {
    /// Only adaptive polling keeps a state.
    type State = PollInterval;

    fn new_client(&self) -> PollInterval {
        match self {
            AnyTransport::AdaptivePoll(polling) => polling.new_client(),
            AnyTransport::ShortPoll(_) | AnyTransport::LongPoll(_) | AnyTransport::Push(_) => PollInterval::default(),
        }
    }

    fn keeps_state(&self) -> bool {
        ask!(self, transport => transport.keeps_state())
    }

    fn first_departure(&self, bits: u64) -> Time {
        ask!(self, transport => transport.first_departure(bits))
    }

    fn departure_while_open(&self, sent: Time) -> Time {
        ask!(self, transport => transport.departure_while_open(sent))
    }

    #[inline]
    fn departure_after_reply(&self, client: &mut PollInterval, sent: Time, messages: u64, now: Time) -> Time {
        ask!(self, client, transport => transport.departure_after_reply(client, sent, messages, now))
    }

    fn departure_after_timeout(&self, client: &mut PollInterval, sent: Time, now: Time) -> Time {
        ask!(self, client, transport => transport.departure_after_timeout(client, sent, now))
    }

    fn departure_after_error(&self, sent: Time, now: Time, wait: Time) -> Time {
        ask!(self, transport => transport.departure_after_error(sent, now, wait))
    }

    fn random_gap(&self) -> Option<RandomGap> {
        ask!(self, transport => transport.random_gap())
    }

    fn piggybacks(&self) -> bool {
        ask!(self, transport => transport.piggybacks())
    }

    #[inline]
    fn arrive<R>(&self, view: View, request: &mut Request<R>, now: Time) -> Action {
        ask!(self, transport => transport.arrive(view, request, now))
    }

    #[inline]
    fn check(&self, has_news: impl Fn() -> bool, next_creation: Time, held: &mut HeldRequest, now: Time) -> Action {
        ask!(self, transport => transport.check(has_news, next_creation, held, now))
    }

    #[inline]
    fn may_hold(&self) -> bool {
        ask!(self, transport => transport.may_hold())
    }

    #[inline]
    fn counts_as_check(&self, at_arrival: bool, action: Action) -> bool {
        ask!(self, transport => transport.counts_as_check(at_arrival, action))
    }

    fn next_check<R>(&self, request: &Request<R>, creation: Time) -> Time {
        ask!(self, transport => transport.next_check(request, creation))
    }

    #[inline]
    fn is_notified(&self) -> bool {
        ask!(self, transport => transport.is_notified())
    }

    #[inline]
    fn checks<R>(&self, request: &Request<R>, now: Time) -> (Time, Time, u64) {
        ask!(self, transport => transport.checks(request, now))
    }

    #[inline]
    fn push(&self) -> Option<&dyn Push> {
        ask!(self, transport => transport.push())
    }
}
