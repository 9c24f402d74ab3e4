//! The events of a life as lines.

mod clients;
mod requests;
mod servers;

use std::collections::BTreeMap;

use super::TracedLife;
use super::seconds::span;
use super::story::{Actor, StoryLine};
use super::words;
use crate::model::{Fate, Happening, RequestId};
use crate::runner::{LifeEvent, Occurrence};
use crate::units::Time;

/// What is known of a request while its story is told.
#[derive(Clone, Copy, Debug, Default)]
struct KnownRequest {
    sent: Option<Time>,
    arrived: Option<Time>,
    answered: Option<Time>,
    /// The messages that the reply, or the last push, carries.
    carries: Option<(u64, u64)>,
    /// The status of the error, if the request fails at the server.
    error: Option<&'static str>,
    has_stream: bool,
}

/// The story of a client under one transport.
#[derive(Clone, Debug)]
pub(super) struct Telling {
    /// Its lines, in order of time.
    pub lines: Vec<StoryLine>,
    is_push: bool,
    known: BTreeMap<RequestId, KnownRequest>,
}

impl Telling {
    /// Tells a life.
    pub fn of(traced: &TracedLife) -> Telling {
        let mut telling = Telling { lines: Vec::new(), is_push: traced.is_push(), known: BTreeMap::new() };
        telling.lines.extend(traced.restart.iter().map(|restart| {
            let words = format!("restarts: it is down for {}, and all connections break", span(restart.down));
            let line = StoryLine::new(restart.at, RequestId::Nothing, "restart", Actor::Server, words);
            StoryLine { until: Some(restart.at.plus(restart.down)), ..line }
        }));
        for event in &traced.life.events {
            telling.tell(event);
        }
        telling.lines.sort_by_key(|line| line.at);
        telling
    }

    fn tell(&mut self, event: &LifeEvent) {
        match event.what {
            Occurrence::Plain(what) => self.tell_plain(event, what),
            Occurrence::Created(number, created, bytes) => self.tell_created(event, number, (created, bytes)),
            Occurrence::Carried(first, end) => {
                self.known(event).carries = if end > first { Some((first + 1, end)) } else { None };
            }
            Occurrence::Settled(number, fate, created) => self.tell_settled(event, number, (fate, created)),
        }
    }

    fn tell_plain(&mut self, event: &LifeEvent, what: Happening) {
        match what {
            Happening::Sent { .. }
            | Happening::Blocked
            | Happening::Connecting(_)
            | Happening::PacketLost { .. }
            | Happening::Received
            | Happening::Failed
            | Happening::Ignored
            | Happening::TimedOut
            | Happening::Reset { .. }
            | Happening::FrameSent { .. }
            | Happening::FrameArrived => self.tell_request(event, what),
            Happening::StreamEnded
            | Happening::PushReceived(_)
            | Happening::SendFailed
            | Happening::Retries(_)
            | Happening::Stopped
            | Happening::Left
            | Happening::Duplicated(_) => self.tell_client(event, what),
            _ => self.tell_server(event, what),
        }
    }

    fn known(&mut self, event: &LifeEvent) -> &mut KnownRequest {
        self.known.entry(event.request).or_default()
    }

    fn name(&self, event: &LifeEvent) -> String {
        words::request(event.request, self.is_push)
    }

    fn line(&mut self, event: &LifeEvent, name: &'static str, from: Actor, words: String) -> &mut StoryLine {
        self.lines.push(StoryLine::new(event.at, event.request, name, from, words));
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    /// A line about something that is sent.
    fn sending(&mut self, event: &LifeEvent, name: &'static str, way: (Actor, Actor), words: String) -> &mut StoryLine {
        let line = self.line(event, name, way.0, words);
        line.to = Some(way.1);
        line
    }

    fn tell_created(&mut self, event: &LifeEvent, number: u64, (created, bytes): (Time, u64)) {
        let messages = Some((number + 1, number + 1));
        if event.request != RequestId::Nothing {
            // It exists in the reply alone.
            self.known(event).carries = messages;
        }
        let mut words = words::messages((number + 1, number + 1));
        if created < event.at {
            words = format!("{words}, sent {} before", span(event.at.since(created)));
        }
        let line = self.sending(event, "created", (Actor::Source, Actor::Server), words);
        (line.bytes, line.messages) = (Some(bytes), messages);
        line.until = if created < event.at { Some(created) } else { None };
    }

    fn tell_settled(&mut self, event: &LifeEvent, number: u64, (fate, created): (Fate, Time)) {
        let (messages, latency) = ((number + 1, number + 1), event.at.since(created));
        let message = words::messages(messages);
        let (name, actor, words) = match fate {
            Fate::Delivered => {
                ("delivered", Actor::Client, format!("has {message}, {} after its creation", span(latency)))
            }
            Fate::Lost => ("lost", Actor::Network, format!("{message} is lost: nobody waits for its reply")),
            Fate::Superseded => ("superseded", Actor::Server, format!("{message} is superseded by a newer one")),
        };
        let line = self.line(event, name, actor, words);
        line.messages = Some(messages);
        line.latency = if fate == Fate::Delivered { Some(latency) } else { None };
    }
}
