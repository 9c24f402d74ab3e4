//! The network between clients and server: TCP connections, links, packet loss, and the order of HTTP/2.
//!
//! [`NetworkState`] is the state of the network, [`Path`] the settings of a population. A [`Transit`] combines the two
//! at one instant, and computes when messages arrive.

mod connection;
mod http2;
mod links;
mod loss;
mod message;
mod path;
mod state;
mod tcp;
mod transit;

pub(super) use message::{End, Exchange, Flow, Message};
pub(super) use path::Path;
pub(super) use state::NetworkState;
pub(super) use transit::{Passage, Transit};
