//! The names of the columns of swept keys.
//!
//! A name is made of the last two parts of the path, or of a key of a transport or population of the part that follows
//! its name, and of the unit. It takes more parts where it would be the name of another column.

use std::collections::BTreeMap;

use super::SweepAxis;
use crate::experiment::chart::{KeyOwner, SweptKey, is_column};
use crate::experiment::keys::{self, ValueKind};
use crate::experiment::names::Names;
use crate::experiment::path::Path;
use crate::experiment::values;

/// The swept keys as the results name them, in their order, of points with these `runs`.
pub(in crate::experiment) fn swept_keys(axes: &[SweepAxis], names: &Names, runs: &[String]) -> Vec<SweptKey> {
    let columns = columns(axes.iter().map(|axis| Candidate::new(axis, names)).collect());
    let key = |(axis, column): (&SweepAxis, String)| SweptKey {
        path: axis.column.clone(),
        column,
        unit: axis.unit(),
        doc: axis.path.key.map_or("", |key| key.doc),
        known: axis.path.dotted(),
        owner: owner(&axis.path, names, runs),
        has_words: !axis.path.kind().is_some_and(ValueKind::has_numbers),
    };
    axes.iter().zip(columns).map(key).collect()
}

/// The transport to which a key belongs.
fn owner(path: &Path, names: &Names, runs: &[String]) -> Option<KeyOwner> {
    let Some(("transport", place)) = path.item else { return None };
    let name = names.transports.get(place)?.name.clone();
    let is_run = runs.len() == names.transports.len() && runs.get(place) == Some(&name);
    Some(KeyOwner { name, run: if is_run { Some(place) } else { None } })
}

/// A name that can become longer.
struct Candidate {
    /// The parts of the path in snake case.
    parts: Vec<String>,
    /// How many of the last parts the name has.
    length: usize,
    /// The unit after the parts; empty for plain numbers and words.
    unit: &'static str,
}

impl Candidate {
    fn new(axis: &SweepAxis, names: &Names) -> Candidate {
        let (above, own) = parts(&axis.path, names);
        let own: Vec<String> = own.iter().map(|part| snake(part)).collect();
        let length = own.len().min(2);
        let above = above.iter().map(|part| snake(part)).filter(|part| !part.is_empty());
        Candidate { parts: above.chain(own).collect(), length, unit: unit_of_column(axis) }
    }

    fn name(&self) -> String {
        self.numbered("")
    }

    fn numbered(&self, number: &str) -> String {
        let parts = &self.parts[self.parts.len() - self.length..];
        format!("{}{number}{}", parts.join("_"), self.unit)
    }

    fn may_grow(&self) -> bool {
        self.length < self.parts.len()
    }
}

/// The list and the name of a transport or population, and the steps of the key without the kind of transport, which may
/// be left out in the file.
fn parts<'a>(path: &'a Path, names: &'a Names) -> (Vec<&'a str>, &'a [String]) {
    let Some((list, place)) = path.item else { return (Vec::new(), &path.steps) };
    let name = match list {
        "transport" => names.transports.get(place).map(|transport| transport.name.as_str()),
        _ => names.populations.get(place).map(String::as_str),
    };
    let steps = match path.steps.as_slice() {
        [kind, below @ ..] if !below.is_empty() && keys::TRANSPORTS.contains(&kind.as_str()) => below,
        steps => steps,
    };
    ([Some(list), name].into_iter().flatten().collect(), steps)
}

/// Letters and digits in lower case, everything else as single underscores in between.
fn snake(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// The unit in the name of a column that has numbers.
fn unit_of_column(axis: &SweepAxis) -> &'static str {
    let has_numbers = || axis.values.iter().any(|node| values::cell(node).parse::<f64>().is_ok());
    match axis.unit() {
        Some(unit) if axis.is_range || has_numbers() => match unit {
            "s" => "_s",
            "B" => "_B",
            "/s" => "_per_s",
            _ => "_mbit_per_s",
        },
        _ => "",
    }
}

/// The shortest names that differ from each other and from all other columns, however upper and lower case are read.
fn columns(mut candidates: Vec<Candidate>) -> Vec<String> {
    loop {
        let names: Vec<String> = candidates.iter().map(|candidate| candidate.name().to_lowercase()).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &names {
            *counts.entry(name).or_default() += 1;
        }
        let is_bad =
            |name: &str| counts[name] > 1 || is_column(name) || !name.starts_with(|first: char| first.is_alphabetic());
        let growing: Vec<bool> =
            names.iter().zip(&candidates).map(|(name, candidate)| is_bad(name) && candidate.may_grow()).collect();
        if !growing.contains(&true) {
            break;
        }
        candidates.iter_mut().zip(growing).for_each(|(candidate, grows)| candidate.length += usize::from(grows));
    }
    let mut names: Vec<String> = Vec::new();
    for candidate in &candidates {
        let is_taken =
            |name: &str| is_column(name) || names.iter().any(|known| known.to_lowercase() == name.to_lowercase());
        let numbered = (2..).map(|number| candidate.numbered(&format!("_{number}")));
        names.extend(std::iter::once(candidate.name()).chain(numbered).find(|name| !is_taken(name)));
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::experiment::Experiment;

    /// The columns of the keys of a sweep, over three transports and two populations.
    fn columns(sweep: &str) -> Vec<String> {
        let transport = |name: &str, kind: &str| format!("[[transport]]\nname = \"{name}\"\n{kind}\n");
        let polling = "short_poll = { interval = \"5 s\" }";
        let names = ["short polling", "Short-polling", "2g", "短轮询，1 秒"];
        let transports: String = names.iter().map(|name| transport(name, polling)).collect();
        let held = transport("=", "long_poll = {}");
        let text = format!("[sweep]\nmode = \"zip\"\n{sweep}\n{transports}{held}");
        let experiment = Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap();
        experiment.swept().iter().map(|key| key.column.clone()).collect()
    }

    #[test]
    fn a_name_is_the_end_of_the_path_with_its_unit() {
        for (key, column) in [
            ("\"clients.count\" = [1, 2]", "clients_count"),
            ("clients.timeout = [\"1 s\", \"2 s\"]", "clients_timeout_s"),
            ("\"source.payload\" = [\"1 B\", \"2 B\"]", "source_payload_B"),
            ("source.poisson.rate = [\"1 /s\", \"2 /s\"]", "poisson_rate_per_s"),
            ("\"network.server_link\" = [\"1 Mbit/s\", \"2 Gbit/s\"]", "network_server_link_mbit_per_s"),
            ("\"experiment.duration\" = [\"2 min\", \"3 min\"]", "experiment_duration_s"),
            ("\"experiment.replications\" = [2, 3]", "experiment_replications"),
            (
                "\"network.up.normal\" = [{ mean = \"2 s\", sd = \"1 s\" }, { mean = \"3 s\", sd = \"1 s\" }]",
                "up_normal",
            ),
        ] {
            assert_eq!(columns(key), [column], "{key}");
        }
    }

    #[test]
    fn a_key_of_a_transport_is_named_without_it_however_it_is_written() {
        for path in [
            "\"transport.short polling.interval\"",
            "\"transport.'short polling'.interval\"",
            "transport.\"short polling\".interval",
            "'transport.\"short polling\".short_poll.interval'",
            "transport.\"短轮询，1 秒\".interval",
        ] {
            assert_eq!(columns(&format!("{path} = [\"1 s\", \"2 s\"]")), ["interval_s"], "{path}");
        }
        assert_eq!(columns("\"transport.=.long_poll\" = [{}, { hold = \"3 s\" }]"), ["long_poll"]);
    }

    #[test]
    fn words_alone_have_no_unit_and_words_beside_numbers_keep_it() {
        assert_eq!(columns("\"network.up\" = [{ exponential = \"1 s\" }, { constant = \"1 s\" }]"), ["network_up"]);
        assert_eq!(columns("'transport.=.turnaround' = [\"1 s\", { exponential = \"1 s\" }]"), ["turnaround_s"]);
        assert_eq!(columns("\"clients.start_within\" = [\"longest hold\", \"1 s\"]"), ["clients_start_within_s"]);
    }

    #[test]
    fn names_that_would_be_the_same_take_more_of_the_path() {
        let interval = |names: &[&str]| {
            let keys = names.iter().map(|name| format!("'transport.\"{name}\".interval' = [\"1 s\", \"2 s\"]\n"));
            columns(&keys.collect::<String>())
        };
        assert_eq!(interval(&["short polling", "2g"]), ["short_polling_interval_s", "transport_2g_interval_s"]);
        assert_eq!(
            interval(&["短轮询，1 秒", "short polling"]),
            ["短轮询_1_秒_interval_s", "short_polling_interval_s"]
        );
        // Two names that differ only in signs.
        assert_eq!(
            interval(&["short polling", "Short-polling"]),
            ["transport_short_polling_interval_s", "transport_short_polling_interval_2_s"]
        );
    }
}
