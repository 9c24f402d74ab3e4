//! The network between clients and server: TCP connections, links, packet loss, and the order of HTTP/2.
//!
//! [`NetworkState`] is what all clients share, [`NetworkPath`] what the clients of a population have in common. A [`Transit`]
//! puts the two together for what happens at one instant, and says when messages arrive.

mod connection;
mod http2;
mod links;
mod loss;
mod message;
mod path;
mod state;
mod tcp;
mod transit;

pub(super) use message::{Exchange, Message, MessageKind, Side};
pub(super) use path::NetworkPath;
pub(super) use state::NetworkState;
pub(super) use transit::{Passage, Transit};
