//! Runs on a terminal: progress that fits, nothing left behind, and a plain log elsewhere.

mod pseudo_terminal;

use std::fs;

use crate::program::{SMALL, Scratch};
use pseudo_terminal::{Shown, Terminal};

/// What only a bar has.
const CELLS: [char; 2] = ['█', '░'];

/// An experiment that takes long, in many pieces.
fn long() -> String {
    SMALL.replace("replications = 2", "replications = 400").replace("count = 5", "count = 400")
}

/// Nothing of a bar is left, and no row is wider than its terminal.
fn is_tidy(shown: &Shown) {
    assert!(!shown.text.contains(CELLS), "{}", shown.text);
    assert!(!shown.text.contains("^C"), "{}", shown.text);
    assert!(!shown.is_cursor_hidden);
}

/// The text with every row in one line.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_experiment_has_a_line_that_fits_and_goes() {
    let scratch = Scratch::new();
    let text = long().replace("replications = 400", "replications = 8").replace("count = 400", "count = 60");
    let mut files: Vec<String> = (1..=12).map(|number| scratch.file(&format!("e{number}.toml"), &text)).collect();
    files[1] = scratch.file("a-name-that-is-longer-than-the-line-of-a-terminal.toml", &text);
    files[2] = scratch.file("长轮询与短轮询的比较长轮询与短轮询的比较.toml", &text);
    for columns in [40, 60] {
        let out = scratch.path(&format!("out{columns}"));
        let mut arguments = vec!["run", "--threads", "1", "--out", &out];
        arguments.extend(files.iter().map(String::as_str));
        // More experiments than lines.
        let shown = Terminal::new(columns, 8).run(&scratch, &arguments);
        assert_eq!(shown.code, 0, "{}", shown.text);
        is_tidy(&shown);
        for place in 1..=12 {
            let start = format!("[{place}/12] ");
            assert!(shown.lines.iter().any(|line| line.starts_with(&start) && line.contains(CELLS)), "{place}");
        }
        assert!(shown.lines.iter().any(|line| line.contains(" left")), "{:?}", shown.lines);
        for line in shown.lines.iter().filter(|line| line.contains(CELLS)) {
            assert!(Shown::width(line) + 3 <= usize::from(columns), "{columns}: {line}");
        }
        let told = in_one_line(&shown.history);
        assert_eq!(told.matches("cometsim index").count(), 1, "{told}");
        assert!(told.contains("/e12/index.html in a browser"), "{told}");
    }
}

#[test]
fn an_interrupt_leaves_no_bar_and_the_next_run_goes_on() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", &long());
    for columns in [40, 60] {
        let terminal = Terminal::new(columns, 12);
        let shown = terminal.run_until(&scratch, &["run", "--threads", "1", &file], " left");
        assert_eq!(shown.code, 1, "{}", shown.text);
        is_tidy(&shown);
        let told = "interrupted: finished runs are kept; the same command goes on from there";
        let rows: Vec<&str> = shown.text.lines().collect();
        assert!(in_one_line(&shown.text).contains(told), "{}", shown.text);
        // Words are whole.
        assert!(rows.iter().any(|row| row.starts_with("interrupted:")), "{rows:?}");
        assert!(rows.iter().any(|row| row.ends_with("goes on from there") || *row == "on from there"), "{rows:?}");
        let again = Terminal::new(columns, 12).run_until(&scratch, &["run", "--threads", "1", &file], " left");
        assert!(again.history.contains("goes on: "), "{}", again.history);
        is_tidy(&again);
    }
}

#[test]
fn an_error_leaves_no_bar() {
    let scratch = Scratch::new();
    let [first, second] = ["one", "two"].map(|name| scratch.file(&format!("{name}.toml"), SMALL));
    fs::create_dir(scratch.path("out")).unwrap();
    fs::write(scratch.path("out/two"), "mine").unwrap();
    let shown = Terminal::new(60, 50).run(&scratch, &["run", "--out", "out", &first, &second]);
    assert_eq!(shown.code, 1, "{}", shown.text);
    is_tidy(&shown);
    assert!(shown.text.contains("out/one/index.html"), "{}", shown.text);
    assert!(in_one_line(&shown.text).contains("error: cannot use out/two: out/two is no folder"), "{}", shown.text);
}

#[test]
fn where_the_answers_go_elsewhere_a_line_for_each_experiment_stays() {
    let scratch = Scratch::new();
    let files: Vec<String> = (1..=5).map(|number| scratch.file(&format!("e{number}.toml"), SMALL)).collect();
    let mut arguments = vec!["run"];
    arguments.extend(files.iter().map(String::as_str));
    let terminal = Terminal::new(60, 24);
    let shown = terminal.without_stdout().run(&scratch, &arguments);
    is_tidy(&shown);
    let rows: Vec<&str> = shown.text.lines().filter(|row| row.contains(": done in ")).collect();
    assert_eq!(rows.len(), 5, "{}", shown.text);
    assert!(rows.iter().zip(1..).all(|(row, place)| row.starts_with(&format!("[{place}/5] e{place}: "))), "{rows:?}");
    arguments.push("--quiet");
    let quiet = Terminal::new(60, 24).without_stdout().run(&scratch, &arguments);
    assert_eq!(quiet.text, "");
}

#[test]
fn a_terminal_that_moves_no_cursor_and_a_pipe_get_plain_lines() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let shown = Terminal::new(60, 50).dumb().run(&scratch, &["run", &file]);
    assert!(!shown.raw.contains('\u{1b}') && !shown.raw.contains(CELLS), "{}", shown.raw);
    let output = scratch.cometsim(&["run", "--fresh", &file]);
    assert_eq!(output.stderr, "");
    assert!(output.stdout.contains("open output/small/index.html in a browser"), "{}", output.stdout);
}
