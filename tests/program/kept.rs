//! What a folder keeps of its results when a run adds to them.

use std::fs;
use std::path::Path;

use crate::program::{Scratch, differing_files, run_to};

/// A server that takes the longer to settle, the more clients there are.
fn auto(clients: &str, warmup: &str) -> String {
    format!(
        "[experiment]\nreplications = 3\nwarmup = \"{warmup}\"\nduration = \"3 min\"\nbin = \"20 s\"\n\
         accept = [\"few-messages-expected\", \"too-few-messages\", \"imprecise\", \"messages-pending\", \
         \"warmup-not-found\", \"warmup-too-short\", \"backlog-grows\", \"not-steady\", \"messages-lost\", \
         \"warmup-shorter-than-needed\"]\n[clients]\ncount = 20\n[source]\npoisson = {{ rate = \"0.1 /s\" }}\n\
         [server]\nworkers = 3\nservice = {{ exponential = \"100 ms\" }}\n\
         [[transport]]\nname = \"p\"\nshort_poll = {{ interval = \"1 s\" }}\n[sweep]\n\"clients.count\" = {clients}\n"
    )
}

fn chosen(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("manifest.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&text).unwrap()["chosen_warmup_s"].clone()
}

#[test]
fn points_that_need_another_warm_up_do_not_replace_what_is_there() {
    let scratch = Scratch::new();
    let file = scratch.file("x.toml", &auto("[5, 10]", "auto"));
    let folder = run_to(&scratch, &file, "out", &[]);
    let copy = run_to(&scratch, &file, "copy", &[]);
    let there = chosen(&folder).as_f64().unwrap();

    let more = scratch.file("x.toml", &auto("[5, 10, 60]", "auto"));
    let refused = scratch.cometsim(&["run", &more, "--out", &scratch.path("out")]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    let said = refused.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&format!("holds results with the warm-up {there} s")), "{said}");
    assert!(said.contains("add --fresh to replace them"), "{said}");
    assert_eq!(differing_files(&folder, &copy), Vec::<String>::new());
    // With the warm-up of the results the points are added to them.
    let fixed = scratch.file("x.toml", &auto("[5, 10, 60]", &format!("{there} s")));
    let added = scratch.cometsim(&["run", &fixed, "--out", &scratch.path("out")]);
    assert_eq!(added.code, 0, "{}", added.stderr);
    let rows = |folder: &Path| fs::read_to_string(folder.join("replications.csv")).unwrap();
    let (before, after) = (rows(&copy), rows(&folder));
    let fingerprint = |row: &&str| row.split(',').any(|cell| cell.len() == 16);
    let kept = before.lines().skip(1).filter(fingerprint).filter(|row| after.contains(row)).count();
    assert_eq!(kept, 6, "all replications of both points");
    let more = scratch.file("x.toml", &auto("[5, 10, 60]", "auto"));
    let fresh = scratch.cometsim(&["run", &more, "--out", &scratch.path("out"), "--fresh"]);
    assert_eq!(fresh.code, 0, "{}", fresh.stderr);
    assert!(chosen(&folder).as_f64().unwrap() > there);
}

#[test]
fn points_with_the_same_warm_up_are_added() {
    let scratch = Scratch::new();
    let file = scratch.file("x.toml", &auto("[5, 10]", "auto"));
    let folder = run_to(&scratch, &file, "out", &[]);
    let there = chosen(&folder);
    let more = scratch.file("x.toml", &auto("[5, 10, 7]", "auto"));
    assert_eq!(run_to(&scratch, &more, "out", &[]), folder);
    assert_eq!(chosen(&folder), there);
}
