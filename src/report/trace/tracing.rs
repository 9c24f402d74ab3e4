//! A client is traced.

use super::traced::{ClientTrace, TracedLife};
use super::window::{TraceSpan, WrongSpan, page};
use crate::experiment::Experiment;
use crate::model::{Scenario, population_of};
use crate::report::chart::Looks;
use crate::runner::{Life, LifeRequest, MOST_EVENTS, NoClient, life};
use crate::units::Time;

/// A life that is asked for.
#[derive(Clone, Debug)]
pub struct TraceWish {
    /// The point.
    pub point: usize,
    /// The transports, by their places in the experiment.
    pub transports: Vec<usize>,
    /// The replication.
    pub replication: u32,
    /// The number of the client.
    pub client: u32,
    /// From when to when, as far as the user says.
    pub span: TraceSpan,
}

/// Why a client cannot be traced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// There is no such client.
    #[error("{0}: write --client with one of them")]
    Client(NoClient),
    /// The span is empty, or lies outside the run.
    #[error(transparent)]
    Span(#[from] WrongSpan),
}

/// Simulates a client under each transport.
///
/// # Errors
/// If there is no such client, or nothing lies in the span.
pub fn trace_client(experiment: &Experiment, wish: &TraceWish) -> Result<ClientTrace, TraceError> {
    let scenarios = experiment.scenarios(wish.point);
    let chosen: Vec<(String, &Scenario)> =
        wish.transports.iter().map(|place| (experiment.transports()[*place].clone(), &scenarios[*place])).collect();
    let span = wish.span.within(chosen.iter().map(|(_, scenario)| &scenario.window))?;
    let traced = |to, most| {
        let request = LifeRequest { replication: wish.replication, client: wish.client, from: span.from, to, most };
        let one = |(name, scenario): &(String, &Scenario)| {
            let life = life(scenario, request).map_err(TraceError::Client)?;
            Ok(of_scenario(name, scenario, wish.client, life))
        };
        chosen.iter().map(one).collect::<Result<Vec<TracedLife>, TraceError>>()
    };
    let mut lives = traced(span.to, MOST_EVENTS)?;
    let page = if wish.span.to.is_none() { page(&lives, span.from) } else { None };
    let to = page.map_or(span.to, |end| end.min(span.to));
    if to < span.to {
        // Again, as what a part ends with is told only of that part, such as the checks of a hold so far.
        lives = traced(to, MOST_EVENTS)?;
    }
    Ok(ClientTrace {
        title: experiment.title().to_owned(),
        point: experiment.words_of_point(wish.point),
        seed: experiment.seed(),
        replication: wish.replication,
        client: wish.client,
        warmup: chosen.iter().map(|(_, scenario)| scenario.window.warmup).max().unwrap_or(Time::ZERO),
        from: span.from,
        to,
        is_cut: to < span.to,
        looks: Looks::of(experiment),
        lives,
    })
}

fn of_scenario(name: &str, scenario: &Scenario, client: u32, life: Life) -> TracedLife {
    let population = population_of(scenario, client).map(|place| &scenario.populations[place]);
    TracedLife {
        transport: name.to_owned(),
        population: population.map(|population| population.name.clone()),
        kind: population.map_or(&scenario.transport, |population| &population.transport).kind(),
        restart: scenario.server.restart,
        life,
    }
}
