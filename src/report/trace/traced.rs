//! What a trace shows.

use crate::model::scenario::{Restart, TransportKind};
use crate::report::chart::Looks;
use crate::runner::Life;
use crate::units::Time;

/// The lives of a client under some transports, from one instant to another.
#[derive(Clone, Debug)]
pub struct ClientTrace {
    /// The title of the experiment.
    pub title: String,
    /// The swept values of the point; empty without a sweep.
    pub point: String,
    /// The seed of the experiment.
    pub seed: u64,
    /// The replication.
    pub replication: u32,
    /// The number of the client.
    pub client: u32,
    /// The end of the warm-up, from which on the results count.
    pub warmup: Time,
    /// When the part begins.
    pub from: Time,
    /// When it ends.
    pub to: Time,
    /// Whether it is cut to what fits on a page.
    pub is_cut: bool,
    /// The colours of the transports.
    pub looks: Looks,
    /// A life under each transport.
    pub lives: Vec<TracedLife>,
}

/// The life of the client under one transport.
#[derive(Clone, Debug)]
pub struct TracedLife {
    /// The name of the transport.
    pub transport: String,
    /// In a mix: the name of the client's population.
    pub population: Option<String>,
    /// The kind of its transport.
    pub kind: TransportKind,
    /// When the server restarts, if it does.
    pub restart: Option<Restart>,
    /// What happens.
    pub life: Life,
}

impl TracedLife {
    /// The name of the transport, and of the population in a mix.
    pub fn name(&self) -> String {
        match &self.population {
            None => self.transport.clone(),
            Some(population) => format!("{}: {population}", self.transport),
        }
    }

    /// Whether the server pushes to the client.
    pub fn is_push(&self) -> bool {
        matches!(self.kind, TransportKind::Streaming | TransportKind::Sse | TransportKind::WebSocket)
    }
}
