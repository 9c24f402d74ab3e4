//! The client side: what clients keep beside their requests.

mod radio;

pub(super) use radio::Radios;
