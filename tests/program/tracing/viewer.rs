//! `trace.json` follows the rules of the Trace Event Format.

use std::collections::BTreeMap;

use cometsim::report::trace::{TraceSpan, TraceWish, trace_client, trace_json};
use cometsim::units::Time;
use serde_json::Value;

fn document(name: &str, overrides: &[&str], span: TraceSpan) -> Value {
    let experiment = super::experiment(name, overrides);
    let transports = (0..experiment.transports().len()).collect();
    let wish = TraceWish { point: 0, transports, replication: 0, client: 0, span };
    serde_json::from_str(&trace_json(&trace_client(&experiment, &wish).unwrap()).unwrap()).unwrap()
}

fn number(event: &Value, key: &str) -> f64 {
    event[key].as_f64().unwrap_or_else(|| panic!("{key} of {event}"))
}

/// A time as Perfetto reads it: in whole nanoseconds.
fn nanos(event: &Value, key: &str) -> u64 {
    (number(event, key) * 1000.0) as u64
}

/// The thread of an event.
fn thread(event: &Value) -> (u64, u64) {
    (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap())
}

/// The keys of each kind of event, names of processes and threads, and the order of time.
fn check_events(events: &[Value]) {
    let mut named: BTreeMap<(u64, u64), &Value> = BTreeMap::new();
    let mut before = 0.0;
    for event in events {
        assert!(event["name"].is_string() && event["cat"].is_string() && event["args"].is_object(), "{event}");
        let ts = number(event, "ts");
        match event["ph"].as_str().unwrap() {
            "M" => {
                if event["name"] == "thread_name" {
                    assert!(event["args"]["name"].is_string());
                    named.insert(thread(event), event);
                }
                continue;
            }
            "X" => assert!(number(event, "dur") > 0.0),
            "i" => assert_eq!(event["s"], "t"),
            "s" => assert!(event["id"].is_u64() && event.get("bp").is_none()),
            "f" => assert!(event["id"].is_u64() && event["bp"] == "e"),
            other => panic!("{other}"),
        }
        assert!(named.contains_key(&thread(event)), "no thread of {event}");
        assert!(ts >= before, "{event} after {before}");
        before = ts;
    }
}

/// Slices of one thread lie beside each other, and each flow has a begin and an end, each in a slice.
fn check_slices(events: &[Value]) -> usize {
    let of = |kind: &str| events.iter().filter(|event| event["ph"] == kind).collect::<Vec<&Value>>();
    let mut ends: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for slice in of("X") {
        let (ts, end) = (nanos(slice, "ts"), ends.entry(thread(slice)).or_insert(0));
        assert!(*end <= ts, "{slice} begins before {end}");
        *end = ts + nanos(slice, "dur");
    }
    let is_in_a_slice = |flow: &Value| {
        of("X").iter().any(|slice| {
            let (ts, begin) = (number(flow, "ts"), number(slice, "ts"));
            thread(slice) == thread(flow) && begin <= ts && ts <= begin + number(slice, "dur")
        })
    };
    let (begins, ended) = (of("s"), of("f"));
    assert_eq!(begins.len(), ended.len());
    for begin in &begins {
        let end: Vec<_> = ended.iter().filter(|end| end["id"] == begin["id"]).collect();
        assert_eq!(end.len(), 1, "{begin}");
        assert!(number(begin, "ts") <= number(end[0], "ts"));
        assert!(is_in_a_slice(begin) && is_in_a_slice(end[0]), "{begin}");
    }
    begins.len()
}

#[test]
fn of_polls_pushes_and_failures() {
    let span = TraceSpan { from: None, to: Some(Time::from_secs(400)) };
    for (name, overrides) in [
        ("comet", &["clients.count=2"][..]),
        ("instant-messenger", &["clients.count=2"]),
        ("retry-storm", &[]),
        ("lossy-mobile", &["clients.count=2", "network.loss.rate=5 %"]),
    ] {
        let document = document(name, overrides, span);
        let events = document["traceEvents"].as_array().unwrap();
        check_events(events);
        assert!(check_slices(events) > 10, "{name}");
        let processes = events.iter().filter(|event| event["name"] == "process_name").count();
        let experiment = super::experiment(name, overrides);
        assert_eq!(processes, experiment.transports().len());
    }
}
