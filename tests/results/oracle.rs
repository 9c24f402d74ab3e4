//! A naive second implementation of the model, and the engine's numbers against it.
//!
//! Random scenarios are simulated by both, and every number must be the same. A few scenarios are worked out by hand
//! (`examples`), so that the naive model itself is right; a few laws hold for the numbers of both (`laws`).
//!
//! The naive model shares no code and no names with the engine, so that it shares no mistake with it:
//!
//! | here | in the engine |
//! | --- | --- |
//! | `Person`, `people` | a client's state: `ClientState`, `PerClient`, `PopulationState` |
//! | `posts`, `clicks`, numbers from `SEND` on | what a client sends: `Origin::Send`, `RequestNumber::of_send` |
//! | `Request` of flags and instants, kept for ever | `Request` with its `Stage`, until it ends |
//! | `Message` with its `Fate`, one for each client | positions in the message store: `Mailboxes`, `MessageRange` |
//! | `named` | the messages that a request acknowledges |
//! | `cargo`, `copies` | the messages that a reply carries |
//! | `Landing` | a delivery, of a message or of a copy |
//! | `step` | the keep-alives, cuts and reconnections of a push connection |
//! | `views`, `kinds`, `parts` | the populations of a mix |
//! | `Class`, `Kind`, `Event`, in this order | `Class` and `Key`: which of the events of one instant comes first |
//! | `Log`, `Expected`, `Piece` | `Recorder`, `Totals`, time bins |
//!
//! The scenarios are the same in every run. `COMETSIM_ORACLE_SEED=7 COMETSIM_ORACLE_CASES=60000 cargo test --release --test
//! results oracle::` takes others, and more of them. Each test prints both numbers, and a failure names them with the
//! smallest scenario that fails.

pub mod compare;
mod examples;
mod laws;
pub mod naive;
pub mod scenarios;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::str::FromStr;

use cometsim::model::scenario::{EnginePath, Scenario, Ticks};
use compare::{differences, simulate_in_blocks};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};
use scenarios::scenario;

/// How many random scenarios a test takes in the place of its own number.
const CASES: &str = "COMETSIM_ORACLE_CASES";

/// The number from which the scenarios are drawn: other scenarios for another one.
const SEED: &str = "COMETSIM_ORACLE_SEED";

/// A number from the environment.
///
/// # Panics
/// If the variable is there, but is no such number.
fn from_environment<N: FromStr>(name: &str) -> Option<N> {
    let text = std::env::var_os(name)?;
    let number = text.to_str().and_then(|text| text.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{name} is {}, which is no number that fits", text.display())))
}

/// Tries a test on random values: `cases` of them, the same ones in every run, or as the environment says. A failure shows
/// the smallest one.
fn for_all<S: Strategy>(cases: u32, values: S, test: impl Fn(&S::Value) -> TestCaseResult) {
    let cases = from_environment(CASES).unwrap_or(cases);
    let seed: u64 = from_environment(SEED).unwrap_or(0);
    println!("{CASES}={cases} {SEED}={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    if let Err(failure) = runner.run(&values, |value| test(&value)) {
        panic!("with {CASES}={cases} {SEED}={seed}: {failure}");
    }
}

/// The engine and the naive model agree in every number, with ticks as events and without, client by client
/// whole and in blocks, and through one queue. The scenarios reach every metric: each is above zero in one of 66.
#[test]
fn the_engine_agrees_with_the_naive_model() {
    const EACH: u32 = 66;
    let (taken, seen) = (Cell::new(0), RefCell::new(BTreeMap::new()));
    for_all(3_000, scenario(), |scenario| {
        let expected = naive::expected(scenario, 3);
        for ticks in [Ticks::Each, Ticks::Skip] {
            let everyone = scenario.population();
            let apart = if scenario.is_coupled() { everyone } else { 1 };
            for (path, block) in
                [(EnginePath::Auto, everyone), (EnginePath::Auto, apart), (EnginePath::Queue, everyone)]
            {
                let scenario = Scenario { ticks, path, ..scenario.clone() };
                let totals = simulate_in_blocks(&scenario, 3, block);
                let found = differences(&scenario, &expected, &totals);
                prop_assert!(found.is_empty(), "{ticks:?}, {path:?}, blocks of {block}:\n{found}");
            }
        }
        taken.set(taken.get() + 1);
        for (metric, value) in expected.metrics(true) {
            *seen.borrow_mut().entry(metric).or_insert(0) += u32::from(value.is_some_and(|value| value > 0.0));
        }
        Ok(())
    });
    for (metric, count) in seen.into_inner() {
        println!("{}: {count}", metric.name());
        let taken = taken.get();
        assert!(count >= taken / EACH, "{} is above zero in {count} of {taken} scenarios", metric.name());
    }
}
