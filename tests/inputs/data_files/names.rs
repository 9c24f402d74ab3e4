//! Names of transports, charts and files, and titles: how long they may be, and which of them every machine allows.

use std::path::Path;

use super::{SHORT, read};
use crate::program::Scratch;

#[test]
fn names_and_titles_are_bounded_and_can_be_shown() {
    let named =
        |name: &str| read(&format!("[[transport]]\nname = \"{name}\"\nshort_poll = {{ interval = \"1 s\" }}\n"), &[]);
    let titled = |title: &str| read(&format!("experiment.title = \"{title}\"\n{SHORT}"), &[]);
    let drawn = |name: &str, title: &str| {
        read(&format!("{SHORT}[[chart]]\nname = \"{name}\"\ntitle = \"{title}\"\nkind = \"cdf\"\n"), &[])
    };
    let peopled = |name: &str| read(&format!("{SHORT}[[population]]\nname = \"{name}\"\nshare = 1\n"), &[]);
    assert!(named(&"长".repeat(100)).is_ok() && titled(&"长".repeat(500)).is_ok() && peopled(&"é".repeat(100)).is_ok());
    assert!(
        named(&"n".repeat(101)).is_err() && titled(&"t".repeat(501)).is_err() && peopled(&"p".repeat(101)).is_err()
    );
    assert!(drawn("c", &"t".repeat(501)).is_err() && drawn(&"c".repeat(101), "t").is_err());
    for escape in [
        "\\u0000",
        "\\u0007",
        "\\u001B[31m",
        "\\n",
        "\\r",
        "\\t",
        "\\u007F",
        "\\u0085",
        "\\u009B",
        "\\u202E",
        "\\u2066",
        "\\u200F",
        "\\uFFFE",
        "\\uFFFF",
        "\\U0001FFFE",
        "\\u2028",
        "\\u200B",
    ] {
        let text = format!("a{escape}b");
        for outcome in [named(&text), titled(&text), drawn(&text, "t"), drawn("c", &text), peopled(&text)] {
            let said = outcome.expect_err(escape);
            assert!(said.contains("x.toml:") && said.contains("U+"), "{escape}: {said}");
        }
    }
    for text in ["长轮询, notified: 10 %", "été", "<&>\\\"'"] {
        assert!(named(text).is_ok() && titled(text).is_ok(), "{text}");
    }
}

#[test]
fn names_that_some_machine_cannot_have_are_refused_for_charts_and_experiments() {
    for name in ["CON", "nul", "Com1", "LPT9", "aux.old", "conin$", "ends.", "ends "] {
        assert!(read(&format!("{SHORT}[[chart]]\nname = \"{name}\"\nkind = \"cdf\"\n"), &[]).is_err(), "{name}");
    }
    let alike = |other: &str| {
        read(
            &format!(
                "{SHORT}[[chart]]\nname = \"Latency\"\nkind = \"cdf\"\n[[chart]]\nname = \"{other}\"\nkind = \"bar\"\n"
            ),
            &[],
        )
    };
    assert!(alike("latency").is_err() && alike("LATENCY").is_err() && alike("latencies").is_ok());
    let scratch = Scratch::new();
    for name in
        ["...toml", "..toml", "con.toml", "COM1.toml", "nul.x.toml", "a .toml", "a\u{1b}[1m.toml", "a\u{202e}.toml"]
    {
        let file = scratch.file(name, SHORT);
        for command in ["check", "run"] {
            let output = scratch.cometsim(&[command, &file]);
            assert_eq!(output.code, 2, "{command} {name}: {}", output.stderr);
            assert!(output.stderr.contains("cannot be the name of a folder"), "{}", output.stderr);
        }
    }
    let two = [scratch.file("One.toml", SHORT), scratch.file("one.toml", SHORT)];
    let output = scratch.cometsim(&["run", &two[0], &two[1]]);
    assert!(output.code == 2 && output.stderr.contains("would share a folder"), "{}", output.stderr);
    assert!(!Path::new(&scratch.path("output")).exists() && !Path::new(&scratch.path("summary.csv")).exists());
}

#[test]
fn copies_of_data_files_have_names_that_every_machine_allows() {
    let files = [
        ("a/Room.csv", "time_s\n1\n"),
        ("b/room.csv", "time_s\n2\n"),
        ("a/con.csv", "time_s\n3\n"),
        ("a/10:30.csv", "time_s\n4\n"),
        ("a/plain.csv", "time_s\n5\n"),
    ];
    let names: Vec<String> = files.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let text = format!(
        "experiment = {{ warmup = \"0 s\", duration = \"10 s\" }}\nsource.trace.file = \"{}\"\n{SHORT}[sweep]\n\
         \"source.trace.file\" = [{}]\n",
        files[0].0,
        names.join(", ")
    );
    let experiment = read(&text, &files).unwrap();
    let copies: Vec<&str> = experiment.inputs().iter().map(|input| input.name.as_str()).collect();
    assert_eq!(copies, ["Room.csv", "room-2.csv", "_con.csv", "10_30.csv", "plain.csv"]);
    assert!(experiment.resolved_toml().contains("inputs/room-2.csv"));
}
