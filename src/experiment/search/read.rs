//! Reads `[search]`.

use super::{KeySearch, SmallestUnit, Target};
use crate::experiment::claim::in_unit_of;
use crate::experiment::diagnostics::{Diagnostics, Problem, listed};
use crate::experiment::names::Names;
use crate::experiment::node::{Entry, Node, Span, Table, Value};
use crate::experiment::precision;
use crate::experiment::sweep::{Sweep, SweepAxis};
use crate::model::Metric;

/// A document in which the range of a search stands as a sweep of its two ends, so that both are checked.
pub(in crate::experiment) fn range_as_sweep(root: &Node, diagnostics: &mut Diagnostics) -> Option<Node> {
    let search = root.get(&["search"])?;
    if let Some(sweep) = root.get(&["sweep"]) {
        let problem = Problem::new("there is a [sweep] and a [search]").at(sweep.span, "one of the two");
        diagnostics.error(problem.help("remove [sweep], or sweep the key in place of the search"));
        return None;
    }
    let (key, range) = (search.get(&["key"])?, search.get(&["range"])?);
    if !matches!(range.value, Value::List(_)) {
        return None;
    }
    let entry = Entry { key: key.as_text()?.to_owned(), key_span: key.span, node: range.clone() };
    let mut root = root.clone();
    root.set(&["sweep"], Node::new(Value::Table(Table { entries: vec![entry] }), search.span));
    Some(root)
}

/// What is known of the experiment.
#[derive(Clone, Copy)]
pub(in crate::experiment) struct SearchContext<'a> {
    pub sweep: &'a Sweep,
    pub names: &'a Names,
    /// The runs of a point: the transports, or a mix.
    pub runs: &'a [String],
}

/// The search of a document; `None` if there is none, or after an error.
pub(in crate::experiment) fn read(
    root: &Node,
    known: SearchContext,
    diagnostics: &mut Diagnostics,
) -> Option<KeySearch> {
    let node = root.get(&["search"]).filter(|node| node.is_table())?;
    let found = SearchReader { node, known }.search();
    found.map_err(|problem| problem.map(|problem| diagnostics.error(problem))).ok()
}

/// An error, or `None` if it has been reported.
type Failed = Option<Problem>;

struct SearchReader<'a> {
    node: &'a Node,
    known: SearchContext<'a>,
}

impl SearchReader<'_> {
    fn search(&self) -> Result<KeySearch, Failed> {
        let missing = ["key", "range"].into_iter().find(|name| self.node.get(&[name]).is_none());
        if let Some(name) = missing {
            return Err(Some(self.incomplete(&format!("a search needs a `{name}`"))));
        }
        let Some(axis) = self.known.sweep.axes.first() else { return Err(None) };
        let (kind, range) = self.range(axis)?;
        let (target, text, named) = self.target()?;
        let transports = match named {
            Some(two) => two,
            None => self.transports()?,
        };
        let population = self.population()?;
        Ok(KeySearch {
            key: axis.column.clone(),
            target,
            text,
            transports,
            population,
            range,
            is_whole: kind == SmallestUnit::One,
            kind,
        })
    }

    fn incomplete(&self, message: &str) -> Problem {
        let problem = Problem::new(message).at(self.node.span, "incomplete");
        problem.help("write key = \"clients.count\", range = [10, 100000] and target = \"latency_p95_s <= 2 s\"")
    }

    fn range(&self, axis: &SweepAxis) -> Result<(SmallestUnit, [u64; 2]), Failed> {
        if self.node.get(&["range"]).is_none_or(|range| !matches!(range.value, Value::List(_))) {
            return Err(None);
        }
        let span = self.span("range");
        let ends: Option<Vec<(SmallestUnit, u64)>> =
            axis.values.iter().map(|node| SmallestUnit::of(node.typed.as_ref()?)).collect();
        match ends.as_deref() {
            Some([(kind, low), (_, high)]) if low < high => Ok((*kind, [*low, *high])),
            Some([_, _]) => {
                let problem = Problem::new("the range of the search does not rise").at(span, "first the lower end");
                Err(Some(problem.help("write [10, 100000]: the lower end, then the upper one")))
            }
            Some(_) => {
                let problem = Problem::new("the range of a search has two ends").at(span, "not two values");
                Err(Some(problem.help("write [10, 100000]: the lower end, then the upper one")))
            }
            None => {
                let problem = Problem::new(format!("`{}` is no number, so it cannot be searched", axis.column));
                let problem = problem.at(self.span("key"), "no number");
                Err(Some(problem.help("sweep its values, and compare the points")))
            }
        }
    }

    fn span(&self, name: &str) -> Span {
        self.node.get(&[name]).map_or(self.node.span, |node| node.span)
    }

    /// The target, its text, and the two transports that it compares.
    fn target(&self) -> Result<(Target, String, Option<Vec<usize>>), Failed> {
        match (self.node.get(&["target"]), self.node.get(&["equal"])) {
            (Some(node), None) => Ok((limit(node)?, node.as_text().unwrap_or_default().to_owned(), None)),
            (None, Some(node)) => self.equal(node),
            (Some(_), Some(node)) => {
                let problem = Problem::new("a search has a `target` or `equal`, not both").at(node.span, "the second");
                Err(Some(problem.help("remove one of the two")))
            }
            (None, None) => Err(Some(self.incomplete("a search needs a `target`, or `equal`"))),
        }
    }

    fn equal(&self, node: &Node) -> Result<(Target, String, Option<Vec<usize>>), Failed> {
        const FORM: &str = "write equal = [\"http_bytes_per_s\", \"short polling\", \"long polling\"]";
        let Value::List(items) = &node.value else { return Err(None) };
        let [metric, one, other] = &items[..] else {
            let problem = Problem::new("`search.equal` has three parts: a metric and two transports");
            return Err(Some(problem.at(node.span, "not three").help(FORM)));
        };
        let target = Target::Equal(precision::metric("search.equal", metric).map_err(Some)?);
        let two = vec![self.transport(one)?, self.transport(other)?];
        if two[0] == two[1] {
            let problem = Problem::new("`search.equal` names one transport twice").at(other.span, "the same");
            return Err(Some(problem.help(FORM)));
        }
        if self.node.get(&["transport"]).is_some() {
            let problem = Problem::new("`search.equal` names its transports").at(self.span("transport"), "not needed");
            return Err(Some(problem.help("remove `transport`")));
        }
        let [one, other] = [one, other].map(|node| node.as_text().unwrap_or_default());
        let text = format!("{} equal for {one} and {other}", target.metric().name());
        Ok((target, text, Some(two)))
    }

    fn transports(&self) -> Result<Vec<usize>, Failed> {
        match self.node.get(&["transport"]) {
            Some(node) => Ok(vec![self.transport(node)?]),
            None => Ok((0..self.known.runs.len()).collect()),
        }
    }

    fn transport(&self, node: &Node) -> Result<usize, Failed> {
        let name = node.as_text().unwrap_or_default();
        if self.known.runs.is_empty() {
            // Reported elsewhere.
            return Err(None);
        }
        named(self.known.runs, name).ok_or_else(|| {
            let names = self.known.runs.iter().map(String::as_str);
            let problem = Problem::new(format!("there is no transport `{name}`")).at(node.span, "not known");
            let problem = problem.near(name, names);
            Some(problem.help(format!("transports: {}", listed(self.known.runs))))
        })
    }

    fn population(&self) -> Result<Option<usize>, Failed> {
        let Some(node) = self.node.get(&["population"]) else { return Ok(None) };
        let (name, names) = (node.as_text().unwrap_or_default(), &self.known.names.populations);
        let place = named(names, name).map(Some);
        place.ok_or_else(|| {
            let problem = Problem::new(format!("there is no population `{name}`")).at(node.span, "not known");
            let problem = problem.near(name, names.iter().map(String::as_str));
            Some(match names.is_empty() {
                true => problem.help("there are none: remove `population`"),
                false => problem.help(format!("populations: {}", listed(names))),
            })
        })
    }
}

fn named(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|known| known == name)
}

/// `latency_p95_s <= 2 s`.
fn limit(node: &Node) -> Result<Target, Failed> {
    const FORM: &str = "write target = \"latency_p95_s <= 2 s\", with <=, <, >= or >";
    type MakeTarget = fn(Metric, f64) -> Target;
    const SIGNS: [(&str, MakeTarget); 4] =
        [("<=", Target::AtMost), (">=", Target::AtLeast), ("<", Target::Below), (">", Target::Above)];
    let text = node.as_text().unwrap_or_default();
    let wrong = |message: String, label: &str| Some(Problem::new(message).at(node.span, label).help(FORM));
    let parts = SIGNS.iter().find_map(|(sign, make)| Some((text.split_once(sign)?, *make)));
    let Some(((name, value), make)) = parts else {
        return Err(wrong(format!("the target \"{text}\" compares nothing"), "no <= or >="));
    };
    let name = Node::text(name.trim(), node.span);
    let metric: Metric = precision::metric("search.target", &name).map_err(Some)?;
    let Some(value) = in_unit_of(metric.unit(), value) else {
        let unit = if metric.unit().is_empty() { "no unit" } else { metric.unit() };
        let message = format!("\"{}\" is no value of `{}`, which has {unit}", value.trim(), metric.name());
        return Err(wrong(message, "no limit"));
    };
    Ok(make(metric, value))
}
