//! What a person may have meant by a name that is not known.

mod examples;
mod rows;
mod synonyms;

use super::keys::{self, KEYS};
use super::node::Node;
use super::write::inline;

pub(super) use examples::example;
pub(super) use synonyms::unavailable;

/// Names of more bytes are compared with nothing: nobody means a key by them.
const LONGEST_NAME: usize = 64;

/// A name as words in small letters: `shortPoll`, `short-poll` and `Short_Poll` are the same.
#[derive(Debug, PartialEq, Eq)]
struct Folded {
    words: Vec<String>,
}

impl Folded {
    fn new(name: &str) -> Folded {
        let mut words = vec![String::new()];
        let mut was_small = false;
        for character in name.chars() {
            if !character.is_alphanumeric() {
                words.push(String::new());
                continue;
            }
            if character.is_uppercase() && was_small {
                words.push(String::new());
            }
            was_small = character.is_lowercase();
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
        words.retain(|word| !word.is_empty());
        for word in &mut words {
            match word.as_str() {
                "sec" | "second" | "seconds" => "s".clone_into(word),
                "avg" | "average" => "mean".clone_into(word),
                "median" => "p50".clone_into(word),
                _ => {}
            }
        }
        Folded { words }
    }

    fn joined(&self) -> String {
        self.words.concat()
    }
}

/// How near two names are, less is nearer: the kind of likeness, and how much differs.
type Distance = (u8, usize);

/// Written in another way, with other capitals, dashes or spaces.
const SAME: u8 = 0;
/// Mistyped.
const TYPO: u8 = 1;
/// A part of the name, or its words in another order.
const PART: u8 = 2;
/// The name and more.
const WHOLE: u8 = 3;

fn distance(name: &Folded, candidate: &Folded) -> Option<Distance> {
    if name.joined() == candidate.joined() {
        return Some((SAME, 0));
    }
    if let Some(letters) = typo(name, candidate) {
        return Some((TYPO, letters));
    }
    let is_word_of = |word: &str, names: &Folded| {
        names.words.iter().any(|other| other == word || (word.len() >= 3 && other.starts_with(word)))
    };
    if !name.words.is_empty() && name.words.iter().all(|word| is_word_of(word, candidate)) {
        return Some((PART, candidate.words.len().abs_diff(name.words.len())));
    }
    let is_long = |word: &String| word.len() >= 3;
    if candidate.words.iter().any(is_long) && candidate.words.iter().all(|word| name.words.contains(word)) {
        return Some((WHOLE, name.words.len() - candidate.words.len()));
    }
    None
}

/// How many letters differ, if few. Where both have as many words, few of each: `price_per_request` is not
/// `cpu_per_request`.
fn typo(name: &Folded, candidate: &Folded) -> Option<usize> {
    let near = |one: &str, other: &str, part: usize| {
        let letters = strsim::damerau_levenshtein(one, other);
        (letters <= (other.chars().count() / part).max(1)).then_some(letters)
    };
    if name.words.len() == candidate.words.len() && name.words.len() > 1 {
        return name.words.iter().zip(&candidate.words).map(|(one, other)| near(one, other, 3)).sum();
    }
    near(&name.joined(), &candidate.joined(), if name.words.len() == candidate.words.len() { 3 } else { 4 })
}

/// Those of `known` that are near to `name`, the nearest first.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    ranked(name, known).into_iter().map(|(_, candidate)| candidate).collect()
}

fn ranked<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<(Distance, &'a str)> {
    if name.len() > LONGEST_NAME {
        return Vec::new();
    }
    let folded = Folded::new(name);
    let near = |candidate: &'a str| Some((distance(&folded, &Folded::new(candidate))?, candidate));
    let mut found: Vec<(Distance, &str)> = known.into_iter().filter_map(near).collect();
    found.sort_by_key(|(distance, _)| *distance);
    found
}

/// The metrics that may be meant, the nearest first.
pub(super) fn metrics(name: &str, known: &[&'static str]) -> Vec<&'static str> {
    let mut found: Vec<&str> = synonyms::metric(name).into_iter().collect();
    for near in nearest(name, known.iter().copied()) {
        if !found.contains(&near) {
            found.push(near);
        }
    }
    found
}

/// Part of a range that may be meant, such as `from` for `min`.
pub(super) fn range_part(name: &str) -> Option<&'static str> {
    synonyms::range_part(name)
}

/// What to do about a key that is not known below `path`, if a key may be meant.
pub(super) fn of_key(path: &str, key: &str, value: Option<&Node>) -> Option<String> {
    if key.len() > LONGEST_NAME {
        return None;
    }
    let known = names_below(path);
    let near = ranked(key, known.iter().copied());
    let of_class = |wanted: u8| near.iter().find(|((class, _), _)| *class == wanted).map(|(_, name)| *name);
    let did_you_mean = |name: &str| format!("did you mean `{name}`?");
    if let Some(name) = of_class(SAME) {
        return Some(did_you_mean(name));
    }
    value
        .and_then(|value| of_kind_word(path, key, value))
        .or_else(|| synonyms::key(path, key).map(|(target, why)| meant(path, &target, why, value)))
        .or_else(|| of_class(TYPO).map(did_you_mean))
        .or_else(|| elsewhere(path, key).map(|target| belongs(path, key, target)))
        .or_else(|| of_class(PART).or_else(|| of_class(WHOLE)).map(did_you_mean))
}

/// The names that may stand below a path as it is written: a transport's table takes what overrides other tables, too.
pub(super) fn names_below(path: &str) -> Vec<&'static str> {
    let mut names = keys::names_below(path);
    if path.is_empty() {
        names.push("sweep");
    }
    names
}

/// `kind = "poisson"` in the place of `poisson = { … }`.
fn of_kind_word(path: &str, key: &str, value: &Node) -> Option<String> {
    const WORDS: [&str; 14] = [
        "kind",
        "type",
        "process",
        "distribution",
        "dist",
        "law",
        "model",
        "mode",
        "method",
        "protocol",
        "transport",
        "name",
        "technique",
        "strategy",
    ];
    if !WORDS.contains(&Folded::new(key).joined().as_str()) {
        return None;
    }
    of_word(path, value.as_text()?)
}

/// What to write for the name of a table below `path` that stands where that table would have to be.
pub(super) fn of_word(path: &str, word: &str) -> Option<String> {
    let tables = keys::names_below(path).into_iter().filter(|name| examples::of(name).is_some());
    let synonym = synonyms::key(path, word).map(|(target, _)| target);
    let meant = nearest(word, tables).first().map(|name| (*name).to_owned()).or_else(|| {
        let target = synonym?;
        let below = target.strip_prefix(path)?.strip_prefix('.')?;
        examples::of(below).map(|_| below.to_owned())
    })?;
    Some(format!("write {meant} = {}", examples::of(&meant)?))
}

/// "did you mean" the key `target`, and what its place and meaning are.
fn meant(path: &str, target: &str, why: &str, value: Option<&Node>) -> String {
    let mut text = format!("did you mean `{}`?", shown(path, target));
    if !why.is_empty() {
        text.push_str(&format!(" {why}"));
    }
    let below = target.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'));
    if let (Some((table, key)), Some(value), true) =
        (below.and_then(|rest| rest.split_once('.')), value, why.is_empty())
        && !path.is_empty()
    {
        text.push_str(&format!(" Write {table} = {{ {key} = {} }}", inline(value)));
    }
    text
}

fn belongs(path: &str, key: &str, target: &str) -> String {
    format!("`{key}` belongs elsewhere: {}", shown(path, target))
}

/// The path of a key as it is written in a table `path` of the file, or of another table.
fn shown(path: &str, target: &str) -> String {
    let (parent, last) = target.rsplit_once('.').unwrap_or(("", target));
    if parent == path {
        return last.to_owned();
    }
    match target.split_once('.') {
        Some((list @ ("transport" | "population" | "chart"), rest)) if path == list => rest.to_owned(),
        Some((list @ ("transport" | "population" | "chart"), rest)) => format!("{rest} in [[{list}]]"),
        _ => target.to_owned(),
    }
}

/// The key of this name in the table that is nearest to `path`: with most of the path in common, not one that overrides
/// another, not deep.
fn elsewhere(path: &str, key: &str) -> Option<&'static str> {
    let folded = Folded::new(key).joined();
    let common = |other: &str| path.split('.').zip(other.split('.')).take_while(|(one, other)| one == other).count();
    let is_copy = |doc: &str| doc.starts_with("As `") || doc.starts_with("Overrides");
    KEYS.iter()
        .filter(|known| known.path.rsplit('.').next().is_some_and(|last| Folded::new(last).joined() == folded))
        .min_by_key(|known| (usize::MAX - common(known.path), is_copy(known.doc), known.path.split('.').count()))
        .map(|known| known.path)
}

/// The path of a key that may be meant by a whole path, such as `clients.count` for `client.cuont`: each part by itself, or
/// a key of this name elsewhere.
pub(super) fn of_path(dotted: &str) -> Option<String> {
    if dotted.len() > 4 * LONGEST_NAME {
        return None;
    }
    let mut path = String::new();
    let parts: Vec<&str> = dotted.split('.').collect();
    for (place, part) in parts.iter().enumerate() {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if names_below(&path).contains(part) {
            path = below(part);
            continue;
        }
        let near = ranked(part, names_below(&path));
        let is_close = |class: u8| class == SAME || class == TYPO;
        let close = near.iter().find(|((class, _), _)| is_close(*class)).map(|(_, name)| below(name));
        let rest = parts[place + 1..].join(".");
        if let Some(close) = close {
            let whole = if rest.is_empty() { close } else { format!("{close}.{rest}") };
            return match keys::find(&whole).is_some() || keys::is_table(&whole) {
                true => Some(format!("did you mean `{whole}`?")),
                false => of_path(&whole),
            };
        }
        return match rest.is_empty() {
            true => of_key(&path, part, None),
            false => None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest_key(path: &str, key: &str) -> String {
        of_key(path, key, None).unwrap_or_default()
    }

    #[test]
    fn other_capitals_and_dashes_are_nearest() {
        for name in ["shortPoll", "short-poll", "Short_Poll", "SHORT POLL", "shortpoll"] {
            assert_eq!(nearest_key("transport", name), "did you mean `short_poll`?", "{name}");
        }
        assert_eq!(nearest("latency_P95_s", ["latency_p90_s", "latency_p95_s"]).first(), Some(&"latency_p95_s"));
        assert_eq!(of_path("Clients.Count").unwrap(), "did you mean `clients.count`?");
        assert_eq!(of_path("client.cuont").unwrap(), "did you mean `clients.count`?");
    }

    #[test]
    fn words_of_a_name_find_it_in_any_order() {
        let known = ["latency_mean_s", "latency_p50_s", "latency_p95_s", "requests_per_s", "age_mean_s"];
        for name in ["p95_latency", "latency_p95", "p95", "latencyP95"] {
            assert_eq!(nearest(name, known).first(), Some(&"latency_p95_s"), "{name}");
        }
        assert_eq!(nearest("latency", known), ["latency_mean_s", "latency_p50_s", "latency_p95_s"]);
        assert_eq!(nearest("requests_per_second", known), ["requests_per_s"]);
        assert!(nearest("price_per_request", ["cpu_per_request"]).is_empty());
        assert!(nearest("", known).is_empty() && nearest("%%", known).is_empty());
    }

    #[test]
    fn long_names_are_not_compared() {
        let long = "count".repeat(200_000);
        assert!(nearest(&long, ["count"]).is_empty());
        assert_eq!(of_path(&long), None);
        assert_eq!(of_key("clients", &long, None), None);
    }

    #[test]
    fn what_belongs_elsewhere_is_looked_for_nearby_first() {
        assert_eq!(elsewhere("network.up.lognormal", "mean"), Some("network.up.normal.mean"));
        assert_eq!(elsewhere("clients.sends", "rate"), Some("clients.sends.poisson.rate"));
        assert_eq!(elsewhere("server", "payload"), Some("source.payload"));
        assert_eq!(elsewhere("transport.long_poll", "pace"), Some("transport.short_poll.pace"));
        assert_eq!(nearest_key("transport", "interval"), "`interval` belongs elsewhere: short_poll.interval");
        assert_eq!(
            nearest_key("clients", "interval"),
            "`interval` belongs elsewhere: short_poll.interval in [[transport]]"
        );
    }
}
