//! Names of files: where results go, what a terminal is shown, what a spreadsheet reads.

use std::fs;
use std::path::Path;

use crate::program::{SMALL, Scratch, files_below, read_rows, run_to};

#[test]
fn a_file_name_never_leaves_the_folder_of_the_results() {
    let scratch = Scratch::new();
    scratch.file("summary.csv", "mine");
    for name in
        ["...toml", "..toml", ".toml", ".hidden.toml", "con.toml", "NUL.x.toml", "lpt1.toml", "dot..toml", "end .toml"]
    {
        let file = scratch.file(name, SMALL);
        let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--fresh"]);
        assert_eq!(output.code, 2, "{name}: {}", output.stderr);
        assert!(output.stderr.contains("cannot be the name of a folder of results"), "{name}: {}", output.stderr);
        fs::remove_file(&file).unwrap();
    }
    let names: Vec<String> = files_below(Path::new(&scratch.path("."))).into_keys().collect();
    assert_eq!(names, ["summary.csv"]);
    assert!(!Path::new(&scratch.path("out")).exists());
}

#[test]
fn two_files_of_one_name_do_not_share_a_folder() {
    let scratch = Scratch::new();
    for folder in ["a", "b"] {
        fs::create_dir(scratch.path(folder)).unwrap();
    }
    let one = scratch.file("a/x.toml", SMALL);
    let other = scratch.file("b/x.toml", &SMALL.replace("count = 5", "count = 6"));
    let output = scratch.cometsim(&["run", &one, &other, "--out", &scratch.path("out")]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("their results would share a folder"), "{}", output.stderr);
    assert!(!Path::new(&scratch.path("out")).exists());
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_reaches_the_terminal_raw() {
    let scratch = Scratch::new();
    let evil = "a\x1b[31mb\u{202e}\nzz";
    let file = scratch.file(&format!("{evil}.toml"), SMALL);
    let good = scratch.file("good.toml", SMALL);
    fs::create_dir(scratch.path(&format!("in{evil}"))).unwrap();
    let inside = scratch.file(&format!("in{evil}/inside.toml"), SMALL);
    let wrong = scratch.file(&format!("in{evil}/wrong.toml"), &SMALL.replace("count", "cuont"));
    let out = scratch.path(evil);
    let missing = scratch.path(&format!("missing{evil}"));
    let raw = |text: &str| text.contains(['\x1b', '\u{202e}']) || text.contains("\nzz");
    for (arguments, code) in [
        (vec!["check", &file], 2),
        (vec!["check", &inside], 0),
        (vec!["check", &wrong], 2),
        (vec!["plan", &inside], 0),
        (vec!["run", &file], 2),
        (vec!["run", &good, "--out", &out], 0),
        (vec!["run", &good, "--out", &out], 0),
        (vec!["run", &good, "--out", &out, "--seed", "3"], 2),
        (vec!["chart", &missing], 2),
        (vec!["verify", &missing], 2),
    ] {
        let output = scratch.cometsim(&arguments);
        assert_eq!(output.code, code, "{}", output.stderr);
        assert!(!raw(&output.stdout) && !raw(&output.stderr), "{arguments:?}: {}{}", output.stdout, output.stderr);
    }
    let folder = format!("{out}/good");
    for (command, code) in [("verify", 0), ("chart", 0)] {
        let output = scratch.cometsim(&[command, &folder]);
        assert_eq!(output.code, code, "{}", output.stderr);
        assert!(!raw(&output.stdout) && !raw(&output.stderr), "{command}: {}{}", output.stdout, output.stderr);
    }
}

#[test]
fn a_name_that_a_spreadsheet_would_run_is_marked_as_text() {
    let scratch = Scratch::new();
    let text =
        SMALL.replace("\"short polling\"", "\"=cmd|'/C calc'!A1\"").replace("\"long polling\"", "\"@SUM(1)\"").replace(
            "[[chart]]",
            "[[population]]\nname = \"+far\"\nshare = \"25 %\"\n\n[[population]]\nname = \"-near\"\n\n[[chart]]",
        );
    let file = scratch.file("names.toml", text.split("[[population]]").next().unwrap());
    let folder = run_to(&scratch, &file, "out", &[]);
    for name in ["summary.csv", "replications.csv", "latency_cdf.csv", "timeline.csv"] {
        let transports: Vec<String> =
            read_rows(&folder.join(name)).iter().map(|row| row["transport"].clone()).collect();
        assert_eq!(transports[0], "'=cmd|'/C calc'!A1", "{name}");
        assert_eq!(transports.last().unwrap(), "'@SUM(1)", "{name}");
    }
    // Readers take the mark off again.
    let chart = scratch.file("names.toml", &text.split("[[population]]").next().unwrap().replace("Small", "Other"));
    run_to(&scratch, &chart, "out", &[]);
    for command in ["verify", "chart"] {
        assert_eq!(scratch.cometsim(&[command, folder.to_str().unwrap()]).code, 0);
    }
    let mix = scratch.file("mix.toml", &text.replace("kind = \"bar\"", "kind = \"bar\"\nby_population = true"));
    let folder = run_to(&scratch, &mix, "out", &[]);
    let populations: Vec<String> =
        read_rows(&folder.join("populations.csv")).iter().map(|row| row["population"].clone()).collect();
    assert_eq!(populations[..2], ["'+far", "'-near"]);
    let svg = fs::read_to_string(folder.join("charts/bandwidth.svg")).unwrap();
    assert!(svg.contains("+far") && !svg.contains("'+far") && !svg.contains("&apos;+far"));
}
