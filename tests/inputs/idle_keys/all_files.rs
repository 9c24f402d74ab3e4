//! The same of all files of the tests and of `experiments/`, key by key.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ID, ROOT, load, said};
use cometsim::experiment::Experiment;
use cometsim::experiment::keys::{self, ValueKind};

fn toml_files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == "toml") && !path.ends_with("million.toml")
    });
    files.sort();
    files
}

/// The written-out experiment has every default: it warns of what the file warns of.
#[test]
fn what_is_written_out_warns_as_its_file_does() {
    let mut wrong = Vec::new();
    for path in ["experiments", "tests/good", "tests/warnings"].into_iter().flat_map(toml_files) {
        let text = fs::read_to_string(&path).unwrap();
        let experiment = load(&text, path.parent().unwrap(), &[]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inputs")).unwrap();
        for input in experiment.inputs() {
            fs::write(folder.path().join("inputs").join(&input.name), &input.bytes).unwrap();
        }
        let again = load(&experiment.resolved_toml(), folder.path(), &[]).unwrap();
        let (of_file, of_written) = (said(&experiment), said(&again));
        assert!(of_written.iter().all(|message| of_file.contains(message)), "{}: {of_written:?}", path.display());
        let is_shown = experiment.foreseen().iter().any(|warning| warning.id == ID && !warning.accepted);
        if is_shown && !path.starts_with(Path::new(ROOT).join("tests/warnings")) {
            wrong.push(format!("{}: {:?}", path.display(), said(&experiment)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Other values of a key, as overrides write them.
fn other_values(kind: ValueKind) -> Vec<String> {
    let text = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    match kind {
        ValueKind::Count(..) => text(&["3", "7"]),
        ValueKind::Positive => text(&["1.5", "3.5"]),
        ValueKind::NotNegative => text(&["0.7", "3.5"]),
        ValueKind::Flag => text(&["true", "false"]),
        ValueKind::Time | ValueKind::Span | ValueKind::TimeOr(_) | ValueKind::TimeOrTable => text(&["7 s", "70 s"]),
        ValueKind::Bytes => text(&["123 B", "77 B"]),
        ValueKind::Rate => text(&["7 /min", "8 /min"]),
        ValueKind::BitRate | ValueKind::BitRateOrTable => text(&["7 Mbit/s", "8 Mbit/s"]),
        ValueKind::Probability | ValueKind::Share => text(&["0.3", "0.6"]),
        ValueKind::Choice(words) | ValueKind::ChoiceOrTable(words) => text(words),
        ValueKind::TableOr(word) => text(&[word, "{ retry = { first = \"7 s\" } }", "{ every = \"7 s\" }"]),
        _ => Vec::new(),
    }
}

/// The paths of a key: those of transports and populations have a name.
fn paths(key: &str, document: &toml::Table) -> Vec<String> {
    for list in ["transport", "population"] {
        let Some(rest) = key.strip_prefix(&format!("{list}.")) else { continue };
        let items = document.get(list).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let names = items.iter().filter_map(|item| item.get("name").and_then(toml::Value::as_str));
        return names
            .map(|name| format!("{list}.\"{}\".{rest}", name.replace('\\', "\\\\").replace('"', "\\\"")))
            .collect();
    }
    vec![key.to_owned()]
}

/// Files that have something of everything: all of them take minutes.
const OF_MANY_KINDS: &[&str] = &[
    "accounts",
    "chat-room",
    "capacity",
    "herd",
    "lossy-mobile",
    "browsers",
    "cost",
    "links",
    "mix",
    "overrides",
    "push",
    "push-defaults",
    "rooms",
    "scope-request",
    "sends-bursts",
    "wire",
    "workers",
    "trace-once",
];

/// An override that changes nothing of what is simulated is said to have no effect, or it is what the file says.
#[test]
fn what_changes_no_scenario_is_said_to_have_no_effect() {
    let mut wrong = Vec::new();
    let of_no_scenario = [
        "population.share",
        "experiment.title",
        "experiment.accept",
        "experiment.replications",
        "experiment.quick",
        "chart.",
    ];
    for path in ["experiments", "tests/good"].into_iter().flat_map(toml_files) {
        let (text, folder) = (fs::read_to_string(&path).unwrap(), path.parent().unwrap());
        let document: toml::Table = toml::from_str(&text).unwrap();
        let plain = load(&text, folder, &[]).unwrap();
        if plain.points() > 6 || !OF_MANY_KINDS.iter().any(|name| path.file_stem().is_some_and(|stem| stem == *name)) {
            continue;
        }
        let before: Vec<_> = (0..plain.points()).map(|point| plain.scenarios(point)).collect();
        let identity = plain.identity().text();
        let known = keys::keys().filter(|key| !of_no_scenario.iter().any(|path| key.path.starts_with(path)));
        for (key, path_of_key) in
            known.flat_map(|key| paths(key.path, &document).into_iter().map(move |path| (key, path)))
        {
            let sets = other_values(key.kind).into_iter().map(|value| format!("{path_of_key}={value}"));
            let sets: Vec<Experiment> = sets.filter_map(|set| load(&text, folder, &[&set]).ok()).collect();
            let is_same = |set: &Experiment| {
                set.points() == plain.points()
                    && before.iter().enumerate().all(|(point, before)| set.scenarios(point) == *before)
            };
            if sets.iter().all(is_same) && sets.iter().any(|set| set.identity().text() != identity) {
                let last = key.path.rsplit('.').next().unwrap();
                let names_it = |message: &String| message.contains(last) || message.contains("name");
                if !sets.iter().any(|set| said(set).iter().any(names_it)) {
                    wrong.push(format!("{}: {path_of_key}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "nothing is said of\n{}", wrong.join("\n"));
}
