//! The places in a column.

use crate::report::trace::story::Actor;

/// Space left of the client, from the client to the server, and from there to the source.
const FULL: [f64; 3] = [96.0, 156.0, 104.0];
const NARROW: [f64; 3] = [82.0, 118.0, 88.0];
/// Columns that have full width.
const MANY: usize = 3;
/// Right of the source.
const BEHIND: f64 = 34.0;

/// A column: the places of its lifelines.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub left: f64,
    pub client: f64,
    pub server: f64,
    pub source: f64,
    pub right: f64,
}

impl Column {
    /// The column with this number, of `count`, from `start` on.
    pub fn new(number: usize, count: usize, start: f64) -> Column {
        let [before, way, to_source] = if count > MANY { NARROW } else { FULL };
        let left = start + number as f64 * (before + way + to_source + BEHIND);
        let (client, server) = (left + before, left + before + way);
        Column { left, client, server, source: server + to_source, right: server + to_source + BEHIND }
    }

    /// The place of a lifeline.
    pub fn x(&self, actor: Actor) -> f64 {
        match actor {
            Actor::Client => self.client,
            Actor::Network => f64::midpoint(self.client, self.server),
            Actor::Server => self.server,
            Actor::Source => self.source,
        }
    }
}
