//! Data files mean what they say; what is no file of a sensible size is refused at once; names are names everywhere.

mod names;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::program::{Output, Scratch};
use cometsim::experiment::Experiment;
use cometsim::model::scenario::{Arrivals, Delay, Process, Scenario, TraceMessage};
use cometsim::model::{Metric, simulate};
use cometsim::theory;
use cometsim::units::Time;

const SHORT: &str = "[[transport]]\nname = \"p\"\nshort_poll = { interval = \"1 s\" }\n";

/// Reads an experiment whose text is `text`, in a folder with these data files.
fn read(text: &str, files: &[(&str, &str)]) -> Result<Experiment, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        if let Some(parent) = Path::new(name).parent() {
            fs::create_dir_all(folder.path().join(parent)).unwrap();
        }
        fs::write(folder.path().join(name), content).unwrap();
    }
    Experiment::from_text("x.toml", text, folder.path(), &[]).map_err(|errors| errors.render())
}

fn delays(content: &str) -> Result<Vec<Time>, String> {
    let text = format!("network.down.empirical.file = \"d.csv\"\n{SHORT}");
    let scenario = read(&text, &[("d.csv", content)])?.scenarios(0).remove(0);
    let Delay::Empirical(delays) = &scenario.network.down else { panic!("measured delays") };
    Ok(delays.to_vec())
}

/// The scenario of a trace in a window from 0 to `seconds`.
fn traced(content: &str, seconds: u64) -> Result<Scenario, String> {
    let window = format!("experiment = {{ warmup = \"0 s\", duration = \"{seconds} s\", replications = 2 }}\n");
    let text = format!("{window}clients.count = 5\nsource.trace.file = \"t.csv\"\n{SHORT}");
    Ok(read(&text, &[("t.csv", content)])?.scenarios(0).remove(0))
}

fn messages(content: &str) -> Result<Vec<TraceMessage>, String> {
    let scenario = traced(content, 10)?;
    let Arrivals::PerClient(Process::Trace(trace)) = &scenario.source.arrivals else { panic!("a trace") };
    Ok(trace.messages.to_vec())
}

#[test]
fn delays_are_in_the_unit_of_their_column_and_in_no_other() {
    for (header, nanos) in
        [("delay_s", 14_250_000_000), ("delay_ms", 14_250_000), ("delay_us", 14_250), ("delay_ns", 14)]
    {
        assert_eq!(delays(&format!("{header}\n14.25\n")), Ok(vec![Time(nanos)]), "{header}");
        assert_eq!(delays(&format!("seq,{header}\n1,14.25\n")), Ok(vec![Time(nanos)]), "{header}");
    }
    assert_eq!(delays("0.5\n0.25\n"), Ok(vec![Time::from_millis(250), Time::from_millis(500)]));
    for header in [
        "rtt_ms", "time_ms", "wait_ms", "ms", "rtt_us", "RTT (ms)", "delay", "rtt", "Delay_ms", "DELAY_S", "time_s",
        "seconds", "s", "14.29 ms", "14.29ms", "0.5 s", "14,29", "", "delay ms", "delay-ms", "x",
    ] {
        let said = delays(&format!("\"{header}\"\n14.25\n")).expect_err(header);
        assert!(
            said.contains("d.csv:1:") && said.contains("delay_") | said.contains("write 14.29"),
            "{header}: {said}"
        );
    }
    assert!(delays("rtt_ms\n1\n").unwrap_err().contains("write delay_ms"));
    assert!(delays("14.29 ms\n").unwrap_err().contains("write delay_ms as the first line"));
}

#[test]
fn a_column_twice_or_a_field_too_many_is_an_error_in_both_kinds_of_file() {
    for content in
        ["delay_ms,delay_ms\n1,2\n", "delay_s,delay_ms\n1,2\n", "delay_ms\n1\n2,3\n", "1\n2,3\n", "delay_ms\n1,5\n"]
    {
        assert!(delays(content).expect_err(content).contains("d.csv:"), "{content}");
    }
    for content in [
        "time_s,time_s\n1,1\n",
        "time_s,time_ms\n1,1\n",
        "time_s,client,client\n1,1,1\n",
        "time_s,bytes,bytes\n1,1,1\n",
        "time_s\n1,2\n",
        "time_s,bytes\n1,2,3\n",
        "time_s,note\n1,a,b\n",
    ] {
        assert!(messages(content).expect_err(content).contains("t.csv:"), "{content}");
    }
}

#[test]
fn a_trace_is_in_the_unit_of_its_column() {
    for (header, value, nanos) in [
        ("time_s", "1.5", 1_500_000_000),
        ("time_ms", "1500", 1_500_000_000),
        ("time_us", "1500", 1_500_000),
        ("time_ns", "1500", 1_500),
        ("time_ms", "1.5e3", 1_500_000_000),
    ] {
        let read = messages(&format!("{header},bytes\n{value},7\n")).unwrap();
        assert_eq!(read, [TraceMessage { time: Time(nanos), client: None, bytes: Some(7) }], "{header}");
    }
    for header in ["time", "Time_s", "TIME_MS", "timestamp", "t", "seconds", "time (ms)", "ts", "time_min"] {
        assert!(messages(&format!("{header},bytes\n1,7\n")).expect_err(header).contains("time_"), "{header}");
    }
}

#[test]
fn a_known_column_of_a_trace_that_is_misspelled_is_not_ignored() {
    for (header, meant) in [
        ("bytes_", "bytes"),
        ("Bytes", "bytes"),
        ("byte", "bytes"),
        ("BYTES", "bytes"),
        ("Client", "client"),
        ("clients", "client"),
        ("client_id", "client"),
        ("clinet", "client"),
        ("Time_s", "time_s"),
    ] {
        let said = messages(&format!("time_s,{header}\n1,1\n")).expect_err(header);
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{header}: {said}");
    }
    for header in ["note", "user_agent", "room", "status", "time", "url"] {
        assert_eq!(messages(&format!("time_s,{header}\n1,1\n")).unwrap().len(), 1, "{header}");
    }
}

#[test]
fn other_kinds_of_files_are_told_what_to_do() {
    let parts: &[(&str, &[&str])] = &[
        (
            "time_s\n2026-01-01T00:00:00Z\n2026-01-01T00:01:05.25Z\n",
            &["0 for the first, 65.25 for the last", "duration = \"66 s\""],
        ),
        ("time_s\n2026-01-01 23:00:00\n2026-01-02 01:00:00\n", &["7200 for the last", "duration = \"7201 s\""]),
        ("time_s\n10/Oct/2000:13:55:36 +0000\n", &["a date", "0 for the first"]),
        ("time_s;bytes\n0,5;40\n", &["semicolons", "time_s,bytes", "0.5,40"]),
        ("time_s\tbytes\n0.5\t40\n", &["tabs", "time_s,bytes", "0.5,40"]),
        ("time_s bytes\n0.5 40\n", &["spaces", "time_s,bytes", "0.5,40"]),
        ("time_s\n1700000000.5\n1700000064.5\n", &["subtract 1700000000 from every time", "duration = \"65 s\""]),
        ("time_s\n1.7e9\n", &["subtract 1700000000 from every time"]),
        (
            "time_s\n1700000000123\n1700000009123\n",
            &["name the column time_ms", "subtract 1700000000123", "duration = \"10 s\""],
        ),
        ("time_ms\n1.7e12\n", &["subtract 1700000000000 from every time"]),
        ("time_s\n5000\n5060\n", &["subtract 5000 from every time", "duration = \"61 s\""]),
        ("\u{1f}\u{8b}", &["t.csv"]),
        ("{\"log\": {}}", &["JSON"]),
        ("# note\ntime_s\n1\n", &["comment"]),
        ("0.5,20\n", &["no names", "time_s"]),
    ];
    for (content, wanted) in parts {
        let said = messages(content).expect_err(content);
        for part in *wanted {
            assert!(said.contains(part), "{content:?}: no `{part}` in\n{said}");
        }
    }
}

/// What a trace of three messages does within 60 s, and closed forms beside it.
#[test]
fn a_trace_that_ends_before_the_run_is_followed_by_silence() {
    for transport in [
        "short_poll = { interval = \"1 s\" }",
        "long_poll = { check = \"notify\", hold = \"10 s\" }",
        "long_poll = {}",
        "websocket = {}",
        "sse = {}",
    ] {
        for scope in ["client", "broadcast"] {
            let text = format!(
                "experiment = {{ warmup = \"0 s\", duration = \"60 s\" }}\nclients = {{ count = 40, start_within = \"0 s\" }}\n\
                 [source]\nscope = \"{scope}\"\ntrace.file = \"t.csv\"\n[[transport]]\nname = \"p\"\n{transport}\n"
            );
            let scenario = read(&text, &[("t.csv", "time_s\n1\n2\n5\n")]).unwrap().scenarios(0).remove(0);
            let totals = simulate(&scenario, 0, 0..scenario.population());
            assert_eq!(totals.created, 120, "{transport}");
            assert_eq!(totals.delivered, 120, "{transport}");
            let expected = theory::expected(&scenario);
            for metric in
                [Metric::MessagesCreated, Metric::MessagesDelivered, Metric::RequestsPerSecond, Metric::Timeouts]
            {
                let (Some(form), Some(found)) = (expected.get(metric), totals.metric(metric, &scenario)) else {
                    continue;
                };
                assert!((form - found).abs() <= 0.05 * found.abs().max(1.0), "{transport}: {metric:?} {form} {found}");
            }
        }
    }
}

#[test]
fn a_log_shorter_than_the_warm_up_is_warned_of_with_what_to_write() {
    let text = format!("source.trace.file = \"t.csv\"\n{SHORT}");
    let experiment = read(&text, &[("t.csv", "time_s\n0\n64.2\n")]).unwrap();
    let warning =
        experiment.foreseen().iter().find(|warning| warning.id == "few-messages-expected").expect("a warning");
    assert!(warning.help.contains("warmup = \"0 s\" and duration = \"65 s\""), "{}", warning.help);
    let text = format!("experiment = {{ warmup = \"0 s\", duration = \"65 s\" }}\n{text}");
    let experiment = read(&text, &[("t.csv", "time_s\n0\n64.2\n")]).unwrap();
    assert!(experiment.foreseen().iter().all(|warning| warning.id != "few-messages-expected"));
}

#[test]
fn a_trace_that_has_ended_runs_to_its_end() {
    let scratch = Scratch::new();
    scratch.file("t.csv", "time_s,client\n0.5,0\n3,1\n");
    let window = "[experiment]\nwarmup = \"0 s\"\nduration = \"60 s\"\nreplications = 2\n";
    let file = scratch
        .file("x.toml", &format!("{window}[clients]\ncount = 3\n[source]\ntrace = {{ file = \"t.csv\" }}\n{SHORT}"));
    for command in ["check", "plan"] {
        let output = scratch.cometsim(&[command, &file]);
        assert_eq!(output.code, 0, "{}", output.stderr);
    }
    let folder = crate::program::run_to(&scratch, &file, "out", &[]);
    let rows = crate::program::read_rows(&folder.join("replications.csv"));
    assert!(rows.iter().all(|row| row["messages_created"] == "2"), "{rows:?}");
    assert_eq!(scratch.cometsim(&["verify", folder.to_str().unwrap()]).code, 0);
}

#[test]
fn a_file_is_held_once_and_a_message_takes_24_bytes() {
    let rows: String = (0..10_000).map(|row| format!("{row}.25,{}\n", row % 7)).collect();
    let content = format!("time_s,bytes\n{rows}");
    let text = format!("source.trace.file = \"t.csv\"\nnetwork.down.empirical.file = \"d.csv\"\n{SHORT}");
    let with = read(&text, &[("t.csv", &content), ("d.csv", "delay_ms\n1\n2\n")]).unwrap();
    assert_eq!(with.plan().input_bytes(), (content.len() + 24 * 10_000 + 13 + 8 * 2) as u64);
    assert_eq!(read(SHORT, &[]).unwrap().plan().input_bytes(), 0);
}

/// Runs the program; it fails the test if that takes a minute.
fn at_once(scratch: &Scratch, arguments: &[&str]) -> Output {
    let started = Instant::now();
    let mut child = scratch.start(arguments);
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > Duration::from_secs(60) {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    scratch.cometsim(arguments)
}

#[cfg(unix)]
#[test]
fn pipes_devices_sockets_and_folders_are_refused_at_once() {
    let scratch = Scratch::new();
    assert!(Command::new("mkfifo").arg(scratch.path("pipe.toml")).status().unwrap().success());
    fs::create_dir(scratch.path("folder.toml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(scratch.path("socket.toml")).unwrap();
    std::os::unix::fs::symlink("pipe.toml", scratch.path("link.toml")).unwrap();
    for (file, kind) in [
        ("pipe.toml", "a pipe"),
        ("link.toml", "a pipe"),
        ("folder.toml", "a folder"),
        ("socket.toml", "a socket"),
        ("/dev/zero", "a device"),
        ("nowhere.toml", "no such file"),
    ] {
        for command in ["check", "plan", "run"] {
            let output = at_once(&scratch, &[command, file]);
            assert_eq!(output.code, 2, "{command} {file}");
            assert!(output.stderr.contains(kind), "{command} {file}: {}", output.stderr);
        }
        let text = format!("source.trace.file = \"{file}\"\nnetwork.up.empirical.file = \"{file}\"\n{SHORT}");
        let output = at_once(&scratch, &["check", &scratch.file("x.toml", &text)]);
        assert_eq!(output.code, 2, "{file}");
        assert_eq!(output.stderr.matches(kind).count(), 2, "{file}: {}", output.stderr);
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let scratch = Scratch::new();
    let sparse = |name: &str, size: u64| fs::File::create(scratch.path(name)).unwrap().set_len(size).unwrap();
    sparse("x.toml", (16 << 20) + 1);
    let said = Experiment::load(Path::new(&scratch.path("x.toml")), &[]).unwrap_err().render();
    assert!(said.contains("17 MiB, and 16 MiB are the most"), "{said}");
    sparse("t.csv", 1 << 40);
    let text = format!("source.trace.file = \"t.csv\"\n{SHORT}");
    let said = Experiment::from_text("y.toml", &text, Path::new(&scratch.path("")), &[]).unwrap_err().render();
    assert!(said.contains("4096 MiB are the most"), "{said}");
}

#[test]
fn long_lines_and_many_mistakes_are_refused_at_once() {
    let scratch = Scratch::new();
    let most = 2_000_000;
    for (name, text) in [
        ("key", format!("{} = 1\n{SHORT}", "x".repeat(most))),
        ("text", format!("experiment.title = \"{}\"\n{SHORT}", "x".repeat(most))),
        ("time", format!("clients.timeout = \"{} s\"\n{SHORT}", "9".repeat(most))),
        ("number", format!("clients.count = {}\n{SHORT}", "9".repeat(most))),
        ("word", format!("source.scope = \"{}\"\n{SHORT}", "x".repeat(most))),
        ("metric", format!("{SHORT}[[chart]]\nname = \"a\"\nkind = \"bar\"\ny = \"{}\"\n", "x".repeat(900))),
        ("junk", "x".repeat(most)),
        ("tables", (0..100_000).map(|number| format!("k{number}=1\n")).collect()),
        (
            "keys",
            format!("clients = {{{}}}\n{SHORT}", (0..100_000).map(|key| format!("k{key}=1,")).collect::<String>()),
        ),
        (
            "swept",
            format!("sweep = {{{}}}\n{SHORT}", (0..100_000).map(|key| format!("k{key}=[1],")).collect::<String>()),
        ),
        ("file", format!("source.trace.file = \"{}\"\n{SHORT}", "x".repeat(most))),
        ("way", format!("source.trace.file = \"{}\"\n{SHORT}", "x".repeat(4_000))),
    ] {
        let output = at_once(&scratch, &["check", &scratch.file(&format!("{name}.toml"), &text)]);
        assert_eq!(output.code, 2, "{name}");
    }
    scratch.file("t.csv", &format!("time_s\n{}\n", "9,".repeat(2_000_000)));
    let output =
        at_once(&scratch, &["check", &scratch.file("t.toml", &format!("source.trace.file = \"t.csv\"\n{SHORT}"))]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("1048576 are the most"), "{}", &output.stderr[..200]);
}
