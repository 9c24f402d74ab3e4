//! `[network.wire]`: packets and connections.

use super::Reader;
use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::node::Node;
use crate::model::scenario::{Tls, Wire};
use crate::units::Bytes;

/// Reads `[network.wire]`; `None` without the table.
pub(super) fn wire(reader: Reader, diagnostics: &mut Diagnostics) -> Option<Wire> {
    reader.node("network.wire")?.as_table()?;
    let segment: Bytes = reader.read("network.wire.segment");
    if segment == Bytes(0) {
        let problem = Problem::new("`network.wire.segment` must be above zero");
        let problem = problem.at(reader.span("network.wire.segment"), "holds no data");
        diagnostics.error(problem.help("write segment = \"1448 B\", or leave it out"));
    }
    let tls = reader.node("network.wire.tls").and_then(Node::as_table).map(|_| Tls {
        client: reader.read("network.wire.tls.client"),
        server: reader.read("network.wire.tls.server"),
        record: reader.read("network.wire.tls.record"),
    });
    Some(Wire {
        segment: segment.max(Bytes(1)),
        header: reader.read("network.wire.header"),
        ack_delay: reader.time("network.wire.ack_delay"),
        server_ack_delay: reader.time("network.wire.server_ack_delay"),
        keep_alive: reader.time("network.wire.keep_alive"),
        tls,
    })
}
