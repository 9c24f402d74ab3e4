//! What the tests with random files share.

use std::path::{Path, PathBuf};

use cometsim::experiment::Experiment;

/// More points than this make a case slow, not interesting.
const MOST_POINTS: usize = 200;

/// Values that have broken readers before.
pub const ODD: &[&str] = &[
    "0",
    "-1",
    "1",
    "2",
    "5",
    "1e999999",
    "-0.0",
    "nan",
    "inf",
    "-inf",
    "0xffff_ffff_ffff_ffff",
    "99999999999999999999",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775807",
    "4294967295",
    "4294967296",
    "4000000000",
    "340282366920938463463374607431768211455",
    "true",
    "2010-06-01",
    "07:32:00",
    "\"\"",
    "\" \"",
    "\"0 s\"",
    "\"1 s\"",
    "\"1 ns\"",
    "\"80\"",
    "\"1e999999 s\"",
    "\"1e-999999 s\"",
    "\"1e2147483647 s\"",
    "\"1e-2147483648 s\"",
    "\"99999999999999999999 s\"",
    "\"18446744073709551615 ns\"",
    "\"2305843009213693952 ns\"",
    "\"26687 d\"",
    "\"5 %\"",
    "\"1/0\"",
    "\"0/0\"",
    "\"1/18446744073709551615\"",
    "\"18446744073709551615/18446744073709551615\"",
    "\"1e-300\"",
    "\"1e-19\"",
    "\"1e-38\"",
    "\"4294967295 B\"",
    "\"1e-9 /d\"",
    "\"1e18 /s\"",
    "\"1e-15 /d\"",
    "\"random\"",
    "\"notify\"",
    "\"client\"",
    "\"request\"",
    "\"broadcast\"",
    "\"latest\"",
    "\"redeliver\"",
    "\"longest hold\"",
    "\"on-arrival\"",
    "\"times.csv\"",
    "\"chat.csv\"",
    "\"delays.csv\"",
    "\"/dev/zero\"",
    "\"/\"",
    "\"..\"",
    "\"a\\u0000b\"",
    "\"\\u202e\"",
    "\"长轮询\"",
    "\"é\"",
    "'µs'",
    "\"1 µs\"",
    "\"1 长\"",
    "\"長 s\"",
    "[]",
    "[[]]",
    "[1, \"a\", {}]",
    "{}",
    "{ a = 1 }",
    "{ \"\" = {} }",
    "{ from = 1, to = 5, steps = 3 }",
    "{ from = \"1 s\", to = \"5 s\", steps = 3, scale = \"log\" }",
    "{ from = 0, to = 18446744073709551615, steps = 3 }",
    "{ from = \"1e-9 /d\", to = \"1e18 /s\", steps = 4, scale = \"log\" }",
    "{ from = \"1e-19\", to = 1, steps = 5, scale = \"log\" }",
    "{ from = 5, to = 5, steps = 1000000 }",
    "{ from = 1e-300, to = 1e300, steps = 7, scale = \"log\" }",
    "{ from = 5 }",
    "{ every = \"1 s\" }",
    "{ constant = \"1 s\" }",
    "{ uniform = { low = \"1 s\" } }",
    "{ empirical = { file = \"delays.csv\" } }",
    "[\"1 s\", \"2 s\"]",
    "[1, 2, 3]",
    "[\"1/2\", 0.25]",
    "[{ exponential = \"1 s\" }, { constant = \"0 s\" }]",
];

/// The folder of the tests.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Asks an accepted experiment everything that can be asked of it.
pub fn ask(experiment: &Experiment) {
    let _ = (
        experiment.title(),
        experiment.seed(),
        experiment.quick(),
        experiment.charts(),
        experiment.baseline(),
        experiment.claims(),
        experiment.warnings().render(),
    );
    let last = experiment.points() - 1;
    for point in [0, last / 2, last] {
        assert_eq!(experiment.coordinates(point).len(), experiment.swept().len());
        assert!(experiment.replications_at(point) >= 1);
        assert_eq!(experiment.scenarios(point).len(), experiment.transports().len());
    }
    let resolved = experiment.resolved_toml();
    // The files of the written-out experiment are not there.
    if experiment.inputs().is_empty() && experiment.points() <= MOST_POINTS {
        match Experiment::from_text("resolved.toml", &resolved, &root(), &[]) {
            Ok(again) => {
                assert_eq!(again.resolved_toml(), resolved);
                assert_eq!(again.scenarios(last), experiment.scenarios(last), "{resolved}");
                assert_eq!(again.coordinates(last), experiment.coordinates(last), "{resolved}");
            }
            Err(diagnostics) => panic!("the written-out experiment is refused:\n{}\n{resolved}", diagnostics.render()),
        }
    }
}

/// Words, strings, numbers, spaces and single marks.
pub fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            0
        } else if c == ' ' {
            1
        } else {
            2
        }
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (place, character) in text.char_indices() {
        if previous.is_some_and(|previous| previous != class(character) || previous == 2) {
            tokens.push(&text[start..place]);
            start = place;
        }
        previous = Some(class(character));
    }
    tokens.push(&text[start..]);
    tokens
}
