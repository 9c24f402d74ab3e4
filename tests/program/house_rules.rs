//! The house rules: who may use whom, file sizes, the length of `main.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module and the modules that it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("stats", &[]),
    ("random", &[]),
    ("engine", &["units"]),
    ("model", &["engine", "random", "stats", "units"]),
    ("theory", &["model", "units"]),
    ("experiment", &["model", "units"]),
    ("runner", &["experiment", "model", "stats", "units"]),
    ("report", &["runner", "experiment", "theory", "model", "stats", "units"]),
    ("cli", &["report", "runner", "experiment", "theory", "model", "units"]),
];

/// Crates that only one module may use.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("plotters", &["report"]),
    ("resvg", &["report"]),
    ("rayon", &["runner"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("terminal_size", &["cli"]),
    ("toml", &["experiment"]),
    ("csv", &["report", "experiment"]),
    ("cap_std", &["report"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Every file under `src`: the top-level module it belongs to, its path and its code without comments.
fn files() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let described = |path: PathBuf| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        let module = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (module, path, code.join("\n"))
    };
    sources(&root).into_iter().map(described).collect()
}

/// The modules that `code` names behind `crate::`.
fn used_modules(code: &str) -> Vec<String> {
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| {
            let list = rest.strip_prefix('{').and_then(|list| list.split_once('}'));
            let names = list.map_or_else(|| vec![rest], |(list, _)| list.split(',').collect());
            names.into_iter().map(|name| name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        })
        .collect()
}

#[test]
fn modules_depend_one_way_only() {
    let mut wrong = Vec::new();
    for (module, path, code) in files() {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == module) else { continue };
        for used in used_modules(&code) {
            let is_module = ALLOWED.iter().any(|(name, _)| *name == used);
            if is_module && used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {module} must not use {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without features the library is the model alone, and whoever embeds it builds these crates.
#[test]
fn the_model_needs_few_crates() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n[dev-dependencies]").next().unwrap();
    let needed = dependencies.lines().filter(|line| line.contains(" = ") && !line.contains("optional = true"));
    let needed: Vec<&str> = needed.filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(needed, ["libm", "rand", "serde", "thiserror"]);
}

#[test]
fn theory_never_looks_into_a_running_world() {
    for (module, path, code) in files() {
        if module == "theory" {
            assert!(!code.contains("simulate("), "{}", path.display());
        }
    }
}

#[test]
fn crates_are_used_where_they_belong() {
    for (module, path, code) in files() {
        for (name, owners) in ONLY_IN {
            let is_used = code.contains(&format!("use {name}::")) || code.contains(&format!(" {name}::"));
            assert!(!is_used || owners.contains(&module.as_str()), "{}: {name} belongs to {owners:?}", path.display());
        }
    }
}

#[test]
fn no_clock_and_no_unordered_collection_where_results_are_made() {
    for (module, path, code) in files() {
        if ["engine", "model", "random", "stats", "theory", "experiment", "units"].contains(&module.as_str()) {
            for banned in ["HashMap", "HashSet", "Instant", "SystemTime", "thread_rng", "StdRng", "SmallRng"] {
                assert!(!code.contains(banned), "{}: {banned}", path.display());
            }
        }
    }
}

/// `eprintln!` and its kin panic where a stream cannot be written; `cli::say` does not.
#[test]
fn streams_are_written_in_one_place() {
    for (_, path, code) in files() {
        for banned in ["println!(", "print!(", "dbg!("] {
            assert!(!code.contains(banned), "{}: {banned}", path.display());
        }
    }
}

#[test]
fn files_fit_the_eye() {
    for (module, path, code) in files() {
        let lines = code.lines().count();
        let limit = if module == "main" { 40 } else { 400 };
        assert!(lines <= limit, "{}: {lines} lines, more than {limit}", path.display());
    }
}

#[test]
fn the_rules_would_notice() {
    assert_eq!(
        used_modules("use crate::{model::Scenario, units};\nuse crate::engine::Key;"),
        ["model", "units", "engine"]
    );
}

/// Places that are named in backticks on the page on new transports are there.
#[test]
fn the_guide_to_a_new_transport_names_places_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("src/guide/add_a_transport.md")).unwrap();
    let is_path = |name: &&str| ["src/", "tests/", "experiments/"].iter().any(|folder| name.starts_with(folder));
    let named: Vec<&str> = page.split('`').filter(is_path).collect();
    assert!(named.len() >= 14, "{named:?}");
    for name in named {
        assert!(root.join(name).exists(), "{name} is not there");
    }
}

#[test]
fn the_guide_lists_every_key_and_every_metric() {
    let intro = "# Every key\n\nThe paths of a transport's keys leave its name out, those of a chart too.\n\n";
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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let page = fs::read_to_string(&path).unwrap();
    let expected = expected(&page);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), expected, "renew {name} with UPDATE_EXPECTED=1");
}
