//! `cometsim` simulates web clients that get their data by short polling (ask every T seconds) or long polling (Comet:
//! the server holds the request), and counts what it costs in bytes and how late the data arrive.
//!
//! It is a program and a library. The program runs experiment files; see the [`guide`]. The library is the same model
//! without files:
//!
//! ```
//! use cometsim::model::scenario::*;
//! use cometsim::model::{Metric, simulate};
//! use cometsim::theory;
//! use cometsim::units::{Bytes, Probability, Time};
//!
//! // The tutorial's long polling: the server looks every 0.5 s, finds something with probability 15/999, and says
//! // "no data" after 80 checks.
//! let hit = Probability::new(15, 999).expect("a probability");
//! let check = Check::Every { every: Time::from_millis(500), count: 80, first: FirstCheck::AfterSleep };
//! let scenario = Scenario {
//!     seed: 2010,
//!     window: Window { warmup: Time::from_secs(120), duration: Time::from_secs(1800), bin: Time::from_secs(1) },
//!     clients: Clients { start_within: check.longest_hold(), ..Clients::staying(100) },
//!     source: Source { arrivals: Arrivals::InRequest { hit }, payload: Bytes(20), keep: Keep::All, spread: None },
//!     http: Http {
//!         request_header: Bytes(692),
//!         response_header: Bytes(179),
//!         request_body: Bytes(0),
//!         empty_body: Bytes(0),
//!         message_framing: Bytes(0),
//!         http2: None,
//!     },
//!     server: Server::PLAIN,
//!     network: Network::constant(Time::ZERO),
//!     server_link: None,
//!     transport: TransportConfig::LongPoll(LongPoll {
//!         check,
//!         turnaround: Delay::Constant(Time::ZERO),
//!         linger: Time::ZERO,
//!         piggyback: false,
//!     }),
//!     ticks: Ticks::Skip,
//!     path: EnginePath::Auto,
//!     cost: None,
//!     wire: None,
//!     populations: Vec::new(),
//! };
//!
//! let totals = simulate(&scenario, 0, 0..scenario.population());
//! let measured = totals.metric(Metric::RequestsPerSecond, &scenario).expect("requests were sent");
//! let closed_form = theory::expected(&scenario).get(Metric::RequestsPerSecond).expect("a closed form");
//! assert!((closed_form - 4.27842).abs() < 1e-5); // 100 clients, one request in 23.37 s each
//! assert!((measured / closed_form - 1.0).abs() < 0.03);
//! ```
//!
//! # The modules, from the bottom up
//!
//! | module | what it is |
//! | --- | --- |
//! | [`units`] | times, bytes, rates and probabilities as exact types |
//! | [`random`] | named random streams and portable samplers |
//! | [`terminal`] | texts as a terminal may show them |
//! | [`stats`] | exactly mergeable histograms, estimates with confidence intervals (see [`guide::statistics`]) |
//! | [`engine`] | clock, event queue, run loop |
//! | [`model`] | clients, server, source, network, transports; [`model::simulate`] runs one replication |
//! | [`theory`] | closed forms for the metrics of a scenario |
//! | [`experiment`] | experiment files: reading, errors, sweeps |
//! | [`runner`] | points x transports x replications on threads |
//! | [`report`] | CSV tables, charts, manifest |
//! | [`cli`] | the commands |
//!
//! Each uses only those above it in this table. Data goes one way: a text becomes an [`experiment::Experiment`], which
//! gives a [`model::Scenario`] for each point and transport; [`runner::run`] simulates each into
//! [`model::Totals`], integers that merge exactly; [`report::produce`] writes them down.
//!
//! # Determinism
//!
//! Results are a function of the experiment, the seed and [`model::RESULTS_VERSION`]. Time is integer nanoseconds; every
//! random number is named by seed, replication, purpose, client and request, never by the order of events; all maths that
//! reaches a result is `libm`'s, compiled from the same source everywhere; sums are integers. So the number of threads,
//! an interruption, the build profile and the platform change no bit.

pub mod cli;
pub mod engine;
pub mod experiment;
pub mod guide;
pub mod model;
pub mod random;
pub mod report;
pub mod runner;
pub mod stats;
pub mod terminal;
pub mod theory;
pub mod units;
