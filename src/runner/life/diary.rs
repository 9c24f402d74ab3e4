//! The observer that keeps the events of one client.

use std::collections::BTreeMap;

use super::events::{Life, LifeEvent, LifeRequest, Occurrence};
use crate::model::{Happening, MessageId, Observed, Observer, PushKind, RequestId};
use crate::units::Time;

/// Requests that are open before the part begins, of which the events are kept. A client rarely has more than a few.
const MOST_OPEN: usize = 64;
/// Messages that wait before the part begins; of more the oldest are not shown.
const MOST_WAITING: usize = 1024;

/// Keeps the events of one client.
#[derive(Debug)]
pub(super) struct Diary {
    asked: LifeRequest,
    events: Vec<LifeEvent>,
    begins: Option<Time>,
    left_out: Option<(Time, u64)>,
    /// The events of the requests that are open before the part.
    open: BTreeMap<RequestId, Vec<LifeEvent>>,
    /// The messages that wait before the part.
    waiting: BTreeMap<u64, LifeEvent>,
    /// Messages that exist in requests only: how many there were, and those whose fate is open.
    in_requests: u64,
    of_requests: BTreeMap<RequestId, u64>,
}

impl Observer for Diary {
    fn observe(&mut self, observed: Observed) {
        if observed.client == self.asked.client {
            let what = self.with_numbers(observed.request, observed.what);
            let at = instant(observed.now, observed.what);
            if !matches!(what, Occurrence::Created(..) | Occurrence::Settled(..)) {
                self.begins.get_or_insert(at);
            }
            self.note(LifeEvent { at, request: observed.request, what });
        }
    }
}

/// When an event happens that is told later or earlier.
fn instant(now: Time, what: Happening) -> Time {
    match what {
        Happening::PacketLost { lost, .. } => lost,
        _ => now,
    }
}

impl Diary {
    pub fn new(asked: LifeRequest) -> Diary {
        Diary {
            asked,
            events: Vec::new(),
            begins: None,
            left_out: None,
            open: BTreeMap::new(),
            waiting: BTreeMap::new(),
            in_requests: 0,
            of_requests: BTreeMap::new(),
        }
    }

    /// Names messages by their numbers.
    fn with_numbers(&mut self, request: RequestId, what: Happening) -> Occurrence {
        match what {
            Happening::Created { message, created, bytes } => {
                let number = match message {
                    MessageId::Number(number) => number,
                    MessageId::OfRequest => {
                        self.of_requests.insert(request, self.in_requests);
                        self.in_requests += 1;
                        self.in_requests - 1
                    }
                };
                Occurrence::Created(number, created, bytes)
            }
            Happening::Settled { message, fate, created } => {
                let number = match message {
                    MessageId::Number(number) => number,
                    MessageId::OfRequest => self.of_requests.remove(&request).unwrap_or_default(),
                };
                Occurrence::Settled(number, fate, created)
            }
            Happening::Carried { first, end } => Occurrence::Carried(first, end),
            other => Occurrence::Plain(other),
        }
    }

    fn note(&mut self, event: LifeEvent) {
        if event.at >= self.asked.from {
            if event.at < self.asked.to {
                self.keep(event);
            }
        } else {
            self.note_before(event);
        }
    }

    fn keep(&mut self, event: LifeEvent) {
        if self.events.len() < self.asked.most {
            self.events.push(event);
            return;
        }
        let (first, count) = self.left_out.unwrap_or((event.at, 0));
        self.left_out = Some((first.min(event.at), count + 1));
    }

    /// Remembers an event before the part while its request or its message is open.
    fn note_before(&mut self, event: LifeEvent) {
        match event.what {
            Occurrence::Created(number, ..) => {
                self.waiting.insert(number, event);
                if self.waiting.len() > MOST_WAITING {
                    self.waiting.pop_first();
                }
            }
            Occurrence::Settled(number, ..) => {
                self.waiting.remove(&number);
            }
            Occurrence::Plain(what) if ends(what, self.has_stream(event.request)) => {
                self.open.remove(&event.request);
            }
            Occurrence::Plain(
                Happening::Pushed { kind: PushKind::Messages | PushKind::KeepAlive, .. }
                | Happening::PushReceived(_)
                | Happening::Checked { .. },
            ) => {}
            Occurrence::Carried(..) | Occurrence::Plain(_) => self.add_to_open(event),
        }
    }

    fn add_to_open(&mut self, event: LifeEvent) {
        if event.request == RequestId::Nothing {
            return;
        }
        if matches!(event.what, Occurrence::Carried(..)) && self.has_stream(event.request) {
            return;
        }
        self.open.entry(event.request).or_default().push(event);
        if self.open.len() > MOST_OPEN {
            self.open.pop_first();
        }
    }

    /// Whether the server pushes on the connection of a request.
    fn has_stream(&self, request: RequestId) -> bool {
        let is_push = |event: &LifeEvent| matches!(event.what, Occurrence::Plain(Happening::Pushed { .. }));
        self.open.get(&request).is_some_and(|events| events.iter().any(is_push))
    }

    /// The life that was seen.
    pub fn close(self) -> Life {
        let before = self.open.into_values().flatten().chain(self.waiting.into_values());
        let mut events: Vec<LifeEvent> = before.chain(self.events).collect();
        events.sort_by_key(|event| event.at);
        Life { events, begins: self.begins, left_out: self.left_out }
    }
}

/// Whether nothing more comes of a request.
fn ends(what: Happening, is_stream: bool) -> bool {
    match what {
        Happening::Received | Happening::Ignored => !is_stream,
        Happening::Failed
        | Happening::Dropped
        | Happening::StreamEnded
        | Happening::FrameArrived
        | Happening::SendFailed => true,
        _ => false,
    }
}
