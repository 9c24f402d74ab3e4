//! The client side: the state of clients beside their requests.

mod errors;
mod radio;
mod senders;
mod sessions;
mod think_time;

pub(super) use errors::Retries;
pub(super) use radio::Radios;
pub(super) use senders::Senders;
pub(super) use sessions::Sessions;
pub(super) use think_time::ThinkTime;
