//! Every warning, word for word, and what comes near to one without being it.
//!
//! Each `tests/warnings/NAME.toml` must load with exactly the warnings of `tests/warnings/NAME.stderr`, and one whose name ends in
//! `-not` with none. Where the first line is `# run`, the warnings of its results follow. `UPDATE_EXPECTED=1 cargo test --test
//! inputs warnings::` writes what is now said: read it before committing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::Scratch;
use cometsim::experiment::Experiment;
use cometsim::experiment::warning::{Warning, WarningKind, printable};
use cometsim::report::{settle_warmup, warnings_of_results};
use cometsim::runner::{Journal, run};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/warnings");

fn fixtures() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).expect("the folder of warnings");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// What is said of a file, and the warnings behind it.
fn said(path: &Path) -> (String, Vec<Warning>) {
    let text = fs::read_to_string(path).expect("a fixture is UTF-8");
    let file = format!("{}.toml", name(path));
    let experiment = Experiment::from_text(&file, &text, Path::new(FOLDER), &[])
        .unwrap_or_else(|errors| panic!("{}:\n{errors}", path.display()));
    let mut said = experiment.warnings().render();
    let mut warnings = experiment.foreseen().to_vec();
    if text.starts_with("# run\n") {
        warnings.extend(settle_warmup(&experiment, 1).expect("a warm-up"));
        let groups = run(&experiment.plan(), 1, &mut Journal::none(), &|_| {}).expect("a run");
        warnings.extend(warnings_of_results(&experiment, &groups));
        said.push_str(&printable(warnings.iter().filter(|warning| warning.is_of_results())).render());
    }
    (said, warnings)
}

#[test]
fn every_warning_is_as_expected() {
    let mut wrong = Vec::new();
    for path in fixtures() {
        let (said, _) = said(&path);
        let expected = path.with_extension("stderr");
        if name(&path).ends_with("-not") {
            assert!(!expected.exists(), "{} should not be there", expected.display());
            if !said.is_empty() {
                wrong.push(format!("{}\nsaid:\n{said}", path.display()));
            }
            continue;
        }
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&expected, &said).expect("the expected text can be written");
        }
        match fs::read_to_string(&expected) {
            Ok(wanted) if wanted == said && !said.is_empty() => {}
            Ok(wanted) => wrong.push(format!("{}\nexpected:\n{wanted}\nsaid:\n{said}", path.display())),
            Err(error) => wrong.push(format!("{}: {error}", expected.display())),
        }
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each kind has a file in which it is shown, and one of a similar name in which it is not.
#[test]
fn every_kind_has_a_file() {
    let shown = |warning: &&Warning| !warning.accepted;
    let all: Vec<Warning> = fixtures().iter().flat_map(|path| said(path).1).collect();
    for kind in WarningKind::ALL {
        assert!(all.iter().filter(shown).any(|warning| warning.id == kind.id()), "no file shows {}", kind.id());
    }
}

#[test]
fn every_kind_is_in_the_guide() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/warnings.md");
    let page = fs::read_to_string(page).expect("the page on warnings");
    for kind in WarningKind::ALL {
        assert!(page.contains(&format!("## `{}`", kind.id())), "nothing about {}", kind.id());
    }
}

/// Warnings are read in a terminal of 60 columns; only the excerpts of the file may be longer.
#[test]
fn warnings_are_narrow() {
    for path in fixtures() {
        let (said, _) = said(&path);
        for line in said.lines().filter(|line| !line.contains('│') && !line.contains('┌')) {
            assert!(line.chars().count() <= 60, "{}: {line}", path.display());
        }
    }
}

/// Ids are data: nobody may change one.
#[test]
fn names_do_not_change() {
    let names: Vec<&str> = WarningKind::ALL.iter().map(|kind| kind.id()).collect();
    assert_eq!(names, WarningKind::IDS);
    assert!(WarningKind::ALL.iter().all(|kind| WarningKind::from_id(kind.id()) == Some(*kind)));
    assert_eq!(WarningKind::from_id("of-a-later-version"), None);
}

const LOSSY: &str = r#"
[experiment]
replications = 3
warmup       = "40 s"
duration     = "2 min"

[clients]
count = 20

[source]
poisson = { rate = "2 /min" }

[[transport]]
name = "b"
long_poll = { check = "notify", hold = "40 s" }
timeout = "10 s"

[[chart]]
name = "lost"
kind = "bar"
y    = "messages_lost"
"#;

/// What was found is shown by the run and by the same run again, is named by `chart`, `show` and `verify`, and stands in
/// the manifest.
#[test]
fn the_warnings_of_a_folder_are_shown_on_every_view() {
    let scratch = Scratch::new();
    let file = scratch.file("lossy.toml", LOSSY);
    let (out, results) = (scratch.path("out"), scratch.path("out/lossy"));
    let run = ["run", &file, "--out", &out, "--quiet"];
    for (arguments, is_about_file_too) in [
        (run.as_slice(), true),
        (run.as_slice(), true),
        (&["chart", &results], true),
        (&["verify", &results, "--quiet"], true),
        (&["show", &results], true),
        (&["check", &file], true),
        (&["plan", &file], true),
    ] {
        let output = scratch.cometsim(arguments);
        assert_eq!(output.code, 0, "{arguments:?}: {}", output.stderr);
        let is_named = ["chart", "verify", "show"].contains(&arguments[0]);
        let has = |id: &str| match is_named {
            true => output.stderr.matches(id).count(),
            false => output.stderr.matches(&format!("warning[{id}]")).count(),
        };
        assert!(!is_named || (output.stderr.lines().count() == 1 && output.stderr.contains("summary.md")));
        assert_eq!(has("client-gives-up-first"), usize::from(is_about_file_too), "{arguments:?}: {}", output.stderr);
        let has_results = !["check", "plan"].contains(&arguments[0]);
        assert_eq!(has("messages-lost"), usize::from(has_results), "{arguments:?}: {}", output.stderr);
    }
    let manifest = fs::read_to_string(format!("{results}/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let warnings = manifest["warnings"].as_array().unwrap();
    let lost = warnings.iter().find(|warning| warning["id"] == "messages-lost").unwrap();
    assert_eq!(lost["transports"], serde_json::json!(["b"]));
    assert_eq!(lost["points"], serde_json::json!([0]));
    assert!(lost["help"].as_str().unwrap().contains("notices_disconnect"), "{lost}");
    assert_eq!(lost.get("accepted"), None);
}

/// An accepted warning is not shown, and marked in the manifest; the numbers are the same, and the folder too.
#[test]
fn what_is_accepted_is_in_the_manifest_only() {
    let scratch = Scratch::new();
    let file = scratch.file("lossy.toml", LOSSY);
    let (out, results) = (scratch.path("out"), scratch.path("out/lossy"));
    assert_eq!(scratch.cometsim(&["run", &file, "--out", &out, "--quiet"]).code, 0);
    let accepting = LOSSY.replace(
        "[experiment]",
        "[experiment]\naccept = [\"client-gives-up-first\", \"messages-lost\", \"too-few-messages\", \"imprecise\"]",
    );
    scratch.file("lossy.toml", &accepting);
    let output = scratch.cometsim(&["run", &file, "--out", &out, "--quiet"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "no other experiment, and no warning");
    let manifest = fs::read_to_string(format!("{results}/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let lost = manifest["warnings"].as_array().unwrap().iter().find(|warning| warning["id"] == "messages-lost");
    assert_eq!(lost.unwrap()["accepted"], true);
    let output = scratch.cometsim(&["verify", &results, "--quiet"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
}

/// A manifest of before has no warnings, and one of later may have others.
#[test]
fn other_manifests_can_be_read() {
    let later = r#"{ "id": "of-later", "transports": [], "points": [0], "message": "m", "details": [], "help": "h" }"#;
    let warning: Warning = serde_json::from_str(later).unwrap();
    assert!(warning.is_of_results() && !warning.accepted);
    assert!(printable([&warning]).render().contains("warning[of-later]: m"));
}

/// 5,000 clients of a notified long poll: the script looks every 0.5 s, so the 95th percentile is 0.95 x 0.5 s = 0.475 s. With
/// 30 s of warm-up it was 19.67 s: messages waited for clients that start within 40 s.
#[test]
fn a_quick_run_waits_for_all_clients() {
    let text = r#"
[clients]
count = 5000
[source]
poisson = { rate = "2 /h" }
[[transport]]
name = "long poll"
long_poll = {}
"#;
    let scratch = Scratch::new();
    let file = scratch.file("quick.toml", text);
    let folder = crate::program::run_to(&scratch, &file, "out", &["--quick"]);
    let rows = crate::program::read_rows(&folder.join("summary.csv"));
    let p95: f64 = rows[0]["latency_p95_s"].parse().unwrap();
    assert!((p95 - 0.475).abs() < 0.02, "{p95}");
    let resolved = fs::read_to_string(folder.join("resolved.toml")).unwrap();
    assert!(resolved.contains("\nwarmup = \"80 s\"\n"), "{resolved}");
}

fn quick_windows(text: &str) -> Vec<String> {
    let experiment = Experiment::from_text("quick.toml", text, Path::new(""), &["experiment.quick=true".to_owned()]);
    let experiment = experiment.unwrap_or_else(|errors| panic!("{errors}"));
    let read = |experiment: &Experiment| -> Vec<String> {
        let windows = (0..experiment.points()).flat_map(|point| experiment.scenarios(point));
        windows.map(|scenario| format!("{} + {}", scenario.window.warmup, scenario.window.duration)).collect()
    };
    let again = Experiment::from_text("again.toml", &experiment.resolved_toml(), Path::new(""), &[]);
    assert_eq!(read(&again.unwrap_or_else(|errors| panic!("{errors}"))), read(&experiment));
    read(&experiment)
}

/// A quick run has one window for all points and transports: to the start of all clients, 30 s at least where the file has
/// them, and no longer where the start is what is studied.
#[test]
fn a_quick_run_has_one_warm_up() {
    let swept = "[clients]\ntimeout = \"1 h\"\n[[transport]]\nname = \"a\"\nlong_poll = { check = \"notify\" }\n[[transport]]\nname = \"b\"\n\
                 short_poll = { interval = \"1 s\" }\n[sweep]\n\"server.hold\" = [\"20 s\", \"50 s\"]\n";
    assert_eq!(quick_windows(swept), ["100 s + 60 s"; 4]);
    let early = swept.replace("[\"20 s\", \"50 s\"]", "[\"5 s\", \"20 s\"]");
    assert_eq!(quick_windows(&early), ["40 s + 60 s"; 4]);
    let short = format!("[experiment]\nwarmup = \"10 s\"\n{early}");
    assert_eq!(quick_windows(&short), ["40 s + 60 s"; 4]);
    let meant = short.replace("[experiment]", "[experiment]\naccept = [\"warmup-too-short\"]");
    assert_eq!(quick_windows(&meant), ["10 s + 60 s"; 4]);
}
