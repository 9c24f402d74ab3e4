//! Charts of finished results, changed while something goes wrong.

use std::fs;
use std::path::Path;

use super::run;
use crate::program::{SMALL, Scratch, differing_files, run_to, small};

/// What a run leaves that was killed between the names of its experiment and of its manifest.
#[test]
fn a_change_of_the_title_that_was_interrupted_goes_on_without_a_simulation() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let other = scratch.path("titled");
    fs::create_dir(&other).unwrap();
    let titled = format!("{other}/small.toml");
    fs::write(&titled, SMALL.replace("Small", "Another")).unwrap();
    let good = run_to(&scratch, &titled, "good", &[]);
    fs::copy(good.join("resolved.toml"), folder.join("resolved.toml")).unwrap();
    let output = run(&scratch, &titled, &[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(!output.stdout.contains("summary.csv"), "{}", output.stdout);
    assert_eq!(differing_files(&good, &folder), Vec::<String>::new());
    assert_eq!(run(&scratch, &file, &[]).code, 0);
}

/// A chart that is missing is drawn again; nothing is simulated for it.
#[test]
fn a_missing_chart_is_drawn_from_the_tables() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let chart = fs::read_dir(folder.join("charts")).unwrap().next().unwrap().unwrap().path();
    let before = fs::read(&chart).unwrap();
    fs::remove_file(&chart).unwrap();
    let output = run(&scratch, &file, &[]);
    let name = Path::new("charts").join(chart.file_name().unwrap());
    assert!(output.stdout.contains(&format!("{} was not what the manifest says", name.display())), "{}", output.stdout);
    assert!(!output.stdout.contains("summary.csv"), "{}", output.stdout);
    assert_eq!(fs::read(&chart).unwrap(), before);
}
