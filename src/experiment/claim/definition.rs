//! A claim.

use super::condition::Condition;
use crate::model::Metric;

/// One `[[claim]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The statement in words.
    pub text: String,
    /// The metric that it is about.
    pub metric: Metric,
    /// What it is about.
    pub of: ClaimedClients,
    /// What that is compared with.
    pub relation: Relation,
    /// The points at which it has to hold; `None`: all.
    pub points: Option<Vec<usize>>,
    /// What is claimed.
    pub is: Condition,
}

/// The clients that a claim is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedClients {
    /// Number of the transport.
    pub transport: usize,
    /// Number of the population; `None` for all clients.
    pub population: Option<usize>,
}

/// What is done with the metric of the first side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Nothing.
    Alone,
    /// It is divided by that of this side.
    Over(ClaimedClients),
    /// That of this side is subtracted.
    Minus(ClaimedClients),
}
