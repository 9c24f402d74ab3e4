//! Whether the 95 % intervals of the engine's results cover the truth as often as they say.
//!
//! An experiment of R replications is repeated with 400 seeds, and of its intervals 95 % must contain the true value: 91 to
//! 98 %, and as much more or less as chance makes of the number of intervals that are there. Where fewer than 20 experiments
//! have an interval the cell counts as empty. No other cell is let off, and no interval is left out.
//!
//! `COMETSIM_COVERAGE_SEEDS=1000` takes more seeds, and narrower bands: an interval that covers with 95 % falls out of 91 to
//! 98 % once in 10⁵ times, one that covers with 88 % stays in it once in 500 times; of 400 seeds, once in 8 times, but a
//! formula that is wrong is wrong in many of the 150 cells.

mod truth;

use std::thread;

use cometsim::model::{Metric, Scenario, Totals, simulate};
use cometsim::runner::Group;
use truth::{Law, Scope, Setting};

/// Experiments of a setting.
const SEEDS: u64 = 400;
/// Another number of them.
const SEEDS_VARIABLE: &str = "COMETSIM_COVERAGE_SEEDS";
/// The number of intervals for which the band is 91 to 98 %.
const WHOLE: f64 = 1_000.0;
/// A cell of fewer intervals counts as empty.
const EMPTY: usize = 20;
/// Replications of an experiment; the smaller ones are the first of the largest.
const SIZES: [usize; 2] = [5, 20];
/// Metrics of each class: counts, rates, ratios and quantiles.
const METRICS: [Metric; 5] = [
    Metric::MessagesDelivered,
    Metric::HttpBytesPerSecond,
    Metric::LatencyMean,
    Metric::LatencyP50,
    Metric::LatencyP95,
];

/// How often an interval of one metric of experiments of one size was there, and contained the truth.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    intervals: usize,
    covering: usize,
}

impl Found {
    fn is_empty(self) -> bool {
        self.intervals < EMPTY
    }

    fn note(&mut self, group: &Group, metric: Metric, truth: f64) {
        if let Some(interval) = group.estimate(metric).and_then(|estimate| estimate.interval) {
            self.intervals += 1;
            self.covering += usize::from(interval.contains(truth));
        }
    }

    fn covers(self) -> bool {
        let share = self.covering as f64 / self.intervals as f64;
        let chance = |count: f64| 3.0 * (0.95 * 0.05 / count).sqrt();
        let wider = chance(self.intervals as f64) - chance(WHOLE);
        self.is_empty() || (0.91 - wider..=0.98 + wider).contains(&share)
    }
}

/// All cells of a setting: a line for each that does not cover, and the number of cells that are not empty.
fn examine(setting: &Setting) -> (Vec<String>, usize) {
    let mut found = [[Found::default(); METRICS.len()]; SIZES.len()];
    let scenario = setting.scenario();
    let seeds = std::env::var(SEEDS_VARIABLE).map_or(SEEDS, |text| text.parse().expect(SEEDS_VARIABLE));
    for seed in 0..seeds {
        let experiment = replicate(&Scenario { seed, ..scenario.clone() }, SIZES[SIZES.len() - 1]);
        for (row, size) in found.iter_mut().zip(SIZES) {
            let group = Group::of(&scenario, &experiment[..size]).unwrap();
            for (found, metric) in row.iter_mut().zip(METRICS) {
                found.note(&group, metric, setting.truth(metric));
            }
        }
    }
    let mut wrong = Vec::new();
    let mut filled = 0;
    for (row, size) in found.iter().zip(SIZES) {
        for (found, metric) in row.iter().zip(METRICS) {
            println!("{setting:?}, {size} replications, {}: {found:?}", metric.name());
            filled += usize::from(!found.is_empty());
            if !found.covers() {
                wrong.push(format!("{setting:?}, {size} replications, {}: {found:?}", metric.name()));
            }
        }
    }
    (wrong, filled)
}

fn replicate(scenario: &Scenario, replications: usize) -> Vec<Totals> {
    (0..replications as u32).map(|number| simulate(scenario, number, 0..scenario.population())).collect()
}

/// Examines all settings on two threads. Returns how many cells are not empty.
fn examine_all(settings: &[Setting]) -> usize {
    let (even, odd): (Vec<_>, Vec<_>) = settings.iter().enumerate().partition(|(place, _)| place % 2 == 0);
    let examine_some = |some: Vec<(usize, &Setting)>| some.into_iter().map(|(_, one)| examine(one)).collect::<Vec<_>>();
    let found = thread::scope(|scope| {
        let other = scope.spawn(move || examine_some(odd));
        let mut all = examine_some(even);
        all.extend(other.join().unwrap());
        all
    });
    let wrong: Vec<String> = found.iter().flat_map(|(wrong, _)| wrong.clone()).collect();
    assert!(wrong.is_empty(), "{} cells do not cover:\n{}", wrong.len(), wrong.join("\n"));
    found.iter().map(|(_, filled)| filled).sum()
}

/// Few, some and many messages a replication, two laws of the delay, messages for each client by itself and for all of
/// them: 12 settings of 10 cells.
#[test]
fn intervals_cover_or_are_not_there() {
    let mut settings = Vec::new();
    for messages in [0.5, 5.0, 500.0] {
        for law in [Law::Exponential, Law::Lognormal] {
            for scope in [Scope::Client, Scope::Broadcast] {
                settings.push(Setting { messages, law, scope });
            }
        }
    }
    // With half a message nothing has an interval, with 500 everything.
    assert!(examine_all(&settings) >= 4 * 10);
}

/// A message is picked up by all clients at the same instant, so that ten latencies are one and the same number: a cell
/// that took them for ten messages would cover too rarely.
#[test]
fn intervals_cover_where_all_clients_have_the_same_latencies() {
    let settings = [0.5, 5.0, 20.0].map(|messages| Setting { messages, law: Law::Uniform, scope: Scope::Lockstep });
    assert!(examine_all(&settings) > 0);
}
