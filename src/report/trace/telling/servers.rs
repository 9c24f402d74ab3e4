//! What the server does.

use super::Telling;
use crate::model::{Happening, PushKind, ReplySize};
use crate::report::trace::seconds::span;
use crate::report::trace::story::Actor;
use crate::report::trace::words;
use crate::runner::LifeEvent;
use crate::units::Time;

impl Telling {
    pub(super) fn tell_server(&mut self, event: &LifeEvent, what: Happening) {
        let name = self.name(event);
        let said = |name: &'static str, words: String| Some((name, words));
        let line = match what {
            Happening::Queued => said("queued", format!("{name} waits for a worker")),
            Happening::Locked => said("locked", format!("{name} waits for the lock of its session")),
            Happening::Orphaned => said("orphan", format!("goes on with {name}: an orphan")),
            Happening::Haunted => said("ghost", format!("begins with {name}, which is given up: a ghost")),
            Happening::Dropped => said("dropped", format!("drops {name}")),
            Happening::Cut => said("cut", format!("the proxy cuts {name}")),
            Happening::Refused => {
                self.known(event).error = Some("502");
                said("refused", format!("refuses {name}: the backlog is full"))
            }
            Happening::GatewayTimedOut => {
                self.known(event).error = Some("504");
                said("gateway_timeout", format!("the proxy gives up {name}"))
            }
            _ => None,
        };
        match line {
            Some((event_name, words)) => {
                self.line(event, event_name, Actor::Server, words);
            }
            None => self.tell_work(event, what, &name),
        }
    }

    fn tell_work(&mut self, event: &LifeEvent, what: Happening, name: &str) {
        match what {
            Happening::Arrived => self.tell_arrived(event, name),
            Happening::Started(since) => {
                let words = format!("begins with {name}, which waited for {}", span(event.at.since(since)));
                let line = self.line(event, "started", Actor::Server, words);
                (line.until, line.is_detail) = (Some(since), since == event.at);
            }
            Happening::Served(until) => {
                let words = format!("works on {name} for {}", span(until.since(event.at)));
                self.line(event, "service", Actor::Server, words).until = Some(until);
            }
            Happening::Held => {
                self.line(event, "held", Actor::Server, format!("holds {name}"));
            }
            Happening::HoldEnded => {
                self.line(event, "hold_ended", Actor::Server, format!("ends the hold of {name}")).is_detail = true;
            }
            Happening::Checked { finds } => self.tell_check(event, finds, name),
            Happening::Checks { first, every, count } => self.tell_checks(event, (first, every, count), name),
            Happening::Broken => {
                self.known(event).error = Some("a broken connection");
                let words = format!("the connection of {name} breaks");
                self.sending(event, "broken", (Actor::Server, Actor::Client), words);
            }
            Happening::Answered { size, is_empty } => self.tell_reply(event, size, is_empty),
            Happening::Pushed { kind, bytes, due } => self.tell_push(event, kind, (bytes, due)),
            Happening::StreamEnds { bytes } => {
                let way = (Actor::Server, Actor::Client);
                let words = format!("ends the response on {name}");
                self.sending(event, "stream_end", way, words).bytes = Some(bytes);
            }
            _ => {}
        }
    }

    fn tell_arrived(&mut self, event: &LifeEvent, name: &str) {
        let known = self.known(event);
        let (is_second, is_at_once) = (known.arrived.is_some(), known.sent == Some(event.at));
        known.arrived = Some(event.at);
        let (event_name, words) = if is_second {
            ("passed_link", format!("{name} has passed the link of the server"))
        } else {
            ("arrived", format!("gets {name}"))
        };
        self.line(event, event_name, Actor::Server, words).is_detail = is_at_once;
    }

    fn tell_check(&mut self, event: &LifeEvent, finds: bool, name: &str) {
        if !finds
            && let Some(last) = self.lines.last_mut()
            && last.event == "check"
            && last.request == event.request
            && last.words.contains("find")
        {
            let count = last.count.unwrap_or(1) + 1;
            last.count = Some(count);
            last.until = Some(event.at);
            last.words = format!("{count} checks for {name} find nothing");
            return;
        }
        let words =
            if finds { format!("a check for {name} hits") } else { format!("a check for {name} finds nothing") };
        self.line(event, "check", Actor::Server, words).count = Some(1);
    }

    fn tell_checks(&mut self, event: &LifeEvent, (first, every, count): (Time, Time, u64), name: &str) {
        let words = match count {
            1 => format!("one check for {name}"),
            _ => format!("{count} checks for {name}, every {}", span(every)),
        };
        let line = self.line(event, "checks", Actor::Server, words);
        (line.count, line.until) = (Some(count), Some(first));
        line.is_detail = count == 1;
    }

    fn tell_reply(&mut self, event: &LifeEvent, size: ReplySize, is_empty: bool) {
        let (name, is_push) = (self.name(event), self.is_push);
        let known = self.known(event);
        known.answered = Some(event.at);
        let carried = if known.error.is_none() && size.payload > 0 { known.carries } else { None };
        let (event_name, words) = match (known.error, carried) {
            (Some(error), _) => ("error", format!("{error} for {name}")),
            (None, Some(carried)) => ("reply", format!("reply to {name}: {}", words::messages(carried))),
            (None, None) if is_empty => ("empty_reply", format!("reply to {name}: no data")),
            (None, None) if is_push => ("response", format!("response on {name} begins")),
            (None, None) => ("reply", format!("reply to {name}")),
        };
        let line = self.sending(event, event_name, (Actor::Server, Actor::Client), words);
        (line.bytes, line.messages) = (Some(size.header + size.body), carried);
    }

    fn tell_push(&mut self, event: &LifeEvent, kind: PushKind, (bytes, due): (u64, Time)) {
        let name = self.name(event);
        let known = self.known(event);
        known.has_stream = true;
        let carried = if kind == PushKind::Messages { known.carries } else { None };
        let (event_name, words) = match (kind, carried) {
            (PushKind::Header, _) => ("push_header", format!("header on {name}")),
            (PushKind::KeepAlive, _) => ("keep_alive", format!("keep-alive on {name}")),
            (PushKind::Messages, Some(carried)) => ("push", format!("push on {name}: {}", words::messages(carried))),
            (PushKind::Messages, None) => ("push", format!("push on {name}")),
        };
        let line = self.sending(event, event_name, (Actor::Server, Actor::Client), words);
        // The bytes of the header are those of the response.
        let is_header = kind == PushKind::Header;
        (line.bytes, line.until) = (if is_header { None } else { Some(bytes) }, Some(due));
        (line.messages, line.is_detail) = (carried, is_header);
    }
}
