//! Pages as results: in the manifest, the same in every run, small enough; and the page over several of them.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::browser::Browser;
use crate::fixtures::{SHOWN_MARKUP, page_of_all_kinds};
use crate::program::{Scratch, run_to, small, verify};

/// The most bytes of the page of an experiment of the repository.
const MOST_BYTES: u64 = 300_000;

#[test]
fn verify_covers_the_page() {
    let scratch = Scratch::new();
    let page = page_of_all_kinds(&scratch);
    let folder = page.parent().unwrap();
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"index.html\""));
    let found = verify(&scratch, folder, &["--bytes"]);
    assert_eq!(found.code, 0, "{}{}", found.stdout, found.stderr);
    let text = fs::read_to_string(&page).unwrap();
    fs::write(&page, text.replacen("Answer", "answer", 1)).unwrap();
    let found = verify(&scratch, folder, &["--bytes"]);
    assert!(found.code == 3 && found.stdout.contains("index.html"), "{}", found.stdout);
    // Drawing again gives the page of the run.
    assert_eq!(scratch.cometsim(&["chart", folder.to_str().unwrap()]).code, 0);
    assert_eq!(fs::read_to_string(&page).unwrap(), text);
    assert_eq!(verify(&scratch, folder, &["--bytes"]).code, 0);
}

#[test]
fn more_threads_give_the_same_page_and_altered_tables_are_told() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let other = run_to(&scratch, &file, "other", &["--threads", "2"]);
    let page = |folder: &Path| fs::read_to_string(folder.join("index.html")).unwrap();
    assert_eq!(page(&folder), page(&other));
    let table = folder.join("summary.csv");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text.replace(",5,", ",6,")).unwrap();
    assert_eq!(scratch.cometsim(&["chart", folder.to_str().unwrap(), "--force"]).code, 0);
    assert!(page(&folder).contains("these are not the results of the run"));
}

#[test]
fn every_experiment_has_a_page_without_errors_that_is_small() {
    let scratch = Scratch::new();
    let experiments = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let mut files: Vec<String> = fs::read_dir(experiments)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "toml"))
        .map(|it| it.display().to_string())
        .collect();
    files.sort();
    // A build without optimisation takes minutes for all of them.
    if cfg!(debug_assertions) {
        let some = ["comet", "interval", "mobile-and-desktop", "use-cases", "wire"].map(|name| format!("/{name}.toml"));
        files.retain(|file| some.iter().any(|name| file.ends_with(name)));
    }
    let out = scratch.path("out");
    let mut arguments = vec!["run", "--quick", "--quiet", "--out", &out];
    arguments.extend(files.iter().map(String::as_str));
    let run = scratch.cometsim(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let name = |file: &String| Path::new(file).file_stem().unwrap().to_str().unwrap().to_owned();
    let pages: Vec<_> = files.iter().map(|file| Path::new(&out).join(name(file)).join("index.html")).collect();
    for page in &pages {
        assert!(fs::metadata(page).unwrap().len() < MOST_BYTES, "{}", page.display());
    }
    let Some(browser) = Browser::start() else { return };
    for page in &pages {
        let mut tab = browser.tab();
        tab.open(page);
        let (drawn, charts) = (
            tab.number("document.querySelectorAll('.chart svg').length"),
            tab.number("document.querySelectorAll('.chart').length"),
        );
        assert!(drawn >= charts && charts > 0.0, "{}: {drawn} of {charts}", page.display());
        let hidden = "[...document.querySelectorAll('.plot svg path, .plot svg rect, .plot svg circle')].some((it) => /NaN|undefined|Infinity/.test(it.outerHTML))";
        assert_eq!(tab.value(hidden), json!(false), "{}", page.display());
        tab.is_clean();
    }
}

#[test]
fn an_index_shows_the_experiments_and_says_what_it_leaves_out() {
    let scratch = Scratch::new();
    let page = page_of_all_kinds(&scratch);
    let folder = page.parent().unwrap();
    let out = folder.parent().unwrap();
    let from = small(&scratch).1;
    fs::rename(from, out.join("b & c 长")).unwrap();
    fs::create_dir(out.join("empty")).unwrap();
    let index = |folder: &Path| scratch.cometsim(&["index", folder.to_str().unwrap()]);
    let said = index(out);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout.contains("2 experiments"), "{}", said.stdout);
    assert!(said.stderr.contains("empty is left out: it has no manifest.json"), "{}", said.stderr);
    let text = fs::read_to_string(out.join("index.html")).unwrap();
    assert_eq!(index(out).code, 0);
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), text);
    // The page of a run, and that of another program, stay.
    assert_eq!(index(folder).code, 2);
    fs::write(out.join("empty/index.html"), "mine").unwrap();
    assert_eq!(index(&out.join("empty")).code, 2);
    fs::write(folder.join("summary.csv"), "altered").unwrap();
    assert!(index(out).stderr.contains("summary.csv is not what its manifest says"));
    fs::write(out.join("index.html"), text).unwrap();
    let Some(browser) = Browser::start() else { return };
    let mut tab = browser.tab();
    tab.open(&out.join("index.html"));
    assert!(tab.text("main").contains(SHOWN_MARKUP));
    assert_eq!(tab.value("document.querySelectorAll('.entry svg').length"), json!(2));
    tab.is_clean();
    tab.follow(".entry:nth-child(2) a");
    assert_eq!(tab.text("h1"), "Small");
    tab.is_clean();
}
