//! The experiment as a plan shows it.

use super::sweep::SweepAxis;
use super::{Experiment, write};

/// Values of a swept key that are named.
const NAMED: usize = 8;

impl Experiment {
    /// The experiment with every default written out, as [`Experiment::resolved_toml`], with the paths of input files
    /// as in the file. The line of a swept key has the value of the first point, and all values in a comment.
    pub fn planned_toml(&self) -> String {
        let note = |path: &str, place: usize| self.note(path, place);
        write::annotated(&self.complete_document(false), &note)
    }

    /// What a search or a sweep varies in the line of the key or table `path`, in the item `place` of its list.
    fn note(&self, path: &str, place: usize) -> Option<String> {
        let is_whole_table = !path.contains('.');
        let note = |axis: &SweepAxis| {
            let dotted = axis.path.dotted();
            let is_there = axis.path.item.is_none_or(|(_, item)| item == place);
            let below = dotted.strip_prefix(path).filter(|_| is_there)?;
            let key = match below.strip_prefix('.') {
                None if below.is_empty() => String::new(),
                Some(key) if !is_whole_table => format!("{key} = "),
                _ => return None,
            };
            let values: Vec<String> = axis.values.iter().map(write::inline).collect();
            Some(match (&values[..], self.search.is_some()) {
                ([low, high], true) => format!("sought: {key}{low} to {high}"),
                (values, _) => format!("swept: {key}{}", some_of(values)),
            })
        };
        let notes: Vec<String> = self.sweep.axes.iter().filter_map(note).collect();
        if notes.is_empty() { None } else { Some(notes.join("; ")) }
    }
}

/// All values, or of many the first ones and the last one, and how many there are.
fn some_of(values: &[String]) -> String {
    match values {
        [first @ .., last] if values.len() > NAMED => {
            format!("{}, …, {last} ({} values)", first[..NAMED - 2].join(", "), values.len())
        }
        values => values.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn lines(text: &str, key: &str) -> Vec<String> {
        let transports = "[[transport]]\nname = \"a\"\nshort_poll = { interval = \"1 s\" }\n\
                          [[transport]]\nname = \"b\"\nshort_poll = { interval = \"2 s\" }\n";
        let experiment = Experiment::from_text("x.toml", &format!("{text}{transports}"), Path::new(""), &[]).unwrap();
        let planned = experiment.planned_toml();
        assert!(!experiment.resolved_toml().contains("# s"), "{planned}");
        planned.lines().filter(|line| line.starts_with(key)).map(str::to_owned).collect()
    }

    #[test]
    fn a_swept_key_has_its_values_in_a_comment() {
        let sweep = "[sweep]\n\"clients.count\" = [500, 1000, 2000]\n'transport.b.interval' = [\"5 s\", \"9 s\"]\n";
        let text = format!("[clients]\ncount = 2000\n{sweep}");
        assert_eq!(lines(&text, "count")[..1], ["count = 500 # swept: 500, 1000, 2000"]);
        let polls = lines(&text, "short_poll");
        assert!(!polls[0].contains('#') && polls[1].ends_with("} # swept: interval = \"5 s\", \"9 s\""), "{polls:?}");
    }

    #[test]
    fn many_values_are_not_all_named_and_tables_are_values() {
        let text = "[sweep]\n\"clients.count\" = { from = 1, to = 20, steps = 20 }\n";
        assert_eq!(lines(text, "count")[..1], ["count = 1 # swept: 1, 2, 3, 4, 5, 6, …, 20 (20 values)"]);
        let text = "[sweep]\n\"cost\" = [{}, \"off\"]\n";
        assert_eq!(lines(text, "[cost]"), ["[cost] # swept: {}, \"off\""]);
        let text = "[sweep]\n\"network.up.constant\" = [\"1 ms\", \"60 ms\"]\n";
        assert_eq!(lines(text, "up ="), ["up = { constant = \"1 ms\" } # swept: constant = \"1 ms\", \"60 ms\""]);
    }

    #[test]
    fn a_search_has_its_range_in_a_comment() {
        let text = "[search]\nkey = \"clients.count\"\nrange = [10, 400]\ntarget = \"latency_p95_s <= 2 s\"\n";
        assert_eq!(lines(text, "count")[..1], ["count = 10 # sought: 10 to 400"]);
    }
}
