//! Overrides of an experiment: `--set`, and the options that stand for one.

use super::{SMALLEST, good, load, read, read_back, refused, small_files};
use cometsim::model::scenario::{Arrivals, Check, Delay, FirstCheck, Process, TransportConfig};
use cometsim::units::{Bytes, Time};

#[test]
fn overrides_may_stand_at_both_places() {
    let scenarios = good("overrides.toml").scenarios(0);
    assert_eq!(scenarios[0], scenarios[1]);
    assert_eq!(scenarios[2], scenarios[3]);
    assert_eq!(scenarios[4], scenarios[5]);
    let TransportConfig::LongPoll(poll) = &scenarios[0].transport else { panic!("a long poll") };
    assert_eq!(poll.check, Check::Notify { hold: Time::from_secs(30) });
    assert_eq!(scenarios[0].clients.timeout, Time::from_secs(60));
    assert_eq!(scenarios[0].clients.start_within, Time::from_secs(30));
    assert_eq!(scenarios[0].http.message_framing, Bytes(12));
    assert_eq!(scenarios[4].clients.timeout, Time::from_secs(5));
    assert_eq!(scenarios[4].http.request_header, Bytes(1000));
    assert_eq!(scenarios[4].http.response_header, Bytes(179));
}

#[test]
fn an_override_may_be_written_in_every_way() {
    let count = |arguments: &[&str]| read(SMALLEST, arguments).scenarios(0)[0].clients.count;
    assert_eq!(count(&["clients.count=7"]), 7);
    assert_eq!(count(&["clients.count = 7"]), 7);
    assert_eq!(count(&["clients.count=7", "clients.count=8"]), 8);
    let timeout = |arguments: &[&str]| read(SMALLEST, arguments).scenarios(0)[0].clients.timeout;
    for argument in
        ["clients.timeout=\"7 s\"", "clients.timeout='7 s'", "clients.timeout=7 s", "clients . timeout= 7 s "]
    {
        assert_eq!(timeout(&[argument]), Time::from_secs(7), "{argument}");
    }
    for argument in [
        "transport.long polling.timeout=7 s",
        "transport.\"long polling\".timeout=7 s",
        "transport.'long polling'.timeout=\"7 s\"",
    ] {
        assert_eq!(timeout(&[argument]), Time::from_secs(7), "{argument}");
    }
    let check = |argument: &str| match &read(SMALLEST, &[argument]).scenarios(0)[0].transport {
        TransportConfig::LongPoll(poll) => poll.check,
        _ => panic!("a long poll"),
    };
    assert_eq!(check("server.check=notify"), Check::Notify { hold: Time::from_secs(40) });
    let every = Check::Every { every: Time::from_secs(1), count: 80, first: FirstCheck::AfterSleep };
    assert_eq!(check("server.check={ every = \"1 s\" }"), every);
    assert_eq!(check("server.check.every=1 s"), every);
    assert_eq!(check("transport.long polling.check.every=1 s"), every);
    assert_eq!(check("transport.long polling.long_poll.check={ every = \"1 s\" }"), every);
    let up = |argument: &str| read(SMALLEST, &[argument]).scenarios(0)[0].network.up.clone();
    assert_eq!(up("network.up={ exponential = \"5 ms\" }"), Delay::Exponential(Time::from_millis(5)));
    assert_eq!(up("network.up.constant=5 ms"), Delay::Constant(Time::from_millis(5)));
    assert_eq!(read(SMALLEST, &["experiment.title=a = b"]).title(), "a = b");
    assert_eq!(read(SMALLEST, &["experiment.title=\"a = b\""]).title(), "a = b");
}

#[test]
fn an_override_of_a_swept_key_leaves_one_value() {
    for written in ["\"clients.count\"", "clients.count", "clients.\"count\""] {
        let text = format!("{SMALLEST}[sweep]\n{written} = [10, 20, 30]\n\"source.payload\" = [\"1 B\", \"2 B\"]\n");
        let experiment = read(&text, &["clients.count=5"]);
        assert_eq!(experiment.points(), 2, "{written}");
        assert_eq!(experiment.coordinates(1), ["5", "2"], "{written}");
        assert_eq!(experiment.scenarios(1)[0].clients.count, 5, "{written}");
    }
}

#[test]
fn a_wrong_override_is_refused() {
    assert!(refused(SMALLEST, &["clients.cuont=5"]).contains("did you mean `clients.count`?"));
    assert!(refused(SMALLEST, &["clients.count"]).contains("KEY=VALUE"));
    assert!(refused(SMALLEST, &["transport.other.timeout=5 s"]).contains("names no transport"));
    assert!(refused(SMALLEST, &["chart.name=x"]).contains("`chart.name` is a chart"));
    assert!(refused(SMALLEST, &["clients=5"]).contains("`clients` must be a table"));
}

#[test]
fn a_list_of_numbers_may_be_an_override_and_has_a_bound() {
    let day = |shape: &str| ["source.day.rate=1 /s".to_owned(), format!("source.day.shape={shape}")];
    let given = day("[1, 0.5, 0]");
    let experiment = read(SMALLEST, &[&given[0], &given[1]]);
    let Arrivals::PerClient(Process::Day(profile)) = &experiment.scenarios(0)[0].source.arrivals else {
        panic!("a day")
    };
    assert_eq!((profile.shape.as_slice(), profile.period), (&[1.0, 0.5, 0.0][..], "1 d".parse().expect("a time")));
    let long = |count: usize| day(&format!("[{}]", vec!["1"; count].join(", ")));
    assert_eq!(read(SMALLEST, &[&long(1000)[0], &long(1000)[1]]).points(), 1);
    assert!(refused(SMALLEST, &[&long(1001)[0], &long(1001)[1]]).contains("has 1001 numbers"));
}

#[test]
fn overrides_are_part_of_the_written_out_experiment() {
    let experiment = read(SMALLEST, &["clients.count=5", "experiment.quick=true", "transport.long polling.hold=3 s"]);
    let again = read_back(&experiment);
    assert_eq!(experiment.scenarios(0), again.scenarios(0));
    assert_eq!(experiment.resolved_toml(), again.resolved_toml());
}

#[test]
fn quick_twice_is_quick_once() {
    for path in small_files() {
        // Swept replications, or a trace that ends before the quick run, need no second look.
        let quick = load(&path, &["experiment.quick=true"]);
        let again = read_back(&quick);
        assert!(again.quick());
        let keeps = quick.text().contains("quick_keeps");
        let scenarios = (0..quick.points()).flat_map(|point| quick.scenarios(point));
        let needed = scenarios.map(|scenario| scenario.shortest_warmup().rounded_up()).max().unwrap_or_default();
        assert_eq!(quick.resolved_toml(), again.resolved_toml(), "{}", path.display());
        for point in 0..quick.points() {
            assert!(keeps || quick.replications_at(point) <= 2);
            assert_eq!(quick.replications_at(point), again.replications_at(point));
            assert_eq!(quick.scenarios(point), again.scenarios(point), "{}, point {point}", path.display());
            let window = quick.scenarios(point)[0].window;
            assert!(keeps || window.duration <= Time::from_secs(60));
            assert!(keeps || window.warmup <= needed.max(Time::from_secs(30)), "{}", path.display());
        }
    }
}
