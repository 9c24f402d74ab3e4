//! What a command is asked to show: lists of metrics, points and transports.

use super::labels::PointLabels;
use super::metric_words;
use crate::experiment::Experiment;
use crate::experiment::near::near_names;
use crate::model::Metric;

/// What to show, as asked for; without a wish the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Columns of `summary.csv`, or the words over the columns of a table.
    pub metrics: Option<String>,
    /// Points of the sweep: `0,3`, `2-5`, `first`, `middle`, `last`, `all`, or a swept value, `clients=54`.
    pub points: Option<String>,
    /// Names of transports or populations.
    pub transports: Option<String>,
}

/// A wish that cannot be met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WishError {
    /// No metric has this name.
    #[error("there is no metric `{name}`: {near}`cometsim guide metrics` lists all")]
    Metric {
        /// The name.
        name: String,
        /// What may be meant.
        near: String,
    },
    /// The sweep has no such point.
    #[error("there is no point `{word}`: {range}; write numbers, such as {example}, or first, middle, last or all")]
    Point {
        /// The word.
        word: String,
        /// The points that there are.
        range: String,
        /// What may be written.
        example: String,
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

/// The metrics in a list, by the names of their columns or the words over them; `all` for every one.
///
/// # Errors
/// If a metric does not exist.
pub fn metrics(text: &str) -> Result<Vec<Metric>, WishError> {
    if text.trim() == "all" {
        return Ok(Metric::ALL.to_vec());
    }
    let metric = |name: &str| {
        metric_words::named(name).map_err(|near| {
            let near = did_you_mean(near);
            WishError::Metric { name: name.to_owned(), near }
        })
    };
    let mut metrics: Vec<Metric> = Vec::new();
    for name in words(text) {
        let metric = metric(name)?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    if metrics.is_empty() { Err(WishError::Nothing("metrics")) } else { Ok(metrics) }
}

/// The points in a list.
///
/// # Errors
/// If a point does not exist.
pub fn points(text: &str, experiment: &Experiment) -> Result<Vec<usize>, WishError> {
    let values = PointValues::new(experiment);
    let mut points = Vec::new();
    for word in words(text) {
        let found = match word.split_once('=') {
            Some((key, value)) => values.points_with(key, value),
            None => point_range(word, values.count).map(|(first, last)| (first..=last).collect()).unwrap_or_default(),
        };
        if found.is_empty() {
            return Err(values.error(word));
        }
        points.extend(found.into_iter().filter(|point| !points.contains(point)).collect::<Vec<usize>>());
    }
    if points.is_empty() { Err(WishError::Nothing("points")) } else { Ok(points) }
}

/// The points of an experiment by their swept values.
struct PointValues<'a> {
    experiment: &'a Experiment,
    /// The words of each swept key.
    names: Vec<String>,
    count: usize,
}

impl<'a> PointValues<'a> {
    fn new(experiment: &'a Experiment) -> PointValues<'a> {
        let names = PointLabels::new(experiment).names().to_vec();
        PointValues { experiment, names, count: experiment.points() }
    }

    /// The points at which a swept key, by its words, path or column, has a value, with or without its unit.
    fn points_with(&self, key: &str, value: &str) -> Vec<usize> {
        let keys = self.experiment.swept();
        let key = key.trim();
        let is_meant = |place: &usize| {
            let ending = keys[*place].path.rsplit('.').next().unwrap_or_default();
            [self.names[*place].as_str(), &keys[*place].path, &keys[*place].column, ending].contains(&key)
        };
        let Some(place) = (0..keys.len()).find(is_meant) else { return Vec::new() };
        let bare = |text: &str| {
            let text = text.trim();
            let text = keys[place].unit.and_then(|unit| text.strip_suffix(unit)).unwrap_or(text);
            text.trim().trim_matches(['"', '\'']).replace(',', "")
        };
        let wanted = bare(value);
        let has = |point: &usize| {
            let there = bare(&self.experiment.coordinates(*point)[place]);
            match (there.parse::<f64>(), wanted.parse::<f64>()) {
                (Ok(there), Ok(wanted)) => there.total_cmp(&wanted).is_eq(),
                _ => there == wanted,
            }
        };
        (0..self.count).filter(has).collect()
    }

    fn error(&self, word: &str) -> WishError {
        let range = match self.count {
            1 => "the only one is 0".to_owned(),
            count => format!("they are 0 to {}", count - 1),
        };
        let value = match (self.names.first(), self.experiment.coordinates(0).first()) {
            (Some(name), Some(value)) if self.names.len() == 1 => format!(", or values, such as '{name}={value}'"),
            (Some(name), Some(value)) => format!(", or values of a key, such as '{name}={value}'"),
            _ => String::new(),
        };
        let example = if self.count > 1 { "0,1 or 0-1" } else { "0" };
        WishError::Point { word: word.to_owned(), range, example: format!("{example}{value}") }
    }
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
///
/// # Errors
/// If a name does not exist.
pub fn listed_names<'a>(text: &str, known: &[&'a String]) -> Result<Vec<&'a String>, WishError> {
    let mut names: Vec<&'a String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let begins = |name: &&&String| {
            rest.strip_prefix(name.as_str())
                .is_some_and(|after| after.trim_start().is_empty() || after.trim_start().starts_with(','))
        };
        let Some(name) = known.iter().filter(begins).max_by_key(|name| name.len()) else {
            return Err(unknown_transport(rest.split(',').next().unwrap_or(rest).trim(), known));
        };
        if !names.contains(name) {
            names.push(name);
        }
        rest = rest[name.len()..].trim_start().trim_start_matches(',').trim_start();
    }
    if names.is_empty() { Err(WishError::Nothing("transports")) } else { Ok(names) }
}

/// The error of a name that none of the transports or populations has.
pub fn unknown_transport(word: &str, known: &[&String]) -> WishError {
    let near = did_you_mean(near_names(word, known.iter().map(|name| name.as_str())).first().copied());
    let known = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    WishError::Transport { name: word.to_owned(), near, known }
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swept() -> Experiment {
        let text = "[clients]\ncount = 4\n[sweep]\n\"clients.count\" = [4, 1000, 2000]\n\
                    \"transport.a.interval\" = [\"5 s\", \"10 s\"]\n\
                    [[transport]]\nname = \"a\"\nshort_poll = { interval = \"5 s\" }\n";
        Experiment::from_text("x.toml", text, std::path::Path::new(""), &[]).unwrap()
    }

    #[test]
    fn points_are_numbers_words_and_ranges() {
        let points = |text| points(text, &swept());
        assert_eq!(points("0,3"), Ok(vec![0, 3]));
        assert_eq!(points("all"), Ok((0..6).collect()));
        assert_eq!(points("first,last, first"), Ok(vec![0, 5]));
        assert_eq!(points("4.."), Ok(vec![4, 5]));
        assert_eq!(points("..1,3-4"), Ok(vec![0, 1, 3, 4]));
        for wrong in ["6", "-9", "2..1", "x", "0..9"] {
            assert!(points(wrong).is_err(), "{wrong}");
        }
        assert_eq!(points(" , "), Err(WishError::Nothing("points")));
    }

    #[test]
    fn points_have_their_swept_values() {
        let points = |text| points(text, &swept());
        assert_eq!(points("clients=1000"), Ok(vec![2, 3]));
        assert_eq!(points("clients.count = 2000, last"), Ok(vec![4, 5]));
        assert_eq!(points("interval=10 s"), Ok(vec![1, 3, 5]));
        assert_eq!(points("interval_s=10"), Ok(vec![1, 3, 5]));
        let wrong = points("clients=5").unwrap_err().to_string();
        assert!(wrong.contains("such as 'clients=4'"), "{wrong}");
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
