//! Events become shapes.

use std::collections::BTreeMap;

use super::shapes::{
    Arrow, ArrowKind, CheckSeries, Delivery, RequestSpan, Scene, SceneBar, SceneBarKind as BarKind, SceneNote,
};
use crate::model::{Fate, Happening, PushKind, ReplySize, RequestId};
use crate::report::trace::seconds::span;
use crate::report::trace::story::Actor;
use crate::report::trace::words;
use crate::runner::{LifeEvent, Occurrence};
use crate::units::Time;

/// The places of the shapes of an open request.
#[derive(Clone, Debug, Default)]
struct OpenShapes {
    up: Option<usize>,
    down: Option<usize>,
    bar: Option<usize>,
    wait: Option<usize>,
    span: Option<usize>,
    carries: Option<(u64, u64)>,
    error: Option<&'static str>,
    is_orphan: bool,
}

/// The scene so far.
pub struct Building {
    pub scene: Scene,
    is_push: bool,
    open: BTreeMap<RequestId, OpenShapes>,
}

impl Building {
    pub fn new(is_push: bool) -> Building {
        Building { scene: Scene::default(), is_push, open: BTreeMap::new() }
    }

    pub fn add(&mut self, event: &LifeEvent) {
        match event.what {
            Occurrence::Created(number, _, bytes) => {
                let message = (number + 1, number + 1);
                if event.request != RequestId::Nothing {
                    self.open(event).carries = Some(message);
                }
                let way = (Actor::Source, Actor::Server);
                let place = self.arrow(event, ArrowKind::Creation, way, (words::messages(message), Some(bytes)));
                self.scene.arrows[place].arrives = Some(event.at);
            }
            Occurrence::Carried(first, end) => {
                self.open(event).carries = if end > first { Some((first + 1, end)) } else { None };
            }
            Occurrence::Settled(number, fate, created) => self.settle(event, number + 1, (fate, created)),
            Occurrence::Plain(what) => self.add_plain(event, what),
        }
    }

    fn open(&mut self, event: &LifeEvent) -> &mut OpenShapes {
        self.open.entry(event.request).or_default()
    }

    fn settle(&mut self, event: &LifeEvent, message: u64, (fate, created): (Fate, Time)) {
        match fate {
            Fate::Delivered => self.scene.deliveries.push(Delivery { message, created, delivered: event.at }),
            Fate::Lost => self.note(event, Actor::Client, format!("message {message} lost"), true),
            Fate::Superseded => self.note(event, Actor::Server, format!("{message} superseded"), false),
        }
    }

    fn note(&mut self, event: &LifeEvent, actor: Actor, label: impl Into<String>, is_failure: bool) {
        let (at, request) = (event.at, event.request);
        self.scene.notes.push(SceneNote { at, actor, request, label: label.into(), is_failure });
    }

    fn arrow(
        &mut self,
        event: &LifeEvent,
        kind: ArrowKind,
        (from, to): (Actor, Actor),
        (label, bytes): (String, Option<u64>),
    ) -> usize {
        let (request, sent) = (event.request, event.at);
        self.scene.arrows.push(Arrow { request, kind, from, to, sent, arrives: None, is_heard: true, label, bytes });
        self.scene.arrows.len() - 1
    }

    fn bar(&mut self, event: &LifeEvent, kind: BarKind, to: Option<Time>) -> usize {
        let is_orphan = self.open(event).is_orphan && kind.actor() == Actor::Server;
        let orphan_from = if is_orphan { Some(event.at) } else { None };
        self.scene.bars.push(SceneBar { request: event.request, kind, from: event.at, to, orphan_from });
        self.scene.bars.len() - 1
    }

    /// A bar begins on the server's lifeline, in place of the one before it.
    fn begin(&mut self, event: &LifeEvent, kind: BarKind) {
        self.end_bar(event);
        self.open(event).bar = Some(self.scene.bars.len());
        self.bar(event, kind, None);
    }

    fn end_bar(&mut self, event: &LifeEvent) {
        if let Some(place) = self.open(event).bar.take() {
            self.scene.bars[place].to = Some(event.at);
        }
    }

    /// The client has done with a request.
    fn end_span(&mut self, event: &LifeEvent, outcome: &'static str) {
        if let Some(place) = self.open(event).span.take() {
            let span = &mut self.scene.requests[place];
            (span.end, span.outcome) = (Some(event.at), outcome);
        }
    }

    fn add_plain(&mut self, event: &LifeEvent, what: Happening) {
        match what {
            Happening::Sent { header, body } => self.send(event, header + body),
            Happening::FrameSent { bytes } if matches!(event.request, RequestId::Send(_)) => self.send(event, bytes),
            Happening::Arrived | Happening::FrameArrived => {
                if let Some(up) = self.open(event).up {
                    self.scene.arrows[up].arrives = Some(event.at);
                }
            }
            Happening::Queued | Happening::Locked => self.begin(event, BarKind::Queue),
            Happening::Started(_) | Happening::HoldEnded => self.end_bar(event),
            Happening::Served(until) => {
                self.end_bar(event);
                self.bar(event, BarKind::Service, Some(until));
            }
            Happening::Held => self.begin(event, BarKind::Hold),
            Happening::Checked { .. } => {
                self.scene.checks.push(CheckSeries { first: event.at, every: Time(1), count: 1 });
            }
            Happening::Checks { first, every, count } => self.scene.checks.push(CheckSeries { first, every, count }),
            Happening::Answered { size, is_empty } => self.answer(event, size, is_empty),
            Happening::Pushed { kind, bytes, due } => self.push(event, kind, (bytes, due)),
            Happening::StreamEnds { bytes } => {
                let label = if self.open(event).error.is_some() { "cut" } else { "end" };
                let kind = if label == "cut" { ArrowKind::Error } else { ArrowKind::Control };
                let way = (Actor::Server, Actor::Client);
                let place = self.arrow(event, kind, way, (label.to_owned(), Some(bytes)));
                self.open(event).down = Some(place);
            }
            _ => self.add_ending(event, what),
        }
    }

    fn send(&mut self, event: &LifeEvent, bytes: u64) {
        let label = words::request(event.request, self.is_push);
        let up = self.arrow(event, ArrowKind::Request, (Actor::Client, Actor::Server), (label, Some(bytes)));
        if let Some(wait) = self.open(event).wait.take() {
            self.scene.bars[wait].to = Some(event.at);
        }
        let span = self.scene.requests.len();
        self.scene.requests.push(RequestSpan { request: event.request, sent: event.at, end: None, outcome: "open" });
        let open = self.open(event);
        (open.up, open.span) = (Some(up), Some(span));
    }

    fn answer(&mut self, event: &LifeEvent, size: ReplySize, is_empty: bool) {
        let (error, carries) = (self.open(event).error, self.open(event).carries);
        let carried = if size.payload > 0 { carries } else { None };
        let (kind, label) = match (error, carried) {
            (Some(error), _) => (ArrowKind::Error, error.to_owned()),
            (None, Some(carried)) => (ArrowKind::Data, words::messages(carried)),
            (None, None) if is_empty => (ArrowKind::Empty, "no data".to_owned()),
            (None, None) if self.is_push => (ArrowKind::Control, "response".to_owned()),
            (None, None) => (ArrowKind::Control, "reply".to_owned()),
        };
        self.end_bar(event);
        let bytes = Some(size.header + size.body);
        let down = self.arrow(event, kind, (Actor::Server, Actor::Client), (label, bytes));
        self.open(event).down = Some(down);
        if self.is_push && error.is_none() && matches!(event.request, RequestId::Poll(_)) {
            self.begin(event, BarKind::Stream);
        }
    }

    fn push(&mut self, event: &LifeEvent, kind: PushKind, (bytes, due): (u64, Time)) {
        let place = match kind {
            PushKind::Header => self.open(event).down.take(),
            PushKind::KeepAlive => {
                let way = (Actor::Server, Actor::Client);
                Some(self.arrow(event, ArrowKind::Control, way, ("keep-alive".to_owned(), Some(bytes))))
            }
            PushKind::Messages => {
                let label = self.open(event).carries.map(words::messages).unwrap_or_default();
                Some(self.arrow(event, ArrowKind::Data, (Actor::Server, Actor::Client), (label, Some(bytes))))
            }
        };
        if let Some(place) = place {
            self.scene.arrows[place].arrives = Some(due);
        }
    }

    /// How requests end.
    fn add_ending(&mut self, event: &LifeEvent, what: Happening) {
        match what {
            Happening::Received => {
                self.reach_client(event, true);
                self.end_span(event, "reply");
            }
            Happening::StreamEnded => self.reach_client(event, true),
            Happening::Failed => {
                self.reach_client(event, true);
                self.end_span(event, "error");
            }
            Happening::Ignored => self.reach_client(event, false),
            Happening::TimedOut => {
                self.note(event, Actor::Client, "timeout", true);
                self.end_span(event, "timeout");
            }
            Happening::Refused => self.open(event).error = Some("502"),
            Happening::GatewayTimedOut => self.open(event).error = Some("504"),
            Happening::Cut => self.open(event).error = Some("cut"),
            Happening::Broken => {
                self.end_bar(event);
                let way = (Actor::Server, Actor::Client);
                let down = self.arrow(event, ArrowKind::Error, way, ("broken".to_owned(), None));
                self.open(event).down = Some(down);
            }
            Happening::Orphaned => {
                self.note(event, Actor::Server, "orphan", true);
                let open = self.open(event);
                open.is_orphan = true;
                if let Some(bar) = open.bar {
                    self.scene.bars[bar].orphan_from = Some(event.at);
                }
            }
            Happening::Haunted => {
                self.note(event, Actor::Server, "ghost", true);
                self.open(event).is_orphan = true;
            }
            Happening::Dropped => self.drop_at_server(event),
            _ => self.add_rest(event, what),
        }
    }

    /// A reply, or what was pushed, is at the client.
    fn reach_client(&mut self, event: &LifeEvent, is_heard: bool) {
        let down = self.open(event).down.take();
        let pushed = || {
            let mut arrows = self.scene.arrows.iter();
            arrows.rposition(|arrow| arrow.request == event.request && arrow.arrives == Some(event.at))
        };
        if let Some(place) = if is_heard { down } else { down.or_else(pushed) } {
            let arrow = &mut self.scene.arrows[place];
            (arrow.arrives, arrow.is_heard) = (Some(event.at), is_heard);
        }
    }

    fn drop_at_server(&mut self, event: &LifeEvent) {
        self.end_bar(event);
        self.note(event, Actor::Server, "dropped", true);
        if let Some(up) = self.open(event).up
            && self.scene.arrows[up].arrives == Some(event.at)
        {
            self.scene.arrows[up].is_heard = false;
        }
    }

    fn add_rest(&mut self, event: &LifeEvent, what: Happening) {
        match what {
            Happening::Blocked => {
                let wait = self.bar(event, BarKind::Wait, None);
                self.open(event).wait = Some(wait);
            }
            Happening::Connecting(until) => {
                self.bar(event, BarKind::Connect, Some(until));
            }
            Happening::PacketLost { .. } => self.note(event, Actor::Network, "lost", true),
            Happening::Reset { bytes } => {
                let way = (Actor::Client, Actor::Server);
                self.arrow(event, ArrowKind::Control, way, ("reset".to_owned(), Some(bytes)));
            }
            Happening::SendFailed => {
                self.note(event, Actor::Client, "send fails", true);
                self.end_span(event, "failed");
            }
            Happening::Retries(at) if at > event.at => {
                self.bar(event, BarKind::Wait, Some(at));
                self.note(event, Actor::Client, format!("waits {}", span(at.since(event.at))), false);
            }
            Happening::Stopped => self.note(event, Actor::Client, "stops", true),
            Happening::Left => self.note(event, Actor::Client, "leaves", false),
            Happening::Duplicated(copies) => {
                self.note(event, Actor::Client, format!("{copies} again"), false);
            }
            _ => {}
        }
    }
}
