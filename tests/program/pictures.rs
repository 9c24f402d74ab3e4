//! `chart --to`: charts of a finished run elsewhere, in other sizes, grounds and formats.

use std::fs;
use std::path::Path;

use crate::program::{SMALL, Scratch, files_below, run_to};

fn points(svg: &str) -> &str {
    svg.split_once(" width=\"").unwrap().1.split('"').next().unwrap()
}

#[test]
fn charts_are_drawn_elsewhere_and_the_results_stay() {
    let scratch = Scratch::new();
    let folder = run_to(&scratch, &scratch.file("small.toml", SMALL), "out", &[]);
    let before = files_below(&folder);
    let path = folder.to_str().unwrap();
    let to = scratch.path("paper/figures");
    let draw = |options: &[&str]| scratch.cometsim(&[&["chart", path, "--to", &to], options].concat());

    let output = draw(&["--name", "bandwidth", "--size", "column", "--format", "pdf,svg"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let drawn = files_below(Path::new(&to));
    assert_eq!(drawn.keys().collect::<Vec<_>>(), ["bandwidth.pdf", "bandwidth.svg"]);
    assert_eq!(output.stdout, format!("{to}/bandwidth.pdf\n{to}/bandwidth.svg\n"));
    let svg = String::from_utf8(drawn["bandwidth.svg"].clone()).unwrap();
    assert_eq!(points(&svg), "252pt");
    assert!(drawn["bandwidth.pdf"].starts_with(b"%PDF"));

    // The same again is no conflict; other content is, and nothing is written then.
    assert_eq!(draw(&["--name", "bandwidth", "--size", "column", "--format", "svg"]).code, 0);
    let other = draw(&["--size", "wide", "--format", "svg,png"]);
    assert_eq!(other.code, 2, "{}", other.stdout);
    assert!(other.stderr.contains("is there already, with other content"), "{}", other.stderr);
    assert_eq!(files_below(Path::new(&to)), drawn);
    assert_eq!(draw(&["--size", "wide", "--format", "svg", "--force"]).code, 0);
    let svg = fs::read_to_string(Path::new(&to).join("bandwidth.svg")).unwrap();
    assert_eq!(points(&svg), "518.4pt");

    // Without other wishes the charts are those of the results.
    let plain = scratch.path("plain");
    assert_eq!(scratch.cometsim(&["chart", path, "--to", &plain]).code, 0);
    for (name, bytes) in files_below(Path::new(&plain)) {
        assert_eq!(before[&format!("charts/{name}")], bytes, "{name}");
    }
    let dark = scratch.path("dark");
    assert_eq!(scratch.cometsim(&["chart", path, "--to", &dark, "--ground", "dark", "--format", "svg"]).code, 0);
    assert!(fs::read_to_string(Path::new(&dark).join("bandwidth.svg")).unwrap().contains("fill=\"#16181D\""));

    assert_eq!(files_below(&folder), before);
    assert_eq!(scratch.cometsim(&["verify", path, "--quiet"]).code, 0);
}

#[test]
fn places_and_names_that_cannot_be_are_refused() {
    let scratch = Scratch::new();
    let folder = run_to(&scratch, &scratch.file("small.toml", SMALL), "out", &[]);
    let before = files_below(&folder);
    let path = folder.to_str().unwrap();
    scratch.file("a-file", "");
    let inside = format!("{path}/charts");
    let new = format!("{path}/paper/figures");
    let file = scratch.path("a-file");
    let to = scratch.path("to");
    let cases: &[(&[&str], &str)] = &[
        (&["--to", path], "it is inside the results"),
        (&["--to", &inside], "it is inside the results"),
        (&["--to", &new], "it is inside the results"),
        (&["--to", &file], "it is no folder"),
        (
            &["--to", &to, "--name", "bandwith"],
            "there is no chart `bandwith`: did you mean `bandwidth`? the charts are",
        ),
        (&["--to", &to, "--size", "poster"], "column, wide, slide"),
        (&["--to", &to, "--format", "gif"], "png, svg, pdf"),
        (&["--size", "column"], "--to"),
    ];
    for (options, why) in cases {
        let output = scratch.cometsim(&[&["chart", path], *options].concat());
        assert_eq!(output.code, 2, "{options:?}: {}", output.stderr);
        assert!(output.stderr.contains(why), "{options:?}: {}", output.stderr);
    }
    assert_eq!(files_below(&folder), before);
    assert!(!Path::new(&to).exists());
}

/// Size and ground change charts, and no number.
#[test]
fn a_size_in_the_file_draws_the_charts_again() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = run_to(&scratch, &file, "out", &[]);
    let before = files_below(&folder);
    let chart = "\n[[chart]]\nname = \"latency\"\nkind = \"cdf\"\nsize = \"slide\"\nground = \"dark\"\n";
    scratch.file("small.toml", &format!("{SMALL}{chart}"));
    let output = scratch.cometsim(&["run", &file, "--out", &scratch.path("out"), "--quiet"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let after = files_below(&folder);
    assert_eq!(before["summary.csv"], after["summary.csv"]);
    let svg = String::from_utf8(after["charts/latency.svg"].clone()).unwrap();
    assert_eq!(points(&svg), "960pt");
    assert!(svg.contains("height=\"540pt\"") && svg.contains("#16181D"));
    assert_eq!(scratch.cometsim(&["verify", folder.to_str().unwrap(), "--quiet"]).code, 0);
}
