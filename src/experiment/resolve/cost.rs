//! `[cost]`: the costs of the server's work.

use super::Reader;
use crate::experiment::diagnostics::Diagnostics;
use crate::model::scenario::{Cost, Radio};

/// Reads `[cost]`; `None` without the table.
pub(super) fn cost(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Cost> {
    reader.node("cost")?.as_table()?;
    Some(Cost {
        cpu_per_request: reader.time("cost.cpu_per_request"),
        cpu_per_check: reader.time("cost.cpu_per_check"),
        cpu_per_byte: reader.time("cost.cpu_per_byte"),
        cpu_per_push: reader.time("cost.cpu_per_push"),
        cpu_per_handshake: reader.time("cost.cpu_per_handshake"),
        memory_per_connection: reader.read("cost.memory_per_connection"),
        memory_per_worker: reader.read("cost.memory_per_worker"),
        memory_base: reader.read("cost.memory_base"),
        price_per_gb: reader.number("cost.price_per_gb"),
        price_per_core_hour: reader.number("cost.price_per_core_hour"),
        radio: radio(reader, diagnostics),
    })
}

fn radio(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Radio> {
    reader.node("cost.radio")?.as_table()?;
    let help = "write radio = { idle_ma = 5, charge_mas = 300 } with the numbers of your phone";
    if reader.lacks("cost.radio", &["idle_ma", "charge_mas"], help, diagnostics) {
        return None;
    }
    Some(Radio { idle_ma: reader.number("cost.radio.idle_ma"), charge_mas: reader.number("cost.radio.charge_mas") })
}
