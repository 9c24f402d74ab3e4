//! The rules on files, functions, types and words. Each takes the files to look at, so that it can be tried on small ones.

use std::collections::{BTreeMap, BTreeSet};

use super::breaches::{Breach, Exception, is_meant, not_needed};
use super::imports;
use super::source::File;

/// Each module and the modules that it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("stats", &[]),
    ("random", &[]),
    ("engine", &["units"]),
    ("model", &["engine", "random", "stats", "units"]),
    ("theory", &["model", "units"]),
    ("terminal", &[]),
    ("experiment", &["model", "terminal", "units"]),
    ("runner", &["experiment", "model", "stats", "terminal", "units"]),
    ("report", &["runner", "experiment", "theory", "model", "stats", "terminal", "units"]),
    ("cli", &["report", "runner", "experiment", "theory", "model", "terminal", "units"]),
];

/// Crates that only some modules may use.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("minijinja", &["report"]),
    ("plotters", &["report"]),
    ("plotters_backend", &["report"]),
    ("pdf_writer", &["report"]),
    ("png", &["report"]),
    ("subsetter", &["report"]),
    ("tiny_skia", &["report"]),
    ("ttf_parser", &["report"]),
    ("rayon", &["runner"]),
    ("clap", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("terminal_size", &["cli"]),
    ("toml", &["experiment"]),
    ("csv", &["report", "experiment"]),
    ("cap_std", &["report"]),
];

/// Modules in which results are made.
const OF_RESULTS: &[&str] = &["engine", "model", "random", "stats", "theory", "experiment", "units"];

/// What gives other results in another run, or on another machine.
const CHANGING: &[&str] = &["HashMap", "HashSet", "Instant", "SystemTime", "thread_rng", "StdRng", "SmallRng"];

/// Control flow that hides an `if`.
const HIDDEN: &[(&str, &str)] = &[(". filter ( | _ |", "`.filter(|_| …)`"), (". then_some", "`.then_some(…)`")];

/// Words of comments and pages that a reader has to read twice.
const BANNED: &[&str] = &["in vain", "but for", "what waits", "so many bytes", "nobody's"];

/// Lines of a file at most.
const MOST_LINES: usize = 350;
/// Lines of a file of tests at most.
const MOST_LINES_OF_TESTS: usize = 400;
/// Lines of the function that starts the program, with its file.
const MOST_LINES_OF_MAIN: usize = 40;
/// Lines of a function at most.
const MOST_LINES_OF_A_FUNCTION: usize = 60;
/// Parameters of a function at most, without `self`.
const MOST_PARAMETERS: usize = 5;
/// Fewer than one of so many functions have as many.
const ONE_WITH_MOST_IN: usize = 100;
/// Cyclomatic complexity of a function at most.
const MOST_COMPLEXITY: usize = 20;

/// No module uses one above it.
pub fn directions(files: &[File]) -> Vec<Breach> {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut breaches = Vec::new();
    for (file, used) in pairs(&imports::arrows(files, true)) {
        let (from, to) = (files[file].top(), files[used].top());
        let may_use = allowed.get(from.as_str()).is_none_or(|allowed| allowed.contains(&to.as_str()));
        if from != to && allowed.contains_key(to.as_str()) && !may_use {
            breaches.push(Breach::new(&files[file].path, format!("{from} must not use {to}")));
        }
    }
    breaches
}

/// All that the runner sees of an experiment is its plan.
pub fn plan(files: &[File]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (file, used) in pairs(&imports::arrows(files, true)) {
        let (from, to) = (&files[file], &files[used]);
        if from.top() == "runner" && to.top() == "experiment" && !to.path.starts_with("src/experiment/plan") {
            breaches.push(Breach::new(&from.path, format!("the runner must not use {}", to.path)));
        }
    }
    breaches
}

/// No files use each other, directly or through others. An exception is an arrow, `FROM -> TO`: without those of the
/// exceptions there is no cycle, and each is on one by itself.
pub fn cycles(files: &[File], exceptions: &[Exception]) -> Vec<String> {
    let arrows = imports::arrows(files, false);
    let name = |(from, to): (usize, usize)| format!("{} -> {}", files[from].path, files[to].path);
    let left = |given: Option<&Exception>| {
        let others = exceptions.iter().filter(|exception| Some(*exception) != given);
        let patterns: Vec<&str> = others.map(|(pattern, _)| *pattern).collect();
        let is_left = |pair: &(usize, usize)| !patterns.iter().any(|pattern| is_meant(pattern, &name(*pair)));
        let mut left: imports::Arrows = arrows.keys().map(|file| (*file, BTreeSet::new())).collect();
        for (from, to) in pairs(&arrows).into_iter().filter(is_left) {
            left.entry(from).or_default().insert(to);
        }
        left
    };
    let mut wrong = Vec::new();
    let rest = left(None);
    let groups = imports::cycles(&rest);
    for pair in pairs(&rest) {
        if let Some(group) = groups.iter().find(|group| group.contains(&pair.0) && group.contains(&pair.1)) {
            wrong.push(format!("{}: on a cycle of {} files", name(pair), group.len()));
        }
    }
    let is_idle = |exception: &&Exception| {
        let rest = left(Some(exception));
        let groups = imports::cycles(&rest);
        let is_on_cycle = |pair: &(usize, usize)| {
            let is_within = groups.iter().any(|group| group.contains(&pair.0) && group.contains(&pair.1));
            is_within && is_meant(exception.0, &name(*pair))
        };
        !pairs(&rest).iter().any(is_on_cycle)
    };
    wrong.extend(exceptions.iter().filter(is_idle).map(|(place, _)| not_needed(place)));
    wrong
}

/// No part of the world uses another.
pub fn parts(files: &[File]) -> Vec<Breach> {
    let part = |file: usize| {
        let module = files[file].module();
        let [model, world, part, _, ..] = module.as_slice() else { return None };
        (model == "model" && world == "world").then(|| part.clone())
    };
    let mut breaches = Vec::new();
    for (from, to) in pairs(&imports::arrows(files, true)) {
        if let (Some(one), Some(other)) = (part(from), part(to))
            && one != other
            // The dispatch joins the parts.
            && one != "dispatch"
        {
            let place = format!("{} -> {}", files[from].path, files[to].path);
            breaches.push(Breach::new(place, format!("{one} must not use {other}")));
        }
    }
    breaches
}

fn pairs(arrows: &imports::Arrows) -> Vec<(usize, usize)> {
    arrows.iter().flat_map(|(from, used)| used.iter().map(|to| (*from, *to))).collect()
}

/// Some crates are used in one module only.
pub fn crates(files: &[File]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files {
        let named = imports::first_words(file);
        for (name, owners) in ONLY_IN {
            if named.contains(*name) && !owners.contains(&file.top().as_str()) {
                breaches.push(Breach::new(&file.path, format!("{name} belongs to {owners:?}")));
            }
        }
    }
    breaches
}

/// Nothing that makes results depends on a clock or on the order of a hash.
pub fn changing(files: &[File]) -> Vec<Breach> {
    let of_results = files.iter().filter(|file| OF_RESULTS.contains(&file.top().as_str()));
    let found = of_results.flat_map(|file| CHANGING.iter().map(move |word| (file, *word)));
    let found = found.filter(|(file, word)| file.contains(word));
    found.map(|(file, word)| Breach::new(&file.path, word)).collect()
}

/// `eprintln!` and its kin panic where a stream cannot be written; there is one place that does not.
pub fn streams(files: &[File]) -> Vec<Breach> {
    let macros = ["println !", "print !", "eprintln !", "eprint !", "dbg !"];
    let found = files.iter().flat_map(|file| macros.map(|name| (file, name)));
    let found = found.filter(|(file, name)| file.contains(name));
    found.map(|(file, name)| Breach::new(&file.path, name)).collect()
}

/// The closed forms do not look into the simulation.
pub fn theory(files: &[File]) -> Vec<Breach> {
    let looking = files.iter().filter(|file| file.top() == "theory" && file.contains("simulate ("));
    looking.map(|file| Breach::new(&file.path, "it simulates")).collect()
}

/// A condition is an `if`.
pub fn hidden(files: &[File]) -> Vec<Breach> {
    let found = files.iter().flat_map(|file| HIDDEN.iter().map(move |(tokens, what)| (file, tokens, what)));
    let found = found.filter(|(file, tokens, _)| file.contains(tokens));
    found.map(|(file, _, what)| Breach::new(&file.path, *what)).collect()
}

/// No two types have one name.
pub fn twins(files: &[File]) -> Vec<Breach> {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        for name in &file.types {
            places.entry(name).or_default().push(&file.path);
        }
    }
    places.retain(|_, files| files.len() > 1);
    places.into_iter().map(|(name, files)| Breach::new(name, format!("a type in {}", files.join(" and ")))).collect()
}

/// No file is too long. Takes paths and texts.
pub fn long_files(texts: &[(String, String)]) -> Vec<Breach> {
    let most = |path: &str| match path.split('/').next() {
        _ if path == "src/main.rs" => MOST_LINES_OF_MAIN,
        Some("tests") => MOST_LINES_OF_TESTS,
        _ => MOST_LINES,
    };
    let long = texts.iter().filter(|(path, text)| text.lines().count() > most(path));
    long.map(|(path, text)| Breach::new(path, format!("{} lines", text.lines().count()))).collect()
}

/// No function is too long, has too many parameters or too many branches: its place is `FILE NAME`.
pub fn large_functions(files: &[File]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files {
        for function in &file.functions {
            let place = format!("{} {}", file.path, function.name);
            let mut limit = |what: &str, count: usize, most: usize| {
                if count > most {
                    breaches.push(Breach::new(&place, format!("{count} {what}, more than {most}")));
                }
            };
            limit("lines", function.lines, MOST_LINES_OF_A_FUNCTION);
            limit("parameters", function.parameters, MOST_PARAMETERS);
            limit("ways through it", function.complexity, MOST_COMPLEXITY);
        }
    }
    breaches
}

/// Few functions have as many parameters as they may have: the list of those that do, if it is too long.
pub fn wide_functions(files: &[File]) -> Vec<Breach> {
    let functions = || {
        let all = files.iter().flat_map(|file| file.functions.iter().map(move |function| (file, function)));
        all.filter(|(_, function)| !function.is_closure())
    };
    let wide = functions().filter(|(_, function)| function.parameters >= MOST_PARAMETERS);
    let wide = wide.map(|(file, function)| format!("{} {}", file.path, function.name));
    let breaches: Vec<Breach> = wide.map(|place| Breach::new(place, "as many parameters as may be")).collect();
    if breaches.len() * ONE_WITH_MOST_IN < functions().count() { Vec::new() } else { breaches }
}

/// No comment and no page has words that have to be read twice. Takes paths and texts.
pub fn words(texts: &[(String, String)]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (path, text) in texts {
        let words = text.split_whitespace().filter(|word| !["//", "///", "//!", "#"].contains(word));
        let words = format!(" {} ", words.collect::<Vec<_>>().join(" ").to_lowercase());
        for banned in BANNED {
            let is_word = |(place, _): (usize, &str)| {
                let after = words[place + banned.len()..].chars().next();
                let before = words[..place].chars().next_back();
                [before, after].iter().flatten().all(|next| !next.is_alphanumeric())
            };
            let count = words.match_indices(banned).filter(|found| is_word(*found)).count();
            if count > 0 {
                breaches.push(Breach::new(path, format!("\"{banned}\" {count} times")));
            }
        }
    }
    breaches
}
