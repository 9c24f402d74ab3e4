//! What the client notices and decides.

use super::Telling;
use crate::model::Happening;
use crate::report::trace::seconds::span;
use crate::report::trace::story::Actor;
use crate::runner::LifeEvent;

impl Telling {
    pub(super) fn tell_client(&mut self, event: &LifeEvent, what: Happening) {
        let name = self.name(event);
        let mut until = None;
        let mut count = None;
        let mut is_detail = false;
        let (event_name, words) = match what {
            Happening::StreamEnded => ("stream_ended", format!("notices the end of {name}")),
            Happening::PushReceived(sent) => {
                (until, is_detail) = (Some(sent), sent == event.at);
                ("push_received", format!("gets a push on {name}"))
            }
            Happening::SendFailed => ("send_failed", format!("{name} fails")),
            Happening::Retries(at) => {
                (until, is_detail) = (Some(at), at <= event.at);
                ("retry", format!("asks again in {}", span(at.since(event.at))))
            }
            Happening::Stopped => ("stopped", "asks no more".to_owned()),
            Happening::Left => ("left", "leaves for good".to_owned()),
            Happening::Duplicated(copies) => {
                count = Some(copies);
                let noun = if copies == 1 { "message" } else { "messages" };
                ("duplicate", format!("gets {copies} {noun} that it has already"))
            }
            _ => return,
        };
        let line = self.line(event, event_name, Actor::Client, words);
        (line.until, line.count, line.is_detail) = (until, count, is_detail);
    }
}
