//! Whether the intervals of a search cover the value that is sought as often as they say.
//!
//! Each search is repeated with 500 fixed seeds; the band is that of `paired`.

use cometsim::model::scenario::{LongPoll, Scenario, ShortPoll, TransportConfig, Window};
use cometsim::model::{Metric, simulate};
use cometsim::runner::Group;
use cometsim::stats::{Contrast, Crossing, Estimate, Positions, crossing, summarize};
use cometsim::theory;
use cometsim::units::Time;

use crate::paired::{BAND, SEEDS, Sequence};

/// Whether a search has found a value, and its interval contains the truth; an end beyond the range is open.
fn covers(found: Crossing, truth: f64) -> bool {
    let Crossing::At { low, high, .. } = found else { return false };
    low.is_none_or(|low| low as f64 <= truth) && high.is_none_or(|high| truth <= high as f64 + 1.0)
}

#[track_caller]
fn check(covered: u64) {
    let share = covered as f64 / SEEDS as f64;
    assert!(BAND.contains(&share), "covered by {share}");
}

#[test]
fn what_a_noisy_margin_crosses_is_covered() {
    const TRUTH: f64 = 61_234.5;
    let positions = Positions { low: 10, high: 1_000_000, digits: None };
    for rises in [false, true] {
        let mut covered = 0;
        for seed in 0..SEEDS {
            // Replications have random numbers of their own, which all positions share.
            let of_position = |position: u64| {
                let mut sequence = Sequence(seed << 8);
                let margin = |_| {
                    let noise = sequence.exponential(9_000.0) - 9_000.0;
                    let distance = TRUTH - position as f64 + noise;
                    Some(if rises { -distance } else { distance })
                };
                summarize((0..20).map(margin)).map(Estimate::from).ok_or(())
            };
            covered += u64::from(covers(crossing(positions, of_position).unwrap(), TRUTH));
        }
        check(covered);
    }
}

/// A small service, with the source of the defaults.
fn scenario(transport: impl Into<TransportConfig>, seed: u64) -> Scenario {
    let mut scenario = Scenario::new(8, transport);
    scenario.seed = seed;
    scenario.window = Window { warmup: Time::from_secs(120), duration: Time::from_secs(240), bin: Time::from_secs(10) };
    scenario
}

fn polls(nanos: u64, seed: u64) -> Scenario {
    scenario(ShortPoll::every(Time(nanos)), seed)
}

fn group(scenario: &Scenario) -> Group {
    let totals: Vec<_> = (0..10)
        .map(|replication| {
            let mut totals = simulate(scenario, replication, 0..scenario.clients.count);
            totals.complete();
            totals
        })
        .collect();
    Group::of(scenario, &totals).expect("a group")
}

fn traffic(scenario: &Scenario) -> f64 {
    theory::expected(scenario).get(Metric::HttpBytesPerSecond).expect("a closed form")
}

#[test]
fn where_short_polling_sends_as_much_as_long_polling_is_covered() {
    const METRIC: Metric = Metric::HttpBytesPerSecond;
    let sought = traffic(&scenario(LongPoll::default(), 0));
    // The closed form falls with the interval.
    let (mut low, mut high) = (1_000_000_000_u64, 60_000_000_000_u64);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if traffic(&polls(middle, 0)) > sought { low = middle } else { high = middle }
    }
    let positions = Positions { low: 1_000_000_000, high: 60_000_000_000, digits: Some(4) };
    let mut covered = 0;
    for seed in 0..SEEDS {
        let long = group(&scenario(LongPoll::default(), seed));
        let margin = |position: u64| {
            let short = group(&polls(position, seed));
            let [Some(one), Some(other)] = [&short, &long].map(|group| group.jackknifed(None, METRIC)) else {
                return Err(());
            };
            let found = Contrast::paired(one, other);
            Ok(Estimate { value: found.difference, interval: found.difference_interval, samples: 10 })
        };
        covered += u64::from(covers(crossing(positions, margin).unwrap(), low as f64));
    }
    check(covered);
}
