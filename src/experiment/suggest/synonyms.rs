//! Synonyms of keys: words of the field and of other tools.
//!
//! A row has synonyms, separated by spaces, and their key. Both may be the end of a path: a row applies wherever the
//! written path ends with a synonym. Its key is searched there first, then further up: `retry.initial` below
//! `clients.on_error` is `clients.on_error.retry.first`.

use super::rows::{METRICS, RANGE_PARTS, ROWS, ROWS_THAT_DIFFER, TABLES, UNAVAILABLE, VALUES};
use crate::experiment::keys;
use crate::experiment::likeness::{Folded, LONGEST_NAME, nearest};

/// The key that `key` below `path` means, and how it differs.
pub(super) fn key(path: &str, key: &str) -> Option<(String, &'static str)> {
    if path.is_empty()
        && let Some(table) = meant_by(TABLES, key)
    {
        return Some((table.to_owned(), ""));
    }
    rows().find_map(|(written, target, why)| Some((resolve(base(path, key, written)?, target)?, why)))
}

/// Every way of writing a key, the key, and what differs.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let plain = ROWS.iter().map(|&(written, target)| (written, target, ""));
    let rows = plain.chain(ROWS_THAT_DIFFER.iter().copied());
    rows.flat_map(|(written, target, why)| written.split(' ').map(move |written| (written, target, why)))
}

/// The entry for `name` in a list of rows.
fn meant_by(rows: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    rows.iter().find(|(written, _)| written.split(' ').any(|written| is_same(written, name))).map(|(_, meant)| *meant)
}

/// The missing feature to which a key below `path` belongs, and what to do instead.
pub fn unavailable(path: &str, key: &str) -> Option<(&'static str, &'static str)> {
    let is_written = |written: &str| match written.rsplit_once('.') {
        Some((table, last)) => table == path && is_same(last, key),
        None => is_same(written, key),
    };
    let row = UNAVAILABLE.iter().find(|(written, ..)| written.split(' ').any(is_written));
    row.map(|(_, what, instead)| (*what, *instead))
}

/// The value of the key `path` that a word may mean.
pub fn value(path: &str, word: &str) -> Option<&'static str> {
    let last = path.rsplit('.').next().unwrap_or(path);
    let is_meant = |keys: &str, words: &str| {
        keys.split(' ').any(|key| key == last) && words.split(' ').any(|written| is_same(written, word))
    };
    VALUES.iter().find(|(keys, words, _)| is_meant(keys, words)).map(|(_, _, meant)| *meant)
}

pub(super) fn metric(name: &str) -> Option<&'static str> {
    meant_by(METRICS, name)
}

/// Metrics that `name` may mean.
pub(super) fn metric_near(name: &str) -> Vec<&'static str> {
    let written = METRICS.iter().flat_map(|(written, _)| written.split(' '));
    nearest(name, written).into_iter().filter_map(metric).collect()
}

/// The part of a range that may be meant, such as `from` for `min`.
pub fn range_part(name: &str) -> Option<&'static str> {
    meant_by(RANGE_PARTS, name)
}

fn is_same(written: &str, name: &str) -> bool {
    written == name || (name.len() <= LONGEST_NAME && Folded::new(written).joined() == Folded::new(name).joined())
}

/// The path before the synonym of a row, if `path` and `key` end with the synonym.
fn base<'a>(path: &'a str, key: &str, written: &str) -> Option<&'a str> {
    let (tables, last) = written.rsplit_once('.').unwrap_or(("", written));
    if !is_same(last, key) {
        return None;
    }
    if tables.is_empty() {
        return Some(path);
    }
    match path.strip_suffix(tables)? {
        "" => Some(""),
        base => base.strip_suffix('.'),
    }
}

/// The key `target` below `base`, or below a table around it.
fn resolve(base: &str, target: &str) -> Option<String> {
    let tables = std::iter::successors(Some(base), |table| match table.rsplit_once('.') {
        Some((around, _)) => Some(around),
        None if table.is_empty() => None,
        None => Some(""),
    });
    let whole = |table: &str| if table.is_empty() { target.to_owned() } else { format!("{table}.{target}") };
    tables.map(whole).find(|path| keys::is_there(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::keys::ValueKind;
    use crate::model::Metric;

    fn each<T: Copy>(rows: &[(&'static str, T)]) -> Vec<(&'static str, T)> {
        rows.iter().flat_map(|&(written, meant)| written.split(' ').map(move |written| (written, meant))).collect()
    }

    /// Every table of the file, and the empty path for the file itself.
    fn tables() -> Vec<String> {
        let mut tables = vec![String::new()];
        for key in keys::keys() {
            let parts: Vec<&str> = key.path.split('.').collect();
            tables.extend((1..parts.len()).map(|length| parts[..length].join(".")));
        }
        tables.sort();
        tables.dedup();
        tables
    }

    #[test]
    fn every_row_leads_to_a_key_and_none_is_itself_a_key() {
        for (written, target, _) in rows() {
            let last = written.rsplit('.').next().unwrap();
            let places: Vec<String> =
                tables().into_iter().filter(|table| base(table, last, written).is_some()).collect();
            let leads = places.iter().any(|table| resolve(base(table, last, written).unwrap(), target).is_some());
            assert!(leads, "`{written}` leads to no `{target}`");
            for table in &places {
                let here = if table.is_empty() { last.to_owned() } else { format!("{table}.{last}") };
                let is_met = resolve(base(table, last, written).unwrap(), target).is_some();
                assert!(!is_met || !keys::is_there(&here), "`{written}` is the key {here}");
            }
        }
    }

    #[test]
    fn every_row_of_the_other_tables_is_right() {
        for (written, table) in each(TABLES) {
            assert!(keys::is_there(table) || table == "sweep", "{table}");
            assert!(!keys::is_there(written) && written != "sweep", "{written}");
        }
        for (written, metric) in each(METRICS) {
            assert!(Metric::ALL.iter().any(|known| known.name() == metric), "{metric}");
            assert!(Metric::ALL.iter().all(|known| known.name() != written), "{written}");
        }
        for (written, part) in each(RANGE_PARTS) {
            assert!(["from", "to", "steps", "scale"].contains(&part) && written != part, "{written}");
        }
        for written in UNAVAILABLE.iter().flat_map(|(written, ..)| written.split(' ')) {
            let last = written.rsplit('.').next().unwrap();
            assert!(keys::places().iter().all(|place| place.split('.').all(|part| !is_same(part, last))), "{written}");
        }
        for (keys, words, meant) in VALUES {
            for key in keys.split(' ') {
                let rows: Vec<_> = keys::keys().filter(|row| row.path.rsplit('.').next() == Some(key)).collect();
                let has = |word: &str| {
                    rows.iter().any(|row| match row.kind {
                        ValueKind::Choice(words) | ValueKind::ChoiceOrTable(words) => words.contains(&word),
                        _ => false,
                    })
                };
                assert!(has(meant) && words.split(' ').all(|word| !has(word)), "{key}: {words}, {meant}");
            }
        }
    }

    #[test]
    fn no_row_stands_twice_for_one_place() {
        let mut seen: Vec<(String, &str)> = Vec::new();
        for (written, target, _) in rows() {
            let table = written.rsplit_once('.').map_or("", |(table, _)| table);
            let row = (format!("{table} {}", Folded::new(written).joined()), target);
            assert!(!seen.contains(&row), "{written}");
            seen.push(row);
        }
    }

    #[test]
    fn a_key_is_looked_for_where_it_is_written_first() {
        let found = |path: &str, written: &str| key(path, written).unwrap().0;
        assert_eq!(found("clients.on_error.retry", "initial"), "clients.on_error.retry.first");
        assert_eq!(found("population.on_timeout.retry", "multiplier"), "population.on_timeout.retry.factor");
        assert_eq!(found("population.network", "delay"), "population.network.up");
        assert_eq!(found("network", "RTT"), "network.up");
        assert_eq!(found("transport.sse", "heartbeat"), "transport.sse.keep_alive");
        assert_eq!(found("server", "maxChildren"), "server.workers");
        assert_eq!(found("clients", "max-children"), "server.workers");
        assert_eq!(found("", "users"), "clients");
        assert_eq!(found("clients.session.lognormal", "mean"), "clients.session.lognormal.median");
        assert!(key("clients", "fixed").is_none());
    }
}
