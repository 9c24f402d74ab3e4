//! What may be off: each such key with its value, and swept from off to on.

use std::fs;

use super::{SMALL, assert_round_trip, read, swept};
use crate::program::{Scratch, differing_files, read_rows, run_to};
use cometsim::experiment::keys;

/// Each table and limit with a value that it may have, and what stands in the file besides.
fn switched() -> Vec<(&'static str, &'static str, &'static str)> {
    vec![
        ("clients.session", "{ exponential = \"1 min\" }", ""),
        ("clients.arrival_rate", "\"1 /min\"", ""),
        ("clients.crowd", "{ at = \"20 s\", count = 3 }", ""),
        ("clients.sends", "{ poisson = { rate = \"2 /min\" } }", ""),
        ("source.spread", "{ zipf = 1.0 }", "source.poisson.rate = \"2 /min\""),
        ("http.http2", "{ request = \"30 B\" }", ""),
        ("server.check.drift", "{ constant = \"1 ms\" }", ""),
        ("server.restart", "{ at = \"30 s\" }", ""),
        ("server.workers", "2", ""),
        ("server.backlog", "2", "server.workers = 2"),
        ("server.service", "{ exponential = \"10 ms\" }", ""),
        ("proxy", "{}", ""),
        ("proxy.read_timeout", "\"20 s\"", ""),
        ("proxy.idle_timeout", "\"20 s\"", ""),
        ("cost", "{}", ""),
        ("cost.radio", "{ idle_ma = 5, charge_mas = 300 }", ""),
        ("network.up", "{ constant = \"80 ms\" }", ""),
        ("network.down", "{ constant = \"80 ms\" }", ""),
        ("network.wire", "{}", ""),
        ("network.wire.tls", "{}", ""),
        ("network.server_link", "\"10 Mbit/s\"", ""),
        ("network.client_link", "{ up = \"1 Mbit/s\", down = \"16 Mbit/s\" }", ""),
        ("network.loss", "{ rate = \"1 %\" }", "network.wire = {}"),
        ("transport.streaming.recycle_after", "\"20 s\"", ""),
        ("transport.streaming.recycle_bytes", "\"1 kB\"", ""),
        ("transport.streaming.keep_alive", "\"20 s\"", ""),
        ("transport.sse.recycle_after", "\"20 s\"", ""),
        ("transport.sse.recycle_bytes", "\"1 kB\"", ""),
        ("transport.sse.keep_alive", "\"20 s\"", ""),
        ("transport.websocket.recycle_after", "\"20 s\"", ""),
        ("transport.websocket.recycle_bytes", "\"1 kB\"", ""),
        ("transport.websocket.keep_alive", "\"20 s\"", ""),
    ]
}

const ALL_KINDS: &str = r#"
[[transport]]
name = "long_poll"
long_poll = {}
[[transport]]
name = "streaming"
streaming = {}
[[transport]]
name = "sse"
sse = {}
[[transport]]
name = "websocket"
websocket = {}
"#;

const ACCEPTING: &str = r#"
experiment.accept = ["warmup-too-short", "few-messages-expected", "looks-differ", "proxy-gives-up-first", "keep-alive-too-late"]
experiment.duration = "5 min"
"#;

#[test]
fn what_may_be_off_is_off_in_files_overrides_and_sweeps() {
    let names: Vec<&str> = switched().iter().map(|(path, ..)| *path).collect();
    assert_eq!(names, keys::off().collect::<Vec<_>>());
    for (path, value, besides) in switched() {
        let file = format!("{ACCEPTING}{besides}\n{ALL_KINDS}");
        let named = match path.strip_prefix("transport.") {
            Some(rest) => format!("transport.{rest}"),
            None => path.to_owned(),
        };
        let without = read(&file, &[]).scenarios(0);
        let with = read(&file, &[&format!("{named}={value}")]).scenarios(0);
        assert_ne!(with, without, "{path}");
        assert_eq!(read(&file, &[&format!("{named}={value}"), &format!("{named}=off")]).scenarios(0).len(), 4);
        for (order, [off, on]) in [("\"off\", X", [0, 1]), ("X, \"off\"", [1, 0])] {
            let sweep = format!("[sweep]\n\"{named}\" = [{}]\n", order.replace('X', value));
            let experiment = read(&format!("{file}{sweep}"), &[]);
            assert_eq!(experiment.scenarios(on), with, "{path}, {order}");
            assert_eq!(experiment.coordinates(off), ["off"], "{path}");
            // What names a key of a table says that the table is there.
            let makes_parent = ["proxy.read_timeout", "proxy.idle_timeout", "cost.radio", "network.wire.tls"];
            assert_eq!(experiment.scenarios(off) == without, !makes_parent.contains(&path), "{path}, {order}");
            assert_round_trip(&experiment, &format!("{path}, {order}"));
        }
        assert_eq!(read(&file, &[&format!("{named}=off")]).scenarios(0), without, "{path}");
        let written = match path.strip_prefix("transport.") {
            Some(rest) => {
                let (kind, key) = rest.split_once('.').unwrap();
                file.replace(&format!("{kind} = {{}}"), &format!("{kind} = {{ {key} = \"off\" }}"))
            }
            None => format!("{path} = \"off\"\n{file}"),
        };
        let experiment = read(&written, &[]);
        let makes_parent = path.starts_with("proxy.") || ["cost.radio", "network.wire.tls"].contains(&path);
        assert_eq!(experiment.scenarios(0) == without, !makes_parent, "{path} in the file");
        assert_round_trip(&experiment, path);
    }
}

#[test]
fn off_is_off_inside_a_table_that_is_set_or_swept() {
    let text = swept(
        "\"network\" = [{ wire = \"off\" }, { wire = {} }]\n\"server\" = [{ workers = \"off\" }, { workers = 3 }]",
    );
    let experiment = read(&text, &[]);
    let wires: Vec<bool> = (0..4).map(|point| experiment.scenarios(point)[0].wire.is_some()).collect();
    let pools: Vec<bool> = (0..4).map(|point| experiment.scenarios(point)[0].server.pool.is_some()).collect();
    assert_eq!((wires, pools), (vec![false, false, true, true], vec![false, true, false, true]));
    assert_round_trip(&experiment, "off inside");
    assert!(read(SMALL, &["network.wire={ tls = \"off\" }"]).scenarios(0)[0].wire.is_some());
}

/// With and without packets in one sweep: run, verified, drawn again, and written out.
#[test]
fn with_against_without_runs_and_is_verified() {
    let scratch = Scratch::new();
    let text = swept("\"network.wire\" = [\"off\", {}]\n\"server.workers\" = [\"off\", 50]");
    let file = scratch.file("packets.toml", &text);
    let folder = run_to(&scratch, &file, "out", &[]);
    let rows = read_rows(&folder.join("summary.csv"));
    let cells: Vec<(&str, &str, bool)> = rows
        .iter()
        .map(|row| (&*row["network_wire"], &*row["server_workers"], row["wire_bytes_per_s"].is_empty()))
        .collect();
    let one = |wire, workers| [(wire, workers, wire == "off"); 2];
    let wanted = [one("off", "off"), one("off", "50"), one("{}", "off"), one("{}", "50")].concat();
    assert_eq!(cells, wanted);
    let path = folder.to_str().unwrap();
    for command in [&["verify", "--bytes", path][..], &["chart", path], &["verify", path]] {
        let output = scratch.cometsim(command);
        assert_eq!(output.code, 0, "{command:?}: {}{}", output.stdout, output.stderr);
    }
    let resolved = fs::read_to_string(folder.join("resolved.toml")).unwrap();
    let again = run_to(&scratch, &scratch.file("packets.toml", &resolved), "again", &[]);
    assert_eq!(differing_files(&folder, &again), Vec::<String>::new());
}
