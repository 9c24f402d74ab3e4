//! What summaries say of all replications together: every interval contains the truth, or is not there. The estimates
//! themselves are tested by hand and against tables.

mod histogram;
mod intervals;
mod student;

use std::path::Path;

use crate::hand::{every, one_client, websocket};
use cometsim::experiment::Experiment;
use cometsim::model::scenario::*;
use cometsim::model::{Metric, simulate};
use cometsim::report::{CsvTable, LATENCY_CDF, REPLICATIONS, SUMMARY, TIMELINE, csv_files};
use cometsim::runner::{Group, Journal, run};
use cometsim::stats::Estimate;
use cometsim::units::{Probability, Time};

/// The groups of an experiment, and its tables.
fn results(text: &str) -> (Vec<Group>, impl Fn(&str) -> CsvTable + use<>) {
    let experiment = Experiment::from_text("statistics.toml", text, Path::new("."), &[]).unwrap();
    let groups = run(&experiment.plan(), 2, &mut Journal::none(), &|_| ()).unwrap();
    let files = csv_files(&experiment, &groups).unwrap();
    let table = move |name: &str| CsvTable::parse(&files.iter().find(|(file, _)| *file == name).unwrap().1).unwrap();
    (groups, table)
}

fn estimate(group: &Group, metric: Metric) -> Estimate {
    group.estimate(metric).unwrap_or_else(|| panic!("{metric:?} has no sample"))
}

/// Whether there is an interval; it must contain the truth then.
#[track_caller]
fn contains_if_there(group: &Group, metric: Metric, truth: f64) -> bool {
    let estimate = estimate(group, metric);
    let interval = estimate.interval;
    assert!(interval.is_none_or(|interval| interval.contains(truth)), "{metric:?}: {estimate:?}, and not {truth}");
    interval.is_some()
}

/// Two messages an hour for each client, polls each minute, half an hour: one message a replication and client. A message
/// waits evenly up to 60 s: 95 % wait at most 57 s. A client sends 30 polls of 692 + 179 bytes for one message of 20 on
/// average: 26,150 bytes a message. Mean percentiles and mean ratios of single replications were 39.5 s ± 1.0 s and
/// 30,721 ± 1,043 for 2 clients, 56.7 s ± 0.1 s and 26,404 ± 166 for 100.
#[test]
fn rare_messages_have_their_percentiles_and_their_bytes() {
    let (groups, _) = results(
        r#"
        [experiment]
        replications = 1000
        [source]
        poisson = { rate = "2 /h" }
        [[transport]]
        name = "short"
        short_poll = { interval = "60 s" }
        [sweep]
        "clients.count" = [2, 10, 30, 100]
        "#,
    );
    assert_eq!(groups.len(), 4);
    let mut looked_at = 0;
    for group in &groups {
        let clients = f64::from(group.scenario.clients.count);
        for (metric, truth) in truths_of_rare_messages(clients) {
            // At 99.9 %, 1.7 times as wide, so that none of some 40 intervals need miss by chance.
            let found = estimate(group, metric);
            let Some(interval) = found.interval else { continue };
            let (low, high) = (1.7 * (found.value - interval.low), 1.7 * (interval.high - found.value));
            assert!(found.value - low <= truth && truth <= found.value + high, "{clients}, {metric:?}: {found:?}");
            looked_at += 1;
        }
        // What was reported before lies outside.
        let bytes = estimate(group, Metric::HttpBytesPerMessage).value;
        assert!((bytes / 26_150.0 - 1.0).abs() < 0.02, "{clients}: {bytes}");
    }
    assert!(looked_at >= 30, "{looked_at} intervals");
    // With 2 clients a replication has no message with probability exp(-2): 865 of 1,000 have one.
    let with_messages = estimate(&groups[0], Metric::ReplicationsWithMessages).value;
    assert!((835.0..895.0).contains(&with_messages), "{with_messages}");
    assert_eq!(estimate(&groups[0], Metric::LatencyMean).samples, with_messages as usize);
}

/// What is true of so many clients with two messages an hour each that poll each minute for half an hour.
fn truths_of_rare_messages(clients: f64) -> [(Metric, f64); 9] {
    [
        (Metric::LatencyP95, 57.0),
        (Metric::LatencyP99, 59.4),
        (Metric::LatencyP50, 30.0),
        (Metric::LatencyMean, 30.0),
        (Metric::HttpBytesPerMessage, 26_150.0),
        (Metric::MessagesCreated, clients),
        // A poll is empty with probability exp(-1/30).
        (Metric::EmptyReplyFraction, (-1.0_f64 / 30.0).exp()),
        // Of the messages of half an hour those of the last 30 s on average are still on their way.
        (Metric::PendingFraction, 1.0 / 60.0),
        (Metric::ArrivedFraction, 59.0 / 60.0),
    ]
}

/// The same in experiments of ten replications: an interval of 95 % contains the truth in 95 of 100.
#[test]
fn intervals_of_rare_messages_cover() {
    let text = r#"
        [source]
        poisson = { rate = "2 /h" }
        [[transport]]
        name = "short"
        short_poll = { interval = "60 s" }
        [sweep]
        "clients.count" = [2, 10, 30]
    "#;
    let experiment = Experiment::from_text("rare.toml", text, Path::new("."), &[]).unwrap();
    for (point, clients) in [2_u32, 10, 30].into_iter().enumerate() {
        let scenario = &experiment.scenarios(point)[0];
        let totals: Vec<_> = (0..1_000).map(|number| simulate(scenario, number, 0..clients)).collect();
        let groups: Vec<Group> = totals.chunks(10).map(|some| Group::of(scenario, some).unwrap()).collect();
        for (metric, truth) in truths_of_rare_messages(clients.into()) {
            let intervals: Vec<_> = groups.iter().filter_map(|group| estimate(group, metric).interval).collect();
            let covering = intervals.iter().filter(|interval| interval.contains(truth)).count();
            // Of 100 intervals fewer than 87 cover once in 1,000 times; too few to tell are not there.
            assert!(intervals.len() < 20 || covering as f64 >= 0.87 * intervals.len() as f64, "{clients}, {metric:?}");
            // 20 messages in ten replications of 2 clients: nothing that is said of messages has an interval.
            assert!(clients > 2 || intervals.is_empty(), "{metric:?}");
        }
    }
}

/// A message in half an hour, and polls of 871 bytes each 5 s: 360 polls a message, 313,580 bytes with its 20.
#[test]
fn bytes_per_message_of_fast_polls_are_those_of_the_long_run() {
    let (groups, _) = results(
        r#"
        [experiment]
        replications = 200
        [clients]
        count = 20
        [source]
        poisson = { rate = "2 /h" }
        [[transport]]
        name = "short"
        short_poll = { interval = "5 s" }
        "#,
    );
    assert!(contains_if_there(&groups[0], Metric::HttpBytesPerMessage, 313_580.0));
}

/// So many messages a replication of one client that polls each 10 s: 1.5 in 100 replications of 1,000 are 150, and 20
/// replications have 30. Up to 10 s, the 95th percentile is 9.5 s.
#[test]
fn a_percentile_of_too_few_messages_has_no_interval() {
    let scenario = Scenario {
        window: Window { warmup: Time::from_secs(20), duration: Time::from_secs(150), bin: Time::from_secs(170) },
        source: Source {
            arrivals: Arrivals::PerClient(Process::Poisson { rate: cometsim::units::Rate::new(1, 100).unwrap() }),
            ..one_client().source
        },
        network: Network::constant(Time::ZERO),
        transport: TransportConfig::ShortPoll(ShortPoll::every(Time::from_secs(10))),
        ..one_client()
    };
    let totals: Vec<_> = (0..1_000).map(|number| simulate(&scenario, number, 0..1)).collect();
    for some in totals.chunks(20) {
        let group = Group::of(&scenario, some).unwrap();
        assert!(!contains_if_there(&group, Metric::LatencyP95, 9.5));
        assert!(!contains_if_there(&group, Metric::LatencyMean, 5.0));
    }
    let all = Group::of(&scenario, &totals).unwrap();
    assert!(contains_if_there(&all, Metric::LatencyP95, 9.5));
    assert!(contains_if_there(&all, Metric::LatencyMean, 5.0));
    assert!(contains_if_there(&all, Metric::LatencyP99, 9.9));
}

/// 90 messages a replication with delays of 0.1 s on average, exponential: the 99th percentile of each replication alone is
/// its maximum, 0.51 s on average (0.1 s times 1 + 1/2 + … + 1/90); that of the law is 0.1 s × ln 100 = 0.4605 s.
#[test]
fn the_99th_percentile_is_not_the_mean_maximum() {
    let delay = Delay::Exponential(Time::from_millis(100));
    let scenario = Scenario {
        window: Window { warmup: Time::from_secs(20), duration: Time::from_secs(900), bin: Time::from_secs(920) },
        source: Source {
            arrivals: Arrivals::InRequest { hit: Probability::new(1, 10).unwrap() },
            ..one_client().source
        },
        network: Network { down: delay, ..Network::constant(Time::ZERO) },
        ..one_client()
    };
    let truth = 0.1 * 100.0_f64.ln();
    let totals: Vec<_> = (0..2_000).map(|number| simulate(&scenario, number, 0..1)).collect();
    let mut covering = 0;
    for some in totals.chunks(20) {
        let found = estimate(&Group::of(&scenario, some).unwrap(), Metric::LatencyP99);
        covering += usize::from(found.interval.expect("1,800 messages").contains(truth));
    }
    // 95 of 100 on average; below 88 once in 600 times.
    assert!(covering >= 88, "{covering} of 100");
    for some in totals.chunks(5).take(20) {
        assert!(!contains_if_there(&Group::of(&scenario, some).unwrap(), Metric::LatencyP99, truth));
    }
}

/// What never happened may be rare: no interval, and not one without width. What is always the same has one without width.
#[test]
fn a_count_of_nothing_has_no_interval() {
    let mut scenario = one_client();
    scenario.source.arrivals = Arrivals::PerClient(every(100, 50));
    scenario.transport = websocket();
    let totals: Vec<_> = (0..5).map(|number| simulate(&scenario, number, 0..1)).collect();
    let group = Group::of(&scenario, &totals).unwrap();
    for never in [Metric::MessagesLost, Metric::Timeouts, Metric::PendingFraction, Metric::HttpUpBytesPerSecond] {
        assert_eq!(estimate(&group, never).half_width(), None, "{never:?}");
    }
    assert_eq!(group.estimate(Metric::MessagesLost), Some(Estimate::bare(0.0, 5)));
    for always in [Metric::HttpDownBytesPerSecond, Metric::LatencyMean, Metric::LatencyP95] {
        assert_eq!(estimate(&group, always).half_width(), Some(0.0), "{always:?}");
    }
    for extreme in [Metric::LatencyMin, Metric::LatencyMax, Metric::MessagesMeasured] {
        assert_eq!(estimate(&group, extreme).half_width(), None, "{extreme:?}");
    }
}

/// A message each second from 0.5 s on, pushed to a client 1 s away; the window is 10 s to 20 s. Created in it: 10.5 to
/// 19.5. Of these 10.5 to 18.5 arrive in it, nine of ten; 19.5 is on its way at the end. 9.5 arrives in it, too: ten are
/// delivered for ten that are created, and still one of those has not arrived.
#[test]
fn messages_arrive_or_are_on_their_way() {
    let mut scenario = one_client();
    scenario.window = Window { warmup: Time::from_secs(10), ..scenario.window };
    scenario.source.arrivals = Arrivals::PerClient(every(1_000, 500));
    scenario.network = Network::constant(Time::from_secs(1));
    scenario.transport = websocket();
    let totals = simulate(&scenario, 0, 0..1);
    let value = |metric| totals.metric(metric, &scenario);
    assert_eq!(value(Metric::MessagesCreated), Some(10.0));
    assert_eq!(value(Metric::MessagesDelivered), Some(10.0));
    assert_eq!(value(Metric::ArrivedFraction), Some(0.9));
    assert_eq!(value(Metric::PendingFraction), Some(0.1));
    assert_eq!(value(Metric::MessagesMeasured), Some(10.0));
    assert_eq!(value(Metric::ReplicationsWithMessages), Some(1.0));
}

/// A broadcast counts once, however many clients it reaches and in whatever blocks they are simulated: 8 messages in 10 s
/// to 30 clients are 240 latencies, and too few for an interval.
#[test]
fn a_broadcast_counts_once() {
    let mut scenario = one_client();
    scenario.clients = Clients::staying(30);
    scenario.source.arrivals = Arrivals::Broadcast(every(1_250, 1_000));
    scenario.network = Network { down: Delay::Exponential(Time::from_millis(100)), ..Network::constant(Time::ZERO) };
    scenario.transport = websocket();
    let whole = simulate(&scenario, 0, 0..30);
    let mut blocks = simulate(&scenario, 0, 0..7);
    blocks.merge(&simulate(&scenario, 0, 7..30));
    // Created at 1, 2.25, …, 9.75 s.
    assert_eq!((whole.shared, blocks.shared, whole.created), (8, 8, 240));
    let totals: Vec<_> = (0..7).map(|number| simulate(&scenario, number, 0..30)).collect();
    let of = |replications: usize, metric| {
        estimate(&Group::of(&scenario, &totals[..replications]).unwrap(), metric).interval
    };
    // 48 messages, then 56: a median needs 50, a mean and the 95th percentile 200.
    assert!(of(6, Metric::LatencyP50).is_none() && of(7, Metric::LatencyP50).is_some());
    assert!(of(7, Metric::LatencyMean).is_none() && of(7, Metric::LatencyP95).is_none());
    scenario.source.arrivals = Arrivals::PerClient(every(1_250, 1_000));
    let apart: Vec<_> = (0..2).map(|number| simulate(&scenario, number, 0..30)).collect();
    assert!(estimate(&Group::of(&scenario, &apart).unwrap(), Metric::LatencyMean).interval.is_some());
}

/// The summary beside the rows of the replications: ratios of sums and not means of ratios, and the largest of all.
#[test]
fn a_summary_is_of_all_messages_together() {
    let (_, table) = results(
        r#"
        [experiment]
        replications = 30
        duration = "2 min"
        [clients]
        count = 3
        [source]
        poisson = { rate = "1 /min" }
        [[transport]]
        name = "short"
        short_poll = { interval = "20 s" }
        "#,
    );
    let (summary, rows, cdf) = (table(SUMMARY), table(REPLICATIONS), table(LATENCY_CDF));
    // A column that would be empty is left out.
    let of = |name: &str| summary.number(0, summary.column(name)?);
    let each = |name: &str| {
        let column = rows.column(name).unwrap();
        (0..rows.rows.len()).map(|row| rows.number(row, column)).collect::<Vec<_>>()
    };
    let sum = |name: &str| each(name).into_iter().flatten().sum::<f64>();
    let weighted: f64 = each("latency_mean_s")
        .into_iter()
        .zip(each("messages_measured"))
        .map(|(mean, n)| mean.unwrap_or(0.0) * n.unwrap())
        .sum();
    assert!((of("latency_mean_s").unwrap() - weighted / sum("messages_measured")).abs() < 1e-9);
    assert_eq!(of("messages_measured"), Some(sum("messages_delivered")));
    assert_eq!(of("replications_with_messages"), Some(each("latency_mean_s").into_iter().flatten().count() as f64));
    assert_eq!(of("latency_max_s"), each("latency_max_s").into_iter().flatten().reduce(f64::max));
    assert_eq!(of("latency_min_s"), each("latency_min_s").into_iter().flatten().reduce(f64::min));
    let (low, high) = (of("latency_p50_s_low95").unwrap(), of("latency_p50_s_high95").unwrap());
    assert!(low < of("latency_p50_s").unwrap() && of("latency_p50_s").unwrap() < high);
    assert_eq!(of("latency_p50_s_ci95"), Some((high - low) / 2.0));
    assert_eq!(of("latency_max_s_ci95"), None);
    // No fraction before its time: the last point is the largest latency, and none is beyond what was measured.
    let last = cdf.rows.len() - 1;
    assert_eq!(cdf.number(last, cdf.column("latency_s").unwrap()), of("latency_max_s"));
    assert_eq!(cdf.number(last, cdf.column("fraction").unwrap()), Some(1.0));
}

/// Of every point of the distribution it is true that this fraction took at most as long.
#[test]
fn the_distribution_is_true_at_every_point() {
    let mut scenario = one_client();
    scenario.network = Network { down: Delay::Exponential(Time::from_millis(100)), ..Network::constant(Time::ZERO) };
    scenario.window.duration = Time::from_secs(2_000);
    scenario.transport = TransportConfig::ShortPoll(ShortPoll {
        phase: Phase::At(Time::ZERO),
        ..ShortPoll::every(Time::from_millis(500))
    });
    let latency = simulate(&scenario, 0, 0..1).latency;
    let points: Vec<(u64, u64)> = latency.distribution().collect();
    assert_eq!(points.last(), Some(&(latency.max().unwrap(), latency.count())));
    // The quantiles are the middles of the buckets, so at most what the bucket may hold.
    for (nanos, cumulative) in points {
        let order = cumulative as f64 / latency.count() as f64;
        assert!(latency.quantile(order).unwrap() <= nanos);
    }
}

/// Every bin against three replications by themselves; t(0.975, 2) = 4.30265. One replication has no such columns.
#[test]
fn a_time_bin_has_the_interval_of_its_replications() {
    let text = |replications: u32| {
        format!(
            "[experiment]\nreplications = {replications}\nwarmup = \"5 s\"\nduration = \"12 s\"\nbin = \"5 s\"\n\
             [clients]\ncount = 3\n[source]\npoisson = {{ rate = \"0.2 /s\" }}\n\
             [[transport]]\nname = \"long\"\nlong_poll = {{}}\n"
        )
    };
    let (groups, table) = results(&text(3));
    let scenario = &groups[0].scenario;
    let runs: Vec<_> = (0..3).map(|number| simulate(scenario, number, 0..3)).collect();
    let bins: Vec<Vec<_>> = runs.iter().map(|totals| totals.bins.iter().collect()).collect();
    let timeline = table(TIMELINE);
    let cell = |row: usize, name: &str| timeline.number(row, timeline.column(name).unwrap());
    let names = ["requests_per_s", "http_mbit_per_s", "held_requests", "messages_delivered_per_s"];
    let mut compared = 0;
    for row in 0..4 {
        let seconds = if row == 3 { 2.0 } else { 5.0 };
        let units = [1.0, 8e-6, 1e-9, 1.0].map(|unit| unit / seconds);
        for (place, (name, unit)) in names.into_iter().zip(units).enumerate() {
            let values: Vec<f64> = bins.iter().map(|bins| bins[row].counts()[place] as f64 * unit).collect();
            let mean = values.iter().sum::<f64>() / 3.0;
            let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 2.0;
            let half = 4.302_652_729_749_46 * (variance / 3.0).sqrt();
            let there = cell(row, &format!("{name}_ci95"));
            assert!((cell(row, name).unwrap() - mean).abs() < 1e-9);
            assert!(if mean > 0.0 { (there.unwrap() - half).abs() < 1e-9 } else { there.is_none() }, "{name} {row}");
            compared += usize::from(half > 0.0);
        }
    }
    assert!(compared >= 8 && timeline.rows.len() == 4, "{compared}");
    let (_, table) = results(&text(1));
    assert_eq!(table(TIMELINE).header, [&["point", "transport", "time_s"], &names[..], &["warmup_s"]].concat());
}
