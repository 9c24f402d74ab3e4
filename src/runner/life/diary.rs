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
            let (at, happening) = told(observed, self.asked.to);
            let what = self.with_numbers(observed.request, happening);
            if !matches!(what, Occurrence::Created(..) | Occurrence::Settled(..)) {
                self.begins.get_or_insert(at);
            }
            self.note(LifeEvent { at, request: observed.request, what });
        }
    }
}

/// An event with the instant at which it happens, which may differ from the one at which it is told. Checks are told at
/// the last of them: of a hold that goes on after the part has ended at `to`, those before count.
fn told(observed: Observed, to: Time) -> (Time, Happening) {
    match observed.what {
        what @ Happening::PacketLost { lost, .. } => (lost, what),
        Happening::Checks { first, every, .. } if first < to && to <= observed.now => {
            let count = to.since(first).0.div_ceil(every.0);
            (first.plus(every.times(count - 1)), Happening::Checks { first, every, count })
        }
        what => (observed.now, what),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The checks of a hold from 10 s to 19 s, one a second, in a part that ends at `to`, in seconds.
    fn checks_before(to: u64) -> Vec<LifeEvent> {
        let seconds = Time::from_secs;
        let asked = LifeRequest { replication: 0, client: 0, from: Time(0), to: seconds(to), most: 9 };
        let mut diary = Diary::new(asked);
        let what = Happening::Checks { first: seconds(10), every: seconds(1), count: 10 };
        diary.observe(Observed { client: 0, request: RequestId::Nothing, now: seconds(19), what });
        diary.close().events
    }

    #[test]
    fn the_checks_of_a_hold_that_goes_on_are_those_before_the_end() {
        let seen = |to| match checks_before(to).as_slice() {
            [LifeEvent { at, what: Occurrence::Plain(Happening::Checks { count, .. }), .. }] => Some((at.0, *count)),
            _ => None,
        };
        let nanos = |seconds| Time::from_secs(seconds).0;
        assert_eq!(seen(20), Some((nanos(19), 10)));
        assert_eq!(seen(19), Some((nanos(18), 9)));
        assert_eq!(seen(11), Some((nanos(10), 1)));
        assert_eq!(seen(10), None);
    }
}
