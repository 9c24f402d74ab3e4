//! The lives of all clients together are the totals of the replication.

use cometsim::experiment::Experiment;
use cometsim::model::{Fate, Happening, PushKind, Scenario, Totals, clients_of, shards, simulate};
use cometsim::report::trace::{TraceSpan, TraceWish, trace_client, trace_csv};
use cometsim::runner::{LifeRequest, Occurrence, life};
use cometsim::units::Time;

use crate::program::{Scratch, read_rows, run_to};

/// What can be counted in a life.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    requests: u64,
    replies: u64,
    empty_replies: u64,
    up_bytes: u64,
    down_bytes: u64,
    created: u64,
    delivered: u64,
    lost: u64,
    superseded: u64,
    duplicated: u64,
    latency_nanos: u128,
    checks: u64,
    timeouts: u64,
    stopped: u64,
    goodput: u64,
    orphans: u64,
    ghosts: u64,
    gateway_timeouts: u64,
    refused: u64,
    broken: u64,
    cuts: u64,
    connections: u64,
    lost_packets: u64,
    sends_failed: u64,
    left: u64,
}

impl Counts {
    fn of_run(totals: &Totals) -> Counts {
        let served = &totals.served;
        Counts {
            requests: totals.requests,
            replies: totals.replies,
            empty_replies: totals.empty_replies,
            up_bytes: totals.http_up_bytes,
            down_bytes: totals.http_down_bytes,
            created: totals.created,
            delivered: totals.delivered,
            lost: totals.lost,
            superseded: totals.superseded,
            duplicated: totals.duplicated,
            latency_nanos: totals.latency.sum(),
            checks: totals.checks,
            timeouts: totals.timeouts,
            stopped: totals.stopped,
            goodput: served.goodput,
            orphans: served.orphans,
            ghosts: served.ghosts,
            gateway_timeouts: served.gateway_timeouts.unwrap_or(0),
            refused: served.pool.as_ref().map_or(0, |pool| pool.refused),
            broken: served.broken.unwrap_or(0),
            cuts: served.cuts.unwrap_or(0),
            connections: served.wire.as_ref().map_or(0, |wire| wire.connections),
            lost_packets: served.lost_packets.unwrap_or(0),
            sends_failed: served.sends.as_ref().map_or(0, |sends| sends.failed),
            left: served.visits.as_ref().map_or(0, |visits| visits.left),
        }
    }

    fn add_message(&mut self, what: Occurrence, at: Time, start: Time) {
        match what {
            Occurrence::Created(_, created, _) => self.created += u64::from(created >= start),
            Occurrence::Settled(_, Fate::Delivered, created) => {
                self.delivered += 1;
                self.latency_nanos += u128::from(at.since(created).0);
            }
            Occurrence::Settled(_, Fate::Lost, _) => self.lost += 1,
            Occurrence::Settled(_, Fate::Superseded, _) => self.superseded += 1,
            Occurrence::Carried(..) | Occurrence::Plain(_) => {}
        }
    }

    fn add(&mut self, what: Happening, scenario: &Scenario) {
        match what {
            Happening::Sent { header, body } => {
                (self.requests, self.up_bytes) = (self.requests + 1, self.up_bytes + header + body);
            }
            Happening::FrameSent { bytes } | Happening::Reset { bytes } => self.up_bytes += bytes,
            Happening::Answered { size, is_empty } => {
                self.replies += 1;
                self.empty_replies += u64::from(is_empty);
                self.down_bytes += size.header + size.body;
            }
            Happening::Pushed { kind, bytes, .. } if kind != PushKind::Header => self.down_bytes += bytes,
            Happening::StreamEnds { bytes } => self.down_bytes += bytes,
            Happening::Duplicated(copies) => self.duplicated += copies,
            Happening::Checked { .. } => self.checks += 1,
            Happening::Checks { first, every, count } => {
                let window = scenario.window.warmup..scenario.window.horizon();
                let instants = (0..count).map(|number| first.plus(every.times(number)));
                self.checks += instants.filter(|at| window.contains(at)).count() as u64;
            }
            Happening::TimedOut => self.timeouts += 1,
            Happening::Stopped => self.stopped += 1,
            Happening::Received => self.goodput += 1,
            Happening::Orphaned => self.orphans += 1,
            Happening::Haunted => self.ghosts += 1,
            Happening::GatewayTimedOut => self.gateway_timeouts += 1,
            Happening::Refused => self.refused += 1,
            Happening::Broken => self.broken += 1,
            Happening::Cut => self.cuts += 1,
            Happening::Connecting(_) => self.connections += 1,
            Happening::PacketLost { .. } => self.lost_packets += 1,
            Happening::SendFailed => self.sends_failed += 1,
            Happening::Left => self.left += 1,
            _ => {}
        }
    }

    /// The lives of all clients.
    fn of_lives(scenario: &Scenario, replication: u32) -> Counts {
        let mut counts = Counts::default();
        let (from, to) = (scenario.window.warmup, scenario.window.horizon());
        for client in 0..clients_of(scenario, replication) {
            let request = LifeRequest { replication, client, from, to, most: usize::MAX };
            let life = life(scenario, request).unwrap();
            assert!(life.events.windows(2).all(|pair| pair[0].at <= pair[1].at));
            for event in life.events.iter().filter(|event| event.at >= from) {
                match event.what {
                    Occurrence::Plain(what) => counts.add(what, scenario),
                    other => counts.add_message(other, event.at, from),
                }
            }
        }
        counts
    }
}

/// The totals of a replication, as a run makes them.
fn replicate(scenario: &Scenario, replication: u32) -> Totals {
    let mut shards = shards(scenario).map(|clients| simulate(scenario, replication, clients));
    let mut totals = shards.next().unwrap();
    shards.for_each(|other| totals.merge(&other));
    totals
}

/// Compares the lives with the run, for each transport. Returns what they count together.
fn compare(name: &str, overrides: &[&str]) -> Vec<Counts> {
    let short = ["experiment.warmup=20 s", "experiment.duration=100 s"];
    let experiment = super::experiment(name, &[&short, overrides].concat());
    let one = |(scenario, transport): (&Scenario, &String)| {
        let counts = Counts::of_lives(scenario, 1);
        assert_eq!(counts, Counts::of_run(&replicate(scenario, 1)), "{name}, {transport}");
        counts
    };
    experiment.scenarios(0).iter().zip(experiment.transports()).map(one).collect()
}

fn any(counts: &[Counts], count: impl Fn(&Counts) -> u64) -> bool {
    counts.iter().map(count).sum::<u64>() > 0
}

#[test]
fn of_the_tutorial_and_of_every_transport() {
    assert!(any(&compare("comet", &["clients.count=7"]), |counts| counts.delivered));
    assert!(any(&compare("transports", &["clients.count=5"]), |counts| counts.delivered));
    assert!(any(&compare("instant-messenger", &["clients.count=3"]), |counts| counts.connections));
    let each = compare("tick", &["clients.count=5", "engine.ticks=each"]);
    assert!(any(&each, |counts| counts.checks));
}

#[test]
fn of_clients_that_share_workers_links_browsers_and_messages() {
    let storm = compare("retry-storm", &["clients.count=12", "server.workers=2"]);
    assert!(any(&storm, |counts| counts.gateway_timeouts) && any(&storm, |counts| counts.ghosts), "{storm:?}");
    let full = compare("retry-storm", &["clients.count=12", "server.workers=2", "server.backlog=3"]);
    assert!(any(&full, |counts| counts.refused) && any(&full, |counts| counts.orphans), "{full:?}");
    compare("saturated-link", &["clients.count=9", "network.server_link=100 kbit/s"]);
    compare("tabs", &["clients.count=8"]);
    assert!(any(&compare("chat-room", &["clients.count=6"]), |counts| counts.delivered));
    compare("mobile-and-desktop", &["clients.count=10", "population.phones.share=50 %", "server.workers=4"]);
}

#[test]
fn of_timeouts_losses_restarts_and_visits() {
    let timeouts = compare("timeout", &["clients.count=4", "clients.timeout=10 s"]);
    assert!(any(&timeouts, |counts| counts.timeouts) && any(&timeouts, |counts| counts.orphans));
    let lossy = compare("lossy-mobile", &["clients.count=4", "network.loss.rate=5 %"]);
    assert!(any(&lossy, |counts| counts.lost_packets));
    let herd = compare("herd", &["clients.count=5", "server.restart.at=40 s"]);
    assert!(any(&herd, |counts| counts.broken));
    let crowd = ["clients.count=5", "clients.crowd={at=\"50 s\",count=20,within=\"5 s\"}", "server.workers=4"];
    let crowd =
        compare("flash-crowd", &[&crowd[..], &["server.backlog=3", "clients.session={exponential=\"30 s\"}"]].concat());
    assert!(any(&crowd, |counts| counts.left) && any(&crowd, |counts| counts.refused));
    compare("customer-service", &["clients.count=5"]);
    compare("http2", &["clients.count=6"]);
}

/// The sums of the tables of all clients against a column of `replications.csv`.
fn check_columns(experiment: &Experiment, rows: &[std::collections::BTreeMap<String, String>]) {
    for (place, transport) in experiment.transports().iter().enumerate() {
        let row = rows.iter().find(|row| row["transport"] == *transport && row["replication"] == "0").unwrap();
        let scenario = &experiment.scenarios(0)[place];
        let seconds = scenario.window.duration.as_secs_f64();
        let (mut bytes, mut requests, mut latencies) = (0.0, 0.0, Vec::new());
        for client in 0..clients_of(scenario, 0) {
            let span = TraceSpan { from: Some(scenario.window.warmup), to: Some(scenario.window.horizon()) };
            let wish = TraceWish { point: 0, transports: vec![place], replication: 0, client, span };
            let table = trace_csv(&trace_client(experiment, &wish).unwrap()).unwrap();
            let mut reader = csv::Reader::from_reader(table.as_bytes());
            for cells in reader.deserialize::<std::collections::BTreeMap<String, String>>().map(Result::unwrap) {
                if cells["time_s"].parse::<f64>().unwrap() < scenario.window.warmup.as_secs_f64() {
                    continue;
                }
                if !cells["bytes"].is_empty() && cells["from"] != "source" {
                    bytes += cells["bytes"].parse::<f64>().unwrap();
                }
                requests += f64::from(u8::from(cells["event"] == "sent"));
                latencies.extend(cells["latency_s"].parse::<f64>().ok());
            }
        }
        let near = |column: &str, value: f64| {
            let there: f64 = row[column].parse().unwrap();
            assert!((there - value).abs() <= 1e-9 * there.abs(), "{transport}, {column}: {there} and {value}");
        };
        near("http_bytes_per_s", bytes / seconds);
        near("requests_per_s", requests / seconds);
        near("messages_delivered", latencies.len() as f64);
        assert!(!latencies.is_empty(), "{transport}");
        near("latency_mean_s", latencies.iter().sum::<f64>() / latencies.len() as f64);
    }
}

#[test]
fn of_the_tables_of_a_run() {
    let scratch = Scratch::new();
    let file = super::file(&scratch);
    let rows = read_rows(&run_to(&scratch, &file, "out", &[]).join("replications.csv"));
    let rows = rows.into_iter().map(|mut row| {
        // The mark of a word that a spreadsheet would run.
        let name = row["transport"].trim_start_matches('\'').to_owned();
        row.insert("transport".to_owned(), name);
        row
    });
    let experiment = Experiment::load(file.as_ref(), &[]).unwrap();
    check_columns(&experiment, &rows.collect::<Vec<_>>());
}
