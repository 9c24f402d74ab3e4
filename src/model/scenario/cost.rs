//! What the work of a server costs.

use crate::units::{Bytes, Time};

/// What the work of a server costs. Changes nothing in what is simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Processor time of a request.
    pub cpu_per_request: Time,
    /// Processor time of a look for messages.
    pub cpu_per_check: Time,
    /// Processor time of a byte, either way: of HTTP, or where there is [`crate::model::scenario::Wire`] of all packets.
    pub cpu_per_byte: Time,
    /// Processor time of what is pushed at once, of a sign of life, and of a frame that a client sends.
    pub cpu_per_push: Time,
    /// Processor time of a TCP connection that is opened, with TLS where there is any.
    pub cpu_per_handshake: Time,
    /// Memory of a connection that is open at the server.
    pub memory_per_connection: Bytes,
    /// Memory of each worker of a pool, which is there from the start.
    pub memory_per_worker: Bytes,
    /// Memory of the server without any client.
    pub memory_base: Bytes,
    /// Price of 10^9 bytes that the server sends.
    pub price_per_gb: f64,
    /// Price of a processor core for an hour.
    pub price_per_core_hour: f64,
    /// What turning on its radio costs a phone; `None`: not asked for.
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

/// The battery current of a phone that asks now and then: `idle + charge / interval`, the form that Haverinen, Siren and
/// Eronen measured for keep-alives ("Energy consumption of always-on applications in WCDMA networks", VTC 2007-Spring).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radio {
    /// Current while nothing is sent, in mA.
    pub idle_ma: f64,
    /// Charge of turning on the radio once, in mA s.
    pub charge_mas: f64,
}
