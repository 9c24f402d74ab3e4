//! What the program says: about mistakes, as text and as data, and about itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::program::Scratch;
use cometsim::experiment::{Diagnostics, Experiment};
use cometsim::terminal::{shown, without_controls};
use serde_json::Value;

const GOOD: &str = "[clients]\ncount = 5\n\n[[transport]]\nname = \"a\"\nlong_poll = {}\n";

/// What is said about a text that is refused.
fn refused(text: &str, overrides: &[&str]) -> Diagnostics {
    let overrides: Vec<String> = overrides.iter().map(|&argument| argument.to_owned()).collect();
    Experiment::from_text("x.toml", text, Path::new(""), &overrides).expect_err("accepted")
}

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/running.md");
    fs::read_to_string(path).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The first block of a language behind a heading of the guide.
fn block(text: &str, heading: &str, language: &str) -> String {
    let (_, behind) = text.split_once(heading).expect("the heading");
    let (_, behind) = behind.split_once(&format!("```{language}\n")).expect("the block");
    behind.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn errors_as_data_are_those_of_the_guide() {
    let heading = "## Errors and warnings as data";
    let scratch = Scratch::new();
    scratch.file("typo.toml", &block(&guide(), heading, "toml"));
    let output = scratch.cometsim(&["check", "--format", "json", "typo.toml"]);
    assert_eq!((output.code, output.stderr.as_str()), (2, ""));
    assert_eq!(output.stdout, block(&guide(), heading, "json"));
}

#[test]
fn data_is_given_of_every_file_good_wrong_or_missing() {
    let scratch = Scratch::new();
    let good = scratch.file("good.toml", GOOD);
    let output = scratch.cometsim(&["check", "--format", "json", &good]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let found = json(&output.stdout);
    assert_eq!(found["files"][0]["ok"], true);
    assert_eq!(found["files"][0]["diagnostics"], json("[]"));

    let bad = scratch.file("bad.toml", &GOOD.replace("count", "\"größe\" = 1 # ö\ncuont"));
    let output =
        scratch.cometsim(&["check", "--format=json", &good, "missing.toml", &bad, "--set", "server.wrokers=1"]);
    assert_eq!(output.code, 2);
    let found = json(&output.stdout);
    assert_eq!(found["files"].as_array().unwrap().len(), 3);
    let missing = &found["files"][1]["diagnostics"][0];
    assert_eq!((&missing["severity"], &missing["place"]), (&json("\"error\""), &Value::Null));
    assert!(missing["message"].as_str().unwrap().contains("missing.toml"), "{missing}");
    let told = found["files"][2]["diagnostics"].as_array().unwrap();
    let places: Vec<&Value> = told.iter().map(|told| &told["place"]).collect();
    assert!(places.iter().any(|place| place["line"] == 2 && place["length"] == 7 && place["end"] == 19), "{places:?}");
    assert!(places.iter().any(|place| place["file"] == "--set" && place["column"] == 1 && place["length"] == 14));
}

#[test]
fn warnings_as_data_have_their_names_and_reasons() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/warnings");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let files: Vec<String> = paths.map(|path| path.display().to_string()).collect();
    let scratch = Scratch::new();
    let mut arguments = vec!["check", "--format", "json"];
    arguments.extend(files.iter().map(String::as_str));
    let output = scratch.cometsim(&arguments);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let found = json(&output.stdout);
    let told: Vec<&Value> =
        found["files"].as_array().unwrap().iter().flat_map(|file| file["diagnostics"].as_array().unwrap()).collect();
    assert!(told.len() > 5 && told.iter().all(|told| told["severity"] == "warning"));
    let coded: Vec<&&Value> = told.iter().filter(|told| told["code"].is_string()).collect();
    assert!(coded.iter().any(|told| !told["notes"].as_array().unwrap().is_empty()), "{coded:?}");
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/warnings.md");
    let guide = fs::read_to_string(guide).unwrap();
    for told in coded {
        assert!(guide.contains(&format!("`{}`", told["code"].as_str().unwrap())), "{told}");
    }
}

#[test]
fn an_unknown_format_is_refused_with_those_that_there_are() {
    let output = Scratch::new().cometsim(&["check", "--format", "yaml", "x.toml"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("possible values: text, json"), "{}", output.stderr);
}

/// No mistake of the bad files is told twice, in the same words or at the same place.
#[test]
fn each_mistake_is_told_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut twice = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let sets = text.lines().filter_map(|line| line.strip_prefix("# --set ")).map(str::to_owned);
        let told = Experiment::from_text("x.toml", &text, &folder, &sets.collect::<Vec<_>>()).unwrap_err().told();
        let places: Vec<_> = told.iter().filter(|told| told.place.is_some()).map(|told| &told.place).collect();
        let distinct: BTreeSet<String> = places.iter().map(|place| format!("{place:?}")).collect();
        if distinct.len() < places.len() {
            twice.push(path.display().to_string());
        }
    }
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn a_trade_off_with_wrong_metrics_tells_each_once() {
    let chart = "[[chart]]\nname = \"t\"\nkind = \"tradeoff\"\nx = \"bandwidth\"\ny = \"latency\"\n";
    for sweep in ["", "[sweep]\n\"clients.count\" = [1, 2]\n"] {
        let told = refused(&format!("{GOOD}{sweep}{chart}"), &[]).told();
        let messages: Vec<&str> = told.iter().map(|told| told.message.as_str()).collect();
        assert_eq!(messages, ["`bandwidth` is not a metric", "`latency` is not a metric"]);
        assert_eq!(told[0].help[0], "did you mean `http_mbit_per_s`?");
        assert_eq!(told[1].help[0], "did you mean `latency_mean_s`?");
        assert!(told.iter().all(|told| told.help.iter().all(|help| help.len() < 120)), "{told:?}");
    }
}

#[test]
fn fifty_errors_are_told_and_that_there_are_more() {
    let lines: String = (0..70).map(|number| format!("wrong{number} = 1\n")).collect();
    let errors = refused(&GOOD.replace("count = 5\n", &lines), &[]);
    assert!(errors.told().len() == 50 && errors.has_more());
    let errors = refused(&GOOD.replace("count = 5\n", &lines[..lines.find("wrong50").unwrap()]), &[]);
    assert!(errors.told().len() == 50 && !errors.has_more());
}

/// What a terminal obeys stays out of all that is printed, wherever it comes from.
#[test]
fn nothing_that_a_terminal_obeys_is_printed() {
    let scratch = Scratch::new();
    let hostile = "\\u001b[2J\\u0000\\r\\n\\u202e\\u009b\\ufffe";
    let texts = [
        GOOD.replace("count", &format!("\"{hostile}\"")),
        GOOD.replace("\"a\"", &format!("\"{hostile}\"")) + &format!("[sweep]\n\"clients.{hostile}\" = [1]\n"),
        GOOD.replace("count = 5", &format!("timeout = \"{hostile}\"")),
        GOOD.replace("count = 5", "timeout = \"\u{1b}[2J 5 s\" # \u{202e} \u{9b}"),
        GOOD.replace("count = 5", "count = 5 # \u{202e}\nwrong = 1 # \u{2066} \u{feff}"),
        format!("{GOOD}[[chart]]\nname = \"{hostile}\"\nkind = \"{hostile}\"\ny = \"{hostile}\"\n"),
    ];
    let is_bad =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2066}' | '\u{fffe}' | '\u{feff}');
    for (number, text) in texts.iter().enumerate() {
        let file = scratch.file(&format!("hostile{number}.toml"), text);
        for options in [&["check"][..], &["check", "--format", "json"]] {
            let output = scratch.cometsim(&[options, &[&file]].concat());
            assert!(!output.stderr.contains(is_bad) && !output.stdout.contains(is_bad), "{:?}", output.stderr);
        }
    }
    let set = scratch.cometsim(&["check", &scratch.file("good.toml", GOOD), "--set", "clients.\u{1b}[2Jx=\u{202e}"]);
    assert_eq!(set.code, 2);
    assert!(!set.stderr.contains(is_bad) && set.stderr.contains("\\u001B[2Jx"), "{}", set.stderr);
}

#[test]
fn a_file_of_one_long_line_is_shown_in_part() {
    let long = "a".repeat(1_000_000);
    for text in [
        GOOD.replace("count = 5", &format!("timeout = \"{long}\"")),
        GOOD.replace("count = 5", &format!("count = 5 # {long}\nwrong = 1 # {long}")),
        GOOD.replace("count", &long),
        GOOD.replace("count = 5", &format!("count = 5 # {long}\n= 5 # {long}")),
        format!("{GOOD}[sweep]\n\"{long}\" = [1]\n"),
    ] {
        let said = refused(&text, &[]).render();
        assert!(said.len() < 2_000 && said.lines().all(|line| line.chars().count() < 300), "{} bytes", said.len());
    }
    let said = refused(GOOD, &[&format!("clients.{long}=1")]).render();
    assert!(said.len() < 2_000, "{} bytes", said.len());
}

#[test]
fn the_name_of_a_transport_is_the_one_that_was_written() {
    for set in ["transport.a.hold=abc", "transport.\"a\".hold=abc", "transport.a.long_poll.hold=abc"] {
        let told = refused(GOOD, &[set]).told();
        let path = set.trim_end_matches("=abc");
        assert!(told[0].message.starts_with(&format!("`{path}`")), "{}", told[0].message);
    }
    let told = refused(&format!("{GOOD}[sweep]\ntransport.a.hold = [\"1 s\", \"x\"]\n"), &[]).told();
    assert!(told[0].message.starts_with("`transport.a.hold`"), "{}", told[0].message);
}

#[test]
fn options_with_wrong_numbers_say_what_is_allowed() {
    let scratch = Scratch::new();
    let file = scratch.file("good.toml", GOOD);
    for (command, option, value, allowed) in [
        ("run", "--seed", "abc", "a whole number from 0"),
        ("check", "--seed", "-1", "a whole number from 0"),
        ("plan", "--seed", "9223372036854775808", "to 9223372036854775807"),
        ("run", "--replications", "0", "a whole number from 1"),
        ("run", "--threads", "0", "a whole number from 1 to 1024, or leave the option out"),
        ("run", "--threads", "2.5", "a whole number from 1 to 1024"),
        ("verify", "--threads", "0", "a whole number from 1 to 1024, or leave the option out"),
    ] {
        let output = scratch.cometsim(&[command, &file, &format!("{option}={value}")]);
        assert_eq!(output.code, 2, "{command} {option} {value}");
        assert!(output.stderr.contains(allowed) && output.stderr.contains(option), "{}", output.stderr);
        assert!(!output.stderr.contains("digit found"), "{}", output.stderr);
    }
}

#[test]
fn check_and_plan_take_what_run_takes() {
    let scratch = Scratch::new();
    let file = scratch.file("good.toml", GOOD);
    let options = ["--seed", "7", "--replications", "3", "--set", "clients.count=9", "--quick"];
    assert_eq!(scratch.cometsim(&[&["check", &file], &options[..]].concat()).code, 0);
    let plan = scratch.cometsim(&[&["plan", &file], &options[..]].concat());
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    for line in ["seed = 7", "replications = 3", "count = 9", "quick = true"] {
        assert!(plan.stdout.contains(line), "no {line} in\n{}", plan.stdout);
    }
}

#[test]
fn a_file_in_the_place_of_a_command_or_a_folder_is_understood() {
    let scratch = Scratch::new();
    scratch.file("comet.toml", GOOD);
    for (arguments, wanted) in [
        (&["comet.toml"][..], "`cometsim run comet.toml`"),
        (&["no-such.toml"], "`cometsim run no-such.toml`"),
        (&["."], "`cometsim verify .`"),
        (&["chart", "comet.toml"], "it is a file"),
        (&["verify", "comet.toml"], "it is a file"),
        (&["chekc"], "a similar subcommand exists: 'check'"),
        (&[], "cometsim run experiments/comet.toml"),
    ] {
        let output = scratch.cometsim(arguments);
        assert_eq!(output.code, 2, "{arguments:?}");
        assert!(output.stderr.contains(wanted), "{arguments:?}: {}", output.stderr);
    }
    let help = scratch.cometsim(&["help", "run"]);
    assert!(help.code == 0 && help.stdout.contains("--replications <N>"), "{}", help.stdout);
}

#[test]
fn help_says_what_the_program_does_today() {
    let scratch = Scratch::new();
    let about = scratch.cometsim(&["--help"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in ["short polling", "long polling", "adaptive", "streaming", "server-sent events", "WebSocket", "HTTP/2"]
    {
        assert!(about.contains(word), "nothing of {word} in\n{about}");
    }
    let manual = scratch.cometsim(&["man"]).stdout;
    for text in [&about, &manual, &scratch.cometsim(&["-h"]).stdout] {
        assert!(!text.contains("poll and long\\-poll") && !text.contains("poll and long-poll"), "{text}");
    }
}

/// Every option of every command stands in the guide, and every option of the guide is one.
#[test]
fn the_guide_lists_every_option_and_no_other() {
    let page = guide();
    // The page on clusters has those of `slurm`, and words of Slurm's own.
    let cluster = include_str!("../../src/guide/cluster.md");
    let tables: String = page.lines().chain(cluster.lines()).filter(|line| line.starts_with('|')).collect();
    let mut known = BTreeSet::from(["--help".to_owned(), "--version".to_owned()]);
    for command in cometsim::cli::command().get_subcommands() {
        assert!(tables.contains(&format!("`cometsim {}", command.get_name())), "{}", command.get_name());
        for argument in command.get_arguments().filter_map(clap::Arg::get_long) {
            known.insert(format!("--{argument}"));
            let is_listed = tables.contains(&format!("`--{argument}`")) || tables.contains(&format!("`--{argument} "));
            assert!(is_listed, "--{argument} of {}", command.get_name());
        }
    }
    let is_option = |word: &&str| word.strip_prefix("--").is_some_and(|name| name.starts_with(char::is_alphabetic));
    for word in page.split(|c: char| c.is_whitespace() || "`,.|)".contains(c)).filter(is_option) {
        assert!(known.contains(word) || word == "--release", "{word}");
    }
}

/// In bash a command that takes a file offers files, and options behind a dash.
#[test]
fn completions_offer_files_where_files_are_wanted() {
    let scratch = Scratch::new();
    let script = scratch.file("cometsim.bash", &scratch.cometsim(&["completions", "bash"]).stdout);
    let offered = |words: &str, current: &str| {
        let command = format!(
            "source {script}; COMP_WORDS=(cometsim {words} '{current}'); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _cometsim cometsim '{current}' \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let output = std::process::Command::new("bash").args(["-c", &command]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    for command in ["run", "check", "plan", "chart", "verify"] {
        assert_eq!(offered(command, ""), "", "{command}: bash offers files where the script offers nothing");
    }
    assert!(offered("run", "--re").contains("--replications"));
    assert!(offered("check", "--f").contains("--format"));
    assert!(offered("check --format", "").contains("json"));
    assert!(offered("completions", "").contains("fish"));
    assert!(offered("", "").contains("verify"));
}

/// Whatever `check` lets pass is drawn: charts of every kind, over one and two swept keys, numbers and words.
#[test]
fn what_check_accepts_is_drawn() {
    let scratch = Scratch::new();
    let sweeps = [
        "",
        "[sweep]\n\"clients.count\" = [1, 2]\n",
        "[sweep]\n\"clients.count\" = [1, 2]\n\"source.payload\" = [\"20 B\", \"1 kB\"]\n",
        "[sweep]\n\"server.check\" = [\"notify\"]\n\"clients.count\" = [2]\n",
    ];
    let xs =
        ["", "x = \"clients.count\"\n", "x = \"source.payload\"\n", "x = \"transport\"\n", "x = \"latency_mean_s\"\n"];
    let ys = ["", "y = \"clients.count\"\n", "y = \"source.payload\"\n", "y = [\"latency_p95_s\", \"cost_per_day\"]\n"];
    let (mut drawn, mut refused) = (0, 0);
    for (number, sweep) in sweeps.iter().enumerate() {
        let mix =
            if number == 2 { "[[population]]\nname = \"p\"\n[[population]]\nname = \"q\"\nshare = 0.5\n" } else { "" };
        let head = format!("[experiment]\nreplications = 1\nwarmup = \"0 s\"\nduration = \"5 s\"\n{GOOD}{mix}{sweep}");
        let mut charts = String::new();
        for kind in ["line", "bar", "tradeoff", "heatmap", "cdf", "timeline"] {
            for (x, y) in xs.iter().flat_map(|x| ys.iter().map(move |y| (x, y))) {
                for more in [
                    "",
                    "value = \"latency_mean_s\"\n",
                    "by_population = true\n",
                    "x_axis = \"log\"\ny_axis = \"log\"\n",
                ] {
                    let chart = format!("[[chart]]\nname = \"c{drawn}\"\nkind = \"{kind}\"\n{x}{y}{more}");
                    match Experiment::from_text("x.toml", &format!("{head}{chart}"), Path::new(""), &[]) {
                        Ok(_) => {
                            charts.push_str(&chart);
                            drawn += 1;
                        }
                        Err(_) => refused += 1,
                    }
                }
            }
        }
        let file = scratch.file(&format!("charts{number}.toml"), &format!("{head}{charts}"));
        let output = scratch.cometsim(&["run", &file, "--quiet"]);
        assert_eq!(output.code, 0, "{}", output.stderr);
    }
    assert!(drawn > 60 && refused > 200, "{drawn} drawn, {refused} refused");
}

#[test]
fn nothing_reaches_a_terminal_but_text() {
    assert_eq!(shown(Path::new("a b/Überblick, 中文.toml")), "a b/Überblick, 中文.toml");
    assert_eq!(shown(Path::new("a\x1b[31m\nb\u{202e}\u{9b}c")), "a\\u001B[31m\\nb\\u202E\\u009Bc");
    assert_eq!(without_controls("one\ntwo\x07", |c| c == '\n'), "one\ntwo\\u0007");
}
