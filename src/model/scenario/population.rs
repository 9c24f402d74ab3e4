//! Mixes: several populations of clients in one run.

use super::{Http, Network, OnTimeout, Scenario, TransportConfig};
use crate::units::Time;

/// One population of a mix.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Its name in tables.
    pub name: String,
    /// Number of clients, at least one.
    pub count: u32,
    /// As [`Clients::start_within`](super::Clients::start_within).
    pub start_within: Time,
    /// From the sending of a request until its reply must have arrived; greater than zero.
    pub timeout: Time,
    /// What its clients do after a timeout.
    pub on_timeout: OnTimeout,
    /// Sizes of headers and bodies.
    pub http: Http,
    /// One-way delays.
    pub network: Network,
    /// How its clients get their messages.
    pub transport: TransportConfig,
}

impl Population {
    /// `count` clients with the settings of `scenario`.
    pub fn new(name: &str, count: u32, scenario: &Scenario) -> Population {
        Population {
            name: name.to_owned(),
            count,
            start_within: scenario.clients.start_within,
            timeout: scenario.clients.timeout,
            on_timeout: scenario.clients.on_timeout,
            http: scenario.http,
            network: scenario.network.clone(),
            transport: scenario.transport.clone(),
        }
    }
}

impl Scenario {
    /// Whether there are several populations.
    pub fn is_mix(&self) -> bool {
        !self.populations.is_empty()
    }

    /// The scenario of one population alone, with its clients numbered from 0. Without a mix it is the same scenario.
    ///
    /// # Panics
    /// If the mix has no population with this number.
    #[must_use]
    pub fn of_population(&self, place: usize) -> Scenario {
        let mut alone = Scenario { populations: Vec::new(), ..self.clone() };
        if self.is_mix() {
            let population = self.populations[place].clone();
            alone.clients.count = population.count;
            alone.clients.start_within = population.start_within;
            alone.clients.timeout = population.timeout;
            alone.clients.on_timeout = population.on_timeout;
            alone.http = population.http;
            alone.network = population.network;
            alone.transport = population.transport;
        }
        alone
    }
}
