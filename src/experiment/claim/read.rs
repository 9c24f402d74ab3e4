//! Reads `[[claim]]`.

use super::condition::Condition;
use super::definition::{Claim, ClaimedClients, Relation};
use crate::experiment::baseline::no_such;
use crate::experiment::check::check_assigned;
use crate::experiment::diagnostics::{Diagnostics, Problem, listed};
use crate::experiment::names::Names;
use crate::experiment::node::{Node, Span};
use crate::experiment::path::Path;
use crate::experiment::sweep::{Sweep, SweepAxis, flatten};
use crate::experiment::{suggest, values};
use crate::model::Metric;

/// More values of a swept key than this are not named.
const MOST_VALUES: usize = 8;

struct ClaimReader<'a> {
    sweep: &'a Sweep,
    names: &'a Names,
    runs: &'a [String],
    diagnostics: &'a mut Diagnostics,
}

/// The claims of the document, whose points have these `runs`.
pub fn read(
    root: &Node,
    (sweep, names): (&Sweep, &Names),
    runs: &[String],
    diagnostics: &mut Diagnostics,
) -> Vec<Claim> {
    let mut reader = ClaimReader { sweep, names, runs, diagnostics };
    let nodes = root.list("claim").iter().filter(|node| node.is_table());
    nodes.filter_map(|node| reader.claim(node)).collect()
}

impl ClaimReader<'_> {
    fn refuse(&mut self, problem: Problem) {
        self.diagnostics.error(problem);
    }

    fn claim(&mut self, node: &Node) -> Option<Claim> {
        let missing: Vec<&str> =
            ["text", "metric", "is"].into_iter().filter(|key| node.get(&[key]).is_none()).collect();
        if !missing.is_empty() {
            let problem = Problem::new(format!("a claim needs `{}`", missing.join("` and `")));
            let help = "write text = \"…\", metric = \"latency_mean_s\", of = \"long polling\" and is = \"< 0.3 s\"";
            self.refuse(problem.at(node.span, "incomplete").help(help));
        }
        let population = self.population(node);
        let metric = self.metric(node, population.is_some());
        let of = self.side(node, "of", population);
        let relation = self.relation(node, population, of.as_ref());
        let unit = metric.map(|metric| if matches!(relation, Some(Relation::Over(_))) { "" } else { metric.unit() });
        let is = unit.and_then(|unit| self.condition(node, unit));
        let points = match node.get(&["at"]) {
            Some(at) => Some(self.points(at)?),
            None => None,
        };
        let text = node.get(&["text"]).and_then(Node::as_text)?.to_owned();
        Some(Claim { text, metric: metric?, of: of?, relation: relation?, points, is: is? })
    }

    fn metric(&mut self, node: &Node, is_of_population: bool) -> Option<Metric> {
        let node = node.get(&["metric"])?;
        let name = node.as_text()?;
        let Some(metric) = Metric::from_name(name) else {
            let problem = Problem::new(format!("`{name}` is not a metric")).at(node.span, "unknown");
            let metrics: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
            let near = suggest::metrics(name, &metrics).into_iter().next();
            let problem = problem.help_if(near.map(|near| format!("did you mean `{near}`?")));
            self.refuse(problem.help("all metrics: `cometsim guide metrics`"));
            return None;
        };
        if is_of_population && metric.is_of_whole_server() {
            let problem = Problem::new(format!("`{name}` belongs to the server, no population has it"));
            self.refuse(problem.at(node.span, "of all clients").help("leave population out"));
        }
        Some(metric)
    }

    fn population(&mut self, node: &Node) -> Option<usize> {
        let node = node.get(&["population"])?;
        let name = node.as_text()?;
        let place = self.names.populations.iter().position(|known| known == name);
        if place.is_none() {
            let problem = Problem::new(format!("no population is named `{name}`")).at(node.span, "unknown");
            let known = || self.names.populations.iter().map(String::as_str);
            let problem = match known().next() {
                Some(_) => problem.suggest(name, known()),
                None => problem.help("there are none: add [[population]], or leave this out"),
            };
            self.refuse(problem);
        }
        place
    }

    /// The clients that a key names: a transport, or in a mix of one run a population.
    fn side(&mut self, node: &Node, key: &str, population: Option<usize>) -> Option<ClaimedClients> {
        if self.runs.is_empty() {
            // Reported elsewhere.
            return None;
        }
        let Some(named) = node.get(&[key]) else {
            if self.runs.len() == 1 {
                return Some(ClaimedClients { transport: 0, population });
            }
            let problem = Problem::new(format!("a claim needs an `{key}`: the transport that it is about"));
            let problem = problem.at(node.span, "of which one?");
            let help = format!("transports: {}", listed(self.runs));
            self.refuse(problem.help(help));
            return None;
        };
        let name = named.as_text()?;
        if let Some(transport) = self.runs.iter().position(|run| run == name) {
            return Some(ClaimedClients { transport, population });
        }
        let place = self.names.populations.iter().position(|known| known == name);
        match place {
            Some(place) if self.runs.len() == 1 && population.is_none() => {
                Some(ClaimedClients { transport: 0, population: Some(place) })
            }
            Some(_) => {
                let problem = Problem::new(format!("`{name}` is a population, not a transport"));
                let help = format!("write population = \"{name}\"; `{key}` is one of: {}", listed(self.runs));
                self.refuse(problem.at(named.span, "a population").help(help));
                None
            }
            None => {
                let mut known = self.runs.to_vec();
                if known.len() == 1 {
                    known.extend(self.names.populations.iter().cloned());
                }
                self.refuse(no_such(name, named.span, &known));
                None
            }
        }
    }

    fn relation(&mut self, node: &Node, population: Option<usize>, of: Option<&ClaimedClients>) -> Option<Relation> {
        let [over, minus] = ["over", "minus"].map(|key| node.get(&[key]));
        if let (Some(_), Some(minus)) = (over, minus) {
            let problem = Problem::new("a claim has `over` or `minus`, not both").at(minus.span, "the second one");
            self.refuse(
                problem.help("`over` is the ratio of two transports, `minus` their difference: write two claims"),
            );
            return None;
        }
        let (key, make): (&str, fn(ClaimedClients) -> Relation) = match (over, minus) {
            (Some(_), _) => ("over", Relation::Over),
            (_, Some(_)) => ("minus", Relation::Minus),
            _ => return Some(Relation::Alone),
        };
        let side = self.side(node, key, population)?;
        if of == Some(&side) {
            let span = node.get(&[key]).map_or(node.span, |node| node.span);
            let problem = Problem::new(format!("`of` and `{key}` are the same")).at(span, "compared with itself");
            self.refuse(problem.help("name another one, or leave it out"));
            return None;
        }
        Some(make(side))
    }

    fn condition(&mut self, node: &Node, unit: &str) -> Option<Condition> {
        let node = node.get(&["is"])?;
        let text = node.as_text()?;
        match Condition::parse(text, unit) {
            Ok(condition) => Some(condition),
            Err((message, help)) => {
                let is_share = text.trim_end().ends_with('%') && !text.contains("within") && !unit.is_empty();
                let over = "a percentage compares two transports: write over = \"…\" with the name of the other one";
                let problem = Problem::new(format!("`is`: {message}")).at(node.span, "not a condition");
                self.refuse(problem.help_if(if is_share { Some(over.to_owned()) } else { None }).help(help));
                None
            }
        }
    }

    /// The points that `at` names; `None` after an error.
    fn points(&mut self, at: &Node) -> Option<Vec<usize>> {
        let mut entries = Vec::new();
        let mut wanted: Vec<(usize, Vec<usize>)> = Vec::new();
        for entry in at.as_table()?.entries.iter().cloned() {
            flatten(entry, &mut entries);
        }
        for entry in entries {
            let number = self.axis(&entry.key, entry.key_span)?;
            let places = self.places(number, entry.node)?;
            wanted.push((number, places));
        }
        let is_wanted = |point: &usize| {
            let places: Vec<usize> = self.sweep.places(*point).map(|(_, place)| place).collect();
            wanted.iter().all(|(axis, allowed)| allowed.contains(&places[*axis]))
        };
        if self.diagnostics.has_errors() {
            // The sweep may be too large.
            return None;
        }
        let points: Vec<usize> = (0..self.sweep.points()).filter(is_wanted).collect();
        if points.is_empty() {
            let problem = Problem::new("no point of the sweep has all these values").at(at.span, "no such point");
            self.refuse(problem.help("with mode = \"zip\" the lists step together: take values that stand together"));
            return None;
        }
        Some(points)
    }

    /// The number of the swept key that a path names, in any notation.
    fn axis(&mut self, name: &str, span: Span) -> Option<usize> {
        let path = Path::parse(name, span, self.names).ok();
        let is_meant =
            |axis: &SweepAxis| axis.column == name || path.as_ref().is_some_and(|path| axis.path.is_same(path));
        let found = self.sweep.axes.iter().position(is_meant);
        if found.is_none() && !self.sweep.is_incomplete {
            let columns = || self.sweep.axes.iter().map(|axis| axis.column.as_str());
            let problem = Problem::new(format!("`{name}` is not a swept key")).at(span, "not swept");
            let problem = match columns().next() {
                Some(_) => problem.suggest(name, columns()),
                None => problem.help("nothing is swept: leave `at` out"),
            };
            self.refuse(problem);
        }
        found
    }

    /// The places of a value in the list of a swept key.
    fn places(&mut self, number: usize, mut node: Node) -> Option<Vec<usize>> {
        let axis = &self.sweep.axes[number];
        if let Err(problem) = check_assigned(&axis.path, &mut node) {
            self.refuse(problem);
            return None;
        }
        let (value, cells): (String, Vec<String>) =
            (values::cell(&node), axis.values.iter().map(values::cell).collect());
        let places: Vec<usize> = (0..cells.len()).filter(|place| cells[*place] == value).collect();
        if places.is_empty() {
            let problem = Problem::new(format!("`{}` is never {}", axis.column, values::plain(&node)));
            let named = axis.values.iter().take(MOST_VALUES).map(values::plain).collect::<Vec<_>>().join(", ");
            let more = if cells.len() > MOST_VALUES { ", …" } else { "" };
            let problem = problem.at(node.span, "no such point").help(format!("its values: {named}{more}"));
            self.refuse(problem);
            return None;
        }
        Some(places)
    }
}
