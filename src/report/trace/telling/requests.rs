//! Requests on their way, and their ends at the client.

use super::Telling;
use crate::model::{Happening, RequestId};
use crate::report::trace::seconds::span;
use crate::report::trace::story::Actor;
use crate::report::trace::words;
use crate::runner::LifeEvent;

impl Telling {
    pub(super) fn tell_request(&mut self, event: &LifeEvent, what: Happening) {
        let name = self.name(event);
        match what {
            Happening::Sent { header, body } => {
                self.known(event).sent = Some(event.at);
                let line = self.sending(event, "sent", (Actor::Client, Actor::Server), name);
                line.bytes = Some(header + body);
            }
            Happening::Blocked => {
                self.line(event, "blocked", Actor::Client, format!("{name} waits for a connection of the browser"));
            }
            Happening::Connecting(until) => {
                let words = format!("opens a connection for {name}, in {}", span(until.since(event.at)));
                self.sending(event, "connecting", (Actor::Client, Actor::Server), words).until = Some(until);
            }
            Happening::PacketLost { again, is_up, .. } => {
                let way = if is_up { (Actor::Client, Actor::Server) } else { (Actor::Server, Actor::Client) };
                let words = format!("a packet is lost, and sent again {} later", span(again.since(event.at)));
                self.sending(event, "packet_lost", way, words).until = Some(again);
            }
            Happening::Received => self.tell_received(event),
            Happening::Failed => {
                let error = self.known(event).error.unwrap_or("an error");
                self.line(event, "failed", Actor::Client, format!("gets {error} for {name}"));
            }
            Happening::Ignored => {
                self.line(
                    event,
                    "ignored",
                    Actor::Client,
                    format!("ignores what it gets for {name}, which it gave up"),
                );
            }
            Happening::TimedOut => {
                self.line(event, "timeout", Actor::Client, format!("timeout: gives up {name}"));
            }
            Happening::Reset { bytes } => {
                let line = self.sending(event, "reset", (Actor::Client, Actor::Server), format!("resets {name}"));
                line.bytes = Some(bytes);
            }
            Happening::FrameSent { bytes } => {
                let of_client = matches!(event.request, RequestId::Send(_));
                let words = if of_client { format!("{name}, in a frame") } else { "control frame".to_owned() };
                let (frame, is_detail) = (if of_client { "frame" } else { "control_frame" }, !of_client && bytes == 0);
                if of_client {
                    self.known(event).sent = Some(event.at);
                }
                let line = self.sending(event, frame, (Actor::Client, Actor::Server), words);
                (line.bytes, line.is_detail) = (Some(bytes), is_detail);
            }
            _ => {
                let is_detail = self.known(event).sent == Some(event.at);
                self.line(event, "frame_arrived", Actor::Server, format!("gets {name}")).is_detail = is_detail;
            }
        }
    }

    fn tell_received(&mut self, event: &LifeEvent) {
        let (name, known) = (self.name(event), *self.known(event));
        let words = match known.carries {
            Some(carried) if !known.has_stream => format!("gets the reply to {name}: {}", words::messages(carried)),
            _ if known.has_stream => format!("{name} is open"),
            _ => format!("gets the reply to {name}"),
        };
        let line = self.line(event, "received", Actor::Client, words);
        line.messages = if known.has_stream { None } else { known.carries };
        line.is_detail = known.answered == Some(event.at);
        if let Some(sent) = known.sent {
            line.until = Some(sent);
        }
    }
}
