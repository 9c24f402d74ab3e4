//! The likely meaning of an unknown name.

mod rows;
mod synonyms;

use std::fmt::Write as _;

use super::keys;
use super::likeness::{Folded, LONGEST_NAME, PART, SAME, TYPO, WHOLE, nearest, ranked};
use super::node::Node;
use super::write::inline;

pub(super) use synonyms::{range_part, unavailable, value};

/// The names in `known`, metrics included, that may be meant, the nearest first.
pub(super) fn metrics<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let synonym = synonyms::metric(name).into_iter();
    for near in synonym.chain(nearest(name, known.iter().copied())).chain(synonyms::metric_near(name)) {
        found.extend(known.iter().find(|known| **known == near && !found.contains(known)));
    }
    found
}

/// Help for an unknown key in the table `path` of the file, if a known key may be meant. `tables` are those of the
/// file, if they are known.
pub(super) fn of_key(path: &str, key: &str, value: Option<&Node>, tables: Option<&[String]>) -> Option<String> {
    help(&Written { path, key, value, tables, is_dotted: false })
}

/// A key as written.
#[derive(Clone, Copy)]
struct Written<'a> {
    path: &'a str,
    key: &'a str,
    value: Option<&'a Node>,
    /// The tables of the file; `None` if they are not known.
    tables: Option<&'a [String]>,
    /// As a part of a dotted path, not in its table.
    is_dotted: bool,
}

fn help(written: &Written) -> Option<String> {
    let Written { path, key, value, .. } = *written;
    if key.len() > LONGEST_NAME {
        return None;
    }
    let near = ranked(key, names_below(path));
    let of_class = |wanted: u8| near.iter().find(|((class, _), _)| *class == wanted).map(|(_, name)| *name);
    let did_you_mean = |name: &str| format!("did you mean `{}`?", written.shown(&below(path, name)));
    if let Some(name) = of_class(SAME) {
        return Some(did_you_mean(name));
    }
    value
        .and_then(|value| of_kind_word(path, key, value))
        .or_else(|| synonyms::key(path, key).map(|(target, why)| written.meant(&target, why)))
        .or_else(|| of_class(TYPO).map(did_you_mean))
        .or_else(|| elsewhere(written).map(|target| written.belongs(target)))
        .or_else(|| of_class(PART).or_else(|| of_class(WHOLE)).map(did_you_mean))
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl Written<'_> {
    /// "did you mean" the key `target`, with its place and meaning.
    fn meant(&self, target: &str, why: &str) -> String {
        let mut text = format!("did you mean `{}`?", self.shown(target));
        if !why.is_empty() {
            let _ = write!(text, " {why}");
        }
        if let Some(table) = self.missing_table(target)
            && target.rsplit('.').next() == Some(self.key)
        {
            let _ = write!(text, " Is the line `{}` missing?", header(table));
        }
        let inside = target.strip_prefix(self.path).and_then(|rest| rest.strip_prefix('.'));
        if let (Some((table, key)), Some(value)) = (inside.and_then(|rest| rest.split_once('.')), self.value)
            && why.is_empty()
        {
            let _ = write!(text, " Write {table} = {{ {key} = {} }}", inline(value));
        }
        text
    }

    /// The place of a key that is in another table, and the header that the file may lack.
    fn belongs(&self, target: &str) -> String {
        if !target.contains('.') {
            return format!("`{target}` is a table of its own, below the line `{}`", header(target));
        }
        let text = format!("`{}` belongs elsewhere: {}", self.key, self.shown(target));
        match self.missing_table(target) {
            Some(table) => format!("{text}; is the line `{}` missing?", header(table)),
            None => text,
        }
    }

    /// The table of a key, if the file is known to have none. Populations, charts and claims are not usual.
    fn missing_table<'b>(&self, target: &'b str) -> Option<&'b str> {
        let (table, _) = target.split_once('.')?;
        let is_usual = !keys::is_list(table) || table == "transport";
        if is_usual && !self.tables?.iter().any(|known| known == table) { Some(table) } else { None }
    }

    /// The path of a key in the notation of this place.
    fn shown(&self, target: &str) -> String {
        let (list, rest) = target.split_once('.').unwrap_or(("", target));
        let is_list = keys::is_list(list);
        if self.is_dotted {
            return if is_list { format!("{list}.NAME.{rest}") } else { target.to_owned() };
        }
        let (parent, last) = target.rsplit_once('.').unwrap_or(("", target));
        match (parent == self.path, is_list) {
            (true, _) => last.to_owned(),
            (false, true) if self.path.split('.').next() == Some(list) => rest.to_owned(),
            (false, true) => format!("{rest} in [[{list}]]"),
            (false, false) => target.to_owned(),
        }
    }
}

/// The line with which a table of the file begins.
fn header(table: &str) -> String {
    if keys::is_list(table) { format!("[[{table}]]") } else { format!("[{table}]") }
}

/// The names allowed below a path as written: a transport's table also takes the keys that override other tables.
pub(super) fn names_below(path: &str) -> Vec<&'static str> {
    let mut names = keys::names_below(path);
    if path.is_empty() {
        names.push("sweep");
    }
    names
}

/// `kind = "poisson"` in place of `poisson = { … }`.
fn of_kind_word(path: &str, key: &str, value: &Node) -> Option<String> {
    const WORDS: &str =
        "kind type process distribution dist law model mode method protocol transport name technique strategy";
    let written = Folded::new(key).joined();
    if WORDS.split(' ').all(|word| word != written) {
        return None;
    }
    of_word(path, value.as_text()?).map(|text| format!("write {text}"))
}

/// What to write for the name of a table below `path` in place of that table.
pub(super) fn of_word(path: &str, word: &str) -> Option<String> {
    let tables = keys::names_below(path).into_iter().filter(|name| keys::example(name).is_some());
    let synonym = synonyms::key(path, word).map(|(target, _)| target);
    let meant = nearest(word, tables).first().map(|name| (*name).to_owned()).or_else(|| {
        let target = synonym?;
        let below = target.strip_prefix(path)?.strip_prefix('.')?;
        keys::example(below).map(|_| below.to_owned())
    })?;
    example(&meant)
}

/// An example of the table of this name; `None` if it is not one of several kinds.
pub(super) fn example(name: &str) -> Option<String> {
    keys::example(name).map(|example| format!("{name} = {example}"))
}

/// What to write for a value in place of a table with one key for it: `poisson = { rate = "2 /h" }`.
pub(super) fn with_value(path: &str, node: &Node) -> Option<String> {
    let name = path.rsplit('.').next()?;
    let (key, rest) = keys::example(name)?.strip_prefix("{ ")?.split_once(" = ")?;
    let kind = keys::find(&below(path, key))?.kind;
    let is_whole = !rest.contains('=') && kind.parse(path, node).is_ok();
    if is_whole { Some(format!("{name} = {{ {key} = {} }}", inline(node))) } else { None }
}

/// The key or table of this name that may be meant: one that may have this value, of a table without which the file is,
/// then with the longest common path, not an override, not deep.
fn elsewhere(written: &Written) -> Option<&'static str> {
    let Written { path, key, value, .. } = *written;
    let folded = Folded::new(key).joined();
    let common = |other: &str| path.split('.').zip(other.split('.')).take_while(|(one, other)| one == other).count();
    let is_copy = |place: &str| {
        let first = || keys::find(&below(place, keys::names_below(place).first()?));
        let doc = keys::find(place).or_else(first).map_or("", |key| key.doc);
        doc.starts_with("As `") || doc.starts_with("Overrides")
    };
    let is_in_list = path.split('.').next().is_some_and(keys::is_list);
    let is_below_the_file = |place: &str| place.split('.').count() == 2;
    let distance = |place: &&str| {
        let is_wrong = value.is_some_and(|value| !keys::fits(place, value));
        let is_new = !is_in_list && is_below_the_file(place) && written.missing_table(place).is_some();
        (is_wrong, !is_new, usize::MAX - common(place), is_copy(place), place.split('.').count())
    };
    let is_named = |place: &&str| place.rsplit('.').next().is_some_and(|last| Folded::new(last).joined() == folded);
    keys::places().iter().copied().filter(is_named).min_by_key(distance)
}

/// The path of a key that a whole path may mean, such as `clients.count` for `client.cuont`: each part by itself, or a
/// key of this name elsewhere.
pub(super) fn of_path(dotted: &str) -> Option<String> {
    if dotted.len() > 4 * LONGEST_NAME {
        return None;
    }
    let mut path = String::new();
    let parts: Vec<&str> = dotted.split('.').collect();
    for (place, part) in parts.iter().enumerate() {
        if names_below(&path).contains(part) {
            path = below(&path, part);
            continue;
        }
        let rest = parts[place + 1..].join(".");
        if rest.is_empty() {
            return help(&Written { path: &path, key: part, value: None, tables: None, is_dotted: true });
        }
        let near = ranked(part, names_below(&path));
        let of_class = |wanted: u8| near.iter().find(|((class, _), _)| *class == wanted);
        let synonym = || synonyms::key(&path, part).map(|(table, _)| table);
        let named = |class: u8| of_class(class).map(|(_, name)| below(&path, name));
        let whole = below(&named(SAME).or_else(synonym).or_else(|| named(TYPO))?, &rest);
        return match keys::is_there(&whole) {
            true => Some(format!("did you mean `{whole}`?")),
            false => of_path(&whole),
        };
    }
    let names = keys::names_below(&path);
    if names.is_empty() { None } else { Some(format!("`{path}` is a table with the keys {}", names.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest_key(path: &str, key: &str) -> String {
        of_key(path, key, None, None).unwrap_or_default()
    }

    fn elsewhere(path: &str, key: &str) -> Option<&'static str> {
        super::elsewhere(&Written { path, key, value: None, tables: None, is_dotted: false })
    }

    #[test]
    fn other_capitals_and_dashes_are_nearest() {
        for name in ["shortPoll", "short-poll", "Short_Poll", "SHORT POLL", "shortpoll"] {
            assert_eq!(nearest_key("transport", name), "did you mean `short_poll`?", "{name}");
        }
        assert_eq!(of_path("Clients.Count").unwrap(), "did you mean `clients.count`?");
        assert_eq!(of_path("client.cuont").unwrap(), "did you mean `clients.count`?");
        assert_eq!(of_path("nginx.read_timeout").unwrap(), "did you mean `proxy.read_timeout`?");
        assert_eq!(of_path("server.max_children").unwrap(), "did you mean `server.workers`?");
    }

    #[test]
    fn long_names_are_not_compared() {
        let long = "count".repeat(200_000);
        assert_eq!(of_path(&long), None);
        assert_eq!(of_key("clients", &long, None, None), None);
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
