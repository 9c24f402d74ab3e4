//! The life of one client in one replication, event by event, as it is in the run of the whole population.
//!
//! Draws are named by client and purpose, so a client that shares nothing is simulated alone. Where clients share
//! something, all of them are simulated, and the events of the others are passed over.

mod diary;
mod events;

use std::ops::Range;

use crate::model::{Scenario, clients_of, simulate_observed};
use diary::Diary;
pub use events::{Life, LifeEvent, LifeRequest, NoClient, Occurrence};

/// Most events of a life that are kept: some tens of MB.
pub const MOST_EVENTS: usize = 200_000;

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
