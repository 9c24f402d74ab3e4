//! The experiments on what breaks first: what they say to expect is what happens.

use cometsim::model::scenario::Scenario;
use cometsim::model::{Metric, Totals, simulate};
use cometsim::units::Time;

use super::shipped;
use crate::hand::run;

/// The scenarios of one of the experiments, by point and transport.
fn experiment(name: &str) -> Vec<Vec<Scenario>> {
    shipped::experiment(name, u32::MAX)
}

#[track_caller]
fn value(totals: &Totals, scenario: &Scenario, metric: Metric) -> f64 {
    totals.metric(metric, scenario).unwrap()
}

/// With an instant retry not one reply arrives after the first seconds, with all workers busy. Waits bring the site back.
#[test]
fn a_retry_storm_keeps_a_site_down() {
    let points = experiment("retry-storm");
    let mut goodput = Vec::new();
    for point in &points {
        let mut later = point[0].clone();
        later.window.warmup = Time::from_secs(60);
        later.window.duration = Time::from_secs(120);
        let totals = run(&later);
        goodput.push(value(&totals, &later, Metric::GoodputPerSecond));
        let is_storm = goodput.len() == 1;
        if is_storm {
            assert!(value(&totals, &later, Metric::WorkersBusyMean) > 4.999);
            assert!(value(&totals, &later, Metric::GhostRequests) > 500.0);
        }
    }
    assert!(goodput[0] <= 0.0, "{goodput:?}");
    assert!(goodput[1..].iter().all(|goodput| *goodput > 1.0), "{goodput:?}");
    assert!(goodput.last() > goodput.get(1), "{goodput:?}");
}

/// Without workers to spare the storm takes a few seconds: from 5 s on nothing arrives.
#[test]
fn the_storm_begins_within_seconds() {
    let mut scenario = experiment("retry-storm").remove(0).remove(0);
    scenario.window.warmup = Time::from_secs(5);
    scenario.window.duration = Time::from_secs(55);
    for replication in 0..5 {
        let totals = simulate(&scenario, replication, 0..scenario.population());
        assert_eq!((totals.served.goodput, totals.delivered), (0, 0));
    }
}

/// A population that stops at the first error prunes itself to what workers and backlog hold.
#[test]
fn a_population_prunes_itself_to_what_pool_and_backlog_hold() {
    for point in experiment("pruning") {
        let scenario = &point[0];
        let stopped = run(scenario).stopped;
        assert_eq!(stopped, u64::from(scenario.clients.count.saturating_sub(5 + 16)), "{}", scenario.clients.count);
    }
}

/// The pool carries as many as it has patience for, and then nobody.
#[test]
fn a_pool_of_workers_falls_off_a_cliff() {
    let points = experiment("worker-pool");
    let goodput = |clients: u32| {
        let scenario = points.iter().map(|point| &point[0]).find(|scenario| scenario.clients.count == clients).unwrap();
        value(&run(scenario), scenario, Metric::GoodputPerSecond)
    };
    let best = goodput(50);
    assert!(goodput(100) > 0.97 * best && goodput(125) > 0.97 * best);
    assert!(goodput(175) < 0.05 * best);
}

/// A browser holds no more requests than it has connections, and all of them where more tabs than that want one.
#[test]
fn tabs_share_the_connections_of_their_browser() {
    for point in experiment("tabs") {
        let scenario = &point[0];
        let browsers = scenario.clients.browsers.unwrap();
        let held = value(&run(scenario), scenario, Metric::HeldRequestsMean);
        let most = f64::from(scenario.clients.count / browsers.tabs * browsers.connections.min(browsers.tabs));
        // Orphans are held beyond the connections.
        assert!(held >= most - 1e-9 && (held <= most + 1e-9 || browsers.tabs > 12), "{} tabs: {held}", browsers.tabs);
    }
}

/// Phones that hang up take the workers from desktops, and then nobody gets anything.
#[test]
fn phones_that_hang_up_take_the_workers_from_desktops() {
    let points = experiment("mobile-and-desktop");
    let per_desktop: Vec<f64> = points[..10]
        .iter()
        .map(|point| {
            let (totals, desktops) = (run(&point[0]), f64::from(point[0].populations[1].count));
            totals.population_metric(Metric::GoodputPerSecond, &point[0], 1).unwrap() / desktops
        })
        .collect();
    let alone = per_desktop[0];
    assert!(per_desktop[1..=2].iter().all(|goodput| (goodput / alone - 1.0).abs() < 0.02), "{per_desktop:?}");
    assert!(per_desktop[5] < 0.75 * alone && per_desktop[6] < 0.3 * alone, "{per_desktop:?}");
    assert!(per_desktop[7..].iter().all(|goodput| *goodput < 0.01 * alone), "{per_desktop:?}");
}

/// The jitter that spreads the herd lowers its peak.
#[test]
fn jitter_lowers_the_peak_of_a_herd() {
    let points = experiment("herd");
    let peaks: Vec<f64> =
        points.iter().map(|point| value(&run(&point[0]), &point[0], Metric::HttpMbitPerSecondPeak)).collect();
    assert!(peaks.is_sorted_by(|before, after| before > after), "{peaks:?}");
    assert!(peaks[0] > 5.0 * peaks[2], "{peaks:?}");
}

/// A crowd that short polling does not notice takes long polling on workers down.
#[test]
fn a_crowd_takes_long_polling_on_workers_down() {
    let transports = experiment("flash-crowd").remove(0);
    let refused: Vec<f64> =
        transports.iter().map(|scenario| value(&run(scenario), scenario, Metric::Refused)).collect();
    assert!(refused[0] <= 0.0, "{refused:?}");
    assert!(refused[1] > 10_000.0, "{refused:?}");
}
