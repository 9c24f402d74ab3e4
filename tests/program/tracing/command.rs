//! The command: what it prints, writes and refuses.

use std::fs;

use crate::program::Scratch;

/// The output of a trace of `three.toml`, and the exit code.
fn trace(scratch: &Scratch, options: &[&str]) -> (i32, String, String) {
    let file = super::file(scratch);
    let output = scratch.cometsim(&[&["trace", &file], options].concat());
    (output.code, output.stdout, output.stderr)
}

#[test]
fn prints_each_transport_in_the_columns_of_a_terminal() {
    let scratch = Scratch::new();
    let (code, text, errors) = trace(&scratch, &["--client", "2", "--from", "60", "--to", "90 s"]);
    assert_eq!(code, 0, "{errors}");
    for words in ["client 2 of replication 0, from 60 s to 90 s", "=short, 2 s", "长轮询", "events", "client → server"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(!text.contains("fits on a page"));
    let (_, cut, _) = trace(&scratch, &["--client", "2"]);
    assert!(cut.contains("This is what fits on a page"), "{cut}");
    // It is told as that part would be told by itself.
    let to =
        cut.split_once(", from ").and_then(|(_, rest)| rest.split_once(" to ")?.1.split_once(" s")).map(|end| end.0);
    let (_, part, _) = trace(&scratch, &["--client", "2", "--to", to.unwrap_or_default()]);
    let lines =
        |text: &str| text.lines().filter(|line| !line.contains("fits on a page")).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&cut), lines(&part));
}

#[test]
fn shows_the_transport_that_is_named() {
    let scratch = Scratch::new();
    let (_, text, _) = trace(&scratch, &["--transport", "=short, 2 s", "--to", "70"]);
    assert!(text.contains("=short, 2 s") && !text.contains("长轮询"), "{text}");
}

/// A client of a long poll comes within 40 s: before, nothing of it can be seen, and the trace says so.
#[test]
fn says_when_a_client_comes() {
    let scratch = Scratch::new();
    let file = scratch.file(
        "late.toml",
        "[clients]\ncount = 20\n[source]\nperiodic = { every = \"3 s\" }\n[[transport]]\nname = \"long\"\nlong_poll = {}\n",
    );
    let traced = |from: &str, to: &str| {
        let output = scratch.cometsim(&["trace", file.as_str(), "--client", "3", "--from", from, "--to", to]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.stdout
    };
    let (before, whole) = (traced("0", "1 s"), traced("0", "50 s"));
    let note = |text: &str| text.lines().find(|line| line.contains("the client comes at")).map(str::to_owned);
    let said = note(&before).unwrap();
    assert_eq!(note(&whole).as_ref(), Some(&said), "{whole}");
    let first = whole.lines().find(|line| line.contains("client → server")).unwrap().split_whitespace().next().unwrap();
    assert!(said.contains(first), "{said}: {first}");
    assert!(before.contains("The results count from 120 s on") && !before.contains("client → server"), "{before}");
    let later = traced("130 s", "150 s");
    assert!(note(&later).is_none() && !later.contains("The results count"), "{later}");
}

#[test]
fn writes_the_same_files_again_and_replaces_them() {
    let scratch = Scratch::new();
    let files = |folder: &str| {
        ["trace.csv", "trace.json", "trace.svg", "trace.png"]
            .map(|name| fs::read(scratch.path(folder).as_str().to_owned() + "/" + name).unwrap())
    };
    for folder in ["one", "other"] {
        let (code, _, errors) = trace(&scratch, &["--out", folder, "--to", "80"]);
        assert_eq!(code, 0, "{errors}");
    }
    assert!(files("one") == files("other"));
    assert!(files("one")[3].starts_with(b"\x89PNG"));
    let names: Vec<_> = fs::read_dir(scratch.path("one")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    let (code, _, errors) = trace(&scratch, &["--out", "one", "--to", "90"]);
    assert_eq!(code, 0, "{errors}");
    assert!(files("one") != files("other"));
}

#[test]
fn draws_on_the_ground_that_is_asked_for() {
    let scratch = Scratch::new();
    let svg = |ground: &str| {
        let (code, _, stderr) = trace(&scratch, &["--out", ground, "--ground", ground]);
        assert_eq!(code, 0, "{stderr}");
        fs::read_to_string(scratch.path(&format!("{ground}/trace.svg"))).unwrap().to_lowercase()
    };
    let [white, dark, transparent] = ["white", "dark", "transparent"].map(svg);
    // The colour of the dark ground.
    assert!(dark.contains("#16181d") && !dark.contains("#ffffff"));
    assert!(white.contains("#ffffff") && !white.contains("#16181d"));
    assert!(!transparent.contains("#ffffff") && transparent.len() < white.len());
    let (code, ..) = trace(&scratch, &["--out", "blue", "--ground", "blue"]);
    assert_eq!(code, 2);
}

#[test]
fn a_name_that_a_spreadsheet_would_run_is_marked() {
    let scratch = Scratch::new();
    trace(&scratch, &["--out", "one", "--to", "70"]);
    let table = fs::read_to_string(scratch.path("one/trace.csv")).unwrap();
    assert!(table.contains("\"'=short, 2 s\""), "{table}");
}

#[test]
fn refuses_what_cannot_be_and_says_what_can() {
    let scratch = Scratch::new();
    for (options, words) in [
        (&["--client", "3"][..], "replication 0 has 3, numbered from 0 to 2"),
        (&["--replication", "2"], "there is no replication 2: they are 0 to 1"),
        (&["--transport", "evnts"], "did you mean `events`?"),
        (&["--point", "1"], "there is no point `1`: the only one is 0"),
        (&["--from", "90", "--to", "80"], "--to 80 s is not after --from 90 s"),
        (&["--from", "10 min"], "the run ends at 180 s"),
        (&["--from", "soon"], "write an instant of the run"),
        (&["--client", "one"], "write a whole number"),
        (&["--set", "clients.cont=3"], "clients.count"),
    ] {
        let (code, text, errors) = trace(&scratch, options);
        assert_eq!((code, text.as_str()), (2, ""), "{options:?}: {errors}");
        assert!(errors.contains(words), "{options:?}: {errors}");
    }
}

#[test]
fn keeps_files_of_others() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("mine")).unwrap();
    scratch.file("mine/trace.csv", "a,b\n1,2\n");
    let (code, text, errors) = trace(&scratch, &["--out", "mine"]);
    assert_eq!((code, text.as_str()), (2, ""), "{errors}");
    assert!(errors.contains("has a file trace.csv that is not of a trace of this program"), "{errors}");
    assert_eq!(fs::read_to_string(scratch.path("mine/trace.csv")).unwrap(), "a,b\n1,2\n");
    scratch.file("plain", "text");
    let (code, _, errors) = trace(&scratch, &["--out", "plain"]);
    assert_eq!(code, 1, "{errors}");
    assert!(errors.contains("no folder"), "{errors}");
    // A folder with other files is fine.
    fs::create_dir(scratch.path("notes")).unwrap();
    scratch.file("notes/note.txt", "text");
    assert_eq!(trace(&scratch, &["--out", "notes"]).0, 0);
    assert_eq!(fs::read_to_string(scratch.path("notes/note.txt")).unwrap(), "text");
}

#[test]
fn of_a_sweep_shows_one_point() {
    let scratch = Scratch::new();
    let swept = format!("{}[sweep]\n\"clients.count\" = [3, 30]\n", super::FILE);
    let file = scratch.file("swept.toml", &swept);
    let run = |point: &str| scratch.cometsim(&["trace", &file, "--client", "20", "--point", point]);
    assert_eq!(run("first").code, 2);
    let output = run("clients=30");
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.contains("clients.count = 30"), "{}", output.stdout);
    let both = run("all");
    assert!(both.code == 2 && both.stderr.contains("a trace shows one"), "{}", both.stderr);
}
