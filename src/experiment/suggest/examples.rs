//! How tables are written that stand for one of several kinds: a transport, a process, a distribution.

/// A table by the last part of its path, and how it is written.
const EXAMPLES: &[(&str, &str)] = &[
    ("short_poll", "{ interval = \"1 s\" }"),
    ("long_poll", "{}"),
    ("adaptive_poll", "{}"),
    ("streaming", "{}"),
    ("sse", "{}"),
    ("websocket", "{}"),
    ("tick", "{ every = \"0.5 s\", hit = \"15/999\" }"),
    ("poisson", "{ rate = \"0.03 /s\" }"),
    ("periodic", "{ every = \"5 s\" }"),
    ("trace", "{ file = \"chat.csv\" }"),
    ("on_off", "{ on = \"10 s\", off = \"60 s\", rate = \"1 /s\" }"),
    ("day", "{ rate = \"0.03 /s\", shape = [1, 4, 6, 2], period = \"1 d\" }"),
    ("constant", "\"50 ms\""),
    ("uniform", "{ low = \"20 ms\", high = \"80 ms\" }"),
    ("exponential", "\"50 ms\""),
    ("normal", "{ mean = \"50 ms\", sd = \"10 ms\" }"),
    ("lognormal", "{ median = \"50 ms\", sigma = 0.5 }"),
    ("pareto", "{ min = \"20 ms\", shape = 2.5 }"),
    ("weibull", "{ scale = \"50 ms\", shape = 0.7 }"),
    ("empirical", "{ file = \"delays.csv\" }"),
    ("zipf", "1.0"),
    ("loss", "{ rate = \"1 %\" }"),
    ("retry", "{}"),
];

/// How the table of this name is written; `None` for one that is not among several kinds.
pub(super) fn of(name: &str) -> Option<&'static str> {
    EXAMPLES.iter().find(|(known, _)| *known == name).map(|(_, example)| *example)
}

/// How the table of this name is written, with its name.
pub fn example(name: &str) -> Option<String> {
    of(name).map(|example| format!("{name} = {example}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::keys::KEYS;

    #[test]
    fn every_example_is_of_a_table() {
        for (name, _) in EXAMPLES {
            assert!(KEYS.iter().any(|key| key.path.split('.').any(|part| part == *name)), "{name}");
        }
    }
}
