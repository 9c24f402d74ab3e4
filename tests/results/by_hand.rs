//! The model against numbers that are worked out by hand: bytes, packets, counts and instants of one or a few clients.

mod accounting;
mod http2;
mod links;
mod observer;
mod on_the_wire;
mod outside_transport;
mod presence;
mod wire;
