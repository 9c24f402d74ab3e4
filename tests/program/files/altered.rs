//! Charts of tables that are not those of the run.

use std::fs;
use std::path::Path;

use crate::program::{SMALL, Scratch, edit_manifest, files_below, small, verify};

/// Changes the last cell of a table that is a number.
fn alter(folder: &Path, name: &str) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let place = text.rfind(|c: char| c.is_ascii_digit()).unwrap();
    let other = if &text[place..=place] == "1" { "2" } else { "1" };
    fs::write(folder.join(name), format!("{}{other}{}", &text[..place], &text[place + 1..])).unwrap();
}

#[test]
fn altered_tables_are_drawn_only_where_that_is_asked_for_and_never_unmarked() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let path = folder.to_str().unwrap();
    let good = files_below(&folder);
    for name in ["summary.csv", "latency_cdf.csv", "timeline.csv", "replications.csv"] {
        alter(&folder, name);
        let altered = files_below(&folder);
        let output = scratch.cometsim(&["chart", path]);
        assert_eq!((output.code, output.stdout.as_str()), (3, ""), "{name}");
        assert!(output.stderr.contains(&format!("\n  {name}\n")), "{}", output.stderr);
        assert!(files_below(&folder) == altered, "{name}: nothing is written");

        let output = scratch.cometsim(&["chart", path, "--force"]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        let svg = fs::read_to_string(folder.join("charts/bandwidth.svg")).unwrap();
        assert!(svg.contains("not the results of the run"), "{name}");
        // Even where the table is mended, the charts are not those of the run.
        fs::write(folder.join(name), &good[name]).unwrap();
        let output = verify(&scratch, &folder, &[]);
        assert_eq!(output.code, 3);
        let words = format!(
            "manifest.json: its charts were drawn with --force from files that were not those of the run: {name}"
        );
        assert!(output.stdout.contains(&words), "{}", output.stdout);
        // Drawn again, or run again, all is as it was.
        if name == "summary.csv" {
            assert_eq!(super::run(&scratch, &file, &[]).code, 0);
        } else {
            assert_eq!(scratch.cometsim(&["chart", path]).code, 0);
        }
        let mut mended = files_below(&folder);
        assert!(mended.remove("manifest.json").is_some());
        assert!(mended.iter().all(|(name, bytes)| good[name] == *bytes), "{name}");
        assert_eq!(verify(&scratch, &folder, &[]).code, 0);
    }
}

#[test]
fn an_altered_experiment_or_none_to_compare_with_is_refused() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let path = folder.to_str().unwrap();
    let resolved = fs::read_to_string(folder.join("resolved.toml")).unwrap();
    fs::write(folder.join("resolved.toml"), resolved.replace("Small", "Great")).unwrap();
    let output = scratch.cometsim(&["chart", path]);
    assert_eq!(output.code, 3);
    assert!(output.stderr.contains("resolved.toml"), "{}", output.stderr);
    fs::write(folder.join("resolved.toml"), resolved).unwrap();
    fs::remove_file(folder.join("manifest.json")).unwrap();
    let output = scratch.cometsim(&["chart", path]);
    assert_eq!(output.code, 3);
    assert!(output.stderr.contains("has no manifest"), "{}", output.stderr);
    assert_eq!(scratch.cometsim(&["chart", path, "--force"]).code, 0);
    let svg = fs::read_to_string(folder.join("charts/bandwidth.svg")).unwrap();
    assert!(svg.contains("not the results of the run"));
}

#[test]
fn other_charts_are_not_drawn_from_altered_tables() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let good = fs::read(folder.join("summary.csv")).unwrap();
    alter(&folder, "summary.csv");
    let file = scratch.file("small.toml", &SMALL.replace("kind = \"bar\"", "kind = \"cdf\""));
    let output = super::run(&scratch, &file, &[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.contains("summary.csv was not what the manifest says"), "{}", output.stdout);
    assert_eq!(fs::read(folder.join("summary.csv")).unwrap(), good);
    assert_eq!(verify(&scratch, &folder, &[]).code, 0);
    edit_manifest(&folder, |manifest| {
        assert!(manifest.get("altered").is_none(), "only what is marked has the mark");
    });
}
