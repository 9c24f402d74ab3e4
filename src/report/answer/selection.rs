//! What a table of results is asked to show.

use super::found::points_of_answers;
use super::tabled::Tabled;
use crate::experiment::Experiment;
use crate::experiment::near::{near_metrics, near_names};
use crate::model::Metric;

/// What to show, as asked for; without a wish the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Columns of `summary.csv`.
    pub metrics: Option<String>,
    /// Points of the sweep: `0,3`, `2-5`, `first`, `middle`, `last`, `all`.
    pub points: Option<String>,
    /// Names of transports or populations.
    pub transports: Option<String>,
}

/// A wish that cannot be met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WishError {
    /// No metric has this name.
    #[error("there is no metric `{name}`: {near}see the guide's page \"Metrics\" for all")]
    Metric {
        /// The name.
        name: String,
        /// What may be meant.
        near: String,
    },
    /// The sweep has no such point.
    #[error("there is no point `{word}`: {range}; write numbers, such as 0,3 or 0-3, or first, middle, last or all")]
    Point {
        /// The word.
        word: String,
        /// The points that there are.
        range: String,
    },
    /// No transport or population has this name.
    #[error("there is no transport `{name}`: {near}the names are {known}")]
    Transport {
        /// The name.
        name: String,
        /// What may be meant.
        near: String,
        /// The transports and populations.
        known: String,
    },
    /// Nothing is asked for.
    #[error("the list of {0} is empty: name one, or leave the option out")]
    Nothing(&'static str),
}

/// What to show.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    /// The metrics; `None`: the usual ones.
    pub metrics: Option<Vec<Metric>>,
    pub points: Vec<usize>,
    /// Numbers of transports.
    pub transports: Vec<usize>,
    /// The populations of a mix; `None`: all clients and every population.
    populations: Option<Vec<String>>,
}

/// Of more points the first, the middle and the last one are shown; of a search the answers and the ends of its range.
const MOST_POINTS: usize = 3;

impl Selection {
    /// What is shown without a wish.
    pub fn usual(tabled: &Tabled) -> Selection {
        let experiment = &*tabled.experiment;
        let count = experiment.points();
        let points = match experiment.search() {
            Some(_) => points_of_answers(tabled),
            None if count <= MOST_POINTS => (0..count).collect(),
            None => vec![0, count / 2, count - 1],
        };
        let transports = (0..experiment.transports().len()).collect();
        Selection { metrics: None, points, transports, populations: None }
    }

    /// What is wished for.
    pub fn new(tabled: &Tabled, wishes: &Wishes) -> Result<Selection, WishError> {
        let experiment = &*tabled.experiment;
        let mut selection = Selection::usual(tabled);
        if let Some(text) = &wishes.metrics {
            selection.metrics = Some(metrics(text)?);
        }
        if let Some(text) = &wishes.points {
            selection.points = points(text, experiment.points())?;
        }
        if let Some(text) = &wishes.transports {
            selection.choose_transports(experiment, text)?;
        }
        Ok(selection)
    }

    /// Whether the rows of a population, or of all clients, are shown.
    pub fn has_population(&self, population: Option<&str>) -> bool {
        self.populations
            .as_ref()
            .is_none_or(|wanted| population.is_some_and(|name| wanted.iter().any(|one| one == name)))
    }

    fn choose_transports(&mut self, experiment: &Experiment, text: &str) -> Result<(), WishError> {
        let transports = experiment.transports();
        let populations: Vec<String> = match experiment.is_mix() {
            true => experiment.scenarios(0)[0].populations.iter().map(|population| population.name.clone()).collect(),
            false => Vec::new(),
        };
        let known: Vec<&String> = transports.iter().chain(&populations).collect();
        let names = listed_names(text, &known)?;
        let (chosen, rest): (Vec<&String>, Vec<&String>) =
            names.into_iter().partition(|name| transports.contains(name));
        if !chosen.is_empty() {
            let place = |name: &String| transports.iter().position(|transport| transport == name);
            self.transports = chosen.into_iter().filter_map(place).collect();
        }
        if !rest.is_empty() {
            self.populations = Some(rest.into_iter().cloned().collect());
        }
        Ok(())
    }
}

/// The words of a list, without repetition.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

fn metrics(text: &str) -> Result<Vec<Metric>, WishError> {
    let metric = |name: &str| {
        let near = || did_you_mean(&near_metrics(name));
        Metric::from_name(name).ok_or_else(|| WishError::Metric { name: name.to_owned(), near: near() })
    };
    let metrics = words(text).into_iter().map(metric).collect::<Result<Vec<Metric>, WishError>>()?;
    if metrics.is_empty() { Err(WishError::Nothing("metrics")) } else { Ok(metrics) }
}

fn points(text: &str, count: usize) -> Result<Vec<usize>, WishError> {
    let mut points = Vec::new();
    for word in words(text) {
        let range = match count {
            1 => "the only one is 0".to_owned(),
            _ => format!("they are 0 to {}", count - 1),
        };
        let (first, last) =
            point_range(word, count).ok_or_else(|| WishError::Point { word: word.to_owned(), range })?;
        points.extend((first..=last).filter(|point| !points.contains(point)).collect::<Vec<usize>>());
    }
    if points.is_empty() { Err(WishError::Nothing("points")) } else { Ok(points) }
}

/// The ends of a range of points: `3`, `last`, `all`, `2-5`, `first..middle` or `3..`.
fn point_range(word: &str, count: usize) -> Option<(usize, usize)> {
    if word == "all" {
        return Some((0, count - 1));
    }
    let place = |word: &str| match word {
        "first" => Some(0),
        "middle" => Some(count / 2),
        "last" => Some(count - 1),
        number => number.parse().ok().filter(|point| *point < count),
    };
    let Some((first, last)) = word.split_once("..").or_else(|| word.split_once('-')) else {
        return place(word).map(|point| (point, point));
    };
    let first = if first.is_empty() { Some(0) } else { place(first.trim()) };
    let last = if last.is_empty() { Some(count - 1) } else { place(last.trim()) };
    first.zip(last).filter(|(first, last)| first <= last)
}

/// The names in a list. A name may have commas in it, so the longest known name is taken at each place.
fn listed_names<'a>(text: &str, known: &[&'a String]) -> Result<Vec<&'a String>, WishError> {
    let mut names: Vec<&'a String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let begins = |name: &&&String| {
            rest.strip_prefix(name.as_str())
                .is_some_and(|after| after.trim_start().is_empty() || after.trim_start().starts_with(','))
        };
        let Some(name) = known.iter().filter(begins).max_by_key(|name| name.len()) else {
            let word = rest.split(',').next().unwrap_or(rest).trim();
            let near = did_you_mean(&near_names(word, known.iter().map(|name| name.as_str())));
            let known = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            return Err(WishError::Transport { name: word.to_owned(), near, known });
        };
        if !names.contains(name) {
            names.push(name);
        }
        rest = rest[name.len()..].trim_start().trim_start_matches(',').trim_start();
    }
    if names.is_empty() { Err(WishError::Nothing("transports")) } else { Ok(names) }
}

fn did_you_mean(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        [one, ..] => format!("did you mean `{one}`? "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_numbers_words_and_ranges() {
        assert_eq!(points("0,3", 5), Ok(vec![0, 3]));
        assert_eq!(points("all", 3), Ok(vec![0, 1, 2]));
        assert_eq!(points("first,last, first", 5), Ok(vec![0, 4]));
        assert_eq!(points("first..", 3), Ok(vec![0, 1, 2]));
        assert_eq!(points("..1,3-4", 5), Ok(vec![0, 1, 3, 4]));
        for wrong in ["5", "-9", "2..1", "x", "0..9"] {
            assert!(points(wrong, 5).is_err(), "{wrong}");
        }
        assert_eq!(points(" , ", 5), Err(WishError::Nothing("points")));
    }

    #[test]
    fn names_may_have_commas() {
        let known = ["short polling", "short polling, 2 s", "长轮询"].map(str::to_owned);
        let known: Vec<&String> = known.iter().collect();
        let names = |text| listed_names(text, &known);
        assert_eq!(names("short polling, 2 s,长轮询"), Ok(vec![known[1], known[2]]));
        assert_eq!(names("short polling"), Ok(vec![known[0]]));
        let wrong = names("short poling").unwrap_err().to_string();
        assert!(wrong.contains("did you mean `short polling`?"), "{wrong}");
    }
}
