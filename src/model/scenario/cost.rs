//! The costs of the work of a server.

use crate::units::{Bytes, Time};

/// The costs of the work of a server. They do not change the simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Processor time of a request.
    pub cpu_per_request: Time,
    /// Processor time of a check.
    pub cpu_per_check: Time,
    /// Processor time of a byte, either way: of HTTP, or with [`crate::model::scenario::Wire`] of all packets.
    pub cpu_per_byte: Time,
    /// Processor time of the messages pushed together, of a keep-alive, and of a frame from a client.
    pub cpu_per_push: Time,
    /// Processor time of opening a TCP connection, with TLS if there is any.
    pub cpu_per_handshake: Time,
    /// Memory of a connection that is open at the server.
    pub memory_per_connection: Bytes,
    /// Memory of each worker of a pool, allocated from the start.
    pub memory_per_worker: Bytes,
    /// Memory of the server without any client.
    pub memory_base: Bytes,
    /// Price of 10^9 bytes that the server sends.
    pub price_per_gb: f64,
    /// Price of a processor core per hour.
    pub price_per_core_hour: f64,
    /// The battery cost of a phone's radio; `None`: not measured.
    pub radio: Option<Radio>,
}

impl Default for Cost {
    fn default() -> Cost {
        Cost {
            cpu_per_request: Time(100_000),
            cpu_per_check: Time(10_000),
            cpu_per_byte: Time(1),
            cpu_per_push: Time(10_000),
            cpu_per_handshake: Time(100_000),
            memory_per_connection: Bytes(17_000),
            memory_per_worker: Bytes(700_000),
            memory_base: Bytes(0),
            price_per_gb: 0.09,
            price_per_core_hour: 0.0425,
            radio: None,
        }
    }
}

/// The battery current of a phone: `idle + charge / interval`, the form that Haverinen, Siren and
/// Eronen measured for keep-alives ("Energy consumption of always-on applications in WCDMA networks", VTC 2007-Spring).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radio {
    /// Current while idle, in mA.
    pub idle_ma: f64,
    /// Charge of turning on the radio once, in mA s.
    pub charge_mas: f64,
}
