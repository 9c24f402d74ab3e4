//! How long each message takes, left of the client.

use super::bars::lane;
use crate::report::trace::diagram::drawn::DrawnWait;
use crate::report::trace::diagram::sheet::ColumnSource;

/// From the client's lifeline to the first, and from one to the next.
const FIRST: f64 = 9.0;
const BESIDE: f64 = 6.0;
/// Shorter ones are not drawn.
const SHORTEST: f64 = 2.5;

/// A line from the creation of each message to its delivery.
pub fn waits(source: &ColumnSource) -> Vec<DrawnWait> {
    let mut free = Vec::new();
    let mut waits = Vec::new();
    for delivery in &source.scene.deliveries {
        let has_begin = delivery.created >= source.span.0;
        let (from, to) = (source.y(delivery.created.max(source.span.0)), source.y(delivery.delivered));
        if to - from < SHORTEST {
            continue;
        }
        let lane = lane(&mut free, delivery.created, delivery.delivered);
        let x = source.column.client - FIRST - lane as f64 * BESIDE;
        waits.push(DrawnWait { x, from, to, color: source.color, has_begin });
    }
    waits
}
