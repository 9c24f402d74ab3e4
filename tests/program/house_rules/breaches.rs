//! Breaches of a rule, and the exceptions that it has.

/// A breach of a rule, by its place, and what is wrong there.
pub struct Breach {
    pub place: String,
    pub what: String,
}

/// A breach that stays, by its place, and the reason. `*` stands for any text.
pub type Exception = (&'static str, &'static str);

impl Breach {
    pub fn new(place: impl Into<String>, what: impl Into<String>) -> Breach {
        Breach { place: place.into(), what: what.into() }
    }
}

/// Whether a place is one that an exception names.
pub fn is_meant(pattern: &str, place: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == place,
        Some((before, after)) => place.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(start, _)| start).chain([rest.len()]).any(|start| is_meant(after, &rest[start..]))
        }),
    }
}

/// What is wrong: the breaches that are no exceptions, and the exceptions that are no longer needed.
pub fn wrong(breaches: &[Breach], exceptions: &[Exception]) -> Vec<String> {
    let is_exception = |breach: &&Breach| exceptions.iter().any(|(pattern, _)| is_meant(pattern, &breach.place));
    let is_idle = |exception: &&Exception| !breaches.iter().any(|breach| is_meant(exception.0, &breach.place));
    let not_allowed = breaches.iter().filter(|breach| !is_exception(breach));
    let idle = exceptions.iter().filter(is_idle);
    not_allowed
        .map(|breach| format!("{}: {}", breach.place, breach.what))
        .chain(idle.map(|(place, _)| not_needed(place)))
        .collect()
}

pub fn not_needed(exception: &str) -> String {
    format!("{exception}: this exception is no longer needed")
}

/// Fails where a rule is broken without an exception, or an exception is not needed.
pub fn demand(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} in all:\n{}", wrong.len(), wrong.join("\n"));
}
