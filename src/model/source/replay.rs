//! Recorded messages, as each client gets them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::scenario::{Trace, TraceMessage};
use crate::units::Time;

/// A trace, split by client.
#[derive(Debug)]
pub(super) struct Replay {
    trace: Arc<Trace>,
    /// Messages for every client, by their index in the trace.
    for_all: Vec<u32>,
    /// All messages of a client that has some of its own.
    by_client: BTreeMap<u32, Vec<u32>>,
}

impl Replay {
    /// With `to_everybody` the column `client` is ignored.
    pub fn new(trace: Arc<Trace>, to_everybody: bool) -> Replay {
        let owner = |message: &TraceMessage| if to_everybody { None } else { message.client };
        let (mut for_all, mut by_client) = (Vec::new(), BTreeMap::<u32, Vec<u32>>::new());
        for (place, message) in (0..).zip(trace.messages.iter()) {
            match owner(message) {
                None => for_all.push(place),
                Some(client) => by_client.entry(client).or_default().push(place),
            }
        }
        for places in by_client.values_mut() {
            places.extend(&for_all);
            places.sort_unstable();
        }
        Replay { trace, for_all, by_client }
    }

    fn places(&self, client: u32) -> &[u32] {
        self.by_client.get(&client).unwrap_or(&self.for_all)
    }

    /// The creation of message `number` of `client`.
    pub fn time(&self, client: u32, number: u64) -> Time {
        let places = self.places(client);
        let round = match places.len() as u64 {
            0 => return Time::NEVER,
            length => number / length,
        };
        if round > 0 && !self.trace.repeat {
            return Time::NEVER;
        }
        let last = self.trace.messages.last().map_or(Time::ZERO, |message| message.time);
        self.message(client, number).map_or(Time::NEVER, |message| last.times(round).plus(message.time))
    }

    /// The size of message `number` of `client`, if the trace has one.
    pub fn bytes(&self, client: u32, number: u64) -> Option<u32> {
        self.message(client, number)?.bytes
    }

    fn message(&self, client: u32, number: u64) -> Option<&TraceMessage> {
        let places = self.places(client);
        let place = places.get(number.checked_rem(places.len() as u64)? as usize)?;
        self.trace.messages.get(*place as usize)
    }
}
