//! The rules of the house: who may use whom, how long files and functions may be, which words are not used.
//!
//! The sources are parsed, not searched. A breach that stays is in the list of exceptions, with the reason; an exception
//! that is no more needed fails too. Each rule is tried on a small text that breaks it.

mod breaches;
mod exceptions;
mod imports;
mod rules;
mod source;
mod trials;

use std::fs;

use breaches::{demand, wrong};
use source::{root, src, texts};

#[test]
fn modules_depend_one_way_only() {
    demand(&wrong(&rules::directions(src()), &[]));
}

#[test]
fn no_files_use_each_other() {
    demand(&rules::cycles(src(), exceptions::CYCLES));
}

#[test]
fn no_part_of_the_world_uses_another() {
    demand(&wrong(&rules::parts(src()), &[]));
}

/// Without features the library is the model alone, and whoever embeds it builds these crates.
#[test]
fn the_model_needs_few_crates() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n[dev-dependencies]").next().unwrap();
    let needed = dependencies.lines().filter(|line| line.contains(" = ") && !line.contains("optional = true"));
    let needed: Vec<&str> = needed.filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(needed, ["libm", "rand", "serde", "thiserror"]);
}

#[test]
fn a_plan_is_all_that_the_runner_sees_of_an_experiment() {
    demand(&wrong(&rules::plan(src()), &[]));
}

#[test]
fn theory_never_looks_into_a_running_world() {
    demand(&wrong(&rules::theory(src()), &[]));
}

#[test]
fn crates_are_used_where_they_belong() {
    demand(&wrong(&rules::crates(src()), &[]));
}

#[test]
fn no_clock_and_no_unordered_collection_where_results_are_made() {
    demand(&wrong(&rules::changing(src()), &[]));
}

#[test]
fn streams_are_written_in_one_place() {
    demand(&wrong(&rules::streams(src()), &[]));
}

#[test]
fn conditions_are_ifs() {
    demand(&wrong(&rules::hidden(src()), exceptions::HIDDEN));
}

#[test]
fn no_two_types_have_one_name() {
    demand(&wrong(&rules::twins(src()), exceptions::TWINS));
}

#[test]
fn files_fit_the_eye() {
    demand(&wrong(&rules::long_files(&texts(&["src", "tests"], "rs")), exceptions::LONG_FILES));
}

#[test]
fn functions_fit_the_eye() {
    demand(&wrong(&rules::large_functions(src()), exceptions::LARGE_FUNCTIONS));
    demand(&wrong(&rules::wide_functions(src()), &[]));
}

#[test]
fn comments_and_pages_are_in_plain_words() {
    let pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
    let pages = pages.map(|name| (name.to_owned(), fs::read_to_string(root().join(name)).unwrap()));
    let mut all = [texts(&["src", "tests", "benches"], "rs"), texts(&["src", "tests"], "md"), pages.to_vec()].concat();
    // The words themselves are in the rule and in its trial.
    all.retain(|(path, _)| !path.starts_with("tests/program/house_rules/"));
    demand(&wrong(&rules::words(&all), exceptions::WORDS));
}

/// Whether `place` is a file, a folder, or an item that a file defines (`src/file.rs::item`).
fn is_there(place: &str) -> bool {
    let (file, item) = place.split_once("::").unwrap_or((place, ""));
    let text = fs::read_to_string(root().join(file)).unwrap_or_default();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let defines = |pair: &[&str]| ["fn", "struct", "enum", "trait"].contains(&pair[0]) && pair[1] == item;
    if item.is_empty() { root().join(file).exists() } else { words.windows(2).any(defines) }
}

/// Places that CONTRIBUTING.md and the page on new transports name in backticks are there.
#[test]
fn documents_for_contributors_name_places_that_exist() {
    let folders = ["src/", "tests/", "experiments/", "benches/", ".ci/"];
    for (document, least) in [("CONTRIBUTING.md", 50), ("src/guide/add_a_transport.md", 14)] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        let quoted = text.split('`').filter_map(|quoted| quoted.split(' ').next());
        let places: Vec<&str> = quoted.filter(|name| folders.iter().any(|folder| name.starts_with(folder))).collect();
        assert!(places.len() >= least, "{document}: {places:?}");
        let missing: Vec<&&str> = places.iter().filter(|place| !is_there(place)).collect();
        assert!(missing.is_empty(), "{document} names what is not there: {missing:?}");
    }
    assert!(!is_there("src/engine.rs::nothing") && !is_there("src/nothing.rs::run"));
}

#[test]
fn the_guide_lists_every_key_and_every_metric() {
    let intro = "# Every key\n\nThe paths of keys of a transport or a chart leave out its name.\n\n";
    let keys = cometsim::experiment::keys::key_table_markdown();
    assert_page("src/guide/keys.md", |_| format!("{intro}{keys}"));
    let row =
        |metric: &cometsim::model::Metric| format!("| `{}` | {} | {} |\n", metric.name(), metric.unit(), metric.doc());
    let rows: String = cometsim::model::Metric::ALL.iter().map(row).collect();
    let head = "| column | unit | what it is |\n| --- | --- | --- |\n";
    assert_page("src/guide/metrics.md", |page| format!("{}{head}{rows}", page.split(head).next().unwrap()));
}

/// A page of the guide is what is made of it and of the tables in the code; `UPDATE_EXPECTED=1` renews it.
fn assert_page(name: &str, expected: impl Fn(&str) -> String) {
    let path = root().join(name);
    let page = fs::read_to_string(&path).unwrap();
    let expected = expected(&page);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), expected, "renew {name} with UPDATE_EXPECTED=1");
}
