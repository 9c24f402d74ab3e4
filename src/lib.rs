//! `cometsim` simulates web clients that receive messages from a server by short polling, long polling (Comet: the server
//! holds the request), adaptive polling or push. It measures the traffic in bytes and the latency of the messages.
//!
//! It is a program and a library. The program runs experiment files: see the [`guide`]. The library is the same model
//! without files:
//!
//! ```
//! use cometsim::model::scenario::{LongPoll, Scenario};
//! use cometsim::model::{Metric, simulate};
//! use cometsim::theory;
//!
//! // 100 clients for half an hour. The server looks for messages every 0.5 s, and says "no data" after 80 checks.
//! let scenario = Scenario::new(100, LongPoll::default());
//! let totals = simulate(&scenario, 0, 0..scenario.population());
//! let measured = totals.metric(Metric::RequestsPerSecond, &scenario).expect("requests were sent");
//! let closed_form = theory::expected(&scenario).get(Metric::RequestsPerSecond).expect("a closed form");
//! assert!((measured / closed_form - 1.0).abs() < 0.03);
//! ```
//!
//! # The modules
//!
//! | module | what it is |
//! | --- | --- |
//! | [`units`] | times, bytes, rates and probabilities as exact types |
//! | [`random`] | named random streams and portable samplers |
//! | [`terminal`] | texts as a terminal may show them |
//! | [`stats`] | exactly mergeable histograms, estimates with confidence intervals (see [`guide::statistics`]) |
//! | [`engine`] | clock, event queue, run loop |
//! | [`model`] | clients, server, source, network, transports, metrics and totals; [`model::simulate`] runs one replication |
//! | [`theory`] | closed forms for the metrics of a scenario |
//! | [`experiment`] | experiment files: reading, errors, sweeps |
//! | [`runner`] | points x transports x replications on threads |
//! | [`report`] | CSV tables, charts, manifest |
//! | [`cli`] | the commands |
//! | [`guide`] | the user guide |
//!
//! Each module uses only modules that come earlier in this table. Data flows one way. A text becomes an
//! [`experiment::Experiment`], which gives a [`model::Scenario`] for each point and transport. [`runner::run`] simulates
//! each scenario into [`model::Totals`], integers that merge exactly. [`report::produce`] writes the tables and charts.
//!
//! # Features
//!
//! `experiment`, `runner`, `report` and `cli` (the default) are features; each includes the ones before it. With `default-features = false` the library is the model with its closed forms, and has four dependencies.
//!
//! # Determinism
//!
//! Results are a function of the experiment, the seed and [`model::RESULTS_VERSION`]. Time is integer nanoseconds. Every
//! random number is named by seed, replication, purpose, client and request, never by the order of events. All maths that
//! reaches a result uses `libm`, compiled from the same source everywhere. Sums are integers. So the number of threads, an
//! interruption, the build profile and the platform change no bit.

#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
#[cfg(feature = "experiment")]
pub mod experiment;
pub mod guide;
pub mod model;
pub mod random;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "runner")]
pub mod runner;
pub mod stats;
pub mod terminal;
pub mod theory;
pub mod units;
