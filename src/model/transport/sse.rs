//! Server-sent events (WHATWG HTML, section 9.2.6): `data: `, the text, and an empty line; before it perhaps `id: ` and
//! the number of the event.

use super::Push;
use super::streaming::Chunked;
use crate::model::scenario::{Http, PushStream, Scenario, Sse};

/// Events in a body that is sent in chunks.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventStream {
    body: Chunked,
    ids: bool,
}

impl EventStream {
    pub fn new(sse: Sse, scenario: &Scenario) -> EventStream {
        EventStream { body: Chunked::new(sse.stream, scenario), ids: sse.ids }
    }
}

impl Push for EventStream {
    fn rules(&self) -> &PushStream {
        self.body.rules()
    }

    fn request_header(&self, http: &Http, known: u64) -> u64 {
        http.request_header.0 + self.named_event(known).map_or(0, last_event_id)
    }

    fn named_event(&self, known: u64) -> Option<u64> {
        if self.ids && known > 0 { Some(known) } else { None }
    }

    fn message(&self, number: u64, size: u64) -> u64 {
        event(if self.ids { Some(number) } else { None }, size)
    }

    fn push(&self, messages: u64) -> u64 {
        self.body.push(messages)
    }

    fn keep_alive(&self) -> (u64, u64) {
        (self.push(COMMENT), 0)
    }

    fn end(&self) -> (u64, u64) {
        self.body.end()
    }
}

/// `:` and an empty line: a comment.
const COMMENT: u64 = 3;

/// An event with this text; `number` is its `id`.
fn event(number: Option<u64>, text: u64) -> u64 {
    let id = number.map_or(0, |number| 5 + digits(number));
    id + 6 + text + 2
}

/// The header field `Last-Event-ID` with its line end.
fn last_event_id(number: u64) -> u64 {
    17 + digits(number)
}

fn digits(number: u64) -> u64 {
    u64::from(number.checked_ilog10().unwrap_or(0)) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_as_long_as_their_text() {
        let text = "a message of 20 bytes";
        let size = text.len() as u64;
        assert_eq!(event(None, size), format!("data: {text}\n\n").len() as u64);
        for number in [1, 9, 10, 99, 100] {
            assert_eq!(event(Some(number), size), format!("id: {number}\ndata: {text}\n\n").len() as u64);
            assert_eq!(last_event_id(number), format!("Last-Event-ID: {number}\r\n").len() as u64);
        }
        assert_eq!(COMMENT, ":\n\n".len() as u64);
    }
}
