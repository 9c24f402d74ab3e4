//! The words for requests and messages.

use crate::model::RequestId;

/// A request: `poll 12`. They count from 1.
pub fn request(request: RequestId, is_push: bool) -> String {
    match request {
        RequestId::Poll(number) if is_push => format!("connection {}", number + 1),
        RequestId::Poll(number) => format!("poll {}", number + 1),
        RequestId::Send(number) => format!("send {}", number + 1),
        RequestId::Nothing => String::new(),
    }
}

/// Messages, by the numbers of the first and the last: `message 3`, `messages 3-5`.
pub fn messages((first, last): (u64, u64)) -> String {
    if first == last { format!("message {first}") } else { format!("messages {first}-{last}") }
}
