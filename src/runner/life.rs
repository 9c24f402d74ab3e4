//! The life of one client in one replication, event by event, as it is in the run of the whole population.
//!
//! Draws are named by client and purpose, so a client that shares nothing is simulated alone. Where clients share
//! something, all of them are simulated, and the events of the others are passed over.

mod diary;

use std::ops::Range;

use crate::model::{Scenario, clients_of, simulate_observed};
use crate::units::Time;
use diary::Diary;
pub use diary::{LifeEvent, Occurrence};

/// Most events of a life that are kept: some tens of MB.
pub const MOST_EVENTS: usize = 200_000;

/// The client and the part of its life that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifeRequest {
    /// The replication.
    pub replication: u32,
    /// The number of the client, from 0.
    pub client: u32,
    /// From this instant on.
    pub from: Time,
    /// Up to this instant, which is not included.
    pub to: Time,
    /// Most events that are kept.
    pub most: usize,
}

/// The part of a client's life that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The events in order of time. First come those before the part of requests and messages that are still open when
    /// it begins.
    pub events: Vec<LifeEvent>,
    /// The first event that was left out, and the number of all such, if there were more than asked for.
    pub left_out: Option<(Time, u64)>,
}

/// The replication has no such client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no client {client}: replication {replication} has {}", words(*.clients))]
pub struct NoClient {
    /// The client.
    pub client: u32,
    /// The replication.
    pub replication: u32,
    /// How many clients it has.
    pub clients: u32,
}

fn words(clients: u32) -> String {
    match clients {
        0 => "none".to_owned(),
        1 => "one, number 0".to_owned(),
        many => format!("{many}, numbered from 0 to {}", many - 1),
    }
}

/// Simulates the replication as far as the client needs it, and keeps what happens to the client.
///
/// # Errors
/// If the replication has no such client.
pub fn life(scenario: &Scenario, request: LifeRequest) -> Result<Life, NoClient> {
    let LifeRequest { replication, client, .. } = request;
    let clients = clients_of(scenario, replication);
    if client >= clients {
        return Err(NoClient { client, replication, clients });
    }
    let mut diary = Diary::new(request);
    simulate_observed(scenario, replication, needed(scenario, client), &mut diary);
    Ok(diary.close())
}

/// The clients that have to be simulated.
fn needed(scenario: &Scenario, client: u32) -> Range<u32> {
    if scenario.is_coupled() { 0..scenario.population() } else { client..client + 1 }
}
