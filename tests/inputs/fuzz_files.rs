//! No input makes the reader of experiment files panic, hang or overflow the stack.
//!
//! The random inputs come from a fixed seed: the same ones in every run.

#![allow(clippy::pedantic)]

use std::fs;
use std::path::{Path, PathBuf};

use crate::fuzz::{ODD, ask, root, tokens};
use cometsim::experiment::{Experiment, keys};
use cometsim::units::{Bytes, Probability, Rate, Time};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

const SMALLEST: &str = "[[transport]]\nname = \"long polling\"\nlong_poll = {}\n";

/// Reads a text, and if it is accepted everything that can be asked of it; else what is said about it.
fn read(text: &str, overrides: &[String]) {
    match Experiment::from_text("fuzz.toml", text, &root().join("good"), overrides) {
        Err(diagnostics) => {
            assert!(diagnostics.has_errors());
            assert!(diagnostics.render().contains("error"));
            let _ = diagnostics.render_colored_within(usize::MAX);
        }
        Ok(experiment) => ask(&experiment),
    }
}

/// The texts of the good and of the bad files, without those of many points.
fn corpus() -> Vec<String> {
    let mut paths: Vec<PathBuf> = ["good", "bad"]
        .iter()
        .flat_map(|folder| {
            fs::read_dir(root().join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path())
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "million"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a text")).collect()
}

fn runner(cases: u32) -> TestRunner {
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

/// Fewer cases without optimization.
const fn cases(release: u32) -> u32 {
    if cfg!(debug_assertions) { release / 10 } else { release }
}

/// One change: which token, what to do, and with what.
type Edit = (prop::sample::Index, u8, prop::sample::Index);

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut parts: Vec<String> = tokens(text).into_iter().map(str::to_owned).collect();
    for (place, action, other) in edits {
        if parts.is_empty() {
            break;
        }
        let at = place.index(parts.len());
        match action % 7 {
            0 => drop(parts.remove(at)),
            1 => parts.insert(at, parts[at].clone()),
            2 => ODD[other.index(ODD.len())].clone_into(&mut parts[at]),
            3 => {
                let other = parts[other.index(parts.len())].clone();
                parts[at] = other;
            }
            4 => {
                let other = other.index(parts.len());
                parts.swap(at, other);
            }
            5 => {
                let mut characters: Vec<char> = parts[at].chars().collect();
                let which = other.index(characters.len().max(1)).min(characters.len());
                characters
                    .insert(which, ['"', '\n', '.', '长', '\u{0}', '[', '=', '\t', '\u{301}', '9'][other.index(10)]);
                parts[at] = characters.into_iter().collect();
            }
            _ => parts.insert(at, ODD[other.index(ODD.len())].to_owned()),
        }
    }
    parts.concat()
}

/// Whether a text surely has few points: it may be read at once.
fn is_small(text: &str) -> bool {
    !text.contains("1000000") && !text.contains("2000")
}

#[test]
fn edited_files_are_read_or_refused() {
    let corpus = corpus();
    let edits = prop::collection::vec(any::<Edit>(), 1..6);
    let strategy = (any::<prop::sample::Index>(), edits);
    let outcome = runner(cases(6000)).run(&strategy, |(which, edits)| {
        let text = edited(&corpus[which.index(corpus.len())], &edits);
        if is_small(&text) {
            read(&text, &[]);
        }
        Ok(())
    });
    outcome.expect("no panic");
}

#[test]
fn lines_of_two_files_are_read_or_refused() {
    let corpus = corpus();
    let strategy = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u64>());
    let outcome = runner(cases(2000)).run(&strategy, |(first, second, choice)| {
        let first = corpus[first.index(corpus.len())].lines();
        let second = corpus[second.index(corpus.len())].lines();
        let lines = first.chain(second).enumerate();
        let kept: Vec<&str> =
            lines.filter(|(place, _)| choice >> (place % 64) & 1 == 1).map(|(_, line)| line).collect();
        let text = kept.join("\n");
        if is_small(&text) {
            read(&text, &[]);
        }
        Ok(())
    });
    outcome.expect("no panic");
}

#[test]
fn any_value_at_any_key_is_read_or_refused() {
    let paths: Vec<&str> = keys::keys().map(|key| key.path).chain(["sweep", "transport", "sweep.mode"]).collect();
    let settings = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4);
    let outcome = runner(cases(6000)).run(&(settings, 0..4u8), |(settings, form)| {
        let mut before = String::new();
        let mut after = SMALLEST.to_owned();
        for (path, value) in settings {
            let (path, value) = (paths[path.index(paths.len())], ODD[value.index(ODD.len())]);
            let claim = path.strip_prefix("claim.");
            let (part, line) = match (path.strip_prefix("transport."), path.strip_prefix("chart.").or(claim), form) {
                (_, Some(key), 0) if claim.is_some() => {
                    let claim = "[[claim]]\ntext = \"a\"\nmetric = \"latency_mean_s\"\nis = \"> 1 s\"\n";
                    (&mut after, format!("{claim}{key} = {value}\n"))
                }
                (Some(key), _, 0) => (&mut after, format!("{key} = {value}\n")),
                (_, Some(key), _) => {
                    (&mut after, format!("[[chart]]\nname = \"a\"\nkind = \"line\"\n{key} = {value}\n"))
                }
                (Some(key), _, _) => {
                    (&mut before, format!("sweep.\"transport.long polling.{key}\" = [{value}, {value}]\n"))
                }
                (_, _, 0 | 1) => (&mut before, format!("{path} = {value}\n")),
                (_, _, 2) => (&mut before, format!("sweep.\"{path}\" = [{value}, {value}]\n")),
                _ => (&mut before, format!("sweep.{path} = {value}\n")),
            };
            part.push_str(&line);
        }
        let text = before + &after;
        if is_small(&text) {
            read(&text, &[]);
        }
        Ok(())
    });
    outcome.expect("no panic");
}

#[test]
fn any_override_is_taken_or_refused() {
    let corpus = corpus();
    let paths: Vec<&str> = keys::keys().map(|key| key.path).collect();
    let any_text =
        prop_oneof![Just(None), "\\PC{0,30}".prop_map(Some), "[a-z.\"'= \\[\\]{}0-9长]{0,30}".prop_map(Some)];
    let strategy = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_text);
    let outcome = runner(cases(2000)).run(&strategy, |(file, path, value, text)| {
        let (path, value) = (paths[path.index(paths.len())], ODD[value.index(ODD.len())]);
        let named = path.replace("transport.", "transport.long polling.");
        let arguments = match text {
            Some(text) => vec![text.clone(), format!("{named}={text}"), format!("{text}={value}")],
            None => vec![format!("{named}={value}"), format!("{named}={}", value.trim_matches('"'))],
        };
        let text = &corpus[file.index(corpus.len())];
        for argument in arguments {
            if is_small(text) && is_small(&argument) {
                read(text, std::slice::from_ref(&argument));
                read(SMALLEST, &[argument]);
            }
        }
        Ok(())
    });
    outcome.expect("no panic");
}

#[test]
fn any_text_is_read_or_refused() {
    let strategy = prop_oneof!["\\PC{0,200}", "[a-z\\[\\]{}=.\"'\\n\\r\\t #0-9长é]{0,200}"];
    runner(cases(3000))
        .run(&strategy, |text| {
            read(&text, &[]);
            Ok(())
        })
        .expect("no panic");
}

#[test]
fn any_bytes_are_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("fuzz.toml");
    let strategy = prop::collection::vec(any::<u8>(), 0..200);
    let outcome = runner(cases(500)).run(&strategy, |bytes| {
        fs::write(&path, &bytes).expect("the bytes can be written");
        let _ = Experiment::load(&path, &[]).map_err(|diagnostics| diagnostics.render());
        Ok(())
    });
    outcome.expect("no panic");
}

#[test]
fn any_input_file_is_read_or_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = prop_oneof![
        "(time_s|delay_ms|delay_s)(,client|,bytes|,x){0,2}(\\r?\n[0-9.e\",\\-长 ]{0,20}){0,6}",
        "\\PC{0,60}"
    ];
    let bytes = prop_oneof![text.prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..60)];
    let uses = [
        "source.trace = { file = \"fuzz.csv\", repeat = true }",
        "source.trace = { file = \"fuzz.csv\" }\nexperiment = { warmup = \"0 s\", duration = \"1 s\" }",
        "network.up.empirical.file = \"fuzz.csv\"",
    ];
    let outcome = runner(cases(1500)).run(&(bytes, 0..3usize), |(bytes, which)| {
        fs::write(folder.path().join("fuzz.csv"), &bytes).expect("the bytes can be written");
        let text = format!("{}\n{SMALLEST}", uses[which]);
        match Experiment::from_text("fuzz.toml", &text, folder.path(), &[]) {
            Ok(experiment) => drop((experiment.scenarios(0), experiment.resolved_toml())),
            Err(diagnostics) => drop(diagnostics.render()),
        }
        Ok(())
    });
    outcome.expect("no panic");
}

/// Neither a stack that overflows nor an experiment of something else: each is refused, with a reason.
#[test]
fn deep_nesting_is_refused() {
    let refuse = |text: &str, overrides: &[String]| {
        let said = Experiment::from_text("deep.toml", text, Path::new(""), overrides).expect_err("it is too deep");
        assert!(said.render().starts_with("error"), "{}", said.render());
    };
    for depth in [10, 100, 1_000, 30_000] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        let tables = format!("{}1{}", "{ a = ".repeat(depth), " }".repeat(depth));
        let dotted = vec!["a"; depth].join(".");
        for text in [
            format!("clients.count = {open}{close}\n{SMALLEST}"),
            format!("clients = {tables}\n{SMALLEST}"),
            format!("sweep = {tables}\n{SMALLEST}"),
            format!("{dotted} = 1\n{SMALLEST}"),
            format!("sweep.{dotted} = 1\n{SMALLEST}"),
            format!("[{dotted}]\n{SMALLEST}"),
            format!("[[{dotted}]]\n{SMALLEST}"),
            format!("{SMALLEST}{dotted} = 1\n"),
            open.clone(),
        ] {
            refuse(&text, &[]);
        }
        for set in [format!("{dotted}=1"), format!("clients.count={open}"), format!("server.check={tables}")] {
            refuse(SMALLEST, &[set]);
        }
    }
}

#[test]
fn huge_sweeps_are_refused_at_once() {
    let range = "{ from = 1, to = 1000000, steps = 1000000 }";
    let keys = ["clients.count", "experiment.seed", "experiment.replications", "server.check.count"];
    for mode in ["grid", "zip"] {
        let swept: Vec<String> = keys.iter().map(|key| format!("\"{key}\" = {range}\n")).collect();
        // A grid of 10^24 points; the zip of a million is allowed, but its bins are not.
        let text = format!("experiment.bin = \"1 ns\"\n{SMALLEST}[sweep]\nmode = \"{mode}\"\n{}", swept.concat());
        let said = Experiment::from_text("huge.toml", &text, Path::new(""), &[]).expect_err("too many").render();
        assert!(said.contains(if mode == "grid" { "too many points" } else { "too many bins" }), "{said}");
    }
}

#[test]
fn quantities_print_as_they_parse() {
    let strategy = prop_oneof![
        "[0-9+.eE-]{0,12} ?[a-zA-Zµμ/%]{0,4}",
        "\\PC{0,20}",
        prop::sample::select(ODD).prop_map(|odd| odd.trim_matches('"').to_owned())
    ];
    let outcome = runner(cases(20_000)).run(&strategy, |text| {
        let time = text.parse::<Time>().ok();
        prop_assert_eq!(time, time.map(|time| time.to_string().parse().expect("a time")));
        let bytes = text.parse::<Bytes>().ok();
        prop_assert_eq!(bytes, bytes.map(|bytes| bytes.to_string().parse().expect("a size")));
        let ratio = text.parse::<Probability>().ok();
        prop_assert_eq!(ratio, ratio.map(|ratio| ratio.to_string().parse().expect("a probability")));
        if let Ok(rate) = text.parse::<Rate>() {
            let again: Rate = rate.to_string().parse().expect("a rate");
            prop_assert!((again.per_second() / rate.per_second() - 1.0).abs() < 1e-12);
        }
        let _ = Time::from_seconds_rounded(&text);
        Ok(())
    });
    outcome.expect("no panic");
}
