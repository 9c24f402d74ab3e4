//! What counts as the same experiment: the identity that a folder of results is compared by.

use std::path::Path;

use cometsim::experiment::Experiment;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/good");

fn read(text: &str) -> Experiment {
    read_with(text, &[]).unwrap()
}

fn read_with(text: &str, overrides: &[&str]) -> Option<Experiment> {
    let overrides: Vec<String> = overrides.iter().map(|&argument| argument.to_owned()).collect();
    Experiment::from_text("test.toml", text, Path::new(FOLDER), &overrides).ok()
}

fn text_of(text: &str) -> String {
    read(text).identity().text()
}

/// A long poll and what else is written.
fn with(rest: &str) -> String {
    format!("{rest}\n[[transport]]\nname = \"a\"\nlong_poll = {{}}\n")
}

/// The files of these folders, but the one with a million points.
fn all_files() -> Vec<(std::path::PathBuf, String)> {
    let folders = ["tests/good", "experiments"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.retain(|path| !path.ends_with("million.toml"));
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn the_text_has_the_keys_that_differ_from_their_defaults() {
    let text = "[experiment]\ntitle = \"T\"\nreplications = 3\nwarmup = \"0.5 min\"\nseed = 2010\n\
                [clients]\ncount = 20\n[source]\npoisson = { rate = \"6 /min\" }\n\
                [network]\nup = { exponential = \"0.05 s\" }\nwire = { tls = {} }\n[engine]\npath = \"queue\"\n\
                [[transport]]\nname = \"short polling\"\nshort_poll = { interval = \"2000 ms\" }\ntimeout = \"9 s\"\n\
                [[transport]]\nname = \"long\"\nlong_poll = { check = \"notify\" }\n\
                [sweep]\n\"clients.timeout\" = { from = \"1 s\", to = \"3 s\", steps = 3 }\n\
                [[chart]]\nname = \"c\"\nkind = \"cdf\"\n";
    let expected = "clients.count = 20\n\
                    experiment.warmup = \"30 s\"\n\
                    network.up.exponential = \"50 ms\"\n\
                    network.wire.tls = {}\n\
                    source.poisson.rate = \"0.1 /s\"\n\
                    transport = [\"short polling\", \"long\"]\n\
                    transport.\"long\".long_poll.check = \"notify\"\n\
                    transport.\"short polling\".short_poll.interval = \"2 s\"\n\
                    transport.\"short polling\".timeout = \"9 s\"\n\
                    sweep.\"clients.timeout\" = [\"1 s\", \"2 s\", \"3 s\"]\n";
    assert_eq!(text_of(text), expected);
}

#[test]
fn what_is_the_same_is_the_same_however_it_is_written() {
    for (one, other) in [
        ("[clients]\ntimeout = \"1 s\"", "clients.timeout = \"1000 ms\""),
        ("[clients]\ntimeout = \"80 s\"", ""),
        ("[clients]\ncount = 5\ntimeout = \"9 s\"", "[clients]\ntimeout = \"9 s\"\ncount = 5"),
        ("[clients]\ncount = 1_0", "[clients]\ncount = 10"),
        ("[source]\nscope = \"request\"\nhit = \"15/999\"", "[source]\nscope = \"request\""),
        ("[source]\ntick = {}", ""),
        ("[source]\nscope = \"request\"\nhit = \"5 %\"", "[source]\nscope = \"request\"\nhit = 0.05"),
        ("[source]\npoisson = { rate = \"2 /min\" }", "[source.poisson]\nrate = \"120 /h\""),
        (
            "[network]\nserver_link = \"1 Mbit/s\"",
            "[network]\nserver_link = { up = \"1000 kbit/s\", down = \"1 Mbit/s\" }",
        ),
        ("[network]\nup = { constant = \"0 s\" }", ""),
        ("[network]\nwire = { segment = \"1448 B\", tls = {} }", "[network.wire.tls]\nrecord = \"22 B\""),
        ("[clients]\ntabs_per_browser = 1", "[clients]\nconnections_per_host = 6"),
        ("[clients]\non_error = { retry = { factor = 2.0 } }", "[clients]\non_error = { retry = {} }"),
        ("[cost]\nprice_per_gb = 0.090", "[cost]"),
        (
            "[clients]\nsends = { poisson = { rate = \"1 /s\" }, payload = \"20 B\" }",
            "[clients]\nsends.poisson.rate = \"1 /s\"",
        ),
        ("[server]\ncheck = \"notify\"\nhold = \"40 s\"", "[server]\ncheck = \"notify\""),
        ("[sweep]\n\"clients.count\" = { from = 1, to = 3, steps = 3 }", "[sweep.clients]\ncount = [1, 2, 3]"),
        (
            "[sweep]\n\"network.wire.segment\" = [\"1 kB\"]",
            "[network.wire]\n[sweep]\nnetwork.wire.segment = [\"1000 B\"]",
        ),
        ("[engine]\npath = \"queue\"", ""),
        ("[experiment]\nreplications = 7\ntitle = \"x\"", ""),
        ("[experiment]\nquick = true\nwarmup = \"5 min\"", "[experiment]\nquick = true\nduration = \"60 s\""),
        ("[[chart]]\nname = \"c\"\nkind = \"cdf\"", ""),
        (
            "[sweep]\nmode = \"zip\"\n\"experiment.replications\" = [3, 5]\n\"clients.count\" = [1, 2]",
            "[sweep]\nmode = \"zip\"\n\"experiment.replications\" = [30, 50]\n\"clients.count\" = [1, 2]",
        ),
    ] {
        assert_eq!(text_of(&with(one)), text_of(&with(other)), "{one} | {other}");
    }
    let transport = |rest: &str| format!("[[transport]]\nname = \"a\"\n{rest}\n");
    for (one, other) in [
        ("long_poll = { turnaround = { constant = \"1 s\" } }", "long_poll = { turnaround = \"1 s\" }"),
        ("long_poll = {}\ntimeout = \"80 s\"", "long_poll = { timeout = \"80000 ms\" }"),
        ("long_poll = {}\nrequest_header = \"692 B\"", "long_poll = {}"),
        ("long_poll = {}\nhttp2 = \"off\"", "long_poll = {}"),
        ("long_poll = {}\nhttp2 = { request = \"20 B\" }", "long_poll = { http2 = {} }"),
        ("long_poll = { check = { every = \"500 ms\" } }", "long_poll = {}"),
        ("long_poll = { hold = \"40 s\" }", "long_poll = {}"),
        ("sse = { retry = \"3000 ms\" }", "sse = {}"),
    ] {
        assert_eq!(text_of(&transport(one)), text_of(&transport(other)), "{one} | {other}");
    }
}

#[test]
fn what_decides_a_number_counts() {
    let plain = text_of(&with(""));
    for rest in [
        "[experiment]\nseed = 1",
        "[experiment]\nquick = true",
        "[experiment]\nbin = \"2 s\"",
        "[engine]\nticks = \"each\"",
        "[network]\nwire = {}",
        "[network]\nup.constant = \"1 ns\"",
        "[cost]",
        "[http.http2]",
        "[clients]\ntabs_per_browser = 1",
        "[clients]\non_error = { retry = {} }",
        "[source]\ntick = { hit = \"5/332\" }",
        "[sweep]\n\"clients.count\" = [1000]",
        "[sweep]\n\"engine.path\" = [\"auto\", \"queue\"]",
    ] {
        assert_ne!(text_of(&with(rest)), plain, "{rest}");
    }
    let swept = |values: &str| text_of(&with(&format!("[sweep]\n{values}")));
    assert_ne!(swept("\"clients.count\" = [1, 2]"), swept("\"clients.count\" = [2, 1]"));
    assert_ne!(swept("\"experiment.replications\" = [1, 2]"), swept("\"experiment.replications\" = [1, 2, 3]"));
    let two = "\"clients.count\" = [1, 2]\n\"clients.timeout\" = [\"1 s\", \"2 s\"]";
    assert_ne!(swept(two), swept(&format!("mode = \"zip\"\n{two}")));
    // The first of the swept values is the default that the transport's own value would have: it matters all the same.
    let sweep = "[sweep]\n\"clients.timeout\" = [\"80 s\", \"90 s\"]\n";
    let own = format!("{sweep}[[transport]]\nname = \"a\"\nlong_poll = {{}}\ntimeout = \"80 s\"\n");
    assert_ne!(text_of(&own), text_of(&with(sweep)));
}

#[test]
fn the_written_out_experiment_is_the_same_and_so_is_one_without_its_defaults() {
    for (path, text) in all_files() {
        let experiment = Experiment::from_text("test.toml", &text, path.parent().unwrap(), &[]).unwrap();
        let identity = experiment.identity().text();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("inputs")).unwrap();
        for input in experiment.inputs() {
            std::fs::write(folder.path().join("inputs").join(&input.name), &input.bytes).unwrap();
        }
        let resolved = experiment.resolved_toml();
        let again = Experiment::from_text("resolved.toml", &resolved, folder.path(), &[]).unwrap();
        assert_eq!(again.identity().text(), identity, "{}", path.display());
        // What an earlier program writes, which does not know these keys.
        let unknown =
            ["quick = false", "session_lock = false", "on_error = \"stop\"", "keep = \"all\"", "path = \"auto\""];
        let earlier: Vec<&str> = resolved.lines().filter(|line| !unknown.contains(line)).collect();
        let earlier = earlier.join("\n").replace(", piggyback = false", "").replace("linger = \"0 s\", ", "");
        let earlier = Experiment::from_text("resolved.toml", &earlier, folder.path(), &[]).unwrap();
        assert_eq!(earlier.identity().text(), identity, "{}", path.display());
    }
}

/// Whatever is set beside what stands in a file: where the text is the same, everything simulated is the same.
#[test]
fn one_text_is_one_simulation() {
    let settings = [
        "clients.timeout=80 s",
        "clients.timeout=9 s",
        "clients.count=1000",
        "clients.on_timeout=stop",
        "server.hold=40 s",
        "server.hold=9 s",
        "server.check=notify",
        "server.check={ every = \"0.5 s\" }",
        "server.check.every=0.5 s",
        "server.check.count=9",
        "http.request_header=692 B",
        "http.request_header=1 B",
        "http.http2={}",
        "http.http2={ request = \"9 B\" }",
        "network.up={ constant = \"0 s\" }",
        "network.up={ exponential = \"1 s\" }",
        "network.wire={}",
        "network.server_link=1 Mbit/s",
        "network.loss={ rate = \"1 %\" }",
        "source.scope=broadcast",
        "source.scope=request",
        "source.scope=group",
        "source.payload=20 B",
        "source.payload=9 B",
        "experiment.quick=true",
        "experiment.warmup=30 s",
        "experiment.seed=3",
        "clients.tabs_per_browser=1",
        "clients.connections_per_host=6",
        "clients.on_error=stop",
        "clients.on_error={ retry = {} }",
        "cost={}",
        "engine.ticks=each",
        "engine.path=queue",
    ];
    let (mut same, mut other) = (0, 0);
    for (number, (path, text)) in all_files().into_iter().enumerate() {
        let load =
            |overrides: &[String]| Experiment::from_text("t.toml", &text, path.parent().unwrap(), overrides).ok();
        let plain = load(&[]).unwrap();
        let identity = plain.identity().text();
        // Each file meets a ninth of them.
        for setting in settings.into_iter().skip(number % 9).step_by(9) {
            let Some(set) = load(&[setting.to_owned()]) else { continue };
            if set.identity().text() != identity {
                other += 1;
                continue;
            }
            same += 1;
            assert_eq!(set.points(), plain.points(), "{} {setting}", path.display());
            for point in (0..plain.points()).take(5) {
                let [mut one, mut two] = [plain.scenarios(point), set.scenarios(point)];
                for scenario in one.iter_mut().chain(&mut two) {
                    scenario.path = cometsim::model::scenario::EnginePath::Auto;
                }
                assert_eq!(one, two, "{} {setting}", path.display());
            }
        }
    }
    assert!(same > 20 && other > 20, "{same} {other}");
}

#[test]
fn the_name_of_an_input_makes_no_difference_and_its_content_does() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("a.csv", "time_s\n1\n"), ("b.csv", "time_s\n1\n"), ("c.csv", "time_s\n2\n")] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let of = |text: &str| Experiment::from_text("t.toml", text, folder.path(), &[]).unwrap().identity();
    let trace = |name: &str| of(&with(&format!("[source]\ntrace = {{ file = \"{name}\", repeat = true }}")));
    assert_eq!(trace("a.csv").text(), trace("./b.csv").text());
    assert_ne!(trace("a.csv").text(), trace("c.csv").text());
    // A cell of the tables names a swept file.
    let swept = |name: &str| {
        of(&with(&format!(
            "[source]\ntrace = {{ file = \"c.csv\", repeat = true }}\n[sweep]\nsource.trace.file = [\"{name}\"]"
        )))
    };
    assert_ne!(swept("a.csv").text(), swept("b.csv").text());
}

#[test]
fn differences_name_keys_and_both_values() {
    let of = |text: &str| read(text).identity();
    let there = of(&with("[clients]\ncount = 100\n[source]\npoisson = { rate = \"1 /s\" }"));
    let here = of(&with("[clients]\ncount = 200\ntimeout = \"9 s\"\n[network.wire]\n[experiment]\nseed = 2010"));
    assert_eq!(
        there.differences(&here),
        [
            "clients.count: 100 there, 200 here",
            "clients.timeout: \"80 s\" there, \"9 s\" here",
            "network.wire: absent there, {} here",
            "source.poisson.rate: \"1 /s\" there, absent here"
        ]
    );
    let swept = of(&with("[sweep]\n\"clients.count\" = [100, 200]"));
    let fixed = of(&with("[clients]\ncount = 100"));
    assert_eq!(swept.differences(&fixed), ["sweep.\"clients.count\": [100, 200] there, absent here"]);
    let two = of(&format!("{}[[transport]]\nname = \"b\"\nshort_poll = {{ interval = \"1 s\" }}\n", with("")));
    assert_eq!(of(&with("")).differences(&two), ["transport: [\"a\"] there, [\"a\", \"b\"] here"]);
    assert_eq!(there.differences(&there), Vec::<String>::new());
    let axes = ["\"clients.count\" = [1, 2]", "\"clients.timeout\" = [\"1 s\"]"];
    let [one, other] = [[0, 1], [1, 0]].map(|[a, b]| of(&with(&format!("[sweep]\n{}\n{}", axes[a], axes[b]))));
    assert_eq!(one.differences(&other), ["the order of the keys in [sweep]"]);
}
