//! Server-sent events (WHATWG HTML, section 9.2.6): `data: `, the text, and an empty line; before it perhaps `id: ` and
//! the number of the event.

/// `:` and an empty line: a comment.
pub(super) const COMMENT: u64 = 3;

/// An event with this text; `number` is its `id`.
pub(super) fn event(number: Option<u64>, text: u64) -> u64 {
    let id = number.map_or(0, |number| 5 + digits(number));
    id + 6 + text + 2
}

/// The header field `Last-Event-ID` with its line end.
pub(super) fn last_event_id(number: u64) -> u64 {
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
