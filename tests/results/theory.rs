//! The simulation against the closed forms, at a stated significance and with fixed seeds.
//!
//! Every metric that has a closed form is compared with what the summary makes of all replications. One that varies
//! between them must lie within its interval (Student's, the jackknife's or Woodruff's); one that does not vary must be
//! equal except for rounding. A percentile of too few messages for an interval at that level must lie within a fifth.

mod agreement;
mod catalogue;
mod forms;
mod limits;
mod numeric;
mod paths;
mod scenarios;

use agreement::{Comparison, Measured, compare, replicate};
use cometsim::model::metric::Metric;
use cometsim::model::scenario::{Arrivals, FirstCheck, Phase, Scenario};
use cometsim::units::Time;
use scenarios::{delays, poisson, short, tutorial};

/// The tutorial's table: plain 99.9 % intervals, no correction for the number of comparisons.
#[test]
fn the_tutorials_long_poll_agrees_with_its_table() {
    for (numerator, denominator) in [(15, 999), (1, 10), (1, 100), (1, 1000)] {
        let mut scenario = tutorial(numerator, denominator);
        // Rare events ("no data" at 1/10, data at 1/1000) need more clients for a narrow interval.
        let rare = denominator == 10;
        scenario.clients.count = match denominator {
            10 => 2500,
            1000 => 5000,
            _ => 1000,
        };
        for comparison in compare(&scenario, 20) {
            comparison.assert_within(0.999);
            let narrow = if rare && comparison.metric == Metric::EmptyReplyFraction { 0.10 } else { 0.01 };
            let half_width = comparison.half_width(0.999);
            assert!(
                half_width <= narrow * comparison.theory.abs(),
                "p = {numerator}/{denominator}: {comparison:?} is vague"
            );
        }
    }
}

/// Every other form, each metric at a level such that all comparisons together hold with 99.9 % (Bonferroni).
#[test]
fn every_closed_form_agrees_with_the_simulation() {
    let rich = catalogue::cases().into_iter().map(|case| (case, 20));
    let all: Vec<(&str, Comparison)> = rich
        .chain(catalogue::cases_of_sums().into_iter().map(|case| (case, 15)))
        .chain(limits::cases().into_iter().chain(limits::wire_and_push()).map(|case| (case, 5)))
        .chain(paths::cases().into_iter().map(|case| (case, 4)))
        .flat_map(|((name, scenario), least)| {
            let comparisons = compare(&scenario, 12);
            assert!(comparisons.len() >= least, "{name}: only {} closed forms", comparisons.len());
            comparisons.into_iter().filter(|comparison| !comparison.is_rare()).map(move |comparison| (name, comparison))
        })
        .collect();
    let confidence = 1.0 - 0.001 / all.len() as f64;
    let wrong: Vec<_> = all.iter().filter(|(_, comparison)| !comparison.is_within(confidence)).collect();
    assert!(wrong.is_empty(), "{} of {} at {confidence}: {wrong:#?}", wrong.len(), all.len());
}

/// Of uneven messages a long poll is known to change nothing in their number, and no more than that.
#[test]
fn long_polls_of_uneven_messages_have_their_number() {
    for process in [catalogue::bursts(3000, 4000, 2, 1), catalogue::day(97)] {
        for transport in [scenarios::notify(4000), scenarios::every(500, 4, FirstCheck::AfterSleep, 0)] {
            let mut scenario = tutorial(1, 10);
            scenario.clients.count = 100;
            scenario.window.duration = Time::from_secs(500);
            scenario.source.arrivals = Arrivals::PerClient(process.clone());
            scenario.transport = transport;
            let comparisons = compare(&scenario, 12);
            assert_eq!(comparisons.iter().map(|one| one.metric).collect::<Vec<_>>(), [Metric::MessagesCreated]);
            comparisons[0].assert_within(0.999);
        }
    }
}

/// The comparison has power: a theory that is wrong by 2 % is rejected at 99.9 %.
#[test]
fn a_theory_that_is_two_percent_off_is_rejected() {
    let scenario = tutorial(1, 100);
    for metric in [Metric::RequestsPerSecond, Metric::HoldMean, Metric::EmptyReplyFraction, Metric::MessagesCreated] {
        let comparison = compare(&scenario, 20).into_iter().find(|comparison| comparison.metric == metric).unwrap();
        for factor in [0.98, 1.02] {
            let wrong = Comparison { theory: comparison.theory * factor, ..comparison.clone() };
            assert!(comparison.is_within(0.999) && !wrong.is_within(0.999), "{metric:?} × {factor}");
        }
    }
}

/// A shorter interval lowers the mean latency in expectation: paired replications, random phases, Poisson messages.
#[test]
fn a_shorter_interval_lowers_the_mean_latency() {
    let means = |interval| {
        let mut scenario: Scenario = tutorial(1, 10);
        scenario.source.arrivals = poisson(1, 5);
        scenario.network = delays(50);
        scenario.clients.count = 50;
        scenario.window.duration = Time::from_secs(600);
        scenario.transport = short(interval, Phase::Random);
        replicate(&scenario, 20, |totals, scenario| totals.metric(Metric::LatencyMean, scenario).unwrap())
    };
    let by_interval: Vec<Vec<f64>> = [500, 700, 1000, 1400, 2000].into_iter().map(means).collect();
    for pair in by_interval.windows(2) {
        let differences: Vec<f64> = pair[0].iter().zip(&pair[1]).map(|(short, long)| long - short).collect();
        let measured = Measured::Values(differences);
        let comparison = Comparison { metric: Metric::LatencyMean, theory: 0.0, measured };
        assert!(comparison.value() > comparison.half_width(0.999), "{comparison:?}");
    }
}
